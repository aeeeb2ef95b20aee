"""The commentary of a view: what the figures of the unit shown say, measure by measure, with what they are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.store import Store
from data.viewer import Viewer
from kpi import REGISTER, Kpi
from kpi.commentary import Comment, Comparator, comment_many
from kpi.figures import Level
from kpi.signalling import choice_of
from kpi.standing import rows_of, standing
from layouts import words
from layouts.comparators import newest_of_england
from layouts.outlook import heading_of
from layouts.view import View


@dataclass(frozen=True)
class Published:
    """A published figure, over its own year."""

    name: str
    when: str
    value: float
    first: pd.Timestamp
    last: pd.Timestamp


@dataclass(frozen=True)
class Noted:
    """An annotation as commentary reads it."""

    on: pd.Timestamp
    label: str
    kind: str
    kpi: str
    rebase: bool


def comments_of(view: View) -> dict[str, Comment]:
    """KPI -> what is said of the unit shown, as at the period; measures without figures that month have none."""
    return _said(view.store, view.viewer, view.version, *view.unit, view.period) if view.period is not None else {}


@lru_cache(maxsize=64)
def _said(store: Store, viewer: Viewer, version: tuple[int, int], level: Level, unit: str, period: pd.Timestamp) -> dict[str, Comment]:
    """The same for every page that says it, until the data changes."""
    asked = {} if level == "authority" else {level: unit}
    view = View(store, viewer, "", "/", {"period": f"{period:%Y-%m}", **asked})
    own = view.figures(level, [unit])
    current = set(own.loc[own["period"] == period, "kpi"])
    own = own[own["kpi"].isin(current)]
    if own.empty:
        return {}
    histories = {str(key): part.sort_values("period") for key, part in own.groupby("kpi")}
    own = own.assign(chart_reason=own["kpi"].map({key: choice_of(part, key).reason for key, part in histories.items()}))
    teams = _teams_then(view, histories) if level != "team" else own.head(0)
    headings = {(key, level, unit): heading_of(REGISTER[key], part) for key, part in histories.items()}
    said = comment_many(
        pd.concat([own, teams], ignore_index=True) if len(teams) else own,
        belongs=dict(zip(view.teams["team_id"], view.teams["service_id"], strict=True)),
        comparators={key: Comparator(c.name, c.when, c.value) for key, c in comparators(view).items()},
        headings={key: heading for key, heading in headings.items() if heading is not None},
        annotations=[Noted(r.on, r.label, r.kind, r.kpi, bool(r.rebase)) for r in view.annotations.itertuples()],
        only=(level, unit),
    )
    return {key: comment for (key, at, of), comment in said.items() if (at, of) == (level, unit)}


def _teams_then(view: View, histories: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What every team counted in the months a comment may tell of: the last of each history, and the one before its signal began."""
    keys_at: dict[pd.Timestamp, list[str]] = {}
    for key, part in histories.items():
        before = standing(REGISTER[key], rows_of(part)).before
        if before is not None:
            keys_at.setdefault(before, []).append(key)
    assert view.period is not None
    now = view.counted("team", view.period)
    earlier = [view.counted("team", month, keys) for month, keys in keys_at.items()]
    return pd.concat([now[now["kpi"].isin(list(histories))], *earlier], ignore_index=True)


def comparators(view: View) -> dict[str, Published]:
    """KPI -> the newest published figure for England whose year had ended by the period."""
    return {
        key: Published(str(r["area"]), f"the year to {words.month(r['year_to'])}", float(r["value"]), r["year_from"], r["year_to"])
        for key, r in newest_of_england(view).items()
    }


def told(comment: Comment, href: str) -> list[str | Component]:
    """The fact of a comment, how many were counted a link to the cases; plain where there are none to go to."""
    before, counted, after = comment.fact.partition(comment.counted) if comment.counted else (comment.fact, "", "")
    if not href or not counted:
        return [comment.fact]
    return [*([before] if before else []), html.A(counted, href=href), after]


def headline(comment: Comment, measure: Kpi) -> str:
    """The point of a comment where its measure is already named above it."""
    said = comment.point.removeprefix(f"{measure.title}: ").rstrip(".")
    return said[:1].upper() + said[1:]
