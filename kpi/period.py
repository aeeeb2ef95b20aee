"""Periods: the month ends figures are read at. A period is a day; an in-period KPI counts the calendar month up to it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Days = npt.NDArray[np.int64]


def month_ends(first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
    """Every month end from the month of `first` to the month of `last`, both counted."""
    return pd.date_range(month_end(first), month_end(last), freq="ME", unit="s")


def month_end(day: pd.Timestamp) -> pd.Timestamp:
    return pd.Timestamp(day).normalize() + pd.offsets.MonthEnd(0)


def month_start(day: pd.Timestamp) -> pd.Timestamp:
    return pd.Timestamp(day).normalize().replace(day=1)


def parse_month(text: str) -> pd.Timestamp:
    """'2026-05' -> 31 May 2026. Anything else is refused in words."""
    try:
        year, month = text.strip().split("-")
        if len(year) != 4 or len(month) != 2:
            raise ValueError
        return month_end(pd.Timestamp(int(year), int(month), 1))
    except ValueError:
        raise ValueError(f"{text!r} is not a month: write it as YYYY-MM, for example 2026-05") from None


def days(values: pd.Series | pd.DatetimeIndex) -> Days:
    """Whole days since 1970 as integers; an empty date is the smallest integer."""
    return np.asarray(values, dtype="datetime64[D]").astype(np.int64)


def named(periods: pd.DatetimeIndex) -> str:
    """One name for these periods, to keep by it what was worked out for them."""
    return str(periods.as_unit("s").asi8.tobytes().hex())


def add_months(dates: npt.NDArray[np.datetime64], months: int) -> npt.NDArray[np.datetime64]:
    """Calendar months on, clamped to the end of a shorter month (30 November + 3 months = 28 or 29 February). Empty dates stay empty."""
    dates = dates.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    day = (dates - month.astype("datetime64[D]")).astype("timedelta64[D]")
    target = month + np.timedelta64(months, "M")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    clamped: npt.NDArray[np.datetime64] = np.minimum(target.astype("datetime64[D]") + day, last)
    return clamped


def in_months(dates: pd.Series, periods: pd.DatetimeIndex) -> tuple[Days, Days]:
    """Which dates fall in which periods' calendar months, up to the period's own day: positions in `dates` and in `periods`.

    A month end takes its whole month; a day in the middle of one takes the month so far.
    """
    order = np.argsort(days(periods), kind="stable")
    ends = days(periods)[order]
    when = days(dates)
    month = np.asarray(dates, dtype="datetime64[M]")
    month_ends_at = ((month + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")).astype(np.int64)
    first, beyond = np.searchsorted(ends, when, side="left"), np.searchsorted(ends, month_ends_at, side="right")
    count = np.where(dates.notna().to_numpy(), np.maximum(beyond - first, 0), 0)
    rows = np.repeat(np.arange(len(when)), count)
    step = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    return rows, order[np.repeat(first, count) + step]
