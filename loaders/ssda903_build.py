"""The tables of the children looked after return other than its episodes, as canonical rows, and the days each speaks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd

from loaders.cells import day_reader
from loaders.return_years import latest_year, return_window, status_day
from loaders.rows import Rows
from loaders.source import Cover, Frames, Spoken

_CHECKS = {
    "health_assessment": "health_assessment", "teeth_check": "dental_check", "immunisations": "immunisations",
    "development_check": "development_check",
}  # fmt: skip
_SAYS = (*_CHECKS, "sdq_score", "sdq_reason", "substance_misuse")


def header(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"child": frame}


def unaccompanied(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """Every child of the table is or was unaccompanied; `unaccompanied_until_on` is the day they ceased to be."""
    return {"child": frame.assign(unaccompanied=True)}


def events(table: str) -> Callable[[pd.DataFrame, Spoken], Frames]:
    """A table whose rows are canonical rows as they stand."""
    return lambda frame, spoken: {table: frame}


def over_the_years(table: str, day: str) -> Callable[[pd.DataFrame, Spoken], Cover]:
    return lambda frame, spoken: {table: return_window(frame[day], spoken)}


def complete_for_its_year(table: str, day: str) -> Callable[[pd.DataFrame, Spoken], Cover]:
    return lambda frame, spoken: {table: latest_year(return_window(frame[day], spoken))}


def on_its_day(table: str) -> Callable[[pd.DataFrame, Spoken], Cover]:
    """A table that says how things stood on one day."""
    return lambda frame, spoken: {table: (status_day(spoken), status_day(spoken))}


def say_what_day(rows: Rows) -> None:
    """A table without a date of its own: how it is placed in time is said, every time."""
    if len(rows):
        rows.note(
            "this table holds no dates: it is read as how things stood on 31 March just past where the file speaks of a day from April to "
            "September, else at the end of its month; say the day with --as-at if the file's name does not"
        )


def check_health(rows: Rows) -> None:
    say_what_day(rows)
    silent = rows.frame[list(_SAYS)].isna().all(axis=1).to_numpy() & ~rows.aside
    rows.set_aside(silent, None, "the row says nothing of the child's health: fill in at least one column")


def health(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """A row for each check the table speaks of. Substance misuse is a finding, not a check: 1 or 0 as its score.

    A strengths and difficulties questionnaire is up to date where it has a score, and not where a reason for having none is given.
    """
    parts = [
        frame.loc[frame[column].notna(), ["child_id", "source_row", column]]
        .rename(columns={column: "up_to_date"})
        .assign(health_kind=kind, score=np.nan)
        for column, kind in _CHECKS.items()
    ]
    asked = frame[frame["sdq_score"].notna() | frame["sdq_reason"].notna()]
    scored = asked["sdq_score"].notna().astype("boolean")
    parts.append(
        asked[["child_id", "source_row"]].assign(up_to_date=scored, health_kind="strengths_and_difficulties", score=asked["sdq_score"])
    )
    misuse = frame[frame["substance_misuse"].notna()]
    nothing = pd.array([None] * len(misuse), dtype="boolean")
    found = misuse["substance_misuse"].astype("float64")
    parts.append(misuse[["child_id", "source_row"]].assign(up_to_date=nothing, health_kind="substance_misuse", score=found))
    return {"health_status": pd.concat(parts, ignore_index=True).assign(observed_on=status_day(spoken))}


def care_leavers(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """The letter of the accommodation code says where, its figure whether that is suitable (1) or not (2)."""
    written = frame["accommodation"]
    suitable = written.str[1:].map({"1": True, "2": False}).astype("boolean")
    return {"care_leaver": frame.assign(accommodation_kind=written.str[:1], suitable=suitable, observed_on=status_day(spoken))}


def read_permanence_days(rows: Rows) -> None:
    """The day of an earlier permanence may be known in part (zz/05/2014): such a day is left empty, and the row kept."""
    written = rows.frame["permanence_day"]
    read = day_reader()
    days = {text: read(text) for text in written.dropna().unique()}
    found = written.map({text: pd.Timestamp(day) for text, day in days.items() if isinstance(day, dt.date)})
    rows.frame = rows.frame.assign(happened_on=pd.to_datetime(found).astype("datetime64[s]"))
    partly = (written.notna() & rows.frame["happened_on"].isna()).to_numpy() & ~rows.aside
    rows.tell(partly, "permanence_day", "is not a whole date: it was read as not known", "note")
