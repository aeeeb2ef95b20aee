"""How fresh each source is: its newest load, the month it speaks for, the months it speaks for, and how far it is behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import pandas as pd

import loaders
from data import reference
from data.reading import spoken_for
from data.store import Store
from kpi.clock import add_working_days
from layouts import words
from layouts.view import View

Every = Literal["monthly", "yearly", "undated"]

_OURS: Mapping[str, str] = MappingProxyType(
    {
        "annex_a": "Annex A child lists", "workers": "Workforce", "annotations": "Notes on charts", "plo": "Pre-proceedings and court",
        "ssda903": "Children looked after return", "cin_census": "Children in need census", "workforce_census": "Workforce census",
        "iro_escalations": "Reviewing officer escalations", "pwp_checks": "Checks of placements with parents",
        "actions": "Improvement plan", "measure_values": "Given figures", "clocks": "Dated standards", "targets": "Loaded targets",
        "ssd": "Standard Safeguarding Dataset",
    }
)  # fmt: skip
SOURCE_TITLES: Mapping[str, str] = MappingProxyType(
    {s.name: _OURS.get(s.name, f"{s.title[:1].upper()}{s.title[1:]}") for s in (*loaders.SOURCES, loaders.SSD)}
)
UNDATED = ("teams", "annotations", "targets", "clocks", "population", "published_figures")  # a list that holds until it changes
YEARLY = ("ssda903", "cin_census", "workforce_census")
YEAR_AND_GRACE = 16  # months: the returns of a year are made within about four months of its end
READY_AFTER = 5  # working days after the month end by which its extracts are expected
STRIP_MONTHS = 12

Spoken = Literal["whole", "part", "none"]


@dataclass(frozen=True)
class Stand:
    """Where one source stands: its newest load that counts, and how many months behind it is.

    `strip`: whether it speaks for each of the last twelve months, oldest first: wholly, in part of its lists, or not; empty where a
    source is not monthly. `ends`: the month ends of that strip.
    """

    source: str
    title: str
    newest: pd.Series
    month: pd.Timestamp
    months_late: int
    every: Every = "monthly"
    strip: tuple[Spoken, ...] = ()
    ends: tuple[pd.Timestamp, ...] = ()

    @property
    def missing(self) -> list[pd.Timestamp]:
        """The months of the strip the source does not speak for, after the first it does."""
        first = next((i for i, said in enumerate(self.strip) if said != "none"), len(self.strip))
        return [end for i, (end, said) in enumerate(zip(self.ends, self.strip, strict=True)) if said == "none" and i > first]


def stand_of_sources(view: View) -> list[Stand]:
    """Every source that has ever been loaded, in the order of the list above."""
    expected = None if view.today is None or view.invented else expected_month(view.today)
    return list(_stands(view.store, view.viewer.authority, view.version, expected))


def expected_month(today: pd.Timestamp) -> pd.Timestamp:
    """The newest month whose extracts should be here: five working days after its end have passed."""
    last = today.normalize() - pd.offsets.MonthEnd(1)
    ready = pd.Timestamp(add_working_days(pd.Series([last]), READY_AFTER, reference.bank_holidays())[0])
    return last if today.normalize() > ready else last - pd.offsets.MonthEnd(1)


@lru_cache(maxsize=8)
def _stands(store: Store, authority: str, version: tuple[int, int], expected: pd.Timestamp | None) -> tuple[Stand, ...]:
    loads, spoken = store.loads(authority), store.spoken_for(authority)
    held = loads[loads["withdrawn_at"].isna()].sort_values(["as_at", "batch_id"])
    newest = [held[held["source"] == s].iloc[-1] for s in held["source"].unique()]
    months = {row["source"]: spoken_for(row["as_at"]) for row in newest}
    known = [m for s, m in months.items() if every(s) == "monthly"]
    last = max([*known, *([] if expected is None else [expected])], default=max(months.values(), default=pd.Timestamp.min))
    order = list(SOURCE_TITLES)
    rows = sorted(newest, key=lambda r: (order.index(r["source"]) if r["source"] in order else len(order), r["source"]))
    ends = tuple(pd.date_range(end=last, periods=STRIP_MONTHS, freq="ME")) if newest else ()
    return tuple(_stand(r, months[r["source"]], last, ends, spoken[spoken["source"] == r["source"]]) for r in rows)


def _stand(newest: pd.Series, month: pd.Timestamp, last: pd.Timestamp, ends: tuple[pd.Timestamp, ...], spoken: pd.DataFrame) -> Stand:
    source = newest["source"]
    how = every(source)
    strip = _strip(ends, spoken) if how == "monthly" and len(spoken) else ()
    return Stand(source, titled(source), newest, month, _behind(how, month, last), how, strip, ends if strip else ())


def _strip(ends: tuple[pd.Timestamp, ...], spoken: pd.DataFrame) -> tuple[Spoken, ...]:
    tables = spoken["table"].nunique()
    counts = spoken.groupby("month")["table"].nunique()
    told = [int(counts.get(end, 0)) for end in ends]
    return tuple("whole" if n == tables else "part" if n else "none" for n in told)


def every(source: str) -> Every:
    """How often a source is expected."""
    return "undated" if source in UNDATED else "yearly" if source in YEARLY else "monthly"


def titled(source: str) -> str:
    """A source as people call it; one nobody declared, by its own name."""
    return SOURCE_TITLES.get(source, source.replace("_", " ").capitalize())


def as_at_of(stand: list[Stand]) -> pd.Timestamp | None:
    """The newest day any dated source speaks of."""
    return max((s.newest["as_at"] for s in stand if s.source not in UNDATED), default=None)


def behind(stand: list[Stand]) -> str:
    """Which sources are behind, as a sentence; nothing where none is: "Audits and Workforce are behind"."""
    late = [s.title for s in stand if s.months_late]
    if not late:
        return ""
    listed = " and ".join([", ".join(late[:-1]), late[-1]] if len(late) > 1 else late)
    return f"{listed} {'is' if len(late) == 1 else 'are'} behind" if len(late) <= 3 else f"{words.count(len(late))} sources are behind"


def _behind(how: Every, month: pd.Timestamp, last: pd.Timestamp) -> int:
    apart = (last.year - month.year) * 12 + last.month - month.month
    return 0 if how == "undated" else max(0, apart - (YEAR_AND_GRACE if how == "yearly" else 0))
