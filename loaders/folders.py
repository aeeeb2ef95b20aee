"""Which files to read: those named, and those in the folders named, month by month."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

READ = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".xml")


def find(paths: Iterable[Path]) -> list[Path]:
    """The files to read, in natural order (2 before 10), each once.

    In folders, hidden files, Excel's lock files (~$...) and files that are no table are passed over; a file that is named is always taken.
    """
    found: dict[Path, Path] = {}
    for path in map(Path, paths):
        if not path.exists():
            raise FileNotFoundError(f"{path}: there is no such file or folder. Check the spelling, and that the drive is connected.")
        for file in _within(path) if path.is_dir() else [path]:
            found.setdefault(file.resolve(), file)
    return list(found.values())


def _within(folder: Path) -> Iterator[Path]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix.casefold() in READ)
    return iter(sorted((path for path in files if not _passed_over(path.relative_to(folder))), key=lambda path: _natural(path, folder)))


def _passed_over(path: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.parts)


def _natural(path: Path, folder: Path) -> list[list[tuple[int, int, str]]]:
    parts = path.relative_to(folder).parts
    return [[(0, int(bit), "") if bit.isdigit() else (1, 0, bit) for bit in re.split(r"(\d+)", part.casefold()) if bit] for part in parts]
