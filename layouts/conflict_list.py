"""Where sources say different things of one fact: which value is used, which is not, and the file each stands in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.store import Store
from data.viewer import Viewer
from layouts import cards, shell, words
from layouts.completeness import labelled
from layouts.completeness import titled as table_titled
from layouts.data_page import data_page, nothing_loaded, paged
from layouts.freshness import titled
from layouts.page import Page
from layouts.tables import Column, plain_table
from layouts.view import View, named

HERE = "/data/conflicts"
TITLE = "Conflicts between sources"
A_PAGE = 50
SAYS = (
    "Where two sources disagree about one fact, the source with the newer extract is used, value by value. "
    "Put right whichever is wrong in its own system, and load it again."
)


def draw(view: View) -> Component:
    """Every conflict this viewer may see, of the table asked for."""
    if view.loads.empty:
        return nothing_loaded(TITLE, HERE)
    every = conflicts(view.store, view.viewer, view.version)
    if every.empty:
        nothing = cards.empty("No two sources disagree", "Either each fact comes from one source, or they all say the same.")
        return data_page(HERE, TITLE, [nothing], says=SAYS)
    about = view.query.get("table", "")
    rows = every[(every["table"] == about) | (about == "")]
    counts = every["table"].value_counts()
    options = [("", f"Everything ({words.count(len(every))})"), *((t, f"{table_titled(t)} ({words.count(n)})") for t, n in counts.items())]
    page, steps = paged(view, len(rows), A_PAGE)
    shown = rows.iloc[(page - 1) * A_PAGE : page * A_PAGE]
    title = words.plural(len(rows), "conflict", "conflicts")
    table = plain_table(_columns(), shown.to_dict("records"), title, nothing="There is none of this kind.")
    section = cards.section(title, table, *steps)
    return data_page(
        HERE, TITLE, [section], says=SAYS, filters=shell.filters(HERE, [shell.Choice("table", "About", options, about, clears=("page",))])
    )  # fmt: skip


@lru_cache(maxsize=8)
def conflicts(store: Store, viewer: Viewer, version: tuple[int, int]) -> pd.DataFrame:
    return store.conflicts(viewer)


def _columns() -> list[Column]:
    return [
        Column("Child", lambda r: words.NONE if words.missing(r["child_id"]) else str(r["child_id"]), wrap=False),
        Column("Team", lambda r: words.NONE if words.missing(r["team_id"]) else named(r["team_id"]), wrap=False),
        Column("Fact", _fact),
        Column("Field", lambda r: labelled(r["column"]), wrap=False),
        Column("Used", lambda r: _value(r, "used")),
        Column("Not used", lambda r: _value(r, "not_used")),
    ]


def _fact(row: Mapping[str, Any]) -> Component:
    detail = "" if words.missing(row["fact"]) else str(row["fact"])
    return html.Div([table_titled(row["table"]), *([html.Span(detail, className="sub")] if detail else [])])


def _value(row: Mapping[str, Any], which: str) -> Component:
    value = row[f"value_{which}"]
    shown = "Empty" if words.missing(value) else str(value)
    beside = [titled(str(row[f"source_{which}"]))]
    if not words.missing(row[f"file_{which}"]):
        beside.append(str(row[f"file_{which}"]))
    return html.Div([html.B(shown) if which == "used" else shown, html.Span(", ".join(beside), className="sub")])


PAGE = Page(HERE, draw, part_of="/data")
