"""The pages of the domains, the bar that leads to every page, and what is due this week on the briefing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from dash.development.base_component import Component

from data.store import Store
from kpi import DOMAINS, REGISTER
from layouts import PAGES, domain, draw
from layouts.navigation import FOLDED, ORDER, navigation
from layouts.owed import duties_of
from layouts.page import Page
from tests.layouts.held import BRIDGE, KEEPER, fill, view
from tests.layouts.test_due import every, words_of

BELOW = (
    "/domain/protection", "/domain/star_signs", "/team/Bridge", "/team/Nowhere", "/kpi/cp_visits_in_time", "/kpi/cp_visits_in_time/by/age",
    "/cases/cp_visits_in_time", "/data/problems", "/data/completeness", "/data/recording", "/data/conflicts", "/data/restated",
    "/data/loads", "/method/due-dates",
)  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(f"sqlite:///{(tmp_path_factory.mktemp('held') / 'held.sqlite').as_posix()}")
    fill(made)
    yield made
    made.close()


def links(page: Component) -> dict[str, str]:
    return {words_of(a): a.href for a in every(page, "A")}


def named(page: Component, label: str) -> list[Component]:
    return [nav for nav in every(page, "Nav") if getattr(nav, "aria-label", "") == label]


# Domains -----------------------------------------------------------------------------------------------------------------------


def test_every_domain_is_listed_with_how_its_measures_stand(store: Store) -> None:
    page = domain.draw_all(view(store, "/domains", team="Harbour"))
    assert [href for href in links(page).values() if href.startswith("/domain/")] == [f"/domain/{d.key}?team=Harbour" for d in DOMAINS]
    counts = [int(words_of(every(row, "Td")[0])) for row in every(page, "Tr")[1:]]
    assert sum(counts) == len(REGISTER)
    assert words_of(page).startswith("Domains, Harbour, May 2026")


def test_a_domain_has_its_own_measures_only_and_the_way_to_the_ones_beside_it(store: Store) -> None:
    page = domain.draw(view(store, "/domain/protection", key="protection", service="South"))
    score = next(one for one in every(page, "Table") if one.className == "sc")
    own = [kpi.key for kpi in REGISTER.values() if kpi.domain == "protection"]
    assert [a.href for a in every(score, "A")] == [f"/kpi/{key}?service=South" for key in own]
    way = links(page)
    assert way["Before: Assessment"] == "/domain/assessment?service=South"
    assert way["Next: Children in need"] == "/domain/in_need?service=South"
    assert way["By team"] == "/teams?service=South&domain=protection"
    assert "/kpi/cp_visits_in_time/by/age?service=South" in [a.href for a in every(page, "A")]
    assert "Next:" not in words_of(domain.draw(view(store, "/domain/quality", key=DOMAINS[-1].key)))


def test_what_stands_out_in_a_domain_is_told_of_its_measures_only(store: Store) -> None:
    everything = words_of(domain.draw(view(store, "/domain/in_need", key="in_need")))
    assert REGISTER["cp_visits_in_time"].title not in everything


def test_an_unknown_domain_names_those_there_are(store: Store) -> None:
    page = domain.draw(view(store, "/domain/star_signs", key="star_signs"))
    assert "There is no domain called star_signs" in words_of(page)
    assert "Care leavers" in links(page)


# The way about -----------------------------------------------------------------------------------------------------------------


def test_the_bar_keeps_the_filters_and_marks_the_page_shown(store: Store) -> None:
    page = draw(store, KEEPER, "Invented Council", "/domain/protection", "?period=2026-04&team=Harbour")
    (bar,) = named(page, "Main")
    assert all(a.href.endswith("?period=2026-04&team=Harbour") for a in every(bar, "A"))
    assert [words_of(a) for a in every(bar, "A") if getattr(a, "aria-current", "")] == ["Domains"]
    (row,) = named(draw(store, KEEPER, "Invented Council", "/method/due-dates", ""), "In this part")
    assert [(words_of(a), getattr(a, "aria-current", "")) for a in every(row, "A")] == [
        ("Measures", ""),
        ("Targets", ""),
        ("Method", "page"),
    ]
    assert named(draw(store, KEEPER, "Invented Council", "/", ""), "In this part") == []


def test_no_named_page_is_lost_and_the_bar_fits() -> None:
    """Ten short names and the flag beside them are as much as a laptop holds."""
    bar = navigation(PAGES, None, {}).bar
    assert {page.path for page in PAGES if page.name} == {href for _, href in bar} | set(FOLDED)
    assert len(bar) <= 10
    new = Page("/new", domain.draw, "New")
    assert navigation((new, *PAGES), None, {}).bar[-1] == ("New", "/new")
    assert [href for _, href in bar if href in ORDER] == [href for href in ORDER if href in {page.path for page in PAGES}]


@pytest.mark.parametrize("path", BELOW)
def test_every_page_below_the_first_level_has_its_way_back(store: Store, path: str) -> None:
    (trail,) = named(draw(store, KEEPER, "Invented Council", path, "?period=2026-05"), "Breadcrumb")
    assert every(trail, "A")
    assert getattr(every(trail, "Li")[-1], "aria-current") == "page"


# Due this week -----------------------------------------------------------------------------------------------------------------


def test_the_briefing_says_what_is_due_this_week_as_far_as_the_viewer_sees_it(store: Store) -> None:
    whole, one = (words_of(draw(store, viewer, "Invented Council", "/", "")) for viewer in (KEEPER, BRIDGE))
    for viewer, page in ((KEEPER, whole), (BRIDGE, one)):
        rows = duties_of(view(store, viewer=viewer))
        assert f"Overdue already {(rows['state'] == 'overdue').sum()}" in page
    assert len(duties_of(view(store, viewer=BRIDGE))) < len(duties_of(view(store)))
    assert "Due this week" not in words_of(draw(store, KEEPER, "Invented Council", "/", "?period=2026-04"))
