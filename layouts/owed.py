"""What is owed by a unit as at the end of the period: every duty, worked out once for each state of the data, and told in a few words."""

from __future__ import annotations

from functools import lru_cache, partial

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.store import Store
from data.viewer import Viewer
from kpi.duties import DUE_SOON, DUTIES, OVERDUE, SOON, due
from layouts import shell, words
from layouts.view import View

FEW = 4  # duties a briefing has room for


def duties_of(view: View) -> pd.DataFrame:
    """Every duty this viewer may see of the unit chosen, in time or not, as at the period end: the columns of `kpi.duties.due`.

    A team is in the service it belonged to that day.
    """
    assert view.period is not None
    rows = every_duty(view, view.period)
    if view.team:
        return rows[rows["team_id"] == view.team]
    return rows[rows["service_id"] == view.service] if view.service else rows


def due_this_week(view: View) -> Component | None:
    """What falls due in the next five working days, by duty, and what is overdue already; None for a month that is past.

    What was due then is of no help now, and a past month's list is one filter away on the Due page.
    """
    if not view.periods or view.period != view.periods[-1]:
        return None
    rows = duties_of(view)
    soon, late = (rows[rows["state"] == state] for state in (DUE_SOON, OVERDUE))
    order = {duty.key: n for n, duty in enumerate(DUTIES)}
    counts = soon["duty"].value_counts()
    ranked = sorted(counts.items(), key=lambda item: (-int(item[1]), order[str(item[0])]))
    titles = {duty.key: duty.title for duty in DUTIES}
    lines = [
        _line(titles[str(key)], int(n), shell.address("/due", {**view.chosen, "duty": str(key), "show": "soon"})) for key, n in ranked[:FEW]
    ]
    rest = sum(int(n) for _, n in ranked[FEW:])
    if rest:
        lines.append(_line("Everything else", rest, _list_of(view, "soon")))
    if len(late):
        lines.append(_line("Overdue already", len(late), _list_of(view, "overdue")))
    when = f"In the {words.spoken(SOON)} working days after {words.day(view.period)}."
    content = html.Ul(lines, className="strip") if lines else html.P("Nothing is due or overdue here.", className="calm")
    return html.Section(
        [html.H2("Due this week", id="due-week"), html.P(when, className="small quiet"), content], **{"aria-labelledby": "due-week"}
    )


def _list_of(view: View, show: str, duty: str = "") -> str:
    return shell.address("/due", {**view.chosen, "duty": duty, "show": show})


def _line(title: str, count: int, href: str) -> Component:
    return html.Li([html.A(title, href=href), html.B(words.count(count))])


def every_duty(view: View, day: pd.Timestamp) -> pd.DataFrame:
    """Every duty this viewer may see, of every unit, as at a day: worked out once for each state of the data; never changed in place."""
    return _every(view.store, view.viewer, view.held, day)


@lru_cache(maxsize=8)
def _every(store: Store, viewer: Viewer, held: tuple[int, ...], day: pd.Timestamp) -> pd.DataFrame:
    return store.cases(viewer, partial(due, day=day))
