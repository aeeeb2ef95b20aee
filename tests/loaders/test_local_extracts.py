"""The council's own extracts: visits, supervision, workers, audits and teams."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import loaders
from tests.loaders.extracts import problems, read, text, visits_csv


def test_visits(tmp_path: Path) -> None:
    path = text(
        tmp_path / "visits_2026-05.csv",
        "child_id,cohort,visit_date,child_seen,seen_alone,bedroom_seen,mode,visit_due_date,team,worker_id,recorded_date",
        "001,CONTACT,03/05/2026,Y,N,,In person,30/06/2026,Brook,SW1,29/05/2026",
    )
    reading = read(path)
    visit = reading.tables["visit"].iloc[0]
    assert visit[["child_id", "cohort_kind", "origin_kind", "mode_kind", "team_id", "worker_id"]].tolist() == [
        "001", "contact", "log", "in_person", "Brook", "SW1",
    ]  # fmt: skip
    assert (visit["due_on"], visit["recorded_on"]) == (pd.Timestamp("2026-06-30"), pd.Timestamp("2026-05-29"))
    assert set(reading.covers) == {"visit:cp", "visit:cin", "visit:cla", "visit:contact"}
    assert set(reading.covers.values()) == {(pd.Timestamp("2026-05-01"), pd.Timestamp("2026-05-31"))}
    assert reading.problems == ()


def test_supervision(tmp_path: Path) -> None:
    path = text(
        tmp_path / "supervision.csv",
        "worker_id,supervisor_id,supervision_date,type,child_id,status,actions_set,reflective_quality_grade",
        "SW1,TM1,05/05/2026,personal,,held,2,Good",
        "SW1,TM1,05/05/2026,personal,,,,",
        "SW1,TM1,12/05/2026,Case supervision,007,Cancelled,,",
    )
    reading = read(path)
    supervision = reading.tables["supervision"]
    assert supervision["held"].tolist() == [True, True, False]
    assert supervision["nth"].tolist() == [0, 1, 0]
    assert supervision["supervision_kind"].tolist() == ["personal", "personal", "case"]
    assert supervision["reflective_kind"].tolist()[0] == "good"
    assert reading.covers == {"supervision": (pd.Timestamp("2026-05-01"), pd.Timestamp("2026-05-12"))}


def test_workers_speak_of_their_snapshot_day_whatever_the_file_is_called(tmp_path: Path) -> None:
    path = text(
        tmp_path / "workers_2026-01.csv",
        "worker_id,snapshot_date,team,role,fte,agency,start_date,end_date,absent_from,absent_to,caseload,swe_no,asye,case_holding",
        "SW1,31/05/2026,Brook,Social  worker,0.8,N,01/02/2020,31/08/2026,,,14,SW123,N,Y",
        "SW2,31/05/2026,Brook,Social worker,1,Y,01/03/2026,01/02/2026,,,<5,,Y,Y",
        "SW1,31/05/2026,Fern,Social worker,1,N,,,,,,,,",
    )
    reading = read(path)
    worker = reading.tables["worker"]
    assert (reading.as_at, reading.as_at_from) == (pd.Timestamp("2026-05-31"), "contents")
    assert worker["role"].tolist() == ["Social worker", "Social worker"]
    assert worker["caseload"].isna().tolist() == [False, True]
    assert worker["ended_on"].tolist()[0] == pd.Timestamp("2026-08-31")
    assert [problem.row for problem in problems(reading, "set_aside")] == [4]
    assert [(problem.row, problem.column) for problem in problems(reading, "warning")] == [(3, "end_date")]
    assert reading.covers == {"worker": (pd.Timestamp("2026-05-31"), pd.Timestamp("2026-05-31"))}


def test_audits(tmp_path: Path) -> None:
    path = text(
        tmp_path / "audits.csv",
        "audit_id,child_id,audit_date,auditor_id,team,worker_id,audit_type,grade_initial,grade_final,moderated,practitioner_involved,plan",
        "A1,1,05/05/2026,AU1,Brook,SW1,case,Good,Requires improvement,Y,N,Good",
        "A2,2,06/05/2026,AU1,Brook,SW1,Re-audit,,,N,N,",
        "A1,3,07/05/2026,AU1,Brook,SW1,case,Good,Good,Y,N,",
    )
    reading = read(path)
    audit = reading.tables["audit"]
    assert audit["audit_kind"].tolist() == ["case", "re_audit"]
    assert audit["grade_kind"].isna().tolist() == [False, True]
    assert audit["grade_kind"].tolist()[0] == "requires_improvement"
    (problem,) = problems(reading, "set_aside")
    assert (problem.row, problem.column, problem.value) == (4, "audit_id", "A1")


@pytest.mark.parametrize("name", ["teams.csv", "teams_2026-05.csv"])
def test_teams(tmp_path: Path, name: str) -> None:
    reading = read(text(tmp_path / name, "team,service,from,to", "Brook,Family help,01/04/2023,", "Fern,Care,,"))
    team = reading.tables["team"]
    assert team["service_id"].tolist() == ["Family help", "Care"]
    assert team["started_on"].tolist() == [pd.Timestamp("2023-04-01"), pd.NaT]
    assert reading.covers == {}
    assert reading.problems == ()


def test_every_source_says_what_it_is() -> None:
    names = [source.name for source in loaders.SOURCES]
    assert names == ["annex_a", "visits", "supervision", "workers", "audits", "teams", "annotations"]
    for source in loaders.SOURCES:
        for form in source.forms:
            assert form.title
            assert form.fields[0].need == "row", f"{form.name}: its first field says whose row it is"
            assert len({field.name for field in form.fields}) == len(form.fields)


def test_an_extract_is_known_by_its_columns_not_its_name(tmp_path: Path) -> None:
    assert read(visits_csv(tmp_path / "audits_2026-05.csv", "1,CP,03/05/2026,Y")).source == "visits"
