"""The trend of one KPI against its dated target, as a chart and as the table that says the same.

Pure: judged figures in; a plotly figure as a plain dict, or a component, out. Charts are drawn in the light colours: the stylesheet re-inks
each of those colours with the page's own, so one figure serves light, dark and print.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from kpi.model import Better, Measure
from layouts import words
from layouts.marks import LIGHT, status_mark
from layouts.tables import Column, plain_table, scroll

FONT = 'Inter, "Segoe UI", "Helvetica Neue", Arial, system-ui, sans-serif'
HEIGHT = 380
GUTTER = 152  # room at the end of the lines for their labels
TOP, BOTTOM = 14, 40
RUN_ON_MONTHS = 6  # how far past the last month the target may run on to its date
SHORT_HISTORY = "history short"

_STEPS = (1, 2, 5, 10, 20, 25, 50)


@dataclass(frozen=True)
class Scale:
    """The upright axis: where it starts and ends, and its lines: `Scale(60, 90, 10)`."""

    start: float
    end: float
    step: float

    @property
    def ticks(self) -> list[float]:
        return [self.start + i * self.step for i in range(round((self.end - self.start) / self.step) + 1)]


def trend(frame: pd.DataFrame, *, measure: Measure, better: Better | None) -> dict[str, Any]:
    """One KPI month by month against its target of the day: judged figures of one unit in, a plotly figure out.

    `trend(judged[(judged.kpi == "cp_visits_in_time") & (judged.level == "authority")], measure="percent", better="higher")`.
    Months without a figure are gaps. Months with too short a history have hollow dots. The target steps on the day it changed and runs on
    to the date it is to be reached by.
    """
    months = _every_month(frame)
    scale = scale_of(months, measure)
    first, last = months["period"].iloc[0], months["period"].iloc[-1]
    end = _run_on(months)
    return {
        "data": [_target_line(months, end), _data_line(months, measure, better)],
        "layout": {
            "height": HEIGHT,
            "autosize": True,
            "margin": {"l": 48, "r": GUTTER, "t": TOP, "b": BOTTOM},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 13, "color": LIGHT["ink-2"]},
            "showlegend": False,
            "hovermode": "x unified",
            "hoverlabel": {"bgcolor": LIGHT["surface"], "bordercolor": LIGHT["line-strong"], "font": {"color": LIGHT["ink"], "size": 13}},
            "dragmode": False,
            "xaxis": _across(first, last, end),
            "yaxis": _up(scale, measure),
            "annotations": _end_labels(months, scale, measure, better),
        },
    }


def scale_of(frame: pd.DataFrame, measure: Measure) -> Scale:
    """The axis of a trend: four steps or so round every figure and target, from nought when they are near it, never past 100 %."""
    known = pd.concat([frame["value"], frame["target"]]).dropna().astype("float64")
    if known.empty:
        return Scale(0, 100, 25) if measure == "percent" else Scale(0, 4, 1)
    low, high = float(known.min()), float(known.max())
    least = 20.0 if measure == "percent" else max(4.0, high * 0.3)  # a narrow axis would make noise look like news
    pad = max((high - low) * 0.08, (least - (high - low)) / 2)
    low, high = low - pad, high + pad
    if low < high * 0.3:
        low = 0.0
    if measure == "percent":
        low, high = (max(0.0, low - max(0.0, high - 100)), min(100.0, high))
    magnitude = 10.0 ** max(0, math.floor(math.log10(max(high - low, 1.0))) - 1)
    for step in (s * magnitude for s in _STEPS):
        start, end = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
        if (end - start) / step <= 5:
            return Scale(start, end, step)
    return Scale(math.floor(low), math.ceil(high), math.ceil(high) - math.floor(low))


def axis_note(figure: Mapping[str, Any], measure: Measure) -> str:
    """What a subtitle must say when the axis does not start at nought: "Axis starts at 60 %.", or nothing."""
    start = figure["layout"]["yaxis"]["range"][0]
    return f"Axis starts at {words.target_words(start, None, measure)}." if start > 0 else ""


def trend_alt(frame: pd.DataFrame, title: str, *, measure: Measure, better: Better | None) -> str:
    """What the chart says, for someone who cannot see it: its span, lowest, highest, latest and target."""
    months = _every_month(frame)
    known = months.dropna(subset=["value"])
    says = f"{title}, {words.span(months['period'].iloc[0], months['period'].iloc[-1])}. "
    if known.empty:
        return f"{says}No figures."
    low, high, now = (
        known.loc[i] for i in (known["value"].astype("float64").idxmin(), known["value"].astype("float64").idxmax(), known.index[-1])
    )
    says += f"Lowest {words.figure(low['value'], measure)} in {words.month(low['period'])}, highest {words.figure(high['value'], measure)} "
    says += f"in {words.month(high['period'])}. {words.month(now['period'])}: {words.figure(now['value'], measure)}, "
    says += words.base(now["numerator"], now["denominator"], measure)
    if not words.missing(now["target"]):
        target = f"{words.target_words(now['target'], better, measure)} {words.by_words(now['target_by'])}".strip()
        says += f". Target {target}: {words.STATUS_WORDS[now['status']].lower()}"
    return f"{says}. The table holds every month."


def twin(frame: pd.DataFrame, *, measure: Measure, better: Better | None, caption: str = "Month by month") -> Component:
    """The same months as a table, newest first: figure, n of N, target, status, left out. Takes what `trend` takes."""
    rows = _every_month(frame).iloc[::-1].to_dict("records")
    n_title = "Worked out from" if measure in ("mean", "days") else "n of N"
    columns = [
        Column("Month", lambda row: words.short_month(row["period"]), wrap=False),
        Column("Figure", lambda row: words.figure(row["value"], measure), numeric=True),
        Column(n_title, lambda row: words.base(row["numerator"], row["denominator"], measure), numeric=True),
        Column(
            "Target", lambda row: "" if words.missing(row["target"]) else words.target_words(row["target"], better, measure), numeric=True
        ),
        Column("Status", lambda row: status_mark(row["status"]), wrap=False),
        Column("Left out", lambda row: _left_out_words(row), quiet=True),
    ]
    return plain_table(columns, rows, caption)


def chart(frame: pd.DataFrame, *, ident: str, heading: str, says: str, measure: Measure, better: Better | None) -> Component:
    """A trend as a page shows it: heading, what is drawn, the chart or its table twin, and the key.

    `chart(rows, ident="trend", heading="Improving, but short of July's target", says="Children seen in time, June 2023 to May 2026.",
    measure="percent", better="higher")`. Both forms are in the page; a button shows one or the other.
    """
    figure = trend(frame, measure=measure, better=better)
    subtitle = f"{says} {axis_note(figure, measure)}".strip()
    graph = dcc.Graph(
        id=f"{ident}-graph", figure=figure, responsive=True, className="graph", config={"displayModeBar": False, "doubleClick": False}
    )
    drawn = html.Div(graph, role="img", className="plot", **{"aria-label": trend_alt(frame, heading, measure=measure, better=better)})
    choose = html.Div(
        [
            html.Button("Chart", type="button", **{"aria-pressed": "true", "data-show": "chart"}),
            html.Button("Table", type="button", **{"aria-pressed": "false", "data-show": "table"}),
        ],
        className="seg",
        role="group",
        **{"aria-label": "Show as"},
    )
    top = html.Div([html.Div([html.H2(heading, id=ident), html.P(subtitle, className="quiet small")]), choose], className="sec")
    return html.Section(
        [
            top,
            html.Div([scroll(drawn, f"Chart: {heading}", name="scroll latest"), _key(frame)], className="as-chart"),
            html.Div(twin(frame, measure=measure, better=better, caption=heading), className="as-table"),
        ],
        className="chart",
        **{"aria-labelledby": ident},
    )


def _key(frame: pd.DataFrame) -> Component:
    parts = [html.Span([html.I(className="key-line key-dot"), "Figure as it stands now"])]
    if frame["target"].notna().any():
        parts.append(html.Span([html.I(className="key-target"), "Target of the day"]))
    if (frame["note"] == SHORT_HISTORY).any():
        parts.append(html.Span([html.I(className="key-hollow"), "Too short a history to rely on"]))
    return html.P(parts, className="key", **{"aria-hidden": "true"})


def _every_month(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows in order, one a month; a month between them without a row is no data."""
    own = frame.sort_values("period").set_index("period")
    full = own.reindex(pd.date_range(own.index[0], own.index[-1], freq="ME"))
    full["status"] = full["status"].astype("object").where(full["status"].notna(), "no data")
    full["note"] = full["note"].astype("object").where(full["note"].notna(), "")
    return full.rename_axis("period").reset_index()


def _run_on(months: pd.DataFrame) -> pd.Timestamp:
    """Where the lines end: the date the latest target is to be reached by when it lies ahead, but not far ahead."""
    last, by = months["period"].iloc[-1], months["target_by"].iloc[-1]
    if words.missing(by) or by <= last:
        return last
    return min(pd.Timestamp(by), last + pd.offsets.MonthEnd(RUN_ON_MONTHS))


def _data_line(months: pd.DataFrame, measure: Measure, better: Better | None) -> dict[str, Any]:
    short = (months["note"] == SHORT_HISTORY).tolist()
    fill = [LIGHT["surface"] if hollow else LIGHT["data"] for hollow in short]
    edge = [LIGHT["line-strong"] if hollow else LIGHT["data"] for hollow in short]
    size = [6.0] * len(months)
    last = months["value"].last_valid_index()
    if last is not None:
        fill[last], edge[last], size[last] = LIGHT["ink"], LIGHT["surface"], 9.0
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "Figure",
        "x": [f"{period:%Y-%m-%d}" for period in months["period"]],
        "y": [None if words.missing(v) else float(v) for v in months["value"]],
        "connectgaps": False,
        "cliponaxis": False,
        "line": {"color": LIGHT["data"], "width": 1.8},
        "marker": {"color": fill, "size": size, "line": {"color": edge, "width": 1.2}, "opacity": 1},
        "text": [_hover(row, measure, better) for row in months.to_dict("records")],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _hover(row: Mapping[str, Any], measure: Measure, better: Better | None) -> str:
    lines = [f"<b>{words.figure(row['value'], measure)}</b>  {words.base(row['numerator'], row['denominator'], measure)}"]
    if not words.missing(row["target"]):
        lines.append(f"Target {words.target_words(row['target'], better, measure)}: {words.STATUS_WORDS[row['status']].lower()}")
    if row["note"] == SHORT_HISTORY:
        lines.append("Too short a history to rely on")
    return "<br>".join(lines)


def _target_line(months: pd.DataFrame, end: pd.Timestamp) -> dict[str, Any]:
    """The target as steps: flat over the months it held for, a step halfway between two months, a gap where none was set."""
    x: list[str | None] = []
    y: list[float | None] = []
    half = pd.Timedelta(days=15)
    for _, run in months.groupby((months["target"] != months["target"].shift()).cumsum()):
        target = run["target"].iloc[0]
        if words.missing(target):
            x.append(None)
            y.append(None)
            continue
        final = run["period"].iloc[-1] == months["period"].iloc[-1]
        to = max(end, run["period"].iloc[-1] + half) if final else run["period"].iloc[-1] + half
        x += [f"{run['period'].iloc[0] - half:%Y-%m-%d}", f"{to:%Y-%m-%d}"]
        y += [float(target)] * 2
    return {
        "type": "scatter", "mode": "lines", "name": "Target", "x": x, "y": y, "connectgaps": False, "hoverinfo": "skip",
        "line": {"color": LIGHT["ink"], "width": 1.5, "dash": "5px,3.5px"},
    }  # fmt: skip


def _across(first: pd.Timestamp, last: pd.Timestamp, end: pd.Timestamp) -> dict[str, Any]:
    span = max((end - first).days, 1)
    ticks = [first]
    for january in pd.date_range(first, end, freq="YE-JAN"):
        if (january - ticks[-1]).days > span * 0.1:
            ticks.append(january)
    labels = [words.short_month(tick) for tick in ticks]
    final = end if end > last else last
    if (final - ticks[-1]).days > span * 0.1:
        ticks.append(final)
        labels.append(words.short_month(final) if final.year != ticks[-2].year else f"{final:%b}")
    side = pd.Timedelta(days=max(6, round(span * 0.015)))
    return {
        "type": "date", "range": [f"{first - side:%Y-%m-%d}", f"{end + side:%Y-%m-%d}"], "tickmode": "array",
        "tickvals": [f"{tick:%Y-%m-%d}" for tick in ticks], "ticktext": labels, "ticks": "outside", "ticklen": 5,
        "tickcolor": LIGHT["line-strong"], "showgrid": False, "showline": True, "linecolor": LIGHT["line-strong"], "linewidth": 1,
        "zeroline": False, "fixedrange": True, "hoverformat": "%B %Y", "unifiedhovertitle": {"text": "%{x|%B %Y}"},
        "showspikes": False,
    }  # fmt: skip


def _up(scale: Scale, measure: Measure) -> dict[str, Any]:
    ticks = scale.ticks
    labels = [f"{tick:,g}" for tick in ticks]
    top = scale.end + (scale.end - scale.start) * 0.006  # a line on the very edge would not be drawn
    if measure == "percent":
        labels[-1] += f"{words.THIN}%"
    return {
        "range": [scale.start, top], "tickmode": "array", "tickvals": ticks, "ticktext": labels, "showgrid": True,
        "gridcolor": LIGHT["line"], "gridwidth": 1, "zeroline": False, "showline": False, "ticks": "", "fixedrange": True,
        "ticklabelstandoff": 6,
    }  # fmt: skip


def _end_labels(months: pd.DataFrame, scale: Scale, measure: Measure, better: Better | None) -> list[dict[str, Any]]:
    """The names of the lines at their ends, in the gutter, moved apart when they would touch."""
    labels: list[tuple[float, str, int]] = []  # figure, words, lines of text
    target, by = months["target"].iloc[-1], words.by_words(months["target_by"].iloc[-1])
    if not words.missing(target):
        said = f"<b>Target {words.target_words(target, better, measure)}</b>"
        labels.append((float(target), f"{said}<br>{by}" if by else said, 2 if by else 1))
    last = months["value"].last_valid_index()
    if last is not None:
        row = months.loc[last]
        labels.append((float(row["value"]), f"<b>{words.figure(row['value'], measure)}</b> {words.short_month(row['period'])}", 1))
    pixels = (HEIGHT - TOP - BOTTOM) / (scale.end - scale.start)
    labels.sort(key=lambda label: -label[0])
    shifts = [0.0] * len(labels)
    if len(labels) == 2:
        apart = (labels[0][0] - labels[1][0]) * pixels
        need = 9 * (labels[0][2] + labels[1][2]) + 3
        if apart < need:
            shifts = [(need - apart) / 2, -(need - apart) / 2]
    return [
        {
            "xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "yref": "y", "y": at, "yshift": round(shift, 1), "yanchor": "middle",
            "align": "left", "showarrow": False, "text": text, "font": {"color": LIGHT["ink"], "size": 13},
        }
        for (at, text, _), shift in zip(labels, shifts, strict=True)
    ]  # fmt: skip


def _left_out_words(row: Mapping[str, Any]) -> str:
    counts = row["left_out"]
    return words.reasons(counts) if isinstance(counts, Mapping) else ""
