"""Under a chart: what its shapes mean, the buttons to look closer and to save it, and the list of what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.chart_lines import SHORT_HISTORY, Note

SIGNAL_WORDS = {
    "improvement": "Improving by more than chance would explain", "concern": "Worsening by more than chance would explain",
    "high": "Higher than chance would explain", "low": "Lower than chance would explain", "common": "No real change: within chance",
}  # fmt: skip
SPANS = ((12, "12 months"), (24, "24 months"))


def key(figure: Mapping[str, Any], months: pd.DataFrame) -> Component:
    """What each shape and line means: only those that are drawn."""
    drawn = {line["name"] for line in figure["data"]}
    shapes = {(shape, fill) for line in figure["data"] if line["name"] == "Figure" for shape, fill in _pairs(line)}
    signals = set(months["signal"].dropna()) - {""}
    up, down = any(shape == "triangle-up" for shape, _ in shapes), any(shape == "triangle-down" for shape, _ in shapes)
    way = "up" if up or not down else "down"
    range_words = "Mean and expected range" if (months["chart"] != "run").any() else "Median"
    parts = [
        ("key-tri " + way, "Real improvement", "improvement" in signals),
        ("key-dia", "Real concern", "concern" in signals),
        ("key-tri moved " + way, "Beyond chance", bool(signals & {"high", "low"})),
        ("key-dot", "Within chance", "common" in signals),
        ("key-line key-dotted", "Figure as it stands now", not signals),
        ("key-hollow", "Too short a history to rely on", bool((months["note"] == SHORT_HISTORY).any())),
        ("key-hollow", "As first published", "As first published" in drawn),
        ("key-range", range_words, "Expected range" in drawn),
        ("key-mean", "Median" if (months["chart"] == "run").any() else "Mean", "Mean" in drawn and "Expected range" not in drawn),
        ("key-target", "Target of the day", bool(months["target"].notna().any())),
        ("key-compare", "Published figure, over its own year", "Comparator" in drawn),
        ("key-trend", "Where the trend leads", "Trend" in drawn),
    ]
    return html.P([html.Span([html.I(className=name), said]) for name, said, on in parts if on], className="key", **{"aria-hidden": "true"})


def tools(months: int, data_href: str = "") -> Component:
    """Buttons to look closer at the last year or two, and to save the chart as a picture or its figures as data."""
    spans = [html.Button("All months", type="button", **{"aria-pressed": "true", "data-months": "all"})]
    spans += [html.Button(said, type="button", **{"aria-pressed": "false", "data-months": str(n)}) for n, said in SPANS if n < months]
    closer = html.Div(spans, className="seg", role="group", **{"aria-label": "Months shown"}) if len(spans) > 1 else None
    save = [html.Button(kind.upper(), type="button", className="text", **{"data-save": kind}) for kind in ("png", "svg")]
    data = html.A("Data", href=data_href, download="") if data_href else None
    return html.Div([closer, html.Span(["Save as ", *save, data], className="save")], className="tools")


def note_list(notes: Sequence[Note]) -> Component | None:
    """What happened, in order, with the letter that marks it on the chart."""
    if not notes:
        return None
    return html.Ol([_note(note) for note in sorted(notes, key=lambda n: n.on)], className="notes")


def _note(note: Note) -> Component:
    ended = note.label if note.label.endswith((".", "!", "?")) else f"{note.label}."
    said = f"{ended} Range redrawn from here." if note.rebase else ended
    return html.Li([html.B(note.letter), html.Span(words.short_month(note.on), className="quiet"), html.Span(said)])


def _pairs(line: Mapping[str, Any]) -> list[tuple[str, str]]:
    return list(zip(line["marker"]["symbol"], line["marker"]["color"], strict=True))
