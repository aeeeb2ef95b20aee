"""What was wrong in the loads that count: listed, searched and counted over time."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Select, func, or_, select

from data.store import schema


def listed(authority: str, *, source: str | None, severity: str | None, search: str | None) -> Select[Any]:
    """The problems asked for, newest load first: batch_id, file, source, as_at, severity, sheet, row, column, value, says.

    `search` is looked for in the file's name, sheet, column, value and sentence, whatever its capitals.
    """
    b, p = schema.batch.c, schema.problem.c
    query = select(p.batch_id, b.file, b.source, b.as_at, p.severity, p.sheet, p.row, p.column, p.value, p.says)
    return _asked(query, authority, source, severity, search).order_by(p.batch_id.desc(), p.problem_id)


def how_many(authority: str, *, source: str | None, severity: str | None, search: str | None) -> Select[Any]:
    """How many problems `listed` lists."""
    return _asked(select(func.count(schema.problem.c.problem_id)), authority, source, severity, search)


def counted(authority: str) -> Select[Any]:
    """How many problems there are: source, as_at, severity, problems."""
    b, p = schema.batch.c, schema.problem.c
    query = select(b.source, b.as_at, p.severity, func.count().label("problems"))
    return _asked(query, authority, None, None, None).group_by(b.source, b.as_at, p.severity)


def by_month(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts by day as counts by the month end of that day: source, month, severity, problems."""
    month = pd.to_datetime(counts["as_at"]).astype("datetime64[s]") + pd.offsets.MonthEnd(0)
    return counts.assign(month=month).groupby(["source", "month", "severity"])["problems"].sum().reset_index()


def _asked(query: Select[Any], authority: str, source: str | None, severity: str | None, search: str | None) -> Select[Any]:
    b, p = schema.batch.c, schema.problem.c
    query = query.join_from(schema.problem, schema.batch, b.batch_id == p.batch_id)
    query = query.where(b.authority == authority, b.withdrawn_at.is_(None))
    for column, wanted in ((b.source, source), (p.severity, severity)):
        if wanted is not None:
            query = query.where(column == wanted)
    if search:
        query = query.where(or_(*(words.icontains(search, autoescape=True) for words in (b.file, p.sheet, p.column, p.value, p.says))))
    return query
