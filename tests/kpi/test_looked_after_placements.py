"""Children in care: where they live, how often they move and how many workers they have had."""

from __future__ import annotations

import pytest

from data.tables import Tables
from kpi.figures import figures_of
from kpi.model import REGISTER
from kpi.targets import value_of
from tests.kpi.building import cases, outcome, tables

COLUMNS = "child_id started_on ended_on placement_kind provider_kind change_kind urn"


def placed(*rows: str, care: str = "2020-01-06 - C2", born: str = "2015-06-15") -> Tables:
    """`rows`: start, end, kind, provider, reason it ended, address; one placement each of child A."""
    return tables(
        cla_episode=f"child_id started_on ended_on legal_status_kind\nA {care}", child=f"child_id born_on\nA {born}",
        placement="\n".join([COLUMNS, *(f"A {row}" for row in rows)]),
    )  # fmt: skip


# A rate ------------------------------------------------------------------------------------------------------------------------


def test_children_in_care_are_shown_for_every_10_000_people_and_short_breaks_are_not_counted() -> None:
    of = tables(
        cla_episode="child_id started_on ended_on legal_status_kind\nA 2024-05-31 - C2\nB 2024-01-01 2024-05-31 C2\nC 2024-01-01 - V4",
        population="group_id observed_on people\n0-17 2023-06-30 20000", covered={"cla_episode": ["2024-05"]},
    )  # fmt: skip
    figures = figures_of(REGISTER["cla_open"], of)
    assert figures["numerator"].tolist() == [1.0], "C has short breaks, B left that day"
    assert value_of(figures).tolist() == [0.5]


# Three or more placements ------------------------------------------------------------------------------------------------------


def many(of: Tables, day: str = "2024-03-31") -> str:
    return outcome("cla_three_placements", of, day)["A"]


def test_two_placements_in_the_year_are_not_three() -> None:
    assert many(placed("2023-01-01 2023-08-01 U6 - - -", "2023-08-01 - U4 - - -")) == "not met"


def test_the_placement_of_the_first_day_counts_and_one_that_ended_on_it_does_not() -> None:
    others = ("2023-06-01 2023-08-01 U6 - - -", "2023-08-01 - U4 - - -")
    assert many(placed("2023-01-01 2023-04-02 U6 - - -", *others)) == "met"
    assert many(placed("2023-01-01 2023-04-01 U6 - - -", *others)) == "not met"


def test_a_placement_begun_on_the_day_counts_and_one_begun_the_next_day_does_not() -> None:
    others = ("2023-06-01 2023-08-01 U6 - - -", "2023-08-01 2024-03-31 U4 - - -")
    assert many(placed(*others, "2024-03-31 - K2 - - -")) == "met"
    assert many(placed(*others, "2024-04-01 - K2 - - -")) == "not met"


def test_a_placement_that_ended_the_day_it_began_is_not_one() -> None:
    assert many(placed("2023-06-01 2023-08-01 U6 - - -", "2023-08-01 2023-08-01 K2 - - -", "2023-08-02 - U4 - - -")) == "not met"
    assert many(placed("2023-06-01 2023-08-01 U6 - - -", "2023-08-01 2023-08-02 K2 - - -", "2023-08-02 - U4 - - -")) == "met"


@pytest.mark.parametrize(("reason", "verdict"), [("PLACE", "not met"), ("CARPL", "met")])
def test_a_change_of_status_only_continues_a_placement(reason: str, verdict: str) -> None:
    of = placed("2023-05-01 2023-06-01 U6 - CARPL -", f"2023-06-01 2023-08-01 U6 - {reason} -", "2023-08-01 - U4 - - -")
    assert many(of) == verdict


@pytest.mark.parametrize(("kind", "verdict"), [("A3", "not met"), ("A5", "not met"), ("A4", "met"), ("A6", "met")])
def test_adoption_by_the_carers_is_not_a_move(kind: str, verdict: str) -> None:
    of = placed("2023-05-01 2023-06-01 U6 - CARPL -", "2023-06-01 2023-08-01 U5 - CARPL -", f"2023-08-01 - {kind} - - -")
    assert many(of) == verdict


def test_a_stay_in_hospital_and_the_way_back_are_no_placements() -> None:
    stay = ("2023-05-01 2023-06-01 K2 - CARPL -", "2023-06-01 2023-08-01 U4 PR1 - SC1", "2023-08-01 2023-08-09 T1 - - -")
    assert many(placed(*stay, "2023-08-09 - U4 PR1 - SC1")) == "not met"
    assert many(placed(*stay, "2023-08-09 - U4 PR1 - SC2")) == "met", "to another address: a move"


def test_a_child_with_no_placement_recorded_is_left_out() -> None:
    assert many(placed()) == "placement not recorded"


# Long-term stability -----------------------------------------------------------------------------------------------------------


def stable(of: Tables, day: str) -> dict[str, str]:
    return outcome("cla_long_term_stability", of, day)


def test_two_years_in_one_placement_are_counted_to_the_day() -> None:
    of = placed("2022-04-01 - U4 - - -")
    assert stable(of, "2024-03-31") == {"A": "not met"}
    assert stable(of, "2024-04-01") == {"A": "met"}


def test_children_are_asked_after_from_two_and_a_half_years_in_care_until_they_are_16() -> None:
    of = placed("2020-01-06 - U4 - - -", born="2008-06-15")
    assert not stable(of, "2022-07-05")
    assert stable(of, "2022-07-06") == {"A": "met"}
    assert stable(of, "2024-06-14") == {"A": "met"}
    assert not stable(of, "2024-06-15")


def test_an_adoptive_placement_and_the_one_before_it_count_together() -> None:
    assert stable(placed("2022-04-01 2023-09-01 U4 - - -", "2023-09-01 - A6 - - -"), "2024-04-01") == {"A": "met"}
    assert stable(placed("2022-04-01 2023-09-01 U4 - - -", "2023-09-01 - U1 - - -"), "2024-04-01") == {"A": "not met"}


def test_unknown_birthdays_and_placements_are_left_out_of_stability() -> None:
    assert stable(placed("2022-04-01 - U4 - - -", born="-"), "2024-04-01") == {"A": "date of birth not recorded"}
    assert stable(placed(), "2024-04-01") == {"A": "placement not recorded"}


# Distance and provider ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("miles", "out", "verdict"),
    [
        ("20.0", "yes", "not met"), ("20.1", "yes", "met"), ("20.1", "no", "not met"), ("20.1", "-", "distance or area not recorded"),
        ("-", "yes", "distance or area not recorded"), ("-", "no", "distance or area not recorded"),
    ],
)  # fmt: skip
def test_far_is_more_than_20_miles_and_out_of_the_area(miles: str, out: str, verdict: str) -> None:
    far = tables(placement=f"child_id started_on distance_miles out_of_area\nA 2022-04-01 {miles} {out}").placement
    of = placed().with_frames(placement=far)
    assert outcome("cla_over_20_miles", of, "2024-05") == {"A": verdict}


@pytest.mark.parametrize(
    ("kind", "provider", "verdict"),
    [("U1", "PR1", "met"), ("U6", "PR4", "not met"), ("U4", "-", "provider not recorded"), ("K2", "PR1", None), ("P1", "PR0", None)],
)
def test_in_house_fostering_is_of_foster_placements_only(kind: str, provider: str, verdict: str | None) -> None:
    of = placed(f"2022-04-01 - {kind} {provider} - -")
    assert outcome("in_house_foster", of, "2024-05") == ({"A": verdict} if verdict else {})


@pytest.mark.parametrize(
    ("kind", "provider", "verdict"), [("K2", "PR1", "met"), ("P1", "PR0", "not met"), ("K2", "-", "provider not recorded")]
)
def test_own_provision_is_of_every_placement(kind: str, provider: str, verdict: str) -> None:
    assert outcome("own_provision", placed(f"2022-04-01 - {kind} {provider} - -"), "2024-05") == {"A": verdict}
    assert outcome("own_provision", placed(f"2022-04-01 2024-05-31 {kind} {provider} - -"), "2024-05") == {"A": "placement not recorded"}


@pytest.mark.parametrize("kind", ["H5", "P2", "Z1", "Z11", "Z14"])
def test_unregulated_placements_are_counted_and_children_under_16_shown_apart(kind: str) -> None:
    of = placed(f"2022-04-01 - {kind} - - -", born="2008-06-01")
    on_31_may, on_1_june = (cases("unregulated_placements", of, day).iloc[0] for day in ("2024-05-31", "2024-06-01"))
    assert (on_31_may["value"], on_31_may["apart"]) == (1.0, "under 16")
    assert on_1_june["value"] == 1.0
    assert on_1_june[["apart"]].isna().all()


@pytest.mark.parametrize("kind", ["K1", "K2", "K3", "U4", "P1", "S1", "R5"])
def test_regulated_placements_and_registered_supported_accommodation_are_not_among_them(kind: str) -> None:
    assert cases("unregulated_placements", placed(f"2022-04-01 - {kind} - - -"), "2024-05").empty


# Social workers ----------------------------------------------------------------------------------------------------------------


def workers(*rows: str) -> Tables:
    """`rows`: worker, start, end, role."""
    involvement = "\n".join(["child_id worker_id started_on ended_on role", *(f"A {row}" for row in rows)])
    return tables(cla_episode="child_id started_on\nA 2023-06-01", involvement=involvement)


def three(of: Tables, day: str = "2024-03-31") -> str:
    return outcome("three_social_workers", of, day)["A"]


def test_a_worker_who_comes_back_is_one_worker() -> None:
    back = ("W1 2023-05-01 2023-08-01 -", "W2 2023-08-01 2023-12-01 -", "W1 2023-12-01 - -")
    assert three(workers(*back)) == "not met"
    assert three(workers(*back[:2], "W3 2023-12-01 - -")) == "met"


def test_workers_of_the_year_count_from_its_first_day_those_before_care_included() -> None:
    later = ("W2 2023-08-01 2023-12-01 -", "W3 2023-12-01 - -")
    assert three(workers("W1 2022-01-01 2023-04-02 -", *later)) == "met"
    assert three(workers("W1 2022-01-01 2023-04-01 -", *later)) == "not met"


def test_a_worker_who_begins_on_the_day_counts_and_one_who_begins_the_next_does_not() -> None:
    earlier = ("W1 2023-05-01 2023-08-01 -", "W2 2023-08-01 - -")
    assert three(workers(*earlier, "W3 2024-03-31 - -")) == "met"
    assert three(workers(*earlier, "W3 2024-04-01 - -")) == "not met"


def test_a_worker_who_comes_back_after_more_than_a_year_is_counted_in_each_of_the_two_years() -> None:
    of = workers("W1 2021-01-01 2022-02-01 -", "W1 2023-12-01 - -", "W2 2023-06-01 2023-12-01 -", "W3 2023-05-01 2023-06-01 -")
    assert cases("three_social_workers", of, "2024-03-31")["reason"].tolist() == ["3 social workers in 12 months"]


@pytest.mark.parametrize("role", ["Duty_Social_Worker", "Team_Manager", "Independent_Reviewing_Officer", "Personal_Adviser"])
def test_other_roles_are_not_social_workers(role: str) -> None:
    of = workers("W1 2023-05-01 2023-08-01 Social_Worker", "W2 2023-08-01 - -", f"W3 2023-09-01 - {role}")
    assert three(of) == "not met"


def test_a_child_with_no_worker_recorded_in_the_year_is_left_out() -> None:
    assert three(workers("W1 2022-01-01 2023-03-01 -")) == "no social worker recorded"
