"""Before the court and in it: pre-proceedings, care proceedings, and checks of children who live with a parent under an order."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from data.sample import story
from data.sample.days import FAR, month_start, working_after, working_on_or_before
from data.sample.records import Care, Child, ProtectionPlan, Records
from data.sample.rhythm import about, day_in, done_again

PRE_PROCEEDINGS_A_MONTH, SIXTEEN_WEEKS, TWENTY_SIX_WEEKS = 13, 112, 181
IN_26_WEEKS = 0.38
CHECK_DAYS, REVIEW_DAYS = 182, 100
ORDERS = ("supervision order", "special guardianship order", "child arrangements order", "no order")


@dataclass(slots=True)
class Court:
    """One child's way through: FAR for what has not come or never does. No decision: it went to court at once."""

    child: Child
    decided: int = FAR
    left: int = FAR
    outcome: str | None = None
    issued: int = FAR
    heard: int = FAR
    order: str | None = None

    @property
    def first_day(self) -> int:
        return min(self.decided, self.issued)

    @property
    def last_day(self) -> int:
        return self.left if self.issued == FAR else self.heard


@dataclass(slots=True)
class Check:
    """A check of a child placed with a parent."""

    child: Child
    day: int
    kind: str
    outcome: str


def go_to_court(rng: Random, records: Records, months: range, scale: float) -> list[Court]:
    """Pre-proceedings of children with a protection plan, month by month; and the proceedings of those in care under an order."""
    found, known = [], set()
    for month in months:
        at = month_start(month)
        able = [p for p in records.plans if p.phase.start + 25 < at < p.phase.end - 40 and p.child.child_id not in known]
        for plan in rng.sample(able, min(about(rng, PRE_PROCEEDINGS_A_MONTH * scale), len(able))):
            known.add(plan.child.child_id)
            found.append(_before_court(rng, plan, day_in(rng, month), records))
    found += [_straight_to_court(rng, care) for care in records.care if _ordered(care, months) and care.child.child_id not in known]
    return sorted(found, key=lambda one: (one.first_day, one.child.child_id))


def _before_court(rng: Random, plan: ProtectionPlan, decided: int, records: Records) -> Court:
    in_time = rng.random() < story.PRE_PROCEEDINGS_IN_TIME.at(decided)
    left = working_on_or_before(decided + (rng.randrange(50, SIXTEEN_WEEKS + 1) if in_time else 114 + int(rng.expovariate(1 / 45))))
    one = Court(plan.child, decided, left)
    into_care = next((c for c in records.care if c.child is plan.child and c.start >= plan.phase.end), None)
    if into_care is not None or rng.random() < 0.35:
        one.outcome, one.issued = "decision to issue care proceedings", working_after(left, rng.randrange(0, 9))
        one.heard, one.order = _hearing(rng, one.issued), rng.choice(ORDERS)
    else:
        one.outcome = "decision to step down"
    return one


def _hearing(rng: Random, issued: int) -> int:
    short = rng.random() < IN_26_WEEKS
    return working_on_or_before(issued + (rng.randrange(120, TWENTY_SIX_WEEKS + 1) if short else 184 + int(rng.expovariate(1 / 110))))


def _ordered(care: Care, months: range) -> bool:
    return care.order_on < care.end and month_start(months[0]) <= care.order_on


def _straight_to_court(rng: Random, care: Care) -> Court:
    """Of those already under an interim order, when care began; of those there by agreement, when the council went to court."""
    took = care.order_on - care.start
    if care.status.startswith("V2"):
        took = min(rng.randrange(110, TWENTY_SIX_WEEKS) if rng.random() < IN_26_WEEKS else rng.randrange(185, 400), took)
    return Court(care.child, issued=care.order_on - took, heard=care.order_on, order="care order")


def check_parents(rng: Random, records: Records, last: int) -> list[Check]:
    """Unannounced checks, each due six months after the last, of children placed with parents; and reviews, told apart from them."""
    found: list[Check] = []
    for care in records.care:
        ends = [*(p.start for p in care.placements[1:]), care.end]
        for placement, end in zip(care.placements, ends, strict=False):
            if "P1" in placement.kind:
                for day in done_again(rng, placement.start, min(end, last + 1), CHECK_DAYS, story.SPOT_CHECKED.at):
                    found.append(Check(care.child, day, "spot check", rng.choice(("no concern", "no concern", "plan changed"))))
                for day in done_again(rng, placement.start, min(end, last + 1), REVIEW_DAYS, story.SPOT_CHECKED.at):
                    found.append(Check(care.child, day, "review", "agreed to go on"))
    return sorted(found, key=lambda one: (one.day, one.child.child_id))
