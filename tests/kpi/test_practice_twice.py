"""Workforce and quality equal a second, slow implementation written from the definitions alone, on invented councils over 18 months."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pandas as pd
import pytest

from data.tables import Tables
from kpi import REGISTER
from tests.kpi.naive import LEFT_OUT, MET, NOT_MET, Found
from tests.kpi.naive_practice import NAIVE_PRACTICE
from tests.kpi.random_council import MONTHS, council
from tests.kpi.random_practice import practised

SEEDS = (1, 2)
WHO = {"case_supervision_current": "child_id", "supervision_reflective": "worker_id"}


@cache
def practised_council(seed: int) -> Tables:
    return practised(council(seed), seed)


def test_every_measure_of_workforce_and_quality_has_a_second_implementation() -> None:
    ours = {key for key, measure in REGISTER.items() if measure.given is None and measure.domain in ("workforce", "quality")}
    assert ours - set(NAIVE_PRACTICE) == {"supervised_3_in_3_months", "caseload", "audits_inadequate"}, "those are in tests/kpi/naive.py"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("key", sorted(NAIVE_PRACTICE))
def test_the_cases_are_those_of_the_second_implementation(key: str, seed: int) -> None:
    of = practised_council(seed)
    cases = REGISTER[key].cases_of(of, MONTHS)
    verdicts = set()
    for month in MONTHS:
        expected = Counter(NAIVE_PRACTICE[key](of, month.date()))
        got = Counter(_found(key, case) for _, case in cases[cases["period"] == month].iterrows())
        assert got == expected, f"{key} at {month:%Y-%m}"
        verdicts |= {case.verdict for case in expected}
    assert verdicts - {LEFT_OUT}, "the invented council says nothing of this measure"


def _found(key: str, case: pd.Series) -> Found:
    verdict = LEFT_OUT if isinstance(case["left_out"], str) else (MET if pd.notna(case["met"]) and case["met"] else NOT_MET)
    return Found(
        case[WHO.get(key, "case_id")], case["team_id"], case["worker_id"], verdict,
        due=None if pd.isna(case["due_on"]) else case["due_on"].date(), apart=isinstance(case["apart"], str),
        value=None if pd.isna(case["value"]) else round(case["value"], 6),
        weight=None if pd.isna(case["weight"]) else round(case["weight"], 6),
    )  # fmt: skip
