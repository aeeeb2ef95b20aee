"""Annex A lists 8 to 11: children in care, care leavers, children on the way to adoption and those who asked to adopt."""

from __future__ import annotations

from data.sample import codes
from data.sample.adoption import Adopted, Adopter
from data.sample.annex_a_rows import NO, YES, after, known, latest, who
from data.sample.care_practice import Missing, legal_status_on, placement_on
from data.sample.days import FAR, months_before
from data.sample.files import Cell
from data.sample.leaving import standing
from data.sample.records import Care
from data.sample.simulation import Simulation


def looked_after(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    return [_care_row(sim, care, as_at) for care in sim.records.care if care.start <= as_at and care.end > since]


def _care_row(sim: Simulation, care: Care, as_at: int) -> list[Cell]:
    child, start, end = care.child, care.start, care.end
    until, year, done = min(end, as_at), months_before(as_at, 12), sim.looked[id(care)]
    placement = placement_on(care, until)
    seen = after(start, sim.last_seen(child, as_at, "cla"))
    status_on, status = legal_status_on(care, as_at)
    plan = care.permanence if care.long_term_from == FAR or as_at >= care.long_term_from else "g) other"
    placements = sum(year < p.start <= until for p in care.placements) + (care.placements[0].start <= year)
    gone = [one for one in done.missing if year < one.start <= until]
    missing = [one for one in gone if one.kind == "M"]
    return [
        *who(child, as_at), YES if child.unaccompanied and start > year else NO, child.disabled, start, child.need,
        YES if sum(p.kind == "cla" and months_before(start, 12) < p.end <= start for p in child.phases) else NO,
        status_on, status, latest([review.day for review in done.reviews if not review.cancelled], until), seen.day if seen else None,
        plan if done.planned_on <= until else None, latest(done.contacts, until), latest(done.health, until), latest(done.dental, until),
        max(placements, 1), known(end, as_at), care.ended_by if end <= as_at else None,
        placement.start, placement.kind, placement.provider,
        f"ZZ{placement.place % 90 + 1} {placement.place % 9}ZZ", placement.urn,
        "b) Out" if placement.out_of_area else "a) In", "Invented Neighbour" if placement.out_of_area else "Invented Council",
        len(missing), len(gone) - len(missing), *_interview(missing), *child.holder_at(max(until - (end <= as_at), start)),
    ]  # fmt: skip


def _interview(missing: list[Missing]) -> list[Cell]:
    if not missing:
        return [None, None]
    last = missing[-1]
    return [YES if last.offered else NO, (YES if last.accepted else NO) if last.offered else None]


def care_leavers(sim: Simulation, as_at: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for one in sim.leavers:
        if one.listed_on(as_at):
            now = standing(one, as_at)
            team, worker = one.child.holder_at(as_at) if as_at < one.left else (one.child.team, one.adviser)
            rows.append([
                *who(one.child, as_at), YES if one.child.unaccompanied else NO, one.child.disabled, team, worker, one.adviser,
                codes.ELIGIBILITY[one.eligibility_on(as_at)], latest(one.reviews, as_at), codes.IN_TOUCH[now.in_touch], now.contact,
                now.home, "a) Suitable" if now.suitable else "b) Unsuitable", now.activity,
            ])  # fmt: skip
    return rows


def adoptions(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    return [_adoption_row(one, as_at) for one in sim.adoptions if one.decided <= as_at and min(one.adopted, one.given_up) > since]


def _adoption_row(one: Adopted, as_at: int) -> list[Cell]:
    child_id, *rest = who(one.care.child, as_at)
    steps = [known(day, as_at) for day in (one.ordered, one.matched, one.placed, one.adopted, one.given_up)]
    reason = codes.NO_LONGER_TO_BE_ADOPTED if steps[-1] else None
    return [child_id, one.family, *rest, one.care.child.disabled, one.care.start, one.decided, *steps, reason, None]


def adopters(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    return [_adopter_row(one, as_at) for one in sim.adopters if one.asked <= as_at and min(one.left, one.approved + 365) > since]


def _adopter_row(one: Adopter, as_at: int) -> list[Cell]:
    steps = [known(day, as_at) for day in (one.asked, *one.stage_1, *one.stage_2, min(one.stage_2[1], one.approved), one.approved)]
    left = known(one.left, as_at)
    return [
        one.adopter_id, one.family, one.sex, one.ethnicity, "b) No", "b) No", *steps, None, None, None, None, left,
        one.reason if left else None,
    ]  # fmt: skip
