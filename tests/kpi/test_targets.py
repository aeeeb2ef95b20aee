"""Targets: judged as shown, by the month's own target, and not on few cases."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.targets import as_shown, judged, value_of, with_months_before
from tests.kpi.building import periods

KEY = "cp_visits_in_time"  # higher is better
LOWER = "re_referrals"


def targets(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    """kpi, since, green, amber."""
    out = pd.DataFrame(list(rows), columns=["kpi", "since", "green", "amber"])
    return out.assign(since=pd.to_datetime(out["since"]).astype("datetime64[s]"), by=pd.Timestamp("2030-01-31").as_unit("s"))


def figure(numerator: float, denominator: float, *, kpi: str = KEY, month: str = "2024-05", unit: str = "") -> dict[str, object]:
    return {
        "kpi": kpi, "period": periods(month)[0], "level": "team" if unit else "authority", "unit_id": unit, "numerator": numerator,
        "denominator": denominator,
    }  # fmt: skip


def judge(*figures: dict[str, object], by: pd.DataFrame | None = None) -> pd.DataFrame:
    usual = targets((KEY, "2020-01-01", 85, 75), (LOWER, "2020-01-01", 22, 32))
    return judged(pd.DataFrame(list(figures)), usual if by is None else by)


def status(numerator: float, denominator: float, **more: str) -> str:
    return str(judge(figure(numerator, denominator, **more))["status"].iloc[0])


# Judged as shown ---------------------------------------------------------------------------------------------------------------


def test_a_percentage_is_judged_as_shown() -> None:
    assert status(8495, 10000) == "met", "84.95 is shown as 85.0"
    assert status(8494, 10000) == "near", "84.94 is shown as 84.9"
    assert status(7495, 10000) == "near"
    assert status(7494, 10000) == "not met"


def test_where_lower_is_better_so_is_judging() -> None:
    assert status(2204, 10000, kpi=LOWER) == "met"
    assert status(2205, 10000, kpi=LOWER) == "near"
    assert status(3204, 10000, kpi=LOWER) == "near"
    assert status(3205, 10000, kpi=LOWER) == "not met"


@given(st.integers(0, 1000))
def test_a_figure_already_of_one_decimal_is_shown_as_it_is(tenths: int) -> None:
    assert as_shown(pd.Series([tenths / 10]))[0] == tenths / 10
    assert as_shown(pd.Series([100 * (tenths / 1000)]))[0] == tenths / 10


@given(st.integers(1, 400), st.data())
def test_showing_rounds_half_up(denominator: int, data: st.DataObject) -> None:
    numerator = data.draw(st.integers(0, denominator))
    shown = as_shown(pd.Series([100 * numerator / denominator]))[0]
    assert round(shown * 10) == (2000 * numerator + denominator) // (2 * denominator)


def test_a_percentage_is_of_a_hundred_and_a_mean_is_not() -> None:
    frame = pd.DataFrame([figure(3, 4), figure(30, 2.5, kpi="caseload"), figure(0, 0)])
    assert value_of(frame).tolist()[:2] == [75.0, 12.0]
    assert pd.isna(value_of(frame)[2]), "no cases is neither 0 nor 100"


# What is not judged ------------------------------------------------------------------------------------------------------------


def test_under_ten_cases_there_is_no_colour() -> None:
    assert status(9, 9) == "few cases"
    assert status(10, 10) == "met"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (figure(0, 0), "no cases"),
        (figure(float("nan"), float("nan")), "no data"),
        (figure(14, 20, kpi="assessments_in_45_days"), "no target"),
        (figure(5, 6, kpi="assessments_in_45_days"), "no target"),
        (figure(14, 20, month="2019-12"), "no target"),
    ],
)
def test_what_there_is_nothing_to_judge_by_is_said(row: dict[str, object], expected: str) -> None:
    out = judge(row)
    assert out["status"].tolist() == [expected]
    assert out["met_target"].isna().all()


def test_with_no_targets_at_all_nothing_is_judged() -> None:
    out = judge(figure(19, 20), by=targets())
    assert out["status"].tolist() == ["no target"]
    assert out[["target", "amber"]].isna().all(axis=None)


def test_a_count_is_judged_however_few_and_nought_is_a_figure() -> None:
    aims = targets(("icpc_overdue", "2020-01-01", 0, 2))
    rows = [figure(n, 1, kpi="icpc_overdue") for n in (0, 2, 3)]
    out = judge(*rows, by=aims)
    assert out["status"].tolist() == ["met", "near", "not met"]
    assert out["value"].tolist() == [0, 2, 3]


def test_a_rate_is_of_ten_thousand() -> None:
    assert value_of(pd.DataFrame([figure(412, 101_500, kpi="cp_plans_open")])).round(4).tolist() == [40.5911]


# Dated targets -----------------------------------------------------------------------------------------------------------------

STEPS = targets((KEY, "2024-01-01", 70, 60), (KEY, "2024-05-31", 80, 70), (KEY, "2024-07-01", 90, 80))


def test_a_superseded_target_still_judges_its_own_months() -> None:
    months = ["2023-12", "2024-01", "2024-04", "2024-05", "2024-06", "2024-07"]
    out = judge(*(figure(15, 20, month=month) for month in months), by=STEPS)
    assert out["target"].fillna(0).tolist() == [0, 70, 70, 80, 80, 90]
    assert out["status"].tolist() == ["no target", "met", "met", "near", "near", "not met"]


def test_the_order_of_target_rows_makes_no_difference() -> None:
    row = figure(15, 20)
    assert judge(row, by=STEPS)["target"].tolist() == judge(row, by=STEPS.iloc[::-1].reset_index(drop=True))["target"].tolist()


def test_figures_are_not_changed_in_place() -> None:
    frame = pd.DataFrame([figure(15, 20)])
    before = frame.copy(deep=True)
    with_months_before(judged(frame, STEPS))
    pd.testing.assert_frame_equal(frame, before)


# Sustained, and change ---------------------------------------------------------------------------------------------------------


def over(*figures: dict[str, object]) -> pd.Series:
    return with_months_before(judge(*figures)).iloc[-1]


def test_sustained_is_met_in_each_of_the_last_three_months() -> None:
    three = over(*(figure(18, 20, month=month) for month in ("2024-03", "2024-04", "2024-05")))
    assert three["months_met"] == (True, True, True)
    assert three["sustained"] == 3


def test_a_month_not_met_with_few_cases_or_no_cases_breaks_it() -> None:
    for weak, said in (
        (figure(10, 20, month="2024-04"), False),
        (figure(5, 5, month="2024-04"), None),
        (figure(0, 0, month="2024-04"), None),
    ):
        row = over(figure(18, 20, month="2024-03"), weak, figure(18, 20))
        assert row["months_met"] == (True, said, True)
        assert row["sustained"] == 2


def test_a_missing_month_is_not_bridged() -> None:
    row = over(figure(18, 20, month="2024-02"), figure(18, 20, month="2024-03"), figure(18, 20, month="2024-05"))
    assert row["sustained"] < 3
    assert pd.isna(row["change"]), "there is no month before to compare with"


def test_a_month_before_a_missing_one_keeps_its_place() -> None:
    row = over(figure(18, 20, month="2024-03"), figure(18, 20, month="2024-05"))
    assert row["months_met"] == (True, None, True)


def test_change_is_the_difference_of_the_figures_as_shown() -> None:
    row = over(figure(8494, 10000, month="2024-04"), figure(8495, 10000))
    assert row["change"] == pytest.approx(0.1)


def test_change_crosses_the_turn_of_the_year() -> None:
    row = over(figure(16, 20, month="2023-12"), figure(18, 20, month="2024-01"))
    assert row["change"] == 10.0


def test_units_are_not_compared_with_each_other() -> None:
    out = with_months_before(judge(figure(10, 20, month="2024-04", unit="T1"), figure(18, 20, unit="T2"), figure(16, 20, unit="T1")))
    assert out["change"].tolist()[2] == 30.0
    assert pd.isna(out["change"].tolist()[1])


def test_with_no_target_nothing_is_sustained() -> None:
    assert pd.isna(over(figure(18, 20, kpi="assessments_in_45_days"))["sustained"])


def test_figures_come_back_in_the_order_they_came() -> None:
    frame = judge(figure(18, 20), figure(16, 20, month="2024-03"), figure(17, 20, month="2024-04"))
    assert with_months_before(frame)["numerator"].tolist() == [18, 16, 17]
