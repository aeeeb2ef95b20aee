"""Court, care and leaving care a second time, in plain loops over rows and days, worked from the written definitions: slow and obvious."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from data.tables import Tables
from tests.kpi.naive import (
    LEFT_OUT,
    NOT_MET,
    Found,
    Row,
    found,
    held_by,
    is_open,
    last_seen,
    months_on,
    nth_working_day,
    of,
    rows,
    said_met,
    this_month,
)

ONE_DAY = timedelta(days=1)
WEEK, FOUR_WEEKS, SIX_WEEKS = timedelta(days=7), timedelta(days=28), timedelta(days=42)
NOT_SOCIAL_WORKERS = ("Duty Social Worker", "Team Manager", "Personal Adviser")
Naive = Callable[[Tables, date], Iterator[Found]]


# Children in care --------------------------------------------------------------------------------------------------------------


def in_care(t: Tables, end: date) -> Iterator[tuple[Row, Row]]:
    """Each time in care open then, short breaks apart, and whoever holds the child."""
    for e in rows(t, "cla_episode"):
        if is_open(e, end) and e.legal_status_kind not in ("V3", "V4"):
            yield e, held_by(t, e, "cla", end)


def holder_of(t: Tables, event: Row, end: date) -> Row:
    """What the event says of who held the duty, and where it says nothing whoever held the child."""
    held = held_by(t, event, "cla", end)
    return Row(team_id=event.team_id or held.team_id, worker_id=event.worker_id or held.worker_id)


def last_begun(t: Tables, name: str, child: str, day: date) -> Row | None:
    return max((r for r in of(t, name, child) if r.started_on <= day), key=lambda r: r.started_on, default=None)


def placement(t: Tables, e: Row, end: date) -> Row | None:
    """Where the child lives: the last placement begun, in this time in care, and not over."""
    p = last_begun(t, "placement", e.child_id, end)
    return p if p and p.started_on >= e.started_on and is_open(p, end) else None


def dated_status(t: Tables, e: Row, end: date) -> Row | None:
    s = last_begun(t, "legal_status", e.child_id, end)
    return s if s and s.started_on >= e.started_on and is_open(s, end) and s.legal_status_kind else None


def status(t: Tables, e: Row, end: date) -> str | None:
    dated = dated_status(t, e, end)
    return dated.legal_status_kind if dated else e.legal_status_kind


def born(t: Tables, child: str) -> date | None:
    return next((c.born_on for c in of(t, "child", child)), None)


def aged(t: Tables, child: str, years: int, day: date) -> bool | None:
    on = born(t, child)
    return None if on is None else months_on(on, 12 * years) <= day


def last_day(days: list[date], since: date, end: date) -> date | None:
    return max((day for day in days if since <= day <= end), default=None)


def one(who: str, holder: Row, left_out: bool = False, apart: bool = False, value: float = 1.0) -> Found:
    """A case of a count, a rate or a mean number of days."""
    return found(who, holder, LEFT_OUT) if left_out else found(who, holder, NOT_MET, value=value, weight=1.0, apart=apart)


def cla_open(t: Tables, end: date) -> Iterator[Found]:
    yield from (one(e.child_id, held) for e, held in in_care(t, end))


# Visits by regulation 28 -------------------------------------------------------------------------------------------------------


def visit_rule(t: Tables, e: Row, day: date, seen_since: Callable[[date], date | None]) -> tuple[date | None, date]:
    """When the child was last seen in this arrangement, as known on the day, and when the next visit is due."""
    p = last_begun(t, "placement", e.child_id, day)
    p = p if p and p.started_on >= e.started_on else None
    began, kind = (p.started_on, p.placement_kind) if p else (e.started_on, None)
    order, dated = status(t, e, day), dated_status(t, e, day)
    if kind == "P1" and order in ("C1", "C2"):
        since = max(began, dated.started_on) if dated else began
        seen = seen_since(since)
        if seen is None:
            return None, since + WEEK
        if order == "C2":
            return seen, seen + SIX_WEEKS
        reviews = [r.happened_on for r in of(t, "cla_review", e.child_id) if not r.cancelled]
        return seen, seen + (FOUR_WEEKS if any(since <= r <= min(seen + WEEK, day) for r in reviews) else WEEK)
    seen = seen_since(began)
    if seen is None:
        return None, began + WEEK
    return seen, months_on(seen, 3) if kind in ("U1", "U4") and seen >= months_on(began, 12) else seen + SIX_WEEKS


def cla_visits_in_time(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        seen, due = visit_rule(t, e, end, lambda since, e=e: last_seen(t, e.child_id, "cla", since, end))
        yield found(e.child_id, held, said_met(end <= due), due=due, apart=seen is None and end <= due)


def cla_visits_due_made(t: Tables, end: date) -> Iterator[Found]:
    """Each stretch of care (placement, or care order while with a parent) owes a first visit, and each visit made owes the next."""
    for e in rows(t, "cla_episode"):
        if e.legal_status_kind in ("V3", "V4"):
            continue
        log = [v for v in of(t, "visit", e.child_id) if v.cohort_kind == "cla" and v.origin_kind == "log" and v.child_seen]
        visits = sorted({v.happened_on for v in log})
        starts = stretches(t, e)
        for start, until in zip(starts, [*starts[1:], e.ended_on], strict=True):
            made = [v for v in visits if start <= v and (until is None or v < until)]
            owed = [(visit_rule(t, e, start, lambda since: None)[1], made[0] if made else None)]
            for v, following in zip(made, [*made, None][1:], strict=True):
                seen_by_then = [w for w in visits if w <= v]
                due = visit_rule(t, e, v, lambda since, days=seen_by_then, v=v: last_day(days, since, v))[1]
                owed.append((due, following))
            for due, done in owed:
                if this_month(due, end) and (until is None or due < until):
                    yield found(e.child_id, held_by(t, e, "cla", end), said_met(done is not None and done <= due))


def stretches(t: Tables, e: Row) -> list[date]:
    def inside(day: date) -> bool:
        return e.started_on <= day and (e.ended_on is None or day < e.ended_on)

    starts = {e.started_on} | {p.started_on for p in of(t, "placement", e.child_id) if inside(p.started_on)}
    for s in of(t, "legal_status", e.child_id):
        p = last_begun(t, "placement", e.child_id, s.started_on)
        with_parent = p is not None and p.started_on >= e.started_on and p.placement_kind == "P1"
        if s.legal_status_kind in ("C1", "C2") and inside(s.started_on) and with_parent:
            starts.add(s.started_on)
    return sorted(starts)


# Placements and workers --------------------------------------------------------------------------------------------------------


def homes(t: Tables, child: str) -> list[Row]:
    """The placements of a child as homes: start, end, kind at the start, and the start of the home it followed on from without a gap."""
    every = sorted(of(t, "placement", child), key=lambda p: p.started_on)
    times = of(t, "cla_episode", child)
    stays = []
    for p, following in zip(every, [*every[1:], None], strict=True):
        care = [e for e in times if e.legal_status_kind not in ("V3", "V4") and is_open(e, p.started_on)]
        breaks = [e for e in times if e.legal_status_kind in ("V3", "V4") and is_open(e, p.started_on)]
        ends = [p.ended_on, following.started_on if following else None, care[0].ended_on if care else None]
        end = min((day for day in ends if day), default=None)
        stays.append(Row(p=p, start=p.started_on, end=end, temporary=(p.placement_kind or "").startswith("T"), away=breaks and not care))
    found_homes: list[Row] = []
    for n, stay in enumerate(stays):
        if stay.temporary or stay.away or (stay.end and stay.end <= stay.start):
            continue
        home = found_homes[-1] if found_homes else None
        follows = home is not None and home.end == stay.start
        if home is not None and (kept_by_reason(home, stay, follows) or gone_back(home, stay, stays[:n])):
            home.end, home.last = stay.end, stay.p
        else:
            before = home.start if home is not None and follows else None
            found_homes.append(Row(start=stay.start, end=stay.end, kind=stay.p.placement_kind, last=stay.p, before=before))
    return found_homes


def kept_by_reason(home: Row, stay: Row, follows: bool) -> bool:
    return follows and (home.last.change_kind == "PLACE" or stay.p.placement_kind in ("A3", "A5"))


def gone_back(home: Row, stay: Row, earlier: list[Row]) -> bool:
    if len(earlier) < 2 or not earlier[-1].temporary or earlier[-1].end != stay.start or earlier[-2].end != earlier[-1].start:
        return False
    return all(getattr(home.last, name) == getattr(stay.p, name) for name in ("placement_kind", "provider_kind", "urn"))


def touched_the_year(start: date, ended: date | None, end: date) -> bool:
    return start <= end and not (ended is not None and ended <= months_on(end, -12) + ONE_DAY)


def cla_three_placements(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        count = sum(touched_the_year(home.start, home.end, end) for home in homes(t, e.child_id))
        yield found(e.child_id, held, said_met(count >= 3) if count else LEFT_OUT)


def cla_long_term_stability(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        sixteen = aged(t, e.child_id, 16, end)
        if months_on(e.started_on, 30) > end or sixteen:
            continue
        home = max((h for h in homes(t, e.child_id) if h.start <= end), key=lambda h: h.start, default=None)
        if sixteen is None or placement(t, e, end) is None or home is None or home.start < e.started_on:
            yield found(e.child_id, held, LEFT_OUT)
        else:
            began = home.before if home.kind in ("A3", "A4", "A5", "A6") and home.before else home.start
            yield found(e.child_id, held, said_met(months_on(began, 24) <= end))


def cla_over_20_miles(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        p = placement(t, e, end)
        known = p is not None and p.distance_miles is not None and p.out_of_area is not None
        yield found(e.child_id, held, said_met(p.distance_miles > 20 and p.out_of_area) if known and p else LEFT_OUT)


def in_house_foster(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        p = placement(t, e, end)
        if p and p.placement_kind in ("U1", "U2", "U3", "U4", "U5", "U6"):
            yield found(e.child_id, held, said_met(p.provider_kind == "PR1") if p.provider_kind else LEFT_OUT)


def own_provision(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        p = placement(t, e, end)
        yield found(e.child_id, held, said_met(p.provider_kind == "PR1") if p and p.provider_kind else LEFT_OUT)


def unregulated_placements(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        p = placement(t, e, end)
        if p is None or p.placement_kind is None:
            yield one(e.child_id, held, left_out=True)
        elif p.placement_kind in ("H5", "P2", "Z1"):
            yield one(e.child_id, held, apart=not aged(t, e.child_id, 16, end))


def three_social_workers(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        ours = [i for i in of(t, "involvement", e.child_id) if i.role not in NOT_SOCIAL_WORKERS]
        lasting = [i for i in ours if i.ended_on is None or i.ended_on > i.started_on]
        workers = {i.worker_id for i in lasting if touched_the_year(i.started_on, i.ended_on, end)}
        yield found(e.child_id, held, said_met(len(workers) >= 3) if workers else LEFT_OUT)


# Reviews and taking part ---------------------------------------------------------------------------------------------------------


def cla_reviews_in_time(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        days = sorted(r.happened_on for r in of(t, "cla_review", e.child_id) if not r.cancelled and e.started_on <= r.happened_on <= end)
        unknown_before = bool(days) and days[0] > months_on(e.started_on, 12)
        due, late = nth_working_day(e.started_on, 20), False
        for n, day in enumerate(days):
            if day > due and not (n == 0 and unknown_before):
                late = late or day >= months_on(end, -12)
            due = months_on(day, 3) if n == 0 and not unknown_before else months_on(day, 6)
        if not days and end <= due:
            yield found(e.child_id, held, LEFT_OUT, due=due)
        else:
            yield found(e.child_id, held, said_met(end <= due and not late), due=due, apart=unknown_before)


def cla_participation(t: Tables, end: date) -> Iterator[Found]:
    for r in rows(t, "cla_review"):
        if this_month(r.happened_on, end) and not r.cancelled:
            code, four = r.participation_kind, aged(t, r.child_id, 4, r.happened_on)
            unknown = code in ("PN0", None) or four is False
            yield found(r.child_id, holder_of(t, r, end), LEFT_OUT if unknown else said_met(code in ("PN1", "PN2", "PN3", "PN5", "PN6")))


def iro_contact(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        last = last_day([c.happened_on for c in of(t, "iro_contact", e.child_id)], e.started_on, end)
        due = months_on(last or e.started_on, 6)
        yield found(e.child_id, held, said_met(end <= due), due=due, apart=last is None and end <= due)


def iro_escalations(t: Tables, end: date) -> Iterator[Found]:
    for x in rows(t, "iro_escalation"):
        if this_month(x.happened_on, end) and x.stage_kind != "informal":
            yield one(x.child_id, holder_of(t, x, end), left_out=x.stage_kind is None)


def iro_escalations_resolved(t: Tables, end: date) -> Iterator[Found]:
    for x in rows(t, "iro_escalation"):
        due = nth_working_day(x.happened_on, 20)
        if this_month(due, end) and x.stage_kind != "informal":
            backwards = x.resolved_on is not None and x.resolved_on < x.happened_on
            met = said_met(x.resolved_on is not None and x.resolved_on <= due)
            yield found(x.child_id, holder_of(t, x, end), LEFT_OUT if x.stage_kind is None or backwards else met, due=due)


def participation_activity(t: Tables, end: date) -> Iterator[Found]:
    for e, held in in_care(t, end):
        days = [p.happened_on for p in of(t, "participation", e.child_id) if p.participation_kind != "review"]
        part = last_day(days, months_on(end, -12), end) is not None
        yield found(e.child_id, held, LEFT_OUT if aged(t, e.child_id, 4, end) is False else said_met(part))


NAIVE_CARE: dict[str, Naive] = {
    rule.__name__: rule
    for rule in (
        cla_open, cla_visits_in_time, cla_visits_due_made, cla_three_placements, cla_long_term_stability, cla_over_20_miles,
        in_house_foster, own_provision, unregulated_placements, three_social_workers, cla_reviews_in_time, cla_participation, iro_contact,
        iro_escalations, iro_escalations_resolved, participation_activity,
    )
}  # fmt: skip
