"""The improvement plan as people keep it: `store.plan`. What is loaded and what is written here are one plan; nothing is overwritten.

store.plan.actions(viewer)
store.plan.update(viewer, "P15", Update(on, "Two still open"), revision=seen)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine

from data.plan import (
    FIELDS,
    Action,
    Meeting,
    Stage,
    Update,
    as_kept,
    fit_action,
    fit_meeting,
    fit_reference,
    fit_stage,
    fit_update,
    plain,
)
from data.plan_standing import (
    ADDED,
    CHANGED,
    DIFFERENCES,
    EMPTY,
    HISTORY,
    IN_PLAN,
    PLAN_COLUMNS,
    TAKEN_OFF,
    UPDATE_BACK,
    UPDATED,
    Line,
    Replay,
)
from data.records import Unfit
from data.store import engine as db
from data.store import plan_steps
from data.store.plan_restore import Restored, restore
from data.store.plan_steps import REACHED, SET, TAKEN_BACK, Measure, day_here
from data.surgery import Conflict
from data.tables import Tables
from data.viewer import NotAllowed, Viewer

FITS: dict[str, Any] = {**EMPTY, "text": "as it is", "status_kind": "not_started"}  # stands for a field that is left as it was
END_OF_TIME = pd.Timestamp("2262-01-01")
UPDATES = ("id", "action_id", "on", "words", "status_kind", "rag_kind", "rag_reason", "by", "at", "taken_back_by", "taken_back_at")
_DAYS = ("due_on", "updated_on", "first_listed_on", "listed_on", "changed_at", "detailed_at", "on", "at", "taken_back_at", "observed_on")


class Plan:
    """The improvement plan of each authority. Everybody in it may read; the data team writes. Every change names the revision it is of."""

    def __init__(self, engine: Engine, now: Callable[[], datetime] | None = None) -> None:
        self._engine = engine
        self.now: Callable[[], datetime] = now or _now
        self._keys: Sequence[str] = ()
        self._measure: Measure | None = None

    def measured_by(self, keys: Sequence[str], measure: Measure) -> None:
        """How the plan's own figures are worked out: after each change to an action, at once and in the same transaction."""
        self._keys, self._measure = tuple(keys), measure

    @property
    def today(self) -> pd.Timestamp:
        """The day it is in England: the day a step taken now stands in the plan of."""
        return day_here(self.now())

    # ---- reading
    def actions(self, viewer: Viewer, *, on: pd.Timestamp | None = None, history: bool = False) -> pd.DataFrame:
        """The plan as it stands, or stood at the end of a day: PLAN_COLUMNS, by recommendation and reference.

        kpis: a tuple of keys, None for those of the recommendation. origin: loaded, written here or both. state: in the plan; with
        `history` also no longer listed (by the newest extract) and taken off. revision: what a change must name.
        """
        replayed = self._replay(viewer, on)
        rows = [_as_row(line, line.state(replayed.newest)) for line in replayed.lines.values()]
        frame = _typed(pd.DataFrame.from_records(rows, columns=list(PLAN_COLUMNS)))
        wanted = frame if history else frame[frame["state"] == IN_PLAN]
        return wanted.sort_values(["recommendation_id", "action_id"], key=_as_numbers, kind="stable", ignore_index=True)

    def history(self, viewer: Viewer, action_id: str | None = None) -> pd.DataFrame:
        """Everything that was ever said of the actions, or of one, first to last: HISTORY; a row for each field that changed."""
        told = [row for row in self._replay(viewer).told if action_id is None or row["action_id"] == action_id]
        return pd.DataFrame.from_records(told, columns=list(HISTORY)).astype({"was": "object", "now": "object"})

    def updates(self, viewer: Viewer, action_id: str | None = None, *, history: bool = False) -> pd.DataFrame:
        """The dated updates written here, first to last: UPDATES; with `history` those taken back too."""
        with db.reading(self._engine) as connection:
            taken = plan_steps.steps(connection, viewer.authority)
        back = {step.said["update"]: step for step in taken if step.did == UPDATE_BACK}
        rows = [
            {
                **step.said, "id": step.step_id, "action_id": step.action_id, "by": step.by, "at": step.at,
                **({"taken_back_by": back[step.step_id].by, "taken_back_at": back[step.step_id].at} if step.step_id in back else {}),
            }
            for step in taken
            if step.did == UPDATED and action_id in (None, step.action_id) and (history or step.step_id not in back)
        ]  # fmt: skip
        frame = _typed(pd.DataFrame.from_records(rows, columns=list(UPDATES)))
        return frame.sort_values(["on", "id"], kind="stable", ignore_index=True)

    def differences(self, viewer: Viewer) -> pd.DataFrame:
        """Where a later extract says otherwise than was written here, and still does: DIFFERENCES. The extract holds."""
        found = [row for line in self._replay(viewer).lines.values() for row in line.differs.values()]
        return pd.DataFrame.from_records(found, columns=list(DIFFERENCES)).astype({"said_here": "object", "extract_says": "object"})

    def as_at(self, viewer: Viewer) -> pd.Timestamp | None:
        """The day the plan last changed: of its newest extract, or of the last step. None: there is no plan."""
        lines = self._replay(viewer).lines.values()
        return max((day for line in lines for day in (line.listed_on, line.written and line.written[0]) if day is not None), default=None)

    def tables(self, authority: str) -> Tables:
        """What the plan's measures and clock are worked out from."""
        with db.reading(self._engine) as connection:
            return plan_steps.plan_tables(connection, authority)

    def stages(self, viewer: Viewer, *, history: bool = False) -> pd.DataFrame:
        """How far the recommendations have come: plan_steps.STAGES; with `history` those taken back, or said anew since, too."""
        with db.reading(self._engine) as connection:
            return _standing(plan_steps.stages(connection, viewer.authority), ["recommendation_id", "stage"], history)

    def meetings(self, viewer: Viewer, *, history: bool = False) -> pd.DataFrame:
        """The rounds of meetings that are set: plan_steps.MEETINGS; with `history` those taken back, or set anew since, too."""
        with db.reading(self._engine) as connection:
            return _standing(plan_steps.meetings(connection, viewer.authority), ["kind", "unit_id"], history)

    # ---- writing: raises NotAllowed, Unfit, LookupError or Conflict, in words
    def add(self, viewer: Viewer, said: Action, action_id: str = "") -> str:
        """Put a new action in the plan, under this reference or the next free one (A1, A2, ...). Returns the reference."""
        _must_write(viewer)
        fit, wanted = fit_action(said), fit_reference(action_id, "The action", optional=True)
        with db.writing(self._engine, viewer.authority) as connection:
            lines = self._now_in(connection, viewer)
            named = wanted or next(f"A{n}" for n in range(1, len(lines) + 2) if f"A{n}" not in lines)
            if named in lines and not lines[named].off:
                raise LookupError(f"There is an action {named} already: give this one another reference, or leave it empty for a free one.")
            self._keep(connection, viewer, named, ADDED, as_kept(fit))
        return named

    def change(self, viewer: Viewer, action_id: str, said: Action, *, revision: str) -> None:
        """Say anew what an action is. Only what is different is kept, so that what an extract says of the rest goes on holding."""
        _must_write(viewer)
        with db.writing(self._engine, viewer.authority) as connection:
            line = self._line(connection, viewer, action_id, revision)
            same = [name for name in FIELDS if getattr(said, name) == line.said[name]]
            fit = fit_action(replace(said, **{name: FITS[name] for name in same}))  # what an extract says need not be what may be typed
            changed = {name: value for name, value in as_kept(fit).items() if name not in same and value != plain(line.said[name])}
            if not changed:
                raise Unfit("Nothing is different from what the plan says already, so nothing was kept.")
            self._keep(connection, viewer, action_id, CHANGED, changed)

    def update(self, viewer: Viewer, action_id: str, said: Update, *, revision: str) -> None:
        """Keep a dated update of an action, and with it a new status or RAG. It starts the six weeks to the next one."""
        _must_write(viewer)
        fit = fit_update(said, today=self.today)
        with db.writing(self._engine, viewer.authority) as connection:
            line = self._line(connection, viewer, action_id, revision)
            kept = as_kept(fit)
            moved = {name: kept[name] for name in ("status_kind", "rag_kind", "rag_reason") if kept[name] not in ("", line.said[name])}
            self._keep(connection, viewer, action_id, UPDATED, {"on": kept["on"], "words": kept["words"], **moved})

    def take_update_back(self, viewer: Viewer, action_id: str, update: int, *, revision: str) -> None:
        """Take back an update written by mistake: it counts no more, and stays to be read. The status and RAG it gave stay."""
        _must_write(viewer)
        with db.writing(self._engine, viewer.authority) as connection:
            self._line(connection, viewer, action_id, revision)
            taken = plan_steps.steps(connection, viewer.authority)
            found = next((step for step in taken if (step.step_id, step.action_id, step.did) == (update, action_id, UPDATED)), None)
            if found is None:
                raise LookupError(f"There is no update {update} of action {action_id} that was written here.")
            if any(step.did == UPDATE_BACK and step.said["update"] == update for step in taken):
                raise LookupError(f"Update {update} of action {action_id} is taken back already.")
            self._keep(connection, viewer, action_id, UPDATE_BACK, {"update": update, "words": found.said["words"]})

    def take_off(self, viewer: Viewer, action_id: str, *, revision: str) -> None:
        """Take an action off the plan from today on; the months before keep it, and an extract that lists it later puts it back."""
        _must_write(viewer)
        with db.writing(self._engine, viewer.authority) as connection:
            self._line(connection, viewer, action_id, revision)
            self._keep(connection, viewer, action_id, TAKEN_OFF, {})

    def set_stage(self, viewer: Viewer, said: Stage, *, revision: int) -> None:
        """Say how far a recommendation has come. revision: of what was seen of that stage, 0 where it was never set."""
        _must_write(viewer)
        fit = fit_stage(said, today=self.today)
        of = {"recommendation_id": fit.recommendation_id, "stage": fit.stage}
        with db.writing(self._engine, viewer.authority) as connection:
            _newest(plan_steps.stages(connection, viewer.authority), of, revision)
            values = {**of, "on": fit.on, "who": fit.who, "evidence": fit.evidence}
            plan_steps.keep_stage(connection, viewer.authority, REACHED, values, at=self.now(), by=viewer.name)

    def take_stage_back(self, viewer: Viewer, recommendation_id: str, stage: str, *, revision: int) -> None:
        """Say that a recommendation has not come so far after all."""
        _must_write(viewer)
        of = {"recommendation_id": recommendation_id, "stage": stage}
        with db.writing(self._engine, viewer.authority) as connection:
            row = _newest(plan_steps.stages(connection, viewer.authority), of, revision)
            if row is None or pd.notna(row["taken_back_at"]):
                said = stage.replace("_", " ")
                raise LookupError(f"Recommendation {recommendation_id} is not said to be {said}: nothing was taken back.")
            values = {**of, "on": row["on"], "who": row["who"], "evidence": row["evidence"]}
            plan_steps.keep_stage(connection, viewer.authority, TAKEN_BACK, values, at=self.now(), by=viewer.name)

    def set_meeting(self, viewer: Viewer, said: Meeting, *, revision: int) -> None:
        """Say from which day a round of meetings is counted. revision: of what was seen of that round, 0 where it was never set."""
        _must_write(viewer)
        fit = fit_meeting(said)
        of = {"kind": fit.kind, "unit_id": fit.unit_id}
        with db.writing(self._engine, viewer.authority) as connection:
            _newest(plan_steps.meetings(connection, viewer.authority), of, revision)
            values = {**of, "first_on": fit.first_on}
            plan_steps.keep_meeting(connection, viewer.authority, SET, values, at=self.now(), by=viewer.name)

    def take_meeting_back(self, viewer: Viewer, kind: str, unit_id: str, *, revision: int) -> None:
        """Say that a round of meetings is held no more."""
        _must_write(viewer)
        of = {"kind": kind, "unit_id": unit_id}
        with db.writing(self._engine, viewer.authority) as connection:
            row = _newest(plan_steps.meetings(connection, viewer.authority), of, revision)
            if row is None or pd.notna(row["taken_back_at"]):
                raise LookupError("No such round of meetings is set: nothing was taken back.")
            plan_steps.keep_meeting(
                connection, viewer.authority, TAKEN_BACK, {**of, "first_on": row["first_on"]}, at=self.now(), by=viewer.name
            )  # fmt: skip

    def restore(
        self, viewer: Viewer, updates: pd.DataFrame, stages: pd.DataFrame, details: pd.DataFrame
    ) -> Restored:  # fmt: skip
        """Bring back the updates, stages and details of a workbook the plan was handed out in, where they are not held: who and when stay.

        updates, stages: as `updates` and `stages` give them; details: action_id, rag_reason, evidence, kpis, by, at.
        """
        _must_write(viewer)
        told = [_records(frame) for frame in (updates, stages, details)]
        with db.writing(self._engine, viewer.authority) as connection:
            lines = self._now_in(connection, viewer)
            done = restore(connection, viewer.authority, lines, told[0], told[1], told[2], by=viewer.name)
            if done.updates or done.details:
                plan_steps.settle(connection, viewer.authority, self._keys, self._measure)
        return done

    # ---- inside
    def _replay(self, viewer: Viewer, on: pd.Timestamp | None = None) -> Replay:
        with db.reading(self._engine) as connection:
            return plan_steps.replay(connection, viewer.authority).until(END_OF_TIME if on is None else on)

    def _now_in(self, connection: Connection, viewer: Viewer) -> dict[str, Line]:
        return plan_steps.replay(connection, viewer.authority).until(END_OF_TIME).lines

    def _line(self, connection: Connection, viewer: Viewer, action_id: str, revision: str) -> Line:
        """The action as it stands, if it stands as it did when the change was begun."""
        line = self._now_in(connection, viewer).get(action_id)
        if line is None:
            raise LookupError(f"There is no action {action_id} in the plan.")
        if _revision(line) != revision:
            by, at = line.last or ("somebody", pd.NaT)
            says = f"{by} changed action {action_id} meanwhile, on {at:%d/%m/%Y at %H:%M}. Nothing of yours was kept yet: {SAVE_AGAIN}"
            raise Conflict(says, _as_row(line, IN_PLAN))
        if line.off:
            raise LookupError(f"Action {action_id} is taken off the plan: add it again first.")
        return line

    def _keep(self, connection: Connection, viewer: Viewer, action_id: str, did: str, said: Mapping[str, Any]) -> None:
        at = self.now()
        plan_steps.keep_step(connection, viewer.authority, action_id, did, said, on=day_here(at), at=at, by=viewer.name)
        plan_steps.settle(connection, viewer.authority, self._keys, self._measure)


SAVE_AGAIN = "read what they wrote, and save again if yours still holds."


def _must_write(viewer: Viewer) -> None:
    if not viewer.data_team:
        raise NotAllowed(f"{viewer.name} may not write in the improvement plan: ask someone of the data team to do it.")


def _newest(frame: pd.DataFrame, of: Mapping[str, str], revision: int) -> pd.Series | None:
    """The newest row of one record, if it has as many steps as were seen."""
    for name, value in of.items():
        frame = frame[frame[name] == value]
    row: pd.Series | None = frame.iloc[-1] if len(frame) else None
    if (0 if row is None else int(row["revision"])) != revision:
        assert row is not None
        by, at = (row["taken_back_by"], row["taken_back_at"]) if pd.notna(row["taken_back_at"]) else (row["by"], row["at"])
        raise Conflict(f"{by} changed this meanwhile, on {at:%d/%m/%Y at %H:%M}. Nothing of yours was kept yet: {SAVE_AGAIN}", dict(row))
    return row


def _standing(frame: pd.DataFrame, key: list[str], history: bool) -> pd.DataFrame:
    last = ~frame.duplicated(key, keep="last")
    return frame if history else frame[last & frame["taken_back_at"].isna()].reset_index(drop=True)


def _revision(line: Line) -> str:
    """Which state of an action a change is made from: how many steps it has, and the load that last listed it."""
    return f"{line.steps}.{line.load}"


def _as_row(line: Line, state: str) -> dict[str, Any]:
    by, at = line.last or ("", None)
    written = line.written is not None
    origin = "both" if line.listed_on is not None and written else "loaded" if line.listed_on is not None else "written here"
    return {
        "action_id": line.action_id, **line.said, "updated_on": line.updated_on, "first_listed_on": line.first_on,
        "listed_on": line.listed_on, "origin": origin, "state": state, "revision": _revision(line), "changed_by": by, "changed_at": at,
        "detailed_by": line.detailed.by if line.detailed else "", "detailed_at": line.detailed.at if line.detailed else None,
    }  # fmt: skip


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    days = {name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in _DAYS if name in frame}
    return frame.assign(**days).astype({"kpis": "object"} if "kpis" in frame else {})


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values: nothing is None."""
    plain_rows = frame.astype("object").where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain_rows.to_dict("records")]


def _as_numbers(values: pd.Series) -> pd.Series:
    """References in the order people count them in: 2 before 10, and P2 before P10."""
    return values.astype("str").str.replace(r"\d+", lambda found: found.group().zfill(12), regex=True)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
