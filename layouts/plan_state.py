"""The improvement plan as one view asks for it: how it stood on a day, with the figures of its measures beside it.

The day is the end of the month chosen; with none chosen, the later of the newest month and the day the plan last changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.plan import STAGES, Action
from data.plan_standing import IN_PLAN
from data.store import Store
from data.tables import Tables
from data.viewer import Viewer
from kpi import REGISTER
from kpi.plan import Flag, Impact, flags, impact_kpis, positions, reaches, update_clock
from kpi.recommendations import RECOMMENDATIONS
from layouts import shell, words
from layouts.marks import status_mark
from layouts.outlook import heading_of
from layouts.view import View

STATUS_WORDS = {"not_started": "Not started", "in_progress": "In progress", "complete": "Complete", "closed": "Closed", "": "No status"}
RAG_WORDS = {"red": "Red", "amber": "Amber", "green": "Green", "blue": "Blue", "": "No rating"}
RAG_SIGNS = {"red": "not met", "amber": "near", "green": "met", "blue": "met", "": "no data"}
STAGE_WORDS = {"understood": "Understood", "embedded": "Embedded", "impact_seen": "Impact seen"}
FIELD_WORDS = {
    "text": "Action", "recommendation_id": "Recommendation", "lead": "Lead", "due_on": "Due", "status_kind": "Status", "rag_kind": "RAG",
    "rag_reason": "Reason for the rating", "evidence": "Evidence", "impact_note": "Impact", "kpis": "Measures", "updated_on": "Last update",
}  # fmt: skip
CHANGES = "Only the data team may write in the plan: no sign-in tells Sightline yet who leads an action."


@dataclass(frozen=True)
class PlanState:
    """The plan on a day: `actions` (those that have left it too), their clock, measures and flags, and how each recommendation stands."""

    day: pd.Timestamp
    actions: pd.DataFrame
    clock: pd.DataFrame
    impacts: Mapping[str, list[Impact]]
    flags: Mapping[str, list[Flag]]
    positions: pd.DataFrame
    tables: Tables

    @property
    def here(self) -> pd.DataFrame:
        """The actions in the plan, with their clock: last_on, next_on, days_late, clock (overdue, in time or finished)."""
        clock = self.clock.rename(columns={"due_on": "next_on", "state": "clock"})
        return self.actions[self.actions["state"] == IN_PLAN].merge(clock, on="action_id")


def plan_state(view: View) -> PlanState | None:
    """The plan as this view asks for it; None where there is none yet."""
    day = plan_day(view)
    return None if day is None else _state(view.store, view.viewer, view.version, view.period, day)


def plan_day(view: View) -> pd.Timestamp | None:
    """The day the plan is shown as at."""
    as_at = _as_at(view.store, view.viewer, view.version)
    if as_at is None:
        return None
    if view.query.get("period") and view.period is not None:
        return view.period
    return as_at if view.period is None else max(as_at, view.period)


@lru_cache(maxsize=8)
def _as_at(store: Store, viewer: Viewer, version: tuple[int, int]) -> pd.Timestamp | None:
    return store.plan.as_at(viewer)


@lru_cache(maxsize=8)
def _state(store: Store, viewer: Viewer, version: tuple[int, int], period: pd.Timestamp | None, day: pd.Timestamp) -> PlanState:
    """The same for every page that shows it, until the data changes."""
    actions, tables = store.plan.actions(viewer, on=day, history=True), store.plan.tables(viewer.authority)
    clock = update_clock(actions, tables, day)
    asked = {row["action_id"]: impact_kpis(row["recommendation_id"], row["kpis"]) for row in actions.to_dict("records")}
    measured = _impacts(store, viewer, period, sorted({key for keys in asked.values() for key in keys}))
    impacts = {action: [measured[key] for key in keys] for action, keys in asked.items()}
    clocks = {row["action_id"]: row for row in clock.to_dict("records")}
    said = {
        row["action_id"]: flags(row, impacts[row["action_id"]], clocks[row["action_id"]], day) for row in actions.to_dict("records")
    }  # fmt: skip
    return PlanState(day, actions, clock, impacts, said, positions(actions, clock, said, day), tables)


def _impacts(store: Store, viewer: Viewer, period: pd.Timestamp | None, keys: list[str]) -> dict[str, Impact]:
    """Each measure as it stands in the month, for the whole authority."""
    if period is None:
        return {key: Impact(key, REGISTER[key].title, "no data", None, None, None) for key in keys}
    view = View(store, viewer, "", "/", {"period": f"{period:%Y-%m}"})
    figures = view.figures("authority", [""], keys=keys)
    out = {}
    for key in keys:
        history = figures[figures["kpi"] == key].sort_values("period")
        now = history[history["period"] == period]
        if now.empty:
            out[key] = Impact(key, REGISTER[key].title, "no data", None, None, None)
            continue
        row, heading, better = now.iloc[0], heading_of(REGISTER[key], history), REGISTER[key].better
        goes = None if better is None or words.missing(row["target"]) else reaches(heading, float(row["target"]), better)
        signal = None if words.missing(row["signal"]) or not row["signal"] else str(row["signal"])
        by = None if words.missing(row["target_by"]) else pd.Timestamp(row["target_by"])
        out[key] = Impact(key, REGISTER[key].title, str(row["status"]), signal, heading, goes, by)
    return out


def rag_mark(rag: str) -> Component:
    """A RAG rating in words, shape and colour."""
    return html.Span(status_mark(RAG_SIGNS[rag], RAG_WORDS[rag]), className=f"rag rag-{rag or 'none'}")


def stage_mark(reached: set[str]) -> Component:
    """How far a recommendation has come: the furthest stage in words, and a dot for each of the three."""
    dots = [html.I(className="on" if stage in reached else "", **{"aria-hidden": "true"}) for stage in STAGES]
    furthest = next((STAGE_WORDS[stage] for stage in reversed(STAGES) if stage in reached), "Nothing said yet")
    return html.Span([*dots, html.Span(furthest)], className="dots stage")


def recommendation_title(number: str) -> str:
    """A recommendation as a heading: its number, and in short what it asks for where that is known."""
    if not number:
        return "Of no recommendation"
    return f"{number}. {RECOMMENDATIONS[number]}" if number in RECOMMENDATIONS else f"Recommendation {number}"


def action_link(view: View, action_id: str, text: Any = None) -> Component:
    """A link to the page of one action."""
    return html.A(text or action_id, href=shell.address(f"/plan/{quote(action_id, safe='')}", {"period": view.chosen["period"]}))


def action_of(row: Mapping[str, Any]) -> Action:
    """One row of the plan as the action it is."""
    said = {name: row[name] for name in Action.__dataclass_fields__}
    return Action(**{**said, "due_on": None if words.missing(row["due_on"]) else pd.Timestamp(row["due_on"])})


def field_shown(name: str, value: Any) -> str:
    """One field of an action, in words."""
    if name == "kpis":
        return "those of its recommendation" if value is None else ", ".join(REGISTER[k].title if k in REGISTER else k for k in value)
    if value is None or value == "":
        return words.NONE
    if name in ("due_on", "updated_on"):
        return words.day(value)
    known = {"status_kind": STATUS_WORDS, "rag_kind": RAG_WORDS}.get(name, {})
    return known.get(value, str(value))


def date_or_none(day: Any) -> str:
    return words.NONE if words.missing(day) else words.day(day)
