"""The training extract: the courses each worker was required to complete, and when they did, as the register stands."""

from __future__ import annotations

import pandas as pd

from loaders.cover import on_day
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"training": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """The register holds today's staff and each course once: it speaks for its own day, and not for months gone by."""
    return {"training": on_day(spoken.as_at)}


TRAINING = Source(
    "training",
    "training",
    (
        Form(
            "training",
            "a training extract",
            (
                Field("worker_id", ("worker_id", "worker"), "id", "row"),
                Field("course", ("course", "Course name", "Course title"), "text", "row"),
                Field("required_from_on", ("required_from", "required_from_date"), "date"),
                Field("completed_on", ("completed_date", "Date completed", "course_completed_date"), "date", "column", when="happened"),
            ),
            build=_build,
            covers=_covers,
            unique=("worker_id", "course"),
        ),
    ),
)
