"""How fast Sightline is on this machine: `make bench`. Figures are printed, never judged here."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import python_calamine

import loaders
from data import sample
from data.store import Store
from data.viewer import Viewer
from kpi.figures import all_figures
from layouts import build_app
from layouts.summary import summary_of

AUTHORITY = "invented"
CALLS = 100


def main() -> None:
    """The straight line, timed step by step on the invented council."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    print(f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, pandas {pd.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "invented"
        said("36 months of the invented council made", timed(lambda: sample.make(files)))
        url = f"sqlite:///{Path(folder).as_posix()}/bench.sqlite"
        size = sum(f.stat().st_size for f in files.rglob("*") if f.is_file()) / 2**20
        said(f"files to figures ({len(loaders.find([files]))} files, {size:.0f} MiB), as `app.py load`", timed(lambda: load(files, url)))
        said("the same files again", timed(lambda: load(files, url)))
        one_workbook(max(files.rglob("annex_a_*.xlsx")))
        store = Store(url)
        store.work_out(AUTHORITY, all_figures)
        said("every figure of every month worked out again", timed(lambda: store.work_out(AUTHORITY, all_figures)))
        pages(store)
        viewer, period = Viewer.local("bench", AUTHORITY), pd.Timestamp("2026-05-31")
        said("Excel summary", timed(lambda: summary_of(store, viewer, "Invented Council", period, produced_at=period)))


def load(files: Path, url: str) -> None:
    environment = {**os.environ, "SIGHTLINE_DATABASE_URL": url, "SIGHTLINE_AUTHORITY": AUTHORITY}
    subprocess.run([sys.executable, "app.py", "load", str(files)], env=environment, check=True, capture_output=True)


def one_workbook(path: Path) -> None:
    """Reading and checking one Annex A workbook, as a multiple of what python-calamine takes only to read it."""

    def bare() -> None:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                book.get_sheet_by_name(name).to_python()

    alone, ours = median(bare, 3), median(lambda: loaders.read(path, today=date.today()), 3)
    said(f"one Annex A read and checked: {ours / alone:.1f} times python-calamine alone", ours)


def pages(store: Store) -> None:
    """The page callback as the browser calls it, through the server's own test client."""
    client = build_app(store, Viewer.local("bench", AUTHORITY), "Invented Council").server.test_client()
    client.get("/")
    for path, search in (("/", ""), ("/kpi/cp_visits_in_time", ""), ("/cases/cp_visits_in_time", "?team=Harbour"), ("/data", "")):
        for how, extra in (("drawn anew", "&call={}"), ("asked for again", "")):
            times = []
            for call in range(CALLS):
                body = _asked(path, (search or "?") + extra.format(call))
                start = time.perf_counter()
                answer = client.post("/_dash-update-component", json=body)
                times.append(time.perf_counter() - start)
                assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
            times.sort()
            p50, p95 = statistics.median(times) * 1000, times[int(len(times) * 0.95)] * 1000
            print(f"{path + search + ', ' + how:<58} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms   ({CALLS} calls)", flush=True)


def _asked(path: str, search: str) -> dict[str, object]:
    """What the browser sends when it opens an address."""
    inputs = [{"id": "url", "property": "pathname", "value": path}, {"id": "url", "property": "search", "value": search}]
    page = {"id": "page", "property": "children"}
    return {"output": "page.children", "outputs": page, "inputs": inputs, "changedPropIds": ["url.pathname"], "state": []}


def timed(what: Callable[[], object]) -> float:
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def median(what: Callable[[], object], times: int) -> float:
    return statistics.median(timed(what) for _ in range(times))


def said(what: str, seconds: float) -> None:
    print(f"{what:<90} {seconds:7.2f} s", flush=True)


if __name__ == "__main__":
    main()
