"""Which day a file speaks of."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from data.reading import spoken_for
from loaders.as_at import date_in
from tests.loaders.extracts import problems, read, visits_csv


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("annex_a_2026-05-31", "2026-05-31"), ("visits_2026_05", "2026-05-31"),
        ("31-05-2026 visits", "2026-05-31"), ("202602", "2026-02-28"),
        ("20260531_extract", "2026-05-31"), ("May 2026", "2026-05-31"), ("visits-may2026", "2026-05-31"), ("Sept 2025", "2025-09-30"),
        ("3 June 2026", "2026-06-03"), ("list 3 May 2026", "2026-05-31"),
        ("2026 May", "2026-05-31"), ("31.05.2026", "2026-05-31"), ("audits_05-2026", "2026-05-31"),
    ],
)  # fmt: skip
def test_the_date_in_a_name(name: str, expected: str) -> None:
    assert date_in(name) == dt.date.fromisoformat(expected)


@pytest.mark.parametrize("name", ["annex_a", "visits v2", "list_13", "case 20261399", "05-31-2026", "mayor", "332_children", "12345678901"])
def test_a_name_without_a_date(name: str) -> None:
    assert date_in(name) is None


@pytest.mark.parametrize(
    ("day", "month_end"),
    [
        ("2026-05-31", "2026-05-31"),
        ("2026-06-02", "2026-05-31"),
        ("2026-05-20", "2026-05-31"),
        ("2026-06-15", "2026-05-31"),
        ("2026-06-16", "2026-06-30"),
    ],
)
def test_the_month_end_a_day_stands_for(day: str, month_end: str) -> None:
    assert spoken_for(pd.Timestamp(day)) == pd.Timestamp(month_end)


def test_the_day_asked_for_comes_first(tmp_path: Path) -> None:
    reading = read(visits_csv(tmp_path / "visits_2026-05.csv", "1,CP,03/05/2026,Y"), as_at=dt.date(2026, 4, 30))
    assert (reading.as_at, reading.as_at_from) == (pd.Timestamp("2026-04-30"), "asked")


def test_then_the_file_s_name_and_then_its_folder_s(tmp_path: Path) -> None:
    (tmp_path / "2026-05").mkdir()
    named = read(visits_csv(tmp_path / "2026-05" / "visits.csv", "1,CP,03/05/2026,Y"))
    assert (named.as_at, named.as_at_from) == (pd.Timestamp("2026-05-31"), "name")


def test_then_the_latest_day_in_it_that_has_come(tmp_path: Path) -> None:
    reading = read(visits_csv(tmp_path / "visits.csv", "1,CP,03/05/2026,Y", "2,CP,04/05/2026,Y"))
    assert (reading.as_at, reading.as_at_from) == (pd.Timestamp("2026-05-04"), "contents")
    assert reading.covers["visit:cin"] == (pd.Timestamp("2026-05-01"), pd.Timestamp("2026-05-04"))


@pytest.mark.parametrize(
    ("name", "says"),
    [("visits_2026-03.csv", "holds later dates"), ("visits_2025-02.csv", "holds later dates"), ("visits_2026-12.csv", "has not come")],
)
def test_a_name_the_contents_contradict_is_not_trusted(tmp_path: Path, name: str, says: str) -> None:
    reading = read(visits_csv(tmp_path / name, "1,CP,03/05/2026,Y"))
    assert (reading.as_at, reading.as_at_from) == (pd.Timestamp("2026-05-03"), "contents")
    assert says in problems(reading, "warning")[0].says


def test_a_name_long_after_the_contents_is_not_trusted(tmp_path: Path) -> None:
    reading = read(visits_csv(tmp_path / "visits_2026-05.csv", "1,CP,03/05/2021,Y"))
    assert reading.as_at == pd.Timestamp("2021-05-03")
    assert "nothing near that day" in problems(reading, "warning")[0].says


def test_one_date_far_before_the_rest_does_not_stretch_what_the_file_covers(tmp_path: Path) -> None:
    lines = ["1,CP,03/05/2016,Y", "2,CP,20/03/2026,Y", "3,CP,04/05/2026,Y"]
    reading = read(visits_csv(tmp_path / "visits_2026-05.csv", *lines))
    assert reading.covers["visit:cp"] == (pd.Timestamp("2026-03-01"), pd.Timestamp("2026-05-31"))


def test_an_extract_taken_early_in_the_next_month_still_speaks_for_the_month_of_its_name(tmp_path: Path) -> None:
    reading = read(visits_csv(tmp_path / "visits_2026-04.csv", "1,CP,03/05/2026,Y"))
    assert (reading.as_at, reading.as_at_from) == (pd.Timestamp("2026-04-30"), "name")
