"""Authority, service, team and worker over time: work is counted with the unit that held it then, and every part adds up to the whole."""

from __future__ import annotations

import pandas as pd
import pytest

from data.tables import Tables
from kpi import REGISTER
from kpi.figures import all_figures, cases_of, figures_of, services_at
from tests.kpi.building import periods, tables

VISITS = REGISTER["cp_visits_in_time"]
MONTHS = ["2024-03", "2024-04", "2024-05", "2024-06"]
COVERED = dict.fromkeys(("cp_plan", "visit:cp", "worker", "supervision", "audit"), MONTHS)
PLANS = "child_id started_on ended_on team_id worker_id\n{rows}"


def held(*rows: str, **more: str) -> Tables:
    """Children on protection plans, who held each at each month end as an extract of that day says, and other tables."""
    said = [f"{row.split()[0]} cp {' '.join(row.split()[1:])}" for row in rows]
    children = dict.fromkeys(row.split()[0] for row in rows)
    plans = "\n".join(f"{child} 2024-01-08 - - -" for child in children)
    allocation = "child_id cohort_kind observed_on team_id worker_id\n" + "\n".join(said)
    return tables(covered=COVERED, cp_plan=PLANS.format(rows=plans), allocation=allocation, **more)


def figures(of: Tables, level: str, key: str = "cp_visits_in_time") -> dict[str, dict[str, float]]:
    """Month -> unit -> how many it is counted with."""
    found = figures_of(REGISTER[key], of, periods(*MONTHS))
    ours = found[(found["level"] == level) & (found["denominator"] > 0)]
    out: dict[str, dict[str, float]] = {month: {} for month in MONTHS}
    for row in ours.itertuples():
        out[f"{row.period:%Y-%m}"][str(row.unit_id)] = float(row.denominator)
    return out


# Teams and services ------------------------------------------------------------------------------------------------------------


def test_a_team_that_moves_between_services_takes_its_work_with_it_from_that_day_and_leaves_its_past() -> None:
    team = "team_id service_id started_on ended_on\nHarbour North - 2024-04-30\nHarbour South 2024-05-01 -\nMill North - -"
    of = held(*(f"A 2024-{month}-28 Harbour W1" for month in ("03", "04", "05", "06")), "B 2024-03-28 Mill W2", team=team)
    assert figures(of, "service") == {
        "2024-03": {"North": 2.0}, "2024-04": {"North": 2.0},
        "2024-05": {"North": 1.0, "South": 1.0}, "2024-06": {"North": 1.0, "South": 1.0},
    }  # fmt: skip
    assert all(units == {"Harbour": 1.0, "Mill": 1.0} for units in figures(of, "team").values()), "the team is the same team throughout"
    assert services_at(of.team, pd.Timestamp("2024-04-30")) == {"Harbour": "North", "Mill": "North"}
    assert services_at(of.team, pd.Timestamp("2024-05-01")) == {"Harbour": "South", "Mill": "North"}


def test_a_team_that_is_renamed_keeps_its_months_under_the_name_it_had() -> None:
    team = "team_id service_id started_on ended_on\nHarbour North - 2024-04-30\nHarbour_East North 2024-05-01 -"
    rows = ("A 2024-03-28 Harbour W1", "A 2024-04-28 Harbour W1", "A 2024-05-28 Harbour_East W1", "A 2024-06-28 Harbour_East W1")
    of = held(*rows, team=team)
    assert figures(of, "team") == {
        "2024-03": {"Harbour": 1.0}, "2024-04": {"Harbour": 1.0}, "2024-05": {"Harbour_East": 1.0}, "2024-06": {"Harbour_East": 1.0},
    }  # fmt: skip
    assert all(units == {"North": 1.0} for units in figures(of, "service").values()), "its service does not notice"


def test_a_closed_team_keeps_its_past_and_work_still_with_it_is_shown_in_no_service() -> None:
    team = "team_id service_id started_on ended_on\nHarbour North - 2024-04-30"
    of = held("A 2024-03-28 Harbour W1", "A 2024-06-28 Harbour W1", team=team)
    assert figures(of, "service") == {
        "2024-03": {"North": 1.0}, "2024-04": {"North": 1.0}, "2024-05": {"unallocated": 1.0}, "2024-06": {"unallocated": 1.0},
    }  # fmt: skip
    assert all(units == {"Harbour": 1.0} for units in figures(of, "team").values()), "the team itself is still named"
    assert services_at(of.team, pd.Timestamp("2024-05-31")) == {}


def test_a_list_of_teams_loaded_later_does_not_move_the_past() -> None:
    before = "team_id service_id started_on ended_on\nHarbour North - -"
    rows = tuple(f"A 2024-{month}-28 Harbour W1" for month in ("03", "04", "05", "06"))
    after = before + "\nHarbour South 2024-06-01 -"
    then, now = figures(held(*rows, team=before), "service"), figures(held(*rows, team=after), "service")
    assert {month: now[month] for month in MONTHS[:3]} == {month: then[month] for month in MONTHS[:3]}
    assert now["2024-06"] == {"South": 1.0}


# Workers -----------------------------------------------------------------------------------------------------------------------


def test_a_worker_who_moves_team_in_mid_year_is_counted_with_each_team_for_its_own_months() -> None:
    of = held(*(f"A 2024-{month} W1" for month in ("03-28 Harbour", "04-28 Harbour", "05-28 Mill", "06-28 Mill")))
    assert figures(of, "team") == {
        "2024-03": {"Harbour": 1.0}, "2024-04": {"Harbour": 1.0}, "2024-05": {"Mill": 1.0}, "2024-06": {"Mill": 1.0},
    }  # fmt: skip
    assert all(units == {"W1": 1.0} for units in figures(of, "worker").values())
    worker = """
    worker_id observed_on role          team_id caseload fte started_on
    W1        2024-04-30  Social_Worker Harbour 12       1   2020-01-06
    W1        2024-05-31  Social_Worker Mill    12       1   2020-01-06
    """
    moved = tables(covered=COVERED, worker=worker, supervision="worker_id happened_on\nW1 2024-04-02")
    assert figures(moved, "team", "caseload") == {"2024-03": {}, "2024-04": {"Harbour": 1.0}, "2024-05": {"Mill": 1.0}, "2024-06": {}}


def test_an_event_is_counted_with_whoever_held_it_on_its_own_day() -> None:
    audit = "audit_id happened_on grade_kind team_id worker_id\nX 2024-03-05 good Harbour W1\nY 2024-06-05 good Mill W1"
    of = tables(covered=COVERED, audit=audit)
    assert figures(of, "team", "audits_inadequate")["2024-03"] == {"Harbour": 1.0}
    assert figures(of, "team", "audits_inadequate")["2024-06"]["Mill"] == 1.0


def test_a_leavers_months_stay_theirs() -> None:
    rows = ("A 2024-03-28 Harbour W1", "A 2024-04-28 Harbour W1", "A 2024-05-28 Harbour W2", "A 2024-06-28 Harbour W2")
    worker = """
    worker_id observed_on role          team_id caseload fte started_on ended_on
    W1        2024-04-30  Social_Worker Harbour 12       1   2020-01-06 -
    W1        2024-05-31  Social_Worker Harbour 0        1   2020-01-06 2024-05-10
    W2        2024-05-31  Social_Worker Harbour 12       1   2024-05-01 -
    """
    of = held(*rows, worker=worker)
    assert figures(of, "worker") == {"2024-03": {"W1": 1.0}, "2024-04": {"W1": 1.0}, "2024-05": {"W2": 1.0}, "2024-06": {"W2": 1.0}}
    assert figures(of, "worker", "caseload")["2024-04"] == {"W1": 1.0}
    assert figures(of, "worker", "caseload")["2024-05"] == {"W2": 1.0}


# Unallocated, and adding up ----------------------------------------------------------------------------------------------------


def test_work_nobody_holds_is_a_unit_of_its_own_at_every_level() -> None:
    of = held("A 2024-03-28 Harbour W1", "B 2024-03-28 - -", team="team_id service_id\nHarbour North")
    for level, named in (("service", "North"), ("team", "Harbour"), ("worker", "W1")):
        assert figures(of, level)["2024-03"] == {named: 1.0, "unallocated": 1.0}, level


def test_work_of_a_team_on_no_list_is_with_the_team_and_in_no_service() -> None:
    of = held("A 2024-03-28 Harbour W1", "B 2024-03-28 Nowhere W2", team="team_id service_id\nHarbour North")
    assert figures(of, "service")["2024-03"] == {"North": 1.0, "unallocated": 1.0}
    assert figures(of, "team")["2024-03"] == {"Harbour": 1.0, "Nowhere": 1.0}


@pytest.mark.parametrize("level", ["service", "team", "worker"])
def test_units_that_move_close_and_are_renamed_still_add_up_to_the_whole(level: str) -> None:
    team = "\n".join(
        (
            "team_id service_id started_on ended_on", "Harbour North - 2024-04-30", "Harbour South 2024-05-01 -", "Mill North - 2024-03-31",
            "Mill_East South 2024-04-01 -", "Quarry North - 2024-05-15", "Weir - - -",
        )
    )  # fmt: skip
    rows = [
        f"{child} 2024-{month}-28 {unit} {worker}"
        for child, unit, worker in (
            ("A", "Harbour", "W1"), ("B", "Mill", "W1"), ("C", "Mill_East", "W2"), ("D", "Quarry", "-"), ("E", "Weir", "W3"),
            ("F", "-", "-"),
        )
        for month in ("03", "05")
    ]  # fmt: skip
    found = all_figures(held(*rows, team=team), ["cp_visits_in_time"])
    sums = found.groupby(["level", "period"])[["numerator", "denominator"]].sum()
    pd.testing.assert_frame_equal(sums.loc[level], sums.loc["authority"])
    assert (sums.loc["authority", "denominator"] == 6).all()


def test_every_case_of_a_service_is_of_a_team_that_was_in_it_then() -> None:
    team = "team_id service_id started_on ended_on\nHarbour North - 2024-04-30\nHarbour South 2024-05-01 -\nMill North - -"
    of = held(*(f"A 2024-{month}-28 Harbour W1" for month in ("03", "06")), "B 2024-03-28 Mill W2", team=team)
    cases = cases_of(VISITS, of, periods(*MONTHS))
    for month, ours in cases.groupby("period"):
        then = services_at(of.team, pd.Timestamp(str(month)))
        assert ours["service_id"].tolist() == [then[unit] for unit in ours["team_id"]]
