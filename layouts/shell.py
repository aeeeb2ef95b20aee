"""The frame around every page: header, navigation, the main landmark, the title row with its filters, and the footer.

Links are plain `<a>`: the script in assets follows those inside the site without a reload, and leaves anything with `download` or a
`target` to the browser. Filters are a GET form; the script sends it when a choice changes, and the address always holds the whole view.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.marks import logo

Content = Any

INDEX = """<!doctype html>
<html lang="en-GB">
<head>{%metas%}<title>{%title%}</title><link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
<script src="/assets/appearance.js"></script><link rel="stylesheet" href="/assets/all.css">{%css%}</head>
<body>
<noscript><p class="wrap">Sightline needs JavaScript to draw its pages. Please allow it for this address.</p></noscript>
{%app_entry%}
<div>{%config%}{%scripts%}<script src="/assets/all.js"></script>{%renderer%}</div>
</body>
</html>"""


@dataclass(frozen=True)
class Choice:
    """One filter: `Choice("period", "Period", [("2026-05", "May 2026"), ...], "2026-05")`.

    An option whose value is empty is the default and leaves the address; `clears` names filters that a change here resets.
    """

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str = ""
    clears: tuple[str, ...] = ()


def frame(
    main: Content, *, nav: Sequence[tuple[str, str]], here: str, org: str, invented: bool = False, foot: Content = None,
    row: Sequence[tuple[str, str]] = (), row_here: str = "",
) -> Component:  # fmt: skip
    """A whole page: `frame(content, nav=[("Briefing", "/"), ("Data", "/data")], here="/", org="Invented Council", invented=True)`.

    `row`: the pages folded under the page of the bar that is shown, with the address of the one shown among them (`layouts.navigation`).
    """
    return html.Div(
        [
            html.A("Skip to main content", href="#main", className="skip"),
            header(org),
            navigation(nav, here, invented=invented),
            *([second_row(row, row_here)] if row else []),
            html.Main(main, id="main", tabIndex=-1),
            html.P(id="said", role="status", className="vh"),
            footer(foot, invented=invented),
        ]
    )


def header(org: str) -> Component:
    """The top line: the product, whose data it is, and the place where the search is built by its script (assets/search.js)."""
    brand = html.A([logo(), "Sightline"], href="/", className="brand")
    return html.Header(html.Div([brand, html.Span(org, className="org"), html.Div(id="find")], className="wrap"), className="top")


def navigation(items: Sequence[tuple[str, str]], here: str, *, invented: bool = False) -> Component:
    """The pages, the current one marked; says so when every figure is invented. `here` is the address of the page shown."""
    links = [html.A(title, href=href, **({"aria-current": "page"} if href == here else {})) for title, href in items]
    flag = [html.Span("All data on this site is invented", className="invented")] if invented else []
    return html.Nav(html.Div([*links, *flag], className="wrap"), className="nav", **{"aria-label": "Main"})


def second_row(items: Sequence[tuple[str, str]], here: str) -> Component:
    """The pages that belong to the page of the bar that is shown, the one shown marked."""
    links = [html.Li(html.A(title, href=href, **({"aria-current": "page"} if href == here else {}))) for title, href in items]
    return html.Nav(html.Ul(links, className="wrap"), className="nav-row", **{"aria-label": "In this part"})


def footer(content: Content = None, *, invented: bool = False) -> Component:
    """The last line: what the data is, and any links given."""
    says = "Invented data: no real child or worker is shown. Figures called published are real." if invented else "Sightline"
    extra = [] if content is None else list(content) if isinstance(content, list | tuple) else [content]
    return html.Footer(html.Div([html.Span(says), *extra], className="wrap"), className="foot")


def link(text: Content, href: str, **choices: str) -> Component:
    """A link inside the site, with choices as its query: `link("74 of 91 children", "/kpi/cp_visits_in_time", period="2026-05")`."""
    return html.A(text, href=address(href, choices))


def download(text: str, href: str, *, primary: bool = False) -> Component:
    """A link that saves a file: `download("Export to Excel", "/export/summary.xlsx?period=2026-05")`."""
    return html.A(text, href=href, className="btn go" if primary else "btn", download="")


def address(path: str, choices: Mapping[str, str]) -> str:
    """A path with its filters, empty ones left out: `address("/kpi/caseload", {"period": "2026-05", "team": ""})`."""
    query = urlencode({name: chosen for name, chosen in choices.items() if chosen})
    return f"{path}?{query}" if query else path


def crumbs(trail: Sequence[tuple[str, str]], here: str) -> Component:
    """Where this page is, and the way back: `crumbs([("Briefing", "/")], "Children on a CP plan seen in time")`."""
    steps = [html.Li(html.A(title, href=href)) for title, href in trail]
    return html.Nav(html.Ol([*steps, html.Li(here, **{"aria-current": "page"})]), className="crumb", **{"aria-label": "Breadcrumb"})


def heading(title: str, *beside: Component) -> Component:
    """The title of the page with its filters or buttons beside it: `heading("Briefing, May 2026", filters("/", choices))`."""
    return html.Div([html.H1(title, tabIndex=-1), *beside], className="head")


def buttons(*links: Component) -> Component:
    """Actions of the page, in one group: `buttons(download("Export to Excel", url))`."""
    return html.Div(list(links), className="btns")


def as_at(day: Any, *more: Content) -> Component:
    """The line every view carries: `as_at(date(2026, 5, 31), ", loaded 2 Jun 2026 at 09:14; 14 records left out.")`."""
    return html.P(["Data as at ", html.B(words.day(day)), *more], className="asat")


def filters(action: str, choices: Sequence[Choice], *, label: str = "Filters") -> Component:
    """The filters of a page as a form: `filters("/", [Choice("period", "Period", [("2026-05", "May 2026")], "2026-05")])`."""
    fields = [_pick(choice) for choice in choices]
    return html.Form(
        [*fields, html.Button("Show", type="submit", className="btn apply")],
        action=action,
        method="GET",
        className="filters",
        **{"aria-label": label},
    )


def _pick(choice: Choice) -> Component:
    options = [html.Option(text, value=key, selected=key == choice.chosen) for key, text in choice.options]
    select = html.Select(options, name=choice.name, **{"data-clears": " ".join(choice.clears)})
    return html.Label([html.Span(choice.label), select], className="pick")
