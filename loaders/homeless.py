"""The homeless 16 and 17 year olds extract: who came, when they were assessed jointly with housing, and what became of it."""

from __future__ import annotations

import pandas as pd

from loaders.codes_local import HOMELESS_OUTCOME
from loaders.cover import log_cover
from loaders.local_fields import HELD_BY
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"homeless_presentation": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"homeless_presentation": log_cover(frame["happened_on"], spoken)}


HOMELESS = Source(
    "homeless_1617",
    "homeless 16 and 17 year olds",
    (
        Form(
            "homeless_1617",
            "an extract of homeless 16 and 17 year olds",
            (
                Field("child_id", ("person_id", "child_id", "Young person ID", "Child Unique ID"), "id", "row"),
                Field("happened_on", ("presented_date", "Date presented", "Presentation date"), "date", "row", when="happened"),
                Field("assessed_on", ("joint_assessment_date", "Date of joint assessment"), "date", "column", when="happened"),
                Field("outcome_kind", ("outcome", "Outcome of presentation"), "code", codes=HOMELESS_OUTCOME),
                Field("accommodation", ("accommodation",), "text"),
                Field("repeat", ("repeat", "repeat (Y/N)", "Repeat presentation"), "flag"),
                *HELD_BY,
            ),
            build=_build,
            covers=_covers,
            unique=("child_id", "happened_on"),
            spans=(("happened_on", "assessed_on"),),
        ),
    ),
)
