"""Annotations and remarks in the database: steps, each with who and when, of which the last says how a record stands.

A step is never changed and never deleted. Annotations also arrive in extracts; those come and go with their load, and what was done to
one since (undone, its rebase turned on or off) is kept under a name made from its day, label and measure, so that it outlives the load.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, func, insert, select, text

from data.records import Annotation, Remark
from data.store import held, schema

ANNOTATIONS = (
    "id", "origin", "on", "label", "kind", "kpi", "rebase", "made_by", "made_at", "rebase_by", "rebase_at", "undone_by", "undone_at",
)  # fmt: skip
STEPS = ("id", "did", "on", "label", "kind", "kpi", "rebase", "by", "at")
REMARKS = ("id", "kpi", "level", "unit_id", "period", "text", "made_by", "made_at", "withdrawn_by", "withdrawn_at")


def annotations_held(connection: Connection, authority: str) -> pd.DataFrame:
    """Every annotation as it stands, loaded and typed, those undone too, by day: the columns of ANNOTATIONS."""
    standing = _loaded(connection, authority)
    s = schema.annotation_step.c
    for step in connection.execute(select(schema.annotation_step).where(s.authority == authority).order_by(s.step_id)).mappings():
        ident = step["annotation_id"]
        if step["did"] == "added":
            standing[ident] = _row(ident, "typed", step, made_by=step["by"], made_at=step["at"])
        elif ident not in standing:
            continue  # it was loaded, and its load is withdrawn
        elif step["did"] == "undone":
            standing[ident].update(undone_by=step["by"], undone_at=step["at"])
        else:
            standing[ident].update(rebase=step["rebase"], rebase_by=step["by"], rebase_at=step["at"])
    frame = pd.DataFrame.from_records(list(standing.values()), columns=list(ANNOTATIONS)).astype({"rebase": "bool"})
    frame = _dated(frame, "on", "made_at", "rebase_at", "undone_at")
    return frame.sort_values(["on", "made_at", "id"], ignore_index=True)


def annotation_steps(connection: Connection, authority: str) -> pd.DataFrame:
    """Everything people did to annotations, first to last: the columns of STEPS. What a load did is said by the loads."""
    s = schema.annotation_step.c
    wanted = select(s.annotation_id, s.did, s.happened_on, s.label, s.annotation_kind, s.kpi, s.rebase, s.by, s.at)
    found = connection.execute(wanted.where(s.authority == authority).order_by(s.step_id))
    return _dated(pd.DataFrame.from_records([tuple(r) for r in found], columns=list(STEPS)).astype({"rebase": "bool"}), "on", "at")


def add_annotation(connection: Connection, authority: str, said: Annotation, *, at: datetime, by: str) -> str:
    """Keep a new annotation. Returns its id. Raises LookupError where the same one stands already."""
    frame = annotations_held(connection, authority)
    same = frame[frame["undone_at"].isna() & (frame["on"] == said.on) & (frame["label"] == said.label) & (frame["kpi"] == said.kpi)]
    if len(same):
        raise LookupError(f"This note is there already, as {same['id'].iloc[0]}: undo that one first, or give this one another label.")
    s = schema.annotation_step.c
    count = select(func.count()).where(s.authority == authority, s.did == "added")
    ident = str(connection.execute(count).scalar_one() + 1)
    _step(connection, authority, ident, "added", said, at=at, by=by)
    return ident


def undo_annotation(connection: Connection, authority: str, ident: str, *, at: datetime, by: str) -> None:
    """Take an annotation back. Raises LookupError, saying what to do, where there is none standing of that id."""
    _step(connection, authority, ident, "undone", _standing(connection, authority, ident), at=at, by=by)


def rebase(connection: Connection, authority: str, ident: str, *, on: bool, at: datetime, by: str) -> None:
    """Draw the expected range anew from an annotation, or no longer. Raises LookupError where it stands so already."""
    said = _standing(connection, authority, ident)
    if said.rebase == on:
        raise LookupError(f"The range is {'already' if on else 'not'} drawn anew from note {ident}: nothing was changed.")
    now = Annotation(said.on, said.label, said.kind, said.kpi, on)
    _step(connection, authority, ident, "rebase on" if on else "rebase off", now, at=at, by=by)


def remarks_held(connection: Connection, authority: str) -> pd.DataFrame:
    """Every remark, those withdrawn too, in the order they were made: the columns of REMARKS."""
    s = schema.remark_step.c
    made: dict[int, dict[str, Any]] = {}
    for step in connection.execute(select(schema.remark_step).where(s.authority == authority).order_by(s.step_id)).mappings():
        if step["did"] == "made":
            kept = {name: step[name] for name in ("kpi", "level", "unit_id", "period", "text")}
            made[step["remark_id"]] = {"id": str(step["remark_id"]), **kept, "made_by": step["by"], "made_at": step["at"]}
        else:
            made[step["remark_id"]].update(withdrawn_by=step["by"], withdrawn_at=step["at"])
    return _dated(pd.DataFrame.from_records(list(made.values()), columns=list(REMARKS)), "period", "made_at", "withdrawn_at")


def add_remark(connection: Connection, authority: str, said: Remark, *, at: datetime, by: str) -> str:
    """Keep a new remark. Returns its id."""
    s = schema.remark_step.c
    ident = connection.execute(select(func.count()).where(s.authority == authority, s.did == "made")).scalar_one() + 1
    _remark_step(connection, authority, ident, "made", said, at=at, by=by)
    return str(ident)


def withdraw_remark(connection: Connection, authority: str, remark: pd.Series, *, at: datetime, by: str) -> None:
    """Take a remark back: one row of `remarks_held`, which stands."""
    said = Remark(remark["kpi"], remark["level"], remark["unit_id"], remark["period"], remark["text"])
    _remark_step(connection, authority, int(remark["id"]), "withdrawn", said, at=at, by=by)


def remark_standing(connection: Connection, authority: str, ident: str) -> pd.Series:
    """One row of `remarks_held`. Raises LookupError, saying what to do, where there is none standing of that id."""
    frame = remarks_held(connection, authority)
    found = frame[frame["id"] == ident]
    if found.empty:
        raise LookupError(f"There is no comment {ident}.")
    row: pd.Series = found.iloc[0]
    if pd.notna(row["withdrawn_at"]):
        raise LookupError(f"Comment {ident} is withdrawn already, by {row['withdrawn_by']} on {row['withdrawn_at']:%d/%m/%Y %H:%M}.")
    return row


def changed(connection: Connection, authority: str) -> None:
    """Count a change, so that pages are drawn again. The figures do not hang on it: those that were up to date still are."""
    connection.execute(
        text(
            "UPDATE state SET version = version + 1,"
            " figures_version = CASE WHEN figures_version = version THEN version + 1 ELSE figures_version END WHERE authority = :a"
        ),
        {"a": authority},
    )


def _loaded(connection: Connection, authority: str) -> dict[str, dict[str, Any]]:
    """The annotations of the loads that count. Who made one is who loaded it: whoever loads files keeps the data."""
    b = schema.batch.c
    loads = {row.batch_id: row for row in connection.execute(select(b.batch_id, b.loaded_by, b.loaded_at).where(b.authority == authority))}
    out = {}
    frame = held.still_listed(connection, authority, "annotation").astype("object")
    for said in frame.where(frame.notna(), None).to_dict("records"):
        load, row = loads[int(said["said_by"])], {**said, "happened_on": said["happened_on"].date()}
        ident = _named(row)
        out[ident] = _row(ident, "loaded", row, made_by=load.loaded_by, made_at=load.loaded_at)
    return out


def _named(row: Any) -> str:
    """The id of a loaded annotation: the same words have the same id, whichever load says them."""
    words = "\n".join((row["happened_on"].isoformat(), row["label"], row["kpi"] or ""))
    return "f" + hashlib.sha256(words.encode()).hexdigest()[:10]


def _row(ident: str, origin: str, said: Any, *, made_by: str, made_at: datetime) -> dict[str, Any]:
    return {
        "id": ident, "origin": origin, "on": said["happened_on"], "label": said["label"], "kind": said["annotation_kind"],
        "kpi": said["kpi"] or "", "rebase": bool(said["rebase"]), "made_by": made_by, "made_at": made_at,
    }  # fmt: skip


def _standing(connection: Connection, authority: str, ident: str) -> Annotation:
    frame = annotations_held(connection, authority)
    found = frame[frame["id"] == ident]
    if found.empty:
        raise LookupError(f"There is no note {ident}: `python app.py annotations` lists them.")
    row = found.iloc[0]
    if pd.notna(row["undone_at"]):
        raise LookupError(f"Note {ident} is undone already, by {row['undone_by']} on {row['undone_at']:%d/%m/%Y %H:%M}.")
    return Annotation(row["on"], row["label"], row["kind"], row["kpi"], bool(row["rebase"]))


def _step(connection: Connection, authority: str, ident: str, did: str, said: Annotation, *, at: datetime, by: str) -> None:
    values = {
        "annotation_id": ident, "did": did, "happened_on": said.on.date(), "label": said.label, "annotation_kind": said.kind,
        "kpi": said.kpi, "rebase": said.rebase,
    }  # fmt: skip
    _keep(connection, schema.annotation_step, authority, values, at=at, by=by)


def _remark_step(connection: Connection, authority: str, ident: int, did: str, said: Remark, *, at: datetime, by: str) -> None:
    values = {
        "remark_id": ident, "did": did, "kpi": said.kpi, "level": said.level, "unit_id": said.unit_id,
        "period": said.period.date(), "text": said.text,
    }  # fmt: skip
    _keep(connection, schema.remark_step, authority, values, at=at, by=by)


def _keep(connection: Connection, table: Table, authority: str, values: dict[str, Any], *, at: datetime, by: str) -> None:
    connection.execute(insert(table).values(authority=authority, at=at, by=by, **values))
    changed(connection, authority)


def _dated(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return frame.assign(**{column: pd.to_datetime(frame[column]).astype("datetime64[s]") for column in columns})
