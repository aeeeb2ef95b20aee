"""Dates written month first: refused with the evidence when a column proves it, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.reading import Refused
from loaders.cells import Cell, slashed_parts, text_of

ENOUGH = 3  # different dates that only make sense month first, whatever other columns show


@dataclass(frozen=True)
class _Evidence:
    heading: str
    month_first: tuple[str, ...]
    day_first: bool


def refuse_month_first(file: str, sheet: str | None, columns: Mapping[str, tuple[str, Sequence[Cell]]]) -> None:
    """Refuse a sheet with a column that only makes sense month first.

    One such date in a sheet whose other columns are plainly day first is a slip of the pen: its row alone is set aside.
    """
    found = [_evidence(heading, values) for heading, values in columns.values()]
    day_first_elsewhere = any(column.day_first for column in found)
    for column in found:
        proof = column.month_first
        if proof and not column.day_first and (len(proof) >= ENOUGH or not day_first_elsewhere):
            raise Refused(
                f"{file}{f', sheet {sheet!r}' if sheet else ''}: the dates in “{column.heading}” are written month first "
                f"(for example {', '.join(proof[:3])}), so 03/04/2026 could be either of two days. "
                "Export the dates as dd/mm/yyyy, or as Excel dates, and load the file again."
            )


def _evidence(heading: str, values: Sequence[Cell]) -> _Evidence:
    parts = [(text_of(value), found) for value in values if (found := slashed_parts(value))]
    month_first = tuple(text for text, (first, second) in parts if second > 12 and first <= 12)
    return _Evidence(heading, month_first, any(first > 12 for _, (first, _) in parts))
