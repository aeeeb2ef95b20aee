"""The parts of the readiness page under its targets: what is overdue longest, how good the data is, where the improvement plan stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi.readiness import RAGS
from kpi.recommendations import RECOMMENDATIONS
from kpi.recording import LATE_AFTER
from layouts import cards, shell, words
from layouts.freshness import every, titled
from layouts.marks import status_mark
from layouts.tables import Column, plain_table
from layouts.view import View, named

STAGES_NOT_KEPT = "Which stage a recommendation has reached is not recorded."


def overdue_section(view: View, rows: pd.DataFrame, day: pd.Timestamp) -> Component:
    """For each duty how much is overdue, and the one overdue longest."""

    def listed(row: Mapping[str, Any], show: str, n: int) -> Any:
        href = shell.address("/due", {"day": f"{day:%Y-%m-%d}", "duty": row["duty"], "show": show})
        said = {"overdue": "overdue", "soon": "due soon"}[show]
        return html.A(words.count(n), href=href, **{"aria-label": f"{words.count(n)} {said}: {row['title']}"}) if n else "0"

    columns = [
        Column("Duty", "title"),
        Column("Overdue", lambda r: listed(r, "overdue", r["overdue"]), numeric=True),
        Column("Longest", lambda r: _late(r["days_late"]), wrap=False),
        Column("Whose", _whose, wrap=False),
        Column("Team", lambda r: words.NONE if words.missing(r["team_id"]) else named(r["team_id"]), wrap=False),
        Column("Due since", lambda r: words.day(r["due_on"]), wrap=False),
        Column("Due in 5 working days", lambda r: listed(r, "soon", r["due_soon"]), numeric=True),
        Column("Left out", lambda r: words.count(r["left_out"]), numeric=True),
    ]
    says = "Of the teams you see, as at the day. What was done after the last day an extract speaks for shows here as overdue."
    table = plain_table(columns, rows.to_dict("records"), "Oldest overdue", nothing="Nothing is owed.")
    return cards.section("Oldest overdue", table, says=says)


def data_section(spoken: pd.DataFrame, recorded: pd.Series | None, period: pd.Timestamp) -> Component:
    """Which sources speak for the month, which are behind, and how late visits are written up."""
    monthly = spoken[spoken["source"].map(every) == "monthly"]
    behind = monthly[monthly["behind"] > 0]
    facts = [
        cards.Fact(
            f"Sources that speak for {words.month(period)}", words.n_of_N(len(monthly) - len(behind), len(monthly)), "monthly extracts"
        ),
    ]
    if recorded is not None and recorded["visits"]:
        late, visits = int(recorded["late"]), int(recorded["visits"])
        facts += [
            cards.Fact(f"Visits recorded over {LATE_AFTER} days after", words.pct(100 * late / visits), words.n_of_N(late, visits)),
            cards.Fact("Visits with no recorded day", words.count(int(recorded["not_dated"])), "left out of that share"),
        ]
    columns = [
        Column("Source", lambda r: shell.link(titled(r["source"]), "/data"), wrap=False),
        Column("Speaks for months to", lambda r: words.month(r["month"]), wrap=False),
        Column("State", lambda r: status_mark("not met", f"{words.plural(int(r['behind']), 'month', 'months')} behind"), wrap=False),
    ]
    table = plain_table(
        columns, behind.to_dict("records"), "Sources behind", nothing=f"Every monthly source speaks for {words.month(period)}."
    )
    says = "As at the day: what speaks for the month and what does not. Completeness, field by field, is on the Data pages."
    return cards.section("Is the data good enough?", cards.facts(facts), table, says=says)


def plan_section(rows: pd.DataFrame, stages: Mapping[str, str]) -> Component:
    """The improvement plan by recommendation: its open actions by colour, what is past its day, and updates overdue."""
    if rows.empty:
        says = "The improvement plan extract lists the plan’s actions: load it to see where the plan stands."
        return cards.section("The improvement plan", html.P(f"No plan is loaded that speaks for this day. {says}", className="calm"))
    whole = {**rows.sum(numeric_only=True).to_dict(), "recommendation_id": "", "whole": True}
    listed = [whole, *({**r, "whole": False} for r in rows.to_dict("records"))]
    columns = [
        Column("Recommendation", _recommendation),
        *([Column("Stage", lambda r: stages.get(r["recommendation_id"], words.NONE), wrap=False)] if stages else []),
        Column("Actions done", lambda r: words.n_of_N(r["done"], r["actions"]), numeric=True),
        *(Column(f"{rag.capitalize()}", _counted(rag), numeric=True) for rag in RAGS),
        *([Column("No colour", _counted("no_rag"), numeric=True)] if int(rows["no_rag"].sum()) else []),
        Column("Past their day", _counted("past_due"), numeric=True),
        Column("Updates overdue", _counted("updates_overdue"), numeric=True),
    ]
    table = plain_table(
        columns, listed, "The improvement plan by recommendation", row_class=lambda r: "cut" if r["whole"] else "", nothing=""
    )  # fmt: skip
    says = f"As the plan stood on {words.day(rows['observed_on'].max())}. Colours are those its leads reported, of open actions."
    note = html.P(STAGES_NOT_KEPT, className="small quiet") if not stages else None
    return cards.section("The improvement plan", table, note, says=says)


def _counted(name: str) -> Any:
    return lambda row: words.count(row[name])


def _recommendation(row: Mapping[str, Any]) -> Any:
    if row["whole"]:
        return html.B("All of the plan")
    number = str(row["recommendation_id"])
    return (
        f"{number}: {RECOMMENDATIONS[number]}" if number in RECOMMENDATIONS else "No recommendation named" if number == "none" else number
    )


def _late(days: Any) -> Any:
    return words.NONE if words.missing(days) else status_mark("not met", f"{words.plural(int(days), 'day', 'days')} late")


def _whose(row: Mapping[str, Any]) -> str:
    if words.missing(row["due_on"]):
        return words.NONE
    if row["cohort"] == "child":
        return f"Child {row['child_id']}"
    return f"Worker {row['worker_id']}" if row["cohort"] == "worker" else f"Action {row['case_id']}"
