"""The store: what Sightline holds, in SQLite or PostgreSQL. The only package that speaks SQL.

store = Store("sqlite:///data/local/sightline.sqlite")
store.load("local", reading, by="a.rahim")
store.cases(viewer, measure)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import pandas as pd
from sqlalchemy import Connection, Select, func, select, text

from data import given
from data.reading import Reading, Refused
from data.records import Annotation, Remark, Target, fit_annotation, fit_remark, fit_target
from data.store import (
    conflicts,
    covering,
    ending,
    filled,
    held,
    keeping,
    loading,
    problems,
    records,
    restating,
    schema,
    target_steps,
    withdrawing,
)  # fmt: skip
from data.store import engine as db
from data.store.engine import Unreachable
from data.store.loading import Loaded
from data.store.migrating import up_to_date
from data.store.plan import Plan
from data.store.remembered import Moved, Remembered, state_of
from data.store.surgeries import Surgeries
from data.tables import BY_NAME, Clock, Tables
from data.viewer import NotAllowed, Viewer

__all__ = ["Loaded", "Store", "Unreachable"]
Found = TypeVar("Found")
NAMES_SOMEBODY = ("child_id", "worker_id", "case_id")


class Store:
    """Everything held, for every authority. Safe to share between threads; several processes may use one database."""

    def __init__(self, url: str) -> None:
        self._engine = db.open_engine(url)
        up_to_date(self._engine)
        self._remembered = Remembered(self._engine)
        self.surgeries = Surgeries(self._engine, self._asked)
        self.plan = Plan(self._engine)

    # ---- loads
    def loaded_already(self, authority: str, content_hash: str) -> Loaded | None:
        """What became of this very content when it was loaded before; None if it never was, or was withdrawn."""
        with self._engine.connect() as connection:
            batch_id = loading.batch_with(connection, authority, content_hash)
            return None if batch_id is None else loading.loaded_before(connection, batch_id)

    def load(self, authority: str, reading: Reading, *, by: str) -> Loaded:
        """Keep one file: all of it or none. The same content again changes nothing. Raises Refused where it cannot be kept."""
        try:
            with db.writing(self._engine, authority) as connection:
                known = loading.batch_with(connection, authority, reading.content_hash)
                if known is not None:
                    return loading.loaded_before(connection, known)
                return loading.store_reading(connection, authority, reading, at=_now(), by=by)
        except Exception as error:
            if not db.is_full(error):
                raise
            raise Refused(f"{reading.file}: nothing of it was stored, for the disk is full: make room and load it again") from error

    def withdraw(self, authority: str, batch_id: int, *, by: str) -> None:
        """Take a load back: the state before it returns. Raises LookupError with what to do when there is no such load."""
        with db.writing(self._engine, authority) as connection:
            withdrawing.withdraw(connection, authority, batch_id, at=_now(), by=by)

    def declare_whole(self, authority: str, batch_id: int, *, by: str) -> None:
        """Say that a file is whole, so that all it no longer lists ends. Raises LookupError where nothing was held back."""
        with db.writing(self._engine, authority) as connection:
            ending.declare_whole(connection, authority, batch_id, at=_now(), by=by)
            loading.changed(connection, authority)

    def loads(self, authority: str) -> pd.DataFrame:
        """Every load, newest first: batch_id, source, file, as_at, loaded_at, loaded_by, rows_..., withdrawn_at, problems (how many)."""
        b, p = schema.batch, schema.problem
        counts = select(p.c.batch_id, func.count().label("problems")).group_by(p.c.batch_id).subquery()
        query = select(b, func.coalesce(counts.c.problems, 0).label("problems")).outerjoin(counts, counts.c.batch_id == b.c.batch_id)
        frame = self._frame(query.where(b.c.authority == authority).order_by(b.c.batch_id.desc()))
        for column in ("as_at", "loaded_at", "withdrawn_at"):
            frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
        return frame

    def problems(
        self, authority: str, *, source: str | None = None, severity: str | None = None, search: str | None = None,
        limit: int | None = None, offset: int = 0,
    ) -> pd.DataFrame:  # fmt: skip
        """What was wrong in the loads that count, newest first: batch_id, file, source, as_at, severity, sheet, row, column, ..."""
        return self._frame(problems.listed(authority, source=source, severity=severity, search=search).limit(limit).offset(offset))

    def problem_total(self, authority: str, *, source: str | None = None, severity: str | None = None, search: str | None = None) -> int:
        """How many problems `problems` would list without a limit."""
        with self._engine.connect() as connection:
            asked = problems.how_many(authority, source=source, severity=severity, search=search)
            return int(connection.execute(asked).scalar_one())

    def problem_counts(self, authority: str) -> pd.DataFrame:
        """How many problems there are over time: source, month (the month end of the load's as-at day), severity, problems."""
        return problems.by_month(self._frame(problems.counted(authority)))

    def version(self, authority: str) -> tuple[int, int]:
        """How many times what is held has changed, and the count the figures were worked out at; equal when they are up to date."""
        s = schema.state.c
        with self._engine.connect() as connection:
            row = connection.execute(select(s.version, s.figures_version).where(s.authority == authority)).first()
        return (0, 0) if row is None else (row[0], row[1])

    # ---- what is held
    def cases(self, viewer: Viewer, measure: Callable[[Tables], pd.DataFrame]) -> pd.DataFrame:
        """The cases a measure finds, as far as this viewer may see them."""
        return viewer.may_see(self._asked(viewer.authority, measure)).reset_index(drop=True)

    def told(self, viewer: Viewer, about: Callable[[Tables], pd.DataFrame]) -> pd.DataFrame:
        """What the data can speak of: of extracts and months, never of a child or a worker, so the same for everyone who may look.

        Raises ValueError for a frame that names any: that is cases, which `cases` cuts to what the viewer may see.
        """
        found = self._asked(viewer.authority, about)
        if named := [column for column in NAMES_SOMEBODY if column in found]:
            raise ValueError(f"this tells of {', '.join(named)}: ask Store.cases for it, which cuts it to what the viewer may see")
        return found

    def work_out(self, authority: str, measure: Callable[[Tables], pd.DataFrame]) -> int:
        """Work the figures out from all that is held and keep them. Returns how many; they tell numbers of an authority, never a child."""
        while True:
            version = self.version(authority)[0]
            figures = self._asked(authority, measure)
            with db.writing(self._engine, authority) as connection:
                if connection.execute(text("SELECT version FROM state WHERE authority = :a"), {"a": authority}).scalar_one() != version:
                    continue  # something was loaded meanwhile: the figures would speak of a state that is gone
                keeping.save(connection, authority, figures, version)
                return len(figures)

    def figures(
        self, viewer: Viewer, *, levels: Sequence[str] = ("authority",), kpis: Sequence[str] | None = None,
        units: Sequence[str] | None = None, first: pd.Timestamp | None = None, last: pd.Timestamp | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """The figures as they stand: kpi, period, level, unit_id, numerator, denominator, left_out, apart, note."""
        with self._engine.connect() as connection:
            return keeping.read(connection, viewer.authority, levels=levels, kpis=kpis, units=units, first=first, last=last)

    def published(self, viewer: Viewer, *, levels: Sequence[str] = ("authority",), kpis: Sequence[str] | None = None) -> pd.DataFrame:
        """The figures as first published, with when and by whom."""
        with self._engine.connect() as connection:
            return keeping.read(
                connection, viewer.authority, levels=levels, kpis=kpis, units=None, first=None, last=None, of=schema.published
            )  # fmt: skip

    def restatements(
        self, viewer: Viewer, *, levels: Sequence[str] = ("authority",), kpis: Sequence[str] | None = None
    ) -> pd.DataFrame:  # fmt: skip
        """The published figures that are others now: kpi, level, unit_id, period, numerator_published, denominator_published,
        numerator_now, denominator_now (empty: there is no such figure now), published_at, published_by, loads_since."""
        with db.reading(self._engine) as connection:
            return restating.restatements(connection, viewer.authority, levels=levels, kpis=kpis)

    def conflicts(self, viewer: Viewer) -> pd.DataFrame:
        """Where sources differ about a fact this viewer may see: table, child_id, team_id, fact, column, value_used, source_used,
        file_used, value_not_used, source_not_used, file_not_used."""
        with db.reading(self._engine) as connection:
            return viewer.may_see(conflicts.held_conflicts(connection, viewer.authority)).reset_index(drop=True)

    def completeness(self, viewer: Viewer) -> pd.DataFrame:
        """How many of the current rows have each field filled in, for this viewer's teams: table, field, team_id, rows, filled."""
        b = schema.batch.c
        with self._engine.connect() as connection:
            newest = connection.execute(select(func.max(b.as_at)).where(b.authority == viewer.authority, b.withdrawn_at.is_(None))).scalar()
        day = None if newest is None else pd.Timestamp(newest)
        return self._asked(viewer.authority, lambda tables: filled.completeness(tables, viewer, day))

    def targets(self, authority: str) -> pd.DataFrame:
        """The dated targets that hold, in the shape of `reference.targets`: shipped, loaded or set here (`given.target_rows`)."""
        with db.reading(self._engine) as connection:
            return given.targets(authority, *_targets(connection, authority))

    def target_rows(self, authority: str) -> pd.DataFrame:
        """Every dated target, those that another of the same day takes the place of too: as `given.target_rows` says."""
        with db.reading(self._engine) as connection:
            return given.target_rows(authority, *_targets(connection, authority))

    def clocks(self, authority: str) -> tuple[Clock, ...]:
        """The dated standards: those that come with Sightline, and over them those loaded."""
        with self._engine.connect() as connection:
            return given.clocks(authority, held.frames(connection, authority, [BY_NAME["clock"]])["clock"])

    def comparators(self, authority: str) -> pd.DataFrame:
        """The published figures this authority has loaded, to be compared with: canonical `published_figure` rows; none is usual."""
        with db.reading(self._engine) as connection:
            return held.frames(connection, authority, [BY_NAME["published_figure"]])["published_figure"]

    def publish(self, authority: str, period: pd.Timestamp, *, by: str) -> int:
        """Keep a month's figures as first published."""
        with db.writing(self._engine, authority) as connection:
            return keeping.publish(connection, authority, period, at=_now(), by=by)

    def teams(self, viewer: Viewer) -> pd.DataFrame:
        """Which service each team belongs to: team_id, service_id, started_on, ended_on."""
        with db.reading(self._engine) as connection:
            return held.frames(connection, viewer.authority, [BY_NAME["team"]])["team"]

    def invented(self, authority: str) -> bool:
        """Whether anything that counts says of itself that it is invented."""
        b = schema.batch.c
        with self._engine.connect() as connection:
            found = select(b.batch_id).where(b.authority == authority, b.withdrawn_at.is_(None), b.invented.is_(True)).limit(1)
            return connection.execute(found).first() is not None

    def covered(self, authority: str) -> dict[str, pd.DatetimeIndex]:
        """Which months each table's loads speak for."""
        with self._engine.connect() as connection:
            return covering.months(connection, authority)

    # ---- targets set here
    def targets_set(self, viewer: Viewer) -> pd.DataFrame:
        """Every target ever set here, those taken back too: id, kpi, since, green, amber, by, set_by, source, note, made_by, made_at,
        taken_back_by, taken_back_at."""
        with self._engine.connect() as connection:
            return target_steps.held(connection, viewer.authority)

    def target_steps(self, viewer: Viewer) -> pd.DataFrame:
        """Everything people did to targets, first to last: id, did (set, taken back), kpi, since, ..., done_by, done_at."""
        with self._engine.connect() as connection:
            return target_steps.taken(connection, viewer.authority)

    def set_target(self, viewer: Viewer, said: Target) -> str:
        """Set a target from a day on. Returns its id. Raises NotAllowed, Unfit or LookupError."""
        viewer.must_be_allowed_to_set_targets()
        fit = fit_target(said)
        with db.writing(self._engine, viewer.authority) as connection:
            return target_steps.set_target(connection, viewer.authority, fit, at=_now(), by=viewer.name)

    def take_target_back(self, viewer: Viewer, ident: str) -> None:
        """Take a target set here back; it is kept, with who and when. Raises NotAllowed or LookupError."""
        viewer.must_be_allowed_to_set_targets()
        with db.writing(self._engine, viewer.authority) as connection:
            target_steps.take_back(connection, viewer.authority, ident, at=_now(), by=viewer.name)

    def spoken_for(self, authority: str) -> pd.DataFrame:
        """Which months each source speaks for: source, table, month (a month end)."""
        with self._engine.connect() as connection:
            return covering.by_source(connection, authority)

    # ---- what people write beside the figures
    def annotations(self, viewer: Viewer, kpi: str | None = None, *, history: bool = False) -> pd.DataFrame:
        """The annotations that stand, typed and loaded, by day; of one measure, with those of every measure; `history`: the undone too.

        id, origin (typed or loaded), on, label, kind, kpi (empty: every measure), rebase, made_by, made_at, rebase_by, rebase_at (who
        last turned it on or off), undone_by, undone_at.
        """
        with db.reading(self._engine) as connection:
            frame = records.annotations_held(connection, viewer.authority)
        wanted = frame["undone_at"].isna() | history
        return frame[wanted if kpi is None else wanted & frame["kpi"].isin(["", kpi])].reset_index(drop=True)

    def annotation_steps(self, viewer: Viewer) -> pd.DataFrame:
        """Everything people did to annotations, first to last: id, did (added, undone, rebase on, rebase off), on, ..., by, at."""
        with self._engine.connect() as connection:
            return records.annotation_steps(connection, viewer.authority)

    def annotate(self, viewer: Viewer, said: Annotation, *, instead_of: str | None = None) -> str:
        """Keep an annotation, in the place of another where it corrects it. Returns its id. Raises NotAllowed, Unfit or LookupError."""
        viewer.must_be_allowed_to_annotate()
        at = _now()
        fit = fit_annotation(said, today=pd.Timestamp(at) + pd.Timedelta(hours=14))  # wherever on earth it is tomorrow already
        with db.writing(self._engine, viewer.authority) as connection:
            if instead_of is not None:
                records.undo_annotation(connection, viewer.authority, instead_of, at=at, by=viewer.name)
            return records.add_annotation(connection, viewer.authority, fit, at=at, by=viewer.name)

    def undo_annotation(self, viewer: Viewer, ident: str) -> None:
        """Take an annotation back, and its rebase with it; who and when is kept. Raises NotAllowed or LookupError."""
        viewer.must_be_allowed_to_annotate()
        with db.writing(self._engine, viewer.authority) as connection:
            records.undo_annotation(connection, viewer.authority, ident, at=_now(), by=viewer.name)

    def rebase(self, viewer: Viewer, ident: str, on: bool) -> None:
        """Draw the expected range anew from an annotation, or no longer; who and when is kept. Raises NotAllowed or LookupError."""
        viewer.must_be_allowed_to_annotate()
        with db.writing(self._engine, viewer.authority) as connection:
            records.rebase(connection, viewer.authority, ident, on=on, at=_now(), by=viewer.name)

    def remarks(
        self, viewer: Viewer, kpi: str | None = None, *, level: str | None = None, units: Sequence[str] | None = None,
        period: pd.Timestamp | None = None, history: bool = False,
    ) -> pd.DataFrame:  # fmt: skip
        """The comments this viewer may read, in the order they were made; `history`: those withdrawn too.

        id, kpi, level, unit_id, period (a month end), text, made_by, made_at, withdrawn_by, withdrawn_at.
        """
        with self._engine.connect() as connection:
            frame = records.remarks_held(connection, viewer.authority)
        read = pd.Series([viewer.may_see_unit(*of) for of in zip(frame["level"], frame["unit_id"], strict=True)], dtype="bool")
        wanted = read & (frame["withdrawn_at"].isna() | history)
        for column, only in (("kpi", kpi), ("level", level), ("period", period)):
            wanted &= True if only is None else frame[column] == only
        return frame[wanted if units is None else wanted & frame["unit_id"].isin(list(units))].reset_index(drop=True)

    def remark(self, viewer: Viewer, said: Remark, *, instead_of: str | None = None) -> str:
        """Keep a comment, in the place of another where it corrects it. Returns its id. Raises NotAllowed, Unfit or LookupError."""
        viewer.must_be_allowed_to_annotate()
        fit, at = fit_remark(said), _now()
        _must_see(viewer, fit.level, fit.unit_id)
        with db.writing(self._engine, viewer.authority) as connection:
            if instead_of is not None:
                _take_back(connection, viewer, instead_of, at)
            return records.add_remark(connection, viewer.authority, fit, at=at, by=viewer.name)

    def withdraw_remark(self, viewer: Viewer, ident: str) -> None:
        """Take a comment back; it is kept, with who and when. Raises NotAllowed or LookupError."""
        viewer.must_be_allowed_to_annotate()
        with db.writing(self._engine, viewer.authority) as connection:
            _take_back(connection, viewer, ident, _now())

    def held_version(self, authority: str) -> tuple[int, int, int, int]:
        """What changes whenever cases may be others: with loads, withdrawals, declarations and the plan, not with notes and the like."""
        with self._engine.connect() as connection:
            return state_of(connection, authority)

    def _asked(self, authority: str, about: Callable[[Tables], Found]) -> Found:
        """What the tables of one authority say, all of one and the same state: begun anew where something was loaded meanwhile."""
        while True:
            try:
                return about(self._remembered.of(authority))
            except Moved:
                continue

    def _frame(self, query: Select[Any]) -> pd.DataFrame:
        with self._engine.connect() as connection:
            result = connection.execute(query)
            return pd.DataFrame.from_records([tuple(r) for r in result.fetchall()], columns=list(result.keys()))

    def close(self) -> None:
        self._engine.dispose()


def _targets(connection: Connection, authority: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The targets loaded, and those set here that stand."""
    set_here = target_steps.held(connection, authority)
    loaded = held.frames(connection, authority, [BY_NAME["target"]])["target"]
    return loaded, set_here[set_here["taken_back_at"].isna()]


def _take_back(connection: Connection, viewer: Viewer, ident: str, at: datetime) -> None:
    row = records.remark_standing(connection, viewer.authority, ident)
    _must_see(viewer, row["level"], row["unit_id"])
    records.withdraw_remark(connection, viewer.authority, row, at=at, by=viewer.name)


def _must_see(viewer: Viewer, level: str, unit_id: str) -> None:
    if not viewer.may_see_unit(level, unit_id):
        raise NotAllowed(f"{viewer.name} does not see the team {unit_id}, so may not write about it.")


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
