"""When was a child seen? The visits of each cohort: the log of visits tried and made, and the visits at which the child was seen.

Each is picked out of the visits, and put in order, once for all the measures that ask. Where a visits log has the same child and day as a
last-visit date printed in a list, the log decides.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Tables
from kpi.cohorts import Positions, Timeline
from kpi.period import Days, days

LOG = "log"
Which = Literal["log", "log seen", "seen"]


def seen_visits(tables: Tables, cohort: str) -> pd.DataFrame:
    """Qualifying visits of one cohort: the child was seen. Where a visits log has the same child and day, the log decides."""
    return _visits(tables, cohort, "seen")


def logged_days(tables: Tables, cohort: str) -> Days:
    """The days the visits log of one cohort holds anything of, in order."""

    def found() -> Days:
        on = tables.visit["happened_on"].iloc[_rows(tables, cohort, "log")]
        return np.unique(days(on.dropna()))

    return tables.once(f"days of {cohort} visits, log", found)  # type: ignore[no-any-return]


def visits_in_order(tables: Tables, cohort: str, which: Which = "seen") -> Timeline:
    """Each child's days among the visits of a cohort: those at which the child was seen (among `seen_visits`), or of the log alone."""

    def made() -> Timeline:
        rows, (code, known) = _rows(tables, cohort, which), _children(tables)
        if which == "log seen":  # the first of those seen
            seen = _rows(tables, cohort, "seen")
            return visits_in_order(tables, cohort).only(np.arange(len(seen)) < len(rows))
        return Timeline.coded(code[rows], known, tables.visit["happened_on"].iloc[rows])

    return tables.once(f"{cohort} visits in order, {which}", made)  # type: ignore[no-any-return]


def last_seen(cases: pd.DataFrame, tables: Tables, cohort: str, since: pd.Series) -> pd.Series:
    """For each case the day the child was last seen on or before the period end; a visit before `since` does not count."""
    return _not_before(since, visits_in_order(tables, cohort).last_day(cases["child_id"], cases["period"]))


def last_logged(cases: pd.DataFrame, tables: Tables, cohort: str, since: pd.Series) -> pd.Series:
    """As `last_seen`, by the visits log alone."""
    return _not_before(since, visits_in_order(tables, cohort, "log seen").last_day(cases["child_id"], cases["period"]))


def never_seen(cases: pd.DataFrame, tables: Tables, cohort: str, since: pd.Series) -> pd.Series:
    """As `last_seen`, had nobody been seen at all."""
    return pd.Series(index=cases.index, dtype="datetime64[s]")


def _visits(tables: Tables, cohort: str, which: Which) -> pd.DataFrame:
    return tables.once(f"{cohort} visits, {which}", lambda: tables.visit.take(_rows(tables, cohort, which)))  # type: ignore[no-any-return]


def _rows(tables: Tables, cohort: str, which: Which) -> Positions:
    """Where these visits are among all: those of the log, and after them those printed in a list on a day the log has nothing of."""

    def found() -> Positions:
        logged: npt.NDArray[np.bool_]
        seen: npt.NDArray[np.bool_]
        kind, kinds = tables.once("cohorts of visits", lambda: pd.factorize(tables.visit["cohort_kind"]))
        logged, seen = tables.once("visits logged, and seen", lambda: _flags(tables.visit))
        ours = np.flatnonzero(kind == kinds.get_indexer([cohort])[0]) if cohort in kinds else np.empty(0, dtype=np.int64)
        log, printed = ours[logged[ours]], ours[~logged[ours] & seen[ours]]
        if which == "log":
            return log
        if which == "log seen":
            return log[seen[log]]
        return np.concatenate([log[seen[log]], printed[~_among(tables, printed, log)]])

    return tables.once(f"rows of {cohort} visits, {which}", found)  # type: ignore[no-any-return]


def _among(tables: Tables, printed: Positions, log: Positions) -> npt.NDArray[np.bool_]:
    """Which of these visits are to a child and on a day that the log has as well."""
    if not (len(printed) and len(log)):
        return np.zeros(len(printed), dtype=bool)
    both = np.concatenate([log, printed])
    code, when = _children(tables)[0][both], days(tables.visit["happened_on"].iloc[both])
    day = code * (int(np.ptp(when)) + 1) + when - when.min()
    logged, asked = np.sort(day[: len(log)]), day[len(log) :]
    order = np.argsort(asked)  # asked for in order they are found in a third of the time
    there = np.zeros(len(asked), dtype=bool)
    there[order] = logged[np.minimum(np.searchsorted(logged, asked[order]), len(logged) - 1)] == asked[order]
    return there


def _flags(visit: pd.DataFrame) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Whether each visit is of a log, and whether the child was seen."""
    return (visit["origin_kind"] == LOG).to_numpy(dtype=bool), visit["child_seen"].fillna(False).to_numpy(dtype=bool)


def _children(tables: Tables) -> tuple[Positions, pd.Index]:
    """The child of each visit as a number, and the ids they stand for."""

    def found() -> tuple[Positions, pd.Index]:
        code, known = pd.factorize(tables.visit["child_id"])
        return code.astype(np.int64), pd.Index(known)

    return tables.once("children visited", found)  # type: ignore[no-any-return]


def _not_before(since: pd.Series, seen: npt.NDArray[np.datetime64]) -> pd.Series:
    seen[~(seen >= since.to_numpy().astype("datetime64[s]"))] = np.datetime64("NaT", "s")
    return pd.Series(seen, index=since.index)
