"""Court and pre-proceedings: 16 weeks, 26 weeks and six months, to the day."""

from __future__ import annotations

import pytest

from data.tables import Tables
from tests.kpi.building import cases, outcome, tables


def counted(key: str, of: Tables, day: str) -> dict[str, str]:
    """Who is counted -> the reason; nobody left out is in it."""
    found = cases(key, of, day)
    found = found[found["left_out"].isna()]
    assert (found["value"] == 1).all()
    return dict(zip(found["child_id"], found["reason"], strict=True))


# Pre-proceedings and proceedings -----------------------------------------------------------------------------------------------


def test_children_are_in_pre_proceedings_from_the_decision_until_the_day_before_the_end() -> None:
    of = tables(pre_proceedings="child_id started_on ended_on\nA 2024-05-31 -\nB 2024-05-01 2024-05-31\nC 2024-06-01 -")
    assert set(counted("pre_proceedings_open", of, "2024-05")) == {"A"}
    assert set(counted("pre_proceedings_open", of, "2024-05-30")) == {"B"}


def test_brothers_and_sisters_count_one_each() -> None:
    of = tables(pre_proceedings="child_id started_on family_id\nA 2024-05-01 F\nB 2024-05-01 F")
    assert set(counted("pre_proceedings_open", of, "2024-05")) == {"A", "B"}


def test_open_for_more_than_16_weeks_is_counted_and_shown_apart() -> None:
    of = tables(pre_proceedings="child_id started_on\nA 2024-02-09\nB 2024-02-08")
    found = cases("pre_proceedings_open", of, "2024-05").set_index("child_id")
    assert found["apart"].isna().to_dict() == {"A": True, "B": False}, "9 February to 31 May is 112 days"
    assert found["value"].tolist() == [1, 1]


def test_pre_proceedings_of_112_days_are_in_time_and_of_113_are_not() -> None:
    of = tables(pre_proceedings="child_id started_on ended_on\nA 2024-02-09 2024-05-31\nB 2024-02-08 2024-05-31")
    assert outcome("pre_proceedings_in_16_weeks", of, "2024-05") == {"A": "met", "B": "not met"}


def test_pre_proceedings_belong_to_the_month_they_ended_in() -> None:
    of = tables(pre_proceedings="child_id started_on ended_on\nA 2024-03-01 2024-05-01\nB 2024-03-01 2024-04-30\nC 2024-03-01 -")
    assert set(outcome("pre_proceedings_in_16_weeks", of, "2024-05")) == {"A"}


@pytest.mark.parametrize("key", ["pre_proceedings_in_16_weeks", "proceedings_in_26_weeks"])
def test_an_end_before_the_start_is_left_out_and_listed(key: str) -> None:
    of = tables(**{key.split("_in_")[0]: "child_id started_on ended_on\nA 2024-05-10 2024-05-09\nB 2024-05-10 2024-05-10"})
    assert outcome(key, of, "2024-05") == {"A": "ended before it started", "B": "met"}


@pytest.mark.parametrize(("concluded", "verdict"), [("2019-07-01", "met"), ("2019-07-02", "not met")])
def test_proceedings_issued_on_1_january_2019_are_in_time_until_1_july(concluded: str, verdict: str) -> None:
    of = tables(proceedings=f"child_id started_on ended_on\nA 2019-01-01 {concluded}")
    assert outcome("proceedings_in_26_weeks", of, "2019-07") == {"A": verdict}


# Placed with parents -----------------------------------------------------------------------------------------------------------


def at_home(started: str = "2024-01-10", *, order: str = "C2", kind: str = "P1", ended: str = "-", **more: str) -> Tables:
    return tables(
        cla_episode=f"child_id started_on legal_status_kind\nA 2022-01-10 {order}",
        placement=f"child_id started_on ended_on placement_kind\nA {started} {ended} {kind}", **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("order", "kind", "there"), [("C1", "P1", True), ("C2", "P1", True), ("V2", "P1", False), ("C2", "U4", False), ("-", "P1", False)]
)
def test_placed_with_parents_is_p1_under_an_interim_or_full_care_order(order: str, kind: str, there: bool) -> None:
    assert set(counted("placed_with_parents", at_home(order=order, kind=kind), "2024-05")) == ({"A"} if there else set())


def test_a_placement_with_parents_counts_until_the_day_before_it_ends() -> None:
    of = at_home(ended="2024-05-31")
    assert set(counted("placed_with_parents", of, "2024-05-30")) == {"A"}
    assert not counted("placed_with_parents", of, "2024-05")


def test_the_legal_status_in_force_that_day_decides() -> None:
    of = at_home(order="V2", legal_status="child_id started_on ended_on legal_status_kind\nA 2024-02-01 2024-05-31 C1")
    assert counted("placed_with_parents", of, "2024-05-30") == {"A": "placed with parents, interim care order"}
    assert not counted("placed_with_parents", of, "2024-05"), "that status is over: the one of the time in care holds"


def spot_checks(*days: str, kind: str = "spot_check", started: str = "2023-01-10") -> Tables:
    rows = "\n".join(f"A {day} {kind}" for day in days)
    return at_home(started, parent_placement_check=f"child_id happened_on check_kind\n{rows}")


def test_a_spot_check_holds_for_six_months_that_day_included() -> None:
    assert outcome("parents_spot_checks", spot_checks("2023-11-30"), "2024-05-30") == {"A": "met"}
    assert outcome("parents_spot_checks", spot_checks("2023-11-30"), "2024-05-31") == {"A": "not met"}


def test_a_review_is_not_a_spot_check() -> None:
    assert outcome("parents_spot_checks", spot_checks("2024-05-01", kind="review"), "2024-05") == {"A": "not met"}


def test_a_check_before_the_placement_does_not_count() -> None:
    of = spot_checks("2024-01-09", started="2024-01-10")
    assert outcome("parents_spot_checks", of, "2024-07-10") == {"A": "met"}, "not yet due"
    assert cases("parents_spot_checks", of, "2024-07-10")["apart"].notna().all()
    assert outcome("parents_spot_checks", of, "2024-07-11") == {"A": "not met"}


def test_more_than_12_months_with_parents_begins_the_day_after_the_same_day_a_year_on() -> None:
    assert outcome("parents_over_12_months", at_home("2023-05-31"), "2024-05") == {"A": "not met"}
    assert outcome("parents_over_12_months", at_home("2023-05-30"), "2024-05") == {"A": "met"}


def test_drift_is_asked_of_full_care_orders_only() -> None:
    assert not outcome("parents_over_12_months", at_home("2023-01-10", order="C1"), "2024-05")
