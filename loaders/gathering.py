"""A sheet's cells gathered block by block: of each column its different values, and for each row which of them it holds.

Two million rows of ten columns are then a few thousand words and twenty million small numbers, not twenty million words.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.reading import Refused
from loaders.grid import MAX_COLUMNS

MAX_ROWS = 2_500_000
MAX_CELLS = 50_000_000
MAX_DIFFERENT = 6_000_000
_REMEDY = "Split it by month, or leave out the columns that are not needed, and load the parts."

Coded = tuple[np.ndarray, np.ndarray]
"""A column of one block: for each row the number of its value, and the values by number."""


class Gathered:
    """Blocks of rows, laid one under the other. Raises `Refused`, naming the file, where they are more than is read."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._heights: list[int] = []
        self._columns: list[list[Coded | None]] = []
        self._different = 0

    def add(self, columns: Sequence[Coded], height: int) -> None:
        check_width(self._name, len(columns))
        while len(self._columns) < len(columns):
            self._columns.append([None] * len(self._heights))
        for i, parts in enumerate(self._columns):
            parts.append(_compact(*columns[i]) if i < len(columns) else None)
        self._heights.append(height)
        self._different += sum(len(values) for _, values in columns)
        self._check_size()

    def _check_size(self) -> None:
        rows, remedy = sum(self._heights), _REMEDY
        if rows > MAX_ROWS:
            raise Refused(too_many_rows(self._name))
        if rows * len(self._columns) > MAX_CELLS:
            raise Refused(f"{self._name}: it has over {MAX_CELLS:,} cells, more than are read from one file. {remedy}")
        if self._different > MAX_DIFFERENT:
            raise Refused(f"{self._name}: it holds over {MAX_DIFFERENT:,} different values, more than are read from one file. {remedy}")

    def frame(self) -> pd.DataFrame:
        """All rows, a categorical column for each column of the sheet; a row that is short has "" at its end."""
        made = {}
        for i in range(len(self._columns)):
            parts, self._columns[i] = self._columns[i], []
            made[i] = self._joined(parts)
        return pd.DataFrame(made, index=pd.RangeIndex(sum(self._heights)))

    def _joined(self, parts: Sequence[Coded | None]) -> pd.Categorical:
        none = np.array([""], dtype=object)
        full = [part or (np.zeros(height, dtype=np.int8), none) for part, height in zip(parts, self._heights, strict=True)]
        numbers, values = pd.factorize(np.concatenate([values for _, values in full]))
        ends = np.cumsum([len(values) for _, values in full])
        kind = np.min_scalar_type(-max(len(values), 1))
        renumbered = np.split(numbers.astype(kind), ends[:-1])
        codes = np.concatenate([new[codes] for new, (codes, _) in zip(renumbered, full, strict=True)])
        return pd.Categorical.from_codes(codes, categories=pd.Index(values, dtype=object))


def _compact(codes: np.ndarray, values: np.ndarray) -> Coded:
    return codes.astype(np.min_scalar_type(-max(len(values), 1)), copy=False), values


def too_many_rows(name: str) -> str:
    return f"{name}: it has over {MAX_ROWS:,} rows, more than are read from one file. {_REMEDY}"


def check_width(name: str, width: int) -> None:
    """Refuse a table far wider than any extract."""
    if width > MAX_COLUMNS:
        raise Refused(f"{name}: it has {width:,} columns, and over {MAX_COLUMNS} are not read. Leave out the columns that are not needed.")
