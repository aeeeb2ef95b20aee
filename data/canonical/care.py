"""Care and leaving care: time looked after, placements, legal status, reviews, health, missing, permanence, adoption, care leavers."""

from __future__ import annotations

from data.columns import HELD_BY, Table, code, day, flag, ident, number, words

HEALTH = ("health_assessment", "dental_check", "immunisations", "development_check", "strengths_and_difficulties", "substance_misuse")
PARTICIPATION = ("PN0", "PN1", "PN2", "PN3", "PN4", "PN5", "PN6", "PN7")

CARE: tuple[Table, ...] = (
    Table(
        "cla_episode", "episode", ("child_id", "started_on"),
        (
            ident("child_id", True), day("started_on", True), day("ended_on"), code("legal_status_kind"), code("permanence_kind"),
            code("need_kind"), day("latest_review_on"), *HELD_BY, words("end_reason"), flag("again_within_12_months"),
        ),
        "A period of being looked after.",
    ),
    Table(
        "legal_status", "episode", ("child_id", "started_on"),
        (ident("child_id", True), day("started_on", True), day("ended_on"), code("legal_status_kind")),
        "A legal status a looked after child had, from and to.",
    ),
    Table(
        "placement", "episode", ("child_id", "started_on"),
        (
            ident("child_id", True), day("started_on", True), day("ended_on"), code("placement_kind"), code("provider_kind"), *HELD_BY,
            number("distance_miles"), flag("out_of_area"), code("change_kind"), ident("urn"), code("location_kind"),
        ),
        "A placement of a looked after child; it ends when the next one starts. `change_kind` says why it ended.",
    ),
    Table(
        "cla_review", "event", ("child_id", "happened_on"),
        (
            ident("child_id", True), day("happened_on", True), day("due_on"), code("participation_kind", *PARTICIPATION),
            flag("cancelled"), *HELD_BY,
        ),
        "A statutory review of a looked after child, and how the child took part (PN0 to PN7).",
    ),
    Table(
        "iro_contact", "event", ("child_id", "happened_on"),
        (ident("child_id", True), day("happened_on", True), ident("worker_id")),
        "A visit or contact of the independent reviewing officer with the child.",
    ),
    Table(
        "iro_escalation", "event", ("escalation_id",),
        (
            ident("escalation_id", True), ident("child_id"), day("happened_on", True), code("stage_kind", "informal", "1", "2", "3"),
            words("reason"), day("resolved_on"), words("outcome"), *HELD_BY,
        ),
        "A concern an independent reviewing officer escalated; formal from stage 1.",
    ),
    Table(
        "health_check", "event", ("child_id", "health_kind", "happened_on"),
        (ident("child_id", True), code("health_kind", *HEALTH, required=True), day("happened_on", True), flag("refused")),
        "A health assessment or dental check of a looked after child; a refused one does not count as done.",
    ),
    Table(
        "health_status", "snapshot", ("child_id", "health_kind", "observed_on"),
        (
            ident("child_id", True), code("health_kind", *HEALTH, required=True), day("observed_on", True), flag("up_to_date"),
            number("score"),
        ),
        "Whether a health check was up to date on a day, where a return says only that.",
    ),
    Table(
        "missing_episode", "episode", ("child_id", "started_on", "nth"),
        (
            ident("child_id", True), day("started_on", True), number("nth"), day("ended_on"), code("missing_kind", "missing", "absent"),
            flag("interview_offered"), flag("interview_accepted"), day("interview_on"), *HELD_BY,
        ),
        "A time a child was missing or away without authority, and the return interview after it.",
    ),
    Table(
        "missing_summary", "snapshot", ("child_id", "observed_on"),
        (
            ident("child_id", True), day("observed_on", True), number("missing_episodes"), number("absent_episodes"),
            flag("interview_offered"), flag("interview_accepted"), number("placements"), *HELD_BY,
        ),
        "What Annex A list 8 counts of the last 12 months of a looked after child: missing, absent, placements, the last return interview.",
    ),
    Table(
        "permanence_decision", "event", ("child_id", "happened_on"),
        (ident("child_id", True), day("happened_on", True), code("permanence_kind"), *HELD_BY),
        "A permanence plan made for a looked after child.",
    ),
    Table(
        "previous_permanence", "event", ("child_id", "permanence_kind", "happened_on"),
        (ident("child_id", True), code("permanence_kind"), day("happened_on"), words("granted_by")),
        "A permanence a child had before this time in care and that did not hold.",
    ),
    Table(
        "deprivation_of_liberty", "episode", ("child_id", "started_on"),
        (ident("child_id", True), day("started_on", True), day("ended_on")),
        "A deprivation of liberty order on a looked after child.",
    ),
    Table(
        "parent_placement_check", "event", ("child_id", "happened_on", "check_kind"),
        (ident("child_id", True), day("happened_on", True), code("check_kind", "spot_check", "review"), words("outcome"), *HELD_BY),
        "A check of a child placed with parents.",
    ),
    Table(
        "adoption", "event", ("child_id", "decided_on"),
        (
            ident("child_id", True), day("decided_on"), ident("family_id"), day("entered_care_on"), day("placement_order_on"),
            day("matched_on"), day("placed_on"), day("adopted_on"), day("ended_on"), code("end_kind"), day("fostering_for_adoption_on"),
        ),
        "A child's way to adoption; `ended_on` and `end_kind` where the plan was given up.",
    ),
    Table(
        "adopter", "event", ("adopter_id", "happened_on"),
        (
            ident("adopter_id", True), day("happened_on", True), ident("family_id"), code("sex_kind"), code("ethnicity_kind"),
            flag("disabled"), flag("fosters_for_adoption"), day("stage_1_from_on"), day("stage_1_to_on"), day("stage_2_from_on"),
            day("stage_2_to_on"), day("applied_on"), day("approved_on"), day("matched_on"), day("placed_on"), number("children_placed"),
            day("adopted_on"), day("left_on"), code("leaving_kind"),
        ),
        "A prospective adopter, from the enquiry on (`happened_on`).",
    ),
    Table(
        "foster_enquiry", "event", ("enquiry_id",),
        (ident("enquiry_id", True), day("happened_on", True), day("approved_on"), day("closed_on"), words("area")),
        "An enquiry about becoming a foster carer, and the approval it came to.",
    ),
    Table(
        "care_leaver", "snapshot", ("child_id", "observed_on"),
        (
            ident("child_id", True), day("observed_on", True),
            code("eligibility_kind", "relevant", "former_relevant", "qualifying", "eligible"),
            code("in_touch_kind", "yes", "no", "died", "refused", "not_required", "returned_home"), day("latest_contact_on"),
            code("accommodation_kind"), flag("suitable"), code("activity_kind"), day("pathway_reviewed_on"), ident("adviser_id"), *HELD_BY,
        ),
        "A care leaver as they stood on the day of an extract.",
    ),
    Table(
        "pathway_plan", "event", ("child_id", "happened_on"),
        (ident("child_id", True), day("happened_on", True), *HELD_BY),
        "A pathway plan made or reviewed.",
    ),
    Table(
        "participation", "event", ("child_id", "happened_on", "participation_kind"),
        (ident("child_id", True), day("happened_on", True), code("participation_kind", "council", "review", "advocacy", "survey", "other")),
        "A child in care taking part: the children in care council, an advocate, a survey.",
    ),
)  # fmt: skip
