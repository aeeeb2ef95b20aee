"""Days as whole numbers (days since 1 January 1970), so that a long simulation stays quick; with working days and month ends."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache

import holidays

EPOCH = date(1970, 1, 1)
FAR = 10**6  # later than any day of the simulation: "still open"
FIRST, LAST = date(2000, 1, 1), date(2028, 12, 31)


def day(year: int, month: int, of_month: int = 1) -> int:
    return (date(year, month, of_month) - EPOCH).days


@cache
def as_date(number: int) -> date:
    return EPOCH + timedelta(days=number)


@cache
def uk_text(number: int) -> str:
    return as_date(number).strftime("%d/%m/%Y")


@cache
def _working_by_day() -> dict[int, int]:
    """How many working days there are up to and including each day of the span: read, not searched for, a million times."""
    span = range((FIRST - EPOCH).days, (LAST - EPOCH).days + 1)
    return {number: bisect_right(working_days(), number) for number in span}


@cache
def working_days() -> tuple[int, ...]:
    """Every Monday to Friday that is not a bank holiday in England."""
    closed = holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST.year, LAST.year + 1))
    span = range((FIRST - EPOCH).days, (LAST - EPOCH).days + 1)
    return tuple(n for n in span if as_date(n).weekday() < 5 and as_date(n) not in closed)


def working_count(number: int) -> int:
    """How many working days there are up to and including a day: the difference of two is the working days between."""
    held = _working_by_day().get(number)
    return bisect_right(working_days(), number) if held is None else held


def working_after(number: int, count: int) -> int:
    """The day `count` working days after a day, which is itself day 0."""
    return working_days()[working_count(number) + count - 1] if count else number


def working_on_or_before(number: int) -> int:
    return working_days()[working_count(number) - 1]


@cache
def years_after(number: int, years: int) -> int:
    then = as_date(number)
    leap_day = then.month == 2 and then.day == 29
    return (then.replace(year=then.year + years, day=28 if leap_day else then.day) - EPOCH).days


def months_before(number: int, months: int) -> int:
    """The same day some months earlier, or that month's last day."""
    then = as_date(number)
    at = then.year * 12 + then.month - 1 - months
    return min(day(at // 12, at % 12 + 1) + then.day - 1, month_end(at))


def month_of(number: int) -> int:
    then = as_date(number)
    return then.year * 12 + then.month - 1


@cache
def month_start(month: int) -> int:
    """The first day of a month counted as year * 12 + month - 1."""
    return day(month // 12, month % 12 + 1)


@cache
def month_end(month: int) -> int:
    return month_start(month + 1) - 1


def month_name(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"
