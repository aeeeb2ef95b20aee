"""What lies under the measures of one unit: cases held, supervision, days between visits, late recording. Rows in, components out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.tables import Tables
from kpi.clock import in_words, standard_on, standards_of
from kpi.deep_dive import in_bands
from kpi.duties import DUE_SOON, LEFT_OUT, OVERDUE
from kpi.recording import LATE_AFTER, recording_lag
from layouts import cards, shell, words
from layouts.bars import Part, bars
from layouts.marks import status_mark
from layouts.tables import Column, plain_table
from layouts.view import View, named

COHORTS = {
    "cp": ("Days between visits: child protection", "cp_visit"), "cin": ("Days between visits: children in need", "cin_visit"),
    "cla": ("Days between visits: children in care", "cla_visit"),
}  # fmt: skip


def caseload_section(view: View, workers: pd.DataFrame) -> Component | None:
    """Cases held at each month end, and how many workers hold them."""
    holding = workers[workers["caseload"] > 0]
    if holding.empty:
        return None
    each = holding.groupby("period").agg(cases=("caseload", "sum"), people=("worker_id", "nunique"), fte=("fte", "sum")).reset_index()
    unknown = int(workers.loc[workers["period"] == view.period, "caseload"].isna().sum())
    rows = each.assign(per=each["cases"] / each["fte"].where(each["fte"] > 0)).to_dict("records")
    extra = [
        Column("Workers holding cases", lambda r: words.count(r["people"]), numeric=True),
        Column("Full-time equivalents", lambda r: words.decimal(r["fte"]), numeric=True),
        Column("Cases to a full-time worker", lambda r: words.NONE if words.missing(r["per"]) else words.decimal(r["per"]), numeric=True),
    ]
    says = "At each month end an extract of the workforce speaks for, by the team each worker was in then."
    says += f" {words.plural(unknown, 'worker has', 'workers have')} no caseload recorded now, and are not in it." if unknown else ""
    parts = [Part("Cases", "data", [float(r["cases"]) for r in rows])]
    return bars("Cases held", [words.short_month(r["period"]) for r in rows], parts, says=says, extra=extra, rows=rows)


def supervision_section(view: View, gaps: pd.DataFrame) -> Component:
    """Each worker's supervision: how many sessions, how far apart, the longest gap, and since the last."""
    late = int((gaps["state"] == OVERDUE).sum())
    told = gaps["longest_gap"].dropna()
    longest = f" The longest gap was {words.plural(int(told.max()), 'day', 'days')}." if len(told) else ""
    says = f"{words.count(late)} of {words.plural(len(gaps), 'worker', 'workers')} overdue now.{longest}"
    says += " Sessions of one day count once, cancelled ones not at all, and an absence is not taken out of a gap."
    one = bool(view.query.get("worker"))
    href = partial(shell.address, "/deep-dive")
    columns = [
        Column(
            "Worker",
            lambda r: named(r["worker_id"]) if one else html.A(r["worker_id"], href=href(_worker(view, r["worker_id"]))),
            wrap=False,
        ),
        Column("State", _supervised, wrap=False),
        Column("Last held", lambda r: words.day(r["last_on"]), wrap=False),
        Column("Days since", lambda r: words.count(r["days_since"]), numeric=True),
        Column("Sessions", lambda r: words.count(r["sessions"]), numeric=True),
        Column("Middle gap, days", lambda r: words.count(r["middle_gap"]), numeric=True),
        Column("Longest gap, days", lambda r: words.count(r["longest_gap"]), numeric=True),
        Column(
            "From, to", lambda r: f"{words.day(r['longest_from'])} to {words.day(r['longest_to'])}" if r["longest_gap"] > 0 else words.NONE
        ),
    ]
    nothing = "No case-holding social worker is in post here."
    table = plain_table(columns, gaps.to_dict("records"), "Supervision by worker", nothing=nothing)
    return cards.section("Supervision", table, says=says)


def visits_section(visits: pd.DataFrame, tables_said: Mapping[str, str]) -> Component:
    """How many days apart visits to the same child were, for each cohort that has a visits log."""
    banded = in_bands(visits)
    drawn = [
        _cohort(banded[banded["cohort"] == cohort], visits, cohort, tables_said) for cohort in COHORTS if (banded["cohort"] == cohort).any()
    ]
    if not drawn and len(visits):
        many = words.plural(len(visits), "visit is", "visits are")
        says = f"{many} logged in twelve months, and none has a visit before it in the same plan or time in care to measure from."
        return cards.section("Days between visits", html.P(says, className="quiet calm"))
    if not drawn:
        says = "Days between visits are told from a visits extract, which lists every visit. Annex A prints only each child’s last visit."
        return cards.section("Days between visits", html.P(says, className="quiet calm"))
    return html.Div(drawn, className="three")


def recording_section(view: View, recorded: pd.DataFrame) -> Component | None:
    """How late visits were written up, month by month: each with the two before it."""
    rows = recorded[recorded["visits"] > 0].sort_values("period").to_dict("records")
    if not rows:
        return None
    now = rows[-1]
    extra = [
        Column("Visits", lambda r: words.n_of_N(r["late"], r["visits"]), numeric=True),
        Column("Middle, days", lambda r: words.count(r["median_days"]), numeric=True),
        Column("No recorded day", lambda r: words.count(r["not_dated"]), numeric=True),
    ]
    says = (
        f"{words.n_of_N(now['late'], now['visits'])} in the three months to {words.day(now['period'])}. Late recording is not a late visit."
    )
    shares = [100 * r["late"] / r["visits"] for r in rows]
    return bars(
        f"Visits recorded more than {LATE_AFTER} days after", [words.short_month(r["period"]) for r in rows],
        [Part("Share, per cent", "data", shares)], says=says, shown=words.pct, extra=extra, rows=rows,
    )  # fmt: skip


def recorded_by_month(tables: Tables, *, periods: pd.DatetimeIndex, teams: frozenset[str] | None, worker: str) -> pd.DataFrame:
    """`recording_lag` of one unit's visits at each month end, with `period`: of a worker, of these teams, or of all."""
    visit = tables.visit
    if worker:
        visit = visit[visit["worker_id"] == worker]
    elif teams is not None:
        visit = visit[visit["team_id"].isin(teams)]
    part = Tables({"visit": visit[visit["happened_on"] > periods[0] - pd.DateOffset(months=4)]})
    found = [recording_lag(part, month).assign(period=month) for month in periods]
    every = pd.concat(found, ignore_index=True)
    return every[every["team_id"] == ""].reset_index(drop=True)


def standards(tables: Tables, *, day: pd.Timestamp) -> pd.DataFrame:
    """The standard of each cohort's visits in force on a day, in words: cohort, says."""
    said = []
    for cohort, (_, duty) in COHORTS.items():
        rows = standards_of(tables.clocks, duty)
        said.append({"cohort": cohort, "says": in_words(rows[int(standard_on(rows, pd.Series([day]))[0])])})
    return pd.DataFrame(said)


def _cohort(banded: pd.DataFrame, visits: pd.DataFrame, cohort: str, standard: Mapping[str, str]) -> Component:
    ours = visits[visits["cohort"] == cohort]
    measured = ours["days"].dropna()
    rows = banded.to_dict("records")
    extra = [Column("Share", lambda r: words.pct(r["share"]), numeric=True)]
    first = len(ours) - len(measured)
    says = f"{words.count(len(measured))} visits, {words.count(measured.median())} days after the one before in the middle. "
    says += f"The standard is {standard[cohort]}{' for most children' if cohort == 'cla' else ''}. "
    says += f"{words.plural(first, 'first visit is', 'first visits are')} not measured." if first else ""
    parts = [Part("Visits", "data", [float(r["visits"]) for r in rows])]
    return bars(COHORTS[cohort][0], [r["band"] for r in rows], parts, says=says, first="Days", extra=extra, rows=rows)


def _supervised(row: Mapping[str, Any]) -> Component:
    if row["state"] == LEFT_OUT:
        return status_mark("no target", "Away" if "away" in str(row["left_out"]) else "Not known")
    return status_mark(
        {OVERDUE: "not met", DUE_SOON: "near"}.get(row["state"], "met"),
        {OVERDUE: "Overdue", DUE_SOON: "Due soon"}.get(row["state"], "In time"),
    )


def _worker(view: View, worker: str) -> dict[str, str]:
    return {**{k: v for k, v in view.chosen.items() if k == "period"}, "worker": worker}
