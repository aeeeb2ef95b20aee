"""Children in need: the last day that counts, and the next one that does not."""

from __future__ import annotations

import pandas as pd
import pytest

from data.tables import Tables
from kpi import REGISTER
from kpi.figures import figures_of
from tests.kpi.building import cases, outcome, periods, tables


def in_need(*rows: str, visits: str = "child_id cohort_kind happened_on child_seen") -> Tables:
    return tables(case_status="\n".join(("child_id started_on observed_on status_kind ended_on team_id", *rows)), visit=visits)


def seen(day: str, answer: str = "yes") -> str:
    return f"child_id cohort_kind happened_on child_seen\nA cin {day} {answer}"


PLAN = "A 2023-01-09 2024-05-31 in_need_plan - T1"


def test_a_child_is_seen_in_time_up_to_the_twentieth_working_day() -> None:
    assert outcome("cin_visits_in_time", in_need(PLAN, visits=seen("2024-05-01")), "2024-05") == {"A": "met"}
    assert outcome("cin_visits_in_time", in_need(PLAN, visits=seen("2024-04-30")), "2024-05") == {"A": "not met"}


@pytest.mark.parametrize("status", ["looked_after", "protection_plan", "open_assessment", "closed", "-"])
def test_only_the_status_child_in_need_plan_counts(status: str) -> None:
    of = in_need(PLAN, f"B 2023-01-09 2024-05-31 {status} - T1")
    assert set(outcome("cin_visits_in_time", of, "2024-05")) == {"A"}


def test_a_child_is_in_need_from_the_first_day_until_the_day_before_the_last() -> None:
    of = in_need(
        "first_day  2024-05-31 2024-05-31 in_need_plan - T1",
        "ended_then 2024-01-08 2024-05-31 in_need_plan 2024-05-31 T1",
        "ends_next  2024-01-08 2024-05-31 in_need_plan 2024-06-01 T1",
        "tomorrow   2024-06-01 2024-05-31 in_need_plan - T1",
    )
    assert set(outcome("cin_visits_in_time", of, "2024-05")) == {"first_day", "ends_next"}


@pytest.mark.parametrize(("day", "answer"), [("2024-06-01", "yes"), ("2024-05-30", "no"), ("2024-05-30", "-"), ("2023-01-08", "yes")])
def test_a_visit_after_the_month_end_before_the_start_or_not_seen_does_not_count(day: str, answer: str) -> None:
    found = cases("cin_visits_in_time", in_need(PLAN, visits=seen(day, answer)), "2024-05")
    assert found["happened_on"].isna().all()
    assert found["met"].tolist() == [False]


def test_a_new_child_not_yet_seen_and_not_yet_due_is_in_time_and_shown_apart() -> None:
    of = in_need("A 2024-05-01 2024-05-31 in_need_plan - T1", "B 2024-04-30 2024-05-31 in_need_plan - T1")
    found = cases("cin_visits_in_time", of, "2024-05").set_index("child_id")
    assert found["met"].to_dict() == {"A": True, "B": False}
    assert found["apart"].notna().to_dict() == {"A": True, "B": False}


def test_each_month_is_read_from_the_extract_that_speaks_for_it() -> None:
    of = in_need(
        "A 2023-01-09 2024-04-30 in_need_plan - T1",
        "A 2023-01-09 2024-05-31 protection_plan - T2",
        "A 2023-01-09 2024-06-30 in_need_plan - T3",
    )
    found = cases("cin_visits_in_time", of, "2024-03", "2024-04", "2024-05", "2024-06")
    assert [(f"{case.period:%m}", case.team_id) for case in found.itertuples()] == [("04", "T1"), ("06", "T3")]


def test_an_extract_up_to_fifteen_days_late_speaks_for_the_month_and_one_day_more_does_not() -> None:
    assert set(outcome("cin_visits_in_time", in_need("A 2023-01-09 2024-06-15 in_need_plan - T1"), "2024-05")) == {"A"}
    assert not outcome("cin_visits_in_time", in_need("A 2023-01-09 2024-06-16 in_need_plan - T1"), "2024-05")


# cin_plans_open ----------------------------------------------------------------------------------------------------------------


def test_only_plans_open_at_the_month_end_are_counted() -> None:
    of = in_need(
        "A 2024-05-01 2024-05-31 in_need_plan - T1",
        "B 2024-05-31 2024-05-31 in_need_plan - T1",
        "C 2024-01-01 2024-05-31 in_need_plan 2024-05-31 T1",
        "D 2024-01-01 2024-05-31 protection_plan - T1",
        "E 2024-01-01 2024-05-31 open_assessment - T1",
    )
    assert cases("cin_plans_open", of, "2024-05")["child_id"].tolist() == ["A", "B"]
    found = figures_of(REGISTER["cin_plans_open"], of, periods("2024-05"), levels=("authority", "team"))
    assert found[["numerator", "denominator"]].to_numpy().tolist() == [[2, 1], [2, 1]]


# cin_visits_due_made -----------------------------------------------------------------------------------------------------------

LOG = "child_id cohort_kind happened_on child_seen\nZ cin 2024-05-02 yes\n"


def test_a_visit_is_made_by_its_twentieth_working_day_or_it_is_not() -> None:
    """From 1 May 2024 the twentieth working day is 31 May: 6 and 27 May are bank holidays."""
    plan = "A 2024-05-01 2024-05-31 in_need_plan - T1"
    on_the_day = in_need(plan, visits=LOG + "A cin 2024-05-31 yes")
    assert cases("cin_visits_due_made", on_the_day, "2024-05")["due_on"].tolist() == [pd.Timestamp("2024-05-31")]
    assert outcome("cin_visits_due_made", on_the_day, "2024-05") == {"A": "met"}
    assert outcome("cin_visits_due_made", in_need(plan, visits=LOG + "A cin 2024-06-01 yes"), "2024-05") == {"A": "not met"}
    assert outcome("cin_visits_due_made", in_need(plan, visits=LOG + "A cin 2024-05-31 no"), "2024-05") == {"A": "not met"}


def test_without_a_log_that_month_nothing_can_be_told() -> None:
    plan = "A 2024-05-01 2024-05-31 in_need_plan - T1"
    printed = in_need(plan, visits="child_id cohort_kind happened_on child_seen origin_kind\nA cin 2024-05-20 yes last_seen")
    assert outcome("cin_visits_due_made", printed, "2024-05") == {"A": "the visits log does not reach that far"}
