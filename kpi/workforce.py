"""Workforce: are workers supported, with work they can carry?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.cohorts import observed_at
from kpi.model import kpi
from kpi.period import add_months
from kpi.shapes import as_cases, first_true, mean_of

SESSIONS, WINDOW_MONTHS = 3, 3
OTHER_WORK = "not a social worker"
OTHER_ROLES = (
    r"assistant|personal adviser|support worker|manager|administrat|reviewing officer|\biro\b|business|family worker|student|auditor"
)
SOCIAL_WORK_ROLES = r"social work|practitioner|\bsw\b|\bnqsw\b|\basye\b"


@kpi(
    domain="workforce", title="Three supervisions in 3 months", noun="social workers in post", did="supervised three times", basis="stock",
    better="higher", method="Sessions in the 3 months to the month end", needs=("worker", "supervision"), history_months=2, span="rolling",
    sources="The workers and supervision extracts", recommendation="6",
)  # fmt: skip
def supervised_3_in_3_months(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of case-holding social workers, those supervised on at least three different days in the three months to the month end.

    Agency workers count. Only workers in post, and not absent, for the whole three months; the rest are left out, counted and shown.
    Personal, case and group sessions count alike; those of one day count once; cancelled ones do not count, and one whose status is blank
    is taken as held. Source: the accelerated improvement plan; KPI choice 10.
    """
    workers = observed_at(tables.worker, periods)
    window_from = pd.Series(add_months(workers["period"].to_numpy(), -WINDOW_MONTHS).astype("datetime64[s]"), index=workers.index)
    held = tables.supervision[tables.supervision["held"].fillna(True).astype(bool)].drop_duplicates(["worker_id", "happened_on"])
    sessions = _in_window(workers, held, window_from)
    enough = sessions["count"] >= SESSIONS
    social = _social_worker(workers)
    first_day = window_from + pd.Timedelta(days=1)
    in_post = ~(workers["started_on"] > first_day) & ~(workers["ended_on"] <= workers["period"])
    absent = _absent_in(workers, tables.worker, first_day)
    left_out = first_true(
        workers.index,
        (~social, OTHER_WORK),
        (~_case_holding(workers), "not case-holding"),
        (~in_post, "not in post for the whole three months"),
        (absent, "absent in the three months"),
    )
    return as_cases(
        workers.assign(
            case_id=workers["worker_id"], met=enough.where(left_out.isna()), happened_on=sessions["last"],
            reason=sessions["count"].astype("str") + np.where(sessions["count"] == 1, " session", " sessions") + " in three months",
            left_out=left_out,
        )
    )  # fmt: skip


@kpi(
    domain="workforce", title="Average caseload", noun="full-time social workers holding cases", did="cases each", measure="mean",
    basis="stock", better="lower", method="Cases held at the month end", needs=("worker",), sources="The workers extract",
)  # fmt: skip
def caseload(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Cases held at the month end by social workers, agency included, per full-time equivalent of those who hold at least one case.

    Not cases over all social workers: those with no case, or no working hours recorded, are left out, counted and shown.
    Source: DfE, social work workforce; B2.6.
    """
    workers = observed_at(tables.worker, periods)
    workers = workers[~(workers["ended_on"] <= workers["period"])].reset_index(drop=True)
    cases, fte = workers["caseload"], workers["fte"]
    left_out = first_true(
        workers.index,
        (~_social_worker(workers), OTHER_WORK),
        (cases.isna(), "caseload not recorded"),
        (cases <= 0, "holds no cases"),
        (~(fte > 0), "working hours not recorded"),
    )
    plain = cases.fillna(0).astype("int64").astype("str") + " cases"
    return mean_of(workers.assign(case_id=workers["worker_id"], reason=plain), value=cases, weight=fte, left_out=left_out)


def _in_window(workers: pd.DataFrame, sessions: pd.DataFrame, window_from: pd.Series) -> pd.DataFrame:
    """How many sessions each worker had in (window start, period end], and the last of them."""
    rows = workers[["worker_id", "period"]].assign(row=np.arange(len(workers)), since=window_from)
    pairs = rows.merge(sessions[["worker_id", "happened_on"]], on="worker_id")
    pairs = pairs[(pairs["happened_on"] > pairs["since"]) & (pairs["happened_on"] <= pairs["period"])]
    found = pairs.groupby("row")["happened_on"].agg(["count", "max"]).reindex(np.arange(len(workers)))
    last = pd.Series(found["max"].to_numpy().astype("datetime64[s]"), index=workers.index)
    return pd.DataFrame({"count": found["count"].fillna(0).astype("int64").to_numpy(), "last": last}, index=workers.index)


def _absent_in(workers: pd.DataFrame, snapshots: pd.DataFrame, first_day: pd.Series) -> pd.Series:
    """Whether any absence known by the period end touches the window. An absence with no end lasts to the snapshot that shows it."""
    away = snapshots[snapshots["absent_from_on"].notna()]
    until = away["absent_to_on"].fillna(away["observed_on"])
    spells = pd.DataFrame({"worker_id": away["worker_id"], "from_on": away["absent_from_on"], "to_on": until, "known": away["observed_on"]})
    rows = workers[["worker_id", "period", "observed_on"]].assign(row=np.arange(len(workers)), first_day=first_day)
    pairs = rows.merge(spells, on="worker_id")
    pairs = pairs[pairs["known"] <= pairs[["period", "observed_on"]].max(axis=1)]
    pairs = pairs.sort_values("known", kind="stable").drop_duplicates(["row", "from_on"], keep="last")  # the newest word on an absence
    hit = pairs[(pairs["from_on"] <= pairs["period"]) & (pairs["to_on"] >= pairs["first_day"])]
    return pd.Series(np.isin(np.arange(len(workers)), hit["row"].unique()), index=workers.index)


def _social_worker(workers: pd.DataFrame) -> pd.Series:
    """By role; a blank role is taken for a social worker, as the extract lists few others."""
    role = workers["role"].fillna("").str.lower()
    return role.str.contains(SOCIAL_WORK_ROLES) & ~role.str.contains(OTHER_ROLES) | (role == "")


def _case_holding(workers: pd.DataFrame) -> pd.Series:
    """By the extract's own flag; where it is blank, by whether any case is held (and yes where that is blank too)."""
    held = (workers["caseload"] > 0).astype("boolean").where(workers["caseload"].notna(), True)
    return workers["case_holding"].astype("boolean").fillna(held).astype(bool)
