"""The foster enquiries extract: who asked about becoming a foster carer, and which of them were approved."""

from __future__ import annotations

import pandas as pd

from loaders.cover import log_cover
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"foster_enquiry": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"foster_enquiry": log_cover(frame["happened_on"], spoken)}


FOSTER_ENQUIRIES = Source(
    "foster_enquiries",
    "foster enquiries",
    (
        Form(
            "foster_enquiries",
            "a foster enquiries extract",
            (
                Field("enquiry_id", ("enquiry_id", "Enquiry reference"), "id", "row"),
                Field("happened_on", ("enquiry_date", "Date of enquiry"), "date", "row", when="happened"),
                Field("approved_on", ("approved_date", "Date approved", "approval_date"), "date", "column", when="happened"),
                Field("closed_on", ("closed_date", "Date closed"), "date", when="happened"),
                Field("area", ("area", "locality"), "text"),
            ),
            build=_build,
            covers=_covers,
            unique=("enquiry_id",),
            spans=(("happened_on", "approved_on"), ("happened_on", "closed_on")),
        ),
    ),
)
