"""Several months read as one: the last 3 or 12 months, or the financial year so far, added up from numerators and denominators.

Never an average of percentages: a month with many cases weighs as many cases. What is counted in a month may be added to the next; how
things stood at a month end may not, nor may a figure that is itself of several months: those are handed back as they are. Medians cannot be
had from medians: ask `kpi.figures` for the cases.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from kpi.figures import FIGURE_COLUMNS, HISTORY_SHORT
from kpi.model import REGISTER, Kpi

Months = int | Literal["year_to_date"]
YEAR_TO_DATE: Literal["year_to_date"] = "year_to_date"
YEAR_BEGINS_IN = 4  # April
UNIT = ["kpi", "level", "unit_id"]


def adds_up(measure: Kpi) -> bool:
    """Whether months of this measure may be added up: it counts what happened in each month, and each month by itself."""
    return measure.basis == "in_period" and measure.span == "month" and measure.measure != "value"


def over(figures: pd.DataFrame, months: Months, *, covered: pd.DatetimeIndex | None = None) -> pd.DataFrame:
    """Figures in which each month reads over the months up to it; stock measures, and those of several months already, are unchanged.

    figures: `kpi.figures.FIGURE_COLUMNS`, any measures, levels and units. months: how many, or "year_to_date" (from April). covered: the
    months there is data for, where the figures do not show it (those of one team have no row for a month in which it had no cases); else
    the months in which any unit of the measure has a figure. A reading is marked "history short" where a month of it has no data or has a
    short history itself. A rate is over the people of its last month. Raises ValueError for a median, and for fewer than one month.
    """
    if months != YEAR_TO_DATE and months < 1:
        raise ValueError(f"{months} months cannot be read over: ask for 1 or more, or for {YEAR_TO_DATE!r}")
    keys = [str(key) for key in figures["kpi"].unique()]
    summed = [key for key in keys if adds_up(REGISTER[key])]
    medians = [key for key in summed if REGISTER[key].measure == "median"]
    if medians:
        raise ValueError(f"{', '.join(medians)}: the median of several months comes from their cases, not from the medians of each")
    rest = figures[~figures["kpi"].isin(summed)]
    parts = [_of_one(figures[figures["kpi"] == key], months, covered) for key in summed]
    out = pd.concat([*parts, rest], ignore_index=True) if parts else rest.reset_index(drop=True)
    return out[list(FIGURE_COLUMNS)]


def _of_one(figures: pd.DataFrame, months: Months, covered: pd.DatetimeIndex | None) -> pd.DataFrame:
    """One measure: every unit's reading at each month there is data for, from the first in which the window holds a figure of it."""
    measure = REGISTER[str(figures["kpi"].iloc[0])]
    known = figures[figures["denominator"].notna()]
    held = pd.DatetimeIndex(known["period"].unique() if covered is None else covered).as_unit("s").sort_values()
    facts = known[[*UNIT, "numerator", "denominator"]].assign(month=_month(known["period"]))
    sums = _spread(facts, months).groupby([*UNIT, "month"], as_index=False)[["numerator", "denominator"]].sum()
    readings = sums.merge(pd.DataFrame({"period": held, "month": _month(pd.Series(held))}), on="month")
    if measure.measure in ("count", "rate"):
        readings["denominator"] = (
            1.0 if measure.measure == "count" else readings["period"].map(known.groupby("period")["denominator"].max())
        )
    for name in ("left_out", "apart"):
        readings[name] = pd.Series(_counts_over(figures, name, months, readings), index=readings.index, dtype="object")
    readings["note"] = np.where(readings["month"].isin(_whole(figures, held, months)), "", HISTORY_SHORT)
    readings[["numerator", "denominator"]] = readings[["numerator", "denominator"]].round(6)
    return readings.sort_values([*UNIT, "month"], kind="stable")[list(FIGURE_COLUMNS)]


def _month(period: pd.Series) -> pd.Series:
    month: pd.Series = period.dt.year * 12 + period.dt.month - 1
    return month


def _spread(facts: pd.DataFrame, months: Months) -> pd.DataFrame:
    """Each fact once for every month whose reading it is part of: `month` is the month read."""
    steps = 12 if months == YEAR_TO_DATE else months
    out = pd.concat([facts.assign(month=facts["month"] + step, of=facts["month"]) for step in range(steps)], ignore_index=True)
    if months == YEAR_TO_DATE:
        begins = YEAR_BEGINS_IN - 1
        out = out[(out["month"] - begins) // 12 == (out["of"] - begins) // 12]
    return out


def _whole(figures: pd.DataFrame, held: pd.DatetimeIndex, months: Months) -> list[int]:
    """The months whose reading is of as many months as it should be, each with data and with history enough."""
    short = set(_month(figures.loc[figures["note"] == HISTORY_SHORT, "period"]))
    good = {int(month) for month in _month(pd.Series(held))} - short
    if months == YEAR_TO_DATE:
        window = {month: range(month - (month - YEAR_BEGINS_IN + 1) % 12, month + 1) for month in good}
    else:
        window = {month: range(month - months + 1, month + 1) for month in good}
    return [month for month, needed in window.items() if good.issuperset(needed)]


def _counts_over(figures: pd.DataFrame, name: str, months: Months, readings: pd.DataFrame) -> list[dict[str, int]]:
    """For each reading: reason -> how many, over its months."""
    out: list[dict[str, int]] = [{} for _ in range(len(readings))]
    some = figures[figures[name].map(bool).astype(bool)]
    if some.empty:
        return out
    said = some[[*UNIT]].assign(month=_month(some["period"]), reason=some[name].map(lambda counts: list(counts.items()))).explode("reason")
    said["n"] = said["reason"].map(lambda pair: pair[1])
    said["reason"] = said["reason"].map(lambda pair: pair[0])
    sums = _spread(said, months).groupby([*UNIT, "month", "reason"], as_index=False)["n"].sum()
    place = readings[[*UNIT, "month"]].assign(at=np.arange(len(readings)))
    for at, reason, n in sums.merge(place, on=[*UNIT, "month"])[["at", "reason", "n"]].itertuples(index=False):
        out[at][str(reason)] = int(n)
    return out
