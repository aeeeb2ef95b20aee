"""The logs and registers that a council keeps for years and sends whole: one file each, up to the last month's end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from data.sample import only_figures, plan, resources
from data.sample.days import FAR, month_end, month_start, months_before
from data.sample.files import Cell, Sheet
from data.sample.simulation import Simulation

Make = Callable[[Simulation, int], Sheet]


def _known(day: int | None, as_at: int) -> int | None:
    return day if day is not None and day <= as_at else None


def _flag(value: bool) -> str:
    return "Y" if value else "N"


def referrals(sim: Simulation, as_at: int) -> Sheet:
    """When each referral was decided, from a month before the first extract on."""
    rows: list[list[Cell]] = [["child_id", "referral_date", "decision_date", "nfa", "team", "worker_id"]]
    for r in sim.records.referrals:
        if month_start(sim.months[0] - 1) <= r.day <= as_at:
            decided = _known(sim.front_door.decided[id(r)], as_at)
            rows.append([r.child.child_id, r.day, decided, _flag(r.closed_without_action), r.team, r.worker])
    return Sheet("Referrals", rows, frozenset({1, 2}))


def reviews(sim: Simulation, as_at: int) -> Sheet:
    """Review conferences and reviews of children in care, two years back from the first extract."""
    head = ["child_id", "review_date", "review_type", "due_date", "participation", "quorate", "cancelled", "team", "worker_id"]
    rows: list[list[Cell]] = [list(head)]
    since = months_before(month_start(sim.months[0]), 24)
    for done in sim.protected:
        child = done.plan.child
        for c in done.reviews:
            if since <= c.day <= as_at:
                rows.append([child.child_id, c.day, "RCPC", c.due, None, _flag(c.quorate), "N", *child.holder_at(c.day)])
    for looked in sim.looked.values():
        child = looked.care.child
        for r in looked.reviews:
            if since <= r.day <= as_at:
                code = None if r.cancelled else r.code
                rows.append([child.child_id, r.day, "Looked after review", r.due, code, None, _flag(r.cancelled), *child.holder_at(r.day)])
    return Sheet("Reviews", [rows[0], *sorted(rows[1:], key=lambda row: (row[1], row[0], row[2]))], frozenset({1, 3}))


def core_groups(sim: Simulation, as_at: int) -> Sheet:
    rows: list[list[Cell]] = [["child_id", "meeting_date", "held", "team", "worker_id"]]
    since = month_start(sim.months[0] - 4)
    met = [(day, done.plan.child, held) for done in sim.protected for day, held in done.core_groups if since <= day <= as_at]
    for day, child, held in sorted(met, key=lambda one: (one[0], one[1].child_id)):
        rows.append([child.child_id, day, _flag(held), *child.holder_at(day)])
    return Sheet("Core groups", rows, frozenset({1}))


def plo(sim: Simulation, as_at: int) -> Sheet:
    """Everybody who was in pre-proceedings, from before the first extract on, and the proceedings some of them came to."""
    head = ["child_id", "decision_date", "letter_date", "end_date", "outcome", "issue_date", "final_hearing_date", "application"]
    rows: list[list[Cell]] = [[*head, "court_outcome", "team", "worker_id"]]
    for c in sim.courts:
        if c.decided <= as_at:
            decided, left, issued, heard = (_known(day, as_at) for day in (c.decided, c.left, c.issued, c.heard))
            letter = _known(c.decided + 5 if c.decided != FAR else None, as_at)
            rows.append([
                c.child.child_id, decided, letter, left, c.outcome if left else None, issued, heard, "care order" if issued else None,
                c.order if heard else None, *c.child.holder_at(c.first_day),
            ])  # fmt: skip
    return Sheet("PLO", rows, frozenset({1, 2, 3, 5, 6}))


def straight_to_court(sim: Simulation, as_at: int) -> Sheet:
    """The proceedings of children who were never in pre-proceedings: legal services' own list."""
    rows: list[list[Cell]] = [["child_id", "issue_date", "final_hearing_date", "application", "court_outcome", "team", "worker_id"]]
    for c in sim.courts:
        if c.decided == FAR and c.issued <= as_at:
            heard = _known(c.heard, as_at)
            rows.append([c.child.child_id, c.issued, heard, "care order", c.order if heard else None, *c.child.holder_at(c.issued)])
    return Sheet("Proceedings", rows, frozenset({1, 2}))


def pwp_checks(sim: Simulation, as_at: int) -> Sheet:
    """Every check, from eight months before the first extract on, so that what was due in its first months can be told."""
    since = month_start(sim.months[0] - 8)
    rows: list[list[Cell]] = [["child_id", "check_date", "check_type", "outcome", "team", "worker_id"]]
    rows += [[c.child.child_id, c.day, c.kind, c.outcome, *c.child.holder_at(c.day)] for c in sim.parent_checks if since <= c.day <= as_at]
    return Sheet("Checks", rows, frozenset({1}))


def iro_escalations(sim: Simulation, as_at: int) -> Sheet:
    head = ["escalation_id", "child_id", "raised_date", "stage", "reason", "resolved_date", "outcome", "team", "worker_id"]
    rows: list[list[Cell]] = [list(head)]
    for e in sim.escalations:
        if e.day <= as_at:
            resolved = _known(e.resolved, as_at)
            outcome = "agreed" if resolved else None
            rows.append([e.escalation_id, e.child.child_id, e.day, e.stage, e.reason, resolved, outcome, e.team, e.worker])
    return Sheet("Escalations", rows, frozenset({2, 5}))


def missing_episodes(sim: Simulation, as_at: int) -> Sheet:
    """Times away from care, from a month before the first extract on, each with its return interview as far as it was known."""
    head = ["child_id", "missing_from", "missing_to", "kind", "interview_offered", "interview_accepted", "interview_date"]
    rows: list[list[Cell]] = [[*head, "team", "worker_id"]]
    since = month_start(sim.months[0] - 1)
    gone = [(one, looked.care.child) for looked in sim.looked.values() for one in looked.missing if since <= one.start <= as_at]
    for one, child in sorted(gone, key=lambda both: (both[0].start, both[1].child_id)):
        back = one.end <= as_at
        kind = "Missing" if one.kind == "M" else "Absent"
        offered, accepted = _flag(one.offered) if back else None, _flag(one.accepted) if back and one.offered else None
        interviewed = _known(one.interviewed, as_at)
        rows.append([child.child_id, one.start, _known(one.end, as_at), kind, offered, accepted, interviewed, *child.holder_at(one.start)])
    return Sheet("Missing episodes", rows, frozenset({1, 2, 6}))


def homeless(sim: Simulation, as_at: int) -> Sheet:
    rows: list[list[Cell]] = [["person_id", "presented_date", "joint_assessment_date", "outcome", "accommodation", "repeat", "team"]]
    for h in sim.front_door.homeless:
        if h.day <= as_at:
            rows.append([h.person_id, h.day, _known(h.assessed, as_at), h.outcome, h.place, _flag(h.again), h.team])
    return Sheet("Homeless 16 and 17", rows, frozenset({1, 2}))


def participation(sim: Simulation, as_at: int) -> Sheet:
    rows: list[list[Cell]] = [["child_id", "event_date", "activity_type"]]
    rows += [[one.child.child_id, one.day, one.kind] for one in sim.took_part if one.day <= as_at]
    return Sheet("Participation", rows, frozenset({1}))


def foster_enquiries(sim: Simulation, as_at: int) -> Sheet:
    rows: list[list[Cell]] = [["enquiry_id", "enquiry_date", "approved_date", "closed_date", "area"]]
    for f in sim.foster_enquiries:
        if f.day <= as_at:
            rows.append([f.enquiry_id, f.day, _known(f.approved, as_at), _known(f.closed, as_at), f.area])
    return Sheet("Foster enquiries", rows, frozenset({1, 2, 3}))


def audit_actions(sim: Simulation, as_at: int) -> Sheet:
    """What the audits of the months up to now asked for; some of it falls due later."""
    rows: list[list[Cell]] = [["audit_id", "action_id", "due_date", "completed_date", "text", "team", "worker_id"]]
    for a in sim.audit_actions:
        rows.append([a.audit_id, a.action_id, a.due, _known(a.done, as_at), a.text, a.team, a.worker])
    return Sheet("Audit actions", rows, frozenset({2, 3}))


def establishment(sim: Simulation, as_at: int) -> Sheet:
    return resources.establishment(sim.council, sim.months, sim.scale)


def actions(sim: Simulation, as_at: int) -> Sheet:
    return plan.actions(Random(f"{sim.seed} plan"), sim.months)


def measure_values(sim: Simulation, as_at: int) -> Sheet:
    return only_figures.measure_values(Random(f"{sim.seed} measures"), sim)


LOGS: dict[str, Make] = {
    "actions": actions,
    "audit_actions": audit_actions,
    "core_groups": core_groups,
    "establishment": establishment,
    "foster_enquiries": foster_enquiries,
    "homeless_1617": homeless,
    "iro_escalations": iro_escalations,
    "measure_values": measure_values,
    "missing_episodes": missing_episodes,
    "participation": participation,
    "plo": plo,
    "plo_court": straight_to_court,
    "pwp_checks": pwp_checks,
    "referrals": referrals,
    "reviews": reviews,
}


def every_log(sim: Simulation) -> Iterator[tuple[str, Sheet]]:
    """Kind of log, and the log up to the last month's end."""
    for kind, make in LOGS.items():
        yield kind, make(sim, month_end(sim.months[-1]))
