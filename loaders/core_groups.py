"""The core groups extract: each core group meeting of a child with a protection plan, held or not."""

from __future__ import annotations

import pandas as pd

from loaders.cover import log_cover
from loaders.local_fields import CHILD, HELD_BY
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"core_group": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"core_group": log_cover(frame["happened_on"], spoken)}


CORE_GROUPS = Source(
    "core_groups",
    "core groups",
    (
        Form(
            "core_groups",
            "a core groups extract",
            (
                CHILD,
                Field("happened_on", ("meeting_date", "core_group_date", "Date of core group"), "date", "row", when="happened"),
                Field("held", ("held", "held (Y/N)", "core_group_held"), "flag", "column", expected=True),
                *HELD_BY,
            ),
            build=_build,
            covers=_covers,
            unique=("child_id", "happened_on"),
        ),
    ),
)
