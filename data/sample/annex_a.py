"""The Annex A workbook of one month: its eleven lists, as the case system held them on the month's last day."""

from __future__ import annotations

from data.sample import codes
from data.sample.annex_a_care import adopters, adoptions, care_leavers, looked_after
from data.sample.annex_a_headings import HEADINGS, date_columns
from data.sample.annex_a_rows import NO, YES, after, known, who
from data.sample.days import months_before
from data.sample.files import Cell, Sheet
from data.sample.protection_practice import Protected
from data.sample.records import Child, Phase
from data.sample.simulation import Simulation

__all__ = ["HEADINGS", "date_columns", "lists_of"]
STATUSES = {
    "cla": "a) Looked after child",
    "cp": "b) Child Protection plan",
    "cin": "c) Child in need plan",
    "assessment": "d) Open assessment",
}


def lists_of(sim: Simulation, as_at: int, *, history: int = 6) -> list[Sheet]:
    """The eleven lists. `history` is how many months of referrals list 3 goes back: longer in a council's first extract."""
    since = months_before(as_at, 6)
    year = months_before(as_at, 12)
    rows = {
        "List 1": _contacts(sim, as_at, since),
        "List 2": _early_help(sim, as_at, since),
        "List 3": _referrals(sim, as_at, months_before(as_at, history)),
        "List 4": _assessments(sim, as_at, since),
        "List 5": _enquiries(sim, as_at, since),
        "List 6": _in_need(sim, as_at, since),
        "List 7": _protected(sim, as_at, since),
        "List 8": looked_after(sim, as_at, since),
        "List 9": care_leavers(sim, as_at),
        "List 10": adoptions(sim, as_at, year),
        "List 11": adopters(sim, as_at, year),
    }
    return [Sheet(name, [list(HEADINGS[name]), *rows[name]], date_columns(name)) for name in HEADINGS]


def _contacts(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    return [[*who(c.child, as_at), c.day, c.source] for c in sim.front_door.contacts if since < c.day <= as_at]


def _early_help(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    given = (e for e in sim.front_door.early_help if e.start <= as_at and e.end > since)
    return [[*who(e.child, as_at), e.start, known(e.end, as_at), e.organisation] for e in given]


def _referrals(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    year = months_before(as_at, 12)
    rows: list[list[Cell]] = []
    for referral in sim.records.referrals:
        if since < referral.day <= as_at:
            others = max(sum(year < on <= as_at for on in referral.child.referred_on) - 1, 0)
            action = YES if referral.closed_without_action else NO
            what: list[Cell] = [referral.day, referral.source, action, others, referral.team, referral.worker]
            rows.append([*who(referral.child, as_at), *what])
    return rows


def _assessments(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for item in sim.records.assessments:
        if item.start <= as_at and item.authorised > since:
            done = known(item.authorised, as_at)
            holder = item.child.holder_at(min(item.authorised, as_at) - (item.authorised > item.start))
            rows.append([
                *who(item.child, as_at), item.child.disabled, item.start, item.seen if done else None, done,
                item.support if done else None, *holder,
            ])  # fmt: skip
    return rows


def _enquiries(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    year = months_before(as_at, 12)
    rows: list[list[Cell]] = []
    for item in sim.enquiries_by_day:
        still_open = item.conference is not None and item.conference > since
        if item.day <= as_at and (item.day > since or still_open):
            own = sim.enquiries_of[item.child.child_id]
            held = item.conference if item.conference is not None and item.conference <= as_at else None
            decided = item.day + 12 <= as_at
            rows.append([
                *who(item.child, as_at), item.child.disabled, item.day,
                (NO if item.conference else YES) if decided or held else None, held,
                (YES if item.led_to_plan else NO) if held else None,
                sum(year < e.day <= as_at for e in own),
                sum(e.conference is not None and year < e.conference <= as_at for e in own), *item.child.holder_at(held or item.day),
            ])  # fmt: skip
    return rows


def _in_need(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for child in sim.records.children:
        started = [p for p in child.phases if p.kind != "none" and p.start <= as_at]
        if not started or started[-1].end <= since:
            continue
        phase = started[-1]
        is_open = phase.end > as_at
        seen = sim.last_seen(child, as_at)
        rows.append([
            *who(child, as_at), child.disabled, phase.start, child.need, seen.day if seen else None, None if is_open else phase.end,
            None if is_open else codes.CLOSURES["assessed" if phase.kind == "assessment" else "served"],
            STATUSES[phase.kind] if is_open else "e) Closed episode", *_held_by(sim, child, phase, as_at),
        ])  # fmt: skip
    return rows


def _held_by(sim: Simulation, child: Child, phase: Phase, as_at: int) -> tuple[str, str | None]:
    if phase.end <= as_at:
        return child.holder_at(phase.end - 1)
    return sim.holder_in_need(child, as_at) if phase.kind == "cin" else child.holder_at(as_at)


def _protected(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for done in sim.protected:
        plan = done.plan
        start, end = plan.phase.start, plan.phase.end
        if start > as_at or end <= since:
            continue
        seen = after(start, sim.last_seen(plan.child, as_at, "cp"))
        reviews = _held(done, as_at)
        alone = (YES if seen.alone else "c) Unknown" if seen.alone is None else NO) if seen else None
        rows.append([
            *who(plan.child, as_at), plan.child.disabled, start, plan.first_category, plan.category if reviews else plan.first_category,
            seen.day if seen else None, alone, reviews[-1] if reviews else None, known(end, as_at),
            YES if start % 23 == 0 else NO, plan.earlier, *plan.child.holder_at(min(end - 1, as_at)),
        ])  # fmt: skip
    return rows


def _held(done: Protected, as_at: int) -> list[int]:
    return [review.day for review in done.reviews if review.day <= as_at]
