"""Domains: one page for each domain of the register, with what stands out in words, its scorecard, and the ways to look closer."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import DOMAINS, REGISTER, Kpi
from kpi.breakdown import Breakdown
from kpi.commentary import Comment, brief
from kpi.model import Domain
from layouts import cards, shell, words
from layouts.breakdown_links import breakdown_link, offered
from layouts.briefing import as_at_line, attention, changed, kpi_link, standing_best, sustained
from layouts.comments import comments_of
from layouts.page import Page
from layouts.tables import Column, plain_table, score_legend, scorecard, tally
from layouts.view import SPARK_MONTHS, View

MOST = 4  # of what stands out in one domain: the rest is in the scorecard below


def draw_all(view: View) -> Component:
    """Every domain: its question, where its measures stand, and what most needs attention in it."""
    if view.period is None:
        return _nothing_loaded("Domains")
    now = _figures(view)
    now = now[now["period"] == view.period]
    status = dict(zip(now["kpi"], now["status"], strict=True))
    comments = comments_of(view)
    rows = [{"domain": d, "status": status, "comments": comments} for d in DOMAINS if measures_of(d)]
    columns = [
        Column("Domain", lambda r: _named(view, r["domain"])),
        Column("Measures", lambda r: words.count(len(measures_of(r["domain"]))), numeric=True),
        Column("Where they stand", lambda r: tally([r["status"].get(kpi.key, "no data") for kpi in measures_of(r["domain"])])),
        Column("What most needs attention", lambda r: _first(view, r["domain"], r["comments"])),
    ]
    where = f", {view.unit_name}" if view.unit[1] else ""
    return html.Div(
        [
            shell.heading(f"Domains{where}, {words.month(view.period)}"),
            html.Div([as_at_line(view, now), shell.filters("/domains", view.choices())], className="head below"),
            html.Div(plain_table(columns, rows, "Domains"), className="domains"),
        ],
        className="wrap list-page",
    )


def draw(view: View) -> Component:
    """One domain, for the whole, a service or a team."""
    domain = next((d for d in DOMAINS if d.key == view.query["key"]), None)
    if domain is None:
        known = html.Ul([html.Li(html.A(d.title, href=domain_address(view, d))) for d in DOMAINS])
        says = cards.empty(f"There is no domain called {view.query['key']}", "These there are:", known)
        return html.Div([shell.crumbs(_trail(view), "Not found"), shell.heading("No such domain"), says], className="wrap")
    if view.period is None:
        return _nothing_loaded(domain.title)
    kpis = measures_of(domain)
    judged = _figures(view)
    judged = judged[judged["kpi"].isin([kpi.key for kpi in kpis])]
    now = judged[judged["period"] == view.period]
    where = f", {view.unit_name}" if view.unit[1] else ""
    top = html.Div(
        [
            shell.crumbs(_trail(view), domain.title),
            shell.heading(f"{domain.title}{where}, {words.month(view.period)}", shell.filters(view.path, view.choices())),
            as_at_line(view, now),
            html.P(domain.question, className="message"),
            _stands_out(view, kpis, now),
        ],
        className="wrap",
    )
    closer = html.Div([_closer(view, domain, kpis), _before_and_after(view, domain)], className="wrap")
    return html.Div([top, _score(view, domain, kpis, judged, now), closer])


def measures_of(domain: Domain) -> list[Kpi]:
    """The measures of one domain, in the order of the register."""
    return [kpi for kpi in REGISTER.values() if kpi.domain == domain.key]


def domain_address(view: View, domain: Domain) -> str:
    """The page of a domain with the filters as they stand."""
    return shell.address(f"/domain/{domain.key}", view.chosen)


def _figures(view: View) -> pd.DataFrame:
    level, unit = view.unit
    return view.figures(level, [unit], months=SPARK_MONTHS)


def _trail(view: View) -> list[tuple[str, str]]:
    return [("Domains", shell.address("/domains", view.chosen))]


def _named(view: View, domain: Domain) -> list[Component]:
    return [html.A(domain.title, href=domain_address(view, domain)), html.Span(domain.question, className="sub")]


def _own(domain_kpis: list[Kpi], comments: dict[str, Comment]) -> dict[str, Comment]:
    keys = {kpi.key for kpi in domain_kpis}
    return {key: comment for key, comment in comments.items() if key in keys}


def _first(view: View, domain: Domain, comments: dict[str, Comment]) -> Component | str:
    """The worst of a domain in one sentence; where nothing is short, that."""
    own = _own(measures_of(domain), comments)
    worst = brief(own.values(), 1).worst
    if not worst:
        judged = any(comment.status in ("met", "near", "not met") for comment in own.values())
        quiet = "Nothing is short of its target." if judged else "Nothing stands out; no measure could be held against a target."
        return html.Span(quiet if own else "No figures this month.")
    measure, said = REGISTER[worst[0].kpi], worst[0].point.partition(": ")[2]
    return html.Span([html.A(measure.title, href=kpi_link(view, measure.key)), f": {said}"])


def _stands_out(view: View, kpis: list[Kpi], now: pd.DataFrame) -> Component:
    """What needs attention in this domain, and beside it what is held, what is best and what changed; in the words of the commentary."""
    comments = _own(kpis, comments_of(view))
    nothing = "Nothing in this domain is short of its target this month." if comments else "No measure here has figures this month."
    side = [cards.sustained(sustained(view, now)), standing_best(view, comments), changed(view, comments)]
    return html.Div(
        [cards.attention(attention(view, comments, MOST), nothing=nothing), html.Div(side, className="side")], className="brief"
    )


def _score(view: View, domain: Domain, kpis: list[Kpi], judged: pd.DataFrame, now: pd.DataFrame) -> Component:
    missing = len(kpis) - now["kpi"].nunique()
    by_team = shell.link("By team", "/teams", **{**view.chosen, "domain": domain.key})
    words_of = shell.link("What they mean", "/catalogue", **view.chosen, q=domain.title)
    audits = [shell.link("Audits, checks and escalations", "/audits", **view.chosen)] if domain.key == "quality" else []
    return html.Section(
        html.Div(
            [
                html.Div(
                    [
                        html.H2("Scorecard", id="sc"), tally([*now["status"], *["no data"] * missing]),
                        html.Span([by_team, words_of, *audits], className="links"),
                    ],
                    className="title",
                ),
                scorecard(judged, period=view.period, kpis=kpis, domains=[domain], href=lambda key: kpi_link(view, key)),
                score_legend(),
            ],
            className="wrap",
        ),
        className="score", **{"aria-labelledby": "sc"},
    )  # fmt: skip


def _closer(view: View, domain: Domain, kpis: list[Kpi]) -> Component:
    """Every way a measure of the domain can be broken down, a row a measure."""
    rows = [{"kpi": kpi, "ways": offered(view, kpi)} for kpi in kpis]
    rows = [row for row in rows if row["ways"]]
    columns = [
        Column("Measure", lambda r: html.A(r["kpi"].title, href=kpi_link(view, r["kpi"].key))),
        Column("By", lambda r: _ways(view, r["kpi"], r["ways"])),
    ]
    table = plain_table(columns, rows, "Ways to break a measure down", nothing="No measure here has cases that could be broken down.")
    fold = html.Details([html.Summary("Break a measure down"), html.Div(table, className="closer")], className="folded")
    return cards.section("Look closer", fold, says="By age, sex, ethnic group and the rest: nobody is lost in the average.")


def _ways(view: View, kpi: Kpi, ways: list[Breakdown]) -> Component:
    return html.Ul([html.Li(html.A(by.title, href=breakdown_link(view, kpi.key, by.key))) for by in ways], className="inline")


def _before_and_after(view: View, domain: Domain) -> Component:
    """The way to the domain before and the one after."""
    at = DOMAINS.index(domain)
    before, after = DOMAINS[at - 1] if at else None, DOMAINS[at + 1] if at + 1 < len(DOMAINS) else None
    links = []
    if before is not None:
        links.append(html.A(f"Before: {before.title}", href=domain_address(view, before), className="btn"))
    if after is not None:
        links.append(html.A(f"Next: {after.title}", href=domain_address(view, after), className="btn"))
    return html.Nav(links, className="pager domain-ways", **{"aria-label": "Domains before and after"})


def _nothing_loaded(title: str) -> Component:
    says = ["Load a folder of monthly extracts: ", html.Code("python app.py load FOLDER"), "."]
    return html.Div([shell.heading(title), cards.empty("Nothing has been loaded yet", says)], className="wrap")


PAGE = Page("/domain/<key>", draw, part_of="/domains")
PAGES: tuple[Page, ...] = (Page("/domains", draw_all, "Domains"), PAGE)
