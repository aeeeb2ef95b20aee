"""Killed in the middle of a load, or two loads at once: the state is before or after, never between."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import create_engine, event, text

from data.reading import Refused
from data.store import Store, loading
from data.store import engine as db
from data.viewer import Viewer
from tests.data.readings import HERE, held, plans, reading, state, teams, visits
from tests.servers import Postgres, served, small_disk

ROOT = Path(__file__).resolve().parents[2]
WAIT = 60

# Loads a month of visits, says so when everything is written and nothing is committed, and then never ends.
DIES_LOADING = """
import sys, time
from data.store import Store, loading
from tests.data.readings import HERE, reading, visits

def never(connection, authority):
    print("written, not committed", flush=True)
    time.sleep(600)

loading.changed = never
Store(sys.argv[1]).load(HERE, reading("2026-02-28", {"visit": visits(300, 30)}), by="b.okafor")
"""

LOADS = """
import sys
from data.store import Store
from tests.data.readings import HERE, plans
store = Store(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for day, team in (("2026-02-28", "East"), ("2026-04-30", "West")):
    store.load(HERE, plans(day, team, content=sys.argv[2] + day), by=sys.argv[2])
"""


def started(program: str, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *words]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_killed_in_the_middle_of_a_load_the_state_is_the_one_before(database_url: str) -> None:
    store = Store(database_url)
    store.load(HERE, plans("2026-01-31", "North"), by="a.rahim")
    before, version = state(store), store.version(HERE)
    with started(DIES_LOADING, database_url) as loader:
        assert loader.stdout is not None
        assert loader.stdout.readline().startswith("written")
        loader.kill()
        loader.wait(WAIT)
    store.close()

    after = Store(database_url)
    assert (state(after), after.version(HERE), len(after.loads(HERE))) == (before, version, 1)
    assert sound(database_url)
    again = after.load(HERE, reading("2026-02-28", {"visit": visits(300, 30)}), by="a.rahim")
    assert (again.status, again.rows_new, len(held(after).visit)) == ("loaded", 9000, 9000)
    after.close()


def test_two_processes_loading_at_once_are_both_held(database_url: str) -> None:
    store = Store(database_url)
    with started(LOADS, database_url, "one") as one, started(LOADS, database_url, "two") as two:
        for loader in (one, two):
            assert loader.stdout is not None
            assert loader.stdout.readline() == "ready\n"
        for loader in (one, two):
            loader.communicate("go\n", timeout=WAIT)
    assert (one.returncode, two.returncode) == (0, 0)
    assert (len(store.loads(HERE)), teams(store), store.version(HERE)[0]) == (4, {"1": "West"}, 4)
    store.close()


def test_two_threads_loading_the_same_file_hold_it_once(database_url: str) -> None:
    store = Store(database_url)
    same = reading("2026-02-28", {"visit": visits(40, 25)})
    with ThreadPoolExecutor(4) as threads:
        kept = list(threads.map(lambda n: store.load(HERE, same, by=str(n)), range(4)))
    assert sorted(k.status for k in kept) == ["loaded", "unchanged", "unchanged", "unchanged"]
    assert (len(store.loads(HERE)), len(held(store).visit)) == (1, 1000)
    store.close()


def test_reading_does_not_wait_for_a_load(database_url: str) -> None:
    store = Store(database_url)
    store.load(HERE, plans("2026-01-31", "North"), by="a.rahim")
    reader = Store(database_url)
    with db.writing(store._engine, HERE) as connection:
        connection.execute(text("UPDATE cp_plan SET live = :no"), {"no": False})
        seen: list[dict[str, str]] = []
        looking = threading.Thread(target=lambda: seen.append(teams(reader)))
        looking.start()
        looking.join(10)
        assert seen == [{"1": "North"}]
        connection.rollback()
    store.close()
    reader.close()


def test_everything_read_at_once_is_of_one_state(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A load that ends between the reading of two tables is seen in both of them: they are read anew."""
    store, other = Store(database_url), Store(database_url)
    before = "child_id started_on team_id\n1 2026-01-05 North"
    store.load(HERE, reading("2026-01-31", {"assessment": before, "cp_plan": before}), by="a.rahim")
    after = before.replace("North", "South")
    read_one, loaded = db.select, []

    def loading_meanwhile(*words: object) -> pd.DataFrame:
        found = read_one(*words)  # type: ignore[arg-type]
        if words[1].name == "assessment" and not loaded:  # type: ignore[attr-defined]
            loaded.append(other.load(HERE, reading("2026-02-28", {"assessment": after, "cp_plan": after}), by="b.okafor"))
        return found

    monkeypatch.setattr(db, "select", loading_meanwhile)
    found = store.told(
        Viewer("a.rahim", HERE), lambda tables: pd.DataFrame({name: getattr(tables, name)["team_id"] for name in ("assessment", "cp_plan")})
    )
    assert loaded
    assert found.to_dict("records") == [{"assessment": "South", "cp_plan": "South"}]
    store.close()
    other.close()


def test_a_full_disk_leaves_the_state_before(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    store.load(HERE, plans("2026-01-31", "North"), by="a.rahim")
    before, version = state(store), store.version(HERE)
    store.close()
    pages = int(asked(sqlite_url, "PRAGMA page_count"))

    def little_room(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 40}")

    event.listen(store._engine, "connect", little_room)
    big = reading("2026-02-28", {"visit": visits(300, 30)}, file="visits.csv")
    with pytest.raises(Refused, match=r"visits\.csv: nothing of it was stored, for the disk is full: make room"):
        store.load(HERE, big, by="a.rahim")
    assert (state(store), store.version(HERE), len(store.loads(HERE))) == (before, version, 1)
    store.close()
    event.remove(store._engine, "connect", little_room)
    assert (store.load(HERE, big, by="a.rahim").rows_new, sound(sqlite_url)) == (9000, True)
    store.close()


@pytest.mark.postgres
def test_a_full_disk_of_the_server_leaves_the_state_before_and_the_server_up(postgres_server: Postgres) -> None:
    """The tables lie on a disk of their own, which fills in the middle of a load; then it is given more room."""
    with small_disk(200) as disk:
        if disk is None:
            pytest.skip("no small disk can be mounted here: it takes root")
        with postgres_server.database_on(disk.folder) as url:
            store = Store(url)
            store.load(HERE, plans("2026-01-31", "North"), by="a.rahim")
            before, version = state(store), store.version(HERE)
            big = reading("2026-02-28", {"visit": visits(300, 200)}, file="visits.csv")
            assert disk.sized(shutil.disk_usage(disk.folder).used // 2**20 + 3, "remount"), "little room is left"
            with pytest.raises(Refused, match=r"visits\.csv: nothing of it was stored, for the disk is full: make room"):
                store.load(HERE, big, by="a.rahim")
            assert (state(store), store.version(HERE), len(store.loads(HERE))) == (before, version, 1)
            assert disk.sized(200, "remount")
            assert store.load(HERE, big, by="a.rahim").rows_new == 60_000
            store.close()


def test_any_other_trouble_is_not_taken_for_a_full_disk(store_of_its_own: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("something else")

    monkeypatch.setattr(loading, "changed", fails)
    with pytest.raises(RuntimeError, match="something else"):
        store_of_its_own.load(HERE, plans("2026-01-31", "North"), by="a.rahim")
    assert store_of_its_own.loads(HERE).empty


def test_whoever_reads_while_files_are_loaded_sees_whole_loads(store_of_its_own: Store) -> None:
    """Threads of the same store, and a server's visitors, see the state before a load or after it, never part of one."""
    store, over = store_of_its_own, threading.Event()
    store.load(HERE, reading("2026-01-31", {"visit": visits(10, 10), "cp_plan": plan_of("0")}), by="a.rahim")
    seen: list[tuple[int, int]] = []

    def look() -> None:
        while not over.is_set():
            tables = held(store)
            seen.append((len(tables.visit), int(tables.cp_plan["team_id"][0])))

    def answer(_: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [f"{len(held(store).visit)}".encode()]

    answers: list[int] = []
    with served(answer) as address, ThreadPoolExecutor(3) as threads:
        looking = [threads.submit(look) for _ in range(2)]
        for number, day in enumerate(("2026-02-28", "2026-03-31", "2026-04-30"), start=1):
            month = visits(10, 10, first=day)
            store.load(HERE, reading(day, {"visit": month, "cp_plan": plan_of(str(number))}), by="a.rahim")
            answers.append(int(urllib.request.urlopen(address, timeout=WAIT).read()))
        over.set()
        for one in looking:
            one.result(WAIT)
    assert answers == [200, 300, 400]
    assert set(seen) <= {(100 * (number + 1), number) for number in range(4)}


def plan_of(team: str) -> str:
    return f"child_id started_on team_id\n1 2026-01-05 {team}"


@pytest.fixture
def store_of_its_own(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    yield made
    made.close()


def asked(url: str, statement: str) -> Any:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(statement)).scalar()
    engine.dispose()
    return found


def sound(url: str) -> bool:
    """Whether the database's own check finds nothing wrong. PostgreSQL looks after itself."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("PRAGMA integrity_check")).scalar() if url.startswith("sqlite") else "ok"
    engine.dispose()
    return found == "ok"
