"""The children in need census: what each module becomes, the year it speaks for, and what is wrong in it by module and line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loaders
from data.reading import Reading
from tests.loaders.extracts import TODAY, nothing_lost, problems, read
from tests.loaders.returns import child_xml, cin_xml, elements, saved

YEAR = (pd.Timestamp("2025-04-01"), pd.Timestamp("2026-03-31"))
REFERRAL = elements(CINreferralDate="2025-05-06", ReferralSource="1A", PrimaryNeedCode="N1", ReferralNFA="false")


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def census(tmp_path: Path, *children: str, **header: str) -> Reading:
    return read(saved(tmp_path / "census.xml", cin_xml(*children, **header)))


def only(reading: Reading, table: str) -> pd.Series:
    (row,) = [row for _, row in reading.tables[table].iterrows()]
    return row


def test_a_referral(tmp_path: Path) -> None:
    closed = elements(CINclosureDate="2025-09-01", ReasonForClosure="RC8")
    reading = census(tmp_path, child_xml("0012", REFERRAL + closed))
    referral = only(reading, "referral")
    assert referral[["child_id", "source_kind", "need_kind", "closure_kind", "no_further_action"]].tolist() == [
        "0012",
        "1A",
        "N1",
        "RC8",
        False,
    ]
    assert (referral["happened_on"], referral["closed_on"]) == (day("2025-05-06"), day("2025-09-01"))
    assert reading.problems == ()


@pytest.mark.parametrize(("written", "read_as"), [("true", True), ("1", True), ("false", False), ("0", False)])
def test_no_further_action_however_it_is_written(tmp_path: Path, written: str, read_as: bool) -> None:
    reading = census(tmp_path, child_xml("1", elements(CINreferralDate="2025-05-06", ReferralNFA=written)))
    assert only(reading, "referral")["no_further_action"] == read_as


@pytest.mark.parametrize(
    ("element", "kind"),
    [
        ("<Sex>M</Sex>", "male"),
        ("<Sex>U</Sex>", "not_stated"),
        ("<Sex>2</Sex>", "female"),
        ("<GenderCurrent>1</GenderCurrent>", "male"),
        ("<GenderCurrent>9</GenderCurrent>", "neither"),
        ("<GenderCurrent>0</GenderCurrent>", "not_stated"),
    ],
)
def test_sex_in_the_layout_of_every_year(tmp_path: Path, element: str, kind: str) -> None:
    assert only(census(tmp_path, child_xml("1", REFERRAL, more=element)), "child")["sex_kind"] == kind


def test_a_file_in_which_some_children_have_the_old_layout_loses_nobodys_sex(tmp_path: Path) -> None:
    reading = census(
        tmp_path, child_xml("1", REFERRAL, more="<GenderCurrent>1</GenderCurrent>"), child_xml("2", REFERRAL, more="<Sex>F</Sex>")
    )
    assert dict(zip(reading.tables["child"]["child_id"], reading.tables["child"]["sex_kind"], strict=True)) == {"1": "male", "2": "female"}


def test_an_unborn_child_and_one_who_died(tmp_path: Path) -> None:
    unborn = child_xml("1", REFERRAL, born="<ExpectedPersonBirthDate>2026-08-01</ExpectedPersonBirthDate>", more="<Sex>U</Sex>")
    died = child_xml("2", REFERRAL, more="<PersonDeathDate>2026-01-02</PersonDeathDate>")
    children = census(tmp_path, unborn, died).tables["child"].set_index("child_id")
    assert (children.loc["1", "expected_on"], pd.isna(children.loc["1", "born_on"])) == (day("2026-08-01"), True)
    assert children.loc["2", "died_on"] == day("2026-01-02")


@pytest.mark.parametrize(("codes", "disabled"), [(("HAND", "HEAR"), True), (("NONE",), False), ((), None)])
def test_disability_is_any_code_but_none(tmp_path: Path, codes: tuple[str, ...], disabled: bool | None) -> None:
    named = "<Disabilities>" + "".join(f"<Disability>{code}</Disability>" for code in codes) + "</Disabilities>"
    value = only(census(tmp_path, child_xml("1", REFERRAL, more=named)), "child")["disabled"]
    assert pd.isna(value) if disabled is None else value == disabled


def test_assessments_plans_and_reviews(tmp_path: Path) -> None:
    inside = (
        "<Assessments>" + elements(AssessmentActualStartDate="2025-05-07", AssessmentAuthorisationDate="2025-06-20")
        + "<FactorsIdentifiedAtAssessment><AssessmentFactors>1C</AssessmentFactors><AssessmentFactors>6B</AssessmentFactors>"
        + "</FactorsIdentifiedAtAssessment></Assessments>"
        + "<CINPlanDates>" + elements(CINPlanStartDate="2025-06-21", CINPlanEndDate="2025-07-01") + "</CINPlanDates>"
        + "<ChildProtectionPlans>"
        + elements(CPPstartDate="2025-07-02", InitialCategoryOfAbuse="NEG", LatestCategoryOfAbuse="EMO", NumberOfPreviousCPP="1")
        + "<Reviews><CPPreviewDate>2025-09-30</CPPreviewDate><CPPreviewDate>2026-02-11</CPPreviewDate></Reviews></ChildProtectionPlans>"
    )  # fmt: skip
    reading = census(tmp_path, child_xml("5", REFERRAL + inside))
    assessment, need, plan = only(reading, "assessment"), only(reading, "cin_plan"), only(reading, "cp_plan")
    assert (assessment["started_on"], assessment["ended_on"]) == (day("2025-05-07"), day("2025-06-20"))
    assert (need["started_on"], need["ended_on"]) == (day("2025-06-21"), day("2025-07-01"))
    assert plan[["child_id", "initial_category_kind", "category_kind", "previous_plans"]].tolist() == ["5", "neglect", "emotional", 1]
    assert (plan["latest_review_on"], pd.isna(plan["ended_on"])) == (day("2026-02-11"), True)
    assert reading.tables["cp_review"]["happened_on"].tolist() == [day("2025-09-30"), day("2026-02-11")]
    assert reading.problems == ()


def enquiry(**values: str) -> str:
    return f"<Section47>{elements(**values)}</Section47>"


def test_a_conference_after_an_enquiry(tmp_path: Path) -> None:
    held = enquiry(S47ActualStartDate="2025-06-02", DateOfInitialCPC="2025-06-17", ICPCnotRequired="false")
    reading = census(tmp_path, child_xml("1", REFERRAL + held))
    assert only(reading, "section47")[["happened_on", "conference_unnecessary"]].tolist() == [day("2025-06-02"), False]
    conference = only(reading, "icpc")
    assert (conference["happened_on"], conference["section47_on"], conference["transfer_in"]) == (
        day("2025-06-17"),
        day("2025-06-02"),
        False,
    )
    assert pd.isna(conference["led_to_plan"]), "the census does not say what a conference decided"


def test_a_conference_without_an_enquiry_is_of_a_child_who_moved_in(tmp_path: Path) -> None:
    conference = only(census(tmp_path, child_xml("1", REFERRAL + elements(DateOfInitialCPC="2025-07-01"))), "icpc")
    assert (conference["transfer_in"], pd.isna(conference["section47_on"])) == (True, True)


def test_a_conference_told_at_both_levels_is_one(tmp_path: Path) -> None:
    held = enquiry(S47ActualStartDate="2025-06-02", DateOfInitialCPC="2025-06-17")
    reading = census(tmp_path, child_xml("1", REFERRAL + elements(DateOfInitialCPC="2025-06-17") + held))
    assert only(reading, "icpc")["section47_on"] == day("2025-06-02")


def test_a_conference_beside_another_enquiry_may_or_may_not_be_of_a_child_who_moved_in(tmp_path: Path) -> None:
    reading = census(
        tmp_path, child_xml("1", REFERRAL + elements(DateOfInitialCPC="2025-09-09") + enquiry(S47ActualStartDate="2025-06-02"))
    )
    assert pd.isna(only(reading, "icpc")["transfer_in"])


def test_an_enquiry_without_a_date_is_set_aside_and_with_only_a_conference_kept(tmp_path: Path) -> None:
    reading = census(
        tmp_path,
        child_xml("1", REFERRAL + enquiry(ICPCnotRequired="true") + enquiry(DateOfInitialCPC="2025-06-17", ICPCnotRequired="false")),
    )
    assert [problem.sheet for problem in problems(reading, "set_aside")] == ["Section47"]
    assert [problem.column for problem in problems(reading, "warning")] == ["DateOfInitialCPC"]
    assert pd.isna(only(reading, "icpc")["section47_on"])


def test_pre_proceedings_of_the_2026_layout(tmp_path: Path) -> None:
    inside = elements(
        PPStartDate="2025-06-01", LBPSentDate="2025-06-05", FGDMMeetingOffer="1", StepDecisionDate="2025-09-01", PPOutcome="A",
        CourtAppDate="2025-09-10",
    )  # fmt: skip
    reading = census(tmp_path, child_xml("1", f"{REFERRAL}<PreProceedingsandFGDM>{inside}</PreProceedingsandFGDM>"))
    before = only(reading, "pre_proceedings")
    assert (before["started_on"], before["letter_on"], before["ended_on"]) == (day("2025-06-01"), day("2025-06-05"), day("2025-09-01"))
    issued = only(reading, "proceedings")
    assert (issued["started_on"], pd.isna(issued["ended_on"])) == (day("2025-09-10"), True)
    assert reading.problems == ()


def test_the_header_says_what_day_it_speaks_of_whatever_the_file_is_called(tmp_path: Path) -> None:
    reading = read(saved(tmp_path / "cin_2025-12-31.xml", cin_xml(child_xml("1", REFERRAL))))
    assert (reading.as_at, reading.as_at_from) == (day("2026-03-31"), "stated")
    asked = read(saved(tmp_path / "cin.xml", cin_xml(child_xml("1", REFERRAL))), as_at=dt.date(2026, 4, 30))
    assert (asked.as_at, asked.as_at_from) == (day("2026-04-30"), "asked")


def test_it_speaks_for_its_year_and_holds_every_row_of_it(tmp_path: Path) -> None:
    reading = census(tmp_path, child_xml("1", REFERRAL))
    tables = {"referral", "assessment", "section47", "icpc", "cin_plan", "cp_plan", "cp_review"}
    assert reading.covers == dict.fromkeys(tables, YEAR)
    assert reading.complete == reading.covers
    empty = census(tmp_path)
    assert (empty.rows_in, empty.covers) == (0, reading.covers), "a census without a child says that there was none"


@pytest.mark.parametrize(("written", "says"), [("", "has no ReferenceDate"), ("31/31/2026", "is not a day")])
def test_a_header_without_a_day_is_told(tmp_path: Path, written: str, says: str) -> None:
    reading = census(tmp_path, child_xml("1", REFERRAL), day=written)
    assert (reading.as_at, reading.as_at_from) == (day("2025-05-06"), "contents")
    assert any(says in problem.says and problem.sheet == "Header" for problem in problems(reading, "warning"))


def test_a_day_that_has_not_come_is_not_what_it_speaks_of(tmp_path: Path) -> None:
    reading = read(
        saved(
            tmp_path / "cin_2026-05-31.xml", cin_xml(child_xml("1", REFERRAL.replace("2025-05", "2026-05")), day="2027-03-31", year="2027")
        )
    )
    assert (reading.as_at, reading.as_at_from) == (day("2026-05-31"), "name")
    assert any("has not come" in problem.says for problem in problems(reading, "warning"))


def test_a_year_that_is_not_that_of_the_day_is_told(tmp_path: Path) -> None:
    (problem,) = census(tmp_path, child_xml("1", REFERRAL), year="2025").problems
    assert (problem.sheet, problem.row, problem.column, problem.value) == ("Header", 2, "Year", "2025")


def test_what_is_wrong_is_shown_by_module_and_line(tmp_path: Path) -> None:
    wrong = child_xml("2", elements(CINreferralDate="2025-02-31", ReferralNFA="0"), "<ReferralNFA>0</ReferralNFA>")
    reading = census(tmp_path, child_xml("1", REFERRAL), wrong)
    found = {(problem.sheet, problem.row, problem.column, problem.value) for problem in problems(reading, "set_aside")}
    assert found == {("CINdetails", 7, "CINreferralDate", "2025-02-31"), ("CINdetails", 8, "CINreferralDate", None)}


def test_what_happened_after_the_census_is_kept_and_told(tmp_path: Path) -> None:
    reading = census(tmp_path, child_xml("1", REFERRAL.replace("2025-05-06", "2026-04-02")))
    (problem,) = problems(reading, "warning")
    assert "after the census's own ReferenceDate (31/03/2026)" in problem.says
    assert len(reading.tables["referral"]) == 1


def test_a_case_of_nobody_is_set_aside(tmp_path: Path) -> None:
    nobody = child_xml("1", REFERRAL).replace("<LAchildID>1</LAchildID>", "")
    reading = census(tmp_path, nobody)
    assert {problem.sheet for problem in problems(reading, "set_aside")} == {"Child", "CINdetails"}
    assert all(frame.empty for frame in reading.tables.values())


def test_elements_not_known_are_told_and_words_out_of_place_too(tmp_path: Path) -> None:
    reading = census(tmp_path, child_xml("1", REFERRAL + "<NewThing>5</NewThing>", more="<UPN>A1</UPN>PersonBirthDate<Sex>1</Sex>"))
    (note,) = problems(reading, "note")
    assert (note.sheet, note.column) == ("CINdetails", "NewThing")
    (warning,) = problems(reading, "warning")
    assert (warning.row, warning.value) == (4, "PersonBirthDate")


def test_check_shows_every_module_and_stores_nothing(tmp_path: Path) -> None:
    checked = loaders.check(saved(tmp_path / "census.xml", cin_xml(child_xml("1", REFERRAL))), today=TODAY)
    assert [sheet.name for sheet in checked.sheets] == [
        "Child", "CINdetails", "Assessments", "CINPlanDates", "Section47", "ChildProtectionPlans", "Reviews", "PreProceedingsandFGDM",
    ]  # fmt: skip
    assert checked.first_rows()["referral"]["child_id"].tolist() == ["1"]


def test_a_folder_is_searched_for_xml(tmp_path: Path) -> None:
    path = saved(tmp_path / "census.xml", cin_xml())
    assert loaders.find([tmp_path]) == [path]


DAYS = st.dates(dt.date(2025, 4, 1), dt.date(2026, 3, 31)).map(dt.date.isoformat)
PARTS = st.one_of(
    DAYS.map(lambda day: f"<Assessments><AssessmentActualStartDate>{day}</AssessmentActualStartDate></Assessments>"),
    DAYS.map(lambda day: enquiry(S47ActualStartDate=day)),
    st.tuples(DAYS, DAYS).map(lambda days: enquiry(S47ActualStartDate=min(days), DateOfInitialCPC=max(days))),
    DAYS.map(lambda day: f"<CINPlanDates><CINPlanStartDate>{day}</CINPlanStartDate></CINPlanDates>"),
    DAYS.map(lambda day: f"<DateOfInitialCPC>{day}</DateOfInitialCPC>"),
    st.tuples(DAYS, DAYS).map(
        lambda days: (
            f"<ChildProtectionPlans><Reviews><CPPreviewDate>{max(days)}</CPPreviewDate></Reviews>{elements(CPPstartDate=min(days))}</ChildProtectionPlans>"
        )
    ),
)
CASES = st.tuples(DAYS, st.lists(PARTS, max_size=4, unique=True)).map(
    lambda case: [f"<CINreferralDate>{case[0]}</CINreferralDate>", *case[1]]
)


@given(st.lists(st.lists(CASES, min_size=1, max_size=3), min_size=1, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_the_order_in_which_elements_come_means_nothing(
    tmp_path_factory: pytest.TempPathFactory, children: list[list[list[str]]], order: object
) -> None:
    def written(*, shuffled: bool) -> Reading:
        made = []
        for n, cases in enumerate(children):
            inside = [f"<CINdetails>{''.join(_mixed(case, order) if shuffled else case)}</CINdetails>" for case in cases]
            inside.append(f"<ChildIdentifiers><LAchildID>{n}</LAchildID></ChildIdentifiers>")
            made.append(f"<Child>{''.join(_mixed(inside, order) if shuffled else inside)}</Child>")
        path = tmp_path_factory.mktemp("census") / "census.xml"
        return loaders.read(saved(path, cin_xml(*(_mixed(made, order) if shuffled else made))), today=TODAY)

    one, other = written(shuffled=False), written(shuffled=True)
    assert one.tables.keys() == other.tables.keys()
    for name, frame in one.tables.items():
        pd.testing.assert_frame_equal(frame, other.tables[name])
    assert one.set_aside == other.set_aside


def _mixed(parts: list[str], order: object) -> list[str]:
    mixed = list(parts)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    return mixed


@pytest.mark.parametrize(
    ("name", "as_at", "rows_in", "aside", "referrals", "children"),
    [
        ("cin_census_332_children.xml", "2022-07-21", 734, 3, 399, 332),
        ("csc-validator-be-cin__fake_data__CIN_Census_2024.xml", "2024-03-31", 10, 1, 2, 2),
        ("csc-validator-be-cin__fake_data__CIN_Census_2026.xml", "2024-03-31", 11, 2, 2, 2),
    ],
)
def test_the_published_samples(shared: Path, name: str, as_at: str, rows_in: int, aside: int, referrals: int, children: int) -> None:
    reading = loaders.read(shared / "samples" / "cin_census" / name, today=dt.date(2026, 11, 22))
    nothing_lost(reading)
    assert (reading.as_at, reading.rows_in, len(reading.set_aside)) == (day(as_at), rows_in, aside)
    assert (len(reading.tables["referral"]), len(reading.tables["child"])) == (referrals, children)
