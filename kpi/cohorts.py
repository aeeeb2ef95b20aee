"""Cohorts: who is counted at a period end, in whose hands. Every function is vectorised over periods: one row per case and period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Tables
from kpi.period import days

Positions = npt.NDArray[np.int64]
GRACE_DAYS = 15  # a snapshot taken up to this long after a month end may speak for it


def open_at(episodes: pd.DataFrame, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Episodes open at each period end: started on or before it and not ended on or before it (ended that day is closed).

    Returns the episodes' columns plus `period`, one row per episode and period, in period order.
    """
    at = days(periods)
    order = np.argsort(at, kind="stable")
    at = at[order]
    ended = days(episodes["ended_on"])
    ended = np.where(episodes["ended_on"].isna(), np.iinfo(np.int64).max, ended)
    first = np.searchsorted(at, days(episodes["started_on"]), side="left")
    beyond = np.searchsorted(at, ended, side="left")
    count = np.maximum(beyond - first, 0) * episodes["started_on"].notna().to_numpy()
    rows = np.repeat(np.arange(len(episodes)), count)
    step = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    which = order[np.repeat(first, count) + step]
    return _by_period(episodes, rows, which, periods)


def observed_at(snapshots: pd.DataFrame, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """The rows of the snapshot that speaks for each period end, plus `period`.

    That is the one nearest to the period end among those of its own calendar month and of the 15 days after it; none: no rows.
    """
    taken = np.unique(days(snapshots["observed_on"])) if len(snapshots) else np.empty(0, dtype=np.int64)
    when = days(snapshots["observed_on"])
    rows, which = [], []
    for i, (end, start) in enumerate(zip(days(periods), days(periods.to_period("M").to_timestamp()), strict=True)):
        near = taken[(taken >= start) & (taken <= end + GRACE_DAYS)]
        if len(near):
            chosen = near[np.argmin(np.abs(near - end))]
            found = np.flatnonzero(when == chosen)
            rows.append(found)
            which.append(np.full(len(found), i))
    none = np.empty(0, dtype=np.int64)
    return _by_period(snapshots, np.concatenate([none, *rows]), np.concatenate([none, *which]), periods)


def in_need_plans(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Children with a child in need plan at each period end: case status "child in need plan" in the extract that speaks for it."""
    seen = observed_at(tables.case_status, periods)
    end = seen["period"]
    open_then = (seen["started_on"] <= end) & (seen["ended_on"].isna() | (seen["ended_on"] > end))
    return seen[(seen["status_kind"] == "in_need_plan") & open_then].reset_index(drop=True)


def held_by(cases: pd.DataFrame, tables: Tables, cohort: str) -> pd.DataFrame:
    """The cases with the team and worker who held them at the period end.

    From the last extract on or before it (or the first one after it); where no extract says, from the episode itself.
    """
    said = tables.once(f"allocation {cohort}", lambda: _said_of(tables.allocation, cohort))
    if said.empty or cases.empty:
        return cases
    at = tables.once(f"allocation of {cohort} in time", lambda: Timeline.of(said)).last(cases["child_id"], cases["period"])
    first = tables.once(f"first allocation {cohort}", lambda: said.drop_duplicates("child_id"))
    later = pd.Index(first["child_id"]).get_indexer(pd.Index(cases["child_id"]))
    out = cases.copy()
    for column in ("team_id", "worker_id"):
        then, after = _take(said[column], at), _take(first[column], later)
        held = np.where(at >= 0, then, np.where(later >= 0, after, cases[column].astype(object)))
        out[column] = pd.Series(held, index=cases.index).astype("str")
    return out


def seen_visits(tables: Tables, cohort: str) -> pd.DataFrame:
    """Qualifying visits of one cohort: the child was seen. Where a visits log has the same child and day, the log decides."""
    return tables.once(f"seen {cohort}", lambda: _seen(tables.visit, cohort))  # type: ignore[no-any-return]


def last_seen(cases: pd.DataFrame, tables: Tables, cohort: str, since: pd.Series) -> pd.Series:
    """For each case the day the child was last seen on or before the period end; a visit before `since` does not count."""
    visits = seen_visits(tables, cohort)
    at = tables.once(f"seen {cohort} in time", lambda: Timeline.of(visits, "happened_on")).last(cases["child_id"], cases["period"])
    days = visits["happened_on"].to_numpy().astype("datetime64[s]")
    seen = np.full(len(cases), np.datetime64("NaT", "s"))
    seen[at >= 0] = days[at[at >= 0]]
    seen[~(seen >= since.to_numpy().astype("datetime64[s]"))] = np.datetime64("NaT", "s")
    return pd.Series(seen, index=cases.index)


@dataclass(frozen=True)
class Timeline:
    """Events of many children, sorted once by child and day, so that "the last one by then" is one search and no loop."""

    known: pd.Index
    first_day: int
    days: int
    key: Positions
    order: Positions

    @classmethod
    def of(cls, events: pd.DataFrame, on: str = "observed_on", child: str = "child_id") -> Timeline:
        dated = np.flatnonzero((events[on].notna() & events[child].notna()).to_numpy())
        who, when = events[child].iloc[dated], days(events[on].iloc[dated])
        known = pd.Index(who.unique())
        first = int(when.min(initial=0))
        span = int(when.max(initial=0)) - first + 1
        key = known.get_indexer(pd.Index(who)) * span + (when - first)
        order = np.argsort(key, kind="stable")
        return cls(known, first, span, key[order], dated[order])

    def last(self, of: pd.Series, by: pd.Series) -> Positions:
        """For each (`of`, `by`): the position of that child's last event on or before the day, or -1."""
        if not len(self.key):
            return np.full(len(of), -1)
        child = self.known.get_indexer(pd.Index(of))
        until = np.clip(days(by) - self.first_day, -1, self.days - 1)
        at = np.searchsorted(self.key, child * self.days + until, side="right") - 1
        found = (at >= 0) & (child >= 0) & (until >= 0)
        found &= self.key[np.maximum(at, 0)] // self.days == child
        return np.where(found, self.order[np.maximum(at, 0)], -1)


def latest(child: pd.Series, happened: pd.Series, of: pd.Series, by: pd.Series) -> Positions:
    """For each (`of`, `by`): the position of that child's last event on or before the day, or -1."""
    events = pd.DataFrame({"child_id": child.to_numpy(), "on": happened.to_numpy()})
    return Timeline.of(events, "on").last(of, by)


def _said_of(allocation: pd.DataFrame, cohort: str) -> pd.DataFrame:
    return allocation[allocation["cohort_kind"] == cohort].sort_values("observed_on", kind="stable")


def _seen(visit: pd.DataFrame, cohort: str) -> pd.DataFrame:
    visits = visit[visit["cohort_kind"] == cohort]
    logged = visits[visits["origin_kind"] == "log"]
    printed = visits[visits["origin_kind"] != "log"]
    if len(logged) and len(printed):
        at = latest(logged["child_id"], logged["happened_on"], printed["child_id"], printed["happened_on"])
        same = (at >= 0) & (days(logged["happened_on"])[np.maximum(at, 0)] == days(printed["happened_on"]))
        printed = printed[~same]
    both = pd.concat([logged, printed], ignore_index=True)
    return both[both["child_seen"].fillna(False).astype(bool)]


def _take(values: pd.Series, at: Positions) -> npt.NDArray[np.object_]:
    return values.astype(object).to_numpy()[np.maximum(at, 0)]


def _by_period(frame: pd.DataFrame, rows: Positions, which: Positions, periods: pd.DatetimeIndex) -> pd.DataFrame:
    order = np.argsort(which, kind="stable")
    out = frame.take(rows[order]).reset_index(drop=True)
    out["period"] = periods.take(which[order]).as_unit("s")
    return out
