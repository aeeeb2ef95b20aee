"""Due events: of the visits that fell due, which were made by their due date? The second visiting method, never mixed with the stock one.

The first visit falls due one interval after the start; each visit made sets the clock anew. A visit missed is one missed visit, in the
month it fell due; a child who then stays unseen is told of by the stock method, every month.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.clock import Dates
from kpi.cohorts import Timeline
from kpi.period import Days, days
from kpi.shapes import as_cases, case_ids, first_true, in_month

NO_LOG = "the visits log does not reach that far"
MADE, LATE, MISSED = "made by the due date", "made late", "not made"


def visits_due(spells: pd.DataFrame, seen: Timeline, due_of: Callable[[pd.DataFrame], Dates]) -> pd.DataFrame:
    """Every visit that fell due in these spells, made or not, whatever the month.

    spells: child_id, started_on, ended_on and whatever is to be kept, one row each. seen: the days each child was seen.
    due_of: from rows with `from_on` (the start, or the visit the clock was set by) and the spell's columns to the days due.
    Returns the spells' columns with `from_on`, `due_on` and `made_on` (the next visit, empty where there was none), one row for each visit
    that fell due on a day the spell was open.
    """
    whose, made = seen.between(spells["child_id"], spells["started_on"], spells["ended_on"])
    begun = np.flatnonzero(spells["started_on"].notna().to_numpy())
    spell = np.concatenate([begun, whose])
    since = np.concatenate([spells["started_on"].to_numpy().astype("datetime64[s]")[begun], made])
    order = np.lexsort((since, spell))
    spell, since = spell[order], since[order]
    again = np.concatenate([np.zeros(min(len(spell), 1), dtype=bool), (spell[1:] == spell[:-1]) & (since[1:] == since[:-1])])
    spell, since = spell[~again], since[~again]
    following = np.full(len(spell), np.datetime64("NaT", "s"))
    of_same = np.flatnonzero(spell[1:] == spell[:-1])
    following[of_same] = since[of_same + 1]
    out = spells.take(spell).reset_index(drop=True).assign(from_on=since, made_on=following)
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
    found = in_month(owed, "due_on", periods)
    order = [name for name in ("period", "due_on", "nth", "child_id", "from_on") if name in found]
    return found.sort_values(order, kind="stable", ignore_index=True)


def _logged(owed: pd.DataFrame, dates: Days) -> npt.NDArray[np.bool_]:
    """Whether the log speaks of the month each visit fell due in, by the period, and reaches back to the day its clock was set."""
    if not len(dates):
        return np.zeros(len(owed), dtype=bool)
    first_month = np.datetime64(int(dates[0]), "D").astype("datetime64[M]")
    starts = owed["due_on"].to_numpy().astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    in_it = np.searchsorted(dates, days(owed["period"]), side="right") > np.searchsorted(dates, starts, side="left")
    reaches: npt.NDArray[np.bool_] = owed["from_on"].to_numpy().astype("datetime64[M]") >= first_month
    return in_it & reaches
