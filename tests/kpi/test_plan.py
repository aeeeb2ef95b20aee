"""The plan beside the figures: the six weeks, what is flagged and what is not, the position, and the days people meet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from data import reference
from data.plan_standing import IN_PLAN
from data.tables import BY_NAME, Clock, Tables
from kpi.plan import FINISHED, IN_TIME, OVERDUE, Flag, Impact, flags, impact_kpis, meeting_days, positions, reaches, update_clock
from kpi.trajectory import Trajectory

DAY = pd.Timestamp("2026-05-31")
CLOCKS = (Clock("plan_update", pd.Timestamp("2000-01-01"), 42, "calendar_days", "Cabinet"),)
ACTION: dict[str, Any] = {
    "action_id": "P1", "recommendation_id": "6", "status_kind": "in_progress", "rag_kind": "green", "due_on": pd.Timestamp("2026-12-31"),
    "evidence": "", "impact_note": "", "updated_on": pd.NaT, "state": IN_PLAN,
}  # fmt: skip
SHORT = Trajectory("off_track", "", 70.0, 12, 4, 0, expected=74.9)
STANDING = Impact("supervised_3_in_3_months", "Three supervisions", "not met", "common", SHORT, False, pd.Timestamp("2026-07-31"))
NO_CLOCK = {"state": IN_TIME, "days_late": -1}


def plan(*rows: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame([{**ACTION, **row} for row in rows])
    return frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in ("due_on", "updated_on")})


def tables(*first_listed: tuple[str, str]) -> Tables:
    rows = pd.DataFrame(
        [{"action_id": of, "observed_on": pd.Timestamp(on)} for of, on in first_listed], columns=["action_id", "observed_on"]
    )
    return Tables({"action": BY_NAME["action"].conform(rows)}, CLOCKS, reference.bank_holidays())


def test_an_update_is_in_time_on_the_forty_second_day_and_overdue_on_the_next() -> None:
    rows = plan(
        {"action_id": "last day", "updated_on": "2026-04-19"}, {"action_id": "a day late", "updated_on": "2026-04-18"},
        {"action_id": "never, last day"}, {"action_id": "never, a day late"},
        {"action_id": "done", "updated_on": "2025-01-01", "status_kind": "complete"},
        {"action_id": "to come", "updated_on": "2026-06-02"},
    )  # fmt: skip
    listed = [(row, "2026-01-01") for row in ("last day", "a day late", "done", "to come")]
    clock = update_clock(rows, tables(*listed, ("never, last day", "2026-04-19"), ("never, a day late", "2026-04-18")), DAY)
    assert dict(zip(clock["action_id"], clock["state"], strict=True)) == {
        "last day": IN_TIME, "a day late": OVERDUE, "never, last day": IN_TIME, "never, a day late": OVERDUE, "done": FINISHED,
        "to come": OVERDUE,
    }  # fmt: skip
    assert clock["days_late"].tolist()[:4] == [0, 1, 0, 1]
    assert pd.isna(clock["due_on"].iloc[4])
    assert clock["rule"].iloc[0] == "42 days after the last update"


@pytest.mark.parametrize(
    ("action", "impact", "flagged"),
    [
        ({}, {}, True),
        ({"rag_kind": "blue"}, {}, True),
        ({"rag_kind": "amber", "status_kind": "complete"}, {}, True),
        ({"rag_kind": "", "status_kind": "closed"}, {}, True),
        ({"rag_kind": "amber"}, {}, False),
        ({"rag_kind": "red"}, {}, False),
        ({"rag_kind": ""}, {}, False),
        ({}, {"status": "near"}, True),
        ({}, {"status": "met"}, False),
        ({}, {"status": "few cases"}, False),
        ({}, {"status": "no target"}, False),
        ({}, {"status": "no data"}, False),
        ({}, {"signal": "improvement"}, False),
        ({}, {"signal": "concern"}, True),
        ({}, {"signal": None}, True),
        ({}, {"reaches": True}, False),
        ({}, {"reaches": None}, False),
        ({}, {"heading": None}, True),
    ],
)
def test_reported_well_while_a_measure_does_not_move(action: dict[str, Any], impact: dict[str, Any], flagged: bool) -> None:
    found = flags({**ACTION, **action}, [replace(STANDING, **impact)], NO_CLOCK, DAY)
    assert ("not moving" in [flag.kind for flag in found]) == flagged


def test_what_is_flagged_is_said_exactly() -> None:
    worse = replace(STANDING, title="Audits inadequate", status="near", signal="concern", heading=None)
    assert flags(ACTION, [STANDING, worse], {"state": OVERDUE, "days_late": 1}, DAY) == [
        Flag(
            "not moving",
            "Reported green, measures not moving: Three supervisions does not meet its target, shows no real improvement, and its "
            "trajectory does not reach the target by 31 Jul 2026; Audits inadequate is near its target but short of it, is worsening, and "
            "has no day to reach it by, so no trajectory that does.",
        ),
        Flag("update overdue", "Update overdue by 1 day."),
    ]
    late = {**ACTION, "rag_kind": "red", "due_on": pd.Timestamp("2026-05-30")}
    assert [flag.says for flag in flags(late, [], NO_CLOCK, DAY)] == [
        "Not finished, and its due day, 30 May 2026, has passed.", "No measure is named that would show its impact.",
    ]  # fmt: skip
    assert flags({**late, "due_on": DAY}, [STANDING], NO_CLOCK, DAY) == [], "on its due day it has not passed"
    done = {**ACTION, "status_kind": "complete", "rag_kind": ""}
    assert [flag.kind for flag in flags(done, [replace(STANDING, status="met")], NO_CLOCK, DAY)] == ["nothing to show"]
    assert flags({**done, "evidence": "Audit"}, [replace(STANDING, status="met")], NO_CLOCK, DAY) == []


def test_a_trajectory_reaches_its_target_where_what_is_expected_is_shown_as_at_it() -> None:
    at = Trajectory("at_risk", "", 70.0, 12, 4, 0, expected=79.96)
    assert reaches(at, 80.0, "higher") is True
    assert reaches(replace(at, expected=79.94), 80.0, "higher") is False
    assert reaches(replace(at, expected=8.54), 8.5, "lower") is True
    assert reaches(replace(at, expected=8.56), 8.5, "lower") is False
    assert reaches(Trajectory("met", "", 81.0, 12, -2, 3), 80.0, "higher") is True
    assert reaches(Trajectory("too_early", "", 70.0, 3, 4, 0), 80.0, "higher") is None
    assert reaches(Trajectory("off_track", "", 70.0, 12, -1, 0), 80.0, "higher") is False
    assert reaches(None, 80.0, "higher") is False


def test_an_action_moves_the_measures_chosen_for_it_else_those_of_its_recommendation() -> None:
    assert "supervised_3_in_3_months" in impact_kpis("6", None)
    assert impact_kpis("6", ("caseload", "no_such_measure")) == ("caseload",)
    assert impact_kpis("6", ()) == ()
    assert impact_kpis("", None) == ()


def test_the_position_counts_each_action_once_and_every_recommendation() -> None:
    rows = plan(
        {"action_id": "a", "updated_on": "2026-01-01"}, {"action_id": "b", "rag_kind": "red", "due_on": "2026-05-30", "updated_on": DAY},
        {"action_id": "c", "status_kind": "complete", "updated_on": DAY},
        {"action_id": "d", "status_kind": "complete", "state": "no longer listed"}, {"action_id": "e", "state": "no longer listed"},
        {"action_id": "f", "recommendation_id": "", "rag_kind": "", "updated_on": DAY},
        {"action_id": "g", "recommendation_id": "R9", "updated_on": DAY},
    )  # fmt: skip
    clock = update_clock(rows, tables(*((of, "2025-01-01") for of in rows["action_id"])), DAY)
    found = positions(rows, clock, {"a": [Flag("not moving", "")], "e": [Flag("not moving", "")]}, DAY).set_index("recommendation_id")
    assert list(found.index) == ["1", "2", "3", "4", "5", "6", "7", "R9", ""]
    six = found.loc["6"]
    assert six.to_dict() == {
        "actions": 4, "finished": 2, "red": 1, "amber": 0, "green": 1, "blue": 0, "unrated": 0, "updates_overdue": 1, "past_day": 1,
        "not_moving": 1,
    }  # fmt: skip
    assert found.loc["", "unrated"] == 1
    assert found["actions"].sum() == 6


def test_meetings_are_counted_from_their_first_day_and_held_on_working_days() -> None:
    rounds = [
        {"kind": "board", "unit_id": "", "first_on": pd.Timestamp("2026-08-31")},
        {"kind": "surgery", "unit_id": "North", "first_on": pd.Timestamp("2026-12-11")},
        {"kind": "updates", "unit_id": "", "first_on": pd.Timestamp("2026-11-02")},
    ]
    days = meeting_days(rounds, tables(), first=pd.Timestamp("2026-10-01"), last=pd.Timestamp("2026-12-31"))
    assert [(row.kind, f"{row.on:%d/%m}", f"{row.counted_on:%d/%m}") for row in days.itertuples()] == [
        ("board", "02/11", "31/10"), ("updates", "02/11", "02/11"), ("surgery", "11/12", "11/12"), ("updates", "14/12", "14/12"),
        ("surgery", "29/12", "25/12"), ("board", "31/12", "31/12"),
    ]  # fmt: skip
