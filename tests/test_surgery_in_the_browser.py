"""A whole surgery by keyboard alone in a real Chromium, two people at once, and no barrier on its pages. All data is invented."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from data.store import Store
from data.surgery import Surgery
from data.viewer import Viewer
from layouts import build_app
from layouts.surgery_forms import write
from tests.data.readings import HERE
from tests.layouts.held import KEEPER, fill
from tests.looking import barriers, sideways, too_faint, unseen_focus
from tests.servers import served

pytestmark = pytest.mark.browser
OTHER = Viewer("t.ainsley", HERE, teams=frozenset({"Harbour"}))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(f"sqlite:///{(tmp_path_factory.mktemp('surgery') / 'held.sqlite').as_posix()}")
    fill(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def council(store: Store) -> Iterator[str]:
    with served(build_app(store, KEEPER, "Invented Council").server) as address:
        yield address


def focused(page: Page) -> str:
    said: str = page.evaluate("document.activeElement.dataset.child || document.activeElement.id || ''")
    return said


def test_a_whole_surgery_by_keyboard_alone(page: Page, council: str, store: Store) -> None:
    """Held, gone through child by child, agreed in two keys, explained, noted and closed; what was kept is said to a screen reader."""
    page.goto(f"{council}/surgery?team=Harbour")
    page.locator("#hold-on").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("09/06/2026")
    page.locator("#hold-open").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour: performance surgery, 9 Jun 2026")
    children = page.locator("a[data-child]")
    expect(children.first).to_be_visible()
    keys = [child.get_attribute("data-child") for child in children.all()]
    for pressed, place in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(pressed)
        assert focused(page) == keys[place]
    said = page.locator("#said")
    page.keyboard.press("a")
    expect(page.locator("#agree-about")).to_have_value(keys[0] or "")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Agreed: Child")
    expect(page.locator("#part-4-title")).to_contain_text("1 so far")
    assert focused(page) == keys[0]
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.locator("#reason-kind").select_option("worker_absent")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Reason kept: Child")
    expect(page.locator("#part-4")).to_contain_text("Worker absent")
    page.keyboard.press("n")
    page.keyboard.type("jk123 is typed, not pressed")
    page.keyboard.press("Enter")
    expect(page.locator("#part-4")).to_contain_text("jk123 is typed, not pressed")
    page.keyboard.press("2")
    assert focused(page) == "part-2-title"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="All keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    shut = page.get_by_role("button", name="Close it")
    expect(shut).to_be_visible()
    shut.press("Enter")
    expect(page.locator(".closed")).to_contain_text("Closed by k.adeyemi")
    expect(page.locator("#surgery-agree")).to_have_count(0)
    (held,) = store.surgeries.held(KEEPER).to_dict("records")
    assert (held["state"], held["unit_id"]) == ("closed", "Harbour")
    child = (keys[0] or "").split("|")[1]
    assert store.surgeries.commitments(KEEPER)["about_id"].tolist() == [child]
    assert store.surgeries.reasons(KEEPER)["child_id"].tolist() == [(keys[1] or "").split("|")[1]]


def test_what_another_wrote_meanwhile_is_shown_beside_mine_and_neither_is_lost(page: Page, council: str, store: Store) -> None:
    ident = store.surgeries.open(KEEPER, Surgery(level="team", unit_id="Mill", held_on=pd.Timestamp("2026-06-09")))
    path = f"/surgery/{ident}"
    first = {"form": "surgery-agree", "about": "none||", "kind": "by_hand", "who": "w1", "by": "19/06/2026", "what": "Cover", "revision": 0}
    write(store, KEEPER, first, path)
    made = store.surgeries.commitments(KEEPER, ident).iloc[0]
    page.goto(council + path)
    page.get_by_role("button", name=re.compile("^Change")).click()
    expect(page.locator("#agree-who")).to_have_value("w1")
    write(store, KEEPER, {**first, "who": "theirs", "of": made["id"], "revision": 1}, path)
    page.locator("#agree-who").fill("mine")
    page.keyboard.press("Enter")
    clash = page.locator("#surgery-clash")
    expect(clash).to_contain_text("theirs")
    expect(clash).to_contain_text("mine")
    expect(page.locator("#agree-who")).to_have_value("mine")
    assert store.surgeries.commitments(KEEPER, ident)["who"].tolist() == ["theirs"]
    clash.get_by_role("button", name="Keep mine").press("Enter")
    expect(page.locator("#part-4")).to_contain_text("mine")
    assert store.surgeries.commitments(KEEPER, ident)["who"].tolist() == ["mine"]
    page.goto(council + path)
    page.wait_for_selector(".pt")
    for appearance, width, scheme in (("light", 1366, "light"), ("dark", 1366, "dark"), ("phone", 390, "light")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert barriers(page, appearance) == [], appearance
        assert too_faint(page) == [], appearance
        assert page.evaluate("document.documentElement.scrollWidth") <= width, appearance
    assert sideways(page) == []
    assert unseen_focus(page) == []
