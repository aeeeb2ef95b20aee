"""The two databases Sightline runs on, SQLite and PostgreSQL: opening them, and moving whole frames in and out quickly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Date, Engine, Table, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

BUSY_SECONDS = 60


class Unreachable(Exception):
    """The database cannot be opened. The message says which and what to do; it never carries a password."""


def open_engine(url: str) -> Engine:
    """The database at this address: `sqlite:///FILE` or `postgresql+psycopg://USER@HOST/NAME` (plain `postgresql://` will do)."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise Unreachable("SIGHTLINE_DATABASE_URL is not a database address: write sqlite:///FILE or postgresql://USER@HOST/NAME") from None
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() == "sqlite":
        return _sqlite(address.render_as_string(hide_password=False), address.database)
    try:
        engine = create_engine(address, pool_pre_ping=True)
        engine.connect().close()
    except (OperationalError, NoSuchModuleError) as error:
        raise Unreachable(f"{address.render_as_string(hide_password=True)} cannot be opened: {str(error).splitlines()[0]}") from None
    return engine


def _sqlite(url: str, file: str | None) -> Engine:
    if file and file != ":memory:":
        try:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(f"the folder of {file} cannot be made: {error.strerror}") from None
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, never by the driver
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={BUSY_SECONDS * 1000}", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    try:
        engine.connect().close()
    except OperationalError as error:
        raise Unreachable(f"{file} cannot be opened: {str(error.orig)}") from None
    return engine


@contextmanager
def writing(engine: Engine, authority: str) -> Iterator[Connection]:
    """One transaction that changes what is held of an authority: all of it happens or none, and only one at a time."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(
            text("INSERT INTO state (authority, version, figures_version) VALUES (:a, 0, -1) ON CONFLICT (authority) DO NOTHING"), {"a": authority}
        )
        if not is_sqlite(connection):
            connection.execute(text("SELECT version FROM state WHERE authority = :a FOR UPDATE"), {"a": authority})
        yield connection


def is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def live(connection: Connection) -> str:
    """The condition that picks the rows that hold now, of authority `:a`, in the order they were first said."""
    return f"authority = :a AND live{' = 1' if is_sqlite(connection) else ''} ORDER BY row_id"


def insert(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Put a frame into a table, by the driver's own fast road (executemany in SQLite, COPY in PostgreSQL)."""
    if frame.empty:
        return
    columns = ", ".join(f'"{c}"' for c in frame.columns)
    rows = zip(*(plain(frame[c]) for c in frame.columns), strict=True)
    raw = connection.connection.driver_connection
    assert raw is not None
    if is_sqlite(connection):
        marks = ", ".join("?" * len(frame.columns))
        raw.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', rows)
        return
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def plain(values: pd.Series) -> list[Any]:
    """A column as plain values the drivers take: days as ISO text, empty as None."""
    if pd.api.types.is_datetime64_any_dtype(values):
        out = np.datetime_as_string(values.to_numpy().astype("datetime64[D]")).astype(object)
        return list(np.where(values.isna(), None, out))
    return list(values.astype(object).where(values.notna(), None))


def select(connection: Connection, table: Table, columns: Sequence[str], where: str, values: dict[str, Any]) -> pd.DataFrame:
    """Rows of a table as a frame, days as datetime64[s]; `where` is written by the store alone, values are bound."""
    dates = {c for c in columns if isinstance(table.c[c].type, Date)}
    sqlite = is_sqlite(connection)
    wanted = ", ".join(f'"{c}"::text' if c in dates and not sqlite else f'"{c}"' for c in columns)
    rows = connection.execute(text(f'SELECT {wanted} FROM "{table.name}" WHERE {where}'), values).fetchall()
    frame = pd.DataFrame.from_records([tuple(r) for r in rows], columns=list(columns))
    for column in dates:
        frame[column] = pd.to_datetime(frame[column], format="%Y-%m-%d").astype("datetime64[s]")
    return frame


def new_ids(connection: Connection, table: Table, count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """As many fresh row ids as asked for."""
    if is_sqlite(connection):
        first = connection.execute(text(f'SELECT COALESCE(MAX(row_id), 0) + 1 FROM "{table.name}"')).scalar_one()
        return np.arange(first, first + count, dtype=np.int64)
    name = f'"{table.name}_row_id_seq"'
    ids = connection.execute(text("SELECT nextval(CAST(:name AS regclass)) FROM generate_series(1, :n)"), {"name": name, "n": count}).scalars()
    return np.fromiter(ids, dtype=np.int64, count=count)
