"""The Excel summary: one month of children's services on paper, with the trends, teams, definitions and loads behind it.

    summary(Book(authority_title="Invented Council", invented=True, period=pd.Timestamp("2026-05-31"), ...)) -> the bytes of an .xlsx

Frames in, bytes out: nothing is measured, read or looked up here, and the same book always holds the same cells.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from layouts import words
from layouts.workbook_cells import add_styles, clean, put, set_for_print, wall_clock
from layouts.workbook_charts import charts, trend_table
from layouts.workbook_contents import Book, Row
from layouts.workbook_sheets import definitions_sheet, loaded_sheet, problems_sheet, said_sheet, summary_sheet, targets_sheet, teams_sheet

__all__ = ["Book", "Row", "summary"]

INVENTED = "Invented data. No real child, worker or council is shown."


def summary(book: Book) -> bytes:
    """The month's summary as an Excel workbook: Summary, Commentary, Trends, Trend data, Teams, Definitions, Targets, Loaded, Problems."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    add_styles(workbook)
    front, said, pictures, months, teams, meanings, targets, loads, problems = (workbook.create_sheet(name) for name in _TITLES)
    for sheet in workbook:
        _head(sheet, book)
    summary_sheet(front, 4, book, definitions_sheet(meanings, 4, book))
    said_sheet(said, 4, book)
    charts(pictures, 4, book, months, trend_table(months, 4, book))
    months.freeze_panes = "A5"
    teams_sheet(teams, 4, book)
    targets_sheet(targets, 4, book)
    loaded_sheet(loads, 4, book)
    problems_sheet(problems, 4, book)
    _describe(workbook, book)
    return _saved(workbook)


_TITLES: dict[str, Callable[[Book], str]] = {
    "Summary": lambda book: f"Children's services summary, {words.month(book.period)}",
    "Commentary": lambda book: f"What the figures say, {words.month(book.period)}",
    "Trends": lambda book: f"Trends to {words.month(book.period)}, against the target of each month",
    "Trend data": lambda book: f"Month by month to {words.month(book.period)}",
    "Teams": lambda book: f"Teams, {words.month(book.period)}",
    "Definitions": lambda book: "What each measure means",
    "Targets": lambda book: "Targets and the dates they hold from",
    "Loaded": lambda book: "What was loaded",
    "Problems": lambda book: "What was wrong in what was loaded",
}


def _head(sheet: Worksheet, book: Book) -> None:
    """Three lines at the top of every sheet: what it is, whose and as at when, and whether the data is invented."""
    as_at = "" if words.missing(book.as_at) else f", data as at {words.day(book.as_at)}"
    put(sheet, 1, 1, _TITLES[sheet.title](book), "title")
    sheet.row_dimensions[1].height = 26
    put(sheet, 2, 1, f"{book.authority_title}{as_at}", "line")
    if book.invented:
        put(sheet, 3, 1, INVENTED, "flag")
    sheet.row_dimensions[3].height = 20
    set_for_print(sheet, f"{book.authority_title}{as_at}{'. ' + INVENTED if book.invented else ''}")


def _describe(workbook: Workbook, book: Book) -> None:
    about = workbook.properties
    about.title = clean(f"Children's services summary, {words.month(book.period)}: {book.authority_title}")
    about.subject = f"Data as at {words.day(book.as_at)}"
    about.creator = about.lastModifiedBy = clean(book.produced_by)
    about.keywords = "invented data" if book.invented else None
    produced = wall_clock(book.produced_at)
    about.created = about.modified = None if produced is None else produced.to_pydatetime()


def _saved(workbook: Workbook) -> bytes:
    """Written by openpyxl's own writer rather than `save`, which would stamp the file with the moment it runs."""
    held = BytesIO()
    ExcelWriter(workbook, ZipFile(held, "w", ZIP_DEFLATED, allowZip64=True)).save()
    return held.getvalue()
