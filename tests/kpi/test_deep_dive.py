"""One unit over a year: gaps between supervisions, days between visits, and what like units come to. All data is invented."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi import deep_dive as found
from kpi.targets import judged
from tests.kpi.building import periods, tables

MAY = pd.Timestamp("2026-05-31")
WORKERS = """
worker_id observed_on team_id role          fte caseload case_holding started_on
W1        2026-05-31  North   Social_worker 1   17       yes          2020-01-01
W2        2026-05-31  North   Social_worker 1   12       yes          2026-03-01
W3        2026-05-31  South   Social_worker 1   9        yes          2020-01-01
TM        2026-05-31  North   Team_manager  1   -        no           2020-01-01
W1        2026-04-30  South   Social_worker 1   20       yes          2020-01-01
"""
SESSIONS = """
worker_id happened_on supervision_kind held
W1        2025-05-01  personal         yes
W1        2025-07-10  personal         yes
W1        2025-07-10  case             yes
W1        2025-09-08  personal         -
W1        2026-02-01  personal         no
W1        2026-05-01  group            yes
W1        2026-06-01  personal         yes
W2        2026-01-05  personal         yes
W2        2026-05-20  personal         yes
"""


def test_a_gap_runs_from_one_session_held_to_the_next_and_the_first_from_before_the_window() -> None:
    rows = found.supervision_gaps(tables(worker=WORKERS, supervision=SESSIONS), MAY).set_index("worker_id")
    assert list(rows.index) == ["W1", "W2", "W3"]
    one = rows.loc["W1"]
    assert (one["sessions"], one["middle_gap"], one["longest_gap"], one["days_since"]) == (3, 70, 235, 30)
    assert (one["longest_from"], one["longest_to"]) == (pd.Timestamp("2025-09-08"), pd.Timestamp("2026-05-01"))
    began_later = rows.loc["W2"]
    assert (began_later["sessions"], pd.isna(began_later["longest_gap"]), began_later["state"]) == (1, True, "in_time")
    never = rows.loc["W3"]
    assert (never["sessions"], pd.isna(never["days_since"]), never["state"]) == (0, True, "overdue")


def test_cases_are_of_the_team_a_worker_was_in_then_and_who_may_look_follows_from_the_team_now() -> None:
    of = tables(worker=WORKERS)
    months = periods("2026-04", "2026-05")
    rows = found.caseloads(of, months)
    assert rows[rows["worker_id"] == "W1"]["team_id"].tolist() == ["South", "North"]
    last = found.listed_last(of, months).set_index("worker_id")
    assert last.loc["W1", "team_id"] == "North"
    assert last.index.is_unique


def test_days_between_visits_are_measured_within_one_plan_and_from_a_log_alone() -> None:
    of = tables(
        cp_plan="""
            child_id started_on ended_on   team_id
            c1       2026-01-01 2026-03-01 East
            c1       2026-04-01 -          East
            c2       2025-01-01 -          East
        """,
        visit="""
            child_id happened_on cohort_kind child_seen origin_kind team_id worker_id
            c1       2026-01-08  cp          yes        log         North   W1
            c1       2026-01-18  cp          no         log         North   W1
            c1       2026-01-22  cp          yes        log         South   W2
            c1       2026-01-22  cp          yes        log         South   W2
            c1       2026-03-15  cp          yes        log         North   W1
            c1       2026-04-20  cp          yes        log         North   W1
            c1       2026-05-25  cp          yes        log         -       -
            c1       2026-05-20  cp          yes        last_seen   North   W1
            c1       2026-06-02  cp          yes        log         North   W1
            c2       2025-05-20  cp          yes        log         North   W1
            c2       2025-06-04  cp          yes        log         North   W1
            c9       2026-05-02  cp          yes        log         North   W1
        """,
    )  # fmt: skip
    rows = found.visits_apart(of, MAY)
    told = {(r.child_id, f"{r.happened_on:%m-%d}"): (r.days, r.left_out) for r in rows.fillna({"days": -1, "left_out": ""}).itertuples()}
    assert told == {
        ("c1", "01-08"): (-1, found.FIRST_VISIT), ("c1", "01-22"): (14, ""), ("c1", "03-15"): (-1, found.NO_PLAN),
        ("c1", "04-20"): (-1, found.FIRST_VISIT), ("c1", "05-25"): (35, ""), ("c2", "06-04"): (15, ""),
        ("c9", "05-02"): (-1, found.NO_PLAN),
    }  # fmt: skip
    whose = {(r.child_id, f"{r.happened_on:%m-%d}"): r.team_id for r in rows.itertuples()}
    assert (whose["c1", "01-22"], whose["c1", "05-25"], whose["c9", "05-02"]) == ("South", "East", "North"), "the visit's, else the plan's"
    bands = found.in_bands(rows)
    assert bands.loc[bands["visits"] > 0, "band"].tolist() == ["8 to 14", "15 to 21", "29 to 42"]
    assert bands["share"].sum() == pytest.approx(100)
    assert set(bands["cohort"]) == {"cp"}


@given(st.lists(st.tuples(st.sampled_from(found.COHORTS), st.integers(1, 400)), max_size=40))
def test_every_measured_visit_is_in_one_band_and_each_band_holds_what_it_says(visits: list[tuple[str, int]]) -> None:
    frame = pd.DataFrame({"cohort": [c for c, _ in visits], "days": pd.Series([float(d) for _, d in visits], dtype="float64")})
    bands = found.in_bands(frame)
    assert bands["visits"].sum() == len(visits)
    tops = dict(zip(found.BAND_WORDS, (*found.BANDS, 10_000), strict=True))
    for cohort, rows in bands.groupby("cohort"):
        upto = rows["visits"].cumsum()
        for band, many in zip(rows["band"], upto, strict=True):
            assert many == sum(c == cohort and d <= tops[band] for c, d in visits)


def test_units_of_few_cases_are_in_no_range_and_in_the_sum_of_all() -> None:
    figures = pd.DataFrame(
        [*(("cp_visits_in_time", *unit) for unit in (("A", 8, 10), ("B", 19, 20), ("C", 0, 9), ("D", 0, 0))),
         ("referrals", "A", 3, 1), ("referrals", "B", 7, 1), ("caseload", "A", 34, 2)],
        columns=["kpi", "unit_id", "numerator", "denominator"],
    ).assign(period=MAY, level="team")  # fmt: skip
    none = pd.DataFrame({"kpi": [], "since": [], "green": [], "amber": [], "by": []}).astype({"kpi": "str", "since": "datetime64[s]"})
    rows = found.beside(judged(figures, none)).set_index("kpi")
    visits = rows.loc["cp_visits_in_time"]
    assert (visits["units"], visits["ranged"], visits["middle"], visits["low"], visits["high"]) == (3, 2, 87.5, 80, 95)
    assert (visits["numerator"], visits["denominator"], round(visits["value"], 1)) == (27, 39, 69.2)
    counted = rows.loc["referrals"]
    assert (counted["middle"], counted["low"], counted["high"], pd.isna(counted["value"])) == (5, 3, 7, True)
    assert rows.loc["caseload", ["ranged", "middle"]].tolist() == [1, 17]
    assert found.beside(judged(figures.head(0), none)).empty


def test_nothing_loaded_is_no_rows() -> None:
    of = tables()
    assert found.supervision_gaps(of, MAY).empty
    assert found.caseloads(of, periods("2026-05")).empty
    visits = found.visits_apart(of, MAY)
    assert visits.empty
    assert found.in_bands(visits).empty
