"""Surgeries in the database: each record is a row of steps, of which the last says how it stands; its revision is how many there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, func, insert, select

from data.store import schema
from data.surgery import Conflict


@dataclass(frozen=True)
class Record:
    """One kind of record: what it is called, its table, the column that numbers it, and what each of its steps says."""

    title: str
    table: Table
    number: str
    said: tuple[str, ...]


SURGERY = Record("surgery", schema.surgery_step, "surgery_id", ("level", "unit_id", "held_on", "focus", "present"))
COMMITMENT = Record(
    "commitment", schema.commitment_step, "commitment_id",
    (
        "surgery_id", "kind", "about_kind", "about_id", "duty", "level_wanted", "what", "who", "by_on", "note", "answer", "answer_note",
        "team_id",
    ),
)  # fmt: skip
REASON = Record("reason", schema.reason_step, "reason_id", ("surgery_id", "child_id", "duty", "reason_kind", "note", "team_id"))
NOTE = Record("note", schema.surgery_note_step, "note_id", ("surgery_id", "about_kind", "about_id", "text", "team_id"))
RECORDS: Mapping[str, Record] = MappingProxyType({record.title: record for record in (SURGERY, COMMITMENT, REASON, NOTE)})

CLOSED, TAKEN_BACK = "closed", "taken back"
CHECKS = ("commitment_id", "as_at", "outcome", "said", "happened_on", "recorded_on", "version", "checked_at")
_DATES = ("held_on", "by_on", "as_at", "happened_on", "recorded_on", "at", "checked_at")


def steps(connection: Connection, record: Record, authority: str, surgery_id: str | None = None) -> pd.DataFrame:
    """Every step of the records of a kind, first to last: id, revision, did, what each says, by, at."""
    c = record.table.c
    names = [record.number, "revision", "did", *record.said, "by", "at"]
    wanted = select(*(c[name] for name in names)).where(c.authority == authority).order_by(c.step_id)
    if surgery_id is not None:
        wanted = wanted.where(c.surgery_id == number_of(surgery_id, "surgery"))
    found = connection.execute(wanted).fetchall()
    titles = ["id" if name == record.number else name for name in names]
    return _typed(pd.DataFrame.from_records([tuple(row) for row in found], columns=titles))


def standing(connection: Connection, record: Record, authority: str, surgery_id: str | None = None) -> pd.DataFrame:
    """Each record as its last step has it: id, what it says, did, revision, made_by, made_at, and who took that step: changed_by, _at."""
    taken = steps(connection, record, authority, surgery_id)
    first = taken.drop_duplicates("id")[["id", "by", "at"]].rename(columns={"by": "made_by", "at": "made_at"})
    last = taken.drop_duplicates("id", keep="last").rename(columns={"by": "changed_by", "at": "changed_at"})
    columns = ["id", *record.said, "did", "revision", "made_by", "made_at", "changed_by", "changed_at"]
    return first.merge(last, on="id")[columns]


def at_revision(record: Record, row: pd.Series, revision: int) -> None:
    """Raises Conflict, with the record as it stands, unless it is at the revision seen."""
    if int(row["revision"]) != revision:
        did = row["state"] if row.get("state") in (CLOSED, TAKEN_BACK) else "changed"
        says = f"This {record.title} was {did} by {row['changed_by']} at {row['changed_at']:%H:%M on %d/%m/%Y}, after you had read it."
        raise Conflict(f"{says} Nothing of yours was kept: look at both, and choose.", row)


def add(
    connection: Connection, record: Record, authority: str, did: str, values: Mapping[str, Any], *, at: datetime, by: str,
    ident: str | None = None, revision: int = 0, **more: Any,
) -> str:  # fmt: skip
    """Keep a further step of a record, or the first of a new one. `revision`: of the record before it. Returns the record's id."""
    c = record.table.c
    if ident is None:
        newest = select(func.coalesce(func.max(c[record.number]), 0)).where(c.authority == authority)
        ident = str(connection.execute(newest).scalar_one() + 1)
    plain = {name: _plain(name, values[name]) for name in record.said}
    numbers = {record.number: int(ident), "revision": revision + 1}
    connection.execute(insert(record.table).values(authority=authority, did=did, at=at, by=by, **numbers, **{**plain, **more}))
    return ident


def counted(connection: Connection, authority: str) -> pd.Series:
    """How many steps there are in each surgery, of whatever kind: the surgery's id -> steps."""
    found: list[Any] = []
    for record in RECORDS.values():
        c = record.table.c
        found += connection.execute(select(c.surgery_id, func.count()).where(c.authority == authority).group_by(c.surgery_id)).fetchall()
    frame = pd.DataFrame.from_records([tuple(row) for row in found], columns=["id", "steps"]).astype({"id": "str", "steps": "int64"})
    return frame.groupby("id")["steps"].sum()


def newest_step(connection: Connection, authority: str) -> tuple[int, ...]:
    """The newest step of each kind, the checks last: another tuple whenever anything was written."""
    columns = [*(record.table.c.step_id for record in RECORDS.values()), schema.commitment_check.c.check_id]
    return tuple(
        connection.execute(select(func.coalesce(func.max(column), 0)).where(column.table.c.authority == authority)).scalar_one()
        for column in columns
    )


def snapshot_of(connection: Connection, authority: str, ident: str) -> str | None:
    """What the page of a closed surgery showed, as it was stored; None while it is open."""
    s = schema.surgery_step.c
    wanted = select(s.snapshot).where(s.authority == authority, s.surgery_id == number_of(ident, "surgery"), s.did == CLOSED)
    kept: str | None = connection.execute(wanted).scalar()
    return kept


def checks(connection: Connection, authority: str) -> pd.DataFrame:
    """What the data said of every commitment, each time that it said another thing, in order: the columns of CHECKS."""
    k = schema.commitment_check.c
    columns = [k.commitment_id, k.as_at, k.outcome, k.said, k.happened_on, k.recorded_on, k.version, k.at.label("checked_at")]
    found = connection.execute(select(*columns).where(k.authority == authority).order_by(k.check_id)).fetchall()
    return _typed(pd.DataFrame.from_records([tuple(row) for row in found], columns=list(CHECKS)))


def keep_checks(connection: Connection, authority: str, found: pd.DataFrame, *, version: int, at: datetime) -> int:
    """Keep what the data now says of each commitment, where it said another thing before. Returns of how many it does.

    found: commitment_id, as_at, outcome, said, happened_on, recorded_on.
    """
    before = checks(connection, authority).drop_duplicates("commitment_id", keep="last")
    both = found.merge(before, on="commitment_id", how="left", suffixes=("", "_before"))
    same = pd.Series(True, index=both.index)
    for name in ("outcome", "said", "happened_on", "recorded_on"):
        now, then = both[name], both[f"{name}_before"]
        same &= (now == then).fillna(False).astype(bool) | (now.isna() & then.isna())
    new = both[~(same & both["version"].notna())]
    rows = [{name: _plain(name, row[name]) for name in CHECKS[:-2]} for row in new.to_dict("records")]
    told = [{**row, "commitment_id": int(row["commitment_id"]), "authority": authority, "version": version, "at": at} for row in rows]
    if told:
        connection.execute(insert(schema.commitment_check), told)
    return len(told)


def number_of(ident: str, title: str) -> int:
    """The number of an id. Raises LookupError where it is none."""
    if not (str(ident).isascii() and str(ident).isdigit() and len(str(ident)) < 10):
        raise LookupError(f"There is no {title} {str(ident)[:20]}.")
    return int(ident)


def _plain(name: str, value: Any) -> Any:
    """A value as the database takes it: a day without a time, nothing as null."""
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return None
    if name in _DATES:
        return pd.Timestamp(value).date()
    return int(value) if name == "surgery_id" else value


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame from the database in the types of the rest: days and times, ids as text, numbers."""
    out: dict[str, Any] = {}
    for name in frame.columns:
        if name in _DATES:
            out[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
        elif name == "level_wanted":
            out[name] = frame[name].astype("float64")
        else:
            out[name] = frame[name].astype("int64" if name in ("revision", "version") else "str")
    return pd.DataFrame(out, index=frame.index)
