"""The container of old Office files (OLE): one stream taken out of it, with every link followed at most once.

A container can send a reader round in circles, or tell it to make room for more than there is. So the stream is taken out here, and the
reader of old workbooks is handed a fresh container that holds nothing else.
"""

from __future__ import annotations

import struct

import numpy as np

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # from here on a number is a mark (end, free, table), not a sector
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SMALL = 4096
_PAGE = 4096


class Compound:
    """An OLE file's streams by name. Raises ValueError or struct.error where it is damaged."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._size = 1 << self._at("<H", 30, (9, 12))
        self._small_size = 1 << self._at("<H", 32, (6,))
        self._table = self._whole_table()
        directory = self._chain(*struct.unpack_from("<I", content, 48), limit=len(content))
        self._entries = self._listed(directory)
        root = next((entry for entry in self._entries.values() if entry[0] == 5), (5, _END, 0))
        small_start = struct.unpack_from("<I", content, 60)[0]
        small = self._chain(small_start, limit=len(content)) if small_start < _LAST else b""
        self._small_table = np.frombuffer(small[: len(small) // 4 * 4], dtype="<u4")
        self._small_stream = self._chain(root[1], limit=root[2]) if root[1] < _LAST else b""

    def _at(self, form: str, place: int, allowed: tuple[int, ...]) -> int:
        (value,) = struct.unpack_from(form, self._content, place)
        if value not in allowed:
            raise ValueError("its sectors are of no known size")
        return int(value)

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def stream(self, name: str) -> bytes:
        _, start, size = self._entries[name]
        if size > len(self._content):
            raise ValueError("a part says it is larger than the file")
        if size >= _SMALL:
            return self._chain(start, limit=size)
        return self._follow(start, self._small_table, self._small_stream, self._small_size, 0, size)

    def _whole_table(self) -> np.ndarray:
        """The table of which sector follows which."""
        sectors = list(struct.unpack_from("<109I", self._content, 76))
        following, seen = struct.unpack_from("<I", self._content, 68)[0], set()
        while following < _LAST:
            if following in seen:
                raise ValueError("its table of sectors goes round in a circle")
            seen.add(following)
            page = struct.unpack(f"<{self._size // 4}I", self._sector(following))
            sectors += page[:-1]
            following = page[-1]
        table = b"".join(self._sector(sector) for sector in dict.fromkeys(sectors) if sector < _LAST)
        return np.frombuffer(table, dtype="<u4")

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._content):
            raise ValueError("a part lies outside the file")
        return self._content[start : start + self._size].ljust(self._size, b"\0")

    def _chain(self, start: int, *, limit: int) -> bytes:
        return self._follow(start, self._table, self._content, self._size, self._size, limit)

    @staticmethod
    def _follow(start: int, table: np.ndarray, content: bytes, size: int, skip: int, limit: int) -> bytes:
        out, left, sector = bytearray(), len(table) + 1, start
        while sector < _LAST and len(out) < limit:
            left -= 1
            at = skip + sector * size
            if left < 0 or sector >= len(table) or at >= len(content):
                raise ValueError("a part of it goes round in a circle or lies outside the file")
            out += content[at : at + size]
            sector = int(table[sector])
        return bytes(out[:limit])

    @staticmethod
    def _listed(directory: bytes) -> dict[str, tuple[int, int, int]]:
        entries = {}
        for at in range(0, len(directory) - 127, 128):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            start, size = struct.unpack_from("<II", directory, at + 116)
            if kind in (2, 5):
                entries[directory[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", errors="replace")] = (kind, start, size)
        return entries


def container_of(name: str, stream: bytes) -> bytes:
    """A fresh OLE file that holds this one stream."""
    pages = max(-(-len(stream) // _PAGE), -(-_SMALL // _PAGE))
    tables = 1
    while tables * (_PAGE // 4) < pages + tables + 2:
        tables += 1
    if tables > 109:
        raise ValueError("it is larger than an old workbook can be")
    links = [*range(1, pages), _END, _END, _END, *[_TABLE] * tables]  # the stream, the directory, room for small streams, this table
    links += [_FREE] * (tables * (_PAGE // 4) - len(links))
    table_sectors = [*range(pages + 2, pages + 2 + tables)]
    header = OLE + bytes(16) + struct.pack("<5H6x", 0x3E, 4, 0xFFFE, 12, 6)
    header += struct.pack("<9I", 1, tables, pages, 0, _SMALL, _END, 0, _END, 0)
    header += struct.pack("<109I", *table_sectors, *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, pages + 1, 64, child=1) + _entry(name, 2, 0, max(len(stream), _SMALL))
    body = stream.ljust(pages * _PAGE, b"\0") + directory.ljust(2 * _PAGE, b"\0") + struct.pack(f"<{len(links)}I", *links)
    return header.ljust(_PAGE, b"\0") + body


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    return letters.ljust(64, b"\0") + struct.pack("<HBB3I36xIQ", len(letters), kind, 1, _FREE, _FREE, child, start, size)
