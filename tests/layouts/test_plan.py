"""The plan's pages say what the store holds, its workbook is read back word for word, and an update is given in a real browser."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dash.development.base_component import Component
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

import loaders
from data.plan import Action, Meeting, Stage, Update
from data.reading import Reading
from data.records import Unfit
from data.store import Store
from layouts import build_app, plan, plan_action, plan_calendar
from layouts.plan_book import plan_book, read_for_people
from layouts.plan_forms import action_typed
from tests.data.readings import HERE, reading
from tests.layouts.held import KEEPER, READER, fill, view
from tests.servers import served

PLAN = """action_id observed_on recommendation_id text lead due_on status_kind updated_on rag_kind
P1 2026-05-31 1 Visits Ann 2026-12-31 in_progress 2026-05-20 green
P2 2026-05-31 6 Train Bo 2026-05-15 in_progress 2026-02-01 red
P3 2026-05-31 9 Other - - not_started - -"""
ODD = '=HYPERLINK("x") isn\'t +1; “quoted” ‘so’ — <b>bold</b> @sum'


def set_up(store: Store) -> None:
    fill(store)
    store.load(
        HERE, reading("2026-05-31", {"action": PLAN}, source="actions", covers={"action": ("2026-05-31", "2026-05-31")}), by="a.rahim"
    )
    noon = datetime.fromisoformat("2026-06-02T12:00:00")
    store.plan.now = lambda: noon


def seen(store: Store, action_id: str) -> str:
    return str(store.plan.actions(KEEPER, history=True).set_index("action_id").loc[action_id, "revision"])


def text_of(part: Any) -> str:
    if isinstance(part, Component):
        return text_of(getattr(part, "children", None))
    return " ".join(text_of(one) for one in part) if isinstance(part, list | tuple) else "" if part is None else str(part)


def told(content: Component) -> str:
    return " ".join(text_of(content).split())


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    made = Store(sqlite_url)
    set_up(made)
    yield made
    made.close()


def cells(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(io.BytesIO(content))}


def test_a_plan_handed_out_loaded_and_handed_out_again_is_the_same_in_every_cell(store: Store, tmp_path: Path) -> None:
    odd = Action(ODD, "9", "-Bo", pd.Timestamp("2026-08-01"), "in_progress", "blue", ODD, ODD, "+2%", ("caseload",))
    store.plan.change(KEEPER, "P3", odd, revision=seen(store, "P3"))
    store.plan.update(KEEPER, "P2", Update(pd.Timestamp("2026-06-01"), ODD, rag_kind="amber"), revision=seen(store, "P2"))
    store.plan.update(KEEPER, "P2", Update(pd.Timestamp("2026-05-30"), "Wrong one"), revision=seen(store, "P2"))
    store.plan.take_update_back(KEEPER, "P2", int(store.plan.updates(KEEPER)["id"].min()) + 1, revision=seen(store, "P2"))
    assert store.plan.add(KEEPER, Action("Ours", "2")) == "A1"
    store.plan.set_stage(KEEPER, Stage("6", "embedded", pd.Timestamp("2026-05-01"), "Ann", ODD), revision=0)
    first = plan_book(store, KEEPER, "Invented Council")
    book = load_workbook(io.BytesIO(first))
    assert [cell.value for cell in book["Actions"][1]] == [
        "action_id", "recommendation_no", "text", "lead", "due_date", "status", "last_update_date", "rag", "impact_note", "snapshot_date",
    ]  # fmt: skip
    assert not [cell.coordinate for sheet in book for row in sheet for cell in row if cell.data_type == "f"], "nothing in it is a formula"
    file = tmp_path / "plan_actions_2026-06-02.xlsx"
    file.write_bytes(first)
    other = Store(f"sqlite:///{(tmp_path / 'other.sqlite').as_posix()}")
    said = loaders.read(file, as_at=None, today=date(2026, 6, 3))
    assert isinstance(said, Reading)
    other.load(HERE, said, by="somebody else")
    assert cells(plan_book(other, KEEPER, "Invented Council"))["Actions"] == cells(first)["Actions"]
    done = other.plan.restore(KEEPER, *read_for_people(file))
    assert (done.updates, done.stages, done.details, done.held_already, done.of_no_action) == (2, 1, 1, 0, 0)
    assert cells(plan_book(other, KEEPER, "Invented Council")) == cells(first)
    again = other.plan.restore(KEEPER, *read_for_people(file))
    assert (again.updates, again.stages, again.details, again.held_already) == (0, 0, 0, 4)
    pd.testing.assert_frame_equal(other.plan.tables(HERE).action.tail(4).reset_index(drop=True),
                                  store.plan.tables(HERE).action.tail(4).reset_index(drop=True))  # fmt: skip
    other.close()
    (tmp_path / "bad.xlsx").write_bytes(b"no workbook")
    with pytest.raises(Unfit, match="is not an Excel workbook"):
        read_for_people(tmp_path / "bad.xlsx")


def test_the_pages_say_what_is_overdue_flagged_and_different(store: Store) -> None:
    store.plan.change(KEEPER, "P1", Action("Visits", "1", "Ann", pd.Timestamp("2026-12-31"), "in_progress", "green",
                      kpis=("cp_visits_in_time",)), revision=seen(store, "P1"))  # fmt: skip
    page = told(plan.draw(view(store, "/plan")))
    assert "Improvement plan, 2 Jun 2026" in page
    assert "P2 , Bo 79 days overdue" in page
    assert "Actions open 3 and 0 finished" in page
    assert "Recommendation 9" in page
    assert "Only the data team may write" not in page
    assert "Only the data team may write in the plan" in told(plan.draw(view(store, "/plan", READER)))
    action = told(plan_action.draw(view(store, "/plan/P2", action="P2")))
    assert "Not finished, and its due day, 15 May 2026, has passed" in action
    assert "Update overdue by 79 days" in action
    assert "No such action" in told(plan_action.draw(view(store, "/plan/P9", action="P9")))
    assert "Improvement plan, 31 May 2026" in told(plan.draw(view(store, "/plan", period="2026-05")))
    store.plan.set_meeting(KEEPER, Meeting("board", pd.Timestamp("2026-06-06")), revision=0)
    store.plan.set_meeting(KEEPER, Meeting("surgery", pd.Timestamp("2026-06-04"), "South"), revision=0)
    calendar = told(plan_calendar.draw(view(store, "/plan/calendar")))
    assert "Mon 8 Jun 2026 moved from 6 Jun 2026, no working day Improvement Board" in calendar
    assert "Plan : 1 update of an action falls due by then (Bo)" in calendar
    assert "Thu 18 Jun 2026 Performance surgery, South" in calendar
    assert "children are overdue something on 31 May 2026" in calendar


def test_a_form_keeps_only_what_this_person_changed(store: Store) -> None:
    base = {**dict.fromkeys(("rag_reason", "evidence", "impact_note"), ""), "text": "Visits", "recommendation_id": "1", "lead": "Ann",
            "due_on": "2026-12-31", "status_kind": "in_progress", "rag_kind": "green", "kpis": None}  # fmt: skip
    boxes = {"text": "Visits", "lead": "Ann", "due_on": "31/12/2026", "rag_reason": "Mine", "evidence": "", "impact_note": ""}
    chosen = {"recommendation_id": "1", "status_kind": "in_progress", "rag_kind": "amber", "kpis": []}
    theirs = Action("Visits", "1", "Cy", pd.Timestamp("2026-12-31"), "in_progress", "green")
    store.plan.change(replace(KEEPER, name="m.patel"), "P1", theirs, revision=seen(store, "P1"))
    action_typed(store, KEEPER, "/plan/P1", chosen, boxes, base, seen(store, "P1"), "")
    row = store.plan.actions(KEEPER).set_index("action_id").loc["P1"]
    assert (row["lead"], row["rag_kind"], row["rag_reason"]) == ("Cy", "amber", "Mine")


@pytest.mark.browser
def test_an_update_is_given_and_seen_and_a_conflict_loses_nothing(page: Page, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{(tmp_path / 'held.sqlite').as_posix()}")
    set_up(store)
    with served(build_app(store, KEEPER, "Invented Council").server) as address:
        page.goto(address + "/plan")
        page.get_by_role("link", name="P2", exact=True).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("P2: Train", timeout=60_000)
        page.get_by_text("Give an update").click()
        page.locator("#update-on").fill("03/06/2026")
        page.locator("#update-words").fill("Half of the teams are trained")
        page.locator("#update-rag").select_option("amber")
        page.locator("#update-add").click()
        expect(page.locator("#plan-says")).to_contain_text("is in the future")
        store.plan.update(KEEPER, "P2", Update(pd.Timestamp("2026-06-01"), "Somebody was quicker"), revision=seen(store, "P2"))
        page.locator("#update-on").fill("02/06/2026")
        page.locator("#update-add").click()
        expect(page.locator("#plan-says")).to_contain_text("changed action P2 meanwhile")
        expect(page.locator("#update-words")).to_have_value("Half of the teams are trained")
        page.locator("#update-add").click()
        updates = page.get_by_role("table", name="Updates")
        expect(updates.get_by_role("row")).to_have_count(3)
        expect(updates).to_contain_text("Half of the teams are trained")
        expect(updates).to_contain_text("Somebody was quicker")
        expect(page.locator(".facts")).to_contain_text("14 Jul 2026")
        expect(page.locator(".facts")).to_contain_text("Amber")
    store.close()
