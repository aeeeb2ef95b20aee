"""Assessments: the forty-fifth working day counts and the next does not."""

from __future__ import annotations

import pandas as pd
import pytest

from kpi.why import why
from tests.kpi.building import cases, outcome, tables, verdicts


def test_an_assessment_is_in_time_up_to_the_forty_fifth_working_day() -> None:
    of = tables(
        assessment="""
        child_id started_on ended_on
        last_day 2024-03-01 2024-05-08
        next_day 2024-03-01 2024-05-09
        same_day 2024-05-10 2024-05-10
        backward 2024-05-10 2024-05-09
        open     2024-01-02 -
        april    2024-04-02 2024-04-30
        june     2024-05-01 2024-06-01
    """
    )
    assert outcome("assessments_in_45_days", of, "2024-05") == {
        "last_day": "met",
        "next_day": "not met",
        "same_day": "met",
        "backward": "authorised before it started",
    }


@pytest.mark.parametrize(
    ("started", "last"),
    [("2022-04-20", "2022-06-27"), ("2022-08-01", "2022-10-05"), ("2023-04-17", "2023-06-22"), ("2020-04-14", "2020-06-18")],
)
def test_bank_holidays_are_not_counted(started: str, last: str) -> None:
    next_day = str((pd.Timestamp(last) + pd.Timedelta(days=1)).date())
    of = tables(assessment=f"child_id started_on ended_on\nA {started} {last}\nB {started} {next_day}")
    assert outcome("assessments_in_45_days", of, last[:7]) == {"A": "met", "B": "not met"}


def test_started_on_a_saturday_it_is_counted_from_the_monday() -> None:
    of = tables(assessment="child_id started_on ended_on\nA 2024-03-02 2024-05-08\nB 2024-03-02 2024-05-09")
    assert outcome("assessments_in_45_days", of, "2024-05") == {"A": "met", "B": "not met"}


def test_an_assessment_that_found_no_need_of_support_ended_with_no_services() -> None:
    of = tables(
        assessment="""
        child_id started_on ended_on   support_required
        none     2024-04-02 2024-05-31 no
        some     2024-04-02 2024-05-01 yes
        blank    2024-04-02 2024-05-10 -
        open     2024-04-02 -          no
        june     2024-04-02 2024-06-01 no
    """
    )
    assert outcome("assessments_no_services", of, "2024-05") == {
        "none": "met",
        "some": "not met",
        "blank": "support required not recorded",
    }


@pytest.mark.parametrize("key", ["assessments_in_45_days", "assessments_no_services"])
def test_what_happened_is_that_it_was_authorised(key: str) -> None:
    of = tables(assessment="child_id started_on ended_on support_required\nA 2024-03-01 2024-05-08 no")
    assert cases(key, of, "2024-05")["happened_on"].tolist() == [pd.Timestamp("2024-05-08")]


# assessments_open_over_45_days -------------------------------------------------------------------------------------------------


def test_an_open_assessment_is_over_on_the_day_after_its_forty_fifth_working_day() -> None:
    of = tables(assessment="child_id started_on ended_on\nA 2024-03-25 -")
    found = cases("assessments_open_over_45_days", of, "2024-05-31")
    assert found["due_on"].tolist() == [pd.Timestamp("2024-05-31")], "Good Friday, Easter Monday, 6 and 27 May do not count"
    assert outcome("assessments_open_over_45_days", of, "2024-05-31") == {"A": "not met"}
    assert outcome("assessments_open_over_45_days", of, "2024-06-01") == {"A": "met"}
    late = cases("assessments_open_over_45_days", of, "2024-06-10")
    assert why(late).tolist() == ["Still open, and late; due 31 May 2024, 10 days late"]


def test_an_assessment_authorised_on_the_month_end_is_no_longer_open() -> None:
    rows = "child_id started_on ended_on\nthen 2024-01-02 2024-05-31\nnext 2024-01-02 2024-06-01\nlater 2024-06-01 -"
    assert outcome("assessments_open_over_45_days", tables(assessment=rows), "2024-05") == {"next": "met"}


# assessments_weighing_history --------------------------------------------------------------------------------------------------


def test_history_is_weighed_where_the_audit_grades_it_good_or_better() -> None:
    of = tables(
        audit="""
        audit_id happened_on history_grade_kind   grade_kind audit_kind
        best     2024-05-01  outstanding          -          case
        good     2024-05-31  good                 inadequate dip
        fair     2024-05-10  requires_improvement good       -
        poor     2024-05-10  inadequate           good       case
        blank    2024-05-10  -                    good       case
        again    2024-05-10  good                 good       re_audit
        june     2024-06-01  good                 good       case
    """
    )
    found = cases("assessments_weighing_history", of, "2024-05")
    assert dict(zip(found["case_id"], verdicts(found), strict=True)) == {
        "best": "met", "good": "met", "fair": "not met", "poor": "not met", "blank": "history not graded",
    }  # fmt: skip
