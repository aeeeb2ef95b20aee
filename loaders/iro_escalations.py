"""The escalations extract: concerns independent reviewing officers raised, at which stage, and when they were resolved."""

from __future__ import annotations

import pandas as pd

from loaders.codes_local import ESCALATION_STAGE
from loaders.cover import log_cover
from loaders.local_fields import CHILD, HELD_BY
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"iro_escalation": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"iro_escalation": log_cover(frame["happened_on"], spoken)}


IRO_ESCALATIONS = Source(
    "iro_escalations",
    "escalations by independent reviewing officers",
    (
        Form(
            "iro_escalations",
            "an escalations extract",
            (
                Field("escalation_id", ("escalation_id", "Escalation reference"), "id", "row"),
                CHILD,
                Field("happened_on", ("raised_date", "Date raised"), "date", "row", when="happened"),
                Field("stage_kind", ("stage", "escalation_stage"), "code", codes=ESCALATION_STAGE),
                Field("reason", ("reason", "escalation_reason"), "text"),
                Field("resolved_on", ("resolved_date", "Date resolved"), "date", "column", when="past"),
                Field("outcome", ("outcome", "escalation_outcome"), "text"),
                *HELD_BY,
            ),
            build=_build,
            covers=_covers,
            unique=("escalation_id",),
            spans=(("happened_on", "resolved_on"),),
        ),
    ),
)
