"""Opening a text file (CSV): its encoding and separator are found out, and rows with a cell too many or too few are seen."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import Literal

import numpy as np
import pandas as pd

from data.reading import Refused
from loaders.encoding import MAX_LINE_BYTES, Text, as_utf8
from loaders.gathering import Coded, Gathered, check_width
from loaders.grid import Grid, factorized

SEPARATORS = (",", ";", "\t", "|")
_SNIFFED, _SNIFFED_BYTES = 20, 1_000_000
_CELLS_AT_ONCE = 1_000_000
_NEWLINE, _QUOTE = ord("\n"), ord('"')


def open_text(name: str, content: bytes) -> Grid:
    """The one sheet of a text file."""
    text = as_utf8(name, content)
    head = text.head(_SNIFFED_BYTES)
    if head.lstrip()[:1] == "<":
        raise Refused(
            f"{name}: it is a web page or XML, not a table. Open it in Excel and save it as .xlsx or .csv; "
            "of XML, only statutory returns are read."
        )
    separator = _separator(name, head)
    cells, widths = _read_plainly(text, separator) or _read_quoted(text, separator)
    return Grid(None, cells, widths, problems=text.problems)


def _separator(name: str, head: str) -> str:
    """The separator that cuts the first rows into most cells."""
    lines = "\n".join(head.split("\n")[:_SNIFFED])
    widest = {}
    for separator in SEPARATORS:
        try:
            widest[separator] = max((len(row) for row in csv.reader(io.StringIO(lines), delimiter=separator)), default=0)
        except csv.Error:
            widest[separator] = 0
    best = max(SEPARATORS, key=lambda separator: widest[separator])
    check_width(name, widest[best])
    return best


def _read_plainly(text: Text, separator: str) -> tuple[pd.DataFrame, np.ndarray] | None:
    """The quick way, for text whose quotation marks, if any, stand only around whole cells. None where they do not."""
    gathered, all_widths, row = Gathered(text.name), [], 0
    for block in text.blocks():
        widths = _widths(text, block, separator, row)
        if widths is None:
            return None
        width = int(widths.max(initial=1))
        check_width(text.name, width)
        gathered.add(_coded(block, separator, width), len(widths))
        all_widths.append(widths)
        row += len(widths)
    return gathered.frame(), np.concatenate(all_widths) if all_widths else np.zeros(0, dtype=np.int64)


def _widths(text: Text, block: bytes, separator: str, above: int) -> np.ndarray | None:
    """How many cells each row of a block has; None where a quotation mark stands anywhere but around a whole cell."""
    raw = np.frombuffer(block, dtype=np.uint8)
    is_break, is_cut = raw == _NEWLINE, raw == ord(separator)
    lines = np.diff(np.flatnonzero(is_break), prepend=-1)
    if int(lines.max(initial=0)) > MAX_LINE_BYTES:
        raise Refused(text.long_line(above + int(lines.argmax()) + 1))
    if b'"' in block:
        marks = np.flatnonzero(raw == _QUOTE)
        edge = is_break | is_cut
        opening, closing = marks[0::2], marks[1::2]
        if len(marks) % 2 or not (edge[opening - 1] | (opening == 0)).all() or not edge[closing + 1].all():
            return None
        outside = (np.cumsum(raw == _QUOTE, dtype=np.uint8) & 1) == 0
        is_break, is_cut = is_break & outside, is_cut & outside
    ends = np.flatnonzero(is_break)
    starts = np.concatenate(([0], ends[:-1] + 1))
    cuts = np.searchsorted(np.flatnonzero(is_cut), np.concatenate((starts, [len(raw)])))
    widths: np.ndarray = np.where(ends > starts, np.diff(cuts) + 1, 0)
    return widths


def _coded(block: bytes, separator: str, width: int) -> list[Coded]:
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if b'"' in block else csv.QUOTE_NONE
    cells = pd.read_csv(  # as objects: pandas makes numbers of a column of categories that are all digits, and 007 would be 7
        io.BytesIO(block), sep=separator, header=None, names=list(range(width)), dtype=object, na_filter=False,
        skip_blank_lines=False, quoting=quoting, index_col=False, low_memory=False,
    )  # fmt: skip
    return [factorized(cells[i]) for i in range(width)]


def _read_quoted(text: Text, separator: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Strictly first, which sees a quotation mark that is never closed; a stray mark inside a word is then let be."""
    for strict in (True, False):
        try:
            return _read_rows(text, separator, strict=strict)
        except csv.Error as error:
            if not strict or "unexpected end" in str(error) or "larger than field limit" in str(error):
                says = "a quotation mark is opened and never closed, so rows run together. Export the file again."
                raise Refused(f"{text.name}: {says}") from error
    raise AssertionError("the second way of reading returns or raises")


def _read_rows(text: Text, separator: str, *, strict: bool) -> tuple[pd.DataFrame, np.ndarray]:
    reader = csv.reader(_lines(text), delimiter=separator, strict=strict)
    gathered, all_widths, height = Gathered(text.name), [], 1000
    while rows := list(islice(reader, height)):
        widths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        width = int(widths.max(initial=0))
        check_width(text.name, width)
        gathered.add([factorized(pd.Series(column, dtype=object)) for column in zip_longest(*rows, fillvalue="")], len(rows))
        all_widths.append(widths)
        height = max(1000, _CELLS_AT_ONCE // max(width, 1))
    return gathered.frame(), np.concatenate(all_widths) if all_widths else np.zeros(0, dtype=np.int64)


def _lines(text: Text) -> Iterator[str]:
    for block in text.blocks():
        yield from io.StringIO(block.decode("utf-8"), newline="\n")
