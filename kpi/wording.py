"""How every number and date is worded, in a sentence, on a page or in a workbook: one place, so that no two say it differently.

Percentages have one decimal and a narrow no-break space before the sign, thousands have a comma, a minus is a real minus sign, and
dates read 31 May 2026. Halves round up, as people round them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import pandas as pd

from kpi.model import Better, Measure

THIN = "\u202f"  # narrow no-break space, before % and other units
MINUS = "\u2212"
NONE = "–"  # none published, none due, nothing to show: never 0

UNITS: Mapping[Measure, str] = MappingProxyType({"percent": "%", "ratio": "%", "days": "days", "median": "days", "rate": "per 10,000"})

_SPOKEN = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def missing(value: Any) -> bool:
    """Whether there is nothing to show: None, NaN, NaT or NA. `missing(float("nan"))` is True, `missing(0)` is False."""
    return value is None or bool(pd.isna(value))


@lru_cache(maxsize=8192)
def rounded(value: float, places: int = 1) -> Decimal:
    """A number as it is shown, halves up: `rounded(81.25)` is 81.3. The ninth decimal is taken as noise of the arithmetic."""
    return Decimal(str(round(float(value), 9))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def decimal(value: float, places: int = 1) -> str:
    """A number with its decimals and thousands: `decimal(1234.56)` is "1,234.6", `decimal(-0.8)` has a real minus sign."""
    shown = rounded(value, places)
    return ("" if shown >= 0 else MINUS) + f"{abs(shown):,}"


def count(value: float | None) -> str:
    """A whole number: `count(1234)` is "1,234"; nothing is a dash."""
    return NONE if missing(value) else decimal(float(value or 0), 0)


def signed(value: float | None, measure: Measure = "percent") -> str:
    """A change: `signed(2.4)` is "+2.4", `signed(-0.8)` is "−0.8", and what rounds to nothing is "0.0" without a sign; a count is whole."""
    if missing(value):
        return NONE
    shown = rounded(float(value or 0))
    whole = measure == "count" and shown == shown.to_integral_value()
    return ("+" if shown > 0 else "") + decimal(float(shown), 0 if whole else 1)


def n_of_N(numerator: float | None, denominator: float | None) -> str:  # noqa: N802 - as people write it
    """How many of how many: `n_of_N(74, 91)` is "74 of 91"; nothing to count is a dash."""
    if missing(numerator) or missing(denominator) or not denominator:
        return NONE
    return f"{count(numerator)} of {count(denominator)}"


def part_of(numerator: float | None, denominator: float | None) -> str:
    """How much of how much, where cases differ in size: `part_of(7.5, 104.5)` is "7.5 of 104.5"; nothing to count is a dash."""
    if missing(numerator) or missing(denominator) or not denominator:
        return NONE
    return f"{decimal(float(numerator or 0))} of {decimal(float(denominator))}"


def spoken(n: int) -> str:
    """A small number inside a sentence: `spoken(4)` is "four", `spoken(17)` is "17"."""
    return _SPOKEN[n] if 0 <= n < len(_SPOKEN) else count(n)


def day(on: date | pd.Timestamp | None) -> str:
    """A date in full: `day(date(2026, 5, 31))` is "31 May 2026"; no date is a dash."""
    return NONE if missing(on) else f"{_stamp(on).day} {_stamp(on):%b %Y}"


def month(period: date | pd.Timestamp | None) -> str:
    """A month in a title or a sentence: `month(pd.Timestamp("2026-05-31"))` is "May 2026"; September is written out."""
    return NONE if missing(period) else f"{_stamp(period):%B %Y}"


def figure(value: float | None, measure: Measure) -> str:
    """A figure as its measure is shown: `figure(81.31, "percent")` is "81.3 %", `figure(17.04, "mean")` is "17.0", a count is whole."""
    if missing(value):
        return NONE
    number, unit = figure_parts(float(value or 0), measure)
    return f"{number}{THIN}{unit}" if unit else number


def figure_parts(value: float, measure: Measure) -> tuple[str, str]:
    """A figure and its unit apart, for where the unit is set smaller: `figure_parts(81.31, "percent")` is ("81.3", "%")."""
    return decimal(value, 0 if measure == "count" else 1), UNITS.get(measure, "")


def target_words(target: float | None, better: Better | None, measure: Measure) -> str:
    """A target: `target_words(85, "higher", "percent")` is "85 %"; 10 where lower is better is "10 % or less"; none is "None set"."""
    if missing(target):
        return "None set"
    unit = figure_parts(0, measure)[1]
    number = f"{rounded(float(target or 0), 2).normalize():,f}" + (f"{THIN}{unit}" if unit else "")
    return f"{number} or less" if better == "lower" else number


def _stamp(on: Any) -> pd.Timestamp:
    return pd.Timestamp(on)
