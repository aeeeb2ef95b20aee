"""The database's layout: what the migrations make is what the store expects, whoever opens it first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine, func, select, text

from data.reading import Problem
from data.store import Store, Unreachable, schema
from data.store import engine as db
from data.store.migrating import MIGRATIONS
from data.tables import TABLES
from data.viewer import Viewer
from kpi.figures import all_figures
from tests.data.readings import HERE, plans, reading, state, teams, visits
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


def test_a_filled_database_goes_through_every_layout_and_holds_all_it_held(sqlite_url: str, new_database_url: str) -> None:
    """From the first layout on: each is filled with what it can hold of a database of today before it is brought to the next."""
    today = Store(sqlite_url)
    for number, day in enumerate(("2026-01-31", "2026-02-28"), start=1):
        said = {
            "cp_plan": f"child_id started_on team_id\n1 2026-01-05 North\n{number} 2026-01-0{number} South",
            "visit": visits(3, 20, first=day),
        }
        said["annotation"] = "happened_on label annotation_kind\n2026-02-01 inspection event"
        covers = {"cp_plan": ("2026-01-01", day), "visit:cp": ("2026-01-01", day)}
        today.load(HERE, reading(day, said, covers=covers, problems=(Problem("Row 9 is wrong."),)), by="a.rahim")
    today.work_out(HERE, all_figures)
    assert today.publish(HERE, pd.Timestamp("2026-02-28"), by="a.rahim") > 0

    then, now = db.open_engine(new_database_url), db.open_engine(sqlite_url)
    config = Config()
    config.set_main_option("script_location", MIGRATIONS.as_posix())
    for revision in reversed([script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]):
        with then.connect().execution_options(writing=True) as connection, connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            filled_as_far_as_may_be(connection, now)
    then.dispose()
    now.dispose()

    old = Store(new_database_url)
    assert state(old) == state(today)
    assert old.version(HERE) == today.version(HERE)
    for told in (Store.loads, Store.problems):
        assert told(old, HERE).astype(str).to_dict("records") == told(today, HERE).astype(str).to_dict("records")
    viewer = Viewer.local("a tester", HERE)
    old.work_out(HERE, all_figures)
    for figures in (Store.figures, Store.published):
        assert figures(today, viewer)["denominator"].sum() > 0
        same = figures(today, viewer).columns.drop("after_batch", errors="ignore")  # which load was the newest then, no layout before said
        pd.testing.assert_frame_equal(figures(old, viewer)[same], figures(today, viewer)[same])
    old.withdraw(HERE, 2, by="a.rahim")
    today.withdraw(HERE, 2, by="a.rahim")
    assert state(old) == state(today)
    old.close()
    today.close()


def filled_as_far_as_may_be(connection: Connection, now: Engine) -> None:
    """Every table of an older layout that is still empty, given the rows today's has, in the columns it has."""
    older = MetaData()
    older.reflect(connection)
    for table in schema.metadata.sorted_tables:
        there = older.tables.get(table.name)
        if there is None or connection.execute(select(func.count()).select_from(there)).scalar_one():
            continue
        with now.connect() as known:
            rows = [dict(row) for row in known.execute(select(*(c for c in table.c if c.name in there.c))).mappings()]
        if rows:
            connection.execute(there.insert(), rows)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_fact_is_found_by_parts_of_its_key_that_are_never_empty(table: Any) -> None:
    required = {column.name for column in table.columns if column.required}
    assert set(schema.found_by(table)) <= required & set(table.key)
