"""A sheet as it lies in the file: cells by row and column, before anything is known of what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from data.reading import Problem
from loaders.cells import text_of

MAX_FILE_BYTES = 256 * 2**20
MAX_COLUMNS = 500


@dataclass(frozen=True)
class Grid:
    """One sheet. `cells`: row i is row i + 1 as Excel shows it; an empty cell is "".

    `widths`: for text files, how many cells each row has. `since_1904`: the workbook counts its days from 1904.
    """

    sheet: str | None
    cells: pd.DataFrame
    widths: np.ndarray | None = None
    since_1904: bool = False
    problems: tuple[Problem, ...] = field(default_factory=tuple)

    def rows_below(self, header_row: int) -> int:
        """How many rows under the headings hold anything."""
        below = self.cells.iloc[header_row + 1 :]
        columns = [factorized(below[column].to_numpy()) for column in below.columns]
        return int(filled_rows(columns, len(below)).sum())


def factorized(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A column as its different values, and for each row which of them it holds."""
    codes, distinct = pd.factorize(values)
    return codes, np.asarray(distinct, dtype=object)


def filled_rows(columns: Iterable[tuple[np.ndarray, np.ndarray]], count: int) -> np.ndarray:
    """Which rows hold anything at all: a blank row is not a row."""
    filled = np.zeros(count, dtype=bool)
    for codes, distinct in columns:
        filled |= np.array([bool(text_of(value)) for value in distinct], dtype=bool)[codes]
    return filled


def size_sentence(path: Path, size: int) -> str:
    return (
        f"{path.name}: it is {size / 2**20:,.0f} MB, and files over {MAX_FILE_BYTES // 2**20} MB are not opened. "
        "Split it by month, or leave out columns that are not needed, and load the parts."
    )
