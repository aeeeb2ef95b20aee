"""Which months the loads speak for. A month no load speaks for has no data: it is never shown as nought."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from data.reading import spoken_for
from data.store import schema

SNAPSHOTS = ("worker",)
GRACE_DAYS = 15


def months(connection: Connection, authority: str) -> dict[str, pd.DatetimeIndex]:
    """Table name -> the month ends its loads speak for.

    A load speaks for the months from its first day to the month end nearest its as-at day. Where the as-at day is only known from the
    contents, the file is at least that recent: it may speak for one month more, if another load does.
    """
    b, c = schema.batch.c, schema.cover.c
    rows = connection.execute(
        select(c.table_name, c.first_on, c.last_on, b.as_at_from)
        .join_from(schema.cover, schema.batch, b.batch_id == c.batch_id)
        .where(b.authority == authority, b.withdrawn_at.is_(None))
    ).fetchall()
    spans = [(name, pd.Timestamp(first), pd.Timestamp(last), how) for name, first, last, how in rows]
    newest = max((_end(last, how) for _, _, last, how in spans), default=None)
    out: dict[str, set[pd.Timestamp]] = {}
    for name, first, last, how in spans:
        start, end = first + pd.offsets.MonthEnd(0), _end(last, how)
        if name in SNAPSHOTS:  # a snapshot speaks for its own month, and for the one just ended
            start, end = first + pd.offsets.MonthEnd(0 if first.day > GRACE_DAYS else -1), last + pd.offsets.MonthEnd(0)
        elif how == "contents" and newest is not None:
            end = max(end, min(newest, end + pd.offsets.MonthEnd(1)))
        if first == last:  # how things stood on one day: it speaks for one month end
            start = min(start, end)
        out.setdefault(name, set()).update(pd.date_range(start, end, freq="ME"))
    return {name: pd.DatetimeIndex(sorted(found)).as_unit("s") for name, found in out.items()}


def _end(last: pd.Timestamp, how: str) -> pd.Timestamp:
    """The last month end a load speaks for."""
    return last + pd.offsets.MonthEnd(0) if how == "contents" else spoken_for(last)
