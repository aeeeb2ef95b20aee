"""Every KPI a second time, in plain loops over rows and days, worked from the written definitions: slow and obvious.

Each function returns one `Found` per case at one month end. Where the definitions leave a point open, its docstring says how it was read.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import pandas as pd

from data.reference import bank_holidays
from data.tables import Tables

ONE_DAY = timedelta(days=1)
MET, NOT_MET, LEFT_OUT = "met", "not met", "left out"


class Found(NamedTuple):
    """One case: who, in whose hands, how it went; for means what is added up over what."""

    who: str
    team: str
    worker: str
    verdict: str
    due: date | None = None
    apart: bool = False
    value: float | None = None
    weight: float | None = None


Row = SimpleNamespace  # a row in plain Python: dates as dates, empty as None


# Days --------------------------------------------------------------------------------------------------------------------------


@cache
def _holidays() -> frozenset[date]:
    return frozenset(day.date() for day in bank_holidays())


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays()


@cache
def elapsed(a: date, b: date) -> int:
    """Working days in (a, b]."""
    count, day = 0, a
    while day < b:
        day += ONE_DAY
        count += is_working_day(day)
    return count


@cache
def nth_working_day(start: date, count: int) -> date:
    day = start
    while count:
        day += ONE_DAY
        count -= is_working_day(day)
    return day


def months_on(day: date, months: int) -> date:
    """Calendar months on, or the last day of the month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# Rows --------------------------------------------------------------------------------------------------------------------------


_kept: dict[tuple[int, str], tuple[pd.DataFrame, dict[str, list[Row]]]] = {}


def by_child(t: Tables, name: str) -> dict[str, list[Row]]:
    """One table's rows in plain Python, each child's together (each worker's, for workers and their supervision); turned once a frame."""
    frame = t.frames[name]
    if (id(frame), name) not in _kept:
        whose = "worker_id" if name in ("worker", "supervision") else "child_id"
        found: dict[str, list[Row]] = {}
        for values in zip(*(_plain(frame[column]) for column in frame.columns), strict=True):
            row = Row(**dict(zip(frame.columns, values, strict=True)))
            found.setdefault(getattr(row, whose), []).append(row)
        _kept[id(frame), name] = (frame, found)
    return _kept[id(frame), name][1]


def rows(t: Tables, name: str) -> list[Row]:
    return [row for found in by_child(t, name).values() for row in found]


def of(t: Tables, name: str, whose: str) -> list[Row]:
    return by_child(t, name).get(whose, [])


def _plain(column: pd.Series) -> list[Any]:
    values = column.dt.date if column.dtype.kind == "M" else column
    return values.astype(object).where(column.notna(), None).tolist()


def found(who: str, holder: Row, verdict: str, **more: Any) -> Found:
    return Found(who, holder.team_id or "unallocated", holder.worker_id or "unallocated", verdict, **more)


def this_month(day: date | None, end: date) -> bool:
    return day is not None and day.replace(day=1) <= end and (day.year, day.month) == (end.year, end.month)


def is_open(row: Row, end: date) -> bool:
    return row.started_on <= end and (row.ended_on is None or row.ended_on > end)


def said_met(yes: bool) -> str:
    return MET if yes else NOT_MET


# Front door --------------------------------------------------------------------------------------------------------------------


def re_referrals(t: Tables, end: date) -> Iterator[Found]:
    for r in rows(t, "referral"):
        if this_month(r.happened_on, end):
            reach = months_on(r.happened_on, -12)
            again = any(reach <= e.happened_on < r.happened_on for e in of(t, "referral", r.child_id))
            yield found(r.child_id, r, said_met(again))


def seen_after_contact(t: Tables, end: date) -> Iterator[Found]:
    """Two referrals of one child on one day are one case, left out only if both were closed. A blank one is owed a visit."""
    by_day: dict[tuple[str, date], list[Row]] = {}
    for r in rows(t, "referral"):
        by_day.setdefault((r.child_id, r.happened_on), []).append(r)
    for (child, on), same_day in by_day.items():
        urgent = nth_working_day(on, 1)
        began = any(on <= s.happened_on <= urgent for s in of(t, "section47", child))
        due = urgent if began else nth_working_day(on, 5)
        if not this_month(due, end):
            continue
        seen = any(v.cohort_kind == "contact" and v.child_seen and on <= v.happened_on <= due for v in of(t, "visit", child))
        closed = all(r.no_further_action for r in same_day)
        yield found(child, same_day[0], LEFT_OUT if closed else said_met(seen), due=due)


# Assessment --------------------------------------------------------------------------------------------------------------------


def assessments_in_45_days(t: Tables, end: date) -> Iterator[Found]:
    for a in rows(t, "assessment"):
        if this_month(a.ended_on, end):
            late = a.ended_on < a.started_on
            yield found(a.child_id, a, LEFT_OUT if late else said_met(elapsed(a.started_on, a.ended_on) <= 45))


def assessments_no_services(t: Tables, end: date) -> Iterator[Found]:
    for a in rows(t, "assessment"):
        if this_month(a.ended_on, end):
            yield found(a.child_id, a, LEFT_OUT if a.support_required is None else said_met(not a.support_required))


# Protection --------------------------------------------------------------------------------------------------------------------


def icpc_in_15_days(t: Tables, end: date) -> Iterator[Found]:
    for c in rows(t, "icpc"):
        if this_month(c.happened_on, end):
            if c.section47_on is None or c.happened_on < c.section47_on:
                yield found(c.child_id, c, LEFT_OUT)
            else:
                yield found(c.child_id, c, said_met(elapsed(c.section47_on, c.happened_on) <= 15))


def cp_repeat_plans(t: Tables, end: date) -> Iterator[Found]:
    for p in rows(t, "cp_plan"):
        if this_month(p.started_on, end):
            earlier = any(o.started_on < p.started_on for o in of(t, "cp_plan", p.child_id))
            if not earlier and p.previous_plans is None:
                yield found(p.child_id, p, LEFT_OUT)
            else:
                yield found(p.child_id, p, said_met(earlier or p.previous_plans > 0))


def cp_visits_in_time(t: Tables, end: date) -> Iterator[Found]:
    for plan in rows(t, "cp_plan"):
        if is_open(plan, end):
            seen = last_seen(t, plan.child_id, "cp", plan.started_on, end)
            due = nth_working_day(seen or plan.started_on, 10)
            yield _seen(plan.child_id, held_by(t, plan, "cp", end), seen, due, end)


def _seen(child: str, holder: Row, seen: date | None, due: date, end: date) -> Found:
    return found(child, holder, said_met(end <= due), due=due, apart=seen is None and end <= due)


def last_seen(t: Tables, child: str, cohort: str, since: date, end: date) -> date | None:
    """The last day the child was seen, from `since` to `end`. What a visits log says of a day stands against a printed last-visit date."""
    ours = [v for v in of(t, "visit", child) if v.cohort_kind == cohort and since <= v.happened_on <= end]
    logged = {v.happened_on for v in ours if v.origin_kind == "log"}
    days = [v.happened_on for v in ours if v.child_seen and (v.origin_kind == "log" or v.happened_on not in logged)]
    return max(days, default=None)


def held_by(t: Tables, episode: Row, cohort: str, end: date) -> Row:
    """Who held the case at the month end: the last extract on or before it says, else the first after it, else the episode itself."""
    said = sorted((a for a in of(t, "allocation", episode.child_id) if a.cohort_kind == cohort), key=lambda a: a.observed_on)
    before = [a for a in said if a.observed_on <= end]
    return before[-1] if before else (said[0] if said else episode)


# In need and looked after ------------------------------------------------------------------------------------------------------


def cin_visits_in_time(t: Tables, end: date) -> Iterator[Found]:
    for plan in speaking_for(rows(t, "case_status"), end):
        if plan.status_kind == "in_need_plan" and is_open(plan, end):
            seen = last_seen(t, plan.child_id, "cin", plan.started_on, end)
            yield _seen(plan.child_id, plan, seen, nth_working_day(seen or plan.started_on, 20), end)


def cla_visits_in_time(t: Tables, end: date) -> Iterator[Found]:
    """With no placement known, the episode's start stands for its start. A visit in the first year is followed within 42 days."""
    for episode in rows(t, "cla_episode"):
        if not is_open(episode, end) or episode.legal_status_kind in ("V3", "V4"):
            continue
        of_child = [p for p in of(t, "placement", episode.child_id) if p.started_on <= end]
        placement = max(of_child, key=lambda p: p.started_on, default=None)
        began = max(placement.started_on, episode.started_on) if placement else episode.started_on
        seen = last_seen(t, episode.child_id, "cla", began, end)
        if seen is None:
            due = began + timedelta(days=7)
        elif placement and placement.placement_kind in ("U1", "U4") and seen >= months_on(began, 12):
            due = months_on(seen, 3)
        else:
            due = seen + timedelta(days=42)
        yield _seen(episode.child_id, held_by(t, episode, "cla", end), seen, due, end)


def speaking_for(snapshots: list[Row], end: date) -> list[Row]:
    """The rows of the snapshot nearest to the month end, taken in the month or up to 15 days after it."""
    days = {s.observed_on for s in snapshots if end.replace(day=1) <= s.observed_on <= end + timedelta(days=15)}
    if not days:
        return []
    nearest = min(days, key=lambda day: (abs((day - end).days), day))
    return [s for s in snapshots if s.observed_on == nearest]


# Workforce and quality ---------------------------------------------------------------------------------------------------------


def supervised_3_in_3_months(t: Tables, end: date) -> Iterator[Found]:
    """A blank "held" counts as held. Any absence in the window leaves the worker out; one with no end lasts to the snapshot showing it."""
    since = months_on(end, -3)
    for w in speaking_for(rows(t, "worker"), end):
        ours = [s for s in of(t, "worker", w.worker_id) if s.observed_on <= max(end, w.observed_on) and s.absent_from_on]
        away = any(s.absent_from_on <= end and (s.absent_to_on or s.observed_on) > since for s in ours)
        holds = w.case_holding if w.case_holding is not None else (w.caseload is None or w.caseload > 0)
        joined = w.started_on is None or w.started_on <= since + ONE_DAY
        stayed = w.ended_on is None or w.ended_on > end
        counted = is_social_worker(w.role) and holds and joined and stayed and not away
        days = {s.happened_on for s in of(t, "supervision", w.worker_id) if s.held is not False and since < s.happened_on <= end}
        yield found(w.worker_id, w, said_met(len(days) >= 3) if counted else LEFT_OUT)


def caseload(t: Tables, end: date) -> Iterator[Found]:
    for w in speaking_for(rows(t, "worker"), end):
        if w.ended_on is not None and w.ended_on <= end:
            continue
        counted = is_social_worker(w.role) and bool(w.caseload) and bool(w.fte)
        yield found(
            w.worker_id, w, NOT_MET if counted else LEFT_OUT, value=w.caseload if counted else None, weight=w.fte if counted else None
        )


def is_social_worker(role: str | None) -> bool:
    """Of the roles the invented councils here have."""
    return role is None or re.fullmatch(r"(agency |senior |advanced )?(social worker|practitioner)|nqsw", role.lower()) is not None


def audits_inadequate(t: Tables, end: date) -> Iterator[Found]:
    for a in rows(t, "audit"):
        if this_month(a.happened_on, end) and a.audit_kind != "re_audit":
            yield found(a.audit_id, a, LEFT_OUT if a.grade_kind is None else said_met(a.grade_kind == "inadequate"))


NAIVE: dict[str, Callable[[Tables, date], Iterator[Found]]] = {
    rule.__name__: rule
    for rule in (
        re_referrals, seen_after_contact, assessments_in_45_days, assessments_no_services, icpc_in_15_days, cp_repeat_plans,
        cp_visits_in_time, cin_visits_in_time, cla_visits_in_time, supervised_3_in_3_months, caseload, audits_inadequate,
    )
}  # fmt: skip
