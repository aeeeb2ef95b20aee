"""Who works here: which rows of the workforce are social workers, in post, holding cases, and not away?

Every function is vectorised: one answer a row of the workers given.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.cohorts import Timeline, workers_at

OTHER_WORK = "not a social worker"
NOT_CASE_HOLDING = "not case-holding"
NO_HOURS = "working hours not recorded"
OTHER_ROLES = (
    r"assistant|personal adviser|support worker|manager|administrat|reviewing officer|\biro\b|business|family worker|student|auditor"
)
SOCIAL_WORK_ROLES = r"social work|practitioner|\bsw\b|\bnqsw\b|\basye\b"


def in_post_at(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """The workers of the extract that speaks for each period end, less those who had left by then or had not begun, plus `period`."""
    workers = workers_at(tables, periods)
    there = ~(workers["ended_on"] <= workers["period"]) & ~(workers["started_on"] > workers["period"])
    return workers[there].reset_index(drop=True)


def social_worker(workers: pd.DataFrame) -> pd.Series:
    """By role; a blank role is taken for a social worker, as the extract lists few others."""
    role = workers["role"].fillna("").str.lower()
    return role.str.contains(SOCIAL_WORK_ROLES) & ~role.str.contains(OTHER_ROLES) | (role == "")


def case_holding(workers: pd.DataFrame) -> pd.Series:
    """By the extract's own flag; where it is blank, by whether any case is held (and yes where that is blank too)."""
    held = (workers["caseload"] > 0).astype("boolean").where(workers["caseload"].notna(), True)
    return workers["case_holding"].astype("boolean").fillna(held).astype(bool)


def absent_since(workers: pd.DataFrame, snapshots: pd.DataFrame, first_day: pd.Series) -> pd.Series:
    """Whether any absence known by the period end touches the days from `first_day` to it.

    An absence with no end lasts to the snapshot that shows it; the newest word on an absence is the one that counts.
    """
    away = snapshots[snapshots["absent_from_on"].notna()]
    until = away["absent_to_on"].fillna(away["observed_on"])
    spells = pd.DataFrame({"worker_id": away["worker_id"], "from_on": away["absent_from_on"], "to_on": until, "known": away["observed_on"]})
    rows = workers[["worker_id", "period", "observed_on"]].assign(row=np.arange(len(workers)), first_day=first_day)
    pairs = rows.merge(spells, on="worker_id")
    pairs = pairs[pairs["known"] <= pairs[["period", "observed_on"]].max(axis=1)]
    pairs = pairs.sort_values("known", kind="stable").drop_duplicates(["row", "from_on"], keep="last")
    hit = pairs[(pairs["from_on"] <= pairs["period"]) & (pairs["to_on"] >= pairs["first_day"])]
    return pd.Series(np.isin(np.arange(len(workers)), hit["row"].unique()), index=workers.index)


def held_sessions(tables: Tables) -> pd.DataFrame:
    """Supervision sessions that were held: cancelled ones are not, and one whose status is blank is taken as held."""
    return tables.once("sessions held", lambda: tables.supervision[tables.supervision["held"].fillna(True).astype(bool)])  # type: ignore[no-any-return]


def sessions_by(tables: Tables, whose: str) -> Timeline:
    """The days of the sessions held of each worker, or each child discussed: `sessions_by(tables, "worker_id")`."""
    return tables.once(f"sessions held by {whose}", lambda: Timeline.of(held_sessions(tables), "happened_on", whose))  # type: ignore[no-any-return]
