"""The children of the invented council: from referral through assessment, plans and care to closure."""

from __future__ import annotations

import math
from random import Random

from data.sample import codes, story
from data.sample.days import FAR, months_before, working_after, working_on_or_before
from data.sample.records import Assessment, Care, Child, Enquiry, Phase, Placement, ProtectionPlan, Records, Referral

IN_NEED, PROTECTED, LOOKED_AFTER = 1250, 340, 480  # children in each group on the first day of the simulation
DAYS_IN_NEED, DAYS_PROTECTED, DAYS_IN_CARE_SHORT, DAYS_IN_CARE_LONG = 258, 305, 220, 1500


def poisson(rng: Random, mean: float) -> int:
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count, product = count + 1, product * rng.random()
    return count


class Lives:
    """Lives every child's time with the council once, from the first day to the last, in order of the day of referral."""

    def __init__(self, rng: Random, first: int, last: int, scale: float) -> None:
        self._rng, self._last, self._scale = rng, last, scale
        self._next_id = 100000
        self._known: list[tuple[int, Child]] = []  # (day of referral, child), by day
        self.records = Records()
        self._begin_with_open_cases(first)
        for today in range(first, last + 1):
            weekday = (today + 3) % 7  # 0 is Monday: 1 January 1970 was a Thursday
            mean = story.referrals_a_month(today) * scale * (0.0455 if weekday < 5 else 0.0045)
            for _ in range(poisson(rng, mean)):
                self._refer(today)

    # --- how children come in -----------------------------------------------------------------------------------------------

    def _child(self, today: int) -> Child:
        rng = self._rng
        self._next_id += rng.randrange(1, 35)
        age = rng.choice((rng.uniform(0, 17.6), rng.triangular(0, 17.6, 3), rng.triangular(6, 17.8, 15.5)))
        born = today - int(age * 365.25)
        if rng.random() < 0.012:
            born = today + rng.randrange(20, 130)
        earlier = 0
        if rng.random() < story.EARLIER_PLANS.at(today) - 0.03:
            earlier = rng.choice((1, 1, 1, 2, 2, 3))
        child = Child(
            str(self._next_id), rng.choices(codes.SEXES, (51, 47, 1, 1))[0], rng.choices(codes.ETHNICITIES, codes.ETHNICITY_WEIGHTS)[0],
            born, rng.choices(codes.YES_NO_UNKNOWN, (12, 86, 2))[0], False, rng.choices(*codes.TEAMS)[0],
            rng.choices(codes.NEEDS, codes.NEED_WEIGHTS)[0], earlier,
        )  # fmt: skip
        self.records.children.append(child)
        return child

    def _begin_with_open_cases(self, first: int) -> None:
        begin = ((IN_NEED, DAYS_IN_NEED, self._in_need), (PROTECTED, DAYS_PROTECTED, self._protect), (LOOKED_AFTER, 900, self._look_after))
        for count, days, start in begin:
            for _ in range(round(count * self._scale)):
                child = self._child(first)
                child.born = min(child.born, first - 10)
                start(child, max(first - int(self._rng.expovariate(1 / days)) - 1, child.born), first)

    def _returning(self, today: int) -> Child | None:
        """A child referred in the last twelve months whose case is closed."""
        earliest = months_before(today, 12)
        while self._known and self._known[0][0] < earliest:
            self._known.pop(0)
        for _ in range(60):
            if not self._known:
                return None
            on, child = self._rng.choice(self._known)
            if child.referred_on[-1] == on < today and child.closed_on < today and today < child.adult_on - 60:
                return child
        return None

    def _refer(self, today: int) -> None:
        rng = self._rng
        child = (self._returning(today) if rng.random() < story.RE_REFERRALS.at(today) else None) or self._child(today)
        no_action = rng.random() < story.closed_without_action(today)
        child.referred_on.append(today)
        self._known.append((today, child))
        self.records.referrals.append(Referral(child, today, rng.choices(codes.SOURCES, codes.SOURCE_WEIGHTS)[0], no_action))
        if no_action:
            child.phases.append(Phase("none", today, today))
        else:
            self._assess(child, today)

    # --- what happens then --------------------------------------------------------------------------------------------------

    def _assess(self, child: Child, today: int) -> None:
        rng = self._rng
        in_time = rng.random() < story.ASSESSED_IN_TIME.at(today + 50)
        days = int(rng.triangular(11, 46, 36)) if in_time else 46 + int(rng.expovariate(1 / 11))
        authorised = working_after(today, days)
        phase = Phase("assessment", today, authorised)
        child.phases.append(phase)
        route = rng.choices(("conference", "care", "plan", "none"), (0.105, 0.042, 0.505, 0.348))[0]
        support = "a) Yes"
        if route == "none" and rng.random() < story.recorded_without_services(authorised):
            support = "b) No"
        seen = "a) Yes" if rng.random() < 0.97 else "b) No"
        self.records.assessments.append(Assessment(child, today, authorised, seen, support))
        if route == "conference":
            strategy = today if rng.random() < 0.3 else working_after(today, rng.randrange(1, 12))
            self._conference(child, strategy, phase)
            return
        if rng.random() < 0.15:
            self.records.enquiries.append(Enquiry(child, working_after(today, rng.choice((0, 0, 1, 2, 4, 8)))))
        if route == "care":
            phase.end = working_after(today, rng.randrange(0, 30))
            self._look_after(child, phase.end, phase.end)
        elif route == "plan":
            self._in_need(child, authorised, authorised)

    def _lasts(self, child: Child, days: float, least: int, known_open: int) -> int:
        """When something that was open on `known_open` ends: no later than the eighteenth birthday."""
        end = known_open + least + int(self._rng.expovariate(1 / days))
        return max(min(end, child.adult_on), known_open + 1)

    def _in_need(self, child: Child, began: int, known_open: int) -> None:
        rng = self._rng
        phase = Phase("cin", began, working_on_or_before(self._lasts(child, DAYS_IN_NEED, 15, known_open)))
        child.phases.append(phase)
        if phase.end > self._last or phase.end >= child.adult_on - 30:
            return
        route = rng.choices(("conference", "enquiry", "care", "closed"), (0.105, 0.14, 0.035, 0.72))[0]
        if route == "conference":
            self._conference(child, phase.end, phase)
        elif route == "enquiry":
            self.records.enquiries.append(Enquiry(child, max(phase.end - rng.randrange(10, 60), phase.start)))
        elif route == "care":
            self._look_after(child, phase.end, phase.end)

    def _conference(self, child: Child, strategy: int, phase: Phase) -> None:
        rng = self._rng
        in_time = rng.random() < story.CONFERENCES_IN_TIME.at(strategy)
        held = working_after(strategy, rng.randrange(8, 16) if in_time else 16 + int(rng.expovariate(1 / 6)))
        led = rng.random() < 0.86 and held < child.adult_on - 60
        self.records.enquiries.append(Enquiry(child, strategy, held, led))
        if led:
            phase.end = held
            self._protect(child, held, held)
        elif phase.kind == "assessment":
            phase.end = max(phase.end, held)
            self._in_need(child, phase.end, phase.end)
        else:
            phase.end = held

    def _protect(self, child: Child, began: int, known_open: int) -> None:
        rng = self._rng
        phase = Phase("cp", began, working_on_or_before(self._lasts(child, DAYS_PROTECTED, 25, known_open)))
        child.phases.append(phase)
        first = rng.choices(codes.CATEGORIES, (48, 8, 4, 38, 2))[0]
        latest = first if rng.random() < 0.9 else rng.choices(codes.CATEGORIES, (48, 8, 4, 38, 2))[0]
        self.records.plans.append(ProtectionPlan(child, phase, first, latest, child.earlier_plans))
        child.earlier_plans += 1
        if phase.end > self._last or phase.end >= child.adult_on - 30:
            return
        route = rng.choices(("plan", "care", "closed"), (0.58, 0.16, 0.26))[0]
        if route == "plan":
            self._in_need(child, phase.end, phase.end)
        elif route == "care":
            self._look_after(child, phase.end, phase.end)

    def _look_after(self, child: Child, began: int, known_open: int) -> None:
        rng = self._rng
        long = rng.random() < (0.88 if began < known_open else 0.58)
        days = DAYS_IN_CARE_LONG if long else DAYS_IN_CARE_SHORT
        phase = Phase("cla", began, working_on_or_before(self._lasts(child, days, 4, known_open)))
        child.phases.append(phase)
        child.unaccompanied = rng.random() < 0.05 and child.born < began - 14 * 366
        settled = began + rng.randrange(200, 700) if long and rng.random() < 0.4 else FAR
        care = Care(
            child, phase, "V2: Single period under S20" if rng.random() < 0.45 else "C1: ICO",
            began + rng.randrange(180, 420) if long and rng.random() < 0.8 else FAR, settled,
            "f) Long-term fostering" if settled < FAR else rng.choices(codes.PERMANENCE, (30, 12, 22, 10, 26))[0],
            codes.TURNED_18 if phase.end >= child.adult_on - 4 else rng.choices(codes.CARE_ENDS, codes.CARE_END_WEIGHTS)[0],
        )  # fmt: skip
        care.missing = rng.choices((0, 1, 2, 5), (90, 6, 3, 1))[0]
        self._place(care)
        self.records.care.append(care)
        if phase.end <= self._last and phase.end < child.adult_on - 30 and rng.random() < 0.3:
            self._in_need(child, phase.end, phase.end)

    def _place(self, care: Care) -> None:
        rng = self._rng
        at = care.phase.start
        while at < min(care.phase.end, self._last + 1):
            settled = at >= care.long_term_from
            kind, provider = (codes.LONG_TERM_FOSTERING, rng.choice(codes.FOSTER_PROVIDERS)) if settled else codes.placement(rng)
            care.placements.append(Placement(at, kind, provider, rng.random() < 0.3, rng.randrange(1, 400)))
            moves = at + 5 + int(rng.expovariate(1 / (2200 if settled else 420)))
            at = care.long_term_from if at < care.long_term_from < moves else moves
