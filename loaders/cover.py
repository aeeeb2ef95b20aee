"""Which days a file speaks for: a month inside them with no rows had none; a month outside them is not known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from loaders.source import Spoken

MANY_ROWS = 100
LONE_GAP_MONTHS = 3  # a date standing alone this far before the rest is a slip, and does not stretch the cover
WINDOW = pd.DateOffset(months=6)  # Annex A lists what was open, or happened, in the six months before


def window_before(spoken: Spoken) -> pd.Timestamp:
    return spoken.as_at - WINDOW + pd.Timedelta(days=1)


def events_cover(days: pd.Series, spoken: Spoken) -> tuple[pd.Timestamp, pd.Timestamp]:
    """A list of events of the last six months, or of longer when its rows reach further back."""
    first = window_before(spoken)
    earliest = earliest_together(days[days < first], ending=first)
    return min(first, earliest) if earliest is not None else first, spoken.as_at


def log_cover(days: pd.Series, spoken: Spoken) -> tuple[pd.Timestamp, pd.Timestamp]:
    """A log of everything from its first full month to the day it was taken.

    In a log of many rows, a month with less than half the rows of its busiest month was recorded late: the log does not speak for it.
    """
    months = days.dropna().dt.to_period("M")
    counts = months.value_counts()
    if len(months) >= MANY_ROWS:
        days = days[days.dt.to_period("M").isin(counts.index[counts * 2 >= counts.max()])]
    earliest = earliest_together(days, ending=spoken.as_at)
    return ((earliest if earliest is not None else spoken.as_at).to_period("M").to_timestamp(), spoken.as_at)


def earliest_together(days: pd.Series, *, ending: pd.Timestamp) -> pd.Timestamp | None:
    """The earliest day, going back from `ending` until months go by with nothing."""
    known = np.unique(days.dropna().to_numpy())
    if not len(known):
        return None
    months: Any = pd.DatetimeIndex(known).year * 12 + pd.DatetimeIndex(known).month
    apart = np.diff(np.append(months, ending.year * 12 + ending.month))
    lone = np.flatnonzero(apart[:-1] > LONE_GAP_MONTHS)
    return pd.Timestamp(known[lone[-1] + 1 if len(lone) else 0])
