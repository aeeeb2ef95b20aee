"""The fortnightly report to senior leaders: what moved, what was kept, who is late again, and who should be offered support."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from kpi import REGISTER
from kpi.extra_support import WHAT_THIS_IS
from layouts import cards, shell, words
from layouts.as_html import as_html
from layouts.briefing import kpi_link
from layouts.comments import told
from layouts.fortnightly_gathered import REPEATED, Fortnight, fortnight_of
from layouts.looking import kpi_of_team
from layouts.marks import status_mark
from layouts.navigation import team_address
from layouts.page import Page
from layouts.signs import is_it_real
from layouts.surgery_since import kept_of
from layouts.surgery_words import about_words, focus_words, outcome_mark, unit_words
from layouts.tables import Column, plain_table
from layouts.view import View, named

SHOWN = 12  # of a list; the rest are one tap away


def draw(view: View) -> Component:
    """The report of the whole, or of the service chosen, for the fortnight to a day."""
    if view.period is None:
        says = "The report is made from surgeries, and these need extracts: load a folder of monthly extracts first."
        return html.Div([shell.heading("Fortnightly report"), cards.empty("Nothing has been loaded yet", says)], className="wrap")
    found = fortnight_of(view)
    where = f", {view.unit_name}" if view.unit[1] else ""
    keep = {"service": view.service, "team": view.team, "day": f"{found.last:%Y-%m-%d}"}
    export = shell.download("Export to Excel", shell.address("/export/fortnightly.xlsx", keep))
    return html.Div(
        [
            shell.crumbs([("Surgery", shell.address("/surgery", view.chosen))], "Fortnightly report"),
            shell.heading(f"Fortnightly report{where}, to {words.day(found.last)}", shell.buttons(export)),
            html.Div(
                [html.P(_as_at(found), className="asat"), shell.filters("/surgery/report", view.choices()[1:2])], className="head below"
            ),
            _day_form(found, view),
            _facts(found),
            as_html([_movers(view, found), _commitments(found), _repeated(found), _look(view, found), _surgeries(found)]),
        ],
        className="wrap list-page fortnightly",
    )


def _as_at(found: Fortnight) -> list[Any]:
    span = [html.B(words.day(found.first)), " to ", html.B(words.day(found.last))]
    return ["Surgeries held from ", *span, f".{found.refused} Movers and teams are as at the latest month."]


def _day_form(found: Fortnight, view: View) -> Component:
    field = dcc.Input(id="report-day", name="day", type="text", value=f"{found.last:%d/%m/%Y}", maxLength=10, autoComplete="off")
    hidden = [dcc.Input(name="service", type="hidden", value=view.service)] if view.service else []
    label = html.Label([html.Span("The fortnight to (dd/mm/yyyy)"), field], className="find")
    return html.Form(
        [label, *hidden, html.Button("Show", type="submit", className="btn")], action="/surgery/report", method="GET", className="search"
    )


def _facts(found: Fortnight) -> Component:
    many = len(found.meetings)
    open_ = sum(1 for meeting in found.meetings if not meeting.closed)
    late = sum(len(meeting.late) for meeting in found.meetings)
    kept = f"of {words.plural(found.judged, 'commitment', 'commitments')} that could be judged"
    return cards.facts(
        [
            cards.Fact("Surgeries held", words.count(many), f"{words.count(open_)} still open" if open_ else None),
            cards.Fact("Commitments kept", words.count(found.kept), kept),
            cards.Fact("Agreed anew", words.count(len(found.agreed)), None),
            cards.Fact("Late again", words.count(len(found.repeated)), f"in {REPEATED} surgeries running or more, of {words.count(late)}"),
        ],
        large=True,
    )  # fmt: skip


def _movers(view: View, found: Fortnight) -> Component:
    columns = [
        Column("Measure", lambda r: html.A(REGISTER[r["kpi"]].title, href=kpi_link(view, r["kpi"]))),
        Column("Status", lambda r: status_mark(str(r["status"])), wrap=False),
        Column("Is it real?", lambda r: is_it_real(r, REGISTER[r["kpi"]].better)),
        Column("What the figures say", lambda r: html.Span([html.B(r["comment"].point), " ", *told(r["comment"], "")])),
    ]
    rows = [{**row, "comment": comment} for row, comment in found.movers]
    table = _folded(columns, rows, "Measures that moved", "No measure moved by more than chance explains.")
    says = f"{words.month(view.period)}: only what chance does not explain. Worst first."
    return cards.section(f"What moved: {words.count(len(rows))}", *table, says=says)


def _commitments(found: Fortnight) -> Component:
    """Those not kept, by unit; how many were kept is in the heading."""
    heading = f"Commitments: {kept_of(found.checked)}"
    if found.checked.empty:
        return cards.section(heading, html.P("No commitment came up in these surgeries.", className="calm"))
    short = found.checked[~found.checked["outcome"].isin(["kept", "kept_late"])].sort_values(["unit", "by_on"], kind="stable")
    columns = [
        Column("Outcome", lambda r: outcome_mark(r["outcome"]), wrap=False),
        Column("Unit", "unit"),
        Column("Commitment", _commitment),
        Column("Who", lambda r: named(r["who"])),
        Column("By", lambda r: words.short_day(r["by_on"]), wrap=False),
        Column("What the data says", "said", quiet=True),
    ]
    table = plain_table(columns, short.to_dict("records"), "Commitments not kept or not yet told", nothing="Every commitment was kept.")
    return cards.section(heading, table, says="Those not kept, or that cannot be told yet. Decided by the data.")


def _commitment(row: Mapping[str, Any]) -> str:
    about = "" if row["about_kind"] in ("", "none") else f": {about_words(row['about_kind'], row['about_id'])}"
    return f"{row['what']}{about}"


def _repeated(found: Fortnight) -> Component:
    rows = found.repeated.to_dict("records")
    columns = [
        Column("Child", lambda r: html.A(r["child_id"], href=_owed_by(r)), wrap=False),
        Column("Unit", "unit"),
        Column("Duty", "title"),
        Column("Worker", lambda r: named(str(r["worker_id"])), wrap=False),
        Column("Last seen or done", lambda r: words.short_day(r["last_on"]), wrap=False),
        Column("Days late", lambda r: words.count(r["days_late"]), numeric=True),
        Column("Surgeries running", lambda r: words.count(r["surgeries_running"]), numeric=True),
    ]
    heading = f"Late in {REPEATED} or more surgeries running: {words.count(len(rows))}"
    return cards.section(heading, *_folded(columns, rows, heading, "No child was late in two surgeries running."))


def _folded(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], caption: str, nothing: str) -> list[Component]:
    """A table of the first rows, the rest one tap away and counted."""
    first, rest = rows[:SHOWN], rows[SHOWN:]
    table = plain_table(columns, first, caption, nothing=nothing)
    if not rest:
        return [table]
    more = html.Summary(f"Show {words.count(len(rest))} more")
    return [table, html.Details([more, plain_table(columns, rest, f"{caption}, continued")])]


def _owed_by(row: Mapping[str, Any]) -> str:
    return shell.address("/due", {"team": str(row["team_id"]), "worker": str(row["worker_id"]), "day": f"{row['held_on']:%Y-%m-%d}"})


def _look(view: View, found: Fortnight) -> Component:
    columns = [
        Column("Team", lambda r: html.A(named(r["unit_id"]), href=team_address(r["unit_id"])), wrap=False),
        Column("Measure", lambda r: html.A(REGISTER[r["kpi"]].title, href=kpi_of_team(view, r["kpi"], r["unit_id"]))),
        Column("Since", lambda r: words.short_month(r["since"]), wrap=False),
        Column("Why", "reason"),
    ]
    nothing = "No team stands out for the worse three months running."
    table = _folded(columns, found.look.to_dict("records"), "Teams to offer support", nothing)
    return cards.section("Teams to offer support", *table, says=WHAT_THIS_IS)


def _surgeries(found: Fortnight) -> Component:
    rows = [{"m": meeting} for meeting in found.meetings]
    columns = [
        Column("Surgery", lambda r: html.A(words.day(r["m"].held_on), href=f"/surgery/{r['m'].ident}"), wrap=False),
        Column("Unit", lambda r: unit_words(r["m"].level, r["m"].unit_id)),
        Column("Focus", lambda r: focus_words(r["m"].focus)),
        Column("Late", lambda r: words.count(len(r["m"].late)), numeric=True),
        Column("Commitments before", lambda r: kept_of(r["m"].commitments)),
        Column("Agreed", lambda r: words.count(len(r["m"].agreed)), numeric=True),
        Column("State", lambda r: "Closed" if r["m"].closed else html.B("Open"), wrap=False),
    ]
    table = plain_table(columns, rows, "The surgeries of the fortnight", nothing="No surgery was held in this fortnight.")
    teams = ", ".join(named(team) for team in found.without)
    left = [html.P([html.B("No surgery in this fortnight: "), teams, "."], className="small")] if found.without else []
    return cards.section(f"The surgeries: {words.count(len(rows))}", table, *left, says="An open surgery is shown as it stands now.")


PAGE = Page("/surgery/report", draw, part_of="/surgery")
