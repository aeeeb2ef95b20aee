"""The council's own extracts: visits, supervision, workers, audits and teams; and what is said of each for those who export them."""

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


def test_visits_in_private_fostering_are_spoken_for_where_the_log_has_any(tmp_path: Path) -> None:
    reading = read(visits_csv(tmp_path / "visits_2026-05.csv", "1,PF,03/05/2026,Y", "2,CP,04/05/2026,Y"))
    assert reading.tables["visit"]["cohort_kind"].tolist() == ["pf", "cp"]
    assert set(reading.covers) == {"visit:cp", "visit:cin", "visit:cla", "visit:contact", "visit:pf"}


def test_supervision(tmp_path: Path) -> None:
    path = text(
        tmp_path / "supervision.csv",
        "worker_id,supervisor_id,supervision_date,type,child_id,status,actions_set,reflective_quality_grade,actions_due_date,"
        "actions_completed_date",
        "SW1,TM1,05/05/2026,personal,,held,2,Good,19/06/2026,12/05/2026",
        "SW1,TM1,05/05/2026,personal,,,,,,",
        "SW1,TM1,12/05/2026,Case supervision,007,Cancelled,,,,",
    )
    reading = read(path)
    supervision = reading.tables["supervision"]
    assert supervision["held"].tolist() == [True, True, False]
    assert supervision["nth"].tolist() == [0, 1, 0]
    assert supervision["supervision_kind"].tolist() == ["personal", "personal", "case"]
    assert supervision["reflective_kind"].tolist()[0] == "good"
    set_due_done = supervision[["actions_set", "actions_due_on", "actions_completed_on"]].iloc[0].tolist()
    assert set_due_done == [2, pd.Timestamp("2026-06-19"), pd.Timestamp("2026-05-12")]
    assert reading.covers == {"supervision": (pd.Timestamp("2026-05-01"), pd.Timestamp("2026-05-12"))}


def test_workers_speak_of_their_snapshot_day_whatever_the_file_is_called(tmp_path: Path) -> None:
    path = text(
        tmp_path / "workers_2026-01.csv",
        "worker_id,snapshot_date,team,role,fte,agency,start_date,end_date,absent_from,absent_to,caseload,swe_no,asye,case_holding,"
        "essentials_required,essentials_completed_date",
        "SW1,31/05/2026,Brook,Social  worker,0.8,N,01/02/2020,31/08/2026,,,14,SW123,N,Y,Y,04/05/2026",
        "SW2,31/05/2026,Brook,Social worker,1,Y,01/03/2026,01/02/2026,,,<5,,Y,Y,Y,",
        "SW1,31/05/2026,Fern,Social worker,1,N,,,,,,,,,,",
    )
    reading = read(path)
    worker = reading.tables["worker"]
    assert (reading.as_at, reading.as_at_from) == (pd.Timestamp("2026-05-31"), "contents")
    assert worker["role"].tolist() == ["Social worker", "Social worker"]
    assert worker["caseload"].isna().tolist() == [False, True]
    assert worker["ended_on"].tolist()[0] == pd.Timestamp("2026-08-31")
    assert [problem.row for problem in problems(reading, "set_aside")] == [4]
    assert [(problem.row, problem.column) for problem in problems(reading, "warning")] == [(3, "end_date")]
    assert worker["registration_id"].tolist()[0] == "SW123"
    assert worker["essentials_required"].tolist() == [True, True]
    assert worker["essentials_completed_on"].tolist() == [pd.Timestamp("2026-05-04"), pd.NaT]
    assert reading.covers == reading.complete == {"worker": (pd.Timestamp("2026-05-31"), pd.Timestamp("2026-05-31"))}


def test_who_must_be_trained_without_who_was_is_read_as_not_known(tmp_path: Path) -> None:
    path = text(
        tmp_path / "workers.csv", "worker_id,snapshot_date,team,role,fte,agency,essentials_required", "SW1,31/05/2026,Brook,SW,1,N,Y"
    )
    reading = read(path)
    assert reading.tables["worker"]["essentials_required"].isna().all()
    assert ["only one is there" in problem.says for problem in problems(reading, "warning")] == [True]


@pytest.mark.parametrize(
    ("months", "first"), [(("31/03/2026", "30/04/2026", "31/05/2026"), "2026-03-31"), (("31/03/2026", "31/05/2026"), "2026-05-31")]
)
def test_snapshots_of_several_months_are_complete_where_no_month_is_left_out(tmp_path: Path, months: tuple[str, ...], first: str) -> None:
    rows = [f"SW1,{month},Brook,SW,1,N" for month in months]
    reading = read(text(tmp_path / "workers.csv", "worker_id,snapshot_date,team,role,fte,agency", *rows))
    assert reading.covers == {"worker": (pd.Timestamp("2026-03-31"), pd.Timestamp("2026-05-31"))}
    assert reading.complete == {"worker": (pd.Timestamp(first), pd.Timestamp("2026-05-31"))}


def test_audits(tmp_path: Path) -> None:
    path = text(
        tmp_path / "audits.csv",
        "audit_id,child_id,audit_date,auditor_id,team,worker_id,audit_type,grade_initial,grade_final,moderated,practitioner_involved,plan,"
        "theme_history,grade_voice",
        "A1,1,05/05/2026,AU1,Brook,SW1,case,Good,Requires improvement,Y,N,Good,Inadequate,RI",
        "A2,2,06/05/2026,AU1,Brook,SW1,Re-audit,,,N,N,,,",
        "A1,3,07/05/2026,AU1,Brook,SW1,case,Good,Good,Y,N,,,",
    )
    reading = read(path)
    audit = reading.tables["audit"]
    assert audit["audit_kind"].tolist() == ["case", "re_audit"]
    assert audit["grade_kind"].isna().tolist() == [False, True]
    assert audit["grade_kind"].tolist()[0] == "requires_improvement"
    themes = audit[["plan_grade_kind", "history_grade_kind", "voice_grade_kind"]].iloc[0].tolist()
    assert themes == ["good", "inadequate", "requires_improvement"]
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


LOCAL = {
    "visits", "referrals", "reviews", "core_groups", "plo", "pwp_checks", "iro_escalations", "participation", "homeless_1617",
    "foster_enquiries", "missing_episodes", "workers", "establishment", "training", "supervision", "audits", "audit_actions", "actions",
    "teams", "annotations",
}  # fmt: skip


def test_every_source_says_what_it_is() -> None:
    assert {source.name for source in loaders.SOURCES} >= LOCAL | {"annex_a"}
    for source in loaders.SOURCES:
        for form in source.forms:
            assert form.title
            may_be_empty = form.name == "population"  # people of no group said are those of 0 to 17
            assert form.fields[0].need == ("column" if may_be_empty else "row"), f"{form.name}: its first field says whose row it is"
            assert form.fields[0].kind in ("id", "text"), f"{form.name}: its first field is a name or an id"
            assert len({field.name for field in form.fields}) == len(form.fields)


def test_every_column_of_every_source_is_described() -> None:
    for source in loaders.SOURCES:
        says = loaders.described(source)
        for form in source.forms:
            for field in form.fields:
                assert f"  {field.headings[0]} " in says


def test_a_source_is_described_for_those_who_export_it() -> None:
    (visits,) = [source for source in loaders.SOURCES if source.name == "visits"]
    lines = loaders.described(visits).splitlines()
    assert lines[0] == "visits: a visits extract"
    by_heading = {line.split()[0]: " ".join(line.split()[1:]) for line in lines[1:]}
    assert by_heading["child_id"] == "needed in every row; an id or a name, as text; or headed Child Unique ID, Child ID"
    assert by_heading["cohort"].startswith("needed in every row; one of cp, cin, cla, contact, pf")
    assert by_heading["recorded_date"] == "if you have it; a date, dd/mm/yyyy; or headed Date recorded"
    (postcode,) = [line for line in loaders.described(loaders.SOURCES[0]).splitlines() if "postcode" in line]
    assert postcode.split() == ["Placement", "postcode", "known,", "and", "not", "kept"]


def test_an_extract_is_known_by_its_columns_not_its_name(tmp_path: Path) -> None:
    assert read(visits_csv(tmp_path / "audits_2026-05.csv", "1,CP,03/05/2026,Y")).source == "visits"
