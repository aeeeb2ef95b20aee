"""Trajectories: what they say of plain cases, and how far out they were when tried on the past."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.method import BACK_TESTS, BackTest
from kpi.model import Measure
from kpi.series import Floats
from kpi.trajectory import Trajectory, _with_words, back_test, heading_of, trajectory
from kpi.wording import MINUS, THIN

PERCENT = (0.0, 100.0)


def said(values: list[Any], **options: Any) -> Trajectory:
    dates = pd.date_range("2025-01-31", periods=len(values), freq="ME")
    return trajectory(values, **{"dates": dates, "target": 85, "by": "2026-07-31", "better": "higher", "measure": "percent", **options})


def test_a_straight_line_by_hand() -> None:
    got = said([60 + i for i in range(12)])
    faded = sum(0.9**k for k in range(1, 8))
    assert (got.pace, got.pace_is_clear, got.months_left, got.latest) == (1.0, True, 7, 71.0)
    assert got.needed == pytest.approx(2.0)
    assert got.expected == pytest.approx(71 + faded)
    assert (got.low, got.high) == pytest.approx((got.expected, got.expected))
    assert got.months_to_go == 14
    assert got.verdict == "off_track"
    assert got.words == (
        f"Off track: the figure for July 2026 is likely to be between 75.7{THIN}% and 75.7{THIN}%, short of the target of 85{THIN}%. "
        "It needs +2.0 points a month; over the last 12 months it has moved +1.0 points a month, which would take about 14 months more at "
        "that pace. "
        "The target was met in 0 of the last 3 months."
    )


@pytest.mark.parametrize(
    ("values", "options", "verdict", "sustained", "words"),
    [
        ([84, 85, 86] * 4, {}, "at_risk", 2, "At risk"),
        ([86, 87, 88, 86, 87, 88, 86, 87, 88, 86, 87, 84], {}, "at_risk", 2, f"the target of 85{THIN}% lies within that"),
        ([70 + 1.6 * i for i in range(11)] + [84.4], {}, "on_track", 1, "On track"),
        ([90, 91] * 6, {}, "met", 3, "likely to hold"),
        ([97 - i for i in range(12)], {}, "met", 3, "it may not hold"),
        ([60, 61] * 6, {}, "off_track", 0, "not moved clearly"),
        ([60] * 5, {}, "too_early", 0, "5 of the last 12 months have figures, and 6 are needed"),
        ([60] + [None] * 6 + [61] * 5, {}, "off_track", 0, "Off track"),
        ([60] + [None] * 7 + [61] * 4, {}, "too_early", 0, "Too early"),
        ([90, 90, 90], {}, "met", 3, "Met"),
        ([], {}, "too_early", 0, "No figures yet"),
        ([None, None], {}, "too_early", 0, "No figures yet"),
        ([60, 61] * 6, {"by": "2025-12-31"}, "off_track", 0, "December 2025 has passed"),
        ([90, 91] * 6, {"by": "2025-06-30"}, "met", 3, "Met"),
        ([10, 11] * 6, {"better": "lower", "target": 5}, "off_track", 0, f"short of the target of 5{THIN}%"),
        ([4, 3] * 6, {"better": "lower", "target": 5}, "met", 3, "likely to hold"),
        ([84.95] * 12, {}, "met", 3, "Met"),
    ],
)  # fmt: skip
def test_verdicts(values: list[Any], options: dict[str, Any], verdict: str, sustained: int, words: str) -> None:
    got = said(values, **options)
    assert (got.verdict, got.sustained) == (verdict, sustained)
    assert words in got.words


def test_noise_has_no_date() -> None:
    got = said([60, 66, 58, 64, 61, 67, 59, 63, 60, 66, 62, 61])
    assert not got.pace_is_clear
    assert got.months_to_go is None


def test_going_the_wrong_way_has_no_date() -> None:
    assert said([80 - i for i in range(12)]).months_to_go is None


def test_one_wild_month_does_not_turn_the_pace() -> None:
    values = [60.0 + i for i in range(12)]
    values[4] = 5.0
    assert said(values).pace == pytest.approx(1.0, abs=0.15)


def test_only_the_last_twelve_months_count() -> None:
    recent = [60 + i for i in range(12)]
    dates = pd.date_range("2024-07-31", periods=18, freq="ME")
    long = trajectory([5, 90, 20, 70, 0, 99, *recent], dates, target=85, by="2026-07-31", better="higher", measure="percent")
    assert (long.pace, long.months_used) == (1.0, 12)


def test_a_percentage_stays_within_its_bounds() -> None:
    got = said([90 + i for i in range(8)], target=99, bounds=PERCENT, by="2026-12-31")
    assert got.high == 100


@pytest.mark.parametrize(("values", "options", "says"), [
    ([1, 2], {"dates": ["2025-01-01", "2025-01-31"]}, "one figure a month"),
    ([1], {"target": float("nan")}, "needs a target"),
    ([1], {"by": None}, "needs a target and the date"),
])  # fmt: skip
def test_what_has_no_trajectory_is_refused_in_words(values: list[Any], options: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        said(values, **options)


VALUES = st.lists(st.none() | st.integers(0, 100), min_size=1, max_size=16)


@given(VALUES)
def test_the_mirrored_series_has_the_mirrored_trajectory(values: list[int | None]) -> None:
    there = said(values)
    back = said([None if v is None else -v for v in values], target=-85, better="lower")
    assert (there.verdict, there.sustained, there.months_to_go) == (back.verdict, back.sustained, back.months_to_go)
    if there.low is not None and back.high is not None:
        assert there.low == pytest.approx(-back.high)


@given(VALUES, st.randoms(use_true_random=False))
def test_the_order_rows_come_in_changes_nothing(values: list[int | None], chance: Any) -> None:
    dates, order = pd.date_range("2025-01-31", periods=len(values), freq="ME"), list(range(len(values)))
    chance.shuffle(order)
    assert said([values[i] for i in order], dates=dates[order]) == said(values)


@given(VALUES, st.integers(-500, 500))
def test_moving_series_and_target_alike_moves_the_range_alike(values: list[int | None], shift: int) -> None:
    there, moved = said(values), said([None if v is None else v + shift for v in values], target=85 + shift)
    assert there.verdict == moved.verdict
    if there.expected is not None:
        assert moved.expected == pytest.approx(there.expected + shift)


def test_a_back_test_says_only_what_was_known_then() -> None:
    dates = pd.date_range("2023-01-31", periods=24, freq="ME")
    values = np.array([50.0 + (i % 5) for i in range(24)])
    whole, cut = back_test(values, dates, ahead=3), back_test(values[:20], dates[:20], ahead=3)
    assert len(whole) == 24 - 12 - 3 + 1
    pd.testing.assert_frame_equal(whole.head(len(cut)), cut)
    assert back_test(values[:13], dates[:13], ahead=3).empty


def simulated(rows: int = 60) -> dict[str, Floats]:
    """Invented series of 40 months: what improvement, drift and mere noise look like, with a scatter of 1 to 5 points."""
    chance, month = np.random.default_rng(2026), np.arange(40)
    scatter = chance.normal(0, 1, (rows, 40)) * chance.uniform(1, 5, (rows, 1))
    turn, slope = chance.integers(14, 34, (rows, 1)), chance.uniform(0.5, 1.8, (rows, 1))
    wild = np.where(chance.random((rows, 40)) < 0.05, -25, 0)
    shapes = {
        "noise": np.full((rows, 40), 70.0),
        "noise with wild months": 70 + wild,
        "steady change": 50 + chance.uniform(-0.8, 0.8, (rows, 1)) * month,
        "rise, then level": 55 + slope * np.minimum(month, turn),
        "level, then rise": 60 + slope * np.maximum(month - turn, 0),
        "one step": 60 + np.where(month >= turn, chance.uniform(-12, 12, (rows, 1)), 0),
        "wandering": 70 + np.cumsum(chance.normal(0, 1, (rows, 40)), axis=1) * chance.uniform(0.3, 1.5, (rows, 1)),
        "slow, fast, slow": 50 + 40 / (1 + np.exp(-(month - turn) / chance.uniform(2, 8, (rows, 1)))),
    }
    return {name: np.clip(shape + scatter, 0, 100) for name, shape in shapes.items()}


def stated(on: str) -> list[BackTest]:
    """What the Method page says of back-tests on one kind of series."""
    return [test for test in BACK_TESTS if test.on.startswith(on)]


def in_months(test: BackTest) -> int:
    return int(test.ahead.split()[0])


@pytest.mark.parametrize("said_to_be", stated("480 simulated"), ids=lambda test: test.ahead)
def test_its_error_on_simulated_series_is_as_the_method_page_says(said_to_be: BackTest) -> None:
    dates = pd.date_range("2021-01-31", periods=40, freq="ME")
    rows = [row for table in simulated().values() for row in table]
    assert said_to_be.on.startswith(f"{len(rows)} simulated")
    tried = pd.concat([back_test(row, dates, ahead=in_months(said_to_be), bounds=PERCENT) for row in rows])
    holds(said_to_be, tried)
    assert said_to_be.error < said_to_be.unchanged


@pytest.mark.parametrize("said_to_be", stated("Percentages of the invented council"), ids=lambda test: test.ahead)
def test_its_error_on_the_invented_council_is_as_the_method_page_says(said_to_be: BackTest) -> None:
    """invented_figures.csv: the percentages of `python app.py figures --format csv` for the invented council, short histories left out."""
    figures = pd.read_csv(Path(__file__).with_name("invented_figures.csv"))
    figures["period"] = pd.to_datetime(figures["period"], format="%Y-%m") + pd.offsets.MonthEnd(0)
    series = [part for _, part in figures.groupby("kpi")]
    assert len(series) > 30
    holds(said_to_be, pd.concat([back_test(s["value"], s["period"], ahead=in_months(said_to_be), bounds=PERCENT) for s in series]))


def holds(said_to_be: BackTest, tried: pd.DataFrame) -> None:
    """What was measured is what is said, to the decimal that is printed."""
    actual = tried["actual"].astype("float64")
    assert (actual - tried["expected"]).abs().mean() == pytest.approx(said_to_be.error, abs=0.1)
    assert 100 * actual.between(tried["low"], tried["high"]).mean() == pytest.approx(said_to_be.within, abs=1)
    assert (actual - tried["unchanged"]).abs().mean() == pytest.approx(said_to_be.unchanged, abs=0.1)


@pytest.mark.parametrize("said_to_be", stated("Every council"), ids=lambda test: test.ahead)
def test_its_error_on_published_figures_is_as_the_method_page_says(said_to_be: BackTest, shared: Path) -> None:
    windows, actual = published(in_months(said_to_be), shared)
    heading = heading_of(windows, in_months(said_to_be), PERCENT)
    latest = windows[np.arange(len(windows)), -1]
    tried = {"actual": actual, "expected": heading.expected, "low": heading.low, "high": heading.high, "unchanged": latest}
    holds(said_to_be, pd.DataFrame(tried))


@pytest.mark.parametrize(
    ("measure", "target", "words"),
    [
        ("percent", 85, f"between 71.0{THIN}% and 79.0{THIN}%, short of the target of 85{THIN}%."),
        ("mean", 17, "between 71.0 and 79.0, all of it at the target of 17 or better."),
        ("days", 17, f"between 71.0{THIN}days and 79.0{THIN}days, all of it at the target of 17{THIN}days or better."),
    ],
)  # fmt: skip
def test_figures_are_worded_as_their_measure_is(measure: Measure, target: float, words: str) -> None:
    known = Trajectory("off_track" if target == 85 else "on_track", "", 70, 12, 3, 0, needed=-2.0, pace=-1.0, pace_is_clear=True)
    told = _with_words(replace(known, expected=75.0, low=71.0, high=79.0), target, pd.Timestamp("2026-07-31"), "higher", measure)
    assert words in told.words
    unit = " points" if measure == "percent" else ""
    assert f"It needs {MINUS}2.0{unit} a month; over the last 12 months it has moved {MINUS}1.0{unit} a month." in told.words


def published(ahead: int, shared: Path) -> tuple[Floats, Floats]:
    """Every council's published percentages: windows of up to twelve years with at least six, and what came so many years on."""
    series: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    with (shared / "reference" / "published_figures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["area_type"] == "la" and row["unit"] == "percent" and row["value"]:
                series[row["indicator_code"], row["area_code"]][int(row["period"])] = float(row["value"])
    found = [
        ([held.get(year - back, np.nan) for back in range(11, -1, -1)], held[year + ahead])
        for held in series.values()
        for year in held
        if year + ahead in held
    ]
    windows, actual = np.array([window for window, _ in found]), np.array([came for _, came in found])
    enough = (~np.isnan(windows)).sum(axis=1) >= 6
    return windows[enough], actual[enough]
