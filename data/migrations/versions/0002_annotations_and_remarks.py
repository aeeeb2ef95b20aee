"""Annotations, loaded and typed, and remarks"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "annotation",
        sa.Column("row_id", BIG, nullable=False),
        sa.Column("authority", sa.String(length=64), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.Date(), nullable=True),
        sa.Column("said_by", sa.Integer(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("annotation_kind", sa.String(), nullable=True),
        sa.Column("kpi", sa.Text(), nullable=True),
        sa.Column("rebase", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("row_id"),
    )
    op.create_index("annotation_by_fact", "annotation", ["authority", "happened_on"], unique=False)
    op.create_table(
        "annotation_step",
        sa.Column("step_id", BIG, nullable=False),
        sa.Column("authority", sa.String(length=64), nullable=False),
        sa.Column("annotation_id", sa.String(length=32), nullable=False),
        sa.Column("did", sa.String(length=16), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("annotation_kind", sa.String(length=32), nullable=False),
        sa.Column("kpi", sa.String(length=64), nullable=False),
        sa.Column("rebase", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("step_id"),
    )
    op.create_index("annotation_step_by_annotation", "annotation_step", ["authority", "annotation_id"], unique=False)
    op.create_table(
        "remark_step",
        sa.Column("step_id", BIG, nullable=False),
        sa.Column("authority", sa.String(length=64), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("did", sa.String(length=16), nullable=False),
        sa.Column("kpi", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("step_id"),
    )
    op.create_index("remark_step_by_remark", "remark_step", ["authority", "remark_id"], unique=False)


def downgrade() -> None:
    op.drop_table("remark_step")
    op.drop_table("annotation_step")
    op.drop_table("annotation")
