"""What one cell says, in every way councils write it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loaders.cells import DayOrder, Fault, code_reader, day_reader, flag_of, id_of, number_of, number_reader, text_of
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


def writings(day: dt.date) -> list[object]:
    """A day in every way it is accepted, but for those that depend on the column's order or the workbook's first day."""
    ends = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return [
        day, dt.datetime.combine(day, dt.time(14, 30)), day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%Y-%m-%dT%H:%M:%S}",
        f"{day.day} {day:%B %Y}", f"{day.day}{ends} {day:%b %Y}", f"{day:%d-%b-%Y}", f"{day:%A}, {day.day} {day:%B %Y}",
        *([f"{day:%Y%m%d}"] if day.year < 2100 else []),
    ]  # fmt: skip


@given(DAYS)
def test_every_day_comes_back_from_every_writing(day: dt.date) -> None:
    assert {day_of(form) for form in writings(day)} == {day}


@given(DAYS, st.sampled_from("/-."), st.booleans(), st.sampled_from(["", " 09:15", " 00:00:00"]))
def test_a_day_in_figures_comes_back_by_the_order_of_its_column(day: dt.date, between: str, padded: bool, time: str) -> None:
    first, second = (f"{day.day:02d}", f"{day.month:02d}") if padded else (str(day.day), str(day.month))
    assert day_of(f"{first}{between}{second}{between}{day.year}{time}") == day
    assert day_reader(order="month")(f"{second}{between}{first}{between}{day.year}{time}") == day
    read = day_reader(order="unclear", why="as shown")(f"{first}{between}{second}{between}{day.year}{time}")
    if day.day <= 12 and day.day != day.month:
        assert isinstance(read, Fault)
        assert read.says.startswith("could be either of two days, as shown")
    else:
        assert read == day


@given(DAYS, st.booleans())
def test_every_day_comes_back_from_its_serial(day: dt.date, since_1904: bool) -> None:
    first = dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 30)
    serial = (day - first).days
    assume(1 <= serial <= 109_574)
    read = day_reader(since_1904=since_1904)
    assert {read(serial), read(float(serial)), read(serial + 0.6)} == {day}
    if 10_000 <= serial <= 99_999:
        assert {read(str(serial)), read(f"{serial}.5")} == {day}


@given(DAYS, st.sampled_from(["day", "month", "unclear"]))
def test_a_year_of_two_digits_is_refused_in_every_order(day: dt.date, order: DayOrder) -> None:
    for short in (f"{day:%d/%m/%y}", f"{day:%m/%d/%y}", f"{day:%d %b %y}"):
        fault = day_reader(order=order)(short)
        assert isinstance(fault, Fault)
        assert "two digits, which is never guessed" in fault.says


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
    assert id_of(float(number)) == id_of(number) == str(number)
    assert zeros == 0 or id_of(written) != id_of(str(number))


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


@pytest.mark.parametrize(
    ("cell", "means"), [("a)", True), ("A", True), ("b", False), ("b)", False), ("c)", None), ("a) Yes", True), ("b) No", False)]
)
def test_yes_and_no_are_read_by_their_letter_too(cell: str, means: bool | None) -> None:
    assert flag_of(cell) is means


@pytest.mark.parametrize(("cell", "reads"), [("0", 0.0), ("2", 2.0), ("1.5", 1.5), ("", None)])
def test_a_number_within_its_bounds_is_read(cell: str, reads: float | None) -> None:
    assert number_reader(0, 2)(cell) == reads


@pytest.mark.parametrize(("cell", "says"), [("-1", "below 0"), ("37", "above 2")])
def test_a_number_beyond_its_bounds_is_not_known_and_said(cell: str, says: str) -> None:
    read = number_reader(0, 2)(cell)
    assert isinstance(read, Fault)
    assert says in read.says
