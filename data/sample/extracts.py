"""The other extracts of a month: visits recorded, supervision, the workforce, training and audits; and the list of teams."""

from __future__ import annotations

from collections import Counter
from random import Random

from data.sample.annex_a import lists_of
from data.sample.days import day, month_end, month_start
from data.sample.files import Cell, Sheet
from data.sample.practice import GRADES, absence_on, leaving_day
from data.sample.resources import essentials
from data.sample.resources import training as training_register
from data.sample.simulation import Simulation
from data.sample.story import SERVICES
from data.sample.visits import COHORTS

VISITS = (
    "child_id", "cohort", "visit_date", "child_seen", "seen_alone", "bedroom_seen", "mode", "visit_due_date", "team", "worker_id",
    "recorded_date",
)  # fmt: skip
SUPERVISION = (
    "worker_id", "supervisor_id", "supervision_date", "type", "child_id", "status", "actions_set", "actions_due_date",
    "actions_completed_date", "reflective_quality_grade",
)  # fmt: skip
WORKERS = (
    "worker_id", "snapshot_date", "team", "role", "fte", "agency", "start_date", "end_date", "absent_from", "absent_to", "caseload",
    "swe_no", "asye", "case_holding", "essentials_required", "essentials_completed_date",
)  # fmt: skip
THEMES = ("assessment", "plan", "visits", "history", "direct_work", "supervision", "voice")
AUDITS = (
    "audit_id", "child_id", "audit_date", "auditor_id", "team", "worker_id", "audit_type", "grade_initial", "grade_final", "moderated",
    "practitioner_involved", *(f"grade_{theme}" for theme in THEMES),
)  # fmt: skip
EARLIER_MONTHS = 2
FIRST_LIST_3_MONTHS = 14  # a council's first extract goes back further, so that re-referrals can be told from the first month


def annex_a(sim: Simulation, month: int) -> list[Sheet]:
    return lists_of(sim, month_end(month), history=FIRST_LIST_3_MONTHS if month == sim.months[0] else 6)


def _first_day(sim: Simulation, month: int) -> int:
    """The first month's visits and supervision go back two months more, so that its figures are whole."""
    return month_start(month - EARLIER_MONTHS if month == sim.months[0] else month)


def _flag(value: bool | None) -> str | None:
    return None if value is None else "Y" if value else "N"


def visits(sim: Simulation, month: int) -> Sheet:
    """Visits recorded in the month: a visit recorded late is in a later month's file."""
    rows: list[list[Cell]] = [list(VISITS)]
    for v in sim.visits_recorded(_first_day(sim, month), month_end(month)):
        rows.append([
            v.child.child_id, COHORTS[v.cohort], v.day, _flag(v.seen), _flag(v.alone), _flag(v.bedroom),
            "virtual" if v.virtual else "in_person", v.due, v.team, v.worker, v.recorded,
        ])  # fmt: skip
    return Sheet("Visits", rows, frozenset({2, 7, 10}))


def supervision(sim: Simulation, month: int) -> Sheet:
    """The sessions of the month; then, a row each, the other children spoken of in them, and those of family practitioners."""
    rows: list[list[Cell]] = [list(SUPERVISION)]
    first, last = _first_day(sim, month), month_end(month)
    for s in sim.sessions:
        if first <= s.day <= last:
            due = s.day + 28 if s.actions else None
            done = due - 6 if due and due - 6 <= last else None
            rows.append([
                s.worker_id, s.supervisor_id, s.day, s.kind, s.child_id, "held" if s.held else "cancelled", s.actions, due, done, s.grade,
            ])  # fmt: skip
    for d in sim.discussed:
        if first <= d.day <= last:
            rows.append([d.worker_id, d.supervisor_id, d.day, "case", d.child_id, "held", None, None, None, None])
    return Sheet("Supervision", rows, frozenset({2, 7, 8}))


def workers(sim: Simulation, month: int) -> Sheet:
    """Social workers and their managers as they stood on the month's last day, with the leavers of the month."""
    as_at = month_end(month)
    open_children = [child for child in sim.records.children if child.phase_at(as_at)]
    load = Counter(child.holder_at(as_at)[1] for child in open_children)
    rows: list[list[Cell]] = [list(WORKERS)]
    for w in sim.council.extract_of(month):
        away = absence_on(w, as_at)
        required, completed = essentials(w, sim.seed)
        gone, back = (away[0], away[1] if away[1] <= as_at else None) if away else (None, None)
        rows.append([
            w.worker_id, as_at, w.team_at(as_at), w.role, w.fte, _flag(w.agency), w.started, leaving_day(w, as_at), gone, back,
            load[w.worker_id], f"SW{int(w.worker_id[2:]) + 300000}", _flag(w.newly_qualified_until > as_at), _flag(w.social_worker),
            _flag(w.social_worker and required <= as_at), completed if completed <= as_at and w.social_worker else None,
        ])  # fmt: skip
    return Sheet("Workers", rows, frozenset({1, 6, 7, 8, 9, 15}))


def training(sim: Simulation, month: int) -> Sheet:
    return training_register(sim.council, month, sim.seed)


def audits(sim: Simulation, month: int) -> Sheet:
    rows: list[list[Cell]] = [list(AUDITS)]
    for a in sim.audits:
        if month_start(month) <= a.day <= month_end(month):
            rng = Random(a.audit_id)
            around = GRADES.index(a.first_grade)
            themes = [GRADES[min(max(around + rng.choice((-1, 0, 0, 0, 1)), 0), 3)] for _ in THEMES]
            rows.append([
                a.audit_id, a.child.child_id, a.day, a.auditor_id, a.team, a.worker_id, a.kind, a.first_grade, a.grade,
                _flag(a.first_grade != a.grade and a.grade is not None), _flag(rng.random() < 0.6), *themes,
            ])  # fmt: skip
    return Sheet("Audits", rows, frozenset({2}))


def teams() -> Sheet:
    rows: list[list[Cell]] = [["team", "service", "from", "to"]]
    rows += [[team, service, day(2015, 4), None] for service, members in SERVICES.items() for team in members]
    return Sheet("Teams", rows, frozenset({2, 3}))
