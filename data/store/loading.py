"""Loads: one file, one batch, one transaction. Nothing is overwritten; a withdrawn load gives back the state before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert, select, text, update

from data.reading import Problem, Reading, Refused
from data.store import engine as db
from data.store import schema
from data.tables import BY_NAME, Table


@dataclass(frozen=True)
class Loaded:
    """What became of one file: rows_in = rows_new + rows_unchanged + rows_set_aside."""

    batch_id: int
    source: str
    status: str
    rows_in: int
    rows_new: int
    rows_unchanged: int
    rows_set_aside: int
    problems: tuple[Problem, ...]


def batch_with(connection: Connection, authority: str, content_hash: str) -> int | None:
    """The load that already holds exactly this content, if it was not withdrawn."""
    b = schema.batch.c
    found = select(b.batch_id).where(b.authority == authority, b.content_hash == content_hash, b.withdrawn_at.is_(None))
    return connection.execute(found.order_by(b.batch_id.desc()).limit(1)).scalar()


def store_reading(connection: Connection, authority: str, reading: Reading, *, at: datetime, by: str) -> Loaded:
    """Keep everything one file says. The caller holds the transaction. Raises Refused where a row cannot be kept as it is."""
    for name, frame in reading.tables.items():
        _can_be_kept(reading, BY_NAME[name], frame)
    problems = [_kept(p) for p in reading.problems]
    batch_id = int(
        connection.execute(
            insert(schema.batch).returning(schema.batch.c.batch_id),
            {
                "authority": authority, "source": reading.source, "file": _shown(reading.file), "content_hash": reading.content_hash,
                "as_at": reading.as_at.date(), "as_at_from": reading.as_at_from, "invented": reading.invented,
                "loaded_at": at, "loaded_by": by,
                "rows_in": reading.rows_in, "rows_new": 0, "rows_unchanged": 0, "rows_set_aside": len(reading.set_aside),
            },
        ).scalar_one()
    )  # fmt: skip
    fresh: set[int] = set()
    for name, frame in reading.tables.items():
        fresh |= _store_table(connection, authority, BY_NAME[name], frame, batch_id, reading.as_at)
    new = len(fresh - reading.set_aside)
    unchanged = reading.rows_in - new - len(reading.set_aside)
    connection.execute(update(schema.batch).where(schema.batch.c.batch_id == batch_id).values(rows_new=new, rows_unchanged=unchanged))
    spans = [(batch_id, name, first, last) for name, (first, last) in reading.covers.items()]
    covers = pd.DataFrame(spans, columns=["batch_id", "table_name", "first_on", "last_on"])
    for column in ("first_on", "last_on"):
        covers[column] = pd.to_datetime(covers[column]).astype("datetime64[s]")
    db.insert(connection, schema.cover, covers)
    kept = pd.DataFrame(
        [(batch_id, p.severity, p.sheet, p.row, p.column, p.value, p.says) for p in problems],
        columns=["batch_id", "severity", "sheet", "row", "column", "value", "says"], dtype="object",
    )  # fmt: skip
    db.insert(connection, schema.problem, kept)
    changed(connection, authority)
    return Loaded(batch_id, reading.source, "loaded", reading.rows_in, new, unchanged, len(reading.set_aside), tuple(problems))


def _can_be_kept(reading: Reading, table: Table, frame: pd.DataFrame) -> None:
    """The same words must mean the same in every database: PostgreSQL holds no NUL and no half of a character, so neither does SQLite."""
    for column in table.columns:
        if column.required and (column.name not in frame or frame[column.name].isna().any()):
            raise Refused(f"{reading.file}: a {table.name} row has no {column.name}: rows without one belong among those set aside")
        if column.kind in ("id", "text", "code") and column.name in frame:
            words = "".join(frame[column.name].dropna().astype(str))
            if _shown(words) != words:
                raise Refused(
                    f"{reading.file}: {column.name} of {table.name} has a character that cannot be kept (a NUL, or half of one):"
                    " remove it from the file and load it again"
                )


def _kept(problem: Problem) -> Problem:
    sheet, column, value = (None if words is None else _shown(words) for words in (problem.sheet, problem.column, problem.value))
    return replace(problem, says=_shown(problem.says), sheet=sheet, column=column, value=value)


def _shown(words: str) -> str:
    """Words as they can be kept and shown: a NUL as its sign, half a character as a question mark."""
    return words.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()


def _store_table(connection: Connection, authority: str, table: Table, frame: pd.DataFrame, batch_id: int, as_at: pd.Timestamp) -> set[int]:
    """Keep one canonical table of a batch. Returns the source rows that said something new."""
    if frame.empty:
        return set()
    sql = schema.canonical[table.name]
    rows = table.conform(frame).assign(source_row=frame["source_row"].to_numpy())
    rows = rows.drop_duplicates(list(table.key), keep="last", ignore_index=True)
    held = _held(connection, authority, table, rows)
    same = _place(rows, held, table.names)  # the same words, if they were ever said
    known = same >= 0
    rows["row_id"] = 0
    rows.loc[known, "row_id"] = held["row_id"].to_numpy()[same[known]]
    rows.loc[~known, "row_id"] = db.new_ids(connection, sql, int((~known).sum()))

    live = held[held["live"]].reset_index(drop=True)
    holder = live.reindex(_place(rows, live, table.key))  # what holds of the same fact, if anything does
    wins = ~(holder["said_at"].to_numpy() > np.datetime64(as_at, "s"))
    holds_already = holder["row_id"].to_numpy() == rows["row_id"].to_numpy()

    rows = rows.assign(authority=authority, live=wins | holds_already, said_at=as_at.as_unit("s"), said_by=batch_id)
    fresh = rows[~known]
    db.insert(connection, sql, fresh[["row_id", "authority", "live", "said_at", "said_by", *table.names]])
    displaced = holder.loc[holder["row_id"].notna().to_numpy() & wins & ~holds_already, ["row_id"]].astype("int64")
    db.change(connection, sql, displaced.assign(live=False))
    latest = ~(held["said_at"].to_numpy()[same[known]] > np.datetime64(as_at, "s"))
    db.change(connection, sql, rows.loc[known, ["row_id", "live", "said_at", "said_by"]][latest])
    told = rows[["row_id", "source_row"]].assign(batch_id=batch_id, table_name=table.name).sort_values("row_id")
    db.insert(connection, schema.batch_row, told[["batch_id", "table_name", "row_id", "source_row"]])
    return {int(n) for n in rows.loc[~holds_already, "source_row"]}


def _held(connection: Connection, authority: str, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Every wording held of the facts these rows might be about."""
    wanted = ["row_id", "live", "said_at", "said_by", *table.names]
    return db.select_alike(connection, schema.canonical[table.name], wanted, authority, rows[list(schema.found_by(table))])


def _place(rows: pd.DataFrame, among: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Where among the others each row's words in these columns are found; -1 where they are not."""
    if among.empty:
        return np.full(len(rows), -1, dtype=np.intp)
    places: np.ndarray = pd.Index(_mark(among, columns)).get_indexer(pd.Index(_mark(rows, columns)))
    return places


def _mark(frame: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """One number for what these columns say, the same for the same words; never stored."""
    return pd.util.hash_pandas_object(frame[list(columns)], index=False).to_numpy()


def withdraw(connection: Connection, authority: str, batch_id: int, *, at: datetime, by: str) -> None:
    """Take a load back. Every fact it spoke of holds again as the other loads say it; a fact only it knew is gone from view."""
    b = schema.batch.c
    found = connection.execute(select(b.withdrawn_at).where(b.authority == authority, b.batch_id == batch_id)).first()
    if found is None:
        raise LookupError(f"there is no load {batch_id}: `python app.py loads` lists them")
    if found[0] is not None:
        raise LookupError(f"load {batch_id} is withdrawn already, since {found[0]:%d/%m/%Y %H:%M}")
    connection.execute(update(schema.batch).where(b.batch_id == batch_id).values(withdrawn_at=at, withdrawn_by=by))
    if not db.is_sqlite(connection):  # right after a big load PostgreSQL does not know its size yet, and would plan for a small one
        connection.execute(text("ANALYZE batch_row"))
    r = schema.batch_row.c
    for name in connection.execute(select(r.table_name).where(r.batch_id == batch_id).distinct()).scalars().all():
        _settle(connection, authority, BY_NAME[name], batch_id)
    changed(connection, authority)


def _settle(connection: Connection, authority: str, table: Table, batch_id: int) -> None:
    """Work out again which wording holds of each fact a withdrawn load spoke of, from the loads that are not withdrawn."""
    sql, asked = schema.canonical[table.name], {"b": batch_id, "t": table.name}
    spoken = "row_id IN (SELECT row_id FROM batch_row WHERE batch_id = :b AND table_name = :t)"
    rows = db.select(connection, sql, ["row_id", *schema.found_by(table)], spoken, asked)
    said = connection.execute(
        text(
            "SELECT row_id, as_at, batch_id FROM (SELECT r.row_id, b.as_at, b.batch_id,"
            " row_number() OVER (PARTITION BY r.row_id ORDER BY b.as_at DESC, b.batch_id DESC) AS nth"
            " FROM batch b JOIN batch_row r ON r.batch_id = b.batch_id"
            f" WHERE b.authority = :a AND b.withdrawn_at IS NULL AND r.table_name = :t AND +r.{spoken}) AS every WHERE nth = 1"
        ),
        {"a": authority, **asked},
    ).fetchall()
    latest = pd.DataFrame.from_records([tuple(s) for s in said], columns=["row_id", "said_at", "said_by"]).set_index("row_id")
    held = _held(connection, authority, table, rows).set_index("row_id")
    spoken_of = held.index.isin(rows["row_id"])
    left = latest.reindex(held.index[spoken_of])
    held.loc[spoken_of, "said_at"] = pd.to_datetime(left["said_at"]).astype("datetime64[s]").to_numpy()
    held.loc[spoken_of, "said_by"] = left["said_by"].astype("float64").to_numpy()
    held = held.sort_values(["said_at", "said_by"], na_position="first")
    holds = ~held.duplicated(list(table.key), keep="last") & held["said_by"].notna()
    moved = held.assign(live=holds, said_by=held["said_by"].astype("Int64"))[(holds != held["live"]) | held.index.isin(rows["row_id"])]
    db.change(connection, sql, moved[["live", "said_at", "said_by"]].reset_index())


def changed(connection: Connection, authority: str) -> None:
    connection.execute(text("UPDATE state SET version = version + 1 WHERE authority = :a"), {"a": authority})


def as_unchanged(loaded: Loaded) -> Loaded:
    return replace(loaded, status="unchanged", rows_new=0, rows_unchanged=loaded.rows_in - loaded.rows_set_aside)


def loaded_before(connection: Connection, batch_id: int) -> Loaded:
    """What became of a file when it was first loaded, said again as unchanged."""
    b, p = schema.batch.c, schema.problem.c
    row = connection.execute(select(b.source, b.rows_in, b.rows_set_aside).where(b.batch_id == batch_id)).one()
    lines = select(p.says, p.severity, p.sheet, p.row, p.column, p.value).where(p.batch_id == batch_id)
    said = connection.execute(lines.order_by(p.problem_id))
    problems = tuple(Problem(*line) for line in said)
    return as_unchanged(Loaded(batch_id, row.source, "unchanged", row.rows_in, 0, 0, row.rows_set_aside, problems))
