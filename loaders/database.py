"""A council's own database as an extract: its tables read whole and read only, in parts, as the cells of a file would be.

Any database SQLAlchemy has a driver for. Nothing is written to it, no words of SQL are put together here, and its address, which may hold a
password, is never repeated: `shown` names the host and the database only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
from sqlalchemy import URL, ColumnClause, Connection, Engine, column, create_engine, inspect, select, table
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from data.reading import Refused

ROWS_AT_A_TIME = 20_000
CONNECT_SECONDS = 15
FORM = "write postgresql://USER@HOST/NAME, mssql+pyodbc://HOST/NAME?driver=..., or sqlite:///FILE"


@dataclass(frozen=True)
class Database:
    """An open database. `shown`: what it may be called; `columns`: table -> its columns, both in small letters."""

    shown: str
    columns: Mapping[str, tuple[str, ...]]
    _connection: Connection
    _named: Mapping[str, tuple[str, Mapping[str, str]]]
    _schema: str | None

    def cells(self, name: str, columns: Sequence[str], *, order: Sequence[str]) -> pd.DataFrame:
        """The rows of a table as cells, a column for each asked for, in the order of `order`; an empty cell is "".

        The order makes the same rows the same extract, whatever order the database would hand them out in.
        """
        actual, named = self._named[name]
        there: list[ColumnClause[Any]] = [column(named[word]) for word in columns]
        asked = select(*there).select_from(table(actual, *there, schema=self._schema))
        asked = asked.order_by(*(there[columns.index(word)] for word in order))
        try:
            found = self._connection.execution_options(stream_results=True, max_row_buffer=ROWS_AT_A_TIME).execute(asked)
            parts = [_cells(part, len(columns)) for part in found.partitions(ROWS_AT_A_TIME)]
        except SQLAlchemyError as error:
            raise Refused(f"{self.shown}: the table {name} could not be read{_kind(error)}. Ask for the right to read it.") from None
        return pd.DataFrame(np.concatenate(parts) if parts else np.empty((0, len(columns)), dtype=object))


@contextmanager
def opened(url: str, schema: str | None = None) -> Iterator[Database]:
    """The database at this address, with the tables and views of one schema. Raises Refused, saying what to check, where it cannot be."""
    address = _address(url)
    shown = _shown(address, schema)
    engine = _engine(address, shown)
    try:
        with _connected(engine, address, shown) as connection:
            named = _tables(connection, schema, shown)
            columns = {name: tuple(of) for name, (_, of) in named.items()}
            yield Database(shown, columns, connection, named, schema)
    finally:
        engine.dispose()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise Refused(f"What follows --ssd is not the address of a database: {FORM}.") from None
    if address.drivername in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    return address


def _shown(address: URL, schema: str | None) -> str:
    name = Path(address.database or "").name if address.get_backend_name() == "sqlite" else address.database
    place = "/".join(part for part in (address.host, name) if part) or address.get_backend_name()
    return f"{place} ({schema})" if schema else place


def _engine(address: URL, shown: str) -> Engine:
    options: dict[str, Any] = {}
    try:
        if address.get_backend_name() == "sqlite":
            file = Path(address.database or "")
            if not file.is_file():
                raise Refused(f"{shown}: there is no such file. Check the address: sqlite:///FILE, or sqlite:////FILE from the root.")
            address = URL.create("sqlite", database=f"file:{quote(file.resolve().as_posix())}", query={"mode": "ro", "uri": "true"})
        elif address.get_backend_name() == "postgresql":
            options = {"connect_args": {"connect_timeout": CONNECT_SECONDS}}
        return create_engine(address, **options)
    except (NoSuchModuleError, ImportError):
        raise Refused(f"{shown}: there is no driver for “{address.drivername}” here. Install it, or correct the address: {FORM}.") from None


@contextmanager
def _connected(engine: Engine, address: URL, shown: str) -> Iterator[Connection]:
    """One connection, read only where the database can promise it, and seeing all tables as they stood at one moment."""
    try:
        connection = engine.connect()
        if address.get_backend_name() == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    except (SQLAlchemyError, OSError) as error:
        raise Refused(
            f"{shown}: the database cannot be opened{_kind(error)}. Check its host, port and name, the user and the password, and that "
            "this machine may reach it."
        ) from None
    with connection:
        yield connection


def _tables(connection: Connection, schema: str | None, shown: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Table or view in small letters -> its name as it is, and its columns in small letters -> as they are."""
    try:
        looked = inspect(connection)
        names = [*looked.get_table_names(schema=schema), *looked.get_view_names(schema=schema)]
        wanted = [name for name in names if name.casefold().startswith("ssd_")]
        return {
            name.casefold(): (name, {str(c["name"]).casefold(): str(c["name"]) for c in looked.get_columns(name, schema=schema)})
            for name in wanted
        }
    except SQLAlchemyError as error:
        where = f" of the schema “{schema}”" if schema else ""
        raise Refused(f"{shown}: its tables{where} cannot be listed{_kind(error)}. Check the schema and the right to read it.") from None


def _kind(error: Exception) -> str:
    """What kind of failure it was: never the driver's own words, which may repeat the address."""
    cause = getattr(error, "orig", None) or error
    return f" ({type(cause).__name__})"


def _cells(part: Sequence[Any], width: int) -> np.ndarray:
    cells = np.empty((len(part), width), dtype=object)
    cells[:] = part
    cells[pd.isna(cells)] = ""
    return cells
