"""The server: several processes answer on one address, and the one that started them looks after them and after the files people send.

serve(store, viewer, org, area, command, host="127.0.0.1", port=8050, workers=2, ready=say)

Everything is made ready once, before the others are split off from this process, so that what was read and drawn is shared until the data
changes. No connection to the database and no thread is open at that moment: each process opens its own.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from ipaddress import ip_address
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

import waitress
from flask import Flask

from data.store import Store
from data.viewer import Viewer
from kpi import REGISTER
from kpi.model import DOMAINS
from layouts import sending
from layouts.application import PAGES, build_app, state_of
from layouts.intake import LOOKS_EVERY, Intake
from layouts.navigation import team_address
from layouts.shell import address
from layouts.upload import MOST_SENT
from layouts.warming import keep_warm

THREADS = 8  # of each process: a page that takes long keeps nobody else waiting
REST = 1.0  # seconds before a worker that ended is replaced, so that one that cannot start does not take all there is
MOST_LIKELY = 1_000  # pages drawn before anyone asks: of a council of ten teams every measure of every team is among them
PATIENCE = 10.0  # seconds a worker has to finish what it is answering
log = logging.getLogger("sightline")
CAN_SPLIT = hasattr(os, "fork") and sys.platform != "darwin"  # macOS has parts that do not survive it
USUAL_WORKERS = 2 if CAN_SPLIT else 1


Warm = Callable[[], tuple[threading.Event, ...]]


class Ended(Exception):
    """A worker ended before it could answer."""


def is_this_machine(host: str) -> bool:
    """Whether an address is one of this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def bound(host: str, port: int) -> list[socket.socket]:
    """The address, taken: whoever asks from now on waits until there is an answer. Raises OSError where another program has it."""
    taken: list[socket.socket] = []
    try:
        for family, *_, address in dict.fromkeys(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)):
            taken.append(socket.create_server(address[:2], family=family, backlog=1024))
    except OSError as error:
        for one in taken:
            one.close()
        raise OSError(error.errno, str(error.strerror).partition(" (while")[0]) from None  # which address is told by whoever asked
    return taken


def serve(
    store: Store, viewer: Viewer, org: str, area: str | None, command: Sequence[str], *, sockets: list[socket.socket], workers: int,
    ready: Callable[[], None],
) -> None:  # fmt: skip
    """Answer until told to stop (SIGTERM, Ctrl+C). `ready` is called once, when every worker answers. Raises Ended where one cannot start.

    command: the program that is run to load a file.
    """
    alone = workers == 1
    intake = Intake(command, by_itself=alone)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server = build_app(store, viewer, org, area, intake).server
        first_page = partial(_asked, server, "/")

        def others() -> list[Callable[[], None]]:
            return [partial(_asked, server, page) for page in likely_pages(store, viewer)]

        def warm() -> tuple[threading.Event, ...]:
            first = keep_warm(lambda: state_of(store, viewer), first_page)
            return first, keep_warm(partial(_settled, store, viewer.authority), lambda: None, then=others)

        for path in (
            "/",
            "/_dash-layout",
            "/_dash-dependencies",
        ):  # with its first requests Dash sets itself up, not safely under threads
            server.test_client().get(path)
        first_page()
        if alone:
            _answer(server, sockets, warm, ready)
        else:
            store.close()
            gc.collect()
            gc.freeze()  # what is there now is looked at no more, and so stays shared
            _look_after(partial(_begun, server, sockets, warm), workers, intake, ready)
    finally:
        intake.close()


def likely_pages(store: Store, viewer: Viewer) -> list[str]:
    """The addresses people are likely to open, the likeliest first: the pages of the bar, each domain and measure; then, for each team this
    viewer may see, its page and its briefing, and each measure of it. At most MOST_LIKELY.
    """
    whole = [
        *(page.path for page in PAGES if page.name),
        *(f"/domain/{domain.key}" for domain in DOMAINS),
        *(f"/kpi/{key}" for key in REGISTER),
    ]
    teams = [team for team in sorted(store.teams(viewer)["team_id"].unique()) if viewer.may_see_unit("team", team)]
    of_teams = [*(team_address(team) for team in teams), *(address("/", {"team": team}) for team in teams)]
    measures = [address(f"/kpi/{key}", {"team": team}) for key in REGISTER for team in teams]
    return [*whole, *of_teams, *measures][:MOST_LIKELY]


def _settled(store: Store, authority: str) -> object:
    """The state of the data, the same while people write beside the figures; None while figures are still to be worked out."""
    version, worked_out = store.version(authority)
    return store.held_version(authority) if version == worked_out else None


def _asked(server: Flask, page: str) -> None:
    """Ask for a page as a browser does, so that its answer is ready for the first who opens it."""
    path, mark, search = page.partition("?")
    inputs = [{"id": "url", "property": "pathname", "value": path}, {"id": "url", "property": "search", "value": mark + search}]
    said = {"output": sending.THE_PAGE, "outputs": {"id": "page", "property": "children"}, "inputs": inputs, "changedPropIds": []}
    server.test_client().post(sending.CALLBACKS, json=said, headers={"Accept-Encoding": "gzip"})


def _answer(server: Flask, sockets: list[socket.socket], warm: Warm, ready: Callable[[], None]) -> None:
    """Answer until told to stop."""
    warming = warm()
    listening = waitress.create_server(server, sockets=sockets, threads=THREADS, max_request_body_size=MOST_SENT)
    ready()
    try:
        listening.run()
    finally:
        for ended in warming:
            ended.set()


def _look_after(begun: Callable[[Connection], BaseProcess], workers: int, intake: Intake, ready: Callable[[], None]) -> None:
    """Start the workers, replace any that ends, and look after the files people send: all in one thread, so that splitting is safe."""
    told, tell = multiprocessing.Pipe(duplex=False)
    team = [begun(tell) for _ in range(workers)]
    answering = 0
    try:
        while True:
            wait([told, *(worker.sentinel for worker in team)], timeout=LOOKS_EVERY)
            while told.poll():
                told.recv_bytes()
                answering += 1
                if answering == workers:
                    ready()
            for place, worker in enumerate(team):
                if not worker.is_alive():
                    if answering < workers:
                        raise Ended(f"a worker ended with {worker.exitcode} before it could answer")
                    log.error("a worker ended with %s; another takes its place", worker.exitcode)
                    time.sleep(REST)
                    team[place] = begun(tell)
            intake.look_after()
    finally:
        for worker in team:
            worker.terminate()
        until = time.monotonic() + PATIENCE
        for worker in team:
            worker.join(max(0.1, until - time.monotonic()))
            worker.kill()


def _begun(server: Flask, sockets: list[socket.socket], warm: Warm, tell: Connection) -> BaseProcess:
    """One more worker, split off from this process."""
    worker = multiprocessing.get_context("fork").Process(target=_work, args=(server, sockets, warm, tell), name="worker", daemon=True)
    worker.start()
    return worker


def _work(server: Flask, sockets: list[socket.socket], warm: Warm, tell: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches everyone at once: the one who looks after the workers ends them
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    _answer(server, sockets, warm, lambda: tell.send_bytes(b"ready"))


def _end_with_parent() -> None:
    """A worker never outlives the process that looks after it, however that came to its end."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
