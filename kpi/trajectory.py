"""Will the target be met by its date? The pace of the last twelve months carried forward, with how far it is likely to be out.

The pace is Theil-Sen's: the middle of the slopes between every two of the last twelve months. On clean series it is about as good as least
squares; one month wrongly recorded moves least squares and leaves it alone. The pace is expected to fade by a tenth each month, because
change seldom goes on as it began: unfaded, it did worse wherever change slowed, turned or was only noise.

The likely range is for the single month at the date: scatter about the line, doubt about the line, and doubt that grows with the distance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from kpi.model import SHARES, Better, Measure
from kpi.series import Bools, Dates, Floats, Ints, dated, month_numbers, numbers, one_a_month, row_medians
from kpi.targets import SUSTAINED_MONTHS, as_shown
from kpi.wording import figure, signed, target_words

Verdict = Literal["on_track", "at_risk", "off_track", "too_early", "met"]

WINDOW = 12  # months looked back over
FEWEST = 6  # months with a value, to say anything
FADES = 0.9  # of the pace is left each month
DRIFT = 0.2  # of the scatter's variance, added for every month ahead
T_FOR_80 = {4: 1.533, 5: 1.476, 6: 1.440, 7: 1.415, 8: 1.397, 9: 1.383, 10: 1.372}  # Student's t, 10% in each tail


@dataclass(frozen=True)
class Trajectory:
    """Where a series is heading, and whether that is to the target by its date. Numbers that cannot be given are None.

    latest: the last month's figure. months_left: from it to the date. needed: the change a month that would just reach the target.
    pace: the change a month over the last twelve. pace_is_clear: whether it can be told from standing still. expected, low, high: the
    likely figure at the date. months_to_go: at the pace as it is, unfaded; 0 when there. sustained: of the last three months, those at
    the target.
    """

    verdict: Verdict
    words: str
    latest: float | None
    months_used: int
    months_left: int
    sustained: int
    needed: float | None = None
    pace: float | None = None
    pace_is_clear: bool = False
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    months_to_go: float | None = None


@dataclass(frozen=True)
class Heading:
    """For many series at once: the level of the line now, its pace, whether that is clear, and the likely figure some months ahead."""

    level: Floats
    pace: Floats
    clear: Bools
    expected: Floats
    low: Floats
    high: Floats


def trajectory(
    values: Iterable[object], dates: Dates, *, target: float, by: object, better: Better, measure: Measure,
    bounds: tuple[float, float] | None = None,
) -> Trajectory:  # fmt: skip
    """Is the target likely to be met by its date, at the pace of the last twelve months?

    met: at the target in each of the last three months. Otherwise on_track: the whole likely range is at the target or better;
    at_risk: part of it; off_track: none of it, or the date has passed; too_early: under six months with figures in the last twelve.
    bounds: what the figure cannot pass (0 and 100 for a percentage). Figures are judged as shown, to one decimal; measure: how they are
    worded.

    How far it was out when tried on the past is in kpi.method.BACK_TESTS, which the Method page prints and the tests hold: on average 3 to
    8 percentage points, with the figure in the likely range, which aims at 80%, 74 to 83 times in 100. On the invented council and on
    published figures no change at all was often as good a guess, so the range is what to go by.
    """
    index, ordered = _in_order(values, dates)
    due = pd.to_datetime(pd.Series([by], dtype="object")).iloc[0]
    if pd.isna(due) or np.isnan(target):
        raise ValueError("a trajectory needs a target and the date it is to be met by")
    sign = 1.0 if better == "higher" else -1.0
    if not len(index):
        return Trajectory("too_early", "No figures yet.", None, 0, 0, 0)
    months = month_numbers(index)
    left = due.year * 12 + due.month - int(months[-1])
    window = _window(ordered, months)
    used = int((~np.isnan(window)).sum())
    at_target = sign * as_shown(pd.Series(window[-SUSTAINED_MONTHS:])) >= sign * target
    latest, sustained = float(ordered[-1]), int(at_target.sum())
    needed = None if left <= 0 else (target - latest) / left if sign * latest < sign * target else 0.0
    known = Trajectory("too_early", "", latest, used, left, sustained, needed)
    if used >= FEWEST:
        known = _with_heading(known, heading_of(window[None, :], max(left, 0), bounds), target, sign)
    return _with_words(replace(known, verdict=_verdict(known, target, sign)), target, due, better, measure)


def _with_heading(known: Trajectory, heading: Heading, target: float, sign: float) -> Trajectory:
    level, pace, clear = float(heading.level[0]), float(heading.pace[0]), bool(heading.clear[0])
    known = replace(known, pace=pace, pace_is_clear=clear, months_to_go=_months_to_go(level, pace, clear, target, sign))
    if known.months_left <= 0:
        return known
    return replace(known, expected=float(heading.expected[0]), low=float(heading.low[0]), high=float(heading.high[0]))


def _verdict(known: Trajectory, target: float, sign: float) -> Verdict:
    if known.sustained == SUSTAINED_MONTHS:
        return "met"
    if known.months_left <= 0:
        return "off_track"
    if known.low is None or known.high is None:
        return "too_early"
    worst, best = (known.low, known.high) if sign > 0 else (known.high, known.low)
    return "on_track" if sign * worst >= sign * target else "at_risk" if sign * best >= sign * target else "off_track"


def heading_of(window: Floats, ahead: int, bounds: tuple[float, float] | None = None) -> Heading:
    """Many series at once: each row the last twelve months (NaN for none), carried this many months ahead. Under six months: NaN."""
    months = window.shape[1]
    used = ~np.isnan(window)
    count = used.sum(axis=1)
    enough = np.where(count >= FEWEST, count, np.nan)
    x = np.arange(months, dtype="float64") - (months - 1)
    first, second = np.triu_indices(months, 1)
    pace = row_medians((window[:, second] - window[:, first]) / (x[second] - x[first]))[:, 0]
    level = row_medians(window - pace[:, None] * x)[:, 0]
    scatter = np.where(used, window - level[:, None] - pace[:, None] * x, 0.0)
    variance = (scatter**2).sum(axis=1) / (enough - 2)
    middle = np.where(used, x, 0.0).sum(axis=1) / enough
    spread = np.where(used, (x - middle[:, None]) ** 2, 0.0).sum(axis=1)
    t = np.asarray([T_FOR_80[min(max(int(n), FEWEST) - 2, max(T_FOR_80))] for n in count])
    reach = t * np.sqrt(variance * (1 + 1 / enough + (ahead - middle) ** 2 / spread + DRIFT * ahead))
    expected = level + pace * FADES * (1 - FADES**ahead) / (1 - FADES)
    low, high = expected - reach, expected + reach
    if bounds is not None:
        expected, low, high = (np.clip(part, *bounds) for part in (expected, low, high))
    clear = np.abs(pace) > t * np.sqrt(variance / spread)
    return Heading(level, pace, clear, expected, low, high)


def back_test(values: Iterable[object], dates: Dates, *, ahead: int, bounds: tuple[float, float] | None = None) -> pd.DataFrame:
    """What would have been said in the past, against what came: one row for every month that had a year behind it and a figure ahead.

    Returns date (of saying), actual, expected, low, high, unchanged (the figure of that month, the simplest forecast there is).
    """
    index, ordered = _in_order(values, dates)
    months = month_numbers(index)
    place = {int(month): i for i, month in enumerate(months)}
    said = [i for i, month in enumerate(months) if int(month) + ahead in place and month - months[0] >= WINDOW - 1]
    if not said:
        return pd.DataFrame(columns=["date", "actual", "expected", "low", "high", "unchanged"])
    windows = np.vstack([_window(ordered[: i + 1], months[: i + 1]) for i in said])
    heading = heading_of(windows, ahead, bounds)
    actual = ordered[[place[int(months[i]) + ahead] for i in said]]
    parts = {"actual": actual, "expected": heading.expected, "low": heading.low, "high": heading.high, "unchanged": ordered[said]}
    return pd.DataFrame({"date": index[said], **parts}).dropna(subset=["expected"])


def _in_order(values: Iterable[object], dates: Dates) -> tuple[pd.DatetimeIndex, Floats]:
    """The months that have a figure, in order."""
    row = numbers(values)
    index, order = dated(dates, len(row))
    if not one_a_month(index):
        raise ValueError("a trajectory takes one figure a month: two of these dates lie in the same month")
    some = ~np.isnan(row[order])
    return index[some], row[order][some]


def _window(values: Floats, months: Ints) -> Floats:
    """The twelve months up to the last one, NaN where there is no figure."""
    out = np.full(WINDOW, np.nan)
    back = months - months[-1] + WINDOW - 1
    out[back[back >= 0]] = values[back >= 0]
    return out


def _months_to_go(level: float, pace: float, clear: bool, target: float, sign: float) -> float | None:
    """From the line as it is now, at its pace as it is now. None when it stands still or goes the other way."""
    if sign * level >= sign * target:
        return 0.0
    return (target - level) / pace if clear and sign * pace > 0 else None


def _with_words(known: Trajectory, target: float, due: pd.Timestamp, better: Better, measure: Measure) -> Trajectory:
    """The same, with its verdict said in full sentences."""
    says = [_verdict_in_words(known, target, due, better, measure), _pace_in_words(known, measure)]
    if known.verdict not in ("met", "too_early") and known.months_left > 0:
        says.append(f"The target was met in {known.sustained} of the last {SUSTAINED_MONTHS} months.")
    return replace(known, words=" ".join(filter(None, says)))


def _verdict_in_words(known: Trajectory, target: float, due: pd.Timestamp, better: Better, measure: Measure) -> str:
    aim, month = f"the target of {target_words(target, None, measure)}", f"{due:%B %Y}"
    if known.verdict == "too_early":
        return f"Too early to say: {known.months_used} of the last {WINDOW} months have figures, and {FEWEST} are needed."
    if known.verdict == "met" and (known.low is None or known.high is None):
        return f"Met: at {aim} or better in each of the last {SUSTAINED_MONTHS} months."
    if known.low is None or known.high is None:
        return f"Off track: {month} has passed, and {aim} was met in {known.sustained} of the last {SUSTAINED_MONTHS} months."
    likely = f"the figure for {month} is likely to be between {figure(known.low, measure)} and {figure(known.high, measure)}"
    if known.verdict == "met":
        safe = known.low >= target if better == "higher" else known.high <= target
        holding = "and it is likely to hold" if safe else "but it may not hold"
        return f"Met: at {aim} or better in each of the last {SUSTAINED_MONTHS} months, {holding}: {likely}."
    where = {"on_track": f"all of it at {aim} or better", "at_risk": f"and {aim} lies within that"}.get(known.verdict, f"short of {aim}")
    return f"{known.verdict.replace('_', ' ').capitalize()}: {likely}, {where}."


def _pace_in_words(known: Trajectory, measure: Measure) -> str:
    if known.pace is None:
        return ""
    unit = " points" if measure in SHARES else ""
    needs = f"It needs {signed(known.needed)}{unit} a month; " if known.needed else ""
    if not known.pace_is_clear:
        return _capital(f"{needs}over the last {WINDOW} months it has not moved clearly either way.")
    to_go = ""
    if known.months_to_go:
        count = max(1, round(known.months_to_go))
        to_go = f", which would take about {count} month{'' if count == 1 else 's'} more at that pace"
    return _capital(f"{needs}over the last {WINDOW} months it has moved {signed(known.pace)}{unit} a month{to_go}.")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
