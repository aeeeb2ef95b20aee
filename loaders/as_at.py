"""Which day a file speaks of: as asked, as its name says, or as the last thing in it that has happened."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data.reading import AsAtFrom, Problem, spoken_for
from loaders.source import Spoken

RUN_ON_DAYS = 15  # an extract for May may be taken in early June, and hold what was recorded until then
TRUST_DAYS = 183  # a name that runs further than this ahead of the contents is not about the contents

_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_GAP = r"[\s_./-]*"
_LIST_NUMBER = re.compile(r"list[\s_]*\d{1,2}(?!\d)", re.IGNORECASE)  # "list 3 May 2026" is not the third of May
_DAY_PATTERNS = (
    (re.compile(r"(?<!\d)((?:19|20)\d{2})[-_. ](\d{1,2})[-_. ](\d{1,2})(?!\d)"), "ymd"),
    (re.compile(r"(?<!\d)(\d{1,2})[-_. ](\d{1,2})[-_. ]((?:19|20)\d{2})(?!\d)"), "dmy"),
    (re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)"), "ymd"),
    (re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?{_GAP}{_MONTH}{_GAP}((?:19|20)\d{{2}})(?!\d)", re.IGNORECASE), "dmy"),
)
_MONTH_PATTERNS = (
    (re.compile(r"(?<!\d)((?:19|20)\d{2})[-_. ](\d{1,2})(?!\d)"), "ym"),
    (re.compile(r"(?<!\d)(\d{1,2})[-_. ]((?:19|20)\d{2})(?!\d)"), "my"),
    (re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(?!\d)"), "ym"),
    (re.compile(rf"(?<![A-Za-z]){_MONTH}{_GAP}((?:19|20)\d{{2}})(?!\d)", re.IGNORECASE), "my"),
    (re.compile(rf"(?<!\d)((?:19|20)\d{{2}}){_GAP}{_MONTH}(?![A-Za-z])", re.IGNORECASE), "ym"),
)


@dataclass(frozen=True)
class AsAt:
    day: pd.Timestamp
    known_from: AsAtFrom
    problems: tuple[Problem, ...] = ()

    @property
    def spoken(self) -> Spoken:
        """A stated day stands for the month end nearest to it; a day read off the contents for the end of its own month."""
        month_end = month_end_of(self.day) if self.known_from == "contents" else spoken_for(self.day)
        return Spoken(self.day, month_end)


def as_at_of(path: Path, *, asked: dt.date | None, latest: pd.Timestamp | None, today: dt.date, dated: bool) -> AsAt:
    """The day asked for; else the date in the file's or its folder's name, if the contents bear it out; else the latest day in it.

    `latest`: the latest day in the file; `dated`: whether its kind of file holds days at all (a list of teams need not).
    """
    if asked is not None:
        return AsAt(pd.Timestamp(asked), "asked")
    named = date_in(path.stem) or date_in(path.parent.name)
    if latest is None:
        if named is not None:
            return AsAt(pd.Timestamp(named), "name")
        says = "Nothing in the file is dated and its name holds no date, so it is taken to speak of today; say the day with --as-at."
        return AsAt(pd.Timestamp(today), "contents", (Problem(says),) if dated else ())
    if named is None:
        return AsAt(latest, "contents")
    day = pd.Timestamp(named)
    if day > pd.Timestamp(today):
        return AsAt(latest, "contents", (_not_trusted(day, latest, "that day has not come"),))
    if month_end_of(day) + pd.Timedelta(days=RUN_ON_DAYS) < latest:
        return AsAt(latest, "contents", (_not_trusted(day, latest, "the file holds later dates"),))
    if day - latest > pd.Timedelta(days=TRUST_DAYS):
        return AsAt(latest, "contents", (_not_trusted(day, latest, "the file holds nothing near that day"),))
    return AsAt(day, "name")


def _not_trusted(day: pd.Timestamp, latest: pd.Timestamp, why: str) -> Problem:
    says = (
        f"The name says {day:%d/%m/%Y}, but {why} (the latest date in the file is {latest:%d/%m/%Y}), so it is taken to speak of that day; "
        "if the name is right, say so with --as-at."
    )
    return Problem(says, value=f"{day:%d/%m/%Y}")


def date_in(name: str) -> dt.date | None:
    """The date a name holds: 2026-05-31, 31-05-2026, 31 May 2026; a month (2026_05, 202605, May 2026) means its last day."""
    name = _LIST_NUMBER.sub(" ", name)
    for pattern, order in _DAY_PATTERNS:
        if found := pattern.search(name):
            year, month, day = found.groups() if order == "ymd" else reversed(found.groups())
            if (made := _day(int(year), month, int(day))) is not None:
                return made
    for pattern, order in _MONTH_PATTERNS:
        if found := pattern.search(name):
            year, month = found.groups() if order == "ym" else reversed(found.groups())
            if (made := _day(int(year), month, 1)) is not None:
                return month_end_of(pd.Timestamp(made)).date()
    return None


def _day(year: int, month: str, day: int) -> dt.date | None:
    number = int(month) if month.isdigit() else _MONTHS[month[:3].casefold()]
    try:
        return dt.date(year, number, day)
    except ValueError:
        return None


def month_end_of(day: pd.Timestamp) -> pd.Timestamp:
    return day + pd.offsets.MonthEnd(0)


def latest_of(days: Iterable[pd.Series], today: dt.date) -> pd.Timestamp | None:
    """The latest day, not after today, among some columns of days."""
    limit = pd.Timestamp(today)
    found = [column[column <= limit].max() for column in days if len(column)]
    known = [pd.Timestamp(day) for day in found if not pd.isna(day)]
    return max(known) if known else None
