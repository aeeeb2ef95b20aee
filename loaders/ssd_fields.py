"""How a table of the Standard Safeguarding Dataset is declared: columns by their names in the standard, and the days it speaks for."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from loaders.codes import Codes
from loaders.cover import log_cover, register_cover
from loaders.source import Cover, Field, Form, Frames, Need, Spoken, When

Build = Callable[[pd.DataFrame, Spoken], Frames]
Covers = Callable[[pd.DataFrame, Spoken], Cover]


def ident(name: str, *columns: str, need: Need = "may") -> Field:
    return Field(name, columns, "id", need)


def day(name: str, *columns: str, need: Need = "may", when: When = "happened") -> Field:
    return Field(name, columns, "date", need, when=when)


def ends(name: str, *columns: str) -> Field:
    """A day something ends: it may lie ahead, where its end is planned."""
    return Field(name, columns, "date", "column", when="any")


def flag(name: str, *columns: str) -> Field:
    return Field(name, columns, "flag")


def words(name: str, *columns: str) -> Field:
    return Field(name, columns, "text")


def code(name: str, codes: Codes, *columns: str) -> Field:
    return Field(name, columns, "code", codes=codes)


def number(name: str, *columns: str) -> Field:
    return Field(name, columns, "number")


def events(table: str, on: str = "happened_on") -> Covers:
    """A table of everything that happened: it speaks from its first full month on."""

    def covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
        return {table: log_cover(frame[on], spoken)} if len(frame) else {}

    return covers


def register(table: str) -> Covers:
    """A table of episodes, open and ended: it speaks from the first month that saw one end."""

    def covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
        return {table: register_cover(frame["ended_on"], spoken)} if len(frame) else {}

    return covers


def on_the_day(table: str) -> Covers:
    """A table of how things stand: it speaks for the day it is read on, and the month end that day stands for."""

    def covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
        first, last = sorted((spoken.as_at, spoken.month_end))
        return {table: (first, last)} if len(frame) else {}

    return covers


def plans_held(table: str, cohort: str) -> Covers:
    """A register of plans, and who holds those that are open on the day, where that is known."""
    plans, held = register(table), on_the_day(f"allocation:{cohort}")

    def covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
        return {**plans(frame, spoken), **held(held_now(frame, cohort, spoken), spoken)}

    return covers


def visits(cohort: str) -> Build:
    def build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
        return {"visit": frame.assign(cohort_kind=cohort, origin_kind="log")}

    return build


def visits_cover(cohort: str) -> Covers:
    return events(f"visit:{cohort}")


def said_as(table: str) -> Build:
    """The rows as they are, as rows of one canonical table."""

    def build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
        return {table: frame}

    return build


def form(name: str, brings: str, *fields: Field, build: Build, covers: Covers | None = None, **more: tuple[tuple[str, str], ...]) -> Form:
    """One table. The warehouse holds all there is of the time it speaks for, so what it covers it is also complete for."""
    return Form(name, f"{name} ({brings})", fields, build=build, covers=covers, complete=covers, spans=more.get("spans", ()))


def held_now(frame: pd.DataFrame, cohort: str, spoken: Spoken) -> pd.DataFrame:
    """Who holds the case of each child with something open on the day, where that is known."""
    still_open = frame["ended_on"].isna() | (frame["ended_on"] > spoken.as_at)
    known = frame["worker_id"].notna() | frame["team_id"].notna()
    held = frame[still_open & known].sort_values("started_on").drop_duplicates("child_id", keep="last")
    return held.assign(cohort_kind=cohort, observed_on=spoken.month_end)
