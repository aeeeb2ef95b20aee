"""Supervision: is every worker supervised often enough, and every child's case?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.cohorts import workers_at
from kpi.model import kpi
from kpi.open_children import open_children
from kpi.period import add_months
from kpi.shapes import as_cases, first_true
from kpi.staff import NOT_CASE_HOLDING, OTHER_WORK, absent_since, case_holding, held_sessions, social_worker
from kpi.work_rules import case_supervision_due

SESSIONS, WINDOW_MONTHS = 3, 3
NOT_DUE = "not supervised yet, not yet due"
NO_CHILDREN = "no supervision names a child"


@kpi(
    domain="workforce", title="Three supervisions in 3 months", noun="social workers in post", did="supervised three times", basis="stock",
    better="higher", method="Sessions in the 3 months to the month end", needs=("worker", "supervision"), history_months=2, span="rolling",
    sources="The workers and supervision extracts", recommendation="6", cannot="Annex A: it has no supervision",
)  # fmt: skip
def supervised_3_in_3_months(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of case-holding social workers, those supervised on at least three different days in the three months to the month end.

    Agency workers count. Only workers in post, and not absent, for the whole three months; the rest are left out, counted and shown.
    Personal, case and group sessions count alike; those of one day count once; cancelled ones do not count, and one whose status is blank
    is taken as held. Source: the accelerated improvement plan; KPI choice 10.
    """
    workers = workers_at(tables, periods)
    since = pd.Series(add_months(workers["period"].to_numpy(), -WINDOW_MONTHS).astype("datetime64[s]"), index=workers.index)
    sessions = _in_window(workers, held_sessions(tables).drop_duplicates(["worker_id", "happened_on"]), since)
    enough = sessions["count"] >= SESSIONS
    left_out = _not_counted(workers, tables, since + pd.Timedelta(days=1))
    return as_cases(
        workers.assign(
            case_id=workers["worker_id"], met=enough.where(left_out.isna()), happened_on=sessions["last"],
            reason=sessions["count"].astype("str") + np.where(sessions["count"] == 1, " session", " sessions") + " in three months",
            left_out=left_out,
        )
    )  # fmt: skip


@kpi(
    domain="workforce", title="Supervised in each of 3 months", noun="social workers in post", did="supervised every month", basis="stock",
    better="higher", method="Sessions in each of the 3 calendar months to the month end", needs=("worker", "supervision"), history_months=2,
    span="rolling", sources="The workers and supervision extracts", recommendation="6", cannot="Annex A: it has no supervision",
)  # fmt: skip
def supervised_each_month(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of case-holding social workers, those supervised at least once in each of the three calendar months to the month end.

    The companion of three supervisions in three months: three in one week do not hide two empty months. Who is counted and what counts as a
    session are the same, over the three calendar months; as at a day in the middle of a month, that month counts so far.
    Source: the accelerated improvement plan; KPI choice 10.
    """
    workers = workers_at(tables, periods)
    month = workers["period"].to_numpy().astype("datetime64[M]")
    first_day = pd.Series((month - np.timedelta64(WINDOW_MONTHS - 1, "M")).astype("datetime64[s]"), index=workers.index)
    held = held_sessions(tables)
    one_a_month = held.assign(month=held["happened_on"].to_numpy().astype("datetime64[M]").astype(np.int64))
    one_a_month = one_a_month.sort_values("happened_on", kind="stable")
    sessions = _in_window(workers, one_a_month, first_day - pd.Timedelta(days=1), each="month")
    left_out = _not_counted(workers, tables, first_day)
    met = sessions["count"] >= WINDOW_MONTHS
    return as_cases(
        workers.assign(
            case_id=workers["worker_id"], met=met.where(left_out.isna()), happened_on=sessions["last"],
            reason="supervised in " + sessions["count"].astype("str") + " of three months", left_out=left_out,
        )
    )  # fmt: skip


@kpi(
    domain="workforce", title="Children’s cases supervised in time", noun="children with an open case", did="discussed in time",
    basis="stock", better="higher", method="Stock method, at the month end", needs=("cp_plan", "cla_episode", "case_status", "supervision"),
    duties=("case_supervision",), sources="Annex A lists 6, 7 and 8, and the supervision extract with the child each session discussed",
    recommendation="6", cannot="A supervision extract that does not name the child: every child is then left out, counted and shown",
)  # fmt: skip
def case_supervision_current(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children with an open case at the month end, those whose case was discussed in supervision in the last 42 days.

    An open case is a child in care (short breaks apart), on a protection plan or with a child in need plan; a child with more than one is
    counted once, in the hands of care before protection before need. Due 42 days (a proposal: councils use 28 to 42; clocks.csv) after the
    last session held that names the child, of any kind, since the case opened; in time if the month end is not after the due date. A child
    not yet discussed and not yet due is in time, and shown apart. Source: B2.6, a local measure.
    """
    children = open_children(tables, periods)
    found = case_supervision_due(children, tables)
    due_on = pd.Series(found.due_on.astype("datetime64[s]"), index=children.index)
    named = children["period"] >= tables.supervision.loc[tables.supervision["child_id"].notna(), "happened_on"].min()
    met, never = due_on >= children["period"], found.last_on.isna()
    return as_cases(
        children.assign(
            case_id=children["child_id"], met=met.where(named), due_on=due_on.where(named), happened_on=found.last_on,
            reason=np.select([met & never, met, never], [NOT_DUE, "discussed in time", "not discussed since the case opened"],
                             "last discussed too long ago"),
            apart=first_true(children.index, (met & never & named, NOT_DUE)), left_out=first_true(children.index, (~named, NO_CHILDREN)),
        )
    )  # fmt: skip


def _not_counted(workers: pd.DataFrame, tables: Tables, first_day: pd.Series) -> pd.Series:
    """Why a worker is not counted over the days from `first_day` to the period end; empty where they are."""
    in_post = ~(workers["started_on"] > first_day) & ~(workers["ended_on"] <= workers["period"])
    return first_true(
        workers.index,
        (~social_worker(workers), OTHER_WORK),
        (~case_holding(workers), NOT_CASE_HOLDING),
        (~in_post, "not in post for the whole three months"),
        (absent_since(workers, tables.worker, first_day), "absent in the three months"),
    )


def _in_window(workers: pd.DataFrame, sessions: pd.DataFrame, since: pd.Series, *, each: str = "happened_on") -> pd.DataFrame:
    """How many of each worker's sessions fell in (since, period end], those alike in `each` counted once, and the last of them."""
    rows = workers[["worker_id", "period"]].assign(row=np.arange(len(workers)), since=since)
    columns = list(dict.fromkeys(["worker_id", "happened_on", each]))
    pairs = rows.merge(sessions[columns], on="worker_id")
    pairs = pairs[(pairs["happened_on"] > pairs["since"]) & (pairs["happened_on"] <= pairs["period"])]
    grouped = pairs.groupby("row")
    found = pd.DataFrame({"count": grouped[each].nunique(), "last": grouped["happened_on"].max()}).reindex(np.arange(len(workers)))
    last = pd.Series(found["last"].to_numpy().astype("datetime64[s]"), index=workers.index)
    return pd.DataFrame({"count": found["count"].fillna(0).astype("int64").to_numpy(), "last": last}, index=workers.index)
