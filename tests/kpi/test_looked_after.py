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


# Living with a parent ----------------------------------------------------------------------------------------------------------


def with_parent(order: str, *visits: str, review: str = "", orders: str = "") -> Tables:
    """Placed with a parent on 8 April 2024; `orders`: start and kind of dated legal statuses, one a line."""
    of = in_care("2024-04-08 - P1", *visits, episode=f"A 2024-01-08 - {order}")
    reviews = tables(cla_review=f"child_id happened_on\nA {review}").cla_review if review else of.cla_review
    heading = "child_id started_on legal_status_kind"
    dated = tables(legal_status="\n".join([heading, *(f"A {line}" for line in orders.splitlines())])).legal_status
    return of.with_frames(cla_review=reviews, legal_status=dated)


def test_under_an_interim_order_with_a_parent_visits_are_weekly_until_the_first_review_and_then_every_four_weeks() -> None:
    in_time_until(with_parent("C1"), "2024-04-15")
    in_time_until(with_parent("C1", "2024-05-20"), "2024-05-27")
    in_time_until(with_parent("C1", "2024-05-20", review="2024-04-29"), "2024-06-17")
    in_time_until(with_parent("C1", "2024-05-20", review="2024-04-07"), "2024-05-27")


def test_under_a_care_order_with_a_parent_a_visit_is_due_in_a_week_of_the_order_and_then_every_six_weeks() -> None:
    in_time_until(with_parent("C2"), "2024-04-15")
    in_time_until(with_parent("C2", "2024-05-20"), "2024-07-01")
    in_time_until(with_parent("C1", "2024-05-20", orders="2024-05-24 C2"), "2024-05-31")


# Due events --------------------------------------------------------------------------------------------------------------------


def made(of: Tables, day: str) -> list[tuple[str, bool]]:
    """When each visit that fell due in the month was due, and whether it was made by then; nothing may be left out."""
    found = cases("cla_visits_due_made", of, day)
    assert found["left_out"].isna().all()
    return sorted(zip(found["due_on"].dt.strftime("%Y-%m-%d"), found["met"].astype(bool), strict=True))


def test_a_visit_made_on_the_day_it_was_due_is_made_and_one_made_the_next_day_is_not() -> None:
    assert made(in_care("2024-05-03 - U4", "2024-05-10", episode="A 2024-05-03 - C2"), "2024-05") == [("2024-05-10", True)]
    assert made(in_care("2024-05-03 - U4", "2024-05-11", episode="A 2024-05-03 - C2"), "2024-05") == [("2024-05-10", False)]


def logged(placement: str, *visits: str) -> Tables:
    """A child who came into care on 1 March 2024, in a log that holds another child's visit in every month."""
    of = in_care(placement, *visits, episode="A 2024-03-01 - C2")
    others = "\n".join(f"B cla 2024-{month:02}-01 yes" for month in range(1, 13))
    visit = tables(visit=f"child_id cohort_kind happened_on child_seen\n{others}").visit
    return of.with_frames(visit=pd.concat([of.visit, visit], ignore_index=True))


def test_each_visit_sets_the_clock_of_the_next() -> None:
    of = logged("2024-03-01 - U4", "2024-03-05", "2024-04-02", "2024-05-14", "2024-06-26")
    assert [made(of, month) for month in ("2024-03", "2024-04", "2024-05", "2024-06")] == [
        [("2024-03-08", True)], [("2024-04-16", True)], [("2024-05-14", True)], [("2024-06-25", False)],
    ]  # fmt: skip


def test_a_visit_missed_counts_once_in_the_month_it_was_due() -> None:
    of = logged("2024-03-01 - U4", "2024-03-05", "2024-07-30")
    assert made(of, "2024-04") == [("2024-04-16", False)]
    assert made(of, "2024-05") == []


def test_a_visit_due_on_or_after_the_day_of_a_move_falls_away() -> None:
    same_day = logged("2024-03-01 2024-04-16 U4\n2024-04-16 - U4", "2024-03-05")
    assert made(same_day, "2024-04") == [("2024-04-23", False)], "the new placement owes its own"
    day_after = logged("2024-03-01 2024-04-17 U4\n2024-04-17 - U4", "2024-03-05")
    assert made(day_after, "2024-04") == [("2024-04-16", False), ("2024-04-24", False)]


def test_a_visit_due_when_care_had_ended_falls_away() -> None:
    of = logged("2024-03-01 - U4", "2024-03-05")
    left = tables(cla_episode="child_id started_on ended_on\nA 2024-03-01 2024-04-16").cla_episode
    assert made(of.with_frames(cla_episode=left), "2024-04") == []


def test_a_visit_on_the_day_of_the_move_is_the_first_one() -> None:
    of = logged("2024-03-01 - U4", "2024-03-01")
    assert made(of, "2024-03") == [("2024-03-08", True)]
    assert made(of, "2024-04") == [("2024-04-12", False)]


def test_after_a_year_in_a_placement_meant_to_last_the_next_is_due_in_three_months() -> None:
    of = logged("2024-03-01 - U4", "2025-03-01", "2025-05-31")
    more = pd.concat([of.visit, tables(visit="child_id cohort_kind happened_on child_seen\nB cla 2025-06-01 yes").visit], ignore_index=True)
    assert made(of.with_frames(visit=more), "2025-06") == [("2025-06-01", True)]


def test_a_last_visit_date_printed_in_a_list_is_no_visit_of_the_log() -> None:
    of = logged("2024-03-01 - U4")
    printed = tables(visit="child_id cohort_kind happened_on child_seen origin_kind\nA cla 2024-03-06 yes last_seen").visit
    assert made(of.with_frames(visit=pd.concat([of.visit, printed], ignore_index=True)), "2024-03") == [("2024-03-08", False)]


def test_a_visit_due_in_a_month_the_log_holds_nothing_of_is_left_out() -> None:
    of = in_care("2024-03-01 - U4", "2024-03-05", episode="A 2024-03-01 - C2")
    assert cases("cla_visits_due_made", of, "2024-04")["left_out"].tolist() == ["the visits log does not reach that far"]
