"""Trajectories: what they say of plain cases, and how far out they were when tried on the past."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.series import Floats
from kpi.trajectory import Trajectory, back_test, heading_of, trajectory

PUBLISHED = Path(__file__).resolve().parents[2].parent / "shared" / "reference" / "published_figures.csv"
PERCENT = (0.0, 100.0)


def said(values: list[Any], **options: Any) -> Trajectory:
    dates = pd.date_range("2025-01-31", periods=len(values), freq="ME")
    return trajectory(values, **{"dates": dates, "target": 85, "by": "2026-07-31", "better": "higher", **options})


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
        "Off track: the figure for July 2026 is likely to be between 75.7 and 75.7, short of the target of 85. "
        "It needs +2.0 a month; over the last 12 months it has moved +1.0 a month, which would take about 14 months more at that pace. "
        "The target was met in 0 of the last 3 months."
    )


@pytest.mark.parametrize(
    ("values", "options", "verdict", "sustained", "words"),
    [
        ([84, 85, 86] * 4, {}, "at_risk", 2, "At risk"),
        ([86, 87, 88, 86, 87, 88, 86, 87, 88, 86, 87, 84], {}, "at_risk", 2, "the target of 85 lies within that"),
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
        ([10, 11] * 6, {"better": "lower", "target": 5}, "off_track", 0, "short of the target of 5"),
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
    long = trajectory([5, 90, 20, 70, 0, 99, *recent], dates, target=85, by="2026-07-31", better="higher")
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


@pytest.mark.parametrize(("ahead", "error", "within"), [(3, 3.4, 83), (6, 4.2, 81), (12, 6.1, 77)])
def test_its_error_on_simulated_series_is_as_the_docstring_says(ahead: int, error: float, within: int) -> None:
    dates = pd.date_range("2021-01-31", periods=40, freq="ME")
    tried = pd.concat([back_test(row, dates, ahead=ahead, bounds=PERCENT) for table in simulated().values() for row in table])
    out = (tried["actual"] - tried["expected"]).abs()
    held = tried["actual"].between(tried["low"], tried["high"])
    assert out.mean() == pytest.approx(error, abs=0.1)
    assert 100 * held.mean() == pytest.approx(within, abs=1)
    assert out.mean() < (tried["actual"] - tried["unchanged"]).abs().mean()
    assert f"{ahead} months ahead {error} ({within}%)" in _plain(trajectory.__doc__)


@pytest.mark.parametrize(("ahead", "error", "within"), [(1, 4.8, 81), (2, 5.9, 78)])
def test_its_error_on_published_figures_is_as_the_docstring_says(ahead: int, error: float, within: int) -> None:
    if not PUBLISHED.is_file():
        pytest.skip("the shared papers are not beside this checkout")
    windows, actual = published(ahead)
    heading = heading_of(windows, ahead, PERCENT)
    out = np.abs(actual - heading.expected)
    assert round(out.mean(), 1) == error
    assert round(100 * ((actual >= heading.low) & (actual <= heading.high)).mean()) == within
    year = "one year" if ahead == 1 else "two years"
    assert f"{year} ahead {error} ({within}%)" in _plain(trajectory.__doc__)


def published(ahead: int) -> tuple[Floats, Floats]:
    """Every council's published percentages: windows of up to twelve years with at least six, and what came so many years on."""
    series: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
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


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())
