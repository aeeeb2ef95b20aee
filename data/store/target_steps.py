"""Targets set in the product: steps, each with who and when. A target is set, and may be taken back; it is never edited.

Where a correction is wanted, a target is taken back and another is set; both stay to be read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select

from data.records import Target
from data.store import schema
from data.store.records import changed

SAID = ("kpi", "since", "green", "amber", "by", "set_by", "source", "note")
HELD = ("id", *SAID, "made_by", "made_at", "taken_back_by", "taken_back_at")
STEPS = ("id", "did", *SAID, "done_by", "done_at")
_DATES = ("since", "by")


def held(connection: Connection, authority: str) -> pd.DataFrame:
    """Every target ever set here, those taken back too, in the order they were set: the columns of HELD."""
    steps = taken(connection, authority)
    made = steps[steps["did"] == "set"].rename(columns={"done_by": "made_by", "done_at": "made_at"})
    back = steps[steps["did"] == "taken back"].rename(columns={"done_by": "taken_back_by", "done_at": "taken_back_at"})
    return made.merge(back[["id", "taken_back_by", "taken_back_at"]], on="id", how="left")[list(HELD)]


def taken(connection: Connection, authority: str) -> pd.DataFrame:
    """Every step, first to last: the columns of STEPS; `did` is set or taken back."""
    s = schema.target_step.c
    wanted = select(s.target_id, s.did, s.kpi, s.since, s.green, s.amber, s.reach_by, s.set_by, s.source, s.note, s.by, s.at)
    found = connection.execute(wanted.where(s.authority == authority).order_by(s.step_id))
    frame = pd.DataFrame.from_records([tuple(row) for row in found], columns=list(STEPS))
    dated = {name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in (*_DATES, "done_at")}
    return frame.assign(**dated, id=frame["id"].astype("str")).astype({"green": "float64", "amber": "float64"})


def set_target(connection: Connection, authority: str, said: Target, *, at: datetime, by: str) -> str:
    """Keep a new target. Returns its id. Raises LookupError where one of that measure and day stands already."""
    frame = held(connection, authority)
    same = frame[frame["taken_back_at"].isna() & (frame["kpi"] == said.kpi) & (frame["since"] == said.since)]
    if len(same):
        raise LookupError(
            f"A target of this measure from {said.since:%d/%m/%Y} is set already, by {same['made_by'].iloc[0]}: "
            "take that one back first, or give this one another day."
        )
    ident = len(frame) + 1
    values = {
        "kpi": said.kpi, "since": said.since.date(), "green": float(said.green), "amber": said.amber,
        "reach_by": None if said.by is None else said.by.date(), "set_by": said.set_by, "source": said.source, "note": said.note,
    }  # fmt: skip
    _step(connection, authority, ident, "set", values, at=at, by=by)
    return str(ident)


def take_back(connection: Connection, authority: str, ident: str, *, at: datetime, by: str) -> None:
    """Take a target back. Raises LookupError, saying what to do, where there is none standing of that id."""
    frame = held(connection, authority)
    found = frame[frame["id"] == ident]
    if found.empty:
        raise LookupError(f"There is no target {ident} that was set here: those loaded are taken back with their load.")
    if pd.notna(found["taken_back_at"].iloc[0]):
        row = found.iloc[0]
        raise LookupError(f"Target {ident} is taken back already, by {row['taken_back_by']} on {row['taken_back_at']:%d/%m/%Y %H:%M}.")
    s = schema.target_step.c
    asked = select(s.kpi, s.since, s.green, s.amber, s.reach_by, s.set_by, s.source, s.note)
    values = connection.execute(asked.where(s.authority == authority, s.target_id == int(ident), s.did == "set")).mappings().one()
    _step(connection, authority, int(ident), "taken back", dict(values), at=at, by=by)


def _step(connection: Connection, authority: str, ident: int, did: str, values: dict[str, Any], *, at: datetime, by: str) -> None:
    connection.execute(insert(schema.target_step).values(authority=authority, target_id=ident, did=did, at=at, by=by, **values))
    changed(connection, authority)
