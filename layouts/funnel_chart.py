"""Units side by side on a funnel: each share against how many cases it rests on, inside the range chance alone would give.

Pure: a kpi.funnel.Funnel in, a plotly figure or a component out. Fewer cases, wider range: a small team must lie further out to stand out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from kpi.funnel import Funnel
from kpi.model import Better
from layouts import words
from layouts.charts import FONT, axis_note, choose
from layouts.marks import LIGHT
from layouts.tables import scroll

HEIGHT = 330
_SIDES = {
    "above_998": f"above the 99.8{words.THIN}% range", "above_95": f"above the 95{words.THIN}% range",
    "below_998": f"below the 99.8{words.THIN}% range", "below_95": f"below the 95{words.THIN}% range",
}  # fmt: skip
_OUTSIDE = tuple(_SIDES)


def funnel_chart(
    funnel: Funnel, *, names: Mapping[str, str], noun: str, better: Better | None, target: float | None = None, chosen: str = "",
    all_name: str = "All teams", by_tens: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Units against their limits as a plotly figure: `funnel_chart(funnel(units), names={"T1": "Brook"}, noun="children", ...)`.

    95 % shaded, 99.8 % dashed, each unit named beside its point; those outside, and the chosen one, are bold and larger. by_tens: each step
    along the foot is as many times more cases as the one before, for units of very different size.
    """
    units = funnel.units[funnel.units["denominator"] > 0]
    units = units.assign(at=np.log10(units["denominator"].astype("float64")) if by_tens else units["denominator"].astype("float64"))
    sizes = units["at"]
    least, most = (float(sizes.min()), float(sizes.max())) if len(sizes) else (1.0, 2.0)
    room = max((most - least) * 0.12, 0.05 if by_tens else 1.0)
    left, right = max(0.0 if by_tens else 0.5, least - 3 * room), most + room  # room on the left for the names of the lines
    along = np.linspace(left, right, 80)
    curve = funnel.curve([float(v) for v in (10**along if by_tens else along)]).assign(at=along)
    low, high = _floor(units, curve, target), _ceiling(units, curve, target)
    lines = [*_limit_lines(curve, low, high), _level(left, right, 100 * funnel.centre.share, "mean", "solid", 1.0, "All")]
    if not words.missing(target):
        lines.append(_level(left, right, float(target or 0), "ink", "5px,3.5px", 1.5, "Target"))
    named = [100 * funnel.centre.share, *([] if words.missing(target) else [float(target or 0)])]
    lines.append(_points(units, names, chosen))
    notes = [
        *_line_words(funnel, curve, target, better, all_name, left, right, low, high),
        *_names(units, names, chosen, left, right, low, high, named),
    ]
    return {"data": lines, "layout": _layout(left, right, low, high, noun, notes, by_tens)}


def funnel_alt(funnel: Funnel, *, names: Mapping[str, str], many: str = "teams", all_name: str = "All together") -> str:
    """What the funnel says, for someone who cannot see it: which units stand outside, or that none does, and the lowest and highest."""
    units = funnel.units[funnel.units["denominator"] > 0]
    if units.empty:
        return "Funnel: no cases this month."
    out = units[units["where"].isin(_OUTSIDE)]
    if out.empty:
        said = f"none of the {words.spoken(len(units))} {many} is outside the range chance would give"
    else:
        named = [
            f"{_name(row, names)}, {words.n_of_N(row['numerator'], row['denominator'])}, is {_SIDES[row['where']]}" for row in _rows(out)
        ]
        said = "; ".join(named)
    ends = [units.loc[units["value"].idxmin()], units.loc[units["value"].idxmax()]]
    low, high = (f"{_name(row, names)} {words.pct(row['value'])}, {words.n_of_N(row['numerator'], row['denominator'])}" for row in ends)
    return f"Funnel: {said}. Lowest {low}; highest {high}. {all_name} {words.pct(100 * funnel.centre.share)}. The table holds every one."


def funnel_section(
    funnel: Funnel, table: Component, *, ident: str, heading: str, says: str, names: Mapping[str, str], noun: str, better: Better | None,
    target: float | None = None, chosen: str = "", many: str = "teams", all_name: str = "All teams", by_tens: bool = False,
) -> Component:  # fmt: skip
    """The funnel as a page shows it: heading, chart, and beside it the table of units in name order."""
    figure = funnel_chart(funnel, names=names, noun=noun, better=better, target=target, chosen=chosen, all_name=all_name, by_tens=by_tens)
    graph = dcc.Graph(
        id=f"{ident}-graph", figure=figure, responsive=True, className="graph short", config={"displayModeBar": False, "doubleClick": False}
    )
    drawn = html.Div(
        graph, role="img", className="plot short", **{"aria-label": funnel_alt(funnel, names=names, many=many, all_name=all_name)}
    )
    subtitle = f"{says} {axis_note(figure, 'percent')}".strip()
    under = f"Shaded: where 95{words.THIN}% of {many} would fall by chance, given how few cases each has. {funnel.reason}"
    if funnel.adjusted:
        under = f"Shaded: where 95{words.THIN}% of {many} would fall by chance and the usual spread between them. {funnel.reason}"
    save = [html.Button(kind.upper(), type="button", className="text", **{"data-save": kind}) for kind in ("png", "svg")]
    tools = html.Div(html.Span(["Save as ", *save], className="save"), className="tools")
    chart = html.Div(
        [scroll(drawn, f"Chart: {heading}", name="scroll fits"), html.P(under, className="small quiet"), tools], className="as-chart"
    )
    top = html.Div([html.Div([html.H2(heading, id=ident), html.P(subtitle, className="quiet small")]), choose()], className="sec")
    return html.Section([top, html.Div([chart, html.Div(table)], className="teams")], className="chart", **{"aria-labelledby": ident})


def _limit_lines(curve: pd.DataFrame, low: float, high: float) -> list[dict[str, Any]]:
    size = curve["at"].tolist()
    inner = [curve[f"{side}_95"].clip(lower=low, upper=high).tolist() for side in ("lower", "upper")]
    lines = [_line("95 % range", [*size, *reversed(size)], [*inner[0], *reversed(inner[1])], {"width": 0})]
    lines[0] |= {"fill": "toself", "fillcolor": LIGHT["limit"]}
    for name, dash in (("95", "solid"), ("998", "4px,3px")):
        for side in ("lower", "upper"):
            inside = [v if low < v < high else None for v in curve[f"{side}_{name}"]]
            lines.append(_line(f"{name} {side}", size, inside, {"color": LIGHT["limit-edge"], "width": 1.2, "dash": dash}))
    return lines


def _points(units: pd.DataFrame, names: Mapping[str, str], chosen: str) -> dict[str, Any]:
    bold = [_bold(row, chosen) for row in _rows(units)]
    texts = [f"<b>{_name(r, names)}</b><br>{words.pct(r['value'])}, {words.n_of_N(r['numerator'], r['denominator'])}" for r in _rows(units)]
    return {
        **_line("Units", units["at"].tolist(), units["value"].tolist(), {}), "mode": "markers", "cliponaxis": False,
        "hoverinfo": "text", "text": texts, "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "color": LIGHT["accent"], "size": [13.0 if b else 10.0 for b in bold], "line": {"color": LIGHT["surface"], "width": 1.5},
            "opacity": 1,
        },
    }  # fmt: skip


def _names(
    units: pd.DataFrame, names: Mapping[str, str], chosen: str, left: float, right: float, low: float, high: float, lines: list[float]
) -> list[dict[str, Any]]:  # fmt: skip
    """Each unit's name beside its point: on the right, or on the left or a little up or down where another is in the way.

    A unit within chance whose name finds no room is named only where it is pointed at, and in the table.
    """
    wide, tall = 430 / (right - left), (HEIGHT - 62) / (high - low)
    order = sorted(_rows(units), key=lambda row: (not _bold(row, chosen), -float(row["denominator"])))
    at = {row["unit_id"]: ((float(row["at"]) - left) * wide, (float(row["value"]) - low) * tall) for row in order}
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y in at.values()]
    taken += [(0, (line - low) * tall - 20, 125, (line - low) * tall + 20) for line in lines]  # where the lines are named
    labels = []
    for row in order:
        x, y = at[row["unit_id"]]
        width = 7.4 * len(_name(row, names)) + 4
        choices = [(side, shift) for shift in (0, 9, -9, 17, -17) for side in (1, -1)]
        for side, shift in choices:
            start = x + 10 if side > 0 else x - 10 - width
            box = (start, y + shift - 8, start + width, y + shift + 8)
            clash = any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken)
            if (not clash and box[0] > -30 and box[2] < 430) or (_bold(row, chosen) and (side, shift) == choices[-1]):
                taken.append(box)
                labels.append(_label(row, names, _bold(row, chosen), side, shift))
                break
    return labels


def _label(row: Mapping[str, Any], names: Mapping[str, str], bold: bool, side: int, shift: int) -> dict[str, Any]:
    name = _name(row, names)
    return {
        "x": float(row["at"]), "y": float(row["value"]), "xanchor": "left" if side > 0 else "right", "xshift": 9 * side,
        "yanchor": "middle", "yshift": shift, "showarrow": False, "text": f"<b>{name}</b>" if bold else name,
        "font": {"color": LIGHT["ink"], "size": 13},
    }  # fmt: skip


def _line_words(
    funnel: Funnel, curve: pd.DataFrame, target: float | None, better: Better | None, all_name: str, left: float, right: float,
    low: float, high: float,
) -> list[dict[str, Any]]:  # fmt: skip
    """The lines named: target and middle at the left end, on the outer side of each other; the limits at the right end."""
    middle = 100 * funnel.centre.share
    over = words.missing(target) or float(target or 0) < middle
    said = [(left, middle, f"{all_name} {words.pct(middle)}", "left", 10 if over else -10, "ink-2")]
    if not words.missing(target):
        said.append(
            (left, float(target or 0), f"Target {words.target_words(target, better, 'percent')}", "left", -10 if over else 10, "ink")
        )
    end = curve.iloc[-1]
    for name, percent in (("95", "95"), ("998", "99.8")):
        side, shift = ("lower", -11) if end[f"lower_{name}"] > low + 6 else ("upper", 11)
        if low < end[f"{side}_{name}"] < high:
            said.append((right, float(end[f"{side}_{name}"]), f"{percent}{words.THIN}% range", "right", shift, "ink-2"))
    return [
        {
            "x": x, "y": y, "xanchor": anchor, "xshift": 5 if anchor == "left" else -3, "yanchor": "middle", "yshift": shift, "text": text,
            "showarrow": False, "font": {"color": LIGHT[ink], "size": 13},
        }
        for x, y, text, anchor, shift, ink in said
    ]  # fmt: skip


def _level(left: float, right: float, at: float, ink: str, dash: str, width: float, name: str) -> dict[str, Any]:
    return _line(name, [left, right], [at, at], {"color": LIGHT[ink], "width": width, "dash": dash})


def _line(name: str, x: list[Any], y: list[Any], line: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": y, "line": dict(line), "hoverinfo": "skip", "connectgaps": False}


def _layout(
    left: float, right: float, low: float, high: float, noun: str, notes: list[dict[str, Any]], by_tens: bool
) -> dict[str, Any]:  # fmt: skip
    step = next(step for step in (5, 10, 20, 25) if (high - low) / step <= 5)
    ticks = [tick for tick in range(0, int(high) + 1, step) if tick >= low]
    axis = {"zeroline": False, "fixedrange": True, "showspikes": False}
    labels = [*(f"{tick}" for tick in ticks[:-1]), f"{ticks[-1]}{words.THIN}%"]
    foot = {"nticks": 7}
    if by_tens:
        sizes = [n * 10**power for power in range(6) for n in (1, 2, 5) if left <= np.log10(n * 10**power) <= right]
        foot = {"tickvals": [float(np.log10(n)) for n in sizes], "ticktext": [words.count(n) for n in sizes]}
    return {
        "height": HEIGHT, "autosize": True, "margin": {"l": 48, "r": 12, "t": 14, "b": 48}, "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)", "font": {"family": FONT, "size": 13, "color": LIGHT["ink-2"]}, "showlegend": False,
        "hovermode": "closest", "dragmode": False, "annotations": notes,
        "hoverlabel": {"bgcolor": LIGHT["surface"], "bordercolor": LIGHT["line-strong"], "font": {"color": LIGHT["ink"], "size": 13}},
        "xaxis": {
            **axis, **foot, "range": [left, right], "showgrid": False, "showline": True, "linecolor": LIGHT["line-strong"],
            "tickformat": ",d", "title": {"text": noun[:1].upper() + noun[1:], "standoff": 6, "font": {"size": 13}},
        },
        "yaxis": {
            **axis, "range": [low, high + (high - low) * 0.006], "tickvals": ticks, "ticktext": labels, "gridcolor": LIGHT["line"],
            "ticklabelstandoff": 6,
        },
    }  # fmt: skip


def _floor(units: pd.DataFrame, curve: pd.DataFrame, target: float | None) -> float:
    """Where the upright axis starts: a ten below every unit, the target and most of the 95 % range; nought when that is near."""
    known = [*units["value"].dropna(), float(curve["lower_95"].quantile(0.25)), *([] if words.missing(target) else [float(target or 0)])]
    low = max(0.0, (min(known) - 8) // 10 * 10)
    return 0.0 if low <= 20 else low


def _ceiling(units: pd.DataFrame, curve: pd.DataFrame, target: float | None) -> float:
    """Where the upright axis ends: a ten above every unit, the target and most of the 95 % range; 100 when that is near."""
    known = [*units["value"].dropna(), float(curve["upper_95"].quantile(0.75)), *([] if words.missing(target) else [float(target or 0)])]
    high = min(100.0, -(-(max(known) + 4) // 10) * 10)
    return 100.0 if high >= 80 else high


def _bold(row: Mapping[str, Any], chosen: str) -> bool:
    return row["where"] in _OUTSIDE or row["unit_id"] == chosen


def _name(row: Any, names: Mapping[str, str]) -> str:
    return names.get(row["unit_id"], str(row["unit_id"])) or "No team recorded"


def _rows(units: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in units.to_dict("records")]
