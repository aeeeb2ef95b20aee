"""A deep dive: one team, service or worker over twelve months on one page, beside like units. For offering support, never for ranking."""

from __future__ import annotations

from functools import lru_cache, partial

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.store import Store
from data.viewer import Viewer
from kpi import deep_dive as found
from kpi.extra_support import WORKER_CASES
from kpi.shapes import UNALLOCATED
from layouts import audits, cards, shell, words
from layouts import deep_dive_practice as practice
from layouts.audit_sections import by_month, theme_table
from layouts.deep_dive_measures import history_of, measures_section
from layouts.not_loaded import missing_tables, not_loaded
from layouts.of_unit import of_unit
from layouts.page import Page
from layouts.view import View, named

HERE = "/deep-dive"
WANTED = {
    "worker": "Who holds how many cases", "supervision": "Supervision", "audit": "Audits, their grades and themes",
    "visit:cp": "Visits to children with a protection plan",
}  # fmt: skip
MONTHS = 12


def draw(view: View) -> Component:
    """The page of the unit or worker in the address; with none, whom to choose from."""
    if view.period is None:
        says = "The data team loads extracts with: python app.py load PATH"
        return html.Div([shell.heading("Deep dive"), cards.empty("Nothing has been loaded yet", says)], className="wrap")
    worker = view.query.get("worker", "")
    if not view.viewer.may_see_unit(*view.unit):
        return html.Div([shell.heading("Deep dive"), cards.no_permission(f"You do not see the team {view.team}.")], className="wrap")
    workers = _workers(view)
    if not worker and not view.unit[1]:
        return _choose(view, workers)
    listed = _rows(view, "listed_last")
    listed = listed[listed["worker_id"] == worker]
    if worker and listed.empty:
        says = f"No worker “{worker[:40]}” is listed in the twelve months to {words.month(view.period)} in the teams you see."
        back = shell.link("Choose a team or worker", HERE)
        return html.Div([shell.heading("Deep dive"), cards.empty("No such worker", says, back)], className="wrap")
    return _page(view, workers, listed)


def _page(view: View, workers: pd.DataFrame, listed: pd.DataFrame) -> Component:
    worker = view.query.get("worker", "")
    name = named(worker) if worker else view.unit_name
    gone = missing_tables(view, WANTED)
    like, like_words = _like(view, workers, listed)
    parts: list[Component | None] = [
        measures_section(view, history_of(view), like, like_words),
        practice.caseload_section(view, of_unit(view, workers)),
        practice.supervision_section(view, of_unit(view, _rows(view, "supervision_gaps"))) if "supervision" not in gone else None,
        *(_audits(view) if "audit" not in gone else []),
        practice.visits_section(of_unit(view, _rows(view, "visits_apart")), _standards(view)),
        practice.recording_section(view, _recorded(view)),
        not_loaded(view, WANTED),
    ]
    return html.Div(
        [
            shell.crumbs([("Briefing", shell.address("/", _period(view))), ("Deep dive", shell.address(HERE, _period(view)))], name),
            shell.heading(f"{name}: deep dive", shell.buttons(_print())),
            html.Div([_as_at(view, listed), shell.filters(HERE, _choices(view, workers))], className="head below"),
            html.P(_ways(view), className="small"),
            *[part for part in parts if part is not None],
        ],
        className="wrap deep",
    )


def _choose(view: View, workers: pd.DataFrame) -> Component:
    """Whom to look at: the services with their teams, and of a team its workers."""
    seen = [team for team in view.teams.to_dict("records") if view.viewer.may_see_unit("team", team["team_id"])]
    kept = _period(view)
    services = sorted({team["service_id"] for team in seen}, key=lambda s: (s == UNALLOCATED, s))
    lines = [
        html.Li(
            [
                html.A(html.B(named(service)), href=shell.address(HERE, {**kept, "service": service})),
                html.Ul([html.Li(html.A(named(t["team_id"]), href=shell.address(HERE, {**kept, "team": t["team_id"]})))
                         for t in seen if t["service_id"] == service]),
            ]
        )
        for service in services
        if service != UNALLOCATED
    ]  # fmt: skip
    says = "One unit over twelve months: every measure with its signal, cases held, supervision, audits, visits and recording."
    return html.Div(
        [
            shell.heading("Deep dive", shell.filters(HERE, _choices(view, workers))),
            html.P(says, className="message"),
            cards.section("Choose a service or a team", html.Ul(lines, className="choose"), says="Choose a team to reach its workers."),
        ],
        className="wrap deep",
    )


def _choices(view: View, workers: pd.DataFrame) -> list[shell.Choice]:
    """Period, service and team as everywhere, then the workers of the unit shown at the period end."""
    asked = view.query.get("worker", "")
    now = workers[workers["period"] == view.period]
    here = now if not view.unit[1] else of_unit(_without_worker(view), now)
    listed = sorted({*here["worker_id"], *([asked] if asked else [])})
    chosen = [
        shell.Choice(c.name, c.label, c.options, c.chosen, (*c.clears, *(("worker",) if c.name != "period" else ())))
        for c in view.choices()
    ]
    return [*chosen, shell.Choice("worker", "Worker", [("", "All workers"), *((w, w) for w in listed)], asked)]


def _as_at(view: View, listed: pd.DataFrame) -> Component:
    first = view.period - pd.offsets.MonthEnd(MONTHS - 1) if view.period is not None else None
    said = f", the twelve months from {words.month(first)}."
    if len(listed):
        newest = listed.iloc[-1]
        role = "" if words.missing(newest["role"]) else f"{newest['role']}, "
        said += f" {role}{named(newest['team_id'])}, as listed for {words.month(newest['period'])}. Figures of one worker are small: "
        said += f"one with fewer than {WORKER_CASES} cases is never singled out."
    return shell.as_at(view.period, said)


def _ways(view: View) -> list[Component | str]:
    """The pages that go on from here."""
    worker = view.query.get("worker", "")
    keep = {**view.chosen, **({"worker": worker} if worker else {})}
    ways: list[Component | str] = [html.A("What is due and overdue", href=shell.address("/due", keep))]
    if not worker:
        ways += [
            " · ",
            html.A("Briefing", href=shell.address("/", view.chosen)),
            " · ",
            html.A("Audits, checks and escalations", href=shell.address("/audits", view.chosen)),
        ]
    return ways


def _print() -> Component:
    return html.Button("Print", type="button", className="btn", **{"data-print": ""})


def _audits(view: View) -> list[Component | None]:
    rows = audits.made(view)
    if rows.empty:
        return [cards.section("Audits", html.P("No audit of this in twelve months.", className="quiet calm"))]
    return [cards.section("Audits", html.P(audits.said_of(rows))), by_month(rows, audits.months_spoken_for(view)), theme_table(rows)]


def _like(view: View, workers: pd.DataFrame, listed: pd.DataFrame) -> tuple[list[str], str]:
    """The units this one is compared with, and who they are: teams of its service, other services, workers of the same role."""
    if view.query.get("worker", ""):
        role = listed["role"].fillna("").str.strip().str.casefold().iloc[-1]
        now = workers[(workers["period"] == view.period) & (workers["role"].fillna("").str.strip().str.casefold() == role)]
        return sorted(set(now["worker_id"]) - {view.query["worker"]}), "Workers of the same role"
    level, unit = view.unit
    if level == "service":
        return sorted(set(view.teams["service_id"]) - {unit, UNALLOCATED}), "Other services"
    service = view.teams.loc[view.teams["team_id"] == unit, "service_id"]
    same = view.teams[view.teams["service_id"].isin(service) & (view.teams["service_id"] != UNALLOCATED)]
    return sorted(set(same["team_id"]) - {unit}), f"Other teams of {named(service.iloc[0])}" if len(service) else "Other teams"


def _workers(view: View) -> pd.DataFrame:
    return _rows(view, "caseloads")


def _rows(view: View, what: str) -> pd.DataFrame:
    assert view.period is not None
    return _found(view.store, view.viewer, view.version, view.period, what)


@lru_cache(maxsize=16)
def _found(store: Store, viewer: Viewer, version: tuple[int, int], day: pd.Timestamp, what: str) -> pd.DataFrame:
    """What one function of `kpi.deep_dive` finds, as far as this viewer may see it."""
    if what in ("caseloads", "listed_last"):
        months = pd.date_range(end=day, periods=MONTHS, freq="ME").as_unit("s")
        return store.cases(viewer, partial(getattr(found, what), periods=months))
    return store.cases(viewer, partial(getattr(found, what), day=day))


def _recorded(view: View) -> pd.DataFrame:
    """Late recording of the unit shown, month by month: numbers alone."""
    assert view.period is not None
    level, unit = view.unit
    teams = None
    if level == "team":
        teams = frozenset({unit})
    elif level == "service":
        teams = frozenset(view.teams.loc[view.teams["service_id"] == unit, "team_id"])
    months = pd.date_range(end=view.period, periods=MONTHS, freq="ME").as_unit("s")
    measure = partial(practice.recorded_by_month, periods=months, teams=teams, worker=view.query.get("worker", ""))
    return view.store.told(view.viewer, measure)


def _standards(view: View) -> dict[str, str]:
    assert view.period is not None
    said = view.store.told(view.viewer, partial(practice.standards, day=view.period))
    return dict(zip(said["cohort"], said["says"], strict=True))


def _without_worker(view: View) -> View:
    return View(view.store, view.viewer, view.org, view.path, {k: v for k, v in view.query.items() if k != "worker"}, view.area, view.today)


def _period(view: View) -> dict[str, str]:
    return {"period": view.chosen["period"]}


PAGE = Page(HERE, draw, part_of="/teams")
