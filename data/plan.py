"""What people write in the improvement plan: actions, dated updates, how far a recommendation has come, and when people meet.

All are kept as steps, with who and when; nothing is edited and nothing is deleted. Text is kept on one line, as a cell of the plan's Excel
sheet holds it, so that what is exported is read back word for word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import Any

import pandas as pd

from data.canonical.practice import ACTION_STATUSES, RAGS
from data.records import EARLIEST, LINE_LIMIT, Unfit, fit_kpi, fit_line

STAGES = ("understood", "embedded", "impact_seen")
MEETINGS = ("board", "surgery", "updates")
WORDS_LIMIT = 2_000
KPI_LIMIT = 12
LATEST = pd.Timestamp("2100-01-01")
# Letters first, so that no spreadsheet takes a reference for a number or a day and shortens it.
_REFERENCE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,31}|\d{1,10}")
_EXCEL_ERROR = re.compile(r"#[A-Za-z0-9/_]+[!?]?")
_DAYS = ("due_on",)


@dataclass(frozen=True)
class Action:
    """One action of the plan, as it is to stand. `kpis` None: the measures of its recommendation, whichever they are."""

    text: str
    recommendation_id: str = ""
    lead: str = ""
    due_on: pd.Timestamp | None = None
    status_kind: str = "not_started"
    rag_kind: str = ""
    rag_reason: str = ""
    evidence: str = ""
    impact_note: str = ""
    kpis: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Update:
    """What a lead says of an action on a day; with it a new status and RAG, where they change (empty: as they were)."""

    on: pd.Timestamp
    words: str
    status_kind: str = ""
    rag_kind: str = ""
    rag_reason: str = ""


@dataclass(frozen=True)
class Stage:
    """How far a recommendation has come: understood, embedded or impact seen; since when, who says so and what shows it."""

    recommendation_id: str
    stage: str
    on: pd.Timestamp
    who: str
    evidence: str


@dataclass(frozen=True)
class Meeting:
    """A round of meetings: the board, the surgeries of a service (`unit_id`), or the updates of action leads; and the day of the first."""

    kind: str
    first_on: pd.Timestamp
    unit_id: str = ""


FIELDS: tuple[str, ...] = tuple(field.name for field in fields(Action))


def fit_action(said: Action) -> Action:
    """The action as it is kept. Raises Unfit, saying why and what to do, where it cannot be kept."""
    due_on = None if said.due_on is None else fit_day(said.due_on, "The day it is due")
    _known(said.status_kind, ACTION_STATUSES, "a status")
    if said.rag_kind:
        _known(said.rag_kind, RAGS, "a RAG rating")
    return replace(
        said, text=fit_words(said.text, "The action"), recommendation_id=fit_reference(said.recommendation_id, "The recommendation", True),
        lead=fit_line(said.lead, "The lead", optional=True), due_on=due_on,
        rag_reason=fit_words(said.rag_reason, "The reason for the rating", optional=True),
        evidence=fit_words(said.evidence, "The evidence", optional=True),
        impact_note=fit_words(said.impact_note, "The note of its impact", optional=True), kpis=_fit_kpis(said.kpis),
    )  # fmt: skip


def fit_update(said: Update, *, today: pd.Timestamp) -> Update:
    """The update as it is kept. Raises Unfit, in words, where it cannot be kept: one from the future, or with nothing in it."""
    if said.status_kind:
        _known(said.status_kind, ACTION_STATUSES, "a status")
    if said.rag_kind:
        _known(said.rag_kind, RAGS, "a RAG rating")
    reason = fit_words(said.rag_reason, "The reason for the rating", optional=True)
    return replace(said, on=_past(said.on, "The day of the update", today), words=fit_words(said.words, "The update"), rag_reason=reason)


def fit_stage(said: Stage, *, today: pd.Timestamp) -> Stage:
    """The stage as it is kept. Raises Unfit, in words: of the future, with nobody to say so or nothing to show, it is none."""
    _known(said.stage, STAGES, "a stage")
    return replace(
        said, recommendation_id=fit_reference(said.recommendation_id, "The recommendation"), on=_past(said.on, "The day", today),
        who=fit_line(said.who, "Who says so"), evidence=fit_words(said.evidence, "What shows it"),
    )  # fmt: skip


def fit_meeting(said: Meeting) -> Meeting:
    """The round of meetings as it is kept. Raises Unfit, in words, where it cannot be kept."""
    _known(said.kind, MEETINGS, "a meeting")
    if said.kind == "surgery" and not said.unit_id.strip():
        raise Unfit("Say which service the surgeries are of.")
    if said.kind != "surgery" and said.unit_id:
        raise Unfit("Only surgeries are of one service: leave the service empty.")
    unit = fit_line(said.unit_id, "The service", optional=True)
    return replace(said, first_on=fit_day(said.first_on, "The first day"), unit_id=unit)


def fit_reference(reference: str, what: str, optional: bool = False) -> str:
    """A short reference, of an action or a recommendation. Raises Unfit where a spreadsheet or an address would read it as another."""
    tidy = reference.strip()
    if not tidy and optional:
        return ""
    if not _REFERENCE.fullmatch(tidy):
        raise Unfit(f"{what} needs a short reference: up to 32 letters, digits, dots and dashes that begin with a letter, or a number.")
    return tidy


def fit_words(words: str, what: str, *, optional: bool = False) -> str:
    """A few sentences on one line. Raises Unfit where they are missing, too long, or could not be read back from a cell."""
    tidy = " ".join(words.split())
    for start in range(0, len(tidy), LINE_LIMIT):  # what may not be in a line may not be here either
        fit_line(tidy[start : start + LINE_LIMIT], what, optional=True)
    if not tidy and not optional:
        raise Unfit(f"{what} is empty: fill it in.")
    if len(tidy) > WORDS_LIMIT:
        raise Unfit(f"{what} has {len(tidy):,} characters: shorten it to {WORDS_LIMIT:,} or fewer.")
    if _EXCEL_ERROR.fullmatch(tidy):
        raise Unfit(f"{what}, “{tidy[:20]}”, would be read as an Excel error: write it in words.")
    return tidy


def fit_day(day: pd.Timestamp, what: str) -> pd.Timestamp:
    """A day without a time, in the years a plan may speak of. Raises Unfit where it is none."""
    if pd.isna(day) or day.tzinfo is not None:
        raise Unfit(f"{what} is missing: give it as a day.")
    if not EARLIEST <= day < LATEST:
        raise Unfit(f"{what}, {day:%d/%m/%Y}, lies outside the years a plan speaks of: check the year.")
    return day.normalize().as_unit("s")


def as_kept(said: Action | Update) -> dict[str, Any]:
    """What a record says as it is kept in a step: days as 2026-05-31, lists as lists."""
    return {field.name: plain(getattr(said, field.name)) for field in fields(said)}


def plain(value: Any) -> Any:
    """One field as it is kept in a step."""
    if isinstance(value, tuple):
        return list(value)
    if value is None or value is pd.NaT:
        return None
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else value


def as_said(field: str, kept: Any) -> Any:
    """One field of a step as an action has it: the other way round from `plain`."""
    if field in _DAYS:
        return None if kept is None else pd.Timestamp(kept).as_unit("s")
    return tuple(kept) if isinstance(kept, list) else kept


def _fit_kpis(kpis: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if kpis is None:
        return None
    if len(kpis) > KPI_LIMIT:
        raise Unfit(f"{len(kpis)} measures are chosen: choose {KPI_LIMIT} or fewer, those that would show its impact.")
    return tuple(dict.fromkeys(fit_kpi(key) for key in kpis if key))


def _past(day: pd.Timestamp, what: str, today: pd.Timestamp) -> pd.Timestamp:
    fit = fit_day(day, what)
    if fit > today:
        raise Unfit(f"{what}, {fit:%d/%m/%Y}, is in the future: write it when the day has come.")
    return fit


def _known(word: str, among: tuple[str, ...], what: str) -> None:
    if word not in among:
        listed = ", ".join(one.replace("_", " ") for one in among)
        raise Unfit(f"“{word.replace('_', ' ')[:40]}” is not {what}: choose one of {listed}.")
