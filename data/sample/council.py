"""The teams and workers of the invented council: who is in post where, on which terms, and when they are away."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from data.sample.days import FAR, month_end, month_start
from data.sample.story import SERVICES, SOCIAL_WORKERS, TEAM_SHARES

SOCIAL_WORKER, SENIOR, MANAGER, PRACTITIONER = "Social worker", "Senior social worker", "Team manager", "Family practitioner"
PRACTITIONERS = 56  # they hold most plans for children in need; they are not social workers, so no workforce extract lists them
LONG_ABSENCE = 28  # days away after which a worker's children are given to somebody else


@dataclass
class Worker:
    """One worker. `stints` are (first day, team), `absences` (first day, last day)."""

    worker_id: str
    role: str
    fte: float
    agency: bool
    started: int
    stints: list[tuple[int, str]]
    knack: float  # how much more or less readily this one gets visits done in time, in log odds
    ended: int = FAR
    newly_qualified_until: int = 0
    absences: list[tuple[int, int]] = field(default_factory=list)

    def team_at(self, day: int) -> str:
        return self.stints[max(bisect_right(self.stints, (day, "~")) - 1, 0)][1]

    def in_post(self, day: int) -> bool:
        return self.started <= day < self.ended

    def away_long(self, day: int) -> bool:
        return any(first <= day <= last and last - first > LONG_ABSENCE for first, last in self.absences)

    @property
    def social_worker(self) -> bool:
        return self.role in (SOCIAL_WORKER, SENIOR)


class Council:
    """Everybody who has worked in the nine teams since the simulation began."""

    def __init__(self, rng: Random, first_month: int, last_month: int, scale: float) -> None:
        self._rng = rng
        self._scale = scale
        self._numbers = {"SW": 1000, "FP": 2000, "TM": 100}
        self.workers: list[Worker] = []
        for team in TEAM_SHARES:
            self._join("TM", MANAGER, team, month_start(first_month) - rng.randrange(200, 2000))
        for month in range(first_month, last_month + 1):
            self._live_through(month, first=month == first_month)

    @property
    def teams(self) -> list[str]:
        return list(TEAM_SHARES)

    def in_team(self, team: str, day: int, *, social_work: bool) -> list[Worker]:
        """Those who can be given a child on a day."""
        roles = (SOCIAL_WORKER, SENIOR) if social_work else (PRACTITIONER,)
        there = [w for w in self.workers if w.role in roles and w.in_post(day) and w.team_at(day) == team]
        return [w for w in there if not w.away_long(day)] or there

    def manager_of(self, team: str) -> Worker:
        return next(w for w in self.workers if w.role == MANAGER and w.team_at(w.started) == team)

    def extract_of(self, month: int) -> list[Worker]:
        """Social workers and managers in post at a month's end, and those who left in the month."""
        first, last = month_start(month), month_end(month)
        return [w for w in self.workers if w.role != PRACTITIONER and w.started <= last and w.ended >= first]

    def _live_through(self, month: int, *, first: bool) -> None:
        for worker in [w for w in self.workers if w.in_post(month_start(month)) and w.role != MANAGER]:
            self._leave_move_or_fall_ill(worker, month)
        for team, share in TEAM_SHARES.items():
            wanted = max(round(SOCIAL_WORKERS.at(month_start(month)) * share * self._scale), 3 if self._scale == 1 else 1)
            self._fill("SW", team, wanted, month, first)
            self._fill("FP", team, max(round(PRACTITIONERS * share * self._scale), 1), month, first)

    def _leave_move_or_fall_ill(self, worker: Worker, month: int) -> None:
        chance = self._rng.random()
        if chance < (0.045 if worker.agency else 0.012):
            worker.ended = month_end(month)
        elif chance < 0.06 and worker.social_worker and self._rng.random() < 0.3 and worker.team_at(month_start(month)) != "Weir":
            services = next(teams for teams in SERVICES.values() if worker.team_at(month_start(month)) in teams)
            worker.stints.append((month_start(month + 1), self._rng.choice(services)))
        elif self._rng.random() < 0.018 and not any(last > month_start(month) for _, last in worker.absences):
            away_from = month_start(month) + self._rng.randrange(28)
            worker.absences.append((away_from, away_from + self._rng.choice((14, 21, 35, 60, 90, 130, 200))))

    def _fill(self, kind: str, team: str, wanted: int, month: int, first: bool) -> None:
        social_work = kind == "SW"
        here = [w for w in self.workers if w.in_post(month_start(month)) and w.team_at(month_start(month)) == team and w.ended == FAR]
        missing = wanted - sum(w.social_worker if social_work else w.role == PRACTITIONER for w in here)
        for _ in range(max(missing, 0)):
            role = PRACTITIONER if not social_work else self._rng.choice((SOCIAL_WORKER, SOCIAL_WORKER, SOCIAL_WORKER, SENIOR))
            started = month_start(month) - (self._rng.randrange(30, 2500) if first else 0)
            self._join(kind, role, team, started)

    def _join(self, kind: str, role: str, team: str, started: int) -> None:
        self._numbers[kind] += 1
        rng = self._rng
        agency = role in (SOCIAL_WORKER, SENIOR) and rng.random() < 0.18
        fte = 1.0 if agency or role == MANAGER else rng.choice((1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.8, 0.8, 0.6))
        worker = Worker(f"{kind}{self._numbers[kind]}", role, fte, agency, started, [(started, team)], rng.gauss(0, 0.35))
        if role == SOCIAL_WORKER and not agency and rng.random() < 0.3:
            worker.newly_qualified_until = started + 365
        self.workers.append(worker)


def by_id(workers: Iterable[Worker]) -> dict[str, Worker]:
    return {worker.worker_id: worker for worker in workers}
