"""What every test may ask for: a database of its own (SQLite and PostgreSQL), a watched Chromium page, the shared papers.

Nothing here touches a council's own data: settings in the environment are taken away before anything is imported.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page

from data.reference.declared import measures
from data.store import Store
from data.viewer import Viewer
from kpi.measures import declare
from layouts import build_app, draw
from tests.browser import chromium_program, chromium_running, watched_page
from tests.council import AUTHORITY, council_database
from tests.servers import Postgres, postgres, postgres_programs, served

COUNCIL = "Invented Council"
ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}

for _name in [name for name in os.environ if name.startswith("SIGHTLINE_")]:
    del os.environ[_name]

# The invented council's figure-only measures are in the register of every test, as the program's commands put them there first of all.
declare(measures("invented"))

# A busy machine is not a failing test; and in CI a run depends on nothing an earlier one left.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if IN_CI else "here")


def _not_here(what: str, remedy: str) -> None:
    """Skip a test whose program this machine lacks. In CI it fails instead: there, a skip would hide what was never tried."""
    says = f"{what} was not found; {remedy}"
    if IN_CI:
        pytest.fail(says)
    pytest.skip(says)


@pytest.fixture(autouse=True)
def _away_from_real_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A test that names no database writes to one of its own, never to the council's under data/local."""
    monkeypatch.setenv("SIGHTLINE_DATABASE_URL", _sqlite_in(tmp_path))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database with every table and nothing in them: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that nobody has opened yet: it has no table."""
    if request.param == "sqlite":
        yield f"sqlite:///{(tmp_path / 'new.sqlite').as_posix()}"
    else:
        server: Postgres = request.getfixturevalue("postgres_server")
        with server.database() as url:
            yield url


@pytest.fixture
def sqlite_url(tmp_path: Path, laid_out: Path) -> str:
    shutil.copyfile(laid_out, tmp_path / "sightline.sqlite")
    return _sqlite_in(tmp_path)


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table, made once: laying sixty tables out anew for each test would take longer than most tests."""
    folder = tmp_path_factory.mktemp("laid_out")
    Store(_sqlite_in(folder)).close()
    return folder / "sightline.sqlite"


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    with postgres_server.database(like=postgres_server.laid_out()) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    programs = postgres_programs()
    if programs is None:
        _not_here("PostgreSQL", "install it with: apt-get install postgresql")
    else:
        with postgres(programs) as server:
            yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = chromium_program()
    if program is None:
        _not_here("Chromium", "install it with: apt-get install chromium")
    else:
        with chromium_running(program) as browser:
            yield browser


@pytest.fixture
def page_troubles() -> list[str]:
    """What went wrong in the page so far. A test that provokes an error on purpose reads it here and clears it."""
    return []


@pytest.fixture
def page(chromium: Browser, page_troubles: list[str]) -> Iterator[Page]:
    """A page of a real Chromium. The test fails if anything went wrong in it, or if it asked any other machine for anything."""
    with watched_page(chromium, page_troubles) as watched:
        yield watched
    assert not page_troubles, "\n".join(page_troubles)


@pytest.fixture(scope="session")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the dashboard of the invented council, smaller; its database is this process's own."""
    store = Store(f"sqlite:///{council_database(tmp_path_factory).as_posix()}")
    viewer = Viewer.local("a test", AUTHORITY)
    draw(store, viewer, COUNCIL, "/", "")  # the first page after a load works out what every other one then finds ready
    with served(build_app(store, viewer, COUNCIL).server) as address:
        yield address
    store.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared papers and samples, which lies beside the checkout where there is one."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared papers are not beside this checkout")
    return folder


def _sqlite_in(folder: Path) -> str:
    return f"sqlite:///{(folder / 'sightline.sqlite').as_posix()}"
