"""How quick the screen is, in a real Chromium on a line of 10 Mbit/s and 40 ms, and how many pages a second are served.

python -m tests.bench_screen sqlite:///FILE    # a database that holds the invented council; figures are printed, never judged

The server is `app.py serve`, in processes of its own, as anyone would start it.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from kpi import REGISTER
from kpi.model import DOMAINS
from tests.browser import MEETING_ROOM_LAPTOP, chromium_program, chromium_running
from tests.servers import HERE_ONLY, free_port

LINE = {"offline": False, "latency": 40, "downloadThroughput": 10_000_000 / 8, "uploadThroughput": 10_000_000 / 8}
REPEATS = 5
BEFOREHAND = 360  # seconds in which the server draws the pages that people are likely to open
CLIENTS, SETTLING, SECONDS = 8, 20, 10
BRIEFING_SHOWN, CHART_DRAWN = "main .attn li, main .attn .calm", ".js-plotly-plot .scatterlayer .trace"
HEAVY = re.compile(r"plotly|ag-grid|aggrid|async-graph", re.IGNORECASE)


def main(url: str) -> None:
    with serving(url) as (port, server):
        answers(port)
        program = chromium_program()
        if program is None:
            print("Chromium is not installed here, so no page was timed in it")
        else:
            with chromium_running(program) as browser:
                for path, shown in (("/", BRIEFING_SHOWN), ("/kpi/cp_visits_in_time", CHART_DRAWN)):
                    cold(browser, f"http://{HERE_ONLY}:{port}", path, shown)
                moves(browser, f"http://{HERE_ONLY}:{port}")
        at_once(port, server)


@contextmanager
def serving(url: str) -> Iterator[tuple[int, int]]:
    """The port and the process of a server on this database, once it says that it is ready."""
    port = free_port()
    environment = {**os.environ, "SIGHTLINE_DATABASE_URL": url, "SIGHTLINE_AUTHORITY": "invented", "SIGHTLINE_AREA": "Gloucestershire"}
    start = time.perf_counter()
    words = [sys.executable, "app.py", "serve", "--port", str(port)]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = next((line for line in server.stdout if "is ready" in line), "")
        if not said:
            raise RuntimeError(f"the server ended with {server.wait()} before it was ready")
        told("started, until it says that it is ready", (time.perf_counter() - start) * 1000)
        try:
            yield port, server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def cold(browser: Browser, site: str, path: str, shown: str) -> None:
    """A page in a browser that has seen nothing yet: until what matters is seen, and what went over the line."""
    headed, seen, sizes, heavy = [], [], [], set()
    for _ in range(REPEATS):
        context = browser.new_context(viewport=MEETING_ROOM_LAPTOP)
        page = context.new_page()
        names, arrived = on_the_line(page)
        start = time.perf_counter()
        page.goto(site + path, wait_until="commit")
        page.locator("main h1").wait_for()
        headed.append((time.perf_counter() - start) * 1000)
        page.locator(shown).first.wait_for()
        seen.append((time.perf_counter() - start) * 1000)
        page.wait_for_load_state("networkidle")
        sizes.append(sum(arrived.values()))
        heavy |= {name for name in names.values() if HEAVY.search(name)}
        context.close()
    told(f"{path} cold on 10 Mbit/s and 40 ms: heading", statistics.median(headed), headed)
    told(f"{path} cold: {'chart drawn' if shown == CHART_DRAWN else 'first part shown'}", statistics.median(seen), seen)
    kept = "no plotly, no grid" if not heavy else f"with {', '.join(sorted({name.rsplit('/', 1)[-1] for name in heavy}))}"
    print(f"{path} cold: {statistics.median(sizes) / 1000:,.0f} kB on the wire, {len(names)} requests, {kept}", flush=True)


def on_the_line(page: Page, line: dict[str, Any] = LINE) -> tuple[dict[str, str], dict[str, float]]:
    """The page behind this line from now on: the address of each request, and the bytes that arrived for it, headers with them."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", line)
    names: dict[str, str] = {}
    arrived: dict[str, float] = {}

    def asked(told_of: dict[str, Any]) -> None:
        if told_of["request"]["url"].startswith("http"):
            names[told_of["requestId"]] = told_of["request"]["url"]

    def finished(told_of: dict[str, Any]) -> None:
        if told_of["requestId"] in names:
            arrived[told_of["requestId"]] = told_of["encodedDataLength"]

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", finished)
    return names, arrived


def moves(browser: Browser, site: str) -> None:
    """From page to page by the links of the bar: from the click until the other heading is seen."""
    for how, line in (("no line between", None), ("on 10 Mbit/s and 40 ms", LINE)):
        context = browser.new_context(viewport=MEETING_ROOM_LAPTOP)
        page = context.new_page()
        page.goto(site)
        page.locator("main h1").wait_for()
        if line:
            on_the_line(page, line)
        first, again = [moved(page) for _ in range(2)]
        for when, times in (("for the first time", first), ("a second time", again)):
            told(f"moving between pages {when}, {how}: median", statistics.median(times), times)
        context.close()


def moved(page: Page) -> list[float]:
    """Milliseconds to each page of the bar, one after the other, and back to the first."""
    times = []
    links = page.locator("nav.nav a")
    for place in [*range(1, links.count()), 0]:
        heading = page.locator("main h1").inner_text()
        times.append(
            page.evaluate(
                """([place, before]) => new Promise((seen) => {
                  const start = performance.now();
                  const look = () => {
                    const heading = document.querySelector("main h1");
                    if (heading && heading.innerText !== before) requestAnimationFrame(() => seen(performance.now() - start));
                    else requestAnimationFrame(look);
                  };
                  document.querySelectorAll("nav.nav a")[place].click();
                  look();
                })""",
                [place, heading],
            )
        )
        expect(page.locator("main h1")).to_be_visible()
    return times


def plain_addresses() -> list[tuple[str, str]]:
    """Pages as people open them first: those of the bar, every domain, every measure."""
    pages = ["/", "/domains", "/teams", "/catalogue", "/due", "/data", "/targets", "/plan", "/readiness", "/method", "/surgery"]
    return [(path, "") for path in (*pages, *(f"/domain/{domain.key}" for domain in DOMAINS), *(f"/kpi/{key}" for key in REGISTER))]


def chosen_addresses() -> list[tuple[str, str]]:
    """And as they go on: one team, its measures, its children."""
    keys = list(REGISTER)[:15]
    teams = [(f"/team/{team}", "") for team in ("Harbour", "Quarry", "Mill")]
    return [*teams, *((f"/kpi/{key}", "?team=Harbour") for key in keys), *((f"/cases/{key}", "?team=Harbour") for key in keys[:5])]


def answers(port: int) -> None:
    """One user going through pages, one after another: what an answer takes, for pages opened as they are, and chosen for one team."""
    time.sleep(BEFOREHAND)
    connection = http.client.HTTPConnection(HERE_ONLY, port)
    for asked, which in ((plain_addresses(), "as they are"), (chosen_addresses(), "for one team")):
        for when in ("first", "again"):
            found = [ask(connection, *one) for one in asked]
            times = sorted(taken * 1000 for taken, _ in found)
            p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
            says = f"page data of {len(asked)} pages {which}, one user, {when}"
            size = statistics.median(size for _, size in found) / 1000
            print(f"{says:<90} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms   {size:.0f} kB", flush=True)
    connection.close()


def ask(connection: http.client.HTTPConnection, path: str, search: str) -> tuple[float, int]:
    """Seconds, and bytes, of one answer as the browser asks for it."""
    inputs = [{"id": "url", "property": "pathname", "value": path}, {"id": "url", "property": "search", "value": search}]
    page = {"id": "page", "property": "children"}
    body = json.dumps({"output": "page.children", "outputs": page, "inputs": inputs, "changedPropIds": ["url.pathname"], "state": []})
    start = time.perf_counter()
    connection.request("POST", "/_dash-update-component", body, {"Content-Type": "application/json", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 200, content[:300]
    return time.perf_counter() - start, len(content)


def at_once(port: int, server: int) -> None:
    """Clients at once, each a process of its own on the same cores, over pages seen before: answers a second, and where time goes."""
    context = get_context("spawn")
    asked = [*plain_addresses(), *chosen_addresses()]
    together = context.Barrier(CLIENTS)
    with context.Pool(CLIENTS, initializer=_are_together, initargs=(together,)) as pool:
        pool.starmap(keep_asking, [(port, asked, place, SETTLING) for place in range(CLIENTS)], chunksize=1)
        before = cpu_of(server)
        found = pool.starmap(keep_asking, [(port, asked, place, SECONDS) for place in range(CLIENTS)], chunksize=1)
        ours = cpu_of(server) - before
    count, theirs = sum(many for many, _ in found), sum(cpu for _, cpu in found)
    each = f"processor time of each: {ours / count * 1000:.1f} ms in the server, {theirs / count * 1000:.1f} ms in the clients"
    print(f"{CLIENTS} clients at once: {count / SECONDS:,.0f} page-data answers a second ({count:,} in {SECONDS} s; {each})", flush=True)


def _are_together(everyone: Barrier) -> None:
    """No client begins before the last one is there."""
    everyone.wait()


def keep_asking(port: int, asked: Sequence[tuple[str, str]], place: int, seconds: float) -> tuple[int, float]:
    """How many answers one client gets in the time there is, and the seconds of processor it took."""
    connection = http.client.HTTPConnection(HERE_ONLY, port)
    began, count, until = time.process_time(), 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        ask(connection, *asked[(place * 7 + count) % len(asked)])
        count += 1
    connection.close()
    return count, time.process_time() - began


def cpu_of(server: int) -> float:
    """Seconds of processor this process and its children have taken so far; nothing where the machine does not tell."""
    total = 0.0
    for told_by in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = told_by.read_text().rsplit(")", 1)[1].split()
        except OSError:  # it ended meanwhile
            continue
        if server in (int(told_by.parent.name), int(fields[1])):
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def told(what: str, ms: float, times: Sequence[float] = ()) -> None:
    spread = f"   ({', '.join(f'{one:.0f}' for one in sorted(times))})" if times else ""
    print(f"{what:<90} {ms:7.0f} ms{spread}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
