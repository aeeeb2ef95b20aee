"""How a surgery is worded, and where its links lead: outcomes, kinds of commitment, reasons, units and addresses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.surgery import OUTCOMES, VISITS
from kpi import REGISTER
from layouts import shell, words
from layouts.marks import status_mark
from layouts.surgery_meeting import Meeting
from layouts.view import named

# outcome of a check, or of a child late before -> the mark whose shape it has
MARKS: Mapping[str, str] = MappingProxyType(
    {
        "kept": "met", "kept_late": "near", "not_kept": "not met", "overdue": "near", "not_yet_due": "no data",
        "no_longer_open": "no data", "moved": "no data", "cannot_tell": "few cases", "seen_on": "met", "still_not_seen": "not met",
    }
)  # fmt: skip
OUTCOME_WORDS: Mapping[str, str] = MappingProxyType({**OUTCOMES, "seen_on": "Seen", "still_not_seen": "Still not seen"})
BY_HAND = "by_hand"
LEVEL_WORDS = MappingProxyType({"authority": "The whole authority", "service": "Service", "team": "Team"})


def outcome_mark(outcome: str) -> Component:
    """What became of a commitment, or of a child late before, as a mark with its word."""
    return status_mark(MARKS.get(outcome, "no data"), OUTCOME_WORDS.get(outcome, outcome.replace("_", " ").capitalize()))


def unit_words(level: str, unit_id: str) -> str:
    """A unit as it is named: "The whole authority", "Harbour"."""
    return LEVEL_WORDS["authority"] if level == "authority" else named(unit_id)


def focus_words(focus: str) -> str:
    """What a surgery looks at: "Visits", or the title of a measure."""
    return "Visits" if focus == VISITS else REGISTER[focus].title if focus in REGISTER else focus


def unit_query(level: str, unit_id: str) -> dict[str, str]:
    """The unit as filters of an address."""
    return {} if level == "authority" else {level: unit_id}


def due_href(meeting: Meeting, team: str, worker: str = "") -> str:
    """The list of what is owed by a team, or one of its workers, as at the day of the surgery."""
    unit = {"team": team} if team else unit_query(meeting.level, meeting.unit_id)
    return shell.address("/due", {**unit, "worker": worker, "day": f"{meeting.held_on:%Y-%m-%d}"})


def kpi_href(meeting: Meeting, key: str) -> str:
    """The page of a measure for the unit and month of the surgery."""
    period = "" if meeting.period is None else f"{meeting.period:%Y-%m}"
    return shell.address(f"/kpi/{key}", {"period": period, **unit_query(meeting.level, meeting.unit_id)})


def about_words(kind: str, ident: str) -> str:
    """What a commitment is about: "Child 10390", "P. Lowe", "Core groups held in time"."""
    if kind == "child":
        return f"Child {ident}"
    if kind == "kpi":
        return REGISTER[ident].title if ident in REGISTER else ident
    return named(ident) if kind == "worker" else "The unit"


def about_link(meeting: Meeting, kind: str, ident: str) -> Any:
    """The same as a link: a child or worker to what is owed to them, a measure to its page."""
    said = about_words(kind, ident)
    if kind == "kpi" and ident in REGISTER:
        return html.A(said, href=kpi_href(meeting, ident))
    if kind == "worker":
        return html.A(said, href=due_href(meeting, _team_of(meeting, "worker_id", ident), ident))
    if kind == "child":
        team, worker = _team_of(meeting, "child_id", ident), _worker_of(meeting, ident)
        return html.A(said, href=due_href(meeting, team, worker)) if team else said
    return said


def _team_of(meeting: Meeting, column: str, ident: str) -> str:
    frames = (meeting.children, meeting.late_then) if column == "child_id" else (meeting.workers,)
    for frame in frames:
        if len(frame) and "team_id" in frame:
            found = frame.loc[frame[column] == ident, "team_id"]
            if len(found) and not words.missing(found.iloc[0]):
                return str(found.iloc[0])
    return ""


def _worker_of(meeting: Meeting, child: str) -> str:
    rows = meeting.children
    found = rows.loc[rows["child_id"] == child, "worker_id"] if len(rows) else pd.Series(dtype="str")
    return str(found.iloc[0]) if len(found) else ""
