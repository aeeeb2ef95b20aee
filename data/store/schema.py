"""The tables in the database: batches and what they say, the canonical rows in all their versions, and the figures.

Every row carries its authority. A canonical row is kept once in each wording it ever had (`row_id`); `batch_row` says which batches said
it and from which row of their file; `live` marks the wording that holds now: the one of the latest batch, by as-at day, not withdrawn.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)  # fmt: skip

from data import tables
from data.tables import TABLES, ColumnKind

metadata = MetaData()
BIG = BigInteger().with_variant(Integer(), "sqlite")


def _numbered(record: str) -> tuple[Column[Any], ...]:
    """The columns every step of a record begins with: which record, the how-manieth step of it (its revision), and what was done."""
    return (
        Column("step_id", BIG, primary_key=True), Column("authority", String(64), nullable=False), Column(record, Integer, nullable=False),
        Column("revision", Integer, nullable=False), Column("did", String(16), nullable=False),
    )  # fmt: skip


def _done() -> tuple[Column[Any], ...]:
    return Column("at", DateTime, nullable=False), Column("by", Text, nullable=False)


state = Table(
    "state", metadata,
    Column("authority", String(64), primary_key=True),
    Column("version", Integer, nullable=False),  # counts every change of what is held
    Column("figures_version", Integer, nullable=False),  # the version the figures were worked out from
)  # fmt: skip

batch = Table(
    "batch", metadata,
    Column("batch_id", Integer, primary_key=True),
    Column("authority", String(64), nullable=False),
    Column("source", String(64), nullable=False),
    Column("file", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("as_at", Date, nullable=False),
    Column("as_at_from", String(16), nullable=False),
    Column("invented", Boolean, nullable=False),
    Column("loaded_at", DateTime, nullable=False),
    Column("loaded_by", Text, nullable=False),
    Column("rows_in", Integer, nullable=False),
    Column("rows_new", Integer, nullable=False),
    Column("rows_unchanged", Integer, nullable=False),
    Column("rows_set_aside", Integer, nullable=False),
    Column("withdrawn_at", DateTime),
    Column("withdrawn_by", Text),
    Index("batch_by_content", "authority", "content_hash"),
)  # fmt: skip

problem = Table(
    "problem", metadata,
    Column("problem_id", BIG, primary_key=True),
    Column("batch_id", Integer, ForeignKey("batch.batch_id"), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("sheet", Text), Column("row", Integer), Column("column", Text), Column("value", Text),
    Column("says", Text, nullable=False),
    Column("retold", Boolean),  # said of what the load does to what is held, and said anew whenever that changes
    Index("problem_by_batch", "batch_id"),
)  # fmt: skip

cover = Table(
    "batch_cover", metadata,
    Column("batch_id", Integer, ForeignKey("batch.batch_id"), nullable=False),
    Column("table_name", String(64), nullable=False),
    Column("first_on", Date, nullable=False), Column("last_on", Date, nullable=False),
    PrimaryKeyConstraint("batch_id", "table_name"),
)  # fmt: skip

batch_row = Table(
    "batch_row", metadata,
    Column("batch_id", Integer, nullable=False),
    Column("table_name", String(64), nullable=False),
    Column("row_id", BIG, nullable=False),
    Column("source_row", Integer, nullable=False),
    PrimaryKeyConstraint("batch_id", "table_name", "row_id"),
    sqlite_with_rowid=False,
)  # fmt: skip

batch_says = Table(
    "batch_says", metadata,  # what a batch says of each table: how many rows, and the days it is declared complete for
    Column("batch_id", Integer, ForeignKey("batch.batch_id"), nullable=False),
    Column("table_name", String(64), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("complete_from", Date), Column("complete_to", Date),
    Column("unsure_of", JSON, nullable=False),  # whom its rows set aside are about: of them it does not say that nothing more is held
    Column("ended", Integer), Column("held", Integer),  # how many rows held in those days it is silent about, of how many
    Column("held_back", Boolean),  # those were so many that it ends none of them
    Column("declared_at", DateTime), Column("declared_by", Text),  # who said that the file is whole all the same
    PrimaryKeyConstraint("batch_id", "table_name"),
)  # fmt: skip

figure = Table(
    "figure", metadata,
    Column("authority", String(64), nullable=False), Column("level", String(16), nullable=False), Column("kpi", String(64), nullable=False),
    Column("period", Date, nullable=False), Column("unit_id", Text, nullable=False),
    Column("numerator", Float), Column("denominator", Float),
    Column("left_out", JSON, nullable=False), Column("apart", JSON, nullable=False), Column("note", Text, nullable=False),
    PrimaryKeyConstraint("authority", "level", "kpi", "unit_id", "period"),
    sqlite_with_rowid=False,
)  # fmt: skip

published = Table(
    "published", metadata,
    Column("authority", String(64), nullable=False), Column("level", String(16), nullable=False), Column("kpi", String(64), nullable=False),
    Column("period", Date, nullable=False), Column("unit_id", Text, nullable=False),
    Column("numerator", Float), Column("denominator", Float),
    Column("left_out", JSON, nullable=False), Column("note", Text, nullable=False),
    Column("published_at", DateTime, nullable=False), Column("published_by", Text, nullable=False),
    Column("after_batch", Integer),  # the newest load there was then
    PrimaryKeyConstraint("authority", "level", "kpi", "unit_id", "period"),
)  # fmt: skip

annotation_step = Table(
    "annotation_step", metadata,  # one row a step: added, undone, rebase on, rebase off; never changed, never deleted
    Column("step_id", BIG, primary_key=True),
    Column("authority", String(64), nullable=False),
    Column("annotation_id", String(32), nullable=False),  # what was typed is numbered; what was loaded is named after its words
    Column("did", String(16), nullable=False),
    Column("happened_on", Date, nullable=False), Column("label", Text, nullable=False),
    Column("annotation_kind", String(32), nullable=False), Column("kpi", String(64), nullable=False),
    Column("rebase", Boolean, nullable=False), Column("at", DateTime, nullable=False), Column("by", Text, nullable=False),
    Index("annotation_step_by_annotation", "authority", "annotation_id"),
)  # fmt: skip

remark_step = Table(
    "remark_step", metadata,  # one row a step: made, withdrawn; never changed, never deleted
    Column("step_id", BIG, primary_key=True),
    Column("authority", String(64), nullable=False),
    Column("remark_id", Integer, nullable=False),
    Column("did", String(16), nullable=False),
    Column("kpi", String(64), nullable=False), Column("level", String(16), nullable=False), Column("unit_id", Text, nullable=False),
    Column("period", Date, nullable=False), Column("text", Text, nullable=False),
    Column("at", DateTime, nullable=False), Column("by", Text, nullable=False),
    Index("remark_step_by_remark", "authority", "remark_id"),
)  # fmt: skip

target_step = Table(
    "target_step", metadata,  # one row a step: set, taken back; never changed, never deleted
    Column("step_id", BIG, primary_key=True),
    Column("authority", String(64), nullable=False),
    Column("target_id", Integer, nullable=False),
    Column("did", String(16), nullable=False),
    Column("kpi", String(64), nullable=False), Column("since", Date, nullable=False),
    Column("green", Float, nullable=False), Column("amber", Float), Column("reach_by", Date),
    Column("set_by", Text, nullable=False), Column("source", Text, nullable=False), Column("note", Text, nullable=False),
    Column("at", DateTime, nullable=False), Column("by", Text, nullable=False),
    Index("target_step_by_target", "authority", "target_id"),
)  # fmt: skip

surgery_step = Table(
    "surgery_step", metadata,  # one row a step: opened, changed, closed; never changed, never deleted
    *_numbered("surgery_id"),
    Column("level", String(16), nullable=False), Column("unit_id", Text, nullable=False), Column("held_on", Date, nullable=False),
    Column("focus", String(64), nullable=False), Column("present", Text, nullable=False),
    Column("snapshot", Text),  # of the closing step: everything the page showed then
    *_done(),
    Index("surgery_step_by_surgery", "authority", "surgery_id", "revision", unique=True),
)  # fmt: skip

commitment_step = Table(
    "commitment_step", metadata,  # one row a step: agreed, changed, taken back, answered; never changed, never deleted
    *_numbered("commitment_id"),
    Column("surgery_id", Integer, nullable=False), Column("kind", String(32), nullable=False),
    Column("about_kind", String(16), nullable=False), Column("about_id", Text, nullable=False), Column("duty", String(64), nullable=False),
    Column("level_wanted", Float), Column("what", Text, nullable=False), Column("who", Text, nullable=False),
    Column("by_on", Date, nullable=False), Column("note", Text, nullable=False),
    Column("team_id", Text, nullable=False),  # who held the child or worker then: who may read it hangs on that
    Column("answer", String(16), nullable=False), Column("answer_note", Text, nullable=False),
    *_done(),
    Index("commitment_step_by_commitment", "authority", "commitment_id", "revision", unique=True),
    Index("commitment_step_by_surgery", "authority", "surgery_id"),
)  # fmt: skip

reason_step = Table(
    "reason_step", metadata,  # why a child was not seen, in one surgery; one row a step: given, changed, taken back
    *_numbered("reason_id"),
    Column("surgery_id", Integer, nullable=False), Column("child_id", Text, nullable=False), Column("duty", String(64), nullable=False),
    Column("team_id", Text, nullable=False), Column("reason_kind", String(32), nullable=False), Column("note", Text, nullable=False),
    *_done(),
    Index("reason_step_by_reason", "authority", "reason_id", "revision", unique=True),
    Index("reason_step_by_surgery", "authority", "surgery_id"),
)  # fmt: skip

surgery_note_step = Table(
    "surgery_note_step", metadata,  # a note of a surgery, or about one child or worker in it; one row a step: written, changed
    *_numbered("note_id"),
    Column("surgery_id", Integer, nullable=False), Column("about_kind", String(16), nullable=False),
    Column("about_id", Text, nullable=False), Column("team_id", Text, nullable=False), Column("text", Text, nullable=False),
    *_done(),
    Index("surgery_note_step_by_note", "authority", "note_id", "revision", unique=True),
    Index("surgery_note_step_by_surgery", "authority", "surgery_id"),
)  # fmt: skip

commitment_check = Table(
    "commitment_check", metadata,  # what the data said of a commitment, each time that it said another thing
    Column("check_id", BIG, primary_key=True), Column("authority", String(64), nullable=False),
    Column("commitment_id", Integer, nullable=False), Column("version", Integer, nullable=False), Column("as_at", Date, nullable=False),
    Column("outcome", String(32), nullable=False), Column("said", Text, nullable=False),
    Column("happened_on", Date), Column("recorded_on", Date), Column("at", DateTime, nullable=False),
    Index("commitment_check_by_commitment", "authority", "commitment_id"),
)  # fmt: skip

plan_step = Table(
    "plan_step", metadata,  # what somebody did to an action of the improvement plan: added, changed, updated, ...; never changed or deleted
    Column("step_id", BIG, primary_key=True),
    Column("authority", String(64), nullable=False), Column("action_id", Text, nullable=False), Column("did", String(24), nullable=False),
    Column("said", JSON, nullable=False),  # only the fields the step says anything of
    Column("happened_on", Date, nullable=False),  # the day of the step here in England, whose plan it stands in
    *_done(),
    Index("plan_step_by_action", "authority", "action_id"),
)  # fmt: skip

plan_stage_step = Table(
    "plan_stage_step", metadata,  # how far a recommendation has come; one row a step: reached, taken back
    Column("step_id", BIG, primary_key=True),
    Column("authority", String(64), nullable=False), Column("recommendation_id", Text, nullable=False),
    Column("stage", String(16), nullable=False), Column("did", String(16), nullable=False),
    Column("happened_on", Date, nullable=False), Column("who", Text, nullable=False), Column("evidence", Text, nullable=False),
    *_done(),
    Index("plan_stage_step_by_recommendation", "authority", "recommendation_id"),
)  # fmt: skip

plan_meeting_step = Table(
    "plan_meeting_step", metadata,  # from which day a round of meetings is counted; one row a step: set, taken back
    Column("step_id", BIG, primary_key=True),
    Column("authority", String(64), nullable=False), Column("meeting_kind", String(16), nullable=False),
    Column("unit_id", Text, nullable=False), Column("did", String(16), nullable=False), Column("first_on", Date, nullable=False),
    *_done(),
    Index("plan_meeting_step_by_kind", "authority", "meeting_kind", "unit_id"),
)  # fmt: skip

_TYPES: dict[ColumnKind, type] = {"id": Text, "text": Text, "code": String, "date": Date, "flag": Boolean, "number": Float}


def found_by(table: tables.Table) -> tuple[str, ...]:
    """The part of a table's key that narrows most and is never empty: whom the fact is about, and its day where the key has one."""
    days = [c.name for c in table.columns if c.name in table.key and c.kind == "date" and c.required]
    return tuple(dict.fromkeys((table.key[0], *days[-1:])))


def _canonical() -> dict[str, Table]:
    out = {}
    for table in TABLES:
        out[table.name] = Table(
            table.name, metadata,
            Column("row_id", BIG, primary_key=True),
            Column("authority", String(64), nullable=False),
            Column("said_in", String(64)),  # the source; each has a wording of its own of the same fact, and `standing` joins them
            Column("live", Boolean, nullable=False),
            Column("said_at", Date), Column("said_by", Integer),  # the latest batch that says it: its as-at day and id
            *(Column(c.name, _TYPES[c.kind]) for c in table.columns),
            Index(f"{table.name}_by_fact", "authority", *found_by(table)),
        )  # fmt: skip
    return out


canonical = _canonical()
__all__ = [
    "BIG", "annotation_step", "batch", "batch_row", "batch_says", "canonical", "commitment_check", "commitment_step", "cover", "figure",
    "found_by", "metadata", "plan_meeting_step", "plan_stage_step", "plan_step", "problem", "published", "reason_step", "remark_step",
    "state", "surgery_note_step", "surgery_step", "target_step",
]  # fmt: skip
