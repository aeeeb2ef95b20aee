"""How fast Sightline is on this machine: `make bench`. Figures are printed, never judged here."""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import python_calamine
from openpyxl import Workbook

import loaders
from data import reference, sample
from data.store import Store
from data.viewer import Viewer
from kpi import REGISTER
from kpi.commentary import comment_many
from kpi.figures import all_figures
from kpi.signalling import signalled
from kpi.spc import xmr
from kpi.targets import judged, with_months_before
from layouts import build_app
from layouts.summary import summary_of

AUTHORITY = "invented"
CALLS = 100
MEASURES, UNITS, MONTHS = 80, 60, 36


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
        many_visits(Path(folder))
        store = Store(url)
        store.work_out(AUTHORITY, all_figures)
        said("every figure of every month worked out again", timed(lambda: store.work_out(AUTHORITY, all_figures)))
        signals()
        subprocess.run([sys.executable, "-m", "tests.bench_years", url], check=True)
        subprocess.run([sys.executable, "-m", "tests.bench_sizes", folder], check=True)
        pages(store)
        subprocess.run([sys.executable, "-m", "tests.bench_screen", url], check=True)
        viewer, period = Viewer.local("bench", AUTHORITY), pd.Timestamp("2026-05-31")
        said("Excel summary", timed(lambda: summary_of(store, viewer, "Invented Council", period, produced_at=period)))


def signals() -> None:
    """Is it real, for 80 measures of 60 units over 36 months: signals, assurance and commentary together."""
    draw = np.random.default_rng(1)
    periods = pd.date_range("2023-06-30", periods=MONTHS, freq="ME", unit="s")
    total = draw.integers(20, 60, (UNITS, MONTHS)).astype(float)
    met = draw.binomial(total.astype(int), 0.8).astype(float)
    keys = [key for key, measure in REGISTER.items() if measure.measure == "percent"]
    one = pd.DataFrame(
        {
            "period": np.tile(periods, UNITS), "level": "team", "unit_id": np.repeat([f"Team {i}" for i in range(UNITS)], MONTHS),
            "numerator": met.ravel(), "denominator": total.ravel(), "note": "",
        }
    )  # fmt: skip
    one["left_out"], one["unit"] = [{} for _ in range(len(one))], one["unit_id"]
    targets = reference.targets(AUTHORITY)
    batches = [with_months_before(judged(one.assign(kpi=keys[i % len(keys)], apart=one["left_out"]), targets)) for i in range(MEASURES)]
    none = pd.DataFrame({"kpi": pd.Series(dtype="str"), "happened_on": pd.Series(dtype="datetime64[s]")})
    start = time.perf_counter()
    signalled_too = [signalled(batch, none) for batch in batches]
    middle = time.perf_counter()
    said_of = sum(len(comment_many(batch)) for batch in signalled_too)
    said(f"signals and assurance of {MEASURES} measures x {UNITS} units x {MONTHS} months", middle - start)
    said(f"commentary on them ({said_of:,} comments)", time.perf_counter() - middle)
    series = pd.Series(met[0] / total[0] * 100)
    alone = median(lambda: xmr(series, dates=periods, better="higher", target=85.0), 50)
    each = (middle - start) / (MEASURES * UNITS)
    print(f"one series: {alone * 1e6:,.0f} microseconds alone, {each * 1e6:,.0f} among many")
    against_r(series.tolist(), alone)


def against_r(series: list[float], ours: float) -> None:
    """The reference R package on the same series, where Rscript and the package are installed."""
    program = shutil.which("Rscript")
    ask = "quit(status = !requireNamespace('NHSRplotthedots', quietly = TRUE))"
    if program is None or subprocess.run([program, "-e", ask], capture_output=True, check=False).returncode:
        print("the reference R package is not installed here, so it was not timed")
        return
    values = ", ".join(f"{value:.6f}" for value in series)
    script = (
        f"d <- data.frame(y = c({values}), x = seq(as.Date('2023-06-01'), by = 'month', length.out = {len(series)}));"
        "f <- function() NHSRplotthedots::ptd_spc(d, value_field = y, date_field = x, improvement_direction = 'increase', target = 85);"
        "f(); s <- proc.time()[['elapsed']]; for (i in 1:50) f(); cat((proc.time()[['elapsed']] - s) / 50)"
    )
    seconds = float(subprocess.run([program, "-e", script], capture_output=True, check=True, text=True).stdout.split()[-1])
    print(f"the reference R package: {seconds * 1e6:,.0f} microseconds a series, {seconds / ours:.0f} times as long")


def load(files: Path, url: str) -> None:
    environment = {**os.environ, "SIGHTLINE_DATABASE_URL": url, "SIGHTLINE_AUTHORITY": AUTHORITY}
    subprocess.run([sys.executable, "app.py", "load", str(files)], env=environment, check=True, capture_output=True)


def one_workbook(path: Path) -> None:
    """Reading and checking one Annex A workbook, as a multiple of what python-calamine takes only to read it."""
    alone, ours = median(lambda: bare_workbook(path), 3), median(lambda: loaders.read(path, today=date.today()), 3)
    said(f"one Annex A read and checked: {ours / alone:.1f} times python-calamine alone", ours)


def bare_workbook(path: Path) -> None:
    with python_calamine.CalamineWorkbook.from_path(path) as book:
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def many_visits(folder: Path) -> None:
    """200,000 visits in a workbook and 2,000,000 in a CSV: read and checked, each as a multiple of the bare read in the same run."""
    book, text = folder / "visits_2026-05.xlsx", folder / "visits_2026-05.csv"
    frame = visits(200_000)
    sheet = Workbook(write_only=True)
    page = sheet.create_sheet("Visits")
    for row in (frame.columns, *frame.astype(dict.fromkeys(frame, object)).itertuples(index=False)):
        page.append([cell.date() if isinstance(cell, pd.Timestamp) else cell for cell in row])
    sheet.save(book)
    visits(2_000_000).to_csv(text, index=False, date_format="%d/%m/%Y")
    alone, ours = median(lambda: bare_workbook(book), 3), median(lambda: loaders.read(book, today=date.today()), 3)
    said(f"200,000 visits (XLSX) read and checked: {ours / alone:.1f} times python-calamine alone", ours)
    store = Store(f"sqlite:///{folder.as_posix()}/visits.sqlite")
    whole = timed(lambda: store.load(AUTHORITY, loaders.read(book, today=date.today()), by="bench"))
    store.close()
    said(f"200,000 visits (XLSX) read, checked and stored: {whole / alone:.1f} times python-calamine alone", whole)
    alone = median(lambda: pd.read_csv(text, dtype=object, na_filter=False), 3)
    read = "import loaders, sys, pathlib, datetime; r = loaders.read(pathlib.Path(sys.argv[1]), today=datetime.date.today())"
    kept = f"{read}\nfrom data.store import Store\nStore('sqlite:///{folder.as_posix()}/many.sqlite').load('{AUTHORITY}', r, by='bench')"
    known = "import app, sys, pathlib; from loaders.read import content_hash; content_hash(pathlib.Path(sys.argv[1]))"
    seconds, peak = in_a_process(read, text)
    size = text.stat().st_size / 2**20
    said(f"2,000,000 visits (CSV, {size:.0f} MiB) read and checked: {seconds / alone:.1f} times pandas alone, {peak:.0f} MiB", seconds)
    seconds, peak = in_a_process(kept, text)
    said(f"2,000,000 visits (CSV) read, checked and stored: {seconds / alone:.1f} times pandas alone, {peak:.0f} MiB", seconds)
    said("the same file told from any other, with Python's start", in_a_process(known, text)[0])


def visits(count: int) -> pd.DataFrame:
    """Invented visits of ten years, as a council's system would list them."""
    draw = np.random.default_rng(1)
    seen_on = pd.Series(np.datetime64("2016-05-01", "s") + np.sort(draw.integers(0, 3650, count)) * np.timedelta64(86_400, "s"))
    return pd.DataFrame(
        {
            "child_id": pd.Series(draw.integers(0, 60_000, count)).map("{:07d}".format), "cohort": draw.choice(["CP", "CIN", "CLA"], count),
            "visit_date": seen_on, "child_seen": draw.choice(["Y", "N"], count, p=[0.9, 0.1]), "seen_alone": draw.choice(["Y", "N"], count),
            "mode": draw.choice(["In person", "Virtual"], count),
            "visit_due_date": seen_on + pd.to_timedelta(draw.integers(-5, 20, count), unit="D"),
            "team": draw.choice([f"Team {i}" for i in range(40)], count),
            "worker_id": pd.Series(draw.integers(0, 900, count)).map("SW{:04d}".format),
            "recorded_date": seen_on + pd.to_timedelta(draw.integers(0, 9, count), unit="D"),
        }
    )  # fmt: skip


def in_a_process(code: str, path: Path) -> tuple[float, float]:
    """Seconds from start to end of a Python process, and the most memory it held, in MiB (where the machine tells)."""
    held = "s.read_text().split('VmHWM:')[1].split()[0] if s.exists() else 'nan'"
    tell = f"\nfrom pathlib import Path as P\ns = P('/proc/self/status')\nprint({held})"
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code + tell, str(path)], check=True, capture_output=True, text=True)
    return time.perf_counter() - start, float(done.stdout.split()[-1]) / 1024


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
