"""What stands of each table, read from the database: the wordings that hold, of every source, made into one record a fact.

A table that one source fills and no load is complete for is read as it lies: the rest is only read where it may change something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from sqlalchemy import Connection, select

from data.columns import Table
from data.precedence import TOLD_IN_PARTS
from data.store import engine as db
from data.store import schema
from data.store.standing import SAID, Listing, no_longer_listed, standing
from data.tables import BY_NAME, TABLES


def frames(connection: Connection, authority: str, tables: Sequence[Table] = TABLES) -> dict[str, pd.DataFrame]:
    """Table name -> its rows as they stand, in the order they were first said."""
    sources, complete = sources_of(connection, authority), listings(connection, authority)
    return {table.name: frame(connection, authority, table, sources, complete) for table in tables}


def frame(
    connection: Connection, authority: str, table: Table, sources: Mapping[str, Sequence[str]], complete: Sequence[Listing]
) -> pd.DataFrame:  # fmt: skip
    """One table as it stands, from its sources (`sources_of`) and what the loads are complete for (`listings`)."""
    own = [listing for listing in complete if listing.table == table.name and not listing.held_back]
    if len(sources.get(table.name, ())) > 1 or own or table.name in TOLD_IN_PARTS:
        return standing(table, said(connection, authority, table), own)
    return db.select(connection, schema.canonical[table.name], table.names, db.live(connection), {"a": authority})


def said(connection: Connection, authority: str, table: Table) -> pd.DataFrame:
    """The wordings of a table that hold, one a fact and source, with who said them last."""
    return db.select(connection, schema.canonical[table.name], [*SAID, *table.names], db.live(connection), {"a": authority})


def still_listed(connection: Connection, authority: str, name: str) -> pd.DataFrame:
    """The wordings of a table that hold and are still listed, before several sources become one record."""
    table, rows = BY_NAME[name], said(connection, authority, BY_NAME[name])
    own = [listing for listing in listings(connection, authority) if listing.table == name]
    return rows[~no_longer_listed(table, rows, own)].reset_index(drop=True)


def sources_of(connection: Connection, authority: str) -> dict[str, tuple[str, ...]]:
    """Table name -> the sources whose loads that count have rows of it."""
    b, s = schema.batch.c, schema.batch_says.c
    found = connection.execute(
        select(s.table_name, b.source)
        .join_from(schema.batch_says, schema.batch, b.batch_id == s.batch_id)
        .where(b.authority == authority, b.withdrawn_at.is_(None), s.rows > 0)
        .distinct()
    )
    out: dict[str, tuple[str, ...]] = {}
    for name, source in sorted((row[0].partition(":")[0], row[1]) for row in found):
        out[name] = tuple(dict.fromkeys((*out.get(name, ()), source)))
    return out


def listings(connection: Connection, authority: str, source: str | None = None) -> list[Listing]:
    """What the loads that count are complete for, earliest first."""
    b, s = schema.batch.c, schema.batch_says.c
    query = (
        select(
            b.batch_id, b.source, b.as_at, s.table_name, s.complete_from, s.complete_to, s.unsure_of, s.held_back, s.declared_by
        )
        .join_from(schema.batch_says, schema.batch, b.batch_id == s.batch_id)
        .where(b.authority == authority, b.withdrawn_at.is_(None), s.complete_from.is_not(None))
    )  # fmt: skip
    found = connection.execute(query if source is None else query.where(b.source == source))
    made = [
        Listing(
            row.batch_id, row.source, pd.Timestamp(row.as_at), row.table_name, pd.Timestamp(row.complete_from),
            pd.Timestamp(row.complete_to), None if row.unsure_of is None else frozenset(row.unsure_of), bool(row.held_back),
            row.declared_by is not None,
        )
        for row in found
    ]  # fmt: skip
    return sorted(made, key=lambda listing: (*listing.turn, listing.part))
