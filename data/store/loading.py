"""Loads: one file, one batch, one transaction. Nothing is overwritten; a withdrawn load gives back the state before it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert, select, text, update

from data.precedence import said_in
from data.reading import Problem, Reading, Refused
from data.store import conflicts, cross_checks, ending, held, schema
from data.store import engine as db
from data.store.standing import SAID, Listing, mark, no_longer_listed, within
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


@dataclass(frozen=True)
class Said:
    """Who says it: the authority, the source, the day it speaks of, and the load."""

    authority: str
    source: str
    as_at: pd.Timestamp
    batch_id: int
    part: str = ""

    def of(self, table: Table) -> str:
        """Whose wording a row of the table is."""
        return said_in(self.source, table.name, self.part)


@dataclass(frozen=True)
class Kept:
    """What came of one table: the source rows that said something new, the facts they are about, and how many rows held go on."""

    fresh: np.ndarray = field(default_factory=lambda: np.array([], dtype=np.int64))
    facts: pd.DataFrame | None = None
    continued: dict[str, int] = field(default_factory=dict)


def batch_with(connection: Connection, authority: str, content_hash: str) -> int | None:
    """The load that already holds exactly this content, if it was not withdrawn."""
    b = schema.batch.c
    found = select(b.batch_id).where(b.authority == authority, b.content_hash == content_hash, b.withdrawn_at.is_(None))
    return connection.execute(found.order_by(b.batch_id.desc()).limit(1)).scalar()


def store_reading(connection: Connection, authority: str, reading: Reading, *, at: datetime, by: str) -> Loaded:
    """Keep everything one file says. The caller holds the transaction. Raises Refused where a row cannot be kept as it is."""
    for name, frame in reading.tables.items():
        _can_be_kept(reading, BY_NAME[name], frame)
    batch_id = _new_batch(connection, authority, reading, at=at, by=by)
    said = Said(authority, reading.source, pd.Timestamp(reading.as_at).as_unit("s"), batch_id, reading.part)
    complete = _listings(said, reading)
    before = held.listings(connection, authority, reading.source)
    odd = cross_checks.found(connection, authority, reading)
    kept = {
        name: _store_table(connection, said, BY_NAME[name], frame, [c for c in complete if c.table == name], before)
        for name, frame in reading.tables.items()
    }
    new = _how_many_rows([one.fresh for one in kept.values()], reading.set_aside)
    unchanged = reading.rows_in - new - len(reading.set_aside)
    connection.execute(update(schema.batch).where(schema.batch.c.batch_id == batch_id).values(rows_new=new, rows_unchanged=unchanged))
    _keep_cover(connection, batch_id, reading)
    _keep_says(connection, batch_id, reading, complete)
    continued = {part: count for one in kept.values() for part, count in one.continued.items()}
    ending.settle(connection, authority, said.source, spoken_of(reading), since=(said.as_at, batch_id), continued=continued)
    differing = conflicts.brought(connection, authority, said.source, {name: one.facts for name, one in kept.items()})
    problems = [_fit(p) for p in (*reading.problems, *odd, *differing)]
    lines = [(batch_id, p.severity, p.sheet, p.row, p.column, p.value, p.says) for p in problems]
    names = ["batch_id", "severity", "sheet", "row", "column", "value", "says"]
    db.insert(connection, schema.problem, pd.DataFrame(lines, columns=names, dtype="object"))
    problems += ending.told(connection, batch_id)
    changed(connection, authority)
    return Loaded(batch_id, reading.source, "loaded", reading.rows_in, new, unchanged, len(reading.set_aside), tuple(problems))


def _how_many_rows(said: Sequence[np.ndarray], but: Collection[int]) -> int:
    """How many different rows of the file are named in any of these, and not in `but`."""
    named = np.concatenate([np.array([], dtype=np.int64), *said])
    seen = np.zeros(int(named.max(initial=-1)) + 1, dtype=bool)
    seen[named] = True
    seen[[row for row in but if row < len(seen)]] = False
    return int(seen.sum())


def _new_batch(connection: Connection, authority: str, reading: Reading, *, at: datetime, by: str) -> int:
    values = {
        "authority": authority, "source": reading.source, "file": _shown(reading.file), "content_hash": reading.content_hash,
        "as_at": reading.as_at.date(), "as_at_from": reading.as_at_from, "invented": reading.invented,
        "loaded_at": at, "loaded_by": by,
        "rows_in": reading.rows_in, "rows_new": 0, "rows_unchanged": 0, "rows_set_aside": len(reading.set_aside),
    }  # fmt: skip
    return int(connection.execute(insert(schema.batch).returning(schema.batch.c.batch_id), values).scalar_one())


def spoken_of(reading: Reading) -> set[str]:
    """The tables a file has rows of, or is complete for."""
    return {name.partition(":")[0] for name in (*reading.tables, *reading.complete)}


def _listings(said: Said, reading: Reading) -> list[Listing]:
    unsure = None if reading.unsure_of is None else frozenset(reading.unsure_of)
    return [
        Listing(said.batch_id, said.source, said.as_at, part, pd.Timestamp(first), pd.Timestamp(last), unsure)
        for part, (first, last) in reading.complete.items()
    ]


def _keep_cover(connection: Connection, batch_id: int, reading: Reading) -> None:
    spans = [(batch_id, name, first, last) for name, (first, last) in reading.covers.items()]
    covers = pd.DataFrame(spans, columns=["batch_id", "table_name", "first_on", "last_on"])
    for column in ("first_on", "last_on"):
        covers[column] = pd.to_datetime(covers[column]).astype("datetime64[s]")
    db.insert(connection, schema.cover, covers)


def _keep_says(connection: Connection, batch_id: int, reading: Reading, complete: Sequence[Listing]) -> None:
    """Keep how many rows the file has of each table, and the days it is complete for."""
    none: dict[str, Any] = {"complete_from": None, "complete_to": None, "unsure_of": []}
    said = {name: {"table_name": name, "rows": len(frame), **none} for name, frame in reading.tables.items()}
    for listing in complete:
        of = reading.tables.get(listing.table)
        count = 0 if of is None else int((of["cohort_kind"] == listing.cohort).sum()) if listing.cohort else len(of)
        unsure = None if listing.unsure_of is None else sorted(listing.unsure_of)
        said[listing.part] = {
            "table_name": listing.part, "rows": count, "complete_from": listing.first.date(), "complete_to": listing.last.date(),
            "unsure_of": unsure,
        }  # fmt: skip
    if said:
        connection.execute(insert(schema.batch_says), [{"batch_id": batch_id, **line} for line in said.values()])


def _can_be_kept(reading: Reading, table: Table, frame: pd.DataFrame) -> None:
    """The same words must mean the same in every database: PostgreSQL holds no NUL and no half of a character, so neither does SQLite."""
    for column in table.columns:
        if column.required and (column.name not in frame or frame[column.name].isna().any()):
            raise Refused(f"{reading.file}: a {table.name} row has no {column.name}: rows without one belong among those set aside")
        if column.kind in ("id", "text", "code") and column.name in frame and not _all_can_be_shown(frame[column.name]):
            raise Refused(
                f"{reading.file}: {column.name} of {table.name} has a character that cannot be kept (a NUL, or half of one):"
                " remove it from the file and load it again"
            )


def _all_can_be_shown(words: pd.Series) -> bool:
    """Whether every word of a column can be kept as it is: asked of many together, which is quicker than finding those that differ."""
    for start in range(0, len(words), db.ROWS_WRITTEN_AT_A_TIME):
        together = "".join(map(str, words.iloc[start : start + db.ROWS_WRITTEN_AT_A_TIME].dropna()))
        if _shown(together) != together:
            return False
    return True


def _fit(problem: Problem) -> Problem:
    sheet, column, value = (None if words is None else _shown(words) for words in (problem.sheet, problem.column, problem.value))
    return replace(problem, says=_shown(problem.says), sheet=sheet, column=column, value=value)


def _shown(words: str) -> str:
    """Words as they can be kept and shown: a NUL as its sign, half a character as a question mark."""
    return words.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()


def _store_table(
    connection: Connection, said: Said, table: Table, frame: pd.DataFrame, complete: Sequence[Listing], before: Sequence[Listing]
) -> Kept:
    """Keep one canonical table of a batch, in the wording of its source.

    `complete`: what this batch is complete for in this table; `before`: what the other loads of its source are, for every table.
    """
    if frame.empty:
        return Kept()
    sql = schema.canonical[table.name]
    rows = table.conform(frame).assign(source_row=frame["source_row"].to_numpy())
    last = ~pd.Series(mark(rows, table.key)).duplicated(keep="last").to_numpy()  # of two rows about one fact the later one holds
    if not last.all():
        rows = rows[last].reset_index(drop=True)
    held_of = _wordings(connection, said, table, rows)
    held_id, held_at = held_of["row_id"].to_numpy(), held_of["said_at"].to_numpy()
    same = _place(rows, held_of, table.names)  # the same words, if they were ever said
    known = same >= 0
    row_id = np.zeros(len(rows), dtype=np.int64)
    row_id[known] = held_id[same[known]]
    row_id[~known] = db.new_ids(connection, sql, int((~known).sum()))

    standing = np.flatnonzero(held_of["live"].to_numpy())
    holder = _place(rows, held_of.iloc[standing], table.key)  # what holds of the same fact, if anything
    there = holder >= 0
    holder[there] = standing[holder[there]]
    wins, holds_already = np.ones(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    wins[there] = ~(held_at[holder[there]] > np.datetime64(said.as_at, "s"))
    holds_already[there] = held_id[holder[there]] == row_id[there]

    rows = rows.assign(row_id=row_id, live=wins | holds_already)
    new = rows.loc[~known] if known.any() else rows
    db.insert(connection, sql, _told_by(said, table, new[["row_id", "live", *table.names]]))
    displaced = held_id[holder[there & wins & ~holds_already]]
    db.change(connection, sql, pd.DataFrame({"row_id": displaced, "live": False}))
    latest = ~(held_at[same[known]] > np.datetime64(said.as_at, "s"))
    again = rows.loc[known, ["row_id", "live"]][latest]
    db.change(connection, sql, again.assign(said_at=said.as_at, said_by=said.batch_id))
    told = rows[["row_id", "source_row"]].sort_values("row_id").assign(batch_id=said.batch_id, table_name=table.name)
    db.insert(connection, schema.batch_row, told[["batch_id", "table_name", "row_id", "source_row"]])
    fresh = rows.loc[~holds_already]
    continued = {one.part: _continued(table, held_of.iloc[holder[there]], one, before) for one in complete}
    return Kept(fresh["source_row"].to_numpy(dtype=np.int64), fresh[list(table.key)], continued)


def _told_by(said: Said, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(authority=said.authority, said_in=said.of(table), said_at=said.as_at, said_by=said.batch_id)


def _continued(table: Table, were: pd.DataFrame, listing: Listing, before: Sequence[Listing]) -> int:
    """How many rows held in the days a load is complete for are said again by it."""
    standing = within(table, were, listing)
    standing &= ~no_longer_listed(table, were, [b for b in before if b.table == table.name and b.turn < listing.turn])
    return int(standing.sum())


def _wordings(connection: Connection, said: Said, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Every wording held of the facts these rows might be about, as their own source said them."""
    wanted = ["row_id", "live", *SAID, *table.names]
    asked = rows[list(schema.found_by(table))]
    sql, source = schema.canonical[table.name], said.of(table)
    return db.select_alike(connection, sql, wanted, said.authority, asked, only="said_in = :s", s=source)


def _place(rows: pd.DataFrame, among: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Where among the others each row's words in these columns are found; -1 where they are not."""
    if among.empty:
        return np.full(len(rows), -1, dtype=np.intp)
    places: np.ndarray = pd.Index(mark(among, columns)).get_indexer(pd.Index(mark(rows, columns)))
    return places


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
