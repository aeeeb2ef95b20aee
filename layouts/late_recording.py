"""How late visits are written up, by team: kept apart from late visits, which is another thing."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.store import Store
from data.tables import Tables
from data.viewer import Viewer
from kpi.recording import LATE_AFTER, OVER_MONTHS, recording_lag
from layouts import cards, shell, words
from layouts.bars import Part, bars
from layouts.data_page import data_page, nothing_loaded
from layouts.marks import meter
from layouts.page import Page
from layouts.tables import Column, plain_table
from layouts.view import View, named

HERE = "/data/recording"
TITLE = "Late recording"
MONTHS = 12
SAYS = (
    "How long after a visit it was written up. This says nothing of whether the visit was in time: one made in time and written up late "
    "counts as in time."
)


def draw(view: View) -> Component:
    """The days from visit to record in the three months to the period: the whole, each team worst first, and twelve months of it."""
    if view.loads.empty or view.period is None:
        return nothing_loaded(TITLE, HERE)
    every = lags(view.store, view.viewer, view.version, view.period)
    now = every[every["period"] == view.period]
    period = view.choices()[0]
    choose = shell.filters(HERE, [period])
    if now.empty or not int(now["visits"].sum()):
        nothing = cards.empty(
            f"No visit to {words.day(view.period)} has a recorded day",
            "Late recording is told from a visits extract with a “recorded on” column.",
        )
        return data_page(HERE, TITLE, [nothing], says=SAYS, filters=choose)
    whole, teams = now[now["team_id"] == ""], now[now["team_id"] != ""]
    content = [_facts(whole.iloc[0]) if len(whole) else None, _over_time(every), _teams(teams, view)]
    return data_page(HERE, TITLE, content, says=SAYS, filters=choose)


@lru_cache(maxsize=8)
def lags(store: Store, viewer: Viewer, version: tuple[int, int], period: pd.Timestamp) -> pd.DataFrame:
    """The recording of each of the twelve months to a period, for the teams this viewer may see: `recording_lag` with its period."""
    months = pd.date_range(end=period, periods=MONTHS, freq="ME").as_unit("s")

    def measure(tables: Tables) -> pd.DataFrame:
        visit = tables.visit
        recent = visit[visit["happened_on"] > months[0] - pd.DateOffset(months=OVER_MONTHS + 1)]
        part = Tables({"visit": recent})
        return pd.concat([recording_lag(part, month).assign(period=month) for month in months], ignore_index=True)

    return store.cases(viewer, measure)


def _facts(whole: pd.Series) -> Component:
    visits, late = int(whole["visits"]), int(whole["late"])
    return cards.facts(
        [
            cards.Fact("Median from visit to record", _days(whole["median_days"]), "half or more" if not whole["median_days"] else None),
            cards.Fact(
                f"Recorded more than {LATE_AFTER} days after", words.pct(100 * late / visits) if visits else words.NONE,
                words.n_of_N(late, visits),
            ),
            cards.Fact("No recorded day", words.count(int(whole["not_dated"])), "left out: it cannot be told"),
            cards.Fact("Recorded before the visit", words.count(int(whole["before"])), "left out: one of the two days is wrong"),
        ],
        large=True,
    )  # fmt: skip


def _over_time(every: pd.DataFrame) -> Component | None:
    whole = every[every["team_id"] == ""].sort_values("period")
    whole = whole[whole["visits"] > 0]
    if len(whole) < 2:
        return None
    rows = whole.to_dict("records")
    share = [100 * r["late"] / r["visits"] for r in rows]
    extra = [
        Column("Visits", lambda r: words.n_of_N(r["late"], r["visits"]), numeric=True),
        Column("Median", lambda r: _days(r["median_days"]), numeric=True),
    ]
    return bars(
        f"Visits recorded more than {LATE_AFTER} days after", [words.short_month(r["period"]) for r in rows],
        [Part(f"More than {LATE_AFTER} days", "data", share)], says="Each month with the two before it, of visits with both days.",
        shown=lambda n: f"{words.plain(n or 0) if not (n or 0) % 1 else words.decimal(n or 0)}{words.THIN}%", extra=extra, rows=rows,
    )  # fmt: skip


def _teams(teams: pd.DataFrame, view: View) -> Component:
    share = teams["late"] / teams["visits"].where(teams["visits"] > 0)
    ordered = teams.assign(share=100 * share).sort_values(["share", "team_id"], ascending=[False, True], na_position="last")
    columns = [
        Column("Team", lambda r: named(r["team_id"]), wrap=False),
        Column("Median", lambda r: _days(r["median_days"]), numeric=True),
        Column(f"Over {LATE_AFTER} days", lambda r: words.pct(r["share"]), numeric=True),
        Column("Share", lambda r: meter(r["share"]), hidden_title=True, wide_only=True),
        Column("Visits", lambda r: words.n_of_N(r["late"], r["visits"]) if r["visits"] else words.NONE, numeric=True),
        Column("No recorded day", lambda r: words.count(r["not_dated"]), numeric=True, quiet=True),
        Column("Before the visit", lambda r: words.count(r["before"]), numeric=True, quiet=True),
    ]
    table = plain_table(columns, ordered.to_dict("records"), "Late recording by team", nothing="No team you may see made a visit.")
    says = f"Visits of the three months to {words.day(view.period)}, calendar days, the slowest first. A team is that of the visit's day."
    note = html.P(["Whether children were seen in time is on the ", shell.link("briefing", "/"), "."], className="small quiet")
    return cards.section("By team", table, note, says=says)


def _days(days: Any) -> str:
    if words.missing(days):
        return words.NONE
    if float(days) == 0:
        return "Same day"
    return "1 day" if float(days) == 1 else f"{words.decimal(float(days))} days" if float(days) % 1 else f"{int(days)} days"


PAGE = Page(HERE, draw, part_of="/data")
