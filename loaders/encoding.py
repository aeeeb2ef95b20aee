"""What letters a text file is written in, and its lines in blocks of whole lines, so that a large file is never held twice over.

UTF-8 (with or without a mark), UTF-16 (with or without a mark) and Windows-1252 are known. A file that mixes UTF-8 and Windows-1252 is
read line by line, each in its own, and said to be so.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from data.reading import Problem, Refused
from loaders.gathering import MAX_ROWS, too_many_rows
from loaders.grid import MAX_FILE_BYTES
from loaders.places import row_ranges

BLOCK_BYTES = 8 * 2**20
MAX_LINE_BYTES = 2**20
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True)
class Text:
    """A text file as UTF-8: its bytes from `start` on, and what is to be said of how it was written."""

    name: str
    content: bytes
    start: int = 0
    problems: tuple[Problem, ...] = ()

    def blocks(self) -> Iterator[bytes]:
        """Whole lines, about 8 MB at a time, every line ending a plain newline. Raises `Refused` at a line no table has."""
        content, start, row = self.content, self.start, 1
        while start < len(content):
            end = min(start + BLOCK_BYTES, len(content))
            if end < len(content):
                end = (content.rfind(b"\n", start, end) + 1) or (content.rfind(b"\r", start, end) + 1)
                if not end:
                    raise Refused(self.long_line(row))
                end += content[end - 1 : end + 1] == b"\r\n"
            block = content[start:end]
            if b"\r" in block:
                block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            yield block if block.endswith(b"\n") else block + b"\n"
            row += block.count(b"\n")
            start = end

    def head(self, size: int) -> str:
        """The first letters, with plain newlines."""
        text = self.content[self.start : self.start + size].decode("utf-8", errors="ignore")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def long_line(self, row: int) -> str:
        return (
            f"{self.name}: row {row:,} is over {MAX_LINE_BYTES // 2**20} MB long, which no row of a table is: its line endings are missing "
            "or it is another kind of file. Export it again as .csv."
        )


def as_utf8(name: str, content: bytes) -> Text:
    """The file's text, whatever letters it is written in. Raises `Refused` where it is damaged or holds a NUL."""
    mark, encoding = next(((mark, encoding) for mark, encoding in _MARKS if content.startswith(mark)), (b"", _unmarked_utf16(content)))
    if encoding and encoding != "utf-8":
        converted = _without_nul(name, _converted(name, content, len(mark), encoding))
        _check_lines(name, converted)
        return Text(name, converted)
    _without_nul(name, content)
    _check_lines(name, content)
    if content.isascii() or _is_utf8(content):
        return Text(name, content, len(mark))
    if encoding:
        raise Refused(_damaged(name, encoding))
    return _line_by_line(name, content)


def _unmarked_utf16(content: bytes) -> str | None:
    head = content[:200]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) < 4 or max(even, odd) < 0.4 * len(head) / 2 or min(even, odd) > 0.1 * len(head) / 2:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_utf8(content: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(content)
    try:
        for start in range(0, len(content), BLOCK_BYTES):
            decoder.decode(view[start : start + BLOCK_BYTES])
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _converted(name: str, content: bytes, start: int, encoding: str) -> bytes:
    decoder = codecs.getincrementaldecoder(encoding)()
    out = bytearray()
    view = memoryview(content)
    try:
        for at in range(start, len(content), BLOCK_BYTES):
            out += decoder.decode(view[at : at + BLOCK_BYTES]).encode("utf-8")
            _check_grown(name, len(out))
        decoder.decode(b"", True)
    except UnicodeError as error:
        raise Refused(_damaged(name, "utf-16" if encoding.startswith("utf-16") else encoding)) from error
    return bytes(out)


def _damaged(name: str, encoding: str) -> str:
    return f"{name}: its text is damaged (it says it is {encoding} and is not). Export it again, as CSV UTF-8."


def _check_grown(name: str, size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise Refused(
            f"{name}: its text is over {MAX_FILE_BYTES // 2**20} MB as UTF-8. Split it by month, or leave out columns that are not needed."
        )


def _check_lines(name: str, content: bytes) -> None:
    if max(content.count(b"\n"), content.count(b"\r")) > MAX_ROWS:
        raise Refused(too_many_rows(name))


def _without_nul(name: str, content: bytes) -> bytes:
    at = content.find(b"\0")
    if at >= 0:
        row = content.count(b"\n", 0, at) + 1
        raise Refused(f"{name}: row {row} holds a NUL character, so it is not a text file, or it is damaged. Export it again.")
    return content


def _line_by_line(name: str, content: bytes) -> Text:
    """Each line as UTF-8 where it is that, else as Windows-1252; how many are which, and what could be read as neither, is said."""
    out = bytearray()
    row, as_utf, as_windows, unreadable = 0, 0, [], 0
    for block in Text(name, content).blocks():
        for line in block[:-1].split(b"\n"):
            row += 1
            if not line.isascii():
                try:
                    line.decode("utf-8")
                    as_utf += 1
                except UnicodeDecodeError:
                    as_windows.append(row)
                    line = line.decode("cp1252", errors="replace").encode("utf-8")
                    unreadable = unreadable or row * (b"\xef\xbf\xbd" in line)
            out += line
            out += b"\n"
        _check_grown(name, len(out))
    return Text(name, bytes(out), problems=_said(as_utf, as_windows, unreadable))


def _said(as_utf: int, as_windows: list[int], unreadable: int) -> tuple[Problem, ...]:
    said = []
    if unreadable:
        says = "Some letters could not be read and show as \ufffd: export the file again as CSV UTF-8."
        said.append(Problem(says, row=unreadable))
    if as_utf:
        lines = f"{len(as_windows)} line{'s' * (len(as_windows) > 1)} ({row_ranges(as_windows, 20)})"
        says = (
            f"The file mixes two ways of writing letters: {as_utf} line{'s' * (as_utf > 1)} in UTF-8 and {lines} in the older Windows way "
            "(Windows-1252). Each line was read in its own; look at the names in them, and export the file in one way (CSV UTF-8)."
        )
        said.append(Problem(says, row=as_windows[0]))
    elif not unreadable:
        said.append(Problem("Its letters are in the older Windows way of writing (Windows-1252) and were read so.", "note"))
    return tuple(said)
