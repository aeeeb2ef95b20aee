"""The figures as they stand, and as they were first published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, CursorResult, Text, cast, delete, select, text

from data.store import engine as db
from data.store import schema

TOLD = ("left_out", "apart")
COLUMNS = ("kpi", "period", "level", "unit_id", "numerator", "denominator", "left_out", "apart", "note")


def save(connection: Connection, authority: str, figures: pd.DataFrame, version: int) -> None:
    """Put these figures in place of those held, and note which state of the data they speak of."""
    f = schema.figure.c
    connection.execute(delete(schema.figure).where(f.authority == authority))
    rows = figures.assign(authority=authority, left_out=figures["left_out"].map(json.dumps), apart=figures["apart"].map(json.dumps))
    db.insert(connection, schema.figure, rows[["authority", *COLUMNS]].sort_values(["level", "kpi", "unit_id", "period"]))
    connection.execute(text("UPDATE state SET figures_version = :v WHERE authority = :a"), {"v": version, "a": authority})


def read(
    connection: Connection, authority: str, *, levels: Sequence[str], kpis: Sequence[str] | None, units: Sequence[str] | None,
    first: pd.Timestamp | None, last: pd.Timestamp | None, of: Any = schema.figure,
) -> pd.DataFrame:  # fmt: skip
    """The figures held, by level, KPI, unit and month; lists are passed as lists so that the primary key serves."""
    c = of.c
    extra = [c.apart] if "apart" in c else [c.published_at, c.published_by, c.after_batch]
    told = {name: cast(c[name], Text).label(name) for name in TOLD if name in c}
    columns = (c.kpi, c.period, c.level, c.unit_id, c.numerator, c.denominator, c.left_out, c.note, *extra)
    query = select(*(told.get(column.name, column) for column in columns))
    query = query.where(c.authority == authority, c.level.in_(list(levels)))
    for column, wanted in ((c.kpi, kpis), (c.unit_id, units)):
        if wanted is not None:
            query = query.where(column.in_(list(wanted)))
    if first is not None:
        query = query.where(c.period >= first.date())
    if last is not None:
        query = query.where(c.period <= last.date())
    frame = _frame(connection.execute(query))
    for column in told:
        frame[column] = _parsed(frame[column])
    return frame


def _frame(result: CursorResult[Any]) -> pd.DataFrame:
    """The rows of a query, taken as the driver's own and some at a time: a row object each would take longer than the query."""
    names, cursor = list(result.keys()), result.cursor
    assert cursor is not None
    parts = []
    while rows := cursor.fetchmany(db.ROWS_AT_A_TIME):
        parts.append(pd.DataFrame(dict(zip(names, zip(*rows, strict=True), strict=True))))
    result.close()
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=names)
    frame["period"] = frame["period"].to_numpy(dtype="datetime64[s]")
    for column in ("numerator", "denominator"):
        frame[column] = frame[column].astype("float64")
    if "published_at" in frame:
        frame["published_at"] = pd.to_datetime(frame["published_at"], format="ISO8601")
    return frame


def _parsed(words: pd.Series) -> pd.Series:
    """Counts by reason, read from their words; most figures have the same, so each is read once, and is never changed in place."""
    places, different = pd.factorize(words.to_numpy(dtype="object"))
    counts = np.empty(len(different), dtype="object")
    counts[:] = [json.loads(one) for one in different]
    return pd.Series(counts[places], index=words.index)


def publish(connection: Connection, authority: str, period: pd.Timestamp, *, at: datetime, by: str) -> int:
    """Keep a month's figures as first published. A figure already published stays as it was. Returns how many were kept."""
    columns = "authority, level, kpi, period, unit_id, numerator, denominator, left_out, note"
    iso = db.is_sqlite(connection)
    result = connection.execute(
        text(
            f"INSERT INTO published ({columns}, published_at, published_by, after_batch) SELECT {columns}, :at, :by,"
            " (SELECT max(batch_id) FROM batch WHERE authority = :a) FROM figure"
            " WHERE authority = :a AND period = :p ON CONFLICT DO NOTHING"
        ),
        {"at": at.isoformat(sep=" ") if iso else at, "by": by, "a": authority, "p": period.date().isoformat() if iso else period.date()},
    )
    if result.rowcount:  # the figures stand as they did, and are drawn with what was published beside them
        connection.execute(
            text("UPDATE state SET version = version + 1, figures_version = figures_version + 1 WHERE authority = :a"), {"a": authority}
        )
    return int(result.rowcount)
