"""Small extracts made on the spot, for the tests of the loaders. Every child and worker in them is invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

import loaders
from data.reading import Problem, Reading
from tests.extracts import LISTS

TODAY = dt.date(2026, 6, 10)

ABOUT_CHILD = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)")
LIST_1 = (*ABOUT_CHILD, "Date of Contact", "Contact Source")
LIST_2 = (*ABOUT_CHILD, "Assessment start date", "Assessment completion date", "Organisation completing assessment")
LIST_3 = (
    "Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)", "Date of referral", "Referral Source",
    "Referral NFA?", "Number of Referrals in Last 12 Months", "Allocated Team", "Allocated Worker",
)  # fmt: skip
LIST_4 = (
    "Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)", "Does the Child have a Disability",
    "Continuous Assessment Start Date", "Child Seen During Continuous Assessment", "Continuous Assessment Date of Authorisation",
    "Was the child assessed as requiring LA children’s social care support?", "Allocated Team", "Allocated Worker",
)  # fmt: skip
LIST_5 = (
    "Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)", "Does the Child have a Disability",
    "Strategy discussion initiating Section 47 Enquiry Start Date", "Was an Initial Child Protection Conference deemed unnecessary?",
    "Date of Initial Child Protection Conference", "Did the Initial Child Protection Conference Result in a Child Protection Plan",
    "Number of Section 47 Enquiries in the last 12 months", "Number of ICPCs in the last 12 months", "Allocated Team", "Allocated Worker",
)  # fmt: skip
LIST_6 = (
    "Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)", "Does the Child have a Disability", "CIN Start Date",
    "Primary Need Code", "Date Child Was Last Seen", "CIN Closure Date", "Reason for Closure", "Case Status", "Allocated Team",
    "Allocated Worker",
)  # fmt: skip
LIST_7 = (
    "Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)", "Does the Child have a Disability",
    "Child Protection Plan Start Date", "Initial Category of Abuse", "Latest Category of Abuse", "Date of the Last Statutory Visit",
    "Was the Child Seen Alone?", "Date of latest review conference", "Child Protection Plan End Date",
    "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
    "Number of Previous Child Protection Plans", "Allocated Team", "Allocated Worker",
)  # fmt: skip
LIST_8 = (
    "Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)",
    "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N))", "Does the Child have a Disability",
    "Date Started to be Looked After", "Child's Category of Need", "Child’s Legal Status", "Date of Latest Statutory Review",
    "Date of Last Social Work Visit", "What is the permanence plan for this child?", "Date Ceased to be Looked After",
    "Start Date of Most Recent Placement", "Placement Type", "Placement Provider", "Allocated Team", "Allocated Worker",
)  # fmt: skip
LIST_9_OLD = (
    *ABOUT_CHILD, "Does the Child have a Disability", "Allocated Team", "Allocated Worker", "Eligibility Category", "LA In Touch ",
    "Type of Accommodation", "Suitability of Accommodation", "Activity Status",
)  # fmt: skip
LIST_9 = (
    *ABOUT_CHILD, "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)", "Does the Child have a Disability",
    "Allocated Team", "Allocated Worker", "Allocated Personal Advisor", "Eligibility Category", "Latest Pathway Plan Review Date",
    "LA in Touch", "Latest Date of Contact", "Type of Accommodation", "Suitability of Accommodation", "Activity Status",
)  # fmt: skip
LIST_10 = (
    "Child Unique ID", "Family identifier", *ABOUT_CHILD[1:], "Does the Child have a Disability", "Date the Child Entered Care",
    "Date of Decision that Child Should be Placed for Adoption", "Date of Placement Order",
    "Date of Matching Child and Prospective Adopters", "Date Placed for Adoption", "Date of Adoption Order ",
    "Date of Decision that Child Should No Longer be Placed for Adoption", "Reason Why Child No Longer Placed for Adoption",
    "Date the child was placed for fostering in FFA or concurrent planning placement",
)  # fmt: skip
LIST_11 = (
    "Individual adopter identifier", "Family identifier", "Gender", "Ethnicity", "Disability",
    "Is the (prospective) adopter fostering for adoption?", "Date enquiry received", "Date Stage 1 started", "Date Stage 1 ended",
    "Date Stage 2 started", "Date Stage 2 ended", "Date application submitted", "Date application approved",
    "Date adopter matched with child(ren)", "Date child/children placed with adopter(s)", "No. of children placed",
    "Date of Adoption Order", "Date of leaving adoption process", "Reason for leaving adoption process",
)  # fmt: skip
ANNEX_A = {
    1: LIST_1, 2: LIST_2, 3: LIST_3, 4: LIST_4, 5: LIST_5, 6: LIST_6, 7: LIST_7, 8: LISTS["List 8"], 9: LIST_9, 10: LIST_10, 11: LIST_11,
}  # fmt: skip
VISITS = (
    "child_id", "cohort", "visit_date", "child_seen", "seen_alone", "mode", "visit_due_date", "team", "worker_id", "recorded_date",
)  # fmt: skip


def filled(headings: Sequence[str], **values: object) -> list[object]:
    """A row with some cells filled: the first heading that contains the given words, in small letters with _ for spaces."""
    row: list[object] = [None] * len(headings)
    for words, value in values.items():
        wanted = words.replace("_", " ")
        row[next(i for i, heading in enumerate(headings) if wanted in heading.casefold())] = value
    return row


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def text(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def visits_csv(path: Path, *lines: str) -> Path:
    return text(path, "child_id,cohort,visit_date,child_seen", *lines)


def read(path: Path, as_at: dt.date | None = None) -> Reading:
    reading = loaders.read(path, as_at=as_at, today=TODAY)
    nothing_lost(reading)
    return reading


def nothing_lost(reading: Reading) -> None:
    """Every row of the file is either in a canonical table or set aside with a reason, and none is both."""
    loaded = {int(row) for frame in reading.tables.values() for row in frame["source_row"]}
    assert loaded.isdisjoint(reading.set_aside)
    assert loaded | reading.set_aside == set(range(reading.rows_in))
    assert sum(problem.severity == "set_aside" for problem in reading.problems) >= len(reading.set_aside)


def problems(reading: Reading, severity: str) -> list[Problem]:
    return [problem for problem in reading.problems if problem.severity == severity]
