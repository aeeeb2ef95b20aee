"""The social work workforce census, as XML once a year and as a monthly extract in the same columns."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.loaders.extracts import problems, read, text, workbook
from tests.loaders.returns import elements, saved, workforce_xml

CENSUS_DAY = pd.Timestamp("2025-09-30")
HOLDER = elements(
    AgencyWorker="0", SWENo="SW101", FTE="0.8", PersonBirthDate="1980-05-06", GenderCurrent="2", Ethnicity="WBRI", QualInst="Anywhere",
    OrgRole="5", RoleStartDate="2019-03-01", FTE30="0.8", Cases30="14", WorkingDaysLost="3.5", Absat30Sept="0",
)  # fmt: skip
LEAVER = elements(
    AgencyWorker="1", SWENo="SW102", FTE="1", OrgRole="3", RoleStartDate="2024-01-01", RoleEndDate="2025-06-30", ReasonLeave="01"
)
VACANCIES = elements(NumberOfVacancies="12.5", NoAgencyFTE="9.3", NoAgencyHeadcount="10")
COLUMNS = (
    "AgencyWorker,SWENo,FTE,PersonBirthDate,GenderCurrent,Ethnicity,OrgRole,RoleStartDate,RoleEndDate,ReasonLeave,Cases30,WorkingDaysLost"
)


def test_workers_as_they_stood_on_the_census_day(tmp_path: Path) -> None:
    reading = read(saved(tmp_path / "csww.xml", workforce_xml(HOLDER, LEAVER, vacancies=VACANCIES)))
    assert (reading.source, reading.as_at, reading.as_at_from) == ("workforce_census", CENSUS_DAY, "stated")
    worker = reading.tables["worker"].set_index("worker_id")
    assert set(worker["observed_on"]) == {CENSUS_DAY}
    holder = worker.loc["SW101"]
    assert holder[["registration_id", "role", "fte", "agency", "caseload", "days_lost", "case_holding"]].tolist() == [
        "SW101", "Case holder", 0.8, False, 14.0, 3.5, True,
    ]  # fmt: skip
    assert (holder["started_on"], pd.isna(holder["team_id"])) == (pd.Timestamp("2019-03-01"), True)
    leaver = worker.loc["SW102"]
    assert (leaver["agency"], leaver["ended_on"], leaver["leaving_kind"]) == (True, pd.Timestamp("2025-06-30"), "01")
    assert pd.isna(leaver["case_holding"])
    assert reading.problems == ()


def test_the_council_s_vacancies(tmp_path: Path) -> None:
    reading = read(saved(tmp_path / "csww.xml", workforce_xml(HOLDER, vacancies=VACANCIES)))
    posts = reading.tables["establishment"].iloc[0]
    assert posts[["team_id", "vacant_fte", "agency_fte"]].tolist() == ["whole council", 12.5, 9.3]
    assert posts["observed_on"] == CENSUS_DAY
    assert pd.isna(posts["posts_fte"]), "the census does not say how many posts there are"
    assert reading.covers == {"worker": (CENSUS_DAY, CENSUS_DAY), "establishment": (CENSUS_DAY, CENSUS_DAY)}
    without = read(saved(tmp_path / "workers.xml", workforce_xml(HOLDER)))
    assert without.covers == {"worker": (CENSUS_DAY, CENSUS_DAY)}, "a file without vacancies does not say that there were none"


def test_what_is_wrong_is_shown_by_module_and_line(tmp_path: Path) -> None:
    nobody, odd = elements(AgencyWorker="0", FTE="1", OrgRole="5"), elements(AgencyWorker="0", SWENo="SW9", FTE="1", OrgRole="12")
    reading = read(saved(tmp_path / "csww.xml", workforce_xml(HOLDER, nobody, odd)))
    assert [(problem.sheet, problem.row, problem.column) for problem in problems(reading, "set_aside")] == [("CSWWWorker", 6, "SWENo")]
    assert [(problem.row, problem.value) for problem in problems(reading, "warning")] == [(7, "12")]


def test_a_monthly_extract_in_the_same_columns(tmp_path: Path) -> None:
    lines = ("0,SW101,0.8,06/05/1980,2,WBRI,5,01/03/2019,,,14,3.5", "Y,SW103,1,,,,6,01/02/2026,,,,")
    reading = read(text(tmp_path / "hr_2026-05.csv", COLUMNS, *lines))
    assert reading.source == "workforce_census"
    worker = reading.tables["worker"]
    assert set(worker["observed_on"]) == {pd.Timestamp("2026-05-31")}
    assert worker["case_holding"].tolist() == [True, False]
    assert worker["agency"].tolist() == [False, True]


def test_a_monthly_workbook_that_says_its_day(tmp_path: Path) -> None:
    headings = [*COLUMNS.split(","), "snapshot_date"]
    row = ["0", "SW101", 0.8, None, None, None, "5 - Case holder", "01/03/2019", None, None, 14, 3, "31/05/2026"]
    reading = read(workbook(tmp_path / "hr.xlsx", {"Workforce": [headings, row]}))
    day = pd.Timestamp("2026-05-31")
    assert reading.tables["worker"]["observed_on"].tolist() == [day]
    assert reading.tables["worker"]["role"].tolist() == ["Case holder"]
    assert (reading.as_at, reading.covers) == (day, {"worker": (day, day)})
