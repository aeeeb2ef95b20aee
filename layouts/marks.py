"""Small drawn signs: status, months sustained, the sparkline and the logo.

A status is a word, a shape and a colour together, so the colour is never the message. Signs are drawn by the stylesheet from its own
colour tokens; a sparkline is a picture with alternative text that carries the light and the dark colours and follows the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby, pairwise
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from kpi.model import Measure
from layouts import words

# The stylesheet's tokens again, for the two places a style sheet cannot reach: pictures and charts. A test keeps the two the same.
LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "ink": "#1D2227", "ink-2": "#505A62", "line": "#DDE1E3", "line-strong": "#7F8890", "surface": "#FFFFFF", "data": "#5D7F9D",
        "accent": "#12436D", "near": "#F46A25", "near-edge": "#C24A0C", "on-mark": "#1D2227", "limit": "#E9EDF0",
        "limit-edge": "#858F97", "mean": "#737E86", "compare": "#8462BF",
    }
)  # fmt: skip
DARK: Mapping[str, str] = MappingProxyType(
    {
        "ink": "#E9ECEE", "ink-2": "#ABB5BD", "line": "#2D353C", "line-strong": "#75818B", "surface": "#181D22", "data": "#7C9CB8",
        "accent": "#8DBBE8", "near": "#F58B55", "near-edge": "#F58B55", "on-mark": "#13171B", "limit": "#232B32",
        "limit-edge": "#707C86", "mean": "#8A959E", "compare": "#B9A2E3",
    }
)  # fmt: skip

_SIGNS: Mapping[str, str] = MappingProxyType(
    {"met": "met", "near": "near", "not met": "not", "few cases": "few", "no target": "none", "no cases": "none", "no data": "none"}
)


def status_mark(status: str, word: str | None = None) -> Component:
    """A status in words, shape and colour: `status_mark("met")`, or with its own words `status_mark("not met", "2 days late")`."""
    sign = _SIGNS[status]
    return html.Span([status_sign(status), html.B(word or words.STATUS_WORDS[status])], className=f"mark is-{sign}")


def status_sign(status: str, *, large: bool = False) -> Component:
    """The shape alone, for beside words that already say it: `status_sign("near", large=True)`."""
    return html.I(className=f"mk mk-{_SIGNS[status]}{' mk-large' if large else ''}", **{"aria-hidden": "true"})


def sustained_dots(months: Sequence[bool | None] | int | None) -> Component:
    """The last three months, oldest first, filled where the target was met: `sustained_dots([False, True, True])` reads 2/3.

    A plain number of months fills from the newest; None (nothing to judge) is a dash.
    """
    if months is None or (not isinstance(months, Sequence) and words.missing(months)):
        return html.Span(words.NONE, className="quiet small")
    filled = [bool(met) for met in months] if isinstance(months, Sequence) else [3 - i <= int(months) for i in range(3)]
    dots = [html.I(className="on" if met else "", **{"aria-hidden": "true"}) for met in filled]
    n = sum(filled)
    return html.Span([*dots, html.Span([f"{n}/3", html.Span(" months met", className="vh")])], className="dots")


def value(shown: float | None, measure: Measure, *, hero: bool = False) -> Component:
    """A figure in large type with its unit set smaller: `value(81.31, "percent")`; nothing is a dash."""
    name = "hero" if hero else "val"
    if words.missing(shown):
        return html.Span(words.NONE, className=name)
    number, unit = words.figure_parts(float(shown or 0), measure)
    return html.Span([number, html.Span(unit, className="u" if unit == "%" else "u w")] if unit else number, className=name)


def meter(shown: float | None, target: float | None = None, *, full: float = 100.0) -> Component:
    """A short bar for a table, with a tick at the target: `meter(81.3, 85)`. Decoration: the figure always stands beside it."""
    parts: list[Component] = []
    if not words.missing(shown):
        parts.append(html.I(style={"width": _share(shown, full)}))
    if not words.missing(target):
        parts.append(html.B(style={"left": _share(target, full)}))
    return html.Span(parts, className="meter", **{"aria-hidden": "true"})


def sparkline(
    values: Sequence[float | None],
    targets: Sequence[float | None],
    alt: str,
    *,
    width: int = 170,
    height: int = 40,
    limits: Sequence[tuple[float, float] | None] = (),
    signal: str | None = None,
) -> Component:
    """A year or two as one small line: months without a figure are gaps, the target is dashed, the last month has its sign.

    `sparkline([78.9, None, 81.3], [80, 80, 85], "Seen in time: 3 months to May 2026, now 81.3 percent")`. `limits` shades the expected
    range; the last month is a disc when it improves beyond chance, a diamond when it worsens, else a dot.
    """  # fmt: skip
    drawn = _spark_svg(values, targets, width, height, limits, signal)
    return html.Img(src=picture(drawn), alt=alt, width=width, height=height, className="spark")


def spark_alt(title: str, months: int, last: str, now: str, target: str) -> str:
    """What a sparkline says to someone who cannot see it: "...: 24 months to May 2026, now 81.3 percent, target 85 percent"."""
    says = f"{title}: {months} months to {last}, now {now}"
    return (f"{says}, target {target}" if target else says).replace(f"{words.THIN}%", " percent").replace(words.THIN, " ")


def logo() -> Component:
    """The sight line: a rising line over its ground."""
    return html.I(className="logo", **{"aria-hidden": "true"})


def picture(svg: str) -> str:
    """An SVG as the address of an image, so that nothing drawn is ever run as part of the page."""
    return "data:image/svg+xml," + quote(svg, safe=" '=:/;,(){}.-@")


def _share(part: Any, full: float) -> str:
    return f"{max(0.0, min(100.0, 100.0 * float(part) / full)) if full else 0:.1f}%"


def _spark_svg(
    values: Sequence[float | None],
    targets: Sequence[float | None],
    width: int,
    height: int,
    limits: Sequence[tuple[float, float] | None],
    signal: str | None,
) -> str:
    known = [
        float(v)
        for v in [*values, *targets, *chain.from_iterable(pair for pair in limits if pair)]
        if v is not None and not words.missing(v)
    ]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    pad = (high - low) * 0.02 or 1.0
    low, high = low - pad, high + pad

    def x(i: float) -> float:
        return 4 + i * (width - 10) / max(1, len(values) - 1)

    def y(v: float) -> float:
        return height - 6 - (v - low) / (high - low) * (height - 12)

    drawn = [f"<path class='b' d='{path}'/>" for path in _bands(limits, x, y, width)]
    drawn += [_stepped(run, x, y, width) for run in _runs(targets)]
    for first, numbers in _runs(values):
        if len(numbers) == 1:
            drawn.append(f"<circle class='d' cx='{x(first):.1f}' cy='{y(numbers[0]):.1f}' r='1.6'/>")
        else:
            drawn.append("<path class='l' d='M" + "L".join(f"{x(first + i):.1f} {y(v):.1f}" for i, v in enumerate(numbers)) + "'/>")
    if values and not words.missing(values[-1]):
        drawn.append(_end(x(len(values) - 1), y(float(values[-1] or 0)), signal))
    inks = _inks(LIGHT) + "@media(prefers-color-scheme:dark){" + _inks(DARK) + "}"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}'>"
        f"<style>{inks}</style>{''.join(drawn)}</svg>"
    )


def _end(across: float, down: float, signal: str | None) -> str:
    """The last month: a diamond for worse, a disc for better, else a dot."""
    if signal == "concern":
        return f"<path class='w' d='M{across:.1f} {down - 5.2:.1f}l5.2 5.2-5.2 5.2-5.2-5.2z'/>"
    name, radius = ("g", 4) if signal == "improvement" else ("e", 3.4)
    return f"<circle class='{name}' cx='{across:.1f}' cy='{down:.1f}' r='{radius}'/>"


def _bands(limits: Sequence[tuple[float, float] | None], x: Any, y: Any, width: int) -> Iterator[str]:
    """The expected range, a box for each stretch of months it holds for; the first and last reach the edges of the picture."""
    for pair, run in groupby(enumerate(limits), key=lambda at: at[1]):
        if pair is not None:
            places = [i for i, _ in run]
            left, right = max(0.0, x(places[0] - 0.5)), min(float(width), x(places[-1] + 0.5))
            left, right = (0.0 if places[0] == 0 else left), (float(width) if places[-1] == len(limits) - 1 else right)
            yield f"M{left:.1f} {y(pair[1]):.1f}H{right:.1f}V{y(pair[0]):.1f}H{left:.1f}z"


def _inks(token: Mapping[str, str]) -> str:
    return (
        f".l{{fill:none;stroke:{token['data']};stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}}.d{{fill:{token['data']}}}"
        f".e{{fill:{token['ink']};stroke:{token['surface']};stroke-width:1.5}}"
        f".b{{fill:{token['limit']}}}.g{{fill:{token['accent']}}}.w{{fill:{token['near']};stroke:{token['near-edge']};stroke-width:1.2}}"
        f".t{{fill:none;stroke:{token['ink']};stroke-width:1.1;stroke-dasharray:3 2.5}}"
    )


def _stepped(run: tuple[int, list[float]], x: Any, y: Any, width: int) -> str:
    """The target over one unbroken run of months, a step halfway between two months where it changed."""
    first, numbers = run
    path = f"M{max(0.0, x(first - 0.5)):.1f} {y(numbers[0]):.1f}"
    for i, (was, now) in enumerate(pairwise(numbers), start=1):
        if now != was:
            path += f"H{x(first + i - 0.5):.1f}V{y(now):.1f}"
    return f"<path class='t' d='{path}H{min(float(width), x(first + len(numbers) - 0.5)):.1f}'/>"


def _runs(numbers: Sequence[float | None]) -> list[tuple[int, list[float]]]:
    """Unbroken runs, each with the place it starts: [1, None, 2, 3] gives (0, [1]) and (2, [2, 3])."""
    runs: list[tuple[int, list[float]]] = []
    for i, number in enumerate(numbers):
        if number is None or words.missing(number):
            continue
        if runs and runs[-1][0] + len(runs[-1][1]) == i:
            runs[-1][1].append(float(number))
        else:
            runs.append((i, [float(number)]))
    return runs
