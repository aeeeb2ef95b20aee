"""Practice at a random council: posts, training, what supervision discussed, what audits asked for, an improvement plan. All invented."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pandas as pd

from data.tables import Tables
from tests.kpi.building import frame

Row = dict[str, Any]
GRADES = ("reflective", "reflective", "partly_reflective", "not_reflective")


def practice_frames(
    seed: int, *, ids: list[str], teams: tuple[str, ...], months: list[date], worker: list[Row], supervision: list[Row], audit: list[Row]
) -> dict[str, list[Row]]:  # fmt: skip
    """The workers, sessions and audits given, with what they lack, and the tables that rest on them; the same each time for one seed.

    It draws by itself: what else a council has stays as it was.
    """
    draw = random.Random(f"practice {seed}")
    return {
        "worker": _workers(draw, worker), "supervision": _discussed(draw, supervision, ids), "establishment": _posts(draw, teams, months),
        "training": _training(draw, worker, months), "audit_action": _asked_for(draw, audit), "action": _plan(draw, months),
    }  # fmt: skip


def practised(of: Tables, seed: int) -> Tables:
    """A random council with the practice that goes with it."""
    has = {name: _rows(of.frames[name]) for name in ("worker", "supervision", "audit")}
    days = sorted({row["observed_on"] for row in has["worker"]})
    ids, teams = sorted(of.cp_plan["child_id"].unique()), tuple(sorted(of.worker["team_id"].dropna().unique()))
    made = practice_frames(seed, ids=ids, teams=teams, months=days, **has)
    return of.with_frames(**{name: frame(name, rows) for name, rows in made.items()})


def _rows(table: pd.DataFrame) -> list[Row]:
    """A table's rows in plain Python: days as dates, empty as None. `nth` is counted anew, as children are named in sessions."""
    plain = {c: (table[c].dt.date if table[c].dtype.kind == "M" else table[c]).astype(object) for c in table.columns if c != "nth"}
    return pd.DataFrame(plain).where(table.drop(columns="nth", errors="ignore").notna(), None).to_dict("records")


def _workers(draw: random.Random, rows: list[Row]) -> list[Row]:
    new = {row["worker_id"]: draw.choice([True, False, False, None]) for row in rows}
    return [
        {**row, "newly_qualified": new[row["worker_id"]], "essentials_required": draw.choice([True, True, False, None])} for row in rows
    ]  # fmt: skip


def _discussed(draw: random.Random, sessions: list[Row], ids: list[str]) -> list[Row]:
    """Some sessions discussed a child, some two of them; about half are graded."""
    found = []
    for row in sessions:
        children = draw.sample(ids, draw.choice([1, 2])) if row["supervision_kind"] == "case" or draw.random() < 0.1 else [None]
        found += [{**row, "child_id": child, "reflective_kind": draw.choice([None, *GRADES])} for child in children]
    return found


def _posts(draw: random.Random, teams: tuple[str, ...], months: list[date]) -> list[Row]:
    found = []
    for team in teams:
        for day in months:
            if draw.random() < 0.95:
                posts = draw.choice([6.0, 8.5, 10.0, None, 0.0])
                found.append(
                    {"team_id": team, "observed_on": day, "posts_fte": posts, "vacant_fte": draw.choice([0.0, 1.5, 2.0, 7.0, None, -1.0])}
                )
    return found


def _training(draw: random.Random, worker: list[Row], months: list[date]) -> list[Row]:
    found = []
    for who in sorted({row["worker_id"] for row in worker}):
        if draw.random() < 0.85:
            since = draw.choice([None, *draw.sample(months, 2)])
            done = draw.choice([None, (since or months[0]) + timedelta(days=draw.randint(-40, 300))])
            found.append({"worker_id": who, "course": "Essentials", "required_from_on": since, "completed_on": done})
        found.append({"worker_id": who, "course": "Motivational interviewing", "completed_on": draw.choice([None, months[3]])})
    return found


def _asked_for(draw: random.Random, audit: list[Row]) -> list[Row]:
    found = []
    for row in audit:
        for number in range(draw.choice([0, 1, 2])):
            due = row["happened_on"] + timedelta(days=draw.randint(5, 90))
            done = due + timedelta(days=draw.choice([-20, -1, 0, 1, 12]))
            kept = {"due_on": due if draw.random() < 0.9 else None, "completed_on": done if draw.random() < 0.8 else None}
            holder = {"team_id": row["team_id"], "worker_id": row["worker_id"]}
            found.append({"audit_id": row["audit_id"], "action_id": f"{number + 1}", **kept, **holder})
    return found


def _plan(draw: random.Random, months: list[date]) -> list[Row]:
    """Actions of a plan, each listed from some month on, updated now and then, closed perhaps."""
    found = []
    for number in range(12):
        first, updated = draw.randint(0, len(months) - 6), None
        due = draw.choice([None, months[first] + timedelta(days=draw.randint(-30, 400)), months[first + 4]])
        for nth, day in enumerate(months[first:]):
            if draw.random() < 0.5:
                updated = day - timedelta(days=draw.choice([0, 3, 20, 29]))
            status = "closed" if nth > 14 and number % 3 == 0 else draw.choice(["not_started", "in_progress", "in_progress", None])
            row = {"action_id": f"P{number:02}", "observed_on": day, "due_on": due, "status_kind": status, "updated_on": updated}
            found.append({**row, "lead": f"Lead {number % 4}"})
    return found
