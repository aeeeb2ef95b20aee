"""Statistical process control: equal to the reference package, and right where we depart from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.method import DEPARTURES
from kpi.spc import note_on_limits, p_chart, run_many, xmr, xmr_many
from kpi.which_chart import Charted, chart_for, chart_many, chart_of

REFERENCE = Path(__file__).resolve().parents[2].parent / "shared" / "reference" / "spc"
LINES = {"mean": "mean", "lower": "lpl", "upper": "upl", "near_lower": "nlpl", "near_upper": "nupl"}
ASSURANCE = {"consistent_pass": "pass", "consistent_fail": "fail", "inconsistent": "hit_and_miss"}
VIGNETTE = [1, 2, 1, 2, 10] + [1, 2] * 6 + [1]  # published in a vignette of the reference package
SWINGS = [0, 26] * 8  # wide limits, so that what follows is inside them

SERIES = st.lists(st.integers(0, 100), min_size=1, max_size=40)
GAPPY = st.lists(st.none() | st.integers(0, 100), min_size=1, max_size=40)


def month_ends_from(length: int, first: str = "2022-04-30") -> pd.DatetimeIndex:
    return pd.date_range(first, periods=length, freq="ME")


def chart(values: list[Any], **options: Any) -> pd.DataFrame:
    return xmr(values, **{"dates": month_ends_from(len(values)), "better": "higher", **options})


def rules(values: list[Any], **options: Any) -> str:
    letters = {"outside": "O", "trend": "T", "two_of_three": "2", "shift": "S", "": "."}
    return "".join(letters[rule] for rule in chart(values, **options)["rule"])


def reference_series() -> list[Any]:
    found = [(path, name) for path in sorted(REFERENCE.glob("*.json")) for name in _facets(json.loads(path.read_text()))]
    return [pytest.param(path, name, id=f"{path.stem}-{name}") for path, name in found] or [pytest.param(None, "", id="none held")]


def _facets(reference: dict[str, Any]) -> list[str]:
    return sorted({point["facet"] for point in reference["points"]})


def _rule(point: dict[str, Any]) -> str:
    says = point["special_cause_type"]
    named = {"Above UCL": "outside", "Below LCL": "outside", "Common Cause": ""}
    return named.get(says) if says in named else "trend" if "Trend" in says else "two_of_three" if "2 in 3" in says else "shift"  # type: ignore[return-value]


def _inputs(reference: dict[str, Any], facet: str) -> tuple[list[float], dict[str, Any]]:
    given_, params = reference["inputs"], reference["params"]
    ours = [i for i in range(len(given_["date"])) if given_["facet"] is None or given_["facet"][i] == facet]
    target, rebase = (value.get(facet) if isinstance(value, dict) else value for value in (params["target"], params["rebase"]))
    return [given_["value"][i] for i in ours], {
        "dates": [given_["date"][i] for i in ours],
        "better": {"increase": "higher", "decrease": "lower", "neutral": None}[params["improvement_direction"]],
        "target": target, "rebase_at": [rebase] if isinstance(rebase, str) else rebase or [],
        "baseline": params["fix_after_n_points"], "screen": params["screen_outliers"],
    }  # fmt: skip


@pytest.mark.parametrize(("path", "facet"), reference_series())
def test_equal_to_the_reference_package(path: Path | None, facet: str) -> None:
    if path is None:
        pytest.skip("the shared papers are not beside this checkout")
    reference = json.loads(path.read_text())
    values, options = _inputs(reference, facet)
    points = pd.DataFrame([point for point in reference["points"] if point["facet"] == facet])
    got = xmr(values, **options)
    assert got["date"].tolist() == pd.to_datetime(points["date"]).tolist()
    assert got["rule"].tolist() == [_rule(point) for point in points.to_dict("records")]
    signals = points["point_type"].str.replace("special_cause_", "").str.replace("neutral_", "").str.replace("common_cause", "common")
    assert got["signal"].tolist() == signals.tolist()
    if path.stem == "constant_series":  # where the package has no limits: the first two departures
        assert points["upl"].isna().all()
        assert (got[list(LINES)] == 100).all(axis=None)
        assert set(got["assurance"]) == {"pass"}
        return
    for ours, theirs in LINES.items():
        np.testing.assert_allclose(got[ours], points[theirs].astype(float), rtol=1e-9, atol=1e-9)
    theirs = [row["assurance_type"] for row in reference["summary"]["assurance_type"] or [] if row["f"] == facet]
    assert set(got["assurance"]) == {ASSURANCE[theirs[0]] if theirs else "none"}


@pytest.mark.parametrize(("screen", "lower", "upper"), [(True, -0.7156, 4.6044), (False, -3.0626, 6.9515)])
def test_the_published_vector_screened_and_unscreened(screen: bool, lower: float, upper: float) -> None:
    got = chart(VIGNETTE, screen=screen)
    assert got["mean"].iloc[0] == pytest.approx(35 / 18)
    assert (round(got["lower"].iloc[0], 4), round(got["upper"].iloc[0], 4)) == (lower, upper)
    assert got["rule"].tolist() == ["outside" if value == 10 else "" for value in VIGNETTE]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([50, 49, 51, 48, 50, 49, 51, 48, 52, 47, 53, 53.5, 53, 53.5, 53, 53.5, 53, 47, 48, 47, 49], "..........SSSSSSS...."),
        ([50, 49, 51, 48, 50, 49, 51, 48, 52, 47, 53, 53.5, 53, 53.5, 53, 53.5, 47, 49, 51, 48], "." * 20),
        ([50, 52, 49, 47, 48, 49, 50, 50, 51, 52, 53, 49, 50, 51, 50, 49], "." * 16),  # a tie breaks a rise
        ([50, 52, 49, 47, 48, 49, 50, 50.5, 51, 52, 53, 49, 50, 51, 50, 49], "...TTTTTTTT....."),
        ([3, -1, 2, -2, 0, 5, -5, 4, 4, 1, -3, -2, -3, -3], "." * 14),
        ([1, -1] * 7 + [5.5, -5.5], "." * 16),  # near limits on opposite sides: not two of three
    ],
)
def test_rules_by_hand(values: list[float], expected: str) -> None:
    assert rules(values) == expected


def test_only_the_near_points_of_two_in_three_are_marked() -> None:
    values = [10, 12] * 10 + [15.9, 11.5, 15.9] + [10, 12] * 6
    got = chart(values)
    assert got["mean"].iloc[0] < 11.5
    assert got["near_upper"].iloc[0] < 15.9 < got["upper"].iloc[0]
    assert got.index[got["rule"] == "two_of_three"].tolist() == [20, 22]


def test_a_peak_takes_the_way_the_series_goes_on() -> None:
    got = chart([*SWINGS, *range(10, 17), *range(15, 8, -1)], screen=False).iloc[len(SWINGS) :]
    assert set(got["rule"]) == {"trend"}
    assert got["signal"].tolist() == ["improvement"] * 6 + ["concern"] * 8


def test_a_tie_between_two_trends_leaves_each_its_own() -> None:
    got = chart([*SWINGS, *range(10, 17), *range(16, 9, -1)], screen=False).iloc[len(SWINGS) :]
    assert got["signal"].tolist() == ["improvement"] * 7 + ["concern"] * 7


@pytest.mark.parametrize(
    ("better", "target", "expected"),
    [
        ("higher", 90, "pass"), ("higher", 100, "pass"), ("higher", 100.1, "fail"), ("lower", 90, "fail"), ("lower", 100, "pass"),
        (None, 90, "none"), ("higher", None, "none"),
    ],
)  # fmt: skip
def test_a_series_that_never_varies_is_never_hit_and_miss(better: Any, target: float | None, expected: str) -> None:
    got = chart([100] * 15, better=better, target=target)
    assert (got[["mean", "lower", "upper"]] == 100).all(axis=None)
    assert set(got["assurance"]) == {expected}
    assert set(got["signal"]) == {"common"}


def test_equal_figures_whose_mean_does_not_round_back_have_no_signal() -> None:
    got = chart([0.1] * 15, target=0.1)
    assert (got["upper"] == 0.1).all()
    assert set(got["rule"]) == {""}


def test_any_change_from_a_baseline_that_never_varied_is_outside() -> None:
    got = chart([100.0] * 12 + [99, 100], baseline=12)
    assert got["rule"].tolist() == [""] * 12 + ["outside", ""]
    assert got["signal"].iloc[12] == "concern"


def test_one_point_has_no_limits_and_no_assurance() -> None:
    got = chart([80], target=90)
    assert got[["lower", "upper"]].isna().all(axis=None)
    assert got["assurance"].tolist() == ["none"]
    assert "two months" in note_on_limits(1, False)


def test_nothing_at_all_is_an_empty_chart() -> None:
    assert len(chart([])) == 0
    assert chart([None, None])["mean"].isna().all()


def test_a_missing_month_keeps_its_place_and_breaks_the_moving_range() -> None:
    got = chart([10, 12, None, 40, 42], screen=False)
    assert got["upper"].iloc[0] == pytest.approx(26 + 2.66 * 2)
    assert np.isnan(got["value"].iloc[2])
    assert got["mean"].iloc[2] == 26
    assert (got["rule"].iloc[2], got["signal"].iloc[2]) == ("", "common")


def test_a_month_left_out_is_as_a_month_left_empty() -> None:
    values: list[float | None] = [50, 52, 51, None, 53, 54, 55, 56, 57, 58, None, 51]
    whole = chart(values)
    held = [i for i, value in enumerate(values) if value is not None]
    part = xmr([values[i] for i in held], dates=month_ends_from(len(values))[held], better="higher")
    pd.testing.assert_frame_equal(whole.iloc[held].reset_index(drop=True), part)


def test_a_missing_month_neither_counts_in_a_run_nor_breaks_it() -> None:
    assert rules([50, 51, 52, None, 53, 54, 55, 56, 40, 60, 45, 55, 42]) == "TTT.TTTT....."


def test_quarters_follow_each_other() -> None:
    dates = pd.date_range("2020-03-31", periods=4, freq="QE")
    assert xmr([1, 2, 1, 2], dates=dates, better="higher")["upper"].iloc[0] == pytest.approx(1.5 + 2.66)


def test_a_rebase_starts_anew_with_the_month_that_holds_it() -> None:
    values = [60, 62, 61, 63, 60, 62, 80, 82, 81, 83, 80, 82]
    got = chart(values, rebase_at=["2022-10-15"])
    assert got["segment"].tolist() == [0] * 6 + [1] * 6
    assert got["mean"].tolist() == pytest.approx([61.3333333333] * 6 + [81.3333333333] * 6)
    assert set(got["rule"]) == {""}


@pytest.mark.parametrize("day", ["2019-01-01", "2022-04-01", "2030-01-01"])
def test_a_rebase_outside_the_series_changes_nothing(day: str) -> None:
    pd.testing.assert_frame_equal(chart([1, 2, 3, 2], rebase_at=[day]), chart([1, 2, 3, 2]))


def test_assurance_is_by_the_last_stretch() -> None:
    values = [60, 62, 61, 63, 60, 62, 90, 91, 90, 91, 90, 91]
    assert set(chart(values, target=77)["assurance"]) == {"hit_and_miss"}
    assert set(chart(values, target=77, rebase_at=["2022-10-01"])["assurance"]) == {"pass"}


def test_dates_in_any_order_come_back_in_date_order() -> None:
    dates = month_ends_from(5)
    shuffled = [3, 0, 4, 1, 2]
    got = xmr([float(i) for i in shuffled], dates=dates[shuffled], better="higher")
    assert got["value"].tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("values", "options", "says"),
    [
        ([1, 2], {"dates": ["2024-01-31", "2024-01-31"]}, "two values are dated 31 January 2024"),
        ([1, 2], {"dates": ["2024-01-31"]}, "2 values came with 1 dates"),
        ([1, 2], {"dates": ["2024-01-31", None]}, "date at place 2 is empty"),
        ([1, "many"], {}, "must be numbers or empty"),
        ([1, float("inf")], {}, "infinite number at place 2"),
        ([1, 2], {"baseline": 6}, "at least 12"),
        ([1, 2], {"better": "up"}, "must be 'higher', 'lower' or None"),
        ([1, 2], {"rebase_at": [None]}, "rebase date is empty"),
    ],
)
def test_what_cannot_be_charted_is_refused_in_words(values: list[Any], options: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        chart(values, **options)


@given(GAPPY, st.integers(-1000, 1000))
def test_adding_the_same_to_every_month_changes_no_rule(values: list[int | None], shift: int) -> None:
    moved = chart([None if v is None else v + shift for v in values])
    before = chart(values)
    assert moved["rule"].tolist() == before["rule"].tolist()
    np.testing.assert_allclose(moved["upper"] - shift, before["upper"], atol=1e-9)


@given(GAPPY, st.sampled_from([0.01, 0.1, 3.0, 7.0, 1000.0]))
def test_the_unit_of_measurement_changes_no_rule(values: list[int | None], scale: float) -> None:
    scaled = chart([None if v is None else v * scale for v in values])
    assert scaled["rule"].tolist() == chart(values)["rule"].tolist()


@given(GAPPY, st.randoms(use_true_random=False))
def test_the_order_rows_come_in_changes_nothing(values: list[int | None], chance: Any) -> None:
    dates, order = month_ends_from(len(values)), list(range(len(values)))
    chance.shuffle(order)
    got = xmr([values[i] for i in order], dates=dates[order], better="lower", target=50)
    pd.testing.assert_frame_equal(got, chart(values, better="lower", target=50))


@given(GAPPY)
def test_the_other_direction_swaps_improvement_and_concern(values: list[int | None]) -> None:
    swap = {"improvement": "concern", "concern": "improvement", "common": "common"}
    assert [swap[s] for s in chart(values)["signal"]] == chart(values, better="lower")["signal"].tolist()
    neutral = chart(values, better=None)["signal"].map({"high": "improvement", "low": "concern", "common": "common"})
    assert neutral.tolist() == chart(values)["signal"].tolist()


@given(SERIES)
def test_a_mirrored_series_mirrors_everything(values: list[int]) -> None:
    there, back = chart(values, target=60), chart([-v for v in values], better="lower", target=-60)
    assert there["signal"].tolist() == back["signal"].tolist()
    assert there["assurance"].tolist() == back["assurance"].tolist()
    np.testing.assert_allclose(there["upper"], -back["lower"], atol=1e-9)


@given(st.lists(GAPPY, min_size=1, max_size=5), st.integers(0, 20))
def test_many_at_once_are_as_each_alone(rows: list[list[int | None]], rebase: int) -> None:
    months = max(len(row) for row in rows)
    table = np.array([[np.nan if v is None else v for v in row] + [np.nan] * (months - len(row)) for row in rows], dtype="float64")
    segment = (np.arange(months) >= rebase).astype("int64") if 0 < rebase < months else np.zeros(months, dtype="int64")
    together = xmr_many(table, better="higher", target=50, segment=segment)
    dates = month_ends_from(months)
    for i, row in enumerate(table):
        alone = xmr(row, dates=dates, better="higher", target=50, rebase_at=dates[[rebase]] if segment.any() else [])
        pd.testing.assert_frame_equal(together.frame(i, dates), alone, check_dtype=False)


def test_p_chart_limits_follow_the_number_of_cases() -> None:
    got = p_chart([8, 40, 9, 33], [10, 50, 12, 40], dates=month_ends_from(4), better="higher", target=50)
    share = 90 / 112
    assert got["mean"].tolist() == pytest.approx([100 * share] * 4)
    reach = 300 * np.sqrt(share * (1 - share) / np.array([10, 50, 12, 40]))
    np.testing.assert_allclose(got["lower"], 100 * share - reach)
    np.testing.assert_allclose(got["upper"], np.minimum(100 * share + reach, 100))
    assert set(got["assurance"]) == {"pass"}


def test_p_chart_month_of_no_cases_has_no_value() -> None:
    got = p_chart([8, 0, 9], [10, 0, 12], dates=month_ends_from(3), better="higher")
    assert got["value"].isna().tolist() == [False, True, False]
    assert got["mean"].iloc[0] == pytest.approx(100 * 17 / 22)


def test_p_chart_of_everyone_every_month() -> None:
    got = p_chart([10] * 12, [10] * 12, dates=month_ends_from(12), better="higher", target=90)
    assert (got["lower"] == 100).all()
    assert set(got["assurance"]) == {"pass"}
    assert set(got["rule"]) == {""}


def test_a_share_above_the_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="not a share"):
        p_chart([11], [10], dates=["2024-01-31"], better="higher")


@pytest.mark.parametrize(
    ("denominator", "measure", "options", "expected", "says"),
    [
        ([100] * 12, "percent", {}, "xmr", "within a quarter"),
        ([75] * 6 + [125] * 6, "percent", {}, "xmr", "within a quarter"),
        ([74] * 6 + [126] * 6, "percent", {}, "p", "changing numbers"),
        ([300, 900] * 6, "percent", {}, "xmr", "never fewer than 300"),
        ([29] * 12, "percent", {}, "p", "few cases"),
        ([100] * 11, "percent", {}, "run", "11 months"),
        ([100] * 11 + [0], "percent", {}, "run", "11 months"),
        ([100] * 36, "percent", {"span": "rolling"}, "line", "shares months"),
        ([100] * 12, "percent", {"span": "year"}, "line", "annual"),
        ([10, 70] * 6, "mean", {}, "xmr", "not shares"),
        ([1] * 12, "count", {}, "line", "too rare"),
        ([], "percent", {}, "run", "0 months"),
    ],
)
def test_which_chart_and_why(denominator: list[int], measure: Any, options: dict[str, Any], expected: str, says: str) -> None:
    got = chart_for([n // 2 for n in denominator], denominator, measure, **options)
    assert got.chart == expected
    assert says in got.reason


def test_month_end_snapshots_say_what_their_limits_are_worth() -> None:
    assert "too narrow" in chart_for([50] * 12, [100] * 12, "percent", basis="stock").caution
    assert "rough" in chart_for([1] * 12, [10] * 12, "percent").caution


def _charted(numerator: list[float], denominator: list[float], **options: Any) -> Charted:
    return chart_of(numerator, denominator, "percent", dates=month_ends_from(len(numerator)), better="higher", target=70, **options)


def test_the_chart_of_a_series_is_judged_by_its_own_kind() -> None:
    steady, small = [80, 82, 79, 81] * 4, [8, 5, 9, 7] * 4
    x = _charted(steady, [100] * 16)
    pd.testing.assert_frame_equal(x.months, chart(steady, target=70), check_dtype=False)
    p = _charted(small, [10] * 16)
    pd.testing.assert_frame_equal(
        p.months, p_chart(small, [10] * 16, dates=month_ends_from(16), better="higher", target=70), check_dtype=False
    )  # fmt: skip
    run = _charted(small[:9], [10] * 9)
    assert run.choice.chart == "run"
    assert (run.months["mean"] == 80).all()
    assert run.months["upper"].isna().all()
    line = _charted(steady, [100] * 16, span="rolling")
    assert line.months[["mean", "upper"]].isna().all(axis=None)
    assert set(line.months["signal"]) == {"common"}


def test_a_short_stretch_after_a_rebase_says_its_limits_are_trial_ones() -> None:
    assert "Trial limits, from 4 months" in _charted([80, 82, 79, 81] * 4, [100] * 16, rebase_at=["2023-04-30"]).choice.caution


def test_a_run_chart_keeps_the_trend_rule() -> None:
    values = np.array([[60.0, 61, 62, 63, 64, 65, 66, 60]])
    assert run_many(values, better="higher").rule.tolist() == [["trend"] * 7 + [""]]


def test_thousands_of_series_are_charted_together() -> None:
    chance = np.random.default_rng(5)
    denominator = chance.integers(5, 400, (500, 1)) + chance.integers(0, 30, (500, 36)).astype("float64")
    numerator = chance.binomial(denominator.astype("int64"), 0.7).astype("float64")
    kinds, judged = chart_many(numerator, denominator, ["percent"] * 500, better="higher", target=80)
    for i in (0, 77, 499):
        alone = chart_of(numerator[i], denominator[i], "percent", dates=month_ends_from(36), better="higher", target=80)
        assert alone.choice.chart == kinds[i]
        pd.testing.assert_frame_equal(judged.frame(i, month_ends_from(36)), alone.months, check_dtype=False)


def test_every_departure_says_what_and_why() -> None:
    assert len({d.when for d in DEPARTURES}) == len(DEPARTURES)
    for departure in DEPARTURES:
        for text in (departure.when, departure.package_does, departure.we_do, departure.why):
            assert text.strip()
        assert departure.why.endswith(".")
