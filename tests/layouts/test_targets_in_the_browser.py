"""A target set and taken back in a real Chromium, and the catalogue narrowed while one types."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from data.store import Store
from layouts import build_app
from tests.layouts.held import KEEPER, fill
from tests.servers import served

pytestmark = pytest.mark.browser
DRAWN = 60_000  # eighty measures with their definitions take a busy machine a while to draw


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = Store(f"sqlite:///{(tmp_path_factory.mktemp('held') / 'held.sqlite').as_posix()}")
    fill(store)
    with served(build_app(store, KEEPER, "Invented Council").server) as address:
        yield address
    store.close()


def test_a_target_is_set_judges_at_once_and_is_taken_back(page: Page, council: str) -> None:
    page.goto(council + "/targets?kpi=cp_visits_in_time")
    page.wait_for_selector("h1", timeout=DRAWN)
    page.get_by_text("Set a target").click()
    page.locator("#target-green").fill("120")
    page.locator("#target-since").fill("01/05/2026")
    page.locator("#target-set_by").fill("The board")
    page.locator("#target-set").click()
    expect(page.locator("#target-says")).to_contain_text("is a percentage: write figures from 0 to 100")
    page.locator("#target-green").fill("95")
    page.locator("#target-set").click()
    ours = page.locator("#target-of-cp_visits_in_time")
    expect(ours.get_by_role("row", name=re.compile("1 May 2026.*In force.*The board.*Set here"))).to_be_visible()
    expect(ours).to_contain_text("Not met")
    page.goto(council + "/kpi/cp_visits_in_time")
    expect(page.locator(".facts")).to_contain_text("95")
    page.goto(council + "/targets")
    ours.get_by_role("button", name="Take back: the target of").click()
    expect(ours).not_to_contain_text("1 May 2026")
    expect(page.get_by_role("table", name="Changes made here").get_by_role("row")).to_have_count(3)


def test_the_catalogue_is_narrowed_while_one_types_and_widens_again(page: Page, council: str) -> None:
    page.goto(council + "/catalogue")
    field, rows = page.locator("#catalogue-q"), page.locator(".catalogue tbody tr:visible")
    page.wait_for_selector("h1", timeout=DRAWN)
    every = rows.count()
    field.press_sequentially("legal spend", delay=80)
    expect(rows).to_have_count(1, timeout=DRAWN)
    expect(page.locator("#catalogue-found")).to_have_text("1 measure")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.locator("#catalogue-found")).to_have_text(f"1 of {every} measures", timeout=DRAWN)
    expect(page).to_have_url(re.compile(r"/catalogue\?q=legal\+spend$"))
    expect(rows).to_have_count(1, timeout=DRAWN)
    field.fill("")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(rows).to_have_count(every, timeout=DRAWN)
