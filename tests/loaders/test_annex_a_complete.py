"""For which days a list is declared to hold every row there is: a row struck out then no longer counts, and no other row does so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from data.reading import Reading
from tests.extracts import LISTS
from tests.loaders.extracts import ANNEX_A, filled, read, workbook

MAY_31 = pd.Timestamp("2026-05-31")
WINDOW = (pd.Timestamp("2025-12-01"), MAY_31)
DAY = (MAY_31, MAY_31)
ROWS = {
    1: {"date_of_contact": "2026-05-04"},
    2: {"start_date": "2026-05-04", "organisation": "School"},
    3: {"date_of_ref": "2026-05-04", "nfa": "No"},
    4: {"assessment_start": "2026-05-04"},
    5: {"strategy": "2026-05-04"},
    6: {"cin_start": "2026-05-04", "case_status": "c) Child in need plan"},
    7: {"plan_start": "2026-05-04"},
    8: {"date_started": "2026-05-04"},
    9: {"eligib": "a) Relevant child", "la_in": "a) Yes"},
    10: {"should_be_placed": "2026-05-04"},
    11: {"enquiry": "2026-05-04"},
}
COMPLETE = {
    1: {"contact": WINDOW},
    2: {},
    3: {"referral": WINDOW},
    4: {"assessment": WINDOW},
    5: {"section47": WINDOW, "icpc": (pd.Timestamp("2026-03-01"), MAY_31)},
    6: {"case_status": DAY, "visit:cin": DAY},
    7: {"cp_plan": WINDOW, "allocation:cp": DAY, "visit:cp": DAY},
    8: {"cla_episode": WINDOW, "allocation:cla": DAY, "missing_summary": DAY, "visit:cla": DAY},
    9: {"care_leaver": DAY},
    10: {},
    11: {},
}


def written(value: str) -> object:
    return dt.datetime.fromisoformat(value) if value[:4].isdigit() else value


def a_row(number: int, **values: str) -> list[object]:
    whose = {"identifier" if number == 11 else "child_unique": "1"}
    said = {heading: written(value) for heading, value in {**ROWS[number], **values}.items()}
    return filled(ANNEX_A[number], **whose, **said)


def lists(folder: Path, sheets: dict[int, list[list[object]]], name: str = "annex_a_2026-05-31.xlsx") -> Reading:
    return read(workbook(folder / name, {f"List {number}": [ANNEX_A[number], *rows] for number, rows in sheets.items()}))


@pytest.mark.parametrize("number", range(1, 12))
def test_one_list_declares_itself_and_no_other(tmp_path: Path, number: int) -> None:
    assert lists(tmp_path, {number: [a_row(number)]}).complete == COMPLETE[number]


def test_a_workbook_declares_each_list_that_has_rows(tmp_path: Path) -> None:
    """A list left blank may not have been filled in: it strikes nothing out."""
    reading = lists(tmp_path, {**{number: [a_row(number)] for number in (3, 7)}, 8: [], 6: []})
    assert reading.complete == {**COMPLETE[3], **COMPLETE[7]}
    assert reading.covers["cla_episode"] == WINDOW


def test_a_list_that_reaches_further_back_is_complete_for_its_window_only(tmp_path: Path) -> None:
    reading = lists(tmp_path, {3: [a_row(3), a_row(3, date_of_ref="2025-03-03"), a_row(3, date_of_ref="2025-06-03")]})
    assert reading.complete["referral"] == WINDOW


@pytest.mark.parametrize(("as_at", "first"), [("2026-04-30", "2025-11-01"), ("2026-02-28", "2025-09-01"), ("2026-03-31", "2025-10-01")])
def test_months_of_another_length_strike_nothing_out(tmp_path: Path, as_at: str, first: str) -> None:
    """Six months before 30 April is 30 October: whether 31 October is still listed depends on who counts."""
    reading = lists(tmp_path, {3: [a_row(3, date_of_ref=as_at)]}, f"annex_a_{as_at}.xlsx")
    assert reading.complete["referral"] == (pd.Timestamp(first), pd.Timestamp(as_at))


@pytest.mark.parametrize("name", ["annex_a_2026-05-28.xlsx", "annex_a.xlsx"])
def test_a_list_not_drawn_up_on_a_month_end_is_complete_from_its_first_day(tmp_path: Path, name: str) -> None:
    """Six months before 28 May is 29 November, but the window may begin on 1 December: 30 November is not to be struck out."""
    days = ("2025-11-20", "2025-12-04", "2026-05-28")
    reading = lists(tmp_path, {3: [a_row(3, date_of_ref=on) for on in days]}, name)
    assert reading.complete["referral"] == (pd.Timestamp("2025-12-04"), pd.Timestamp("2026-05-28"))


def test_open_plans_are_complete_on_the_day_even_where_none_has_ended(tmp_path: Path) -> None:
    reading = lists(tmp_path, {7: [a_row(7)]}, "annex_a_2026-05-28.xlsx")
    assert reading.complete["cp_plan"] == (pd.Timestamp("2026-05-28"), pd.Timestamp("2026-05-28"))
    assert reading.complete["allocation:cp"] == DAY, "who held a case is kept as at the month end"


def test_every_list_of_the_field_is_declared_or_not_on_purpose() -> None:
    assert set(COMPLETE) == set(ANNEX_A)
    assert set(LISTS) <= {f"List {number}" for number in COMPLETE}
