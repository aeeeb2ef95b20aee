"""Cohorts: who is counted at a period end, in whose hands. Every function is vectorised over periods: one row per case and period."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Tables
from kpi.period import days, named

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
    """Children with a child in need plan at each period end: case status "child in need plan" in the extract that speaks for it. Kept."""

    def found() -> pd.DataFrame:
        seen = observed_at(tables.case_status, periods)
        end = seen["period"]
        open_then = (seen["started_on"] <= end) & (seen["ended_on"].isna() | (seen["ended_on"] > end))
        return seen[(seen["status_kind"] == "in_need_plan") & open_then].reset_index(drop=True)

    return tables.once(f"in need plans at {named(periods)}", found)  # type: ignore[no-any-return]


def protection_plans(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Child protection plans open at each period end, in whose hands. Kept, as most measures of protection begin with them."""
    return tables.once(f"cp plans at {named(periods)}", lambda: held_by(open_at(tables.cp_plan, periods), tables, "cp"))  # type: ignore[no-any-return]


def workers_at(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """The workers of the extract that speaks for each period end. Kept."""
    return tables.once(f"workers at {named(periods)}", lambda: observed_at(tables.worker, periods))  # type: ignore[no-any-return]


def held_by(cases: pd.DataFrame, tables: Tables, cohort: str) -> pd.DataFrame:
    """The cases with the team and worker who held them at the period end.

    From the last extract on or before it (or the first one after it); where no extract says, from the episode itself.
    """
    said, timeline = allocated(tables, cohort)
    if said.empty or cases.empty:
        return cases
    at, later = timeline.last(cases["child_id"], cases["period"]), timeline.first(cases["child_id"])
    out = cases.copy()
    for column in ("team_id", "worker_id"):
        then, after = _take(said[column], at), _take(said[column], later)
        held = np.where(at >= 0, then, np.where(later >= 0, after, cases[column].astype(object)))
        out[column] = pd.Series(held, index=cases.index).astype("str")
    return out


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
        code, known = pd.factorize(events[child])
        return cls.coded(code, pd.Index(known), events[on])

    @classmethod
    def coded(cls, child: Positions, known: pd.Index, on: pd.Series) -> Timeline:
        """From each event's child as a position in `known` (or -1), and its day."""
        dated = np.flatnonzero((child >= 0) & on.notna().to_numpy())
        when = days(on)[dated]
        first = int(when.min(initial=0))
        span = int(when.max(initial=0)) - first + 1
        key = child[dated] * span + (when - first)
        order = np.argsort(key, kind="stable")
        return cls(known, first, span, key[order], dated[order])

    def only(self, events: npt.NDArray[np.bool_]) -> Timeline:
        """The same of some of the events: those picked out of the table they are of."""
        kept = events[self.order]
        return replace(self, key=self.key[kept], order=self.order[kept])

    def last(self, of: pd.Series, by: pd.Series) -> Positions:
        """For each (`of`, `by`): the position of that child's last event on or before the day, or -1."""
        at = self._last(of, by)
        return np.where(at >= 0, self.order[np.maximum(at, 0)], -1) if len(self.key) else at

    def last_day(self, of: pd.Series, by: pd.Series) -> npt.NDArray[np.datetime64]:
        """For each (`of`, `by`): the day of that child's last event on or before the day, or none."""
        at = self._last(of, by)
        day = np.full(len(at), np.datetime64("NaT", "s"))
        day[at >= 0] = self._days(at[at >= 0])
        return day

    def next_day(self, of: pd.Series, since: pd.Series) -> npt.NDArray[np.datetime64]:
        """For each (`of`, `since`): the day of that child's first event on or after the day, or none."""
        day = np.full(len(of), np.datetime64("NaT", "s"))
        if len(self.key):
            child = self.known.get_indexer(pd.Index(of))
            at = np.searchsorted(self.key, child * self.days + np.clip(days(since) - self.first_day, 0, self.days))
            found = (child >= 0) & since.notna().to_numpy() & (at < len(self.key))
            found &= self.key[np.minimum(at, len(self.key) - 1)] // self.days == child
            day[found] = self._days(at[found])
        return day

    def first(self, of: pd.Series) -> Positions:
        """The position of each child's first event, or -1."""
        if not len(self.key):
            return np.full(len(of), -1)
        child = self.known.get_indexer(pd.Index(of))
        at = np.minimum(np.searchsorted(self.key, child * self.days), len(self.key) - 1)
        return np.where((child >= 0) & (self.key[at] // self.days == child), self.order[at], -1)

    def between(self, of: pd.Series, since: pd.Series, until: pd.Series) -> tuple[Positions, npt.NDArray[np.datetime64]]:
        """Each day with an event from `since` to the day before `until` (empty: for ever): a position in `of`, and the day, in order."""
        child = self.known.get_indexer(pd.Index(of))
        low, high = (np.clip(days(side) - self.first_day, 0, self.days) for side in (since, until))
        high = np.where(until.isna(), self.days, high)
        first, beyond = (np.searchsorted(self.key, child * self.days + side) for side in (low, high))
        count = np.where((child >= 0) & since.notna().to_numpy(), np.maximum(beyond - first, 0), 0)
        whose = np.repeat(np.arange(len(of)), count)
        at = np.repeat(first - np.cumsum(count) + count, count) + np.arange(len(whose))
        again = (whose[1:] == whose[:-1]) & (self.key[at[1:]] == self.key[at[:-1]])
        once = np.concatenate([np.ones(min(len(at), 1), dtype=bool), ~again])
        return whose[once], self._days(at[once])

    def _last(self, of: pd.Series, by: pd.Series) -> Positions:
        if not len(self.key):
            return np.full(len(of), -1)
        child = self.known.get_indexer(pd.Index(of))
        until = np.where(by.isna(), -1, np.clip(days(by) - self.first_day, -1, self.days - 1))
        at = np.searchsorted(self.key, child * self.days + until, side="right") - 1
        found = (at >= 0) & (child >= 0) & (until >= 0)
        found &= self.key[np.maximum(at, 0)] // self.days == child
        return np.where(found, at, -1)

    def _days(self, at: Positions) -> npt.NDArray[np.datetime64]:
        return (self.key[at] % self.days + self.first_day).astype("datetime64[D]").astype("datetime64[s]")


def in_order(tables: Tables, name: str, on: str) -> Timeline:
    """The rows of one table by child and day, put in order once: `in_order(tables, "placement", "started_on").last(child, day)`."""
    return tables.once(f"{name} by {on}", lambda: Timeline.of(getattr(tables, name), on))  # type: ignore[no-any-return]


def latest(child: pd.Series, happened: pd.Series, of: pd.Series, by: pd.Series) -> Positions:
    """For each (`of`, `by`): the position of that child's last event on or before the day, or -1."""
    events = pd.DataFrame({"child_id": child.to_numpy(), "on": happened.to_numpy()})
    return Timeline.of(events, "on").last(of, by)


def allocated(tables: Tables, cohort: str) -> tuple[pd.DataFrame, Timeline]:
    """What extracts said of who held the children of one cohort, and each child's days among it."""

    def said() -> tuple[pd.DataFrame, Timeline]:
        rows = tables.allocation[tables.allocation["cohort_kind"] == cohort]
        return rows, Timeline.of(rows)

    return tables.once(f"allocation {cohort}", said)  # type: ignore[no-any-return]


def _take(values: pd.Series, at: Positions) -> npt.NDArray[np.object_]:
    return values.astype(object).to_numpy()[np.maximum(at, 0)]


def _by_period(frame: pd.DataFrame, rows: Positions, which: Positions, periods: pd.DatetimeIndex) -> pd.DataFrame:
    order = np.argsort(which, kind="stable")
    out = frame.take(rows[order]).reset_index(drop=True)
    out["period"] = periods.take(which[order]).as_unit("s")
    return out
