"""The search in the header: what can be found and by whom, and in a real Chromium by keyboard alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from data.store import Store
from data.viewer import Viewer
from kpi import DOMAINS, REGISTER
from layouts import PAGES, build_app, draw
from layouts.search import ALSO_CALLED, Found, index
from tests.layouts.held import BRIDGE, KEEPER, fill, view
from tests.servers import served


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(f"sqlite:///{(tmp_path_factory.mktemp('held') / 'held.sqlite').as_posix()}")
    fill(made)
    yield made
    made.close()


def found(store: Store, viewer: Viewer = KEEPER) -> list[Found]:
    return index(view(store, viewer=viewer), PAGES)


def titles(entries: list[Found], kind: str) -> list[str]:
    return [entry["title"] for entry in entries if entry["kind"] == kind]


def test_everything_there_is_can_be_found_and_every_address_is_a_page(store: Store) -> None:
    entries = found(store)
    assert sorted(titles(entries, "Measures")) == sorted(kpi.title for kpi in REGISTER.values())
    assert titles(entries, "Domains") == [domain.title for domain in DOMAINS]
    assert titles(entries, "Teams") == ["Bridge", "Harbour", "Mill"]
    assert titles(entries, "Services") == ["North", "South"]
    assert {page.name for page in PAGES if page.name} <= set(titles(entries, "Pages"))
    lost = [entry["at"] for entry in entries if not any(page.match(entry["at"].partition("?")[0]) for page in PAGES)]
    assert lost == []


def test_only_units_the_viewer_sees_are_in_the_index_and_never_a_child_or_a_worker(store: Store) -> None:
    client = build_app(store, BRIDGE, "Invented Council").server.test_client()
    answer = client.get("/search.json", headers={"Host": "localhost"})
    entries: list[Found] = json.loads(answer.data)
    assert (titles(entries, "Teams"), titles(entries, "Services")) == (["Bridge"], ["North"])
    assert not re.search(r"harbour|mill\b|\bw[0-3]\b", answer.text.lower())
    assert {entry["kind"] for entry in entries} == {"Measures", "Teams", "Services", "Domains", "Pages"}


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("icpc", "icpc_in_15_days"), ("s47", "section47_started"), ("lac", "cla_visits_in_time"), ("cin", "cin_visits_in_time"),
        ("neet", "care_leavers_in_education_or_work"), ("nfa", "referrals_no_further_action"), ("iro", "iro_contact"),
        ("locum", "agency_workers"), ("cpp", "cp_visits_in_time"), ("plo", "pre_proceedings_open"), ("rhi", "return_interviews"),
        ("ehe", "electively_home_educated"), ("cp_visits_in_time", "cp_visits_in_time"),
    ],
)  # fmt: skip
def test_a_measure_answers_to_what_people_call_it(store: Store, typed: str, key: str) -> None:
    entry = next(entry for entry in found(store) if entry["at"] == f"/kpi/{key}")
    assert typed in entry["words"].split()


def test_no_name_people_use_leads_nowhere(store: Store) -> None:
    everything = [entry["words"] + " " for entry in found(store) if entry["kind"] == "Measures"]
    assert [phrase for _, phrase in ALSO_CALLED if not any(phrase in words for words in everything)] == []


@pytest.fixture(scope="module")
def council(store: Store) -> Iterator[str]:
    draw(store, KEEPER, "Invented Council", "/", "")  # the first page works out what every other one then finds ready
    with served(build_app(store, KEEPER, "Invented Council").server) as address:
        yield address


@pytest.mark.browser
def test_a_team_and_a_measure_are_reached_by_keyboard_alone_and_the_filters_go_along(page: Page, council: str) -> None:
    page.goto(council + "/?period=2026-04&service=South")
    field, options = page.get_by_role("combobox", name="Search"), page.locator("#find-list [role=option]")
    expect(field).to_be_visible()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("seen in time")
    expect(options.first).to_have_text(re.compile("Seen in time after contact"))
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#find-list")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("seen in time")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    page.keyboard.type("harb")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour")
    assert page.url == f"{council}/team/Harbour?period=2026-04"
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Briefing")
    page.keyboard.press("Control+k")
    page.keyboard.type("cp visits by their")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(REGISTER["cp_visits_due_made"].title)
    assert page.url == f"{council}/kpi/cp_visits_due_made?period=2026-04&service=South"


@pytest.mark.browser
def test_on_a_phone_no_match_is_said_and_the_children_are_three_taps_from_the_briefing(page: Page, council: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(council + "/")
    field = page.get_by_role("combobox", name="Search")
    field.fill("zebra")
    expect(page.get_by_text("Nothing is called “zebra”").first).to_be_visible()
    expect(page.locator("#find-list [role=option]")).to_have_text(["Search every definition for “zebra”"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Axe().run(page).violations_count == 0
    field.press("Escape")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Teams").click()
    page.get_by_role("rowheader").get_by_role("link", name="Harbour", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour")
    page.get_by_role("link", name=re.compile(r"^List all \d+$")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Due and overdue, Harbour")
    expect(page.get_by_role("rowheader", name="7", exact=True)).to_be_visible()
