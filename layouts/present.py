"""Present: the briefing on a large screen, one measure at a time, stepped through with arrow keys or buttons.

The order is that of the scorecard. A measure without a figure for the month is not stepped to, and how many are left out is said.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from kpi import DOMAINS, REGISTER, Kpi
from kpi.commentary import Comment
from layouts import cards, shell, words
from layouts.charts import trend, trend_alt
from layouts.comments import comments_of, headline
from layouts.freshness import as_at_of, stand_of_sources
from layouts.marks import status_mark, value
from layouts.page import Page
from layouts.signs import is_it_real
from layouts.tables import scroll
from layouts.trend import also_of
from layouts.view import View

MONTHS = 36


def draw(view: View) -> Component:
    """One measure of the unit and month in the address, and the way to the next."""
    if view.period is None:
        nothing = cards.empty("Nothing has been loaded yet", "", shell.link("Go to the briefing", "/"))
        return html.Div([shell.heading("Present"), nothing], className="wrap")
    level, unit = view.unit
    now = view.figures(level, [unit], months=0)
    now = now[(now["period"] == view.period) & now["value"].notna()]
    measures = in_order(set(now["kpi"]))
    if not measures:
        says = f"No measure has a figure for {words.month(view.period)}."
        nothing = cards.empty("Nothing to present", says, shell.link("Go to the briefing", "/"))
        return html.Div([shell.heading("Present"), nothing], className="wrap")
    asked = view.query.get("kpi", "")
    keys = [measure.key for measure in measures]
    place = keys.index(asked) if asked in keys else 0
    measure = measures[place]
    history = view.figures(level, [unit], keys=[measure.key], months=MONTHS)
    row = history[history["period"] == view.period].iloc[0]
    comment = comments_of(view).get(measure.key)
    where = f", {view.unit_name}" if unit else ""
    domain = next(domain.title for domain in DOMAINS if domain.key == measure.domain)
    top = [
        html.P([html.B(domain), f", {words.month(view.period)}{where}"]),
        *([html.P("All data on this site is invented", className="invented")] if view.invented else []),
    ]
    return html.Div(
        [
            html.Div(top, className="present-top"),
            html.H1(measure.title, tabIndex=-1),
            html.Div([_figure(measure, row), _chart(view, measure, history, comment)], className="present-main"),
            html.P(_sentence(comment, measure), className="present-says"),
            _steps(view, keys, place),
            html.P([_as_at(view), _without_figure(len(REGISTER) - len(measures))], className="small quiet"),
        ],
        className="wrap present",
        **{"data-said": said(measure, row, place, len(measures))},
    )


def in_order(keys: set[str]) -> list[Kpi]:
    """These measures as the scorecard orders them: by domain, then as they are declared."""
    return [m for domain in DOMAINS for m in REGISTER.values() if m.domain == domain.key and m.key in keys]


def said(measure: Kpi, row: pd.Series, place: int, many: int) -> str:
    """What is read out at each step: "Measure 4 of 61: Seen in time, 81.3 percent, near"."""
    shown = words.figure(row["value"], measure.measure).replace(f"{words.THIN}%", " percent").replace(words.THIN, " ")
    return f"Measure {place + 1} of {many}: {measure.title}, {shown}, {words.STATUS_WORDS[row['status']].lower()}"


def _figure(measure: Kpi, row: pd.Series) -> Component:
    base = words.base(row["numerator"], row["denominator"], measure.measure)
    target = words.target_words(row["target"], measure.better, measure.measure)
    said_target = "" if words.missing(row["target"]) else f"Target {target} {words.by_words(row['target_by'])}".strip()
    change = words.signed(row["change"], measure.measure)
    meant = words.better_or_worse(row["change"], measure.better)
    moved = "" if words.missing(row["change"]) else f"{change} on last month" + (f", {meant}" if meant else "")
    return html.Div(
        [
            html.P(value(row["value"], measure.measure, hero=True)),
            html.P(f"{base} {measure.noun}".strip()),
            html.Div(status_mark(row["status"]), className="present-mark"),
            *([html.P(said_target)] if said_target else []),
            *([html.P(moved)] if moved else []),
            html.Div(is_it_real(row.to_dict(), measure.better), className="present-mark"),
        ],
        className="present-figure",
    )


def _chart(view: View, measure: Kpi, history: pd.DataFrame, comment: Comment | None) -> Component:
    """The trend of the measure's own page, still: on a wall there is nothing to point at."""
    also = also_of(view, measure, history)
    figure: dict[str, Any] = trend(history, measure=measure.measure, better=measure.better, also=also)
    message = headline(comment, measure) if comment else measure.title
    alt = trend_alt(history, message, measure=measure.measure, better=measure.better, also=also)
    graph = dcc.Graph(id="present-graph", figure=figure, responsive=True, className="graph", config={"staticPlot": True})
    drawn = html.Div(graph, role="img", className="plot", **{"aria-label": alt})
    return scroll(drawn, f"Chart: {measure.title}", name="scroll latest")


def _sentence(comment: Comment | None, measure: Kpi) -> list[Any]:
    if comment is None:
        return []
    return [html.B(f"{headline(comment, measure)}."), " ", comment.fact, *([f" {comment.short}"] if comment.short else [])]


def _steps(view: View, keys: list[str], place: int) -> Component:
    """First, previous, next, last: a step that leads nowhere stays in its place, so that the focus does."""
    last = len(keys) - 1
    wanted = (("first", "First", 0), ("previous", "Previous", place - 1), ("next", "Next", place + 1), ("last", "Last", last))
    links = [_step(view, name, title, keys[to] if 0 <= to <= last and to != place else "") for name, title, to in wanted]
    here = html.Span(f"{place + 1} of {len(keys)}", className="present-place")
    return html.Nav(
        [
            *links[:2], here, *links[2:],
            html.Button("Full screen", type="button", className="btn", **{"data-full": "yes"}),
            shell.link("Open this measure", f"/kpi/{keys[place]}", **view.chosen),
            html.A("Leave", href=shell.address("/", view.chosen), className="btn", **{"data-step": "leave"}),
        ],
        className="steps",
        **{"aria-label": "Measures, one by one"},
    )  # fmt: skip


def _step(view: View, name: str, title: str, key: str) -> Component:
    if key:
        return html.A(
            title, href=shell.address("/present", {"kpi": key, **view.chosen}), className="btn", tabIndex=0, **{"data-step": name}
        )
    return html.A(title, className="btn", tabIndex=0, role="link", **{"aria-disabled": "true"})


def _as_at(view: View) -> str:
    return f"Data as at {words.day(as_at_of(stand_of_sources(view)))}. Arrow keys, Home and End step; Escape leaves. "


def _without_figure(left: int) -> str:
    return f"{words.plural(left, 'measure', 'measures')} without a figure this month left out." if left else ""


PAGE = Page("/present", draw, part_of="/")
