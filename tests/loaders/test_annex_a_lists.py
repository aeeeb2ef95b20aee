"""What Annex A says of contacts, early help, care, leaving care and adoption, in each of its layouts and as single files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

import loaders
from data.reading import Reading
from tests.extracts import LISTS
from tests.loaders.extracts import (
    ANNEX_A,
    LIST_1,
    LIST_3,
    LIST_6,
    LIST_7,
    LIST_9,
    LIST_9_OLD,
    TODAY,
    filled,
    problems,
    read,
    text,
    workbook,
)

MAY_31 = pd.Timestamp("2026-05-31")
ON_THE_DAY = (MAY_31, MAY_31)
LIST_8 = LISTS["List 8"]


def day(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(written)


def one_list(folder: Path, number: int, *rows: list[object], headings: tuple[str, ...] = ()) -> Reading:
    sheet = {f"List {number}": [headings or ANNEX_A[number], *rows]}
    return read(workbook(folder / "annex_a_2026-05-31.xlsx", sheet))


def only(reading: Reading, table: str) -> dict[str, object]:
    (row,) = reading.tables[table].to_dict("records")
    return {str(name): value for name, value in row.items() if not pd.isna(value)}


def test_contacts(tmp_path: Path) -> None:
    row = filled(LIST_1, child_unique="007", date_of_contact=day("2026-05-04"), source="q) 6: Police", gender="F")
    reading = one_list(tmp_path, 1, row, [*row[:6], "q"])
    contact = reading.tables["contact"]
    assert contact[["child_id", "source_kind", "nth"]].to_numpy().tolist() == [["007", "6", 0], ["007", "6", 1]]
    assert reading.tables["child"]["sex_kind"].tolist() == ["female"]
    assert reading.covers == {"contact": (pd.Timestamp("2025-12-01"), MAY_31)}


def test_early_help(tmp_path: Path) -> None:
    begun = {"child_unique": "1", "start_date": day("2026-04-01"), "organisation": "Brook school"}
    row = filled(ANNEX_A[2], completion=day("2026-05-01"), **begun)
    reading = one_list(tmp_path, 2, row, filled(ANNEX_A[2], **{**begun, "child_unique": "2"}))
    early_help = reading.tables["early_help"]
    assert early_help["ended_on"].tolist() == [pd.Timestamp("2026-05-01"), pd.NaT]
    assert early_help["organisation"].tolist() == ["Brook school"] * 2


def test_need_code_and_reason_for_closure_of_children_in_need(tmp_path: Path) -> None:
    row = filled(
        LIST_6, child_unique="1", cin_start=day("2026-01-05"), primary="N1 - Abuse or neglect", cin_closure=day("2026-05-01"),
        reason="RC7 - Services ceased for any other reason, including child no longer in need", case_status="e) Closed episode",
    )  # fmt: skip
    said = only(one_list(tmp_path, 6, row), "case_status")
    assert (said["need_kind"], said["closure_reason"]) == ("N1", "RC7")


def test_emergency_powers_and_the_latest_review_of_a_plan(tmp_path: Path) -> None:
    plan = {"child_unique": "1", "plan_start": day("2026-01-05"), "team": "Mill", "worker": "SW1"}
    row = filled(LIST_7, latest_review=day("2026-04-01"), emergency="a) Yes", **plan)
    reading = one_list(tmp_path, 7, row)
    assert only(reading, "cp_plan")["emergency_powers"] is True
    review = only(reading, "cp_review")
    assert review == {"child_id": "1", "happened_on": pd.Timestamp("2026-04-01"), "source_row": 0}, "who held the case then is not printed"
    assert "cp_review" not in reading.covers, "one review does not tell whether all were in time"


def test_everything_of_a_child_in_care(tmp_path: Path) -> None:
    row = filled(
        LIST_8, child_unique="1", date_started=day("2024-01-08"), category="N1 - Abuse or neglect", second_or="a) Yes",
        start_date_of_current=day("2024-06-03"), date_of_latest=day("2026-03-02"), social_work_visit=day("2026-05-01"),
        iro_visit=day("2026-02-20"), last_health=day("2026-01-15"), dental=day("2025-11-03"), number_of_placements=2,
        start_date_of_most=day("2025-09-01"), placement_type="p) K2: Children's Homes", provider="e) PR4: Private provision",
        postcode="ZZ1 1ZZ", urn="SC012345", location="b) Out", la_of="Invented Neighbour", missing=3, absent=0, offered="a) Yes",
        accept="b) No", team="Fern", worker="SW4",
    )  # fmt: skip
    row[LIST_8.index("Child's Legal Status")] = "C2: FCO"
    reading = one_list(tmp_path, 8, row)
    assert only(reading, "cla_episode")["again_within_12_months"] is True
    assert only(reading, "legal_status") == {
        "child_id": "1", "started_on": pd.Timestamp("2024-06-03"), "legal_status_kind": "C2", "source_row": 0,
    }  # fmt: skip
    placement = only(reading, "placement")
    assert (placement["urn"], placement["out_of_area"], placement["location_kind"]) == ("SC012345", True, "out")
    assert only(reading, "cla_review")["happened_on"] == pd.Timestamp("2026-03-02")
    assert only(reading, "iro_contact") == {"child_id": "1", "happened_on": pd.Timestamp("2026-02-20"), "source_row": 0}
    assert reading.tables["health_check"][["health_kind", "happened_on", "refused"]].to_numpy().tolist() == [
        ["health_assessment", pd.Timestamp("2026-01-15"), False],
        ["dental_check", pd.Timestamp("2025-11-03"), False],
    ]
    assert only(reading, "missing_summary") == {
        "child_id": "1", "observed_on": MAY_31, "missing_episodes": 3, "absent_episodes": 0, "placements": 2,
        "interview_offered": True, "interview_accepted": False, "team_id": "Fern", "worker_id": "SW4", "source_row": 0,
    }  # fmt: skip
    assert {name: span for name, span in reading.covers.items() if span == ON_THE_DAY} == dict.fromkeys(
        ("visit:cla", "iro_contact", "health_check", "legal_status", "missing_summary"), ON_THE_DAY
    )
    kept = {str(value) for frame in reading.tables.values() for value in frame.to_numpy().ravel()}
    assert kept.isdisjoint({"ZZ1 1ZZ", "Invented Neighbour"}), "where a child lives is not kept"


def test_why_care_ended_and_what_it_ended_with_it(tmp_path: Path) -> None:
    row = filled(
        LIST_8, child_unique="1", date_started=day("2024-01-08"), ceased=day("2026-02-02"), start_date_of_current=day("2024-01-08"),
        reason="e) E4A: Returned home to live with parents or relatives - part of planning",
    )  # fmt: skip
    reading = one_list(tmp_path, 8, row)
    assert only(reading, "cla_episode")["end_reason"] == "E4A"
    assert only(reading, "legal_status")["ended_on"] == pd.Timestamp("2026-02-02")


def test_a_child_twice_in_care_is_summed_up_once(tmp_path: Path) -> None:
    first = filled(LIST_8, child_unique="1", date_started=day("2025-08-04"), ceased=day("2026-01-05"), missing=9)
    second = filled(LIST_8, child_unique="1", date_started=day("2026-03-02"), missing=1)
    reading = one_list(tmp_path, 8, first, second)
    assert only(reading, "missing_summary")["missing_episodes"] == 1
    assert len(reading.tables["cla_episode"]) == 2


def test_a_list_without_a_column_does_not_speak_for_what_it_would_say(tmp_path: Path) -> None:
    """An export without health dates must not read as a council whose children saw no doctor."""
    without = tuple(h for h in LIST_8 if "Health Assessment" not in h and "Dental" not in h and "IRO" not in h)
    reading = one_list(tmp_path, 8, filled(without, child_unique="1", date_started=day("2025-08-04"), number_of_pl=1), headings=without)
    assert {"health_check", "iro_contact"}.isdisjoint(reading.covers)
    assert "missing_summary" in reading.covers


def test_care_leavers_of_the_2024_layout(tmp_path: Path) -> None:
    row = filled(
        LIST_9, child_unique="1", eligibility="b) Former relevant child", pathway=day("2026-04-13"), la_in_touch="a) Yes",
        latest_date=day("2026-05-11"), type_of="Z: With former foster carers", suitability="a) Suitable",
        activity="F4: Young person engaged full time in an apprenticeship", personal_advisor="PA1", team="Weir", worker="PA2",
        unaccompanied="a) Yes",
    )  # fmt: skip
    reading = one_list(tmp_path, 9, row)
    assert only(reading, "care_leaver") == {
        "child_id": "1", "observed_on": MAY_31, "eligibility_kind": "former_relevant", "in_touch_kind": "yes",
        "latest_contact_on": pd.Timestamp("2026-05-11"), "accommodation_kind": "Z", "suitable": True, "activity_kind": "F4",
        "pathway_reviewed_on": pd.Timestamp("2026-04-13"), "adviser_id": "PA1", "team_id": "Weir", "worker_id": "PA2", "source_row": 0,
    }  # fmt: skip
    assert only(reading, "pathway_plan")["happened_on"] == pd.Timestamp("2026-04-13")
    assert reading.tables["child"]["unaccompanied"].tolist() == [True]
    assert reading.covers == {"care_leaver": ON_THE_DAY, "pathway_plan": ON_THE_DAY}


def test_care_leavers_of_the_older_layout(tmp_path: Path) -> None:
    row = filled(LIST_9_OLD, child_unique="1", eligib="d", la_in="f) Rhom", suitability="b) Unsuitable", activity="G5")
    reading = one_list(tmp_path, 9, row, filled(LIST_9_OLD, child_unique="2", eligib="Qualifying care leaver"), headings=LIST_9_OLD)
    leaver = reading.tables["care_leaver"]
    assert leaver["eligibility_kind"].tolist() == ["eligible", "qualifying"]
    assert leaver["suitable"].tolist() == [False, pd.NA]
    assert leaver["in_touch_kind"].iloc[0] == "returned_home"
    assert [(p.row, p.column) for p in problems(reading, "warning")] == [(3, "LA In Touch")]
    assert reading.covers == {"care_leaver": ON_THE_DAY}, "this layout prints no pathway plans"


def test_a_child_on_the_way_to_adoption(tmp_path: Path) -> None:
    headings = ANNEX_A[10]
    row = filled(
        headings, child_unique="1", family="F1", entered_care=day("2025-06-02"), should_be_placed=day("2025-11-03"),
        placement_order=day("2025-12-01"), should_no_longer=day("2026-04-01"), reason_why="RD2 - The Court did not make a placement order",
    )  # fmt: skip
    reading = one_list(tmp_path, 10, row)
    adoption = only(reading, "adoption")
    assert (adoption["family_id"], adoption["end_kind"]) == ("F1", "RD2")
    assert adoption["ended_on"] == pd.Timestamp("2026-04-01")
    assert reading.covers == {"adoption": (pd.Timestamp("2025-06-01"), MAY_31)}


def test_an_adopter(tmp_path: Path) -> None:
    row = [
        "A1", "F1", "b) Female", None, "b) No", "a) Yes", day("2025-06-02"), *[None] * 8, 2, None, day("2026-05-04"),
        "1 - Adopter withdrew from process",
    ]  # fmt: skip
    adopter = only(one_list(tmp_path, 11, row), "adopter")
    assert (adopter["adopter_id"], adopter["fosters_for_adoption"], adopter["children_placed"]) == ("A1", True, 2)
    assert (adopter["left_on"], adopter["leaving_kind"]) == (pd.Timestamp("2026-05-04"), "withdrew")


def test_an_unborn_child_is_expected_not_born(tmp_path: Path) -> None:
    referred = {"date_of_ref": day("2026-05-04"), "nfa": "No"}
    reading = one_list(
        tmp_path, 3,
        filled(LIST_3, child_unique="1", date_of_birth=day("2026-08-04"), age=-1, **referred),
        filled(LIST_3, child_unique="2", date_of_birth=day("2020-08-04"), age=5.75, **referred),
        filled(LIST_3, child_unique="3", age=-1, **referred),
    )  # fmt: skip
    child = reading.tables["child"]
    assert child["expected_on"].tolist() == [pd.Timestamp("2026-08-04"), pd.NaT, pd.NaT]
    assert child["born_on"].tolist() == [pd.NaT, pd.Timestamp("2020-08-04"), pd.NaT]


@pytest.mark.parametrize("number", ANNEX_A)
@pytest.mark.parametrize("title", [(), ("Invented council: extract for May 2026",)])
def test_any_list_may_come_alone_as_text_named_or_not(tmp_path: Path, number: int, title: tuple[str, ...]) -> None:
    heading_line = ",".join(f'"{heading}"' for heading in ANNEX_A[number])
    path = text(tmp_path / "export 2026-05-31.csv", *title, heading_line)
    (sheet,) = loaders.check(path, today=TODAY).sheets
    assert sheet.title.startswith(f"Annex A list {number} (")
    assert (sheet.missing, sheet.header_row) == ("", len(title) + 1)
