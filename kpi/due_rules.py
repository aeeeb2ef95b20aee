"""What a rule about time is, and what it gives: for each case the day something falls due, and the line of the standard that says so.

Every duty has one home for its rules (`kpi.visit_rules`, `kpi.review_rules`, `kpi.work_rules`). The measures that judge a duty and the
lists of what is due both ask there, so that no list can disagree with a figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Tables
from kpi.clock import Dates, due_by, in_words, standard_on, standards_of

Mask = pd.Series | npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """One line of a standard: its row in clocks.csv, what it counts from, in words, and where it is written if it is law or guidance."""

    clock: str
    counted_from: str
    source: str = ""

    def says(self, interval: str) -> str:
        written = f" ({self.source})" if self.source else ""
        return f"{interval} after {self.counted_from}{written}"


@dataclass(frozen=True)
class Due:
    """When something falls due: one entry a case, in the order of the cases.

    last_on: the day it was last done, empty if never. due_on: empty where no rule holds. which: the rule's place in `rules`, -1 for none.
    """

    rules: tuple[Rule, ...]
    which: npt.NDArray[np.int64]
    counted_from: Dates
    last_on: pd.Series
    due_on: Dates

    def in_words(self, tables: Tables) -> pd.Series:
        """For each case the rule in words, with the interval in force on the day it counts from; empty where no rule holds."""
        said = np.full(len(self.which), "", dtype=object)
        for i, rule in enumerate(self.rules):
            rows = standards_of(tables.clocks, rule.clock)
            in_force = standard_on(rows, self.counted_from)
            for n, standard in enumerate(rows):
                said[(self.which == i) & (in_force == n)] = rule.says(in_words(standard))
        return pd.Series(said, index=self.last_on.index, dtype="str")


@dataclass(frozen=True)
class When:
    """A rule, the cases it is for, and the day it counts from for each of them."""

    rule: Rule
    holds: Mask
    counted_from: pd.Series | Dates


def first_that_holds(tables: Tables, *said: When, last_on: pd.Series) -> Due:
    """For each case the first rule that holds for it, and the day that rule gives. The masks and days are in the order of the cases."""
    size = len(last_on)
    which = np.full(size, -1, dtype=np.int64)
    counted_from = np.full(size, np.datetime64("NaT", "D"))
    due_on = counted_from.copy()
    for i, when in enumerate(said):
        ours = np.asarray(when.holds, dtype=bool) & (which == -1)
        since = np.asarray(when.counted_from, dtype="datetime64[D]")[ours]
        which[ours] = i
        counted_from[ours] = since
        due_on[ours] = due_by(tables.clocks, when.rule.clock, since, tables.bank_holidays)
    return Due(tuple(when.rule for when in said), which, counted_from, last_on, due_on)


def everyone(cases: pd.DataFrame) -> npt.NDArray[np.bool_]:
    return np.ones(len(cases), dtype=bool)


def dates(values: npt.NDArray[np.datetime64], like: pd.DataFrame) -> pd.Series:
    """Days as a column beside the cases."""
    return pd.Series(np.asarray(values).astype("datetime64[s]"), index=like.index)
