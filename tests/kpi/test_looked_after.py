"""Children in care: the statutory intervals, to the day."""

from __future__ import annotations

import pandas as pd
import pytest

from data.tables import Tables
from tests.kpi.building import cases, outcome, tables


def in_care(placement: str, *visits: str, episode: str = "A 2020-01-06 - C2") -> Tables:
    """`placement`: start, end, kind; one a line."""
    placements = [f"A {line.strip()}" for line in placement.strip().splitlines()]
    return tables(
        cla_episode=f"child_id started_on ended_on legal_status_kind\n{episode}",
        placement="\n".join(["child_id started_on ended_on placement_kind", *placements]),
        visit="\n".join(["child_id cohort_kind happened_on child_seen", *(f"A cla {day} yes" for day in visits)]),
    )


def due(of: Tables, day: str) -> str:
    return str(cases("cla_visits_in_time", of, day)["due_on"].iloc[0].date())


def in_time_until(of: Tables, last: str) -> None:
    next_day = str((pd.Timestamp(last) + pd.Timedelta(days=1)).date())
    assert due(of, last) == last
    assert outcome("cla_visits_in_time", of, last) == {"A": "met"}
    assert outcome("cla_visits_in_time", of, next_day) == {"A": "not met"}


def test_a_first_visit_is_due_seven_days_after_the_placement_began() -> None:
    in_time_until(in_care("2024-05-24 - U4"), "2024-05-31")


def test_not_yet_seen_and_not_yet_due_is_shown_apart() -> None:
    of = in_care("2024-05-24 - U4")
    assert cases("cla_visits_in_time", of, "2024-05-31")["apart"].tolist() == ["not seen yet, not yet due"]
    assert cases("cla_visits_in_time", of, "2024-06-01")["apart"].isna().all()


def test_a_new_placement_starts_the_seven_days_again() -> None:
    moved = in_care("2023-01-09 2024-05-20 U4\n2024-05-20 - U4", "2024-05-17")
    in_time_until(moved, "2024-05-27")
    assert due(moved, "2024-05-19") == "2024-08-17", "until the move the old placement's clock runs"


def test_a_visit_on_the_day_of_the_move_counts_for_the_new_placement_and_one_the_day_before_does_not() -> None:
    placements = "2024-04-01 2024-05-20 U4\n2024-05-20 - U4"
    assert due(in_care(placements, "2024-05-20"), "2024-05-31") == "2024-07-01"
    assert due(in_care(placements, "2024-05-19"), "2024-05-31") == "2024-05-27"


def test_visits_are_six_weeks_apart_in_the_first_year() -> None:
    in_time_until(in_care("2024-01-08 - U4", "2024-04-19"), "2024-05-31")


@pytest.mark.parametrize("kind", ["U1", "U4"])
def test_after_a_year_in_a_placement_meant_to_last_visits_are_three_months_apart(kind: str) -> None:
    in_time_until(in_care(f"2023-01-10 - {kind}", "2024-01-10"), "2024-04-10")
    in_time_until(in_care(f"2023-01-10 - {kind}", "2024-01-09"), "2024-02-20")


@pytest.mark.parametrize("kind", ["U2", "U3", "U5", "U6", "K2", "P1", "-"])
def test_after_a_year_in_any_other_placement_they_stay_six_weeks_apart(kind: str) -> None:
    in_time_until(in_care(f"2023-01-10 - {kind}", "2024-01-10"), "2024-02-21")


def test_three_months_are_clamped_to_the_end_of_a_shorter_one() -> None:
    in_time_until(in_care("2022-01-10 - U4", "2023-11-30"), "2024-02-29")
    in_time_until(in_care("2021-01-10 - U4", "2022-11-30"), "2023-02-28")


@pytest.mark.parametrize("status", ["V3", "V4"])
def test_short_breaks_are_not_counted(status: str) -> None:
    assert not outcome("cla_visits_in_time", in_care("2024-01-08 - U4", episode=f"A 2024-01-08 - {status}"), "2024-05")


@pytest.mark.parametrize("status", ["C1", "C2", "E1", "V2", "-"])
def test_every_other_legal_status_is(status: str) -> None:
    assert set(outcome("cla_visits_in_time", in_care("2024-01-08 - U4", episode=f"A 2024-01-08 - {status}"), "2024-05")) == {"A"}


def test_a_child_is_in_care_until_the_day_before_the_episode_ends() -> None:
    of = in_care("2024-05-27 - U4", episode="A 2024-05-27 2024-05-31 C2")
    assert outcome("cla_visits_in_time", of, "2024-05-30") == {"A": "met"}
    assert not outcome("cla_visits_in_time", of, "2024-05-31")


def test_with_no_placement_known_the_clock_runs_from_the_episode() -> None:
    of = tables(cla_episode="child_id started_on\nA 2024-05-24")
    in_time_until(of, "2024-05-31")


def test_a_visit_not_seen_or_after_the_date_does_not_count() -> None:
    of = in_care("2024-01-08 - U4").with_frames(
        visit=tables(visit="child_id cohort_kind happened_on child_seen\nA cla 2024-05-30 no\nA cla 2024-06-01 yes").visit
    )
    assert cases("cla_visits_in_time", of, "2024-05")["happened_on"].isna().all()


def test_a_placement_of_an_earlier_time_in_care_does_not_settle_a_later_one() -> None:
    """Back in care with no placement known: whether it is meant to last is unknown, so visits stay six weeks apart."""
    back = "A 2018-01-08 2020-06-01 C2\nA 2022-01-10 - C2"
    of = in_care("2018-01-08 2020-06-01 U4", "2024-04-30", episode=back)
    assert due(of, "2024-05") == "2024-06-11"
