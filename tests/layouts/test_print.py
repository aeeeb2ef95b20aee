"""Each page on paper: A4, numbered, without what only a screen can use, nothing cut off and no row cut through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from data.store import Store
from layouts import build_app
from tests.layouts.held import KEEPER, fill
from tests.looking import cut_off, over_the_edge
from tests.servers import served

pytestmark = pytest.mark.browser
PAPER = 688  # pixels between the margins of A4: 182 mm
PAGES = {
    "briefing": "/", "kpi": "/kpi/cp_visits_in_time", "cases": "/cases/cp_visits_in_time?show=all", "due": "/due", "data": "/data",
    "targets": "/targets", "components": "/style", "presented": "/present", "accessibility": "/accessibility",
}  # fmt: skip
FOR_A_SCREEN = ".nav, .filters, .btns, .seg, .tools, .pager, .places, .steps, .note-form, #appearance"
A4 = re.compile(rb"/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]")


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = Store(f"sqlite:///{(tmp_path_factory.mktemp('held') / 'held.sqlite').as_posix()}")
    fill(store)
    with served(build_app(store, KEEPER, "Invented Council").server) as address:
        yield address
    store.close()


def test_every_kind_of_page_prints_on_a4_and_nothing_is_cut_off(page: Page, council: str, tmp_path: Path) -> None:
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print", color_scheme="dark")
    for name, address in PAGES.items():
        page.goto(council + address)
        page.wait_for_selector("main h1", state="attached")
        if page.locator(".graph").count():
            page.wait_for_selector(".graph .trace", state="attached")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", f"{name}: paper is white"
        seen = page.evaluate(f"[...document.querySelectorAll({FOR_A_SCREEN!r})].filter((e) => e.checkVisibility()).map((e) => e.className)")
        assert seen == [], name
        assert over_the_edge(page, "[data-wide]") == [], name
        assert cut_off(page) == [], name
        through = "[...document.querySelectorAll('main tr')].filter((e) => getComputedStyle(e).breakInside !== 'avoid').length"
        assert page.evaluate(through) == 0, f"{name}: a row may be cut through"
        paper = page.pdf(path=tmp_path / f"{name}.pdf", prefer_css_page_size=True)
        sheets = len(re.findall(rb"/Type /Page\b", paper))
        assert sheets == len(A4.findall(paper)) > 0, name
