"""The workers extract: the workforce as it stood on a day, one row a worker."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.cover import shown_complete, shown_days
from loaders.rows import Rows
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"worker": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"worker": shown_days(frame["observed_on"], spoken)}


def _complete(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return shown_complete(frame["observed_on"], "worker")


def _check(rows: Rows) -> None:
    """Who must be trained, without who was, would show everyone as untrained: it is then read as not known."""
    both = ("essentials_required", "essentials_completed_on")
    there = [name in rows.found.columns for name in both]
    if any(there) and not all(there):
        says = "of “essentials_required” and “essentials_completed_date” only one is there, so both were read as not known: add the other"
        rows.note(says, severity="warning")
        nowhere = np.zeros(len(rows), dtype=bool)
        rows.frame = rows.frame.assign(**{name: rows.frame[name].where(nowhere) for name in both})


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
                Field("fte", ("fte", "FTE (0 to 1)", "Full time equivalent"), "number", "column", low=0, high=2),
                Field("agency", ("agency", "agency (Y/N)", "Agency worker"), "flag", "column"),
                Field("started_on", ("start_date",), "date"),
                Field("ended_on", ("end_date",), "date"),
                Field("absent_from_on", ("absent_from",), "date"),
                Field("absent_to_on", ("absent_to",), "date"),
                Field("caseload", ("caseload", "Cases held"), "number", low=0),
                Field("newly_qualified", ("asye", "asye (Y/N)", "newly_qualified"), "flag"),
                Field("case_holding", ("case_holding", "case_holding (Y/N)", "Case holder"), "flag"),
                Field("registration_id", ("swe_no", "swe_number", "Social Work England number"), "id"),
                Field("essentials_required", ("essentials_required", "essentials_required (Y/N)"), "flag"),
                Field("essentials_completed_on", ("essentials_completed_date",), "date", when="past"),
            ),
            build=_build,
            covers=_covers,
            complete=_complete,
            check=_check,
            unique=("worker_id", "observed_on"),
            spans=(("started_on", "ended_on"), ("absent_from_on", "absent_to_on")),
        ),
    ),
    carries_its_day=True,
)
