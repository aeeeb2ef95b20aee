"""The dashboard, put together. PAGES is the ordered list of pages; adding one is a module with a PAGE, one row here, and one test."""

from __future__ import annotations

import io
import json
import logging
import secrets
from collections.abc import Callable
from functools import cache, lru_cache, partial
from pathlib import Path
from urllib.parse import parse_qsl

import pandas as pd
from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component
from flask import Response, abort, request, send_file

from data.store import Store
from data.viewer import Viewer
from kpi import REGISTER
from kpi.contract import figure_rows
from kpi.period import parse_month
from layouts import (
    accessibility,
    appearance,
    assets_together,
    audits,
    breakdowns,
    briefing,
    cards,
    case_list,
    catalogue,
    deep_dive,
    domain,
    due,
    fortnightly,
    loads,
    measure,
    method,
    note_forms,
    plan,
    present,
    readiness,
    search,
    sending,
    shell,
    style_page,
    surgery,
    surgery_exports,
    surgery_forms,
    target_forms,
    targets_page,
    team,
    teams,
    upload,
    worked_examples,
)
from layouts.as_html import lightened
from layouts.cases_book import cases_book
from layouts.catalogue_book import catalogue_book
from layouts.catalogue_entries import entries
from layouts.due_book import due_book
from layouts.intake import Intake
from layouts.long_list import as_asked, part_of
from layouts.navigation import navigation
from layouts.page import Page
from layouts.problems_book import problems_book
from layouts.public_book import public_book
from layouts.public_figures import public_figures
from layouts.readiness_book import readiness_book
from layouts.summary import summary_of
from layouts.view import View

PAGES: tuple[Page, ...] = (
    briefing.PAGE, *domain.PAGES, teams.PAGE, team.PAGE, measure.PAGE, breakdowns.PAGE, case_list.PAGE,
    due.PAGE, fortnightly.PAGE, *surgery.PAGES, catalogue.PAGE, targets_page.PAGE, *loads.PAGES, *plan.PAGES,
    readiness.PAGE, deep_dive.PAGE, audits.PAGE, method.PAGE, worked_examples.PAGE, present.PAGE, accessibility.PAGE, style_page.PAGE,
)  # fmt: skip

# What a page asks for only once its scripts run, asked for at once instead; on pages with a chart, what draws it too.
EARLY = "</_dash-layout>; rel=preload; as=fetch; crossorigin=anonymous, </_dash-dependencies>; rel=preload; as=fetch; crossorigin=anonymous"
PLOTLY = "plotly/package_data/plotly.min.js"  # where Dash's charts look for what draws them
DRAWS = (PLOTLY, "dash/dcc/async-graph.js")
EARLY_WITH_CHART = ", ".join([EARLY, *(f"</_dash-component-suites/{file}>; rel=preload; as=script; fetchpriority=low" for file in DRAWS)])
WITH_CHART = ("/kpi/", "/present")
PAGE_ENDPOINTS = ("/", "/<path:path>")  # as Dash names the addresses at which it answers with a page
HOSTS = {"127.0.0.1", "localhost", "[::1]"}
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLOTLY_BASIC = Path(__file__).parent / "third_party" / "plotly-basic.min.js"
log = logging.getLogger("sightline")


def build_app(store: Store, viewer: Viewer, org: str, area: str | None = None, intake: Intake | None = None) -> Dash:
    """The dashboard of one authority for one viewer, ready to be served. Nothing outside is asked for: every file comes from here.

    area: the council among the published figures whose region and statistical neighbours it is held against; none: England alone.
    intake: who loads the files people send and withdraws loads, in processes of their own; none: the pages offer neither.
    """
    loading = intake is not None and viewer.may_load
    app = Dash(
        "sightline", assets_folder=assets_together.ASSETS.as_posix(), assets_ignore=assets_together.NOT_BY_DASH, pages_folder="",
        title="Sightline", update_title=None, serve_locally=True, suppress_callback_exceptions=True, enable_mcp=False,
    )  # fmt: skip
    app.index_string = assets_together.fingerprinted(shell.INDEX)
    app.layout = html.Div([dcc.Location(id="url", refresh=False), html.Div(cards.loading(), id="page")])

    def redraw(path: str, search: str) -> Component:
        return _handed_over(draw(store, viewer, org, path, search, area, loading))

    @app.callback(Output("page", "children"), Input("url", "pathname"), Input("url", "search"))
    def show(path: str | None, search: str | None) -> Component:
        return redraw(path or "/", search or "")

    note_forms.register(app, store, viewer, redraw)
    target_forms.register(app, store, viewer, redraw)
    surgery_forms.register(app, store, viewer, redraw)
    surgery_exports.register(app.server, store, viewer, org)
    plan.register(app, store, viewer, org, redraw)
    app.server.add_url_rule("/search.json", view_func=partial(_search_index, store, viewer, org), endpoint="search_index")
    app.server.add_url_rule("/export/figures.csv", view_func=partial(_export_figures, store, viewer, org), endpoint="export_figures")
    app.server.add_url_rule("/export/catalogue.xlsx", view_func=partial(_export_catalogue, store, viewer, org), endpoint="export_catalogue")
    app.server.add_url_rule("/export/public.xlsx", view_func=partial(_export_public, store, viewer, org), endpoint="export_public")
    app.server.add_url_rule("/export/cases.xlsx", view_func=partial(_export_cases, store, viewer, org), endpoint="export_cases")
    app.server.add_url_rule("/export/due.xlsx", view_func=partial(_export_due, store, viewer, org), endpoint="export_due")
    app.server.add_url_rule("/export/readiness.xlsx", view_func=partial(_export_readiness, store, viewer, org), endpoint="export_readiness")
    app.server.add_url_rule("/export/summary.xlsx", view_func=partial(_export, store, viewer, org), endpoint="export_summary")
    app.server.add_url_rule("/export/problems.xlsx", view_func=partial(_export_problems, store, viewer, org), endpoint="export_problems")
    app.server.add_url_rule("/rows/<path:path>", view_func=partial(_rows, store, viewer, org), endpoint="rows")
    app.server.add_url_rule(f"/_dash-component-suites/{PLOTLY}", view_func=partial(send_file, PLOTLY_BASIC), endpoint="plotly")
    assets_together.register(app.server)
    upload.register(app.server, viewer, intake)
    app.server.before_request(_only_this_machine)
    sending.register(app.server, lambda: (*state_of(store, viewer), _today()))
    app.server.after_request(partial(_headers, cache(lambda: _policy(app))))
    return app


def draw(
    store: Store, viewer: Viewer, org: str, path: str, search: str, area: str | None = None, loading: bool = False
) -> Component:  # fmt: skip
    """The page at an address. What goes wrong is said on the page and logged without any of the data."""
    try:
        return _drawn(store, viewer, org, state_of(store, viewer), path, search, area, _today(), loading)
    except Exception as error:  # the page says so; the log names the place and the kind of error, never what it held
        sending.not_to_be_kept()
        word = secrets.token_hex(3)
        trail = error.__traceback__
        while trail is not None and trail.tb_next is not None:
            trail = trail.tb_next
        where = f"{trail.tb_frame.f_code.co_filename}:{trail.tb_lineno}" if trail else "?"
        log.error("a page failed (%s): %s at %s", word, type(error).__name__, where)
        says = cards.error(says=f"Nothing has been lost. Quote {word} when you report it.")
        content = html.Div([shell.heading("This page could not be shown"), says], className="wrap")
        return shell.frame(content, nav=navigation(PAGES, None, {}).bar, here="", org=org, foot=appearance.foot())


def state_of(store: Store, viewer: Viewer) -> tuple[int, ...]:
    """Another value whenever anything was loaded, withdrawn, written or agreed: any page may then be another."""
    return (*store.version(viewer.authority), *store.surgeries.version(viewer.authority))


def _today() -> pd.Timestamp:
    return pd.Timestamp.now().normalize()


@lru_cache(maxsize=128)
def _drawn(
    store: Store, viewer: Viewer, org: str, state: tuple[int, ...], path: str, search: str, area: str | None, today: pd.Timestamp,
    loading: bool,
) -> Component:  # fmt: skip
    """A page is the same for the same address and day until the data changes: it is drawn once for all who ask."""
    query = dict(parse_qsl(search.lstrip("?")))
    for page in PAGES:
        found = page.match(path)
        if found is not None:
            view = View(store, viewer, org, path, {**query, **found}, area, today, loading)
            content, way = page.draw(view), navigation(PAGES, page, view.chosen)
            break
    else:
        view = View(store, viewer, org, path, query, area, today, loading)
        content, way = _not_found(path), navigation(PAGES, None, view.chosen)
    whose = f"{org}, children’s services"
    return shell.frame(
        content, nav=way.bar, here=way.here, row=way.row, row_here=way.row_here, org=whose, invented=view.invented, foot=appearance.foot()
    )  # fmt: skip


@lru_cache(maxsize=128)
def _handed_over(page: Component) -> Component:
    """A page as it is sent: once for each page drawn, which is the same object until the data changes."""
    return lightened(page)


def _not_found(path: str) -> Component:
    return html.Div(
        [
            shell.heading("Page not found"),
            cards.empty(f"There is nothing at {path}", "The address may be old or mistyped.", shell.link("Go to the briefing", "/")),
        ],
        className="wrap",
    )


def _search_index(store: Store, viewer: Viewer, org: str) -> Response:
    """What the search in the header looks through: measures, domains, services, teams and pages; never a child or a worker."""
    found = search.index(View(store, viewer, org, "/", {}), PAGES)
    return Response(json.dumps(found, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")


def _rows(store: Store, viewer: Viewer, org: str, path: str) -> Response:
    """One part of the long list of a page: the page's own rows, as far as this viewer may see them."""
    found = next(((page.listed, parts) for page in PAGES if page.listed and (parts := page.match(f"/{path}")) is not None), None)
    if found is None:
        abort(404)
    view = View(store, viewer, org, f"/{path}", {**request.args.to_dict(), **found[1]})
    listed = found[0](view)
    if listed is None:
        abort(404)
    return Response(json.dumps(part_of(view, listed, view.query.get("part", ""))), mimetype="application/json")


def _export(store: Store, viewer: Viewer, org: str) -> Response:
    """The Excel summary of the month in the address."""
    try:
        period = parse_month(request.args.get("period", ""))
    except ValueError:
        abort(400)
    content = summary_of(store, viewer, org, period, produced_at=pd.Timestamp.now().floor("s"))
    return _workbook(content, f"sightline-summary-{period:%Y-%m}.xlsx")


def _export_catalogue(store: Store, viewer: Viewer, org: str) -> Response:
    """Every measure there is, with its definition and how it stands."""
    view = View(store, viewer, org, "/catalogue", {})
    return _workbook(catalogue_book(entries(view), org, invented=view.invented), "sightline-catalogue.xlsx")


def _export_public(store: Store, viewer: Viewer, org: str) -> Response:
    """The figures of the month in the address that are fit to publish; only for those who see every team."""
    view = View(store, viewer, org, "/", dict(request.args))
    if not viewer.every_team:
        abort(403)
    if view.period not in view.periods:
        abort(404)
    content = public_book(public_figures(view), org, invented=view.invented, produced_at=pd.Timestamp.now().floor("s"))
    return _workbook(content, f"sightline-fit-to-publish-{view.period:%Y-%m}.xlsx")


def _export_due(store: Store, viewer: Viewer, org: str) -> Response:
    """What is overdue and due soon in the unit in the address, as far as this viewer may see it."""
    view = View(store, viewer, org, "/due", dict(request.args))
    if view.period is None:
        abort(404)
    day, _ = due.asked_day(view)
    unit = view.unit_name if view.unit[1] else ""
    return _workbook(due_book(due.owed(view, day), org, unit, day, invented=view.invented), f"sightline-due-{day:%Y-%m-%d}.xlsx")


def _export_cases(store: Store, viewer: Viewer, org: str) -> Response:
    """The list of cases in the address, as far as this viewer may see them."""
    view = View(store, viewer, org, "/cases", {"key": "", **request.args})
    found = case_list.listed(view)
    if found is None:
        abort(404)
    rows = as_asked(view, found)
    unit = view.unit_name if view.unit[1] else ""
    content = cases_book(REGISTER[view.query["key"]], rows.worded(rows.rows), found.caption, org, unit, invented=view.invented)
    return _workbook(content, f"sightline-cases-{view.query['key']}-{view.period:%Y-%m}.xlsx")


def _export_readiness(store: Store, viewer: Viewer, org: str) -> Response:
    """How the council stands for an inspection on the day in the address."""
    view = View(store, viewer, org, "/readiness", dict(request.args))
    day = None if view.period is None else due.asked_day(view)[0]
    at = None if day is None else readiness.position(view, day)
    if at is None:
        abort(404)
    return _workbook(readiness_book(at, org, invented=view.invented), f"sightline-readiness-{at.day:%Y-%m-%d}.xlsx")


def _export_problems(store: Store, viewer: Viewer, org: str) -> Response:
    """What was wrong in the loads, as filtered by the address."""
    view = View(store, viewer, org, "/data/problems", dict(request.args))
    return _workbook(problems_book(view), "sightline-problems.xlsx")


def _workbook(content: bytes, name: str) -> Response:
    return send_file(io.BytesIO(content), mimetype=EXCEL, as_attachment=True, download_name=name)


def _export_figures(store: Store, viewer: Viewer, org: str) -> Response:
    """The figures behind one chart as CSV, in the names others script against."""
    view = View(store, viewer, org, "/", dict(request.args))
    key = request.args.get("kpi", "")
    if key not in REGISTER or view.period is None:
        abort(404)
    level, unit = view.unit
    rows = figure_rows(view.figures(level, [unit], keys=[key]), viewer.authority, org)
    content = rows.assign(**{name: rows[name].map(json.dumps) for name in ("left_out", "apart")}).to_csv(index=False)
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{key}.csv"'})


def _only_this_machine() -> None:
    """Until there is a sign-in, only addresses of this machine are answered: a page elsewhere cannot reach in under another name."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if host not in HOSTS:
        abort(403)


def _policy(app: Dash) -> str:
    """What the browser may load: only what comes from here. Asked for with the first answer, when Dash has written all its scripts."""
    rules = {
        "default-src": "'self'", "img-src": "'self' data: blob:", "style-src": "'self' 'unsafe-inline'", "object-src": "'none'",
        "base-uri": "'self'", "form-action": "'self'", "frame-ancestors": "'none'", "script-src": f"'self' {' '.join(app.csp_hashes())}",
    }  # fmt: skip
    return "; ".join(f"{name} {allowed}" for name, allowed in rules.items())


def _headers(policy: Callable[[], str], response: Response) -> Response:
    response.headers["Content-Security-Policy"] = policy()
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint in PAGE_ENDPOINTS:
        response.headers["Link"] = EARLY_WITH_CHART if request.path.startswith(WITH_CHART) else EARLY
    return response
