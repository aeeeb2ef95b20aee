"""The funnel of workers on a team's page: those with twenty cases or more, each inside or outside what chance alone would give."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from data.store import Store
from data.viewer import Viewer
from kpi.figures import all_figures
from layouts import build_app
from layouts.as_html import markup
from layouts.measure import draw
from layouts.view import View
from tests.data.readings import HERE, reading
from tests.servers import served

EVERYONE = Viewer.local("a.rahim", HERE)
HELD = {"Ade": (40, 32), "Bee": (24, 20), "Cay": (30, 12), "Dov": (20, 16), "Eve": (19, 2)}  # worker: children, of them seen in time


@pytest.fixture
def store(sqlite_url: str) -> Store:
    """One team whose workers hold forty children to nineteen; one worker's children are seen far less often than chance allows."""
    children = [(f"{who}{n}", who, n < seen) for who, (many, seen) in HELD.items() for n in range(many)]
    plans = [f"{child} 2026-01-05 Bridge {who}" for child, who, _ in children]
    said = {
        "cp_plan": "\n".join(["child_id started_on team_id worker_id", *plans]),
        "visit": "\n".join(
            ["child_id happened_on cohort_kind child_seen origin_kind nth",
             *(f"{child} {'2026-05-28' if seen else '2026-04-02'} cp yes log 1" for child, _, seen in children)]
        ),
    }  # fmt: skip
    made = Store(sqlite_url)
    made.load(HERE, reading("2026-05-31", said, covers=dict.fromkeys(("cp_plan", "visit:cp"), ("2026-01-01", "2026-05-31"))), by="a.rahim")
    made.work_out(HERE, all_figures)
    return made


def test_workers_with_twenty_cases_are_drawn_and_the_one_beyond_chance_is_named(store: Store) -> None:
    page = draw(View(store, EVERYONE, "Council", "/kpi/cp_visits_in_time", {"key": "cp_visits_in_time", "team": "Bridge"}))
    funnels = [part.figure for part in page._traverse() if type(part).__name__ == "Graph" and "Cay" in str(part.figure)]
    assert len(funnels) == 1
    (points,) = [line for line in funnels[0]["data"] if line.get("mode", "").startswith("markers") and len(line["x"]) > 1]
    found = {(round(float(x)), round(float(y), 1)) for x, y in zip(points["x"], points["y"], strict=True)}
    assert found == {(many, round(100 * seen / many, 1)) for who, (many, seen) in HELD.items() if who != "Eve"}
    said = markup([part for part in page._traverse() if type(part).__name__ in ("H2", "Td", "Th")])
    assert "Cay stands apart by more than chance" in said
    assert "Eve" in said, "a worker with fewer is in the table all the same"
    store.close()


@pytest.mark.browser
def test_the_funnel_of_workers_is_drawn_and_has_a_table_twin(store: Store, page: Page, tmp_path: Path) -> None:
    with served(build_app(store, EVERYONE, "Council").server) as address:
        page.goto(f"{address}/kpi/cp_visits_in_time?team=Bridge")
        section = page.locator("section", has=page.get_by_role("heading", name="Cay stands apart by more than chance"))
        expect(section.locator(".js-plotly-plot .trace").first).to_be_attached()
        section.screenshot(path=tmp_path / "workers.png")
        section.get_by_role("button", name="Table").click()
        expect(section.get_by_role("row", name=re.compile("Cay"))).to_contain_text("12 of 30")
    store.close()
