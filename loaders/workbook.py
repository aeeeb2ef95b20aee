"""Opening an Excel workbook safely: nothing that swells, nothing locked, and no error cell passed over in silence.

The reader used (calamine) gives an error cell, and a formula whose result was never saved, as empty. So the sheets' own XML is looked
through for both, and for the true size of each sheet, which a workbook can overstate a million-fold.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.sax.saxutils import unescape

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from data.reading import Problem, Refused
from loaders.cells import NO_SAVED_VALUE
from loaders.grid import MAX_COLUMNS, Grid

MAX_UNZIPPED_BYTES = 600 * 2**20
MAX_CELLS = 15_000_000
_RATIO = 400  # honest sheets shrink ten- to fifty-fold

# Each pattern begins with fixed letters, so a sheet of a hundred megabytes is looked through in a fraction of a second.
_PREFIX = re.compile(rb"<(/?)\w+:")
_ROW = re.compile(rb"r=[\"'](\d+)[\"']")
_FAR_CELL = re.compile(rb"r=[\"']([A-Z]{2,})\d+[\"']")
_ERROR_CELL = re.compile(rb"<c\b([^>]*\bt=\"e\"[^>]*)>(?:\s*<f\b[^>]*?(?:/>|>[^<]*</f>))?\s*(?:<v>([^<]*)<)?")
_UNSAVED = re.compile(rb"<c\b([^>]*)>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_PLACE = re.compile(rb"\br=\"([A-Z]+)(\d+)\"")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*\"([^\"]*)\"")
_DAMAGE = (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_workbook(name: str, content: bytes) -> Iterator[Grid]:
    """The sheets of an .xlsx workbook, in order."""
    if content.startswith(_OLE):
        raise Refused(_ole_sentence(name, content))
    archive = _checked_archive(name, content)
    parts, since_1904 = _parts(name, archive)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheet_names:
            if sheet in parts:
                xml = _sheet_xml(archive, parts[sheet])
                _check_size(name, sheet, xml)
                rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
                yield _with_unreadable_cells(sheet, pd.DataFrame(rows, dtype=object), xml, since_1904)
    except _DAMAGE as error:
        raise Refused(_damage_sentence(name, error)) from error


def _damage_sentence(name: str, error: Exception) -> str:
    return f"{name}: Excel's own structure in it is damaged ({error}). Open it in Excel, save it again, and load that."


def _ole_sentence(name: str, content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return f"{name}: it is locked with a password. Open it in Excel, take the password off (File, Info, Protect Workbook), and save it."
    return f"{name}: it is in the old Excel format (.xls). Open it in Excel and save it as .xlsx, then load that."


def _checked_archive(name: str, content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _DAMAGE as error:
        raise Refused(f"{name}: it is not an Excel workbook, or it is damaged or cut short. Export it again, as .xlsx or .csv.") from error
    infos = archive.infolist()
    swollen = sum(info.file_size for info in infos)
    dense = any(info.file_size > 50 * 2**20 and info.file_size > _RATIO * max(info.compress_size, 1) for info in infos)
    if swollen > MAX_UNZIPPED_BYTES or dense or len(infos) > 10_000:
        raise Refused(
            f"{name}: it would unpack to {swollen / 2**20:,.0f} MB, which no extract should. "
            "Copy the lists into a new workbook, or save them as .csv, and load that."
        )
    if any(info.flag_bits & 1 for info in infos):
        raise Refused(f"{name}: it is locked with a password. Take the password off and save it.")
    return archive


def _parts(name: str, archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Sheet name -> where its cells are in the archive; and whether the workbook counts days from 1904."""
    try:
        workbook = archive.read("xl/workbook.xml").decode("utf-8", errors="replace")
        relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", errors="replace")
    except KeyError as error:
        raise Refused(f"{name}: it is a zip file but not an Excel workbook (.xlsx). Take the extract out of it and load that.") from error
    except _DAMAGE as error:
        raise Refused(_damage_sentence(name, error)) from error
    targets = {}
    for tag in _RELATION.findall(relations):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = attributes.get("Target", "")
        targets[attributes.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    known = set(archive.namelist())
    parts = {}
    for tag in _SHEET.findall(workbook):
        attributes = dict(_ATTRIBUTE.findall(tag))
        part = targets.get(next((value for key, value in attributes.items() if key.endswith(":id")), ""), "")
        if part in known and "chartsheet" not in part:
            parts[unescape(attributes.get("name", ""), {"&quot;": '"', "&apos;": "'"})] = part
    return parts, bool(re.search(r"date1904\s*=\s*\"(1|true)\"", workbook))


def _sheet_xml(archive: zipfile.ZipFile, part: str) -> bytes:
    """A sheet's XML, without name-space prefixes."""
    xml = archive.read(part)
    return xml if b"<row" in xml or b":row" not in xml else _PREFIX.sub(rb"<\1", xml)


def _check_size(name: str, sheet: str, xml: bytes) -> None:
    rows = max((int(found) for found in _ROW.findall(xml)), default=0)
    columns = max((_column_number(found) for found in set(_FAR_CELL.findall(xml))), default=26)
    if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise Refused(
            f"{name}, sheet {sheet!r}: a cell lies as far out as row {rows:,}, column {columns:,}, so the sheet is too large to read. "
            "Copy the list itself into a new workbook and load that."
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _with_unreadable_cells(sheet: str, cells: pd.DataFrame, xml: bytes, since_1904: bool) -> Grid:
    """Put back, as text, what the reader gives as empty: error cells, and formulas without a saved result."""
    marked: list[tuple[bytes, str]] = []
    if b't="e"' in xml:
        marked += [
            (attributes, unescape((value or b"#N/A").decode("utf-8", errors="replace"))) for attributes, value in _ERROR_CELL.findall(xml)
        ]
    if b"<f" in xml:
        marked += [(attributes, NO_SAVED_VALUE) for attributes in _UNSAVED.findall(xml) if b't="str"' not in attributes]
    placed = [(found, value) for attributes, value in marked if (found := _PLACE.search(attributes))]
    problems: tuple[Problem, ...] = ()
    if len(placed) < len(marked):
        says = f"{len(marked) - len(placed)} cells hold an Excel error, in places the file does not give. Save it again in Excel."
        problems = (Problem(says, sheet=sheet),)
    if placed:
        rows = [int(found[2]) - 1 for found, _ in placed]
        columns = [_column_number(found[1]) - 1 for found, _ in placed]
        height, width = max(len(cells), max(rows) + 1), max(cells.shape[1], max(columns) + 1)
        filled = cells.reindex(index=range(height), columns=range(width), fill_value="").to_numpy(dtype=object, copy=True)
        filled[rows, columns] = [value for _, value in placed]
        cells = pd.DataFrame(filled, dtype=object)
    return Grid(sheet, cells, since_1904=since_1904, problems=problems)
