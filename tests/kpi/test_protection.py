"""Child protection: the last day that counts, and the next one that does not."""

from __future__ import annotations

import pandas as pd
import pytest

from data.tables import Clock, Tables
from kpi import REGISTER
from kpi.figures import figures_of
from kpi.targets import value_of
from tests.kpi.building import cases, outcome, periods, tables, verdicts

PLAN = """
    child_id started_on ended_on
    A        2020-01-06 -
"""


def seen_on(*days: str, plan: str = PLAN, seen: str = "yes") -> Tables:
    return tables(cp_plan=plan, visit=[visit(day, seen) for day in days])


def visit(day: str, seen: str = "yes", **more: object) -> dict[str, object]:
    return {
        "child_id": "A",
        "cohort_kind": "cp",
        "happened_on": pd.Timestamp(day),
        "child_seen": {"yes": True, "no": False}.get(seen),
        **more,
    }


# cp_visits_in_time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "due", "why"),
    [
        ("2024-05-16", "2024-05-31", "27 May is a bank holiday"),
        ("2022-05-24", "2022-06-09", "2 and 3 June 2022"),
        ("2022-09-08", "2022-09-23", "19 September 2022"),
        ("2023-04-28", "2023-05-16", "1 and 8 May 2023"),
        ("2020-05-01", "2020-05-18", "8 May 2020, not the Monday"),
        ("2024-05-18", "2024-06-03", "seen on a Saturday: counted from the Monday"),
    ],
)
def test_a_child_is_seen_in_time_up_to_the_tenth_working_day(seen: str, due: str, why: str) -> None:
    next_day = str((pd.Timestamp(due) + pd.Timedelta(days=1)).date())
    of = seen_on(seen)
    assert cases("cp_visits_in_time", of, due)["due_on"].tolist() == [pd.Timestamp(due)], why
    assert outcome("cp_visits_in_time", of, due) == {"A": "met"}
    assert outcome("cp_visits_in_time", of, next_day) == {"A": "not met"}


def test_due_on_a_friday_is_overdue_on_a_month_end_sunday() -> None:
    assert outcome("cp_visits_in_time", seen_on("2024-06-14"), "2024-06") == {"A": "not met"}
    assert outcome("cp_visits_in_time", seen_on("2024-06-17"), "2024-06") == {"A": "met"}


def test_a_visit_after_the_month_end_does_not_count_and_one_on_it_does() -> None:
    assert outcome("cp_visits_in_time", seen_on("2024-06-01"), "2024-05") == {"A": "not met"}
    assert outcome("cp_visits_in_time", seen_on("2024-05-31"), "2024-05") == {"A": "met"}


def test_a_visit_before_the_plan_does_not_count_and_one_on_its_first_day_does() -> None:
    plan = "child_id started_on\nA 2024-05-10"
    before, first = (cases("cp_visits_in_time", seen_on(day, plan=plan), "2024-05").iloc[0] for day in ("2024-05-09", "2024-05-10"))
    assert pd.isna(before["happened_on"])
    assert before["due_on"] == first["due_on"] == pd.Timestamp("2024-05-24")
    assert first["happened_on"] == pd.Timestamp("2024-05-10")


@pytest.mark.parametrize("seen", ["no", "unknown"])
def test_a_visit_at_which_the_child_was_not_seen_does_not_count(seen: str) -> None:
    assert outcome("cp_visits_in_time", seen_on("2024-05-30", seen=seen), "2024-05") == {"A": "not met"}


def test_a_new_child_not_yet_seen_and_not_yet_due_is_in_time_and_shown_apart() -> None:
    found = cases("cp_visits_in_time", tables(cp_plan="child_id started_on\nA 2024-05-16\nB 2024-05-15"), "2024-05").set_index("child_id")
    assert found["met"].to_dict() == {"A": True, "B": False}
    assert found.loc["A", "apart"] == "not seen yet, not yet due"
    assert pd.isna(found.loc["B", "apart"])


def test_a_plan_is_open_from_its_first_day_until_the_day_before_it_ends() -> None:
    of = tables(
        cp_plan="""
        child_id   started_on ended_on
        first_day  2024-05-31 -
        tomorrow   2024-06-01 -
        ended_then 2024-05-20 2024-05-31
        ends_next  2024-05-20 2024-06-01
        one_day    2024-05-31 2024-05-31
    """
    )
    assert set(outcome("cp_visits_in_time", of, "2024-05")) == {"first_day", "ends_next"}


def test_the_visits_of_another_cohort_do_not_count() -> None:
    of = tables(cp_plan=PLAN, visit=[visit("2024-05-30") | {"cohort_kind": "cin"}])
    assert outcome("cp_visits_in_time", of, "2024-05") == {"A": "not met"}


def test_what_the_visits_log_says_of_a_day_stands_against_a_printed_last_visit() -> None:
    log, printed = visit("2024-05-30", "no", origin_kind="log"), visit("2024-05-30", origin_kind="last_seen")
    assert outcome("cp_visits_in_time", tables(cp_plan=PLAN, visit=[log, printed]), "2024-05") == {"A": "not met"}
    assert outcome("cp_visits_in_time", tables(cp_plan=PLAN, visit=[printed]), "2024-05") == {"A": "met"}


def test_a_local_standard_is_followed_from_its_day() -> None:
    standards = [
        Clock("cp_visit", pd.Timestamp("2000-01-01"), 10, "working_days", "a test"),
        Clock("cp_visit", pd.Timestamp("2024-05-20"), 14, "calendar_days", "a test"),
    ]
    of = tables(cp_plan=PLAN, visit=[visit("2024-05-17")], standards=standards)
    after = tables(cp_plan=PLAN, visit=[visit("2024-05-20")], standards=standards)
    assert cases("cp_visits_in_time", of, "2024-05")["due_on"].tolist() == [pd.Timestamp("2024-06-03")]
    assert cases("cp_visits_in_time", after, "2024-05")["due_on"].tolist() == [pd.Timestamp("2024-06-03")]
    assert outcome("cp_visits_in_time", after, "2024-06-04") == {"A": "not met"}


def test_a_case_is_in_the_hands_of_whoever_the_last_extract_names() -> None:
    of = tables(
        cp_plan="child_id started_on team_id worker_id\nA 2024-01-08 T9 W9\nB 2024-01-08 T9 W9",
        allocation="""
            child_id cohort_kind observed_on team_id worker_id
            A        cp          2024-02-29  T1      W1
            A        cp          2024-04-30  T2      W2
            A        cla         2024-03-31  T3      W3
        """,
    )
    found = cases("cp_visits_in_time", of, "2024-01", "2024-03", "2024-04").set_index(["child_id", "period"])
    held = {(child, f"{period:%m}"): (row["team_id"], row["worker_id"]) for (child, period), row in found.iterrows()}
    assert held["A", "01"] == ("T1", "W1"), "before any extract, the first one's word is the nearest there is"
    assert held["A", "03"] == ("T1", "W1")
    assert held["A", "04"] == ("T2", "W2")
    assert held["B", "04"] == ("T9", "W9"), "no extract names the child: the plan's own"


# icpc_in_15_days ---------------------------------------------------------------------------------------------------------------


def test_a_conference_is_in_time_up_to_the_fifteenth_working_day() -> None:
    of = tables(
        icpc="""
        child_id happened_on section47_on
        last_day 2024-05-29  2024-05-07
        next_day 2024-05-30  2024-05-07
        same_day 2024-05-07  2024-05-07
        before   2024-05-06  2024-05-07
        no_start 2024-05-20  -
    """
    )
    assert outcome("icpc_in_15_days", of, "2024-05") == {
        "last_day": "met",
        "next_day": "not met",
        "same_day": "met",
        "before": "conference dated before its section 47",
        "no_start": "no section 47 start date",
    }


@pytest.mark.parametrize(
    ("began", "last"),
    [("2022-05-16", "2022-06-08"), ("2022-09-05", "2022-09-27"), ("2023-04-24", "2023-05-17"), ("2020-04-20", "2020-05-12")],
)
def test_a_bank_holiday_gives_a_conference_one_more_day(began: str, last: str) -> None:
    next_day = str((pd.Timestamp(last) + pd.Timedelta(days=1)).date())
    of = tables(icpc=f"child_id happened_on section47_on\nA {last} {began}\nB {next_day} {began}")
    assert outcome("icpc_in_15_days", of, last[:7]) == {"A": "met", "B": "not met"}


def test_a_conference_counts_in_the_month_it_was_held() -> None:
    of = tables(icpc="child_id happened_on section47_on\nA 2024-05-31 2024-05-20\nB 2024-06-01 2024-05-20\nC 2024-04-30 2024-04-20")
    assert set(outcome("icpc_in_15_days", of, "2024-05")) == {"A"}


# cp_repeat_plans ---------------------------------------------------------------------------------------------------------------


def test_a_repeat_plan_is_known_from_the_count_or_from_the_plans_loaded() -> None:
    of = tables(
        cp_plan="""
        child_id started_on ended_on   previous_plans
        counted  2024-05-10 -          1
        first    2024-05-10 -          0
        blank    2024-05-10 -          -
        history  2014-03-03 2014-09-01 -
        history  2024-05-10 -          -
        wrong    2014-03-03 2014-09-01 -
        wrong    2024-05-10 -          0
    """
    )
    assert outcome("cp_repeat_plans", of, "2024-05") == {
        "counted": "met",
        "first": "not met",
        "blank": "number of earlier plans not recorded",
        "history": "met",
        "wrong": "met",
    }


def test_a_later_plan_is_not_an_earlier_one() -> None:
    of = tables(cp_plan="child_id started_on ended_on previous_plans\nA 2024-05-10 2024-05-20 0\nA 2024-06-03 - 1")
    assert outcome("cp_repeat_plans", of, "2024-05") == {"A": "not met"}


def test_plans_are_counted_not_children() -> None:
    of = tables(cp_plan="child_id started_on ended_on previous_plans\nA 2024-05-01 2024-05-20 0\nA 2024-05-31 - -")
    found = cases("cp_repeat_plans", of, "2024-05")
    assert sorted(verdicts(found)) == ["met", "not met"]


# cp_visits_due_made ------------------------------------------------------------------------------------------------------------


def test_a_visit_made_on_the_day_it_was_due_is_in_time_and_on_the_next_is_late() -> None:
    """From Thursday 2 May 2024 the tenth working day is Friday 17 May, as 6 May was a bank holiday."""
    plan = "child_id started_on\nA 2024-05-02"
    in_time, late = (cases("cp_visits_due_made", seen_on(day, plan=plan), "2024-05") for day in ("2024-05-17", "2024-05-18"))
    assert in_time[["due_on", "met"]].to_numpy().tolist() == [[pd.Timestamp("2024-05-17"), True]]
    assert late[["due_on", "met", "reason"]].to_numpy().tolist() == [[pd.Timestamp("2024-05-17"), False, "made late"]]


def test_each_visit_at_which_the_child_was_seen_sets_the_next_one() -> None:
    of = seen_on("2024-05-08", "2024-05-20", plan="child_id started_on\nA 2024-05-01")
    found = cases("cp_visits_due_made", of, "2024-05", "2024-06")
    assert found["due_on"].dt.strftime("%d %b").tolist() == ["16 May", "22 May", "04 Jun"]
    assert found["met"].tolist()[:2] == [True, True]


def test_a_missed_visit_counts_once_in_the_month_it_fell_due() -> None:
    log = [visit(day) | {"child_id": "Z"} for day in ("2024-05-03", "2024-06-03", "2024-07-03")]
    of = tables(cp_plan="child_id started_on\nA 2024-05-01", visit=log)
    found = cases("cp_visits_due_made", of, "2024-05", "2024-06", "2024-07")
    assert found[["period", "met", "reason"]].to_numpy().tolist() == [[pd.Timestamp("2024-05-31"), False, "not made"]]


def test_a_visit_is_not_owed_on_or_after_the_day_the_plan_ends() -> None:
    ends = "child_id started_on ended_on\nA 2024-05-01 {}"
    assert cases("cp_visits_due_made", seen_on("2024-05-08", plan=ends.format("2024-05-16")), "2024-05").empty
    assert len(cases("cp_visits_due_made", seen_on("2024-05-08", plan=ends.format("2024-05-17")), "2024-05")) == 1


def test_a_printed_last_visit_never_counts_and_a_month_with_no_log_cannot_be_told() -> None:
    plan = "child_id started_on\nA 2024-05-01"
    printed = visit("2024-05-10", origin_kind="last_seen")
    none = tables(cp_plan=plan, visit=[printed])
    assert outcome("cp_visits_due_made", none, "2024-05") == {"A": "the visits log does not reach that far"}
    begun_later = tables(cp_plan=plan, visit=[printed, visit("2024-06-03", origin_kind="log") | {"child_id": "Z"}])
    assert outcome("cp_visits_due_made", begun_later, "2024-05") == {"A": "the visits log does not reach that far"}
    some = tables(cp_plan=plan, visit=[printed, visit("2024-05-03", origin_kind="log") | {"child_id": "Z"}])
    assert outcome("cp_visits_due_made", some, "2024-05") == {"A": "not met"}


# cp_seen_alone -----------------------------------------------------------------------------------------------------------------


def alone(*visits: str, born: str = "2015-01-01") -> dict[str, str]:
    rows = "\n".join(["child_id cohort_kind happened_on child_seen seen_alone", *(f"A cp {row}" for row in visits)])
    of = tables(cp_plan=PLAN, visit=rows, child=f"child_id born_on\nA {born}")
    return outcome("cp_seen_alone", of, "2024-05")


def test_the_last_visit_at_which_the_child_was_seen_is_the_one_that_counts() -> None:
    assert alone("2024-05-10 yes yes") == {"A": "met"}
    assert alone("2024-05-10 yes yes", "2024-05-31 yes no") == {"A": "not met"}
    assert alone("2024-05-10 yes yes", "2024-06-01 yes no") == {"A": "met"}, "after the month end"
    assert alone("2024-05-10 yes yes", "2024-05-20 no no") == {"A": "met"}, "not seen that day"


def test_two_records_of_one_day_are_one_visit_and_alone_if_either_says_so() -> None:
    assert alone("2024-05-10 yes no", "2024-05-10 yes yes") == {"A": "met"}
    assert alone("2024-05-10 yes -", "2024-05-10 yes no") == {"A": "not met"}


@pytest.mark.parametrize(
    ("visits", "born", "why"),
    [
        (["2024-05-10 yes -"], "2015-01-01", "not recorded whether seen alone"),
        (["2024-05-10 no yes"], "2015-01-01", "not seen yet"),
        (["2024-05-10 yes yes"], "-", "age not known"),
        (["2024-05-10 yes yes"], "2020-06-01", "under 4"),
        (["2024-05-10 yes yes"], "2020-05-31", "met"),
    ],
)
def test_who_is_left_out_and_a_fourth_birthday_on_the_month_end_counts(visits: list[str], born: str, why: str) -> None:
    assert alone(*visits, born=born) == {"A": why}


# cp_plans_open, cp_plans_over_2_years ------------------------------------------------------------------------------------------


def test_plans_open_are_told_for_every_ten_thousand_people() -> None:
    people = "group_id observed_on people\n0-17 2023-06-30 50000\n0-17 2024-05-31 40000\n0-17 2024-06-01 1\n0-4 2024-05-31 9"
    plans = "child_id started_on ended_on\nA 2024-05-31 -\nB 2024-01-01 2024-05-31\nC 2024-01-01 2024-06-01\nD 2024-06-01 -"
    found = figures_of(REGISTER["cp_plans_open"], tables(cp_plan=plans, population=people), periods("2023-01", "2024-05"))
    assert found[["level", "numerator", "denominator"]].to_numpy().tolist() == [["authority", 0, 50000], ["authority", 2, 40000]]
    assert value_of(found).tolist() == [0, 0.5]


def test_a_plan_of_seven_hundred_and_twenty_nine_days_is_not_yet_two_years() -> None:
    of = tables(cp_plan="child_id started_on\nA 2022-06-01\nB 2022-06-02\nC 2022-06-03")
    assert outcome("cp_plans_over_2_years", of, "2024-05-31") == {"A": "met", "B": "not met", "C": "not met"}
