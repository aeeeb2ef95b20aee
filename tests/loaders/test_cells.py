"""What one cell says, in every way councils write it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.cells import Fault, code_reader, day_reader, flag_of, id_of, number_of, text_of
from loaders.codes import CASE_STATUS, CATEGORY_OF_NEED, ETHNICITY, GRADE, LEGAL_STATUS, PLACEMENT, PROVIDER, REFERRAL_SOURCE, SEX

day_of = day_reader()
DAYS = st.dates(dt.date(1900, 3, 1), dt.date(2199, 12, 31))
MARCH_3 = dt.date(2026, 3, 3)


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(2026, 3, 3), dt.datetime(2026, 3, 3, 14, 30), 46084.0, "46084", "03/03/2026", "3/3/2026", "03-03-2026", "3.3.2026",
        "2026-03-03", "2026-03-03T09:15:00", "2026-03-03 00:00:00", "20260303", "3 March 2026", "3 Mar 2026", "3rd March 2026",
        "03-Mar-2026", "Tuesday, 3 March 2026", " 03/03/2026\u00a0", "03/03/2026 14:30",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(cell: object) -> None:
    assert day_of(cell) == MARCH_3


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("31/02/2026", "does not exist"), ("2026-02-30", "does not exist"), ("03/25/2026", "month-first order is never guessed"),
        ("03/04/26", "two digits"), ("3 Mar 26", "two digits"), ("soon", "not a date"), (True, "not a date"), (-4.0, "not a date"),
        (dt.time(9, 30), "not a date"), (10_692_868.0, "not a date"), ("45/45/2026", "does not exist"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_known_is_never_guessed(cell: object, says: str) -> None:
    fault = day_of(cell)
    assert isinstance(fault, Fault)
    assert fault.severity == "set_aside"
    assert says in fault.says


def test_an_empty_cell_is_no_day() -> None:
    assert day_of("") is None
    assert day_of("\u00a0 ") is None
    assert day_of(None) is None


@pytest.mark.parametrize(
    "cell", [0.0, dt.time(0, 0), dt.date(1899, 12, 30), dt.datetime(1900, 1, 1), "01/01/1900", "31/12/9999", "9999-12-31"]
)
def test_what_systems_write_for_no_date_is_empty_and_said(cell: object) -> None:
    fault = day_of(cell)
    assert isinstance(fault, Fault)
    assert fault.severity == "note"


def test_workbooks_that_count_from_1904_are_read_so() -> None:
    assert day_reader(since_1904=True)(float((MARCH_3 - dt.date(1904, 1, 1)).days)) == MARCH_3


@given(DAYS)
def test_every_day_comes_back_from_every_form(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    written = (day, float(serial), day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day.day} {day:%B %Y}")
    assert {day_of(form) for form in written} == {day}


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    for reader in (day_of, id_of, flag_of, number_of, code_reader(SEX)):
        reader(text)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(12345.0, "12345"), ("12345", "12345"), ("12345.0", "12345"), ("0012345", "0012345"), ("  AB\u00a012 ", "AB 12"), ("", None)],
)
def test_one_id_is_one_id(cell: object, expected: str | None) -> None:
    assert id_of(cell) == expected


@pytest.mark.parametrize("cell", [dt.date(2026, 1, 2), 12.5, 1e17, "1.23457E+11"])
def test_an_id_that_excel_has_spoilt_is_a_fault(cell: object) -> None:
    assert isinstance(id_of(cell), Fault)


@given(st.integers(0, 10**14), st.integers(0, 8))
def test_ids_keep_their_zeros_and_lose_their_decimals(number: int, zeros: int) -> None:
    written = "0" * zeros + str(number)
    assert id_of(written) == written
    assert id_of(f"{written}.0") == written
    assert id_of(float(number)) == str(number)


@given(st.text(alphabet=st.characters(categories=("L", "N", "P")), min_size=1))
def test_reading_an_id_again_changes_nothing(text: str) -> None:
    once = id_of(text)
    assert isinstance(once, Fault) or id_of(once) == once


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Y", True), ("yes", True), ("a) Yes", True), (1.0, True), (True, True), ("TRUE", True),
        ("N", False), ("No ", False), ("b) No", False), (0.0, False), (False, False),
        ("", None), ("c) Unknown", None), ("n/a", None), ("Not recorded", None),
    ],
)  # fmt: skip
def test_yes_no_and_not_known(cell: object, expected: bool | None) -> None:
    assert flag_of(cell) is expected


def test_words_that_are_neither_yes_nor_no_are_not_known_and_said() -> None:
    fault = flag_of("CS Assessment Updated")
    assert isinstance(fault, Fault)
    assert fault.severity == "warning"


@pytest.mark.parametrize("mark", ["<5", "< 5", "c", "X", "z", "u", "k", "..", "-", "."])
def test_a_hidden_figure_is_never_nought(mark: str) -> None:
    fault = number_of(mark)
    assert isinstance(fault, Fault)
    assert fault.severity == "note"


@pytest.mark.parametrize(("cell", "expected"), [("1,234", 1234.0), (0.0, 0.0), ("0.8", 0.8), ("", None)])
def test_numbers(cell: object, expected: float | None) -> None:
    assert number_of(cell) == expected


@pytest.mark.parametrize(
    ("codes", "cell", "expected"),
    [
        (SEX, "b) Female", "female"), (SEX, "Female", "female"), (SEX, "F", "female"), (SEX, "M", "male"), (SEX, 2.0, "female"),
        (SEX, "c) Not stated/recorded", "not_stated"), (SEX, "d)", "neither"), (SEX, "", None),
        (ETHNICITY, "a) WBRI", "WBRI"), (ETHNICITY, "wbri", "WBRI"), (ETHNICITY, "White British", "WBRI"), (ETHNICITY, "s) NOBT", "NOBT"),
        (PROVIDER, "e) PR4 - Private provision", "PR4"), (PROVIDER, "e) PR4: Private provision", "PR4"), (PROVIDER, "PR4", "PR4"),
        (PLACEMENT, "zz) T4: Temporary placement - seven days or less", "T4"), (PLACEMENT, "Foster placement - long term", "U4"),
        (LEGAL_STATUS, "C2: FCO", "C2"), (LEGAL_STATUS, "FCO", "C2"), (LEGAL_STATUS, "E1: Placement order", "E1"),
        (CATEGORY_OF_NEED, "N1 - Abuse or Neglect", "N1"), (CATEGORY_OF_NEED, "Abuse or Neglect", "N1"),
        (CATEGORY_OF_NEED, "N2 - Child’s disability", "N2"),
        (CASE_STATUS, "c) Child in need plan", "in_need_plan"), (CASE_STATUS, "Child Protection plan", "protection_plan"),
        (CASE_STATUS, "c)", "in_need_plan"), (REFERRAL_SOURCE, "u) 10: Unknown", "10"), (REFERRAL_SOURCE, "j) 3D: Health services", "3D"),
        (GRADE, "Requires improvement", "requires_improvement"), (GRADE, "RI", "requires_improvement"),
    ],
)  # fmt: skip
def test_codes_are_read_by_letter_label_or_both(codes: dict[str, str | None], cell: object, expected: str | None) -> None:
    assert code_reader(codes)(cell) == expected


def test_an_unknown_code_is_left_empty_and_said() -> None:
    fault = code_reader(ETHNICITY)("z) NTKN")
    assert isinstance(fault, Fault)
    assert fault.severity == "warning"


@pytest.mark.parametrize("reader", [day_of, id_of, flag_of, number_of, code_reader(SEX)])
def test_an_excel_error_is_empty_and_said_by_every_reader(reader: object) -> None:
    fault = reader("#N/A")  # type: ignore[operator]
    assert isinstance(fault, Fault)
    assert fault.severity == "note"


def test_text_is_tidied() -> None:
    assert text_of("  Marty\u00a0\u00a0Gonsalves\u200b ") == "Marty Gonsalves"
    assert text_of(dt.datetime(2026, 3, 3)) == "2026-03-03"
