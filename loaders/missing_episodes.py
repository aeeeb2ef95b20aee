"""The missing episodes extract: each time a child was missing or away, when they came back, and the return interview after it."""

from __future__ import annotations

import pandas as pd

from loaders.codes_returns import MISSING
from loaders.cover import log_cover
from loaders.local_fields import CHILD, HELD_BY
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"missing_episode": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"missing_episode": log_cover(frame["started_on"], spoken)}


MISSING_EPISODES = Source(
    "missing_episodes",
    "missing episodes and return interviews",
    (
        Form(
            "missing_episodes",
            "an extract of missing episodes and return interviews",
            (
                CHILD,
                Field("started_on", ("missing_from", "Date missing from"), "date", "row", when="happened"),
                Field("ended_on", ("missing_to", "Date missing to", "Date returned"), "date", "column", when="past"),
                Field("missing_kind", ("kind", "missing_kind", "Missing or absent"), "code", "column", codes=MISSING, expected=True),
                Field("interview_offered", ("interview_offered", "Return interview offered"), "flag", "column"),
                Field("interview_accepted", ("interview_accepted", "Return interview accepted"), "flag", "column"),
                Field("interview_on", ("interview_date", "Date of return interview"), "date", "column", when="past"),
                *HELD_BY,
            ),
            build=_build,
            covers=_covers,
            spans=(("started_on", "ended_on"), ("ended_on", "interview_on")),
        ),
    ),
)
