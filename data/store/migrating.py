"""The database's layout, brought up to date by the migrations in data/migrations when the store is opened."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, text

from data.store.engine import Unreachable, is_sqlite

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
LOCK = 7305112  # any number, the same in every process: PostgreSQL lets one of them migrate at a time


def up_to_date(engine: Engine) -> None:
    """Do nothing when the layout is the newest; otherwise migrate, one process at a time."""
    config = Config()
    config.set_main_option("script_location", MIGRATIONS.as_posix())
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == newest:
            return
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if not is_sqlite(connection):
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise Unreachable(f"the database was made by a newer Sightline than this one: bring this one up to date ({error})") from None
