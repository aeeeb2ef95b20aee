"""What a file would be read as, without storing it: which source, which headings matched how, what is missing, and the first rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data.reading import Reading, Refused
from loaders.headings import Found, matched_by, missing_sentence
from loaders.mapping import NO_WORDS, CouncilWords
from loaders.read import read_file, recognised
from loaders.source import Source

FIRST_ROWS = 5


@dataclass(frozen=True)
class Sheet:
    """One sheet as it was recognised.

    `matched`: (heading in the file, what it is kept as, how it was matched); `not_read`: headings that mean nothing here.
    """

    name: str | None
    title: str
    header_row: int | None
    matched: tuple[tuple[str, str, str], ...] = ()
    not_read: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True)
class Checked:
    """What would become of a file: its sheets, and either what it would store or why it would be refused."""

    sheets: tuple[Sheet, ...]
    reading: Reading | None
    refused: str = ""

    def first_rows(self) -> dict[str, pd.DataFrame]:
        """Canonical table -> the first rows as they would be stored."""
        return {
            name: frame.drop(columns="source_row").head(FIRST_ROWS) for name, frame in (self.reading.tables if self.reading else {}).items()
        }


def check_file(
    path: Path, sources: Sequence[Source], *, as_at: dt.date | None, today: dt.date, words: CouncilWords = NO_WORDS
) -> Checked:  # fmt: skip
    """Read a file and say what it would be read as. Raises Refused only where it cannot be opened at all."""
    sheets = tuple(_sheet(name, found) for name, found in recognised(path, sources, words))
    try:
        return Checked(sheets, read_file(path, sources, as_at=as_at, today=today, words=words))
    except Refused as refused:
        return Checked(sheets, None, str(refused))


def _sheet(name: str | None, found: Found | None) -> Sheet:
    if found is None:
        return Sheet(name, "not like any extract", None)
    at = {column: field for field, column in found.columns.items()}
    unused = {field.name for field in found.form.fields if field.kind == "unused"}
    named = [(heading, at.get(i)) for i, heading in enumerate(found.headings) if heading]
    matched = tuple(
        (heading, "known, and not kept" if field in unused else field, matched_by(found, field)) for heading, field in named if field
    )
    extra = tuple(heading for heading, field in named if field is None)
    return Sheet(name, found.form.title, found.header_row + 1, matched, extra, missing_sentence(found) if found.missing else "")
