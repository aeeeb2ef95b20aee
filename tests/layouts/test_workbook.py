"""The Excel summary: what is written is what is read back, text stays text, and it opens without repair."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.chart import LineChart

from layouts.workbook import Book, summary
from layouts.workbook_cells import MOST_TEXT, change_format, clean, wall_clock
from layouts.workbook_charts import scale
from layouts.workbook_sheets import PROBLEMS_SHOWN
from tests.layouts.council import AUDITS, PERIOD, VISITS, two_measures, whole_council

SHEETS = ["Summary", "Commentary", "Trends", "Trend data", "Teams", "Definitions", "Targets", "Loaded", "Problems"]


def reread(book: Book) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(summary(book)))


@pytest.fixture(scope="module")
def two() -> openpyxl.Workbook:
    return reread(two_measures())


def under(sheet: object, heading: str, *, row: int) -> object:
    """The cell of a heading's column, `row` lines below the headings."""
    for line in sheet.iter_rows():  # type: ignore[attr-defined]
        for cell in line:
            if cell.value == heading and len([c for c in line if c.value is not None]) > 3:
                return sheet.cell(cell.row + row, cell.column)  # type: ignore[attr-defined]
    raise AssertionError(f"no heading {heading!r}")


def tints(sheet: object, cell: str) -> list[str]:
    """The formulas of the conditional formats that reach a cell."""
    ranges = sheet.conditional_formatting  # type: ignore[attr-defined]
    return [rule.formula[0] for found in ranges if cell in found for rule in found.rules]


def test_the_sheets_are_in_the_order_a_meeting_reads_them(two: openpyxl.Workbook) -> None:
    assert two.sheetnames == SHEETS


def test_what_the_figures_say_stands_beside_what_people_wrote() -> None:
    said = pd.DataFrame(
        {"kpi": ["cp_visits_in_time"] * 3, "said": ["Short of target.", None, None], "unit": ["", "Harbour", ""],
         "comment": ["=cover agreed", "Two posts empty.", None], "by": ["A. Rahim", "K. Adeyemi", None],
         "at": [pd.Timestamp("2026-06-03 09:00")] * 2 + [pd.NaT]}
    )  # fmt: skip
    book = dataclasses.replace(two_measures(), said=said)
    sheet = openpyxl.load_workbook(BytesIO(summary(book)))["Commentary"]
    rows = [[cell.value for cell in sheet[line]][1:5] for line in (5, 6, 7)]
    assert rows[0] == ["Short of target.", "The whole", "=cover agreed", "A. Rahim"]
    assert rows[1] == [None, "Harbour", "Two posts empty.", "K. Adeyemi"]
    assert rows[2] == [None] * 4


def test_a_figure_is_a_real_number_shown_with_one_decimal(two: openpyxl.Workbook) -> None:
    cell = two["Summary"]["C9"]
    assert cell.value == pytest.approx(74 / 91 * 100)
    assert cell.number_format == '0.0" %"'


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("Number", 74), ("Out of", 91), ("Status", "Near"), ("Target", "85\u202f% by 31 Jul 2026"), ("On last month", 2.4),
        ("Sustained", 0), ("Left out", 4), ("Why left out", "3 visit before plan, 1 no start date"), ("Note", None),
    ],
)  # fmt: skip
def test_the_summary_says_of_a_measure(two: openpyxl.Workbook, heading: str, value: object) -> None:
    assert under(two["Summary"], heading, row=1).value == value  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("Number", None), ("Out of", 0), ("Status", "No cases"), ("Target", "5\u202f% or less"), ("On last month", None),
        ("Sustained", None), ("Left out", 0), ("Why left out", None), ("Note", "History short"),
    ],
)  # fmt: skip
def test_a_measure_with_no_cases_has_empty_cells_and_a_word_never_a_0(two: openpyxl.Workbook, heading: str, value: object) -> None:
    assert two["Summary"]["C10"].value is None
    assert under(two["Summary"], heading, row=2).value == value  # type: ignore[attr-defined]


def test_a_status_is_a_word_a_shape_and_a_colour(two: openpyxl.Workbook) -> None:
    status = under(two["Summary"], "Status", row=1)
    assert status.number_format == '"◆ "@'  # type: ignore[attr-defined]
    assert tints(two["Summary"], status.coordinate) == [f'$F9="{word}"' for word in ("Met", "Near", "Not met")]  # type: ignore[attr-defined]


def test_every_sheet_says_whose_data_it_is_as_at_when_and_that_it_is_invented(two: openpyxl.Workbook) -> None:
    for sheet in two:
        assert sheet["A2"].value == "Invented Council, data as at 31 May 2026"
        assert "Invented data" in sheet["A3"].value
        assert "Invented data" in sheet.oddFooter.left.text
    assert two["Summary"]["B4"].value == datetime(2026, 5, 31)
    assert two["Summary"]["B5"].value == datetime(2026, 6, 2, 9, 14, 7)
    assert two["Summary"]["B6"].value == "local viewer"
    assert two.properties.keywords == "invented data"
    assert (two.properties.creator, two.properties.modified) == ("local viewer", datetime(2026, 6, 2, 9, 14, 7))


def test_data_that_is_not_invented_is_not_called_invented() -> None:
    book = reread(replace(two_measures(), invented=False, authority_title="A Council"))
    said = [str(cell.value) for sheet in book for line in sheet["A1:M8"] for cell in line]
    assert not [text for text in said if "nvented" in text]
    assert "nvented" not in book["Teams"].oddFooter.left.text


def test_a_measure_links_to_its_definition(two: openpyxl.Workbook) -> None:
    link = two["Summary"]["B9"].hyperlink
    assert link.location == "Definitions!A5"
    assert two["Definitions"]["A5"].value == VISITS.title
    assert two["Definitions"]["C5"].value == "Of children with a plan open, those seen in time.\n\nNot seen: late."


def test_trend_data_has_every_month_and_a_gap_where_there_is_no_data(two: openpyxl.Workbook) -> None:
    lines = [[cell.value for cell in line] for line in two["Trend data"]["C5:H7"]]
    assert [line[0] for line in lines] == [datetime(2026, 3, 31), datetime(2026, 4, 30), datetime(2026, 5, 31)]
    assert lines[1][1:] == [None, None, None, None, "No data"]
    assert lines[2][2:5] == [74, 91, 85]


def test_each_measure_with_figures_has_a_line_chart_of_its_own_rows() -> None:
    book = reread(whole_council(loads=1, problems=1))
    charts = book["Trends"]._charts
    assert len(charts) == 12
    titles = [chart.title.tx.rich.p[0].r[0].t for chart in charts]
    for title, chart in zip(titles, charts, strict=True):
        assert isinstance(chart, LineChart)
        figure = chart.series[0]
        sheet, first, last = re.fullmatch(r"'(.+)'!\$D\$(\d+):\$D\$(\d+)", figure.val.numRef.f).groups()  # type: ignore[union-attr]
        assert int(last) - int(first) == 35
        assert {book[sheet].cell(row, 2).value for row in range(int(first), int(last) + 1)} == {title}
        assert chart.display_blanks == "gap"
        assert not chart.x_axis.delete
        assert [label.showVal for label in figure.dLbls.dLbl] == [True]
        for target in chart.series[1:]:
            assert target.val.numRef.f == figure.val.numRef.f.replace("$D$", "$G$")
            assert target.graphicalProperties.line.dashStyle == "dash"
    assert [len(chart.series) for chart in charts].count(1) == 1  # the caseload has no target


def test_a_measure_without_figures_says_so_where_its_chart_would_be(two: openpyxl.Workbook) -> None:
    assert len(two["Trends"]._charts) == 1
    assert two["Trends"]["B4"].value == "Audits judged inadequate: no data to draw in these months."
    assert two["Trends"]["A4"].value == "May 2026: 81.3\u202f% (74 of 91), Near. Target 85\u202f% by 31 Jul 2026."


def test_teams_are_in_name_order_with_their_counts_and_a_word(two: openpyxl.Workbook) -> None:
    lines = [[cell.value for cell in line] for line in two["Teams"]["C4:E9"]]
    assert lines == [
        [None, "Safeguarding", None],
        [None, "Bridge", "Harbour"],
        ["Figure", 80, pytest.approx(20 / 31 * 100)],
        ["Number", 4, 20],
        ["Out of", 5, 31],
        ["Status", "Few cases", "Not met"],
    ]
    assert tints(two["Teams"], "E6") == [f'D$9="{word}"' for word in ("Met", "Near", "Not met")]
    assert two["Teams"]["D10"].value is None
    assert two["Teams"]["D13"].value == "No data"


def test_a_case_without_a_team_is_shown_as_such() -> None:
    book = two_measures()
    lost = book.teams.assign(**{c: book.teams[c].mask([False, True]) for c in ("unit_id", "unit", "service")})
    sheet = reread(replace(book, teams=lost))["Teams"]
    assert [cell.value for cell in sheet["D"][4:6]] + [cell.value for cell in sheet["E"][3:6]] == [
        "No team recorded", 80, "Safeguarding", "Harbour", pytest.approx(20 / 31 * 100),
    ]  # fmt: skip


def test_targets_loads_and_problems_are_carried_over(two: openpyxl.Workbook) -> None:
    assert [cell.value for cell in two["Targets"][5]][:5] == [VISITS.title, datetime(2024, 2, 1), 85, 75, datetime(2026, 7, 31)]
    assert [cell.value for cell in two["Loaded"][5]][6:10] == [1250, 1200, 46, 4]
    assert [two["Problems"].cell(row, 1).value for row in (6, 7, 8)] == ["Row set aside", "Warning", "Note"]


def test_problems_beyond_the_limit_are_counted_in_words() -> None:
    book = whole_council(loads=1, problems=PROBLEMS_SHOWN + 7)
    sheet = reread(replace(book, problems_not_given=10))["Problems"]
    assert sheet["A4"].value == "The first 5,000 are shown; 17 more are on the Data page."
    assert sheet.max_row == 5 + PROBLEMS_SHOWN


@pytest.mark.parametrize(
    "value",
    ["=1+1", "=cmd|' /C calc'!A0", "+44 1234", "-5", "@SUM(A1)", "\t=1+1", "#N/A", "#REF!", "＝1+1", "'=1", "00012", "31/02/2026", "TRUE",
     "https://example.org", " leading and trailing ", "line\nline", "<b>&amp;</b>", "日本語 🙂", "5%"],
)  # fmt: skip
def test_text_arrives_as_the_same_text_never_as_a_formula(value: str) -> None:
    book = two_measures()
    hostile = replace(
        book,
        authority_title=value,
        produced_by=value,
        measures=[replace(VISITS, title=value, domain=value, left_out={value: 2}, definition=value, method=value, note=value), AUDITS],
        teams=book.teams.assign(unit=value, service=value),
        loads=book.loads.assign(file=value, loaded_by=value),
        problems=book.problems.assign(file=value, value=value, column=value, says=value),
    )
    read = reread(hostile)
    assert [cell.coordinate for sheet in read for line in sheet.iter_rows() for cell in line if cell.data_type in ("f", "e")] == []
    assert read["Summary"]["B9"].value == value
    assert read["Problems"]["F6"].value == value
    assert read["Problems"]["F6"].data_type == "s"
    assert read["Teams"]["D5"].value == value
    if value[0] in "=+-@\t＝":
        assert read["Problems"]["F6"].quotePrefix


@pytest.mark.parametrize(
    ("value", "shown"),
    [("a\x00b", "a␀b"), ("\r=1", "␍=1"), ("a\r\nb", "a\nb"), ("\x1b[31m", "␛[31m"), ("\x7f", "␡"), ("\ud800", "\ufffd"),
     ("\uffff", "\ufffd")],
)  # fmt: skip
def test_characters_a_cell_cannot_hold_are_replaced_where_people_see_it(value: str, shown: str) -> None:
    assert clean(value) == shown
    book = two_measures()
    assert reread(replace(book, problems=book.problems.assign(value=value)))["Problems"]["F6"].value == shown


@pytest.mark.parametrize("letter", ["a", "🙂"])
def test_text_longer_than_a_cell_is_cut_with_an_ellipsis(letter: str) -> None:
    cut = clean(letter * (MOST_TEXT + 5))
    assert len(cut.encode("utf-16-le")) // 2 <= MOST_TEXT
    assert cut.endswith(letter + "…")
    assert clean("a" * MOST_TEXT) == "a" * MOST_TEXT


def test_an_empty_book_has_every_sheet_and_says_what_is_not_there() -> None:
    empty = reread(Book("Invented Council", True, PERIOD, pd.Timestamp("2026-06-02 09:14"), None, "local viewer"))
    assert empty.sheetnames == SHEETS
    said = {cell.value for sheet in empty for line in sheet.iter_rows() for cell in line}
    assert {
        "There are no measures to show.", "There are no measures to draw.", "There are no team figures for May 2026.",
        "No target is set.", "Nothing has been loaded.", "No problem was found in what was loaded.", "Nothing loaded",
    } <= said  # fmt: skip


def test_a_frame_without_a_column_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="trend frame has no column target"):
        replace(two_measures(), trend=two_measures().trend.drop(columns="target"))


def test_two_rows_for_one_measure_are_refused() -> None:
    with pytest.raises(ValueError, match="more than one row for cp_visits_in_time"):
        replace(two_measures(), measures=[VISITS, VISITS])


def test_every_sheet_prints_on_a4_landscape_as_wide_as_the_page(two: openpyxl.Workbook) -> None:
    for sheet in two:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        if sheet.title != "Trends":
            assert sheet.freeze_panes
            assert sheet.print_title_rows
    assert two["Summary"].freeze_panes == "C9"


def test_a_moment_with_a_time_zone_is_shown_as_an_english_clock_shows_it() -> None:
    assert wall_clock(pd.Timestamp("2026-06-02 08:14:07.5", tz="UTC")) == pd.Timestamp("2026-06-02 09:14:07")
    assert wall_clock(pd.NaT) is None


@pytest.mark.parametrize(
    ("better", "words"), [("higher", ("better", "worse")), ("lower", ("worse", "better")), (None, ("up", "down"))]
)  # fmt: skip
def test_a_change_says_what_it_means(better: str | None, words: tuple[str, str]) -> None:
    assert change_format(better) == f'+0.0" {words[0]}";"−"0.0" {words[1]}";0.0" no change"'  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("highest", "most", "top_and_step"),
    [(85, 100, (100, 20)), (100, 100, (100, 25)), (24, 100, (30, 10)), (9.6, 100, (12.5, 2.5)), (18, None, (20, 5)), (0, 100, (1, 0.25))],
)
def test_an_axis_ends_on_a_round_number(highest: float, most: float | None, top_and_step: tuple[float, float]) -> None:
    assert scale(highest, most=most) == top_and_step


def test_a_whole_council_is_written_whole() -> None:
    book = whole_council()
    sheet = openpyxl.load_workbook(BytesIO(summary(book)))["Summary"]
    shown = {cell.value for row in sheet.iter_rows() for cell in row}
    assert {row.title for row in book.measures} <= shown


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed: apt-get install libreoffice-calc")
def test_libreoffice_opens_it_and_keeps_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "summary.xlsx").write_bytes(summary(two_measures()))
    for kind in ("pdf", "ods"):
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", kind,
             "--outdir", str(tmp_path), str(tmp_path / "summary.xlsx")],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
    assert (tmp_path / "summary.pdf").read_bytes().startswith(b"%PDF")
    kept = pd.read_excel(tmp_path / "summary.ods", sheet_name=None, header=None, engine="calamine")
    assert list(kept) == SHEETS
    assert kept["Summary"].iloc[8, 2] == pytest.approx(74 / 91 * 100)
    assert kept["Summary"].iloc[8, 5] == "Near"
