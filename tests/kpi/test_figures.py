"""Figures: read off the cases, for the whole and for every service, team and worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from data.tables import Tables
from kpi import REGISTER, Kpi
from kpi.cohorts import open_at
from kpi.figures import cases_of, covered_periods, figures_from, figures_of
from kpi.model import Measure, kpi
from kpi.shapes import as_cases
from kpi.targets import value_of
from tests.kpi.building import periods, tables

AUDITS = REGISTER["audits_inadequate"]
DONE = """
    audit_id happened_on grade_kind team_id worker_id
    A        2024-05-02  inadequate T1      W1
    B        2024-05-03  good       T1      W2
    C        2024-05-06  -          T1      W2
    D        2024-05-07  good       T2      W3
    E        2024-05-08  -          T3      W4
    F        2024-05-09  good       -       -
"""
TEAMS = "team_id service_id started_on ended_on\nT1 S1 - -\nT2 S1 2020-01-01 2024-04-30\nT2 S2 2024-05-01 -"


def audits(**more: str) -> Tables:
    return tables(**{"audit": DONE, "team": TEAMS, **more})


def figures(of: Tables, level: str) -> dict[str, tuple[float, float, dict[str, int]]]:
    found = figures_of(AUDITS, of, periods("2024-05"))
    ours = found[found["level"] == level]
    return {row.unit_id: (row.numerator, row.denominator, row.left_out) for row in ours.itertuples()}


def test_what_was_left_out_is_counted_by_its_reason_and_not_in_the_denominator() -> None:
    assert figures(audits(), "authority") == {"": (1.0, 4.0, {"no final grade": 2})}


def test_a_team_with_nothing_but_cases_left_out_is_still_shown() -> None:
    assert figures(audits(), "team") == {
        "T1": (1.0, 2.0, {"no final grade": 1}),
        "T2": (0.0, 1.0, {}),
        "T3": (0.0, 0.0, {"no final grade": 1}),
        "unallocated": (0.0, 1.0, {}),
    }


def test_a_team_is_in_the_service_of_its_day_and_a_team_on_no_list_in_none() -> None:
    assert figures(audits(), "service") == {
        "S1": (1.0, 2.0, {"no final grade": 1}),
        "S2": (0.0, 1.0, {}),
        "unallocated": (0.0, 1.0, {"no final grade": 1}),
    }
    april = cases_of(AUDITS, audits(audit="audit_id happened_on grade_kind team_id\nA 2024-04-30 good T2"), periods("2024-04"))
    assert april["service_id"].tolist() == ["S1"]


def test_a_team_listed_with_no_service_is_in_none_and_still_adds_up() -> None:
    of = audits(team="team_id service_id\nT1 -\nT2 S1\nT3 S1")
    parts = figures(of, "service")
    assert sum(denominator for _, denominator, _ in parts.values()) == 4.0


def test_workers_add_up() -> None:
    assert figures(audits(), "worker") == {
        "W1": (1.0, 1.0, {}),
        "W2": (0.0, 1.0, {"no final grade": 1}),
        "W3": (0.0, 1.0, {}),
        "W4": (0.0, 0.0, {"no final grade": 1}),
        "unallocated": (0.0, 1.0, {}),
    }


def test_cases_shown_apart_are_counted_by_their_reason() -> None:
    of = tables(cp_plan="child_id started_on team_id\nA 2024-05-20 T1\nB 2024-05-21 T1\nC 2024-01-08 T1")
    found = figures_of(REGISTER["cp_visits_in_time"], of, periods("2024-05"), levels=("authority",)).iloc[0]
    assert (found["numerator"], found["denominator"]) == (2.0, 3.0)
    assert found["apart"] == {"not seen yet, not yet due": 2}


def test_a_month_every_source_speaks_for_has_a_figure_even_with_no_cases() -> None:
    of = tables(covered={"cp_plan": ["2024-03", "2024-04", "2024-05"], "visit:cp": ["2024-04", "2024-05", "2024-06"]})
    found = figures_of(REGISTER["cp_visits_in_time"], of)
    assert found["period"].tolist() == list(periods("2024-04", "2024-05"))
    assert found[["numerator", "denominator"]].eq(0.0).all(axis=None)


def test_a_month_one_source_is_silent_on_has_no_data() -> None:
    of = tables(cp_plan="child_id started_on\nA 2024-01-08", covered={"cp_plan": ["2024-05"]})
    assert covered_periods(REGISTER["cp_visits_in_time"], of).empty
    assert figures_of(REGISTER["cp_visits_in_time"], of).empty


def test_the_first_two_months_of_supervision_are_marked_history_short() -> None:
    months = ["2024-01", "2024-02", "2024-03", "2024-04"]
    of = tables(covered={"worker": months, "supervision": months})
    notes = figures_of(REGISTER["supervised_3_in_3_months"], of, levels=("authority",))["note"]
    assert notes.tolist() == ["history short", "history short", "", ""]


def test_one_teams_figures_read_off_its_cases_are_those_of_the_whole_table() -> None:
    month = periods("2024-05")
    cases = cases_of(AUDITS, audits(), month)
    ours = figures_from(AUDITS, cases[cases["team_id"] == "T1"], "team", month[0])
    assert ours[["unit_id", "numerator", "denominator"]].to_numpy().tolist() == [["T1", 1.0, 2.0]]


def test_a_mean_adds_up_cases_over_hours() -> None:
    of = tables(
        worker="""
        worker_id observed_on team_id role          fte caseload
        A         2024-05-31  T1      Social_Worker 1   20
        B         2024-05-31  T1      Social_Worker 0.5 7
        C         2024-05-31  T2      Social_Worker 1   0
    """
    )
    found = figures_of(REGISTER["caseload"], of, periods("2024-05"), levels=("authority", "team"))
    assert found[["unit_id", "numerator", "denominator"]].to_numpy().tolist() == [["", 27.0, 1.5], ["T1", 27.0, 1.5], ["T2", 0.0, 0.0]]
    assert found["left_out"].tolist() == [{"holds no cases": 1}, {}, {"holds no cases": 1}]


def test_a_period_may_be_any_day() -> None:
    of = tables(cp_plan="child_id started_on\nA 2024-05-10")
    days = pd.DatetimeIndex(["2024-05-09", "2024-05-10", "2024-05-25"]).as_unit("s")
    found = figures_of(REGISTER["cp_visits_in_time"], of, days, levels=("authority",))
    assert found[["numerator", "denominator"]].to_numpy().tolist() == [[0.0, 0.0], [1.0, 1.0], [0.0, 1.0]]


# The measures that are not percentages -----------------------------------------------------------------------------------------

REVIEWS = "child_id started_on team_id\nA 2024-01-08 T1\nB 2024-02-08 T1\nC 2024-03-08 T2\nD 2024-05-08 T2"


@pytest.fixture
def days_open(monkeypatch: pytest.MonkeyPatch) -> Callable[[Measure], Kpi]:
    """A measure that only these tests have: how many days each plan has been open."""

    def days_open(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
        plans = open_at(tables.cp_plan, periods)
        lasted = (plans["period"] - plans["started_on"]).dt.days.astype("float64")
        return as_cases(plans.assign(case_id=plans["child_id"], value=lasted, weight=1.0, reason="open"))

    def declared(kind: Measure) -> Kpi:
        measure = replace(REGISTER["cp_plans_over_2_years"], key="days_open", measure=kind, cases_of=days_open)
        monkeypatch.setitem(REGISTER, "days_open", measure)
        return measure

    return declared


def test_days_are_the_mean_number_of_days(days_open: Callable[[Measure], Kpi]) -> None:
    found = figures_of(days_open("days"), tables(cp_plan=REVIEWS), periods("2024-05"), levels=("authority", "team"))
    assert found[["unit_id", "numerator", "denominator"]].to_numpy().tolist() == [["", 364, 4], ["T1", 257, 2], ["T2", 107, 2]]
    assert value_of(found).tolist() == [91, 128.5, 53.5], "144, 113, 84 and 23 days to 31 May 2024"


def test_a_median_is_the_middle_case_and_those_of_teams_do_not_add_up(days_open: Callable[[Measure], Kpi]) -> None:
    found = figures_of(days_open("median"), tables(cp_plan=REVIEWS), periods("2024-05"), levels=("authority", "team"))
    assert value_of(found).tolist() == [98.5, 128.5, 53.5], "half way between 113 and 84"
    assert found["denominator"].tolist() == [4, 2, 2]
    assert found["numerator"].tolist() == [394, 257, 107]


def test_a_month_in_which_nothing_happened_counts_nought_for_the_whole_and_for_every_team_then_there() -> None:
    of = tables(section47="child_id happened_on team_id\nA 2024-05-02 T1", team=TEAMS + "\nT9 S2 2024-05-01 -")
    found = figures_of(REGISTER["section47_started"], of, periods("2024-04", "2024-05"), levels=("authority", "service", "team"))
    rows = {(f"{row.period:%m}", row.level, row.unit_id): (row.numerator, row.denominator) for row in found.itertuples()}
    assert rows == {
        ("04", "authority", ""): (0, 1), ("05", "authority", ""): (1, 1),
        ("04", "service", "S1"): (0, 1), ("05", "service", "S1"): (1, 1), ("05", "service", "S2"): (0, 1),
        ("04", "team", "T1"): (0, 1), ("04", "team", "T2"): (0, 1),
        ("05", "team", "T1"): (1, 1), ("05", "team", "T2"): (0, 1), ("05", "team", "T9"): (0, 1),
    }  # fmt: skip


def test_a_rate_with_no_population_has_no_data() -> None:
    plans = tables(cp_plan="child_id started_on\nA 2024-01-08", covered={"cp_plan": ["2024-05"]})
    assert covered_periods(REGISTER["cp_plans_open"], plans).empty
    with_people = plans.with_frames(population=tables(population="group_id observed_on people\n0-17 2024-06-30 40000").population)
    assert list(covered_periods(REGISTER["cp_plans_open"], with_people)) == list(periods("2024-05"))
    found = figures_of(REGISTER["cp_plans_open"], with_people)
    assert found[["level", "numerator", "denominator"]].to_numpy().tolist() == [["authority", 1, 40000]], "the first count stands before it"


def test_a_rate_has_no_figures_of_teams_read_off_its_cases() -> None:
    month = periods("2024-05")
    cases = cases_of(REGISTER["cp_plans_open"], tables(cp_plan=REVIEWS), month)
    assert figures_from(REGISTER["cp_plans_open"], cases, "team", month[0]).empty


def test_a_rate_that_does_not_ask_for_the_population_is_refused() -> None:
    with pytest.raises(ValueError, match="a rate needs 'population'"):
        kpi(
            domain="protection", title="T", noun="n", did="d", method="m", needs=("cp_plan",), sources="s", basis="stock", better=None,
            measure="rate",
        )(_undeclared)  # fmt: skip


def _undeclared(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """A definition that is never registered."""
    return as_cases(tables.cp_plan.assign(period=periods[0]))
