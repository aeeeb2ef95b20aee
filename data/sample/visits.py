"""Visits: each one made early, on time or late, so that the share seen in time on a day follows the story; recorded days later."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from data.sample import story
from data.sample.council import Worker
from data.sample.days import FAR, month_end, month_of, working_after, working_count, working_on_or_before, years_after
from data.sample.records import Care, Child, Phase, Records, Referral

COHORTS = {"cp": "CP", "cin": "CIN", "cla": "CLA", "contact": "CONTACT"}
WORKING = {"cp": (10, 7.6), "cin": (20, 15.5)}  # the standard in working days, and how long a visit made in time is after the last one


@dataclass(slots=True)
class Visit:
    child: Child
    cohort: str
    day: int
    due: int
    recorded: int
    team: str
    worker: str
    seen: bool = True
    alone: bool | None = None
    bedroom: bool | None = None
    virtual: bool = False


def share_on_time(wanted: float, limit: float, usual: float, late: float) -> float:
    """How many gaps must be within the limit for `wanted` children to be in time on any one day.

    A child is in time while the gap lasts and is within the limit, so the share is E[min(gap, limit)] / E[gap].
    """
    spare = (1 - wanted) * (limit - usual)
    return min(max((wanted * late - (1 - wanted) * limit) / (wanted * late - spare), 0.0), 1.0)


def shifted(share: float, by: float) -> float:
    """A share moved by some log odds."""
    share = min(max(share, 0.02), 0.98)
    return 1 / (1 + math.exp(-(math.log(share / (1 - share)) + by)))


class VisitLog:
    """Every visit made to every child, in order."""

    def __init__(self, rng: Random, records: Records, workers: dict[str, Worker], first: int, last: int) -> None:
        self._rng, self._workers, self._first, self._last = rng, workers, first, last
        self._moods = {(team, quarter): rng.gauss(0, 0.10) for team in story.TEAM_SHARES for quarter in range(60)}
        self.visits: list[Visit] = []
        care = {id(spell.phase): spell for spell in records.care}
        strategies: dict[str, list[int]] = {}
        for enquiry in records.enquiries:
            strategies.setdefault(enquiry.child.child_id, []).append(enquiry.day)
        for child in records.children:
            for phase in child.phases:
                if phase.kind in WORKING:
                    self._plan(child, phase)
                elif phase.kind == "cla":
                    self._care(care[id(phase)])
        for referral in records.referrals:
            began = strategies.get(referral.child.child_id, ())
            self._contact(referral, urgent=any(referral.day <= on <= working_after(referral.day, 1) for on in began))
        self.visits.sort(key=lambda v: (v.recorded, v.day, v.child.child_id, v.cohort))

    def _wanted(self, cohort: str, child: Child, day: int) -> float:
        team, worker = child.holder_at(max(day, self._first))
        mood = self._moods[team, (day - self._first) // 45 % 60]
        return shifted(story.visits_in_time(cohort, team, day), self._workers[worker].knack + mood)

    def _gap(self, cohort: str, child: Child, day: int, limit: float, usual: float) -> float:
        wanted = self._wanted(cohort, child, day)
        late = limit * max(1.0, 1.35 * (1 - wanted) / wanted)
        if self._rng.random() < share_on_time(wanted, limit, usual, late):
            return self._rng.uniform(2 * usual - limit, limit + 0.4)
        return limit + 1 + self._rng.expovariate(1 / max(late - 1, 0.5))

    def _plan(self, child: Child, phase: Phase) -> None:
        limit, usual = WORKING[phase.kind]
        since = max(phase.start, self._first - 60)
        while True:
            at = working_after(since, max(1, int(self._gap(phase.kind, child, since, limit, usual) + 0.5)))
            if at >= phase.end or at > self._last:
                return
            self._add(child, phase.kind, at, working_after(since, limit))
            since = at

    def _care(self, care: Care) -> None:
        for index, placement in enumerate(care.placements):
            following = care.placements[index + 1].start if index + 1 < len(care.placements) else FAR
            end = min(following, care.phase.end, self._last + 1)
            settled = placement.start >= care.long_term_from
            since, limit = max(placement.start, self._first - 120), 7 if placement.start > self._first - 120 else 42
            while True:
                gap = self._gap("cla", care.child, since, limit, limit * 0.8)
                at = max(working_on_or_before(since + int(gap)), working_after(since, 1))
                if at >= end:
                    break
                self._add(care.child, "cla", at, since + limit)
                since, limit = at, 91 if settled and at > years_after(placement.start, 1) else 42

    def _contact(self, referral: Referral, *, urgent: bool) -> None:
        if referral.closed_without_action:
            return
        rng, child, limit = self._rng, referral.child, 1 if urgent else 5
        wanted = shifted(story.SEEN_AFTER_CONTACT.at(referral.day), self._workers[child.holder_at(referral.day)[1]].knack)
        if rng.random() < wanted:
            after = min(rng.randrange(0, limit + 1), rng.randrange(0, limit + 1)) if rng.random() < 0.4 else limit - rng.randrange(0, 2)
        elif rng.random() < 0.12:
            return
        else:
            after = limit + 1 + int(rng.expovariate(1 / 5))
        at = working_after(working_on_or_before(referral.day), after)
        if max(at, referral.day) <= self._last:
            self._add(child, "contact", max(at, referral.day), working_after(referral.day, limit))

    def _add(self, child: Child, cohort: str, at: int, due: int) -> None:
        if at < self._first:
            return
        rng = self._rng
        team, worker = child.holder_at(at)
        if rng.random() < 0.045 and working_count(at) > 3:
            tried = working_after(working_on_or_before(at - 4), 1)
            self.visits.append(Visit(child, cohort, tried, due, self._recorded(team, tried), team, worker, seen=False))
        visit = Visit(child, cohort, at, due, self._recorded(team, at), team, worker)
        visit.alone = rng.random() < 0.72 if rng.random() < 0.92 else None
        visit.bedroom = rng.random() < 0.6 if rng.random() < 0.9 else None
        visit.virtual = rng.random() < 0.02
        self.visits.append(visit)

    def _recorded(self, team: str, at: int) -> int:
        rng = self._rng
        if rng.random() < story.recorded_in_two_days(team, at):
            recorded = working_after(at, rng.choice((0, 0, 0, 0, 0, 1, 2)))
        else:
            recorded = working_after(at, 3 + int(rng.expovariate(1 / (4 if team == "Mill" else 3))))
        chased = working_on_or_before(month_end(month_of(at)))
        if at <= chased < recorded and rng.random() < story.MONTH_END_CHASE.get(team, story.MONTH_END_CHASE_USUAL):
            return chased
        return recorded
