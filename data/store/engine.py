"""The two databases Sightline runs on, SQLite and PostgreSQL: opening them, and moving whole frames in and out quickly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Float,
    Index,
    Integer,
    Table,
    TableClause,
    Text,
    create_engine,
    event,
    text,
)
from sqlalchemy import table as named
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from data.many_cells import nothing_collected

BUSY_SECONDS = 60
DISK_FULL = "53100"  # PostgreSQL's own number for it
ROWS_AT_A_TIME = 20_000
ROWS_WRITTEN_AT_A_TIME = 100_000
WORTH_QUOTING = 50
WORTH_INDEXING_ANEW = 50_000
LONGEST_QUOTED = 200


class Unreachable(Exception):
    """The database cannot be opened. The message says which and what to do; it never carries a password."""


def open_engine(url: str) -> Engine:
    """The database at this address: `sqlite:///FILE` or `postgresql+psycopg://USER@HOST/NAME` (plain `postgresql://` will do)."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise Unreachable("SIGHTLINE_DATABASE_URL is not a database address: write sqlite:///FILE or postgresql://USER@HOST/NAME") from None
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() == "sqlite":
        return _sqlite(address.render_as_string(hide_password=False), address.database)
    try:
        engine = create_engine(address, pool_pre_ping=True)
        engine.connect().close()
    except (DBAPIError, NoSuchModuleError, ImportError) as error:
        shown = address.set(query={}).render_as_string(hide_password=True)  # a query may carry a password too
        raise Unreachable(f"{shown} cannot be opened: {str(error).splitlines()[0]}") from None
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
        waiting = f"busy_timeout={BUSY_SECONDS * 1000}"
        settings = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-131072", "temp_store=MEMORY")
        for pragma in (waiting, *settings):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    try:
        engine.connect().close()
    except DBAPIError as error:
        raise Unreachable(f"{file} cannot be opened: {error.orig!s}") from None
    return engine


@contextmanager
def writing(engine: Engine, authority: str) -> Iterator[Connection]:
    """One transaction that changes what is held of an authority: all of it happens or none, and only one at a time."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        first = "INSERT INTO state (authority, version, figures_version) VALUES (:a, 0, -1) ON CONFLICT (authority) DO NOTHING"
        connection.execute(text(first), {"a": authority})
        if not is_sqlite(connection):
            connection.execute(text("SELECT version FROM state WHERE authority = :a FOR UPDATE"), {"a": authority})
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection whose every read sees one and the same state, whatever is loaded meanwhile."""
    with engine.connect() as connection:
        yield connection if is_sqlite(connection) else connection.execution_options(isolation_level="REPEATABLE READ")


def is_full(error: Exception) -> bool:
    """Whether a database gave up because there is no room left on its disk."""
    cause = getattr(error, "orig", None) or error
    return getattr(cause, "sqlstate", None) == DISK_FULL or "disk is full" in str(cause)


def is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def live(connection: Connection) -> str:
    """The condition that picks the rows that hold now, of authority `:a`, in the order they were first said.

    In SQLite a plus sign keeps the index by fact out of it: reading the whole table in its own order takes a third of the time.
    """
    return "+authority = :a AND live = 1 ORDER BY row_id" if is_sqlite(connection) else "authority = :a AND live ORDER BY row_id"


def insert(connection: Connection, table: TableClause, frame: pd.DataFrame) -> None:
    """Put a frame into a table, by the driver's own fast road (executemany in SQLite, COPY in PostgreSQL), some rows at a time."""
    with _indexed_afterwards(connection, table, len(frame)):
        for start in range(0, len(frame), ROWS_WRITTEN_AT_A_TIME):
            part = frame.iloc[start : start + ROWS_WRITTEN_AT_A_TIME]
            _insert_sqlite(connection, table, part) if is_sqlite(connection) else _copy(connection, table, part)


@contextmanager
def _indexed_afterwards(connection: Connection, table: TableClause, count: int) -> Iterator[None]:
    """In SQLite, where a load brings more rows than a table of facts holds, its index is made once from all of them, not row by row.

    All in the one transaction: whoever reads meanwhile, and whoever comes after a crash, finds the index as it was.
    """
    rebuilt: set[Index] = set()
    if count >= WORTH_INDEXING_ANEW and isinstance(table, Table) and is_sqlite(connection) and _holds_fewer(connection, table, count):
        rebuilt = table.indexes
    for index in rebuilt:
        index.drop(connection)
    yield
    for index in rebuilt:
        index.create(connection)


def _holds_fewer(connection: Connection, table: Table, count: int) -> bool:
    held = text(f'SELECT COUNT(*) FROM (SELECT 1 FROM "{table.name}" LIMIT {count})')
    return bool(connection.execute(held).scalar_one() < count)


def _insert_sqlite(connection: Connection, table: TableClause, frame: pd.DataFrame) -> None:
    """What every row says alike is written into the statement itself, quoted by SQLite: that spares half of the handing over."""
    raw: Any = connection.connection.driver_connection
    columns, marks, varying = [], [], []
    for name in frame.columns:
        values = plain(frame[name])
        if _all_alike(values):
            if values[0] is None:
                continue
            marks.append(raw.execute("SELECT quote(?)", (values[0],)).fetchone()[0])
        else:
            varying.append(values)
            marks.append("?")
        columns.append(f'"{name}"')
    statement = f'INSERT INTO "{table.name}" ({", ".join(columns)}) VALUES ({", ".join(marks)})'
    raw.executemany(statement, zip(*varying, strict=True) if varying else [()] * len(frame))


def _all_alike(values: list[Any]) -> bool:
    first = values[0]
    short = not isinstance(first, str) or len(first) <= LONGEST_QUOTED
    return len(values) >= WORTH_QUOTING and first == values[-1] and short and values.count(first) == len(values)


def _copy(connection: Connection, table: TableClause, frame: pd.DataFrame) -> None:
    raw: Any = connection.connection.driver_connection
    columns = ", ".join(f'"{c}"' for c in frame.columns)
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
        for row in zip(*(plain(frame[c]) for c in frame.columns), strict=True):
            copy.write_row(row)


def plain(values: pd.Series) -> list[Any]:
    """A column as plain values the drivers take: days as ISO text, empty as None."""
    if pd.api.types.is_datetime64_any_dtype(values):
        places, days = pd.factorize(values.to_numpy().astype("datetime64[D]").astype("int64"))  # a few thousand days, however many rows
        dates = days.astype("datetime64[D]")
        words = np.datetime_as_string(dates).astype(object)
        words[np.isnat(dates)] = None
        return list(words[places].tolist())
    return list(values.array.to_numpy(dtype=object, na_value=None).tolist())


def change(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Give rows of a table new values: the frame names them by `row_id`."""
    if frame.empty:
        return
    values = ", ".join(f'"{c}" = told."{c}"' for c in frame.columns if c != "row_id")
    with _told(connection, table, frame):
        connection.execute(text(f'UPDATE "{table.name}" SET {values} FROM told WHERE "{table.name}".row_id = told.row_id'))


def select(connection: Connection, table: Table, columns: Sequence[str], where: str, values: dict[str, Any]) -> pd.DataFrame:
    """Rows of a table as a frame in the canonical types; `where` is written by the store alone, values are bound."""
    return _select(connection, table, columns, f'"{table.name}" WHERE {where}', values)


def select_alike(
    connection: Connection, table: Table, columns: Sequence[str], authority: str, asked: pd.DataFrame, *, only: str = "", **values: Any
) -> pd.DataFrame:
    """The rows of an authority that agree with some row of `asked` in every column of it (none of those may be empty).

    `only` is a further condition, written by the store alone; its values are bound.
    """
    if connection.execute(text(f'SELECT 1 FROM "{table.name}" WHERE authority = :a LIMIT 1'), {"a": authority}).first() is None:
        return select(connection, table, columns, "1 = 0", {})
    alike = " AND ".join(f'"{table.name}"."{c}" = told."{c}"' for c in asked.columns)
    # CROSS JOIN: SQLite then keeps this order, and finds each row asked for by the index
    source = f'told CROSS JOIN "{table.name}" WHERE "{table.name}".authority = :a AND {alike}{" AND " + only if only else ""}'
    with _told(connection, table, asked.drop_duplicates()):
        return _select(connection, table, columns, source, {"a": authority, **values})


@contextmanager
def _told(connection: Connection, table: Table, frame: pd.DataFrame) -> Iterator[None]:
    """The frame as a passing table `told`, its columns of the same types as in `table`, for one statement to join with."""
    columns = ", ".join(f'"{c}"' for c in frame.columns)
    connection.execute(text(f'CREATE TEMPORARY TABLE told AS SELECT {columns} FROM "{table.name}" WHERE 1 = 0'))
    insert(connection, named("told"), frame)
    if not is_sqlite(connection):
        connection.execute(text("ANALYZE told"))
    yield
    connection.execute(text("DROP TABLE told"))


def _select(connection: Connection, table: Table, columns: Sequence[str], source: str, values: dict[str, Any]) -> pd.DataFrame:
    as_text = "" if is_sqlite(connection) else "::text"
    wanted = ", ".join(f'"{table.name}"."{c}"{as_text if isinstance(table.c[c].type, Date) else ""}' for c in columns)
    result = connection.execute(text(f"SELECT {wanted} FROM {source}"), values)
    cursor: Any = result.cursor  # the driver's own rows: a row object each would take half the time of a big read
    parts = []
    one: dict[Any, Any] = {}  # each code once, however many rows say it: less memory, and quicker to compare
    with nothing_collected():
        while rows := cursor.fetchmany(ROWS_AT_A_TIME):
            parts.append(_frame(table, columns, zip(*rows, strict=True), one))
    result.close()
    return pd.concat(parts, ignore_index=True) if parts else _frame(table, columns, ([] for _ in columns), one)


def _frame(table: Table, columns: Sequence[str], values: Iterable[Sequence[Any]], one: dict[Any, Any]) -> pd.DataFrame:
    return pd.DataFrame({name: _typed(table.c[name], found, one) for name, found in zip(columns, values, strict=True)})


def _typed(column: Column[Any], values: Sequence[Any], one: dict[Any, Any]) -> Any:
    """What a driver hands back, in the canonical type of its column."""
    if isinstance(column.type, Date):
        return np.array(values, dtype="datetime64[s]")
    if isinstance(column.type, Boolean) and column.nullable:
        numbers = np.array(values, dtype="float64")
        return pd.arrays.BooleanArray(numbers == 1, np.isnan(numbers))
    if isinstance(column.type, Boolean):
        return np.array(values, dtype="bool")
    if isinstance(column.type, Integer) and not column.nullable:
        return np.array(values, dtype="int64")
    if isinstance(column.type, Float | Integer):
        return np.array(values, dtype="float64")
    return pd.array(values if isinstance(column.type, Text) else [one.setdefault(word, word) for word in values], dtype="str")


def new_ids(connection: Connection, table: Table, count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """As many fresh row ids as asked for."""
    if is_sqlite(connection):
        first = connection.execute(text(f'SELECT COALESCE(MAX(row_id), 0) + 1 FROM "{table.name}"')).scalar_one()
        return np.arange(first, first + count, dtype=np.int64)
    name = f'"{table.name}_row_id_seq"'
    drawn = text("SELECT nextval(CAST(:name AS regclass)) FROM generate_series(1, :n)")
    ids = connection.execute(drawn, {"name": name, "n": count}).scalars()
    return np.fromiter(ids, dtype=np.int64, count=count)
