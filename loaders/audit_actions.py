"""The audit actions extract: what each audit asked for, by when, and when it was done."""

from __future__ import annotations

import pandas as pd

from loaders.cover import log_cover
from loaders.local_fields import HELD_BY
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """An action without an id of its own is known by its audit and due date, and by its place among those due the same day."""
    due = frame["due_on"].dt.strftime("%Y-%m-%d").fillna("no date")
    nth = frame.assign(due=due)[frame["action_id"].isna()].groupby(["audit_id", "due"]).cumcount().reindex(frame.index, fill_value=0) + 1
    named = frame["action_id"].where(frame["action_id"].notna(), "due " + due + " (" + nth.astype(str) + ")")
    return {"audit_action": frame.assign(action_id=named)}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"audit_action": log_cover(frame["due_on"], spoken)}


AUDIT_ACTIONS = Source(
    "audit_actions",
    "audit actions",
    (
        Form(
            "audit_actions",
            "an audit actions extract",
            (
                Field("audit_id", ("audit_id", "Audit reference"), "id", "row"),
                Field("action_id", ("action_id", "audit_action_id", "Action reference"), "id"),
                Field("due_on", ("due_date", "Date due", "action_due_date"), "date", "column", expected=True),
                Field(
                    "completed_on",
                    ("completed_date", "Date completed", "action_completed_date"),
                    "date",
                    "column",
                    when="happened",
                ),
                Field("text", ("text", "action", "Action required"), "text"),
                *HELD_BY,
            ),
            build=_build,
            covers=_covers,
            unique=("audit_id", "action_id", "due_on", "text"),
        ),
    ),
)
