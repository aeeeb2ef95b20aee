"""The parts of a zipped workbook, each measured as it is unpacked: what a zip says of its own size is not believed.

The reader of workbooks is handed a fresh archive of just the parts it needs, so nothing hidden in the file, twice named, or larger than
it says, ever reaches it.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from data.reading import Refused

MAX_UNZIPPED_BYTES = 600 * 2**20
MAX_PARTS = 10_000
PIECE = 4 * 2**20
_RATIO = 400  # honest sheets shrink ten- to fifty-fold
_DENSE_FROM = 50 * 2**20
_STORED, _DEFLATED = 0, 8
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError)


class Archive:
    """A zip file, opened and looked over. Raises `Refused` where it is damaged, locked, or would swell beyond measure."""

    def __init__(self, name: str, content: bytes) -> None:
        self._name, self._content = name, content
        try:
            infos = zipfile.ZipFile(io.BytesIO(content)).infolist()
        except DAMAGE as error:
            says = "it is not an Excel workbook, or it is damaged or cut short. Export it again, as .xlsx or .csv."
            raise Refused(f"{name}: {says}") from error
        swollen = sum(info.file_size for info in infos)
        dense = any(info.file_size > _DENSE_FROM and info.file_size > _RATIO * max(info.compress_size, 1) for info in infos)
        if swollen > MAX_UNZIPPED_BYTES or dense or len(infos) > MAX_PARTS:
            raise Refused(
                f"{name}: it would unpack to {swollen / 2**20:,.0f} MB, which no extract should. "
                "Copy the lists into a new workbook, or save them as .csv, and load that."
            )
        if any(info.flag_bits & 1 for info in infos):
            raise Refused(f"{name}: it is locked with a password. Take the password off and save it.")
        self._infos = {info.filename: info for info in infos}
        if len({part.casefold() for part in self._infos}) < len(infos):
            raise Refused(damage_sentence(name, "two of its parts have one name"))

    @property
    def names(self) -> list[str]:
        return list(self._infos)

    def size(self, part: str) -> int:
        return self._infos[part].file_size

    def read(self, part: str) -> bytes:
        return b"".join(self.pieces(part))

    def pieces(self, part: str) -> Iterator[bytes]:
        """A part unpacked, some megabytes at a time; refused where it is not exactly what the archive says of it."""
        info = self._infos[part]
        size, check = 0, 0
        try:
            for piece in self._unpacked(part):
                size += len(piece)
                check = zlib.crc32(piece, check)
                if size > info.file_size:
                    break
                yield piece
        except DAMAGE as error:
            raise Refused(damage_sentence(self._name, error)) from error
        if size != info.file_size or check != info.CRC:
            raise Refused(damage_sentence(self._name, f"{part[:80]} is not as large, or not the same, as the file says"))

    def _unpacked(self, part: str) -> Iterator[bytes]:
        info, raw = self._infos[part], self._packed(part)
        if info.compress_type == _STORED:
            yield from (bytes(raw[at : at + PIECE]) for at in range(0, len(raw), PIECE))
            return
        unpacking = zlib.decompressobj(-15)
        for at in range(0, len(raw), PIECE):
            rest: bytes | memoryview = raw[at : at + PIECE]
            while len(rest) and not unpacking.eof:
                yield unpacking.decompress(rest, PIECE)
                rest = unpacking.unconsumed_tail
        while not unpacking.eof and (piece := unpacking.decompress(unpacking.unconsumed_tail, PIECE)):
            yield piece

    def _packed(self, part: str) -> memoryview:
        info = self._infos[part]
        if info.compress_type not in (_STORED, _DEFLATED):
            raise ValueError(f"{part[:80]} is packed in a way Excel does not use")
        signature, name_length, extra_length = struct.unpack_from("<4s22xHH", self._content, info.header_offset)
        start = info.header_offset + 30 + name_length + extra_length
        if signature != b"PK\x03\x04" or start + info.compress_size > len(self._content):
            raise ValueError(f"{part[:80]} is not where the file says")
        return memoryview(self._content)[start : start + info.compress_size]

    def repacked(self, parts: Iterable[str]) -> bytes:
        """A fresh archive of these parts, packed as they are."""
        body, directory, count = bytearray(), bytearray(), 0
        for part in parts:
            info, packed, name = self._infos[part], self._packed(part), part.encode("utf-8")
            fields = (0x800, info.compress_type, 0, 0x21, info.CRC, len(packed), info.file_size, len(name))
            directory += struct.pack("<4s6H3IH2H2HII", b"PK\x01\x02", 20, 20, *fields, 0, 0, 0, 0, 0, len(body)) + name
            body += struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, *fields, 0) + name + packed
            count += 1
        end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
        return bytes(body + directory + end)


def damage_sentence(name: str, error: object) -> str:
    """What is said of a workbook whose inside does not hold together."""
    return f"{name}: Excel's own structure in it is damaged ({error}). Open it in Excel, save it again, and load that."
