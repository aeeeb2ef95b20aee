"""Late recording: the days from a visit to its entry, by team, and never mixed with late visits."""

from __future__ import annotations

import pandas as pd

from data.tables import BY_NAME, Tables
from kpi.recording import recording_lag

MAY = pd.Timestamp("2026-05-31")


def lag_of(text: str) -> pd.DataFrame:
    """team visit-day recorded-day, one a line; - for none."""
    rows = [line.split() for line in text.strip().splitlines()]
    day = {"-": None}
    frame = pd.DataFrame(
        {
            "child_id": [str(i) for i in range(len(rows))],
            "cohort_kind": "cp",
            "origin_kind": "log",
            "team_id": [day.get(r[0], r[0]) for r in rows],
            "happened_on": pd.to_datetime([r[1] for r in rows]),
            "recorded_on": pd.to_datetime([day.get(r[2], r[2]) for r in rows]),
        }
    )
    return recording_lag(Tables({"visit": BY_NAME["visit"].conform(frame)}), MAY).set_index("team_id")


def test_the_fifth_day_is_not_late_and_the_sixth_is() -> None:
    out = lag_of("a 2026-05-01 2026-05-06\na 2026-05-01 2026-05-07\nb 2026-05-01 2026-05-01")
    assert out.loc["a", ["visits", "late", "median_days"]].tolist() == [2, 1, 5.5]
    assert out.loc["b", ["visits", "late", "median_days"]].tolist() == [1, 0, 0.0]
    assert out.loc["", ["visits", "late"]].tolist() == [3, 1]


def test_a_visit_with_no_recorded_day_or_an_earlier_one_is_counted_apart() -> None:
    out = lag_of("a 2026-05-04 -\na 2026-05-04 2026-05-01\na 2026-05-04 2026-05-05")
    assert out.loc["a", ["visits", "late", "not_dated", "before"]].tolist() == [1, 0, 1, 1]


def test_three_months_are_looked_back_over_and_no_visit_to_come() -> None:
    out = lag_of("a 2026-02-28 2026-03-30\na 2026-03-01 2026-03-02\na 2026-06-01 2026-06-02")
    assert out.loc["a", "visits"] == 1


def test_a_visit_no_team_made_is_shown_as_unallocated() -> None:
    assert lag_of("- 2026-05-04 2026-05-05").index.tolist() == ["", "unallocated"]


def test_no_visits_at_all_gives_no_rows() -> None:
    assert recording_lag(Tables({}), MAY).empty
