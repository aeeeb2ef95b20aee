"""Checks of children placed with parents, and escalations by reviewing officers, drawn.

Pure: rows of `kpi.oversight` in, a component out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash.development.base_component import Component

from kpi.duties import DUE_SOON, IN_TIME, LEFT_OUT, OVERDUE
from kpi.oversight import INFORMAL, SPOT_CHECK
from layouts import cards, words
from layouts.audit_sections import listed
from layouts.marks import status_mark
from layouts.tables import Column, plain_table
from layouts.view import named

STAGES = {"informal": "Informal", "1": "Stage 1", "2": "Stage 2", "3": "Stage 3"}
OPEN, OPEN_LATE = ("open", "open_in_time", "open_late"), "open_late"


def checks_section(children: pd.DataFrame, made: pd.DataFrame, beside: Component | None = None) -> Component:
    """The children placed with parents now, when each was last checked without notice, and what came of it."""
    n = {state: int((children["state"] == state).sum()) for state in (OVERDUE, DUE_SOON, IN_TIME, LEFT_OUT)}
    says = (
        f"{words.plural(len(children), 'child is', 'children are')} placed with parents under an order: "
        f"{words.count(n[OVERDUE])} overdue for an unannounced check, "
        f"{words.count(n[DUE_SOON])} due in the next 5 working days, {words.count(n[IN_TIME])} in time."
    )  # fmt: skip
    if n[LEFT_OUT]:
        says += f" Of {words.count(n[LEFT_OUT])} no day can be told."
    columns = [
        Column("Child", "child_id", wrap=False),
        Column("State", _check_state, wrap=False),
        Column("Last checked", lambda r: words.day(r["last_on"]), wrap=False),
        Column("What came of it", lambda r: _capital(r["outcome"])),
        Column("Due", lambda r: words.day(r["due_on"]), wrap=False),
        Column("Placed since", lambda r: words.day(r["started_on"]), wrap=False),
        Column("Worker", lambda r: named(r["worker_id"]), wrap=False),
        Column("Team", lambda r: named(r["team_id"]), wrap=False),
    ]
    body = listed(columns, children, "Children placed with parents", "No child is placed with parents under an order.")
    return cards.section("Children placed with parents", *body, _outcomes(made), says=says, aside=beside)


def escalations_section(rows: pd.DataFrame, beside: Component | None = None) -> Component:
    """Escalations by team, then those still open, the longest open first."""
    waiting = rows[rows["state"].isin(OPEN)].sort_values("happened_on", kind="stable")
    formal = rows[rows["stage_kind"].notna() & (rows["stage_kind"] != INFORMAL)]
    no_stage, wrong = int(rows["stage_kind"].isna().sum()), int((rows["state"] == "backwards").sum())
    informal = int((rows["stage_kind"] == INFORMAL).sum())
    says = f"{words.count(len(formal))} formal and {words.count(informal)} informal in twelve months, or open from before. "
    says += "A formal one is to be resolved in 20 working days; neither many nor few is better by itself."
    says += f" {words.count(no_stage)} have no stage recorded." if no_stage else ""
    says += f" {words.count(wrong)} are recorded as resolved before they were raised, and are in no column." if wrong else ""
    columns = [
        Column("Child", lambda r: words.NONE if words.missing(r["child_id"]) else r["child_id"], wrap=False),
        Column("State", _escalation_state, wrap=False),
        Column("Stage", lambda r: STAGES.get(r["stage_kind"], "Not recorded"), wrap=False),
        Column("About", lambda r: _capital(r["reason"])),
        Column("Raised", lambda r: words.day(r["happened_on"]), wrap=False),
        Column("Due", lambda r: words.day(r["due_on"]), wrap=False),
        Column("Days open", lambda r: words.count(r["days"]), numeric=True),
        Column("Team", lambda r: named(r["team_id"]), wrap=False),
    ]
    body = listed(columns, waiting, "Open escalations", "No escalation is open.")
    return cards.section("Escalations by reviewing officers", _by_team(rows), *body, says=says, aside=beside)


def _by_team(rows: pd.DataFrame) -> Component:
    formal = rows["stage_kind"].notna() & (rows["stage_kind"] != INFORMAL)
    answered = rows["state"].isin(["resolved_in_time", "resolved_late"])
    each = pd.DataFrame(
        {
            "team_id": rows["team_id"], "formal": formal & (rows["state"] != "backwards"), "in_time": rows["state"] == "resolved_in_time",
            "resolved": answered, "open": rows["state"].isin(OPEN), "open_late": rows["state"] == OPEN_LATE,
            "took": rows["days"].where(answered),
        }
    ).groupby("team_id")  # fmt: skip
    found = each[["formal", "in_time", "resolved", "open", "open_late"]].sum().join(each["took"].median()).reset_index()
    columns = [
        Column("Team", lambda r: named(r["team_id"]), wrap=False),
        Column("Formal", lambda r: words.count(r["formal"]), numeric=True),
        Column("Resolved in time", lambda r: words.n_of_N(r["in_time"], r["resolved"]), numeric=True),
        Column("Middle, days", lambda r: words.count(r["took"]), numeric=True),
        Column("Open now", lambda r: words.count(r["open"]), numeric=True),
        Column("Open past 20 working days", lambda r: words.count(r["open_late"]), numeric=True),
    ]
    return plain_table(columns, found.to_dict("records"), "Escalations by team", nothing="No escalation was raised.")


def _outcomes(made: pd.DataFrame) -> Component:
    """What the unannounced checks of twelve months came to."""
    checks = made[made["check_kind"] == SPOT_CHECK]
    found = checks["outcome"].fillna("").replace("", "nothing recorded").value_counts()
    rows = [{"outcome": _capital(str(name)), "checks": int(n)} for name, n in found.items()]
    columns = [
        Column("What came of unannounced checks", "outcome"),
        Column("Twelve months", lambda r: words.n_of_N(r["checks"], len(checks)), numeric=True),
    ]
    return plain_table(columns, rows, "What came of unannounced checks", nothing="No unannounced check was made in twelve months.")


def _check_state(row: Mapping[str, Any]) -> Component:
    if row["state"] == LEFT_OUT:
        return status_mark("no data", "Not known")
    days = int(row["days_late"])
    if row["state"] == OVERDUE:
        return status_mark("not met", f"{words.plural(days, 'day', 'days')} late")
    return status_mark(
        "near" if row["state"] == DUE_SOON else "met", "Due that day" if days == 0 else f"{words.plural(-days, 'day', 'days')} left"
    )


def _escalation_state(row: Mapping[str, Any]) -> Component:
    if row["state"] == OPEN_LATE:
        return status_mark("not met", "Past 20 working days")
    return status_mark("met", "In time") if row["state"] == "open_in_time" else status_mark("no target", "Open")


def _capital(said: Any) -> str:
    return words.NONE if words.missing(said) or not said else f"{str(said)[:1].upper()}{str(said)[1:]}"
