"""What would stand, what would not and what is not known: the boundaries of each, the oldest overdue, the plan. All data is invented."""

from __future__ import annotations

import pandas as pd
import pytest

from kpi import REGISTER
from kpi import readiness as found
from kpi.duties import due
from kpi.targets import judged, with_months_before
from tests.kpi.building import periods, tables

MAY = pd.Timestamp("2026-05-31").as_unit("s")
TARGETS = pd.DataFrame(
    {
        "kpi": ["cp_visits_in_time", "cp_visits_in_time", "caseload"], "since": pd.to_datetime(["2024-01-01", "2026-06-01", "2024-01-01"]),
        "green": [85.0, 99.0, 18.0], "amber": [75.0, 90.0, 20.0], "by": pd.to_datetime(["2026-07-31", "2027-07-31", None]),
    }
)  # fmt: skip
COVERED = {"cp_plan": periods("2026-04", "2026-05", "2026-06"), "visit:cp": periods("2026-03", "2026-04")}


def positions(*shares: tuple[int, int] | None, note: str = "") -> pd.DataFrame:
    """Where visits stand when the last months had these figures, the newest being May; None is a month with no figure."""
    months = pd.date_range(end=MAY, periods=len(shares), freq="ME").as_unit("s")
    rows = [
        ("cp_visits_in_time", month, "authority", "", *share, {"no start date": 5}, {}, note)
        for month, share in zip(months, shares, strict=True)
        if share is not None
    ]
    columns = ["kpi", "period", "level", "unit_id", "numerator", "denominator", "left_out", "apart", "note"]
    figures = pd.DataFrame(rows, columns=columns).astype({"numerator": "float64", "denominator": "float64", "period": "datetime64[s]"})
    told = with_months_before(judged(figures, TARGETS))
    return found.readiness(told, TARGETS, MAY, covered=COVERED, verdicts={"cp_visits_in_time": "at_risk"}).set_index("kpi")


@pytest.mark.parametrize(
    ("shares", "stands", "why"),
    [
        (((85, 100), (85, 100), (85, 100)), "stands", "met in each of the last three months"),
        (((84, 100), (85, 100), (85, 100)), "not_sustained", "met in 2 of the last three months"),
        ((None, (85, 100), (85, 100)), "not_sustained", "met in 2 of the last three months"),
        (((9, 9), (85, 100), (85, 100)), "not_sustained", "met in 2 of the last three months"),
        (((85, 100), (85, 100), (84, 100)), "short", "met in 2 of the last three months"),
        (((84, 100), (84, 100), (10, 100)), "short", "met in none of the last three months"),
        (((85, 100), (85, 100), (9, 9)), "not_known", "fewer than ten cases"),
        (((85, 100), (85, 100), (0, 0)), "not_known", "no cases"),
        (((85, 100), (85, 100), None), "not_known", "no data for May 2026"),
    ],
)
def test_a_target_stands_when_it_is_met_now_and_in_the_two_months_before(
    shares: tuple[tuple[int, int] | None, ...], stands: str, why: str
) -> None:  # fmt: skip
    row = positions(*shares).loc["cp_visits_in_time"]
    assert (row["stands"], row["why"]) == (stands, why)
    assert row["target"] == 85, "the target of the month, not one set since"


def test_a_short_history_is_not_known_and_data_is_said_to_reach_as_far_as_all_it_needs() -> None:
    row = positions((85, 100), (85, 100), (95, 100), note="history short").loc["cp_visits_in_time"]
    assert (row["stands"], row["why"], row["known_until"]) == ("not_known", "too short a history", pd.Timestamp("2026-04-30"))
    assert (row["out"], row["out_share"]) == (5, pytest.approx(100 * 5 / 105))
    other = positions((85, 100)).loc["caseload"]
    assert (other["stands"], other["target"], other["out"], pd.isna(other["known_until"])) == ("not_known", 18, 0, True)


def test_the_summary_counts_every_measure_once() -> None:
    short = positions((84, 100), (84, 100), (84, 100)).reset_index()
    assert found.in_words(short, MAY) == [
        "Of two measures with a target in May 2026, none would stand: met in each of the last three months.",
        "One is short of target; one is at risk.",
        "Of one it is not known: there is no figure that can be judged.",
    ]
    assert found.in_words(short.head(0), MAY) == ["No measure has a target in May 2026."]


def test_each_duty_names_what_has_been_overdue_longest_and_comes_in_that_order() -> None:
    of = tables(
        cp_plan="child_id started_on team_id worker_id\nc1 2026-04-01 North W1\nc2 2026-03-02 North W1\nc3 2026-05-29 North W1",
        visit="child_id happened_on cohort_kind child_seen\nx 2026-01-01 cp yes", core_group="child_id happened_on held\nx 2026-01-01 yes",
    )  # fmt: skip
    rows = found.oldest_overdue(due(of, MAY, ["cp_visit", "core_group"]))
    assert rows["duty"].tolist() == ["cp_visit", "core_group"]
    first = rows.set_index("duty").loc["cp_visit"]
    assert (first["overdue"], first["due_soon"], first["child_id"], first["due_on"]) == (2, 0, "c2", pd.Timestamp("2026-03-16"))
    assert found.duties_of(REGISTER["cp_visits_in_time"]) == ("cp_visit",)
    assert found.oldest_overdue(due(tables(), MAY)).empty


ACTIONS = """
action_id observed_on recommendation_id due_on     status_kind updated_on rag_kind
P1        2026-04-30  1                 2026-05-30 in_progress 2026-04-19 green
P2        2026-04-30  1                 2026-05-01 complete    2026-01-01 blue
P3        2026-04-30  6                 2026-06-01 not_started 2026-04-18 -
P4        2026-04-30  -                 2026-05-31 in_progress 2026-04-30 red
P1        2026-06-30  1                 2026-05-30 complete    2026-06-19 blue
"""


def test_the_plan_is_as_its_last_extract_before_the_day_had_it() -> None:
    rows = found.plan_position(tables(action=ACTIONS), pd.Timestamp("2026-05-31")).set_index("recommendation_id")
    assert rows.loc["1", ["actions", "done", "open", "green", "blue", "past_due", "updates_overdue"]].tolist() == [2, 1, 1, 1, 0, 1, 0]
    assert rows.loc["6", ["open", "no_rag", "past_due", "updates_overdue"]].tolist() == [1, 1, 0, 1]
    assert rows.loc[found.NO_RECOMMENDATION, ["open", "red", "past_due"]].tolist() == [1, 1, 0]
    assert set(rows["observed_on"]) == {pd.Timestamp("2026-04-30")}
    assert found.plan_position(tables(), MAY).empty
