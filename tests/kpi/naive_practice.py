"""The measures of workforce and quality a second time, in plain loops, worked from the written definitions. See tests/kpi/naive.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from data.tables import Tables
from tests.kpi.naive import (
    LEFT_OUT,
    ONE_DAY,
    Found,
    Row,
    _plain,
    by_child,
    found,
    held_by,
    is_open,
    is_social_worker,
    months_on,
    of,
    said_met,
    speaking_for,
    this_month,
)  # fmt: skip
from tests.kpi.naive import rows as rows_of_people

COUNTED = "not met"  # a mean has no better or worse: tests/kpi/test_practice_twice.py words its cases so
NOBODY = Row(team_id=None, worker_id=None)
OF_NOBODY = ("establishment", "training", "audit_action", "action")  # tables with no child


def rows(t: Tables, name: str) -> list[Row]:
    if name not in OF_NOBODY:
        return rows_of_people(t, name)
    frame = t.frames[name]
    columns = zip(*(_plain(frame[column]) for column in frame.columns), strict=True)
    return [Row(**dict(zip(frame.columns, values, strict=True))) for values in columns]


def in_post(t: Tables, end: date) -> list[Row]:
    """Those of the extract that speaks for the day who had come by then and not gone."""
    listed = speaking_for(rows(t, "worker"), end)
    return [w for w in listed if (w.started_on is None or w.started_on <= end) and (w.ended_on is None or w.ended_on > end)]


def holds_cases(w: Row) -> bool:
    return bool(w.case_holding if w.case_holding is not None else (w.caseload is None or w.caseload > 0))


def supervised_each_month(t: Tables, end: date) -> Iterator[Found]:
    """Three calendar months: the one of the day and the two before it."""
    months = [months_on(end.replace(day=1), -2), months_on(end.replace(day=1), -1), end.replace(day=1)]
    first = months[0]
    for w in speaking_for(rows(t, "worker"), end):
        ours = [s for s in of(t, "worker", w.worker_id) if s.observed_on <= max(end, w.observed_on) and s.absent_from_on]
        away = any(s.absent_from_on <= end and (s.absent_to_on or s.observed_on) >= first for s in ours)
        there = (w.started_on is None or w.started_on <= first) and (w.ended_on is None or w.ended_on > end)
        counted = is_social_worker(w.role) and holds_cases(w) and there and not away
        held = [s.happened_on for s in of(t, "supervision", w.worker_id) if s.held is not False and s.happened_on <= end]
        every = all(any(day.replace(day=1) == month for day in held) for month in months)
        yield found(w.worker_id, w, said_met(every) if counted else LEFT_OUT)


def case_supervision_current(t: Tables, end: date) -> Iterator[Found]:
    """A child's case opened when the first of what is open began."""
    discussed = [s for s in rows(t, "supervision") if s.child_id and s.held is not False and s.happened_on <= end]
    cases: dict[str, list[tuple[int, Row, Row]]] = {}
    for e in rows(t, "cla_episode"):
        if is_open(e, end) and e.legal_status_kind not in ("V3", "V4"):
            cases.setdefault(e.child_id, []).append((0, e, held_by(t, e, "cla", end)))
    for p in rows(t, "cp_plan"):
        if is_open(p, end):
            cases.setdefault(p.child_id, []).append((1, p, held_by(t, p, "cp", end)))
    for s in speaking_for(rows(t, "case_status"), end):
        if s.status_kind == "in_need_plan" and is_open(s, end):
            cases.setdefault(s.child_id, []).append((2, s, s))
    for child, open_now in cases.items():
        _, _, holder = min(open_now, key=lambda case: (case[0], case[1].started_on))
        opened = min(case.started_on for _, case, _ in open_now)
        days = [s.happened_on for s in discussed if s.child_id == child and s.happened_on >= opened]
        due = max(days, default=opened) + timedelta(days=42)
        yield found(child, holder, said_met(end <= due), due=due, apart=not days and end <= due)


def high_caseloads(t: Tables, end: date) -> Iterator[Found]:
    for w in in_post(t, end):
        counted = is_social_worker(w.role) and holds_cases(w) and w.caseload and w.fte
        yield found(w.worker_id, w, said_met(w.caseload > w.fte * (15 if w.newly_qualified else 20)) if counted else LEFT_OUT)


def vacancies(t: Tables, end: date) -> Iterator[Found]:
    for e in speaking_for(rows(t, "establishment"), end):
        holder = Row(team_id=e.team_id, worker_id=None)
        if not e.posts_fte or e.vacant_fte is None or not 0 <= e.vacant_fte <= e.posts_fte:
            yield found(e.team_id, holder, LEFT_OUT)
        else:
            yield found(e.team_id, holder, COUNTED, value=e.vacant_fte, weight=e.posts_fte)


def agency_workers(t: Tables, end: date) -> Iterator[Found]:
    for w in in_post(t, end):
        if is_social_worker(w.role) and w.agency is not None and w.fte:
            yield found(w.worker_id, w, COUNTED, value=w.fte if w.agency else 0.0, weight=w.fte)
        else:
            yield found(w.worker_id, w, LEFT_OUT)


def turnover(t: Tables, end: date) -> Iterator[Found]:
    """A worker counts as they were last listed, in the extracts up to the day or the one that speaks for it."""
    listed = speaking_for(rows(t, "worker"), end)
    if not listed:
        return
    known, year_ago = max(end, listed[0].observed_on), months_on(end, -12)
    there = {w.worker_id: w for w in in_post(t, end)}
    teams: dict[str, tuple[list[Row], list[Row]]] = {}
    for who, every in by_child(t, "worker").items():
        seen = [w for w in every if year_ago < w.observed_on <= known]
        last = there.get(who) or max(seen, key=lambda w: w.observed_on, default=None)
        if last is None or (last.started_on and last.started_on > end):
            continue
        ended = last.ended_on if last.ended_on and last.ended_on <= end else None
        if who not in there and ended and ended <= year_ago:
            continue
        if not (is_social_worker(last.role) and last.agency is False and last.fte and (who in there or ended)):
            yield found(f"worker {who}", last, LEFT_OUT)
        else:
            teams.setdefault(last.team_id or "unallocated", ([], []))[0 if who in there else 1].append(last)
    for team, (stayed, gone) in teams.items():
        value, weight = sum(w.fte for w in gone), sum(w.fte for w in stayed)
        yield found(f"team {team}", Row(team_id=team, worker_id=None), COUNTED, value=round(value, 6), weight=round(weight, 6))


def essentials_training(t: Tables, end: date) -> Iterator[Found]:
    """The random councils list the course in a training extract, so that is what says."""
    for w in in_post(t, end):
        ours = [r for r in rows(t, "training") if r.worker_id == w.worker_id and r.course == "Essentials"]
        if not ours or (ours[0].required_from_on and ours[0].required_from_on > end):
            yield found(w.worker_id, w, LEFT_OUT)
        else:
            yield found(w.worker_id, w, said_met(bool(ours[0].completed_on and ours[0].completed_on <= end)))


def audits_good(t: Tables, end: date) -> Iterator[Found]:
    for a in rows(t, "audit"):
        if this_month(a.happened_on, end) and a.audit_kind != "re_audit":
            yield found(a.audit_id, a, LEFT_OUT if a.grade_kind is None else said_met(a.grade_kind in ("good", "outstanding")))


def audits_completed(t: Tables, end: date) -> Iterator[Found]:
    for a in rows(t, "audit"):
        if this_month(a.happened_on, end):
            yield found(a.audit_id, a, said_met(a.grade_kind is not None))


def audit_actions_on_time(t: Tables, end: date) -> Iterator[Found]:
    for a in rows(t, "audit_action"):
        if this_month(a.due_on, end):
            met = a.completed_on is not None and a.completed_on <= a.due_on
            yield found(f"{a.audit_id} {a.action_id}", a, said_met(met), due=a.due_on)


def supervision_reflective(t: Tables, end: date) -> Iterator[Found]:
    for s in rows(t, "supervision"):
        if this_month(s.happened_on, end) and s.held is not False:
            listed = [w for w in of(t, "worker", s.worker_id) if w.observed_on <= end]
            team = max(listed, key=lambda w: w.observed_on).team_id if listed else None
            verdict = LEFT_OUT if s.reflective_kind is None else said_met(s.reflective_kind == "reflective")
            yield found(s.worker_id, Row(team_id=team, worker_id=s.worker_id), verdict)


def open_actions(t: Tables, end: date) -> list[Row]:
    return [a for a in speaking_for(rows(t, "action"), end) if a.status_kind not in ("complete", "closed")]


def plan_actions_updated(t: Tables, end: date) -> Iterator[Found]:
    for a in open_actions(t, end):
        updated = a.updated_on if a.updated_on and a.updated_on <= end else None
        first = min(o.observed_on for o in rows(t, "action") if o.action_id == a.action_id)
        due = (updated or first) + timedelta(days=42)
        yield found(a.action_id, NOBODY, said_met(end <= due), due=due, apart=updated is None and end <= due)


def plan_actions_overdue(t: Tables, end: date) -> Iterator[Found]:
    for a in open_actions(t, end):
        yield found(a.action_id, NOBODY, LEFT_OUT if a.due_on is None else said_met(a.due_on < end), due=a.due_on)


NAIVE_PRACTICE: dict[str, Callable[[Tables, date], Iterator[Found]]] = {
    rule.__name__: rule
    for rule in (
        supervised_each_month, case_supervision_current, high_caseloads, vacancies, agency_workers, turnover, essentials_training,
        audits_good, audits_completed, audit_actions_on_time, supervision_reflective, plan_actions_updated, plan_actions_overdue,
    )
}  # fmt: skip


# Regulation 28 -----------------------------------------------------------------------------------------------------------------


def cla_visit_due(
    *, today: date, placed: date, kind: str | None, status: str | None, ordered: date | None, seen_on: list[date], reviews: list[date]
) -> date:  # fmt: skip
    """The day the next visit to one child in care is due, told day by day from what had happened by `today`.

    Living with a parent under an interim order, weekly visits are walked through one by one until the review.
    """
    home = kind == "P1" and status in ("C1", "C2")
    start = max(placed, ordered) if home and ordered else placed
    made = sorted(day for day in seen_on if start <= day <= today)
    if not made:
        return start + timedelta(days=7)
    last = made[-1]
    if home and status == "C1":
        week = last + timedelta(days=7)
        day, reviewed = start, False
        while day <= min(today, week):
            reviewed = reviewed or day in reviews
            day += ONE_DAY
        return last + timedelta(days=28) if reviewed else week
    if not home and kind in ("U1", "U4") and last >= months_on(placed, 12):
        return months_on(last, 3)
    return last + timedelta(days=42)
