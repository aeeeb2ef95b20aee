"""What a sheet's own XML tells before it is read: how far out its cells lie, how much text they hold, and which are in error.

A workbook can overstate a sheet's size a million-fold, and write one long text into a million cells; both are measured here. The reader
used gives an error cell, and a formula whose result was never saved, as empty, so their places are noted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import unescape

import numpy as np

from data.reading import Refused
from loaders.archive import Archive, damage_sentence
from loaders.cells import NO_SAVED_VALUE
from loaders.sheets import MAX_TEXT_BYTES, Place, too_much_text

MAX_SHARED_TEXTS = 3_000_000
MAX_MARKS = 300_000
_AROUND_TEXT = len("><t></t></si>")
_LONGEST_ROW = 64 * 2**20

# Each pattern begins with fixed letters, so a sheet of a hundred megabytes is looked through in a fraction of a second.
_PREFIX = re.compile(rb"<(/?)\w+:")
_ROW = re.compile(rb"r=\"(\d+)\"")
_FIRST_OF_ROW = re.compile(rb"<row r=\"(\d+)\"")
_FAR_CELL = re.compile(rb"r=\"([A-Z]{2,})\d")
_ODD_TAG = re.compile(rb"<(?:c|row)[\n\t\r/>]")
_TAGS = re.compile(rb"<(c|row)((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*/?>")
_REFERENCE = re.compile(rb"[\s:]r\s*=\s*[\"']\s*([A-Z]*)(\d*)\s*[\"']")
_ERROR_CELL = re.compile(rb"<c\b([^>]*\bt=[\"']e[\"'][^>]*)>(?:\s*<f\b[^>]*?(?:/>|>[^<]*</f>))?\s*(?:<v>([^<]*)<)?")
_UNSAVED = re.compile(rb"<c\b([^>]*)>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_PLACE = re.compile(rb"\br=[\"']([A-Z]+)(\d+)[\"']")
_NUMBER = re.compile(rb"<v[^>]*>\s*(\d{1,9})\s*<")
_ESCAPED = re.compile(rb"<v[^>]*>[^<]*&#")
_TEXT_FORMULA = re.compile(rb"\bt=[\"']str[\"']")


@dataclass
class Outline:
    """A sheet as its XML shows it. `marks`: what the reader leaves out, by place; `unplaced`: how many more have no place."""

    rows: int = 0
    columns: int = 0
    marks: dict[Place, str] = field(default_factory=dict)
    unplaced: int = 0
    has_flags: bool = False


class SharedTexts:
    """How long each text is that the cells of a workbook share."""

    def __init__(self, name: str, archive: Archive, part: str | None) -> None:
        self._name = name
        lengths: list[int] = []
        for piece in _cut(name, archive.pieces(part), b"<si") if part else ():
            lengths += [max(len(text) - _AROUND_TEXT, 1) for text in _without_prefixes(piece, b"<si").split(b"<si")[1:]]
            if len(lengths) > MAX_SHARED_TEXTS:
                raise Refused(f"{name}: it holds over {MAX_SHARED_TEXTS:,} different texts. Save its sheets as .csv, and load those.")
        self._lengths = np.array([*lengths, 0], dtype=np.int64)
        self._longest = int(self._lengths.max())
        self._spelt_out = int(self._lengths.sum())

    def check(self, piece: bytes, count: int) -> None:
        """Count what a piece of a sheet spells out of them in up to so many cells; refuse the workbook where it is beyond measure."""
        if count * self._longest + self._spelt_out > MAX_TEXT_BYTES:
            numbers = np.array(_NUMBER.findall(piece), dtype="S9")
            places = np.minimum(numbers.astype(np.int64), len(self._lengths) - 1) if len(numbers) else np.zeros(0, dtype=np.int64)
            self._spelt_out += int(self._lengths[places].sum()) + self._longest * len(_ESCAPED.findall(piece))
        else:
            self._spelt_out += count * self._longest
        if self._spelt_out > MAX_TEXT_BYTES:
            raise Refused(too_much_text(self._name))


def outline_of(name: str, archive: Archive, part: str, shared: SharedTexts) -> Outline:
    """Look a sheet through, piece by piece. Raises `Refused` where its XML is not what Excel writes."""
    outline = Outline()
    for piece in _cut(name, archive.pieces(part), b"<row"):
        xml = _without_prefixes(piece, b"<row")
        cells, rows, placed = xml.count(b"<c"), xml.count(b"<row"), xml.count(b' r="')
        if cells + rows != placed and _ODD_TAG.search(xml) is None:  # columns and conditions begin with c too
            cells, rows = xml.count(b"<c "), xml.count(b"<row ")
        if cells + rows == placed and not (b"'" in xml and b"='" in xml):
            shared.check(xml, cells)
            _reach(xml, rows, outline)
            outline.has_flags = outline.has_flags or b't="b"' in xml
            in_error = b't="e"' in xml
        else:
            shared.check(xml, xml.count(b"<v"))
            _reach_by_tag(name, xml, outline)
            outline.has_flags = in_error = True
        _mark(name, xml, outline, in_error=in_error)
    return outline


def _cut(name: str, pieces: Iterable[bytes], tag: bytes) -> Iterator[bytes]:
    """The same bytes cut only where a tag begins."""
    refuse = damage_sentence(name, "a row of it is larger than a sheet should be")
    prefixed, held = b":" + tag[1:], b""
    for piece in pieces:
        if b"!" in piece and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):  # one character alone is looked for ten times as fast
            raise Refused(damage_sentence(name, "it declares entities of its own, which Excel never does"))
        held += piece
        at = held.rfind(tag)
        if at < 0:
            at = held.rfind(b"<", 0, max(held.rfind(prefixed), 0))
        if at > 0:
            yield held[:at]
            held = held[at:]
        if len(held) > _LONGEST_ROW:
            raise Refused(refuse)
    yield held


def _without_prefixes(xml: bytes, tag: bytes) -> bytes:
    return xml if tag in xml or b":" + tag[1:] not in xml else _PREFIX.sub(rb"<\1", xml)


def _reach(xml: bytes, rows: int, outline: Outline) -> None:
    """How far out the cells lie, where every one of them gives its place."""
    numbers = _FIRST_OF_ROW.findall(xml)
    if len(numbers) != rows:
        numbers = _ROW.findall(xml)
    outline.rows = max(outline.rows, max(map(int, numbers), default=0))
    beyond = _FAR_CELL if outline.columns >= 26 else re.compile(rb"r=\"([A-Z]{2,}|[" + bytes([ord("A") + outline.columns]) + rb"-Z])\d")
    outline.columns = max(outline.columns, *(column_number(found) for found in set(beyond.findall(xml))), 0)


def _reach_by_tag(name: str, xml: bytes, outline: Outline) -> None:
    """How far out the cells lie, where some leave their place to be counted."""
    row, column, seen = outline.rows, 0, 0
    for found in _TAGS.finditer(xml):
        place = _REFERENCE.search(found[2])
        seen += 1
        if found[1] == b"row":
            row, column = int(place[2]) if place and place[2] else row + 1, 0
        else:
            column = column_number(place[1]) if place and place[1] else column + 1
            row = int(place[2]) if place and place[2] else row
        outline.rows, outline.columns = max(outline.rows, row), max(outline.columns, column)
    if seen != xml.count(b"<c ") + xml.count(b"<row ") + len(_ODD_TAG.findall(xml)):
        raise Refused(damage_sentence(name, "its cells are not written as Excel writes them"))


def _mark(name: str, xml: bytes, outline: Outline, *, in_error: bool) -> None:
    marked: list[tuple[bytes, str]] = []
    if in_error:
        marked += [(where, unescape((value or b"#N/A").decode("utf-8", errors="replace"))) for where, value in _ERROR_CELL.findall(xml)]
    if b"<f" in xml:
        marked += [(where, NO_SAVED_VALUE) for where in _UNSAVED.findall(xml) if not _TEXT_FORMULA.search(where)]
    for where, says in marked:
        place = _PLACE.search(where)
        if place is None:
            outline.unplaced += 1
        else:
            outline.marks[int(place[2]) - 1, column_number(place[1]) - 1] = says
    if len(outline.marks) > MAX_MARKS:
        raise Refused(
            f"{name}: over {MAX_MARKS:,} of its cells hold an Excel error, or a formula without a saved result. "
            "Open it in Excel, mend the formulas, save it, and load it again."
        )


def column_number(letters: bytes) -> int:
    """A column's letters as its number, counted from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
