"""Clocks: working days and due dates agree with counting on one's fingers."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reference import bank_holidays
from data.tables import Clock
from kpi.clock import add_working_days, due_by, in_words, standard_on, standards_of, working_days_between
from tests.kpi.naive import elapsed, is_working_day, nth_working_day

DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))


def between(a: date, b: date) -> int:
    return int(working_days_between(pd.Series([pd.Timestamp(a)]), pd.Series([pd.Timestamp(b)]), bank_holidays())[0])


def after(a: date, count: int) -> date:
    return pd.Timestamp(add_working_days(pd.Series([pd.Timestamp(a)]), count, bank_holidays())[0]).date()


@given(DAYS, st.integers(0, 120))
def test_working_days_elapsed_count_the_last_day_and_not_the_first(start: date, length: int) -> None:
    assert between(start, start + timedelta(days=length)) == elapsed(start, start + timedelta(days=length))


@given(DAYS, st.integers(1, 60))
def test_the_due_day_is_the_nth_working_day_after_the_start(start: date, count: int) -> None:
    due = after(start, count)
    assert due == nth_working_day(start, count)
    assert is_working_day(due)
    assert between(start, due) == count
    assert between(start, due - timedelta(days=1)) == count - 1


@given(DAYS, DAYS, st.integers(1, 30))
def test_a_later_start_is_never_due_earlier(one: date, other: date, count: int) -> None:
    first, second = sorted([one, other])
    assert after(first, count) <= after(second, count)


@pytest.mark.parametrize(
    ("start", "due", "why"),
    [
        ("2022-06-01", "2022-06-06", "the spring bank holiday moved to 2 June and 3 June given for the jubilee"),
        ("2022-09-16", "2022-09-20", "19 September, the state funeral"),
        ("2023-05-05", "2023-05-09", "8 May, the coronation"),
        ("2020-05-07", "2020-05-11", "8 May 2020, moved from the Monday"),
        ("2022-05-27", "2022-05-30", "the last Monday of May 2022 was worked, as its holiday had moved"),
        ("2020-05-01", "2020-05-04", "the first Monday of May 2020 was worked"),
        ("2023-12-24", "2023-12-27", "Christmas, from a Sunday"),
        ("2022-12-24", "2022-12-28", "both Christmas holidays moved on"),
        ("2024-03-28", "2024-04-02", "Easter"),
        ("2024-05-11", "2024-05-13", "a start on a Saturday counts from the Monday"),
    ],
)
def test_one_working_day_on_steps_over_bank_holidays(start: str, due: str, why: str) -> None:
    assert after(date.fromisoformat(start), 1) == date.fromisoformat(due), why


@pytest.mark.parametrize("day", ["2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08", "2020-05-08"])
def test_one_off_bank_holidays_are_not_working_days(day: str) -> None:
    holiday = date.fromisoformat(day)
    assert between(holiday - timedelta(days=1), holiday) == 0


@pytest.mark.parametrize("day", ["2024-01-02", "2024-11-30", "2024-12-02", "2024-07-12", "2024-08-05"])
def test_scottish_and_northern_irish_holidays_are_worked_here(day: str) -> None:
    worked = date.fromisoformat(day)
    assert between(worked - timedelta(days=1), worked) == (worked.weekday() < 5)


def test_an_end_before_the_start_is_negative() -> None:
    assert between(date(2024, 5, 10), date(2024, 5, 8)) < 0


def test_an_empty_start_has_no_due_day() -> None:
    start = pd.Series([pd.NaT, pd.Timestamp("2024-05-10")]).astype("datetime64[s]")
    due = add_working_days(start, 1, bank_holidays())
    assert np.isnat(due[0])
    assert due[1] == np.datetime64("2024-05-13")


def standard(since: str, interval: int, unit: str) -> Clock:
    return Clock("duty", pd.Timestamp(since), interval, unit, "a test")  # type: ignore[arg-type]


def due(standards: list[Clock], start: str) -> str:
    return str(due_by(standards, "duty", pd.Series([pd.Timestamp(start)]), bank_holidays())[0])


@pytest.mark.parametrize(
    ("start", "expected"),
    [("2023-12-31", "2024-01-10"), ("2024-01-01", "2024-01-06"), ("2019-12-31", "2020-01-10")],
    ids=["the day before the change", "the day of the change", "before the oldest standard"],
)
def test_a_duty_keeps_the_standard_of_the_day_it_began(start: str, expected: str) -> None:
    standards = [standard("2024-01-01", 5, "calendar_days"), standard("2020-01-01", 10, "calendar_days")]
    assert due(standards, start) == expected


def test_months_are_calendar_months_clamped_to_a_short_one() -> None:
    assert due([standard("2000-01-01", 3, "months")], "2022-11-30") == "2023-02-28"
    assert due([standard("2000-01-01", 3, "months")], "2023-11-30") == "2024-02-29"


@pytest.mark.parametrize("start", ["2024-05-10", "2024-05-11", "2024-05-06"], ids=["a Friday", "a Saturday", "a bank holiday"])
def test_a_standard_of_the_same_day_is_never_due_before_it_begins(start: str) -> None:
    assert due([standard("2000-01-01", 0, "working_days")], start) >= start


def test_a_duty_with_no_standard_says_what_to_do() -> None:
    with pytest.raises(LookupError, match=r"clocks\.csv has no row for 'duty'"):
        due([], "2024-01-01")


def test_a_standard_is_said_as_people_say_it() -> None:
    said = [
        in_words(standard("2000-01-01", *of)) for of in ((10, "working_days"), (1, "working_days"), (7, "calendar_days"), (1, "months"))
    ]
    assert said == ["10 working days", "1 working day", "7 days", "1 month"]


def test_nothing_falls_due_by_a_number_of_cases() -> None:
    with pytest.raises(ValueError, match="no length of time"):
        due([standard("2000-01-01", 20, "cases")], "2024-01-01")


def test_the_standard_in_force_is_the_last_one_begun_and_none_without_a_day() -> None:
    rows = standards_of([standard("2024-01-01", 5, "months"), standard("2020-01-01", 10, "months")], "duty")
    days = pd.Series(pd.to_datetime(["2019-12-31", "2020-01-01", "2023-12-31", "2024-01-01", None]))
    assert standard_on(rows, days).tolist() == [0, 0, 0, 1, -1]
