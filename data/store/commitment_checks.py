"""What the data says of commitments: how far each extract reaches, and the results, kept each time that the data says another thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
from sqlalchemy import Connection, func, select

from data.store import keeping, schema
from data.store import surgery_steps as told
from data.store.surgery_steps import CHECKS, COMMITMENT, SURGERY, TAKEN_BACK
from data.tables import Tables

Rule = Callable[[Tables, pd.DataFrame, pd.Timestamp, pd.DataFrame, Mapping[str, pd.Timestamp]], pd.DataFrame]


def reach(connection: Connection, authority: str) -> dict[str, pd.Timestamp]:
    """Up to which day the loads that count speak of each table (for visits, `visit:cp` and so on): table -> the last day."""
    b, c = schema.batch.c, schema.cover.c
    asked = select(c.table_name, func.max(c.last_on)).join_from(schema.cover, schema.batch, b.batch_id == c.batch_id)
    rows = connection.execute(asked.where(b.authority == authority, b.withdrawn_at.is_(None)).group_by(c.table_name)).fetchall()
    return {name: pd.Timestamp(last).as_unit("s") for name, last in rows}


def every_commitment(connection: Connection, authority: str) -> pd.DataFrame:
    """Every commitment that stands, with the unit and day of its surgery: for the checks, which are nobody's reading."""
    found = told.standing(connection, COMMITMENT, authority)
    surgeries = told.standing(connection, SURGERY, authority)[["id", "level", "unit_id", "held_on"]]
    found = found[found["did"] != TAKEN_BACK].merge(surgeries.rename(columns={"id": "surgery_id"}), on="surgery_id")
    return found.reset_index(drop=True)


def figures_for(connection: Connection, authority: str, commitments: pd.DataFrame) -> pd.DataFrame:
    """The figures of the KPIs that something is agreed of, as they stand: the columns of `keeping.COLUMNS`."""
    kpis = sorted(commitments.loc[commitments["kind"] == "kpi_at_level", "about_id"].unique())
    levels = sorted(commitments["level"].unique())
    return keeping.read(connection, authority, levels=levels, kpis=kpis, units=None, first=None, last=None)


def said_of(connection: Connection, authority: str, commitments: pd.DataFrame, *, history: bool) -> pd.DataFrame:
    """What the data said of these commitments: the columns of CHECKS, in order; but for history the newest of each.

    A commitment changed since it was last checked is not checked yet: the newest says nothing of it.
    """
    found = told.checks(connection, authority)
    found = found[found["commitment_id"].isin(commitments["id"])]
    if history:
        return found.reset_index(drop=True)
    newest = found.drop_duplicates("commitment_id", keep="last")
    changed = commitments.set_index("id")["changed_at"].reindex(newest["commitment_id"])
    return newest[newest["checked_at"].to_numpy() >= changed.to_numpy()].reset_index(drop=True)[list(CHECKS)]
