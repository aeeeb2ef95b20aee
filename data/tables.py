"""The canonical tables: the one contract between what a council sends and what Sightline measures.

`data/columns.py` says what a table is, `data/canonical/` declares each of them; here they come together as `Tables`, which is everything
held about one authority. Nothing here knows a file, a database or a screen.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, cast

import pandas as pd

from data.canonical import TABLES
from data.canonical.given import ANNOTATION_KINDS
from data.canonical.help_and_protection import CASE_STATUSES, COHORTS
from data.canonical.practice import GRADES
from data.columns import DTYPES, Column, ColumnKind, Table, TableKind

__all__ = [
    "ANNOTATION_KINDS", "BY_NAME", "CASE_STATUSES", "COHORTS", "DTYPES", "GRADES", "TABLES", "Clock", "Column", "ColumnKind", "Table",
    "TableKind", "Tables",
]  # fmt: skip

BY_NAME: Mapping[str, Table] = MappingProxyType({table.name: table for table in TABLES})


@dataclass(frozen=True)
class Clock:
    """One dated standard: within how many days, of which kind, a duty falls due."""

    duty: str
    since: pd.Timestamp
    interval: int
    unit: Literal["working_days", "calendar_days", "months"]
    set_by: str


@dataclass(frozen=True)
class Tables:
    """Everything Sightline holds about one authority, as it stands: one frame per canonical table, its clocks and bank holidays.

    `covered` maps a table's name (for visits, `visit:cp` and so on) to the months (as month ends) that what was loaded speaks for.
    """

    frames: Mapping[str, pd.DataFrame]
    clocks: tuple[Clock, ...] = ()
    bank_holidays: tuple[pd.Timestamp, ...] = ()
    covered: Mapping[str, pd.DatetimeIndex] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in BY_NAME:
            raise AttributeError(f"there is no canonical table called {name!r}; data/tables.py lists them")
        return self.frames[name] if name in self.frames else self.once(f"no {name}", BY_NAME[name].empty)

    def once(self, what: str, make: Callable[[], Any]) -> Any:
        """Something worked out from these tables, worked out once: the tables never change."""
        if what not in self._kept:
            self._kept[what] = make()
        return self._kept[what]

    def with_frames(self, **frames: pd.DataFrame) -> Tables:
        """These tables with some of them in the place of their own."""
        return Tables(ChainMap(frames, cast("dict[str, pd.DataFrame]", self.frames)), self.clocks, self.bank_holidays, self.covered)
