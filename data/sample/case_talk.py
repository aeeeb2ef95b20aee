"""Which children's cases are spoken of in supervision, and which new children in need wait for somebody to hold them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from random import Random

from data.sample import story
from data.sample.council import PRACTITIONER, Council, Worker
from data.sample.days import FAR, month_end, month_start, working_after, working_on_or_before
from data.sample.practice import Session
from data.sample.records import Child, Records

SPOKEN_OF, PRACTITIONERS_MEET, OF_PRACTITIONERS = 0.80, 0.85, 0.82
Held = dict[str, list[tuple[int, int, Child]]]


@dataclass(slots=True)
class Discussed:
    """A child spoken of in a supervision session that was held."""

    worker_id: str
    supervisor_id: str
    day: int
    child_id: str


def held_by_worker(records: Records) -> Held:
    """Worker -> (first day, day after the last, child): who had which child's open case from when to when."""
    found: Held = {}
    for child in records.children:
        days = [since for since, *_ in child.holders]
        for phase in child.phases:
            at = max(bisect_right(days, phase.start) - 1, 0)
            for number in range(at, len(days)):
                since, _, worker = child.holders[number]
                until = days[number + 1] if number + 1 < len(days) else FAR
                first, last = max(since, phase.start), min(until, phase.end)
                if phase.kind != "none" and first < last:
                    found.setdefault(worker, []).append((first, last, child))
    return found


def talk(rng: Random, council: Council, held: Held, sessions: list[Session], months: range) -> list[Discussed]:
    """The children spoken of: most of those a worker holds, at each session that was held with them alone."""
    found = [
        Discussed(session.worker_id, session.supervisor_id, session.day, child.child_id)
        for session in sessions
        if session.held and session.kind != "group"
        for child in _open_with(held, session.worker_id, session.day)
        if child.child_id != session.child_id and rng.random() < SPOKEN_OF
    ]
    practitioners = [worker for worker in council.workers if worker.role == PRACTITIONER]
    for month in months:
        for worker in practitioners:
            if worker.in_post(month_start(month)) and rng.random() < PRACTITIONERS_MEET:
                found += _practitioner(rng, council, held, worker, month)
    return sorted(found, key=lambda one: (one.day, one.worker_id, one.child_id))


def _practitioner(rng: Random, council: Council, held: Held, worker: Worker, month: int) -> list[Discussed]:
    day = working_on_or_before(min(month_start(month) + 6 + rng.randrange(22), month_end(month)))
    if not worker.in_post(day):
        return []
    supervisor = council.manager_of(worker.team_at(day)).worker_id
    cases = _open_with(held, worker.worker_id, day)
    return [Discussed(worker.worker_id, supervisor, day, child.child_id) for child in cases if rng.random() < OF_PRACTITIONERS]


def _open_with(held: Held, worker_id: str, day: int) -> list[Child]:
    return [child for first, last, child in held.get(worker_id, ()) if first <= day < last]


def waiting(rng: Random, records: Records) -> dict[str, tuple[int, int]]:
    """Child -> the first day of a child in need plan and the day a worker was found, for those who had to wait for one."""
    found: dict[str, tuple[int, int]] = {}
    for child in records.children:
        for phase in child.phases:
            if phase.kind == "cin":
                curve = story.UNALLOCATED_ORCHARD if child.holder_at(phase.start)[0] == "Orchard" else story.UNALLOCATED
                if rng.random() < curve.at(phase.start):
                    found[child.child_id] = (phase.start, working_after(phase.start, 8 + int(rng.expovariate(1 / 25))))
    return found
