"""The visits extract: every visit to a child recorded in the council's system."""

from __future__ import annotations

import pandas as pd

from loaders.codes import COHORT, VISIT_MODE
from loaders.cover import log_cover
from loaders.source import Cover, Field, Form, Frames, Source, Spoken

COHORTS = ("cp", "cin", "cla", "contact")


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"visit": frame.assign(origin_kind="log")}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """The extract is the whole log: a cohort with no row in it had no visit. Private fostering is often kept elsewhere, so it must show."""
    cohorts = (*COHORTS, "pf") if (frame["cohort_kind"] == "pf").any() else COHORTS
    return dict.fromkeys((f"visit:{cohort}" for cohort in cohorts), log_cover(frame["happened_on"], spoken))


VISITS = Source(
    "visits",
    "visits",
    (
        Form(
            "visits",
            "a visits extract",
            (
                Field("child_id", ("child_id", "Child Unique ID", "Child ID"), "id", "row"),
                Field("cohort_kind", ("cohort", "Visit cohort"), "code", "row", codes=COHORT),
                Field("happened_on", ("visit_date", "Date of visit"), "date", "row", when="happened"),
                Field("child_seen", ("child_seen", "Child seen (Y/N)", "Was the child seen"), "flag", "column", expected=True),
                Field("seen_alone", ("seen_alone", "Child seen alone", "Was the child seen alone"), "flag"),
                Field("bedroom_seen", ("bedroom_seen",), "flag"),
                Field("mode_kind", ("mode", "Visit mode"), "code", codes=VISIT_MODE),
                Field("due_on", ("visit_due_date", "due_date"), "date"),
                Field("team_id", ("team", "Allocated Team", "Team name"), "id"),
                Field("worker_id", ("worker_id", "worker", "Allocated Worker"), "id"),
                Field("recorded_on", ("recorded_date", "Date recorded"), "date", when="past"),
            ),
            build=_build,
            covers=_covers,
        ),
    ),
)
