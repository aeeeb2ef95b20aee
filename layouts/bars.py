"""Small bars over time, drawn by the page itself, with the same numbers as a table one press away.

Pure: labels and numbers in, a component out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.tables import Column, plain_table


@dataclass(frozen=True)
class Part:
    """One layer of the bars: its name, the sign it is drawn with (not, near, few or data), and a number for each label."""

    name: str
    sign: str
    numbers: Sequence[float | None]


def bars(
    heading: str, labels: Sequence[str], parts: Sequence[Part], *, says: str = "", top: float | None = None,
    shown: Callable[[float | None], str] = lambda n: words.count(n or 0), first: str = "Month", extra: Sequence[Column] = (),
    rows: Sequence[Mapping[str, Any]] = (),
) -> Component:  # fmt: skip
    """Stacked bars, one a label. `top`: the number at the top of the scale, by default the tallest bar; `shown` words a number.

    The table has a row a label and a column a part; `extra` columns are read off `rows`, one a label.
    """
    totals = [sum(float(part.numbers[i] or 0) for part in parts) for i in range(len(labels))]
    scale = top or _rounded_up(max(totals, default=0.0))
    drawn = [
        _bar(labels[i], i, parts, scale, shown, third=(len(labels) - 1 - i) % 3 == 0, room=len(labels) <= 12) for i in range(len(labels))
    ]
    plot = html.Div(
        [
            html.Div([html.Span(shown(scale)), html.Span(shown(scale / 2)), html.Span(shown(0))], className="bars-scale"),
            html.Div(drawn, className="bars-plot"),
        ],
        className="bars",
        **{"aria-hidden": "true"},
    )
    key = html.P([html.Span([html.I(className=f"bar-key b-{part.sign}"), part.name]) for part in parts], className="legend")
    told = [
        {"label": label, **{str(n): part.numbers[i] for n, part in enumerate(parts)}, **(rows[i] if rows else {})}
        for i, label in enumerate(labels)
    ]
    columns = [
        Column(first, "label", wrap=False),
        *(Column(part.name, _number(str(n), shown), numeric=True) for n, part in enumerate(parts)), *extra,
    ]  # fmt: skip
    return html.Section(
        [
            html.Div(
                [html.Div([html.H2(heading), *([html.P(says, className="small quiet")] if says else [])]), _choice()], className="sec"
            ),
            html.Div([plot, *([key] if len(parts) > 1 else [])], className="as-chart"),
            html.Div(plain_table(columns, list(reversed(told)), heading), className="as-table"),
        ],
        className="blk chart",
    )


def _number(name: str, shown: Callable[[float | None], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: words.NONE if words.missing(row[name]) else shown(row[name])


def _bar(
    label: str, i: int, parts: Sequence[Part], scale: float, shown: Callable[[float | None], str], *, third: bool, room: bool
) -> Component:  # fmt: skip
    """One bar. Every month is named while there is room, else every third, counted from the newest."""
    told = ", ".join(f"{part.name.lower()} {shown(part.numbers[i])}" for part in parts if part.numbers[i] is not None)
    pieces = [
        html.I(className=f"b-{part.sign}", style={"height": f"{100 * float(part.numbers[i] or 0) / scale:.2f}%"})
        for part in reversed(parts)
        if part.numbers[i]
    ]
    return html.Div(
        [
            html.Div(pieces, className="bar-stack"),
            html.Span(label if third or room else "", className="bar-label third" if third else "bar-label"),
        ],
        className="bar",
        title=f"{label}: {told or 'no data'}",
    )


def _rounded_up(most: float) -> float:
    """The first round number at or above the tallest bar: 2, 4, 10, 20, 40, 100, ..."""
    size = 1.0
    while True:
        for step in (2.0, 4.0, 10.0):
            if most <= step * size:
                return step * size
        size *= 10


def _choice() -> Component:
    return html.Div(
        [
            html.Button("Chart", type="button", **{"data-show": "chart", "aria-pressed": "true"}),
            html.Button("Table", type="button", **{"data-show": "table", "aria-pressed": "false"}),
        ],
        className="seg",
        role="group",
        **{"aria-label": "Show as"},
    )
