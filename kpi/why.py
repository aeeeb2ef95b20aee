"""Why a case is met, not met or left out, in a sentence a social worker would accept. Worded from the case's own dates."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpi.period import days


def why(cases: pd.DataFrame) -> pd.Series:
    """One sentence a case, in the cases' order."""
    sentences = [_sentence(case) for case in cases.assign(late=days_late(cases)).itertuples()]
    return pd.Series(sentences, index=cases.index, dtype="str")


def days_late(cases: pd.DataFrame) -> pd.Series:
    """Calendar days between the due date and the day it was done, or the period end where it was not; empty where it is in time.

    What is not done at all is late once its day has passed, whether the measure counts those done or, as a backlog does, those not done.
    """
    done_late = cases["happened_on"] > cases["due_on"]
    until = cases["happened_on"].where(done_late, cases["period"])
    late = pd.Series(days(until) - days(cases["due_on"]), index=cases.index, dtype="float64")
    missed = cases["met"].notna() & ~cases["met"].fillna(True).astype(bool) | cases["happened_on"].isna() & cases["left_out"].isna()
    return late.where(cases["due_on"].notna() & missed & (late > 0))


def _sentence(case: Any) -> str:
    if isinstance(case.left_out, str) and case.left_out:
        return f"Left out: {case.left_out}"
    words: str = case.reason[:1].upper() + case.reason[1:]
    if pd.isna(case.due_on):
        return words
    done = "" if pd.isna(case.happened_on) else f", on {_day(case.happened_on)}"
    late = "" if pd.isna(case.late) else f", {_late(int(case.late))}"
    return f"{words}{done}; due {_day(case.due_on)}{late}"


def _late(count: int) -> str:
    return f"{count} day late" if count == 1 else f"{count} days late"


def _day(day: pd.Timestamp) -> str:
    return f"{day.day} {day:%b %Y}"
