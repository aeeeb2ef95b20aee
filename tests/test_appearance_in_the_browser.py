"""How a page looks is chosen and kept, charts follow it; the briefing is presented by keyboard; a phone's tables are still tables."""

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
INK = "getComputedStyle(document.body).color"
LIGHT, DARK, BLACK, WHITE = "rgb(29, 34, 39)", "rgb(233, 236, 238)", "rgb(0, 0, 0)", "rgb(255, 255, 255)"
BEFORE_PAINT = """new MutationObserver(() => { if (document.body && window.themeFirst === undefined)
  window.themeFirst = document.documentElement.dataset.theme || "" }).observe(document, { childList: true, subtree: true })"""


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = Store(f"sqlite:///{(tmp_path_factory.mktemp('held') / 'held.sqlite').as_posix()}")
    fill(store)
    with served(build_app(store, KEEPER, "Invented Council").server) as address:
        yield address
    store.close()


def test_an_appearance_is_chosen_kept_and_there_before_anything_is_drawn(page: Page, council: str) -> None:
    page.add_init_script(BEFORE_PAINT)
    page.goto(council + "/accessibility")
    pick = page.get_by_label("Appearance")
    expect(pick).to_have_value("")
    assert page.evaluate(INK) == LIGHT
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(INK) == DARK, "without a choice the system's is followed"
    page.emulate_media(color_scheme="light", contrast="more")
    assert page.evaluate(INK) == BLACK
    page.emulate_media(color_scheme="dark", contrast="more")
    assert page.evaluate(INK) == WHITE
    page.emulate_media(color_scheme="light", contrast="no-preference")
    pick.select_option("dark")
    assert page.evaluate(INK) == DARK
    page.goto(council + "/kpi/cp_visits_in_time")
    assert page.evaluate("window.themeFirst") == "dark", "it is there before the page has a body to draw"
    line = page.locator('.graph .scatterlayer [style*="stroke: rgb(93, 127, 157)"]').first
    line.wait_for(state="attached")
    assert line.evaluate("(e) => getComputedStyle(e).stroke") == "rgb(124, 156, 184)", "a chart follows"
    expect(page.get_by_label("Appearance")).to_have_value("dark")
    page.get_by_label("Appearance").select_option("")
    assert page.evaluate(INK) == LIGHT
    assert page.evaluate("localStorage.getItem('appearance')") is None


def test_the_briefing_is_presented_measure_by_measure_with_the_keyboard(page: Page, council: str) -> None:
    page.goto(council + "/present")
    place, heading, said = page.locator(".present-place"), page.get_by_role("heading", level=1), page.locator("#said")
    expect(place).to_have_text(re.compile(r"^1 of \d+$"))
    many = int(place.inner_text().split()[-1])
    first = heading.inner_text()
    page.keyboard.press("ArrowRight")
    expect(place).to_have_text(f"2 of {many}")
    expect(heading).not_to_have_text(first)
    expect(said).to_have_text(re.compile(f"^Measure 2 of {many}: "))
    second = page.url
    page.keyboard.press("End")
    expect(place).to_have_text(f"{many} of {many}")
    page.keyboard.press("ArrowRight")
    expect(place).to_have_text(f"{many} of {many}")
    page.get_by_role("link", name="Previous").click()
    expect(place).to_have_text(f"{many - 1} of {many}")
    page.keyboard.press("Home")
    expect(heading).to_have_text(first)
    page.goto(second)
    expect(place).to_have_text(f"2 of {many}")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/$"))
    expect(heading).to_have_text("Briefing, May 2026")


def test_on_a_phone_a_wide_table_is_stacked_and_still_a_table_and_a_chart_opens_at_its_end(page: Page, council: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(council + "/cases/cp_visits_in_time?show=all")
    table = page.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(61)
    heads = [head.inner_text() for head in table.get_by_role("columnheader").all()]
    row = table.get_by_role("row").nth(1)
    assert row.get_by_role("cell").count() + row.get_by_role("rowheader").count() == len(heads) >= 5
    labels = row.locator("td").evaluate_all("(cells) => cells.map((c) => [c.dataset.label, getComputedStyle(c, '::before').content])")
    assert [label for label, _ in labels] == heads[1:]
    assert all(label in content for label, content in labels), "each cell says what it is"
    tops = row.locator("th, td").evaluate_all("(cells) => cells.map((c) => c.getBoundingClientRect().top)")
    assert tops[0] < tops[1], "the name stands above the rest"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(council + "/kpi/cp_visits_in_time")
    page.wait_for_selector(".graph .trace", state="attached")
    last = page.locator(".latest .scatterlayer .trace .points path").last
    box = last.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= 390, "the latest month is in sight"
