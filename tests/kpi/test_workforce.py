"""Workforce: who is counted, in what window, and what one session is."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from data.tables import Clock, Tables
from kpi.workforce import course_completed
from tests.kpi.building import cases, outcome, periods, tables

MAY = "2024-05"
IN_THREE = ("2024-03-01", "2024-04-10", "2024-05-31")
WINDOW = "not in post for the whole three months"
ABSENT = "absent in the three months"


def worker(**said: Any) -> dict[str, Any]:
    """A full-time case-holding social worker in post for years, as the extract of 31 May 2024 has them."""
    dates = {name: pd.Timestamp(value) for name, value in said.items() if name.endswith("_on")}
    usual = {"worker_id": "W", "observed_on": pd.Timestamp("2024-05-31"), "role": "Social Worker", "fte": 1.0, "agency": False}
    return {**usual, "started_on": pd.Timestamp("2020-01-06"), "caseload": 15, "case_holding": True, **said, **dates}


def supervised(*sessions: str, kind: str = "personal", held: bool | None = True, workers: list[dict[str, Any]] | None = None) -> Tables:
    rows = [{"worker_id": "W", "happened_on": pd.Timestamp(day), "supervision_kind": kind, "held": held} for day in sessions]
    return tables(worker=workers or [worker()], supervision=rows or "worker_id happened_on")


def verdict(of: Tables, month: str = MAY) -> str:
    return outcome("supervised_3_in_3_months", of, month)["W"]


# supervised_3_in_3_months ------------------------------------------------------------------------------------------------------


def test_the_window_opens_the_day_after_three_months_ago_and_closes_on_the_month_end() -> None:
    assert verdict(supervised("2024-03-01", "2024-04-10", "2024-05-31")) == "met"
    assert verdict(supervised("2024-02-29", "2024-04-10", "2024-05-31")) == "not met"
    assert verdict(supervised("2024-03-01", "2024-04-10", "2024-06-01")) == "not met"


def test_three_months_back_from_a_short_month_is_clamped() -> None:
    """From 28 February the window opens after 28 November: 29 and 30 November are in it."""
    of = supervised("2022-11-29", "2023-01-10", "2023-02-28", workers=[worker(observed_on="2023-02-28")])
    assert verdict(of, "2023-02") == "met"


def test_sessions_on_one_day_count_once() -> None:
    assert verdict(supervised("2024-03-01", "2024-04-10", "2024-04-10")) == "not met"
    assert verdict(supervised("2024-03-01", "2024-04-10", "2024-04-11")) == "met"


def test_two_sessions_of_different_kinds_on_one_day_count_once() -> None:
    rows = """
        worker_id happened_on supervision_kind held
        W         2024-03-04  personal         yes
        W         2024-03-04  case             yes
        W         2024-04-10  case             yes
    """
    assert verdict(tables(worker=[worker()], supervision=rows)) == "not met"


def test_a_cancelled_session_does_not_count() -> None:
    assert verdict(supervised(*IN_THREE, held=False)) == "not met"


def test_a_session_held_on_the_day_of_a_cancelled_one_counts() -> None:
    rows = "worker_id happened_on held\nW 2024-03-04 no\nW 2024-03-04 yes\nW 2024-04-10 yes\nW 2024-05-10 yes"
    assert verdict(tables(worker=[worker()], supervision=rows)) == "met"


def test_agency_workers_count() -> None:
    assert verdict(supervised(*IN_THREE, workers=[worker(agency=True)])) == "met"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"started_on": "2024-03-01"}, "met"),
        ({"started_on": "2024-03-02"}, WINDOW),
        ({"started_on": None}, "met"),
        ({"ended_on": "2024-05-31"}, WINDOW),
        ({"ended_on": "2024-06-01"}, "met"),
        ({"case_holding": False}, "not case-holding"),
        ({"case_holding": None, "caseload": 0}, "not case-holding"),
        ({"case_holding": None, "caseload": 3}, "met"),
        ({"absent_from_on": "2024-05-31"}, ABSENT),
        ({"absent_from_on": "2024-06-01"}, "met"),
        ({"absent_from_on": "2023-09-01", "absent_to_on": "2024-03-01"}, ABSENT),
        ({"absent_from_on": "2023-09-01", "absent_to_on": "2024-02-29"}, "met"),
    ],
)
def test_only_those_in_post_and_not_absent_for_the_whole_window_are_counted(said: dict[str, Any], expected: str) -> None:
    assert verdict(supervised(*IN_THREE, workers=[worker(**said)])) == expected


def test_an_absence_an_earlier_extract_shows_still_leaves_the_worker_out() -> None:
    """Back at work by the month end, so the newest extract no longer shows it."""
    ill = worker(observed_on="2024-04-30", absent_from_on="2024-04-22")
    assert verdict(supervised(*IN_THREE, workers=[ill, worker()])) == ABSENT


def test_an_absence_that_ended_sooner_than_first_planned_ended_when_it_ended() -> None:
    planned = worker(observed_on="2024-01-31", absent_from_on="2024-01-08", absent_to_on="2024-06-28")
    ended = worker(absent_from_on="2024-01-08", absent_to_on="2024-02-05")
    assert verdict(supervised(*IN_THREE, workers=[planned, ended])) == "met"


@pytest.mark.parametrize(
    "role",
    ["Social Worker", "Senior Social Worker", "NQSW", "Advanced Practitioner", "Agency Social Worker", "ASYE social worker", "SW", None],
)
def test_social_workers_are_known_by_their_role(role: str | None) -> None:
    assert verdict(supervised(*IN_THREE, workers=[worker(role=role)])) == "met"


@pytest.mark.parametrize(
    "role",
    [
        "Team Manager",
        "Personal Adviser",
        "Family Support Worker",
        "Independent Reviewing Officer",
        "Business Support",
        "Student Social Worker",
    ],
)
def test_those_in_other_work_are_left_out(role: str) -> None:
    assert verdict(supervised(*IN_THREE, workers=[worker(role=role)])) == "not a social worker"


def test_a_social_work_assistant_is_not_a_social_worker() -> None:
    assert verdict(supervised(*IN_THREE, workers=[worker(role="Social Work Assistant")])) == "not a social worker"


def test_another_workers_sessions_do_not_count() -> None:
    of = supervised(*IN_THREE, workers=[worker(), worker(worker_id="V")])
    assert outcome("supervised_3_in_3_months", of, MAY) == {"W": "met", "V": "not met"}


# caseload ----------------------------------------------------------------------------------------------------------------------


def average(*workers: dict[str, Any]) -> float:
    found = cases("caseload", tables(worker=list(workers)), MAY)
    return float(found["value"].sum() / found["weight"].sum())


def test_caseload_is_cases_over_the_hours_of_those_who_hold_any() -> None:
    full, half = worker(worker_id="A", caseload=20), worker(worker_id="B", caseload=7, fte=0.5, agency=True)
    assert average(full, half) == 18.0
    assert average(full, half, worker(worker_id="C", caseload=0)) == 18.0, "one with no cases does not lighten the load"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"caseload": 0}, "holds no cases"),
        ({"caseload": None}, "caseload not recorded"),
        ({"fte": None}, "working hours not recorded"),
        ({"fte": 0.0}, "working hours not recorded"),
        ({"role": "Team Manager"}, "not a social worker"),
    ],
)
def test_those_with_no_cases_or_no_hours_are_left_out(said: dict[str, Any], why: str) -> None:
    found = cases("caseload", tables(worker=[worker(**said)]), MAY)
    assert found["left_out"].tolist() == [why]
    assert found[["value", "weight"]].isna().all(axis=None)


def test_one_who_left_by_the_month_end_is_not_there() -> None:
    of = tables(worker=[worker(worker_id="A", ended_on="2024-05-31"), worker(worker_id="B", ended_on="2024-06-01")])
    assert cases("caseload", of, MAY)["case_id"].tolist() == ["B"]


def test_the_extract_nearest_the_month_end_speaks_for_it() -> None:
    of = tables(worker=[
        worker(observed_on="2024-05-20", caseload=10),
        worker(observed_on="2024-06-03", caseload=11),
        worker(observed_on="2024-06-28", caseload=12),
    ])  # fmt: skip
    found = cases("caseload", of, "2024-04", "2024-05", "2024-06", "2024-07")
    assert {f"{case.period:%m}": case.value for case in found.itertuples()} == {"05": 11.0, "06": 12.0}


# supervised_each_month ---------------------------------------------------------------------------------------------------------


def each_month(of: Tables) -> str:
    return outcome("supervised_each_month", of, MAY)["W"]


def test_one_in_each_calendar_month_from_its_first_day_to_its_last() -> None:
    assert each_month(supervised("2024-03-01", "2024-04-30", "2024-05-31")) == "met"
    assert each_month(supervised("2024-02-29", "2024-04-30", "2024-05-31")) == "not met"
    assert each_month(supervised("2024-03-31", "2024-04-01", "2024-06-01")) == "not met"


def test_three_in_one_week_do_not_hide_two_empty_months() -> None:
    of = supervised("2024-05-13", "2024-05-14", "2024-05-15")
    assert (verdict(of), each_month(of)) == ("met", "not met")


def test_a_cancelled_session_leaves_its_month_empty_and_an_absence_leaves_the_worker_out() -> None:
    assert each_month(supervised(*IN_THREE, held=False)) == "not met"
    assert each_month(supervised(*IN_THREE, workers=[worker(absent_from_on="2024-03-01", absent_to_on="2024-03-01")])) == ABSENT
    assert each_month(supervised(*IN_THREE, workers=[worker(absent_from_on="2024-02-01", absent_to_on="2024-02-29")])) == "met"


# case_supervision_current ------------------------------------------------------------------------------------------------------


def discussed(on: str, *, started: str = "2024-01-08", held: str = "yes", child: str = "A") -> str:
    of = tables(
        cp_plan=f"child_id started_on\nA {started}",
        supervision=f"worker_id child_id happened_on held\nW {child} {on} {held}",
    )
    return outcome("case_supervision_current", of, MAY)["A"]


def test_a_case_discussed_42_days_ago_is_in_time_and_43_is_not() -> None:
    assert discussed("2024-04-19") == "met"
    assert discussed("2024-04-18") == "not met"
    assert discussed("2024-04-19", held="no") == "not met"
    assert discussed("2024-05-30", child="B") == "not met", "another child's"
    assert discussed("2024-06-01", child="A") == "no supervision names a child", "none had by then"


def test_a_case_newly_opened_is_in_time_and_shown_apart() -> None:
    assert discussed("2024-05-01", started="2024-04-19", child="B") == "met"
    assert discussed("2024-05-01", started="2024-04-18", child="B") == "not met"
    of = tables(cp_plan="child_id started_on\nA 2024-05-20", supervision="worker_id child_id happened_on\nW B 2024-05-01")
    assert cases("case_supervision_current", of, MAY)["apart"].tolist() == ["not supervised yet, not yet due"]


def test_a_child_on_a_plan_and_in_care_is_one_case_in_the_hands_of_care() -> None:
    of = tables(
        cp_plan="child_id started_on team_id\nA 2024-05-01 P",
        cla_episode="child_id started_on team_id\nA 2024-05-20 C",
        supervision="worker_id child_id happened_on\nW A 2024-05-02",
    )
    found = cases("case_supervision_current", of, MAY)
    assert found[["child_id", "team_id"]].to_numpy().tolist() == [["A", "C"]]
    assert found["met"].tolist() == [True]


# high_caseloads ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"caseload": 20}, "not met"),
        ({"caseload": 21}, "met"),
        ({"caseload": 10, "fte": 0.5}, "not met"),
        ({"caseload": 11, "fte": 0.5}, "met"),
        ({"caseload": 12, "fte": 0.6}, "not met"),
        ({"caseload": 15, "newly_qualified": True}, "not met"),
        ({"caseload": 16, "newly_qualified": True}, "met"),
        ({"caseload": 16, "newly_qualified": False}, "not met"),
        ({"caseload": 25, "agency": True}, "met"),
        ({"caseload": 25, "fte": None}, "working hours not recorded"),
        ({"caseload": None}, "caseload not recorded"),
        ({"caseload": 0}, "holds no cases"),
        ({"caseload": 25, "case_holding": False}, "not case-holding"),
        ({"caseload": 25, "role": "Team Manager"}, "not a social worker"),
    ],
)
def test_the_ceiling_is_20_cases_15_when_newly_qualified_and_for_the_hours_worked(said: dict[str, Any], expected: str) -> None:
    assert outcome("high_caseloads", tables(worker=[worker(**said)]), MAY) == {"W": expected}


def test_the_ceiling_is_the_one_of_its_day() -> None:
    def ceiling(since: str, cases: int, duty: str = "caseload_ceiling") -> Clock:
        return Clock(duty, pd.Timestamp(since), cases, "cases", "a test")  # type: ignore[arg-type]

    new = ceiling("2000-01-01", 15, "caseload_ceiling_newly_qualified")
    april, may = worker(observed_on="2024-04-30", caseload=17), worker(caseload=17)
    of = tables(worker=[april, may], standards=[ceiling("2000-01-01", 20), ceiling("2024-05-31", 16), new])
    assert cases("high_caseloads", of, "2024-04", MAY)["met"].tolist() == [False, True]


# vacancies, agency_workers, turnover -------------------------------------------------------------------------------------------


def ratio(key: str, of: Tables) -> float:
    found = cases(key, of, MAY)
    return 100 * float(found["value"].sum() / found["weight"].sum())


def test_vacant_posts_are_over_all_posts_and_what_cannot_be_is_left_out() -> None:
    of = tables(establishment="""
        team_id    observed_on posts_fte vacant_fte
        T1         2024-05-31  10        2.5
        T2         2024-05-31  10        0
        all_vacant 2024-05-31  5         5
        too_many   2024-05-31  5         5.5
        no_posts   2024-05-31  -         1
        unsaid     2024-05-31  5         -
        T1         2024-03-31  10        10
    """)  # fmt: skip
    found = cases("vacancies", of, MAY).set_index("case_id")
    assert ratio("vacancies", of) == pytest.approx(100 * 7.5 / 25)
    assert found["left_out"].dropna().to_dict() == {
        "too_many": "more posts vacant than there are", "no_posts": "posts not recorded", "unsaid": "vacant posts not recorded",
    }  # fmt: skip


def test_agency_workers_are_over_all_in_post_agency_included_by_hours() -> None:
    of = tables(worker=[
        worker(worker_id="own", fte=0.6), worker(worker_id="hired", agency=True, fte=0.2), worker(worker_id="unsaid", agency=None),
        worker(worker_id="gone", agency=True, ended_on="2024-05-31"), worker(worker_id="to_come", agency=True, started_on="2024-06-01"),
        worker(worker_id="here", agency=True, fte=0.2, started_on="2024-05-31"),
    ])  # fmt: skip
    assert ratio("agency_workers", of) == pytest.approx(40.0)
    assert cases("agency_workers", of, MAY)["left_out"].dropna().tolist() == ["whether an agency worker is not recorded"]


def team(**said: Any) -> dict[str, Any]:
    return worker(**{"team_id": "T1", **said})


def turned_over(*workers: dict[str, Any]) -> tuple[float, list[str]]:
    found = cases("turnover", tables(worker=list(workers)), MAY)
    return 100 * float(found["value"].sum() / found["weight"].sum()), found["left_out"].dropna().tolist()


def test_leavers_of_twelve_months_are_over_those_in_post_at_the_end() -> None:
    stays = [team(worker_id=f"S{n}") for n in range(4)]
    assert turned_over(*stays, team(worker_id="L", ended_on="2024-05-31")) == (25.0, [])
    assert turned_over(*stays, team(worker_id="L", observed_on="2023-06-30", ended_on="2023-06-01")) == (25.0, [])
    assert turned_over(*stays, team(worker_id="L", observed_on="2023-06-30", ended_on="2023-05-31")) == (0.0, []), "a year ago to the day"
    assert turned_over(*stays, team(worker_id="L", ended_on="2024-06-01")) == (0.0, []), "still here at the end of May"


def test_turnover_counts_hours_not_heads_and_can_pass_100() -> None:
    gone = [team(worker_id=f"L{n}", fte=0.5, observed_on="2024-01-31", ended_on="2024-01-20") for n in range(3)]
    assert turned_over(team(worker_id="S"), *gone) == (150.0, [])


def test_agency_workers_are_apart_and_one_who_came_back_is_no_leaver() -> None:
    hired = team(worker_id="H", agency=True, observed_on="2024-01-31", ended_on="2024-01-20")
    left = team(worker_id="B", observed_on="2024-01-31", ended_on="2024-01-20")
    assert turned_over(team(worker_id="S"), hired, left, team(worker_id="B", started_on="2024-03-01")) == (0.0, ["agency worker"])


def test_one_no_longer_listed_is_left_out_and_the_leaver_of_an_empty_team_counts_in_the_whole() -> None:
    vanished = team(worker_id="V", observed_on="2024-01-31")
    alone = team(worker_id="A", team_id="T9", observed_on="2024-01-31", ended_on="2024-01-20")
    found = cases("turnover", tables(worker=[team(worker_id="S"), vanished, alone]), MAY).set_index("case_id")
    assert found["left_out"].dropna().to_dict() == {"worker V": "no longer listed, with no leaving date"}
    assert found.loc["team T9", ["value", "weight"]].tolist() == [1.0, 0.0]
    assert float(found["value"].sum() / found["weight"].sum()) == 1.0


# essentials_training -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("- 2024-05-31", "met"),
        ("- 2024-06-01", "not met"),
        ("- -", "not met"),
        ("2024-05-31 -", "not met"),
        ("2024-06-01 -", "not required, or not yet"),
    ],
)
def test_training_is_completed_by_the_day_and_required_from_its_own(row: str, expected: str) -> None:
    of = tables(worker=[worker(), worker(worker_id="V")], training=f"worker_id course required_from_on completed_on\nW essentials {row}")
    assert outcome("essentials_training", of, MAY) == {"W": expected, "V": "not known whether required"}


def test_without_the_course_in_a_training_extract_the_workers_own_columns_say() -> None:
    of = tables(
        worker=[
            worker(worker_id="done", essentials_required=True, essentials_completed_on="2024-05-31"),
            worker(worker_id="not_done", essentials_required=True),
            worker(worker_id="not_required", essentials_required=False),
            worker(worker_id="unsaid"),
        ],
        training="worker_id course\nnot_done Another_course",
    )
    assert outcome("essentials_training", of, MAY) == {
        "done": "met", "not_done": "not met", "not_required": "not required, or not yet", "unsaid": "not known whether required",
    }  # fmt: skip


def test_any_course_can_be_asked_for_by_its_name() -> None:
    of = tables(worker=[worker(essentials_required=True)], training="worker_id course completed_on\nW Motivational_interviewing 2024-05-01")
    assert course_completed(of, periods(MAY), course="motivational INTERVIEWING")["met"].tolist() == [True]
    assert course_completed(of, periods(MAY), course="Never given")["left_out"].tolist() == ["not known whether required"]
