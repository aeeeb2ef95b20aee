"""Practice: the workforce, its posts and training, supervision, audits and what they asked for, and the improvement plan as extracted."""

from __future__ import annotations

from data.columns import HELD_BY, Table, code, day, flag, ident, number, words

GRADES = ("outstanding", "good", "requires_improvement", "inadequate")
AUDIT_THEMES = ("assessment", "plan", "visits", "history", "direct_work", "supervision", "voice")
ACTION_STATUSES = ("not_started", "in_progress", "complete", "closed")
RAGS = ("red", "amber", "green", "blue")

PRACTICE: tuple[Table, ...] = (
    Table(
        "worker", "snapshot", ("worker_id", "observed_on"),
        (
            ident("worker_id", True), day("observed_on", True), ident("team_id"), words("role"), number("fte"),
            flag("agency"), day("started_on"), day("ended_on"), day("absent_from_on"), day("absent_to_on"),
            number("caseload"), flag("newly_qualified"), flag("case_holding"),
            ident("registration_id"), code("leaving_kind"), flag("essentials_required"), day("essentials_completed_on"),
            number("days_lost"),
        ),
        "The workforce as it stood on the day of an extract.",
    ),
    Table(
        "establishment", "snapshot", ("team_id", "observed_on"),
        (ident("team_id", True), day("observed_on", True), number("posts_fte"), number("vacant_fte"), number("agency_fte")),
        "The posts of a team, how many are vacant, and how many agency workers cover; in full-time equivalents.",
    ),
    Table(
        "training", "event", ("worker_id", "course"),
        (ident("worker_id", True), words("course", True), day("required_from_on"), day("completed_on")),
        "A course a worker was required to complete, and when they did.",
    ),
    Table(
        "supervision", "event", ("worker_id", "happened_on", "supervision_kind", "child_id", "nth"),
        (
            ident("worker_id", True), ident("supervisor_id"), day("happened_on", True),
            code("supervision_kind", "personal", "case", "group"),
            ident("child_id"), number("nth"), flag("held"), code("reflective_kind"),
            number("actions_set"), day("actions_due_on"), day("actions_completed_on"),
        ),
        "A supervision session of one worker; `held` is false when it was cancelled.",
    ),
    Table(
        "audit", "event", ("audit_id",),
        (
            ident("audit_id", True), ident("child_id"), day("happened_on", True), ident("auditor_id"),
            code("audit_kind", "case", "dip", "re_audit", "spot_check"), code("initial_grade_kind", *GRADES),
            code("grade_kind", *GRADES),
            flag("moderated"), flag("practitioner_involved"), *HELD_BY,
            *(code(f"{theme}_grade_kind", *GRADES) for theme in AUDIT_THEMES),
        ),
        "A case file audit, its final grade, and the grade of each theme.",
    ),
    Table(
        "audit_action", "event", ("audit_id", "action_id"),
        (ident("audit_id", True), ident("action_id", True), day("due_on"), day("completed_on"), words("text"), *HELD_BY),
        "Something an audit asked for, by when, and when it was done.",
    ),
    Table(
        "action", "snapshot", ("action_id", "observed_on"),
        (
            ident("action_id", True), day("observed_on", True), ident("recommendation_id"), words("text"), words("lead"), day("due_on"),
            code("status_kind", *ACTION_STATUSES), day("updated_on"), code("rag_kind", *RAGS), words("impact_note"),
        ),
        "An action of the improvement plan as it stood on the day of an extract.",
    ),
)  # fmt: skip
