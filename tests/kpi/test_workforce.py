"""Workforce: who is counted, in what window, and what one session is."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from data.tables import Tables
from tests.kpi.building import cases, outcome, tables

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
