"""What a complete extract ends: worked out once, when a load comes or goes, and kept with the load (`batch_says`).

A load that is complete for some days and silent about rows its source held there ends them. How many, and whether they are so many that
the file is more likely cut short, is judged by what was held when it spoke: by the loads before it, never by those after. So the order
in which files are loaded makes no difference, and a load withdrawn leaves what there would have been without it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection, delete, select, update

from data.naming import called
from data.reading import Problem
from data.store import engine as db
from data.store import held, schema
from data.store.standing import SAID, Listing, could_list, day_of, mark, no_longer_listed, too_many, within
from data.tables import BY_NAME, Table

Turn = tuple[pd.Timestamp, int]


@dataclass(frozen=True)
class Ended:
    """How many rows a load is silent about, of how many held in its days."""

    ended: int
    held: int

    def held_back(self, listing: Listing) -> bool:
        return too_many(self.ended, self.held) and not listing.declared


def settle(
    connection: Connection, authority: str, source: str, tables: Collection[str], *, since: Turn, continued: Mapping[str, int] | None = None
) -> None:
    """Work out anew what the loads of a source end in these tables, from one turn on, and tell it in their problems.

    `continued`: where `since` is a load just kept: how many rows held in the days of each part it is complete for it says again.
    """
    every = held.listings(connection, authority, source)
    later = _tables_of_later_loads(connection, authority, source, since)
    changed: set[int] = set()
    for name in tables:
        own = [listing for listing in every if listing.table == name]
        open_to_change = [listing for listing in own if listing.turn >= since]
        if not open_to_change:
            continue
        if continued is not None and name not in later:
            found = {listing: _at_the_end(connection, authority, listing, own, continued) for listing in open_to_change}
        else:
            found = _sweep(connection, authority, source, own)
        for listing in open_to_change:
            _keep(connection, listing, found[listing])
            changed.add(listing.batch_id)
    for batch_id in sorted(changed):
        _tell(connection, batch_id)


def declare_whole(connection: Connection, authority: str, batch_id: int, *, at: datetime, by: str) -> None:
    """Let a load that was held back end what it is silent about. Raises LookupError where there is nothing to declare."""
    b, s = schema.batch.c, schema.batch_says.c
    row = connection.execute(select(b.source, b.as_at, b.withdrawn_at).where(b.authority == authority, b.batch_id == batch_id)).first()
    if row is None:
        raise LookupError(f"there is no load {batch_id}: `python app.py loads` lists them")
    back = (s.batch_id == batch_id) & s.held_back.is_(True)
    parts = connection.execute(select(s.table_name).where(back)).scalars().all()
    if row.withdrawn_at is not None or not parts:
        raise LookupError(f"load {batch_id} is not held back in anything: there is nothing to declare")
    connection.execute(update(schema.batch_says).where(back).values(declared_at=at, declared_by=by))
    settle(connection, authority, row.source, {part.partition(":")[0] for part in parts}, since=(pd.Timestamp(row.as_at), batch_id))


def told(connection: Connection, batch_id: int) -> list[Problem]:
    """What is told now of what a load ends."""
    p = schema.problem.c
    found = select(p.says, p.severity, p.sheet, p.row, p.column, p.value).where(p.batch_id == batch_id, p.retold.is_(True))
    return [Problem(*row) for row in connection.execute(found.order_by(p.problem_id))]


def _at_the_end(
    connection: Connection, authority: str, listing: Listing, own: Collection[Listing], continued: Mapping[str, int]
) -> Ended:  # fmt: skip
    """What the newest load ends: whatever its source holds in its days that it did not say."""
    table = BY_NAME[listing.table]
    day = day_of(table)
    if day is None:
        return Ended(0, 0)
    started = f'"{day}" <= :last' if table.kind == "episode" else f'"{day}" BETWEEN :first AND :last'
    ended = " AND (ended_on IS NULL OR ended_on >= :first)" if table.kind == "episode" else ""
    of = f"said_in = :s AND said_by <> :b AND {started}{ended} AND {db.live(connection)}"
    iso = db.is_sqlite(connection)
    first, last = (day.date().isoformat() if iso else day.date() for day in (listing.first, listing.last))
    values = {"a": authority, "s": listing.source, "b": listing.batch_id, "first": first, "last": last}
    columns = [c for c in _judged_by(table) if c not in SAID]
    rows = db.select(connection, schema.canonical[table.name], [*SAID, *columns], of, values)
    rows = rows[~no_longer_listed(table, rows, [before for before in own if before.turn < listing.turn])]
    silent = int(could_list(table, rows, listing).sum())
    return Ended(silent, int(within(table, rows, listing).sum()) + continued.get(listing.part, 0))


def _sweep(connection: Connection, authority: str, source: str, own: Collection[Listing]) -> dict[Listing, Ended]:
    """What each load of a source ends in one table, load after load, from all that each of them said."""
    table = BY_NAME[next(iter(own)).table]
    sql = schema.canonical[table.name]
    columns = list(dict.fromkeys([*table.key, *_judged_by(table)]))
    wording = {"a": authority, "s": source}
    rows = db.select(connection, sql, ["row_id", *columns], "authority = :a AND said_in = :s ORDER BY row_id", wording)
    facts, _ = pd.factorize(mark(rows, table.key))
    by_load = _said_by_load(connection, authority, source, table.name, rows["row_id"].to_numpy())
    complete: dict[Turn, list[Listing]] = {}
    for listing in own:
        complete.setdefault(listing.turn, []).append(listing)
    current = np.full(int(facts.max(initial=-1)) + 1, -1, dtype=np.int64)
    gone = np.zeros(len(current), dtype=bool)
    out: dict[Listing, Ended] = {}
    for turn in sorted({*by_load, *complete}):
        places = by_load.get(turn, np.array([], dtype=np.int64))
        said_now = np.zeros(len(current), dtype=bool)
        said_now[facts[places]] = True
        stands = np.flatnonzero((current >= 0) & ~gone)
        were = rows.iloc[current[stands]]
        for listing in complete.get(turn, ()):
            silent = could_list(table, were, listing) & ~said_now[stands]
            out[listing] = Ended(int(silent.sum()), int(within(table, were, listing).sum()))
            if not out[listing].held_back(listing):
                gone[stands[silent]] = True
        current[facts[places]] = places
        gone[facts[places]] = False
    return out


def _said_by_load(
    connection: Connection, authority: str, source: str, name: str, row_ids: np.ndarray
) -> dict[Turn, np.ndarray]:  # fmt: skip
    """Each load's turn -> the places (in `row_ids`, which are sorted) of the rows it said."""
    b, r = schema.batch.c, schema.batch_row.c
    loads = connection.execute(
        select(b.batch_id, b.as_at).where(b.authority == authority, b.source == source, b.withdrawn_at.is_(None))
    ).all()
    out = {}
    for batch_id, as_at in loads:
        spoken = connection.execute(select(r.row_id).where(r.batch_id == batch_id, r.table_name == name)).scalars().all()
        ids = np.array(spoken, dtype=np.int64)
        out[(pd.Timestamp(as_at), batch_id)] = np.flatnonzero(np.isin(row_ids, ids))
    return out


def _judged_by(table: Table) -> list[str]:
    """The columns that tell whether a complete load would have listed a row."""
    wanted = (day_of(table), "ended_on" if table.kind == "episode" else None, "child_id", "cohort_kind")
    return [name for name in dict.fromkeys(wanted) if name is not None and name in table.names]


def _tables_of_later_loads(connection: Connection, authority: str, source: str, since: Turn) -> set[str]:
    b, s = schema.batch.c, schema.batch_says.c
    found = connection.execute(
        select(s.table_name, b.as_at, b.batch_id)
        .join_from(schema.batch_says, schema.batch, b.batch_id == s.batch_id)
        .where(b.authority == authority, b.source == source, b.withdrawn_at.is_(None), b.as_at >= since[0].date())
    )
    return {name.partition(":")[0] for name, as_at, batch_id in found if (pd.Timestamp(as_at), batch_id) > since}


def _keep(connection: Connection, listing: Listing, found: Ended) -> None:
    s = schema.batch_says.c
    this = (s.batch_id == listing.batch_id) & (s.table_name == listing.part)
    now = {"ended": found.ended, "held": found.held, "held_back": found.held_back(listing)}
    connection.execute(update(schema.batch_says).where(this).values(**now))


def _tell(connection: Connection, batch_id: int) -> None:
    """Say anew, among the problems of a load, what it ends."""
    s = schema.batch_says.c
    connection.execute(delete(schema.problem).where(schema.problem.c.batch_id == batch_id, schema.problem.c.retold.is_(True)))
    found = connection.execute(select(schema.batch_says).where(s.batch_id == batch_id, s.ended > 0).order_by(s.table_name)).all()
    told = [
        (batch_id, "warning" if row.held_back else "note", _back(row, batch_id) if row.held_back else _over(row), True) for row in found
    ]
    db.insert(connection, schema.problem, pd.DataFrame(told, columns=["batch_id", "severity", "says", "retold"]))


def _over(row: object) -> str:
    part, ended, first, last, by = (getattr(row, name) for name in ("table_name", "ended", "complete_from", "complete_to", "declared_by"))
    is_, they = ("is", "it no longer counts") if ended == 1 else ("are", "they no longer count")
    declared = f" {by} declared the file whole." if by else ""
    of = f"in a file complete from {_on(first)} to {_on(last)}"
    return f"{called(part, ended)} held before {is_} no longer listed, {of}: {they}.{declared}"


def _back(row: object, batch_id: int) -> str:
    part, ended, of, first, last = (getattr(row, name) for name in ("table_name", "ended", "held", "complete_from", "complete_to"))
    return (
        f"{ended:,} of the {called(part, of)} held before from {_on(first)} to {_on(last)} are not in this file, which should list them."
        " That is so many that the file may have been cut short, so all of them still count. If it was, load the whole file with the same"
        f" as-at day; if they have rightly gone, say so: `python app.py loads whole {batch_id}`."
    )


def _on(day: datetime) -> str:
    return f"{day:%d/%m/%Y}"
