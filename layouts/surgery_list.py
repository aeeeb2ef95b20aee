"""The surgeries there have been and when the next is due, unit by unit; and, for those who may, a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from data.records import LINE_LIMIT
from data.surgery import VISITS
from kpi import DOMAINS, REGISTER
from layouts import cards, shell, words
from layouts.as_html import as_html
from layouts.marks import status_mark
from layouts.note_forms import field
from layouts.surgery_forms import HOLD_SAYS
from layouts.surgery_offered import FORTNIGHT
from layouts.surgery_words import LEVEL_WORDS, focus_words, unit_query, unit_words
from layouts.tables import Column, pager, plain_table
from layouts.view import View

A_PAGE = 50


def draw(view: View) -> Component:
    """Every unit with its last surgery and the next one due, then every surgery, newest first."""
    if view.period is None:
        says = "A surgery needs something to look at: load a folder of monthly extracts first."
        return html.Div([shell.heading("Surgery"), cards.empty("Nothing has been loaded yet", says)], className="wrap")
    held = of_unit(view, view.store.surgeries.held(view.viewer))
    day = view.today or view.period
    title = f"Surgery{f', {view.unit_name}' if view.unit[1] else ''}"
    report = html.A("Fortnightly report", href=shell.address("/surgery/report", {"service": view.service}), className="btn")
    return html.Div(
        [
            shell.heading(title, shell.buttons(report)),
            html.Div([_what_it_is(), shell.filters("/surgery", view.choices()[1:])], className="head below"),
            *_hold(view, day),
            as_html([_units(view, held, day), _every(view, held)]),
            html.Span(id="surgery-go", hidden=True),
        ],
        className="wrap list-page surgeries",
    )


def of_unit(view: View, held: pd.DataFrame) -> pd.DataFrame:
    """The surgeries of the unit chosen and, of a service, of its teams; all of them where none is chosen."""
    level, unit = view.unit
    if level == "authority":
        return held
    own = (held["level"] == level) & (held["unit_id"] == unit)
    if level == "service":
        teams = view.teams.loc[view.teams["service_id"] == unit, "team_id"]
        own |= (held["level"] == "team") & held["unit_id"].isin(teams)
    return held[own]


def _what_it_is() -> Component:
    says = "Every fortnight, unit by unit: what was agreed and whether it was done, what has moved, and the children late. "
    return html.P([says, "What is agreed here is checked by every load."], className="quiet lead")


def _hold(view: View, day: pd.Timestamp) -> list[Component]:
    """The form that opens a surgery, of the units this viewer may hold one of."""
    units = [unit for unit in _all_units(view) if view.store.surgeries.may_hold(view.viewer, *unit)]
    if not units:
        says = (
            "You may read the surgeries of the teams you see. Those who may hold one see every team of the unit, or are of the data team."
        )
        return [html.P(says, className="small quiet")]
    groups = [
        html.Optgroup(
            [
                html.Option(unit_words(level, unit), value=f"{level}|{unit}", selected=(level, unit) == view.unit)
                for level, unit in units
                if level == of
            ],
            label=LEVEL_WORDS[of],
        )
        for of in dict.fromkeys(level for level, _ in units)
    ]
    measures = [
        html.Optgroup([html.Option(kpi.title, value=kpi.key) for kpi in REGISTER.values() if kpi.domain == domain.key], label=domain.title)
        for domain in DOMAINS
    ]
    on = dcc.Input(id="hold-on", type="text", value=f"{day:%d/%m/%Y}", maxLength=10, autoComplete="off")
    present = dcc.Input(id="hold-present", type="text", value="", maxLength=LINE_LIMIT, autoComplete="off")
    row = html.Div(
        [
            as_html(field("hold-unit", "Unit", html.Select(groups, id="hold-unit"))),
            field("hold-on", "Day (dd/mm/yyyy)", on),
            as_html(field("hold-focus", "Focus", html.Select([html.Option("Visits", value=VISITS), *measures], id="hold-focus"))),
            field("hold-present", "Who is there (may be empty)", present),
            html.Button("Begin", id="hold-open", type="button", className="btn go"),
        ],
        className="row",
    )
    says = html.P(id=HOLD_SAYS, role="alert", className="note-says")
    return [html.Section([html.H2("Hold a surgery"), row, says, dcc.Store(id="hold-chosen")], className="hold")]


def _all_units(view: View) -> list[tuple[str, str]]:
    """Every unit there is, the whole first: those this viewer sees of the teams."""
    teams = [("team", str(team)) for team in view.teams["team_id"] if view.viewer.may_see_unit("team", str(team))]
    services = [("service", str(service)) for service in sorted(set(view.teams["service_id"]))]
    return [("authority", ""), *services, *teams]


def _units(view: View, held: pd.DataFrame, day: pd.Timestamp) -> Component:
    """Each unit that has had a surgery: its last, and when the next is due, a fortnight after it."""
    last = held.sort_values(["held_on", "id"]).drop_duplicates(["level", "unit_id"], keep="last")
    counts = held.groupby(["level", "unit_id"]).size()
    rows = last.assign(next_on=last["held_on"] + FORTNIGHT).sort_values(["next_on", "level", "unit_id"])
    columns = [
        Column("Unit", lambda r: html.A(unit_words(r["level"], r["unit_id"]), href=_of(r))),
        Column("Kind", lambda r: LEVEL_WORDS[r["level"]], quiet=True, wrap=False),
        Column("Last surgery", lambda r: html.A(words.day(r["held_on"]), href=f"/surgery/{r['id']}"), wrap=False),
        Column("State", _state, wrap=False),
        Column("Next due", lambda r: _next(r["next_on"], day), wrap=False),
        Column("Surgeries", lambda r: words.count(counts[(r["level"], r["unit_id"])]), numeric=True),
    ]
    nothing = "No surgery has been held here yet."
    table = plain_table(columns, rows.to_dict("records"), "Units and their next surgery", nothing=nothing)
    return cards.section("Next due", table, says="Fortnightly: a surgery is due 14 days after the last one of its unit.")


def _of(row: Mapping[str, Any]) -> str:
    return shell.address("/surgery", unit_query(row["level"], row["unit_id"]))


def _next(on: pd.Timestamp, day: pd.Timestamp) -> Component:
    late = (day.normalize() - on).days
    if late > 0:
        return status_mark("near", f"{words.day(on)}, {words.plural(late, 'day', 'days')} ago")
    return html.Span(f"{words.day(on)}, today" if late == 0 else words.day(on))


def _state(row: Mapping[str, Any]) -> Component | str:
    if row["state"] != "closed":
        return html.B("Open")
    return f"Closed {words.short_day(row['closed_at'])} by {row['closed_by']}"


def _every(view: View, held: pd.DataFrame) -> Component:
    pages = max(1, -(-len(held) // A_PAGE))
    asked = view.query.get("page", "1")
    page = min(max(int(asked) if asked.isdigit() else 1, 1), pages)
    rows = held.sort_values(["held_on", "level", "unit_id"], ascending=[False, True, True]).iloc[(page - 1) * A_PAGE : page * A_PAGE]
    columns = [
        Column("Day", lambda r: html.A(words.day(r["held_on"]), href=f"/surgery/{r['id']}"), wrap=False),
        Column("Unit", lambda r: unit_words(r["level"], r["unit_id"])),
        Column("Focus", lambda r: focus_words(r["focus"])),
        Column("Who was there", "present", quiet=True),
        Column("State", _state, wrap=False),
        Column("Opened by", "opened_by", quiet=True),
    ]
    keep = {k: v for k, v in view.query.items() if k not in ("page", "key")}
    steps = pager(page, pages, lambda n: shell.address("/surgery", {**keep, "page": str(n)}))
    table = plain_table(columns, rows.to_dict("records"), "Surgeries", nothing="No surgery has been held here yet.")
    return cards.section(f"Every surgery: {words.count(len(held))}", table, *([steps] if steps else []))
