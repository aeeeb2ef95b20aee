"""Why: one sentence a case, worded from its own dates."""

from __future__ import annotations

import pytest

from kpi.why import days_late, why
from tests.kpi.building import cases, tables

REFERRED = "child_id happened_on no_further_action\nA 2024-05-02 no"
CONTACT = "child_id cohort_kind happened_on child_seen\nA contact {day} yes"
PLAN = "child_id started_on\nA {day}"


@pytest.mark.parametrize(
    ("seen", "says", "late"),
    [
        ("2024-05-10", "Seen in time, on 10 May 2024; due 10 May 2024", None),
        ("2024-05-11", "Seen late, on 11 May 2024; due 10 May 2024, 1 day late", 1),
        ("2024-06-01", "Not seen; due 10 May 2024, 21 days late", 21),
    ],
)
def test_a_first_visit_says_when_it_was_made_when_it_was_due_and_how_late(seen: str, says: str, late: int | None) -> None:
    found = cases("seen_after_contact", tables(referral=REFERRED, visit=CONTACT.format(day=seen)), "2024-05")
    assert why(found).tolist() == [says]
    assert days_late(found).dropna().tolist() == ([] if late is None else [late])


@pytest.mark.parametrize(
    ("started", "says", "late"),
    [
        ("2024-05-16", "Not seen yet, not yet due; due 31 May 2024", []),
        ("2024-05-15", "Not seen since the start; due 30 May 2024, 1 day late", [1]),
    ],
)
def test_a_new_plan_says_whether_a_visit_is_due(started: str, says: str, late: list[int]) -> None:
    found = cases("cp_visits_in_time", tables(cp_plan=PLAN.format(day=started)), "2024-05")
    assert why(found).tolist() == [says]
    assert days_late(found).dropna().tolist() == late


def test_a_case_left_out_says_why_and_is_never_late() -> None:
    found = cases("seen_after_contact", tables(referral="child_id happened_on no_further_action\nA 2024-05-02 yes"), "2024-05")
    assert why(found).tolist() == ["Left out: closed with no further action"]
    assert days_late(found).isna().all()


def test_no_cases_are_no_sentences() -> None:
    found = cases("audits_inadequate", tables(audit="audit_id happened_on"), "2024-05")
    assert why(found).empty
