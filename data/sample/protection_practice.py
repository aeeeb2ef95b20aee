"""What is done for a child with a protection plan: review conferences, and core groups between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from data.sample import story
from data.sample.days import months_before, working_after, working_on_or_before
from data.sample.records import ProtectionPlan, Records
from data.sample.rhythm import done_again

CORE_GROUP_DAYS, FIRST_CORE_GROUP = 42, 10


@dataclass(slots=True)
class Conference:
    day: int
    due: int
    quorate: bool


@dataclass(slots=True)
class Protected:
    """All of it, for one plan. `core_groups` are (day, held)."""

    plan: ProtectionPlan
    reviews: list[Conference] = field(default_factory=list)
    core_groups: list[tuple[int, bool]] = field(default_factory=list)


def protect(rng: Random, records: Records, last: int) -> list[Protected]:
    """What was done under each plan, in the order of the plans."""
    return [_one(rng, plan, min(plan.phase.end, last + 1)) for plan in records.plans]


def _one(rng: Random, plan: ProtectionPlan, until: int) -> Protected:
    one, start = Protected(plan), plan.phase.start
    due = months_before(start, -3)
    while True:
        in_time = rng.random() < story.CONFERENCE_REVIEWS.at(due)
        held = working_on_or_before(due - rng.randrange(0, 12)) if in_time else working_after(due, 1 + int(rng.expovariate(1 / 10)))
        if held >= until:
            break
        one.reviews.append(Conference(held, due, rng.random() < 0.94))
        due = months_before(held, -6)
    first = working_after(start, FIRST_CORE_GROUP) - start
    for day in done_again(rng, start, until, CORE_GROUP_DAYS, story.CORE_GROUPS.at, first=first):
        one.core_groups.append((day, True))
        if rng.random() < 0.06 and day + 3 < until:
            one.core_groups.append((working_after(day, 2), False))
    return one
