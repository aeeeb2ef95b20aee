"""The catalogue: every measure there is, what it means, where its data comes from and whether it is loaded, who answers for it, and how it
stands. What is missing says which extract would bring it."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from layouts import cards, shell, words
from layouts.briefing import kpi_link
from layouts.catalogue_entries import BASIS, BETTER, UNITS, Entry, entries
from layouts.marks import status_mark
from layouts.page import Page
from layouts.tables import Column, plain_table
from layouts.view import View


def draw(view: View) -> Component:
    """Every measure by domain, or those in which all the words asked for are found."""
    query = view.query.get("q", "").strip()[:100]
    every = entries(view)
    found = [entry for entry in every if entry.answers(query)]
    loaded = sum(entry.through is not None for entry in every)
    return html.Div(
        [
            shell.heading("Catalogue", shell.buttons(shell.download("Export to Excel", "/export/catalogue.xlsx"))),
            html.P(
                f"{words.plural(len(every), 'measure', 'measures')}, {words.count(loaded)} with their data loaded. "
                "Each says what it counts, what it needs and how it stands.",
                className="message",
            ),
            _search(query, len(found), len(every)),
            *(_domain(view, title, found) for title in dict.fromkeys(entry.domain for entry in found)),
            *([] if found else [_nothing(query)]),
        ],
        className="wrap catalogue",
    )


def _search(query: str, found: int, every: int) -> Component:
    field = html.Label([html.Span("Find a measure"), html.Div(_field(query))], className="find")
    told = "" if found == every else f"{words.count(found)} of {words.count(every)} measures"
    return html.Form(
        [
            field,
            html.Button("Find", type="submit", className="btn"),
            html.Span(told, id="catalogue-found", className="small quiet", role="status"),
        ],
        action="/catalogue", method="GET", className="search", role="search",
    )  # fmt: skip


def _field(query: str) -> Component:
    from dash import dcc  # the one control of this page that html has no component for

    return dcc.Input(
        id="catalogue-q", name="q", type="search", value=query, placeholder="A word, a source, a recommendation", debounce=True
    )


def _domain(view: View, title: str, found: list[Entry]) -> Component:
    ours = [entry for entry in found if entry.domain == title]
    columns = [
        Column("Measure", lambda e: _named(view, e["entry"])),
        Column("Latest", lambda e: _latest(e["entry"]), wrap=False),
        Column("Status", lambda e: status_mark(e["entry"].status), wrap=False),
        Column("Target", lambda e: e["entry"].target or "None set"),
        Column("Answers for it", lambda e: e["entry"].owner or html.Span("Nobody is named", className="quiet")),
        Column("Data", lambda e: _data(e["entry"])),
        Column("Serves recommendation", lambda e: e["entry"].recommendation),
    ]
    return cards.section(title, plain_table(columns, [{"entry": entry} for entry in ours], f"Measures: {title}"))


def _named(view: View, entry: Entry) -> Component:
    kpi = entry.kpi
    facts = {
        "Shown as": UNITS[kpi.measure], "Better": BETTER[kpi.better], "Counted": f"{BASIS[kpi.basis]}. {kpi.method}",
        "Comes from": kpi.sources, "Cannot come from": kpi.cannot, "Target set by": entry.set_by, "Key": kpi.key,
    }  # fmt: skip
    rows = [part for term, says in facts.items() if says for part in (html.Dt(term), html.Dd(says))]
    definition = [html.P(part) for part in kpi.definition.split("\n\n")]
    return html.Div(
        [
            html.A(kpi.title, href=kpi_link(view, kpi.key)),
            html.Details(
                [html.Summary(["Definition", html.Span(f" of {kpi.title}", className="vh")]), *definition, html.Dl(rows, className="dl")]
            ),
        ],
        className="entry", **{"data-find": f"{kpi.noun} {kpi.did} {entry.domain} {kpi.key} {kpi.key.replace('_', ' ')}"},
    )  # fmt: skip


def _latest(entry: Entry) -> Component:
    if entry.latest is None:
        return html.Span(words.NONE, className="quiet")
    return html.Div(
        [html.B(entry.figure), html.Span(entry.base, className="sub"), html.Span(words.month(entry.latest["period"]), className="sub")]
    )


def _data(entry: Entry) -> Component:
    if entry.through is not None:
        return html.Span(entry.loaded)
    return html.Div([html.B("Not loaded"), html.Span(f"{entry.missing[:1].upper()}{entry.missing[1:]}", className="sub")])


def _nothing(query: str) -> Component:
    says = "Try fewer words, or a part of one."
    return cards.empty(f"No measure speaks of “{query}”", says, shell.link("See every measure", "/catalogue"))


PAGE = Page("/catalogue", draw, "Catalogue")
