"""What is done for a child in care: reviews and the officer's contacts, health and dental checks, a plan, returns from being missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from data.sample import codes, story
from data.sample.days import FAR, months_before, working_after, working_on_or_before
from data.sample.records import Care, Placement, Records
from data.sample.rhythm import done_again

TOOK_PART, DID_NOT = ("PN1", "PN1", "PN1", "PN2", "PN3", "PN5", "PN6", "PN6"), ("PN4", "PN7", "PN7")
CHANGES = ("CARPL", "CARPL", "CARPL", "CREQB", "CREQO", "LAREQ", "CHILD", "CLOSE", "STAND", "ALLEG")
HALF_A_YEAR, A_YEAR = 182, 365


@dataclass(slots=True)
class Review:
    """A statutory review; `code` says how the child took part."""

    day: int
    due: int
    code: str
    cancelled: bool = False


@dataclass(slots=True)
class Missing:
    """A time away: missing, or absent (away without authority)."""

    start: int
    end: int
    kind: str
    offered: bool
    accepted: bool
    interviewed: int = FAR


@dataclass(slots=True)
class Looked:
    """All of it, for one time in care."""

    care: Care
    planned_on: int
    reviews: list[Review] = field(default_factory=list)
    contacts: list[int] = field(default_factory=list)
    health: list[int] = field(default_factory=list)
    dental: list[int] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)


def look_after(rng: Random, records: Records, last: int) -> dict[int, Looked]:
    """What was done in each time in care, by the id() of the time in care; and placements given their distance and what they may be."""
    found: dict[int, Looked] = {}
    for care in records.care:
        _settle_placements(rng, care)
        found[id(care)] = _one(rng, care, min(care.end, last + 1))
    return found


def _one(rng: Random, care: Care, until: int) -> Looked:
    soon = rng.random() < story.PLANNED_BY_SECOND_REVIEW.at(care.start)
    one = Looked(care, care.start + (rng.randrange(60, 116) if soon else rng.randrange(180, 1800)))
    one.reviews = _reviews(rng, care, until)
    for review in one.reviews:
        if not review.cancelled and rng.random() < 0.93:
            one.contacts.append(max(review.day - 9, care.start))
    young = care.child.born > care.start - 5 * A_YEAR
    fifth = care.child.born + 5 * A_YEAR
    if young:
        one.health = done_again(rng, care.start, min(until, fifth), HALF_A_YEAR, story.HEALTH_CHECKED.at, first=26)
    if until > fifth:
        since, first = (fifth, HALF_A_YEAR) if young else (care.start, 26)
        one.health += done_again(rng, since, until, A_YEAR, story.HEALTH_CHECKED.at, first=first)
    one.dental = done_again(rng, care.start, until, A_YEAR, story.DENTAL_CHECKED.at, first=120)
    one.missing = _missing(rng, care, until)
    return one


def _reviews(rng: Random, care: Care, until: int) -> list[Review]:
    """The first in 20 working days, the second 3 months after it, then every 6 months: or some days late."""
    out: list[Review] = []
    due, at = working_after(care.start, 20), care.start
    while True:
        in_time = rng.random() < story.CARE_REVIEWS.at(due)
        early = rng.randrange(0, 8 if not out else 21)
        held = working_on_or_before(due - early) if in_time else working_after(due, 1 + int(rng.expovariate(1 / 12)))
        held = max(held, at + 1)
        if held >= until:
            return out
        if rng.random() < 0.03 and held - 14 > at:
            out.append(Review(held - 14, due, "PN7", cancelled=True))
        out.append(Review(held, due, _code(rng, care, held)))
        due = months_before(held, -3 if sum(not review.cancelled for review in out) == 1 else -6)
        at = held


def _code(rng: Random, care: Care, on: int) -> str:
    if care.child.age_on(on) < 4.02:
        return "PN0"
    return rng.choice(TOOK_PART if rng.random() < story.TAKES_PART.at(on) else DID_NOT)


def _missing(rng: Random, care: Care, until: int) -> list[Missing]:
    """A few older children go missing, some of them often."""
    if care.child.age_on(until) < 12 or rng.random() > 0.16:
        return []
    out: list[Missing] = []
    every, at = rng.choice((60, 150, 400)), max(care.start, care.child.born + 11 * A_YEAR)
    while True:
        at += 3 + int(rng.expovariate(1 / every))
        back = at + rng.choice((0, 0, 1, 1, 1, 2, 3, 5))
        if back >= until:
            return out
        offered = rng.random() < 0.85
        out.append(Missing(at, back, rng.choice("MMMA"), offered, offered and rng.random() < 0.6))
        at = back


def interview(rng: Random, looked: Iterable[Looked]) -> None:
    """The day of each return interview that was offered and accepted: more and more often within three days of the return."""
    for one in (gone for each in looked for gone in each.missing if gone.accepted):
        soon = rng.random() < story.INTERVIEWED_IN_TIME.at(one.end)
        one.interviewed = one.end + (rng.randrange(0, 4) if soon else 4 + int(rng.expovariate(1 / 5)))


def _settle_placements(rng: Random, care: Care) -> None:
    """Give each placement its distance, and only to those old or young enough a kind that is for them alone."""
    for placement in care.placements:
        placement.miles = round(rng.triangular(4, 75, 16) if placement.out_of_area else rng.triangular(0.5, 26, 6), 1)
        placement.change = rng.choice(CHANGES)
        age = care.child.age_on(placement.start)
        if "H5" in placement.kind and age < 16 and placement.place % 16:
            placement.kind, placement.provider = codes.CHILDRENS_HOME
        elif "K2" in placement.kind and age >= 16 and placement.place % 2:
            placement.kind, placement.provider = codes.SUPPORTED_HOME
        elif "A4" in placement.kind and age > 6:
            placement.kind, placement.provider = codes.FOSTERED
        if "P1" in placement.kind:
            placement.out_of_area, placement.miles = False, 0.0


def placement_on(care: Care, day: int) -> Placement:
    """Where the child lived on a day of the time in care."""
    return next(p for p in reversed(care.placements) if p.start <= day)


def legal_status_on(care: Care, day: int) -> tuple[int, str]:
    """The legal status on a day, and since when."""
    return (care.order_on, "C2: FCO") if care.order_on != FAR and care.order_on <= day else (care.start, care.status)
