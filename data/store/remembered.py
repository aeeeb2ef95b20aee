"""What is held of an authority, each table read when it is first asked for and kept in memory until something is loaded or withdrawn."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

import pandas as pd
from sqlalchemy import Connection, Engine, func, select

from data import given, reference
from data.store import covering, held, plan_steps, schema
from data.store import engine as db
from data.store.standing import Listing
from data.tables import BY_NAME, Tables

State = tuple[int, int, int, int]


class Moved(Exception):
    """Something was loaded, withdrawn or written in the plan meanwhile: what was read of the tables before is of a state that is gone."""


class Remembered:
    """The tables of every authority asked for. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tables: dict[str, tuple[State, Tables]] = {}
        self._lock = threading.Lock()

    def of(self, authority: str) -> Tables:
        """All canonical tables as they stand; each is read when it is first asked for. Asking may raise Moved: then ask for all anew."""
        with self._lock, db.reading(self._engine) as connection:
            now = state_of(connection, authority)
            kept = self._tables.get(authority)
            if kept is None or kept[0] != now:
                frames = _Frames(
                    self._engine, authority, now, held.sources_of(connection, authority), held.listings(connection, authority)
                )  # fmt: skip
                clocks = given.clocks(authority, frames.read(connection, "clock"))
                actions = frames.read(connection, "action")
                actions, covered = plan_steps.joined(connection, authority, actions, covering.months(connection, authority))
                kept = (now, Tables(frames.with_one("action", actions), clocks, reference.bank_holidays(), covered))
                self._tables[authority] = kept
            return kept[1]


def state_of(connection: Connection, authority: str) -> State:
    """What tells one state of the tables from another: the newest load, how many are withdrawn or declared whole, the plan's last step."""
    b, s = schema.batch.c, schema.batch_says.c
    newest, withdrawn = connection.execute(select(func.max(b.batch_id), func.count(b.withdrawn_at)).where(b.authority == authority)).one()
    whole = select(func.count(s.declared_at)).join_from(schema.batch_says, schema.batch, b.batch_id == s.batch_id)
    step = select(func.max(schema.plan_step.c.step_id)).where(schema.plan_step.c.authority == authority)
    declared = connection.execute(whole.where(b.authority == authority)).scalar_one()
    return (newest or 0, withdrawn, declared, connection.execute(step).scalar() or 0)


class _Frames(Mapping[str, pd.DataFrame]):
    """Table name -> its rows as they stood at one state of the loads, read when first asked for."""

    def __init__(
        self, engine: Engine, authority: str, loads: State, sources: Mapping[str, tuple[str, ...]], complete: list[Listing]
    ) -> None:  # fmt: skip
        self._engine, self._authority, self._loads, self._sources, self._complete = engine, authority, loads, sources, complete
        self._read: dict[str, pd.DataFrame] = {}
        self._lock = threading.Lock()

    def __getitem__(self, name: str) -> pd.DataFrame:
        with self._lock:
            if name not in self._read:
                with db.reading(self._engine) as connection:
                    if state_of(connection, self._authority) != self._loads:
                        raise Moved
                    self._read[name] = self.read(connection, name)
            return self._read[name]

    def read(self, connection: Connection, name: str) -> pd.DataFrame:
        """One table, from the database."""
        return held.frame(connection, self._authority, BY_NAME[name], self._sources, self._complete)

    def with_one(self, name: str, frame: pd.DataFrame) -> _Frames:
        """The same, with one table as given."""
        self._read[name] = frame
        return self

    def __iter__(self) -> Iterator[str]:
        return iter(BY_NAME)

    def __len__(self) -> int:
        return len(BY_NAME)

    def __contains__(self, name: object) -> bool:
        return name in BY_NAME
