"""Many files, one after the other: a second process reads ahead while the first keeps what was read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

from data.reading import Reading, Refused
from loaders.read import content_hash

MANY_FILES = 8  # from here on a second process is worth its start
READ_AHEAD = 8

Known = TypeVar("Known")
Read = Callable[[Path], Reading]


def read_all(files: Sequence[Path], *, read: Read, known: Callable[[str], Known | None]) -> Iterator[tuple[Path, Known | Reading | str]]:
    """Each file in turn: what `known` says of this very content (by its hash), or what it says, or the sentence why it is refused."""
    if len(files) < MANY_FILES:
        for path in files:
            already = _already(path, known)
            yield path, _one(read, path) if already is None else already
        return
    with ProcessPoolExecutor(max_workers=1) as pool:
        yield from _ahead(files, read, known, pool)


def _ahead(
    files: Sequence[Path], read: Read, known: Callable[[str], Known | None], pool: Executor
) -> Iterator[tuple[Path, Known | Reading | str]]:
    waiting = iter(files)
    begun: deque[tuple[Path, Known | str | Future[Reading | str]]] = deque()
    while True:
        for path in islice(waiting, READ_AHEAD - len(begun)):
            already = _already(path, known)
            begun.append((path, pool.submit(_one, read, path) if already is None else already))
        if not begun:
            return
        path, outcome = begun.popleft()
        yield path, outcome.result() if isinstance(outcome, Future) else outcome


def _already(path: Path, known: Callable[[str], Known | None]) -> Known | str | None:
    try:
        return known(content_hash(path))
    except OSError as error:
        return _cannot_open(path, error)


def _one(read: Read, path: Path) -> Reading | str:
    try:
        return read(path)
    except Refused as refused:
        return str(refused)
    except OSError as error:
        return _cannot_open(path, error)


def _cannot_open(path: Path, error: OSError) -> str:
    return f"{path.name}: it could not be opened ({error.strerror or error}). Check that it is there, and close it in other programs."
