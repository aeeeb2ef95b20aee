"""The workers of one team: how much each holds, what of it is in time, overdue and due soon, and when they were last supervised."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.store import Store
from data.viewer import Viewer
from kpi.duties import DUE_SOON, IN_TIME, LEFT_OUT, OVERDUE
from kpi.shapes import UNALLOCATED
from kpi.team_work import by_worker, roster
from layouts import cards, shell, words
from layouts.marks import status_mark
from layouts.tables import Column, plain_table
from layouts.view import View, named

SUPERVISED = {
    OVERDUE: ("not met", "Overdue"),
    DUE_SOON: ("near", "Due soon"),
    IN_TIME: ("met", "In time"),
    LEFT_OUT: ("no target", "Not told"),
}
SAYS = (
    "Not a ranking. Cases are those of the workforce extract; duties are visits, reviews and the rest owed to children, those of "
    "them due soon counted as in time."
)


def workers_section(view: View, duties: pd.DataFrame) -> Component:
    """The table of workers, from the workforce extract and the team's duties."""
    staff = _staff(view)
    workers = by_worker(staff, duties).to_dict("records")
    columns = [
        Column("Worker", lambda r: _named(view, r), wrap=False),
        Column("Cases", lambda r: _cases(r), numeric=True),
        Column("Duties in time", lambda r: words.n_of_N(r["in_time"], r["owed"]) if r["owed"] else words.NONE, numeric=True),
        Column("Overdue", lambda r: _count(view, r, "overdue"), numeric=True),
        Column("Due soon", lambda r: _count(view, r, "due_soon"), numeric=True),
        Column("Last supervised", lambda r: words.day(r["supervised_on"]), wrap=False),
        Column("Supervision", _supervision, wrap=False),
    ]
    nothing = "No workforce extract is loaded, and nobody holds a duty in this team."
    table = plain_table(columns, workers, "Workers", nothing=nothing, row_class=lambda r: "cut" if r["worker_id"] == UNALLOCATED else "")
    listed = staff["observed_on"].max()
    when = "No workforce extract speaks for this month. " if words.missing(listed) else f"In post by the extract of {words.day(listed)}. "
    return html.Div(cards.section("Workers", table, says=f"{when}{SAYS}", ident="workers"), className="workers")


def _staff(view: View) -> pd.DataFrame:
    staff = _everybody(view.store, view.viewer, view.version, view.period)
    return staff[staff["team_id"] == view.team]


@lru_cache(maxsize=4)
def _everybody(store: Store, viewer: Viewer, version: tuple[int, int], day: pd.Timestamp) -> pd.DataFrame:
    return store.cases(viewer, partial(roster, day=day))


def _named(view: View, row: Mapping[str, Any]) -> list[Any]:
    """The worker, what they are, and their hours; the name leads to all they owe."""
    who = row["worker_id"]
    link = html.A(named(who), href=_due(view, who))
    if who == UNALLOCATED:
        return [link, html.Span("held by nobody", className="sub")]
    if not row["listed"]:
        return [link, html.Span("not in the workforce extract", className="sub")]
    role = "" if words.missing(row["role"]) else str(row["role"])
    hours = "" if words.missing(row["fte"]) else f"{words.decimal(row['fte'], 1)} FTE"
    agency = "agency" if not words.missing(row["agency"]) and bool(row["agency"]) else ""
    return [link, html.Span(", ".join(part for part in (role, hours, agency) if part), className="sub")]


def _cases(row: Mapping[str, Any]) -> str:
    return words.NONE if words.missing(row["caseload"]) else words.count(row["caseload"])


def _count(view: View, row: Mapping[str, Any], name: str) -> Any:
    """A number that leads to its list; nought leads nowhere."""
    n = int(row[name])
    show = "overdue" if name == "overdue" else "soon"
    said = f"{words.count(n)} {'overdue' if show == 'overdue' else 'due soon'}: {named(row['worker_id'])}"
    return html.A(words.count(n), href=_due(view, row["worker_id"], show), **{"aria-label": said}) if n else "0"


def _supervision(row: Mapping[str, Any]) -> Any:
    return status_mark(*SUPERVISED[row["supervision"]]) if row["supervision"] else html.Span("Not owed", className="quiet")


def _due(view: View, worker: str, show: str = "") -> str:
    return shell.address("/due", {"period": view.chosen["period"], "team": view.team, "worker": worker, "show": show})
