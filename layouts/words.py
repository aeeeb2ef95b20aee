"""How numbers, dates and statuses are worded on pages and in workbooks: those of kpi.wording, and what only a screen needs.

Ranges say "to".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

from kpi.model import Better, Measure
from kpi.wording import (
    MINUS,
    NONE,
    THIN,
    count,
    day,
    decimal,
    figure,
    figure_parts,
    missing,
    month,
    n_of_N,
    part_of,
    rounded,
    signed,
    spoken,
    target_words,
)  # fmt: skip

__all__ = [
    "MINUS",
    "NONE",
    "STATUS_WORDS",
    "THIN",
    "Status",
    "base",
    "better_or_worse",
    "by_words",
    "count",
    "day",
    "decimal",
    "figure",
    "figure_parts",
    "missing",
    "moment",
    "month",
    "n_of_N",
    "pct",
    "plain",
    "plural",
    "reasons",
    "rounded",
    "short_day",
    "short_month",
    "signed",
    "span",
    "spoken",
    "target_words",
]

Status = Literal["met", "near", "not met", "no target", "few cases", "no cases", "no data"]

STATUS_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "met": "Met",
        "near": "Near",
        "not met": "Not met",
        "no target": "No target",
        "few cases": "Few cases",
        "no cases": "No cases",
        "no data": "No data",
    }
)


def pct(value: float | None) -> str:
    """A percentage: `pct(81.31)` is "81.3 %"; nothing is a dash."""
    return NONE if missing(value) else f"{decimal(float(value or 0))}{THIN}%"


def plain(value: float | None) -> str:
    """A number without needless noughts: `plain(85.0)` is "85", `plain(8.5)` is "8.5", `plain(1234)` is "1,234"."""
    return NONE if missing(value) else f"{rounded(float(value or 0), 2).normalize():,f}".replace("-", MINUS)


def plural(n: int, one: str, many: str) -> str:
    """A count with its noun: `plural(1, "child", "children")` is "1 child", and 1,234 is "1,234 children"."""
    return f"{count(n)} {one if n == 1 else many}"


def short_day(on: date | pd.Timestamp | None) -> str:
    """A date in a table whose year is plain: `short_day(date(2026, 5, 29))` is "29 May"."""
    return NONE if missing(on) else f"{_stamp(on).day} {_stamp(on):%b}"


def moment(at: pd.Timestamp | None) -> str:
    """A date and time: "2 Jun 2026 at 09:14"."""
    return NONE if missing(at) else f"{day(at)} at {_stamp(at):%H:%M}"


def short_month(period: date | pd.Timestamp | None) -> str:
    """A month on an axis or in a table: `short_month(pd.Timestamp("2025-09-30"))` is "Sep 2025"."""
    return NONE if missing(period) else f"{_stamp(period):%b %Y}"


def span(first: date | pd.Timestamp, last: date | pd.Timestamp) -> str:
    """From one month to another: "June 2023 to May 2026", or the one month when they are the same."""
    return month(first) if month(first) == month(last) else f"{month(first)} to {month(last)}"


def base(numerator: float | None, denominator: float | None, measure: Measure) -> str:
    """What a figure is worked out from: `base(74, 91, "percent")` is "74 of 91"; a mean over 63 is "mean of 63".

    A count and a figure given whole are worked out from nothing else.
    """
    if measure in ("count", "value") or missing(numerator) or missing(denominator) or not denominator:
        return ""
    middle = {"mean": "mean", "days": "mean", "median": "median"}.get(measure)
    if measure == "ratio":
        return part_of(numerator, denominator)
    return f"{middle} of {count(denominator)}" if middle else n_of_N(numerator, denominator)


def by_words(target_by: date | pd.Timestamp | None) -> str:
    """The date a target is to be reached: "by 31 Jul 2026", or nothing when it has none."""
    return "" if missing(target_by) else f"by {day(target_by)}"


def better_or_worse(change: float | None, better: Better | None) -> str:
    """What a change means: `better_or_worse(-0.8, "lower")` is "better"; one that rounds to nothing is "no change"."""
    if missing(change):
        return ""
    shown = rounded(float(change or 0))
    if shown == 0:
        return "no change"
    if better is None:
        return "up" if shown > 0 else "down"
    return "better" if (shown > 0) == (better == "higher") else "worse"


def reasons(counts: Mapping[str, int] | None) -> str:
    """Reasons with their counts, most first: `reasons({"no start": 1, "visit first": 2})` is "2 visit first, 1 no start"."""
    ordered = sorted((counts or {}).items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count(n)} {reason}" for reason, n in ordered if n)


def _stamp(on: Any) -> pd.Timestamp:
    return pd.Timestamp(on)
