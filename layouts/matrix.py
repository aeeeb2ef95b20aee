"""The matrix of teams and measures: one row a team, one column a measure, each figure with its status, its signal and n of N.

Pure: judged and signalled figures in, one real table out, with the teams grouped by service. Each cell is few parts, because a browser
takes far longer over many small parts than over long ones: sixty teams by twenty measures are drawn at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi.figures import HISTORY_SHORT
from kpi.model import Kpi
from layouts import words
from layouts.marks import status_mark, status_sign
from layouts.short_names import short_name
from layouts.signs import rises, signal_mark, signal_sign
from layouts.tables import scroll

Row = Mapping[str, Any]
MANY = 15  # rows from which the table scrolls within itself, under its own heads
UNMARKED = ("no target", "no cases", "no data")  # the short dash of these, before a figure, would read as a minus
_SAID = {"improvement": "improving", "concern": "worsening", "high": "higher beyond chance", "low": "lower beyond chance"}


@dataclass(frozen=True)
class Unit:
    """One row: the unit's id, its name, the group it stands in, and the address of its own page; empty: the name is no link."""

    unit_id: str
    name: str
    group: str = ""
    href: str = ""
    picked: bool = False


def matrix(
    judged: pd.DataFrame, units: Sequence[Unit], kpis: Sequence[Kpi], *, caption: str, href: Callable[[str, str], str],
    whole: pd.DataFrame | None = None, whole_name: str = "All teams",
) -> Component:  # fmt: skip
    """Units by measures: `matrix(now, [Unit("Bridge", "Bridge", "North", "/team/Bridge")], kpis, caption="May 2026", href=address_of)`.

    judged: the figures of one month (kpi, unit_id, value, numerator, denominator, status, signal, note, target). whole: the same of all
    of them together, shown first. A unit with no figure has a dash, which is never nought. `href(key, unit_id)` is where a cell leads;
    of the whole, unit_id is empty.
    """
    held = {(row["unit_id"], row["kpi"]): row for row in judged.to_dict("records")}
    over = {row["kpi"]: row for row in whole.to_dict("records")} if whole is not None else {}
    width = len(kpis) + 1
    heads = [html.Th("Team", scope="col", role="columnheader"), *(_head(kpi, over.get(kpi.key, {}), href(kpi.key, "")) for kpi in kpis)]
    bodies: list[Component] = []
    if over:
        bodies.append(_body([_row(Unit("", whole_name), kpis, {("", key): row for key, row in over.items()}, href, "cut")]))
    for group in dict.fromkeys(unit.group for unit in units):
        rows = [_row(unit, kpis, held, href, "sel" if unit.picked else "") for unit in units if unit.group == group]
        bodies.append(_body([*([_group(group, width)] if group else []), *rows]))
    table = html.Table(
        [
            html.Caption(caption, className="vh"),
            html.Thead(html.Tr(heads, role="row"), role="rowgroup"),
            *bodies,
        ],
        className="mx", role="table", style={"--columns": str(len(kpis))},
    )  # fmt: skip
    return scroll(table, caption, name="scroll mx-scroll tall" if len(units) > MANY else "scroll mx-scroll")


def matrix_legend(statuses: Sequence[str], *, short: bool) -> Component:
    """The key under the matrix: the marks that are in it, and what a dash and an asterisk say."""
    marks = [status_mark(status) for status in ("met", "near", "not met", "few cases") if status in statuses]
    signs = [signal_mark("improvement", True), signal_mark("concern", False), signal_mark("common", True)]
    says = "No mark: no target. A dash: no figure, which is not nought. Arrows show the way the figure moved."
    if short:
        says += " An asterisk: it looks back over months nothing is held for, so do not read it as low or high."
    return html.Div([*marks, *signs, html.Span(says)], className="legend")


def _head(kpi: Kpi, whole: Row, href: str) -> Component:
    """The short name of a measure, its whole title when it is pointed at, and its target."""
    target = words.target_words(whole.get("target"), kpi.better, kpi.measure)
    said = "No target" if target == "None set" else f"Target {target}"
    return html.Th([html.A(short_name(kpi), href=href, title=kpi.title), html.Small(said)], scope="col", role="columnheader")


def _group(title: str, width: int) -> Component:
    return html.Tr(html.Th(html.Span(title), colSpan=width, scope="rowgroup", role="rowheader"), className="sub-h", role="row")


def _body(rows: Sequence[Component]) -> Component:
    return html.Tbody(list(rows), role="rowgroup")


def _row(unit: Unit, kpis: Sequence[Kpi], held: Mapping[tuple[str, str], Row], href: Callable[[str, str], str], name: str) -> Component:
    title = html.A(unit.name, href=unit.href) if unit.href else html.B(unit.name)
    cells = [_cell(unit, kpi, held.get((unit.unit_id, kpi.key)), href) for kpi in kpis]
    return html.Tr([html.Th(title, scope="row", role="rowheader"), *cells], className=name, role="row")


def _cell(unit: Unit, kpi: Kpi, row: Row | None, href: Callable[[str, str], str]) -> Component:
    label = {"data-label": short_name(kpi)}
    if row is None or words.missing(row["value"]):
        return html.Td(words.NONE, role="cell", className="none", **label)
    shown = words.figure(row["value"], kpi.measure)
    short = row["note"] == HISTORY_SHORT
    base = words.base(row["numerator"], row["denominator"], kpi.measure)
    link = html.A(shown, href=href(kpi.key, unit.unit_id), **{"aria-label": f"{shown}, {_said(row, short)}: {kpi.title}, {unit.name}"})
    judged = row["status"] not in UNMARKED
    parts = [*([status_sign(row["status"])] if judged else []), link]
    if row["signal"] and not words.missing(row["signal"]):
        parts.append(signal_sign(row["signal"], rises(row["signal"], kpi.better)))
    name = "" if judged else "plain"
    return html.Td([*parts, html.Small(f"{base}{'*' if short else ''}")], role="cell", className=name, **label)


def _said(row: Row, short: bool) -> str:
    """The marks of a cell in words, for a reader who does not see them."""
    parts = [words.STATUS_WORDS[row["status"]].lower(), _SAID.get(row["signal"], ""), "history short" if short else ""]
    return ", ".join(part for part in parts if part)
