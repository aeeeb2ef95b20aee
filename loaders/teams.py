"""The list of teams: which service each belongs to, from when to when."""

from __future__ import annotations

import pandas as pd

from loaders.source import Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"team": frame}


TEAMS = Source(
    "teams",
    "teams",
    (
        Form(
            "teams",
            "a list of teams",
            (
                Field("team_id", ("team", "Team name"), "id", "row"),
                Field("service_id", ("service", "Service name"), "id", "row"),
                Field("started_on", ("from", "start_date", "from_date"), "date"),
                Field("ended_on", ("to", "end_date", "to_date"), "date"),
            ),
            build=_build,
            unique=("team_id", "started_on"),
            spans=(("started_on", "ended_on"),),
        ),
    ),
)
