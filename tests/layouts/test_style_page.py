"""The component page: it shows every state there is, in every appearance its words can be read and none is cut off, and each part looks as
it was kept; one that looks otherwise is found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from dash.development.base_component import Component
from playwright.sync_api import Page

from data.store import Store
from layouts import build_app, style_page, words
from layouts.signs import ASSURANCE, VARIATION
from tests.layouts.held import KEEPER, fill
from tests.layouts.style_pictures import APPEARANCES as PICTURED
from tests.layouts.style_pictures import differences, kept_pictures, pictures
from tests.looking import cut_off, out_of_order, over_the_edge, too_faint
from tests.servers import served

APPEARANCES = {
    "light": ("light", "", 1366, 4.5), "dark": ("light", "dark", 1366, 4.5), "contrast": ("light", "contrast", 1366, 7.0),
    "contrast in the dark": ("dark", "contrast", 1366, 7.0), "enlarged": ("light", "", 683, 4.5), "phone": ("dark", "", 390, 4.5),
}  # fmt: skip
SIGNS = {f"mk mk-{one}" for one in ("met", "near", "not", "few", "none")}
SIGNS |= {f"sg sg-{one}" for one in ("better", "worse", "moved", "same", "above", "both", "below")}

MOVES = """() => [...document.querySelectorAll("*")].filter((e) => {
  const style = getComputedStyle(e);
  return style.animationName !== "none" || (style.transitionProperty !== "none" && /[1-9]/.test(style.transitionDuration));
}).map((e) => e.className.toString() || e.localName)"""
# What is done to a page that is as it was kept, and what must then be said to look otherwise.
SPOILT = {
    "another colour": ("document.documentElement.style.setProperty('--near', '#28A197')", "looks otherwise: mk mk-near"),
    "a sign without its shape": ("document.styleSheets[0].insertRule('.mk-met::after{display:none}')", "looks otherwise: mk mk-met"),
    "a status missing": ("document.querySelector('.sc .mk-not').remove()", "looks otherwise: whole, Scorecard: mk-not"),
    "a state missing": ("document.querySelector('.state-error').remove()", "gone: whole, This could not be shown"),
    "a bar of another length": ("document.querySelectorAll('.meter i')[1].style.width = '40%'", "looks otherwise: meter, Meter, 50 of 100"),
    "a button like any other": (
        "document.querySelector('.style-page .btn.go').className = 'btn'",
        "looks otherwise: whole, Controls: accent",
    ),
    "a row not picked out": ("document.querySelector('.pt tr.sel').className = ''", "looks otherwise: whole, Table of many columns: limit"),
    "a month fewer": ("document.querySelectorAll('.bars-plot .bar')[7].remove()", "looks otherwise: chart, Bars by month"),
}


def text(component: Any) -> str:
    if isinstance(component, list | tuple):
        return " ".join(text(one) for one in component)
    return text(getattr(component, "children", "")) if isinstance(component, Component) else str(component or "")


def test_every_status_sign_and_state_is_on_it() -> None:
    shown = text(style_page.draw(None))  # type: ignore[arg-type]  # nothing on it comes from the data
    wanted = {*words.STATUS_WORDS.values(), *VARIATION.values(), *ASSURANCE.values()}
    wanted |= {"You do not have access to this", "This could not be shown", "Loading the figures", "Nothing to show.", "Nothing left out"}
    assert set(style_page.STATUSES) == set(get_args(words.Status))
    assert {one for one in wanted if one not in shown} == set()


def test_numbers_are_worded_in_one_place() -> None:
    """Only what is drawn (pictures, widths) is formatted elsewhere; what is read comes from layouts.words and kpi.wording.

    A bare `:g` is a number for a form field or a script, which take no thousands and no units.
    """
    drawn = {"bars.py", "marks.py", "signs.py", "neighbours.py"}
    stray = re.compile(r"\{[^{}\n]*:(?:,|[,+]?\.\d+f|,g|[,+]?\.\d+%)\}")
    lines = [
        (path.name, line) for path in sorted(Path(style_page.__file__).parent.glob("*.py")) for line in path.read_text("utf-8").splitlines()
    ]
    found = [f"{name}: {line.strip()}" for name, line in lines if name not in drawn and "style=" not in line and stray.search(line)]
    assert found == []


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = Store(f"sqlite:///{(tmp_path_factory.mktemp('held') / 'held.sqlite').as_posix()}")
    fill(store)
    with served(build_app(store, KEEPER, "Invented Council").server) as address:
        yield address
    store.close()


@pytest.mark.browser
def test_in_every_appearance_words_can_be_read_and_nothing_is_cut_off(page: Page, council: str, tmp_path: Path) -> None:
    page.goto(council + "/style")
    page.wait_for_selector(".graph .trace", state="attached")
    for appearance, (system, chosen, width, least) in APPEARANCES.items():
        page.emulate_media(color_scheme="dark" if system == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 768})
        page.locator("#appearance").select_option(chosen)
        page.wait_for_timeout(300)  # a chart is drawn anew for a new width a moment after it has it
        page.screenshot(path=tmp_path / f"{appearance}.png", full_page=True)
        assert too_faint(page, least) == [], appearance
        assert cut_off(page) == [], appearance
        assert over_the_edge(page) == [], appearance
        assert page.evaluate("document.documentElement.scrollWidth") <= width, appearance
    assert out_of_order(page) == []
    assert same_shape(page) == []
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVES) == []


@pytest.mark.browser
def test_every_part_looks_as_it_was_kept_and_what_is_spoilt_is_found(page: Page, council: str) -> None:
    """Also with the words in another font; then each thing in SPOILT is done to the page, and each is said."""
    page.goto(council + "/style")
    page.wait_for_selector(".graph .trace", state="attached")
    kept = kept_pictures()
    for appearance in PICTURED:
        assert differences(kept[appearance], pictures(page, appearance)) == [], appearance
    page.evaluate("document.documentElement.style.setProperty('--font', '\"DejaVu Sans\", serif')")
    assert differences(kept["light"], pictures(page, "light")) == []
    page.evaluate("document.documentElement.style.removeProperty('--font')")
    for spoil, _ in SPOILT.values():
        page.evaluate(spoil)
    said = differences(kept["light"], pictures(page, "light"))
    print([x for x in said if "Bars" in x])
    assert {what for what, (_, found) in SPOILT.items() if not any(one.startswith(found) for one in said)} == set()


def same_shape(page: Page) -> list[set[str]]:
    """Signs that are told apart by their colour alone: what is cut out of it is the same, whichever way they point."""
    shapes = page.evaluate(
        """() => [...new Set([...document.querySelectorAll("main .mk:not(.mk-large), main .sg")].map((e) => e.className))].map((name) => [
          name, ["", "::before", "::after"].map((part) => getComputedStyle(document.querySelector("[class='" + name + "']"), part || null)
            .maskImage).join("|")])"""
    )
    by_shape: dict[str, set[str]] = {}
    for name, shape in shapes:
        by_shape.setdefault(shape, set()).add(re.sub(r" (up|down)$", "", name))
    assert {name for names in by_shape.values() for name in names} == SIGNS
    return [names for names in by_shape.values() if len(names) > 1]
