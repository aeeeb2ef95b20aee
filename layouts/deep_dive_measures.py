"""Every measure of one unit over twelve months, with its signal, and what like units come to: never a ranking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.store import Store
from data.viewer import Viewer
from kpi import DOMAINS, REGISTER, Kpi
from kpi.deep_dive import beside
from kpi.figures import HISTORY_SHORT, Level
from kpi.signalling import signalled
from kpi.targets import judged, with_months_before
from layouts import cards, shell, words
from layouts.marks import spark_alt, sparkline, status_mark
from layouts.signs import is_it_real
from layouts.tables import Column, plain_table, value_cell
from layouts.view import View

MONTHS = 12
SHOWN = ("period", "value", "numerator", "denominator", "status", "signal", "assurance", "chart", "note", "target")
FEWEST_LIKE = 2  # one unit has no range


def measures_section(view: View, history: pd.DataFrame, like: Sequence[str], like_words: str) -> Component:
    """The measures the unit has figures for, by domain. `like`: the units it is compared with, `like_words`: who they are."""
    assert view.period is not None
    held = {str(key): part for key, part in history.groupby("kpi") if part["value"].notna().any()}
    some = [key for key in REGISTER if key in held]
    others = _others(view, like)
    months = list(pd.date_range(end=view.period, periods=MONTHS, freq="ME"))
    rows = [_row(REGISTER[key], held[key], others.get(key), months) for d in DOMAINS for key in some if REGISTER[key].domain == d.key]
    titles = {domain.key: domain.title for domain in DOMAINS}
    columns = [
        Column("Measure", lambda r: html.A(r["measure"].title, href=_href(view, r["measure"].key))),
        Column(words.month(view.period), lambda r: _figure(r["now"], r["measure"]), numeric=True),
        Column("Status", lambda r: status_mark(r["now"]["status"]), wrap=False),
        Column("12 months", lambda r: r["spark"]),
        Column("Is it real?", lambda r: is_it_real(r["now"], r["measure"].better)),
        Column(f"{like_words}, the middle and the range", lambda r: _beside(r["others"], r["measure"])),
    ]
    table = plain_table(
        columns, rows, "Measures over twelve months", groups=lambda r: r["measure"].domain, group_heads=titles,
        nothing="No measure has a figure for this in twelve months.",
    )  # fmt: skip
    without = len(REGISTER) - len(some)
    note = f"{words.plural(without, 'measure has', 'measures have')} no case of this unit in twelve months, or no figure below the whole."
    says = (
        "Beside each figure what like units come to, so that it can be read; this is not a ranking. A unit with fewer than ten cases is in "
        "no range; where fewer than two are left there is none, and all of them together stand alone."
    )
    return cards.section("Measures", table, html.P(note, className="small quiet") if without else None, says=says)


def history_of(view: View) -> pd.DataFrame:
    """Twelve months of judged figures, with their signals, of the worker or unit in the address."""
    assert view.period is not None
    if worker := view.query.get("worker", ""):
        every = _of_worker(view.store, view.viewer, view.version, worker, view.period)
    else:
        level, unit = view.unit
        every = view.figures(level, [unit])
    return every[every["period"] > view.period - pd.offsets.MonthEnd(MONTHS)]


@lru_cache(maxsize=8)
def _of_worker(store: Store, viewer: Viewer, version: tuple[int, int], worker: str, period: pd.Timestamp) -> pd.DataFrame:
    raw = store.figures(viewer, levels=("worker",), units=[worker], last=period)
    raw = raw[raw["kpi"].isin(list(REGISTER))].reset_index(drop=True)
    rebases = store.annotations(viewer)
    rebases = rebases.loc[rebases["rebase"].astype(bool) & (rebases["on"] <= period), ["kpi", "on"]]
    told = with_months_before(judged(raw, store.targets(viewer.authority)))
    return signalled(told, rebases.rename(columns={"on": "happened_on"}))


def _others(view: View, like: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """KPI -> what the like units come to in the month shown."""
    if not like or view.period is None:
        return {}
    level: Level = "worker" if view.query.get("worker") else view.unit[0]
    if level == "worker":
        raw = view.store.figures(view.viewer, levels=("worker",), units=list(like), first=view.period, last=view.period)
        theirs = judged(raw[raw["kpi"].isin(list(REGISTER))].reset_index(drop=True), view.targets)
    else:
        every = view.counted(level, view.period)
        theirs = judged(every[every["unit_id"].isin(list(like))].reset_index(drop=True), view.targets)
    return {str(row["kpi"]): row for row in beside(theirs).to_dict("records")}


def _row(measure: Kpi, history: pd.DataFrame, others: Mapping[str, Any] | None, months: Sequence[pd.Timestamp]) -> dict[str, Any]:
    by_month = {row["period"]: row for row in history[list(SHOWN)].to_dict("records")}
    empty = {"value": None, "numerator": None, "denominator": None, "status": "no data", "signal": None, "note": "", "target": None}
    line = [by_month.get(month, empty) for month in months]
    return {"measure": measure, "now": line[-1], "spark": _spark(measure, line, months[-1]), "others": others}


def _spark(measure: Kpi, line: Sequence[Mapping[str, Any]], last: pd.Timestamp) -> Component:
    now = line[-1]
    drawn = [None if words.missing(row["value"]) or row["note"] == HISTORY_SHORT else float(row["value"]) for row in line]
    targets = [None if words.missing(row["target"]) else float(row["target"]) for row in line]
    figure = words.figure(now["value"], measure.measure).replace(words.NONE, "no figure")
    said = "" if words.missing(now["target"]) else words.target_words(now["target"], measure.better, measure.measure)
    alt = spark_alt(measure.title, len(line), words.month(last), figure, said)
    return sparkline(drawn, targets, alt, width=112, height=32, signal=now["signal"])


def _figure(now: Mapping[str, Any], measure: Kpi) -> list[Component]:
    base = words.base(now["numerator"], now["denominator"], measure.measure)
    return [value_cell(now["value"], measure), html.Span(base, className="sub")]


def _beside(others: Mapping[str, Any] | None, measure: Kpi) -> Any:
    """The middle and the range of like units, and all of them together."""
    if others is None:
        return html.Span(words.NONE, className="quiet")
    base = words.base(others["numerator"], others["denominator"], measure.measure)
    together = f"All together {words.figure(others['value'], measure.measure)}, {base}" if base else ""
    if others["ranged"] < FEWEST_LIKE:
        return html.Span(together or "Too few to compare", className="quiet small")
    low, high = (words.figure(others[name], measure.measure) for name in ("low", "high"))
    units = words.plural(int(others["ranged"]), "unit", "units")
    return [
        html.Span(words.figure(others["middle"], measure.measure)),
        html.Span(f"{low} to {high}, {units}", className="sub"),
        *([html.Span(together, className="sub")] if together else []),
    ]


def _href(view: View, key: str) -> str:
    if worker := view.query.get("worker", ""):
        return shell.address(f"/cases/{key}", {**view.chosen, "show": "all", "worker": worker})
    return shell.address(f"/kpi/{key}", view.chosen)
