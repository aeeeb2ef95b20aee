"""Teams: who stands out and may need support, then every team by every measure of one domain, with status, signal and n of N.

One domain is drawn at a time, so that the matrix stays readable and quick with eighty measures and sixty teams. Figures are held against
all teams of the council; the rows are those of the teams this viewer sees.
"""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import DOMAINS, REGISTER, Kpi
from kpi.figures import HISTORY_SHORT
from kpi.model import Domain
from kpi.shapes import UNALLOCATED
from layouts import cards, shell, words
from layouts.briefing import as_at_line
from layouts.looking import kpi_of_team, looking_section
from layouts.matrix import Unit, matrix, matrix_legend
from layouts.navigation import team_address
from layouts.page import Page
from layouts.view import View, named

NO_SERVICE = "In no service"


def draw(view: View) -> Component:
    """The teams of the whole council or of one service, by the measures of the domain chosen."""
    if view.period is None:
        says = ["Load a folder of monthly extracts: ", html.Code("python app.py load FOLDER"), "."]
        return html.Div([shell.heading("Teams"), cards.empty("Nothing has been loaded yet", says)], className="wrap")
    told = {REGISTER[key].domain for key in view.counted("team", view.period)["kpi"].unique()}
    offered = [domain for domain in DOMAINS if domain.key in told]
    where = f", {named(view.service)}" if view.service else ""
    head = [
        shell.heading(f"Teams{where}, {words.month(view.period)}"),
    ]
    if not offered:
        says = f"No measure has a figure of a team for {words.month(view.period)}."
        return html.Div([*head, _filters(view, offered, None), cards.empty("No team has a figure", says)], className="wrap")
    domain = chosen_domain(view, offered)
    kpis = [kpi for kpi in REGISTER.values() if kpi.domain == domain.key]
    now = view.figures("team", keys=[kpi.key for kpi in kpis], months=0)
    now = now[now["period"] == view.period]
    units, hidden = rows_of(view)
    return html.Div(
        [
            *head,
            html.Div([as_at_line(view, _whole(view, kpis)), _filters(view, offered, domain)], className="head below"),
            looking_section(view, kpis, heading=f"{domain.title}: teams to look at"),
            _matrix(view, domain, kpis, now, units, hidden),
        ],
        className="wrap teams-page",
    )


def chosen_domain(view: View, offered: list[Domain]) -> Domain:
    """The domain the address asks for, where teams have figures of it; else the first that has."""
    asked = view.query.get("domain", "")
    return next((domain for domain in offered if domain.key == asked), offered[0])


def rows_of(view: View) -> tuple[list[Unit], int]:
    """The rows of the matrix, by service and name with work nobody holds last, and how many teams this viewer does not see."""
    teams = view.teams if not view.service else view.teams[view.teams["service_id"] == view.service]
    seen = view.viewer.may_see(teams)
    last = seen["service_id"] == UNALLOCATED
    ordered = seen.assign(last=last, nobody=seen["team_id"] == UNALLOCATED, by=seen["team_id"].str.casefold())
    ordered = ordered.sort_values(["last", "service_id", "nobody", "by"], kind="stable")
    units = [
        Unit(team, named(team), NO_SERVICE if service == UNALLOCATED else service, team_address(team, view.chosen), team == view.team)
        for team, service in zip(ordered["team_id"], ordered["service_id"], strict=True)
    ]
    return units, len(teams) - len(seen)


def _filters(view: View, offered: list[Domain], domain: Domain | None) -> Component:
    period, service, _ = view.choices()
    first = offered[0].key if offered else ""
    options = [("" if d.key == first else d.key, d.title) for d in offered]
    chosen = "" if domain is None or domain.key == first else domain.key
    return shell.filters("/teams", [period, service, *([shell.Choice("domain", "Domain", options, chosen)] if offered else [])])


def _whole(view: View, kpis: list[Kpi]) -> pd.DataFrame:
    """The figures of the whole council, or of the service chosen."""
    level, unit = ("service", view.service) if view.service else ("authority", "")
    figures = view.figures("service" if level == "service" else "authority", [unit], [kpi.key for kpi in kpis], months=0)
    return figures[figures["period"] == view.period]


def _matrix(view: View, domain: Domain, kpis: list[Kpi], now: pd.DataFrame, units: list[Unit], hidden: int) -> Component:
    drawn = [kpi for kpi in kpis if kpi.key in set(now["kpi"])]
    only_whole = [kpi.title for kpi in kpis if kpi not in drawn]
    shown = now[now["unit_id"].isin([unit.unit_id for unit in units])]

    def href(key: str, team: str) -> str:
        return kpi_of_team(view, key, team) if team else kpi_link_without_team(view, key)

    says = f"{domain.question} By service and name; this is not a league table. No colour under ten cases. Choose a figure to see more."
    if not units:
        text = "You see no team here. Ask whoever looks after Sightline in your service if you should."
        return cards.section(f"{domain.title} by team", cards.empty("No team to show", text))
    table = matrix(
        shown, units, drawn, caption=f"{domain.title} by team, {words.month(view.period)}", href=href,
        whole=_whole(view, drawn), whole_name=f"All of {named(view.service)}" if view.service else "All teams",
    )  # fmt: skip
    legend = matrix_legend(list(shown["status"]), short=bool((shown["note"] == HISTORY_SHORT).any()))
    notes = []
    if hidden:
        notes.append(f"{words.plural(hidden, 'team is', 'teams are')} not shown: you see only your own.")
    if only_whole:
        notes.append(f"Not told by team: {'; '.join(only_whole)}.")
    under = html.P([*(f"{note} " for note in notes), html.A("See this domain", href=domain_link(view, domain))], className="small quiet")
    return cards.section(f"{domain.title} by team", table, legend, under, says=says)


def kpi_link_without_team(view: View, key: str) -> str:
    """The page of a measure for the whole, or the service chosen."""
    return shell.address(f"/kpi/{key}", {**view.chosen, "team": ""})


def domain_link(view: View, domain: Domain) -> str:
    """The page of a domain, in the period and service chosen."""
    return shell.address(f"/domain/{domain.key}", {**view.chosen, "team": ""})


PAGE = Page("/teams", draw, "Teams")
