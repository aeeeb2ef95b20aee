"""Funnels: equal to the reference package; and the units to look at, named for support and never ranked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.extra_support import units_to_look_at
from kpi.funnel import Z, funnel

REFERENCE = Path(__file__).resolve().parents[2].parent / "shared" / "reference" / "funnel"
HELD = sorted(REFERENCE.glob("*.json"))
THEIRS = {
    "lower_95": "LCL95", "upper_95": "UCL95", "lower_998": "LCL_99.8", "upper_998": "UCL_99.8",
    "adjusted_lower_95": "OD95LCL", "adjusted_upper_95": "OD95UCL", "adjusted_lower_998": "OD99.8LCL", "adjusted_upper_998": "OD99.8UCL",
}  # fmt: skip


def units(rows: dict[str, tuple[float, float]]) -> pd.DataFrame:
    return pd.DataFrame([(name, *counts) for name, counts in rows.items()], columns=["unit_id", "numerator", "denominator"])


@pytest.mark.parametrize("path", [pytest.param(p, id=p.stem) for p in HELD] or [pytest.param(None, id="none held")])
def test_equal_to_the_reference_package(path: Path | None) -> None:
    if path is None:
        pytest.skip("the shared papers are not beside this checkout")
    reference = json.loads(path.read_text())
    points = pd.DataFrame(reference["points"])
    got = funnel(points.rename(columns={"group": "unit_id"})[["unit_id", "numerator", "denominator"]])
    close = {"rtol": 1e-9, "atol": 1e-9}
    np.testing.assert_allclose(got.centre.share, reference["target"], **close)
    np.testing.assert_allclose(got.centre.phi, reference["phi"], **close)
    np.testing.assert_allclose(got.centre.tau2, reference["tau2"], **close)
    np.testing.assert_allclose(got.units["value"], 100 * points["rr"], **close)
    np.testing.assert_allclose(got.units["z"], points["Uzscore"], **close)
    for ours, theirs in THEIRS.items():
        _equal_but_where_folded(got.units[ours].to_numpy() / 100, points[theirs].to_numpy(float), _angle(got.units, got.centre, ours))
    for adjusted, theirs in ((True, "outlier_adjusted"), (False, "outlier_unadjusted")):
        where = funnel(got.units[["unit_id", "numerator", "denominator"]], adjusted=adjusted).units["where"]
        assert where.str.endswith("_998").astype(int).tolist() == points[theirs].tolist()


def _angle(rows: pd.DataFrame, centre: Any, column: str) -> Any:
    z = Z[column.split("_")[-1]] * (1 if "upper" in column else -1)
    tau2 = centre.tau2 if column.startswith("adjusted") else 0.0
    return np.arcsin(np.sqrt(centre.share)) + z * np.sqrt(1 / (4 * rows["denominator"].to_numpy()) + tau2)


def _equal_but_where_folded(ours: Any, theirs: Any, angle: Any) -> None:
    """Equal on the scale; beyond its ends ours stays at 0 or 1, theirs is folded back or put there."""
    on_scale = (angle >= 0) & (angle <= np.pi / 2)
    np.testing.assert_allclose(ours[on_scale], theirs[on_scale], rtol=1e-9, atol=1e-9)
    end = np.where(angle < 0, 0.0, 1.0)[~on_scale]
    assert (ours[~on_scale] == end).all()
    folded = np.sin(angle[~on_scale]) ** 2
    assert np.minimum(np.abs(theirs[~on_scale] - end), np.abs(theirs[~on_scale] - folded)).max(initial=0.0) < 1e-9


@pytest.mark.parametrize("path", [pytest.param(p, id=p.stem) for p in HELD] or [pytest.param(None, id="none held")])
def test_the_curve_is_the_packages_curve(path: Path | None) -> None:
    if path is None:
        pytest.skip("the shared papers are not beside this checkout")
    reference = json.loads(path.read_text())
    given_ = {k: reference["inputs"][v] for k, v in {"unit_id": "group", "numerator": "numerator", "denominator": "denominator"}.items()}
    curve = pd.DataFrame(reference["limits_curve_sample"])
    for adjusted, prefix in ((False, ""), (True, "od")):
        got = funnel(pd.DataFrame(given_), adjusted=adjusted)
        line = got.curve(curve["number_seq"].tolist())
        for column in ("lower_95", "upper_95", "lower_998", "upper_998"):
            theirs = curve[f"{prefix}{column[0]}l{column.split('_')[1]}"].to_numpy(float)
            angle = _angle(line, got.centre, f"adjusted_{column}" if adjusted else column)
            _equal_but_where_folded(line[column].to_numpy() / 100, theirs, angle)


def test_limits_by_hand() -> None:
    """A quarter of 400: asin(1/2) = 30 degrees, s = 1/40."""
    got = funnel(units({"A": (50, 200), "B": (50, 200), "C": (100, 400)})).units.iloc[2]
    assert got["lower_95"] == pytest.approx(100 * np.sin(np.pi / 6 - 1.959964 / 40) ** 2)
    assert got["upper_998"] == pytest.approx(100 * np.sin(np.pi / 6 + 3.090232 / 40) ** 2)
    assert got["where"] == "inside"


def test_no_cases_and_few_cases_are_not_judged() -> None:
    got = funnel(units({"A": (0, 0), "B": (0, 19), "C": (900, 1000)}), at_least=20)
    assert got.units["where"].tolist() == ["no_cases", "few_cases", "inside"]
    assert np.isnan(got.units["value"].iloc[0])
    assert got.centre.share == pytest.approx(900 / 1019)


def test_everyone_at_all_or_none_has_no_width() -> None:
    got = funnel(units({"A": (10, 10), "B": (30, 30)})).units
    assert (got[["upper_95", "upper_998"]] == 100).all(axis=None)
    assert set(got["where"]) == {"inside"}


def test_nobody_at_all() -> None:
    assert len(funnel(units({})).units) == 0
    assert funnel(units({"A": (0, 0)})).units["where"].tolist() == ["no_cases"]


def test_spread_between_units_is_allowed_for_only_where_there_are_units_enough() -> None:
    apart = {f"U{i:02}": (50 + 40 * (i % 2), 100) for i in range(30)}
    many, few = funnel(units(apart)), funnel(units(dict(list(apart.items())[:9])))
    assert (many.adjusted, few.adjusted) == (True, False)
    assert "under 20 units" in few.reason
    assert set(many.units["where"]) == {"inside"}
    assert "below_998" in set(few.units["where"])


@pytest.mark.parametrize(
    ("rows", "says"), [([("A", 1, 2), ("A", 1, 2)], "there twice"), ([("A", 3, 2)], "shares only"), ([("A", -1, 2)], "shares only")]
)
def test_what_is_not_a_funnel_is_refused_in_words(rows: list[Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        funnel(pd.DataFrame(rows, columns=["unit_id", "numerator", "denominator"]))


COUNTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair))), min_size=1, max_size=12)


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_units_changes_nothing(counts: list[tuple[int, int]], chance: Any) -> None:
    rows = units({f"U{i}": pair for i, pair in enumerate(counts)})
    order = list(range(len(rows)))
    chance.shuffle(order)
    got = funnel(rows.iloc[order].reset_index(drop=True)).units.set_index("unit_id").loc[rows["unit_id"]].reset_index()
    pd.testing.assert_frame_equal(got, funnel(rows).units)


@given(COUNTS)
def test_counting_the_not_met_turns_the_funnel_over(counts: list[tuple[int, int]]) -> None:
    rows = units({f"U{i}": pair for i, pair in enumerate(counts)})
    there, over = funnel(rows), funnel(rows.assign(numerator=rows["denominator"] - rows["numerator"]))
    np.testing.assert_allclose(there.units["lower_998"], 100 - over.units["upper_998"], atol=1e-6)
    assert there.centre.tau2 == pytest.approx(over.centre.tau2, abs=1e-9)


def history(rows: dict[str, list[tuple[float, float]]], last: str = "2026-05-31") -> pd.DataFrame:
    months = pd.date_range(end=last, periods=max(len(row) for row in rows.values()), freq="ME")
    said = [(month, unit, *pair) for unit, row in rows.items() for month, pair in zip(months[-len(row) :], row, strict=True)]
    return pd.DataFrame(said, columns=["period", "unit_id", "numerator", "denominator"])


STEADY = [(80.0, 100.0), (82, 100), (79, 100), (81, 100)] * 4


def look(figures: pd.DataFrame, **options: Any) -> pd.DataFrame:
    return units_to_look_at(figures, **{"better": "higher", "measure": "percent", "level": "team", **options})


def test_a_team_apart_from_its_fellows_for_three_months_is_looked_at() -> None:
    figures = history({"brook": STEADY, "cedar": STEADY, "dale": STEADY[:-3] + [(40.0, 100.0)] * 3})
    got = look(figures).iloc[0]
    assert (got["unit_id"], got["months"], got["since"], got["value"]) == ("dale", 3, pd.Timestamp("2026-03-31"), 40.0)
    assert got["reason"].startswith("Lower than chance would usually explain in each of the last 3 months; its own figures signal concern")
    assert "May 2026: 40 of 100, 40.0%" in got["reason"]
    assert "would be expected of a unit of its size" in got["reason"]


def test_two_months_are_not_enough() -> None:
    assert look(history({"brook": STEADY, "cedar": STEADY, "dale": STEADY[:-2] + [(40.0, 100.0)] * 2})).empty


def test_standing_out_for_the_better_is_not_listed() -> None:
    assert look(history({"brook": STEADY, "cedar": STEADY, "dale": STEADY[:-3] + [(100.0, 100.0)] * 3})).empty


def test_lower_is_better_turns_it_round() -> None:
    figures = history({"brook": STEADY, "cedar": STEADY, "dale": STEADY[:-3] + [(99.0, 100.0)] * 3})
    assert look(figures, better="lower")["reason"].iloc[0].startswith("Higher than chance")
    assert look(figures, better=None).empty


def test_a_worker_with_under_twenty_cases_is_never_listed() -> None:
    few, enough = [(0.0, 19.0)] * 3, [(0.0, 20.0)] * 3
    figures = history({"a": STEADY, "b": STEADY, "few": [(16.0, 19.0)] * 13 + few, "many": [(16.0, 20.0)] * 13 + enough})
    assert look(figures, level="worker")["unit_id"].tolist() == ["many"]
    assert look(figures)["unit_id"].tolist() == ["few", "many"]


def test_a_mean_is_judged_by_its_own_history_only() -> None:
    load = [(1700.0, 100.0), (1720, 100), (1690, 100), (1710, 100)] * 4
    got = look(history({"brook": load, "dale": load[:-3] + [(2400.0, 100.0)] * 3}), measure="mean", better="lower")
    assert got["unit_id"].tolist() == ["dale"]
    assert "(May 2026: 24.0)" in got["reason"].iloc[0]


def test_a_missing_month_or_a_short_history_lists_nobody() -> None:
    figures = history({"brook": STEADY, "cedar": STEADY, "dale": STEADY[:-3] + [(40.0, 100.0)] * 3})
    assert look(figures[figures["period"] != pd.Timestamp("2026-04-30")]).empty
    assert look(figures[figures["period"] >= pd.Timestamp("2026-04-30")]).empty
    assert look(figures.head(0)).empty


def test_a_team_with_no_figures_this_month_is_not_listed() -> None:
    figures = history({"brook": STEADY, "cedar": STEADY, "dale": STEADY[:-4] + [(40.0, 100.0)] * 4})
    assert look(figures[(figures["unit_id"] != "dale") | (figures["period"] < pd.Timestamp("2026-05-31"))]).empty


def test_the_list_is_in_order_of_name_and_holds_no_rank() -> None:
    worse, bad = STEADY[:-3] + [(10.0, 100.0)] * 3, STEADY[:-3] + [(40.0, 100.0)] * 3
    got = look(history({"zed": worse, "ash": bad, "brook": STEADY, "cedar": STEADY, "dale": STEADY, "elm": STEADY}))
    assert got["unit_id"].tolist() == ["ash", "zed"]
    assert not any("rank" in column for column in got.columns)
