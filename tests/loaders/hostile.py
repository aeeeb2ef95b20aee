"""Files made to do harm, and a process in which each is opened and watched: what it says, how long it takes, how large it grows."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from loaders.compound import Compound, container_of
from tests.loaders.extracts import VISITS, workbook

ROOT = Path(__file__).resolve().parents[2]
FILES = Path(__file__).parent / "files"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"

_WATCHED = """
import datetime, json, sys, time
from pathlib import Path
import loaders
from data.reading import Refused
inside = False
def watch(event, told):
    if not inside:
        return
    writes = event == "open" and isinstance(told[2], int) and told[2] & 3
    outside = event.split(".")[0] in {"socket", "subprocess", "urllib", "ftplib", "http"}
    if writes or outside or event in {"os.system", "os.exec", "os.remove", "os.mkdir"}:
        print(json.dumps({"says": f"did what it must not: {event} {told!r}", "rows": None}))
        raise SystemExit(1)
sys.addaudithook(watch)
start, inside = time.process_time(), True
try:
    reading = loaders.read(Path(sys.argv[1]), today=datetime.date(2026, 6, 10))
    says, rows, problems = "", reading.rows_in, len(reading.problems)
except Refused as refused:
    says, rows, problems = str(refused), None, 0
inside = False
peak = int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
print(json.dumps({"says": says, "rows": rows, "problems": problems, "seconds": time.process_time() - start, "peak": peak}))
"""


def watched(path: Path) -> dict[str, Any]:
    """Read a file in a process of its own, which stops if it writes a file, starts a program or asks the network for anything."""
    done = subprocess.run([sys.executable, "-c", _WATCHED, str(path)], capture_output=True, text=True, cwd=ROOT, check=False, timeout=300)
    assert done.stdout, done.stderr[-2000:]
    outcome: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return outcome


def good_workbook(folder: Path, rows: Iterable[list[object]] = (["1", "CP", "03/05/2026", "Y"],)) -> Path:
    return workbook(folder / "good.xlsx", {"Visits": [VISITS, *rows]})


def with_parts(good: Path, path: Path, parts: Mapping[str, bytes]) -> Path:
    """A copy of a workbook with some of its parts put in place of others, or added."""
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name, source.read(name)))
        for name in parts.keys() - set(source.namelist()):
            target.writestr(name, parts[name])
    return path


def sheet_of(rows: Iterable[str], before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<worksheet {MAIN}><sheetData>{"".join(rows)}</sheetData></worksheet>'.encode()


def headings_and(*rows: str) -> list[str]:
    cells = "".join(f'<c r="{chr(65 + i)}1" t="inlineStr"><is><t>{heading}</t></is></c>' for i, heading in enumerate(VISITS))
    return [f'<row r="1">{cells}</row>', *rows]


def part_that_lies(good: Path, path: Path, part: str, content: bytes, *, says: int) -> Path:
    """A workbook with one part that says it unpacks to fewer bytes than it does, and whose check sum bears the lie out."""
    with_parts(good, path, {part: content})
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(part)
    known, told = struct.pack("<I", info.file_size), struct.pack("<I", says)
    crc, false_crc = struct.pack("<I", info.CRC), struct.pack("<I", zlib.crc32(content[:says]))
    packed = struct.pack("<I", info.compress_size)
    path.write_bytes(bytes(raw.replace(crc + packed + known, false_crc + packed + told)))
    return path


def old_workbook_with(record: bytes) -> bytes:
    """An .xls workbook with one more record, right after the one that begins it."""
    stream = Compound((FILES / "visits_from_1900.xls").read_bytes()).stream("Workbook")
    begin = 4 + struct.unpack_from("<H", stream, 2)[0]
    return container_of("Workbook", stream[:begin] + record + stream[begin:])
