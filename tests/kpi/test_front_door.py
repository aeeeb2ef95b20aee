"""The front door: re-referrals and first visits, to the day."""

from __future__ import annotations

import pandas as pd
import pytest

from data.tables import Tables
from kpi import REGISTER
from kpi.figures import HISTORY_SHORT, figures_of
from tests.kpi.building import cases, outcome, periods, tables, verdicts

# re_referrals ------------------------------------------------------------------------------------------------------------------


def referred(*days: str) -> Tables:
    return tables(referral="\n".join(["child_id happened_on", *(f"A {day}" for day in days)]))


@pytest.mark.parametrize(
    ("earlier", "later", "verdict"),
    [
        ("2023-05-20", "2024-05-20", "met"),
        ("2023-05-19", "2024-05-20", "not met"),
        ("2024-05-19", "2024-05-20", "met"),
        ("2023-02-28", "2024-02-29", "met"),
        ("2023-02-27", "2024-02-29", "not met"),
        ("2024-02-28", "2025-02-28", "met"),
        ("2024-02-27", "2025-02-28", "not met"),
        ("2024-02-29", "2025-02-28", "met"),
    ],
)
def test_a_re_referral_reaches_back_to_the_same_day_a_year_before(earlier: str, later: str, verdict: str) -> None:
    assert verdicts(cases("re_referrals", referred(earlier, later), later[:7]))[-1:] == [verdict]


def test_two_on_one_day_do_not_make_each_other_one() -> None:
    assert verdicts(cases("re_referrals", referred("2024-05-20", "2024-05-20"), "2024-05")) == ["not met", "not met"]


def test_two_on_one_day_are_both_one_where_there_was_one_before() -> None:
    assert verdicts(cases("re_referrals", referred("2024-04-02", "2024-05-20", "2024-05-20"), "2024-05")) == ["met", "met"]


def test_a_later_referral_or_another_childs_makes_no_re_referral() -> None:
    of = tables(referral="child_id happened_on\nA 2024-05-20\nA 2024-06-03\nB 2024-04-02")
    assert outcome("re_referrals", of, "2024-05") == {"A": "not met"}


def test_an_earlier_referral_closed_with_no_further_action_counts() -> None:
    of = tables(referral="child_id happened_on no_further_action\nA 2024-01-08 yes\nA 2024-05-20 yes")
    assert outcome("re_referrals", of, "2024-05") == {"A": "met"}


def test_a_referral_counts_in_the_month_it_was_received() -> None:
    of = tables(referral="child_id happened_on\nA 2024-05-01\nB 2024-05-31\nC 2024-04-30\nD 2024-06-01")
    assert set(outcome("re_referrals", of, "2024-05")) == {"A", "B"}


def test_a_month_without_a_year_of_referrals_before_it_is_marked() -> None:
    months = [str(month) for month in pd.period_range("2023-03", "2024-04", freq="M")]
    of = tables(referral="child_id happened_on\nA 2024-03-04", covered={"referral": months})
    notes = figures_of(REGISTER["re_referrals"], of, levels=("authority",)).set_index("period")["note"]
    assert notes[pd.Timestamp("2024-02-29")] == HISTORY_SHORT
    assert notes[pd.Timestamp("2024-03-31")] == ""


def test_a_gap_in_the_year_before_is_history_short_too() -> None:
    of = tables(referral="child_id happened_on\nA 2024-03-04", covered={"referral": ["2022-01", "2024-02", "2024-03"]})
    notes = figures_of(REGISTER["re_referrals"], of, levels=("authority",)).set_index("period")["note"]
    assert notes[pd.Timestamp("2024-03-31")] == HISTORY_SHORT, "ten of the twelve months before are not held"


def test_two_on_one_day_keep_their_own_teams_whatever_the_order_of_rows() -> None:
    of = tables(referral="child_id happened_on nth team_id\nA 2024-05-20 0 T1\nA 2024-05-20 1 T2")
    turned = of.with_frames(referral=of.referral.iloc[::-1].reset_index(drop=True))
    once, again = (cases("re_referrals", t, "2024-05").set_index("case_id")["team_id"].to_dict() for t in (of, turned))
    assert once == again


# seen_after_contact ------------------------------------------------------------------------------------------------------------


def contact(referral: str, *, seen: str = "", section47: str = "") -> Tables:
    visits = [f"A contact {day} yes" for day in seen.split()]
    return tables(
        referral=f"child_id happened_on no_further_action\nA {referral}",
        visit="\n".join(["child_id cohort_kind happened_on child_seen", *visits]),
        section47="\n".join(["child_id happened_on", *(f"A {day}" for day in section47.split())]),
    )


def test_a_first_visit_is_in_time_up_to_the_fifth_working_day() -> None:
    assert outcome("seen_after_contact", contact("2024-05-02 no", seen="2024-05-10"), "2024-05") == {"A": "met"}
    assert outcome("seen_after_contact", contact("2024-05-02 no", seen="2024-05-11"), "2024-05") == {"A": "not met"}


def test_with_a_section_47_the_same_day_it_is_due_the_next_working_day() -> None:
    on_the_friday = contact("2024-05-03 no", seen="2024-05-07", section47="2024-05-03")
    too_late = contact("2024-05-03 no", seen="2024-05-08", section47="2024-05-03")
    assert outcome("seen_after_contact", on_the_friday, "2024-05") == {"A": "met"}, "Monday was a bank holiday: due on the Tuesday"
    assert outcome("seen_after_contact", too_late, "2024-05") == {"A": "not met"}


@pytest.mark.parametrize(
    ("began", "due"),
    [("2024-05-07", "2024-05-07"), ("2024-05-08", "2024-05-13"), ("2024-05-02", "2024-05-13")],
    ids=["within the first working day", "the day after", "before the referral"],
)
def test_a_section_47_hurries_the_visit_only_if_it_began_by_then(began: str, due: str) -> None:
    found = cases("seen_after_contact", contact("2024-05-03 no", section47=began), "2024-05")
    assert found["due_on"].tolist() == [pd.Timestamp(due)]


def test_a_visit_on_the_day_counts_and_one_before_the_referral_does_not() -> None:
    assert outcome("seen_after_contact", contact("2024-05-14 no", seen="2024-05-14"), "2024-05") == {"A": "met"}
    assert outcome("seen_after_contact", contact("2024-05-14 no", seen="2024-05-13"), "2024-05") == {"A": "not met"}


def test_a_contact_visit_at_which_the_child_was_not_seen_or_another_cohorts_does_not_count() -> None:
    visit = """
        child_id cohort_kind happened_on child_seen
        A        contact     2024-05-15  no
        A        contact     2024-05-15  -
        A        cin         2024-05-15  yes
    """
    of = contact("2024-05-14 no").with_frames(visit=tables(visit=visit).visit)
    assert outcome("seen_after_contact", of, "2024-05") == {"A": "not met"}


def test_a_visit_not_yet_due_is_not_in_the_month_but_in_the_next() -> None:
    of = contact("2024-05-28 no", seen="2024-05-29")
    assert not outcome("seen_after_contact", of, "2024-05")
    assert outcome("seen_after_contact", of, "2024-06") == {"A": "met"}
    assert outcome("seen_after_contact", contact("2024-05-23 no"), "2024-05") == {"A": "not met"}, "due on the 31st itself"


def test_a_referral_closed_with_no_further_action_is_left_out() -> None:
    assert outcome("seen_after_contact", contact("2024-05-14 yes"), "2024-05") == {"A": "closed with no further action"}


@pytest.mark.parametrize("order", [("yes", "no"), ("no", "yes")])
def test_a_child_referred_twice_on_one_day_is_counted_once_and_left_out_only_if_both_closed(order: tuple[str, str]) -> None:
    rows = "\n".join(f"A 2024-05-14 {nfa}" for nfa in order)
    of = tables(referral=f"child_id happened_on no_further_action\n{rows}")
    assert outcome("seen_after_contact", of, "2024-05") == {"A": "not met"}


def test_a_child_referred_twice_on_one_day_is_in_the_same_hands_whatever_the_order_of_rows() -> None:
    of = tables(referral="child_id happened_on nth no_further_action team_id\nA 2024-05-14 0 no T1\nA 2024-05-14 1 no T2")
    turned = of.with_frames(referral=of.referral.iloc[::-1].reset_index(drop=True))
    once, again = (cases("seen_after_contact", t, "2024-05")["team_id"].tolist() for t in (of, turned))
    assert once == again


def test_mid_month_a_visit_not_yet_due_is_not_yet_counted() -> None:
    """A period is a day: an in-period figure counts the month up to it."""
    of = contact("2024-05-14 no")
    assert not outcome("seen_after_contact", of, "2024-05-15"), "due on 21 May"


# contacts, referrals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "table"), [("contacts", "contact"), ("referrals", "referral")])
def test_what_is_received_counts_from_the_first_day_of_the_month_to_the_last(key: str, table: str) -> None:
    rows = "child_id happened_on\nA 2024-04-30\nB 2024-05-01\nC 2024-05-31\nD 2024-06-01\nB 2024-05-01"
    of = tables(**{table: rows})
    assert cases(key, of, "2024-05")["child_id"].tolist() == ["B", "B", "C"], "two on one day are two"
    found = figures_of(REGISTER[key], of, periods("2024-05"), levels=("authority",)).iloc[0]
    assert (found["numerator"], found["denominator"]) == (3, 1)


# referrals_no_further_action ---------------------------------------------------------------------------------------------------


def test_a_referral_whose_outcome_is_not_recorded_is_left_out() -> None:
    of = tables(referral="child_id happened_on no_further_action\nA 2024-05-01 yes\nB 2024-05-31 no\nC 2024-05-10 -\nD 2024-06-01 yes")
    assert outcome("referrals_no_further_action", of, "2024-05") == {
        "A": "met", "B": "not met", "C": "whether it was taken further is not recorded",
    }  # fmt: skip


# referrals_decided_in_1_day ----------------------------------------------------------------------------------------------------


def test_a_referral_is_decided_in_time_on_the_day_and_the_next_working_day() -> None:
    of = tables(
        referral="""
        child_id   happened_on decided_on
        same_day   2024-05-03  2024-05-03
        friday     2024-05-03  2024-05-07
        too_late   2024-05-03  2024-05-08
        saturday   2024-05-11  2024-05-13
        sat_late   2024-05-11  2024-05-14
        before     2024-05-10  2024-05-09
        never      2024-05-10  -
    """
    )
    assert outcome("referrals_decided_in_1_day", of, "2024-05") == {
        "same_day": "met", "friday": "met", "too_late": "not met", "saturday": "met", "sat_late": "not met",
        "before": "decided before it was received", "never": "no decision recorded by the month end",
    }, "6 May 2024 was a bank holiday"  # fmt: skip


def test_a_decision_counts_in_the_month_it_is_made_so_that_a_late_one_is_not_lost() -> None:
    of = tables(referral="child_id happened_on decided_on\nA 2024-05-30 2024-06-04")
    assert outcome("referrals_decided_in_1_day", of, "2024-05") == {"A": "no decision recorded by the month end"}
    assert outcome("referrals_decided_in_1_day", of, "2024-06") == {"A": "not met"}


# unallocated_children ----------------------------------------------------------------------------------------------------------


def held(by: str, **more: str) -> Tables:
    return tables(cp_plan=f"child_id started_on worker_id team_id\nA 2024-01-08 {by} T1", **more)


def test_a_case_with_no_worker_recorded_is_held_by_nobody_and_says_for_how_long() -> None:
    assert outcome("unallocated_children", held("W1"), "2024-05") == {"A": "not met"}
    assert outcome("unallocated_children", held("-"), "2024-05") == {"A": "met"}
    found = cases("unallocated_children", held("-"), "2024-05")["reason"].tolist()
    assert found == ["nobody recorded as holding it, for at least 144 days"], "8 January to 31 May 2024"


def test_the_wait_is_counted_from_the_last_extract_that_named_a_worker() -> None:
    said = "child_id cohort_kind observed_on worker_id\nA cp 2024-03-31 W1\nA cp 2024-04-30 -\nA cp 2024-05-31 -"
    found = cases("unallocated_children", held("W1", allocation=said), "2024-03", "2024-05").set_index("period")["reason"]
    assert found.tolist() == ["held by a qualified worker", "nobody recorded as holding it, for at least 61 days"]


@pytest.mark.parametrize(
    ("worker", "verdict"),
    [
        ("Social_Worker -", "not met"),
        ("- -", "not met"),
        ("Family_Support_Worker -", "met"),
        ("Social_Worker 2024-05-31", "met"),
        ("Social_Worker 2024-06-01", "not met"),
    ],
)
def test_a_worker_who_has_left_or_is_no_social_worker_does_not_hold_a_case(worker: str, verdict: str) -> None:
    of = held("W1", worker=f"worker_id observed_on role ended_on\nW1 2024-05-31 {worker}")
    assert outcome("unallocated_children", of, "2024-05") == {"A": verdict}


def test_what_is_learnt_of_a_worker_later_does_not_change_the_month() -> None:
    of = held("W1", worker="worker_id observed_on role ended_on\nW1 2024-05-31 Social_Worker -\nW1 2024-06-30 Team_Manager -")
    assert outcome("unallocated_children", of, "2024-05") == {"A": "not met"}
    assert outcome("unallocated_children", of, "2024-06") == {"A": "met"}


def test_a_child_with_a_plan_and_in_care_counts_once_in_the_hands_of_who_holds_the_care_case() -> None:
    of = held("W1", cla_episode="child_id started_on worker_id team_id\nA 2024-03-01 - T2")
    found = cases("unallocated_children", of, "2024-02", "2024-05")
    assert found[["team_id", "met"]].to_numpy().tolist() == [["T1", False], ["T2", True]]
