"""Clocks: working days, and the day a duty falls due.

Day 0 is the start day: the days elapsed from a to b are the working days in (a, b]; b counts, a does not (KPI choice 2). A start on a
weekend or bank holiday counts from the next working day. Working days are Monday to Friday less the bank holidays of England and Wales.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Clock
from kpi.period import add_months

Dates = npt.NDArray[np.datetime64]


def working_days_between(start: pd.Series, end: pd.Series, bank_holidays: Iterable[pd.Timestamp]) -> npt.NDArray[np.int64]:
    """Working days elapsed in (start, end]. Negative when end is before start; both must be filled in."""
    day = np.timedelta64(1, "D")
    a, b = (np.asarray(x, dtype="datetime64[D]") + day for x in (start, end))
    return np.busday_count(a, b, holidays=_holidays(tuple(bank_holidays)))


def add_working_days(start: pd.Series | Dates, count: int | npt.NDArray[np.int64], bank_holidays: Iterable[pd.Timestamp]) -> Dates:
    """The day on which `count` working days have elapsed since start (for none: the start, or the next working day). Empty stays empty."""
    dates = np.asarray(start, dtype="datetime64[D]")
    filled = ~np.isnat(dates)
    counts = np.broadcast_to(np.asarray(count, dtype=np.int64), dates.shape)
    due = np.full(dates.shape, np.datetime64("NaT", "D"))
    days = _holidays(tuple(bank_holidays))
    rolls: tuple[tuple[npt.NDArray[np.bool_], Literal["backward", "forward"]], ...] = (
        (filled & (counts > 0), "backward"),
        (filled & (counts == 0), "forward"),
    )
    for some, roll in rolls:
        due[some] = np.busday_offset(dates[some], counts[some], roll=roll, holidays=days)
    return due


def due_by(clocks: Iterable[Clock], duty: str, start: pd.Series | Dates, bank_holidays: Iterable[pd.Timestamp]) -> Dates:
    """The day a duty that began on `start` falls due, by the standard in force on the day it began (the oldest standard before that)."""
    rows = standards_of(clocks, duty)
    dates = np.asarray(start, dtype="datetime64[D]")
    due = np.full(dates.shape, np.datetime64("NaT", "D"))
    in_force = standard_on(rows, dates)
    holidays = tuple(bank_holidays)
    for i, clock in enumerate(rows):
        ours = in_force == i
        if ours.any():
            due[ours] = _one(clock, dates[ours], holidays)
    return due


def standards_of(clocks: Iterable[Clock], duty: str) -> list[Clock]:
    """The dated standards of one duty, oldest first. LookupError, in words, where there is none."""
    rows = sorted((c for c in clocks if c.duty == duty), key=lambda c: c.since)
    if not rows:
        raise LookupError(f"clocks.csv has no row for {duty!r}: add one with its interval, unit and the date it holds from")
    return rows


def standard_on(rows: Sequence[Clock], days: pd.Series | Dates) -> npt.NDArray[np.int64]:
    """For each day the position of the standard in force (the oldest before any was); -1 where there is no day. `rows` oldest first."""
    dates = np.asarray(days, dtype="datetime64[D]")
    since = np.array([np.datetime64(clock.since, "D") for clock in rows])
    found = np.maximum(np.searchsorted(since, dates, side="right") - 1, 0)
    return np.where(np.isnat(dates), -1, found)


def in_words(clock: Clock) -> str:
    """A standard as people say it: "10 working days", "1 month"."""
    unit = {"working_days": "working day", "calendar_days": "day", "months": "month"}.get(clock.unit, clock.unit.removesuffix("s"))
    return f"{clock.interval} {unit}" if clock.interval == 1 else f"{clock.interval} {unit}s"


def _one(clock: Clock, start: Dates, bank_holidays: Iterable[pd.Timestamp]) -> Dates:
    if clock.unit == "working_days":
        return add_working_days(start, clock.interval, bank_holidays)
    if clock.unit == "calendar_days":
        return start + np.timedelta64(clock.interval, "D")
    unit: str = clock.unit
    if unit != "months":
        raise ValueError(f"{clock.duty!r} is counted in {unit}, which is no length of time: nothing falls due by it")
    return add_months(start, clock.interval)


@lru_cache(maxsize=8)
def _holidays(bank_holidays: tuple[pd.Timestamp, ...]) -> Dates:
    return np.array([np.datetime64(day, "D") for day in bank_holidays], dtype="datetime64[D]")
