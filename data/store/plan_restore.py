"""Bringing back what people wrote of a plan, from a workbook it was handed out in: updates, stages, and the details of actions.

Each record keeps who wrote it and when, and says beside it who brought it in. What is held already is not brought in twice, so the same
workbook may be taken in again; what is of no action in the plan is left out, and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from data.plan import LATEST, Stage, Update, fit_stage, fit_update, fit_words, plain
from data.plan_standing import CHANGED, DETAILS, UPDATE_BACK, UPDATED, Line
from data.store import plan_steps
from data.store.plan_steps import REACHED, TAKEN_BACK, day_here

Rows = Sequence[Mapping[str, Any]]
WITH_IT = ("status_kind", "rag_kind", "rag_reason")


@dataclass(frozen=True)
class Restored:
    """What was brought in, what was held already, and what is of no action in the plan."""

    updates: int = 0
    stages: int = 0
    details: int = 0
    held_already: int = 0
    of_no_action: int = 0


def restore(
    connection: Connection, authority: str, lines: Mapping[str, Line], updates: Rows, stages: Rows, details: Rows, *, by: str
) -> Restored:  # fmt: skip
    """Bring these records in. updates, stages: the columns of `Plan.updates` and `Plan.stages`; details: action_id, DETAILS, by, at.

    Raises Unfit, in words, where one of them could not have been written here.
    """
    _must_fit(updates, stages, details)
    known = [[row for row in rows if row["action_id"] in lines] for rows in (updates, details)]
    new_updates = _updates(connection, authority, known[0], by)
    new_details = _details(connection, authority, lines, known[1], by)
    new_stages = _stages(connection, authority, stages)
    strange = len(updates) + len(details) - len(known[0]) - len(known[1])
    held = len(known[0]) + len(known[1]) + len(stages) - new_updates - new_details - new_stages
    return Restored(new_updates, new_stages, new_details, held, strange)


def _must_fit(updates: Rows, stages: Rows, details: Rows) -> None:
    for row in updates:
        given = {name: row[name] or "" for name in WITH_IT}
        fit_update(Update(row["on"], row["words"] or "", **given), today=LATEST)
    for row in stages:
        said = [row[name] or "" for name in ("recommendation_id", "stage")]
        fit_stage(Stage(said[0], said[1], row["on"], row["who"] or "", row["evidence"] or ""), today=LATEST)
    for row in details:
        fit_words(row["rag_reason"] or "", "The reason for the rating", optional=True)
        fit_words(row["evidence"] or "", "The evidence", optional=True)


def _updates(connection: Connection, authority: str, rows: Rows, by: str) -> int:
    taken = plan_steps.steps(connection, authority)
    held = {(step.action_id, step.said["on"], step.said["words"], step.by, step.at) for step in taken if step.did == UPDATED}
    new = [row for row in rows if (row["action_id"], plain(row["on"]), row["words"], row["by"], row["at"]) not in held]
    for row in new:
        said = {"on": plain(row["on"]), "words": row["words"], **{name: row[name] for name in WITH_IT if row[name]}, "brought_in_by": by}
        step = _keep(connection, authority, row["action_id"], UPDATED, said, row["at"], row["by"])
        if row["taken_back_by"]:
            back = {"update": step, "words": row["words"], "brought_in_by": by}
            _keep(connection, authority, row["action_id"], UPDATE_BACK, back, row["taken_back_at"], row["taken_back_by"])
    return len(new)


def _details(connection: Connection, authority: str, lines: Mapping[str, Line], rows: Rows, by: str) -> int:
    count = 0
    for row in rows:
        line = lines[row["action_id"]]
        said = {name: plain(row[name]) for name in DETAILS if row[name] and row[name] != line.said[name]}
        if said:
            _keep(connection, authority, row["action_id"], CHANGED, {**said, "brought_in_by": by}, row["at"], row["by"])
            count += 1
    return count


def _stages(connection: Connection, authority: str, rows: Rows) -> int:
    same = ["recommendation_id", "stage", "on", "who", "evidence", "by", "at"]
    held = set(plan_steps.stages(connection, authority)[same].itertuples(index=False, name=None))
    new = [row for row in rows if tuple(row[name] for name in same) not in held]
    for row in new:
        said = {name: row[name] for name in same[:5]}
        plan_steps.keep_stage(connection, authority, REACHED, said, at=row["at"].to_pydatetime(), by=row["by"])
        if row["taken_back_by"]:
            at = row["taken_back_at"].to_pydatetime()
            plan_steps.keep_stage(connection, authority, TAKEN_BACK, said, at=at, by=row["taken_back_by"])
    return len(new)


def _keep(connection: Connection, authority: str, action_id: str, did: str, said: Mapping[str, Any], at: pd.Timestamp, by: str) -> int:
    moment = at.to_pydatetime()
    return plan_steps.keep_step(connection, authority, action_id, did, said, on=day_here(moment), at=moment, by=by)
