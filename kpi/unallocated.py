"""Unallocated children: whose open case is held by no qualified worker, and for how long?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.cohorts import Timeline, allocated
from kpi.model import kpi
from kpi.open_children import KINDS, open_children
from kpi.period import days
from kpi.shapes import UNALLOCATED, as_cases, first_true
from kpi.staff import social_worker

HELD = "held by a qualified worker"
NOBODY, LEFT, NOT_QUALIFIED = "nobody recorded as holding it", "the worker recorded has left", "the worker recorded is not a social worker"


@kpi(
    domain="front_door", title="Children with no allocated social worker", noun="children with an open case",
    did="held by no qualified worker", basis="stock", better="lower", method="Open cases at the month end",
    needs=("cp_plan", "cla_episode", "case_status"), sources="Annex A lists 6, 7 and 8 (worker), and the workers extract (role, leaving)",
    cannot="The census and the looked after children return: neither names the worker who holds a case.",
)  # fmt: skip
def unallocated_children(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children with an open case at the month end, those whose case no qualified social worker holds.

    An open case is a time in care (short breaks apart), a protection plan or a child in need plan; a child with several counts once, in the
    hands of who holds the care case, else the protection plan. A case counts where no worker is recorded, or where the workers extract, as
    it last stood by then, shows that the worker has left or has a role that is not social work; a worker it does not show is taken as
    qualified. Each case says for how many days it has waited: since the last extract that named a worker, or since the case opened.
    Source: a local measure, none is published; KPI choice 1.
    """
    cases = open_children(tables, periods)
    state = _state(cases, tables.worker)
    waiting = cases[state == NOBODY]
    waited = days(waiting["period"]) - days(_last_named(waiting, tables))
    long: pd.Series = pd.Series(waited, index=waiting.index).astype("str") + np.where(waited == 1, " day", " days")
    reason = state.where(state != NOBODY, (NOBODY + ", for at least " + long).reindex(cases.index))
    return as_cases(cases.assign(case_id=cases["child_id"], met=state != HELD, reason=reason))


def _state(cases: pd.DataFrame, workers: pd.DataFrame) -> pd.Series:
    """For each case whether a qualified worker holds it, or why none does."""
    at = Timeline.of(workers, child="worker_id").last(cases["worker_id"], cases["period"])
    last = workers.take(np.maximum(at, 0)).set_axis(cases.index) if len(workers) else workers.reindex(cases.index)
    known = pd.Series(at >= 0, index=cases.index)
    nobody = cases["worker_id"].isna() | cases["worker_id"].isin(["", UNALLOCATED])
    gone = known & (last["ended_on"] <= cases["period"])
    other = known & ~social_worker(last)
    return first_true(cases.index, (nobody, NOBODY), (gone, LEFT), (other, NOT_QUALIFIED)).fillna(HELD)


def _last_named(cases: pd.DataFrame, tables: Tables) -> pd.Series:
    """The last day by the period on which an extract named a worker for the child; the day the case opened where that is later."""
    day = np.full(len(cases), np.datetime64("NaT", "s"))
    for kind in KINDS:
        ours = np.flatnonzero(cases["kind"] == kind)
        child, by = cases["child_id"].iloc[ours], cases["period"].iloc[ours]
        for said in (allocated(tables, kind)[0], *([tables.case_status] if kind == "cin" else [])):
            rows = said[said["child_id"].isin(child.unique())]
            named = Timeline.of(rows[rows["worker_id"].fillna("") != ""])
            day[ours] = np.fmax(day[ours], named.last_day(child, by))
    last = pd.Series(day, index=cases.index)
    return last.where(last > cases["started_on"], cases["started_on"])
