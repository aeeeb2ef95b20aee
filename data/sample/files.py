"""Writes workbooks and text files byte for byte the same each time: no clock, no random id, no order left to chance."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.writer.excel import ExcelWriter

from data.sample.days import uk_text

Cell = str | int | float | None
STAMP = datetime(2026, 6, 1, 9)  # every workbook says it was made then, so that two runs give the same bytes
EXCEL_DAY_ZERO = 25569  # 1 January 1970 as Excel counts days
ABOUT = "Invented data: a simulated council. No real child, worker or council is shown."
_OPENING = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
_ESCAPED: dict[str, str] = {}


@dataclass
class Sheet:
    """One sheet: rows of cells. In the columns numbered in `dates` a whole number is a day; `header` is the index of the heading row."""

    name: str
    rows: list[list[Cell]]
    dates: frozenset[int] = frozenset()
    header: int = 0


def _letters(index: int) -> str:
    return (chr(64 + index // 26) if index >= 26 else "") + chr(65 + index % 26)


_LETTERS = tuple(_letters(i) for i in range(60))


def _text(value: str) -> str:
    if value not in _ESCAPED:
        _ESCAPED[value] = f' t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return _ESCAPED[value]


def _sheet_xml(sheet: Sheet) -> str:
    out = [_OPENING]
    for number, row in enumerate(sheet.rows, start=1):
        out.append(f'<row r="{number}">')
        body = number > sheet.header + 1
        for index, value in enumerate(row):
            if value is None:
                continue
            at = f'<c r="{_LETTERS[index]}{number}"'
            if isinstance(value, str):
                out.append(at + (' s="2"' if number == sheet.header + 1 else "") + _text(value))
            elif body and index in sheet.dates:
                out.append(f'{at} s="1"><v>{int(value) + EXCEL_DAY_ZERO}</v></c>')
            else:
                out.append(f"{at}><v>{value}</v></c>")
        out.append("</row>")
    out.append("</sheetData></worksheet>")
    return "".join(out)


def _frame(sheets: Sequence[Sheet], title: str) -> ZipFile:
    """The workbook without its cells, as openpyxl writes it: names, styles and properties. Style 1 is a date, style 2 a heading."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        empty = book.create_sheet(sheet.name)
        empty["A1"].number_format = "dd/mm/yyyy"
        empty["A2"].font = Font(bold=True)
    about = book.properties
    about.title, about.creator, about.description, about.created, about.modified = title, "Invented Council", ABOUT, STAMP, STAMP
    held = io.BytesIO()
    ExcelWriter(book, ZipFile(held, "w")).save()  # not book.save(): that would put the time of day into the properties
    return ZipFile(held)


def write_workbook(path: Path, sheets: Sequence[Sheet], title: str) -> None:
    """An Excel workbook. Its title and description say that it is invented.

    The cells are put in as text, which takes a sixth of the time openpyxl needs for a council's worth of rows.
    """
    cells = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, start=1)}
    with _frame(sheets, title) as frame, ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name in frame.namelist():
            info = ZipInfo(name, STAMP.timetuple()[:6])
            info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, 0o600 << 16, 3
            content = _sheet_xml(cells[name]).encode() if name in cells else frame.read(name)
            archive.writestr(info, content, compresslevel=3)


def write_csv(path: Path, sheet: Sheet, *, mark: bool = False) -> None:
    """A text file with commas, days as dd/mm/yyyy; with a byte-order mark as Excel writes it where `mark`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for number, row in enumerate(sheet.rows):
        writer.writerow([_as_text(value, number > sheet.header and index in sheet.dates) for index, value in enumerate(row)])
    path.write_bytes(text.getvalue().encode("utf-8-sig" if mark else "utf-8"))


def _as_text(value: Cell, is_day: bool) -> Cell:
    return uk_text(value) if is_day and isinstance(value, int) else value
