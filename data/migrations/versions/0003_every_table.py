"""Every table the field's extracts fill, the source each row comes from, and what each load says of each table."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TYPES = {"Text": sa.Text, "String": sa.String, "Date": sa.Date, "Boolean": sa.Boolean, "Float": sa.Float}

NEW = {
    "contact": """
        child_id:Text happened_on:Date nth:Float source_kind:String outcome_kind:String team_id:Text worker_id:Text
    """,
    "early_help": """
        child_id:Text started_on:Date nth:Float ended_on:Date organisation:Text team_id:Text worker_id:Text
    """,
    "cin_plan": """
        child_id:Text started_on:Date ended_on:Date team_id:Text worker_id:Text
    """,
    "cp_review": """
        child_id:Text happened_on:Date due_on:Date quorate:Boolean participation_kind:String team_id:Text worker_id:Text
    """,
    "core_group": """
        child_id:Text happened_on:Date held:Boolean team_id:Text worker_id:Text
    """,
    "involvement": """
        child_id:Text started_on:Date worker_id:Text team_id:Text ended_on:Date role:Text change_kind:String
    """,
    "pre_proceedings": """
        child_id:Text started_on:Date ended_on:Date letter_on:Date family_id:Text outcome_kind:String team_id:Text
        worker_id:Text
    """,
    "proceedings": """
        child_id:Text started_on:Date ended_on:Date application_kind:String outcome_kind:String team_id:Text worker_id:Text
    """,
    "homeless_presentation": """
        child_id:Text happened_on:Date assessed_on:Date outcome_kind:String accommodation:Text repeat:Boolean team_id:Text
        worker_id:Text
    """,
    "legal_status": """
        child_id:Text started_on:Date ended_on:Date legal_status_kind:String
    """,
    "cla_review": """
        child_id:Text happened_on:Date due_on:Date participation_kind:String cancelled:Boolean team_id:Text worker_id:Text
    """,
    "iro_contact": """
        child_id:Text happened_on:Date worker_id:Text
    """,
    "iro_escalation": """
        escalation_id:Text child_id:Text happened_on:Date stage_kind:String reason:Text resolved_on:Date outcome:Text
        team_id:Text worker_id:Text
    """,
    "health_check": """
        child_id:Text health_kind:String happened_on:Date refused:Boolean
    """,
    "health_status": """
        child_id:Text health_kind:String observed_on:Date up_to_date:Boolean score:Float
    """,
    "missing_episode": """
        child_id:Text started_on:Date nth:Float ended_on:Date missing_kind:String interview_offered:Boolean
        interview_accepted:Boolean interview_on:Date team_id:Text worker_id:Text
    """,
    "missing_summary": """
        child_id:Text observed_on:Date missing_episodes:Float absent_episodes:Float interview_offered:Boolean
        interview_accepted:Boolean placements:Float team_id:Text worker_id:Text
    """,
    "permanence_decision": """
        child_id:Text happened_on:Date permanence_kind:String team_id:Text worker_id:Text
    """,
    "previous_permanence": """
        child_id:Text permanence_kind:String happened_on:Date granted_by:Text
    """,
    "deprivation_of_liberty": """
        child_id:Text started_on:Date ended_on:Date
    """,
    "parent_placement_check": """
        child_id:Text happened_on:Date check_kind:String outcome:Text team_id:Text worker_id:Text
    """,
    "adoption": """
        child_id:Text decided_on:Date family_id:Text entered_care_on:Date placement_order_on:Date matched_on:Date
        placed_on:Date adopted_on:Date ended_on:Date end_kind:String fostering_for_adoption_on:Date
    """,
    "adopter": """
        adopter_id:Text happened_on:Date family_id:Text sex_kind:String ethnicity_kind:String disabled:Boolean
        fosters_for_adoption:Boolean stage_1_from_on:Date stage_1_to_on:Date stage_2_from_on:Date stage_2_to_on:Date
        applied_on:Date approved_on:Date matched_on:Date placed_on:Date children_placed:Float adopted_on:Date left_on:Date
        leaving_kind:String
    """,
    "foster_enquiry": """
        enquiry_id:Text happened_on:Date approved_on:Date closed_on:Date area:Text
    """,
    "care_leaver": """
        child_id:Text observed_on:Date eligibility_kind:String in_touch_kind:String latest_contact_on:Date
        accommodation_kind:String suitable:Boolean activity_kind:String pathway_reviewed_on:Date adviser_id:Text team_id:Text
        worker_id:Text
    """,
    "pathway_plan": """
        child_id:Text happened_on:Date team_id:Text worker_id:Text
    """,
    "participation": """
        child_id:Text happened_on:Date participation_kind:String
    """,
    "establishment": """
        team_id:Text observed_on:Date posts_fte:Float vacant_fte:Float agency_fte:Float
    """,
    "training": """
        worker_id:Text course:Text required_from_on:Date completed_on:Date
    """,
    "audit_action": """
        audit_id:Text action_id:Text due_on:Date completed_on:Date text:Text team_id:Text worker_id:Text
    """,
    "action": """
        action_id:Text observed_on:Date recommendation_id:Text text:Text lead:Text due_on:Date status_kind:String
        updated_on:Date rag_kind:String impact_note:Text
    """,
    "target": """
        kpi:Text since:Date green:Float amber:Float by:Date set_by:Text source:Text note:Text
    """,
    "clock": """
        duty:Text since:Date interval:Float unit:String set_by:Text note:Text
    """,
    "population": """
        group_id:Text observed_on:Date people:Float source:Text
    """,
    "published_figure": """
        indicator:Text area_id:Text year_to_on:Date year_from_on:Date area:Text area_kind:String value:Float numerator:Float
        denominator:Float source:Text flag_kind:String
    """,
    "measure_value": """
        measure:Text level_kind:String unit_id:Text observed_on:Date numerator:Float denominator:Float value:Float
        flag_kind:String
    """,
}

FOUND_BY = {
    "contact": ["child_id", "happened_on"],
    "early_help": ["child_id", "started_on"],
    "cin_plan": ["child_id", "started_on"],
    "cp_review": ["child_id", "happened_on"],
    "core_group": ["child_id", "happened_on"],
    "involvement": ["child_id", "started_on"],
    "pre_proceedings": ["child_id", "started_on"],
    "proceedings": ["child_id", "started_on"],
    "homeless_presentation": ["child_id", "happened_on"],
    "legal_status": ["child_id", "started_on"],
    "cla_review": ["child_id", "happened_on"],
    "iro_contact": ["child_id", "happened_on"],
    "iro_escalation": ["escalation_id"],
    "health_check": ["child_id", "happened_on"],
    "health_status": ["child_id", "observed_on"],
    "missing_episode": ["child_id", "started_on"],
    "missing_summary": ["child_id", "observed_on"],
    "permanence_decision": ["child_id", "happened_on"],
    "previous_permanence": ["child_id"],
    "deprivation_of_liberty": ["child_id", "started_on"],
    "parent_placement_check": ["child_id", "happened_on"],
    "adoption": ["child_id"],
    "adopter": ["adopter_id", "happened_on"],
    "foster_enquiry": ["enquiry_id"],
    "care_leaver": ["child_id", "observed_on"],
    "pathway_plan": ["child_id", "happened_on"],
    "participation": ["child_id", "happened_on"],
    "establishment": ["team_id", "observed_on"],
    "training": ["worker_id"],
    "audit_action": ["audit_id"],
    "action": ["action_id", "observed_on"],
    "target": ["kpi", "since"],
    "clock": ["duty", "since"],
    "population": ["group_id", "observed_on"],
    "published_figure": ["indicator", "year_to_on"],
    "measure_value": ["measure", "observed_on"],
}

ADDED = {
    "child": """
        expected_on:Date died_on:Date unaccompanied_until_on:Date mother_of_id:Text
    """,
    "referral": """
        decided_on:Date need_kind:String closed_on:Date closure_kind:String
    """,
    "section47": """
        ended_on:Date
    """,
    "icpc": """
        transfer_in:Boolean
    """,
    "case_status": """
        need_kind:String closure_reason:Text
    """,
    "cp_plan": """
        emergency_powers:Boolean other_authority:Boolean
    """,
    "cla_episode": """
        end_reason:Text again_within_12_months:Boolean
    """,
    "placement": """
        distance_miles:Float out_of_area:Boolean change_kind:String urn:Text location_kind:String
    """,
    "worker": """
        registration_id:Text leaving_kind:String essentials_required:Boolean essentials_completed_on:Date days_lost:Float
    """,
    "supervision": """
        actions_set:Float actions_due_on:Date actions_completed_on:Date
    """,
    "audit": """
        assessment_grade_kind:String plan_grade_kind:String visits_grade_kind:String history_grade_kind:String
        direct_work_grade_kind:String supervision_grade_kind:String voice_grade_kind:String
    """,
}

HELD_BEFORE = (
    "child",
    "referral",
    "assessment",
    "section47",
    "icpc",
    "case_status",
    "cp_plan",
    "allocation",
    "visit",
    "cla_episode",
    "placement",
    "worker",
    "supervision",
    "audit",
    "team",
    "annotation",
)


def _columns(words: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, TYPES[kind](), nullable=True) for name, kind in (word.split(":") for word in words.split())]


def upgrade() -> None:
    for name, words in NEW.items():
        op.create_table(
            name,
            sa.Column("row_id", BIG, nullable=False),
            sa.Column("authority", sa.String(length=64), nullable=False),
            sa.Column("said_in", sa.String(length=64), nullable=True),
            sa.Column("live", sa.Boolean(), nullable=False),
            sa.Column("said_at", sa.Date(), nullable=True),
            sa.Column("said_by", sa.Integer(), nullable=True),
            *_columns(words),
            sa.PrimaryKeyConstraint("row_id"),
        )
        op.create_index(f"{name}_by_fact", name, ["authority", *FOUND_BY[name]], unique=False)
    for name in HELD_BEFORE:
        for column in (sa.Column("said_in", sa.String(length=64), nullable=True), *_columns(ADDED.get(name, ""))):
            op.add_column(name, column)
        op.execute(f"UPDATE {name} SET said_in = (SELECT b.source FROM batch b WHERE b.batch_id = {name}.said_by)")
    op.create_table(
        "batch_says",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("complete_from", sa.Date(), nullable=True),
        sa.Column("complete_to", sa.Date(), nullable=True),
        sa.Column("unsure_of", sa.JSON(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=True),
        sa.Column("held", sa.Integer(), nullable=True),
        sa.Column("held_back", sa.Boolean(), nullable=True),
        sa.Column("declared_at", sa.DateTime(), nullable=True),
        sa.Column("declared_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.batch_id"]),
        sa.PrimaryKeyConstraint("batch_id", "table_name"),
    )
    op.execute(
        "INSERT INTO batch_says (batch_id, table_name, rows, unsure_of)"
        " SELECT batch_id, table_name, count(*), '[]' FROM batch_row GROUP BY batch_id, table_name"
    )
    op.add_column("problem", sa.Column("retold", sa.Boolean(), nullable=True))
    op.add_column("published", sa.Column("after_batch", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("published", "after_batch")
    op.drop_column("problem", "retold")
    op.drop_table("batch_says")
    for name in HELD_BEFORE:
        for column in ("said_in", *(word.split(":")[0] for word in ADDED.get(name, "").split())):
            op.drop_column(name, column)
    for name in reversed(NEW):
        op.drop_table(name)
