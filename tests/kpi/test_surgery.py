"""Who is late in a surgery and for how long, what became of those late last time, and the workers who hold them."""

from __future__ import annotations

import pandas as pd
import pytest

from kpi import surgery
from tests.kpi.building import tables
from tests.kpi.surgery_council import COUNCIL

NOW, THEN, FIRST = (pd.Timestamp(day) for day in ("2026-06-09", "2026-05-26", "2026-05-12"))


def test_the_children_are_late_first_by_working_days_then_due_soon_with_the_surgeries_running() -> None:
    before = [surgery.children(COUNCIL, day) for day in (THEN, FIRST)]
    now = surgery.children(COUNCIL, NOW, before=before)
    told = now.assign(due_on=now["due_on"].dt.strftime("%m-%d"), working=now["working_days_late"].astype("int64"))
    assert told[["child_id", "plan", "state", "due_on", "working", "surgeries_running"]].values.tolist() == [
        ["unseen", "CP", "overdue", "04-29", 27, 3],
        ["moved", "CP, neglect", "due_soon", "06-09", 0, 0],
        ["booked", "CP, emotional", "due_soon", "06-11", -2, 0],
        ["seen", "CP, neglect", "due_soon", "06-11", -2, 0],
        ["late", "CP, neglect", "due_soon", "06-16", -5, 0],
    ]
    harbour = surgery.children(COUNCIL, NOW, level="team", unit_id="Harbour")
    assert harbour["child_id"].tolist() == ["booked", "seen", "late"]
    gap = [before[0][before[0]["child_id"] != "unseen"], before[1]]
    assert surgery.children(COUNCIL, NOW, before=gap)["surgeries_running"][0] == 1, "a surgery without the child breaks the run"
    assert surgery.children(COUNCIL, NOW, "core_groups_in_time").empty
    assert surgery.children(COUNCIL, NOW, "contacts").empty


@pytest.mark.parametrize(
    ("late", "dated", "likely"),
    [(3, 5, "3 of 5 of the worker’s visits"), (2, 5, ""), (3, 16, ""), (3, 15, "3 of 15 of the worker’s visits"), (3, 4, "")],
)
def test_late_recording_is_suspected_of_a_worker_who_often_records_late(late: int, dated: int, likely: str) -> None:
    """Three visits and a fifth of those dated; with fewer than five of the worker's own, the team's, where 3 of 24 are late."""
    rows = [
        {"child_id": f"C{n}", "cohort_kind": "cp", "happened_on": pd.Timestamp("2026-05-01"), "child_seen": True, "worker_id": "W1",
         "team_id": "Harbour", "recorded_on": pd.Timestamp("2026-05-07" if n < late else "2026-05-06")}
        for n in range(dated)
    ]  # fmt: skip
    others = [{**rows[-1], "child_id": f"D{n}", "worker_id": "W2", "recorded_on": pd.Timestamp("2026-05-02")} for n in range(20)]
    of = tables(cp_plan="child_id started_on team_id worker_id\nA 2026-05-01 Harbour W1", visit=[*rows, *others])
    said = surgery.children(of, NOW)["late_recording_suspected"].tolist()
    assert said == [f"{likely} recorded over 5 days late" if likely else ""]


def test_what_became_of_each_child_late_last_time_is_told_by_the_data() -> None:
    then = surgery.children(COUNCIL, THEN, level="team", unit_id="Harbour")
    assert set(then.loc[then["state"] == "overdue", "child_id"]) == {"seen", "late", "booked", "unseen", "ended", "endslate"}
    told = surgery.since_last(COUNCIL, then, NOW, then=THEN, reach={"visit:cp": NOW}).set_index("child_id")
    assert told[["outcome", "words"]].to_dict("index") == {
        "seen": {"outcome": "seen_on", "words": "Seen 28 May"},
        "late": {"outcome": "seen_on", "words": "Seen 2 June"},
        "booked": {"outcome": "seen_on", "words": "Seen 28 May, recorded 4 June"},
        "unseen": {"outcome": "moved", "words": "Moved to Brook by 5 June; last seen 15 April"},
        "ended": {"outcome": "no_longer_open", "words": "Plan ended 28 May; last seen 20 April"},
        "endslate": {"outcome": "no_longer_open", "words": "Plan ended 30 May; no visit at which the child was seen is recorded"},
    }
    stayed = COUNCIL.with_frames(allocation=COUNCIL.allocation.head(0))
    still = surgery.since_last(stayed, then, NOW, then=THEN, reach={"visit:cp": NOW}).set_index("child_id").loc["unseen"]
    assert (still["outcome"], still["words"], still["days"], still["team_id"]) == ("still_not_seen", "Last seen 15 April", 41, "Harbour")
    stale = surgery.since_last(stayed, then, NOW, then=THEN, reach={"visit:cp": THEN}).set_index("child_id").loc["unseen"]
    assert stale["outcome"] == "cannot_tell", "no extract is newer than that surgery"
    assert surgery.since_last(COUNCIL, then.head(0), NOW).empty


def test_the_workers_are_those_who_hold_the_cases_or_are_posted_there_and_nobody_is_one_of_them() -> None:
    of = tables(
        cp_plan="""
            child_id started_on team_id worker_id
            A        2026-05-27 Harbour W1
            B        2026-01-05 Harbour W1
            C        2026-05-27 Harbour -
            D        2026-05-27 Brook   W1
        """,
        visit="child_id cohort_kind happened_on child_seen\nA cp 2026-06-05 yes",
        worker="""
            worker_id observed_on team_id role          fte started_on
            W1        2026-06-01  Harbour Social_worker 0.6 2025-01-01
            W2        2026-06-01  Harbour Social_worker 1.0 2025-01-01
            W3        2026-06-01  Brook   Social_worker 1.0 2025-01-01
        """,
        supervision="worker_id happened_on held\nW1 2026-03-31 yes\nW2 2026-06-01 yes",
    )
    rows = surgery.workers(of, NOW, level="team", unit_id="Harbour").set_index("worker_id")
    counted = rows[["cases", "in_time", "of", "overdue", "due_soon"]]
    assert {who: tuple(row) for who, row in counted.iterrows()} == {
        "W1": (2, 1, 2, 1, 0),
        "W2": (0, 0, 0, 0, 0),
        "unallocated": (1, 1, 1, 0, 1),
    }
    assert rows["supervision_state"].dropna().to_dict() == {"W1": "overdue", "W2": "in_time"}
    assert rows.loc["W1", ["fte", "role", "last_supervised_on"]].tolist() == [0.6, "Social worker", pd.Timestamp("2026-03-31")]
    whole = surgery.workers(of, NOW)
    assert whole[["worker_id", "team_id", "cases"]].values.tolist() == [
        ["W1", "Brook", 1], ["W1", "Harbour", 2], ["W2", "Harbour", 0], ["W3", "Brook", 0], ["unallocated", "Harbour", 1],
    ]  # fmt: skip


def test_a_focus_looks_at_the_duties_its_measure_is_timed_by() -> None:
    focus = ("visits", "cp_visits_in_time", "cla_visits_in_time", "seen_after_contact", "assessments_in_45_days", "contacts", "no_such")
    assert [surgery.duties_of(key) for key in focus] == [
        ("cp_visit", "cin_visit", "cla_visit", "contact_visit"), ("cp_visit",), ("cla_visit",), ("contact_visit",), ("assessment",), (), (),
    ]  # fmt: skip


def test_children_of_whom_nothing_can_be_told_are_counted_apart() -> None:
    of = tables(
        referral="child_id happened_on team_id\nX 2025-01-06 Harbour",
        visit="child_id cohort_kind happened_on child_seen\nY contact 2026-05-06 yes",
        covered={"visit:contact": ["2026-05"], "referral": ["2026-05"]},
    )
    assert surgery.children(of, NOW).empty
    assert surgery.children_left_out(of, NOW)["child_id"].tolist() == ["X"]


def test_with_little_loaded_nothing_fails() -> None:
    """No workforce, no supervision, no visit: the case that is there is listed, and nothing is made up."""
    empty, little = (
        tables(),
        tables(cp_plan="child_id started_on team_id worker_id\nA 2026-01-05 Harbour W1", covered={"visit:cp": ["2026-05"]}),
    )
    assert [len(surgery.workers(empty, NOW)), len(surgery.children(empty, NOW)), len(surgery.children_left_out(empty, NOW))] == [0, 0, 0]
    worker = surgery.workers(little, NOW).iloc[0]
    assert (worker["worker_id"], worker["cases"], worker["of"], worker["overdue"]) == ("W1", 1, 1, 1)
    assert worker[["fte", "role", "last_supervised_on", "supervision_state"]].isna().all()
    assert surgery.children(little, NOW)["late_recording_suspected"].tolist() == [""]


def test_what_audits_asked_for_is_of_the_unit_that_owes_it() -> None:
    """Overdue the day after it was due; due soon within five working days; what is done, or due later, is not in it."""
    of = tables(
        audit="audit_id child_id happened_on team_id\n1 A 2026-04-01 Harbour\n2 B 2026-04-01 Brook",
        audit_action="""
        audit_id action_id due_on     completed_on
        1        late      2026-06-08 -
        1        today     2026-06-09 -
        1        soon      2026-06-16 -
        1        later     2026-06-17 -
        1        done      2026-05-01 2026-06-09
        2        brooks    2026-05-01 2026-06-10
        """,
    )
    day = pd.Timestamp("2026-06-09")
    states = surgery.audit_actions(of, day, "team", "Harbour").set_index("action_id")["state"].to_dict()
    assert states == {"late": "overdue", "today": "due_soon", "soon": "due_soon"}
    assert surgery.audit_actions(of, day)["action_id"].tolist() == ["brooks", "late", "today", "soon"]
