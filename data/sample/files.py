"""Writes workbooks and text files byte for byte the same each time: no clock, no random id, no order left to chance."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
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
_TITLE = "The title of the workbook"


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


class _Tails(dict[Cell, str]):
    """What stands after a cell's place for each value, made once: a council says the same few thousand things over and over."""

    def __init__(self, *, days: bool) -> None:
        super().__init__()
        self._days = days

    def __missing__(self, value: Cell) -> str:
        if isinstance(value, str):
            tail = f' t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        elif self._days and isinstance(value, int):
            tail = f' s="1"><v>{value + EXCEL_DAY_ZERO}</v></c>'
        else:
            tail = f"><v>{value:.15g}</v></c>"
        self[value] = tail
        return tail


_PLAIN, _DAYS = _Tails(days=False), _Tails(days=True)


def _sheet_xml(sheet: Sheet) -> str:
    out = [_OPENING]
    columns = [_DAYS if index in sheet.dates else _PLAIN for index in range(len(_LETTERS))]
    for number, row in enumerate(sheet.rows, start=1):
        if number > sheet.header + 1:
            cells = [
                f'<c r="{at}{number}"{tails[value]}' for at, tails, value in zip(_LETTERS, columns, row, strict=False) if value is not None
            ]
        else:
            style = ' s="2"' if number == sheet.header + 1 else ""
            cells = [f'<c r="{at}{number}"{style}{_PLAIN[value]}' for at, value in zip(_LETTERS, row, strict=False) if value is not None]
        out.append(f'<row r="{number}">{"".join(cells)}</row>')
    out.append("</sheetData></worksheet>")
    return "".join(out)


@cache
def _empty_book(names: tuple[str, ...]) -> bytes:
    """A workbook without its cells and title, as openpyxl writes it: names, styles and properties. Style 1 is a date, 2 a heading."""
    book = Workbook()
    book.remove(book.active)
    for name in names:
        empty = book.create_sheet(name)
        empty["A1"].number_format = "dd/mm/yyyy"
        empty["A2"].font = Font(bold=True)
    about = book.properties
    about.title, about.creator, about.description, about.created, about.modified = _TITLE, "Invented Council", ABOUT, STAMP, STAMP
    held = io.BytesIO()
    ExcelWriter(book, ZipFile(held, "w")).save()  # not book.save(): that would put the time of day into the properties
    return held.getvalue()


def write_workbook(path: Path, sheets: Sequence[Sheet], title: str) -> None:
    """An Excel workbook. Its title and description say that it is invented.

    The cells are put in as text, which takes a sixth of the time openpyxl needs for a council's worth of rows.
    """
    said = escape(title).encode()
    cells = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, start=1)}
    with ZipFile(io.BytesIO(_empty_book(tuple(sheet.name for sheet in sheets)))) as frame, ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name in frame.namelist():
            info = ZipInfo(name, STAMP.timetuple()[:6])
            info.compress_type, info.external_attr, info.create_system = ZIP_DEFLATED, 0o600 << 16, 3
            content = _sheet_xml(cells[name]).encode() if name in cells else frame.read(name).replace(_TITLE.encode(), said)
            archive.writestr(info, content, compresslevel=3)


def write_csv(path: Path, sheet: Sheet, *, mark: bool = False) -> None:
    """A text file with commas, days as dd/mm/yyyy; with a byte-order mark as Excel writes it where `mark`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    days = sorted(sheet.dates)
    for number, row in enumerate(sheet.rows):
        written = list(row)
        for index in days if number > sheet.header else ():
            value = row[index]
            written[index] = uk_text(value) if isinstance(value, int) else value
        writer.writerow(written)
    path.write_bytes(text.getvalue().encode("utf-8-sig" if mark else "utf-8"))
