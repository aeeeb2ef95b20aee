"""Quality of practice: which audits count, and by which grade."""

from __future__ import annotations

from data.tables import Tables
from tests.kpi.building import cases, outcome, tables


def test_audits_are_counted_by_their_final_grade_in_the_month_they_were_done() -> None:
    of = tables(
        audit="""
        audit_id   happened_on audit_kind initial_grade_kind grade_kind
        inadequate 2024-05-31  case       good               inadequate
        upgraded   2024-05-01  case       inadequate         requires_improvement
        good       2024-05-10  dip        good               good
        best       2024-05-10  spot_check outstanding        outstanding
        ungraded   2024-05-10  case       inadequate         -
        re_audit   2024-05-10  re_audit   inadequate         inadequate
        kind_blank 2024-05-10  -          -                  inadequate
        june       2024-06-01  case       -                  inadequate
        april      2024-04-30  case       -                  inadequate
    """
    )
    assert outcome("audits_inadequate", of, "2024-05") == {
        "inadequate": "met",
        "upgraded": "not met",
        "good": "not met",
        "best": "not met",
        "ungraded": "no final grade",
        "kind_blank": "met",
    }


def test_re_audits_are_apart_and_not_counted_even_when_not_graded() -> None:
    of = tables(audit="audit_id happened_on audit_kind grade_kind\nA 2024-05-10 re_audit -")
    assert cases("audits_inadequate", of, "2024-05").empty


def test_a_period_is_a_day_and_the_month_is_counted_up_to_it() -> None:
    of = tables(audit="audit_id happened_on grade_kind\nA 2024-05-05 good\nB 2024-05-20 good")
    found = cases("audits_inadequate", of, "2024-05-10", "2024-05-31")
    assert [(case.period.day, case.case_id) for case in found.itertuples()] == [(10, "A"), (31, "A"), (31, "B")]


# The others --------------------------------------------------------------------------------------------------------------------


GRADED = """
    audit_id happened_on audit_kind grade_kind
    best     2024-05-01  case       outstanding
    good     2024-05-31  case       good
    middling 2024-05-10  case       requires_improvement
    ungraded 2024-05-10  case       -
    re_audit 2024-05-10  re_audit   good
    june     2024-06-01  case       good
"""


def test_good_is_good_or_outstanding_of_the_graded_re_audits_apart() -> None:
    assert outcome("audits_good", tables(audit=GRADED), "2024-05") == {
        "best": "met", "good": "met", "middling": "not met", "ungraded": "no final grade",
    }  # fmt: skip


def test_an_audit_is_completed_when_it_has_its_final_grade() -> None:
    assert outcome("audits_completed", tables(audit=GRADED), "2024-05") == {
        "best": "met", "good": "met", "middling": "met", "ungraded": "not met", "re_audit": "met",
    }  # fmt: skip


def test_an_audit_action_is_on_time_on_its_due_day_and_not_the_next() -> None:
    of = tables(
        audit="audit_id happened_on child_id\nX 2024-04-01 A",
        audit_action="""
        audit_id action_id due_on     completed_on
        X        early     2024-05-31 2024-05-01
        X        that_day  2024-05-01 2024-05-01
        X        late      2024-05-30 2024-05-31
        X        not_done  2024-05-30 -
        X        june      2024-06-01 2024-05-01
        X        undated   -          2024-05-01
        """,
    )
    assert outcome("audit_actions_on_time", of, "2024-05") == {
        "X early": "met", "X that_day": "met", "X late": "not met", "X not_done": "not met",
    }  # fmt: skip
    assert set(cases("audit_actions_on_time", of, "2024-05")["child_id"]) == {"A"}


def test_reflective_is_of_the_sessions_graded_and_held() -> None:
    of = tables(
        worker="worker_id observed_on team_id\nW 2024-04-30 T1",
        supervision="""
        worker_id happened_on held reflective_kind
        W         2024-05-01  yes  reflective
        W         2024-05-02  yes  partly_reflective
        W         2024-05-31  -    not_reflective
        W         2024-05-04  yes  -
        W         2024-05-05  no   reflective
        W         2024-06-01  yes  reflective
        """,
    )
    assert outcome("supervision_reflective", of, "2024-05") == {
        "W 2024-05-01": "met", "W 2024-05-02": "not met", "W 2024-05-31": "not met", "W 2024-05-04": "not graded",
    }  # fmt: skip
    assert set(cases("supervision_reflective", of, "2024-05")["team_id"]) == {"T1"}


def action(*rows: str) -> Tables:
    return tables(action="action_id observed_on status_kind updated_on due_on\n" + "\n".join(rows))


def test_an_action_updated_42_days_ago_is_up_to_date_and_43_is_not() -> None:
    of = action(
        "in_time 2024-05-31 in_progress 2024-04-19 -",
        "late 2024-05-31 in_progress 2024-04-18 -",
        "blank 2024-05-31 - 2024-05-30 -",
        "complete 2024-05-31 complete 2023-01-01 -",
        "closed 2024-05-31 closed 2023-01-01 -",
        "new 2024-05-31 not_started - -",
        "old 2024-05-31 not_started - -",
        "old 2024-03-31 not_started - -",
    )
    assert outcome("plan_actions_updated", of, "2024-05") == {
        "in_time": "met", "late": "not met", "blank": "met", "new": "met", "old": "not met",
    }  # fmt: skip
    assert cases("plan_actions_updated", of, "2024-05").set_index("case_id")["apart"].dropna().index.tolist() == ["new"]


def test_an_action_is_overdue_the_day_after_it_was_due() -> None:
    of = action(
        "that_day 2024-05-31 in_progress - 2024-05-31",
        "day_before 2024-05-31 in_progress - 2024-05-30",
        "undated 2024-05-31 in_progress - -",
        "complete 2024-05-31 complete - 2024-01-01",
    )
    assert outcome("plan_actions_overdue", of, "2024-05") == {
        "that_day": "not met", "day_before": "met", "undated": "no due day recorded",
    }  # fmt: skip
