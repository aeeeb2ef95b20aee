"""Small extracts typed out for tests that start from files: an Annex A workbook and the local extracts, with their real headings."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

ABOUT_CHILD = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)")
HELD = ("Allocated Team", "Allocated Worker")
LISTS: Mapping[str, tuple[str, ...]] = {
    "List 3": (*ABOUT_CHILD, "Date of referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months", *HELD),
    "List 4": (
        *ABOUT_CHILD, "Does the Child have a Disability", "Continuous Assessment Start Date", "Child Seen During Continuous Assessment",
        "Continuous Assessment Date of Authorisation", "Was the child assessed as requiring LA children's social care support?", *HELD,
    ),
    "List 5": (
        *ABOUT_CHILD, "Does the Child have a Disability", "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?", "Date of Initial Child Protection Conference",
        "Did the Initial Child Protection Conference Result in a Child Protection Plan",
        "Number of Section 47 Enquiries in the last 12 months", "Number of ICPCs in the last 12 months", *HELD,
    ),
    "List 6": (
        *ABOUT_CHILD, "Does the Child have a Disability", "CIN Start Date", "Primary Need Code", "Date Child Was Last Seen",
        "CIN Closure Date", "Reason for Closure", "Case Status", *HELD,
    ),
    "List 7": (
        *ABOUT_CHILD, "Does the Child have a Disability", "Child Protection Plan Start Date", "Initial Category of Abuse",
        "Latest Category of Abuse", "Date of the Last Statutory Visit", "Was the Child Seen Alone?", "Date of latest review conference",
        "Child Protection Plan End Date",
        "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
        "Number of Previous Child Protection Plans", *HELD,
    ),
    "List 8": (
        *ABOUT_CHILD, "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)", "Does the Child have a Disability",
        "Date Started to be Looked After", "Child's Category of Need",
        "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
        "Start date of current legal status", "Child's Legal Status", "Date of Latest Statutory Review", "Date of Last Social Work Visit",
        "What is the permanence plan for this child?", "Date of Last IRO Visit / Contact to the Child", "Date of Last Health Assessment",
        "Date of Last Dental Check", "Number of Placements in the Last 12 months", "Date Ceased to be Looked After",
        "Reason Ceased to be Looked After", "Start Date of Most Recent Placement", "Placement Type", "Placement Provider",
        "Placement postcode", "URN of Placement", "Placement Location", "LA of Placement",
        "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months",
        "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",
        "Was the child offered a Return Interview after their last missing episode (Y/N)?",
        "Did the child accept a Return Interview after their last missing episode (Y/N)?", *HELD,
    ),
}  # fmt: skip
USUAL = {
    "Gender": "b) Female", "Ethnicity": "a) WBRI", "Age of Child (Years)": 9, "Referral Source": "q) 6: Police", "Referral NFA?": "b) No",
    "Number of Referrals in Last 12 Months": 0, "Does the Child have a Disability": "b) No", "Child's Legal Status": "C2: FCO",
    "Primary Need Code": "N1 - Abuse or neglect", "Case Status": "c) Child in need plan", "Initial Category of Abuse": "a) Neglect",
    "Latest Category of Abuse": "a) Neglect", "Number of Previous Child Protection Plans": 0, "Allocated Team": "Brook",
    "Allocated Worker": "SW1", "Placement Type": "f) U6: Foster placement - not FFA", "Placement Provider": "b) PR1: Own provision",
}  # fmt: skip


def annex_a(path: Path, lists: Mapping[str, Sequence[Mapping[str, Any]]]) -> Path:
    """An Annex A workbook: for each list its rows, by heading; what a row does not say is what most rows say."""
    book = Workbook()
    book.remove(book.active)
    for name, headings in LISTS.items():
        sheet = book.create_sheet(name)
        sheet.append(headings)
        for row in lists.get(name, ()):
            unknown = set(row) - set(headings)
            assert not unknown, f"{name} has no heading {unknown}"
            sheet.append([row.get(heading, USUAL.get(heading)) for heading in headings])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def as_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """A local extract as CSV, its headings those of the first row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
