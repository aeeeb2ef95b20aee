"""What a source is: the sheets it is made of, the columns each must and may have, and how its rows become canonical rows.

Adding a source is one module that declares a `Source`, one row in `loaders.SOURCES` and one test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import pandas as pd

from loaders.cells import plain
from loaders.codes import Codes

if TYPE_CHECKING:
    from loaders.rows import Rows

Kind = Literal["id", "text", "date", "code", "flag", "number", "unused"]
Need = Literal["row", "column", "may"]
When = Literal["happened", "past", "any", "birth"]
Frames = Mapping[str, pd.DataFrame]
Cover = Mapping[str, tuple[pd.Timestamp, pd.Timestamp]]


@dataclass(frozen=True)
class Field:
    """One column of an extract.

    `headings`: how it is headed, ours first; compared by letters and digits only. `like`: a pattern for headings that drift.
    `need`: row (a row without it cannot be used), column (the column must be there, its cells may be empty) or may.
    `when`, for dates: happened (not in the future, and tells what day the file speaks of), past (not in the future), any, birth.
    `expected`: an empty cell is warned of. An `unused` column is known, and not read. `low`, `high`: what a number cannot be beyond.
    `unread`: what a code is kept as where it is filled in and cannot be read, if that is not the same as empty.
    `mapped`: how the council itself heads it, by its mapping file.
    """

    name: str
    headings: tuple[str, ...]
    kind: Kind
    need: Need = "may"
    codes: Codes | None = None
    when: When = "any"
    like: str = ""
    expected: bool = False
    low: float | None = None
    high: float | None = None
    unread: str | None = None
    mapped: tuple[str, ...] = ()

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(heading_words(heading) for heading in self.headings)

    @cached_property
    def mapped_words(self) -> frozenset[str]:
        return frozenset(heading_words(heading) for heading in self.mapped)


def heading_words(heading: str) -> str:
    """A heading as compared: letters and digits only, without a closing (Y/N)."""
    words = plain(heading)
    return words[:-2] if words.endswith("yn") and "/" in heading else words


@dataclass(frozen=True)
class Spoken:
    """The day a file speaks of, for the sheets that show how things stood: `as_at`, and the month end that day stands for."""

    as_at: pd.Timestamp
    month_end: pd.Timestamp


@dataclass(frozen=True)
class Form:
    """One sheet of a source: its columns, how its rows become canonical rows, and the days they speak for.

    `unique`: the fields that may be the same on one row only; a later row is set aside. `spans`: (start, end) fields, to be in order.
    `check(rows)` looks across columns and may set rows aside. `build(frame, spoken)` makes canonical frames, with `source_row`, of the
    rows that are left; `covers(frame, spoken)` gives the days they speak for, by canonical table, and `complete(frame, spoken)` those
    within which it is declared to hold every row there is (see `data.reading.Reading`). A form without `build` is recognised,
    and said to be not read yet. `number`: which Annex A list it is.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    build: Callable[[pd.DataFrame, Spoken], Frames] | None = None
    covers: Callable[[pd.DataFrame, Spoken], Cover] | None = None
    complete: Callable[[pd.DataFrame, Spoken], Cover] | None = None
    unique: tuple[str, ...] = ()
    spans: tuple[tuple[str, str], ...] = ()
    check: Callable[[Rows], None] | None = None
    number: int | None = None


@dataclass(frozen=True)
class Source:
    """One kind of extract. `carries_its_day`: each row says what day it speaks of, so the file's name does not."""

    name: str
    title: str
    forms: tuple[Form, ...]
    carries_its_day: bool = False


def forms_of(sources: Sequence[Source]) -> list[tuple[Source, Form]]:
    return [(source, form) for source in sources for form in source.forms]
