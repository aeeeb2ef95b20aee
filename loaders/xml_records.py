"""Reading the elements of a return in XML, one after the other: in bounded memory and time, with nothing fetched and nothing unfolded.

A document type (DOCTYPE) is refused before anything in it is read: it is the one place from which XML can name other files, or entities
that grow without end, and no return has one. Any one value, any one piece of markup, the depth and the number of values are bounded.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from data.reading import Problem, Refused
from loaders.grid import MAX_COLUMNS
from loaders.xml_layout import Module

MAX_DEPTH = 30
MAX_LETTERS = 10_000  # of one value
MAX_MARKUP_BYTES = 2**20  # of one tag or comment
MAX_ELEMENTS = 2_500_000  # the largest council's census has fewer than a million
MAX_VALUES = 1_500_000
_PART = 2**16
_SPLIT = "Split it into files of fewer children, and load them one after the other"
_STRAY_SHOWN = 20
_KEPT_WORDS = 200_000


@dataclass
class Sheet:
    """The rows of one module as they come: for each heading, which rows have a value and what it is."""

    lines: array[int] = field(default_factory=lambda: array("q"))
    columns: dict[str, tuple[array[int], list[str]]] = field(default_factory=dict)

    def add(self, line: int, cells: dict[str, str]) -> None:
        row = len(self.lines)
        self.lines.append(line)
        for heading, value in cells.items():
            rows, values = self.columns.setdefault(heading, (array("q"), []))
            rows.append(row)
            values.append(value)


@dataclass
class Records:
    """Everything read: sheets by the tag of their module, the header's values with their lines, and what else was met."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    header: dict[str, tuple[str, int]] = field(default_factory=dict)
    root: str = ""
    problems: list[Problem] = field(default_factory=list)


class _Row:
    """A row not yet finished: its module, where it began, the row it lies in and its values so far."""

    __slots__ = ("above", "cells", "line", "module")

    def __init__(self, module: Module, line: int, above: _Row | None) -> None:
        self.module, self.line, self.above = module, line, above
        self.cells: dict[str, list[str]] = {}

    def value(self, heading: str) -> str:
        return ", ".join(sorted(self.cells.get(heading, ())))


class _Element:
    __slots__ = ("letters", "line", "parent", "row", "tag", "text")

    def __init__(self, tag: str, row: _Row | None) -> None:
        self.tag, self.row = tag, row
        self.text: list[str] = []
        self.letters, self.line, self.parent = 0, 0, False


def read_records(name: str, content: bytes, modules: Iterable[Module], *, encoding: str | None = None, skipped: int = 0) -> Records:
    """The rows of every module in the file. Raises Refused where it is unsafe or damaged.

    `encoding` overrules what the file says of itself; `skipped`: how many lines were taken off before it.
    """
    reader = _Reader(name, {module.tag: module for module in modules}, encoding, skipped)
    return reader.read(content)


class _Reader:
    def __init__(self, name: str, modules: dict[str, Module], encoding: str | None, skipped: int) -> None:
        self.name, self.modules, self.skipped = name, modules, skipped
        self.records = Records()
        self._open: list[_Element] = []
        self._finished: list[_Row] = []
        self._words: dict[str, str] = {}
        self._elements = self._values = self._stray = 0
        self._parser = parser = expat.ParserCreate(encoding)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._letters

    def read(self, content: bytes) -> Records:
        view = memoryview(content)
        try:
            for start in range(0, len(content), _PART):
                end = min(start + _PART, len(content))
                self._parser.Parse(bytes(view[start:end]), False)
                if end - self._parser.CurrentByteIndex > MAX_MARKUP_BYTES:
                    raise self._refused(f"one tag or comment in it is over {MAX_MARKUP_BYTES // 2**20} MB long, which no return has")
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            where = f"{self.name}: line {error.lineno + self.skipped}"
            why = expat.ErrorString(error.code)
            raise Refused(f"{where}: it is not whole XML ({why}), so it is damaged or cut short. Export it again.") from error
        if self._stray > _STRAY_SHOWN:
            says = f"Words between elements, where no value belongs, were met {self._stray - _STRAY_SHOWN} more times, and are not read."
            self.records.problems.append(Problem(says))
        return self.records

    @property
    def _line(self) -> int:
        return self._parser.CurrentLineNumber + self.skipped

    def _refused(self, says: str, remedy: str = "Export the return again, and load that") -> Refused:
        return Refused(f"{self.name}: line {self._line}: {says}. {remedy}.")

    def _doctype(self, *_: object) -> None:
        raise self._refused(
            "it declares a document type (DOCTYPE), which no return has and through which a file can call up others or swell without end"
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        self._elements += 1
        if len(self._open) >= MAX_DEPTH:
            raise self._refused(f"its elements lie more than {MAX_DEPTH} deep, which no return's do")
        if self._elements > MAX_ELEMENTS:
            raise self._refused(f"it has over {MAX_ELEMENTS:,} elements, which is more than is read", _SPLIT)
        above = self._open[-1] if self._open else None
        if above is None:
            self.records.root = tag
        else:
            above.parent = True
        row = above.row if above else None
        module = self.modules.get(tag)
        self._open.append(_Element(tag, _Row(module, self._line, row) if module else row))

    def _letters(self, text: str) -> None:
        element = self._open[-1]
        if element.parent and text.isspace():
            return
        element.letters += len(text)
        if element.letters > MAX_LETTERS:
            raise self._refused(f"one value, in <{element.tag[:60]}>, is over {MAX_LETTERS:,} letters long, which no return has")
        if not element.line and not text.isspace():
            element.line = self._line
        element.text.append(text)

    def _end(self, _: str) -> None:
        element = self._open.pop()
        text = " ".join("".join(element.text).split())
        row = element.row
        if element.parent and text:
            self._stray_words(text, element.line)
        elif text and row is not None:
            self._keep(row, element.tag, text)
        elif text and len(self._open) > 1 and self._open[1].tag == "Header":
            self.records.header.setdefault(element.tag, (text, self._line))
        if row is not None and (not self._open or self._open[-1].row is not row):
            self._finish(row)

    def _keep(self, row: _Row, heading: str, text: str) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            raise self._refused(f"it has over {MAX_VALUES:,} values, which is more than is read", _SPLIT)
        if len(self._words) < _KEPT_WORDS:
            text = self._words.setdefault(text, text)
        row.cells.setdefault(heading, []).append(text)
        if len(row.cells) > MAX_COLUMNS:
            raise self._too_wide(row)

    def _stray_words(self, text: str, line: int) -> None:
        self._stray += 1
        if self._stray <= _STRAY_SHOWN:
            says = f"“{text[:80]}” stands between elements, where no value belongs, and is not read: take it out, or put it in its element."
            self.records.problems.append(Problem(says, row=line, value=text[:80]))

    def _finish(self, row: _Row) -> None:
        """A row's element has closed. Once the outermost has, what its rows take from one another is known and they are put down."""
        if row.cells:
            self._finished.append(row)
            if row.above is not None and row.module.told is not None:
                value, called = row.module.told
                row.above.cells.setdefault(called, []).append(row.value(value) or "not dated")
        if row.above is None:
            for finished in self._finished:
                self._put_down(finished)
            self._finished.clear()

    def _put_down(self, row: _Row) -> None:
        cells = {heading: row.value(heading) for heading in row.cells}
        for heading in row.module.above:
            above = row.above
            while above is not None and heading not in above.cells:
                above = above.above
            if above is not None:
                cells[heading] = above.value(heading)
        sheet = self.records.sheets.setdefault(row.module.tag, Sheet())
        sheet.add(row.line, cells)
        if len(sheet.columns) > MAX_COLUMNS:
            raise self._too_wide(row)

    def _too_wide(self, row: _Row) -> Refused:
        return self._refused(f"<{row.module.tag}> holds over {MAX_COLUMNS} different elements, which is more than is read")
