"""Opening an old Excel workbook (.xls): its records are walked once for what the reader would trip over or leave out.

The walk finds a password, the day its dates count from, cells in error, how far out the cells lie and how much text they spell out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from data.reading import Refused
from loaders.archive import damage_sentence
from loaders.compound import OLE, Compound, container_of
from loaders.grid import MAX_COLUMNS, Grid
from loaders.sheets import (
    MAX_CELLS,
    MAX_SHEETS,
    MAX_TEXT_BYTES,
    Place,
    cells_of,
    put_back,
    too_large,
    too_many_sheets,
    too_much_text,
    worksheets,
)

__all__ = ["OLE", "open_old_workbook"]

MAX_BYTES = 128 * 2**20
_END, _LOCKED, _FROM_1904, _SHEET, _TEXTS, _MORE, _SIZE, _BEGIN = 0x0A, 0x2F, 0x22, 0x85, 0xFC, 0x3C, 0x200, 0x809
_SHARED, _FLAG_OR_ERROR, _FORMULAS, _MANY = 0xFD, 0x205, (0x06, 0x206, 0x406), (0xBD, 0xBE)
_CELLS = frozenset({0x203, 0x204, 0xD6, 0x27E, 0x201, _SHARED, _FLAG_OR_ERROR, *_FORMULAS, *_MANY})
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass
class _Walked:
    rows: int = 0
    columns: int = 0
    cells: int = 0
    marks: dict[Place, str] = field(default_factory=dict)
    texts: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)


def open_old_workbook(name: str, content: bytes) -> Iterator[Grid]:
    """The sheets of an .xls workbook, in order. Raises `Refused`, saying what to do, where it is locked, damaged or no workbook."""
    try:
        compound = Compound(content)
        stream_name = next((known for known in ("Workbook", "Book", "WORKBOOK", "BOOK") if known in compound.names), None)
        if stream_name is None:
            raise Refused(_no_workbook(name, compound.names))
        stream = bytearray(compound.stream(stream_name))
        if len(stream) > MAX_BYTES:
            raise Refused(f"{name}: it is {len(stream) / 2**20:,.0f} MB, too large for an old workbook. Save its sheets as .csv.")
        since_1904, starts, lengths = _globals(name, stream)
        walked = _walk_sheets(name, stream, starts, lengths)
        fresh = container_of("Workbook" if stream_name.casefold() == "workbook" else "Book", bytes(stream))
    except (ValueError, struct.error, IndexError) as error:
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise Refused(_locked(name) if locked else damage_sentence(name, error)) from error
    book, sheets = worksheets(name, fresh)
    for sheet, position in sheets.items():
        cells = cells_of(name, book, position, with_flags=True)
        found = walked[position] if position < len(walked) else _Walked()
        yield Grid(sheet, put_back(cells, found.marks) if found.marks else cells, since_1904=since_1904)


def _no_workbook(name: str, names: list[str]) -> str:
    if {"EncryptedPackage", "EncryptionInfo"} & set(names):
        return _locked(name)
    return f"{name}: it is an old Office file but not an Excel workbook. Export the extract again, as .xlsx or .csv."


def _locked(name: str) -> str:
    return f"{name}: it is locked with a password. Open it in Excel, take the password off (File, Info, Protect Workbook), and save it."


def _records(stream: bytearray, start: int) -> Iterator[tuple[int, int, int]]:
    """Each record from a place on, to the end of its part: its kind, where its contents begin and how long they are."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, length = stream[at] | stream[at + 1] << 8, stream[at + 2] | stream[at + 3] << 8
        if at + 4 + length > len(stream):
            raise ValueError("a record of it runs past its end")
        yield kind, at + 4, length
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 0:
            return
        at += 4 + length


def _globals(name: str, stream: bytearray) -> tuple[bool, list[int], np.ndarray]:
    """Whether its days count from 1904, where each sheet begins, and how long each shared text is."""
    since_1904, starts, texts, in_texts = False, [], [], False
    for kind, at, length in _records(stream, 0):
        if kind == _LOCKED:
            raise Refused(_locked(name))
        if kind == _FROM_1904:
            since_1904 = struct.unpack_from("<H", stream, at)[0] == 1
        elif kind == _SHEET:
            starts.append(struct.unpack_from("<I", stream, at)[0])
        in_texts = kind == _TEXTS or (in_texts and kind == _MORE)
        if in_texts:
            texts.append(bytes(stream[at : at + length]))
    if len(starts) > MAX_SHEETS:
        raise Refused(too_many_sheets(name, len(starts)))
    return since_1904, starts, _text_lengths(texts)


def _text_lengths(parts: list[bytes]) -> np.ndarray:
    """How many letters each shared text has. A text may run over the edge of a part, and then its letters' width is given anew."""
    if not parts:
        return np.zeros(0, dtype=np.int64)
    (count,) = struct.unpack_from("<4xI", parts[0])
    if count * 3 > sum(map(len, parts)):
        raise ValueError("it says it has more texts than it has room for")
    lengths, part, at = [], 0, 8
    for _ in range(count):
        if at >= len(parts[part]):
            part, at = part + 1, 0
        letters, how = struct.unpack_from("<HB", parts[part], at)
        at += 3
        after = 0
        if how & 8:
            after += 4 * struct.unpack_from("<H", parts[part], at)[0]
            at += 2
        if how & 4:
            after += struct.unpack_from("<I", parts[part], at)[0]
            at += 4
        lengths.append(letters)
        width, left = 2 if how & 1 else 1, letters
        while left:
            here = min(left, (len(parts[part]) - at) // width)
            left, at = left - here, at + here * width
            if left:
                part, at = part + 1, 1
                width = 2 if parts[part][0] & 1 else 1
        at += after
        while at > len(parts[part]) and part + 1 < len(parts):
            part, at = part + 1, at - len(parts[part])
    return np.array(lengths, dtype=np.int64)


def _walk_sheets(name: str, stream: bytearray, starts: list[int], lengths: np.ndarray) -> list[_Walked]:
    walked, cells, letters = [], 0, int(lengths.sum())
    for number, start in enumerate(starts, start=1):
        found = _walk(stream, start, MAX_CELLS - cells)
        places = np.array(found.texts, dtype=np.int64)
        if len(places) and (not len(lengths) or int(places.max()) >= len(lengths)):
            raise ValueError("a cell points at a text that is not there")
        letters += int(lengths[places].sum()) if len(places) else 0
        cells += max(found.rows * found.columns, found.cells)
        if found.columns > MAX_COLUMNS or cells > MAX_CELLS:
            raise Refused(too_large(name, f"number {number}", found.rows, found.columns))
        if letters > MAX_TEXT_BYTES:
            raise Refused(too_much_text(name))
        for at in found.sizes:
            _say_true_size(stream, at, found)
        found.texts.clear()
        walked.append(found)
    return walked


def _walk(stream: bytearray, start: int, most: int) -> _Walked:
    found = _Walked()
    for kind, at, length in _records(stream, start):
        if kind == _SIZE:
            found.sizes.append(at - 4)
        if kind not in _CELLS or length < 6:
            continue
        row, column = stream[at] | stream[at + 1] << 8, stream[at + 2] | stream[at + 3] << 8
        last = column
        if kind in _MANY:
            each = 6 if kind == 0xBD else 2
            last = column + (length - 6) // each - 1
            if last != stream[at + length - 2] | stream[at + length - 1] << 8 or last < column:
                raise ValueError("a row of its cells is not as long as it says")
        elif kind == _SHARED:
            found.texts.append(struct.unpack_from("<I", stream, at + 6)[0])
        elif kind == _FLAG_OR_ERROR and length >= 8 and stream[at + 7]:
            found.marks[row, column] = _ERRORS.get(stream[at + 6], "#N/A")
        elif kind in _FORMULAS and length >= 14 and stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == 2:
            found.marks[row, column] = _ERRORS.get(stream[at + 8], "#N/A")
        found.rows, found.columns = max(found.rows, row + 1), max(found.columns, last + 1)
        found.cells += last - column + 1
        if found.cells > most:
            break
    return found


def _say_true_size(stream: bytearray, at: int, found: _Walked) -> None:
    """A sheet says how large it is before its cells, and room is made for that: so it is made to say what is true."""
    length = struct.unpack_from("<H", stream, at + 2)[0]
    form = "<IIHH" if length >= 14 else "<HHHH"
    if length >= struct.calcsize(form):
        struct.pack_into(form, stream, at + 4, 0, min(found.rows, 65535 if length < 14 else 65536), 0, found.columns)
