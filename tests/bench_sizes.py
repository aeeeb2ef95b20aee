"""How quick the pages are in the largest council there is: 80 measures, 60 teams, 120 months, and lists of 5,000 children. `make bench`.

Everything is invented. The figures are drawn by lot and put where the command would put them; the lists are of children on protection
plans of whom few are seen in time. Each page is drawn in a process that has drawn nothing, and in one that has drawn the briefing, as a
server has before anyone asks; there also of the month before, and once more as it stands. `python -m tests.bench_sizes FOLDER` keeps its
database in the folder for the next time.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from flask.testing import FlaskClient
from playwright.sync_api import CDPSession

from data.reference.declared import measures
from data.store import Store
from data.tables import BY_NAME, Tables
from data.viewer import Viewer
from kpi import REGISTER
from kpi.figures import FIGURE_COLUMNS
from kpi.measures import declare
from layouts import build_app
from tests.browser import MEETING_ROOM_LAPTOP, chromium_program, chromium_running
from tests.data.readings import reading
from tests.servers import served

AUTHORITY = "invented"
TEAMS, SERVICES, WORKERS, MONTHS, CHILDREN = 60, 6, 600, 120, 5_200
LAST = pd.Timestamp("2026-05-31")
ADDRESSES = (
    "/", "/?service=Service+3", "/teams", "/teams?domain=protection", "/domains", "/domain/protection", "/kpi/cp_visits_in_time",
    "/kpi/cp_visits_in_time?team=Team+07", "/team/Team+07", "/due", "/due?team=Team+07", "/cases/cp_visits_in_time",
    "/cases/cp_visits_in_time?show=all", "/deep-dive?team=Team+07", "/surgery", "/plan", "/readiness", "/data", "/data/problems",
    "/catalogue", "/present?kpi=cp_visits_in_time",
)  # fmt: skip
AGAIN = "&period=2026-04"
TIMES = 15


def main(folder: Path) -> None:
    declare(measures(AUTHORITY))
    url = f"sqlite:///{(folder / 'sizes.sqlite').as_posix()}"
    if not (folder / "sizes.sqlite").exists():
        make(url)
    print(f"{len(REGISTER)} measures, {TEAMS} teams, {MONTHS} months, {CHILDREN:,} children; milliseconds of processor (wall)")
    print(f"{'':<40}{'nothing drawn':>18}{'briefing drawn':>18}{'month before':>18}{'once more':>14}{'sent':>10}")
    for address in ADDRESSES:
        told = {**_in_a_process(url, address, ""), **_in_a_process(url, address, "/")}
        cold, first, warm, kept = (f"{told[name][0]:,.0f} ({told[name][1]:,.0f})" for name in ("cold", "first", "warm", "kept"))
        print(f"{address:<40}{cold:>18}{first:>18}{warm:>18}{kept:>14}{told['bytes'] / 1024:>7,.0f} KB", flush=True)
    scrolled(url)


# As a reader would who turns a wheel without pause: so many pixels each time the screen is drawn, and how long each drawing took.
SCROLL = """async ([until, step]) => {
  const took = [];
  let last = performance.now();
  await new Promise((done) => requestAnimationFrame(function next(now) {
    took.push(now - last);
    last = now;
    scrollBy(0, step);
    scrollY < until && scrollY + innerHeight < document.documentElement.scrollHeight ? requestAnimationFrame(next) : done();
  }));
  return took.slice(2);
}"""


def scrolled(url: str) -> None:
    """How smoothly 5,000 children scroll in Chromium (16.7 ms a frame is all a screen can show), and when the first rows stand."""
    program = chromium_program()
    if program is None:
        print("Chromium is not installed here, so no list was scrolled")
        return
    app = build_app(Store(url), Viewer.local("bench", AUTHORITY), "Invented Council")
    with served(app.server) as address, chromium_running(program) as browser:
        page = browser.new_page(viewport=MEETING_ROOM_LAPTOP)
        meter = page.context.new_cdp_session(page)
        meter.send("Performance.enable", {"timeDomain": "threadTicks"})
        for path in ("/cases/cp_visits_in_time?show=all", "/due?show=overdue"):
            page.goto(f"{address}/data")
            page.wait_for_selector("main h1")
            start = time.perf_counter()
            page.evaluate("(to) => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }", path)
            page.wait_for_selector("table[data-rows] tbody tr")
            arrived = (time.perf_counter() - start) * 1000
            before = _busy(meter)
            took = sorted(page.evaluate(SCROLL, [40_000, 60]))
            busy = (_busy(meter) - before) / len(took)
            p50, p95 = took[len(took) // 2], took[int(len(took) * 0.95)]
            print(
                f"{path}: first rows {arrived:,.0f} ms; a frame p50 {p50:.1f} ms, p95 {p95:.1f} ms, of its thread {busy:.1f} ms", flush=True
            )


def _busy(meter: CDPSession) -> float:
    """Milliseconds of processor the page's own thread has used."""
    told = meter.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in told if one["name"] == "TaskDuration") * 1000


def _in_a_process(url: str, *addresses: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", "tests.bench_sizes", url, *addresses], check=True, capture_output=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def make(url: str) -> None:
    """The council: its teams, its children on plans and the few visits to them, and figures of every measure at every level."""
    store = Store(url)
    months = ("2016-06-01", f"{LAST:%Y-%m-%d}")
    tables = {"team": teams(), "cp_plan": plans(), "visit": visits()}
    covers = {"cp_plan": months, "visit:cp": months}
    store.load(
        AUTHORITY, reading(f"{LAST:%Y-%m-%d}", tables, covers=covers, file="annex_a.xlsx", content="sizes", invented=True), by="bench"
    )
    store.work_out(AUTHORITY, figures)
    store.close()


def teams() -> pd.DataFrame:
    names = [team(n) for n in range(TEAMS)]
    return BY_NAME["team"].conform(pd.DataFrame({"team_id": names, "service_id": [f"Service {n % SERVICES}" for n in range(TEAMS)]}))


def team(n: int) -> str:
    return f"Team {n:02}"


def plans() -> pd.DataFrame:
    draw = np.random.default_rng(1)
    began = LAST - pd.to_timedelta(draw.integers(12, 700, CHILDREN), unit="D")
    held = np.arange(CHILDREN) % WORKERS
    return BY_NAME["cp_plan"].conform(
        pd.DataFrame(
            {
                "child_id": [f"{n:07}" for n in range(CHILDREN)], "started_on": began.astype("datetime64[s]"),
                "team_id": [team(n % TEAMS) for n in held], "worker_id": [f"SW{n:04}" for n in held],
            }
        )
    )  # fmt: skip


def visits() -> pd.DataFrame:
    """Every child was seen once, most of them too long ago."""
    draw, held = np.random.default_rng(2), np.arange(CHILDREN) % WORKERS
    seen = LAST - pd.to_timedelta(draw.integers(1, 12, CHILDREN) ** 2, unit="D")
    return BY_NAME["visit"].conform(
        pd.DataFrame(
            {
                "child_id": [f"{n:07}" for n in range(CHILDREN)], "cohort_kind": "cp", "happened_on": seen.astype("datetime64[s]"),
                "origin_kind": "log", "nth": 0.0, "child_seen": True, "team_id": [team(n % TEAMS) for n in held],
                "worker_id": [f"SW{n:04}" for n in held],
            }
        )
    )  # fmt: skip


def figures(_tables: Tables) -> pd.DataFrame:
    """Figures of every measure for the whole, six services and sixty teams over ten years; of every tenth measure for each worker."""
    units = {
        "authority": [""], "service": [f"Service {n}" for n in range(SERVICES)], "team": [team(n) for n in range(TEAMS)],
        "worker": [f"SW{n:04}" for n in range(WORKERS)],
    }  # fmt: skip
    parts = []
    for n, (key, measure) in enumerate(REGISTER.items()):
        for level, names in units.items():
            told = level == "authority" or (measure.given is None and measure.measure != "rate" and (level != "worker" or n % 10 == 0))
            if told:
                parts.append(_drawn(np.random.default_rng(n), key, measure.measure == "percent", level, names))
    return pd.concat(parts, ignore_index=True)[list(FIGURE_COLUMNS)]


def _drawn(draw: np.random.Generator, key: str, percent: bool, level: str, names: list[str]) -> pd.DataFrame:
    months = pd.date_range(end=LAST, periods=MONTHS, freq="ME", unit="s")
    size = len(names) * MONTHS
    of = draw.integers(20, 60, size) * {"authority": TEAMS, "service": TEAMS // SERVICES}.get(level, 1)
    top = draw.binomial(of, 0.78) if percent else of * draw.uniform(0.5, 20, size).round(1)
    out = pd.DataFrame(
        {
            "kpi": key, "period": np.tile(months, len(names)), "level": level, "unit_id": np.repeat(names, MONTHS),
            "numerator": top.astype("float64"), "denominator": of.astype("float64"), "note": "",
        }
    )  # fmt: skip
    return out.assign(left_out=[{} for _ in range(size)], apart=[{} for _ in range(size)])


def one(url: str, address: str, before: str) -> None:
    """One page as the browser asks for it: the first time, of the month before, and again and again as it stands."""
    declare(measures(AUTHORITY))
    client = build_app(Store(url), Viewer.local("bench", AUTHORITY), "Invented Council").server.test_client()
    client.get("/")
    if before:
        _asked(client, before)
    first, earlier, again = _asked(client, address), _asked(client, address, AGAIN), [_asked(client, address) for _ in range(TIMES)]
    kept = [statistics.median(times) for times in zip(*again, strict=True)]
    told = {"first": first, "warm": earlier, "kept": kept, "bytes": first[2]} if before else {"cold": first}
    print(json.dumps(told))


def _asked(client: FlaskClient, address: str, more: str = "") -> tuple[float, float, int]:
    """What one answer took: milliseconds of processor, of the clock, and how many bytes it has."""
    path, _, query = address.partition("?")
    asked = {"pathname": path.replace("+", "%20"), "search": f"?{query}{more}"}
    inputs = [{"id": "url", "property": name, "value": value} for name, value in asked.items()]
    page = {"id": "page", "property": "children"}
    body = {"output": "page.children", "outputs": page, "inputs": inputs, "changedPropIds": ["url.pathname"], "state": []}
    wall, processor = time.perf_counter(), time.process_time()
    answer = client.post("/_dash-update-component", json=body)
    took = (time.process_time() - processor) * 1000, (time.perf_counter() - wall) * 1000, len(answer.data)
    assert answer.status_code == 200
    assert b"could not be shown" not in answer.data
    return took


if __name__ == "__main__":
    if sys.argv[1].startswith("sqlite:"):
        one(*sys.argv[1:4])
    else:
        main(Path(sys.argv[1]))
