"""Which months are special? The four rules of Making Data Count, for many series at once.

Series are rows, months are columns, NaN is a month with no value. A month takes the first rule it meets:

1. outside: beyond a limit (on the limit is inside).
2. trend: seven months, each strictly above (or each strictly below) the one before.
3. two_of_three: of three months on one side of the mean, the two or three that lie beyond the near line but not beyond the limit.
4. shift: seven months strictly on one side of the mean.

No rule looks across a rebase. A month with no value is passed over: it neither counts nor breaks a run.
Source: NHSRplotthedots 0.2.2, R/ptd_calculate_point_type.R.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import numpy.typing as npt

from kpi.series import Bools, Floats, Ints

Rule = Literal["outside", "trend", "two_of_three", "shift", ""]
Signal = Literal["improvement", "concern", "high", "low", "common"]
Assurance = Literal["pass", "fail", "hit_and_miss", "none"]
Codes = npt.NDArray[np.int8]

RULES: tuple[Rule, ...] = ("", "outside", "trend", "two_of_three", "shift")
SIGNALS: tuple[Signal, ...] = ("common", "improvement", "concern", "high", "low")
ASSURANCES: tuple[Assurance, ...] = ("none", "pass", "fail", "hit_and_miss")
RUN = 7  # months in a trend or a shift
SAME = 1e-9  # of the largest value: closer than this, two numbers are one number twice calculated


@dataclass(frozen=True)
class Lines:
    """The lines each month is held against, one array each of the same shape as the values."""

    mean: Floats
    lower: Floats
    upper: Floats
    near_lower: Floats
    near_upper: Floats


def closeness(values: Floats) -> Floats:
    """For each series, the distance under which two numbers are the same: a column, to be broadcast."""
    return np.asarray(SAME * np.max(np.abs(np.nan_to_num(values)), axis=1, initial=0.0, keepdims=True), dtype="float64")


def rules_of(values: Floats, lines: Lines, segment: Ints) -> tuple[Codes, Codes]:
    """For every month the rule it meets (a place in RULES) and the direction it points: 1 up, -1 down, 0 neither."""
    tolerance = closeness(values)
    order = np.argsort(np.isnan(values), axis=1, kind="stable")
    y, stretch = np.take_along_axis(values, order, axis=1), np.take_along_axis(segment, order, axis=1)
    held = Lines(*(np.take_along_axis(getattr(lines, f.name), order, axis=1) for f in fields(Lines)))
    rule, direction = _packed_rules(y, held, stretch, tolerance)
    back = np.argsort(order, axis=1, kind="stable")
    return np.take_along_axis(rule, back, axis=1), np.take_along_axis(direction, back, axis=1)


def _packed_rules(y: Floats, lines: Lines, stretch: Ints, tolerance: Floats) -> tuple[Codes, Codes]:
    """The rules where months with a value come first in every row: neighbours in the row are neighbours to the rules."""
    above, below = y > lines.upper + tolerance, y < lines.lower - tolerance
    outside = above | below
    near = ~outside & ((y > lines.near_upper + tolerance) | (y < lines.near_lower - tolerance))
    side = np.where(y > lines.mean + tolerance, 1, np.where(y < lines.mean - tolerance, -1, 0)).astype(np.int8)
    trend = _trend(y, stretch, tolerance)
    shift = _in_run(side > 0, RUN, stretch) | _in_run(side < 0, RUN, stretch)
    met = [outside, trend != 0, near & _two_of_three(near, side, stretch), shift]
    rule = np.select(met, [1, 2, 3, 4], 0).astype(np.int8)
    direction = np.select([rule == 2, rule > 0], [trend, side], 0).astype(np.int8)
    return rule, direction


def _trend(y: Floats, stretch: Ints, tolerance: Floats) -> Codes:
    """1 in a rising run of seven, -1 in a falling one. At a peak or trough of two runs, the way it goes on from there."""
    step = np.diff(y, axis=1)
    within = stretch[:, 1:] == stretch[:, :-1]
    up = _in_run((step > tolerance) & within, RUN - 1)
    down = _in_run((step < -tolerance) & within, RUN - 1)
    goes_on = _either_end(up, right=True).astype(np.int8) - _either_end(down, right=True).astype(np.int8)
    came_from = _either_end(up, right=False).astype(np.int8) - _either_end(down, right=False).astype(np.int8)
    return np.where(goes_on != 0, goes_on, came_from).astype(np.int8)


def _either_end(steps: Bools, *, right: bool) -> Bools:
    """For each month, whether the step to its right (or left) is one of these."""
    none = np.zeros((len(steps), 1), dtype=bool)
    return np.concatenate([steps, none] if right else [none, steps], axis=1)


def _two_of_three(near: Bools, side: Codes, stretch: Ints) -> Bools:
    """Whether a month lies in a window of three on one side of the mean, at least two of them near a limit."""
    out = np.zeros(near.shape, dtype=bool)
    if near.shape[1] < 3:
        return out
    three = [slice(i, near.shape[1] - 2 + i) for i in range(3)]
    near_ones = sum(near[:, s].astype(np.int8) for s in three)
    one_side = np.abs(sum(side[:, s] for s in three)) == 3
    found = (near_ones >= 2) & one_side & (stretch[:, three[0]] == stretch[:, three[2]])
    for s in three:
        out[:, s] |= found
    return out


def _in_run(flags: Bools, length: int, stretch: Ints | None = None) -> Bools:
    """Whether each flag is part of at least this many flags in a row, all in one stretch."""
    out = np.zeros(flags.shape, dtype=bool)
    windows = flags.shape[1] - length + 1
    if windows < 1:
        return out
    counted = np.cumsum(np.pad(flags.astype(np.int32), ((0, 0), (1, 0))), axis=1)
    full = counted[:, length:] - counted[:, :-length] == length
    if stretch is not None:
        full &= stretch[:, length - 1 :] == stretch[:, :windows]
    for offset in range(length):
        out[:, offset : offset + windows] |= full
    return out
