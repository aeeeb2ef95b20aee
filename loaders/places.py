"""Places in a file, in the few words people find them by: rows as ranges, columns by letter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def column_letters(index: int) -> str:
    """A column, counted from 0, as Excel names it."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def row_ranges(rows: Sequence[int] | np.ndarray, limit: int = 200) -> str:
    """Rows in few words: 2-6, 9, 12-14."""
    ordered = np.sort(np.asarray(rows, dtype=np.int64))
    ordered = ordered[np.diff(ordered, prepend=-1) > 0]
    breaks = np.flatnonzero(np.diff(ordered) > 1) + 1
    firsts = ordered[np.concatenate(([0], breaks))][:limit] if len(ordered) else ordered
    lasts = ordered[np.concatenate((breaks - 1, [len(ordered) - 1]))][:limit] if len(ordered) else ordered
    words = [f"{first}-{last}" if last > first else f"{first}" for first, last in zip(firsts, lasts, strict=True)]
    more = len(breaks) + 1 - limit
    return ", ".join(words) + (f" and {more} more places" if more > 0 else "")
