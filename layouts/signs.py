"""Is it real? The signs for how a figure varies and whether it can be counted on to meet its target, always with their words.

Improving is a filled disc, worsening a filled diamond, no real change a hollow ring with a wave: shape tells them apart, not colour. The
arrow is the way the figure moved. Four dots against a dashed line say whether the target is always, sometimes or never met by chance
alone. On a page the stylesheet draws them; `drawing` gives one as a picture of its own, for a legend or a document.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from dash import html
from dash.development.base_component import Component

from kpi.model import Better
from layouts import words
from layouts.marks import LIGHT

VARIATION: Mapping[str, str] = MappingProxyType(
    {"improvement": "Improving", "concern": "Worsening", "high": "Higher", "low": "Lower", "common": "No real change"}
)
ASSURANCE: Mapping[str, str] = MappingProxyType({"pass": "Consistently hits", "hit_and_miss": "Hit or miss", "fail": "Consistently misses"})
FEW_MONTHS, FEW_CASES = "Too few months to tell", "Too few cases to tell"
NOT_TESTED = "Not tested for chance"  # figures that overlap, or are too rare: the Method page says why

_UP, _DOWN = "M10 14V6.4M6.8 9.4 10 6l3.2 3.4", "M10 6v7.6M6.8 10.6 10 14l3.2-3.4"
_WAVE = "M5.6 11.2c1.5-3 2.9-3 4.4-1.2s2.9 1.8 4.4-1.2"
_GOOD_SIDE = (6.0, 3.6, 5.6, 3.2)  # how far down each of the four dots lies; the target is at 10
_BOTH_SIDES = (14.0, 6.0, 13.0, 5.6)
_CLASS: Mapping[str, str] = MappingProxyType(
    {"improvement": "better", "concern": "worse", "high": "moved", "low": "moved", "common": "same"}
)


def rises(signal: str | None, better: Better | None) -> bool:
    """Which way a signal's arrow points: up when the figure moved up. `rises("improvement", "lower")` is False."""
    if signal in ("high", "low"):
        return signal == "high"
    return (signal == "improvement") == (better != "lower")


def signal_mark(signal: str | None, rising: bool, *, few: str = FEW_MONTHS) -> Component:
    """How the figure varies: `signal_mark("improvement", True)` is the disc with its arrow up and "Improving".

    Without a signal the words alone say there is too little to tell (`few`).
    """
    if words.missing(signal) or not signal:
        return html.Span(few, className="real none")
    return html.Span(
        [
            _sign(f"{_CLASS[signal]} {'up' if rising else 'down'}"),
            html.Span(VARIATION[signal], className="" if signal == "common" else "k"),
        ],
        className="real",
    )


def signal_sign(signal: str, rising: bool) -> Component:
    """The shape alone, for beside words that already say it: `signal_sign("concern", False)`. Pointed at, it says its word."""
    name = f"sg sg-{_CLASS[signal]} {'up' if rising else 'down'}"
    return html.I(className=name, title=VARIATION[signal], **{"aria-hidden": "true"})


def assurance_mark(assurance: str | None, better: Better | None) -> Component | None:
    """Whether the target can be counted on as things stand: `assurance_mark("pass", "higher")` is "Consistently hits"; else nothing."""
    if words.missing(assurance) or assurance not in ASSURANCE or better is None:
        return None
    return html.Span([_sign(_side(str(assurance), better)), html.Span(ASSURANCE[str(assurance)])], className="real")


def is_it_real(row: Mapping[str, Any], better: Better | None) -> Component:
    """Both signs of one judged figure, as the scorecard and the facts of a KPI show them; too little to tell is said in words."""
    signal = row.get("signal")
    few = NOT_TESTED if row.get("chart") == "line" else FEW_CASES if row.get("status") == "few cases" else FEW_MONTHS
    if words.missing(row.get("value")):
        return html.Span(words.NONE, className="quiet small")
    signs = [signal_mark(signal, rises(signal, better), few=few)]
    if not words.missing(signal) and signal:
        signs += [mark for mark in [assurance_mark(row.get("assurance"), better)] if mark is not None]
    return html.Span(signs, className="sig")


def drawing(sign: str, *, up: bool = True, size: int = 20, inks: Mapping[str, str] = LIGHT) -> str:
    """One sign as an SVG of its own: `drawing("improvement")`, `drawing("fail", up=False)`. For assurance, `up` is higher being better."""
    if sign in ASSURANCE:
        dots = "".join(f"<circle cx='{2.8 + 4.8 * i:.1f}' cy='{y:g}' r='1.9' fill='{inks['ink']}'/>" for i, y in enumerate(_dots(sign, up)))
        inside = f"<path d='M.5 10h19' fill='none' stroke='{inks['ink-2']}' stroke-width='1.4' stroke-dasharray='2.6 2.2'/>{dots}"
    else:
        inside = _variation(sign, up, inks)
    return f"<svg xmlns='http://www.w3.org/2000/svg' width='{size}' height='{size}' viewBox='0 0 20 20'>{inside}</svg>"


def _variation(sign: str, up: bool, inks: Mapping[str, str]) -> str:
    if sign == "common":
        ring = f"<circle cx='10' cy='10' r='8.2' fill='none' stroke='{inks['line-strong']}' stroke-width='1.5'/>"
        return f"{ring}<path d='{_WAVE}' fill='none' stroke='{inks['ink-2']}' stroke-width='1.7' stroke-linecap='round'/>"
    shape = {
        "improvement": f"<circle cx='10' cy='10' r='9' fill='{inks['accent']}'/>",
        "concern": f"<path d='M10 .8 19.2 10 10 19.2 .8 10z' fill='{inks['near']}' stroke='{inks['near-edge']}'/>",
    }.get(sign, f"<rect x='1.5' y='1.5' width='17' height='17' rx='4' fill='{inks['ink-2']}'/>")
    arrow = inks["on-mark"] if sign == "concern" else inks["surface"]
    path = _UP if up else _DOWN
    return f"{shape}<path d='{path}' fill='none' stroke='{arrow}' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'/>"


def _dots(sign: str, higher: bool) -> tuple[float, ...]:
    if sign == "hit_and_miss":
        return _BOTH_SIDES
    above = (sign == "pass") == higher
    return _GOOD_SIDE if above else tuple(20 - y for y in _GOOD_SIDE)


def _side(assurance: str, better: Better) -> str:
    if assurance == "hit_and_miss":
        return "both"
    return "above" if (assurance == "pass") == (better == "higher") else "below"


def _sign(name: str) -> Component:
    return html.I(className=f"sg sg-{name}", **{"aria-hidden": "true"})
