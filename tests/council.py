"""The invented council, smaller, loaded by the command itself: made once for all the processes of a test run, and copied by each."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from app import load as load_command
from data import sample

AUTHORITY = "invented"
LONGEST = 600  # seconds another process may take to make it


def council_database(factory: pytest.TempPathFactory) -> Path:
    """A database of its own for this process with eight months of the council in it."""
    own = factory.mktemp("council")
    together = factory.getbasetemp().parent if os.environ.get("PYTEST_XDIST_WORKER") else factory.getbasetemp()
    shutil.copyfile(_made(together / "council_of_all"), own / "council.sqlite")
    return own / "council.sqlite"


def _made(folder: Path) -> Path:
    """The council's database in a folder all processes see. The first to come makes it; the others wait."""
    made, failed = folder / "council.sqlite", folder / "failed"
    try:
        folder.mkdir()
    except FileExistsError:
        until = time.monotonic() + LONGEST
        while not made.exists():
            if failed.exists() or time.monotonic() > until:
                pytest.fail("the invented council could not be made: another process of this run says why")
            time.sleep(0.2)
        return made
    try:
        _make(folder)
    except BaseException:
        failed.touch()
        raise
    return made


def _make(folder: Path) -> None:
    making = folder / "making.sqlite"
    sample.make(folder / "extracts", months=8, scale=0.3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGHTLINE_DATABASE_URL", f"sqlite:///{making.as_posix()}")
        patch.setenv("SIGHTLINE_AUTHORITY", AUTHORITY)
        load_command([folder / "extracts"], as_at=None)
    with closing(sqlite3.connect(making)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that the one file is the whole database
    making.rename(folder / "council.sqlite")
