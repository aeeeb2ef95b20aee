"""Annex A workbooks: each list's rows, who held them, and when the children were seen."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

import loaders
from data.reading import Reading, Refused
from tests.loaders.extracts import (
    LIST_3,
    LIST_4,
    LIST_5,
    LIST_6,
    LIST_7,
    LIST_8,
    TODAY,
    filled,
    nothing_lost,
    problems,
    read,
    text,
    workbook,
)

MAY_31 = pd.Timestamp("2026-05-31")
WINDOW = (pd.Timestamp("2025-12-01"), MAY_31)


def day(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(written)


def one_list(folder: Path, number: int, *rows: list[object]) -> Reading:
    headings = {3: LIST_3, 4: LIST_4, 5: LIST_5, 6: LIST_6, 7: LIST_7, 8: LIST_8}[number]
    return read(workbook(folder / "annex_a_2026-05-31.xlsx", {f"List {number}": [headings, *rows]}))


def test_referrals(tmp_path: Path) -> None:
    same = {"child_unique": 7.0, "date_of_ref": day("2026-05-04"), "nfa": "b) No", "source": "q) 6: Police", "team": "Brook\u00a0"}
    reading = one_list(tmp_path, 3, filled(LIST_3, **same, worker="SW1"), filled(LIST_3, **same, worker="SW2", gender="F"))
    referral = reading.tables["referral"]
    assert referral["nth"].tolist() == [0, 1]
    assert referral[["child_id", "source_kind", "team_id"]].drop_duplicates().to_numpy().tolist() == [["7", "6", "Brook"]]
    assert reading.tables["child"][["child_id", "sex_kind", "source_row"]].to_numpy().tolist() == [["7", "female", 0]]
    assert reading.covers == {"referral": WINDOW}
    assert reading.as_at_from == "name"


def test_a_longer_list_of_referrals_covers_as_far_as_it_reaches(tmp_path: Path) -> None:
    days = pd.date_range("2025-04-07", "2026-05-28", freq="14D").to_pydatetime()
    rows = [filled(LIST_3, child_unique=str(i), date_of_ref=on, nfa="No") for i, on in enumerate(days)]
    assert one_list(tmp_path, 3, *rows).covers["referral"] == (pd.Timestamp("2025-04-07"), MAY_31)


def test_assessments_end_when_authorised(tmp_path: Path) -> None:
    begun = {"continuous_assessment_start": day("2025-01-06"), "child_unique": "1", "disab": "a) Yes"}
    reading = one_list(tmp_path, 4, filled(LIST_4, **begun, authorisation=day("2026-03-02"), requiring="Yes"), filled(LIST_4, **begun))
    assessment = reading.tables["assessment"]
    assert assessment["ended_on"].tolist() == [pd.Timestamp("2026-03-02"), pd.NaT]
    assert assessment["support_required"].tolist() == [True, pd.NA]
    assert reading.tables["child"]["disabled"].tolist() == [True]
    assert reading.covers["assessment"] == WINDOW


def test_enquiries_and_conferences(tmp_path: Path) -> None:
    reading = one_list(
        tmp_path, 5,
        filled(LIST_5, child_unique="1", strategy=day("2026-05-01"), date_of_initial=day("2026-05-20"), result="a) Yes"),
        filled(LIST_5, child_unique="2", strategy=day("2026-05-02"), unnecessary="Yes"),
        filled(LIST_5, child_unique="3", date_of_initial=day("2026-05-21")),
        filled(LIST_5, child_unique="4", unnecessary="No"),
        filled(LIST_5, child_unique="5", strategy=day("2026-05-20"), date_of_initial=day("2026-05-10")),
    )  # fmt: skip
    assert reading.tables["section47"]["child_id"].tolist() == ["1", "2", "5"]
    icpc = reading.tables["icpc"]
    assert icpc["child_id"].tolist() == ["1", "3", "5"]
    assert icpc["section47_on"].tolist() == [pd.Timestamp("2026-05-01"), pd.NaT, pd.Timestamp("2026-05-20")]
    assert [(p.row, "neither" in p.says) for p in problems(reading, "set_aside")] == [(5, True)]
    assert [(p.row, p.says.split(":")[0]) for p in problems(reading, "warning")] == [
        (4, "Has a conference but no strategy discussion date, so it is left out of conferences held in time"),
        (6, "“2026-05-10” is before “Strategy discussion initiating Section 47 Enquiry Start Date”"),
    ]


def test_children_in_need_and_when_those_with_a_plan_were_seen(tmp_path: Path) -> None:
    seen = {"cin_start": day("2026-01-05"), "last_seen": day("2026-05-11"), "allocated_team": "Fern", "allocated_worker": "SW9"}
    reading = one_list(
        tmp_path, 6,
        filled(LIST_6, child_unique="1", case_status="c) Child in need plan", **seen),
        filled(LIST_6, child_unique="2", case_status="Child Protection plan", **seen),
        filled(LIST_6, child_unique="3", case_status="d) Open assessment"),
        filled(LIST_6, child_unique="1", case_status="e) Closed episode", **seen),
    )  # fmt: skip
    assert reading.tables["case_status"][["child_id", "status_kind", "observed_on"]].to_numpy().tolist() == [
        ["1", "in_need_plan", MAY_31],
        ["2", "protection_plan", MAY_31],
    ]
    visit = reading.tables["visit"].iloc[0]
    assert len(reading.tables["visit"]) == 1
    assert (visit["child_id"], visit["cohort_kind"], visit["origin_kind"], visit["child_seen"]) == ("1", "cin", "last_seen", True)
    assert (visit["happened_on"], visit["worker_id"], visit["nth"]) == (pd.Timestamp("2026-05-11"), "SW9", 0)
    assert [problem.row for problem in problems(reading, "set_aside")] == [4, 5]
    assert reading.covers == {"case_status": (MAY_31, MAY_31), "visit:cin": (MAY_31, MAY_31)}


def test_protection_plans_and_who_holds_them(tmp_path: Path) -> None:
    reading = one_list(
        tmp_path, 7,
        filled(LIST_7, child_unique="1", plan_start=day("2026-04-01"), last_statutory=day("2026-05-20"), alone="b) No",
               latest_cat="Neglect", number="1", team="Mill"),
        filled(LIST_7, child_unique="1", plan_start=day("2025-06-02"), plan_end=day("2026-01-12"), last_statutory=day("2026-05-20"),
               team="Quarry", number="<5"),
    )  # fmt: skip
    assert reading.tables["cp_plan"]["previous_plans"].tolist()[0] == 1
    assert reading.tables["cp_plan"]["previous_plans"].isna().tolist() == [False, True]
    assert reading.tables["allocation"][["cohort_kind", "observed_on", "team_id"]].to_numpy().tolist() == [["cp", MAY_31, "Mill"]]
    assert reading.tables["visit"][["nth", "seen_alone"]].to_numpy().tolist() == [[0, False]]
    assert reading.covers == {"cp_plan": WINDOW, "allocation:cp": WINDOW, "visit:cp": (MAY_31, MAY_31)}


def test_children_in_care(tmp_path: Path) -> None:
    reading = one_list(
        tmp_path, 8,
        filled(LIST_8, child_unique="1", looked_after=day("2024-01-08"), start_date_of_most=day("2025-09-01"),
               placement_type="d) U4: Foster", provider="b) PR1 - Own provision", legal="C2: FCO", permanence="f) Long-term fostering",
               social_work_visit=day("2026-05-01"),
               unaccompanied="a) Yes"),
        filled(LIST_8, child_unique="2", looked_after=day("2024-01-08"), ceased=day("2026-02-02")),
    )  # fmt: skip
    episode = reading.tables["cla_episode"].iloc[0]
    assert (episode["legal_status_kind"], episode["permanence_kind"]) == ("C2", "long_term_fostering")
    placement = reading.tables["placement"]
    assert placement[["child_id", "started_on", "placement_kind", "provider_kind"]].to_numpy().tolist() == [
        ["1", pd.Timestamp("2025-09-01"), "U4", "PR1"]
    ]
    assert reading.tables["visit"]["cohort_kind"].tolist() == ["cla"]
    assert reading.tables["child"]["unaccompanied"].tolist() == [True, pd.NA]
    assert set(reading.covers) == {"cla_episode", "placement", "allocation:cla", "visit:cla"}, "no count, check or status is printed"


def test_a_second_row_for_the_same_plan_is_set_aside_and_points_to_the_first(tmp_path: Path) -> None:
    plan = {"child_unique": "1", "plan_start": day("2026-04-01")}
    reading = one_list(tmp_path, 7, filled(LIST_7, **plan, team="Mill"), filled(LIST_7, **plan, team="Fern"))
    (problem,) = problems(reading, "set_aside")
    assert (problem.row, "as row 2 but differs elsewhere" in problem.says) == (3, True)


def test_dates_of_birth_are_warned_of_and_unborn_children_load(tmp_path: Path) -> None:
    referred = {"date_of_ref": day("2026-05-04"), "nfa": "No"}
    reading = one_list(
        tmp_path, 3,
        filled(LIST_3, child_unique="1", **referred),
        filled(LIST_3, child_unique="2", date_of_birth=day("2026-08-04"), age=-1, **referred),
        filled(LIST_3, child_unique="3", date_of_birth=day("2020-08-04"), age=5.75, **referred),
    )  # fmt: skip
    assert (reading.rows_in, reading.set_aside) == (3, frozenset())
    assert ["still to come" in problem.says for problem in problems(reading, "note")] == [True]
    assert problems(reading, "warning") == []


def test_lists_are_known_by_their_columns_whatever_the_sheet_is_called(tmp_path: Path) -> None:
    row = filled(LIST_4, child_unique="1", continuous_assessment_start=day("2026-05-01"))
    reading = read(
        workbook(tmp_path / "a.xlsx", {"Sheet1": [["List 4: Assessments"], LIST_4, row], "Guidance": [["Child Unique ID", "An id"]]})
    )
    assert list(reading.tables) == ["assessment", "child"]
    assert [(p.sheet, p.severity) for p in reading.problems] == [("Guidance", "note")]


def test_a_single_list_may_come_as_text(tmp_path: Path) -> None:
    path = text(tmp_path / "list3_may_2026.csv", ",".join(LIST_3), "007,F,a) WBRI,01/02/2015,11,04/05/2026,6: Police,No,0,Brook,SW1")
    reading = read(path)
    assert (reading.source, reading.as_at, reading.tables["referral"]["child_id"].tolist()) == ("annex_a", MAY_31, ["007"])


def test_a_list_that_lacks_a_column_is_refused_by_name(tmp_path: Path) -> None:
    headings = [heading for heading in LIST_7 if "End Date" not in heading] + ["CP Plan End"]
    path = workbook(tmp_path / "annex_a.xlsx", {"List 7": [headings], "List 3": [LIST_3]})
    with pytest.raises(Refused, match=r"annex_a\.xlsx, sheet 'List 7'.*“Child Protection Plan End Date”"):
        loaders.read(path, today=TODAY)


def test_a_list_without_ids_is_refused_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "annex_a.xlsx", {"List 3": [LIST_3], "List 6": [LIST_6[1:]]})
    with pytest.raises(Refused, match=r"sheet 'List 6'.*“Child Unique ID”"):
        loaders.read(path, today=TODAY)


LIIA = {
    "contact": 5, "early_help": 5, "referral": 6, "child": 48, "assessment": 5, "section47": 5, "icpc": 3, "case_status": 5, "visit": 17,
    "cp_plan": 7, "allocation": 12, "cp_review": 5, "cla_episode": 5, "placement": 5, "legal_status": 5, "cla_review": 5, "iro_contact": 5,
    "health_check": 10, "missing_summary": 5, "care_leaver": 6, "adoption": 5, "adopter": 5,
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "as_at", "rows", "tables"),
    [
        ("annex_a_liia", "2021-03-15", 59, LIIA),
        ("annex_a_liia_2024_01", "2021-03-15", 59, LIIA),
        ("annex_a_cscdp_2015_01", "2015-03-15", 5, {"referral": 5, "child": 5}),
    ],
)
def test_workbooks_nobody_here_wrote(shared: Path, name: str, as_at: str, rows: int, tables: dict[str, int]) -> None:
    reading = loaders.read(shared / "samples" / "annex_a" / f"{name}.xlsx", today=TODAY)
    nothing_lost(reading)
    assert (reading.rows_in, reading.set_aside) == (rows, frozenset())
    assert {table: len(frame) for table, frame in reading.tables.items() if len(frame)} == tables
    assert (reading.as_at, reading.as_at_from) == (pd.Timestamp(as_at), "contents")


def test_the_oddities_of_those_workbooks_are_all_said(shared: Path) -> None:
    folder = shared / "samples" / "annex_a"
    liia, cscdp = (loaders.read(folder / name, today=TODAY) for name in ("annex_a_liia.xlsx", "annex_a_cscdp_2015_01.xlsx"))
    assert [(p.sheet, p.column, p.value) for p in problems(liia, "note") if p.column] == [
        ("List 6", "Allocated Team", "#N/A"),
        ("List 6", "Allocated Worker", "#N/A"),
    ]
    assert all("5 rows: 2-6" in problem.says for problem in problems(liia, "note") if problem.column)
    assert [(p.sheet, p.value, "rows" in p.says) for p in problems(liia, "warning")] == [
        ("List 4", "CS Assessment Updated", True),
        ("List 6", "PSRMEM - Support with memory and cognition", False),
    ]
    assert liia.tables["assessment"]["worker_id"].tolist()[0] == "Lexie Defore"
    assert [p.sheet for p in problems(cscdp, "note") if "not one of the lists" in p.says] == [
        "Front_Sheet",
        "FAQ_and_changes",
        "Guidance",
        "Codes_used",
    ]
    assert [(p.sheet, p.row, p.value) for p in problems(cscdp, "warning") if p.column] == [("List_3", 4, "Health")]
