"""Files sent through the page: who may send them, what is taken, what becomes of them, and that nobody waits meanwhile. All is invented."""

from __future__ import annotations

import io
import json
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from data.settings import settings
from data.store import Store
from data.viewer import Viewer
from layouts import build_app, upload
from layouts.intake import MOST_WAITING, Intake, Job
from tests.servers import served

APP = Path(__file__).parents[2] / "app.py"
OURS = {"X-Sightline": "load", "Accept": "application/json"}
VISITS = "child_id,cohort,visit_date,child_seen,team,worker_id\n00123,CP,05/05/2026,Y,Brook,W1\n124,CP,31/02/2026,Y,Brook,W1\n"
DONE = "import json; print(json.dumps([{'status': 'unchanged', 'source': 'visits', 'problems': []}]))"


class Sending:
    """A served app with its store, and what a test sends to it."""

    def __init__(self, command: list[str], viewer: Viewer | None = None) -> None:
        conf = settings()
        self.store = Store(conf.database_url)
        self.intake = Intake(command)
        who = viewer or Viewer.local("a test", conf.authority)
        self.server = build_app(self.store, who, "Invented Council", None, self.intake).server
        self.client: FlaskClient = self.server.test_client()

    def send(self, content: str | bytes = VISITS, name: str = "visits_2026-05.csv", **headers: str) -> Any:
        body = content.encode() if isinstance(content, str) else content
        return self.client.post("/upload", data={"file": (io.BytesIO(body), name)}, headers=headers or OURS, base_url="http://localhost")

    def told(self, ident: str) -> Any:
        return self.client.get(f"/upload/{ident}", headers=OURS, base_url="http://localhost").json

    def outcome(self, answer: Any) -> dict[str, Any]:
        """What is told of a file once it is done."""
        assert answer.status_code == 202, answer.text
        return until(lambda: self.told(answer.json["id"]), lambda told: told["state"] == "done")

    def kept(self) -> list[Path]:
        """The files that lie about."""
        folder = self.intake.new_file().parent
        return [path for path in folder.iterdir() if path.is_file()]

    def close(self) -> None:
        self.intake.close()
        self.store.close()


def until(ask: Callable[[], Any], good: Callable[[Any], bool], seconds: float = 90) -> Any:
    end = time.monotonic() + seconds
    while not good(told := ask()):
        assert time.monotonic() < end, told
        time.sleep(0.05)
    return told


@pytest.fixture
def sending() -> Iterator[Sending]:
    """The real command, run as the server runs it."""
    made = Sending([sys.executable, str(APP)])
    yield made
    made.close()


@pytest.fixture
def at_once() -> Iterator[Sending]:
    """A command that takes no time and says that nothing has changed."""
    made = Sending([sys.executable, "-c", DONE])
    yield made
    made.close()


# ---- who may send
@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "application/json"},
        {"Origin": "http://elsewhere.example", **OURS},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site", **OURS},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    ],
)
def test_another_site_cannot_send_a_file_or_withdraw_a_load(at_once: Sending, headers: dict[str, str]) -> None:
    assert at_once.send(**headers).status_code == 403
    withdrawn = at_once.client.post("/withdraw/1", headers=headers, base_url="http://localhost")
    assert withdrawn.status_code == 403
    assert at_once.kept() == []


def test_another_name_for_this_machine_is_not_answered(at_once: Sending) -> None:
    answer = at_once.client.post("/upload", data={"file": (io.BytesIO(b"a"), "a.csv")}, headers=OURS, base_url="http://attacker.example")
    assert answer.status_code == 403


def test_whoever_may_not_load_is_told_who_may() -> None:
    made = Sending([sys.executable, "-c", DONE], Viewer("b.okoro", settings().authority, every_team=True))
    try:
        answer = made.send()
        assert (answer.status_code, "ask someone of the data team" in answer.json["says"]) == (403, True)
        assert made.client.get("/upload", base_url="http://localhost").status_code == 403
        assert made.kept() == []
    finally:
        made.close()


def test_where_nothing_takes_files_the_page_says_how_else(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    client = build_app(store, Viewer.local("a test", "local"), "Invented Council").server.test_client()
    answer = client.post("/upload", data={"file": (io.BytesIO(b"a"), "a.csv")}, headers=OURS, base_url="http://localhost")
    assert (answer.status_code, "python app.py load" in answer.json["says"]) == (503, True)
    store.close()


# ---- what is taken
def test_a_file_over_the_cap_is_refused_by_its_stated_length_before_it_is_read(at_once: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MOST_SENT", 1000)

    class NeverRead(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("it was read")

    answer = at_once.client.post(
        "/upload", input_stream=NeverRead(), environ_overrides={"CONTENT_LENGTH": "5000"}, headers=OURS, base_url="http://localhost",
        content_type="multipart/form-data; boundary=x",
    )  # fmt: skip
    assert (answer.status_code, "64 MB" in answer.json["says"]) == (413, True)
    assert at_once.kept() == []


def test_a_file_of_no_stated_length_is_refused_once_it_is_over_the_cap(at_once: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MOST_SENT", 200_000)
    start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    answer = at_once.client.post(
        "/upload", input_stream=io.BytesIO(start + b"a" * 400_000 + b"\r\n--x--\r\n"), headers=OURS, base_url="http://localhost",
        content_type="multipart/form-data; boundary=x", environ_overrides={"wsgi.input_terminated": True},
    )  # fmt: skip
    assert answer.status_code == 413
    assert at_once.kept() == []


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({}, "multipart/form-data"),
        ({"file": (io.BytesIO(b"a"), "")}, "multipart/form-data"),
        ({"one": (io.BytesIO(b"a"), "a.csv"), "two": (io.BytesIO(b"b"), "b.csv")}, "multipart/form-data"),
        ({"file": "words"}, "application/x-www-form-urlencoded"),
    ],
)
def test_a_form_without_exactly_one_file_is_refused(at_once: Sending, data: dict[str, Any], kind: str) -> None:
    answer = at_once.client.post("/upload", data=data, content_type=kind, headers=OURS, base_url="http://localhost")
    assert (answer.status_code, answer.json["says"]) == (400, upload.NO_FILE)
    assert at_once.kept() == []


def test_a_broken_form_is_refused(at_once: Sending) -> None:
    answer = at_once.client.post(
        "/upload", data=b"--y\r\nnonsense", content_type="multipart/form-data", headers=OURS, base_url="http://localhost"
    )
    assert answer.status_code == 400


def test_too_many_waiting_files_are_turned_away(at_once: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Intake, "has_room", lambda self: False)
    answer = at_once.send()
    assert (answer.status_code, "in a few minutes" in answer.json["says"]) == (503, True)
    assert at_once.kept() == []
    assert MOST_WAITING < 100


# ---- what becomes of it
def test_a_file_is_loaded_by_the_command_and_told_in_words(sending: Sending) -> None:
    told = sending.outcome(sending.send(name="..\\..\\C:/etc/visits_2026-05.csv"))
    assert (told["name"], told["outcome"]) == ("visits_2026-05.csv", "loaded")
    assert told["says"] == "Loaded as Visits: 2 rows, 1 new or changed, 0 unchanged, 1 set aside."
    assert any("31/02/2026" in problem for problem in told["problems"])
    assert told["see"] == "/data/problems?source=visits"
    loads = sending.store.loads(settings().authority)
    assert loads[["file", "source", "rows_in"]].to_numpy().tolist() == [["visits_2026-05.csv", "visits", 2]]
    assert sending.kept() == []
    again = sending.outcome(sending.send())
    assert (again["outcome"], again["says"]) == ("unchanged", "Loaded before, as Visits: nothing has changed.")
    taken = sending.client.post("/withdraw/1", headers=OURS, base_url="http://localhost")
    assert sending.outcome(taken)["outcome"] == "withdrawn"
    assert sending.store.loads(settings().authority)["withdrawn_at"].notna().all()
    assert sending.outcome(sending.client.post("/withdraw/1", headers=OURS, base_url="http://localhost"))["outcome"] == "failed"


def test_a_file_that_is_no_extract_is_refused_with_the_reason(sending: Sending) -> None:
    told = sending.outcome(sending.send("a,b\n1,2\n", "odd.csv"))
    assert told["outcome"] == "refused"
    assert "its columns are not those of any extract" in told["says"]
    assert sending.store.loads(settings().authority).empty
    assert sending.kept() == []


@pytest.mark.parametrize("dies", ["import sys; sys.exit(3)", "print('not json')", "print('[]')", "import os; os.abort()"])
def test_a_command_that_dies_is_told_of_and_the_next_file_is_still_loaded(dies: str, tmp_path: Path) -> None:
    first = tmp_path / "first"
    script = f"import os\nif not os.path.exists({str(first)!r}):\n    open({str(first)!r}, 'w').close()\n    {dies}\nelse:\n    {DONE}"
    made = Sending([sys.executable, "-c", script])
    try:
        assert made.outcome(made.send())["says"].startswith("It could not be loaded, and nothing of it was kept.")
        assert made.outcome(made.send())["outcome"] == "unchanged"
        assert made.kept() == []
    finally:
        made.close()


def test_one_file_is_loaded_at_a_time_and_the_others_are_told_they_wait(tmp_path: Path) -> None:
    go, log = tmp_path / "go", tmp_path / "log"
    script = (
        f"import os, time\nopen({str(log)!r}, 'a').write('begun ')\n"
        f"while not os.path.exists({str(go)!r}): time.sleep(0.02)\nopen({str(log)!r}, 'a').write('done ')\n{DONE}"
    )
    made = Sending([sys.executable, "-c", script])
    try:
        first, second = made.send(), made.send()
        until(lambda: made.told(first.json["id"]), lambda told: told["state"] == "reading")
        assert made.told(second.json["id"])["says"] == "Waiting: 1 file is before it."
        go.touch()
        made.outcome(second)
        assert log.read_text().split() == ["begun", "done", "begun", "done"]
    finally:
        made.close()


def test_stopping_the_server_stops_a_load_under_way_and_leaves_no_file(tmp_path: Path) -> None:
    intake = Intake([sys.executable, "-c", "import time; time.sleep(600)"])
    path = intake.new_file()
    path.write_text(VISITS)
    job = intake.load(path, "a.csv")
    until(lambda: intake.job(job.ident), lambda held: isinstance(held, Job) and held.state == "reading")
    time.sleep(0.2)
    begun = time.monotonic()
    intake.close()
    done = until(lambda: intake.job(job.ident), lambda held: held.state == "done", 20)
    assert (done.outcome, path.parent.exists()) == ("failed", False)
    assert time.monotonic() - begun < 20


def test_a_file_nobody_knows_is_said_to_be_gone(at_once: Sending) -> None:
    answer = at_once.client.get("/upload/nothing", headers=OURS, base_url="http://localhost")
    assert (answer.status_code, answer.json["says"]) == (404, upload.GONE)


# ---- without a script
def test_without_a_script_a_form_and_plain_pages_do_the_same(at_once: Sending) -> None:
    form = at_once.client.get("/upload", base_url="http://localhost", headers={"Accept": "text/html"}).text
    assert 'method="post" enctype="multipart/form-data"' in form
    name = "<img src=x onerror=alert(1)>.csv"
    sent = at_once.send(name=name, Origin="http://localhost", Accept="text/html")
    assert sent.status_code == 303
    where = sent.headers["Location"]
    assert where.startswith("/upload/")

    def asked() -> Any:
        return at_once.client.get(where, base_url="http://localhost", headers={"Accept": "text/html"})

    done = until(asked, lambda page: "Refresh" not in page.headers)
    assert "nothing has changed" in done.text
    assert "<img" not in done.text
    assert "&lt;img" in done.text


# ---- nobody waits
EDGE = "edge-of-a-part"
LOADS_PAGE = {
    "output": "page.children", "outputs": {"id": "page", "property": "children"}, "changedPropIds": ["url.pathname"],
    "inputs": [{"id": "url", "property": "pathname", "value": "/data/loads"}, {"id": "url", "property": "search", "value": ""}],
}  # fmt: skip


def multipart(name: str, content: str) -> bytes:
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    return f"{head}{content}\r\n--{EDGE}--\r\n".encode()


def posted(address: str, body: bytes, kind: str) -> Any:
    with urllib.request.urlopen(urllib.request.Request(address, body, {**OURS, "Content-Type": kind}), timeout=60) as answer:
        return json.load(answer)


@pytest.mark.slow
def test_the_pages_answer_while_200_000_rows_are_loaded(sending: Sending) -> None:
    rows, draw = 200_000, np.random.default_rng(5)
    days = pd.Timestamp("2025-06-01") + pd.to_timedelta(draw.integers(0, 360, rows), unit="D")
    frame = pd.DataFrame(
        {
            "child_id": draw.integers(1, 20_000, rows), "cohort": "CP", "visit_date": days.strftime("%d/%m/%Y"), "child_seen": "Y",
            "team": "Brook", "worker_id": draw.integers(1, 400, rows),
        }
    )  # fmt: skip
    with served(sending.server) as address:
        begun = posted(f"{address}/upload", multipart("visits.csv", frame.to_csv(index=False)), f"multipart/form-data; boundary={EDGE}")
        waits: list[float] = []

        def asked() -> Any:
            since = time.monotonic()
            assert "Loads" in json.dumps(posted(f"{address}/_dash-update-component", json.dumps(LOADS_PAGE).encode(), "application/json"))
            state = sending.told(begun["id"])
            if state["state"] == "reading":
                waits.append(time.monotonic() - since)
            return state

        told = until(asked, lambda state: state["state"] == "done", 300)
    assert (told["outcome"], told["told"]["rows_in"]) == ("loaded", rows)
    assert len(waits) > 5
    assert max(waits) < 5


# ---- in a browser
@pytest.mark.browser
def test_files_are_chosen_by_keyboard_and_told_of_one_by_one(page: Page, sending: Sending) -> None:
    with served(sending.server) as address:
        page.goto(f"{address}/data")
        page.get_by_label("Choose files").focus()
        expect(page.locator("#drop-file")).to_be_focused()
        page.locator("#drop-file").set_input_files(
            [
                {"name": "visits_2026-05.csv", "mimeType": "text/csv", "buffer": VISITS.encode()},
                {"name": "<img src=x onerror=alert(1)>.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,<script>alert(1)</script>\n"},
            ]
        )
        told = page.locator(".drop-told")
        expect(told).to_contain_text("Loaded as Visits: 2 rows, 1 new or changed, 0 unchanged, 1 set aside.", timeout=60_000)
        expect(told).to_contain_text("its columns are not those of any extract", timeout=60_000)
        assert told.locator("img, script").count() == 0
        page.get_by_role("link", name="Show the Data page as it is now").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Data for May 2026")
        page.get_by_role("link", name="Withdraw load 1, visits_2026-05.csv").click()
        page.get_by_role("button", name="Withdraw it").click()
        expect(page.locator(".drop-told")).to_contain_text("Load 1 is withdrawn", timeout=60_000)


@pytest.mark.browser
def test_a_file_over_the_cap_is_refused_in_the_page_without_being_sent(page: Page, at_once: Sending) -> None:
    with served(at_once.server) as address:
        page.goto(f"{address}/data")
        page.locator("#drop-file").wait_for(state="attached")
        page.locator(".drop").evaluate("zone => (zone.dataset.capMb = '0.00001')")
        page.locator("#drop-file").set_input_files([{"name": "a.csv", "mimeType": "text/csv", "buffer": b"a" * 100}])
        expect(page.locator(".drop-told")).to_contain_text("can be loaded here. Ask the data team")
    assert at_once.kept() == []
