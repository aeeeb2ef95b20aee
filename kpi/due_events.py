"""Due events: of the visits that fell due, which were made by their due date? The second visiting method, never mixed with the stock one.

The first visit falls due one interval after the start; each visit made sets the clock anew. A visit missed is one missed visit, in the
month it fell due; a child who then stays unseen is told of by the stock method, every month.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Tables
from kpi.clock import Dates
from kpi.period import Days, days
from kpi.shapes import as_cases, case_ids, first_true, in_month

NO_LOG = "the visits log does not reach that far"
MADE, LATE, MISSED = "made by the due date", "made late", "not made"
SPELL = ["child_id", "started_on", "ended_on"]


def visits_due(spells: pd.DataFrame, seen: pd.DataFrame, due_of: Callable[[pd.DataFrame], Dates]) -> pd.DataFrame:
    """Every visit that fell due in these spells, made or not, whatever the month.

    spells: child_id, started_on, ended_on and whatever is to be kept, one row each. seen: child_id, happened_on of qualifying visits.
    due_of: from rows with `from_on` (the start, or the visit the clock was set by) and the spell's columns to the days due.
    Returns the spells' columns with `from_on`, `due_on` and `made_on` (the next visit, empty where there was none), one row for each visit
    that fell due on a day the spell was open.
    """
    kept = spells.assign(spell=np.arange(len(spells)))
    visits = seen[["child_id", "happened_on"]].drop_duplicates()
    pairs = kept[["spell", *SPELL]].merge(visits, on="child_id")
    within = (pairs["happened_on"] >= pairs["started_on"]) & ~(pairs["happened_on"] >= pairs["ended_on"])
    made = pairs[within][["spell", "happened_on"]].rename(columns={"happened_on": "from_on"})
    starts = kept[["spell", "started_on"]].rename(columns={"started_on": "from_on"})
    points = pd.concat([starts, made], ignore_index=True).dropna().drop_duplicates().sort_values(["spell", "from_on"], ignore_index=True)
    points["made_on"] = points.groupby("spell")["from_on"].shift(-1)
    out = points.merge(kept, on="spell").drop(columns="spell")
    out["due_on"] = due_of(out).astype("datetime64[s]")
    return out[~(out["due_on"] >= out["ended_on"])].reset_index(drop=True)


def made_by_due(owed: pd.DataFrame, log: Days) -> pd.DataFrame:
    """Cases from visits that fell due in a month. owed: as `visits_due` gives them, with `period`. log: as `logged_days` gives it.

    Where the log holds nothing of the month the visit fell due in, or does not reach back to the day its clock was set, it cannot be told
    whether it was made: it is left out, counted and shown.
    """
    known = pd.Series(_logged(owed, log), index=owed.index)
    met = owed["made_on"] <= owed["due_on"]
    made = owed["made_on"].where(owed["made_on"] <= owed["period"])
    return as_cases(
        owed.assign(
            case_id=case_ids(owed, "from_on", "due_on"), met=met.where(known), happened_on=made,
            reason=np.select([met, made.notna()], [MADE, LATE], MISSED), left_out=first_true(owed.index, (~known, NO_LOG)),
        )
    )  # fmt: skip


def due_in_month(owed: pd.DataFrame, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """The visits that fell due in each period's month, up to the period's own day, in an order of their own."""
    return in_month(owed.sort_values(["child_id", "from_on"], kind="stable", ignore_index=True), "due_on", periods)


def log_of(tables: Tables, cohort: str) -> pd.DataFrame:
    """The visits log of one cohort: every visit tried or made, never a last-visit date printed in a list."""
    visit = tables.visit
    return tables.once(f"{cohort} log", lambda: visit[(visit["cohort_kind"] == cohort) & (visit["origin_kind"] == "log")])  # type: ignore[no-any-return]


def logged_days(tables: Tables, cohort: str) -> Days:
    """The days the visits log of one cohort holds anything of, in order."""
    return tables.once(f"{cohort} log days", lambda: np.unique(days(log_of(tables, cohort)["happened_on"].dropna())))  # type: ignore[no-any-return]


def logged_seen(tables: Tables, cohort: str) -> pd.DataFrame:
    """The visits of the log at which the child was seen."""
    log = log_of(tables, cohort)
    return tables.once(f"{cohort} log seen", lambda: log[log["child_seen"].fillna(False).astype(bool)])  # type: ignore[no-any-return]


def _logged(owed: pd.DataFrame, dates: Days) -> npt.NDArray[np.bool_]:
    """Whether the log speaks of the month each visit fell due in, by the period, and reaches back to the day its clock was set."""
    if not len(dates):
        return np.zeros(len(owed), dtype=bool)
    first_month = np.datetime64(int(dates[0]), "D").astype("datetime64[M]")
    starts = owed["due_on"].to_numpy().astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    in_it = np.searchsorted(dates, days(owed["period"]), side="right") > np.searchsorted(dates, starts, side="left")
    reaches: npt.NDArray[np.bool_] = owed["from_on"].to_numpy().astype("datetime64[M]") >= first_month
    return in_it & reaches
