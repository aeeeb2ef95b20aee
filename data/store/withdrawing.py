"""Taking a load back: every fact it spoke of holds again as the other loads say it, and what it ended stands again."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, select, text, update

from data.store import ending, schema
from data.store import engine as db
from data.store.loading import changed
from data.tables import BY_NAME, Table


def withdraw(connection: Connection, authority: str, batch_id: int, *, at: datetime, by: str) -> None:
    """Take a load back. Every fact it spoke of holds again as the other loads say it; a fact only it knew is gone from view."""
    b = schema.batch.c
    found = connection.execute(select(b.withdrawn_at, b.source, b.as_at).where(b.authority == authority, b.batch_id == batch_id)).first()
    if found is None:
        raise LookupError(f"there is no load {batch_id}: `python app.py loads` lists them")
    if found[0] is not None:
        raise LookupError(f"load {batch_id} is withdrawn already, since {found[0]:%d/%m/%Y %H:%M}")
    connection.execute(update(schema.batch).where(b.batch_id == batch_id).values(withdrawn_at=at, withdrawn_by=by))
    if not db.is_sqlite(connection):  # right after a big load PostgreSQL does not know its size yet, and would plan for a small one
        connection.execute(text("ANALYZE batch_row"))
    r, s = schema.batch_row.c, schema.batch_says.c
    for name in connection.execute(select(r.table_name).where(r.batch_id == batch_id).distinct()).scalars().all():
        _settle(connection, authority, BY_NAME[name], batch_id)
    spoken = connection.execute(select(s.table_name).where(s.batch_id == batch_id)).scalars().all()
    tables = {name.partition(":")[0] for name in spoken}
    ending.settle(connection, authority, found.source, tables, since=(pd.Timestamp(found.as_at), batch_id))
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
    wanted = ["row_id", "live", "said_in", "said_at", "said_by", *table.names]
    held = db.select_alike(connection, sql, wanted, authority, rows[list(schema.found_by(table))]).set_index("row_id")
    spoken_of = held.index.isin(rows["row_id"])
    left = latest.reindex(held.index[spoken_of])
    held.loc[spoken_of, "said_at"] = pd.to_datetime(left["said_at"]).astype("datetime64[s]").to_numpy()
    held.loc[spoken_of, "said_by"] = left["said_by"].astype("float64").to_numpy()
    held = held.sort_values(["said_at", "said_by"], na_position="first")
    holds = ~held.duplicated(["said_in", *table.key], keep="last") & held["said_by"].notna()
    moved = held.assign(live=holds, said_by=held["said_by"].astype("Int64"))[(holds != held["live"]) | held.index.isin(rows["row_id"])]
    db.change(connection, sql, moved[["live", "said_at", "said_by"]].reset_index())
