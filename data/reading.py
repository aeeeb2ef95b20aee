"""What a loader hands to the store: the rows of one file in canonical form, and everything that was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Severity = Literal["set_aside", "warning", "note"]
AsAtFrom = Literal["asked", "stated", "name", "contents"]


def spoken_for(day: pd.Timestamp) -> pd.Timestamp:
    """The month end an extract taken on this day speaks for: the nearest one; half way between two, the one that is past."""
    before, after = day - pd.offsets.MonthEnd(1), day + pd.offsets.MonthEnd(0)
    return after if after - day < day - before else before


class Refused(Exception):
    """A file that cannot be read as any source: nothing of it is stored. The message says why and what to do."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one place. `row` is the row as Excel shows it (the first line of a file is 1)."""

    says: str
    severity: Severity = "warning"
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Reading:
    """One file, read.

    `tables`: canonical table name -> frame with the columns of `data.tables` plus `source_row` (0-based ordinal of the row in the file,
    counted over all its sheets), so that every stored row can be traced and every row of the file is counted once.
    `rows_in` counts the file's data rows; `set_aside` holds the `source_row` ordinals that were not loaded.
    `covers`: table name -> (first, last) day that this file speaks for.
    `complete`: table name (for part of one, `visit:cp`) -> (first, last) day within which the file holds every row there is: a row an
    earlier file of the source held there, and this one does not, no longer counts. `unsure_of`: the children its rows set aside are about,
    of whom it therefore does not say so; None where that cannot be told, and then it says so of nobody.
    `part`: which of the source's lists or tables the file is, where it is only one of several.
    `as_at`: the day the file speaks of; `as_at_from` says how that is known. `invented`: the file itself says its data is invented.
    """

    source: str
    file: str
    content_hash: str
    as_at: pd.Timestamp
    as_at_from: AsAtFrom
    rows_in: int
    set_aside: frozenset[int]
    tables: Mapping[str, pd.DataFrame]
    covers: Mapping[str, tuple[pd.Timestamp, pd.Timestamp]]
    problems: tuple[Problem, ...] = field(default_factory=tuple)
    invented: bool = False
    part: str = ""
    complete: Mapping[str, tuple[pd.Timestamp, pd.Timestamp]] = field(default_factory=dict)
    unsure_of: tuple[str, ...] | None = ()
