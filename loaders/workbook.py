"""Opening an Excel workbook safely: nothing that swells, nothing locked, and no error cell passed over in silence.

Macros, links to other files, pictures and everything else that is not a cell stay shut: only the cells' own parts reach the reader.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator

import pandas as pd
from python_calamine import SheetVisibleEnum

from data.reading import Problem, Refused
from loaders.archive import Archive, damage_sentence
from loaders.grid import MAX_COLUMNS, Grid
from loaders.old_workbook import OLE, open_old_workbook
from loaders.sheet_xml import Outline, SharedTexts, outline_of
from loaders.sheets import MAX_CELLS, MAX_SHEETS, cells_of, put_back, too_large, too_many_sheets, worksheets

_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_NEEDED = frozenset({"[content_types].xml", "_rels/.rels", _BOOK, _RELATIONS, "xl/styles.xml", "xl/sharedstrings.xml"})
_MAX_PART_BYTES = {"xl/sharedstrings.xml": 160 * 2**20}
_MAX_SMALL_PART = 32 * 2**20
_MAX_SHEET_BYTES = 400 * 2**20


def open_workbook(name: str, content: bytes) -> Iterator[Grid]:
    """The sheets of an Excel workbook, in order. Raises `Refused`, saying what to do, where it is not safe or not whole."""
    if content.startswith(OLE):
        yield from open_old_workbook(name, content)
        return
    archive = Archive(name, content)
    parts, since_1904 = _parts(name, archive)
    outlines = _outlines(name, archive, parts)
    kept = [part for part in archive.names if part.casefold() in _NEEDED or part in set(parts.values())]
    book, sheets = worksheets(name, archive.repacked(kept))
    if lost := [sheet for sheet in sheets if sheet not in parts]:
        raise Refused(damage_sentence(name, f"the cells of sheet {lost[0][:60]!r} are not in it"))
    hidden = {sheet.name for sheet in book.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible}
    for sheet, position in sheets.items():
        cells = cells_of(name, book, position, with_flags=outlines[sheet].has_flags)
        yield _grid(sheet, cells, outlines[sheet], since_1904, hidden=sheet in hidden)


def _grid(sheet: str, cells: pd.DataFrame, outline: Outline, since_1904: bool, *, hidden: bool) -> Grid:
    problems: tuple[Problem, ...] = ()
    if hidden:
        says = "This sheet is hidden in the workbook, and its rows were read like any other's: take the sheet out if they should not count."
        problems = (Problem(says, sheet=sheet),)
    if outline.unplaced:
        says = f"{outline.unplaced} cells hold an Excel error, in places the file does not give. Save it again in Excel."
        problems += (Problem(says, sheet=sheet),)
    return Grid(sheet, put_back(cells, outline.marks) if outline.marks else cells, since_1904=since_1904, problems=problems)


def _outlines(name: str, archive: Archive, parts: dict[str, str]) -> dict[str, Outline]:
    """Each sheet looked through, and measured, before any is read."""
    shared = SharedTexts(name, archive, next((part for part in archive.names if part.casefold() == "xl/sharedstrings.xml"), None))
    if len(parts) > MAX_SHEETS:
        raise Refused(too_many_sheets(name, len(parts)))
    outlines, cells = {}, 0
    for sheet, part in parts.items():
        if archive.size(part) > _MAX_SHEET_BYTES:
            raise Refused(
                f"{name}, sheet {sheet!r}: it is {archive.size(part) / 2**20:,.0f} MB when unpacked, too large to read. Save it as .csv."
            )
        outline = outlines[sheet] = outline_of(name, archive, part, shared)
        cells += outline.rows * outline.columns
        if outline.columns > MAX_COLUMNS or cells > MAX_CELLS:
            raise Refused(too_large(name, sheet, outline.rows, outline.columns))
    return outlines


def _parts(name: str, archive: Archive) -> tuple[dict[str, str], bool]:
    """Sheet name -> where its cells are in the archive; and whether the workbook counts days from 1904."""
    known = set(archive.names)
    if not {_BOOK, _RELATIONS} <= known:
        raise Refused(_other_zip(name, known))
    for part in known:
        small = part.casefold() in _NEEDED
        if small and archive.size(part) > _MAX_PART_BYTES.get(part.casefold(), _MAX_SMALL_PART):
            raise Refused(damage_sentence(name, f"{part} is {archive.size(part) / 2**20:,.0f} MB, far more than Excel writes"))
        if small and part.casefold() != "xl/sharedstrings.xml" and b"<!DOCTYPE" in archive.read(part):
            raise Refused(damage_sentence(name, "it declares entities of its own, which Excel never does"))
    workbook = archive.read(_BOOK).decode("utf-8", errors="replace")
    targets = {}
    for tag in _RELATION.findall(archive.read(_RELATIONS).decode("utf-8", errors="replace")):
        attributes = _attributes(tag)
        target = attributes.get("Target", "")
        targets[attributes.get("Id", "")] = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    parts = {}
    for tag in _SHEET.findall(workbook):
        attributes = _attributes(tag)
        part = targets.get(next((value for key, value in attributes.items() if key.endswith(":id")), ""), "")
        if part in known and "chartsheet" not in part:
            parts[attributes.get("name", "")] = part
    return parts, bool(re.search(r"date1904\s*=\s*[\"'](1|true)[\"']", workbook))


def _attributes(tag: str) -> dict[str, str]:
    return {key: html.unescape(double or single) for key, double, single in _ATTRIBUTE.findall(tag)}


def _other_zip(name: str, parts: set[str]) -> str:
    if "xl/workbook.bin" in parts:
        return f"{name}: it is an Excel binary workbook (.xlsb), which is not read. Open it in Excel and save it as .xlsx, then load that."
    if "content.xml" in parts:
        return f"{name}: it is an OpenDocument file (.ods), which is not read. Open it and save it as .xlsx or .csv, then load that."
    return f"{name}: it is a zip file but not an Excel workbook (.xlsx). Take the extract out of it and load that."
