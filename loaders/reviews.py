"""The reviews extract: review child protection conferences, and statutory reviews of children in care."""

from __future__ import annotations

import pandas as pd

from loaders.codes_local import REVIEW, TOOK_PART
from loaders.cover import log_cover
from loaders.local_fields import CHILD, HELD_BY
from loaders.rows import Rows
from loaders.source import Cover, Field, Form, Frames, Source, Spoken

TABLES = {"cp": "cp_review", "cla": "cla_review"}


def _set_cancelled_conferences_aside(rows: Rows) -> None:
    """Of review conferences only those held are kept; of reviews of children in care, those cancelled too."""
    cancelled = (rows.frame["review_kind"] == "cp") & rows.frame["cancelled"].fillna(False)
    says = "marks a review conference that was cancelled, and only those held are kept: nothing to mend"
    rows.set_aside(cancelled.to_numpy(dtype=bool) & ~rows.aside, "cancelled", says)


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {table: frame[frame["review_kind"] == kind] for kind, table in TABLES.items()}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """Each kind of review that the file holds: one it has none of may be kept elsewhere."""
    held = {table: frame.loc[frame["review_kind"] == kind, "happened_on"] for kind, table in TABLES.items()}
    return {table: log_cover(days, spoken) for table, days in held.items() if len(days)}


REVIEWS = Source(
    "reviews",
    "reviews",
    (
        Form(
            "reviews",
            "a reviews extract",
            (
                CHILD,
                Field("happened_on", ("review_date", "Date of review"), "date", "row", when="happened"),
                Field("review_kind", ("kind", "review_type", "Type of review", "review_kind"), "code", "row", codes=REVIEW),
                Field("due_on", ("due_date", "review_due_date", "Date due"), "date"),
                Field("participation_kind", ("participation", "participation_code", "review_code"), "code", codes=TOOK_PART),
                Field("quorate", ("quorate", "quorate (Y/N)"), "flag"),
                Field("cancelled", ("cancelled", "cancelled (Y/N)"), "flag"),
                *HELD_BY,
            ),
            build=_build,
            covers=_covers,
            unique=("child_id", "review_kind", "happened_on"),
            check=_set_cancelled_conferences_aside,
        ),
    ),
)
