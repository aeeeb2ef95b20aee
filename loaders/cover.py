"""Which days a file speaks for: a month inside them with no rows had none; a month outside them is not known.

Fewer are the days for which it is declared complete: there, a row an earlier file held and this one does not no longer counts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from loaders.source import Cover, Spoken

Span = tuple[pd.Timestamp, pd.Timestamp]
NO_CHANCE = 5
LONE_GAP_MONTHS = 3  # a date standing alone this far before the rest is a slip, and does not stretch the cover
WHOLE_MONTHS = 6
WINDOW = pd.DateOffset(months=WHOLE_MONTHS)  # Annex A lists what was open, or happened, in the six months before


def window_before(day: pd.Timestamp, reach: pd.DateOffset = WINDOW) -> pd.Timestamp:
    """The first day of the six months (or other reach) that end on a day."""
    return day - reach + pd.Timedelta(days=1)


def window(spoken: Spoken, reach: pd.DateOffset = WINDOW) -> Span:
    return window_before(spoken.as_at, reach), spoken.as_at


def on_day(day: pd.Timestamp) -> Span:
    return day, day


def complete_window(days: pd.Series, spoken: Spoken, table: str, *, listed: int | None = None) -> Cover:
    """The window for which an Annex A list is declared complete: of events by their day, of episodes by the day they ended.

    Drawn up on a month's last day it is complete for the six calendar months that end with it: six months before 30 April is 30 October,
    and some count from 31 October, others from 1 November. Drawn up on another day, or on one only known from its latest date, the
    window may have begun later still: it is then taken to begin with the first day the list holds of those. So nothing is struck out
    only because the window moved. `listed`: how many rows the list has, where not each has such a day. A list with no row declares
    nothing: it may only have been left blank.
    """
    if not (len(days) if listed is None else listed):
        return {}
    last = spoken.as_at
    first = max(window_before(last), spoken.month_end + pd.Timedelta(days=1) - pd.offsets.MonthBegin(WHOLE_MONTHS))
    if not last.is_month_end:
        held = days[(days >= first) & (days <= last)]
        first = held.min() if len(held) else last
    return {table: (first, last)}


def events_cover(days: pd.Series, spoken: Spoken) -> Span:
    """A list of events of the last six months, or of longer when its rows reach further back."""
    first = window_before(spoken.as_at)
    earliest = earliest_together(days[days < first], ending=first)
    return min(first, earliest) if earliest is not None else first, spoken.as_at


def log_cover(days: pd.Series, spoken: Spoken) -> Span:
    """A log of everything from its first full month to the day it was taken; days still to come (due dates) have no part in it.

    A month with less than half the rows of its busiest month was recorded late, or before the log was kept in earnest, and the log does
    not speak for it: but only where so few cannot be chance. Two counts of things that come alike often differ by about the root of their
    sum; over three years the busiest and quietest differ by some three times that, by four where children come in families, and five
    times is no chance. So a month of 2 beside one of 40 was recorded late; one of 5 beside one of 20 was a quiet month.
    """
    days = days[days <= spoken.as_at]
    months = days.dropna().dt.to_period("M")
    counts = months.value_counts()
    few = (counts * 2 < counts.max()) & ((counts.max() - counts) ** 2 > NO_CHANCE**2 * (counts.max() + counts))
    days = days[~days.dt.to_period("M").isin(counts.index[few])]
    earliest = earliest_together(days, ending=spoken.as_at)
    return ((earliest if earliest is not None else spoken.as_at).to_period("M").to_timestamp(), spoken.as_at)


def register_cover(ended: pd.Series, spoken: Spoken) -> Span:
    """A register of episodes, open and ended, from the first month that saw one end: those that ended before may not be in it any more.

    Where none has ended it may be a list of the open ones alone, and speaks for its own day.
    """
    ended = ended[ended <= spoken.as_at]
    return log_cover(ended, spoken) if len(ended) else on_day(spoken.as_at)


def shown_days(days: pd.Series, spoken: Spoken) -> Span:
    """A snapshot speaks for the days its rows show."""
    return (days.min(), days.max()) if days.notna().any() else on_day(spoken.as_at)


def shown_complete(days: pd.Series, table: str) -> Cover:
    """The days for which a snapshot is declared complete: those it shows; of several with a month between left out, the last alone."""
    if not days.notna().any():
        return {}
    first, last = days.min(), days.max()
    months = days.dropna().dt.to_period("M").nunique()
    together = months == (last.year - first.year) * 12 + last.month - first.month + 1
    return {table: (first if together else last, last)}


def earliest_together(days: pd.Series, *, ending: pd.Timestamp) -> pd.Timestamp | None:
    """The earliest day, going back from `ending` until months go by with nothing."""
    known = np.unique(days.dropna().to_numpy())
    if not len(known):
        return None
    months: Any = pd.DatetimeIndex(known).year * 12 + pd.DatetimeIndex(known).month
    apart = np.diff(np.append(months, ending.year * 12 + ending.month))
    lone = np.flatnonzero(apart[:-1] > LONE_GAP_MONTHS)
    return pd.Timestamp(known[lone[-1] + 1 if len(lone) else 0])
