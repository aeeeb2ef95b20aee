"""The ways a measure can be broken down, as links beside it."""

from __future__ import annotations

from functools import lru_cache, partial

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.store import Store
from data.tables import Tables
from data.viewer import Viewer
from kpi import REGISTER, Kpi
from kpi.breakdown import BREAKDOWNS, Breakdown, breakdowns_of, with_groups
from kpi.figures import cases_of, covered_periods
from layouts import cards, shell
from layouts.view import View


def ways_to_break_down(view: View, measure: Kpi, here: str = "") -> list[Component]:
    """A section of links, one a way; nothing where there are no cases to break down. `here`: the way already shown."""
    links = [
        html.Li(html.B(by.title) if by.key == here else html.A(by.title, href=breakdown_link(view, measure.key, by.key)))
        for by in offered(view, measure)
    ]
    return [cards.aside_section("Broken down by", html.Ul(links, className="ways"))] if links else []


def breakdown_link(view: View, key: str, by: str) -> str:
    return shell.address(f"/kpi/{key}/by/{by}", view.chosen)


def offered(view: View, measure: Kpi) -> list[Breakdown]:
    """The ways this measure's cases of the period can be broken down."""
    if view.period is None or measure.given is not None:
        return []
    return [BREAKDOWNS[key] for key in _offered(view.store, view.viewer, view.version, measure.key, view.period)]


def grouped_cases(store: Store, viewer: Viewer, measure: Kpi, period: pd.Timestamp, ways: list[Breakdown]) -> pd.DataFrame:
    """The cases of a month this viewer may see, each with its groups."""
    return store.cases(viewer, partial(_grouped, measure=measure, period=period, ways=ways))


def _grouped(tables: Tables, *, measure: Kpi, period: pd.Timestamp, ways: list[Breakdown]) -> pd.DataFrame:
    periods = pd.DatetimeIndex([period]).as_unit("s").intersection(covered_periods(measure, tables))
    return with_groups(cases_of(measure, tables, periods), tables, *ways)


@lru_cache(maxsize=512)
def _offered(store: Store, viewer: Viewer, version: tuple[int, int], key: str, period: pd.Timestamp) -> tuple[str, ...]:
    cases = grouped_cases(store, viewer, REGISTER[key], period, [])
    return tuple(by.key for by in breakdowns_of(REGISTER[key], cases)) if len(cases) else ()
