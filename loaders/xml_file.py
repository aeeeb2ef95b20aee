"""Opening a statutory return in XML: which return it is, the day it speaks of, and a sheet for each of its modules.

The sheets are then read like those of a workbook: headings are the names of the elements, and a row is shown by the line it begins on.
Rows lie in the order of what they hold, not of the file, so the same return written out in another order reads the same.
"""

from __future__ import annotations

import codecs
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from data.reading import Problem, Refused
from loaders.cells import day_reader
from loaders.cin_census_layout import CIN_CENSUS_LAYOUT
from loaders.grid import Grid
from loaders.workforce_census_layout import WORKFORCE_CENSUS_LAYOUT
from loaders.xml_layout import Layout, Module
from loaders.xml_records import Records, Sheet, read_records

LAYOUTS: tuple[Layout, ...] = (CIN_CENSUS_LAYOUT, WORKFORCE_CENSUS_LAYOUT)
_ROOTS = re.compile(r"message|csww\w*", re.IGNORECASE)
_OTHER_ROOTS = re.compile(r"html|workbook", re.IGNORECASE)  # a web page, and Excel's own XML of 2003
_BEFORE_THE_ROOT = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_DOCTYPE = re.compile(r"\s*<!DOCTYPE\s+([\w.:-]*)", re.IGNORECASE)
_SNIFFED_BYTES = 8192
MAX_CELLS = 15_000_000  # of one sheet, empty ones counted


def is_xml(content: bytes) -> bool:
    """Whether this is XML that is not a web page or an Excel sheet in disguise: told by how it begins, whatever it is called."""
    head = _beginning(content)
    declared = head.lstrip().startswith("<?xml")
    while found := _BEFORE_THE_ROOT.match(head):
        head = head[found.end() :]
    root = _DOCTYPE.match(head) or _ROOT.match(head)
    if root is None:
        return declared
    return bool(_ROOTS.fullmatch(root[1])) or (declared and not _OTHER_ROOTS.fullmatch(root[1]))


def _beginning(content: bytes) -> str:
    head = content[:_SNIFFED_BYTES]
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, errors="replace")
    if head.startswith((b"<\0", b"\0<")):
        return head.decode("utf-16-le" if head.startswith(b"<") else "utf-16-be", errors="replace")
    return head.decode("latin-1")


def open_xml(name: str, content: bytes) -> list[Grid]:
    """The modules of a return, each as a sheet. Raises Refused where the file is unsafe, damaged or no return that is read."""
    content, skipped = _from_its_first_mark(content)
    modules = [module for layout in LAYOUTS for module in layout.modules]
    problems: list[Problem] = []
    try:
        records = read_records(name, content, modules, skipped=skipped)
    except Refused:
        if b"encoding" in content[:200] or _is_unicode(content):
            raise
        records = read_records(name, content, modules, encoding="windows-1252", skipped=skipped)
        problems.append(Problem("Its letters are in the older Windows way of writing (Windows-1252) and were read so.", "note"))
    layout = _layout(name, records)
    stated_on, said = _stated(records, layout)
    grids = [_grid(name, module, records, layout.renamed, stated_on) for module in layout.modules]
    return [replace(grids[0], problems=(*problems, *said, *records.problems)), *grids[1:]]


def _from_its_first_mark(content: bytes) -> tuple[bytes, int]:
    """The content without the blank space before an XML declaration, which XML does not allow and files often have; and its lines."""
    bare = content.removeprefix(codecs.BOM_UTF8).lstrip()
    if not bare.startswith(b"<?xml"):
        return content, 0
    return bare, content[: len(content) - len(bare)].count(b"\n")


def _is_unicode(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return True


def _layout(name: str, records: Records) -> Layout:
    collection = records.header.get("Collection", ("", 0))[0]
    for layout in LAYOUTS:
        if collection.casefold() == layout.collection.casefold():
            return layout
    for layout in LAYOUTS:
        if not collection and any(module.tag in records.sheets for module in layout.modules):
            return layout
    known = " and ".join(layout.title for layout in LAYOUTS)
    what = f"its header calls it “{collection[:60]}”" if collection else f"it begins with <{records.root[:60]}>"
    raise Refused(f"{name}: it is XML, but {what}. The returns read in XML are {known}; save anything else as .xlsx or .csv.")


def _stated(records: Records, layout: Layout) -> tuple[pd.Timestamp | None, list[Problem]]:
    """The day the return's header says it speaks of, and what is wrong with the header."""
    text, line = records.header.get("ReferenceDate", ("", 0))
    year, year_line = records.header.get("Year", ("", 0))
    else_says = "so the file's name, or else the latest date in it, tells what day it speaks of; mend it, or say the day with --as-at"
    if not text:
        return None, [Problem(f"The header has no ReferenceDate, {else_says}.", sheet="Header", column="ReferenceDate")]
    day = day_reader()(text)
    if not isinstance(day, dt.date):
        return None, [Problem(f"“{text[:40]}” is not a day, {else_says}.", "warning", "Header", line, "ReferenceDate", text[:40])]
    problems = []
    if year and year != str(day.year):
        says = f"“{year[:10]}” is not the year of the ReferenceDate ({day:%d/%m/%Y}), which is what {layout.title} is taken to speak of."
        problems.append(Problem(says, "warning", "Header", year_line, "Year", year[:10]))
    return pd.Timestamp(day).as_unit("s"), problems


def _grid(name: str, module: Module, records: Records, renamed: Sequence[tuple[str, str]], stated_on: pd.Timestamp | None) -> Grid:
    sheet = records.sheets.get(module.tag, Sheet())
    known = dict.fromkeys((*module.above, *module.header, *module.headings))
    headings = [*known, *sorted(set(sheet.columns) - set(known))]
    if len(sheet.lines) * len(headings) > MAX_CELLS:
        rows = f"<{module.tag}> has {len(sheet.lines):,} rows of up to {len(headings)} values, more than is read at once"
        raise Refused(f"{name}: {rows}. Split the return, and load the parts.")
    cells = pd.DataFrame({heading: _column(sheet, heading) for heading in headings}, dtype=object)
    for heading in module.header:
        cells[heading] = records.header.get(heading, ("", 0))[0]
    for heading, other in renamed:
        if heading in cells and other in cells:
            cells[heading] = cells[heading].where(cells[heading] != "", cells[other])
            cells = cells.drop(columns=other)
    ranks = [pd.factorize(cells[heading].to_numpy(), sort=True)[0] for heading in reversed(cells.columns)]
    order = np.lexsort(ranks)
    values = np.vstack([np.array([list(cells.columns)], dtype=object), cells.to_numpy()[order]])
    lines = np.frombuffer(sheet.lines, dtype=np.int64)[order] if sheet.lines else np.zeros(0, dtype=np.int64)
    return Grid(module.sheet, pd.DataFrame(values, dtype=object), lines=np.concatenate(([1], lines)), stated_on=stated_on)


def _column(sheet: Sheet, heading: str) -> np.ndarray:
    """A value for each row of the sheet, "" where there is none."""
    values = np.full(len(sheet.lines), "", dtype=object)
    if heading in sheet.columns:
        rows, found = sheet.columns[heading]
        values[np.frombuffer(rows, dtype=np.int64)] = found
    return values
