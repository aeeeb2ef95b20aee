"""Which months the loads speak for. A month no load speaks for has no data: it is never shown as nought."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from data.reading import spoken_for
from data.store import schema
from data.tables import BY_NAME

SNAPSHOTS = ("worker",)
GRACE_DAYS = 15


def months(connection: Connection, authority: str) -> dict[str, pd.DatetimeIndex]:
    """Table name -> the month ends its loads speak for.

    A load speaks for the months from its first day to the month end nearest its as-at day. Of what happened, or began and ended, those are
    the months it holds from their first day on, for a count of some days is not a month's; of how things stood, they begin with the month
    of that day. Where the as-at day is only known from the contents, the file is at least that recent: it may speak for one month more, if
    another load does.
    """
    spoken = by_source(connection, authority)
    return {str(name): pd.DatetimeIndex(sorted(set(of["month"]))).as_unit("s") for name, of in spoken.groupby("table")}


def by_source(connection: Connection, authority: str) -> pd.DataFrame:
    """The same by who says it: source, table, month; a row for each month end the loads of a source speak for in a table."""
    b, c = schema.batch.c, schema.cover.c
    rows = connection.execute(
        select(b.source, c.table_name, c.first_on, c.last_on, b.as_at_from)
        .join_from(schema.cover, schema.batch, b.batch_id == c.batch_id)
        .where(b.authority == authority, b.withdrawn_at.is_(None))
    ).fetchall()
    spans = [(source, name, pd.Timestamp(first), pd.Timestamp(last), how) for source, name, first, last, how in rows]
    newest = max((_end(last, how) for *_, last, how in spans), default=None)
    out: dict[tuple[str, str], set[pd.Timestamp]] = {}
    for source, name, first, last, how in spans:
        start, end = _start(name, first), _end(last, how)
        if name in SNAPSHOTS:  # a snapshot speaks for its own month, and for the one just ended
            start, end = first + pd.offsets.MonthEnd(0 if first.day > GRACE_DAYS else -1), last + pd.offsets.MonthEnd(0)
        elif how == "contents" and newest is not None:
            end = max(end, min(newest, end + pd.offsets.MonthEnd(1)))
        if first == last:  # how things stood on one day: it speaks for one month end
            start = min(start, end)
        out.setdefault((source, name), set()).update(pd.date_range(start, end, freq="ME"))
    lines = [(source, name, month) for (source, name), found in sorted(out.items()) for month in sorted(found)]
    frame = pd.DataFrame(lines, columns=["source", "table", "month"])
    return frame.assign(month=frame["month"].astype("datetime64[s]"))


def _start(name: str, first: pd.Timestamp) -> pd.Timestamp:
    """The first month end a load speaks for."""
    month_end: pd.Timestamp = first + pd.offsets.MonthEnd(0)
    stood = BY_NAME[name.partition(":")[0]].kind == "snapshot"
    return month_end if stood or first.day == 1 else month_end + pd.offsets.MonthEnd(1)


def _end(last: pd.Timestamp, how: str) -> pd.Timestamp:
    """The last month end a load speaks for."""
    return last + pd.offsets.MonthEnd(0) if how == "contents" else spoken_for(last)
