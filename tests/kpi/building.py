"""Small canonical tables typed out as text, and what a KPI says of them.

    tables(cp_plan='''
        child_id started_on ended_on
        A        2024-01-01 -
    ''')

A dash is an empty cell; in free text an underscore stands for a space. Everything in these tables is invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from data.reference import bank_holidays, clocks
from data.tables import BY_NAME, Clock, Tables
from kpi import REGISTER

EMPTY = "-"
FLAGS = {"yes": True, "no": False}
Rows = str | Sequence[Mapping[str, Any]]


def tables(*, covered: Mapping[str, Iterable[str]] | None = None, standards: Iterable[Clock] | None = None, **frames: Rows) -> Tables:
    """Canonical tables from text or rows, with the clocks and bank holidays Sightline comes with."""
    return Tables(
        frames={name: frame(name, rows) for name, rows in frames.items()},
        clocks=clocks("local") if standards is None else tuple(standards),
        bank_holidays=bank_holidays(),
        covered={name: periods(*months) for name, months in (covered or {}).items()},
    )


def frame(name: str, rows: Rows) -> pd.DataFrame:
    """One canonical table. `nth` is counted where it is not given, and a visit comes from the visits log unless it says otherwise."""
    table = BY_NAME[name]
    said = pd.DataFrame(_typed_out(name, rows) if isinstance(rows, str) else list(rows))
    unknown = set(said.columns) - set(table.names)
    if unknown:
        raise ValueError(f"{name} has no column {sorted(unknown)}")
    if name == "visit" and "origin_kind" not in said:
        said["origin_kind"] = "log"
    if "nth" in table.names and "nth" not in said:
        key = [column for column in table.key if column in said and column != "nth"]
        said["nth"] = said.groupby(key, dropna=False).cumcount().astype("float64") if key else 0.0
    return table.conform(said)


def periods(*days: str) -> pd.DatetimeIndex:
    """Month ends: '2024-05' is 31 May 2024; a full date is that day."""
    return pd.DatetimeIndex([pd.Period(day, "M").end_time.normalize() if len(day) == 7 else pd.Timestamp(day) for day in days]).as_unit("s")


def cases(key: str, of: Tables, *days: str) -> pd.DataFrame:
    """The cases of one KPI at these periods."""
    return REGISTER[key].cases_of(of, periods(*days))


def outcome(key: str, of: Tables, day: str) -> dict[str, str]:
    """Who -> 'met', 'not met' or why left out: by child, or by worker or audit where the case is one."""
    found = cases(key, of, day)
    who = found["child_id"] if REGISTER[key].domain not in ("workforce", "quality") else found["case_id"]
    assert who.is_unique, f"{key} counts somebody twice at {day}: use cases()"
    return dict(zip(who, verdicts(found), strict=True))


def verdicts(found: pd.DataFrame) -> list[str]:
    """For each case 'met', 'not met' or why it is left out."""
    return [
        left_out if isinstance(left_out, str) else ("met" if met else "not met")
        for left_out, met in zip(found["left_out"], found["met"], strict=True)
    ]  # fmt: skip


def _typed_out(name: str, text: str) -> list[dict[str, Any]]:
    lines = [line.split() for line in text.strip().splitlines()]
    kinds = {column.name: column.kind for column in BY_NAME[name].columns}
    heading, *rows = lines
    for row in rows:
        if len(row) != len(heading):
            raise ValueError(f"{name}: {row} has {len(row)} cells under {len(heading)} headings")
    return [{column: _cell(cell, kinds.get(column, "text")) for column, cell in zip(heading, row, strict=True)} for row in rows]


def _cell(cell: str, kind: str) -> Any:
    if cell == EMPTY:
        return pd.NaT if kind == "date" else None
    if kind == "date":
        return pd.Timestamp(cell)
    if kind == "flag":
        return FLAGS[cell]
    if kind == "number":
        return float(cell)
    return cell.replace("_", " ") if kind == "text" else cell
