"""The audits extract: case file audits, their final grades and the grade of each theme."""

from __future__ import annotations

import pandas as pd

from data.canonical.practice import AUDIT_THEMES
from loaders.codes import AUDIT_KIND, GRADE
from loaders.cover import log_cover
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"audit": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"audit": log_cover(frame["happened_on"], spoken)}


AUDITS = Source(
    "audits",
    "audits",
    (
        Form(
            "audits",
            "an audits extract",
            (
                Field("audit_id", ("audit_id", "Audit reference"), "id", "row"),
                Field("child_id", ("child_id", "Child Unique ID", "Child ID"), "id", "column"),
                Field("happened_on", ("audit_date", "Date of audit"), "date", "row", when="happened"),
                Field("auditor_id", ("auditor_id", "auditor"), "id", "column"),
                Field("team_id", ("team", "Team name"), "id"),
                Field("worker_id", ("worker_id", "worker"), "id"),
                Field("audit_kind", ("audit_type", "Type of audit"), "code", codes=AUDIT_KIND),
                Field("initial_grade_kind", ("grade_initial", "Initial grade"), "code", codes=GRADE),
                Field("grade_kind", ("grade_final", "Final grade"), "code", "column", codes=GRADE),
                Field("moderated", ("moderated", "moderated (Y/N)"), "flag"),
                Field("practitioner_involved", ("practitioner_involved", "practitioner_involved (Y/N)"), "flag"),
                *(Field(f"{theme}_grade_kind", (theme, f"theme_{theme}", f"grade_{theme}"), "code", codes=GRADE) for theme in AUDIT_THEMES),
            ),
            build=_build,
            covers=_covers,
            unique=("audit_id",),
        ),
    ),
)
