"""Young people who are leaving care or have left it: at 16 and 17 in care, and from then to their twenty-second birthday."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from data.sample import codes, story
from data.sample.days import month_of, working_on_or_before, years_after
from data.sample.records import Child, Records
from data.sample.rhythm import done_again

ALREADY_LEFT = 210  # who left care before the simulation began
THIRTEEN_WEEKS, HALF_A_YEAR = 91, 182
ADVISERS = tuple(f"PA{number:02d}" for number in range(1, 15))
TEAMS = tuple(team for team in story.TEAM_SHARES if team != "Weir")


@dataclass(slots=True)
class Leaver:
    """One young person: a care leaver from `since`, `left` the day care ended (or the eighteenth birthday to come)."""

    child: Child
    since: int
    left: int
    adviser: str
    reviews: list[int]

    def listed_on(self, day: int) -> bool:
        return self.since <= day < years_after(self.child.born, 22)

    def eligibility_on(self, day: int) -> str:
        if day < self.left:
            return "eligible"
        return "relevant" if day < self.child.adult_on else "former_relevant"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a young person stood on a day."""

    in_touch: str
    contact: int | None
    home: str
    suitable: bool
    activity: str


def leave_care(rng: Random, records: Records, first: int, last: int, scale: float) -> list[Leaver]:
    """Everybody the leaving care service worked with."""
    found = [_of_before(rng, number, first, last) for number in range(round(ALREADY_LEFT * scale))]
    for care in records.care:
        sixteen = years_after(care.child.born, 16)
        since = max(sixteen, care.start + THIRTEEN_WEEKS)
        if since < min(care.end, last + 1):
            found.append(_leaver(rng, care.child, since, min(care.end, care.child.adult_on), last))
    by_child = {one.child.child_id: one for one in found}  # of two times in care, the later one
    return sorted(by_child.values(), key=lambda one: one.child.child_id)


def _of_before(rng: Random, number: int, first: int, last: int) -> Leaver:
    adult = first - 1 - rng.randrange(4 * 365)
    child = Child(
        str(50000 + number * 7), rng.choices(codes.SEXES, (55, 44, 1, 0))[0], rng.choices(codes.ETHNICITIES, codes.ETHNICITY_WEIGHTS)[0],
        years_after(adult, -18), rng.choices(codes.YES_NO_UNKNOWN, (14, 84, 2))[0], rng.random() < 0.12, rng.choice(TEAMS),
        codes.NEEDS[0], 0,
    )  # fmt: skip
    child.holders.append((0, child.team, rng.choice(ADVISERS)))
    return _leaver(rng, child, adult - rng.randrange(100, 700), adult, last)


def _leaver(rng: Random, child: Child, since: int, left: int, last: int) -> Leaver:
    until = min(years_after(child.born, 22), last + 1)
    return Leaver(child, since, left, rng.choice(ADVISERS), done_again(rng, since, until, HALF_A_YEAR, story.PATHWAY_PLANS.at, first=60))


def standing(one: Leaver, day: int) -> Standing:
    """How a young person stood on a day: it changes from one quarter to another, not from one month to the next."""
    rng = Random(f"{one.child.child_id} {month_of(day) // 3}")
    steady = Random(one.child.child_id)
    if day < one.child.adult_on:
        return Standing("yes", working_on_or_before(day - rng.randrange(28)), codes.HOMES[1], True, codes.WORKING_OR_LEARNING[1])
    in_touch = "yes" if rng.random() < story.IN_TOUCH else rng.choice(("no", "no", "no", "refused", "not_required"))
    suitable = 0.7 * steady.random() + 0.3 * rng.random() < story.SUITABLE_HOME - 0.1
    home = steady.choices(codes.HOMES, codes.HOME_WEIGHTS)[0] if suitable else rng.choice(codes.UNSUITABLE_HOMES)
    busy = 0.7 * steady.random() + 0.3 * rng.random() < story.IN_WORK_OR_LEARNING
    contact = working_on_or_before(day - rng.randrange(45 if in_touch == "yes" else 200))
    return Standing(
        in_touch, contact, home, suitable, (steady if busy else rng).choice(codes.WORKING_OR_LEARNING if busy else codes.NEITHER)
    )
