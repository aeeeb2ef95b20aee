"""Children in care: reviews, taking part, reviewing officers, health, going missing and a lasting home, to the day."""

from __future__ import annotations

import pytest

from data.tables import Tables
from kpi.figures import figures_of
from kpi.model import REGISTER
from tests.kpi.building import cases, outcome, periods, tables

CARE = "child_id started_on\nA 2024-01-08"


# Reviews in time ---------------------------------------------------------------------------------------------------------------


def reviewed(*days: str, started: str = "2024-01-08", cancelled: str = "no") -> Tables:
    rows = "\n".join(["child_id happened_on cancelled", *(f"A {day} {cancelled}" for day in days)])
    return tables(cla_episode=f"child_id started_on\nA {started}", cla_review=rows)


def in_review(of: Tables, day: str) -> str:
    return outcome("cla_reviews_in_time", of, day)["A"]


def test_the_first_review_is_due_within_20_working_days() -> None:
    assert in_review(reviewed(), "2024-02-05") == "first review not yet due", "8 January and 20 working days is 5 February"
    assert in_review(reviewed(), "2024-02-06") == "not met"
    assert in_review(reviewed("2024-02-05"), "2024-02-06") == "met"
    assert in_review(reviewed("2024-02-06"), "2024-02-06") == "not met"


def test_the_second_is_due_three_months_after_the_first_and_the_third_six_after_the_second() -> None:
    assert in_review(reviewed("2024-01-31"), "2024-04-30") == "met"
    assert in_review(reviewed("2024-01-31"), "2024-05-01") == "not met"
    assert in_review(reviewed("2024-01-31", "2024-04-30"), "2024-10-30") == "met"
    assert in_review(reviewed("2024-01-31", "2024-04-30"), "2024-10-31") == "not met"


def test_a_late_review_counts_against_the_child_for_12_months_that_day_included() -> None:
    of = reviewed("2024-01-31", "2024-05-01", "2024-10-31", "2025-04-30", "2025-10-30")
    assert in_review(of, "2025-05-01") == "not met"
    assert in_review(of, "2025-05-02") == "met"


def test_a_cancelled_review_is_not_one() -> None:
    assert in_review(reviewed("2024-01-31", cancelled="yes"), "2024-02-29") == "not met"
    assert in_review(reviewed("2024-01-31", cancelled="-"), "2024-02-29") == "met"


def test_a_review_of_an_earlier_time_in_care_does_not_count() -> None:
    of = tables(
        cla_episode="child_id started_on ended_on\nA 2023-01-09 2023-11-01\nA 2024-01-08 -", cla_review="child_id happened_on\nA 2023-10-30"
    )
    assert in_review(of, "2024-02-06") == "not met"


def test_where_earlier_reviews_are_not_in_the_data_the_first_known_is_not_called_late() -> None:
    of = reviewed("2024-01-15", started="2019-01-07")
    assert in_review(of, "2024-07-15") == "met", "the next is due in six months, not three"
    assert cases("cla_reviews_in_time", of, "2024-07-15")["apart"].tolist() == ["earlier reviews are not in the data"]
    assert in_review(of, "2024-07-16") == "not met"
    within_a_year = reviewed("2020-01-07", started="2019-01-07")
    assert in_review(within_a_year, "2020-01-31") == "not met", "12 months on, that day included, it is a late first review"


# Taking part -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("PN1", "met"), ("PN2", "met"), ("PN3", "met"), ("PN5", "met"), ("PN6", "met"), ("PN4", "not met"), ("PN7", "not met"),
        ("PN0", "under 4 years old"), ("-", "participation not recorded"),
    ],
)  # fmt: skip
def test_who_took_part_in_a_review_by_its_code(code: str, verdict: str) -> None:
    of = tables(cla_review=f"child_id happened_on participation_kind\nA 2024-05-31 {code}")
    assert outcome("cla_participation", of, "2024-05") == {"A": verdict}


def test_children_of_four_that_day_are_asked_after_and_reviews_of_the_month_only() -> None:
    of = tables(
        cla_review="child_id happened_on participation_kind\nA 2024-05-01 PN1\nB 2024-05-01 PN1\nC 2024-04-30 PN1",
        child="child_id born_on\nA 2020-05-01\nB 2020-05-02\nC 2012-01-01",
    )
    assert outcome("cla_participation", of, "2024-05") == {"A": "met", "B": "under 4 years old"}


def test_a_review_with_no_holder_is_in_the_hands_of_whoever_held_the_child() -> None:
    of = tables(
        cla_episode=CARE, cla_review="child_id happened_on participation_kind team_id\nA 2024-05-01 PN1 -\nA 2024-05-02 PN1 T9",
        allocation="child_id cohort_kind observed_on team_id worker_id\nA cla 2024-05-31 T1 W1",
    )  # fmt: skip
    found = cases("cla_participation", of, "2024-05")
    assert found[["team_id", "worker_id"]].to_numpy().tolist() == [["T1", "W1"], ["T9", "W1"]]


def activity(day: str, kind: str = "council", born: str = "2012-01-01") -> Tables:
    return tables(
        cla_episode=CARE, participation=f"child_id happened_on participation_kind\nA {day} {kind}", child=f"child_id born_on\nA {born}"
    )  # fmt: skip


def test_an_activity_counts_for_12_months_that_day_included() -> None:
    assert outcome("participation_activity", activity("2024-05-31"), "2025-05-31") == {"A": "met"}
    assert outcome("participation_activity", activity("2024-05-30"), "2025-05-31") == {"A": "not met"}
    assert outcome("participation_activity", activity("2024-06-01"), "2024-05-31") == {"A": "not met"}


def test_a_review_is_no_activity_and_children_under_four_are_left_out() -> None:
    assert outcome("participation_activity", activity("2024-05-01", kind="review"), "2024-05") == {"A": "not met"}
    assert outcome("participation_activity", activity("2024-05-01", born="2020-06-01"), "2024-05") == {"A": "under 4 years old"}
    assert outcome("participation_activity", activity("2024-05-01", born="-"), "2024-05") == {"A": "met"}


# Reviewing officers ------------------------------------------------------------------------------------------------------------


def test_a_contact_of_the_reviewing_officer_holds_for_six_months() -> None:
    of = tables(cla_episode=CARE, iro_contact="child_id happened_on\nA 2024-02-29")
    assert outcome("iro_contact", of, "2024-08-29") == {"A": "met"}
    assert outcome("iro_contact", of, "2024-08-30") == {"A": "not met"}


def test_no_contact_is_in_time_and_apart_for_six_months_from_coming_into_care() -> None:
    of = tables(cla_episode=CARE, iro_contact="child_id happened_on\nA 2024-01-07")
    assert outcome("iro_contact", of, "2024-07-08") == {"A": "met"}
    assert cases("iro_contact", of, "2024-07-08")["apart"].notna().all(), "the contact was before this time in care"
    assert outcome("iro_contact", of, "2024-07-09") == {"A": "not met"}


ESCALATIONS = """
    escalation_id child_id happened_on stage_kind resolved_on
    E1            A        2024-05-01  informal   -
    E2            A        2024-05-31  1          -
    E3            B        2024-06-01  2          -
    E4            B        2024-05-02  -          -
"""


def test_formal_escalations_raised_in_the_month_are_counted() -> None:
    of = tables(iro_escalation=ESCALATIONS, covered={"iro_escalation": ["2024-04", "2024-05"]})
    found = cases("iro_escalations", of, "2024-05").set_index("case_id")
    assert found["value"].dropna().to_dict() == {"E2": 1.0}
    assert found["left_out"].dropna().to_dict() == {"E4": "stage not recorded"}
    whole = figures_of(REGISTER["iro_escalations"], of, levels=("authority",))
    assert whole["numerator"].tolist() == [0.0, 1.0], "a month with none is 0, a fact"


@pytest.mark.parametrize(
    ("resolved", "verdict"),
    [("2024-05-31", "met"), ("2024-06-03", "not met"), ("-", "not met"), ("2024-04-30", "resolved before it was raised")],
)
def test_an_escalation_is_to_be_resolved_in_20_working_days_and_counts_when_they_run_out(resolved: str, verdict: str) -> None:
    """From 1 May 2024, past two bank holidays, the twentieth working day is 31 May."""
    of = tables(iro_escalation=f"escalation_id child_id happened_on stage_kind resolved_on\nE1 A 2024-05-01 1 {resolved}")
    assert outcome("iro_escalations_resolved", of, "2024-05") == {"A": verdict}
    assert not outcome("iro_escalations_resolved", of, "2024-05-30")
    assert not outcome("iro_escalations_resolved", of, "2024-06")


# Health and going missing ------------------------------------------------------------------------------------------------------


def checked(kind: str, day: str, *, born: str = "2012-01-01", refused: str = "no", started: str = "2023-01-09") -> Tables:
    return tables(
        cla_episode=f"child_id started_on\nA {started}", child=f"child_id born_on\nA {born}",
        health_check=f"child_id health_kind happened_on refused\nA {kind} {day} {refused}",
    )  # fmt: skip


@pytest.mark.parametrize(("key", "kind"), [("cla_health_checks", "health_assessment"), ("cla_dental_checks", "dental_check")])
def test_a_check_holds_for_a_year_and_a_refused_one_is_not_done(key: str, kind: str) -> None:
    assert outcome(key, checked(kind, "2023-05-31"), "2024-05-31") == {"A": "met"}
    assert outcome(key, checked(kind, "2023-05-30"), "2024-05-31") == {"A": "not met"}
    assert outcome(key, checked(kind, "2024-05-01", refused="yes"), "2024-05-31") == {"A": "not met"}
    assert outcome(key, checked(kind, "2024-06-01"), "2024-05-31") == {"A": "not met"}
    other = {"health_assessment": "dental_check", "dental_check": "health_assessment"}[kind]
    assert outcome(key, checked(other, "2024-05-01"), "2024-05-31") == {"A": "not met"}


@pytest.mark.parametrize("key", ["cla_health_checks", "cla_dental_checks"])
def test_children_are_asked_after_from_a_year_in_care_on(key: str) -> None:
    of = checked("immunisations", "2024-01-01", started="2023-06-01")
    assert not outcome(key, of, "2024-05-31")
    assert outcome(key, of, "2024-06-01") == {"A": "not met"}


def test_a_child_under_five_that_day_is_assessed_twice_a_year() -> None:
    of = checked("health_assessment", "2023-11-30", born="2019-06-01")
    assert outcome("cla_health_checks", of, "2024-05-30") == {"A": "met"}
    assert outcome("cla_health_checks", of, "2024-05-31") == {"A": "not met"}
    assert outcome("cla_health_checks", of, "2024-06-01") == {"A": "met"}, "five years old: once a year"


def test_with_no_date_of_birth_it_cannot_be_told_how_often_a_child_is_to_be_assessed() -> None:
    assert outcome("cla_health_checks", checked("health_assessment", "2024-05-01", born="-"), "2024-05") == {
        "A": "date of birth not recorded"
    }


def missing(ended: str, offered: str, accepted: str, held: str, *, started: str = "2024-05-10", kind: str = "missing") -> Tables:
    row = f"A {started} {ended} {kind} {offered} {accepted} {held}"
    heading = "child_id started_on ended_on missing_kind interview_offered interview_accepted interview_on"
    return tables(cla_episode=CARE, missing_episode=f"{heading}\n{row}")


@pytest.mark.parametrize(
    ("offered", "accepted", "held", "verdict"),
    [
        ("yes", "yes", "2024-05-15", "met"), ("yes", "yes", "2024-05-16", "not met"), ("-", "-", "2024-05-15", "met"),
        ("yes", "no", "-", "met"), ("yes", "yes", "-", "not met"), ("yes", "-", "-", "not met"), ("no", "-", "-", "not met"),
        ("-", "-", "-", "not recorded whether an interview was offered"),
    ],
)  # fmt: skip
def test_a_return_interview_is_held_within_three_days_or_offered_and_declined(offered: str, accepted: str, held: str, verdict: str) -> None:
    assert outcome("return_interviews", missing("2024-05-12", offered, accepted, held), "2024-05") == {"A": verdict}


def test_a_return_is_counted_in_the_month_its_72_hours_run_out() -> None:
    of = missing("2024-05-29", "yes", "yes", "2024-06-01")
    assert not outcome("return_interviews", of, "2024-05")
    assert outcome("return_interviews", of, "2024-06") == {"A": "met"}


def test_only_children_in_care_who_were_missing_are_counted() -> None:
    assert not outcome("return_interviews", missing("2024-05-12", "yes", "yes", "-", kind="absent"), "2024-05")
    assert not outcome("return_interviews", missing("2024-01-09", "yes", "yes", "-", started="2024-01-07"), "2024-01"), "not yet in care"
    assert outcome("return_interviews", missing("2024-05-09", "yes", "yes", "-"), "2024-05") == {"A": "came back before going missing"}


# A lasting home ----------------------------------------------------------------------------------------------------------------


def test_a_permanence_plan_is_asked_for_after_four_months() -> None:
    of = tables(cla_episode="child_id started_on permanence_kind\nA 2024-01-31 adoption\nB 2024-01-30 -")
    assert outcome("permanence_by_second_review", of, "2024-05-31") == {"B": "not met"}
    assert outcome("permanence_by_second_review", of, "2024-06-01") == {"A": "met", "B": "not met"}


def test_where_decisions_are_dated_they_alone_count_from_their_day_on() -> None:
    of = tables(
        cla_episode="child_id started_on permanence_kind\nA 2024-01-08 adoption", covered={"permanence_decision": ["2024-05"]},
        permanence_decision="child_id happened_on permanence_kind\nA 2024-05-31 adoption",
    )  # fmt: skip
    assert outcome("permanence_by_second_review", of, "2024-05-31") == {"A": "met"}
    june = tables(permanence_decision="child_id happened_on permanence_kind\nA 2024-06-01 sgo").permanence_decision
    assert outcome("permanence_by_second_review", of.with_frames(permanence_decision=june), "2024-05-31") == {"A": "not met"}


def test_an_enquiry_ends_when_it_is_approved_or_closed_whichever_is_first() -> None:
    of = tables(
        foster_enquiry="""
        enquiry_id happened_on approved_on closed_on
        approved   2024-01-01  2024-05-31  -
        closed     2024-01-01  -           2024-05-01
        reopened   2024-01-01  2024-06-01  2024-05-31
        open       2024-01-01  -           -
        backwards  2024-05-20  2024-05-19  -
    """
    )
    found = cases("foster_enquiries_approved", of, "2024-05").set_index("case_id")
    assert found["met"].dropna().to_dict() == {"approved": True, "closed": False, "reopened": False}
    assert found["left_out"].dropna().to_dict() == {"backwards": "ended before it was made"}


def test_days_to_an_adoptive_family_are_counted_of_children_placed_in_the_month() -> None:
    of = tables(
        adoption="""
        child_id decided_on entered_care_on placed_on
        A        2024-01-01 2023-06-01      2024-05-31
        B        2024-01-01 2024-05-01      2024-05-01
        C        2024-01-01 2023-06-01      2024-06-01
        D        2024-01-01 -               2024-05-01
        E        2024-01-01 2024-05-02      2024-05-01
    """
    )
    found = cases("adoption_entry_to_placed", of, "2024-05").set_index("child_id")
    assert found["value"].dropna().to_dict() == {"A": 365.0, "B": 0.0}
    assert found["left_out"].dropna().to_dict() == {"D": "day of coming into care not recorded", "E": "placed before coming into care"}
    figures = figures_of(REGISTER["adoption_entry_to_placed"], of, periods("2024-05"), levels=("authority",))
    assert figures[["numerator", "denominator"]].to_numpy().tolist() == [[365.0, 2.0]]
