"""How a cell of the Excel summary looks and how a value gets into it safely: palette, styles, number formats, text that stays text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kpi.model import Better
from layouts import words

FAMILY = "Arial"  # the only face of the house family that every Excel and LibreOffice has, or has the measure of
INK, INK_2, ACCENT, EDGE = "1D2227", "505A62", "12436D", "C24A0C"
LINE, LINE_STRONG, WHITE = "DDE1E3", "7F8890", "FFFFFF"
DATA_LINE = "5D7F9D"

# Each status has a word, a shape and (where a colour is earned) a tint with its ink: colour alone never carries it.
STATUS_SHAPES: Mapping[str, str] = MappingProxyType({"met": "●", "near": "◆", "not met": "■", "few cases": "○"})
STATUS_TINTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"met": ("DDF1EF", INK), "near": ("FDE3D4", INK), "not met": ("F3DCE7", "801650")}
)

FIGURE_FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "percent": '0.0" %"', "ratio": '0.0" %"', "mean": "#,##0.0", "rate": "#,##0.0", "value": "#,##0.0", "count": "#,##0",
        "days": '0.0" days"', "median": '0.0" days"',
    }
)  # fmt: skip
WHOLE, SUSTAINED = "#,##0", '0" of 3"'
DAY, MONTH, MOMENT = "[$-809]d mmm yyyy", "[$-809]mmmm yyyy", "[$-809]d mmmm yyyy hh:mm"

_OURS = "Sightline "  # Excel has styles of its own called Title and Normal
MOST_TEXT = 32_767  # what an Excel cell holds, counted in UTF-16 units
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff\ufffe\uffff]")


def status_words(status: object) -> str:
    """The status as people read it: "not met" -> "Not met". An unknown or empty one is "No data"."""
    return words.STATUS_WORDS.get(str(status), words.STATUS_WORDS["no data"])


def status_format(status: object) -> str:
    """The number format that shows a status's shape before its word, so that the cell itself holds the plain word."""
    return f'"{STATUS_SHAPES.get(str(status), words.NONE)} "@'


def change_format(better: Better | None) -> str:
    """The number format that shows what a change means after it: +2.4 better, −0.8 worse."""
    up, down = (words.better_or_worse(sign, better) for sign in (1, -1))
    return f'+0.0" {up}";"{words.MINUS}"0.0" {down}";0.0" no change"'


def clean(value: object) -> str:
    """Any text as a cell can hold it: control characters made visible (as ␀, ␍ ...), and cut where Excel's limit is."""
    text = str(value).replace("\r\n", "\n")
    text = _UNSEEN.sub(_seen, text)
    if len(text) * 2 <= MOST_TEXT:
        return text
    units = text.encode("utf-16-le")
    return text if len(units) <= 2 * MOST_TEXT else units[: 2 * (MOST_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def _seen(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"


def wall_clock(value: Any) -> pd.Timestamp | None:
    """A moment as a clock on an English wall shows it, to the second: Excel knows no time zones."""
    if words.missing(value):
        return None
    moment = pd.Timestamp(value)
    return (moment if moment.tzinfo is None else moment.tz_convert("Europe/London").tz_localize(None)).floor("s")


def put(sheet: Worksheet, row: int, column: int, value: Any, style: str = "text", number_format: str | None = None) -> Cell:
    """Write one value: text always as text (never a formula or an error), missing as an empty cell, a date as a real date."""
    cell: Cell = sheet.cell(row, column)
    cell.style = _OURS + style
    if isinstance(value, str):
        cell.value = clean(value) or None
        cell.data_type = "s"  # whatever openpyxl took "=1+1" or "#N/A" for
        if value.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True
    elif words.missing(value):
        pass
    elif isinstance(value, date):
        moment = wall_clock(value)
        cell.value = None if moment is None else moment.to_pydatetime()
    else:
        number = float(value)
        cell.value = int(number) if number.is_integer() else number
    if number_format:
        cell.number_format = number_format
    return cell


def add_styles(book: Workbook) -> None:
    """Give the workbook the house styles, so that a cell needs one assignment and Excel's style gallery shows them by name."""
    hair, strong = Side(style="thin", color=LINE), Side(style="thin", color=LINE_STRONG)
    ruled, headed = Border(bottom=hair), Border(top=Side(style="medium", color=INK), bottom=strong)

    def style(
        name: str, *, size: int = 10, color: str = INK, bold: bool = False, under: str | None = None, across: str = "left",
        down: str = "center", wrap: bool = False, indent: int = 0, border: Border | None = None, number_format: str = "General",
    ) -> None:  # fmt: skip
        font = Font(name=FAMILY, size=size, color=color, bold=bold, underline=under)
        aligned = Alignment(horizontal=across, vertical=down, wrap_text=wrap, indent=indent)
        book.add_named_style(NamedStyle(_OURS + name, font=font, alignment=aligned, border=border or Border(), number_format=number_format))

    style("title", size=16, bold=True)
    style("line", color=INK_2)
    style("flag", color=EDGE, bold=True)
    style("stamp", indent=1, number_format=DAY)
    style("head", indent=1, size=9, color=INK_2, bold=True, wrap=True, down="bottom", border=headed)
    style("head_right", indent=1, size=9, color=INK_2, bold=True, wrap=True, down="bottom", across="right", border=headed)
    style("text", indent=1, wrap=True, border=ruled)
    style("quiet", indent=1, color=INK_2, wrap=True, border=ruled)
    style("strong", indent=1, bold=True, wrap=True, border=ruled)
    style("link", indent=1, color=ACCENT, wrap=True, border=ruled, under="single")
    style("number", indent=1, across="right", border=ruled, number_format=WHOLE)
    style("figure", indent=1, bold=True, across="right", border=ruled)
    style("day", indent=1, border=ruled, number_format=DAY)
    style("moment", indent=1, border=ruled, number_format=MOMENT)
    style("caption", size=9, color=INK_2, wrap=True, across="center", down="bottom")
    style("block", indent=1, color=INK_2)
    style("block_strong", indent=1, bold=True)
    style("block_small", indent=1, size=9, color=INK_2)
    style("block_last", indent=1, size=9, color=INK_2, border=ruled)
    style("block_figure", indent=1, bold=True, across="right")
    style("block_number", indent=1, size=9, color=INK_2, across="right", number_format=WHOLE)
    style("block_status", indent=1, size=9, across="right", border=ruled)


def colour_by_status(sheet: Worksheet, cells: str, status_cell: str, *, stress: bool = False) -> None:
    """Tint a range by the word in its status cell; only Met, Near and Not met earn a colour. `stress` sets what is not met in bold."""
    for status, (ground, ink) in STATUS_TINTS.items():
        sheet.conditional_formatting.add(
            cells,
            FormulaRule(
                formula=[f'{status_cell}="{words.STATUS_WORDS[status]}"'],
                fill=PatternFill("solid", fgColor=ground, bgColor=ground),
                font=Font(color=ink, bold=True if stress and status != "met" else None),
            ),
        )


@dataclass(frozen=True)
class Column:
    """One column of a plain table: its heading, width in characters, style, and how its value is read off a record."""

    heading: str
    width: float
    of: Callable[[Any], Any]
    style: str = "text"
    format_of: Callable[[Any], str | None] = lambda record: None


def table(sheet: Worksheet, at_row: int, columns: Sequence[Column], records: Iterable[Any], *, nothing: str, least_lines: int = 1) -> int:
    """Write headings at a row and a line for each record, frozen and filterable; returns the last row. `nothing` is said when empty."""
    for number, column in enumerate(columns, 1):
        right = column.style in ("number", "figure")
        put(sheet, at_row, number, column.heading, "head_right" if right else "head")
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.row_dimensions[at_row].height = _height([c.heading for c in columns], columns, 1)
    last = at_row
    for last, record in enumerate(records, at_row + 1):
        values = [column.of(record) for column in columns]
        for number, (column, value) in enumerate(zip(columns, values, strict=True), 1):
            put(sheet, last, number, value, column.style, column.format_of(record))
        sheet.row_dimensions[last].height = _height(values, columns, least_lines)
    sheet.print_title_rows = f"{at_row}:{at_row}"
    if last == at_row:
        put(sheet, at_row + 1, 1, nothing, "line")
        return at_row + 1
    sheet.auto_filter.ref = f"A{at_row}:{get_column_letter(len(columns))}{last}"
    return last


def _height(values: Sequence[Any], columns: Sequence[Column], least_lines: int) -> float:
    """Points enough for the longest text of a line: LibreOffice, unlike Excel, does not grow a row to its wrapped text."""
    texts = ((value, column.width - 2) for value, column in zip(values, columns, strict=True) if isinstance(value, str))
    lines = max([least_lines, *(_lines(text, width) for text, width in texts)])
    return min(13.0 * lines + 5, 409.0)  # Excel's tallest row


def _lines(text: str, width: float) -> int:
    """How many lines a text takes: Arial sets about a tenth more letters in a width than the digits Excel counts it in."""
    return sum(max(1, math.ceil(len(paragraph) / (1.1 * width))) for paragraph in text[:5_000].split("\n"))


def set_for_print(sheet: Worksheet, left: str) -> None:
    """A4 landscape, as wide as the page, with who and what at the foot and the page number."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = ACCENT
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.7
    sheet.oddFooter.left.text = clean(left)[:150].replace("&", "&&").replace("\n", " ")
    sheet.oddFooter.right.text = "Page &P of &N"
    for part in (sheet.oddFooter.left, sheet.oddFooter.right):
        part.size, part.font = 8, f"{FAMILY},Regular"
