"""What lies ahead of a KPI, and who may need support: will the target be met by its date, and which units stand out for the worse."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import Kpi
from kpi.extra_support import WHAT_THIS_IS, units_to_look_at
from kpi.figures import HISTORY_SHORT, Level
from kpi.trajectory import Trajectory, trajectory
from layouts import cards, shell, words
from layouts.view import View, named

YEAR = 12


def heading_of(measure: Kpi, history: pd.DataFrame) -> Trajectory | None:
    """Where one unit's figures are heading, up to the last month of this history; None without a target, its date or a better direction."""
    used = history[(history["note"] != HISTORY_SHORT) & history["value"].notna()]
    if used.empty or measure.better is None:
        return None
    last = used.iloc[-1]
    if words.missing(last["target"]) or words.missing(last["target_by"]):
        return None
    bounds = (0.0, 100.0) if measure.measure == "percent" else None
    return trajectory(
        used["value"],
        used["period"],
        target=float(last["target"]),
        by=last["target_by"],
        better=measure.better,
        measure=measure.measure,
        bounds=bounds,
    )


def outlook(measure: Kpi, history: pd.DataFrame) -> Component | None:
    """Will the target be met by its date? In words, with the likely range."""
    heading = heading_of(measure, history)
    if heading is None:
        return None
    return cards.aside_section("Will it get there?", html.P(heading.words))


def look_at(view: View, measure: Kpi) -> Component | None:
    """The teams (in one team, the workers) to look at, for extra support: never a league table. None where nothing can be compared."""
    if measure.better is None or measure.span != "month" or view.period is None:
        return None
    figures = _workers(view, measure) if view.team else _teams(view, measure)
    figures = figures[figures["note"] != HISTORY_SHORT]
    if figures.empty:
        return None
    level: Level = "worker" if view.team else "team"
    found = units_to_look_at(
        figures, better=measure.better, measure=measure.measure, level=level, rebase_at=view.rebases_of(measure.key), span=measure.span
    )
    here = {"team": view.team, "show": "all"} if view.team else {}
    path = f"/cases/{measure.key}" if view.team else view.path
    rows = [
        html.Li(
            [shell.link(named(unit), path, **{**view.chosen, **here, level: unit}), html.Span([reason, " ", _deep_dive(view, level, unit)])]
        )
        for unit, reason in zip(found["unit_id"], found["reason"], strict=True)
    ]
    nobody = "worker with 20 cases or more" if view.team else "team"
    content = html.Ul(rows, className="notes plain") if rows else html.P(f"No {nobody} stands out for the worse three months running.")
    return cards.section("Workers to look at" if view.team else "Teams to look at", content, says=WHAT_THIS_IS)


def _deep_dive(view: View, level: Level, unit: str) -> Component:
    """The way to a year of everything known of a unit."""
    href = shell.address("/deep-dive", {"period": view.chosen["period"], level: unit})
    return html.A(["Deep dive", html.Span(f": {named(unit)}", className="vh")], href=href)


def _teams(view: View, measure: Kpi) -> pd.DataFrame:
    figures = view.figures("team", keys=[measure.key])
    if view.service:
        return figures[figures["unit_id"].isin(view.teams.loc[view.teams["service_id"] == view.service, "team_id"])]
    return figures


def _workers(view: View, measure: Kpi) -> pd.DataFrame:
    """Every worker's figures of the last year, for those who hold cases of this team now."""
    assert view.period is not None
    first = view.period - pd.offsets.MonthEnd(YEAR)
    held = view.cases(measure)["worker_id"].unique().tolist()
    return view.store.figures(view.viewer, levels=("worker",), kpis=[measure.key], units=held, first=first, last=view.period)
