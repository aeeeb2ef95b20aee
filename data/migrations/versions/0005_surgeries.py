"""Performance surgeries: what was agreed, why a child was not seen, notes, and what the data said since"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "surgery_step",
        *_numbered("surgery_id"),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("focus", sa.String(length=64), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=True),
        *_done(),
    )
    op.create_index("surgery_step_by_surgery", "surgery_step", ["authority", "surgery_id", "revision"], unique=True)
    op.create_table(
        "commitment_step",
        *_numbered("commitment_id"),
        sa.Column("surgery_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("about_kind", sa.String(length=16), nullable=False),
        sa.Column("about_id", sa.Text(), nullable=False),
        sa.Column("duty", sa.String(length=64), nullable=False),
        sa.Column("level_wanted", sa.Float(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("answer_note", sa.Text(), nullable=False),
        *_done(),
    )
    op.create_index("commitment_step_by_commitment", "commitment_step", ["authority", "commitment_id", "revision"], unique=True)
    op.create_index("commitment_step_by_surgery", "commitment_step", ["authority", "surgery_id"], unique=False)
    op.create_table(
        "reason_step",
        *_numbered("reason_id"),
        sa.Column("surgery_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Text(), nullable=False),
        sa.Column("duty", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("reason_kind", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        *_done(),
    )
    op.create_index("reason_step_by_reason", "reason_step", ["authority", "reason_id", "revision"], unique=True)
    op.create_index("reason_step_by_surgery", "reason_step", ["authority", "surgery_id"], unique=False)
    op.create_table(
        "surgery_note_step",
        *_numbered("note_id"),
        sa.Column("surgery_id", sa.Integer(), nullable=False),
        sa.Column("about_kind", sa.String(length=16), nullable=False),
        sa.Column("about_id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_done(),
    )
    op.create_index("surgery_note_step_by_note", "surgery_note_step", ["authority", "note_id", "revision"], unique=True)
    op.create_index("surgery_note_step_by_surgery", "surgery_note_step", ["authority", "surgery_id"], unique=False)
    op.create_table(
        "commitment_check",
        sa.Column("check_id", BIG, nullable=False),
        sa.Column("authority", sa.String(length=64), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("check_id"),
    )
    op.create_index("commitment_check_by_commitment", "commitment_check", ["authority", "commitment_id"], unique=False)


def downgrade() -> None:
    for name in ("commitment_check", "surgery_note_step", "reason_step", "commitment_step", "surgery_step"):
        op.drop_table(name)


def _numbered(record: str) -> tuple[Any, ...]:
    """A step of a record: its own number, whose it is, of which record, the how-manieth step of that, and what was done."""
    return (
        sa.Column("step_id", BIG, nullable=False),
        sa.Column("authority", sa.String(length=64), nullable=False),
        sa.Column(record, sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("did", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("step_id"),
    )


def _done() -> tuple[Any, ...]:
    return sa.Column("at", sa.DateTime(), nullable=False), sa.Column("by", sa.Text(), nullable=False)
