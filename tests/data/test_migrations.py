"""The database's layout: what the migrations make is what the store expects, whoever opens it first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from data.store import Store, Unreachable, schema
from data.tables import TABLES
from tests.data.readings import HERE, plans, teams
from tests.data.test_crash import started


def test_the_migrations_make_the_layout_the_store_expects(new_database_url: str) -> None:
    Store(new_database_url).close()
    engine = create_engine(new_database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": schema.metadata})
        differences: list[Any] = compare_metadata(context, schema.metadata)
    engine.dispose()
    assert differences == []


def test_opening_again_is_harmless(new_database_url: str) -> None:
    store = Store(new_database_url)
    store.load(HERE, plans("2026-01-31", "North"), by="a.rahim")
    store.close()
    again = Store(new_database_url)
    assert teams(again) == {"1": "North"}
    again.close()


def test_several_may_open_a_new_database_at_once(new_database_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(lambda _: Store(new_database_url), range(4)))
    opened[0].load(HERE, plans("2026-01-31", "North"), by="a.rahim")
    assert [teams(store) for store in opened] == [{"1": "North"}] * 4
    for store in opened:
        store.close()


def test_two_processes_may_open_a_new_database_at_once(new_database_url: str) -> None:
    opens = "import sys\nfrom data.store import Store\nsys.stdin.readline()\nStore(sys.argv[1]).close()"
    with started(opens, new_database_url) as one, started(opens, new_database_url) as two:
        for process in (one, two):
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        assert (one.wait(60), two.wait(60)) == (0, 0)
    Store(new_database_url).close()


def test_a_database_made_by_a_newer_sightline_is_left_alone(new_database_url: str) -> None:
    Store(new_database_url).close()
    engine = create_engine(new_database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(Unreachable, match="newer Sightline"):
        Store(new_database_url)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_fact_is_found_by_parts_of_its_key_that_are_never_empty(table: Any) -> None:
    required = {column.name for column in table.columns if column.required}
    assert set(schema.found_by(table)) <= required & set(table.key)
