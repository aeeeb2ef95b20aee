"""The catalogue: every measure there is, what it means, where its data comes from and whether it is loaded, who answers for it, and how it
stands. What is missing says which extract would bring it.

An entry is drawn from few parts, its definition as one text: a browser takes far longer over many small parts than over long ones.
"""

from __future__ import annotations

from typing import Any

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
        Column("Answers for it", lambda e: e["entry"].owner or "Nobody is named"),
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
    told = "\n".join([kpi.definition, "", *(f"{term}: {says}" for term, says in facts.items() if says)])
    summary = html.Summary("Definition", **{"aria-label": f"Definition of {kpi.title}"})
    return html.Div(
        [html.A(kpi.title, href=kpi_link(view, kpi.key)), html.Details([summary, html.P(told)])],
        className="entry", **{"data-find": entry.searched},
    )  # fmt: skip


def _latest(entry: Entry) -> list[Any] | str:
    if entry.latest is None:
        return words.NONE
    return [html.B(entry.figure), "".join(f"\n{line}" for line in (entry.base, words.month(entry.latest["period"])) if line)]


def _data(entry: Entry) -> list[Any] | str:
    if entry.through is not None:
        return entry.loaded
    return [html.B("Not loaded"), f"\n{entry.missing[:1].upper()}{entry.missing[1:]}"]


def _nothing(query: str) -> Component:
    says = "Try fewer words, or a part of one."
    return cards.empty(f"No measure speaks of “{query}”", says, shell.link("See every measure", "/catalogue"))


PAGE = Page("/catalogue", draw, "Catalogue")
