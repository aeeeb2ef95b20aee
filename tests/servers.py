"""The servers that tests start for themselves: a real PostgreSQL, and any web application on a free port.

Both listen on this machine only, live in a folder of their own, and leave nothing behind.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from werkzeug.serving import WSGIRequestHandler, make_server

from data.store import Store

HERE_ONLY = "127.0.0.1"
OWNER = "sightline"
FAST_AND_FORGETFUL = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB -c max_connections=40"
TRIES = 3  # another program may take the free port between finding it and using it


@dataclass(frozen=True)
class Postgres:
    """One running PostgreSQL that belongs to the tests; each test gets a database of its own in it."""

    port: int
    password: str
    _numbers: Iterator[int]
    _made: list[str] = field(default_factory=list)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{OWNER}:{self.password}@{HERE_ONLY}:{self.port}/{database}"

    @contextmanager
    def database(self, like: str = "template0") -> Iterator[str]:
        """The address of a new database, dropped afterwards: an empty one, or like another."""
        name = f"test_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        try:
            yield self.url(name)
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def database_on(self, disk: Path) -> Iterator[str]:
        """The address of a new database with every table, whose tables lie on another disk; the server's own journal does not."""
        _hand_over(disk)
        self._run(f"CREATE TABLESPACE \"small\" LOCATION '{disk}'")
        name = f"test_{next(self._numbers)}"
        try:
            self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self.laid_out()}" TABLESPACE "small"')
            yield self.url(name)
        finally:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            self._run('DROP TABLESPACE "small"')

    def laid_out(self) -> str:
        """The name of a database with every table and nothing in them, made when first asked for: others are made like it."""
        name = "laid_out"
        if name not in self._made:
            self._run(f'CREATE DATABASE "{name}" TEMPLATE "template0"')
            Store(self.url(name)).close()
            self._made.append(name)
        return name

    def _run(self, statement: str) -> None:
        with psycopg.connect(
            host=HERE_ONLY, port=self.port, user=OWNER, password=self.password, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


def postgres_programs() -> Path | None:
    """The folder that holds initdb and pg_ctl: the newest one Debian installed, or the one on the path."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda found: float(found.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def postgres(programs: Path) -> Iterator[Postgres]:
    """A new PostgreSQL server, started for the tests and thrown away after them."""
    home = Path(tempfile.mkdtemp(prefix="sightline-postgres-"))
    try:
        password = secrets.token_urlsafe(16)
        (home / "password").write_text(password)
        for path in (home, home / "password"):
            _hand_over(path)
        cluster = home / "cluster"
        _as_ordinary_user(
            programs / "initdb", "--pgdata", cluster, "--username", OWNER, "--pwfile", home / "password",
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync",
        )  # fmt: skip
        port = _start_postgres(programs, cluster, home)
        try:
            yield Postgres(port, password, count(1))
        finally:
            _as_ordinary_user(programs / "pg_ctl", "stop", "--pgdata", cluster, "--mode", "immediate", "--wait")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _start_postgres(programs: Path, cluster: Path, home: Path) -> int:
    for attempt in range(1, TRIES + 1):
        port = free_port()
        options = f"-h {HERE_ONLY} -p {port} -k {home} {FAST_AND_FORGETFUL}"
        try:
            _as_ordinary_user(
                programs / "pg_ctl", "start", "--pgdata", cluster, "--log", home / "log", "--wait", "--timeout", "60", "--options", options
            )
            return port
        except RuntimeError as failure:
            if attempt == TRIES:
                log = (home / "log").read_text(errors="replace") if (home / "log").exists() else "it wrote no log"
                raise RuntimeError(f"{failure}\nPostgreSQL says:\n{log}") from failure
    raise AssertionError("unreachable")


def _as_ordinary_user(*command: object) -> None:
    """Run one of PostgreSQL's programs. It refuses to run as root, so as root it runs as the postgres user, or as nobody."""
    words = [str(word) for word in command]
    # A file, not a pipe: the server that pg_ctl leaves running would hold a pipe open for as long as it lives.
    with tempfile.TemporaryFile() as said:
        ended = subprocess.run(words, stdout=said, stderr=subprocess.STDOUT, cwd="/", check=False, timeout=120, **_ordinary_user())
        if ended.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{words[0]} ended with {ended.returncode}:\n{said.read().decode(errors='replace')}")


def _ordinary_user() -> dict[str, Any]:
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd  # not on Windows

    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _hand_over(path: Path) -> None:
    user = _ordinary_user()
    if user:
        os.chown(path, user["user"], user["group"])


@dataclass(frozen=True)
class SmallDisk:
    """A disk of a few MB, in memory, mounted on a folder of its own."""

    folder: Path
    mount: str

    def sized(self, megabytes: int, *how: str) -> bool:
        """Mount it, or give it another size ("remount"). Whether that was allowed."""
        words = [self.mount, "-t", "tmpfs", "-o", ",".join((*how, f"size={megabytes}m")), "tmpfs", str(self.folder)]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk | None]:
    """A disk that soon fills; None where this machine lets nobody mount one."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    folder = Path(tempfile.mkdtemp(prefix="sightline-disk-"))
    disk = SmallDisk(folder, mount) if mount and unmount else None
    mounted = disk is not None and disk.sized(megabytes)
    try:
        yield disk if mounted else None
    finally:
        if mounted:
            subprocess.run([str(unmount), str(folder)], capture_output=True, check=True)
        folder.rmdir()


def free_port() -> int:
    """A port of this machine that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HERE_ONLY, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(application: Any) -> Iterator[str]:
    """The address at which a WSGI application (a Dash app's `server`, for one) is served for as long as the block runs."""
    server = make_server(HERE_ONLY, 0, application, threaded=True, request_handler=_Quiet)
    worker = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="served for a test", daemon=True)
    worker.start()
    try:
        yield f"http://{HERE_ONLY}:{server.server_port}"
    finally:
        server.shutdown()
        worker.join(timeout=5)
        server.server_close()


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Say nothing of each request: a failing test's output should be about its failure."""
