"""Which children have an open case on a day, of which kind, and in whose hands? Each child once, whatever they have open."""

from __future__ import annotations

import pandas as pd

from data.tables import Tables
from kpi.children_in_care import in_care
from kpi.cohorts import in_need_plans, protection_plans

KINDS = ("cla", "cp", "cin")  # the one that comes first says who holds the child
COLUMNS = ["period", "child_id", "started_on", "team_id", "worker_id"]


def open_children(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Children in care (short breaks apart), with a protection plan or with a child in need plan at each period end: one row a child.

    Returns period, child_id, started_on (of whichever began first), team_id, worker_id (of care before protection before need) and `kind`
    (cla, cp or cin).
    """
    found = (in_care(tables, periods), protection_plans(tables, periods), in_need_plans(tables, periods))
    rows = pd.concat([frame[COLUMNS].assign(kind=kind) for kind, frame in zip(KINDS, found, strict=True)], ignore_index=True)
    rows["rank"] = rows["kind"].map({kind: n for n, kind in enumerate(KINDS)}).astype("int64")
    rows = rows.sort_values(["period", "child_id", "rank", "started_on"], kind="stable")
    first = rows.groupby(["period", "child_id"])["started_on"].transform("min")
    return rows.assign(started_on=first).drop_duplicates(["period", "child_id"]).drop(columns="rank").reset_index(drop=True)
