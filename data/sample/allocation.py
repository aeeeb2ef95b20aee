"""Who held each child when: cases go to whoever in the team has room, and move when workers leave, move or fall ill."""

from __future__ import annotations

from collections import Counter
from random import Random

from data.sample.council import Council, Worker, by_id
from data.sample.days import month_end, month_of, month_start
from data.sample.records import Child, Phase, Records
from data.sample.story import SERVICES

SOCIAL_WORK = {"assessment", "cp", "cla"}
HELD_BY_SOCIAL_WORKER = 0.02  # of children with a child in need plan; the others are with family practitioners
TRANSFERS = 0.006  # children who move to another team of the service, a month


class Allocation:
    """Gives every open child a team and a worker, month by month."""

    def __init__(self, rng: Random, council: Council, records: Records) -> None:
        self._rng, self._council, self._records = rng, council, records
        self._workers = by_id(council.workers)
        self._load: Counter[str] = Counter()
        self._crew: dict[tuple[str, bool], list[Worker]] = {}

    def run(self, first_month: int, last_month: int) -> None:
        starts: dict[int, list[tuple[int, int, Child, Phase]]] = {}
        for index, child in enumerate(self._records.children):
            for phase in child.phases:
                month = max(month_of(phase.start), first_month)
                if phase.kind != "none" and phase.start <= month_end(last_month):
                    starts.setdefault(month, []).append((max(phase.start, month_start(first_month)), index, child, phase))
        held: list[tuple[Child, Phase]] = []
        for month in range(first_month, last_month + 1):
            today = month_start(month)
            self._crew.clear()
            held = [(child, phase) for child, phase in held if phase.end > today]
            self._load = Counter(child.holders[-1][2] for child, _ in held)
            for child, phase in held:
                self._keep_or_pass_on(child, phase, today)
            for begins, _, child, phase in sorted(starts.get(month, ()), key=lambda row: row[:2]):
                self._take_on(child, phase, begins)
                held.append((child, phase))
        for referral in self._records.referrals:
            self._decide(referral.child, referral.day)
            team, worker = referral.child.holder_at(referral.day)
            referral.team, referral.worker = team, worker

    def _decide(self, child: Child, day: int) -> None:
        """A referral closed with no further action is dealt with by somebody of the team, and nobody holds it after."""
        if not any(since <= day for since, *_ in child.holders):
            worker = self._rng.choice(self._council.in_team(child.team, day, social_work=True))
            child.holders.insert(0, (day, child.team, worker.worker_id))

    def _able(self, team: str, today: int, social_work: bool) -> list[Worker]:
        key = (team, social_work)
        if key not in self._crew:
            self._crew[key] = self._council.in_team(team, today, social_work=social_work)
        return self._crew[key]

    def _give(self, child: Child, since: int, today: int, social_work: bool) -> None:
        able = self._able(child.team, today, social_work)
        worker = min(able, key=lambda w: (self._load[w.worker_id] / w.fte * (1.35 if w.newly_qualified_until > today else 1), w.worker_id))
        self._load[worker.worker_id] += 1
        child.holders.append((since, child.team, worker.worker_id))

    def _take_on(self, child: Child, phase: Phase, begins: int) -> None:
        today = month_start(month_of(begins))
        social_work = phase.kind in SOCIAL_WORK or self._rng.random() < HELD_BY_SOCIAL_WORKER
        current = self._workers[child.holders[-1][2]] if child.holders else None
        if current and current in self._able(child.team, today, social_work) and current.in_post(begins) and self._rng.random() < 0.6:
            self._load[current.worker_id] += 1
            child.holders.append((begins, child.team, current.worker_id))
        else:
            self._give(child, begins, today, social_work)

    def _keep_or_pass_on(self, child: Child, phase: Phase, today: int) -> None:
        _, team, worker_id = child.holders[-1]
        worker = self._workers[worker_id]
        if self._rng.random() < TRANSFERS and team != "Weir":
            child.team = self._rng.choice([t for t in next(s for s in SERVICES.values() if team in s) if t not in (team, "Weir")] or [team])
        if child.team == team and worker.in_post(today) and worker.team_at(today) == team and not worker.away_long(today):
            return
        self._load[worker_id] -= 1
        self._give(child, today, today, worker.role != "Family practitioner")
