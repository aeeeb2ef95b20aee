"""Court, care and leaving care: each KPI equals a second, slow implementation on invented councils, at every month."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from kpi import REGISTER
from tests.kpi.naive import LEFT_OUT, MET, NOT_MET, Found
from tests.kpi.naive_care import NAIVE_CARE
from tests.kpi.naive_leaving import NAIVE_LEAVING
from tests.kpi.random_care import CARE_MONTHS, care_council

SEEDS = (1, 2, 3)
SECOND = {**NAIVE_CARE, **NAIVE_LEAVING}
OURS = {key for key, measure in REGISTER.items() if measure.given is None and measure.domain in ("court", "looked_after", "care_leavers")}
CASE_IS_WHO = ("foster_enquiries_approved",)
WITH_DUE = (
    "cla_visits_in_time", "cla_reviews_in_time", "iro_contact", "iro_escalations_resolved", "return_interviews", "parents_spot_checks",
    "homeless_jointly_assessed",
)  # fmt: skip


def test_every_kpi_of_court_care_and_leaving_care_has_a_second_implementation() -> None:
    assert set(SECOND) == OURS


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("key", sorted(SECOND))
def test_the_cases_are_those_of_the_second_implementation(key: str, seed: int) -> None:
    of = care_council(seed)
    all_cases = REGISTER[key].cases_of(of, CARE_MONTHS)
    counted = 0
    for month in CARE_MONTHS:
        expected = Counter(SECOND[key](of, month.date()))
        got = Counter(_found(key, case) for _, case in all_cases[all_cases["period"] == month].iterrows())
        assert got == expected, f"{key} at {month:%Y-%m}"
        counted += sum(n for case, n in expected.items() if case.verdict != LEFT_OUT)
    assert counted, "the invented council says nothing of this KPI"


@pytest.mark.parametrize("key", sorted(key for key in SECOND if REGISTER[key].measure == "percent"))
def test_the_invented_councils_have_children_of_both_kinds(key: str) -> None:
    """A comparison in which nobody is ever late, or nobody in time, would say little."""
    verdicts = {case.verdict for seed in SEEDS for month in CARE_MONTHS for case in SECOND[key](care_council(seed), month.date())}
    assert {MET, NOT_MET} <= verdicts


def _found(key: str, case: pd.Series) -> Found:
    verdict = LEFT_OUT if isinstance(case["left_out"], str) else (MET if pd.notna(case["met"]) and case["met"] else NOT_MET)
    return Found(
        case["case_id"] if key in CASE_IS_WHO else case["child_id"], case["team_id"], case["worker_id"], verdict,
        due=case["due_on"].date() if key in WITH_DUE and pd.notna(case["due_on"]) else None, apart=isinstance(case["apart"], str),
        value=None if pd.isna(case["value"]) else case["value"], weight=None if pd.isna(case["weight"]) else case["weight"],
    )  # fmt: skip
