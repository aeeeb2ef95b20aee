"""Who is in care on a day, where do they live, under which order, how old are they, and who answers for them?

Every function is vectorised: one answer a row of the frame it is given.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Tables
from kpi.clock import Dates
from kpi.cohorts import Positions, Timeline, held_by, open_at
from kpi.period import add_months, named
from kpi.shapes import as_cases, case_ids, first_true

SHORT_BREAKS = ("V3", "V4")
WITH_PARENTS = "P1"
NO_BIRTHDAY = "date of birth not recorded"
NO_PLACEMENT = "placement not recorded"
NOT_DUE = "not done yet, not yet due"
EPISODE = "episode"  # the place of a child's time in care in the table, so that two of one child are told apart

Flags = npt.NDArray[np.bool_]


def in_care(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Children looked after at each period end, in whose hands, short breaks (legal status V3, V4) apart.

    Returns the columns of cla_episode, `episode`, `period` and `case_id`: one row a time in care and period. Kept, as most measures of
    children in care begin with it.
    """

    def found() -> pd.DataFrame:
        children = held_by(open_at(times_in_care(tables), periods), tables, "cla")
        return children.assign(case_id=case_ids(children))

    return tables.once(f"in care at {named(periods)}", found)  # type: ignore[no-any-return]


def times_in_care(tables: Tables) -> pd.DataFrame:
    """Every time in care that is not a series of short breaks, with `episode`, its place in this frame."""

    def found() -> pd.DataFrame:
        kept = tables.cla_episode[~tables.cla_episode["legal_status_kind"].isin(SHORT_BREAKS)].reset_index(drop=True)
        return kept.assign(**{EPISODE: np.arange(len(kept))})

    return tables.once("times in care", found)  # type: ignore[no-any-return]


def time_in_care_on(tables: Tables, child: pd.Series, day: pd.Series, *, last_day: bool = False) -> Positions:
    """For each (child, day) the `episode` of the time in care the child was in, or -1; with `last_day` the day it ended counts too."""
    times = times_in_care(tables)
    timeline = tables.once("times in care in order", lambda: Timeline.of(times, "started_on"))
    at: Positions = timeline.last(child, day)
    ended = rows_at(times[["ended_on"]], at)["ended_on"].to_numpy()
    when = day.to_numpy().astype(ended.dtype)
    over = (ended < when) if last_day else (ended <= when)
    return np.where((at >= 0) & ~over, at, -1)


def placed_at(children: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Where each child of `in_care` lived at the period end: the placement's columns, all empty where none is recorded.

    The last placement begun on or before the day, in this time in care, and not ended on or before it.
    """
    placement = tables.placement
    timeline = tables.once("placements in order", lambda: Timeline.of(placement, "started_on"))
    found = rows_at(placement, timeline.last(children["child_id"], children["period"])).set_index(children.index)
    here = (found["started_on"] >= children["started_on"]) & ~(found["ended_on"] <= children["period"])
    return rows_at(found.reset_index(drop=True), np.where(here, np.arange(len(found)), -1)).set_index(children.index)


def legal_status_at(children: pd.DataFrame, tables: Tables) -> pd.Series:
    """The legal status of each child of `in_care` at the period end: the dated one in force then, else the one of the time in care."""
    status = tables.legal_status
    timeline = tables.once("legal statuses in order", lambda: Timeline.of(status, "started_on"))
    found = rows_at(status, timeline.last(children["child_id"], children["period"])).set_index(children.index)
    then = (found["started_on"] >= children["started_on"]) & ~(found["ended_on"] <= children["period"])
    return found["legal_status_kind"].where(then & found["legal_status_kind"].notna(), children["legal_status_kind"])


def has_reached(years: int, child: pd.Series, day: pd.Series, tables: Tables) -> pd.Series:
    """Whether each child had had that birthday by the day; empty where the date of birth is not known."""
    known = tables.once("birthdays", lambda: tables.child.drop_duplicates("child_id").set_index("child_id")["born_on"])
    born = pd.Series(known.reindex(child).to_numpy(), index=child.index)
    birthday = pd.Series(add_months(born.to_numpy().astype("datetime64[D]"), 12 * years).astype("datetime64[s]"), index=child.index)
    return (birthday <= day).astype("boolean").where(born.notna())


def on_or_after(months: int, started: pd.Series, day: pd.Series) -> pd.Series:
    """Whether so many calendar months have gone by: the day is on or after the same day that many months after the start."""
    return pd.Series(add_months(started.to_numpy().astype("datetime64[D]"), months) <= day.to_numpy(), index=started.index)


def in_hands(events: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Events of children in care with whoever held the duty: as the event says, else whoever held the child at the period end."""
    held = held_by(events, tables, "cla")
    return events.assign(**{name: events[name].fillna(held[name]) for name in ("team_id", "worker_id")})


def last_event(events: pd.DataFrame, cases: pd.DataFrame, since: pd.Series) -> pd.Series:
    """For each case the day of the child's last event on or before the period end; one before `since` does not count."""
    at = Timeline.of(events, "happened_on").last(cases["child_id"], cases["period"])
    on = rows_at(events[["happened_on"]], at)["happened_on"].set_axis(cases.index)
    return on.where(on >= since)


def up_to_date(cases: pd.DataFrame, last: pd.Series, due: Dates, *, done: str, late: str, never: str) -> pd.DataFrame:
    """Stock with a clock: up to date while the period end is not after the day it falls due; not yet done and not yet due is apart.

    cases: as `in_care` gives them, with their case_id.
    """
    due_on = pd.Series(due.astype("datetime64[s]"), index=cases.index)
    met = due_on >= cases["period"]
    none = last.isna()
    return as_cases(
        cases.assign(
            met=met, due_on=due_on, happened_on=last,
            reason=np.select([met & none, met, none], [NOT_DUE, done, never], late),
            apart=first_true(cases.index, (met & none, NOT_DUE)),
        )
    )  # fmt: skip


def so_far(timeline: Timeline, of: pd.Series, by: pd.Series) -> Positions:
    """For each (`of`, `by`): how many of that child's events fell on or before the day."""
    if not len(timeline.key):
        return np.zeros(len(of), dtype=np.int64)
    child = timeline.known.get_indexer(pd.Index(of))
    until = np.asarray(by, dtype="datetime64[D]").astype(np.int64) - timeline.first_day
    upto = np.searchsorted(timeline.key, child * timeline.days + np.clip(until, -1, timeline.days - 1), side="right")
    before = np.searchsorted(timeline.key, child * timeline.days, side="left")
    return np.where(child >= 0, upto - before, 0)


def in_the_year(spells: pd.DataFrame, cases: pd.DataFrame) -> Positions:
    """How many of each child's spells (child_id, started_on, ended_on, none overlapping itself) touched the 12 months to the period end.

    The year's first day is the day after the same day a year before; a spell that ended on or before it is not of the year.
    """
    first_day = add_months(cases["period"].to_numpy().astype("datetime64[D]"), -12) + np.timedelta64(1, "D")
    begun = so_far(Timeline.of(spells, "started_on"), cases["child_id"], cases["period"])
    over = so_far(Timeline.of(spells, "ended_on"), cases["child_id"], pd.Series(first_day.astype("datetime64[s]"), index=cases.index))
    return begun - over


def rows_at(frame: pd.DataFrame, at: Positions) -> pd.DataFrame:
    """The rows at these positions, one a position; an empty row for -1."""
    return frame.reset_index(drop=True).reindex(at).reset_index(drop=True)
