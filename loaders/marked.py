"""Columns of figures in which a mark may stand for a hidden one: <5, c, x, low. A mark is kept as a mark, and is never 0."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import pandas as pd

from loaders.cells import SUPPRESSED

_LESS = re.compile(r"[<>]=?\s*\d+")


class Marked(NamedTuple):
    """A column read: its numbers, the marks that stand for hidden ones, and where there is something that is neither."""

    value: pd.Series
    mark: pd.Series
    neither: pd.Series


def marked(said: pd.Series) -> Marked:
    """Read a column of words as numbers and marks. Each different wording is read once; an empty cell is neither number nor mark."""
    wordings = {words: _read(words) for words in said.dropna().unique()}
    values = {words: number for words, (number, _) in wordings.items() if number is not None}
    marks = {words: mark for words, (_, mark) in wordings.items() if mark is not None}
    value, mark = said.map(values).astype("float64"), said.map(marks).astype("str")
    return Marked(value, mark, said.notna() & value.isna() & mark.isna())


def _read(words: str) -> tuple[float | None, str | None]:
    plain = words.casefold().strip()
    if plain in SUPPRESSED:
        return None, plain
    if _LESS.fullmatch(plain):
        return None, plain.replace(" ", "")
    try:
        number = float(plain.replace(",", "").removesuffix("%"))
    except ValueError:
        return None, None
    return (number, None) if math.isfinite(number) else (None, None)
