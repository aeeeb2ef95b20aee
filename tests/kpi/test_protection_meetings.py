"""Enquiries, conferences, reviews and core groups: the last day that counts, and the next one that does not."""

from __future__ import annotations

import pandas as pd
import pytest

from data.tables import Tables
from kpi import REGISTER
from kpi.figures import figures_of
from kpi.why import days_late
from tests.kpi.building import cases, outcome, periods, tables

# section47_started, section47_to_icpc ------------------------------------------------------------------------------------------


def test_enquiries_are_counted_in_the_month_they_began() -> None:
    of = tables(section47="child_id happened_on\nA 2024-04-30\nB 2024-05-01\nB 2024-05-01\nC 2024-05-31\nD 2024-06-01")
    found = figures_of(REGISTER["section47_started"], of, periods("2024-04", "2024-05"), levels=("authority",))
    assert found[["numerator", "denominator"]].to_numpy().tolist() == [[1, 1], [3, 1]]


def test_an_enquiry_is_completed_when_it_ends_or_on_its_fifteenth_working_day() -> None:
    of = tables(
        section47="""
        child_id  happened_on ended_on   conference_unnecessary
        ended     2024-05-30  2024-05-31 no
        ends_june 2024-05-30  2024-06-03 no
        fifteenth 2024-05-09  -          yes
        day_after 2024-05-10  -          yes
        unsaid    2024-05-02  2024-05-10 -
    """
    )
    assert outcome("section47_to_icpc", of, "2024-05") == {
        "ended": "met", "fifteenth": "not met", "unsaid": "not recorded whether a conference was needed",
    }, "from 9 May the fifteenth working day is 31 May 2024"  # fmt: skip
    assert set(outcome("section47_to_icpc", of, "2024-06")) == {"ends_june", "day_after"}


def test_a_conference_held_settles_what_the_extract_does_not_say_if_it_was_held_by_then() -> None:
    enquiry = "child_id happened_on ended_on conference_unnecessary\nA 2024-05-20 2024-05-31 -"
    held, later, another = (
        tables(section47=enquiry, icpc=f"child_id happened_on section47_on\nA {on} {began}")
        for on, began in (("2024-05-31", "2024-05-20"), ("2024-06-01", "2024-05-20"), ("2024-05-31", "2024-05-19"))
    )
    assert outcome("section47_to_icpc", held, "2024-05") == {"A": "met"}
    assert outcome("section47_to_icpc", later, "2024-05") == {"A": "not recorded whether a conference was needed"}
    assert outcome("section47_to_icpc", another, "2024-05") == {"A": "not recorded whether a conference was needed"}


# icpc_overdue ------------------------------------------------------------------------------------------------------------------


def overdue(day: str, unnecessary: str = "no", **more: str) -> list[str]:
    of = tables(section47=f"child_id happened_on conference_unnecessary\nA 2024-05-09 {unnecessary}", **more)
    found = cases("icpc_overdue", of, day)
    return [str(child) for child in found.loc[found["left_out"].isna(), "child_id"]]


def test_a_conference_is_overdue_from_the_day_after_the_fifteenth_working_day() -> None:
    assert overdue("2024-05-31") == []
    assert overdue("2024-06-01") == ["A"]
    assert overdue("2024-06-01", "yes") == [], "no conference was needed"


def test_overdue_conferences_say_how_late_they_are_and_none_is_nought() -> None:
    of = tables(section47="child_id happened_on conference_unnecessary\nA 2024-05-09 no")
    found = cases("icpc_overdue", of, "2024-06-30")
    assert (found["due_on"].tolist(), days_late(found).tolist()) == ([pd.Timestamp("2024-05-31")], [30])
    figures = figures_of(REGISTER["icpc_overdue"], of, periods("2024-05", "2024-06"), levels=("authority",))
    assert figures[["numerator", "denominator"]].to_numpy().tolist() == [[0, 1], [1, 1]]


@pytest.mark.parametrize(
    ("held", "still"), [("2024-05-08", ["A"]), ("2024-05-09", []), ("2024-06-30", []), ("2024-07-01", ["A"])],
)  # fmt: skip
def test_a_conference_or_a_plan_on_or_after_the_enquiry_settles_it(held: str, still: list[str]) -> None:
    assert overdue("2024-06-30", icpc=f"child_id happened_on\nA {held}") == still
    assert overdue("2024-06-30", cp_plan=f"child_id started_on\nA {held}") == still


def test_where_it_is_not_said_that_a_conference_was_needed_the_child_is_left_out_and_shown() -> None:
    of = tables(section47="child_id happened_on conference_unnecessary\nA 2024-05-09 -")
    assert outcome("icpc_overdue", of, "2024-06") == {"A": "not recorded whether a conference was needed"}


def test_a_child_is_one_by_the_newest_enquiry() -> None:
    twice = "child_id happened_on conference_unnecessary\nA 2024-03-01 no\nA 2024-05-09 {}"
    both, newer_needs_none = tables(section47=twice.format("no")), tables(section47=twice.format("yes"))
    assert cases("icpc_overdue", both, "2024-05-09")["child_id"].tolist() == []
    assert cases("icpc_overdue", both, "2024-06-30")["due_on"].tolist() == [pd.Timestamp("2024-05-31")]
    assert cases("icpc_overdue", newer_needs_none, "2024-06-30").empty


# icpc_to_plan ------------------------------------------------------------------------------------------------------------------


def test_a_conference_led_to_a_plan_as_the_extract_says_or_as_the_day_shows() -> None:
    of = tables(
        icpc="child_id happened_on led_to_plan\nyes 2024-05-01 yes\nno 2024-05-31 no\nsame_day 2024-05-10 -\nday_after 2024-05-10 -",
        cp_plan="child_id started_on\nsame_day 2024-05-10\nday_after 2024-05-11\nno 2024-05-31",
    )
    assert outcome("icpc_to_plan", of, "2024-05") == {
        "yes": "met", "no": "not met", "same_day": "met", "day_after": "not recorded whether a plan was made",
    }  # fmt: skip


# cp_reviews_in_time ------------------------------------------------------------------------------------------------------------


def reviewed(*days: str, started: str = "2023-11-30") -> Tables:
    reviews = "\n".join(["child_id happened_on", *(f"A {day}" for day in days)])
    return tables(cp_plan=f"child_id started_on\nA {started}", **({"cp_review": reviews} if days else {}))


def test_a_plan_joins_once_it_is_three_months_old_and_the_first_review_is_due_that_day() -> None:
    assert outcome("cp_reviews_in_time", reviewed(), "2024-02-28") == {}
    assert outcome("cp_reviews_in_time", reviewed(), "2024-02-29") == {"A": "met"}, "30 November and three months"
    assert outcome("cp_reviews_in_time", reviewed(), "2024-03-01") == {"A": "not met"}


@pytest.mark.parametrize(("first", "verdict"), [("2024-02-29", "met"), ("2024-03-01", "not met")])
def test_the_first_review_is_in_time_up_to_three_months(first: str, verdict: str) -> None:
    assert outcome("cp_reviews_in_time", reviewed(first), "2024-03-31") == {"A": verdict}


@pytest.mark.parametrize(("second", "verdict"), [("2024-08-15", "met"), ("2024-08-16", "not met")])
def test_each_next_review_is_in_time_up_to_six_months_and_one_late_stays_late(second: str, verdict: str) -> None:
    of = reviewed("2024-02-15", second, "2024-09-01")
    assert outcome("cp_reviews_in_time", of, "2024-08-15") == {"A": "met"}
    assert outcome("cp_reviews_in_time", of, "2024-09-30") == {"A": verdict}


def test_a_review_on_the_first_day_of_the_plan_or_of_an_earlier_plan_is_not_one() -> None:
    assert outcome("cp_reviews_in_time", reviewed("2023-11-30", "2023-06-01"), "2024-03-31") == {"A": "not met"}


def test_a_plan_from_before_the_reviews_loaded_is_left_out() -> None:
    of = tables(cp_plan="child_id started_on\nA 2023-11-30\nB 2023-12-01", covered={"cp_review": ["2023-12", "2024-01"]})
    assert outcome("cp_reviews_in_time", of, "2024-03-31") == {"A": "the plan began before the reviews loaded", "B": "not met"}


# core_groups_in_time -----------------------------------------------------------------------------------------------------------


def test_the_first_core_group_is_due_on_the_tenth_working_day() -> None:
    of = tables(cp_plan="child_id started_on\nA 2024-05-16")
    found = cases("core_groups_in_time", of, "2024-05-31")
    assert (found["due_on"].tolist(), found["apart"].tolist()) == ([pd.Timestamp("2024-05-31")], ["none held yet, not yet due"])
    assert outcome("core_groups_in_time", of, "2024-06-01") == {"A": "not met"}


@pytest.mark.parametrize(
    ("group", "day", "verdict"),
    [
        ("2024-05-20 yes", "2024-07-01", "met"),
        ("2024-05-20 yes", "2024-07-02", "not met"),
        ("2024-05-20 -", "2024-07-01", "met"),
        ("2024-05-20 no", "2024-07-01", "not met"),
        ("2024-05-15 yes", "2024-06-01", "not met"),
    ],
)
def test_the_next_core_group_is_due_forty_two_days_after_the_last_one_held(group: str, day: str, verdict: str) -> None:
    of = tables(cp_plan="child_id started_on\nA 2024-05-16", core_group=f"child_id happened_on held\nA {group}")
    assert outcome("core_groups_in_time", of, day) == {"A": verdict}
