"""Which days a log speaks for: a month recorded late is not one of them, and a quiet month of a small log is."""

from __future__ import annotations

import pandas as pd
import pytest

from loaders.cover import log_cover
from loaders.source import Spoken

MAY_31 = pd.Timestamp("2026-05-31")
SPOKEN = Spoken(MAY_31, MAY_31)
# Final hearings a month over three years, as a council of 13 a month has them: five at the fewest, twenty-two at the most.
THREE_YEARS = (
    9, 5, 8, 7, 12, 10, 6, 13, 11, 14, 9, 15, 12, 8, 16, 13, 17, 11, 5, 14, 18, 12, 22, 13, 10, 15, 19, 14, 7, 16, 12, 20, 13, 17, 15, 11,
)  # fmt: skip


def log(counts: tuple[int, ...]) -> pd.Series:
    """So many days in each month, the last May 2026."""
    months = pd.period_range(end="2026-05", periods=len(counts), freq="M").repeat(counts)
    return pd.Series(months.to_timestamp() + pd.Timedelta(days=9)).astype("datetime64[s]")


def first_spoken_for(*counts: int) -> str:
    first, last = log_cover(log(counts), SPOKEN)
    assert last == MAY_31
    return str(first.date())


def test_a_small_log_of_three_years_keeps_all_its_months() -> None:
    assert sum(2 * count < max(THREE_YEARS) for count in THREE_YEARS[:8]) >= 5, "most of its first months are below half of the busiest"
    assert first_spoken_for(*THREE_YEARS) == "2023-06-01"


@pytest.mark.parametrize("shuffled", [THREE_YEARS[::-1], THREE_YEARS[5:], tuple(sorted(THREE_YEARS))])
def test_whatever_the_order_of_its_months(shuffled: tuple[int, ...]) -> None:
    assert first_spoken_for(*shuffled) == str((pd.Period("2026-05", "M") - len(shuffled) + 1).start_time.date())


@pytest.mark.parametrize(
    ("late", "whole"),
    [(20, 400), (150, 400), (49, 250), (5, 60), (2, 40)],
    ids=["a few visits", "half a month before it was kept", "nearly half", "a small council's", "a team's"],
)
def test_a_month_of_which_only_what_was_recorded_late_is_there_is_not_spoken_for(late: int, whole: int) -> None:
    assert first_spoken_for(late, whole) == "2026-05-01"
    assert first_spoken_for(late, whole, whole - whole // 10, whole) == "2026-03-01"


def test_half_as_many_is_enough_however_many_they_are() -> None:
    assert first_spoken_for(500, 1000) == "2026-04-01"
    assert first_spoken_for(499, 1000) == "2026-05-01"


@pytest.mark.parametrize(("few", "many", "first"), [(1, 27, "2026-04-01"), (1, 29, "2026-05-01")])
def test_how_few_is_no_chance(few: int, many: int, first: str) -> None:
    """The difference is more than five times the root of the sum: 26 of 28 is not (26.5), 28 of 30 is (27.4)."""
    assert first_spoken_for(few, many) == first


def test_a_quiet_month_within_the_log_is_spoken_for_with_the_rest() -> None:
    assert first_spoken_for(400, 30, 20, 390, 410) == "2026-01-01"


def test_a_gap_of_recording_longer_than_a_quarter_ends_what_the_log_speaks_for() -> None:
    assert first_spoken_for(400, 30, 20, 10, 390, 410) == "2026-04-01"


def test_a_day_still_to_come_is_no_part_of_it() -> None:
    days = pd.concat([log((3, 4)), pd.Series(pd.to_datetime(["2027-01-31"] * 200))], ignore_index=True)
    assert log_cover(days, SPOKEN) == (pd.Timestamp("2026-04-01"), MAY_31)
