"""Which days a national return speaks for: years to 31 March, of which it holds every row."""

from __future__ import annotations

import pandas as pd

from loaders.source import Spoken

Window = tuple[pd.Timestamp, pd.Timestamp]
_SENT_UNTIL = 9  # a return for the year to 31 March is sent, and sent again, until September


def year_from(day: pd.Timestamp) -> pd.Timestamp:
    """The 1 April on or before a day."""
    return pd.Timestamp(day.year if day.month >= 4 else day.year - 1, 4, 1).as_unit("s")


def census_year(spoken: Spoken) -> Window:
    """The year of a census, up to the day it speaks of."""
    return year_from(spoken.as_at), spoken.as_at


def status_day(spoken: Spoken) -> pd.Timestamp:
    """The day a table without dates speaks of: in a file of April to September the year end just past, else the month end spoken for."""
    if 4 <= spoken.as_at.month <= _SENT_UNTIL:
        return year_from(spoken.as_at) - pd.Timedelta(days=1)
    return spoken.month_end


def return_window(days: pd.Series, spoken: Spoken) -> Window:
    """The years a table of the return speaks for, by days of things that happened in them.

    It ends on the day the file speaks of; but in a file of April to September without a day after 31 March, on that 31 March. It begins
    with the year of that end, or with an earlier year if every year from there on has at least half the rows of the fullest one.
    """
    year_end = year_from(spoken.as_at) - pd.Timedelta(days=1)
    for_the_year = 4 <= spoken.as_at.month <= _SENT_UNTIL and not (days > year_end).any()
    last = year_end if for_the_year else spoken.as_at
    known = days[days <= last].dropna()
    counts = (known.dt.year - (known.dt.month < 4)).value_counts()
    first = year_from(last)
    while len(counts) and counts.get(first.year - 1, 0) * 2 >= counts.max():
        first = pd.Timestamp(first.year - 1, 4, 1).as_unit("s")
    return first, last


def latest_year(window: Window) -> Window:
    """The part of a window in which a return is held to have every row there is: the year it was made for."""
    first, last = window
    return max(first, year_from(last)), last
