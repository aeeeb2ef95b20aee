"""Periods: month ends, calendar months with their clamp, and which month a day is in."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.period import add_months, in_months, month_end, month_ends, month_start, parse_month
from tests.kpi.building import periods
from tests.kpi.naive import months_on

DAYS = st.dates(date(1995, 1, 1), date(2045, 12, 31))


@given(DAYS, st.integers(-40, 40))
def test_calendar_months_on_keep_the_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    got = add_months(np.array([day], dtype="datetime64[D]"), months)[0]
    assert got == np.datetime64(months_on(day, months))


def test_an_empty_date_stays_empty() -> None:
    assert np.isnat(add_months(np.array(["NaT"], dtype="datetime64[s]"), 3)[0])


@given(DAYS)
def test_a_month_starts_on_its_first_day_and_ends_the_day_before_the_next(day: date) -> None:
    start, end = month_start(pd.Timestamp(day)), month_end(pd.Timestamp(day))
    assert (start.day, start.month, start.year) == (1, day.month, day.year)
    assert start <= pd.Timestamp(day) <= end
    assert (end + pd.Timedelta(days=1)).day == 1


def test_month_ends_hold_both_ends() -> None:
    found = month_ends(pd.Timestamp("2023-11-30"), pd.Timestamp("2024-02-01"))
    assert [str(day.date()) for day in found] == ["2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29"]


@pytest.mark.parametrize(("text", "day"), [("2026-05", "2026-05-31"), ("2024-02", "2024-02-29"), (" 2023-02 ", "2023-02-28")])
def test_a_month_is_read_as_its_last_day(text: str, day: str) -> None:
    assert parse_month(text) == pd.Timestamp(day)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "05-2026", "May 2026", "", "2026", "2026-5", "2026-05-31"])
def test_anything_else_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="is not a month: write it as YYYY-MM"):
        parse_month(text)


@given(st.lists(DAYS, min_size=1, max_size=30), st.lists(DAYS, min_size=1, max_size=8, unique=True))
def test_a_day_is_in_every_period_of_its_own_month_that_has_come(days: list[date], ends: list[date]) -> None:
    wanted = pd.DatetimeIndex([pd.Timestamp(end) for end in ends]).as_unit("s")
    rows, which = in_months(pd.Series([pd.Timestamp(day) for day in days]), wanted)
    found = sorted(zip(rows.tolist(), which.tolist(), strict=True))
    assert found == [
        (i, j) for i, day in enumerate(days) for j, end in enumerate(ends) if (day.year, day.month) == (end.year, end.month) and day <= end
    ]


def test_an_empty_date_is_in_no_month() -> None:
    rows, which = in_months(pd.Series([pd.NaT, pd.Timestamp("2024-05-31")]), periods("2024-05"))
    assert (list(rows), list(which)) == ([1], [0])
