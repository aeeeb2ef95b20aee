"""Is the change real? A month's figure held against the range its own history would lead one to expect.

`xmr` is one series, `xmr_many` thousands at once (rows); both are one computation. `p_chart` and `p_many` are the same for shares whose
denominators are small or vary: their limits differ from month to month. `run_many` has a median and no limits.

The limits and rules are those of NHSRplotthedots 0.2.2, the reference of Making Data Count; kpi/method.py lists where we depart from it.
Limits are never clipped to 0 and 100 on an XmR chart: a drawing may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.model import Better
from kpi.series import Bools, Dates, Floats, Ints, dated, follows, numbers, row_medians, segments
from kpi.signals import ASSURANCES, RULES, SIGNALS, Lines, closeness, rules_of

LIMIT = 2.66  # times the mean moving range: three standard deviations
SCREEN = 3.267  # a moving range this many times the mean one is not of the usual kind
NEAR = 2 / 3  # of the way to the limit
SHORTEST_BASELINE = 12
TRIAL_UNDER = 12  # points: limits from fewer move with every month

Directions = Better | None | Sequence[Better | None]
Targets = float | None | npt.ArrayLike
Texts = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Judged:
    """Many series judged: arrays with a row a series and a column a month; `assurance` has one entry a series."""

    value: Floats
    lines: Lines
    segment: Ints
    rule: Texts
    signal: Texts
    assurance: Texts

    def frame(self, row: int, dates: pd.DatetimeIndex) -> pd.DataFrame:
        """One series as a frame in date order."""
        columns = {
            "date": dates, "value": self.value[row], "mean": self.lines.mean[row], "lower": self.lines.lower[row],
            "upper": self.lines.upper[row], "near_lower": self.lines.near_lower[row], "near_upper": self.lines.near_upper[row],
            "rule": self.rule[row], "signal": self.signal[row], "assurance": str(self.assurance[row]), "segment": self.segment[row],
        }  # fmt: skip
        return pd.DataFrame(columns)


def xmr(
    values: Iterable[object], *, dates: Dates, better: Better | None, target: float | None = None, baseline: int | None = None,
    rebase_at: Iterable[object] = (), screen: bool = True,
) -> pd.DataFrame:  # fmt: skip
    """One series with its mean, its expected range and what each month signals.

    Returns a frame in date order: date, value, mean, lower, upper, near_lower, near_upper, rule (outside | trend | two_of_three | shift |
    empty), signal (improvement | concern | high | low | common), assurance (pass | fail | hit_and_miss | none: the same in every row, by
    the limits of the last stretch), segment. A month with no value keeps its row; nothing is claimed of it.

    baseline: how many of the first months of each stretch set its limits (at least 12); all of them when it is not given.
    rebase_at: the days from which the past no longer tells what to expect. screen: leave unusual moving ranges out of the limits.
    Raises ValueError for dates given twice, a value without a date, anything that is not a number, a baseline that is too short.
    """
    row = numbers(values)
    index, order = dated(dates, len(row))
    judged = xmr_many(
        row[order][None, :], better=better, target=target, baseline=baseline, segment=segments(index, rebase_at),
        follows_last=follows(index), screen=screen,
    )  # fmt: skip
    return judged.frame(0, index)


def xmr_many(
    values: Floats, *, better: Directions, target: Targets = None, baseline: int | None = None, segment: Ints | None = None,
    follows_last: Bools | None = None, screen: bool = True,
) -> Judged:  # fmt: skip
    """Many series at once: rows are series, columns months in order, NaN a month with no value.

    better, target: one for all, or one a row. segment: as kpi.series.segments gives it, one for all or one a row.
    follows_last: as kpi.series.follows gives it. A moving range needs two months that follow each other, both with a value.
    """
    if baseline is not None and baseline < SHORTEST_BASELINE:
        raise ValueError(f"a baseline of {baseline} months is too short to set limits: give at least {SHORTEST_BASELINE}, or none")
    stretch = _stretches(segment, values)
    centre, spread = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    tolerance = closeness(values)
    adjoining = np.ones(values.shape[1], dtype=bool) if follows_last is None else follows_last
    for number in range(int(stretch.max(initial=0)) + 1):
        here = stretch == number
        used = here & ~np.isnan(values)
        if baseline is not None:
            used &= np.cumsum(used, axis=1) <= baseline
        middle, moving = _mean(values, used), _moving_range(values, used, adjoining, tolerance, screen)
        centre, spread = np.where(here, middle, centre), np.where(here, moving, spread)
    return _judged(values, _lines(centre, LIMIT * spread), stretch, better, target)


def p_chart(
    numerator: Iterable[object], denominator: Iterable[object], *, dates: Dates, better: Better | None, target: float | None = None,
    rebase_at: Iterable[object] = (),
) -> pd.DataFrame:  # fmt: skip
    """A share of few or of changing cases, as a percentage: the same columns as `xmr`, with limits that are wider in months of fewer cases.

    Assurance is by the limits of the last month with cases. A month of no cases has no value.
    """
    top, bottom = numbers(numerator, "numerators"), numbers(denominator, "denominators")
    if len(top) != len(bottom):
        raise ValueError(f"{len(top)} numerators came with {len(bottom)} denominators: every month needs both")
    index, order = dated(dates, len(top))
    judged = p_many(top[order][None, :], bottom[order][None, :], better=better, target=target, segment=segments(index, rebase_at))
    return judged.frame(0, index)


def p_many(
    numerator: Floats, denominator: Floats, *, better: Directions, target: Targets = None, segment: Ints | None = None
) -> Judged:  # fmt: skip
    """Many shares at once, as percentages: the mean is all met of all cases, a limit three standard errors of that month's cases away."""
    if ((numerator < 0) | (denominator < 0) | (numerator > denominator)).any():
        raise ValueError("a share needs 0 <= numerator <= denominator in every month: this is not a share, use xmr")
    some = (denominator > 0) & ~np.isnan(numerator)
    cases = np.where(some, denominator, np.nan)
    values = 100 * numerator / cases
    stretch = _stretches(segment, values)
    centre, enough = np.full(values.shape, np.nan), np.zeros(values.shape, dtype=bool)
    for number in range(int(stretch.max(initial=0)) + 1):
        here = stretch == number
        used = here & some
        met, all_of_them = (np.where(used, part, 0.0).sum(axis=1, keepdims=True) for part in (numerator, denominator))
        share = met / np.where(all_of_them > 0, all_of_them, np.nan)
        centre, enough = np.where(here, share, centre), np.where(here, used.sum(axis=1, keepdims=True) > 1, enough)
    error = np.where(enough, 3 * np.sqrt(centre * (1 - centre) / cases), np.nan)
    free = _lines(100 * centre, 100 * error)
    clipped = (np.clip(line, 0, 100) for line in (free.lower, free.upper, free.near_lower, free.near_upper))
    return _judged(values, Lines(free.mean, *clipped), stretch, better, target)


def run_many(values: Floats, *, better: Directions, segment: Ints | None = None) -> Judged:
    """Many short series: the median for a middle and no limits, so only a trend or a shift can speak, and no target is judged."""
    stretch = _stretches(segment, values)
    centre = np.full(values.shape, np.nan)
    for number in range(int(stretch.max(initial=0)) + 1):
        here = stretch == number
        centre = np.where(here, row_medians(np.where(here, values, np.nan)), centre)
    return _judged(values, _lines(centre, np.full(values.shape, np.nan)), stretch, better, None)


def only_drawn(values: Floats) -> Judged:
    """Many series that may only be drawn (annual or rolling figures): no middle, no limits, nothing claimed."""
    nothing = np.full(values.shape, np.nan)
    return _judged(values, Lines(*(nothing,) * 5), _stretches(None, values), None, None)


def note_on_limits(points: int, has_limits: bool) -> str:
    """What to say of limits that rest on this many points: nothing when they are enough."""
    if not has_limits:
        return "No limits yet: an expected range needs at least two months that follow each other."
    if points < TRIAL_UNDER:
        return f"Trial limits, from {points} months: they will move with every month until there are {TRIAL_UNDER}."
    return ""


def _judged(values: Floats, lines: Lines, stretch: Ints, better: Directions, target: Targets) -> Judged:
    rule, direction = rules_of(values, lines, stretch)
    wanted = _wanted(better, len(values))[:, None]
    named = np.select([direction == 0, wanted == 0], [0, np.where(direction > 0, 3, 4)], np.where(direction == wanted, 1, 2))
    assured = _assurance(values, lines, wanted[:, 0], target)
    return Judged(values, lines, stretch, np.asarray(RULES)[rule], np.asarray(SIGNALS)[named], np.asarray(ASSURANCES)[assured])


def _assurance(values: Floats, lines: Lines, wanted: Ints, target: Targets) -> Ints:
    """Can the process as it stands be relied on to meet the target? By the limits at the last month with a value."""
    aim = np.broadcast_to(np.asarray(np.nan if target is None else target, dtype="float64"), (len(values),))
    months = values.shape[1]
    if not months:
        return np.zeros(len(values), dtype="int64")
    last = months - 1 - np.argmax(~np.isnan(values[:, ::-1]), axis=1)
    lower, upper, middle = (line[np.arange(len(values)), last] for line in (lines.lower, lines.upper, lines.mean))
    same = closeness(np.column_stack([values, aim]))[:, 0]
    unmoving = upper - lower <= same
    met = np.where(unmoving, wanted * (middle - aim) >= -same, wanted * (np.where(wanted > 0, lower, upper) - aim) > same)
    missed = np.where(unmoving, ~met, wanted * (np.where(wanted > 0, upper, lower) - aim) < -same)
    untold = np.isnan(aim) | np.isnan(upper) | (wanted == 0)
    return np.select([untold, met, missed], [0, 1, 2], 3).astype("int64")


def _wanted(better: Directions, rows: int) -> Ints:
    each = [better] * rows if better is None or isinstance(better, str) else list(better)
    sign = {"higher": 1, "lower": -1, None: 0}
    try:
        return np.asarray([sign[one] for one in each], dtype="int64").reshape(rows)
    except KeyError as wrong:
        raise ValueError(f"better is {wrong}: it must be 'higher', 'lower' or None") from wrong


def _stretches(segment: Ints | None, values: Floats) -> Ints:
    if values.ndim != 2:
        raise ValueError("values must have two dimensions: a row a series, a column a month")
    return np.broadcast_to(np.zeros(1, dtype="int64") if segment is None else np.asarray(segment), values.shape)


def _lines(centre: Floats, reach: Floats) -> Lines:
    return Lines(centre, centre - reach, centre + reach, centre - NEAR * reach, centre + NEAR * reach)


def _moving_range(values: Floats, used: Bools, adjoining: Bools, tolerance: Floats, screen: bool) -> Floats:
    """Each row's mean step between months that follow each other; unusual steps left out when screened. No steps: NaN."""
    step = np.abs(np.diff(values, axis=1))
    step = np.where(step <= tolerance, 0.0, step)
    counted = used[:, 1:] & used[:, :-1] & adjoining[1:]
    if screen:
        usual = SCREEN * _mean(step, counted)
        counted &= (step < usual - tolerance) | (step == 0)
    return _mean(step, counted)


def _mean(values: Floats, used: Bools) -> Floats:
    """Each row's mean as a column; NaN where nothing is used. Taken twice, so that equal values have exactly their own value as mean."""
    count = used.sum(axis=1, keepdims=True)
    count = np.where(count > 0, count, np.nan)
    first = np.where(used, values, 0.0).sum(axis=1, keepdims=True) / count
    return np.asarray(first + np.where(used, values - first, 0.0).sum(axis=1, keepdims=True) / count, dtype="float64")
