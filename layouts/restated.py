"""Figures that are others now than when they were first published: which, by how much, and what was loaded since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import REGISTER
from kpi.targets import value_of
from layouts import cards, shell, words
from layouts.data_page import data_page, nothing_loaded, paged
from layouts.page import Page
from layouts.tables import Column, plain_table
from layouts.view import View, named

HERE = "/data/restated"
TITLE = "Restated figures"
A_PAGE = 50
LEVELS = {"authority": "The whole", "service": "Services", "team": "Teams"}
SAYS = "A figure changes after it was published when late or corrected records are loaded. Both are kept: this lists where they differ."


def draw(view: View) -> Component:
    """Every published figure that differs now, newest month first, of the level asked for."""
    if view.loads.empty:
        return nothing_loaded(TITLE, HERE)
    level = view.query.get("level", "") if view.query.get("level", "") in LEVELS else "authority"
    choices = [shell.Choice("level", "Of", [("", LEVELS["authority"]), ("service", "Services"), ("team", "Teams")],
                            "" if level == "authority" else level, clears=("page",))]  # fmt: skip
    choose = shell.filters(HERE, choices)
    if view.store.published(view.viewer).empty:
        says = [
            "Keep a month's figures as published with ",
            html.Code("python app.py publish 2026-05"),
            ". Changes since are then listed here.",
        ]
        return data_page(HERE, TITLE, [cards.empty("Nothing has been published yet", says)], says=SAYS)
    rows = restated(view, level)
    if rows.empty:
        same = cards.empty("Every published figure still stands", "What was loaded since has changed none of them.")
        return data_page(HERE, TITLE, [same], says=SAYS, filters=choose)
    page, steps = paged(view, len(rows), A_PAGE)
    shown = rows.iloc[(page - 1) * A_PAGE : page * A_PAGE]
    title = words.plural(len(rows), "figure restated", "figures restated")
    section = cards.section(title, plain_table(_columns(level), shown.to_dict("records"), title), *steps, says="The newest month first.")
    return data_page(HERE, TITLE, [section], says=SAYS, filters=choose)


def restated(view: View, level: str) -> pd.DataFrame:
    """The restatements this viewer may see, with value_published and value_now; measures there are no longer are left out."""
    found = view.store.restatements(view.viewer, levels=(level,))
    seen = [view.viewer.may_see_unit(level, unit) for unit in found["unit_id"]]
    found = found[pd.Series(seen, index=found.index, dtype="bool") & found["kpi"].isin(list(REGISTER))]
    values = {}
    for when in ("published", "now"):
        parts = found.rename(columns={f"numerator_{when}": "numerator", f"denominator_{when}": "denominator"})
        values[f"value_{when}"] = value_of(parts[["kpi", "numerator", "denominator"]])
    return found.assign(**values)


def _columns(level: str) -> list[Column]:
    unit = [] if level == "authority" else [Column(LEVELS[level].removesuffix("s"), lambda r: named(r["unit_id"]), wrap=False)]
    return [
        Column("Measure", lambda r: _measure(r, level)),
        Column("Month", lambda r: words.short_month(r["period"]), wrap=False),
        *unit,
        Column("Published", lambda r: _figure(r, "published"), numeric=True),
        Column("Now", lambda r: _figure(r, "now"), numeric=True),
        Column("Published on", lambda r: html.Div([words.day(r["published_at"]), html.Span(f"by {r['published_by']}", className="sub")])),
        Column("Loads since", lambda r: _loads(r["loads_since"])),
    ]


def _measure(row: Mapping[str, Any], level: str) -> Component:
    choices = {"period": f"{row['period']:%Y-%m}", **({level: row["unit_id"]} if level != "authority" else {})}
    return shell.link(REGISTER[row["kpi"]].title, f"/kpi/{row['kpi']}", **choices)


def _figure(row: Mapping[str, Any], when: str) -> Any:
    measure = REGISTER[row["kpi"]].measure
    if words.missing(row[f"denominator_{when}"]):
        return "No figure now" if when == "now" else words.NONE
    shown = words.figure(row[f"value_{when}"], measure) if not words.missing(row[f"value_{when}"]) else words.NONE
    base = words.base(row[f"numerator_{when}"], row[f"denominator_{when}"], measure)
    return html.Div([html.B(shown) if when == "now" else shown, *([html.Span(base, className="sub")] if base else [])])


def _loads(numbers: Sequence[int]) -> Any:
    if not len(numbers):
        return "None: it is worked out otherwise now"
    if len(numbers) > 3:
        return shell.link(f"{words.count(len(numbers))} loads, {numbers[0]} to {numbers[-1]}", "/data/loads")
    return shell.link(f"Load{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}", "/data/loads")


PAGE = Page(HERE, draw, part_of="/data")
