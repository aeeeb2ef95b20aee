"""The supervision extract: each supervision session of a worker, held or cancelled."""

from __future__ import annotations

import pandas as pd

from loaders.codes import REFLECTIVE, SUPERVISION, SUPERVISION_STATUS
from loaders.cover import log_cover
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """A session with no status was held: most systems record only those."""
    return {"supervision": frame.assign(held=(frame["status"].fillna("held") == "held").astype("boolean"))}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"supervision": log_cover(frame["happened_on"], spoken)}


SUPERVISION_SESSIONS = Source(
    "supervision",
    "supervision",
    (
        Form(
            "supervision",
            "a supervision extract",
            (
                Field("worker_id", ("worker_id", "worker"), "id", "row"),
                Field("supervisor_id", ("supervisor_id", "supervisor"), "id", "column"),
                Field("happened_on", ("supervision_date", "Date of supervision"), "date", "row", when="happened"),
                Field("supervision_kind", ("type", "supervision_type"), "code", codes=SUPERVISION),
                Field("child_id", ("child_id", "Child Unique ID", "Child ID"), "id"),
                Field("status", ("status", "supervision_status"), "code", codes=SUPERVISION_STATUS),
                Field("reflective_kind", ("reflective_quality_grade",), "code", codes=REFLECTIVE),
                Field("actions_set", ("actions_set",), "unused"),
                Field("actions_due", ("actions_due_date",), "unused"),
                Field("actions_completed", ("actions_completed_date",), "unused"),
                Field("team_id", ("team",), "unused"),
            ),
            build=_build,
            covers=_covers,
        ),
    ),
)
