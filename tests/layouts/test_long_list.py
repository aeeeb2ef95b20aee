"""A list of thousands: every row is reached, in order and once, by whoever may see it and nobody else. All data is invented."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from data.store import Store
from data.tables import BY_NAME
from data.viewer import Viewer
from kpi.figures import all_figures
from layouts import build_app
from layouts.long_list import A_PART
from tests.data.readings import HERE, reading
from tests.servers import served

MANY = 5_000
EVERYONE = Viewer.local("a.rahim", HERE)
NORTH = Viewer("b.okoro", HERE, teams=frozenset({"North"}))
MAY = {"cp_plan": ("2024-05-01", "2024-05-31"), "visit:cp": ("2024-05-01", "2024-05-31")}
LISTS = ("/rows/due?show=overdue", "/rows/cases/cp_visits_in_time?show=missed")
NOT_AGAIN = {"exclude": [["tbody tr:nth-child(n+6)"]]}


def name(n: int) -> str:
    return f"C{n:04}"


def plans(first: int, last: int) -> Any:
    """Children on plans none of whom was ever seen, the longest ago first; every tenth of the team North."""
    rows = pd.DataFrame({"child_id": [name(n) for n in range(first, last)]})
    began = pd.Timestamp("2022-01-03") + pd.to_timedelta([n // 10 for n in range(first, last)], unit="D")
    teams = ["North" if n % 10 == 0 else "South" for n in range(first, last)]
    return BY_NAME["cp_plan"].conform(rows.assign(started_on=began.astype("datetime64[s]"), team_id=teams, worker_id="W1"))


def load(store: Store, first: int, last: int) -> None:
    store.load(HERE, reading("2024-05-31", {"cp_plan": plans(first, last)}, covers=MAY, file=f"plans_{first}.xlsx"), by="a.rahim")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(f"sqlite:///{(tmp_path_factory.mktemp('long') / 'council.sqlite').as_posix()}")
    load(made, 0, MANY)
    made.work_out(HERE, lambda tables: all_figures(tables, ["cp_visits_in_time"]))
    yield made
    made.close()


def asked(store: Store, address: str, viewer: Viewer = EVERYONE) -> dict[str, Any]:
    answer = build_app(store, viewer, "Invented Council").server.test_client().get(address, headers={"Host": "localhost"})
    assert answer.status_code == 200, address
    told: dict[str, Any] = answer.json
    return told


def children(told: dict[str, Any]) -> list[str]:
    return re.findall(r">(C\d{4})</th>", told["rows"])


@pytest.mark.parametrize("address", LISTS)
def test_the_parts_are_the_whole_list_in_order_and_a_part_past_its_end_is_empty(store: Store, address: str) -> None:
    parts = [asked(store, f"{address}&part={n}") for n in (0, 1, MANY // A_PART - 1)]
    assert {part["count"] for part in parts} == {MANY}
    listed = [child for part in parts for child in children(part)]
    assert listed == [name(n) for n in (*range(2 * A_PART), *range(MANY - A_PART, MANY))]
    assert f'aria-rowindex="{MANY + 1}"' in parts[-1]["rows"]  # the heads are the first row
    for beyond in (MANY // A_PART, "-1", "x", "9" * 30):
        assert asked(store, f"{address}&part={beyond}")["rows"] == "", beyond


@pytest.mark.parametrize("address", LISTS)
def test_who_sees_one_team_is_given_its_rows_alone_whatever_is_asked_for(store: Store, address: str) -> None:
    tenth = [name(n) for n in range(0, MANY, 10)]
    assert children(asked(store, f"{address}&part=0", NORTH)) == tenth[:A_PART]
    assert asked(store, f"{address}&part=0", NORTH)["count"] == len(tenth)
    for more in ("&team=South", "&find=South", "&find=C0001", "&worker=W1&team=South"):
        assert asked(store, f"{address}&part=0{more}", NORTH) == {**asked(store, f"{address}&part=999", NORTH), "count": 0}, more
    assert asked(store, f"{address}&part=0", Viewer("nobody", HERE))["count"] == 0


def test_a_list_is_searched_and_put_in_another_order_as_text_and_nothing_else(store: Store) -> None:
    found = asked(store, f"{LISTS[0]}&part=0&find=c012")
    assert children(found) == [name(n) for n in range(120, 130)]
    assert asked(store, f"{LISTS[0]}&part=0&find=.*")["count"] == 0
    assert children(asked(store, f"{LISTS[0]}&part=0&order=team"))[:2] == ["C0000", "C0010"]
    assert children(asked(store, f"{LISTS[0]}&part=0&order=nothing"))[:2] == ["C0000", "C0001"]


@pytest.mark.parametrize(("viewer", "rows"), [(EVERYONE, MANY), (NORTH, MANY // 10), (Viewer("nobody", HERE), 0)])
def test_the_workbook_of_a_list_holds_the_rows_its_reader_may_see_as_they_are_listed(store: Store, viewer: Viewer, rows: int) -> None:
    client = build_app(store, viewer, "Invented Council").server.test_client()
    answer = client.get("/export/cases.xlsx?key=cp_visits_in_time&period=2024-05", headers={"Host": "localhost"})
    sheet = load_workbook(io.BytesIO(answer.data))["Cases"]
    listed = [row for row in sheet.iter_rows(min_row=5, values_only=True) if str(row[0]).startswith("C")]
    assert len(listed) == rows
    if rows:
        first = listed[0]
        assert (first[0], first[2], first[-2], first[-1].startswith("Not seen")) == ("C0000", "North", "Not seen in time", True)
        assert [cell.value for cell in sheet[4]] == ["Child", "Worker", "Team", "Due", "Days late", "Outcome", "Why"]
    for nothing in ("key=nothing", "key=legal_spend", ""):
        assert client.get(f"/export/cases.xlsx?{nothing}", headers={"Host": "localhost"}).status_code == 404


def test_a_page_without_a_long_list_has_no_rows_to_give(store: Store) -> None:
    client = build_app(store, EVERYONE, "Invented Council").server.test_client()
    for address in ("/rows/data", "/rows/cases/nothing", "/rows/cases/legal_spend", "/rows/kpi/cp_visits_in_time"):
        assert client.get(address, headers={"Host": "localhost"}).status_code == 404, address


# Each of these parts is scrolled to as a reader would see it; how it stands in the window and what it holds once it is filled.
READ = """async (parts) => {
  const bodies = [...document.querySelectorAll("table[data-rows] tbody")], read = [];
  for (const part of parts) {
    bodies[part].scrollIntoView();
    while (bodies[part].dataset.away) await new Promise((done) => setTimeout(done, 20));
    read.push([...bodies[part].rows].map((row) => row.getAttribute("aria-rowindex") + " " + row.cells[0].textContent));
  }
  return read;
}"""


@pytest.mark.browser
def test_five_thousand_rows_are_reached_and_a_list_is_not_continued_from_other_data(page: Page, store: Store) -> None:
    with served(build_app(store, EVERYONE, "Invented Council").server) as address:
        page.goto(f"{address}/cases/cp_visits_in_time")
        table = page.locator("table[data-rows]")
        expect(table).to_have_attribute("aria-rowcount", str(MANY + 1))
        expect(table).to_have_attribute("data-begun", "yes")
        page.wait_for_load_state("networkidle")
        page.keyboard.press("End")
        last = table.locator(f'tr[aria-rowindex="{MANY + 1}"]')
        expect(last).to_contain_text(name(MANY - 1))
        expect(last).to_be_in_viewport()
        expect(page.locator("footer")).to_be_in_viewport()
        parts = [*range(0, MANY // A_PART, 11), MANY // A_PART - 2]
        for part, rows in zip(parts, page.evaluate(READ, parts), strict=True):
            start = part * A_PART
            assert rows == [f"{n + 2} {name(n)}" for n in range(start, start + A_PART)]
        assert table.locator("tr:not(.away)").count() < 600  # what is far is put away
        found = Axe().run(page, context=NOT_AGAIN)
        assert found.violations_count == 0, found.generate_report()
        load(store, MANY, MANY + 1)
        page.keyboard.press("Home")
        table.locator("tbody").nth(30).scroll_into_view_if_needed()
        expect(page.get_by_role("alert")).to_contain_text("The data has changed since this list was drawn")
        page.get_by_role("link", name="Show the list as it stands now").click()
        expect(table).to_have_attribute("aria-rowcount", str(MANY + 2))
