"""The meetings calendar: when the board meets, when each service holds its surgery, when updates are asked for, and what to bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import REGISTER, duties
from kpi.plan import OVERDUE, meeting_days
from kpi.plan_actions import CLOSED
from kpi.shapes import UNALLOCATED
from layouts import cards, shell, words
from layouts.page import Page
from layouts.plan_forms import SAYS, act_button, meeting_form
from layouts.plan_state import CHANGES, PlanState, plan_state
from layouts.tables import Column, plain_table
from layouts.view import View, named

AHEAD = pd.Timedelta(weeks=26)
KIND_WORDS = {"board": "Improvement Board", "surgery": "Performance surgery", "updates": "Action leads’ updates"}
RHYTHM_WORDS = {"board": "every two months", "surgery": "every two weeks", "updates": "every six weeks"}


def draw(view: View) -> Component:
    """What is to come in the next half year, soonest first; then the rounds it is counted from, and the form that sets them."""
    meetings, may = view.store.plan.meetings(view.viewer, history=True), view.viewer.data_team
    standing = view.store.plan.meetings(view.viewer)
    today = (view.today if view.today is not None else view.store.plan.today).as_unit("s")
    state = plan_state(view)
    period = {"period": view.chosen["period"]}
    services = sorted({*view.teams["service_id"]} - {UNALLOCATED, ""})
    return html.Div(
        [
            shell.crumbs([("Improvement plan", shell.address("/plan", period))], "Meetings calendar"),
            shell.heading("Meetings calendar"),
            html.Div(html.P(["From ", html.B(words.day(today)), ", half a year ahead."], className="asat"), className="head below"),
            html.P(id=SAYS, role="alert", className="note-says") if may else None,
            _to_come(view, state, standing, today),
            _rounds(standing, may),
            meeting_form(services, meetings) if may else html.P(CHANGES, className="small quiet"),
            _before(meetings),
        ],
        className="wrap plan",
    )


def _to_come(view: View, state: PlanState | None, standing: pd.DataFrame, today: pd.Timestamp) -> Component:
    tables = view.store.plan.tables(view.viewer.authority)
    days = meeting_days(standing.to_dict("records"), tables, first=today, last=today + AHEAD)
    days["before"] = days.groupby(["kind", "unit_id"])["on"].shift()
    bring = _bringing(view, state)

    def on(row: Mapping[str, Any]) -> Any:
        moved = [html.Span(f"moved from {words.day(row['counted_on'])}, no working day", className="sub")]
        return [html.B(f"{row['on']:%a} {words.day(row['on'])}"), *(moved if row["on"] != row["counted_on"] else [])]

    columns = [
        Column("Day", on, wrap=False),
        Column("Meeting", _meeting),
        Column("Due for it, and what to bring", lambda r: html.Ul([html.Li(line) for line in bring(r)], className="bring")),
    ]
    nothing = "No round of meetings is set yet, so there is nothing to count from."
    if len(standing):
        nothing = "No meeting in the next half year."
    table = plain_table(columns, days.to_dict("records"), "Meetings to come", nothing=nothing)
    return cards.section("To come", table, says="As things stand: an update given, or a child seen, before the day is off the list.")


def _meeting(row: Mapping[str, Any]) -> str:
    """A meeting by its name: "Performance surgery, Assessment"."""
    kind = KIND_WORDS[row["kind"]]
    return f"{kind}, {named(row['unit_id'])}" if row["unit_id"] else kind


def _bringing(view: View, state: PlanState | None) -> Callable[[Mapping[str, Any]], list[Any]]:
    """What each meeting is to have before it, with the pages to bring."""

    def bring(row: Mapping[str, Any]) -> list[Any]:
        if not words.missing(row["before"]):
            more = _more(view, state, row["before"], row["on"]) if row["kind"] == "board" else []
            return more or [html.Span(f"What is due once that of {words.day(row['before'])} was held", className="quiet")]
        if row["kind"] == "surgery":
            return _children(view, row["unit_id"])
        return [*_updates(view, state, row["on"]), *(_board(view, state, row["on"]) if row["kind"] == "board" else [])]

    return bring


def _more(view: View, state: PlanState | None, before: pd.Timestamp, on: pd.Timestamp) -> list[Any]:
    """What falls due between two meetings of the board, as far as it is known now."""
    lines: list[Any] = []
    if state is not None:
        still = state.here[~state.here["status_kind"].isin(CLOSED)]
        due = still[(still["due_on"] > before) & (still["due_on"] <= on)]
        lines += [f"{words.plural(len(due), 'more action', 'more actions')} to be finished by then"] if len(due) else []
    short = _short_targets(view, on)
    short = short[short["target_by"] > before]
    if len(short):
        titles = ", ".join(REGISTER[key].title for key in short["kpi"])
        lines.append(f"{words.plural(len(short), 'more target', 'more targets')} to be reached by then ({titles})")
    return lines


def _updates(view: View, state: PlanState | None, on: pd.Timestamp) -> list[Any]:
    if state is None:
        return ["There is no plan yet"]
    here = state.here
    owed = here[(here["clock"] == OVERDUE) | (here["next_on"] <= on)]
    leads = ", ".join(sorted({lead for lead in owed["lead"] if lead})) or "no lead named"
    count = words.plural(len(owed), "update of an action falls due", "updates of actions fall due")
    link = shell.link("Plan", "/plan")
    return [[link, f": {count} by then ({leads})"] if len(owed) else [link, ": no update falls due by then"]]


def _board(view: View, state: PlanState | None, on: pd.Timestamp) -> list[Any]:
    """What the board is to see: actions whose day comes, ratings the measures do not bear out, targets to be reached, the summary."""
    lines: list[Any] = []
    if state is not None:
        still = state.here[~state.here["status_kind"].isin(CLOSED)]
        due = still[still["due_on"] <= on]
        moving = int(state.positions["not_moving"].sum())
        lines.append(f"{words.plural(len(due), 'action', 'actions')} to be finished by then")
        lines.append(f"{words.plural(moving, 'action', 'actions')} reported green, blue or complete with a measure not moving")
    if view.period is not None:
        now = _short_targets(view, on)
        short = ", ".join(REGISTER[key].title for key in now["kpi"])
        targets = f"{words.plural(len(now), 'target', 'targets')} to be reached by then and short of it"
        lines.append([shell.link("Targets", "/targets"), f": {targets}{f' ({short})' if short else ''}"])
        lines.append(shell.link("Summary in Excel", "/export/summary.xlsx", period=f"{view.period:%Y-%m}"))
    return lines


def _short_targets(view: View, on: pd.Timestamp) -> pd.DataFrame:
    """The measures short of a target that is to be reached by a day."""
    if view.period is None:
        return pd.DataFrame({"kpi": [], "target_by": pd.Series(dtype="datetime64[s]")})
    now = view.figures("authority", [""], months=0)
    return now[(now["period"] == view.period) & (now["target_by"] <= on) & now["status"].isin(["near", "not met"])]


def _children(view: View, service: str) -> list[Any]:
    """The children of a service who are overdue something as the data stands, and how many of them were so at its last surgery already."""
    if view.period is None:
        return ["Nothing is loaded yet"]
    now = _overdue(view, service, view.period)
    count = now["child_id"].nunique()
    said = words.plural(count, "child is overdue something", "children are overdue something")
    lines: list[Any] = [[shell.link("Due and overdue", "/due", service=service), f": {said} on {words.day(view.period)}"]]
    held = view.store.surgeries.held(view.viewer)
    before = held[(held["level"] == "service") & (held["unit_id"] == service) & (held["held_on"] < view.period)]
    if len(before):
        last = before["held_on"].max()
        again = now.merge(_overdue(view, service, last)[["child_id", "duty"]].drop_duplicates(), on=["child_id", "duty"])
        repeated = words.plural(again["child_id"].nunique(), "child was", "children were")
        lines.append(f"{repeated} overdue the same already at its last surgery, on {words.day(last)}")
    return lines


def _overdue(view: View, service: str, day: pd.Timestamp) -> pd.DataFrame:
    """What is owed to children of a service, as far as this viewer may see them, and overdue on a day."""
    owed = view.store.cases(view.viewer, partial(duties.overdue, day=day))
    return owed[(owed["cohort"] == "child") & (owed["service_id"] == service)]


def _rounds(standing: pd.DataFrame, may: bool) -> Component:
    def button(row: Mapping[str, Any]) -> Any:
        name = f"{KIND_WORDS[row['kind']]} {row['unit_id']}".strip()
        return act_button("Take back", "meeting", f"{row['kind']}|{row['unit_id']}", str(row["revision"]), name)

    columns = [
        Column("Meeting", lambda r: KIND_WORDS[r["kind"]]), Column("Service", lambda r: r["unit_id"]),
        Column("Held", lambda r: RHYTHM_WORDS[r["kind"]], wrap=False),
        Column("Counted from", lambda r: words.day(r["first_on"]), wrap=False),
        Column("Set", lambda r: f"{r['by']}, {words.moment(r['at'])}", quiet=True),
        *([Column("Take back", button, hidden_title=True)] if may else []),
    ]  # fmt: skip
    table = plain_table(columns, standing.to_dict("records"), "Rounds of meetings", nothing="None is set yet.")
    says = "Counted from their first day; a day that is no working day moves to the next that is."
    return cards.section("Rounds of meetings", table, says=says)


def _before(meetings: pd.DataFrame) -> Component | None:
    """Every first day ever set: nothing is deleted."""
    if meetings.empty:
        return None
    lines = []
    for row in meetings.iloc[::-1].to_dict("records"):
        said = f"{_meeting(row)}, from {words.day(row['first_on'])}. Set by {row['by']}, {words.moment(row['at'])}."
        if not words.missing(row["taken_back_at"]):
            said += f" Taken back by {row['taken_back_by']}, {words.moment(row['taken_back_at'])}."
        lines.append(html.Li(said))
    return html.Details([html.Summary("Every day that was set"), html.Ul(lines)], className="small")


PAGE = Page("/plan/calendar", draw, part_of="/plan")
