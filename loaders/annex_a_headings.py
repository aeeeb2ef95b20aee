"""The headings every list of Ofsted's Annex A shares, as facts: who the child is, and who holds the case."""

from __future__ import annotations

from loaders.codes import ETHNICITY, SEX
from loaders.source import Field

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


def not_kept(*headings: str) -> tuple[Field, ...]:
    """Columns that are known and not kept: a count that Sightline makes itself, or more about a child than its measures need."""
    return tuple(Field(heading, (heading,), "unused") for heading in headings)
