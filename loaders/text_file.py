"""Opening a text file (CSV): its encoding and separator are found out, and rows with a cell too many or too few are seen."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd

from data.reading import Problem, Refused
from loaders.grid import MAX_COLUMNS, Grid

SEPARATORS = (",", ";", "\t", "|")
_SNIFFED, _SNIFFED_LETTERS = 20, 1_000_000
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def open_text(name: str, content: bytes) -> Grid:
    """The one sheet of a text file."""
    text, problems = _decoded(name, content)
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if text.lstrip()[:1] == "<":
        raise Refused(
            f"{name}: it is a web page or XML, not a table. Open it in Excel and save it as .xlsx or .csv; "
            "statutory returns in XML are not read yet."
        )
    separator = _separator(name, text)
    if '"' in text:
        cells, widths = _read_quoted(name, text, separator)
    else:
        cells, widths = _read_plain(name, text, separator)
    return Grid(None, cells, widths, problems=problems)


def _decoded(name: str, content: bytes) -> tuple[str, tuple[Problem, ...]]:
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None) or _unmarked_utf16(content)
    try:
        if encoding:
            text = content.decode(encoding)
            return _without_nul(name, text), ()
        return _without_nul(name, content.decode("utf-8")), ()
    except UnicodeDecodeError as error:
        if encoding:
            raise Refused(f"{name}: its text is damaged (it says it is {encoding} and is not). Export it again, as CSV UTF-8.") from error
    text = _without_nul(name, content.decode("cp1252", errors="replace"))
    if "\ufffd" in text:
        says = "some letters could not be read and show as \ufffd: export the file again as CSV UTF-8"
        return text, (Problem(says, row=text[: text.index("\ufffd")].count("\n") + 1),)
    return text, (Problem("its letters are in the older Windows way of writing (Windows-1252) and were read so", "note"),)


def _unmarked_utf16(content: bytes) -> str | None:
    head = content[:200]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) < 4 or max(even, odd) < 0.4 * len(head) / 2 or min(even, odd) > 0.1 * len(head) / 2:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _without_nul(name: str, text: str) -> str:
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise Refused(f"{name}: row {row} holds a NUL character, so it is not a text file, or it is damaged. Export it again.")
    return text


def _separator(name: str, text: str) -> str:
    """The separator that cuts the first rows into most cells."""
    head = "\n".join(text[:_SNIFFED_LETTERS].split("\n")[:_SNIFFED])
    widest = {}
    for separator in SEPARATORS:
        try:
            widest[separator] = max((len(row) for row in csv.reader(io.StringIO(head), delimiter=separator)), default=0)
        except csv.Error:
            widest[separator] = 0
    best = max(SEPARATORS, key=lambda separator: widest[separator])
    _check_width(name, widest[best])
    return best


def _check_width(name: str, width: int) -> None:
    if width > MAX_COLUMNS:
        raise Refused(f"{name}: it has {width:,} columns, and over {MAX_COLUMNS} are not read. Leave out the columns that are not needed.")


def _read_plain(name: str, text: str, separator: str) -> tuple[pd.DataFrame, np.ndarray]:
    """The quick way, for text without quotation marks: every line is a row and every separator a cut."""
    content = text.encode("utf-8") + (b"" if text.endswith("\n") else b"\n")
    raw = np.frombuffer(content, dtype=np.uint8)
    breaks = np.flatnonzero(raw == ord("\n"))
    starts = np.concatenate(([0], breaks[:-1] + 1))
    cuts = np.searchsorted(np.flatnonzero(raw == ord(separator)), np.concatenate((starts, [len(raw)])))
    widths = np.where(breaks > starts, np.diff(cuts) + 1, 0)
    _check_width(name, int(widths.max(initial=0)))
    cells = pd.read_csv(
        io.BytesIO(content), sep=separator, header=None, names=list(range(int(widths.max(initial=1)))), dtype=object, keep_default_na=False,
        skip_blank_lines=False, quoting=csv.QUOTE_NONE, index_col=False, low_memory=False,
    )  # fmt: skip
    return cells, widths[: len(cells)]


def _read_quoted(name: str, text: str, separator: str) -> tuple[pd.DataFrame, np.ndarray]:
    rows = _rows_in_quotes(name, text, separator)
    widths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    width = int(widths.max(initial=0))
    _check_width(name, width)
    for row in rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
    return pd.DataFrame(rows, dtype=object), widths


def _rows_in_quotes(name: str, text: str, separator: str) -> list[list[str]]:
    """Strictly first, which sees a quotation mark that is never closed; a stray mark inside a word is then let be."""
    for strict in (True, False):
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict))
        except csv.Error as error:
            if not strict or "unexpected end" in str(error) or "larger than field limit" in str(error):
                says = "a quotation mark is opened and never closed, so rows run together. Export the file again."
                raise Refused(f"{name}: {says}") from error
    return []
