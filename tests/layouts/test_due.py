"""The due page: what is overdue and due soon, for whom it is shown, and what it says it cannot know. All data is invented."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
from dash.development.base_component import Component
from openpyxl import load_workbook
from typer.testing import CliRunner

from app import cli
from data.store import Store
from data.viewer import Viewer
from kpi.duties import DUTIES
from kpi.figures import all_figures
from layouts import build_app, draw
from layouts.due import draw as due_page
from layouts.view import View
from tests.data.readings import HERE, reading

EVERYONE = Viewer.local("a.rahim", HERE)
NORTH = Viewer("b.okoro", HERE, teams=frozenset({"North"}))
MAY = {"cp_plan": ("2024-05-01", "2024-05-31"), "visit:cp": ("2024-05-01", "2024-05-31")}
PLANS = """
child_id  started_on  team_id worker_id
late      2024-05-02  North   W1
later     2024-05-01  South   W2
soon      2024-05-20  North   W1
fine      2024-05-30  North   W1
nobodys   2024-05-03  -       -
=1+1      2024-05-08  South   W2
"""
TEAMS = """
team_id started_on ended_on   service_id
North   -          2024-05-15 Help
North   2024-05-16 -          Care
South   -          -          Help
"""


@pytest.fixture
def empty(sqlite_url: str) -> Iterator[Store]:
    made = Store(sqlite_url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def council_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{(tmp_path_factory.mktemp('due') / 'council.sqlite').as_posix()}"


@pytest.fixture(scope="module")
def store(council_url: str) -> Iterator[Store]:
    """Six children on protection plans at the end of May 2024, none of them visited; the visits of May are loaded, core groups are not."""
    made = Store(council_url)
    visit = "child_id cohort_kind happened_on origin_kind nth child_seen\nelsewhere cp 2024-05-03 log 0 yes"
    made.load(HERE, reading("2024-05-31", {"cp_plan": PLANS, "visit": visit}, covers=MAY, file="may.xlsx"), by="a.rahim")
    made.load(HERE, reading("2024-05-31", {"team": TEAMS}, source="teams", file="teams.csv"), by="a.rahim")
    made.work_out(HERE, lambda tables: all_figures(tables, ["cp_visits_in_time"]))
    yield made
    made.close()


def view(store: Store, query: str = "", viewer: Viewer = EVERYONE) -> View:
    return View(store, viewer, "Invented Council", "/due", {"key": "", **dict(parse_qsl(query))})


def words_of(component: Any) -> str:
    """All the words a component shows, with a space between its parts."""
    if isinstance(component, list | tuple):
        return " ".join(words_of(one) for one in component)
    if isinstance(component, Component):
        return words_of(getattr(component, "children", None))
    return "" if component is None else str(component)


def every(component: Any, kind: str) -> list[Any]:
    """Every part of a component that is of a kind (A, Tr, Details), in order."""
    if isinstance(component, list | tuple):
        return [found for one in component for found in every(one, kind)]
    if not isinstance(component, Component):
        return []
    return [*([component] if type(component).__name__ == kind else []), *every(getattr(component, "children", None), kind)]


def table(page: Component, column: str) -> list[list[str]]:
    """The rows of the table that has this column, as shown."""
    for one in every(page, "Table"):
        head, *rows = every(one, "Tr")
        if column in [words_of(cell) for cell in every(head, "Th")]:
            return [[words_of(cell) for cell in row.children] for row in rows]
    return []


def children(store: Store, query: str = "", viewer: Viewer = EVERYONE) -> list[str]:
    return [row[0] for row in table(due_page(view(store, query, viewer)), "Child")]


def counts(store: Store, query: str = "", viewer: Viewer = EVERYONE) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in table(due_page(view(store, query, viewer)), "Left out")}


# The list ----------------------------------------------------------------------------------------------------------------------


def test_the_longest_overdue_is_first_then_what_is_due_soon_and_what_is_in_time_is_not_listed(store: Store) -> None:
    rows = table(due_page(view(store)), "Child")
    assert [row[0] for row in rows] == ["later", "late", "nobodys", "=1+1", "soon"]
    assert [row[2].strip() for row in rows] == ["15 days late", "14 days late", "11 days late", "9 days late", "4 days left"]
    assert rows[2][5:7] == ["Unallocated", "Unallocated"]
    assert counts(store) == {"Visit to a child on a protection plan": ["4", "1", "0"]}


def test_the_rule_is_one_tap_away_with_the_working_days(store: Store) -> None:
    rule = every(due_page(view(store)), "Details")[0]
    assert words_of(rule) == (
        "Visit to a child on a protection plan Due 10 working days after the child protection plan began. 10 working days late."
    )


def test_each_count_leads_to_its_list(store: Store) -> None:
    page = due_page(view(store, "team=North&day=2024-05-31"))
    link = next(a for a in every(page, "A") if "overdue" in str(getattr(a, "aria-label", "")))
    assert words_of(link) == "1"
    assert children(store, urlsplit(link.href).query) == ["late"]


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("team=North", ["late", "soon"]),
        ("team=unallocated", ["nobodys"]),
        ("team=South&worker=W2", ["later", "=1+1"]),
        ("worker=W1&show=overdue", ["late"]),
        ("show=soon", ["soon"]),
        ("show=left-out", []),
        ("duty=cp_visit&show=soon", ["soon"]),
        ("duty=cin_visit", []),
        ("duty=no_such_duty&show=soon", ["soon"]),
        ("service=Care", ["late", "soon"]),
        ("service=Help", ["later", "=1+1"]),
        ("service=Help&day=2024-05-15", ["later", "late", "=1+1"]),
        ("service=unallocated", ["nobodys"]),
    ],
)
def test_the_filters_keep_what_they_say(store: Store, query: str, listed: list[str]) -> None:
    """North was of the service Help until 15 May and is of Care since, so that on that day its children are Help's."""
    assert set(children(store, query)) == set(listed)


@pytest.mark.parametrize("written", ["17/05/2024", "2024-05-17"])
def test_a_day_of_its_own_as_people_or_machines_write_it(store: Store, written: str) -> None:
    assert children(store, f"day={written}&show=overdue") == ["later"]


@pytest.mark.parametrize("written", ["31/02/2024", "yesterday", "<b>"])
def test_what_is_not_a_day_is_said_and_the_month_end_shown(store: Store, written: str) -> None:
    page = due_page(view(store, f"day={written}"))
    assert f"“{written}” is not a day: write it as dd/mm/yyyy." in words_of(page)
    assert "31 May 2024" in words_of(page)


@pytest.mark.parametrize("day", ["31/12/9999", "01/01/0001", "29/02/1900"])
def test_any_day_that_can_be_written_gives_a_page(store: Store, day: str) -> None:
    assert "Due and overdue" in words_of(due_page(view(store, f"day={day}")))


def test_a_change_of_period_takes_the_day_asked_for_away(store: Store) -> None:
    picks = [every(label, "Select")[0] for label in every(due_page(view(store)), "Label") if every(label, "Select")]
    assert "day" in next(getattr(pick, "data-clears") for pick in picks if pick.name == "period")


# Who may see what --------------------------------------------------------------------------------------------------------------


def test_who_sees_one_team_sees_only_its_children_whatever_the_address_asks_for(store: Store) -> None:
    assert children(store, viewer=NORTH) == ["late", "soon"]
    assert counts(store, viewer=NORTH) == {"Visit to a child on a protection plan": ["1", "1", "0"]}
    for asked in ("team=South", "service=Help", "worker=W2", "team=unallocated", "show=overdue&team=South"):
        assert children(store, asked, NORTH) == [], asked
    assert children(store, viewer=Viewer("nobody", HERE)) == []
    assert "later" not in words_of(draw(store, NORTH, "Invented Council", "/due", "?team=South"))


def test_the_workbook_holds_what_the_page_lists_for_this_viewer_and_no_formula(store: Store) -> None:
    def book(viewer: Viewer, query: str = "") -> list[tuple[Any, ...]]:
        client = build_app(store, viewer, "Invented Council").server.test_client()
        answer = client.get(f"/export/due.xlsx?{query}", headers={"Host": "localhost"})
        assert answer.status_code == 200
        sheet = load_workbook(io.BytesIO(answer.data))["Due and overdue"]
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        return list(sheet.iter_rows(min_row=5, values_only=True))

    everything = book(EVERYONE)
    assert [row[2] for row in everything] == ["later", "late", "nobodys", "=1+1", "soon"]
    assert everything[0][:2] == ("Overdue", "Visit to a child on a protection plan")
    assert everything[0][7] == 15
    assert [row[2] for row in book(NORTH)] == ["late", "soon"]
    assert not {"later", "=1+1"} & {cell for row in book(NORTH, "team=South") for cell in row}


def test_what_the_store_tells_of_no_child_is_told_and_cases_are_refused(store: Store) -> None:
    assert store.told(NORTH, lambda tables: pd.DataFrame({"plans": [len(tables.cp_plan)]}))["plans"].tolist() == [6]
    for column in ("child_id", "worker_id", "case_id"):
        with pytest.raises(ValueError, match="ask Store"):
            store.told(EVERYONE, lambda tables, column=column: pd.DataFrame({column: ["1"], "team_id": ["North"]}))


# What the data cannot say ------------------------------------------------------------------------------------------------------


def test_nothing_loaded_says_what_to_do(empty: Store) -> None:
    page = words_of(due_page(view(empty)))
    assert "Nothing is loaded yet" in page
    assert "python app.py load PATH" in page


def test_nothing_owed_says_so(store: Store) -> None:
    page = words_of(due_page(view(store, "day=2024-05-01")))
    assert "Nothing to list" in page


def test_the_duties_that_need_what_is_not_loaded_say_which_extract_would_bring_it(store: Store) -> None:
    told = {row[0]: row[1] for row in table(due_page(view(store)), "What is known")}
    assert set(told) == {duty.title for duty in DUTIES} - {"Visit to a child on a protection plan"}
    assert told["Core group"] == "Not listed: Core groups would bring what it needs"


def test_a_day_the_data_does_not_reach_is_said_before_any_list(store: Store) -> None:
    page = words_of(due_page(view(store, "day=2024-06-30")))
    assert page.index("For 1 duty the data does not reach this day") < page.index("By duty")
    assert "Known up to 31 May 2024" in page
    assert "does not reach this day" not in words_of(due_page(view(store)))


def test_what_is_left_out_is_counted_and_says_why(empty: Store) -> None:
    covers = dict.fromkeys(("section47", "icpc", "cp_plan", "visit:cp"), ("2024-05-01", "2024-05-31"))
    rows = {"section47": "child_id happened_on nth\nunsaid 2024-05-01 0", "cp_plan": "child_id started_on\nA 2024-05-30"}
    empty.load(HERE, reading("2024-05-31", rows, covers=covers), by="a.rahim")
    empty.work_out(HERE, lambda tables: all_figures(tables, ["cp_visits_in_time"]))
    assert counts(empty)["Initial child protection conference"] == ["0", "0", "1"]
    row = table(due_page(view(empty, "show=left-out")), "Why it is left out")[0]
    assert (row[0], row[2]) == ("unsaid", "Whether a conference is needed is not recorded")


# The command -------------------------------------------------------------------------------------------------------------------


def test_the_command_lists_the_same_as_csv(store: Store, council_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_DATABASE_URL", council_url)
    monkeypatch.setenv("SIGHTLINE_AUTHORITY", HERE)
    result = CliRunner().invoke(cli, ["due", "--service", "Help", "--format", "csv"])
    assert result.exit_code == 0, result.output
    rows = pd.read_csv(io.StringIO(result.stdout), dtype="str")
    assert rows["child_id"].tolist() == ["later", "=1+1"]
    assert rows[["due_on", "days_late", "state"]].to_numpy().tolist() == [
        ["2024-05-16", "15", "overdue"], ["2024-05-22", "9", "overdue"],
    ]  # fmt: skip
    assert "Core group" in result.stderr
    on_a_day = CliRunner().invoke(cli, ["due", "--team", "North", "--day", "2024-05-15", "--format", "csv"])
    assert pd.read_csv(io.StringIO(on_a_day.stdout))["service_id"].unique().tolist() == ["Help"]
    assert CliRunner().invoke(cli, ["due", "--day", "15/05/2024"]).exit_code == 2
    assert "Nothing is overdue or due soon here." in CliRunner().invoke(cli, ["due", "--team", "East"]).stdout
