"""One team on one page: what stands out in words, what is overdue and due soon, its workers, its last surgery, and all its measures."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import DOMAINS, REGISTER
from kpi.duties import DUE_SOON, IN_TIME, OVERDUE
from kpi.shapes import UNALLOCATED
from layouts import cards, shell, words
from layouts.briefing import as_at_line, attention, changed, kpi_link, standing_best, sustained
from layouts.comments import comments_of
from layouts.due import by_duty, columns_of
from layouts.last_surgery import surgery_strip
from layouts.navigation import team_address
from layouts.owed import duties_of
from layouts.page import Page
from layouts.tables import plain_table, score_legend, scorecard, tally
from layouts.team_workers import workers_section
from layouts.view import SPARK_MONTHS, View, named

SHOWN = 20  # children listed here: the Due page has them all
NOT_YOURS = "You see only your own teams. Ask whoever looks after Sightline in your service if you need this one."


def draw(view: View) -> Component:
    """The page of the team in the address, for those who may see it."""
    if not view.viewer.may_see_unit("team", view.team):
        return _instead(view, "This team", cards.no_permission(NOT_YOURS, shell.link("See your teams", "/teams")))
    if view.period is None:
        says = ["Load a folder of monthly extracts: ", html.Code("python app.py load FOLDER"), "."]
        return _instead(view, named(view.team), cards.empty("Nothing has been loaded yet", says))
    judged = view.figures("team", [view.team], months=SPARK_MONTHS)
    now = judged[judged["period"] == view.period]
    listed = view.teams.set_index("team_id")["service_id"]
    if now.empty and view.team not in listed:
        return _unknown(view)
    service = listed.get(view.team, UNALLOCATED)
    comments = comments_of(view)
    duties = duties_of(view)
    side = [cards.sustained(sustained(view, now)), surgery_strip(view), standing_best(view, comments), changed(view, comments)]
    top = html.Div(
        [
            shell.crumbs(_trail(view, service), view.unit_name),
            shell.heading(view.unit_name, _ways(view)),
            html.Div([as_at_line(view, now, *_of_service(service)), shell.filters(view.path, view.choices()[:1])], className="head below"),
            html.Div([cards.attention(attention(view, comments)), html.Div(side, className="side")], className="brief"),
            _children(view, duties),
            workers_section(view, duties),
            _fellows(view, service),
        ],
        className="wrap team-page",
    )
    return html.Div([top, _score(view, judged, now)])


def _trail(view: View, service: str) -> list[tuple[str, str]]:
    teams = ("Teams", shell.address("/teams", {"period": view.chosen["period"]}))
    if service == UNALLOCATED:
        return [teams]
    return [teams, (service, shell.address("/teams", {"period": view.chosen["period"], "service": service}))]


def _of_service(service: str) -> tuple[str, ...]:
    return () if service == UNALLOCATED else (f" In the service {service} on that day.",)


def _ways(view: View) -> Component:
    """The other pages of this team."""
    kept = {"period": view.chosen["period"], "team": view.team}
    return shell.buttons(
        html.A("Deep dive", href=shell.address("/deep-dive", kept), className="btn"),
        html.A("Surgery", href=shell.address("/surgery", kept), className="btn"),
        html.A("Audits", href=shell.address("/audits", kept), className="btn"),
    )


def _children(view: View, duties: pd.DataFrame) -> Component:
    """The longest overdue and what is due soonest, and the way to the whole list."""
    late, soon = (duties[duties["state"] == state] for state in (OVERDUE, DUE_SOON))
    rows = pd.concat([late, soon]).head(SHOWN)
    title = f"Overdue: {words.count(len(late))}. Due in the next five working days: {words.count(len(soon))}"
    says = f"As at {words.day(view.period)}, the longest overdue first. A duty is late from the day after it was due."
    every = len(late) + len(soon)
    if not every:
        return cards.section(title, html.P("Nothing is overdue or due soon in this team.", className="calm"), says=says)
    way = shell.link(f"List all {words.count(every)}", "/due", period=view.chosen["period"], team=view.team)
    columns = [column for column in columns_of() if column.title != "Team"]
    shown = f"The first {len(rows)} of {words.count(every)}. " if every > len(rows) else ""
    table = plain_table(columns, rows.to_dict("records"), "Overdue and due soon")
    listed = cards.section(title, table, says=f"{shown}{says}", aside=way, ident="owed")
    return html.Div([listed, by_duty(view, duties[duties["state"] != IN_TIME])], className="due team-owed")


def _fellows(view: View, service: str) -> Component | None:
    """The other teams of the same service that this viewer sees."""
    teams = view.viewer.may_see(view.teams)
    others = teams.loc[(teams["service_id"] == service) & (teams["team_id"] != view.team), "team_id"].tolist()
    if not others:
        return None
    links = [html.Li(html.A(named(team), href=team_address(team, view.chosen))) for team in sorted(others, key=str.casefold)]
    of = "Teams in no service" if service == UNALLOCATED else f"Other teams of {service}"
    return html.Nav([html.H2(of, id="fellows"), html.Ul(links, className="inline")], className="blk", **{"aria-labelledby": "fellows"})


def _score(view: View, judged: pd.DataFrame, now: pd.DataFrame) -> Component:
    """Every measure that has a figure of this team; how many have none is said."""
    kpis = [kpi for kpi in REGISTER.values() if kpi.key in set(now["kpi"])]
    without = len(REGISTER) - len(kpis)
    said = f"{words.plural(without, 'measure has', 'measures have')} no figure of this team for {words.month(view.period)}."
    rest = html.P([f"{said} ", html.A("See them all", href=shell.address("/", view.chosen))], className="small quiet") if without else None
    if not kpis:
        table: Component = html.P("No measure has a figure of this team.", className="quiet calm")
    else:
        table = scorecard(judged, period=view.period, kpis=kpis, domains=DOMAINS, href=lambda key: kpi_link(view, key))
    return html.Section(
        html.Div(
            [
                html.Div([html.H2("Scorecard", id="sc"), tally(now["status"])], className="title"), table, score_legend(),
                *([rest] if rest else []),
            ],
            className="wrap",
        ),
        className="score", **{"aria-labelledby": "sc"},
    )  # fmt: skip


def _unknown(view: View) -> Component:
    """A team the data does not know in this month: known in others, or not at all."""
    assert view.period is not None
    other = view.store.figures(view.viewer, levels=("team",), units=[view.team])
    if len(other):
        newest = pd.Timestamp(other["period"].max())
        back = shell.link(f"See {words.month(newest)}", f"{team_address(view.team)}", period=f"{newest:%Y-%m}")
        nothing = cards.empty(f"No figures of {view.team} for {words.month(view.period)}", "It has figures of other months.", back)
        return _instead(view, named(view.team), nothing)
    known = view.viewer.may_see(view.teams)["team_id"].tolist()
    listed = html.Ul([html.Li(html.A(named(team), href=team_address(team, view.chosen))) for team in known])
    return _instead(view, "No such team", cards.empty(f"There is no team called {view.team}", "These there are:", listed))


def _instead(view: View, title: str, state: Component) -> Component:
    return html.Div([shell.crumbs(_trail(view, UNALLOCATED), title), shell.heading(title), state], className="wrap")


PAGE = Page("/team/<team>", draw, part_of="/teams")
