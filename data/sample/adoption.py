"""Ways to adoption: children for whom it was decided, and the adults who asked to adopt."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from data.sample import codes
from data.sample.days import FAR, working_on_or_before
from data.sample.records import Care, Records
from data.sample.rhythm import about, day_in

YOUNG, LEAST, MOST = 9, 150, 1100  # years old at the most; days in care before moving in with the family
KEEPS_ITS_KIND = ("P1", "U4", "U3")  # with parents, for good, with relatives: no way to adoption from there


@dataclass(slots=True)
class Adopted:
    """A child's way to adoption; FAR for what has not come."""

    care: Care
    family: str
    decided: int
    ordered: int = FAR
    matched: int = FAR
    placed: int = FAR
    adopted: int = FAR
    given_up: int = FAR


@dataclass(slots=True)
class Adopter:
    """Somebody who asked to adopt: the days of each step, FAR for what has not come."""

    adopter_id: str
    family: str
    sex: str
    ethnicity: str
    asked: int
    stage_1: tuple[int, int] = (FAR, FAR)
    stage_2: tuple[int, int] = (FAR, FAR)
    approved: int = FAR
    left: int = FAR
    reason: str = ""


def adopt(rng: Random, records: Records, last: int) -> list[Adopted]:
    """Which children in care are on the way to adoption. Makes the last placement of those placed an adoptive one."""
    found: list[Adopted] = []
    for care in (one for one in records.care if one.placements):
        moved = care.placements[-1].start
        known = min(care.end, last)
        possible = (
            care.child.age_on(known) < YOUNG
            and LEAST <= moved - care.start <= MOST
            and not any(kind in care.placements[-1].kind for kind in KEEPS_ITS_KIND)
        )
        if care.end <= last:
            if possible and (care.ended_by == codes.ADOPTED or rng.random() < 0.8):
                care.ended_by = codes.ADOPTED
                found.append(_placed(rng, care, moved, f"AF{len(found) + 101}", care.end))
            elif care.ended_by == codes.ADOPTED:
                care.ended_by = codes.RETURNED_HOME
        elif possible and rng.random() < 0.35:
            found.append(_placed(rng, care, moved, f"AF{len(found) + 101}", FAR))
        elif care.child.age_on(known) < YOUNG and known - care.start > LEAST and rng.random() < 0.12:
            found.append(_waiting(rng, care, known, f"AF{len(found) + 101}"))
    return found


def _placed(rng: Random, care: Care, placed: int, family: str, adopted: int) -> Adopted:
    placement = care.placements[-1]
    placement.kind, placement.provider = codes.ADOPTIVE
    care.permanence = codes.PERMANENCE[1]
    span = placed - care.start
    decided, ordered, matched = (
        working_on_or_before(care.start + int(span * part)) for part in sorted(rng.uniform(low, low + 0.18) for low in (0.35, 0.55, 0.78))
    )
    return Adopted(care, family, max(decided, care.start), ordered, matched, placed, adopted)


def _waiting(rng: Random, care: Care, known: int, family: str) -> Adopted:
    one = Adopted(care, family, working_on_or_before(care.start + rng.randrange(120, max(known - care.start, 121))))
    care.permanence = codes.PERMANENCE[1]
    if rng.random() < 0.7:
        one.ordered = one.decided + rng.randrange(20, 90)
    if rng.random() < 0.2:
        one.given_up = one.decided + rng.randrange(150, 500)
    return one


def ask(rng: Random, months: range, scale: float) -> list[Adopter]:
    """About nine people a month ask to adopt; a third of them are approved, some eight months on."""
    found: list[Adopter] = []
    for month in months:
        for _ in range(about(rng, 9 * scale)):
            number = len(found)
            one = Adopter(
                f"AD{number + 1001}", f"PF{number // 2 + 501}", codes.SEXES[number % 2],
                rng.choices(codes.ETHNICITIES, codes.ETHNICITY_WEIGHTS)[0], day_in(rng, month),
            )  # fmt: skip
            _go_on(rng, one)
            found.append(one)
    return found


def _go_on(rng: Random, one: Adopter) -> None:
    if rng.random() < 0.4:
        one.left, one.reason = one.asked + rng.randrange(10, 60), codes.LEAVES_ADOPTING[0]
        return
    first = one.asked + rng.randrange(10, 35)
    one.stage_1 = (first, first + rng.randrange(50, 80))
    if rng.random() < 0.25:
        one.left, one.reason = one.stage_1[1] + 5, rng.choice(codes.LEAVES_ADOPTING)
        return
    second = one.stage_1[1] + rng.randrange(3, 20)
    one.stage_2 = (second, second + rng.randrange(95, 150))
    one.approved = one.stage_2[1] + rng.randrange(5, 25)
