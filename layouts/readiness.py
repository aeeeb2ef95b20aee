"""Readiness: if inspectors came tomorrow, what would stand, what would not, and what is not known; as at any day, on one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from data.tables import Tables
from kpi import REGISTER
from kpi.readiness import STANDS, STANDS_WORDS, duties_of, in_words, oldest_overdue, plan_position, readiness
from kpi.recording import recording_lag
from layouts import cards, due, shell, words
from layouts.marks import status_mark, sustained_dots
from layouts.not_loaded import covered_months
from layouts.outlook import heading_of
from layouts.page import Page
from layouts.readiness_parts import data_section, overdue_section, plan_section
from layouts.readiness_plan import stages
from layouts.tables import Column, plain_table, value_cell
from layouts.view import View

HERE, TITLE = "/readiness", "Readiness for inspection"
VERDICTS = {"on_track": "On track", "at_risk": "At risk", "off_track": "Off track", "met": "Met", "too_early": "Too early to say"}
MUCH = 10.0  # per cent left out, from which it is said in the summary


@dataclass(frozen=True)
class Position:
    """Everything the page and its workbook show: as at `day`, of the month `period`. The frames are those of `kpi.readiness`."""

    day: pd.Timestamp
    period: pd.Timestamp
    measures: pd.DataFrame
    overdue: pd.DataFrame
    recorded: pd.Series | None
    spoken: pd.DataFrame
    plan: pd.DataFrame
    stages: Mapping[str, str]


def draw(view: View) -> Component:
    """The page as at the day in the address, else at the end of the newest month."""
    if view.period is None:
        says = "The data team loads extracts with: python app.py load PATH"
        return html.Div([shell.heading(TITLE), cards.empty("Nothing has been loaded yet", says)], className="wrap")
    day, refused = due.asked_day(view)
    at = position(view, day)
    if at is None:
        says = f"The first month with figures is {words.month(view.periods[0])}. " if view.periods else ""
        content = cards.empty(f"No figures up to {words.day(day)}", f"{says}Choose a later day.")
        return html.Div([shell.heading(TITLE), _day_form(day), content], className="wrap ready")
    said = f", with the figures of {words.month(at.period)} as they stand now, whatever was loaded since.{refused}"
    export = shell.download("Export to Excel", shell.address("/export/readiness.xlsx", {"day": f"{day:%Y-%m-%d}"}))
    return html.Div(
        [
            shell.crumbs([("Briefing", "/")], TITLE),
            shell.heading(TITLE, shell.buttons(export, html.Button("Print", type="button", className="btn", **{"data-print": ""}))),
            html.Div([shell.as_at(day, said), _day_form(day)], className="head below"),
            _summary(view, at),
            _measures(view, at),
            overdue_section(view, at.overdue, day),
            data_section(at.spoken, at.recorded, at.period),
            plan_section(at.plan, at.stages),
        ],
        className="wrap ready",
    )


def position(view: View, day: pd.Timestamp) -> Position | None:
    """How the whole authority stands on a day, as far as this viewer may see; None where no month up to it has figures."""
    months = [month for month in view.periods if month <= day]
    if not months:
        return None
    at = replace(view, query={"key": "", "period": f"{months[-1]:%Y-%m}"})
    figures = at.figures("authority", [""])
    verdicts = {}
    for key, history in figures[figures["kpi"].isin(view.targets["kpi"])].groupby("kpi"):
        heading = heading_of(REGISTER[str(key)], history.sort_values("period"))
        verdicts[str(key)] = heading.verdict if heading is not None else ""
    rows = readiness(figures, view.targets, months[-1], covered=covered_months(view), verdicts=verdicts)
    recorded = view.store.told(view.viewer, partial(_recorded, period=months[-1]))
    return Position(
        day, months[-1], rows, oldest_overdue(due.owed(at, day)), recorded.iloc[0] if len(recorded) else None,
        _spoken_until(view, months[-1]), view.store.told(view.viewer, partial(plan_position, day=day)), stages(view, day),
    )  # fmt: skip


def _recorded(tables: Tables, *, period: pd.Timestamp) -> pd.DataFrame:
    every = recording_lag(tables, period)
    return every[every["team_id"] == ""]


def _spoken_until(view: View, period: pd.Timestamp) -> pd.DataFrame:
    """The last month up to the period each monthly source speaks for: source, month, behind (months)."""
    said = view.store.spoken_for(view.viewer.authority)
    newest = said[said["month"] <= period].groupby("source", as_index=False)["month"].max()
    behind = (period.year - newest["month"].dt.year) * 12 + period.month - newest["month"].dt.month
    return newest.assign(behind=behind).sort_values(["behind", "source"], ascending=[False, True], ignore_index=True)


def _day_form(day: pd.Timestamp) -> Component:
    field = dcc.Input(id="ready-day", name="day", type="text", value=f"{day:%d/%m/%Y}", inputMode="numeric", debounce=True)
    return html.Form(
        [
            html.Label([html.Span("As at any day (dd/mm/yyyy)"), field], className="pick"),
            html.Button("Show that day", type="submit", className="btn"),
        ],
        action=HERE, method="GET", className="search day",
    )  # fmt: skip


def _summary(view: View, at: Position) -> Component:
    """What would stand, what would not and what is not known: in words, then named."""
    first, *rest = in_words(at.measures, at.period)
    much = at.measures[at.measures["out_share"] >= MUCH]
    if len(much):
        named = ", ".join(REGISTER[key].title for key in much["kpi"])
        rest.append(f"More than one case in ten is left out of {words.spoken(len(much))}: {named}.")
    groups = [_group(view, at, stands) for stands in STANDS]
    return html.Section(
        [
            html.P(first, className="message"),
            *([html.P(" ".join(rest), className="more")] if rest else []),
            html.Div([group for group in groups if group is not None], className="stands"),
        ],
        **{"aria-label": "In short"},
    )


def _group(view: View, at: Position, stands: Any) -> Component | None:
    rows = at.measures[at.measures["stands"] == stands]
    if rows.empty:
        return None
    lines = [html.Li([html.A(REGISTER[r["kpi"]].title, href=_href(at, r["kpi"])), html.Span(r["why"])]) for r in rows.to_dict("records")]
    title = STANDS_WORDS[stands]
    return html.Div([html.H2(f"{title}: {words.count(len(rows))}"), html.Ul(lines)])


def _measures(view: View, at: Position) -> Component:
    """Each target: level now, met, sustained, on trajectory, what was left out, how far the data reaches, the oldest overdue."""
    order = {stands: n for n, stands in enumerate(STANDS)}
    rows = at.measures.assign(_order=at.measures["stands"].map(order)).sort_values("_order", kind="stable").to_dict("records")
    late = {r["duty"]: r for r in at.overdue.to_dict("records")}
    columns = [
        Column("Measure", lambda r: html.A(REGISTER[r["kpi"]].title, href=_href(at, r["kpi"]))),
        Column("Now", _figure, numeric=True),
        Column("Target", _target, wrap=False),
        Column("Met?", lambda r: status_mark(r["status"]), wrap=False),
        Column("Sustained", lambda r: sustained_dots(_months(r)), wrap=False),
        Column("By its date", lambda r: VERDICTS.get(r["verdict"], words.NONE), wrap=False),
        Column("Left out", _left_out, numeric=True),
        Column("Data to", lambda r: words.short_month(r["known_until"]), wrap=False),
        Column("Oldest overdue", lambda r: _oldest(r, late, at.day), wrap=False),
    ]
    heads = {stands: f"{STANDS_WORDS[stands]}: {int((at.measures['stands'] == stands).sum())}" for stands in STANDS}
    table = plain_table(
        columns, rows, f"Targets, {words.month(at.period)}", groups=lambda r: r["stands"], group_heads=heads,
        nothing="No target is in force.",
    )  # fmt: skip
    says = (
        "By its date: whether the pace of the last twelve months is likely to reach the target by its day. Left out: cases of too little "
        "record, or that the definition does not count; choose the measure to see why."
    )
    return cards.section("Target by target", table, says=says)


def _figure(row: Mapping[str, Any]) -> list[Component]:
    measure = REGISTER[row["kpi"]]
    base = words.base(row["numerator"], row["denominator"], measure.measure)
    return [value_cell(row["value"], measure), html.Span(base, className="sub")]


def _target(row: Mapping[str, Any]) -> list[Component]:
    measure = REGISTER[row["kpi"]]
    said = [html.Span(words.target_words(row["target"], measure.better, measure.measure))]
    by = words.by_words(row["target_by"])
    return [*said, html.Span(by, className="sub")] if by else said


def _months(row: Mapping[str, Any]) -> list[bool] | None:
    met = row["months_met"]
    return None if row["stands"] == "not_known" or not isinstance(met, tuple) else [bool(month) for month in met]


def _left_out(row: Mapping[str, Any]) -> Any:
    if not row["out"]:
        return "0"
    share = "" if words.missing(row["out_share"]) else words.pct(row["out_share"])
    return [words.count(row["out"]), *([html.Span(share, className="sub")] if share else [])]


def _oldest(row: Mapping[str, Any], late: Mapping[str, Mapping[str, Any]], day: pd.Timestamp) -> Any:
    held = [late[duty] for duty in duties_of(REGISTER[row["kpi"]]) if duty in late and late[duty]["overdue"]]
    if not held:
        return words.NONE
    worst = max(held, key=lambda r: r["days_late"])
    said = words.plural(int(worst["days_late"]), "day", "days")
    href = shell.address("/due", {"day": f"{day:%Y-%m-%d}", "duty": worst["duty"], "show": "overdue"})
    return [html.A(f"{said} late", href=href), html.Span(f"{words.count(worst['overdue'])} overdue", className="sub")]


def _href(at: Position, key: str) -> str:
    return shell.address(f"/kpi/{key}", {"period": f"{at.period:%Y-%m}"})


PAGE = Page(HERE, draw, "Readiness")
