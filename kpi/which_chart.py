"""Which chart may a series have, and why? Said beside every chart, so that nobody reads limits into figures that cannot carry them.

monthly, 12 months or more, cases steady (within a quarter of their average) or many (300 in every month)   xmr
monthly share with few cases (under 30 a month) or changing numbers of them                                 p
monthly, fewer than 12 months                                                                               run
rare events (fewer than 5 a month), rolling figures, annual figures                                         line
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.model import HOW_MANY, SCALE, Basis, Better, Measure, Span
from kpi.series import Bools, Dates, Floats, Ints, dated, follows, numbers, segments
from kpi.signals import Lines
from kpi.spc import Directions, Judged, Targets, note_on_limits, only_drawn, p_many, run_many, xmr_many

Chart = Literal["xmr", "p", "run", "line"]

ENOUGH_MONTHS = 12
STEADY = 0.25  # how far from their average the cases of a month may be
FEW_CASES = 30  # a month, on average
MANY_CASES = 300  # in the leanest month
RARE = 5  # a month, on average
ROUGH_UNDER = 5  # met, or not met, expected in the leanest month: below it the limits of a share are rough

_WHY = ("year", "rolling", "short", "rare", "count", "steady", "many", "few", "varying")
_CHART_FOR: tuple[Chart, ...] = ("line", "line", "run", "line", "xmr", "xmr", "xmr", "p", "p")


@dataclass(frozen=True)
class Choice:
    """The chart, the reason as a sentence, and what to bear in mind when reading it (may be empty)."""

    chart: Chart
    reason: str
    caution: str = ""


@dataclass(frozen=True)
class Charted:
    """One series, its chart and its months judged: `months` has the columns of kpi.spc.xmr."""

    choice: Choice
    months: pd.DataFrame


def chart_for(
    numerator: Iterable[object], denominator: Iterable[object], measure: Measure, *, span: Span = "month", basis: Basis = "in_period"
) -> Choice:  # fmt: skip
    """Which chart this series may have, and why.

    span: "rolling" when the windows of neighbouring months overlap (three months up to each month end), "year" for annual figures.
    basis: "stock" for month-end snapshots, whose months hold many of the same cases.
    """
    top, bottom = numbers(numerator, "numerators"), numbers(denominator, "denominators")
    why = int(_why(top[None, :], bottom[None, :], np.array([measure == "percent"]), np.array([_tallied(measure)]), np.array([span]))[0])
    some = _some(top, bottom)
    return Choice(_CHART_FOR[why], _reason(_WHY[why], top[some], bottom[some]), _caution(_CHART_FOR[why], top[some], bottom[some], basis))


def chart_of(
    numerator: Iterable[object], denominator: Iterable[object], measure: Measure, *, dates: Dates, better: Better | None,
    target: float | None = None, rebase_at: Iterable[object] = (), span: Span = "month", basis: Basis = "in_period",
) -> Charted:  # fmt: skip
    """One series judged on the chart it may have: what a trend chart, a summary icon and a sentence all read."""
    top, bottom = numbers(numerator, "numerators"), numbers(denominator, "denominators")
    if len(top) != len(bottom):
        raise ValueError(f"{len(top)} numerators came with {len(bottom)} denominators: every month needs both")
    index, order = dated(dates, len(top))
    top, bottom = top[order], bottom[order]
    choice = chart_for(top, bottom, measure, span=span, basis=basis)
    _, judged = chart_many(
        top[None, :], bottom[None, :], [measure], better=[better], target=target, spans=[span],
        segment=segments(index, rebase_at), follows_last=follows(index),
    )  # fmt: skip
    months = judged.frame(0, index)
    if choice.chart == "xmr" and len(months):
        latest = months[months["segment"] == months["segment"].iloc[-1]]
        note = note_on_limits(int(latest["value"].notna().sum()), bool(latest["upper"].notna().any()))
        choice = Choice(choice.chart, choice.reason, " ".join(filter(None, [note, choice.caution])))
    return Charted(choice, months)


def chart_many(
    numerator: Floats, denominator: Floats, measures: Sequence[Measure], *, better: Directions, target: Targets = None,
    spans: Sequence[Span] | None = None, segment: Ints | None = None, follows_last: Bools | None = None,
) -> tuple[npt.NDArray[np.str_], Judged]:  # fmt: skip
    """Many series at once (rows), each judged on the chart it may have: the chart of every row, and all of them judged."""
    rows = len(numerator)
    percent = np.asarray([m == "percent" for m in measures], dtype=bool)
    tallied = np.asarray([_tallied(m) for m in measures], dtype=bool)
    why = _why(numerator, denominator, percent, tallied, np.asarray(["month"] * rows if spans is None else list(spans)))
    chart = np.asarray(_CHART_FOR)[why]
    values = _values(numerator, denominator) * np.asarray([SCALE[m] for m in measures], dtype="float64")[:, None]
    ways = [better] * rows if better is None or isinstance(better, str) else list(better)
    aims = np.broadcast_to(np.asarray(np.nan if target is None else target, dtype="float64"), (rows,))
    stretch = np.broadcast_to(np.zeros(1, dtype="int64") if segment is None else segment, values.shape)
    out = only_drawn(values)
    for kind in np.unique(chart):
        at = np.flatnonzero(chart == kind)
        theirs: list[Better | None] = [ways[i] for i in at]
        if kind == "xmr":
            part = xmr_many(values[at], better=theirs, target=aims[at], segment=stretch[at], follows_last=follows_last)
        elif kind == "p":
            part = p_many(numerator[at], denominator[at], better=theirs, target=aims[at], segment=stretch[at])
        elif kind == "run":
            part = run_many(values[at], better=theirs, segment=stretch[at])
        else:
            continue
        out = _with_rows(out, at, part)
    return chart, out


def _with_rows(whole: Judged, at: npt.NDArray[np.intp], part: Judged) -> Judged:
    def put(into: npt.NDArray[Any], new: npt.NDArray[Any]) -> npt.NDArray[Any]:
        out = into.astype(np.promote_types(into.dtype, new.dtype))
        out[at] = new
        return out

    lines = Lines(*(put(getattr(whole.lines, f.name), getattr(part.lines, f.name)) for f in fields(Lines)))
    rest = {name: put(getattr(whole, name), getattr(part, name)) for name in ("value", "segment", "rule", "signal", "assurance")}
    return Judged(lines=lines, **rest)


def _tallied(measure: Measure) -> bool:
    return measure in HOW_MANY


def _some(numerator: Floats, denominator: Floats) -> Bools:
    return (denominator > 0) & ~np.isnan(numerator)


def _values(numerator: Floats, denominator: Floats) -> Floats:
    return numerator / np.where(_some(numerator, denominator), denominator, np.nan)


def _why(numerator: Floats, denominator: Floats, percent: Bools, tallied: Bools, span: npt.NDArray[np.str_]) -> npt.NDArray[np.intp]:
    """For each row, the place in _WHY of what decides its chart."""
    some = _some(numerator, denominator)
    months = some.sum(axis=1)
    each = np.maximum(months, 1)
    cases = np.where(some, denominator, 0.0).sum(axis=1) / each
    events = np.where(some, numerator, 0.0).sum(axis=1) / each
    furthest = np.where(some, np.abs(denominator - cases[:, None]), 0.0).max(axis=1, initial=0.0)
    leanest = np.where(some, denominator, np.inf).min(axis=1, initial=np.inf)
    tests = [
        span == "year", span == "rolling", months < ENOUGH_MONTHS, tallied & (events < RARE), ~percent, cases < FEW_CASES,
        furthest <= STEADY * cases, leanest >= MANY_CASES,
    ]  # fmt: skip
    places = [_WHY.index(name) for name in ("year", "rolling", "short", "rare", "count", "few", "steady", "many")]
    return np.select(tests, places, _WHY.index("varying"))


def _reason(why: str, numerator: Floats, denominator: Floats) -> str:
    months = len(denominator)
    held = f"{months} month{'' if months == 1 else 's'}"
    low, high = (denominator.min(), denominator.max()) if months else (0.0, 0.0)
    between = f"between {low:,.0f} and {high:,.0f}"
    return {
        "year": "A line: annual figures are too few to tell signal from noise.",
        "rolling": "A line: each rolling figure shares months with the one before, so limits would be too narrow.",
        "short": f"A run chart: {held} of figures, and limits need {ENOUGH_MONTHS}.",
        "rare": f"A line: fewer than {RARE} a month on average, too rare for limits to mean anything.",
        "count": f"An XmR chart: {held} of figures that are not shares.",
        "steady": f"An XmR chart: {held}, with cases {between} a month, within a quarter of their average.",
        "many": f"An XmR chart: {held}, with never fewer than {MANY_CASES} cases ({between} a month).",
        "few": f"A p-chart: a share of few cases ({between} a month), so the limits of each month follow its number of cases.",
        "varying": f"A p-chart: a share of changing numbers of cases ({between} a month), so each month's limits follow them.",
    }[why]


def _caution(chart: Chart, numerator: Floats, denominator: Floats, basis: Basis) -> str:
    says = []
    if chart == "p" and denominator.sum() > 0:
        share = numerator.sum() / denominator.sum()
        if denominator.min() * min(share, 1 - share) < ROUGH_UNDER:
            says.append("With so few cases in some months the limits are rough.")
    if chart in ("xmr", "p") and basis == "stock":
        says.append("Month-end snapshots hold many of the same cases from month to month, so the limits are somewhat too narrow.")
    return " ".join(says)
