"""A small invented council held in a store, for the tests of pages: sixty children with a plan in three teams, and figures given."""

from __future__ import annotations

import pandas as pd

from data.store import Store
from kpi.figures import all_figures
from layouts.view import View, Viewer
from tests.data.readings import HERE, reading

KEEPER = Viewer("k.adeyemi", HERE, every_team=True, data_team=True)
READER = Viewer("r.jones", HERE, every_team=True)
BRIDGE = Viewer("b.okoro", HERE, teams=frozenset({"Bridge"}))
MAY = pd.Timestamp("2026-05-31")
TEAMS = ("Bridge", "Bridge", "Harbour", "Harbour", "Mill")
BORN = ("2026-01-09", "2022-02-01", "2018-03-01", "2014-04-01", None)
MONTHS = dict.fromkeys(("cp_plan", "visit:cp", "child", "measure_value"), ("2025-12-01", "2026-05-31"))


def fill(store: Store) -> None:
    """Load it and work its figures out. Every seventh child was last seen too long ago."""
    children = range(1, 61)
    plans = [f"{n} 2026-01-05 {TEAMS[n % 5]} w{n % 4}" for n in children]
    seen = [f"{n} {'2026-05-04' if n % 7 == 0 else '2026-05-27'} cp yes log 1" for n in children]
    known = [f"{n} {BORN[n % 5] or '-'} {'female' if n % 3 else 'male'}" for n in children]
    given = [f"legal_spend authority - 2026-{m:02}-28 {400_000 + 1_000 * m} 80 - -" for m in range(1, 6)]
    given += ["attainment_gap authority - 2026-04-30 - - 18.5 -", "attainment_gap authority - 2026-05-31 - - - c"]
    given += [
        "children_missing_education service North 2026-05-31 - - - <5",
        "children_missing_education service South 2026-05-31 - - 12 -",
    ]
    said = {
        "cp_plan": "\n".join(["child_id started_on team_id worker_id", *plans]),
        "visit": "\n".join(["child_id happened_on cohort_kind child_seen origin_kind nth", *seen]),
        "child": "\n".join(["child_id born_on sex_kind", *known]),
        "team": "team_id service_id\nBridge North\nHarbour South\nMill South",
        "measure_value": "\n".join(["measure level_kind unit_id observed_on numerator denominator value flag_kind", *given]),
    }
    store.load(HERE, reading("2026-05-31", said, covers=MONTHS, invented=True), by="a.rahim")
    store.work_out(HERE, all_figures)


def view(store: Store, path: str = "/", viewer: Viewer = KEEPER, **query: str) -> View:
    """An address as its page is drawn from."""
    return View(store, viewer, "Invented Council", path, {"key": "", **query})
