"""Local extracts about children: referrals, reviews, core groups, court, placed with parents, escalations, homelessness, fostering."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data.reading import Reading, Refused
from tests.loaders.extracts import problems, read, text

MAY_31 = pd.Timestamp("2026-05-31")
MAY = (pd.Timestamp("2026-05-01"), MAY_31)


def extract(folder: Path, *lines: str) -> Reading:
    return read(text(folder / "extract_2026-05-31.csv", *lines))


def rows_of(reading: Reading, table: str, *columns: str) -> list[list[object]]:
    return [[None if pd.isna(value) else value for value in row] for row in reading.tables[table][list(columns)].to_numpy().tolist()]


def test_referrals_with_the_day_they_were_decided_on(tmp_path: Path) -> None:
    reading = extract(
        tmp_path,
        "child_id,referral_date,decision_date,nfa,source,need,closed_date,closure_reason,team,worker_id",
        "007,04/05/2026,05/05/2026,N,6: Police,N1,29/05/2026,RC8,Mill,SW1",
        "007,04/05/2026,,Y,,,,,,",
        "8,20/05/2026,19/05/2026,N,,,,,,",
    )
    assert reading.source == "referrals"
    assert rows_of(
        reading, "referral", "child_id", "nth", "decided_on", "no_further_action", "source_kind", "need_kind", "closure_kind"
    ) == [
        ["007", 0, pd.Timestamp("2026-05-05"), False, "6", "N1", "RC8"],
        ["007", 1, None, True, None, None, None],
        ["8", 0, pd.Timestamp("2026-05-19"), False, None, None, None],
    ]
    assert [(p.row, p.column) for p in problems(reading, "warning")] == [(4, "decision_date")]
    assert (reading.covers, reading.complete) == ({"referral": MAY}, {})


def test_reviews_of_both_kinds(tmp_path: Path) -> None:
    reading = extract(
        tmp_path,
        "child_id,review_date,kind,due_date,participation,quorate,cancelled,team,worker_id",
        "1,04/05/2026,CP,10/05/2026,PN1,Y,N,Mill,SW1",
        "2,05/05/2026,CLA,30/06/2026,PN3 - conveys views,,Y,Fern,SW2",
        "1,06/05/2026,CP,,,,Y,Mill,SW1",
        "3,07/05/2026,RCPC,,,,,,",
    )
    assert rows_of(reading, "cp_review", "child_id", "happened_on", "due_on", "quorate", "participation_kind", "team_id") == [
        ["1", pd.Timestamp("2026-05-04"), pd.Timestamp("2026-05-10"), True, "PN1", "Mill"],
        ["3", pd.Timestamp("2026-05-07"), None, None, None, None],
    ]
    assert rows_of(reading, "cla_review", "child_id", "participation_kind", "cancelled", "due_on") == [
        ["2", "PN3", True, pd.Timestamp("2026-06-30")]
    ]
    assert [(p.row, "cancelled" in p.says) for p in problems(reading, "set_aside")] == [(4, True)]
    assert reading.covers == {"cp_review": MAY, "cla_review": MAY}


def test_reviews_of_one_kind_do_not_speak_for_the_other(tmp_path: Path) -> None:
    assert extract(tmp_path, "child_id,review_date,kind", "1,04/05/2026,CLA").covers == {"cla_review": MAY}


def test_core_groups_and_those_not_held(tmp_path: Path) -> None:
    reading = extract(
        tmp_path, "child_id,meeting_date,held,team,worker_id", "1,04/05/2026,Y,Mill,SW1", "1,18/05/2026,N,,", "2,18/05/2026,,,"
    )
    assert rows_of(reading, "core_group", "child_id", "held", "team_id") == [["1", True, "Mill"], ["1", False, None], ["2", None, None]]
    assert [(p.row, p.column) for p in problems(reading, "warning")] == [(4, "held")], "not said: not known, and not taken as held"


PLO = "child_id,decision_date,letter_date,end_date,outcome,family_id,issue_date,final_hearing_date,application,court_outcome"


def test_pre_proceedings_and_proceedings(tmp_path: Path) -> None:
    reading = extract(
        tmp_path, PLO,
        "1,02/02/2026,10/02/2026,04/05/2026,Decision to step down,F1,,,,",
        "2,03/02/2026,,,,F2,06/04/2026,25/05/2026,care order,SGO",
        "3,04/02/2026,,,,F2,,,,",
    )  # fmt: skip
    assert rows_of(reading, "pre_proceedings", "child_id", "started_on", "ended_on", "letter_on", "family_id", "outcome_kind") == [
        ["1", pd.Timestamp("2026-02-02"), pd.Timestamp("2026-05-04"), pd.Timestamp("2026-02-10"), "F1", "stepped_down"],
        ["2", pd.Timestamp("2026-02-03"), pd.Timestamp("2026-04-06"), None, "F2", None],
        ["3", pd.Timestamp("2026-02-04"), None, None, "F2", None],
    ], "without an end of their own they end when proceedings are issued"
    assert rows_of(reading, "proceedings", "child_id", "started_on", "ended_on", "application_kind", "outcome_kind") == [
        ["2", pd.Timestamp("2026-04-06"), pd.Timestamp("2026-05-25"), "care_order", "special_guardianship"]
    ]
    assert reading.covers == {"pre_proceedings": (pd.Timestamp("2026-04-01"), MAY_31), "proceedings": MAY}, "from the first that ended"


def test_pre_proceedings_without_a_decision_begin_with_the_letter_and_without_any_day_are_set_aside(tmp_path: Path) -> None:
    reading = extract(tmp_path, PLO, "1,,10/02/2026,,,,,,,", "2,,,04/05/2026,,,,,,", "3,,,,,,06/04/2026,,,", "1,10/02/2026,,,,,,,,")
    assert rows_of(reading, "pre_proceedings", "child_id", "started_on") == [["1", pd.Timestamp("2026-02-10")]]
    assert rows_of(reading, "proceedings", "child_id") == [["3"]]
    assert [p.row for p in problems(reading, "warning")] == [2]
    assert [(p.row, "placed in time" in p.says, "same start" in p.says) for p in problems(reading, "set_aside")] == [
        (3, True, False),
        (5, False, True),
    ]


def test_a_list_of_the_open_ones_alone_speaks_for_its_day(tmp_path: Path) -> None:
    assert extract(tmp_path, PLO, "1,02/02/2026,,,,,,,,").covers == {"pre_proceedings": (MAY_31, MAY_31)}


def test_the_standard_safeguarding_dataset_s_headings_are_ours_too(tmp_path: Path) -> None:
    reading = extract(
        tmp_path,
        "prep_person_id,prep_plo_family_id,prep_pre_pro_decision_date,prep_pre_pro_outcome,prep_agree_stepdown_issue_date",
        "1,F1,02/02/2026,Decision to Issue Care Proceedings,04/05/2026",
    )
    assert rows_of(reading, "pre_proceedings", "child_id", "family_id", "outcome_kind") == [["1", "F1", "proceedings_issued"]]


def test_proceedings_may_come_alone(tmp_path: Path) -> None:
    reading = extract(tmp_path, "child_id,issue_date,final_hearing_date", "1,02/02/2026,04/05/2026", "2,02/02/2026,")
    assert rows_of(reading, "proceedings", "child_id", "ended_on") == [["1", pd.Timestamp("2026-05-04")], ["2", None]]
    assert reading.covers == {"proceedings": MAY}


def test_proceedings_whose_end_is_not_in_the_file_are_warned_of(tmp_path: Path) -> None:
    reading = extract(tmp_path, "child_id,decision_date,end_date,issue_date", "1,02/02/2026,04/05/2026,04/05/2026")
    assert ["final_hearing_date" in p.says for p in problems(reading, "warning")] == [True]


@pytest.mark.parametrize(
    ("lines", "table", "columns", "rows", "aside"),
    [
        (
            ("child_id,check_date,type,outcome", "1,04/05/2026,Spot check,no concern", "1,04/05/2026,review,", "1,04/05/2026,review,late"),
            "parent_placement_check", ("child_id", "check_kind", "outcome"),
            [["1", "spot_check", "no concern"], ["1", "review", None]], [4],
        ),
        (
            ("escalation_id,child_id,raised_date,stage,reason,resolved_date,outcome", "E1,1,04/05/2026,Stage 1,drift,29/05/2026,agreed",
             "E2,1,05/05/2026,informal,delay,,", "E1,2,06/05/2026,2,,,"),
            "iro_escalation", ("escalation_id", "stage_kind", "reason", "resolved_on"),
            [["E1", "1", "drift", pd.Timestamp("2026-05-29")], ["E2", "informal", "delay", None]], [4],
        ),
        (
            ("child_id,event_date,type", "1,04/05/2026,CICC", "1,04/05/2026,advocacy", "2,05/05/2026,"),
            "participation", ("child_id", "participation_kind"), [["1", "council"], ["1", "advocacy"], ["2", None]], [],
        ),
        (
            ("person_id,presented_date,joint_assessment_date,outcome,accommodation,repeat", "1,04/05/2026,06/05/2026,s20,foster,N",
             "2,05/05/2026,,Part 7,B and B,Y", "3,soon,,,,"),
            "homeless_presentation", ("child_id", "assessed_on", "outcome_kind", "accommodation", "repeat"),
            [["1", pd.Timestamp("2026-05-06"), "section_20", "foster", False], ["2", None, "part_7", "B and B", True]], [4],
        ),
        (
            ("enquiry_id,enquiry_date,approved_date,closed_date,area", "Q1,04/05/2026,29/05/2026,,North", "Q2,05/05/2026,,30/05/2026,"),
            "foster_enquiry", ("enquiry_id", "approved_on", "closed_on", "area"),
            [["Q1", pd.Timestamp("2026-05-29"), None, "North"], ["Q2", None, pd.Timestamp("2026-05-30"), None]], [],
        ),
    ],
    ids=["pwp_checks", "iro_escalations", "participation", "homeless_1617", "foster_enquiries"],
)  # fmt: skip
def test_logs(
    tmp_path: Path, lines: tuple[str, ...], table: str, columns: tuple[str, ...], rows: list[list[object]], aside: list[int]
) -> None:  # fmt: skip
    reading = extract(tmp_path, *lines)
    assert rows_of(reading, table, *columns) == rows
    assert [problem.row for problem in problems(reading, "set_aside")] == aside
    assert (reading.covers, reading.complete) == ({table: MAY}, {})


@pytest.mark.parametrize(
    ("headings", "missing"),
    [
        ("person_id,presented_date,outcome", "joint_assessment_date"),
        ("escalation_id,child_id,raised_date,stage", "resolved_date"),
        ("enquiry_id,enquiry_date,area", "approved_date"),
        ("child_id,meeting_date,team", "held"),
    ],
)
def test_a_log_that_could_not_say_what_was_done_is_refused(tmp_path: Path, headings: str, missing: str) -> None:
    """Without the column nobody would have been assessed, resolved, approved or met: that must not read as nought per cent."""
    with pytest.raises(Refused, match=f"“{missing}”"):
        extract(tmp_path, headings, "1,04/05/2026,x")


MISSING_HEADINGS = "child_id,missing_from,missing_to,kind,interview_offered,interview_accepted,interview_date,team,worker_id"


def test_missing_episodes_with_their_return_interviews(tmp_path: Path) -> None:
    reading = extract(
        tmp_path, MISSING_HEADINGS,
        "1,04/05/2026,05/05/2026,Missing,Y,Y,07/05/2026,Mill,SW1",
        "1,04/05/2026,04/05/2026,A,N,,,Mill,SW1",
        "2,20/05/2026,,missing,,,,Fern,SW2",
        "3,21/05/2026,20/05/2026,gone,Y,N,,Fern,SW2",
        "4,21/05/2026,23/05/2026,,Y,Y,22/05/2026,,",
        "5,,23/05/2026,Missing,Y,Y,,,",
    )  # fmt: skip
    assert reading.source == "missing_episodes"
    columns = ("child_id", "nth", "ended_on", "missing_kind", "interview_offered", "interview_accepted", "interview_on", "team_id")
    assert rows_of(reading, "missing_episode", *columns) == [
        ["1", 0, pd.Timestamp("2026-05-05"), "missing", True, True, pd.Timestamp("2026-05-07"), "Mill"],
        ["1", 1, pd.Timestamp("2026-05-04"), "absent", False, None, None, "Mill"],
        ["2", 0, None, "missing", None, None, None, "Fern"],
        ["3", 0, pd.Timestamp("2026-05-20"), None, True, False, None, "Fern"],
        ["4", 0, pd.Timestamp("2026-05-23"), None, True, True, pd.Timestamp("2026-05-22"), None],
    ]
    assert [(p.row, p.column) for p in problems(reading, "set_aside")] == [(7, "missing_from")]
    warned = {(p.row, p.column) for p in problems(reading, "warning")}
    assert warned == {(5, "kind"), (5, "missing_to"), (6, "kind"), (6, "interview_date")}
    assert (reading.covers, reading.complete) == ({"missing_episode": MAY}, {})


@pytest.mark.parametrize("missing", MISSING_HEADINGS.split(",")[2:7])
def test_missing_episodes_without_a_column_of_the_interview_are_refused(tmp_path: Path, missing: str) -> None:
    """Nobody would have come back, been offered an interview or had one, and the absent would be counted with the missing."""
    headings = ",".join(heading for heading in MISSING_HEADINGS.split(",") if heading != missing)
    with pytest.raises(Refused, match=f"“{missing}”"):
        extract(tmp_path, headings, "1,04/05/2026,05/05/2026,Y,Y,07/05/2026,Mill,SW1")


def test_children_who_went_straight_to_court_do_not_stretch_what_is_said_of_pre_proceedings(tmp_path: Path) -> None:
    rows = [f"c{n},,,,0{1 + n % 9}/0{1 + n % 6}/2021," for n in range(12)]
    rows += [f"p{n},0{1 + n % 9}/01/2026,,15/0{2 + n % 4}/2026,," for n in range(12)]
    reading = extract(tmp_path, "child_id,decision_date,letter_date,end_date,issue_date,final_hearing_date", *rows)
    assert reading.covers["pre_proceedings"][0] >= pd.Timestamp("2026-01-01")
