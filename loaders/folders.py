"""Which files to read: those named, and those in the folders named, month by month."""

from __future__ import annotations

import os
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


def nothing_in(paths: Iterable[Path]) -> Iterator[str]:
    """What is to be said of each folder named that holds no file to read."""
    for path in map(Path, paths):
        if path.is_dir() and not _within(path):
            others = sum(1 for file in _files(path) if not _passed_over(file.relative_to(path)))
            there = "it is empty" if not others else "its one file is of another kind" if others == 1 else f"{others:,} of other kinds"
            kinds = f"{', '.join(READ[:-1])} and {READ[-1]}"
            yield f"{path}: nothing in this folder can be read ({there}). Files ending in {kinds} are read; hidden files are passed over."


def _within(folder: Path) -> list[Path]:
    files = (path for path in _files(folder) if path.is_file() and path.suffix.casefold() in READ)
    return sorted((path for path in files if not _passed_over(path.relative_to(folder))), key=lambda path: _natural(path, folder))


def _files(folder: Path) -> Iterator[Path]:
    """Every file in a folder and the folders in it, those a link leads to as well; each folder is entered once, so no link goes round."""
    entered: set[Path] = set()
    for name, folders, files in os.walk(folder, followlinks=True):
        here = Path(name)
        if here.resolve() in entered:
            folders.clear()
            continue
        entered.add(here.resolve())
        folders[:] = sorted(inner for inner in folders if not _passed_over(Path(inner)))
        yield from (here / file for file in files)


def _passed_over(path: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.parts)


def _natural(path: Path, folder: Path) -> list[list[tuple[int, int, str]]]:
    parts = path.relative_to(folder).parts
    return [[(0, int(bit), "") if bit.isdigit() else (1, 0, bit) for bit in re.split(r"(\d+)", part.casefold()) if bit] for part in parts]
