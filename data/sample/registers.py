"""The small registers a council keeps by hand: escalations, taking part, enquiries about fostering, and what audits asked for."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from data.sample import story
from data.sample.days import month_end, month_start, working_after, working_on_or_before
from data.sample.practice import GRADES, Audit
from data.sample.records import Child, Records
from data.sample.rhythm import about, day_in

ESCALATIONS_A_MONTH, ENQUIRIES_A_MONTH = 8, 20
REASONS = ("drift in the plan", "delay in an assessment", "health needs not met", "no permanence plan", "contact not arranged")
AREAS = ("North", "Central", "South", "Outside the area")
ASKED_FOR = (
    "Update the chronology", "Write the child's views into the plan", "Visit and see the child alone", "Hold the overdue supervision",
    "Record the manager's decision", "Speak with the father",
)  # fmt: skip


@dataclass(slots=True)
class Escalation:
    escalation_id: str
    child: Child
    day: int
    stage: str
    reason: str
    resolved: int
    team: str
    worker: str


@dataclass(slots=True)
class TookPart:
    child: Child
    day: int
    kind: str


@dataclass(slots=True)
class FosterEnquiry:
    enquiry_id: str
    day: int
    approved: int | None
    closed: int | None
    area: str


@dataclass(slots=True)
class AuditAction:
    audit_id: str
    action_id: str
    due: int
    done: int | None
    text: str
    team: str
    worker: str


def escalate(rng: Random, records: Records, months: range, scale: float) -> list[Escalation]:
    """Concerns of reviewing officers: a third informal, the formal ones resolved in 20 working days more and more often."""
    found: list[Escalation] = []
    for month in months:
        able = [care for care in records.care if care.open_on(month_start(month))]
        for care in rng.sample(able, min(max(about(rng, ESCALATIONS_A_MONTH * scale), 1), len(able))):
            day = day_in(rng, month)
            in_time = rng.random() < story.ESCALATIONS_RESOLVED.at(day)
            resolved = working_after(day, rng.randrange(3, 21) if in_time else 21 + int(rng.expovariate(1 / 14)))
            team, worker = care.child.holder_at(day)
            stage = rng.choice(("informal", "1", "1", "1", "2", "2", "3"))
            found.append(Escalation(f"E{len(found) + 1:04d}", care.child, day, stage, rng.choice(REASONS), resolved, team, worker))
    return found


def take_part(rng: Random, records: Records, months: range) -> list[TookPart]:
    """Children in care of 4 and over at the children in care council, with an advocate, in a survey."""
    found: dict[tuple[str, int, str], TookPart] = {}
    for month in months:
        share = story.JOINS_IN.at(month_end(month))
        able = [care for care in records.care if care.open_on(month_start(month)) and care.child.age_on(month_start(month)) >= 4]
        for care in rng.sample(able, min(about(rng, share * len(able)), len(able))):
            one = TookPart(care.child, day_in(rng, month), rng.choice(("CICC", "CICC", "advocacy", "advocacy", "survey")))
            found[care.child.child_id, one.day, one.kind] = one
    return sorted(found.values(), key=lambda one: (one.day, one.child.child_id))


def ask_to_foster(rng: Random, months: range, scale: float) -> list[FosterEnquiry]:
    """Enquiries about fostering: few end in approval, and that takes the better part of a year."""
    found: list[FosterEnquiry] = []
    for month in months:
        for _ in range(max(about(rng, ENQUIRIES_A_MONTH * scale), 1)):
            day = day_in(rng, month)
            approved = rng.random() < story.ENQUIRERS_APPROVED
            ended = working_on_or_before(day + (rng.randrange(170, 330) if approved else 8 + int(rng.expovariate(1 / 50))))
            ended = max(ended, day)
            accepted, closed = (ended, None) if approved else (None, ended)
            found.append(FosterEnquiry(f"F{len(found) + 1:05d}", day, accepted, closed, rng.choice(AREAS)))
    return found


def ask_for(rng: Random, audits: list[Audit], records: Records, before: range) -> list[AuditAction]:
    """What each audit that found the work wanting asked for; `before`: the months whose audits are known by their actions alone."""
    found: list[AuditAction] = []
    for month in before:
        able = [child for child in records.children if child.phase_at(month_start(month))]
        for number, child in enumerate(rng.sample(able, min(20, max(len(able) // 100, 1), len(able)))):
            day = day_in(rng, month)
            found += _actions(rng, f"B{month % 100:02d}{number + 1:03d}", day, rng.randrange(1, 3), *child.holder_at(day))
    for audit in audits:
        wanting = GRADES.index(audit.grade or audit.first_grade) - 1
        if wanting >= 1 and audit.kind != "re-audit":
            found += _actions(rng, audit.audit_id, audit.day, rng.randrange(1, wanting + 2), audit.team, audit.worker_id)
    return sorted(found, key=lambda one: (one.due, one.audit_id, one.action_id))


def _actions(rng: Random, audit_id: str, day: int, count: int, team: str, worker: str) -> list[AuditAction]:
    out = []
    for number, text in enumerate(rng.sample(ASKED_FOR, count)):
        due = working_after(day, rng.choice((10, 20, 20, 30)))
        if rng.random() < story.AUDIT_ACTIONS_DONE.at(due):
            done: int | None = working_on_or_before(due - rng.randrange(0, 9))
        else:
            done = working_after(due, 1 + int(rng.expovariate(1 / 15))) if rng.random() < 0.8 else None
        out.append(AuditAction(audit_id, f"{audit_id}-{number + 1}", due, done, text, team, worker))
    return out
