"""Help and protection: the child, the way in, assessments, enquiries, conferences, plans, visits, and the court before care."""

from __future__ import annotations

from data.columns import HELD_BY, Table, code, day, flag, ident, number, words

COHORTS = ("cp", "cin", "cla", "contact", "pf")
CASE_STATUSES = ("looked_after", "protection_plan", "in_need_plan", "open_assessment", "closed")
CLOSURES = ("RC1", "RC2", "RC3", "RC4", "RC5", "RC6", "RC7", "RC8", "RC9")

HELP_AND_PROTECTION: tuple[Table, ...] = (
    Table(
        "child", "snapshot", ("child_id",),
        (
            ident("child_id", True), day("born_on"), code("sex_kind"), code("ethnicity_kind"), flag("disabled"), flag("unaccompanied"),
            day("expected_on"), day("died_on"), day("unaccompanied_until_on"), ident("mother_of_id"),
        ),
        "A child known to the council; not yet born where only `expected_on` is filled in.",
    ),
    Table(
        "contact", "event", ("child_id", "happened_on", "nth"),
        (ident("child_id", True), day("happened_on", True), number("nth"), code("source_kind"), code("outcome_kind"), *HELD_BY),
        "A contact with the front door, before it is decided whether it is a referral.",
    ),
    Table(
        "early_help", "episode", ("child_id", "started_on", "nth"),
        (ident("child_id", True), day("started_on", True), number("nth"), day("ended_on"), words("organisation"), *HELD_BY),
        "An early help assessment.",
    ),
    Table(
        "referral", "event", ("child_id", "happened_on", "nth"),
        (
            ident("child_id", True), day("happened_on", True), number("nth"), code("source_kind"), flag("no_further_action"),
            *HELD_BY, day("decided_on"), code("need_kind"), day("closed_on"), code("closure_kind", *CLOSURES),
        ),
        "A referral received; `nth` tells two referrals of one child on one day apart (0, 1, ...).",
    ),
    Table(
        "assessment", "episode", ("child_id", "started_on", "nth"),
        (
            ident("child_id", True), day("started_on", True), number("nth"), day("ended_on"), flag("child_seen"),
            flag("support_required"), *HELD_BY,
        ),
        "A social work assessment; it ends when it is authorised.",
    ),
    Table(
        "section47", "event", ("child_id", "happened_on", "nth"),
        (
            ident("child_id", True), day("happened_on", True), number("nth"), flag("conference_unnecessary"), *HELD_BY, day("ended_on"),
        ),
        "A section 47 enquiry, dated by the strategy discussion that began it.",
    ),
    Table(
        "icpc", "event", ("child_id", "happened_on"),
        (
            ident("child_id", True), day("happened_on", True), day("section47_on"), flag("led_to_plan"), *HELD_BY, flag("transfer_in"),
        ),
        "An initial child protection conference held, and the section 47 it came from.",
    ),
    Table(
        "case_status", "snapshot", ("child_id", "started_on", "observed_on"),
        (
            ident("child_id", True), day("started_on", True), day("observed_on", True), code("status_kind", *CASE_STATUSES),
            day("ended_on"), *HELD_BY, code("need_kind"), words("closure_reason"),
        ),
        "How a child in need's case stood on the day of an extract (Annex A list 6): who had a plan then, and who held it.",
    ),
    Table(
        "cin_plan", "episode", ("child_id", "started_on"),
        (ident("child_id", True), day("started_on", True), day("ended_on"), *HELD_BY),
        "A child in need plan, where a source dates it.",
    ),
    Table(
        "cp_plan", "episode", ("child_id", "started_on"),
        (
            ident("child_id", True), day("started_on", True), day("ended_on"), code("initial_category_kind"), code("category_kind"),
            day("latest_review_on"), number("previous_plans"), *HELD_BY, flag("emergency_powers"), flag("other_authority"),
        ),
        "A child protection plan.",
    ),
    Table(
        "cp_review", "event", ("child_id", "happened_on"),
        (ident("child_id", True), day("happened_on", True), day("due_on"), flag("quorate"), code("participation_kind"), *HELD_BY),
        "A review child protection conference held.",
    ),
    Table(
        "core_group", "event", ("child_id", "happened_on"),
        (ident("child_id", True), day("happened_on", True), flag("held"), *HELD_BY),
        "A core group meeting of a child with a child protection plan; `held` is false when it was cancelled.",
    ),
    Table(
        "allocation", "snapshot", ("child_id", "cohort_kind", "observed_on"),
        (ident("child_id", True), code("cohort_kind", *COHORTS, required=True), day("observed_on", True), *HELD_BY),
        "Who held a child's case on the day of an extract.",
    ),
    Table(
        "involvement", "episode", ("child_id", "started_on", "worker_id"),
        (
            ident("child_id", True), day("started_on", True), ident("worker_id", True), ident("team_id"), day("ended_on"),
            words("role"), code("change_kind"),
        ),
        "A worker's involvement with a child, from and to; `change_kind` says why it ended.",
    ),
    Table(
        "visit", "event", ("child_id", "cohort_kind", "happened_on", "origin_kind", "nth"),
        (
            ident("child_id", True), code("cohort_kind", *COHORTS, required=True), day("happened_on", True),
            code("origin_kind", "log", "last_seen", required=True), number("nth"), flag("child_seen"), flag("seen_alone"),
            flag("bedroom_seen"), code("mode_kind", "in_person", "virtual"), day("due_on"), day("recorded_on"), *HELD_BY,
        ),
        "A visit to a child. `origin_kind` log: from a visits extract; last_seen: a last-visit date printed in Annex A.",
    ),
    Table(
        "pre_proceedings", "episode", ("child_id", "started_on"),
        (
            ident("child_id", True), day("started_on", True), day("ended_on"), day("letter_on"), ident("family_id"), code("outcome_kind"),
            *HELD_BY,
        ),
        "A period in pre-proceedings, from the decision to begin to its end.",
    ),
    Table(
        "proceedings", "episode", ("child_id", "started_on"),
        (ident("child_id", True), day("started_on", True), day("ended_on"), code("application_kind"), code("outcome_kind"), *HELD_BY),
        "Care or supervision proceedings, from the day of issue to the final hearing.",
    ),
    Table(
        "homeless_presentation", "event", ("child_id", "happened_on"),
        (
            ident("child_id", True), day("happened_on", True), day("assessed_on"),
            code("outcome_kind", "section_20", "section_17", "part_7", "family", "other"), words("accommodation"), flag("repeat"), *HELD_BY,
        ),
        "A 16 or 17 year old who came as homeless; `assessed_on` is the joint assessment with housing.",
    ),
)  # fmt: skip
