"""Supervision sessions and case file audits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from data.sample import story
from data.sample.council import Council, Worker
from data.sample.days import FAR, as_date, month_end, month_start, working_after, working_on_or_before
from data.sample.records import Child, Records

TWICE = 0.22  # of months with supervision, those with a second session
GRADES = ("Outstanding", "Good", "Requires improvement", "Inadequate")
AUDITORS = ("QA01", "QA02", "QA03", "QA04", "QA05")


@dataclass(slots=True)
class Session:
    worker_id: str
    supervisor_id: str
    day: int
    kind: str
    child_id: str | None
    held: bool
    actions: int
    grade: str | None


@dataclass(slots=True)
class Audit:
    audit_id: str
    child: Child
    day: int
    auditor_id: str
    team: str
    worker_id: str
    kind: str
    first_grade: str
    grade: str | None


@lru_cache(maxsize=512)
def monthly_chance(wanted: float) -> float:
    """How likely a month must be to hold a session for `wanted` workers to have three sessions in three months."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        none, one, two = 1 - middle, middle * (1 - TWICE), middle * TWICE
        fewer = none**3 + 3 * none**2 * one + 3 * none * one**2 + 3 * none**2 * two
        low, high = (middle, high) if 1 - fewer < wanted else (low, middle)
    return high


def supervise(rng: Random, council: Council, records: Records, months: range) -> list[Session]:
    """Every session planned with a social worker in these months; some are cancelled."""
    sessions: list[Session] = []
    cases: dict[str, list[Child]] = {}
    for child in records.children:
        for _, _, worker_id in child.holders:
            cases.setdefault(worker_id, []).append(child)
    for month in months:
        for worker in council.workers:
            if worker.social_worker and worker.in_post(month_start(month)):
                sessions += _month_of(rng, council, worker, month, cases.get(worker.worker_id, []))
    return sorted(sessions, key=lambda s: (s.day, s.worker_id, s.kind))


def _month_of(rng: Random, council: Council, worker: Worker, month: int, cases: list[Child]) -> list[Session]:
    first, last = month_start(month), month_end(month)
    team = worker.team_at(first)
    chance = monthly_chance(round(story.supervised(team, last), 3))
    count = 0 if rng.random() >= chance else 2 if rng.random() < TWICE else 1
    held = sorted({working_on_or_before(first + 4 + rng.randrange(last - first - 4)) for _ in range(count)})
    out = [_session(rng, council, worker, team, day, cases, held=True) for day in held]
    if rng.random() < 0.10:
        out.append(_session(rng, council, worker, team, working_on_or_before(first + 6 + rng.randrange(20)), cases, held=False))
    return [s for s in out if s.day < worker.ended and not any(a <= s.day <= b for a, b in worker.absences)]


def _session(rng: Random, council: Council, worker: Worker, team: str, day: int, cases: list[Child], *, held: bool) -> Session:
    kind = rng.choices(("personal", "case", "group"), (50, 46, 4))[0]
    child = _spoken_of(rng.choice(cases), worker, day, cases) if kind == "case" and cases else None
    graded = held and rng.random() < 0.62
    grade = rng.choices(("Reflective", "Partly reflective", "Task focused"), (42, 34, 24))[0] if graded else None
    return Session(worker.worker_id, council.manager_of(team).worker_id, day, kind, child, held, rng.randrange(0, 6) if held else 0, grade)


def _spoken_of(child: Child, worker: Worker, day: int, cases: list[Child]) -> str | None:
    """A child whose case the worker holds that day: this one, or else another."""
    held = [one for one in cases if one.holder_at(day)[1] == worker.worker_id and one.phase_at(day)]
    if any(one is child for one in held):
        return child.child_id
    return held[day % len(held)].child_id if held else None


def audit(rng: Random, records: Records, months: range, scale: float) -> list[Audit]:
    """About 36 audits a month: a share found inadequate that follows the story, and re-audits of those found so before."""
    audits: list[Audit] = []
    to_see_again: list[Child] = []
    owed = 0.5
    for month in months:
        first, last = month_start(month), month_end(month)
        open_now = [child for child in records.children if (phase := child.phase_at(last)) and phase.start < first]
        count = max(round((32 + rng.randrange(0, 5)) * scale), 3)
        for number, child in enumerate(rng.sample(open_now, min(count, len(open_now)))):
            owed += story.AUDITS_INADEQUATE.at(last) + rng.gauss(0, 0.03)
            bad = owed >= 1
            owed -= bad
            kind = rng.choices(("case", "dip", "spot check"), (84, 12, 4))[0]
            grade = GRADES[3] if bad else rng.choices(GRADES[:3], (4, 46, 50))[0]
            audits.append(_audit(rng, child, first, kind, grade, f"A{as_date(first):%y%m}{number + 1:03d}"))
            if bad:
                to_see_again.append(child)
        for number, child in enumerate(to_see_again[: max(round(4 * scale), 1)]):
            grade = rng.choices(GRADES[1:], (35, 53, 12))[0]
            audits.append(_audit(rng, child, first, "re-audit", grade, f"A{as_date(first):%y%m}R{number + 1:02d}"))
        to_see_again = to_see_again[max(round(4 * scale), 1) :]
    return audits


def _audit(rng: Random, child: Child, first: int, kind: str, grade: str, audit_id: str) -> Audit:
    day = working_after(first, rng.randrange(2, 17))
    team, worker = child.holder_at(day)
    moderated_from = GRADES[max(GRADES.index(grade) - 1, 0)] if rng.random() < 0.15 else grade
    return Audit(audit_id, child, day, rng.choice(AUDITORS), team, worker, kind, moderated_from, None if rng.random() < 0.05 else grade)


def absence_on(worker: Worker, day: int) -> tuple[int, int] | None:
    """The absence a month's extract shows: the one under way, or the last that ended within three months."""
    recent = [a for a in worker.absences if a[0] <= day and a[1] > day - 92]
    return recent[-1] if recent else None


def leaving_day(worker: Worker, day: int) -> int | None:
    return worker.ended if worker.ended != FAR and worker.ended <= day else None
