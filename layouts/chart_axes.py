"""The ground a trend is drawn on: its months, its two axes, and what may be drawn between them.

Pure. Axes are honest: four lines or so, from nought when the figures are near it, never narrow enough to make noise look like news.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kpi.model import Measure
from layouts import words
from layouts.marks import LIGHT

RUN_ON_MONTHS = 6  # how far past the last month the target may run on to its date
HALF_MONTH = pd.Timedelta(days=15)

_STEPS = (1, 2, 5, 10, 20, 25, 50)
_SIGNALLING: dict[str, Any] = {
    "chart": "", "chart_reason": "", "caution": "", "mean": math.nan, "lower": math.nan, "upper": math.nan, "near_lower": math.nan,
    "near_upper": math.nan, "rule": "", "signal": None, "assurance": "none", "segment": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Scale:
    """The upright axis: where it starts and ends, and its lines: `Scale(60, 90, 10)`."""

    start: float
    end: float
    step: float

    @property
    def ticks(self) -> list[float]:
        return [self.start + i * self.step for i in range(round((self.end - self.start) / self.step) + 1)]


def every_month(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows in order, one a month; a month between them without a row is no data.

    A frame without signals (charts of one unit before they are worked out) is taken as having none.
    """
    own = frame.sort_values("period").set_index("period")
    full = own.reindex(pd.date_range(own.index[0], own.index[-1], freq="ME"))
    full["status"] = full["status"].astype("object").where(full["status"].notna(), "no data")
    full["note"] = full["note"].astype("object").where(full["note"].notna(), "")
    for name, absent in _SIGNALLING.items():
        if name not in full:
            full[name] = absent
    for name in ("mean", "lower", "upper"):
        full[name] = full[name].astype("float64")
    full["segment"] = full["segment"].ffill().fillna(0).astype("int64")
    return full.rename_axis("period").reset_index()


def possible(number: float, measure: Measure) -> bool:
    """Whether a figure of this kind could be so: limits are worked out on a straight line, which knows nothing of 0 and 100 %."""
    return number >= 0 and (measure != "percent" or number <= 100)


def within(number: float, measure: Measure) -> float:
    """A limit as it may be drawn: not below nought, not above 100 %."""
    return max(0.0, min(number, 100.0) if measure == "percent" else number)


def scale_of(frame: pd.DataFrame, measure: Measure, also: Iterable[float | None] = ()) -> Scale:
    """The axis of a trend: four steps or so round every figure and target, from nought when they are near it, never past 100 %.

    `also`: what else is drawn and must be seen (limits, comparators, where the trend leads).
    """
    more = pd.Series([*also], dtype="float64")
    known = pd.concat([frame["value"].astype("float64"), frame["target"].astype("float64"), more]).dropna()
    if known.empty:
        return Scale(0, 100, 25) if measure == "percent" else Scale(0, 4, 1)
    low, high = float(known.min()), float(known.max())
    least = 20.0 if measure == "percent" else max(4.0, high * 0.3)  # a narrow axis would make noise look like news
    pad = max((high - low) * 0.08, (least - (high - low)) / 2)
    low, high = low - pad, high + pad
    if low < high * 0.3:
        low = 0.0
    if measure == "percent":
        low, high = (max(0.0, low - max(0.0, high - 100)), min(100.0, high))
    magnitude = 10.0 ** max(0, math.floor(math.log10(max(high - low, 1.0))) - 1)
    for step in (s * magnitude for s in _STEPS):
        start, end = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
        if (end - start) / step <= 5:
            return Scale(start, end, step)
    return Scale(math.floor(low), math.ceil(high), math.ceil(high) - math.floor(low))


def run_on(months: pd.DataFrame) -> pd.Timestamp:
    """Where the lines end: the date the latest target is to be reached by when it lies ahead, but not far ahead."""
    last, by = months["period"].iloc[-1], months["target_by"].iloc[-1]
    if words.missing(by) or by <= last:
        return last
    return min(pd.Timestamp(by), last + pd.offsets.MonthEnd(RUN_ON_MONTHS))


def across(first: pd.Timestamp, last: pd.Timestamp, end: pd.Timestamp) -> dict[str, Any]:
    """The axis along the foot: the first month, each January, and the last month or the date the target is due."""
    span = max((end - first).days, 1)
    ticks = [first]
    for january in pd.date_range(first, end, freq="YE-JAN"):
        if (january - ticks[-1]).days > span * 0.1:
            ticks.append(january)
    labels = [words.short_month(tick) for tick in ticks]
    final = end if end > last else last
    if (final - ticks[-1]).days > span * 0.1:
        ticks.append(final)
        labels.append(words.short_month(final) if final.year != ticks[-2].year else f"{final:%b}")
    side = pd.Timedelta(days=max(6, round(span * 0.015)))
    return {
        "type": "date", "range": [f"{first - side:%Y-%m-%d}", f"{end + side:%Y-%m-%d}"], "tickmode": "array",
        "tickvals": [f"{tick:%Y-%m-%d}" for tick in ticks], "ticktext": labels, "ticks": "outside", "ticklen": 5,
        "tickcolor": LIGHT["line-strong"], "showgrid": False, "showline": True, "linecolor": LIGHT["line-strong"], "linewidth": 1,
        "zeroline": False, "hoverformat": "%B %Y", "unifiedhovertitle": {"text": "%{x|%B %Y}"},
        "showspikes": False,
    }  # fmt: skip


def up(scale: Scale, measure: Measure) -> dict[str, Any]:
    """The upright axis: its lines, with the unit on the highest. It never moves when the reader zooms."""
    ticks = scale.ticks
    labels = [words.plain(tick) for tick in ticks]
    top = scale.end + (scale.end - scale.start) * 0.006  # a line on the very edge would not be drawn
    if measure == "percent":
        labels[-1] += f"{words.THIN}%"
    return {
        "range": [scale.start, top], "tickmode": "array", "tickvals": ticks, "ticktext": labels, "showgrid": True,
        "gridcolor": LIGHT["line"], "gridwidth": 1, "zeroline": False, "showline": False, "ticks": "", "fixedrange": True,
        "ticklabelstandoff": 6,
    }  # fmt: skip
