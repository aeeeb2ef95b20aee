"""One KPI broken down: its figure by age, sex, ethnic group and the rest, with n of N, so that nobody is lost in the average.

Only cases the viewer may see are counted, and the groups of them add up to the whole beside them. It is for inside the council: small
numbers are shown. What may be handed out is in layouts/public_book.py.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import REGISTER, Kpi
from kpi.breakdown import BREAKDOWNS, Breakdown, as_counted, summed
from kpi.figures import figures_from
from kpi.interval import wilson
from kpi.measures import NO_LIST
from kpi.model import HOW_MANY
from kpi.targets import judged
from layouts import cards, shell, words
from layouts.breakdown_links import grouped_cases, offered, ways_to_break_down
from layouts.briefing import as_at_line, kpi_link
from layouts.marks import meter, status_mark
from layouts.measure import trail
from layouts.page import Page
from layouts.tables import Column, plain_table, value_cell
from layouts.view import View, named


def draw(view: View) -> Component:
    """The page of one KPI and one way to break it down, for the whole, a service or a team."""
    measure, by = REGISTER.get(view.query["key"]), BREAKDOWNS.get(view.query["by"])
    if measure is None or by is None:
        back = shell.link("See every measure", "/catalogue")
        return _says("No such breakdown", "There is no measure, or no way to break one down, of that name.", back)
    to_kpi = shell.link(f"See {measure.title}", f"/kpi/{measure.key}", **view.chosen)
    if measure.given is not None:
        return _says(f"{measure.title}, by {by.title.lower()}", f"{NO_LIST} It cannot be broken down further than it is given.", to_kpi)
    if view.period is None or by not in offered(view, measure):
        when = "" if view.period is None else f" in {words.month(view.period)}"
        return _says(f"{measure.title}, by {by.title.lower()}", f"It has no cases that could be broken down so{when}.", to_kpi)
    cases = _within(view, grouped_cases(view.store, view.viewer, measure, view.period, [by]))
    now = view.figures(view.unit[0], [view.unit[1]], keys=[measure.key], months=0)
    where = f", {view.unit_name}" if view.unit[1] else ""
    return html.Div(
        [
            shell.crumbs([*trail(view, measure), (measure.title, kpi_link(view, measure.key))], f"By {by.title.lower()}"),
            shell.heading(f"{measure.title}{where}, by {by.title.lower()}"),
            html.Div(
                [as_at_line(view, now[now["period"] == view.period]), shell.filters(view.path, view.choices())],
                className="head below",
            ),
            html.Div([_table(view, measure, by, cases), cards.aside(_beside(view, measure, by, cases))], className="kp"),
        ],
        className="wrap",
    )


def group_figures(measure: Kpi, cases: pd.DataFrame, by: Breakdown, period: pd.Timestamp, targets: pd.DataFrame) -> pd.DataFrame:
    """The judged figures of every group, the whole of them first (unit_id empty). How many there are of a group has no target."""
    whole = figures_from(as_counted(measure), cases, "authority", period)
    found = pd.concat([whole, summed(measure, cases, by, period)], ignore_index=True)
    if measure.measure not in HOW_MANY:
        return judged(found, targets)
    plain = judged(found, targets[targets["kpi"] != measure.key])
    return plain.assign(value=plain["numerator"], status=plain["status"].replace("few cases", "no target"))


def _within(view: View, cases: pd.DataFrame) -> pd.DataFrame:
    if view.team:
        return cases[cases["team_id"] == view.team]
    return cases[cases["service_id"] == view.service] if view.service else cases


def _table(view: View, measure: Kpi, by: Breakdown, cases: pd.DataFrame) -> Component:
    assert view.period is not None
    counted = as_counted(measure)
    rows = group_figures(measure, cases, by, view.period, view.targets).to_dict("records")
    biggest = max((float(row["value"]) for row in rows if not words.missing(row["value"])), default=0.0)
    full = 100.0 if counted.measure == "percent" else max(biggest, 1.0)
    whole = "All" if view.viewer.every_team else "All that you may see"

    def group(row: Any) -> Any:
        if row["level"] == "authority":
            return html.B(f"{whole}, {view.unit_name}" if view.unit[1] else whole)
        name = named(row["unit_id"])
        return f"{name[:1].upper()}{name[1:]}"

    worked = f"{counted.did[:1].upper()}{counted.did[1:]}" if counted.measure == "percent" else "Worked out from"
    columns = [
        Column(by.title, group),
        *([] if counted.measure == "count" else [Column(worked, lambda r: _base(r, counted), numeric=True)]),
        Column("Figure", lambda r: value_cell(r["value"], counted), numeric=True),
        *([Column("Likely between", _likely, numeric=True, wide_only=True)] if counted.measure == "percent" else []),
        Column("Bar", lambda r: meter(r["value"], r["target"], full=full), hidden_title=True, wide_only=True),
        *([] if counted.measure == "count" else [Column("Status", lambda r: status_mark(r["status"]), wrap=False)]),
        Column("Left out", lambda r: words.count(sum(r["left_out"].values())), numeric=True, quiet=True),
    ]
    caption = f"{measure.title} by {by.title.lower()}, {words.month(view.period)}"
    table = plain_table(columns, rows, caption, row_class=lambda r: "cut" if r["level"] == "authority" else "")
    return cards.section(f"By {by.title.lower()}", table, says=_what_it_says(measure))


def _what_it_says(measure: Kpi) -> str:
    if measure.measure in HOW_MANY:
        return f"How many {measure.noun} are in each group. A target is of the whole, so no group is judged."
    adds = "Each group’s median is of its own cases." if measure.measure == "median" else "The groups add up to the whole."
    return f"{adds} No colour under ten cases. Small numbers are for inside the council only."


def _base(row: Any, measure: Kpi) -> str:
    return words.base(row["numerator"], row["denominator"], measure.measure)


def _likely(row: Any) -> str:
    if not row["denominator"] > 0:
        return words.NONE
    low, high = wilson(row["numerator"], row["denominator"])
    return f"{words.pct(low)} to {words.pct(high)}"


def _beside(view: View, measure: Kpi, by: Breakdown, cases: pd.DataFrame) -> list[Component]:
    reasons = cases["left_out"].value_counts().to_dict()
    return [
        *ways_to_break_down(view, measure, by.key),
        cards.left_out(reasons, "cases", cases["apart"].value_counts().to_dict()),
        cards.aside_section("Not known", html.P("A case of which this is not recorded is in a group of its own, and is never dropped.")),
    ]


def _says(title: str, says: str, link: Component) -> Component:
    return html.Div([shell.heading(title), cards.empty("Nothing to break down", says, link)], className="wrap")


PAGE = Page("/kpi/<key>/by/<by>", draw)
