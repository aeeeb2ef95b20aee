"""The catalogue: every measure, whether its data is loaded and what would bring it, who answers for it; found by any of its words."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from data.records import Target
from data.reference.declared import Undeclared, measures, owners
from data.store import Store
from data.viewer import Viewer
from kpi import DOMAINS, REGISTER
from layouts import catalogue
from layouts.catalogue_book import COLUMNS, catalogue_book
from layouts.catalogue_entries import entries
from layouts.view import View
from tests.layouts.held import KEEPER, MAY, fill, view
from tests.layouts.test_notes import said


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(f"sqlite:///{(tmp_path_factory.mktemp('held') / 'held.sqlite').as_posix()}")
    fill(made)
    made.set_target(KEEPER, Target("cp_visits_in_time", MAY, 90.0, "The new board"))
    yield made
    made.close()


def test_every_measure_is_in_it_once_by_domain(store: Store) -> None:
    found = entries(view(store))
    assert sorted(entry.kpi.key for entry in found) == sorted(REGISTER)
    domains = [entry.domain for entry in found]
    assert list(dict.fromkeys(domains)) == [domain.title for domain in DOMAINS]


def test_a_loaded_measure_says_to_which_month_and_how_it_stands(store: Store) -> None:
    entry = next(entry for entry in entries(view(store)) if entry.kpi.key == "cp_visits_in_time")
    assert (entry.loaded, entry.status, entry.base, entry.target) == ("Loaded to May 2026", "not met", "52 of 60", "90\u202f%")
    assert entry.set_by == "The new board"


def test_a_measure_without_its_data_says_which_extract_would_bring_it(store: Store) -> None:
    found = {entry.kpi.key: entry for entry in entries(view(store))}
    assert found["re_referrals"].latest is None
    assert found["re_referrals"].loaded.startswith("Not loaded: Annex A child lists or ")
    assert found["re_referrals"].loaded.endswith(" would bring it")
    assert found["development_centre_places"].loaded.startswith("Not loaded: a row of development_centre_places in ")
    assert found["legal_spend"].loaded == "Loaded to May 2026"


def test_words_in_any_order_find_a_measure_and_every_word_must_be_there(store: Store) -> None:
    found = {entry.kpi.key for entry in entries(view(store)) if entry.answers("PLAN seen time")}
    assert "cp_visits_in_time" in found
    assert not [entry for entry in entries(view(store)) if entry.answers("plan owl")]
    assert "No measure speaks of “plan owl”" in said(catalogue.draw(view(store, q="plan owl")))


def test_who_answers_for_it_is_by_measure_then_by_domain_else_nobody(store: Store) -> None:
    invented = View(store, Viewer.local("x", "invented"), "Invented Council", "/", {"key": ""})
    found = {entry.kpi.key: entry.owner for entry in entries(invented)}
    assert found["attainment_gap"] == "Head of the virtual school (invented)"
    assert found["cp_visits_in_time"] == "Head of safeguarding (invented)"
    assert {entry.owner for entry in entries(view(store))} == {""}
    assert "Nobody is named" in said(catalogue.draw(view(store)))


def test_the_workbook_has_a_row_for_every_measure(store: Store) -> None:
    book = load_workbook(BytesIO(catalogue_book(entries(view(store)), "Invented Council", invented=True)))
    heads, *rows = book["Catalogue"].iter_rows(min_row=4, values_only=True)
    assert list(heads) == [column.heading for column in COLUMNS]
    assert len(rows) == len(REGISTER)
    row = dict(zip(heads, next(row for row in rows if "cp_visits_in_time" in row), strict=True))
    assert (row["Status"], row["Target set by"], row["Answers for it"]) == ("Not met", "The new board", "Nobody is named")


# ---- what a council declares in files of its own
def test_a_councils_own_files_come_after_those_shipped(tmp_path: Path) -> None:
    own = tmp_path / "owners.csv"
    own.write_text("of,owner\nprotection,Our head\n", encoding="utf-8")
    assert owners("invented", own)["protection"] == "Our head"
    assert owners("local", own) == {"protection": "Our head"}
    mine = tmp_path / "measures.csv"
    heading = "authority,key,title,measure,better,domain,source,noun,did,basis"
    mine.write_text(
        f"{heading}\nlocal,lates,Late,count,lower,in_need,Us,lates,late,stock\nothers,not_ours,x,count,,in_need,x,x,x,stock\n",
        encoding="utf-8",
    )
    assert [row["key"] for row in measures("local", mine)] == ["lates"]
    assert measures("local", mine)[0]["definition"] == ""


def test_a_file_mended_is_read_again(tmp_path: Path) -> None:
    import os

    own = tmp_path / "owners.csv"
    for n, name in enumerate(("First", "Second")):
        own.write_text(f"of,owner\nprotection,{name}\n", encoding="utf-8")
        os.utime(own, ns=(n, n + 1))
        assert owners("local", own) == {"protection": name}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no such file"),
        (b"of;owner\nx;y\n", "the column of is missing"),
        (b"", "cannot be read"),
        (b"of,owner\n\xff,y\n", "cannot"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_in_words(content: bytes | None, says: str, tmp_path: Path) -> None:
    own = tmp_path / "owners.csv"
    if content is not None:
        own.write_bytes(content)
    with pytest.raises(Undeclared, match=says):
        owners("local", own)
