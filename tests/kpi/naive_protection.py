"""Front door, assessment, protection and children in need a second time: what tests/kpi/naive.py does not hold, in the same plain loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from data.tables import Tables
from tests.kpi.naive import (
    LEFT_OUT,
    MET,
    Found,
    Row,
    elapsed,
    found,
    held_by,
    is_open,
    is_social_worker,
    last_seen,
    months_on,
    nth_working_day,
    of,
    rows,
    said_met,
    speaking_for,
    this_month,
)  # fmt: skip

COUNTED = "not met"  # a count has no better or worse: tests/kpi/test_naive.py words its cases so


def one(who: str, holder: Row, due: date | None = None) -> Found:
    """A case of a count or a rate: it is one."""
    return found(who, holder, COUNTED, value=1.0, weight=1.0, due=due)


# Front door and assessment -----------------------------------------------------------------------------------------------------


def contacts(t: Tables, end: date) -> Iterator[Found]:
    yield from (one(c.child_id, c) for c in rows(t, "contact") if this_month(c.happened_on, end))


def referrals(t: Tables, end: date) -> Iterator[Found]:
    yield from (one(r.child_id, r) for r in rows(t, "referral") if this_month(r.happened_on, end))


def referrals_no_further_action(t: Tables, end: date) -> Iterator[Found]:
    for r in rows(t, "referral"):
        if this_month(r.happened_on, end):
            yield found(r.child_id, r, LEFT_OUT if r.no_further_action is None else said_met(r.no_further_action))


def referrals_decided_in_1_day(t: Tables, end: date) -> Iterator[Found]:
    """In the month of the decision; one received in the month and undecided at its end is left out of it."""
    for r in rows(t, "referral"):
        if this_month(r.decided_on, end):
            before = r.decided_on < r.happened_on
            yield found(r.child_id, r, LEFT_OUT if before else said_met(elapsed(r.happened_on, r.decided_on) <= 1))
        if this_month(r.happened_on, end) and (r.decided_on is None or r.decided_on > end):
            yield found(r.child_id, r, LEFT_OUT)


def unallocated_children(t: Tables, end: date) -> Iterator[Found]:
    holders: dict[str, Row] = {}
    for plan in sorted(speaking_for(rows(t, "case_status"), end), key=lambda p: p.started_on, reverse=True):
        if plan.status_kind == "in_need_plan" and is_open(plan, end):
            holders[plan.child_id] = plan
    for name, cohort in (("cp_plan", "cp"), ("cla_episode", "cla")):
        for episode in rows(t, name):
            if is_open(episode, end) and not (cohort == "cla" and episode.legal_status_kind in ("V3", "V4")):
                holders[episode.child_id] = held_by(t, episode, cohort, end)
    for child, holder in holders.items():
        shown = [w for w in of(t, "worker", holder.worker_id or "") if w.observed_on <= end]
        last = max(shown, key=lambda w: w.observed_on, default=None)
        gone = last is not None and last.ended_on is not None and last.ended_on <= end
        other = last is not None and not is_social_worker(last.role)
        yield found(child, holder, said_met(not holder.worker_id or gone or other))


def assessments_open_over_45_days(t: Tables, end: date) -> Iterator[Found]:
    for a in rows(t, "assessment"):
        if is_open(a, end):
            due = nth_working_day(a.started_on, 45)
            yield found(a.child_id, a, said_met(end > due), due=due)


def assessments_weighing_history(t: Tables, end: date) -> Iterator[Found]:
    for a in rows(t, "audit"):
        if this_month(a.happened_on, end) and a.audit_kind != "re_audit":
            grade = a.history_grade_kind
            yield found(a.audit_id, a, LEFT_OUT if grade is None else said_met(grade in ("good", "outstanding")))


# Protection: plans and visits --------------------------------------------------------------------------------------------------


def cp_visits_due_made(t: Tables, end: date) -> Iterator[Found]:
    for plan in rows(t, "cp_plan"):
        yield from _due_visits(t, plan, held_by(t, plan, "cp", end), "cp", 10, end)


def cin_visits_due_made(t: Tables, end: date) -> Iterator[Found]:
    for plan in speaking_for(rows(t, "case_status"), end):
        if plan.status_kind == "in_need_plan" and is_open(plan, end):
            yield from _due_visits(t, Row(child_id=plan.child_id, started_on=plan.started_on, ended_on=None), plan, "cin", 20, end)


def _due_visits(t: Tables, plan: Row, holder: Row, cohort: str, limit: int, end: date) -> Iterator[Found]:
    """Walk from visit to visit: each sets the clock for the next."""
    ours = [v for v in of(t, "visit", plan.child_id) if v.cohort_kind == cohort and v.origin_kind == "log"]
    seen = sorted({v.happened_on for v in ours if v.child_seen})
    clock_set = plan.started_on
    while clock_set is not None and (plan.ended_on is None or clock_set < plan.ended_on):
        due, following = nth_working_day(clock_set, limit), next((day for day in seen if day > clock_set), None)
        if this_month(due, end) and due <= end and (plan.ended_on is None or due < plan.ended_on):
            logged = [v.happened_on for v in rows(t, "visit") if v.cohort_kind == cohort and v.origin_kind == "log"]
            told = any(this_month(day, end) and day <= end for day in logged) and clock_set >= min(logged).replace(day=1)
            yield found(plan.child_id, holder, said_met(following is not None and following <= due) if told else LEFT_OUT, due=due)
        clock_set = following


def cp_seen_alone(t: Tables, end: date) -> Iterator[Found]:
    for plan in rows(t, "cp_plan"):
        if is_open(plan, end):
            seen = last_seen(t, plan.child_id, "cp", plan.started_on, end)
            born = next((c.born_on for c in of(t, "child", plan.child_id)), None)
            that_day = [v for v in of(t, "visit", plan.child_id) if v.cohort_kind == "cp" and v.happened_on == seen]
            if any(v.origin_kind == "log" for v in that_day):
                that_day = [v for v in that_day if v.origin_kind == "log"]
            said = [v.seen_alone for v in that_day if v.child_seen and v.seen_alone is not None]
            counted = seen is not None and born is not None and months_on(born, 48) <= end and said
            yield found(plan.child_id, held_by(t, plan, "cp", end), said_met(any(said)) if counted else LEFT_OUT)


def cp_plans_open(t: Tables, end: date) -> Iterator[Found]:
    yield from (one(p.child_id, held_by(t, p, "cp", end)) for p in rows(t, "cp_plan") if is_open(p, end))


def cp_plans_over_2_years(t: Tables, end: date) -> Iterator[Found]:
    for p in rows(t, "cp_plan"):
        if is_open(p, end):
            yield found(p.child_id, held_by(t, p, "cp", end), said_met((end - p.started_on).days > 729))


# Protection: enquiries, conferences, reviews, core groups ----------------------------------------------------------------------


def section47_started(t: Tables, end: date) -> Iterator[Found]:
    yield from (one(s.child_id, s) for s in rows(t, "section47") if this_month(s.happened_on, end))


def section47_to_icpc(t: Tables, end: date) -> Iterator[Found]:
    for s in rows(t, "section47"):
        limit = nth_working_day(s.happened_on, 15)
        if this_month(min(s.ended_on or limit, limit), end):
            held = any(c.section47_on == s.happened_on and c.happened_on <= end for c in of(t, "icpc", s.child_id))
            unsaid = s.conference_unnecessary is None
            yield found(s.child_id, s, MET if held else LEFT_OUT if unsaid else said_met(not s.conference_unnecessary))


def icpc_overdue(t: Tables, end: date) -> Iterator[Found]:
    for child in {s.child_id for s in rows(t, "section47")}:
        begun = [s for s in of(t, "section47", child) if s.happened_on <= end]
        if not begun:
            continue
        newest = max(begun, key=lambda s: (s.happened_on, s.nth))
        due = nth_working_day(newest.happened_on, 15)
        met = any(newest.happened_on <= c.happened_on <= end for c in of(t, "icpc", child))
        planned = any(newest.happened_on <= p.started_on <= end for p in of(t, "cp_plan", child))
        if end > due and not met and not planned and newest.conference_unnecessary is not True:
            unsaid = newest.conference_unnecessary is None
            yield found(child, newest, LEFT_OUT, due=due) if unsaid else one(child, newest, due)


def icpc_to_plan(t: Tables, end: date) -> Iterator[Found]:
    for c in rows(t, "icpc"):
        if this_month(c.happened_on, end):
            begun = any(p.started_on == c.happened_on for p in of(t, "cp_plan", c.child_id))
            led = c.led_to_plan if c.led_to_plan is not None else (True if begun else None)
            yield found(c.child_id, c, LEFT_OUT if led is None else said_met(led))


def cp_reviews_in_time(t: Tables, end: date) -> Iterator[Found]:
    known_from = t.covered["cp_review"][0].date().replace(day=1)
    for plan in rows(t, "cp_plan"):
        if is_open(plan, end) and months_on(plan.started_on, 3) <= end:
            held = sorted({r.happened_on for r in of(t, "cp_review", plan.child_id) if plan.started_on < r.happened_on <= end})
            due, in_time = months_on(plan.started_on, 3), True
            for day in held:
                in_time = in_time and day <= due
                due = months_on(day, 6)
            verdict = LEFT_OUT if plan.started_on < known_from else said_met(in_time and end <= due)
            yield found(plan.child_id, held_by(t, plan, "cp", end), verdict, due=due)


def core_groups_in_time(t: Tables, end: date) -> Iterator[Found]:
    for plan in rows(t, "cp_plan"):
        if is_open(plan, end):
            ours = [g for g in of(t, "core_group", plan.child_id) if g.held is not False and plan.started_on <= g.happened_on <= end]
            last = max((g.happened_on for g in ours), default=None)
            due = last + timedelta(days=42) if last else nth_working_day(plan.started_on, 10)
            yield found(plan.child_id, held_by(t, plan, "cp", end), said_met(end <= due), due=due, apart=last is None and end <= due)


def cin_plans_open(t: Tables, end: date) -> Iterator[Found]:
    for plan in speaking_for(rows(t, "case_status"), end):
        if plan.status_kind == "in_need_plan" and is_open(plan, end):
            yield one(plan.child_id, plan)


NAIVE_PROTECTION: dict[str, Callable[[Tables, date], Iterator[Found]]] = {
    rule.__name__: rule
    for rule in (
        contacts, referrals, referrals_no_further_action, referrals_decided_in_1_day, unallocated_children, assessments_open_over_45_days,
        assessments_weighing_history, cp_visits_due_made, cin_visits_due_made, cp_seen_alone, cp_plans_open, cp_plans_over_2_years,
        section47_started, section47_to_icpc, icpc_overdue, icpc_to_plan, cp_reviews_in_time, core_groups_in_time, cin_plans_open,
    )
}  # fmt: skip
