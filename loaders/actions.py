"""The improvement plan's actions as they stood on a day: who leads each, by when, how it stands, and when that was last said."""

from __future__ import annotations

import pandas as pd

from loaders.codes_local import ACTION_STATUS, RAG
from loaders.cover import on_day, shown_complete, shown_days
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"action": frame.assign(observed_on=_observed(frame, spoken))}


def _observed(frame: pd.DataFrame, spoken: Spoken) -> pd.Series:
    """The day a row shows; most plans print none, and are as they stand at the month end the file speaks for."""
    return frame["observed_on"].fillna(spoken.month_end)


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"action": shown_days(frame["observed_on"], spoken) if frame["observed_on"].notna().all() else on_day(spoken.as_at)}


def _complete(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return shown_complete(_observed(frame, spoken), "action")


ACTIONS = Source(
    "actions",
    "improvement plan actions",
    (
        Form(
            "actions",
            "an extract of the improvement plan's actions",
            (
                Field("action_id", ("action_id", "Action reference"), "id", "row"),
                Field("due_on", ("due_date", "Date due", "action_due_date"), "date", "column", expected=True),
                Field("recommendation_id", ("recommendation_no", "recommendation", "Recommendation number"), "id"),
                Field("text", ("text", "action", "Action required"), "text"),
                Field("lead", ("lead", "Action lead", "Lead officer"), "text"),
                Field("status_kind", ("status", "action_status"), "code", "column", codes=ACTION_STATUS, expected=True),
                Field("updated_on", ("last_update_date", "last_updated", "Date of last update"), "date", "column", when="happened"),
                Field("rag_kind", ("rag", "RAG rating"), "code", codes=RAG),
                Field("impact_note", ("impact_note", "impact", "Impact"), "text"),
                Field("observed_on", ("snapshot_date", "Date of snapshot"), "date", when="happened"),
            ),
            build=_build,
            covers=_covers,
            complete=_complete,
            unique=("action_id", "observed_on"),
        ),
    ),
)
