"""Quality of practice: which audits count, and by which grade."""

from __future__ import annotations

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
