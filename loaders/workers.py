"""The workers extract: the workforce as it stood on a day, one row a worker."""

from __future__ import annotations

import pandas as pd

from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"worker": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    days = frame["observed_on"]
    return {"worker": (days.min(), days.max())} if len(days) else {"worker": (spoken.as_at, spoken.as_at)}


WORKERS = Source(
    "workers",
    "workers",
    (
        Form(
            "workers",
            "a workers extract",
            (
                Field("worker_id", ("worker_id", "worker"), "id", "row"),
                Field("observed_on", ("snapshot_date", "Date of snapshot"), "date", "row", when="happened"),
                Field("team_id", ("team", "Team name"), "id", "column"),
                Field("role", ("role", "Job title"), "text", "column"),
                Field("fte", ("fte", "FTE (0 to 1)", "Full time equivalent"), "number", "column"),
                Field("agency", ("agency", "agency (Y/N)", "Agency worker"), "flag", "column"),
                Field("started_on", ("start_date",), "date"),
                Field("ended_on", ("end_date",), "date"),
                Field("absent_from_on", ("absent_from",), "date"),
                Field("absent_to_on", ("absent_to",), "date"),
                Field("caseload", ("caseload", "Cases held"), "number"),
                Field("newly_qualified", ("asye", "asye (Y/N)", "newly_qualified"), "flag"),
                Field("case_holding", ("case_holding", "case_holding (Y/N)", "Case holder"), "flag"),
                Field("registration", ("swe_no", "swe_number"), "unused"),
                Field("essentials_required", ("essentials_required",), "unused"),
                Field("essentials_completed", ("essentials_completed_date",), "unused"),
            ),
            build=_build,
            covers=_covers,
            unique=("worker_id", "observed_on"),
            spans=(("started_on", "ended_on"), ("absent_from_on", "absent_to_on")),
        ),
    ),
    carries_its_day=True,
)
