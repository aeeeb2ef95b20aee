"""Completeness: of the rows that matter now, how many have each field filled in, by team."""

from __future__ import annotations

import pandas as pd

from data.tables import TABLES, Table, Tables
from data.viewer import Viewer

COLUMNS = ("table", "field", "team_id", "rows", "filled")
WITHIN = pd.DateOffset(months=12)


def completeness(tables: Tables, viewer: Viewer, newest: pd.Timestamp | None) -> pd.DataFrame:
    """Every field of every table that has rows, by team: the columns of COLUMNS. `team_id` is empty where no team holds the row.

    Rows count that stand and are current: open episodes, the newest snapshot, events of the 12 months to `newest`. A table whose rows
    have no team is seen by those who see every team.
    """
    found = [_of_table(table, viewer, tables.frames[table.name], newest) for table in TABLES if len(tables.frames[table.name])]
    parts = [part for part in found if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def _of_table(table: Table, viewer: Viewer, rows: pd.DataFrame, newest: pd.Timestamp | None) -> pd.DataFrame:
    rows = _current(table, rows, newest)
    if table.name == "visit" and (logged := rows["origin_kind"] == "log").any():
        rows = rows[logged]  # a last-visit date in a list says no more than the day, and never could
    held = rows if "team_id" in rows else rows.assign(team_id=pd.Series(index=rows.index, dtype="str"))
    seen = viewer.may_see(held)
    teams = seen["team_id"].fillna("")
    fields = [name for name in table.names if name != "team_id"]
    filled = seen[fields].notna()
    counts = filled.groupby(teams).sum()
    long = counts.rename_axis(index="team_id").reset_index().melt(id_vars="team_id", var_name="field", value_name="filled")
    sizes = teams.value_counts()
    if "team_id" in table.names:
        of_team = sizes.where(sizes.index != "", 0).rename("filled").rename_axis("team_id").reset_index()
        long = pd.concat([long, of_team.assign(field="team_id")], ignore_index=True)
    out = long.assign(table=table.name, rows=long["team_id"].map(sizes).astype("int64"), filled=long["filled"].astype("int64"))
    return out[list(COLUMNS)]


def _current(table: Table, rows: pd.DataFrame, newest: pd.Timestamp | None) -> pd.DataFrame:
    if table.kind == "episode":
        return rows[rows["ended_on"].isna()]
    if table.kind == "snapshot":
        return rows[rows["observed_on"] == rows["observed_on"].max()] if "observed_on" in rows else rows
    if "happened_on" not in rows or newest is None:
        return rows
    return rows[(rows["happened_on"] > newest - WITHIN) & (rows["happened_on"] <= newest)]
