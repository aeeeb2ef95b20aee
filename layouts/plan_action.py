"""One action of the improvement plan: what is reported, what its measures show, every update, and everything that was ever said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from data.plan_standing import CHANGED, IN_PLAN
from kpi import DOMAINS, REGISTER
from kpi.plan import OVERDUE, Impact
from layouts import cards, shell, words
from layouts.briefing import kpi_link
from layouts.marks import status_mark
from layouts.page import Page
from layouts.plan_forms import SAYS, act_button, action_form, update_form
from layouts.plan_state import (
    CHANGES,
    FIELD_WORDS,
    STATUS_WORDS,
    PlanState,
    date_or_none,
    field_shown,
    plan_state,
    rag_mark,
    recommendation_title,
)
from layouts.tables import Column, plain_table, score_legend, scorecard
from layouts.view import SPARK_MONTHS, View

DID_WORDS = {
    "first listed": "First listed by an extract", "extract": "The extract says", "added": "Added", "changed": "Changed",
    "updated": "Update", "update taken back": "Update taken back", "taken off": "Taken off the plan",
}  # fmt: skip


def draw(view: View) -> Component:
    """One action, by its reference in the address."""
    state, action_id = plan_state(view), view.query.get("action", "")
    rows = state.actions[state.actions["action_id"] == action_id] if state is not None else pd.DataFrame()
    trail = shell.crumbs([("Improvement plan", shell.address("/plan", {"period": view.chosen["period"]}))], action_id)
    if state is None or rows.empty:
        when = f" on {words.day(state.day)}" if state is not None else ""
        empty = cards.empty(
            f"There is no action {action_id} in the plan{when}", "Its reference may be mistyped.", shell.link("See the plan", "/plan")
        )
        return html.Div([trail, shell.heading("No such action"), empty], className="wrap plan")
    row = rows.iloc[0].to_dict()
    clock = state.clock[state.clock["action_id"] == action_id].iloc[0].to_dict()
    may = view.viewer.data_team
    picks = [shell.filters(view.path, view.choices()[:1])] if view.period is not None else []
    return html.Div(
        [
            trail,
            shell.heading(f"{action_id}: {row['text']}", *picks),
            _as_at(row, state),
            _facts(row, clock, state.day),
            _flags(state, action_id),
            html.P(id=SAYS, role="alert", className="note-says") if may else None,
            *_forms(view, state, row, may),
            _said(row),
            _measures(view, state, row),
            _updates(view, row, may),
            _history(view, action_id),
        ],
        className="wrap plan",
    )


def _as_at(row: Mapping[str, Any], state: PlanState) -> Component:
    of = recommendation_title(row["recommendation_id"])
    says = html.P([f"{of}. The plan as it stood on ", html.B(words.day(state.day)), "."], className="asat")
    return html.Div(says, className="head below")


def _facts(row: Mapping[str, Any], clock: Mapping[str, Any], day: pd.Timestamp) -> Component:
    late = words.missing(row["due_on"]) or row["due_on"] >= day or row["status_kind"] in ("complete", "closed")
    days = 0 if late else int((day - row["due_on"]).days)
    if clock["state"] == OVERDUE:
        following: Any = status_mark("not met", f"{words.plural(int(clock['days_late']), 'day', 'days')} overdue")
    else:
        following = "None owed" if words.missing(clock["due_on"]) else words.day(clock["due_on"])
    last = date_or_none(clock["last_on"])
    return cards.facts(
        [
            cards.Fact("Reported", rag_mark(row["rag_kind"]), row["rag_reason"] or None),
            cards.Fact("Status", STATUS_WORDS.get(row["status_kind"], row["status_kind"]), None),
            cards.Fact("Lead", row["lead"] or "No lead named", None),
            cards.Fact("Due", date_or_none(row["due_on"]), f"{words.plural(days, 'day', 'days')} past" if days else None),
            cards.Fact("Last update", last, None),
            cards.Fact("Next update", following, clock["rule"] or None),
        ]
    )  # fmt: skip


def _flags(state: PlanState, action_id: str) -> Component | None:
    said = state.flags[action_id]
    if not said:
        return None
    lines = [html.Li([status_mark("near", flag.says.split(":")[0].rstrip(".")), *_rest(flag.says)]) for flag in said]
    return html.Ul(lines, className="plan-flags", **{"aria-label": "To talk about"})


def _rest(says: str) -> list[Any]:
    """What follows the first words of a flag."""
    _, colon, rest = says.partition(": ")
    return [html.Span(rest)] if colon else []


def _forms(view: View, state: PlanState, row: Mapping[str, Any], may: bool) -> list[Component]:
    """What the data team may do with it; of a day that is past, nothing: the plan is written as it stands now."""
    if not may:
        return [html.P(CHANGES, className="small quiet")]
    now = view.store.plan.actions(view.viewer, history=True)
    current = now[now["action_id"] == row["action_id"]].iloc[0].to_dict()
    revision = dcc.Store(id="plan-revision", data=current["revision"])
    if current["state"] == "taken off":
        return [revision, html.P("This action is taken off the plan. Add it again on the plan’s page, under the same reference.")]
    recommendations = list(state.positions["recommendation_id"])
    off = act_button("Take off the plan", "off", str(row["action_id"]), str(current["revision"]), f"action {row['action_id']}")
    return [
        revision,
        update_form(current, view.store.plan.today),
        action_form(current, recommendations=recommendations, written=0),
        html.Details([html.Summary("Take it off the plan"), html.P(["From today on; the months before keep it. ", off])]),
    ]


def _said(row: Mapping[str, Any]) -> Component | None:
    listed = [(FIELD_WORDS[name], row[name]) for name in ("impact_note", "evidence") if row[name]]
    if row["state"] != IN_PLAN:
        listed.append(("Now", f"{row['state'].capitalize()}; last listed {date_or_none(row['listed_on'])}"))
    if not listed:
        return None
    return html.Dl([part for term, says in listed for part in (html.Dt(term), html.Dd(says))], className="dl load-facts")


def _measures(view: View, state: PlanState, row: Mapping[str, Any]) -> Component:
    """The measures it is to move: as the scorecard shows them, and for each whether it will get there."""
    impacts = state.impacts[row["action_id"]]
    whose = "Those of its recommendation." if row["kpis"] is None else "Chosen for this action."
    if not impacts or view.period is None:
        says = "No measure is named that would show its impact. Choose some with “Change the action”." if not impacts else "No figures yet."
        return cards.section("What its measures show", html.P(says))
    keys = [impact.kpi for impact in impacts]
    judged = view.figures("authority", [""], keys=keys, months=SPARK_MONTHS)
    card = scorecard(
        judged, period=view.period, kpis=[REGISTER[key] for key in keys], domains=DOMAINS, href=lambda key: kpi_link(view, key)
    )  # fmt: skip
    heads = html.Ul([_heading(impact) for impact in impacts], className="written")
    says = f"{whose} Figures of the whole authority, {words.month(view.period)}."
    return cards.section("What its measures show", card, score_legend(), html.H3("Will they get there?"), heads, says=says)


def _heading(impact: Impact) -> Component:
    if impact.heading is not None:
        goes = impact.heading.words
    elif impact.status in ("near", "not met", "met", "few cases"):
        goes = "No day is set to reach its target by, so there is no trajectory."
    else:
        goes = "It has no target, or no figure this month, so there is nothing to reach."
    return html.Li([html.B(f"{impact.title}: "), goes])


def _updates(view: View, row: Mapping[str, Any], may: bool) -> Component:
    held = view.store.plan.updates(view.viewer, str(row["action_id"]), history=True)
    now = view.store.plan.actions(view.viewer, history=True).set_index("action_id").loc[row["action_id"], "revision"]

    def changed(update: Mapping[str, Any]) -> str:
        said = [
            field_shown(name, update[name])
            for name in ("status_kind", "rag_kind", "rag_reason")
            if isinstance(update[name], str) and update[name]
        ]
        return "; ".join(said) or words.NONE

    def last(update: Mapping[str, Any]) -> Any:
        if not words.missing(update["taken_back_at"]):
            return f"Taken back by {update['taken_back_by']}, {words.moment(update['taken_back_at'])}"
        return act_button("Take back", "update", str(update["id"]), str(now), f"update of {words.day(update['on'])}") if may else ""

    columns = [
        Column("Day", lambda r: words.day(r["on"]), wrap=False), Column("What was said", "words"), Column("With it", changed),
        Column("Written", lambda r: f"{r['by']}, {words.moment(r['at'])}", quiet=True), Column("Take back", last, hidden_title=True),
    ]  # fmt: skip
    table = plain_table(columns, held.iloc[::-1].to_dict("records"), "Updates", nothing="No update has been written here yet.")
    return cards.section("Updates", table, says="Newest first; none is ever overwritten. Extracts bring only the day of the last one.")


def _history(view: View, action_id: str) -> Component:
    rows = view.store.plan.history(view.viewer, action_id).iloc[::-1].to_dict("records")

    def what(row: Mapping[str, Any]) -> Any:
        if not row["field"]:
            return row["words"] or ""
        return f"{FIELD_WORDS[row['field']]}: {field_shown(row['field'], row['was'])} to {field_shown(row['field'], row['now'])}"

    columns = [
        Column("Of", lambda r: words.day(r["on"]), wrap=False),
        Column("Did", lambda r: DID_WORDS.get(r["did"], DID_WORDS[CHANGED]), wrap=False), Column("What", what),
        Column("Who, and when", lambda r: f"{r['by']}, {words.moment(r['at'])}", quiet=True),
    ]  # fmt: skip
    table = plain_table(columns, rows, "Everything said of this action")
    return html.Details([html.Summary(f"Everything ever said of it ({words.plural(len(rows), 'entry', 'entries')})"), table])


PAGE = Page("/plan/<action>", draw, part_of="/plan")
