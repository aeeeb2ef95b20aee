"""The units of a measure the council has only as figures: those it gives, side by side, and nothing where it gives none."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import Kpi
from kpi.measures import NO_LIST
from layouts import cards, shell, words
from layouts.tables import team_table
from layouts.view import View

SAYS = "As the council gives them: they are not added up here, and need not add up to the whole."


def given_units(view: View, measure: Kpi, row: pd.Series) -> Component:
    """The services and teams there is a figure of this month. A team's workers cannot be told apart."""
    if view.team:
        return cards.section("Workers", html.P(NO_LIST))
    now = {level: view.figures(level, keys=[measure.key], months=0) for level in ("service", "team")}
    shown = [(level, rows[rows["period"] == view.period]) for level, rows in now.items() if not (view.service and level == "service")]
    if view.service:
        ours = view.teams.loc[view.teams["service_id"] == view.service, "team_id"]
        shown = [(level, rows[rows["unit_id"].isin(ours)]) for level, rows in shown]
    tables = [_table(view, measure, row, level, rows) for level, rows in shown if len(rows)]
    if not tables:
        return cards.section("Teams", html.P(f"The council gives no figure of a service or team for {words.month(view.period)}."))
    return html.Div(tables)


def _table(view: View, measure: Kpi, row: pd.Series, level: str, rows: pd.DataFrame) -> Component:
    plain = {name: chosen for name, chosen in view.chosen.items() if name not in ("service", "team")}
    title = f"{level.capitalize()}s"
    table = team_table(
        rows, measure, caption=f"{measure.title} by {level}, {words.month(view.period)}", unit_title=level.capitalize(),
        whole=row.to_dict(), whole_name=f"All of {view.unit_name}",
        href=lambda unit: shell.address(view.path, {**plain, level: unit}),
    )  # fmt: skip
    return cards.section(title, table, says=SAYS)
