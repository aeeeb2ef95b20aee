"""Local extracts about practice: posts, training, what audits asked for, and the improvement plan."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data.reading import Reading
from tests.loaders.extracts import problems, read, text

MAY_31 = pd.Timestamp("2026-05-31")
ON_THE_DAY = (MAY_31, MAY_31)


def extract(folder: Path, *lines: str, name: str = "extract_2026-05-31.csv") -> Reading:
    return read(text(folder / name, *lines))


def test_establishment(tmp_path: Path) -> None:
    reading = extract(
        tmp_path,
        "team,snapshot_date,posts_fte,vacant_fte,agency_covering_fte",
        "Mill,31/05/2026,12.5,2,1.5",
        "Fern,31/05/2026,8,9,",
        "Mill,31/05/2026,11,2,1",
        name="posts.csv",
    )
    assert reading.tables["establishment"][["team_id", "posts_fte", "vacant_fte", "agency_fte"]].iloc[0].tolist() == ["Mill", 12.5, 2, 1.5]
    assert [(p.row, p.column) for p in problems(reading, "warning")] == [(3, "vacant_fte")]
    assert [p.row for p in problems(reading, "set_aside")] == [4]
    assert (reading.as_at, reading.as_at_from) == (MAY_31, "contents")
    assert reading.covers == reading.complete == {"establishment": ON_THE_DAY}


def test_training_is_as_the_register_stands(tmp_path: Path) -> None:
    reading = extract(
        tmp_path,
        "worker_id,course,required_from,completed_date",
        "SW1,Essentials,01/01/2026,02/03/2026",
        "SW2,Essentials,01/07/2026,",
        "SW1,Essentials,01/01/2026,03/03/2026",
    )
    training = reading.tables["training"]
    assert training["completed_on"].tolist() == [pd.Timestamp("2026-03-02"), pd.NaT]
    assert training["required_from_on"].tolist() == [pd.Timestamp("2026-01-01"), pd.Timestamp("2026-07-01")]
    assert [p.row for p in problems(reading, "set_aside")] == [4]
    assert reading.covers == {"training": ON_THE_DAY}


def test_audit_actions_without_ids_are_known_by_their_due_day(tmp_path: Path) -> None:
    lines = (
        "A1,,30/06/2026,,see the child",
        "A1,,30/06/2026,05/05/2026,update the plan",
        "A1,,,,",
        "A2,7,15/04/2026,20/04/2026,",
        "A2,,30/06/2026,,",
    )
    reading = extract(tmp_path, "audit_id,action_id,due_date,completed_date,text", *lines)
    actions = reading.tables["audit_action"]
    assert actions["action_id"].tolist() == ["due 2026-06-30 (1)", "due 2026-06-30 (2)", "due no date (1)", "7", "due 2026-06-30 (1)"]
    assert actions["text"].tolist()[:2] == ["see the child", "update the plan"]
    assert [(p.row, p.column) for p in problems(reading, "warning")] == [(4, "due_date")]
    assert reading.covers == {"audit_action": (pd.Timestamp("2026-04-01"), MAY_31)}, "a day still to come does not stretch it"


def test_audit_actions_due_far_ahead_alone_speak_for_their_month(tmp_path: Path) -> None:
    reading = extract(tmp_path, "audit_id,due_date,completed_date", "A1,31/12/2026,", "A1,30/11/2027,")
    assert reading.covers == {"audit_action": (pd.Timestamp("2026-05-01"), MAY_31)}


ACTIONS = "action_id,recommendation_no,text,lead,due_date,status,last_update_date,rag,impact_note"


def test_the_improvement_plan_is_as_it_stands_at_the_month_end(tmp_path: Path) -> None:
    lines = ("1.1,1,Invented action,Head of service,31/07/2026,In progress,04/05/2026,Amber,some", "1.2,1,,,,On hold,,G,")
    reading = extract(tmp_path, ACTIONS, *lines, name="plan_2026-06-02.csv")
    action = reading.tables["action"]
    assert action["observed_on"].tolist() == [MAY_31, MAY_31], "taken on 2 June, it speaks for the end of May"
    assert action[["action_id", "recommendation_id", "status_kind", "rag_kind"]].iloc[0].tolist() == ["1.1", "1", "in_progress", "amber"]
    assert action["due_on"].tolist() == [pd.Timestamp("2026-07-31"), pd.NaT]
    assert sorted((p.row, p.column, p.value) for p in problems(reading, "warning")) == [(3, "due_date", None), (3, "status", "On hold")]
    assert reading.covers == {"action": (pd.Timestamp("2026-06-02"), pd.Timestamp("2026-06-02"))}
    assert reading.complete == {"action": ON_THE_DAY}


@pytest.mark.parametrize("days", [("30/04/2026", "31/05/2026"), ("31/05/2026",)])
def test_a_plan_that_prints_its_day_is_as_it_says(tmp_path: Path, days: tuple[str, ...]) -> None:
    rows = [f"1.1,31/07/2026,Started,,{day}" for day in days]
    reading = extract(tmp_path, "action_id,due_date,status,last_update_date,snapshot_date", *rows)
    assert len(reading.tables["action"]) == len(days)
    first = pd.Timestamp("2026-04-30") if len(days) == 2 else MAY_31
    assert reading.covers == reading.complete == {"action": (first, MAY_31)}


def test_a_session_whose_status_cannot_be_read_does_not_count_as_held_and_one_without_a_status_does(tmp_path: Path) -> None:
    reading = extract(
        tmp_path, "worker_id,supervisor_id,supervision_date,status", "w1,s1,01/05/2026,", "w1,s1,02/05/2026,Held", "w1,s1,03/05/2026,DNA"
    )
    assert reading.tables["supervision"]["held"].tolist() == [True, True, False]
    assert [p.value for p in problems(reading, "warning")] == ["DNA"]


def test_hours_given_for_full_time_equivalents_are_not_known(tmp_path: Path) -> None:
    reading = extract(tmp_path, "worker_id,snapshot_date,team,role,fte,agency", "w1,31/05/2026,Brook,Social worker,37,N")
    assert reading.tables["worker"]["fte"].isna().all()
    assert ["above 2" in p.says for p in problems(reading, "warning")] == [True]
