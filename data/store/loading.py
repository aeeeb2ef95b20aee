"""Loads: one file, one batch, one transaction. Nothing is overwritten; a withdrawn load gives back the state before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert, select, text, update

from data.reading import Problem, Reading
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
    """Keep everything one file says. The caller holds the transaction."""
    problems = list(reading.problems)
    batch_id = int(
        connection.execute(
            insert(schema.batch).returning(schema.batch.c.batch_id),
            {
                "authority": authority, "source": reading.source, "file": reading.file, "content_hash": reading.content_hash,
                "as_at": reading.as_at.date(), "as_at_from": reading.as_at_from, "invented": reading.invented, "loaded_at": at, "loaded_by": by,
                "rows_in": reading.rows_in, "rows_new": 0, "rows_unchanged": 0, "rows_set_aside": len(reading.set_aside),
            },
        ).scalar_one()
    )  # fmt: skip
    fresh: set[int] = set()
    for name, frame in reading.tables.items():
        fresh |= _store_table(connection, authority, BY_NAME[name], frame, batch_id, reading.as_at, problems)
    new = len(fresh - reading.set_aside)
    unchanged = reading.rows_in - new - len(reading.set_aside)
    connection.execute(update(schema.batch).where(schema.batch.c.batch_id == batch_id).values(rows_new=new, rows_unchanged=unchanged))
    covers = pd.DataFrame([(batch_id, n, a, b) for n, (a, b) in reading.covers.items()], columns=["batch_id", "table_name", "first_on", "last_on"])
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


def _store_table(
    connection: Connection, authority: str, table: Table, frame: pd.DataFrame, batch_id: int, as_at: pd.Timestamp, problems: list[Problem]
) -> set[int]:
    """Keep one canonical table of a batch. Returns the source rows that said something new."""
    if frame.empty:
        return set()
    sql = schema.canonical[table.name]
    rows = table.conform(frame).assign(source_row=frame["source_row"].to_numpy())
    rows = rows.drop_duplicates(list(table.key), keep="last", ignore_index=True)
    held = _held(connection, authority, table, rows)
    key_in, key_held = _mark(rows, table.key), _mark(held, table.key)
    same = pd.Index(_mark(held, table.names)).get_indexer(pd.Index(_mark(rows, table.names))) if len(held) else np.full(len(rows), -1)
    known = same >= 0
    rows["row_id"] = np.where(known, held["row_id"].to_numpy()[np.maximum(same, 0)] if len(held) else 0, 0)
    rows.loc[~known, "row_id"] = db.new_ids(connection, sql, int((~known).sum()))

    live = held[held["live"].astype(bool)]
    at = pd.Index(key_held[live.index.to_numpy()]).get_indexer(pd.Index(key_in)) if len(live) else np.full(len(rows), -1)
    has = at >= 0
    holder = live.iloc[np.maximum(at, 0)] if len(live) else None
    later = np.zeros(len(rows), dtype=bool)
    same_as_live = np.zeros(len(rows), dtype=bool)
    if holder is not None:
        later = has & (holder["said_at"].to_numpy() > np.datetime64(as_at, "s"))
        same_as_live = has & (holder["row_id"].to_numpy() == rows["row_id"].to_numpy())
    wins = ~later
    fresh = rows.loc[~known].assign(authority=authority, live=wins[~known], said_at=as_at.as_unit("s"), said_by=batch_id)
    db.insert(connection, sql, fresh[["row_id", "authority", "live", "said_at", "said_by", *table.names]])
    if holder is not None:
        _set_live(connection, table.name, holder["row_id"].to_numpy()[has & wins & ~same_as_live], False)
    _set_live(connection, table.name, rows["row_id"].to_numpy()[known & wins & ~same_as_live], True)
    said = rows[["row_id", "source_row"]].assign(batch_id=batch_id, table_name=table.name).sort_values("row_id")
    db.insert(connection, schema.batch_row, said[["batch_id", "table_name", "row_id", "source_row"]])
    connection.execute(
        text(
            f'UPDATE "{table.name}" SET said_at = :at, said_by = :b WHERE (said_at IS NULL OR said_at <= :at) AND row_id IN'
            " (SELECT row_id FROM batch_row WHERE batch_id = :b AND table_name = :t)"
        ),
        {"at": as_at.date().isoformat() if db.is_sqlite(connection) else as_at.date(), "b": batch_id, "t": table.name},
    )
    return {int(n) for n in rows.loc[~same_as_live, "source_row"]}


def _held(connection: Connection, authority: str, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Every wording held of the facts these rows might be about. Where the key is dated, only the dates in question are read."""
    where, values = "authority = :a", {"a": authority}
    if table.dated_by in table.key and rows[table.dated_by].notna().all():
        where += f' AND "{table.dated_by}" BETWEEN :low AND :high'
        iso = db.is_sqlite(connection)
        low, high = rows[table.dated_by].min().date(), rows[table.dated_by].max().date()
        values |= {"low": low.isoformat() if iso else low, "high": high.isoformat() if iso else high}
    held = db.select(connection, schema.canonical[table.name], ["row_id", "live", "said_at", "said_by", *table.names], where, values)
    return table.conform(held).assign(**{c: held[c] for c in ("row_id", "live", "said_at", "said_by")})


def _mark(frame: pd.DataFrame, columns: tuple[str, ...] | list[str]) -> np.ndarray:
    """One number for what these columns say, the same for the same words; never stored."""
    return pd.util.hash_pandas_object(frame[list(columns)], index=False).to_numpy()


def _set_live(connection: Connection, table: str, row_ids: np.ndarray, live: bool) -> None:
    if len(row_ids):
        connection.execute(text(f'UPDATE "{table}" SET live = :live WHERE row_id = :id'), [{"live": live, "id": int(i)} for i in row_ids])


def withdraw(connection: Connection, authority: str, batch_id: int, *, at: datetime, by: str) -> None:
    """Take a load back. Every fact it spoke of holds again as the other loads say it; a fact only it knew is gone from view."""
    b = schema.batch.c
    found = connection.execute(select(b.withdrawn_at).where(b.authority == authority, b.batch_id == batch_id)).first()
    if found is None:
        raise LookupError(f"there is no load {batch_id}: `python app.py loads` lists them")
    if found[0] is not None:
        raise LookupError(f"load {batch_id} is withdrawn already, since {found[0]:%d/%m/%Y %H:%M}")
    connection.execute(update(schema.batch).where(b.batch_id == batch_id).values(withdrawn_at=at, withdrawn_by=by))
    r = schema.batch_row.c
    for name in connection.execute(select(r.table_name).where(r.batch_id == batch_id).distinct()).scalars().all():
        _settle(connection, authority, BY_NAME[name])
    changed(connection, authority)


def _settle(connection: Connection, authority: str, table: Table) -> None:
    """Work out again which wording of each fact holds, from the loads that are not withdrawn."""
    rows = db.select(connection, schema.canonical[table.name], ["row_id", "live", *table.key], "authority = :a", {"a": authority})
    said = connection.execute(
        select(schema.batch_row.c.row_id, schema.batch.c.as_at, schema.batch.c.batch_id)
        .join(schema.batch, schema.batch.c.batch_id == schema.batch_row.c.batch_id)
        .where(schema.batch_row.c.table_name == table.name, schema.batch.c.authority == authority, schema.batch.c.withdrawn_at.is_(None))
    ).fetchall()
    latest = pd.DataFrame.from_records([tuple(s) for s in said], columns=["row_id", "said_at", "said_by"])
    latest["said_at"] = pd.to_datetime(latest["said_at"]).astype("datetime64[s]")
    latest = latest.sort_values(["said_at", "said_by"]).drop_duplicates("row_id", keep="last")
    both = rows.merge(latest, on="row_id", how="left").sort_values(["said_at", "said_by"], na_position="first")
    last = ~both.duplicated(list(table.key), keep="last")
    both["holds"] = last & both["said_by"].notna()
    update_all = text(f'UPDATE "{table.name}" SET live = :live, said_at = :at, said_by = :by WHERE row_id = :id')
    iso = db.is_sqlite(connection)
    values = [
        {"live": bool(h), "at": None if pd.isna(a) else (a.date().isoformat() if iso else a.date()), "by": None if pd.isna(s) else int(s), "id": int(i)}
        for i, h, a, s in both[["row_id", "holds", "said_at", "said_by"]].itertuples(index=False)
    ]
    if values:
        connection.execute(update_all, values)


def changed(connection: Connection, authority: str) -> None:
    connection.execute(text("UPDATE state SET version = version + 1 WHERE authority = :a"), {"a": authority})


def as_unchanged(loaded: Loaded) -> Loaded:
    return replace(loaded, status="unchanged", rows_new=0, rows_unchanged=loaded.rows_in - loaded.rows_set_aside)


def loaded_before(connection: Connection, batch_id: int) -> Loaded:
    """What became of a file when it was first loaded, said again as unchanged."""
    b, p = schema.batch.c, schema.problem.c
    row = connection.execute(select(b.source, b.rows_in, b.rows_set_aside).where(b.batch_id == batch_id)).one()
    said = connection.execute(select(p.says, p.severity, p.sheet, p.row, p.column, p.value).where(p.batch_id == batch_id).order_by(p.problem_id))
    problems = tuple(Problem(*line) for line in said)
    return as_unchanged(Loaded(batch_id, row.source, "unchanged", row.rows_in, 0, 0, row.rows_set_aside, problems))


