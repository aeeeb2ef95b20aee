"""The whole simulation: council, children, who held them, visits, supervision and audits, from a seed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import attrgetter
from random import Random

from data.sample.adoption import adopt, ask
from data.sample.allocation import Allocation
from data.sample.care_practice import interview, look_after
from data.sample.case_talk import held_by_worker, talk, waiting
from data.sample.children import Lives
from data.sample.council import Council, by_id
from data.sample.court import check_parents, go_to_court
from data.sample.days import month_end, month_start
from data.sample.front_door import FrontDoor
from data.sample.leaving import leave_care
from data.sample.practice import audit, supervise
from data.sample.protection_practice import protect
from data.sample.records import Child, Enquiry
from data.sample.registers import ask_for, ask_to_foster, escalate, take_part
from data.sample.story import LAST_MONTH
from data.sample.visits import Visit, VisitLog

LEAD_IN = 15  # months simulated before the first extract, so that re-referrals and visits have a history
_recorded = attrgetter("recorded")  # the order the log of visits is in
REGISTERS_FROM = 9  # months before the first extract from which the small registers are kept


@dataclass(slots=True)
class LastSeen:
    day: int
    alone: bool | None


class Simulation:
    """Everything that happened in the invented council, and what its case system knew of visits on any month's last day."""

    def __init__(self, seed: int, months: int, scale: float) -> None:
        first_month = LAST_MONTH - months + 1
        lead_in = first_month - LEAD_IN
        first, last = month_start(lead_in), month_end(LAST_MONTH)
        self.seed, self.scale = seed, scale
        self.months = range(first_month, LAST_MONTH + 1)
        self.council = Council(Random(f"{seed} council"), lead_in, LAST_MONTH, scale)
        self.records = Lives(Random(f"{seed} lives"), first, last, scale).records
        Allocation(Random(f"{seed} allocation"), self.council, self.records).run(lead_in, LAST_MONTH)
        self.visits = VisitLog(Random(f"{seed} visits"), self.records, by_id(self.council.workers), first, last).visits
        practice = range(first_month - 3, LAST_MONTH + 1)
        self.sessions = supervise(Random(f"{seed} supervision"), self.council, self.records, practice)
        self.audits = audit(Random(f"{seed} audits"), self.records, self.months, scale)
        self.enquiries_by_day = sorted(self.records.enquiries, key=lambda e: (e.day, e.child.child_id))
        self.enquiries_of: dict[str, list[Enquiry]] = {}
        for enquiry in self.enquiries_by_day:
            self.enquiries_of.setdefault(enquiry.child.child_id, []).append(enquiry)
        self._known_to, self._next_visit = 0, 0
        self._seen: dict[tuple[str, str], LastSeen] = {}
        self._do_the_rest(practice, first, last)

    def _do_the_rest(self, practice: range, first: int, last: int) -> None:
        """Each part from a seed of its own, so that one can be changed and the others stay as they are."""
        records, scale = self.records, self.scale
        kept = range(self.months[0] - REGISTERS_FROM, LAST_MONTH + 1)
        self.looked = look_after(self._rng("care"), records, last)
        interview(self._rng("return interviews"), self.looked.values())
        self.adoptions = adopt(self._rng("adoption"), records, last)
        self.adopters = ask(self._rng("adopters"), kept, scale)
        self.protected = protect(self._rng("protection"), records, last)
        self.leavers = leave_care(self._rng("leaving"), records, first, last, scale)
        self.courts = go_to_court(self._rng("court"), records, range(self.months[0] - LEAD_IN, LAST_MONTH + 1), scale)
        self.parent_checks = check_parents(self._rng("parents"), records, last)
        self.front_door = FrontDoor(self._rng("front door"), records, range(self.months[0] - 7, LAST_MONTH + 1), scale)
        self.escalations = escalate(self._rng("escalations"), records, kept, scale)
        self.took_part = take_part(self._rng("taking part"), records, range(self.months[0] - 12, LAST_MONTH + 1))
        self.foster_enquiries = ask_to_foster(self._rng("fostering"), range(self.months[0] - LEAD_IN, LAST_MONTH + 1), scale)
        self.audit_actions = ask_for(self._rng("audit actions"), self.audits, records, range(self.months[0] - 3, self.months[0]))
        held = held_by_worker(records)
        self.discussed = talk(self._rng("case talk"), self.council, held, self.sessions, practice)
        self.waiting = waiting(self._rng("waiting"), records)

    def _rng(self, part: str) -> Random:
        return Random(f"{self.seed} {part}")

    def visits_recorded(self, first: int, last: int) -> list[Visit]:
        """Visits entered into the case system from one day to another."""
        return self.visits[bisect_left(self.visits, first, key=_recorded) : bisect_right(self.visits, last, key=_recorded)]

    def last_seen(self, child: Child, as_at: int, cohort: str = "") -> LastSeen | None:
        """The last visit at which a child was seen, of those recorded by a day. Days must be asked for in order."""
        if as_at < self._known_to:
            raise ValueError("the months of a simulation are written in order")
        while self._next_visit < len(self.visits) and self.visits[self._next_visit].recorded <= as_at:
            visit = self.visits[self._next_visit]
            self._next_visit += 1
            if visit.seen:
                for key in ((visit.child.child_id, visit.cohort), (visit.child.child_id, "")):
                    if key not in self._seen or self._seen[key].day < visit.day:
                        self._seen[key] = LastSeen(visit.day, visit.alone)
        self._known_to = as_at
        return self._seen.get((child.child_id, cohort))

    def holder_in_need(self, child: Child, day: int) -> tuple[str, str | None]:
        """Who held a child in need on a day: no worker while the child waits for one."""
        team, worker = child.holder_at(day)
        since, until = self.waiting.get(child.child_id, (0, 0))
        return team, None if since <= day < until else worker
