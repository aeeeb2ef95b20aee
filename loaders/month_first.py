"""Whether a column puts the day or the month first: read off its own dates, never guessed.

A date such as 05/14/2026 can only be month first, one such as 14/05/2026 only day first; 03/04/2026 could be either. Day first is the rule;
a column whose dates prove month first is read so and said to be; where the evidence points both ways, a date that could be either of two
days is not read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loaders.cells import Cell, DayOrder, slashed_parts, text_of

ENOUGH = 3  # different dates that only make sense the other way are more than a slip of the pen
SLIPS = 10  # and fewer are a slip only among ten times as many that are plain


@dataclass(frozen=True)
class Order:
    """How a column's dates are read: day first, month first, or (unclear) only those that could be but one day. `why`: the evidence."""

    kind: DayOrder
    why: str = ""


@dataclass(frozen=True)
class _Evidence:
    heading: str
    month_first: tuple[str, ...]
    day_first: tuple[str, ...]


def orders_of(columns: Mapping[str, tuple[str, Sequence[Cell]]]) -> dict[str, Order]:
    """The order of each column of days of one sheet. `columns`: field -> (its heading, its different cells)."""
    found = {field: _evidence(heading, values) for field, (heading, values) in columns.items()}
    day_first_elsewhere = any(column.day_first for column in found.values())
    orders = {field: _order_of(column, day_first_elsewhere=day_first_elsewhere) for field, column in found.items()}
    proven = next((found[field] for field, order in orders.items() if order.kind == "month"), None)
    if proven is not None:
        shown = f"“{proven.heading}” is written month first (for example {proven.month_first[0]})"
        why = f"as nothing in this column shows its order, and {shown}"
        bare = [field for field, column in found.items() if not column.month_first and not column.day_first]
        orders |= dict.fromkeys(bare, Order("unclear", why))
    return orders


def _order_of(column: _Evidence, *, day_first_elsewhere: bool) -> Order:
    months, days = column.month_first, column.day_first
    if not months:
        return Order("day")
    shown = ", ".join(months[:3])
    if not days and (len(months) >= ENOUGH or not day_first_elsewhere):
        return Order("month", shown)
    if len(months) < ENOUGH and len(days) >= SLIPS * len(months):
        return Order("day")
    if not days:
        return Order("unclear", f"as this column holds {shown}, which is month first, and others are written day first")
    return Order("unclear", f"as this column holds both {shown}, month first, and {', '.join(days[:3])}, day first")


def _evidence(heading: str, values: Sequence[Cell]) -> _Evidence:
    parts = [(text_of(value), found) for value in values if (found := slashed_parts(value))]
    month_first = tuple(text for text, (first, second) in parts if 12 < second <= 31 and 1 <= first <= 12)
    day_first = tuple(text for text, (first, second) in parts if 12 < first <= 31 and 1 <= second <= 12)
    return _Evidence(heading, month_first, day_first)
