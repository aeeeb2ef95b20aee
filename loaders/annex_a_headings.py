"""The headings of Ofsted's Annex A lists, as facts: what every list shares, and the lists that are known but not read yet."""

from __future__ import annotations

from loaders.codes import ETHNICITY, SEX
from loaders.source import Field, Form, Kind

CHILD_ID = Field(
    "child_id",
    ("Child Unique ID", "Child ID", "Child identifier"),
    "id",
    "row",
    like=r"\bchild\b.*\b(id|identifier)\b|\b(id|identifier)\b.*\bchild\b",
)
SEX_KIND = Field("sex_kind", ("Gender", "Sex"), "code", codes=SEX)
ETHNICITY_KIND = Field("ethnicity_kind", ("Ethnicity",), "code", codes=ETHNICITY)
BORN_ON = Field("born_on", ("Date of Birth", "DOB"), "date", when="birth", like=r"date.*birth")
AGE = Field("age", ("Age of Child (Years)", "Age"), "unused")
DISABLED = Field("disabled", ("Does the Child have a Disability", "Does the child have a disability? (Y/N)"), "flag")
UNACCOMPANIED = Field(
    "unaccompanied",
    (
        "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
        "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)",
    ),
    "flag",
    like=r"unaccompanied asylum seeking child",
)
HELD_BY = (Field("team_id", ("Allocated Team",), "id"), Field("worker_id", ("Allocated Worker",), "id"))

CHILD = (CHILD_ID, SEX_KIND, ETHNICITY_KIND, BORN_ON, AGE)
CHILD_WITH_DISABILITY = (*CHILD, DISABLED)
CHILD_COLUMNS = ("child_id", "born_on", "sex_kind", "ethnicity_kind", "disabled", "unaccompanied")


def unread(*headings: str, kind: Kind = "unused") -> tuple[Field, ...]:
    """Columns that are known and not used."""
    return tuple(Field(heading, (heading,), kind) for heading in headings)


def _not_read_yet(number: int, title: str, *fields: Field) -> Form:
    return Form(f"list_{number}", f"Annex A list {number} ({title})", fields, number=number)


NOT_READ_YET = (
    _not_read_yet(1, "contacts", *CHILD, Field("happened_on", ("Date of Contact",), "date", "column"), *unread("Contact Source")),
    _not_read_yet(
        2,
        "early help assessments",
        *CHILD,
        Field("started_on", ("Assessment start date",), "date", "column"),
        *unread("Assessment completion date"),
        Field("organisation", ("Organisation completing assessment",), "text", "column"),
    ),
    _not_read_yet(
        9,
        "leaving care services",
        *CHILD_WITH_DISABILITY,
        UNACCOMPANIED,
        *HELD_BY,
        Field("eligibility", ("Eligibility Category", "Eligibity Category"), "code", "column"),
        *unread("Allocated Personal Advisor", "Latest Pathway Plan Review Date", "LA in Touch", "Latest Date of Contact"),
        Field("accommodation", ("Type of Accommodation", "Type of Accomodation"), "code"),
        Field("suitability", ("Suitability of Accommodation", "Suitability of Accomodation"), "code"),
        *unread("Activity Status"),
    ),
    _not_read_yet(
        10,
        "adoption: children",
        *CHILD_WITH_DISABILITY,
        *unread("Family identifier", "Date the Child Entered Care"),
        Field("decided_on", ("Date of Decision that Child Should be Placed for Adoption",), "date", "column"),
        *unread(
            "Date of Placement Order",
            "Date of Matching Child and Prospective Adopters",
            "Date Placed for Adoption",
            "Date of Adoption Order",
            "Date of Decision that Child Should No Longer be Placed for Adoption",
            "Reason Why Child No Longer Placed for Adoption",
            "Date the child was placed for fostering in FFA or concurrent planning placement",
        ),
    ),
    _not_read_yet(
        11,
        "adoption: prospective and approved adopters",
        Field("adopter_id", ("Individual adopter identifier",), "id", "row"),
        *unread("Family identifier", "Gender", "Ethnicity", "Disability", "Is the (prospective) adopter fostering for adoption?"),
        *unread("Date enquiry received", "Date Stage 1 started", "Date Stage 1 ended", "Date Stage 2 started", "Date Stage 2 ended"),
        *unread("Date application submitted", "Date application approved", "Date adopter matched with child(ren)"),
        *unread("Date child/children placed with adopter(s)", "No. of children placed", "Date of Adoption Order"),
        *unread("Date of leaving adoption process", "Reason for leaving adoption process"),
    ),
)
