"""Care leavers: who is asked after, and what unknown, refused and abroad mean."""

from __future__ import annotations

import pytest

from data.tables import Tables
from tests.kpi.building import outcome, tables

KEYS = ("care_leavers_suitable_home", "care_leavers_in_education_or_work", "care_leavers_in_touch")


def leaver(
    *, born: str = "2004-01-01", seen: str = "2024-05-31", eligible: str = "former_relevant", touch: str = "yes", home: str = "U",
    suitable: str = "yes", activity: str = "F2", reviewed: str = "-", **more: str,
) -> Tables:  # fmt: skip
    heading = "child_id observed_on eligibility_kind in_touch_kind accommodation_kind suitable activity_kind pathway_reviewed_on"
    row = f"A {seen} {eligible} {touch} {home} {suitable} {activity} {reviewed}"
    return tables(child=f"child_id born_on\nA {born}", care_leaver=f"{heading}\n{row}", **more)


# Who is asked after ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("born", "counted"), [("2005-05-31", True), ("2005-06-01", False), ("2002-06-01", True), ("2002-05-31", False)])
def test_from_the_19th_birthday_to_the_day_before_the_22nd(key: str, born: str, counted: bool) -> None:
    assert outcome(key, leaver(born=born), "2024-05") == ({"A": "met"} if counted else {})


@pytest.mark.parametrize("key", KEYS)
def test_who_is_left_out_of_all_three(key: str) -> None:
    assert outcome(key, leaver(born="-"), "2024-05") == {"A": "date of birth not recorded"}
    assert outcome(key, leaver(eligible="qualifying"), "2024-05") == {"A": "not a former relevant young person"}
    assert outcome(key, leaver(eligible="-"), "2024-05") == {"A": "met"}
    for gone in ("died", "returned_home"):
        assert outcome(key, leaver(touch=gone), "2024-05") == {"A": "died or returned home"}


@pytest.mark.parametrize("key", KEYS)
def test_the_extract_nearest_to_the_month_end_speaks_for_it(key: str) -> None:
    assert outcome(key, leaver(seen="2024-06-15"), "2024-05") == {"A": "met"}
    assert outcome(key, leaver(seen="2024-06-16"), "2024-05") == {}
    assert outcome(key, leaver(seen="2024-04-30"), "2024-05") == {}


# What is asked -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suitable", "touch", "home", "verdict"),
    [
        ("yes", "yes", "U", "met"), ("no", "yes", "U", "not met"), ("-", "yes", "U", "suitability not recorded"),
        ("-", "no", "-", "not met"), ("-", "refused", "-", "not met"), ("yes", "no", "U", "met"),
        ("yes", "yes", "G", "abroad, deported or residence not known"), ("no", "no", "H2", "abroad, deported or residence not known"),
        ("-", "no", "R", "abroad, deported or residence not known"), ("no", "yes", "X", "not met"),
    ],
)  # fmt: skip
def test_a_suitable_home(suitable: str, touch: str, home: str, verdict: str) -> None:
    assert outcome("care_leavers_suitable_home", leaver(suitable=suitable, touch=touch, home=home), "2024-05") == {"A": verdict}


@pytest.mark.parametrize("activity", ["F1", "F2", "F4", "F5", "P1", "P2", "P4", "P5"])
def test_full_and_part_time_education_training_and_work_count(activity: str) -> None:
    assert outcome("care_leavers_in_education_or_work", leaver(activity=activity, home="G"), "2024-05") == {"A": "met"}


@pytest.mark.parametrize("activity", ["G4", "G5", "G6"])
def test_illness_and_parenting_are_not_education_or_work(activity: str) -> None:
    assert outcome("care_leavers_in_education_or_work", leaver(activity=activity), "2024-05") == {"A": "not met"}


@pytest.mark.parametrize(
    ("touch", "verdict"),
    [("yes", "activity not recorded"), ("no", "not met"), ("refused", "not met"), ("-", "activity not recorded")],
)
def test_an_unknown_activity_counts_against_only_where_there_is_no_touch(touch: str, verdict: str) -> None:
    assert outcome("care_leavers_in_education_or_work", leaver(activity="-", touch=touch), "2024-05") == {"A": verdict}


@pytest.mark.parametrize(
    ("touch", "verdict"),
    [("yes", "met"), ("no", "not met"), ("refused", "not met"), ("not_required", "not met"), ("-", "not recorded whether in touch")],
)
def test_in_touch(touch: str, verdict: str) -> None:
    assert outcome("care_leavers_in_touch", leaver(touch=touch), "2024-05") == {"A": verdict}


# Pathway plans -----------------------------------------------------------------------------------------------------------------


def current(of: Tables, day: str = "2024-05-31") -> str:
    return outcome("pathway_plans_current", of, day)["A"]


def test_a_pathway_plan_holds_for_six_months_that_day_included() -> None:
    assert current(leaver(reviewed="2023-11-30"), "2024-05-30") == "met"
    assert current(leaver(reviewed="2023-11-30"), "2024-05-31") == "not met"
    assert current(leaver(reviewed="-")) == "not met"


def test_a_review_after_the_month_end_does_not_count_and_the_plan_listed_does() -> None:
    of = leaver(seen="2024-06-03", reviewed="2024-06-02", pathway_plan="child_id happened_on\nA 2024-01-10")
    assert current(of) == "met"
    assert current(leaver(seen="2024-06-03", reviewed="2024-06-02")) == "not met"


def test_who_is_owed_a_pathway_plan() -> None:
    assert current(leaver(eligible="eligible", born="2007-01-01", reviewed="2024-05-01")) == "met"
    assert current(leaver(eligible="qualifying")) == "qualifying: no plan is due by law"
    assert current(leaver(touch="not_required")) == "no longer needs services"
    assert current(leaver(touch="died")) == "died or returned home"


# Homeless at 16 or 17 ----------------------------------------------------------------------------------------------------------


def homeless(assessed: str) -> Tables:
    """Came on Friday 10 May 2024; ten working days on, past the bank holiday of 27 May, is Friday 24 May."""
    return tables(homeless_presentation=f"child_id happened_on assessed_on\nA 2024-05-10 {assessed}")


@pytest.mark.parametrize(
    ("assessed", "verdict"),
    [
        ("2024-05-10", "met"),
        ("2024-05-24", "met"),
        ("2024-05-25", "not met"),
        ("-", "not met"),
        ("2024-05-09", "assessed before they came"),
    ],
)
def test_homeless_young_people_are_assessed_jointly_in_ten_working_days(assessed: str, verdict: str) -> None:
    assert outcome("homeless_jointly_assessed", homeless(assessed), "2024-05") == {"A": verdict}


def test_one_who_came_at_the_months_end_is_counted_when_the_assessment_is_due() -> None:
    of = tables(homeless_presentation="child_id happened_on assessed_on\nA 2024-05-20 2024-06-03")
    assert not outcome("homeless_jointly_assessed", of, "2024-05")
    assert outcome("homeless_jointly_assessed", of, "2024-06") == {"A": "met"}, "20 May and ten working days, less 27 May, is 4 June"
