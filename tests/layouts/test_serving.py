"""The server as people start it, and how its answers are sent: small, kept where they may be, from any worker."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page, expect
from plotly.offline import get_plotlyjs_version
from werkzeug.test import Client

from data.records import Remark
from data.store import Store
from data.viewer import Viewer
from layouts import application, build_app, serving
from tests.servers import HERE_ONLY, free_port

ROOT = Path(__file__).resolve().parents[2]
OURS = {"X-Sightline": "load", "Accept": "application/json"}
HERE = "http://localhost"
GZIP = {"Accept-Encoding": "gzip, br"}


def page_asked(path: str, changed: str = "url.pathname") -> dict[str, Any]:
    """What a browser sends when it opens an address."""
    inputs = [{"id": "url", "property": "pathname", "value": path}, {"id": "url", "property": "search", "value": ""}]
    return {"output": "page.children", "outputs": {"id": "page", "property": "children"}, "inputs": inputs, "changedPropIds": [changed]}


@pytest.fixture
def council_store(sqlite_url: str) -> Iterator[Store]:
    store = Store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def client(council_store: Store) -> Client:
    return build_app(council_store, Viewer.local("a test", "local"), "Invented Council").server.test_client()


# ---- how answers are sent
def test_a_file_is_kept_for_a_year_only_where_its_address_says_which_it_is(client: Client) -> None:
    index = client.get("/", base_url=HERE, headers=GZIP)
    assert (index.headers["Cache-Control"], index.headers["Content-Encoding"]) == ("no-store", "gzip")
    named = re.findall(r'(?:src|href)="(/(?:assets|_dash)[^"]+)"', gzip.decompress(index.data).decode())
    assert 12 < len(named) < 24  # our own come together, Dash's as Dash has them
    for address in named:
        sent = client.get(address, base_url=HERE, headers=GZIP)
        assert (sent.status_code, sent.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable"), address
        plain = address.split("?")[0]
        assert len(sent.data) < 1024 or sent.headers["Content-Encoding"] == "gzip", plain
        assert gzip.decompress(sent.data) == client.get(plain, base_url=HERE).data
    unnamed = client.get("/assets/sightline.css", base_url=HERE, headers=GZIP)
    assert unnamed.headers["Cache-Control"] == "public, no-cache"
    again = client.get("/assets/sightline.css", base_url=HERE, headers={**GZIP, "If-None-Match": unnamed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_is_written_once_until_the_data_changes_and_never_kept_by_a_browser(client: Client, council_store: Store) -> None:
    def ask(path: str = "/data", changed: str = "url.pathname", **headers: str) -> Any:
        return client.post("/_dash-update-component", json=page_asked(path, changed), base_url=HERE, headers={**GZIP, **headers})

    written: list[str] = []
    handed_over = application._handed_over

    def noted(page: Any) -> Any:
        written.append("once more")
        return handed_over(page)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "_handed_over", noted)
        first, again, other = ask(), ask(changed="url.search"), ask("/catalogue")
        assert len(written) == 2
        assert first.data == again.data != other.data
        elsewhere = ask(**{"Sec-Fetch-Site": "cross-site"})
        assert "Content-Encoding" not in elsewhere.headers
        assert gzip.decompress(first.data) == elsewhere.data
        council_store.remark(
            Viewer.local("a test", "local"), Remark("cp_visits_in_time", "authority", "", pd.Timestamp("2026-05-31"), "Counted again")
        )
        ask()
        assert len(written) == 3
    assert {answer.headers["Cache-Control"] for answer in (first, again, other, elsewhere)} == {"no-store"}


def test_a_page_that_failed_is_drawn_anew_for_the_next_who_asks(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise RuntimeError("for this test")

    body = page_asked("/catalogue")
    with monkeypatch.context() as patch:
        patch.setattr(application, "_drawn", fails)
        assert "could not be shown" in client.post("/_dash-update-component", json=body, base_url=HERE).text
    assert "could not be shown" not in client.post("/_dash-update-component", json=body, base_url=HERE).text


def test_what_draws_charts_is_of_the_version_that_charts_are_written_for(client: Client) -> None:
    sent = client.get("/_dash-component-suites/plotly/package_data/plotly.min.js", base_url=HERE, headers=GZIP)
    assert f"plotly.js (basic - minified) v{get_plotlyjs_version()}\n".encode() in gzip.decompress(sent.data)
    assert len(sent.data) < 500_000


# ---- several workers
@contextmanager
def served_by_two(url: str, folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address and the process of `app.py serve`, once it says that it is ready."""
    port = free_port()
    environment = {**os.environ, "SIGHTLINE_DATABASE_URL": url, "TMPDIR": str(folder)}
    words = [sys.executable, "app.py", "serve", "--port", str(port), "--workers", "2"]
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert server.stdout is not None
            said = next((line for line in server.stdout if "is ready" in line), "")
            assert f"http://{HERE_ONLY}:{port}" in said
            yield f"http://{HERE_ONLY}:{port}", server
        finally:
            server.send_signal(signal.SIGTERM)


def workers_of(server: subprocess.Popen[str]) -> list[int]:
    """The processes it started."""
    return [int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


def asked(address: str, body: bytes | None = None, **headers: str) -> Any:
    with urllib.request.urlopen(urllib.request.Request(address, body, {**OURS, **headers}), timeout=60) as answer:
        return json.load(answer)


def until(good: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not good():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(not (serving.CAN_SPLIT and Path("/proc").is_dir()), reason="one process serves here")
def test_either_worker_tells_of_a_file_sent_and_one_that_is_killed_is_replaced(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="odd.csv"\r\n\r\na,b\n1,2\n\r\n--x--\r\n'
    with served_by_two(sqlite_url, folder) as (site, server):
        first, second = workers_of(server)
        sent = asked(f"{site}/upload", form, **{"Content-Type": "multipart/form-data; boundary=x"})
        until(lambda: asked(f"{site}/upload/{sent['id']}")["state"] == "done")
        for killed in (first, second):  # whichever took the file, the other tells of it, and so does the one that came instead
            team = set(workers_of(server))
            os.kill(killed, signal.SIGKILL)
            until(lambda gone=killed: gone not in workers_of(server))
            assert asked(f"{site}/upload/{sent['id']}")["outcome"] == "refused"
            until(lambda before=team: len(set(workers_of(server)) - before) == 1)
        taken_port = subprocess.run(
            [sys.executable, "app.py", "serve", "--port", site.rsplit(":", 1)[1]],
            cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "SIGHTLINE_DATABASE_URL": sqlite_url},
        )  # fmt: skip
        assert (taken_port.returncode, "Is Sightline running already?" in " ".join(taken_port.stderr.replace("│", " ").split())) == (
            2,
            True,
        )
        team = set(workers_of(server))
    assert server.returncode == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in team)
    assert list(folder.iterdir()) == []


# ---- in a browser
@pytest.mark.browser
def test_the_briefing_asks_for_no_chart_and_no_grid_and_a_chart_is_asked_for_once(page: Page, council: str) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(council)
    expect(page.locator("main .attn")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert not [one for one in addresses if re.search("plotly|grid|async-", one)]
    assert len([one for one in addresses if one.endswith("_dash-update-component") or "_dash-update-component?" in one]) == 1
    assert len([one for one in addresses if one.endswith(("_dash-layout", "_dash-dependencies"))]) == 2
    addresses.clear()
    page.goto(f"{council}/kpi/cp_visits_in_time")
    expect(page.locator(".js-plotly-plot .scatterlayer").first).to_be_attached()
    assert len([one for one in addresses if one.endswith("plotly.min.js")]) == 1
