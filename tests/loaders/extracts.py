"""Small extracts made on the spot, for the tests of the loaders. Every child and worker in them is invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

import loaders
from data.reading import Problem, Reading

TODAY = dt.date(2026, 6, 10)

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
