"""How extracts arrive: files in, canonical rows out, and everything wrong in them said with its place.

`SOURCES` lists what is read. Adding a source is one module that declares it, one row here, and one test.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from data.reading import Reading
from loaders.annex_a import ANNEX_A
from loaders.annotations import ANNOTATIONS
from loaders.audits import AUDITS
from loaders.checking import Checked, check_file
from loaders.folders import find
from loaders.many import read_all
from loaders.mapping import NO_WORDS, CouncilWords, Unmapped, read_mapping
from loaders.read import read_file
from loaders.source import Source
from loaders.supervision import SUPERVISION_SESSIONS
from loaders.teams import TEAMS
from loaders.telling import checked_lines, loaded_lines, told
from loaders.visits import VISITS
from loaders.workers import WORKERS

SOURCES: tuple[Source, ...] = (ANNEX_A, VISITS, SUPERVISION_SESSIONS, WORKERS, AUDITS, TEAMS, ANNOTATIONS)

__all__ = [
    "SOURCES", "CouncilWords", "Unmapped", "check", "checked_lines", "find", "loaded_lines", "mapping", "read", "read_all", "told",
]  # fmt: skip


def read(path: Path, *, as_at: dt.date | None = None, today: dt.date, words: CouncilWords = NO_WORDS) -> Reading:
    """Read one extract, whatever its name, as what its columns show it to be.

    `as_at`: the day it speaks of, where the name and contents do not say it rightly; `today`: no event can be after it; `words`: the
    council's own mapping file, read by `mapping`.
    Raises `data.reading.Refused`, saying what is wrong, where and what to do, when it cannot be read at all.
    """
    return read_file(path, SOURCES, as_at=as_at, today=today, words=words)


def check(path: Path, *, as_at: dt.date | None = None, today: dt.date, words: CouncilWords = NO_WORDS) -> Checked:
    """What one file would be read as; nothing is stored. Raises `data.reading.Refused` where it cannot be opened at all."""
    return check_file(path, SOURCES, as_at=as_at, today=today, words=words)


def mapping(path: Path | None) -> CouncilWords:
    """The council's own words, from its mapping file; none where it has no such file. Raises `Unmapped` with the rule and the remedy."""
    return NO_WORDS if path is None else read_mapping(path, SOURCES)
