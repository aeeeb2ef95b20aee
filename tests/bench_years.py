"""How fast every measure is worked out for a big council: ten years, two million visits, sixty thousand episodes. Run by `make bench`.

The council is the invented one, many times over: each copy's children and workers have ids of their own, each earlier copy lies three years
further back. Run in a process of its own, so that the most memory it held is its own: `python -m tests.bench_years DATABASE_URL`.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from data.store import Store
from data.tables import BY_NAME, Tables
from data.viewer import Viewer
from kpi import REGISTER
from kpi.figures import all_figures, cases_of, figures_of
from kpi.period import add_months

YEARS, SPAN = 4, 36  # copies one after another, and how many months each lies back
MONTHS, EPISODES, VISITS = 120, 60_000, 2_000_000
EPISODE_TABLES = ("cp_plan", "cla_episode", "assessment", "placement", "cin_plan", "section47", "pre_proceedings", "proceedings")
NAMED = ("child_id", "worker_id", "audit_id", "action_id", "escalation_id", "supervisor_id", "auditor_id")
AS_IT_IS = ("team", "population", "target", "clock", "annotation", "published_figure", "measure_value", "establishment", "action")
TEAM = "Harbour"


def held(url: str) -> Tables:
    """All the tables of the invented council, out of its store."""
    kept: list[Tables] = []

    def look(tables: Tables) -> pd.DataFrame:
        kept.append(Tables(dict(tables.frames), tables.clocks, tables.bank_holidays, tables.covered))
        return pd.DataFrame()

    store = Store(url)
    store.told(Viewer("bench", "invented"), look)
    store.close()
    return kept[0]


def big(small: Tables) -> Tables:
    """The council of ten years: as many copies side by side as it takes for the episodes, and visits on further days up to their number."""
    episodes = sum(len(small.frames[name]) for name in EPISODE_TABLES) * YEARS
    copies = -(-EPISODES // episodes)
    frames = {name: frame if name in AS_IT_IS else _copied(name, frame, copies) for name, frame in small.frames.items()}
    visits, week = [frames["visit"]], 1
    while sum(len(part) for part in visits) < VISITS:
        short = VISITS - sum(len(part) for part in visits)
        visits.append(_earlier(frames["visit"].head(short), week))
        week += 1
    frames["visit"] = pd.concat(visits, ignore_index=True)
    covered = {name: _months_back(months) for name, months in small.covered.items()}
    return Tables(frames, small.clocks, small.bank_holidays, covered)


def _copied(name: str, frame: pd.DataFrame, copies: int) -> pd.DataFrame:
    dated = [column.name for column in BY_NAME[name].columns if column.kind == "date"]
    parts = []
    for back in range(YEARS):
        moved = frame.assign(**{day: add_months(frame[day].to_numpy(), -SPAN * back).astype("datetime64[s]") for day in dated})
        for copy in range(copies):
            mark = f"-{back}-{copy}"
            parts.append(moved.assign(**{who: moved[who] + mark for who in NAMED if who in moved}))
    return pd.concat(parts, ignore_index=True)


def _earlier(visits: pd.DataFrame, weeks: int) -> pd.DataFrame:
    days = pd.Timedelta(days=7 * weeks)
    return visits.assign(happened_on=visits["happened_on"] - days, recorded_on=visits["recorded_on"] - days)


def _months_back(months: pd.DatetimeIndex) -> pd.DatetimeIndex:
    every = np.concatenate([months.to_numpy().astype("datetime64[M]") - SPAN * back for back in range(YEARS)])
    ends = (np.unique(every) + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    return pd.DatetimeIndex(ends[-MONTHS:]).as_unit("s")


def main(url: str) -> None:
    """Time one new month, one KPI of one team on one day, and the rebuild; month and rebuild of tables nothing was worked out of before."""
    tables = big(held(url))
    episodes = sum(len(tables.frames[name]) for name in EPISODE_TABLES)
    print(f"{len(REGISTER)} measures, {MONTHS} months, {len(tables.visit):,} visits, {episodes:,} episodes, {len(tables.child):,} children")
    month = pd.DatetimeIndex([tables.covered["cp_plan"].max()]).as_unit("s")
    start = time.perf_counter()
    for measure in REGISTER.values():
        figures_of(measure, tables, month)
    _said(f"one new month of every measure ({month[0]:%B %Y})", time.perf_counter() - start)
    day = month + pd.Timedelta(days=-9)
    times = {}
    for key, measure in REGISTER.items():
        if measure.given is None:
            start = time.perf_counter()
            found = cases_of(measure, tables, day)
            assert found[found["team_id"] == TEAM] is not None
            times[key] = time.perf_counter() - start
    slowest = max(times, key=lambda key: times[key])
    _said("one measure on one day for one team, the middle one", statistics.median(times.values()))
    _said(f"  the slowest of them, {slowest}", times[slowest])
    fresh = Tables(tables.frames, tables.clocks, tables.bank_holidays, tables.covered)
    del tables
    start = time.perf_counter()
    figures = all_figures(fresh)
    _said(f"every measure rebuilt ({len(figures):,} figures, {_peak()})", time.perf_counter() - start)


def _peak() -> str:
    status = Path("/proc/self/status")
    return f"{int(status.read_text().split('VmHWM:')[1].split()[0]) / 2**20:.2f} GiB" if status.exists() else "memory not told here"


def _said(what: str, seconds: float) -> None:
    print(f"{what:<90} {seconds:7.2f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
