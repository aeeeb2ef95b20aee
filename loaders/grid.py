"""A sheet as it lies in the file: cells by row and column, before anything is known of what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from data.reading import Problem
from loaders.cells import is_blank

MAX_FILE_BYTES = 256 * 2**20
MAX_COLUMNS = 500


@dataclass(frozen=True)
class Grid:
    """One sheet. `cells`: row i is row i + 1 as Excel shows it; an empty cell is "". Its columns may be categorical.

    `widths`: for text files, how many cells each row has. `since_1904`: the workbook counts its days from 1904.
    `lines`: where a row is not its own place in the file (XML), the line it is found on. `stated_on`: the day the file itself says it
    speaks of (a return's reference date).
    """

    sheet: str | None
    cells: pd.DataFrame
    widths: np.ndarray | None = None
    since_1904: bool = False
    problems: tuple[Problem, ...] = field(default_factory=tuple)
    lines: np.ndarray | None = None
    stated_on: pd.Timestamp | None = None

    def places(self, header_row: int, filled: np.ndarray) -> np.ndarray:
        """The number each filled row under the headings is shown by: the row as Excel shows it, or the line of the file."""
        return np.flatnonzero(filled) + header_row + 2 if self.lines is None else self.lines[header_row + 1 :][filled]

    def rows_below(self, header_row: int) -> int:
        """How many rows under the headings hold anything."""
        below = self.cells.iloc[header_row + 1 :]
        columns = [factorized(below[column]) for column in below.columns]
        return int(filled_rows(columns, len(below)).sum())


def factorized(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """A column as its different values, in the order they appear, and for each row which of them it holds."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        numbers, distinct = pd.factorize(column.to_numpy())
        return numbers, np.asarray(distinct, dtype=object)
    codes, known = column.cat.codes.to_numpy(), column.cat.categories.to_numpy(dtype=object)
    first = np.full(len(known), len(codes))
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    order = np.argsort(first, kind="stable")[: int((first < len(codes)).sum())]
    renumbered = np.zeros(len(known), dtype=codes.dtype)
    renumbered[order] = np.arange(len(order), dtype=codes.dtype)
    return renumbered[codes], known[order]


def filled_rows(columns: Iterable[tuple[np.ndarray, np.ndarray]], count: int) -> np.ndarray:
    """Which rows hold anything at all: a blank row is not a row."""
    filled = np.zeros(count, dtype=bool)
    for codes, distinct in columns:
        filled |= np.array([not is_blank(value) for value in distinct], dtype=bool)[codes]
    return filled


def size_sentence(path: Path, size: int) -> str:
    return (
        f"{path.name}: it is {size / 2**20:,.0f} MB, and files over {MAX_FILE_BYTES // 2**20} MB are not opened. "
        "Split it by month, or leave out columns that are not needed, and load the parts."
    )
