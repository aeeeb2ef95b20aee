"""The very cases behind a figure: those who missed it first, the latest first; each with its dates and the reason in words."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import REGISTER, Kpi
from kpi.measures import NO_LIST
from kpi.shapes import UNALLOCATED
from kpi.why import days_late, why
from layouts import cards, shell, words
from layouts.briefing import as_at_line, kpi_link
from layouts.long_list import Listed, long_list
from layouts.marks import status_mark
from layouts.measure import trail
from layouts.page import Page
from layouts.tables import Column
from layouts.view import View, named

SHOWS = {"missed": "Those who missed it", "all": "Every case counted", "left-out": "Those left out"}
FIRST = {"missed": "The latest first", "all": "The latest first", "left-out": "As recorded"}


@dataclass(frozen=True)
class Held:
    """How the list of a mean, or of a percentage by size, is worded: what a case is, and what its value and weight are called."""

    cases: str
    value: str
    weight: str


HELD = {
    "caseload": Held("workers", "Cases", "Full-time equivalent"),
    "vacancies": Held("teams with posts", "Vacant, in full-time equivalents", "Posts, in full-time equivalents"),
    "agency_workers": Held("social workers in post", "Agency, in full-time equivalents", "Full-time equivalent"),
    "turnover": Held("teams", "Left, in full-time equivalents", "In post, in full-time equivalents"),
}


def draw(view: View) -> Component:
    """The list of cases of one KPI, month, team and worker."""
    measure = REGISTER.get(view.query["key"])
    if measure is None or view.period is None:
        return html.Div(
            [shell.heading("No such list"), cards.empty("There is nothing to list here", "", shell.link("Go to the briefing", "/"))],
            className="wrap",
        )
    if measure.given is not None:
        back = shell.link("See its figures", f"/kpi/{measure.key}", **view.chosen)
        return html.Div([shell.heading(measure.title), cards.empty("There is no list of cases", NO_LIST, back)], className="wrap")
    show, worker = _show(view, measure), view.query.get("worker", "")
    chosen = _chosen(_cases(view, measure), measure, show)
    title = _title(measure, show, len(chosen))
    where = ", ".join(
        part for part in (named(worker) if worker else "", view.unit_name if view.unit[1] else "", words.month(view.period)) if part
    )
    now = view.figures(*_unit(view), keys=[measure.key], months=0)
    choices = [
        *view.choices(),
        shell.Choice("show", "Show", _shows(measure), "" if show == _usual(measure) else show),
        *([shell.Choice("worker", "Worker", [("", "All workers"), (worker, named(worker))], worker)] if worker else []),
    ]
    return html.Div(
        [
            shell.crumbs([*trail(view, measure), (measure.title, kpi_link(view, measure.key))], "Cases"),
            shell.heading(title, *([_export(view)] if len(chosen) else [])),
            html.Div(
                [as_at_line(view, now[now["period"] == view.period], f" {where}."), shell.filters(view.path, choices)],
                className="head below",
            ),
            *_list(view, measure, chosen, show),
        ],
        className="wrap list-page",
    )


def _usual(measure: Kpi) -> str:
    """What is listed unless another is asked for: of a percentage those who missed it, of anything else every case."""
    return "missed" if measure.measure == "percent" else "all"


def _shows(measure: Kpi) -> list[tuple[str, str]]:
    usual = _usual(measure)
    return [("", SHOWS[usual]), *((k, v) for k, v in SHOWS.items() if k != usual and (k != "missed" or usual == "missed"))]


def listed(view: View) -> Listed | None:
    """The whole list of an address, of what this viewer may see; None where there is none."""
    measure = REGISTER.get(view.query["key"])
    if measure is None or measure.given is not None or view.period is None:
        return None
    show = _show(view, measure)
    return _listed(view, measure, _chosen(_cases(view, measure), measure, show), show)


def _listed(view: View, measure: Kpi, chosen: pd.DataFrame, show: str) -> Listed:
    rows = chosen.assign(late=days_late(chosen))
    caption = f"{measure.title}, {words.month(view.period)}"
    return Listed(caption, _columns(measure, rows, show), rows, FIRST[show], lambda part: part.assign(why=why(part)))


def _export(view: View) -> Component:
    asked = {**view.query, "period": f"{view.period:%Y-%m}"}
    return shell.buttons(shell.download("Export to Excel", shell.address("/export/cases.xlsx", asked)))


def _show(view: View, measure: Kpi) -> str:
    asked = view.query.get("show", "")
    return asked if asked in dict(_shows(measure)) and asked else _usual(measure)


def _cases(view: View, measure: Kpi) -> pd.DataFrame:
    """The cases of the period, unit and worker chosen, as far as this viewer may see them."""
    cases, worker = view.cases(measure), view.query.get("worker", "")
    return cases[cases["worker_id"] == worker] if worker else cases


def _unit(view: View) -> tuple[str, list[str]]:
    level, unit = view.unit
    return level, [unit]


def _chosen(cases: pd.DataFrame, measure: Kpi, show: str) -> pd.DataFrame:
    counted = cases[cases["left_out"].isna()]
    if show == "left-out":
        return cases[cases["left_out"].notna()]
    if measure.measure == "percent":
        missed = counted["met"].astype(bool) == (measure.better == "lower")
        counted = counted[missed] if show == "missed" else counted
    out = counted.assign(late=days_late(counted))
    return out.sort_values(["late", "value", "case_id"], ascending=[False, False, True], na_position="last")


def _title(measure: Kpi, show: str, count: int) -> str:
    noun = held_of(measure).cases if measure.measure in ("mean", "ratio") else measure.noun
    if show == "left-out":
        return f"{words.plural(count, 'case', 'cases')} left out: {measure.title}"
    if show == "all" or measure.measure != "percent":
        return f"All {words.count(count)} {noun}"
    return f"{words.count(count)} {noun}: {measure.did if measure.better == 'lower' else 'not ' + measure.did}"


def _list(view: View, measure: Kpi, chosen: pd.DataFrame, show: str) -> list[Component]:
    if chosen.empty:
        says = {"missed": "Every case counted met it.", "all": "No cases were counted.", "left-out": "Every case could be used."}[show]
        every = shell.link("See every case", view.path, **{**view.chosen, "show": "all"}) if show != "all" else None
        return [cards.empty("Nothing to list", says, every)]
    return long_list(view, _listed(view, measure, chosen, show))


def _columns(measure: Kpi, rows: pd.DataFrame, show: str) -> list[Column]:
    child = rows["child_id"].notna().any()
    columns = [Column("Child", "child_id", wrap=False)] if child else []
    columns += [Column("Worker", lambda r: named(r["worker_id"]), wrap=False), Column("Team", lambda r: named(r["team_id"]), wrap=False)]
    if measure.measure in ("mean", "ratio"):
        whose = columns[-1:] if (rows["worker_id"] == UNALLOCATED).all() else columns  # of a team: no worker is meant
        return [*whose, *_held_columns(held_of(measure)), Column("Why", "why")]
    if rows["happened_on"].notna().any():
        visits = any(need.startswith("visit:") for need in measure.needs)
        title = "Last seen" if measure.basis == "stock" and child and visits else "Date"
        columns.append(Column(title, lambda r: words.day(r["happened_on"]), numeric=True))
    if rows["due_on"].notna().any():
        columns.append(Column("Due", lambda r: words.day(r["due_on"]), numeric=True))
    if rows["late"].notna().any():
        columns.append(Column("Days late", lambda r: words.count(r["late"]), numeric=True))
    if measure.measure in ("days", "median"):
        columns.append(Column("Days", lambda r: words.count(r["value"]), numeric=True))
    elif show == "all" and measure.measure == "percent":
        columns.append(Column("Outcome", lambda r: _outcome(measure, bool(r["met"])), wrap=False))
    return [*columns, Column("Why", "why")]


def held_of(measure: Kpi) -> Held:
    """How the value and weight of a measure's cases are worded, on the page and in the workbook."""
    if measure.measure in ("days", "median"):
        return Held(measure.noun, "Days", "Cases")
    return HELD.get(measure.key, Held(measure.noun, "Value", "Out of"))


def _held_columns(held: Held) -> list[Column]:
    """What each case holds, and of how much; whole numbers are shown whole."""

    def shown(number: float) -> str:
        return words.NONE if words.missing(number) else words.count(number) if float(number).is_integer() else words.decimal(number, 2)

    return [
        Column(held.value, lambda r: shown(r["value"]), numeric=True),
        Column(held.weight, lambda r: shown(r["weight"]), numeric=True),
    ]


def _outcome(measure: Kpi, met: bool) -> Component:
    """What became of a case: in a measure that is better low, the ones it counts are the ones to look at; with no direction, neither."""
    if measure.better is None:
        return html.Span(measure.did.capitalize()) if met else html.Span("No", className="quiet")
    if measure.better == "lower":
        return status_mark("not met", measure.did.capitalize()) if met else html.Span("No", className="quiet")
    return status_mark("met", measure.did.capitalize()) if met else status_mark("not met", f"Not {measure.did}")


PAGE = Page("/cases/<key>", draw, listed=listed)
