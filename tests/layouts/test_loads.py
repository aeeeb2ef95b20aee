"""The Data pages: what they say of sources, problems, completeness, recording, conflicts, restatements and loads. All data is invented."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
from dash.development.base_component import Component
from openpyxl import load_workbook

from data.reading import Problem, Reading
from data.store import Store
from data.tables import Tables
from data.viewer import Viewer
from kpi.figures import all_figures
from layouts import PAGES, draw
from layouts.bars import Part, bars
from layouts.completeness import fields, share
from layouts.freshness import SOURCE_TITLES, expected_month, stand_of_sources
from layouts.problems_book import problems_book
from layouts.view import View
from loaders import SOURCES
from tests.data.readings import HERE, plans, reading

EVERYONE = Viewer.local("a.rahim", HERE)
NORTH = Viewer("b.okoro", HERE, teams=frozenset({"North"}))


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    made = Store(sqlite_url)
    yield made
    made.close()


def words_of(component: Any) -> str:
    """All the words a component shows, with a space between its parts."""
    if isinstance(component, list | tuple):
        return " ".join(words_of(one) for one in component)
    if isinstance(component, Component):
        return words_of(getattr(component, "children", None))
    return "" if component is None else str(component)


def every(component: Any, kind: str) -> list[Component]:
    """Every part of a component that is of a kind (A, Tr, Button), in order."""
    if isinstance(component, list | tuple):
        return [found for one in component for found in every(one, kind)]
    if not isinstance(component, Component):
        return []
    return [*([component] if type(component).__name__ == kind else []), *every(getattr(component, "children", None), kind)]


def view(store: Store, address: str = "/data", viewer: Viewer = EVERYONE, **more: Any) -> View:
    parts = urlsplit(address)
    return View(store, viewer, "Invented Council", parts.path, dict(parse_qsl(parts.query)), **more)


def page(store: Store, address: str, viewer: Viewer = EVERYONE, *, loading: bool = False) -> Component:
    parts = urlsplit(address)
    return draw(store, viewer, "Invented Council", parts.path, parts.query, loading=loading)


def rows_of(component: Any) -> list[str]:
    return [words_of(row) for row in every(component, "Tr")]


def visits(as_at: str, text: str, **more: Any) -> Reading:
    """team visit-day recorded-day, one a line; each of another child."""
    lines = [f"{n} {' '.join(line.split())} cp log 0" for n, line in enumerate(text.strip().splitlines())]
    said = "child_id team_id happened_on recorded_on cohort_kind origin_kind nth\n" + "\n".join(lines)
    return reading(as_at, {"visit": said}, source="visits", file=f"visits_{as_at[:7]}.csv", **more)


def work_out(store: Store) -> None:
    store.work_out(HERE, all_figures)


# ---- sources
def test_every_source_there_is_has_a_title_people_know() -> None:
    assert {source.name for source in SOURCES} <= set(SOURCE_TITLES)
    assert all(title[0].isupper() and "_" not in title for title in SOURCE_TITLES.values())


def test_a_months_extracts_are_expected_five_working_days_after_it() -> None:
    # June 2026 begins on a Monday: the fifth working day is Friday 5 June
    assert expected_month(pd.Timestamp("2026-06-05")) == pd.Timestamp("2026-04-30")
    assert expected_month(pd.Timestamp("2026-06-06")) == pd.Timestamp("2026-05-31")
    # 1 January and the weekends count for nothing: 2, 5, 6, 7 and 8 January 2026
    assert expected_month(pd.Timestamp("2026-01-08")) == pd.Timestamp("2025-11-30")
    assert expected_month(pd.Timestamp("2026-01-09")) == pd.Timestamp("2025-12-31")


def test_a_source_is_behind_another_and_behind_today(store: Store) -> None:
    store.load(HERE, plans("2026-04-30", "North"), by="x")
    store.load(HERE, visits("2026-05-31", "North 2026-05-04 2026-05-05"), by="x")
    assert {s.source: s.months_late for s in stand_of_sources(view(store))} == {"annex_a": 1, "visits": 0}
    later = view(store, today=pd.Timestamp("2026-08-20"))
    assert {s.source: s.months_late for s in stand_of_sources(later)} == {"annex_a": 3, "visits": 2}


def test_invented_data_has_no_today(store: Store) -> None:
    store.load(HERE, plans("2026-04-30", "North", invented=True), by="x")
    assert stand_of_sources(view(store, today=pd.Timestamp("2036-01-01")))[0].months_late == 0


def test_a_yearly_return_and_a_list_that_holds_are_not_behind_a_newer_month(store: Store) -> None:
    store.load(HERE, visits("2026-05-31", "North 2026-05-04 2026-05-05"), by="x")
    store.load(HERE, plans("2025-03-31", "North", source="cin_census"), by="x")
    store.load(HERE, reading("2020-01-01", {"team": "team_id service_id\nNorth Help"}, source="teams"), by="x")
    assert {s.source: s.months_late for s in stand_of_sources(view(store))} == {"visits": 0, "cin_census": 0, "teams": 0}
    store.load(HERE, visits("2026-09-30", "North 2026-09-04 2026-09-05"), by="x")
    assert next(s for s in stand_of_sources(view(store)) if s.source == "cin_census").months_late == 2


def test_months_no_file_speaks_for_are_named(store: Store) -> None:
    for month in ("2026-02-28", "2026-05-31"):
        store.load(HERE, plans(month, "North", covers={"cp_plan": (f"{month[:8]}01", month)}, invented=True), by="x")
    stand = stand_of_sources(view(store))[0]
    assert stand.strip[-4:] == ("whole", "none", "none", "whole")
    assert [f"{m:%Y-%m}" for m in stand.missing] == ["2026-03", "2026-04"]
    assert "No Mar 2026, Apr 2026" in words_of(page(store, "/data"))


def test_a_month_only_some_lists_speak_for_is_in_part(store: Store) -> None:
    whole = {"cp_plan": ("2026-04-01", "2026-04-30"), "child": ("2026-04-01", "2026-04-30")}
    store.load(HERE, plans("2026-04-30", "North", covers=whole), by="x")
    store.load(HERE, plans("2026-05-31", "North", covers={"cp_plan": ("2026-05-01", "2026-05-31")}), by="x")
    assert stand_of_sources(view(store))[0].strip[-2:] == ("whole", "part")


# ---- every page
def test_each_data_page_speaks_before_anything_is_loaded(store: Store) -> None:
    for place in (p for p in PAGES if p.path.startswith("/data") and "<" not in p.path):
        said = words_of(page(store, place.path))
        assert "Nothing has been loaded yet" in said, place.path
        assert "could not be shown" not in said, place.path


def test_the_data_pages_belong_to_data_in_the_navigation(store: Store) -> None:
    here = [a.children for a in every(page(store, "/data/problems"), "A") if getattr(a, "aria-current", "") == "page"]
    assert here == ["Data", "Problems"]


# ---- problems
def bad() -> tuple[Problem, ...]:
    return (
        Problem("a row that repeats another", "set_aside", "List 7", 9),
        Problem("=HYPERLINK(1) is not a code", "warning", "List 7", 11, "Category", "=cmd|' /C calc'!A0"),
        Problem("a note", "note"),
    )


def test_problems_are_listed_with_their_place_and_filtered_by_the_address(store: Store) -> None:
    store.load(HERE, plans("2026-05-31", "North", problems=bad()), by="x")
    store.load(HERE, visits("2026-05-31", "North 2026-05-04 2026-05-05", problems=bad()[:1]), by="x")
    assert "4 problems" in words_of(page(store, "/data/problems"))
    only = page(store, "/data/problems?source=annex_a&severity=warning")
    listed = [row for row in rows_of(only) if "is not a code" in row]
    assert len(listed) == 1
    assert "List 7, row 11" in listed[0]
    assert "column Category" in listed[0]
    assert "1 problem" in words_of(page(store, "/data/problems?q=hyperlink"))
    assert "No problem is like this" in words_of(page(store, "/data/problems?q=nothing-like-it"))


def test_many_problems_come_in_pages_that_keep_the_filter(store: Store) -> None:
    many = tuple(Problem(f"problem {n}", "warning", row=n) for n in range(60))
    store.load(HERE, plans("2026-05-31", "North", problems=many), by="x")
    second = page(store, "/data/problems?severity=warning&page=2")
    steps = [a.href for a in every(second, "A") if words_of(a) in ("Previous", "Next")]
    assert steps == ["/data/problems?severity=warning&page=1", "/data/problems?severity=warning&page=3"]
    assert sum("problem " in row for row in rows_of(second)) == 25
    for odd in ("0", "-1", "999999999999", "x", "²"):
        assert "could not be shown" not in words_of(page(store, f"/data/problems?page={odd}"))


def test_counts_over_time_have_a_table_with_every_month(store: Store) -> None:
    store.load(HERE, plans("2026-03-31", "North", problems=bad()), by="x")
    store.load(HERE, plans("2026-05-31", "North", problems=bad()[:2]), by="x")
    rows = [row.split() for row in rows_of(page(store, "/data/problems")) if row.startswith(("Mar", "Apr", "May"))]
    assert rows == [["May", "2026", "1", "1", "0"], ["Apr", "2026", "0", "0", "0"], ["Mar", "2026", "1", "1", "1"]]


def test_the_workbook_holds_the_problems_as_filtered_and_runs_no_formula(store: Store) -> None:
    store.load(HERE, plans("2026-05-31", "North", problems=bad()), by="x")
    sheet = load_workbook(io.BytesIO(problems_book(view(store, "/data/problems?severity=warning"))))["Problems"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.data_type for cell in cells if str(cell.value).startswith("=cmd")] == ["s"]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if "a row that repeats" in str(cell.value)]
    assert "1 problem, to check." in words_of([str(cell.value) for cell in cells])


# ---- completeness
def test_a_field_with_gaps_is_listed_worst_first_and_what_need_not_apply_apart(store: Store) -> None:
    said = """
        child_id started_on  team_id category_kind worker_id
        1        2026-01-05  North   -             W1
        2        2026-01-05  North   neglect       -
        3        2026-01-05  South   -             W1
    """
    store.load(HERE, reading("2026-05-31", {"cp_plan": said}), by="x")
    kinds = fields(store, EVERYONE, store.version(HERE)).drop_duplicates(["table", "field"]).set_index("field")["kind"]
    assert (kinds["category_kind"], kinds["ended_on"], kinds["emergency_powers"]) == ("wanted", "optional", "absent")
    drawn = page(store, "/data/completeness")
    listed = [row for row in rows_of(drawn) if "Child protection plans" in row and " of 3" in row]
    assert [row.split()[0] for row in listed] == ["Category", "Worker"]
    assert "1 of 3" in listed[0]
    of_team = [row for row in rows_of(page(store, "/data/completeness?table=cp_plan&field=category_kind")) if " of " in row]
    assert [row.split()[0] for row in of_team] == ["South", "North"]


def test_a_share_is_whole_only_where_nothing_is_missing() -> None:
    assert share(10_695, 10_699).startswith("99.9")
    assert share(10_699, 10_699).startswith("100.0")
    assert share(0, 0) == "–"


def test_a_viewer_of_one_team_sees_only_its_completeness_and_recording(store: Store) -> None:
    store.load(HERE, visits("2026-05-31", "North 2026-05-04 2026-05-05\nSouth 2026-05-04 2026-05-14", covers=MAY), by="x")
    store.load(HERE, plans("2026-05-31", "North", covers={"cp_plan": ("2026-05-01", "2026-05-31")}), by="x")
    work_out(store)
    assert set(fields(store, NORTH, store.version(HERE))["team_id"]) == {"North"}
    recording = words_of(page(store, "/data/recording?period=2026-05", NORTH))
    assert "North" in recording
    assert "South" not in recording
    assert "South" not in words_of(page(store, "/data/completeness", NORTH))


# ---- late recording
MAY = {"visit": ("2026-05-01", "2026-05-31")}


def test_late_recording_is_told_by_team_the_slowest_first(store: Store) -> None:
    said = """
        North 2026-05-04 2026-05-05
        North 2026-05-04 2026-05-04
        South 2026-05-04 2026-05-14
        South 2026-05-04 2026-05-01
        South 2026-05-06 -
    """
    store.load(HERE, visits("2026-05-31", said, covers=MAY), by="x")
    work_out(store)
    drawn = page(store, "/data/recording?period=2026-05")
    teams = [row.split() for row in rows_of(drawn) if row.startswith(("North", "South"))]
    assert [team[0] for team in teams] == ["South", "North"]
    assert teams[0][:3] == ["South", "10", "days"]
    assert teams[0][-5:] == ["1", "of", "1", "1", "1"]
    assert "says nothing of whether the visit was in time" in words_of(drawn)


def test_where_no_visit_has_a_recorded_day_the_page_says_what_would_bring_it(store: Store) -> None:
    store.load(HERE, visits("2026-05-31", "North 2026-05-04 -", covers=MAY), by="x")
    work_out(store)
    assert "has a recorded day" in words_of(page(store, "/data/recording?period=2026-05"))


# ---- conflicts and restated figures
def test_a_conflict_shows_both_values_with_their_files(store: Store) -> None:
    head = "child_id started_on team_id category_kind\n1 2026-01-05 North "
    store.load(HERE, reading("2026-05-31", {"cp_plan": head + "neglect"}, file="annex.xlsx"), by="x")
    store.load(HERE, reading("2026-03-31", {"cp_plan": head + "sexual"}, source="cin_census", file="cin.xml"), by="x")
    listed = [row for row in rows_of(page(store, "/data/conflicts")) if "Category" in row]
    assert len(listed) == 1
    assert listed[0].index("neglect") < listed[0].index("annex.xlsx") < listed[0].index("sexual") < listed[0].index("cin.xml")
    other = Viewer("c.lee", HERE, teams=frozenset({"South"}))
    assert "No two sources disagree" in words_of(page(store, "/data/conflicts", other))


def caseload(cases: float) -> Any:
    """One published-like figure of a measure there is, in the form figures are kept."""

    def figures(_: Tables) -> pd.DataFrame:
        row = {
            "kpi": "cp_visits_in_time", "period": pd.Timestamp("2026-04-30"), "level": "authority", "unit_id": "", "numerator": cases,
            "denominator": 10.0, "left_out": {}, "apart": {}, "note": "",
        }  # fmt: skip
        return pd.DataFrame([row])

    return figures


def test_a_restated_figure_shows_what_was_published_and_what_is_now(store: Store) -> None:
    store.load(HERE, plans("2026-04-30", "North"), by="x")
    store.work_out(HERE, caseload(7.0))
    assert "Nothing has been published yet" in words_of(page(store, "/data/restated"))
    store.publish(HERE, pd.Timestamp("2026-04-30"), by="a.rahim")
    assert "Every published figure still stands" in words_of(page(store, "/data/restated"))
    since = store.load(HERE, plans("2026-04-30", "North", "South"), by="x").batch_id
    store.work_out(HERE, caseload(8.0))
    listed = [row for row in rows_of(page(store, "/data/restated")) if "Apr 2026" in row]
    assert len(listed) == 1
    assert listed[0].index("7 of 10") < listed[0].index("8 of 10")
    assert f"Load {since}" in listed[0]


# ---- loads
def test_loads_are_listed_with_their_outcome_and_withdrawn_only_by_those_who_may(store: Store) -> None:
    first = store.load(HERE, plans("2026-04-30", "North"), by="a.rahim").batch_id
    store.load(HERE, plans("2026-05-31", "North"), by="a.rahim")
    store.withdraw(HERE, first, by="b.okoro")
    listed = words_of(page(store, "/data/loads"))
    assert "by b.okoro" in listed
    assert "loads withdraw NUMBER" in listed
    links = [a.href for a in every(page(store, "/data/loads", loading=True), "A") if words_of(a) == "Withdraw"]
    assert links == [f"/data/withdraw/{first + 1}"]
    assert "1" in words_of(page(store, "/data/loads?state=withdrawn")).split("Loads:")[1][:4]


def test_withdrawing_is_asked_for_on_a_page_of_its_own(store: Store) -> None:
    number = store.load(HERE, plans("2026-05-31", "North"), by="a.rahim").batch_id
    asked = page(store, f"/data/withdraw/{number}", loading=True)
    assert [getattr(b, "data-withdraw", None) for b in every(asked, "Button")] == [str(number)]
    assert not every(page(store, f"/data/withdraw/{number}"), "Button")
    assert "There is no load 999" in words_of(page(store, "/data/withdraw/999", loading=True))
    assert "There is no load <b>" in words_of(page(store, "/data/withdraw/<b>", loading=True))


def test_a_file_can_be_loaded_only_where_that_is_offered(store: Store) -> None:
    assert "Up to 64 MB" in words_of(page(store, "/data", loading=True))
    assert "Up to 64 MB" not in words_of(page(store, "/data"))


# ---- bars
def test_bars_are_as_tall_as_their_numbers_and_the_table_says_the_same() -> None:
    drawn = bars("Two months", ["Apr", "May"], [Part("Bad", "not", [3, 0]), Part("Odd", "near", [1, 2])])
    heights = [i.style["height"] for i in every(drawn, "I") if getattr(i, "style", None)]
    assert heights == ["25.00%", "75.00%", "50.00%"]
    assert [row.split() for row in rows_of(drawn)] == [["Month", "Bad", "Odd"], ["May", "0", "2"], ["Apr", "3", "1"]]
