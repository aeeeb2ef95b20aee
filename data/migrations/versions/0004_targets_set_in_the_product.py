"""Targets set in the product"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "target_step",
        sa.Column("step_id", BIG, nullable=False),
        sa.Column("authority", sa.String(length=64), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("did", sa.String(length=16), nullable=False),
        sa.Column("kpi", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("green", sa.Float(), nullable=False),
        sa.Column("amber", sa.Float(), nullable=True),
        sa.Column("reach_by", sa.Date(), nullable=True),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("step_id"),
    )
    op.create_index("target_step_by_target", "target_step", ["authority", "target_id"], unique=False)


def downgrade() -> None:
    op.drop_table("target_step")
