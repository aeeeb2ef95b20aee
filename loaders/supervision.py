"""The supervision extract: each supervision session of a worker, held or cancelled."""

from __future__ import annotations

import pandas as pd

from loaders.codes import REFLECTIVE, SUPERVISION, SUPERVISION_STATUS
from loaders.cover import log_cover
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """A session with no status was held: most systems record only those. One whose status cannot be read does not count as held."""
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
                Field("status", ("status", "supervision_status"), "code", codes=SUPERVISION_STATUS, unread="not_known"),
                Field("reflective_kind", ("reflective_quality_grade",), "code", codes=REFLECTIVE),
                Field("actions_set", ("actions_set", "Actions set"), "number", low=0),
                Field("actions_due_on", ("actions_due_date", "Actions due"), "date"),
                Field("actions_completed_on", ("actions_completed_date", "Actions completed"), "date", when="past"),
                Field("team_id", ("team",), "unused"),
            ),
            build=_build,
            covers=_covers,
            spans=(("happened_on", "actions_due_on"), ("happened_on", "actions_completed_on")),
        ),
    ),
)
