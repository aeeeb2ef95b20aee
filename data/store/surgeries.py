"""Performance surgeries as they are kept: who may read them, who may write them, and what each has come to.

    ident = store.surgeries.open(viewer, Surgery(level="team", unit_id="Harbour", held_on=day))
    store.surgeries.agree(viewer, Commitment(surgery_id=ident, kind="child_seen", about_kind="child", about_id="10390", ...))
    store.surgeries.close(viewer, ident, snapshot, revision=1)

Every change takes one transaction in which nobody else writes, names the revision it was made from, and raises Conflict when another step
came between. None of it changes what is held of children, so no figure is worked out again; `version` says when a page is to be drawn anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, select

from data import snapshot as snapshots
from data.store import commitment_checks as checking
from data.store import engine as db
from data.store import schema
from data.store import surgery_reads as read
from data.store import surgery_steps as told
from data.store.surgery_reads import WRITTEN
from data.store.surgery_steps import CLOSED, COMMITMENT, NOTE, REASON, SURGERY, TAKEN_BACK, Record
from data.surgery import Commitment, Conflict, Surgery, fit_about, fit_note, fit_reason, fit_surgery
from data.tables import Tables
from data.viewer import Viewer


class Surgeries:
    """The surgeries of every authority. One is made by the store, as `store.surgeries`."""

    def __init__(self, engine: Engine, asked: Callable[[str, Callable[[Tables], pd.DataFrame]], pd.DataFrame]) -> None:
        self._engine = engine
        self._asked = asked

    # ---- what is held
    def version(self, authority: str) -> tuple[int, ...]:
        """Another value whenever anything was written of a surgery, or the data said another thing of a commitment."""
        with db.reading(self._engine) as connection:
            return told.newest_step(connection, authority)

    def held(self, viewer: Viewer) -> pd.DataFrame:
        """The surgeries this viewer may know of, the newest first: the columns of HELD. state: open or closed.

        `steps` counts every step of it: its own, and those of its commitments, reasons and notes.
        """
        with db.reading(self._engine) as connection:
            return read.surgeries(connection, viewer)

    def commitments(
        self, viewer: Viewer, surgery_id: str | None = None, level: str | None = None, unit_id: str | None = None, history: bool = False
    ) -> pd.DataFrame:
        """What was agreed, as it stands, as far as this viewer may see it: the columns of COMMITMENTS; `history`: what was taken back too.

        state: agreed, or taken back. answer: kept, not_kept or nothing, by hand.
        """
        with db.reading(self._engine) as connection:
            found = read.commitments(connection, viewer, surgery_id)
        for column, only in (("level", level), ("unit_id", unit_id)):
            found = found if only is None else found[found[column] == only]
        return found[(found["state"] != TAKEN_BACK) | history].reset_index(drop=True)

    def reasons(self, viewer: Viewer, surgery_id: str | None = None) -> pd.DataFrame:
        """Why children were not seen: id, surgery_id, child_id, duty, reason_kind, note, team_id, level, unit_id, held_on and WRITTEN.

        One taken back is listed too, with its state, so that it can be given again from its revision.
        """
        return self._beside(viewer, REASON, surgery_id)

    def notes(self, viewer: Viewer, surgery_id: str | None = None) -> pd.DataFrame:
        """The notes: id, surgery_id, about_kind, about_id, text, team_id, level, unit_id, held_on and WRITTEN."""
        return self._beside(viewer, NOTE, surgery_id)

    def history(self, viewer: Viewer, kind: str, ident: str) -> pd.DataFrame:
        """Every step of one record (kind: surgery, commitment, reason or note), in order: id, revision, did, what it said, by, at."""
        record = told.RECORDS.get(kind)
        if record is None:
            raise LookupError(f"There is no history of a “{kind[:20]}”: ask for {', '.join(told.RECORDS)}.")
        with db.reading(self._engine) as connection:
            taken = told.steps(connection, record, viewer.authority)
            seen = read.surgeries(connection, viewer) if record is SURGERY else read.beside(connection, viewer, record, None)
        wanted = (taken["id"] == ident) & taken["id"].isin(seen["id"])
        return taken[wanted].reset_index(drop=True)

    def may_hold(self, viewer: Viewer, level: str, unit_id: str) -> bool:
        """Whether this viewer may hold a surgery of a unit, and write in it."""
        with db.reading(self._engine) as connection:
            return viewer.may_hold_surgery(level, unit_id, read.teams_of(connection, viewer, level, unit_id))

    # ---- the surgery itself
    def open(self, viewer: Viewer, said: Surgery) -> str:
        """Open a surgery. Returns its id. Raises NotAllowed, Unfit, or LookupError where the unit has one that day."""
        fit = fit_surgery(said)
        with db.writing(self._engine, viewer.authority) as connection:
            read.must_hold(connection, viewer, fit.level, fit.unit_id)
            read.only_one(connection, viewer.authority, fit)
            return told.add(connection, SURGERY, viewer.authority, "opened", vars(fit), at=_now(), by=viewer.name)

    def change(self, viewer: Viewer, ident: str, said: Surgery, *, revision: int) -> None:
        """Change the day, the focus or who is there. Raises NotAllowed, Unfit, LookupError or Conflict.

        Once anything was agreed or written in it, it stays with its unit, and its day before what was agreed is to be done.
        """
        fit = fit_surgery(said)
        with db.writing(self._engine, viewer.authority) as connection:
            row = read.still_open(connection, viewer, ident)
            told.at_revision(SURGERY, row, revision)
            if (fit.level, fit.unit_id) != (row["level"], row["unit_id"]):
                raise LookupError("A surgery stays with the unit it was opened for: open another one for the other unit.")
            agreed = told.standing(connection, COMMITMENT, viewer.authority, ident)
            if (agreed.loc[agreed["did"] != TAKEN_BACK, "by_on"] <= fit.held_on).any():
                raise LookupError(f"Something is agreed by {fit.held_on:%d/%m/%Y} or before: change that first, or choose an earlier day.")
            read.only_one(connection, viewer.authority, fit, but=ident)
            self._next(connection, viewer, SURGERY, row, "changed", vars(fit))

    def set_present(self, viewer: Viewer, ident: str, present: str, *, revision: int) -> None:
        """Say who is there. Raises NotAllowed, Unfit, LookupError or Conflict."""
        with db.reading(self._engine) as connection:
            row = read.surgery(connection, viewer, ident)
        said = Surgery(**{name: row[name] for name in SURGERY.said})
        self.change(viewer, ident, replace(said, present=present), revision=revision)

    def close(self, viewer: Viewer, ident: str, snapshot: Mapping[str, Any], *, revision: int, steps: int | None = None) -> None:
        """Close a surgery and keep what its page showed (`data.snapshot` says in which shape). Nothing opens it again.

        steps: those of `held` when the snapshot was made; with it nothing written meanwhile is missing from the snapshot. Raises Conflict
        where something was, and NotAllowed, LookupError or ValueError.
        """
        content = snapshots.as_json(dict(snapshot))
        with db.writing(self._engine, viewer.authority) as connection:
            row = read.still_open(connection, viewer, ident)
            told.at_revision(SURGERY, row, revision)
            if steps is not None and int(told.counted(connection, viewer.authority)[row["id"]]) != steps:
                latest = read.surgery(connection, viewer, ident)
                raise Conflict("Something was written in this surgery since you read it: look at it, then close it.", latest)
            self._next(connection, viewer, SURGERY, row, CLOSED, row, snapshot=content)

    def snapshot(self, viewer: Viewer, ident: str) -> dict[str, Any] | None:
        """What the page of a closed surgery showed, as far as this viewer may see it; None while it is open. Raises LookupError."""
        with db.reading(self._engine) as connection:
            row = read.surgery(connection, viewer, ident)
            content = told.snapshot_of(connection, viewer.authority, ident)
        if content is None:
            return None
        shown: dict[str, Any] = json.loads(content)
        return shown if row["level"] == "team" else snapshots.seen_by(viewer, shown)

    # ---- what is agreed
    def agree(self, viewer: Viewer, said: Commitment) -> str:
        """Keep a commitment. Returns its id. Raises NotAllowed, Unfit, or LookupError where the surgery is closed."""
        with db.writing(self._engine, viewer.authority) as connection:
            values = read.fit_in(connection, viewer, said)
            return told.add(connection, COMMITMENT, viewer.authority, "agreed", values, at=_now(), by=viewer.name)

    def change_commitment(self, viewer: Viewer, ident: str, said: Commitment, *, revision: int) -> None:
        """Say a commitment otherwise, while its surgery is open. Raises NotAllowed, Unfit, LookupError or Conflict."""
        with db.writing(self._engine, viewer.authority) as connection:
            row = read.agreed(connection, viewer, ident, revision)
            values = read.fit_in(connection, viewer, replace(said, surgery_id=row["surgery_id"]))
            self._next(connection, viewer, COMMITMENT, row, "changed", values)

    def take_back(self, viewer: Viewer, ident: str, *, revision: int) -> None:
        """Take a commitment back, while its surgery is open; it is kept, with who and when. Raises NotAllowed, LookupError or Conflict."""
        with db.writing(self._engine, viewer.authority) as connection:
            row = read.agreed(connection, viewer, ident, revision)
            read.still_open(connection, viewer, row["surgery_id"])
            self._next(connection, viewer, COMMITMENT, row, TAKEN_BACK, row)

    def answer(self, viewer: Viewer, ident: str, kept: bool, note: str, *, revision: int) -> None:
        """Say by hand whether a commitment was kept, in words; in a later surgery, so after its own is closed too.

        Only of one that the data cannot check; the next check says the same. Raises NotAllowed, Unfit, LookupError or Conflict.
        """
        words = fit_note(note)
        with db.writing(self._engine, viewer.authority) as connection:
            row = read.agreed(connection, viewer, ident, revision)
            if row["kind"] != "by_hand":
                raise LookupError(f"“{row['what']}” is checked by the data, and not answered by hand.")
            answer = "kept" if kept else "not_kept"
            self._next(connection, viewer, COMMITMENT, row, "answered", {**row, "answer": answer, "answer_note": words})

    # ---- reasons and notes
    def give_reason(
        self, viewer: Viewer, surgery_id: str, child_id: str, duty: str, reason_kind: str, note: str, *, revision: int = 0,
        team_id: str = "",
    ) -> str:  # fmt: skip
        """Say why a child was not seen. revision: 0 for the first time. Returns its id. Raises NotAllowed, Unfit, LookupError, Conflict."""
        kind, words = fit_reason(reason_kind, note)
        about = {"child_id": fit_about("child", child_id)[1], "duty": duty}
        said = {"reason_kind": kind, "note": words}
        return self._write(viewer, REASON, surgery_id, about, said, revision=revision, team_id=team_id, did=("given", "changed"))

    def take_reason_back(self, viewer: Viewer, surgery_id: str, child_id: str, duty: str, *, revision: int) -> str:
        """Take a reason back; it is kept, with who and when. Raises NotAllowed, LookupError or Conflict."""
        about = {"child_id": child_id, "duty": duty}
        return self._write(viewer, REASON, surgery_id, about, {}, revision=revision, did=("", TAKEN_BACK))

    def write_note(
        self, viewer: Viewer, surgery_id: str, text: str, *, about_kind: str = "none", about_id: str = "", revision: int = 0,
        team_id: str = "",
    ) -> str:  # fmt: skip
        """Write the note of a surgery, or about one child, worker or KPI in it; empty takes away what it said. Returns its id.

        revision: 0 for the first time. Raises NotAllowed, Unfit, LookupError or Conflict.
        """
        kind, ident = fit_about(about_kind, about_id)
        about, said = {"about_kind": kind, "about_id": ident}, {"text": fit_note(text)}
        return self._write(viewer, NOTE, surgery_id, about, said, revision=revision, team_id=team_id, did=("written", "changed"))

    # ---- what the data says of it
    def reach(self, authority: str) -> dict[str, pd.Timestamp]:
        """Up to which day the loads that count speak of each table (for visits, `visit:cp` and so on): table -> the last day."""
        with db.reading(self._engine) as connection:
            return checking.reach(connection, authority)

    def checked(
        self, viewer: Viewer, surgery_id: str | None = None, level: str | None = None, unit_id: str | None = None, history: bool = False
    ) -> pd.DataFrame:
        """What the data said of the commitments this viewer may see: commitment_id, as_at, outcome, said, happened_on, recorded_on,
        version, checked_at. The newest of each, if it speaks of the commitment as it stands; `history`: every one, in order.

        A result is kept when it differs from the one before, so `as_at` is the day from which on the data said so.
        """
        mine = self.commitments(viewer, surgery_id, level, unit_id)
        with db.reading(self._engine) as connection:
            return checking.said_of(connection, viewer.authority, mine, history=history)

    def check(self, authority: str, rule: checking.Rule) -> int:
        """Hold every commitment against the data, and keep what it says where it said another thing before. Returns of how many it does.

        rule: from the tables, the commitments, the newest day any extract speaks of, the figures and how far each extract reaches to
        commitment_id, outcome, said, happened_on, recorded_on (`kpi.surgery.check_all`). Nothing is done where nothing is loaded.
        """
        while True:
            with db.reading(self._engine) as connection:
                version, reach = _version(connection, authority), checking.reach(connection, authority)
                agreed = checking.every_commitment(connection, authority)
                if agreed.empty or not reach:
                    return 0
                figures = checking.figures_for(connection, authority, agreed)
            day = max(reach.values())
            found = self._asked(authority, partial(_judged, rule, agreed, day, figures, reach))
            with db.writing(self._engine, authority) as connection:
                if _version(connection, authority) == version:  # else something was loaded meanwhile: this speaks of a state that is gone
                    return told.keep_checks(connection, authority, found, version=version, at=_now())

    def _write(
        self, viewer: Viewer, record: Record, surgery_id: str, about: Mapping[str, str], said: Mapping[str, str], *, revision: int,
        did: tuple[str, str], team_id: str = "",
    ) -> str:  # fmt: skip
        """Keep what is said about somebody in a surgery: the first time, or over what stands."""
        with db.writing(self._engine, viewer.authority) as connection:
            surgery = read.still_open(connection, viewer, surgery_id)
            found = read.beside(connection, viewer, record, surgery_id)
            for name, value in about.items():
                found = found[found[name] == value]
            if len(found):
                row = found.iloc[0]
                told.at_revision(record, row, revision)
                return self._next(connection, viewer, record, row, did[1], {**row, **said, "team_id": row["team_id"]})
            if revision or not said:
                raise LookupError(f"There is no such {record.title} in this surgery.")
            values = {"surgery_id": surgery["id"], **about, **said, "team_id": read.team_of(surgery, team_id)}
            read.must_see(viewer, surgery, values)
            return told.add(connection, record, viewer.authority, did[0], values, at=_now(), by=viewer.name)

    def _next(self, connection: Connection, viewer: Viewer, record: Record, row: pd.Series, did: str, values: Any, **more: Any) -> str:
        """A further step of a record that stands. Returns its id."""
        ident, revision = str(row["id"]), int(row["revision"])
        return told.add(
            connection, record, viewer.authority, did, values, at=_now(), by=viewer.name, ident=ident, revision=revision, **more
        )  # fmt: skip

    def _beside(self, viewer: Viewer, record: Record, surgery_id: str | None) -> pd.DataFrame:
        with db.reading(self._engine) as connection:
            found = read.beside(connection, viewer, record, surgery_id)
        return found[["id", *record.said, "level", "unit_id", "held_on", *WRITTEN]]


def _version(connection: Connection, authority: str) -> int:
    s = schema.state.c
    return int(connection.execute(select(s.version).where(s.authority == authority)).scalar() or 0)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def _judged(
    rule: checking.Rule, agreed: pd.DataFrame, day: pd.Timestamp, figures: pd.DataFrame, reach: Mapping[str, pd.Timestamp], tables: Tables
) -> pd.DataFrame:  # fmt: skip
    """What the tables say of each commitment as at a day."""
    return rule(tables, agreed, day, figures, reach).assign(as_at=day)
