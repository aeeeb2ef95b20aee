"""Figures: what is read off the cases, for the whole authority and every service, team and worker.

A figure keeps its numerator and denominator, never a rounded percentage: `kpi.model` says what they are for each measure. What was left
out is counted by its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Tables
from kpi.cohorts import latest
from kpi.model import POPULATION, REGISTER, Kpi
from kpi.period import month_start
from kpi.shapes import UNALLOCATED

Level = Literal["authority", "service", "team", "worker"]
LEVELS: tuple[Level, ...] = ("authority", "service", "team", "worker")
CHILDREN_AND_YOUNG_PEOPLE = "0-17"  # the group of the population a rate is of
HISTORY_SHORT = "history short"
FIGURE_COLUMNS = ("kpi", "period", "level", "unit_id", "numerator", "denominator", "left_out", "apart", "note")


def covered_periods(measure: Kpi, tables: Tables) -> pd.DatetimeIndex:
    """The month ends every source the KPI needs speaks for. Any other month has no data; nor has a rate with no population.

    A measure the council has only as figures has data for the months it has a figure of, hidden ones included.
    """
    if measure.given is not None:
        return pd.DatetimeIndex(sorted(measure.given(tables)["period"].unique())).as_unit("s")
    covered = [tables.covered.get(name, pd.DatetimeIndex([])) for name in measure.monthly_needs]
    months = set(covered[0]).intersection(*covered[1:]) if covered else set()
    if POPULATION in measure.needs and _population(tables).empty:
        months = set()
    return pd.DatetimeIndex(sorted(months)).as_unit("s")


def cases_of(measure: Kpi, tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """The cases of one KPI at these periods, with `service_id`: one row per case counted, and one per case left out."""
    if not len(periods):
        cases = measure.cases_of(tables, pd.DatetimeIndex(["1900-01-31"]).as_unit("s")).head(0)
        return cases.assign(service_id=pd.Series(dtype="str"))
    cases = measure.cases_of(tables, periods.as_unit("s"))
    return cases.assign(service_id=service_of(cases, tables.team))


def figures_of(measure: Kpi, tables: Tables, periods: pd.DatetimeIndex | None = None, levels: Iterable[Level] = LEVELS) -> pd.DataFrame:
    """Every figure of one KPI: a row per period, level and unit. The authority has a row for each period, cases or none.

    A count has a row, 0 or more, for every team and service in force as well. A rate has rows for the authority only.
    Of a measure the council has only as figures, those it has: nothing is added up to the whole, or shared out.
    """
    periods = covered_periods(measure, tables) if periods is None else periods
    if measure.given is not None:
        given = measure.given(tables)
        return given[given["period"].isin(periods) & given["level"].isin(list(levels))].reset_index(drop=True)
    cases = cases_of(measure, tables, periods)
    parts = [_at_level(measure, cases, periods, level, tables) for level in levels if measure.measure != "rate" or level == "authority"]
    out = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(FIGURE_COLUMNS))
    short = _short_history(measure, tables, periods)
    out["note"] = np.where(out["period"].isin(short), HISTORY_SHORT, "")
    return out[list(FIGURE_COLUMNS)]


def figures_from(measure: Kpi, cases: pd.DataFrame, level: Level, period: pd.Timestamp) -> pd.DataFrame:
    """The figures of one period at one level, read off cases already found (of one team, say). A rate has none below the authority."""
    if measure.measure == "rate":
        numbers = {"period": "datetime64[s]", "numerator": "float64", "denominator": "float64"}
        return pd.DataFrame(columns=list(FIGURE_COLUMNS)).astype(numbers)
    return _at_level(measure, cases, pd.DatetimeIndex([period]).as_unit("s"), level)


def all_figures(tables: Tables, keys: Iterable[str] | None = None) -> pd.DataFrame:
    """The figures of every KPI in the register, for every month it has data for."""
    parts = [figures_of(REGISTER[key], tables) for key in (REGISTER if keys is None else keys)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(FIGURE_COLUMNS))


def _at_level(measure: Kpi, cases: pd.DataFrame, periods: pd.DatetimeIndex, level: Level, tables: Tables | None = None) -> pd.DataFrame:
    unit = pd.Series("", index=cases.index) if level == "authority" else cases[f"{level}_id"]
    keyed = pd.DataFrame({"period": cases["period"], "unit_id": unit.astype("str")})
    index = _units(measure, keyed, periods, level, tables)
    counted = cases["left_out"].isna()
    sums = _sums(measure, cases[counted], keyed[counted]).reindex(index).fillna(0.0)
    if measure.measure == "count":
        sums["denominator"] = 1.0
    elif measure.measure == "rate" and tables is not None:
        sums["denominator"] = _people(tables, pd.DatetimeIndex(index.get_level_values("period")))
    sums = sums.round(6)
    return pd.DataFrame(
        {
            "kpi": measure.key, "period": index.get_level_values(0), "level": level, "unit_id": index.get_level_values(1),
            "numerator": sums["numerator"].to_numpy(), "denominator": sums["denominator"].to_numpy(),
            "left_out": _counts(cases["left_out"], keyed, index), "apart": _counts(cases["apart"], keyed, index), "note": "",
        }
    )  # fmt: skip


def _units(measure: Kpi, keyed: pd.DataFrame, periods: pd.DatetimeIndex, level: Level, tables: Tables | None) -> pd.MultiIndex:
    """The (period, unit) pairs that have a figure: those with cases, the authority always, and for a count every team then in force."""
    if level == "authority":
        return pd.MultiIndex.from_arrays([periods.as_unit("s"), [""] * len(periods)], names=["period", "unit_id"])
    with_cases = [keyed]
    if measure.measure == "count" and tables is not None and level in ("team", "service"):
        with_cases.append(_in_force(tables.team, periods, f"{level}_id"))
    pairs = pd.concat(with_cases, ignore_index=True).drop_duplicates().sort_values(["period", "unit_id"])
    return pd.MultiIndex.from_frame(pairs.astype({"period": "datetime64[s]", "unit_id": "str"}))


def _in_force(teams: pd.DataFrame, periods: pd.DatetimeIndex, column: str) -> pd.DataFrame:
    """The teams of the list (or their services) that there were at each period."""
    listed = teams[teams[column].notna()][[column, "started_on", "ended_on"]]
    pairs = pd.DataFrame({"period": periods.as_unit("s")}).merge(listed, how="cross")
    then = pairs[~(pairs["period"] < pairs["started_on"]) & ~(pairs["period"] > pairs["ended_on"])]
    return then[["period", column]].rename(columns={column: "unit_id"})


def _sums(measure: Kpi, counted: pd.DataFrame, keyed: pd.DataFrame) -> pd.DataFrame:
    """Numerator and denominator of each (period, unit) that has cases."""
    by = [keyed["period"], keyed["unit_id"]]
    if measure.measure == "percent":
        parts = pd.DataFrame({"numerator": counted["met"].fillna(False).astype("float64"), "denominator": 1.0}, index=counted.index)
        return parts.groupby(by).sum()
    parts = pd.DataFrame({"numerator": counted["value"], "denominator": counted["weight"]})
    if measure.measure != "median":
        return parts.groupby(by).sum()
    found = parts.groupby(by).agg(middle=("numerator", "median"), denominator=("denominator", "sum"))
    return pd.DataFrame({"numerator": found["middle"] * found["denominator"], "denominator": found["denominator"]})


def _population(tables: Tables) -> pd.DataFrame:
    people = tables.population
    return people[(people["group_id"] == CHILDREN_AND_YOUNG_PEOPLE) & (people["people"] > 0) & people["observed_on"].notna()]


def _people(tables: Tables, periods: pd.DatetimeIndex) -> npt.NDArray[np.float64]:
    """How many people aged 0 to 17 there were: the newest count on or before each period, else the first; NaN where none is known."""
    known = _population(tables).sort_values("observed_on", kind="stable", ignore_index=True)
    if known.empty:
        return np.full(len(periods), np.nan)
    whose, at = pd.Series("", index=known.index), pd.Series("", index=range(len(periods)))
    found = latest(whose, known["observed_on"], at, pd.Series(periods))
    return known["people"].to_numpy(dtype="float64")[np.maximum(found, 0)]


def _counts(reasons: pd.Series, keyed: pd.DataFrame, index: pd.MultiIndex) -> list[dict[str, int]]:
    """For each (period, unit): reason -> how many. Most have none, so only those with any are walked."""
    some = reasons.notna()
    out: list[dict[str, int]] = [{} for _ in range(len(index))]
    if some.any():
        found = pd.DataFrame({**keyed[some], "reason": reasons[some]}).groupby(["period", "unit_id", "reason"]).size()
        period, unit, reasons_found = (found.index.get_level_values(i) for i in range(3))
        at = index.get_indexer(pd.MultiIndex.from_arrays([period, unit]))
        for where, reason, count in zip(at, reasons_found, found.to_numpy(), strict=True):
            out[where][str(reason)] = int(count)
    return out


def service_of(cases: pd.DataFrame, teams: pd.DataFrame) -> pd.Series:
    """The service each case's team belonged to at the period end; a team no list names, or that was closed by then, is in no service."""
    out = pd.Series(UNALLOCATED, index=cases.index, dtype="str")
    rows = teams[teams["service_id"].notna()].sort_values("started_on", na_position="first", kind="stable")
    for team, service, since, until in zip(rows["team_id"], rows["service_id"], rows["started_on"], rows["ended_on"], strict=True):
        ours = (cases["team_id"] == team) & ~(cases["period"] < since) & ~(cases["period"] > until)
        out = out.mask(ours, service)
    return out


def services_at(teams: pd.DataFrame, period: pd.Timestamp) -> dict[str, str]:
    """The service each listed team belonged to at a period: team -> service; a team of no service, or closed by then, is not in it."""
    listed = pd.DataFrame({"team_id": teams["team_id"].unique(), "period": period})
    service = service_of(listed, teams)
    return {team: of for team, of in zip(listed["team_id"], service, strict=True) if of != UNALLOCATED}


def _short_history(measure: Kpi, tables: Tables, periods: pd.DatetimeIndex) -> list[pd.Timestamp]:
    """Months that look back over a month nothing is held for: of the table it looks back over."""
    held = {(month.year, month.month) for month in tables.covered.get(measure.looks_back_over, ())}
    months = range(1, measure.history_months + 1)
    before = {p: [month_start(p) - pd.DateOffset(months=n) for n in months] for p in periods}
    return [p for p, needed in before.items() if not held.issuperset((m.year, m.month) for m in needed)]
