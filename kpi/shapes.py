"""Shapes: the few ways a KPI counts. Each takes frames and periods and returns cases in the columns of `kpi.model.CASE_COLUMNS`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.clock import working_days_between
from kpi.cohorts import latest
from kpi.model import CASE_COLUMNS
from kpi.period import add_months, in_months

UNALLOCATED = "unallocated"
LATE = "last seen too long ago"
NEVER_LATE = "not seen since the start"
NOT_DUE = "not seen yet, not yet due"
SEEN_WORDS = (NOT_DUE, "seen in time", NEVER_LATE, LATE)
_DTYPES: dict[str, Any] = {
    "period": "datetime64[s]", "case_id": "str", "child_id": "str", "worker_id": "str", "team_id": "str", "met": "boolean",
    "value": "float64", "weight": "float64", "due_on": "datetime64[s]", "happened_on": "datetime64[s]", "reason": "str", "apart": "str",
    "left_out": "str",
}  # fmt: skip


def as_cases(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with exactly the case columns, in order and in type; work held by nobody is "unallocated", never lost."""
    named = pd.factorize(frame["case_id"].astype("str"), sort=True, use_na_sentinel=False)[0]
    order = np.lexsort((named, frame["period"].to_numpy()))
    out = {}
    for name in CASE_COLUMNS:
        kind = _DTYPES[name]
        out[name] = frame[name].astype(kind).array.take(order) if name in frame else pd.Series(index=range(len(frame)), dtype=kind).array
    cases = pd.DataFrame(out)
    for name in ("team_id", "worker_id"):
        nobody = cases[name].isna() | (cases[name] == "")
        if nobody.any():
            cases[name] = cases[name].mask(nobody, UNALLOCATED)
    return cases


def seen_in_time(
    open_cases: pd.DataFrame, seen_on: pd.Series, due_on: npt.NDArray[np.datetime64], *, words: tuple[str, str, str, str] = SEEN_WORDS
) -> pd.DataFrame:  # fmt: skip
    """Stock with a clock: in time while the period end is not after the day the next visit falls due.

    A child not yet seen and not yet due is in time, and shown apart. `words`: the reason when not yet done and not yet due, in time, never
    done, and done too long ago; a meeting has words of its own.
    """
    not_due, in_time, never_late, late = words
    due = pd.Series(due_on.astype("datetime64[s]"), index=open_cases.index)
    met = due >= open_cases["period"]
    never = seen_on.isna()
    return as_cases(
        open_cases.assign(
            case_id=case_ids(open_cases), met=met, due_on=due, happened_on=seen_on,
            reason=np.select([met & never, met, never], [not_due, in_time, never_late], late),
            apart=first_true(open_cases.index, (met & never, not_due)),
        )
    )  # fmt: skip


def in_month(events: pd.DataFrame, on: str, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """The events of each period's calendar month, up to the period's own day, by the date in column `on`, plus `period`."""
    rows, which = in_months(events[on], periods)
    out = events.take(rows).reset_index(drop=True)
    out["period"] = periods.take(which).as_unit("s")
    return out.sort_values(["period", on, "nth"] if "nth" in out else ["period", on], kind="stable", ignore_index=True)


def finished_in_time(
    events: pd.DataFrame,
    *,
    start: str,
    end: str,
    limit: int,
    bank_holidays: Iterable[pd.Timestamp],
    done: str,
    no_start: str,
    before_start: str,
    began: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Ended within a limit of working days from its start. No start, or an end before it, is left out, counted and listed.

    `began`: the columns whose dates tell one case from another; start and end where none is named.
    """
    missing = events[start].isna()
    negative = ~missing & (events[end] < events[start])
    took = np.zeros(len(events), dtype=np.int64)
    timed = ~(missing | negative)
    took[timed.to_numpy()] = working_days_between(events.loc[timed, start], events.loc[timed, end], bank_holidays)
    met = pd.Series(took <= limit, index=events.index)
    within = "1 working day" if limit == 1 else f"{limit} working days"
    return as_cases(
        events.assign(
            case_id=case_ids(events, *(began or (start, end))), met=met.where(timed), happened_on=events[end],
            reason=np.where(met, f"{done} in {within}", f"{done} after more than {within}"),
            left_out=first_true(events.index, (missing, no_start), (negative, before_start)),
        )
    )  # fmt: skip


def share_of(events: pd.DataFrame, flag: pd.Series, *, yes: str, no: str, unknown: str, began: str, happened: str) -> pd.DataFrame:
    """The share for which a statement is true; where it is not known the case is left out, counted and shown."""
    true = flag.fillna(False).astype(bool)
    return as_cases(
        events.assign(
            case_id=case_ids(events, began), met=flag.astype("boolean"), happened_on=events[happened], reason=np.where(true, yes, no),
            left_out=first_true(events.index, (flag.isna(), unknown)),
        )
    )  # fmt: skip


def repeats_within(events: pd.DataFrame, history: pd.DataFrame, *, on: str, months: int) -> pd.Series:
    """For each event: was there an earlier-dated one of the same child on or after the same day `months` before?

    Two on one day do not make each other a repeat. Returns the date of the earlier one, empty where there is none.
    """
    day_before = pd.Series(events[on].to_numpy().astype("datetime64[D]") - np.timedelta64(1, "D"), index=events.index)
    at = latest(history["child_id"], history[on], events["child_id"], day_before)
    dates = history[on].to_numpy().astype("datetime64[D]")
    earlier = np.full(len(events), np.datetime64("NaT", "D"))
    earlier[at >= 0] = dates[at[at >= 0]]
    reach = add_months(events[on].to_numpy().astype("datetime64[D]"), -months)
    earlier[~(earlier >= reach)] = np.datetime64("NaT", "D")
    return pd.Series(earlier.astype("datetime64[s]"), index=events.index)


def mean_of(units: pd.DataFrame, *, value: pd.Series, weight: pd.Series, left_out: pd.Series) -> pd.DataFrame:
    """Something held, per one who holds it: `value` added up over `weight`."""
    counted = left_out.isna()
    return as_cases(units.assign(value=value.where(counted), weight=weight.where(counted), left_out=left_out))


def tally(frame: pd.DataFrame, *on: str, reason: str | pd.Series, left_out: pd.Series | None = None) -> pd.DataFrame:
    """Counts and rates: each row is one. `on`: the columns whose dates tell one case from another (the start where none is named)."""
    none = pd.Series(index=frame.index, dtype="str") if left_out is None else left_out
    one = pd.Series(1.0, index=frame.index).where(none.isna())
    return as_cases(frame.assign(case_id=case_ids(frame, *on), value=one, weight=one, reason=reason, left_out=none))


def first_true(index: pd.Index, *said: tuple[pd.Series, str]) -> pd.Series:
    """For each row what the first condition that holds says; empty where none does."""
    out = pd.Series(index=index, dtype="str")
    for condition, says in reversed(said):
        out = out.mask(condition.astype(bool), says)
    return out


def case_ids(frame: pd.DataFrame, *on: str) -> pd.Series:
    """One readable id a case: the child and the day it began, told apart where two fall on one day."""
    dates = [frame[c].dt.strftime("%Y-%m-%d").fillna("no date") for c in (on or ("started_on",))]
    ids = frame["child_id"].astype("str").str.cat(dates, sep=" ")
    nth = ids.groupby([frame["period"], ids]).cumcount()
    return ids.where(nth == 0, ids + " #" + (nth + 1).astype("str"))
