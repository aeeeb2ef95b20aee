"""The improvement plan: how each recommendation stands, which updates are overdue, and what is reported better than it measures."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from dash import Dash, html
from dash.development.base_component import Component
from flask import Response, request, send_file

from data.plan_standing import NOT_LISTED, OFF
from data.store import Store
from data.viewer import Viewer
from kpi.plan import OVERDUE
from layouts import cards, plan_action, plan_calendar, plan_forms, shell, words
from layouts.marks import status_mark
from layouts.note_forms import Redraw
from layouts.page import Page
from layouts.plan_book import book_name, plan_book
from layouts.plan_forms import SAYS, action_form, stage_button, stage_form
from layouts.plan_state import (
    CHANGES,
    FIELD_WORDS,
    RAG_WORDS,
    STAGE_WORDS,
    STATUS_WORDS,
    PlanState,
    action_link,
    date_or_none,
    field_shown,
    plan_state,
    rag_mark,
    recommendation_title,
    stage_mark,
)
from layouts.tables import Column, plain_table
from layouts.view import View

MOST = 3  # flags told at length before the rest are only counted
RAGS = ("red", "amber", "green", "blue", "unrated")


def draw(view: View) -> Component:
    """The whole plan: what needs attention in words, the position by recommendation, then every action."""
    state, may = plan_state(view), view.viewer.data_team
    if state is None:
        return html.Div([shell.heading("Improvement plan"), *_nothing_yet(may)], className="wrap plan")
    picks = [shell.filters("/plan", view.choices()[:1])] if view.period is not None else []
    stages = view.store.plan.stages(view.viewer, history=True)
    here = state.here
    return html.Div(
        [
            shell.heading(f"Improvement plan, {words.day(state.day)}", *picks),
            html.Div([_as_at(view, state), _ways(view)], className="head below"),
            _facts(state, here),
            html.P(id=SAYS, role="alert", className="note-says") if may else None,
            html.Div([cards.attention(_attention(view, state, here), nothing=NOTHING), _overdue(view, here)], className="brief"),
            _by_recommendation(view, state, here, stages),
            _actions(view, state, here),
            action_form(None, recommendations=list(state.positions["recommendation_id"]), written=len(here)) if may else None,
            _stages(stages, list(state.positions["recommendation_id"]), may, state.day),
            _differences(view),
            _left(view, state),
            None if may else html.P(CHANGES, className="small quiet"),
        ],
        className="wrap plan",
    )


NOTHING = "No action is reported green, blue or complete while a measure it is to move stands still short of its target."


def _nothing_yet(may: bool) -> list[Component]:
    says = ["Load an extract of its actions (", html.Code("python app.py sources actions"), " lists the columns), or add the first here."]
    return [
        cards.empty("There is no improvement plan yet", says if may else [*says[:2], " lists the columns)."]),
        *([html.P(id=SAYS, role="alert", className="note-says"), action_form(None, recommendations=[], written=0)] if may else []),
        *([] if may else [html.P(CHANGES, className="small quiet")]),
    ]


def _as_at(view: View, state: PlanState) -> Component:
    listed = state.actions["listed_on"].max()
    extract = f", its newest extract of {words.day(listed)}" if not words.missing(listed) else ", kept here alone"
    figures = f"; figures of {words.month(view.period)}" if view.period is not None else ""
    return html.P(["The plan as it stood on ", html.B(words.day(state.day)), f"{extract}{figures}."], className="asat")


def _ways(view: View) -> Component:
    period = {"period": view.chosen["period"]}
    return shell.buttons(
        html.A("Meetings calendar", href=shell.address("/plan/calendar", period), className="btn"),
        shell.download("Export to Excel", shell.address("/export/plan.xlsx", period)),
    )


def _facts(state: PlanState, here: pd.DataFrame) -> Component:
    total = state.positions.drop(columns="recommendation_id").sum()
    still_open = int(total["actions"] - total["finished"])
    late = here.loc[here["clock"] == OVERDUE, "days_late"]
    oldest = f"the oldest by {words.plural(int(late.max()), 'day', 'days')}" if len(late) else "every six weeks"
    return cards.facts(
        [
            cards.Fact("Actions open", html.Span(str(still_open), className="hero"), f"and {total['finished']} finished"),
            cards.Fact("Updates overdue", html.Span(str(total["updates_overdue"]), className="hero"), oldest),
            cards.Fact("Past their due day", html.Span(str(total["past_day"]), className="hero"), f"of {still_open} open"),
            cards.Fact("Reported well, not moving", html.Span(str(total["not_moving"]), className="hero"), "measures say otherwise"),
        ]
    )


def _attention(view: View, state: PlanState, here: pd.DataFrame) -> list[cards.Attention]:
    """The actions whose rating and measures do not agree."""
    found = [
        (row, flag) for row in here.to_dict("records") for flag in state.flags[row["action_id"]] if flag.kind == "not moving"
    ]  # fmt: skip
    told = [
        cards.Attention("near", f"{row['action_id']}: {row['text']}.", [" ", action_link(view, row["action_id"], "See the action"), "."],
                        flag.says)
        for row, flag in found[:MOST]
    ]  # fmt: skip
    rest = [action_link(view, row["action_id"]) for row, _ in found[MOST:]]
    if rest:
        spaced = [part for link in rest for part in (link, " ")]
        told.append(cards.Attention("near", f"{words.plural(len(rest), 'more action', 'more actions')} of the kind:", spaced))
    return told


def _overdue(view: View, here: pd.DataFrame) -> Component:
    """Who owes an update, the longest overdue first."""
    late = here[here["clock"] == OVERDUE].sort_values(["days_late", "action_id"], ascending=[False, True])
    lines = [
        html.Li(
            [
                html.Span([action_link(view, row["action_id"]), f", {row['lead'] or 'no lead named'}"]),
                html.Span(f"{words.plural(int(row['days_late']), 'day', 'days')} overdue", className="nw"),
            ]
        )
        for row in late.to_dict("records")
    ]
    calm = html.P("No open action’s update is overdue.", className="calm")
    content = html.Ul(lines, className="strip") if lines else calm
    return html.Div(html.Section([html.H2("Updates overdue", id="overdue"), content], **{"aria-labelledby": "overdue"}), className="side")


def _by_recommendation(view: View, state: PlanState, here: pd.DataFrame, stages: pd.DataFrame) -> Component:
    standing = stages[stages["taken_back_at"].isna() & (stages["on"] <= state.day)]
    reached = standing.groupby("recommendation_id")["stage"].agg(set).to_dict()

    def rated(row: Mapping[str, Any]) -> Any:
        marks = [html.Span([rag_mark("" if rag == "unrated" else rag), f" {row[rag]}"], className="nw") for rag in RAGS if row[rag]]
        return html.Span(marks, className="tally") if marks else "None open"

    def measures(row: Mapping[str, Any]) -> Any:
        ours = {
            impact.kpi: impact
            for action in here.loc[here["recommendation_id"] == row["recommendation_id"], "action_id"]
            for impact in state.impacts[action]
        }
        judged = [impact for impact in ours.values() if impact.status in ("met", "near", "not met")]
        if not judged:
            return "None with a target"
        return f"{sum(impact.status == 'met' for impact in judged)} of {len(judged)} met"

    columns = [
        Column("Recommendation", lambda r: recommendation_title(r["recommendation_id"])),
        Column("Stage", lambda r: stage_mark(reached.get(r["recommendation_id"], set())), wrap=False),
        Column("Open actions", rated),
        Column("Finished", lambda r: str(r["finished"]), numeric=True),
        Column("Updates overdue", lambda r: str(r["updates_overdue"]), numeric=True),
        Column("Past their day", lambda r: str(r["past_day"]), numeric=True),
        Column("Not moving", lambda r: str(r["not_moving"]), numeric=True),
        Column("Targets", measures, wrap=False),
    ]
    rows = state.positions.to_dict("records")
    table = plain_table(columns, rows, "Position by recommendation")
    return cards.section("Position by recommendation", table, says="Actions by their rating; targets of the measures they are to move.")


def _actions(view: View, state: PlanState, here: pd.DataFrame) -> Component:
    """Every action in the plan, under its recommendation."""
    order = {number: place for place, number in enumerate(state.positions["recommendation_id"])}
    rows = here.assign(_place=here["recommendation_id"].map(order)).sort_values("_place", kind="stable").to_dict("records")

    def update(row: Mapping[str, Any]) -> Any:
        if row["clock"] == OVERDUE:
            return status_mark("not met", f"{words.plural(int(row['days_late']), 'day', 'days')} overdue")
        return "None owed" if words.missing(row["next_on"]) else f"due {words.day(row['next_on'])}"

    def rating(row: Mapping[str, Any]) -> Any:
        return [rag_mark(row["rag_kind"]), *([html.Span(row["rag_reason"], className="sub")] if row["rag_reason"] else [])]

    columns = [
        Column("Action", lambda r: [action_link(view, r["action_id"]), f" {r['text']}"]),
        Column("Lead", lambda r: r["lead"] or "No lead named"),
        Column("Due", lambda r: date_or_none(r["due_on"]), wrap=False),
        Column("Status", lambda r: STATUS_WORDS.get(r["status_kind"], r["status_kind"]), wrap=False),
        Column("RAG", rating),
        Column("Measures", lambda r: _measures(state, r)),
        Column("Last update", lambda r: date_or_none(r["last_on"]), wrap=False),
        Column("Next update", update, wrap=False),
    ]
    table = plain_table(
        columns, rows, "Actions of the plan", groups=lambda r: recommendation_title(r["recommendation_id"]),
        nothing="No action is in the plan on this day.",
    )  # fmt: skip
    return cards.section("Actions", table, says="What each lead reports, beside what its measures show.")


def _measures(state: PlanState, row: Mapping[str, Any]) -> Any:
    """The measures of one action, as few words as they can be told in."""
    impacts = state.impacts[row["action_id"]]
    judged = [impact for impact in impacts if impact.status in ("met", "near", "not met")]
    if not impacts:
        return "None named"
    if not judged:
        return f"{words.plural(len(impacts), 'measure', 'measures')}, none with a target"
    still = any(flag.kind == "not moving" for flag in state.flags[row["action_id"]])
    met = f"{sum(impact.status == 'met' for impact in judged)} of {len(judged)} targets met"
    return [met, html.Span([status_mark("near", "Not moving")], className="sub")] if still else met


def _stages(stages: pd.DataFrame, recommendations: list[str], may: bool, day: pd.Timestamp) -> Component:
    """Understood, embedded, impact seen: who says so, since when, and what shows it; what was taken back stays to be read."""
    newest = ~stages.duplicated(["recommendation_id", "stage"], keep="last")
    rows = stages.assign(now=newest & stages["taken_back_at"].isna()).iloc[::-1].to_dict("records")

    def standing(row: Mapping[str, Any]) -> Any:
        if row["now"]:
            return html.B("Stands") if row["on"] <= day else f"From {words.day(row['on'])}"
        if words.missing(row["taken_back_at"]):
            return "Said anew since"
        return f"Taken back by {row['taken_back_by']}, {words.moment(row['taken_back_at'])}"

    columns = [
        Column("Recommendation", lambda r: recommendation_title(r["recommendation_id"])),
        Column("Stage", lambda r: STAGE_WORDS[r["stage"]], wrap=False), Column("Since", lambda r: words.day(r["on"]), wrap=False),
        Column("Who says so", "who"), Column("What shows it", "evidence"), Column("State", standing),
        Column("Written", lambda r: f"{r['by']}, {words.moment(r['at'])}", quiet=True),
        *([Column("Take back", lambda r: stage_button(r) if r["now"] else "", hidden_title=True)] if may else []),
    ]  # fmt: skip
    nothing = "Nobody has said yet that a recommendation is understood, embedded or has had its impact."
    table = plain_table(columns, rows, "How far recommendations have come", nothing=nothing)
    form = [stage_form(recommendations, stages)] if may else []
    return cards.section("How far recommendations have come", table, *form, says="Understood, then embedded, then its impact seen.")


def _differences(view: View) -> Component | None:
    """Where a later extract says otherwise than was written here: the extract holds, and it is said."""
    rows = view.store.plan.differences(view.viewer).to_dict("records")
    if not rows:
        return None
    columns = [
        Column("Action", lambda r: action_link(view, r["action_id"])), Column("What", lambda r: FIELD_WORDS[r["field"]]),
        Column("Written here", lambda r: field_shown(r["field"], r["said_here"])),
        Column("By", lambda r: f"{r['by']}, {words.moment(r['at'])}", quiet=True),
        Column("The extract says", lambda r: html.B(field_shown(r["field"], r["extract_says"]))),
        Column("Extract of", lambda r: words.day(r["observed_on"]), wrap=False),
    ]  # fmt: skip
    says = "An extract that speaks for a later day holds. Where it is the one that is behind, write it again here, or mend the extract."
    table = plain_table(columns, rows, "Extract and plan differ")
    return cards.section("Where a later extract says otherwise", table, says=says, ident="differences")


def _left(view: View, state: PlanState) -> Component | None:
    """Actions that are in the plan no more: nothing is lost, and one that left it open is easily seen."""
    gone = state.actions[state.actions["state"].isin([NOT_LISTED, OFF])]
    if gone.empty:
        return None
    columns = [
        Column("Action", lambda r: [action_link(view, r["action_id"]), f" {r['text']}"]), Column("Lead", "lead"),
        Column("Status then", lambda r: STATUS_WORDS.get(r["status_kind"], r["status_kind"]), wrap=False),
        Column("RAG then", lambda r: RAG_WORDS.get(r["rag_kind"], r["rag_kind"]), wrap=False),
        Column("Last listed", lambda r: date_or_none(r["listed_on"]), wrap=False), Column("Now", lambda r: r["state"].capitalize()),
    ]  # fmt: skip
    still_open = int((~gone["status_kind"].isin(["complete", "closed"])).sum())
    left = f"{words.plural(len(gone), 'action', 'actions')} no longer in the plan, {still_open} of them not finished"
    table = plain_table(columns, gone.to_dict("records"), "Actions no longer in the plan")
    return html.Details([html.Summary(left), table])


def register(app: Dash, store: Store, viewer: Viewer, org: str, redraw: Redraw) -> None:
    """Take what is written in the plan, and hand it out as a workbook."""
    plan_forms.register(app, store, viewer, redraw)
    app.server.add_url_rule("/export/plan.xlsx", view_func=partial(_export, store, viewer, org), endpoint="export_plan")


def _export(store: Store, viewer: Viewer, org: str) -> Response:
    """The plan as it stands, or at the end of the month in the address."""
    view = View(store, viewer, org, "/plan", dict(request.args))
    on = view.period if request.args.get("period") else None
    content = plan_book(store, viewer, org, on=on, invented=view.invented)
    mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return send_file(io.BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=book_name(store, viewer, on))


PAGE = Page("/plan", draw, "Improvement plan")
PAGES = (PAGE, plan_calendar.PAGE, plan_action.PAGE)
