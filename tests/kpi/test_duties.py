"""The statutory clock: what is owed, to whom, by when, and that it agrees with the measures and with counting by hand."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from data import reference
from data.tables import BY_NAME, Clock, Tables
from kpi import REGISTER
from kpi.clock import in_words
from kpi.duties import COLUMNS, DUTIES, answers, due, due_in_next, overdue
from kpi.visit_rules import cla_visit_due
from tests.kpi.building import periods, tables
from tests.kpi.naive_practice import cla_visit_due as by_hand
from tests.kpi.random_council import MONTHS, council
from tests.kpi.random_practice import practised

SEEDS = (1, 2, 3)
SOME_MONTHS = [MONTHS[n] for n in (0, 5, 11, 17)]
MAY = pd.Timestamp("2024-05-31")
every_council = pytest.mark.parametrize("seed", SEEDS)
NEEDED = ("cp_plan", "visit:cp", "core_group", "cp_review")


def said(found: pd.DataFrame) -> dict[str, tuple[str, str]]:
    return {
        case: (f"{due_on:%Y-%m-%d}", state) for case, due_on, state in zip(found["child_id"], found["due_on"], found["state"], strict=True)
    }


# What is owed ------------------------------------------------------------------------------------------------------------------


def plans(*started: str) -> str:
    return "child_id started_on ended_on team_id\n" + "\n".join(f"{name} {day} - T1" for name, day in zip("ABCDE", started, strict=False))


def test_the_due_day_is_not_late_the_next_is_and_five_working_days_are_soon() -> None:
    of = tables(cp_plan=plans("2024-05-16", "2024-05-15", "2024-05-23", "2024-05-24"), covered={"visit:cp": ["2024-05"]})
    assert said(due(of, MAY, ["cp_visit"])) == {
        "B": ("2024-05-30", "overdue"),
        "A": ("2024-05-31", "due_soon"),
        "C": ("2024-06-07", "due_soon"),
        "D": ("2024-06-10", "in_time"),
    }
    assert list(overdue(of, MAY, ["cp_visit"])["child_id"]) == ["B"]
    assert list(due_in_next(of, MAY, duties=["cp_visit"])["child_id"]) == ["A", "C"]
    assert list(due_in_next(of, MAY, 6, duties=["cp_visit"])["child_id"]) == ["A", "C", "D"]


def test_working_days_late_and_left_do_not_count_weekends_and_bank_holidays() -> None:
    of = tables(cp_plan=plans("2024-05-09", "2024-05-16"), covered={"visit:cp": ["2024-05"]})
    found = due(of, pd.Timestamp("2024-05-28"), ["cp_visit"]).set_index("child_id")
    assert found.loc["A", ["days_late", "working_days_late"]].tolist() == [5.0, 2.0], "due on Thursday 23 May; the 27th is a bank holiday"
    assert found.loc["B", ["days_late", "working_days_late"]].tolist() == [-3.0, -3.0]


def test_an_authoritys_own_dated_standard_takes_the_place_of_the_default() -> None:
    standards = [
        Clock("cp_visit", pd.Timestamp("2000-01-01"), 10, "working_days", "a test"),
        Clock("cp_visit", pd.Timestamp("2024-05-10"), 14, "calendar_days", "a test"),
    ]
    of = tables(cp_plan=plans("2024-05-09", "2024-05-10"), covered={"visit:cp": ["2024-05"]}, standards=standards)
    found = due(of, MAY, ["cp_visit"]).set_index("child_id")
    assert found["rule"].to_dict() == {
        "A": "10 working days after the child protection plan began",
        "B": "14 days after the child protection plan began",
    }
    assert f"{found.loc['B', 'due_on']:%Y-%m-%d}" == "2024-05-24"


def test_a_duty_whose_extract_is_not_loaded_is_not_said_to_be_late() -> None:
    of = tables(cp_plan=plans("2024-01-01"), covered={"visit:cp": ["2024-04"], "cp_plan": ["2024-05"]})
    assert set(due(of, MAY)["duty"]) == {"cp_visit"}
    told = answers(of, MAY).set_index("duty")
    assert told.loc["core_group", "missing"] == "core_group"
    assert told.loc["cp_visit", "missing"] == ""
    assert told.loc["cp_visit", "known_until"] == pd.Timestamp("2024-04-30")
    assert not told.loc["cp_visit", "up_to_date"], "visits of May are not loaded yet"
    assert answers(of, pd.Timestamp("2024-04-30")).set_index("duty").loc["cp_visit", "up_to_date"]


def test_nothing_loaded_is_an_empty_list_with_its_columns() -> None:
    found = due(tables(), MAY)
    assert found.empty
    assert tuple(found.columns) == COLUMNS


def test_in_the_middle_of_a_month_the_last_extract_before_it_says_who_is_in_need() -> None:
    of = tables(
        case_status="""
        child_id started_on observed_on status_kind  ended_on
        A        2024-01-08 2024-04-30  in_need_plan -
        B        2024-01-08 2024-04-30  in_need_plan 2024-05-06
        C        2024-01-08 2024-04-30  closed       2024-04-02
        """,
        covered={"visit:cin": ["2024-04"]},
    )
    assert list(due(of, pd.Timestamp("2024-05-10"), ["cin_visit"])["child_id"]) == ["A"]


def test_a_worker_who_is_away_and_one_with_no_day_to_count_from_are_left_out_and_say_why() -> None:
    of = tables(
        worker="""
        worker_id observed_on role          caseload started_on absent_from_on
        away      2024-05-31  Social_Worker 12       2020-01-06 2024-05-02
        undated   2024-05-31  Social_Worker 12       -          -
        manager   2024-05-31  Team_Manager  -        2020-01-06 -
        """,
        supervision="worker_id happened_on\nother 2024-05-01",
    )
    found = due(of, MAY, ["supervision"]).set_index("worker_id")
    assert found["left_out"].to_dict() == {"away": "away from work on the day", "undated": "no day to count from is recorded"}
    assert set(found["state"]) == {"left_out"}
    assert found["due_on"].isna().all()


def test_a_section_47_that_needs_no_conference_owes_none_and_one_that_does_not_say_is_left_out() -> None:
    of = tables(
        section47="""
        child_id happened_on conference_unnecessary
        needs    2024-05-01  no
        needless 2024-05-01  yes
        unsaid   2024-05-01  -
        held     2024-05-01  no
        """,
        icpc="child_id happened_on\nheld 2024-05-20",
    )
    found = due(of, MAY, ["icpc"]).set_index("child_id")
    assert found["state"].to_dict() == {"needs": "overdue", "unsaid": "left_out"}


@pytest.mark.parametrize(
    ("more", "owed"),
    [
        ({}, True),
        ({"visit": "child_id cohort_kind happened_on child_seen\nA contact 2024-05-09 yes"}, False),
        ({"visit": "child_id cohort_kind happened_on child_seen\nA contact 2024-05-09 no"}, True),
        ({"visit": "child_id cohort_kind happened_on child_seen\nA cp 2024-05-09 yes"}, False),
        ({"visit": "child_id cohort_kind happened_on child_seen\nA contact 2024-04-30 yes"}, True),
        ({"referral": "child_id happened_on no_further_action\nA 2024-05-01 yes"}, False),
        ({"referral": "child_id happened_on closed_on\nA 2024-05-01 2024-05-31"}, False),
        ({"referral": "child_id happened_on closed_on\nA 2024-05-01 2024-06-01"}, True),
        ({"assessment": "child_id started_on ended_on child_seen\nA 2024-05-02 2024-05-31 yes"}, False),
        ({"assessment": "child_id started_on ended_on child_seen\nA 2024-05-02 2024-05-31 no"}, True),
        ({"assessment": "child_id started_on ended_on child_seen\nA 2024-05-02 - yes"}, True),
    ],
)
def test_a_first_visit_is_owed_until_the_child_was_seen_or_the_work_is_closed(more: dict[str, str], owed: bool) -> None:
    rows = {"referral": "child_id happened_on\nA 2024-05-01", **more}
    assert bool(len(due(tables(covered={"visit:contact": ["2024-05"]}, **rows), MAY, ["contact_visit"]))) is owed


def test_a_referral_from_before_the_visits_loaded_is_left_out_as_nobody_knows_whether_the_child_was_seen() -> None:
    of = tables(referral="child_id happened_on\nbefore 2024-03-31\nsince 2024-04-01", covered={"visit:contact": ["2024-04", "2024-05"]})
    found = due(of, MAY, ["contact_visit"]).set_index("child_id")
    assert found["state"].to_dict() == {"since": "overdue", "before": "left_out"}
    assert found.loc["before", "left_out"].startswith("the referral is from before the visits loaded")


# It agrees with the measures ---------------------------------------------------------------------------------------------------


@every_council
@pytest.mark.parametrize(
    ("duty", "key"),
    [("cp_visit", "cp_visits_in_time"), ("cin_visit", "cin_visits_in_time"), ("cla_visit", "cla_visits_in_time")],
)
def test_the_clock_and_the_measure_say_the_same_of_every_child(duty: str, key: str, seed: int) -> None:
    of = council(seed)
    late = 0
    for month in SOME_MONTHS:
        cases = REGISTER[key].cases_of(of, pd.DatetimeIndex([month]))
        found = due(of, month, [duty])
        measured = sorted(
            zip(cases["child_id"], cases["team_id"], cases["worker_id"], cases["due_on"], ~cases["met"].astype(bool), strict=True)
        )
        told = sorted(
            zip(found["child_id"], found["team_id"], found["worker_id"], found["due_on"], found["state"] == "overdue", strict=True)
        )
        assert told == measured, f"{month:%Y-%m}"
        late += int((found["state"] == "overdue").sum())
    assert late, "nobody is late in these months: they prove nothing"


@every_council
def test_the_clock_and_the_measure_say_the_same_of_first_visits(seed: int) -> None:
    """Of the visits that fell due in the month: whoever the clock still has on its list the measure has as not seen, due the same day."""
    every = council(seed)
    of, both = every.with_frames(visit=every.visit[every.visit["cohort_kind"] == "contact"].reset_index(drop=True)), 0
    for month in MONTHS:
        cases = REGISTER["seen_after_contact"].cases_of(of, pd.DatetimeIndex([month]))
        unseen = cases[(cases["reason"] == "not seen") & cases["left_out"].isna()]
        found = due(of, month, ["contact_visit"])
        ours = found[
            (found["due_on"] > month - pd.offsets.MonthBegin(1)) & (found["due_on"] <= month) & (found["due_on"].dt.month == month.month)
        ]
        assert set(zip(ours["child_id"], ours["due_on"], strict=True)) <= set(zip(unseen["child_id"], unseen["due_on"], strict=True))
        both += len(ours)
    assert both


@every_council
@pytest.mark.parametrize(
    ("duty", "key", "who"),
    [("case_supervision", "case_supervision_current", "child_id"), ("plan_update", "plan_actions_updated", "case_id")],
)
def test_the_clock_and_the_measures_of_practice_agree(duty: str, key: str, who: str, seed: int) -> None:
    of = practised(council(seed), seed)
    for month in SOME_MONTHS:
        cases = REGISTER[key].cases_of(of, pd.DatetimeIndex([month]))
        found = due(of, month, [duty])
        measured = sorted(zip(cases[who], cases["due_on"], ~cases["met"].astype(bool), strict=True))
        assert sorted(zip(found[who], found["due_on"], found["state"] == "overdue", strict=True)) == measured
        assert measured


@every_council
def test_what_is_due_soon_and_what_is_overdue_are_parts_of_what_is_owed(seed: int) -> None:
    of, month = practised(council(seed), seed), MONTHS[9]
    owed = due(of, month)
    late, soon = overdue(of, month), due_in_next(of, month)
    assert len(late) == (owed["state"] == "overdue").sum() > 0
    assert len(soon) == (owed["state"] == "due_soon").sum() > 0
    assert owed["due_on"].notna().equals(owed["left_out"].isna())
    assert not owed.duplicated(["duty", "case_id"]).any()
    assert (owed.loc[owed["left_out"].isna(), "rule"] != "").all()
    assert (owed[["worker_id", "team_id"]] != "").all(axis=None)
    assert owed[["worker_id", "team_id"]].notna().all(axis=None)


@every_council
def test_what_happens_later_does_not_change_what_was_owed(seed: int) -> None:
    of, day = council(seed), MONTHS[9]
    later = {name: of.frames[name][of.frames[name]["happened_on"] > day] for name in ("visit", "core_group", "cp_review", "referral")}
    assert all(len(rows) for rows in later.values())
    then = of.with_frames(**{name: of.frames[name].drop(rows.index).reset_index(drop=True) for name, rows in later.items()})
    pd.testing.assert_frame_equal(due(then, day), due(of, day))


# Regulation 28 -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_regulation_28_equals_counting_by_hand(seed: int) -> None:
    """Sixty invented children, their placement, order, visits and reviews drawn at random, at one day each."""
    draw, day = random.Random(seed), date(2024, 5, 31)
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in ("cla_episode", "placement", "legal_status", "visit", "cla_review")}
    expected = {}
    for number in range(60):
        child, placed = f"C{number:02}", day - timedelta(days=draw.choice([3, 7, 8, 30, 60, 400, 900]))
        kind, status = draw.choice(["P1", "P1", "U4", "U1", "U6", None]), draw.choice(["C1", "C2", "V2", None])
        ordered = draw.choice([None, placed + timedelta(days=draw.randint(-5, 20))])
        ordered = ordered if ordered and ordered <= day else None
        seen = [
            day - timedelta(days=draw.choice([-3, 0, 6, 7, 8, 9, 20, 28, 29, 42, 43, 90, 93, 420]))
            for _ in range(draw.choice([0, 1, 2, 5]))
        ]
        held = [day - timedelta(days=draw.choice([-2, 0, 1, 5, 7, 8, 14, 40, 500])) for _ in range(draw.choice([0, 1, 1]))]
        began = placed - timedelta(days=200)
        rows["cla_episode"].append({"child_id": child, "started_on": began, "legal_status_kind": "V2" if ordered else status})
        rows["placement"].append({"child_id": child, "started_on": placed, "placement_kind": kind})
        if ordered and status:
            rows["legal_status"].append({"child_id": child, "started_on": ordered, "legal_status_kind": status})
        rows["visit"] += [{"child_id": child, "cohort_kind": "cla", "happened_on": on, "child_seen": True} for on in sorted(set(seen))]
        rows["cla_review"] += [{"child_id": child, "happened_on": on} for on in held]
        now = status if ordered and status else ("V2" if ordered else status)
        expected[child] = by_hand(
            today=day, placed=placed, kind=kind, status=now, ordered=ordered if status else None, seen_on=seen, reviews=held
        )  # fmt: skip
    of = tables(**rows)
    children = of.cla_episode.assign(period=periods("2024-05-31")[0])
    found = dict(zip(children["child_id"], pd.Series(cla_visit_due(children, of).due_on).dt.date, strict=True))
    assert found == expected


def test_a_weekly_visit_that_was_due_before_the_review_stays_due() -> None:
    of = tables(
        cla_episode="child_id started_on legal_status_kind\nA 2024-05-01 C1",
        placement="child_id started_on placement_kind\nA 2024-05-01 P1",
        visit="child_id cohort_kind happened_on child_seen\nA cla 2024-05-02 yes",
        cla_review="child_id happened_on\nA 2024-05-10",
    )
    assert said(due(of, MAY, ["cla_visit"])) == {"A": ("2024-05-09", "overdue")}


# The register ------------------------------------------------------------------------------------------------------------------


def test_every_duty_has_its_clocks_and_its_words() -> None:
    clocks = {clock.duty: clock for clock in tables().clocks}
    for duty in DUTIES:
        for rule in duty.rules:
            assert clocks[rule.clock].unit in ("working_days", "calendar_days", "months")
            assert rule.says(in_words(clocks[rule.clock]))[0].isdigit()
    assert len({duty.key for duty in DUTIES}) == len(DUTIES) == 16


def test_every_rule_that_can_hold_is_in_its_dutys_list() -> None:
    of = practised(council(1), 1)
    for duty in DUTIES:
        cases = duty.owed_to(of, pd.DatetimeIndex([MONTHS[9]]))
        assert set(duty.due(cases, of).rules) == set(duty.rules), duty.key
        assert np.isin(duty.due(cases, of).which, range(-1, len(duty.rules))).all()


def test_a_review_on_the_day_the_plan_began_is_not_a_review_of_it() -> None:
    plan = BY_NAME["cp_plan"].conform(pd.DataFrame({"child_id": ["1"], "started_on": pd.to_datetime(["2026-01-10"])}))
    review = BY_NAME["cp_review"].conform(pd.DataFrame({"child_id": ["1"], "happened_on": pd.to_datetime(["2026-01-10"])}))
    tables = Tables({"cp_plan": plan, "cp_review": review}, reference.clocks("local"), reference.bank_holidays())
    assert due(tables, pd.Timestamp("2026-03-01"), ["cp_review"])["due_on"].tolist() == [pd.Timestamp("2026-04-10")]


def test_a_plan_begun_since_an_enquiry_settles_the_conference_it_needed() -> None:
    enquiry = {"child_id": ["1"], "happened_on": pd.to_datetime(["2026-01-10"]), "conference_unnecessary": [False]}
    plan = BY_NAME["cp_plan"].conform(pd.DataFrame({"child_id": ["1"], "started_on": pd.to_datetime(["2026-01-20"])}))
    covered = {name: pd.DatetimeIndex(["2026-01-31"]) for name in ("section47", "icpc")}
    frames = {"section47": BY_NAME["section47"].conform(pd.DataFrame(enquiry))}
    waiting = Tables(frames, reference.clocks("local"), reference.bank_holidays(), covered)
    assert len(due(waiting, pd.Timestamp("2026-03-01"), ["icpc"])) == 1
    assert due(waiting.with_frames(cp_plan=plan), pd.Timestamp("2026-03-01"), ["icpc"]).empty
