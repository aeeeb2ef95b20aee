"""Every KPI equals a second, slow implementation written from the definitions alone, on invented councils over 18 months."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from kpi import REGISTER
from tests.kpi.naive import LEFT_OUT, MET, NAIVE, NOT_MET, Found
from tests.kpi.naive_care import NAIVE_CARE
from tests.kpi.naive_leaving import NAIVE_LEAVING
from tests.kpi.naive_practice import NAIVE_PRACTICE
from tests.kpi.naive_protection import NAIVE_PROTECTION
from tests.kpi.random_council import MONTHS, council

SEEDS = (1, 2)
WHO = {
    "supervised_3_in_3_months": "worker_id", "caseload": "worker_id", "audits_inadequate": "case_id",
    "assessments_weighing_history": "case_id",
}  # fmt: skip
SECOND = {**NAIVE, **NAIVE_PROTECTION}
ELSEWHERE = {**NAIVE_CARE, **NAIVE_LEAVING, **NAIVE_PRACTICE}  # compared in tests of their own, on councils with more of their kind


def test_every_kpi_has_a_second_implementation() -> None:
    assert {*SECOND, *ELSEWHERE} == {key for key, measure in REGISTER.items() if measure.given is None}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("key", sorted(SECOND))
def test_the_cases_are_those_of_the_second_implementation(key: str, seed: int) -> None:
    of = council(seed)
    all_cases = REGISTER[key].cases_of(of, MONTHS)
    expected_verdicts = set()
    for month in MONTHS:
        expected = Counter(SECOND[key](of, month.date()))
        got = Counter(_found(key, case) for _, case in all_cases[all_cases["period"] == month].iterrows())
        assert got == expected, f"{key} at {month:%Y-%m}"
        expected_verdicts |= {case.verdict for case in expected}
    assert expected_verdicts - {LEFT_OUT}, "the invented council says nothing of this KPI"


def _found(key: str, case: pd.Series) -> Found:
    verdict = LEFT_OUT if isinstance(case["left_out"], str) else (MET if pd.notna(case["met"]) and case["met"] else NOT_MET)
    return Found(
        case[WHO.get(key, "child_id")], case["team_id"], case["worker_id"], verdict,
        due=None if pd.isna(case["due_on"]) else case["due_on"].date(), apart=isinstance(case["apart"], str),
        value=None if pd.isna(case["value"]) else case["value"], weight=None if pd.isna(case["weight"]) else case["weight"],
    )  # fmt: skip
