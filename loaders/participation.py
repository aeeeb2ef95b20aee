"""The participation extract: children in care taking part in the children in care council, with an advocate, in a survey."""

from __future__ import annotations

import pandas as pd

from loaders.codes_local import TAKING_PART
from loaders.cover import log_cover
from loaders.local_fields import CHILD
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"participation": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"participation": log_cover(frame["happened_on"], spoken)}


PARTICIPATION = Source(
    "participation",
    "participation",
    (
        Form(
            "participation",
            "a participation extract",
            (
                CHILD,
                Field("happened_on", ("event_date", "Date of activity", "activity_date"), "date", "row", when="happened"),
                Field("participation_kind", ("type", "activity_type", "participation_type"), "code", codes=TAKING_PART),
            ),
            build=_build,
            covers=_covers,
            unique=("child_id", "happened_on", "participation_kind"),
        ),
    ),
)
