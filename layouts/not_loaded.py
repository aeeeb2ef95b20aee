"""What a page cannot say because nothing loaded speaks of it, and which extract would bring it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.store import Store
from kpi.brought_by import brings
from layouts import cards, shell
from layouts.freshness import SOURCE_TITLES
from layouts.view import View


def covered_months(view: View) -> dict[str, pd.DatetimeIndex]:
    """Which months each table's loads speak for."""
    return _covered(view.store, view.viewer.authority, view.version)


def missing_tables(view: View, wanted: Mapping[str, str]) -> dict[str, str]:
    """Of these tables, those no load speaks for: table -> what it is, in words. `wanted`: the same of every table a page needs."""
    covered = covered_months(view)
    return {table: said for table, said in wanted.items() if not len(covered.get(table, ()))}


def not_loaded(view: View, wanted: Mapping[str, str]) -> Component | None:
    """The section that says so; None where everything is loaded."""
    missing = missing_tables(view, wanted)
    if not missing:
        return None
    lines = [html.Li([html.B(said), f": the extract “{_sources(table)}” would bring this."]) for table, said in missing.items()]
    says = ["Where nothing is loaded there is no data, never 0. ", shell.link("See what is loaded", "/data"), "."]
    return cards.section("What is not loaded", html.Ul(lines, className="absent"), says=says)


@lru_cache(maxsize=4)
def _covered(store: Store, authority: str, version: tuple[int, int]) -> dict[str, pd.DatetimeIndex]:
    return store.covered(authority)


def _sources(table: str) -> str:
    return "” or “".join(SOURCE_TITLES.get(source, source.replace("_", " ")) for source in brings([table]))
