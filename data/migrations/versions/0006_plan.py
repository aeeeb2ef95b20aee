"""The improvement plan: what people write of its actions, how far its recommendations have come, and when people meet"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "plan_step",
        sa.Column("step_id", BIG, nullable=False),
        sa.Column("authority", sa.String(length=64), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("did", sa.String(length=24), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("step_id"),
    )
    op.create_index("plan_step_by_action", "plan_step", ["authority", "action_id"], unique=False)
    op.create_table(
        "plan_stage_step",
        sa.Column("step_id", BIG, nullable=False),
        sa.Column("authority", sa.String(length=64), nullable=False),
        sa.Column("recommendation_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("did", sa.String(length=16), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("step_id"),
    )
    op.create_index("plan_stage_step_by_recommendation", "plan_stage_step", ["authority", "recommendation_id"], unique=False)
    op.create_table(
        "plan_meeting_step",
        sa.Column("step_id", BIG, nullable=False),
        sa.Column("authority", sa.String(length=64), nullable=False),
        sa.Column("meeting_kind", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("did", sa.String(length=16), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("step_id"),
    )
    op.create_index("plan_meeting_step_by_kind", "plan_meeting_step", ["authority", "meeting_kind", "unit_id"], unique=False)


def downgrade() -> None:
    for table in ("plan_meeting_step", "plan_stage_step", "plan_step"):
        op.drop_table(table)
