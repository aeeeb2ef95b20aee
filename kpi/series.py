"""A series of months: in what order, which month follows which, and where does it start anew?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Dates = Sequence[Any] | pd.DatetimeIndex | pd.Series


def numbers(values: Iterable[object], name: str = "values") -> Floats:
    """Numbers as a row of floats, empty ones as NaN. Anything else, and infinity, is an error in words."""
    try:
        out = pd.to_numeric(pd.Series(list(values), dtype="object")).to_numpy(dtype="float64", na_value=np.nan)
    except (TypeError, ValueError) as wrong:
        raise ValueError(f"{name} must be numbers or empty: {wrong}") from wrong
    if np.isinf(out).any():
        raise ValueError(f"{name} hold an infinite number at place {int(np.argmax(np.isinf(out))) + 1}: leave the month empty instead")
    return np.asarray(out, dtype="float64")


def dated(dates: Dates, length: int) -> tuple[pd.DatetimeIndex, Ints]:
    """The dates in order, and the order itself. There must be a date for every value, and no date twice."""
    index = pd.DatetimeIndex(pd.to_datetime(pd.Series(list(dates), dtype="object"))).as_unit("s")
    if len(index) != length:
        raise ValueError(f"{length} values came with {len(index)} dates: every value needs its date")
    if index.hasnans:
        raise ValueError(f"the date at place {int(np.argmax(index.isna())) + 1} is empty: every value needs its date")
    order = np.asarray(np.argsort(index.to_numpy(), kind="stable"), dtype="int64")
    index = index[order]
    twice = index[index.duplicated()]
    if len(twice):
        raise ValueError(f"two values are dated {says_day(twice[0])}: a chart has one value for each date, so add them up or drop one")
    return index, order


def month_numbers(dates: pd.DatetimeIndex) -> Ints:
    return np.asarray(dates.year * 12 + dates.month, dtype="int64")


def one_a_month(dates: pd.DatetimeIndex) -> bool:
    """Whether no two dates lie in one month, so that distance is counted in months."""
    return len(np.unique(month_numbers(dates))) == len(dates)


def follows(dates: pd.DatetimeIndex) -> Bools:
    """For each date, whether it comes straight after the one before it: False for the first, and where a month was passed over.

    With at most one date a month the usual step is counted in months (1, or 3 for quarters); otherwise every date follows the last.
    """
    out = np.ones(len(dates), dtype=bool)
    out[:1] = False
    if len(dates) > 2 and one_a_month(dates):
        steps = np.diff(month_numbers(dates))
        out[1:] = steps <= np.median(steps)
    return out


def segments(dates: pd.DatetimeIndex, rebase_at: Iterable[object]) -> Ints:
    """Which stretch each date belongs to, from 0: a new one starts with the month that holds a rebase date (or the first after it)."""
    starts = pd.DatetimeIndex(pd.to_datetime(pd.Series(list(rebase_at), dtype="object"))).as_unit("s")
    if starts.hasnans:
        raise ValueError("a rebase date is empty: give the day the change took effect")
    if one_a_month(dates):
        at, ours = np.unique(month_numbers(starts)), month_numbers(dates)
    else:
        at, ours = np.unique(starts.asi8), np.asarray(dates.asi8)
    first = np.unique(np.searchsorted(ours, at, side="left"))
    first = first[(first > 0) & (first < len(dates))]
    return np.asarray(np.searchsorted(first, np.arange(len(dates)), side="right"), dtype="int64")


def row_medians(values: Floats) -> Floats:
    """Each row's median as a column; NaN for a row of nothing."""
    if not values.shape[1]:
        return np.full((len(values), 1), np.nan)
    ordered, count, rows = np.sort(values, axis=1), (~np.isnan(values)).sum(axis=1), np.arange(len(values))
    low, high = ordered[rows, np.maximum(count - 1, 0) // 2], ordered[rows, np.maximum(count, 1) // 2]
    return np.asarray(((low + high) / 2)[:, None], dtype="float64")


def says_day(day: pd.Timestamp) -> str:
    return f"{day.day} {day:%B %Y}"
