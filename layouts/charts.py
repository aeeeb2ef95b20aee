"""The trend of one KPI against its dated target, as a chart and as the table that says the same.

Pure: judged figures in; a plotly figure as a plain dict, or a component, out. Charts are drawn in the light colours: the stylesheet re-inks
each of those colours with the page's own, so one figure serves light, dark and print. The axes are layouts.chart_axes, the lines
layouts.chart_lines, the words on them layouts.chart_labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from kpi.interval import wilson
from kpi.model import Better, Measure
from layouts import words
from layouts.chart_axes import Scale, across, every_month, run_on, scale_of, up, within
from layouts.chart_key import SIGNAL_WORDS, key, note_list, tools
from layouts.chart_labels import comparator_labels, end_labels, last_figure, note_marks
from layouts.chart_lines import (
    SHORT_HISTORY,
    Comparator,
    Note,
    changed_since,
    comparator_line,
    data_lines,
    expected_line,
    published_line,
    range_lines,
    target_line,
)  # fmt: skip
from layouts.marks import LIGHT, status_mark
from layouts.tables import Column, plain_table, scroll

__all__ = ["SHORT_HISTORY", "Also", "Comparator", "Note", "axis_note", "chart", "trend", "trend_alt", "twin"]

FONT = 'Inter, "Segoe UI", "Helvetica Neue", Arial, system-ui, sans-serif'
HEIGHT = 380
GUTTER = 152  # room at the end of the lines for their labels
TOP, TOP_WITH_NOTES, BOTTOM = 14, 36, 40
FEW_MONTHS = 12  # so few are drawn narrower on a phone, where a chart opens at its end: its last month is then in sight


@dataclass(frozen=True)
class Also:
    """What may be drawn beside the figures: what happened, comparators, figures as first published, and where the trend leads.

    `published`: period, value. `expected`: the date the target is due and the figure expected then.
    """

    notes: Sequence[Note] = ()
    comparators: Sequence[Comparator] = ()
    published: pd.DataFrame | None = None
    expected: tuple[pd.Timestamp, float] | None = None


NOTHING_ELSE = Also()


def trend(frame: pd.DataFrame, *, measure: Measure, better: Better | None, also: Also = NOTHING_ELSE) -> dict[str, Any]:
    """One KPI month by month against its target of the day: judged figures of one unit in, a plotly figure out.

    `trend(judged[(judged.kpi == "cp_visits_in_time") & (judged.level == "authority")], measure="percent", better="higher")`.
    Months without a figure are gaps. Months with too short a history have hollow dots. The target steps on the day it changed and runs on
    to the date it is to be reached by. With signals (kpi.signalling) the expected range is shaded and a month beyond chance has its shape.
    """
    months = every_month(frame)
    first, last = months["period"].iloc[0], months["period"].iloc[-1]
    shown = _shown(also, months)
    changed = changed_since(months, shown.published)
    scale = scale_of(months, measure, [*_limits(months, measure), *_others(shown, changed)])
    end = max(run_on(months), _expected_end(shown, months))
    top = TOP_WITH_NOTES if shown.notes else TOP
    leads = expected_line(months, shown.expected, end) if shown.expected else None
    lines = [*range_lines(months, measure), target_line(months, end), *[comparator_line(c) for c in shown.comparators]]
    lines += [published_line(changed)] * bool(len(changed)) + [leads] * bool(leads) + data_lines(months, measure, better)
    shapes, letters = note_marks(shown.notes)
    figure = {"data": lines, "layout": _layout(scale, measure, top, across(first, last, end))}
    figure["layout"]["shapes"] = shapes
    figure["layout"]["annotations"] = _words(months, scale, shown, leads, end, measure, better) + letters
    return figure


def axis_note(figure: Mapping[str, Any], measure: Measure) -> str:
    """What a subtitle must say when the axis does not start at nought: "Axis starts at 60 %.", or nothing."""
    start = figure["layout"]["yaxis"]["range"][0]
    return f"Axis starts at {words.target_words(start, None, measure)}." if start > 0 else ""


def trend_alt(frame: pd.DataFrame, title: str, *, measure: Measure, better: Better | None, also: Also = NOTHING_ELSE) -> str:
    """What the chart says, for someone who cannot see it: its message, span, lowest, highest, latest, signal, range and target."""
    months = every_month(frame)
    known = months.dropna(subset=["value"])
    says = f"{title}, {words.span(months['period'].iloc[0], months['period'].iloc[-1])}. "
    if known.empty:
        return f"{says}No figures."
    low, high, now = (
        known.loc[i] for i in (known["value"].astype("float64").idxmin(), known["value"].astype("float64").idxmax(), known.index[-1])
    )
    says += f"Lowest {words.figure(low['value'], measure)} in {words.month(low['period'])}, highest {words.figure(high['value'], measure)} "
    says += f"in {words.month(high['period'])}. {words.month(now['period'])}: {words.figure(now['value'], measure)}"
    base = words.base(now["numerator"], now["denominator"], measure)
    says += f", {base}" if base else ""
    if now["signal"] in SIGNAL_WORDS:
        says += f". {SIGNAL_WORDS[now['signal']]}"
    if not words.missing(now["upper"]) and not words.missing(now["lower"]):
        ends = [words.figure(within(float(now[side]), measure), measure) for side in ("lower", "upper")]
        says += f". Expected range {ends[0]} to {ends[1]}"
    if not words.missing(now["target"]):
        target = f"{words.target_words(now['target'], better, measure)} {words.by_words(now['target_by'])}".strip()
        says += f". Target {target}: {words.STATUS_WORDS[now['status']].lower()}"
    named = [f"{c.label}, {c.said or words.figure(c.value, measure)}" for c in also.comparators if c.label]
    if named:
        says += f". Published: {'; '.join(named)}"
    if also.notes:
        says += f". {words.plural(len(also.notes), 'thing', 'things')} that happened marked, listed below"
    return f"{says}. The table holds every month."


def twin(frame: pd.DataFrame, *, measure: Measure, better: Better | None, caption: str = "Month by month") -> Component:
    """The same months as a table, newest first: figure, n of N, the range so few cases allow (Wilson), target, status, left out."""
    rows = every_month(frame).iloc[::-1].to_dict("records")
    n_title = "Worked out from" if measure in ("mean", "days", "median") else "n of N"
    columns = [
        Column("Month", lambda row: words.short_month(row["period"]), wrap=False),
        Column("Figure", lambda row: words.figure(row["value"], measure), numeric=True),
        Column(n_title, lambda row: words.base(row["numerator"], row["denominator"], measure), numeric=True),
        *([Column("Likely between", _likely, numeric=True)] if measure == "percent" else []),
        Column(
            "Target", lambda row: "" if words.missing(row["target"]) else words.target_words(row["target"], better, measure), numeric=True
        ),
        Column("Status", lambda row: _stands(row), wrap=False),
        Column("Left out", lambda row: _left_out_words(row), quiet=True),
    ]
    return plain_table(columns, rows, caption)


def chart(
    frame: pd.DataFrame, *, ident: str, heading: str, says: str, measure: Measure, better: Better | None, also: Also = NOTHING_ELSE,
    reason: str = "", data_href: str = "",
) -> Component:  # fmt: skip
    """A trend as a page shows it: heading, what is drawn, the chart or its table twin, the key, and what happened.

    `chart(rows, ident="trend", heading="Improving, but short of July's target", says="Children seen in time, June 2023 to May 2026.",
    measure="percent", better="higher")`. Both forms are in the page; a button shows one or the other. `reason`: why this kind of chart,
    and what to bear in mind; `data_href`: where its figures can be had as data.
    """
    figure = trend(frame, measure=measure, better=better, also=also)
    months = every_month(frame)
    kept = _shown(also, months)
    subtitle = f"{says} {axis_note(figure, measure)}".strip()
    head = [html.H2(heading, id=ident), html.P(subtitle, className="quiet small")]
    why = reason or _why(months)
    graph = dcc.Graph(
        id=f"{ident}-graph", figure=figure, responsive=True, className="graph", config={"displayModeBar": False, "doubleClick": "reset"}
    )
    alt = trend_alt(frame, heading, measure=measure, better=better, also=kept)
    drawn = html.Div(graph, role="img", className="plot", **{"aria-label": alt})
    top = html.Div([html.Div(head), choose()], className="sec")
    foot = [key(figure, months), tools(len(months), data_href), note_list(kept.notes)]
    foot += [html.P(why, className="why quiet small")] if why else []
    return html.Section(
        [
            top,
            html.Div(
                [
                    scroll(drawn, f"Chart: {heading}", name="scroll latest few" if len(months) <= FEW_MONTHS else "scroll latest"),
                    *[part for part in foot if part],
                ],
                className="as-chart",
            ),
            html.Div(twin(frame, measure=measure, better=better, caption=heading), className="as-table"),
        ],
        className="chart",
        **{"aria-labelledby": ident},
    )


def choose() -> Component:
    """The two buttons that show a chart or its table."""
    return html.Div(
        [
            html.Button("Chart", type="button", **{"aria-pressed": "true", "data-show": "chart"}),
            html.Button("Table", type="button", **{"aria-pressed": "false", "data-show": "table"}),
        ],
        className="seg",
        role="group",
        **{"aria-label": "Show as"},
    )


def _layout(scale: Scale, measure: Measure, top: int, xaxis: dict[str, Any]) -> dict[str, Any]:
    return {
        "height": HEIGHT,
        "autosize": True,
        "margin": {"l": 48, "r": GUTTER, "t": top, "b": BOTTOM},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 13, "color": LIGHT["ink-2"]},
        "showlegend": False,
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": LIGHT["surface"], "bordercolor": LIGHT["line-strong"], "font": {"color": LIGHT["ink"], "size": 13}},
        "dragmode": False,
        "xaxis": xaxis,
        "yaxis": up(scale, measure),
    }


def _words(
    months: pd.DataFrame, scale: Scale, also: Also, leads: Mapping[str, Any] | None, end: pd.Timestamp, measure: Measure,
    better: Better | None,
) -> list[dict[str, Any]]:  # fmt: skip
    """The words on the chart: lines named at their ends, the last figure, comparators."""
    height = HEIGHT - BOTTOM - (TOP_WITH_NOTES if also.notes else TOP)
    beyond = end > months["period"].iloc[-1] and pd.notna(months["value"].iloc[-1])
    at = float(leads["y"][-1]) if leads else None
    said = f"Trend: {words.figure(also.expected[1], measure)} in {also.expected[0]:%b}" if leads and also.expected else ""
    labels = end_labels(months, scale, height, measure=measure, better=better, beyond=beyond, expected=said, expected_at=at)
    labels += last_figure(months, measure) if beyond else []
    return labels + comparator_labels(also.comparators, scale, height, months, measure)


def _shown(also: Also, months: pd.DataFrame) -> Also:
    """What falls within the months drawn; the rest is left out, and out of the key."""
    first, last = months["period"].iloc[0] - pd.offsets.MonthBegin(1), months["period"].iloc[-1]
    notes = [note for note in also.notes if first <= pd.Timestamp(note.on) <= last]
    near = [c for c in also.comparators if pd.Timestamp(c.last) > first and pd.Timestamp(c.first) < last]
    return Also(notes, near, also.published, also.expected)


def _expected_end(also: Also, months: pd.DataFrame) -> pd.Timestamp:
    last = pd.Timestamp(months["period"].iloc[-1])
    return last if also.expected is None else max(last, min(pd.Timestamp(also.expected[0]), last + pd.offsets.MonthEnd(6)))


def _limits(months: pd.DataFrame, measure: Measure) -> list[float]:
    return [within(float(v), measure) for side in ("lower", "upper") for v in months[side].dropna()]


def _others(also: Also, changed: pd.DataFrame) -> list[float]:
    return [*[c.value for c in also.comparators], *changed["value"].tolist(), *([also.expected[1]] if also.expected else [])]


def _why(months: pd.DataFrame) -> str:
    """Why this kind of chart and what to bear in mind, when the figures themselves say so."""
    said = [str(months[column].iloc[-1]) for column in ("chart_reason", "caution") if not words.missing(months[column].iloc[-1])]
    return " ".join(sentence for sentence in said if sentence)


def _likely(row: Mapping[str, Any]) -> str:
    """The range a share of so few cases is likely to lie in."""
    if words.missing(row["denominator"]) or not row["denominator"] > 0 or not 0 <= row["numerator"] <= row["denominator"]:
        return ""
    low, high = wilson(float(row["numerator"]), float(row["denominator"]))
    return f"{words.decimal(low)} to {words.pct(high)}"


def _stands(row: Mapping[str, Any]) -> Any:
    """How a month stands; one that looks back further than the data is not judged in words."""
    return "History short" if row["note"] == SHORT_HISTORY and not words.missing(row["value"]) else status_mark(row["status"])


def _left_out_words(row: Mapping[str, Any]) -> str:
    counts = row["left_out"]
    return words.reasons(counts) if isinstance(counts, Mapping) else ""
