"""Figures: what is read off the cases, for the whole authority and every service, team and worker.

A figure keeps its numerator and denominator, never a rounded percentage: `kpi.model` says what they are for each measure. What was left
out is counted by its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Tables
from kpi.cohorts import Positions, latest
from kpi.model import POPULATION, REGISTER, Kpi
from kpi.period import days, month_start
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
    out = _read_off(measure, cases, periods, [level for level in levels if measure.measure != "rate" or level == "authority"], tables)
    out["note"] = np.where(out["period"].isin(_short_history(measure, tables, periods)), HISTORY_SHORT, "")
    return out


def figures_from(measure: Kpi, cases: pd.DataFrame, level: Level, period: pd.Timestamp) -> pd.DataFrame:
    """The figures of one period at one level, read off cases already found (of one team, say). A rate has none below the authority."""
    if measure.measure == "rate":
        numbers = {"period": "datetime64[s]", "numerator": "float64", "denominator": "float64"}
        return pd.DataFrame(columns=list(FIGURE_COLUMNS)).astype(numbers)
    return _read_off(measure, cases, pd.DatetimeIndex([period]).as_unit("s"), [level])


def all_figures(tables: Tables, keys: Iterable[str] | None = None) -> pd.DataFrame:
    """The figures of every KPI in the register, for every month it has data for."""
    parts = [figures_of(REGISTER[key], tables) for key in (REGISTER if keys is None else keys)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(FIGURE_COLUMNS))


def _read_off(
    measure: Kpi, cases: pd.DataFrame, periods: pd.DatetimeIndex, levels: Sequence[Level], tables: Tables | None = None
) -> pd.DataFrame:  # fmt: skip
    """The figures at each level: a row per period and unit, in that order. What each case adds is told once, and added up by place."""
    ends = periods.as_unit("s").sort_values()
    when = np.searchsorted(days(ends), days(cases["period"]))
    adds = _Adds.of(measure, cases)
    parts = []
    for level in levels:
        unit, names, always = _units(measure, cases, ends, level, tables)
        place = when * len(names) + unit
        there = np.union1d(place, always)
        at, width = np.searchsorted(there, place), max(len(names), 1)
        period = ends.take(there // width)
        numerator, denominator = adds.up(at, len(there))
        if measure.measure == "rate" and tables is not None:
            denominator = _people(tables, period)
        parts.append((period, names.take(there % width), numerator, denominator, *adds.reasons(at, len(there))))
    if not parts:
        return pd.DataFrame(columns=list(FIGURE_COLUMNS))
    periods, units, numerators, denominators, left_out, apart = zip(*parts, strict=True)
    level_of = np.repeat(np.array(levels, dtype=object), [len(unit) for unit in units])
    return pd.DataFrame(
        {
            "kpi": measure.key, "period": np.concatenate(periods), "level": level_of,
            "unit_id": np.concatenate(units), "numerator": np.concatenate(numerators).round(6),
            "denominator": np.concatenate(denominators).round(6), "left_out": list(chain(*left_out)), "apart": list(chain(*apart)),
            "note": "",
        }
    ).astype({"level": "str", "unit_id": "str"})  # fmt: skip


def _units(
    measure: Kpi, cases: pd.DataFrame, ends: pd.DatetimeIndex, level: Level, tables: Tables | None
) -> tuple[Positions, pd.Index, Positions]:  # fmt: skip
    """The unit of each case, as a position among all names; and the places (period x names + unit) that have a figure, cases or none.

    Those are the authority, and for a count every team and service then in force.
    """
    if level == "authority":
        return np.zeros(len(cases), dtype=np.int64), pd.Index([""], dtype="str"), np.arange(len(ends))
    own = cases[f"{level}_id"]
    if measure.measure != "count" or tables is None or level == "worker":
        unit, names = pd.factorize(own, sort=True)
        return unit, pd.Index(names), np.empty(0, dtype=np.int64)
    standing = _in_force(tables.team, ends, f"{level}_id")
    unit, names = pd.factorize(pd.concat([own, standing["unit_id"]], ignore_index=True), sort=True)
    always = np.searchsorted(days(ends), days(standing["period"])) * len(names) + unit[len(own) :]
    return unit[: len(own)], pd.Index(names), always


def _in_force(teams: pd.DataFrame, periods: pd.DatetimeIndex, column: str) -> pd.DataFrame:
    """The teams of the list (or their services) that there were at each period."""
    listed = teams[teams[column].notna()][[column, "started_on", "ended_on"]]
    pairs = pd.DataFrame({"period": periods.as_unit("s")}).merge(listed, how="cross")
    then = pairs[~(pairs["period"] < pairs["started_on"]) & ~(pairs["period"] > pairs["ended_on"])]
    return then[["period", column]].rename(columns={column: "unit_id"})


@dataclass(frozen=True)
class _Adds:
    """What each case of a measure adds to its figures. A case left out adds nothing, and is counted under its reason."""

    measure: Kpi
    counted: npt.NDArray[np.bool_]
    numerator: npt.NDArray[np.float64]
    denominator: npt.NDArray[np.float64]
    said: tuple[tuple[Positions, Positions, pd.Index], ...]

    @classmethod
    def of(cls, measure: Kpi, cases: pd.DataFrame) -> _Adds:
        said = []
        for column in ("left_out", "apart"):
            rows = np.flatnonzero(cases[column].notna().to_numpy())
            said.append((rows, *pd.factorize(pd.Index(cases[column].iloc[rows]), sort=True)))
        counted = np.ones(len(cases), dtype=bool)
        counted[said[0][0]] = False
        if measure.measure == "percent":
            met = cases["met"].fillna(False).to_numpy(dtype="float64")
            return cls(measure, counted, met, np.ones(len(cases)), tuple(said))
        return cls(measure, counted, cases["value"].to_numpy(), cases["weight"].to_numpy(), tuple(said))

    def up(self, place: Positions, places: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Numerator and denominator at each place. A median is of the cases, times how many there are."""
        at = place[self.counted]
        added, over = (np.nan_to_num(part[self.counted]) for part in (self.numerator, self.denominator))
        denominator = np.bincount(at, over, places).astype("float64")
        if self.measure.measure == "median":
            middle = pd.Series(self.numerator[self.counted]).groupby(at).median().reindex(range(places), fill_value=0.0)
            return middle.to_numpy() * denominator, denominator
        return np.bincount(at, added, places).astype("float64"), np.ones(places) if self.measure.measure == "count" else denominator

    def reasons(self, place: Positions, places: int) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
        """At each place: reason -> how many, of those left out and of those shown apart."""
        out: tuple[list[dict[str, int]], list[dict[str, int]]] = ([{} for _ in range(places)], [{} for _ in range(places)])
        for counts, (rows, code, names) in zip(out, self.said, strict=True):
            found, many = np.unique(place[rows] * len(names) + code, return_counts=True)
            for where, count in zip(found.tolist(), many.tolist(), strict=True):
                counts[where // len(names)][str(names[where % len(names)])] = count
        return out


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


def service_of(cases: pd.DataFrame, teams: pd.DataFrame) -> pd.Series:
    """The service each case's team belonged to at the period end; a team no list names, or that was closed by then, is in no service."""
    who, teams_held = pd.factorize(cases["team_id"], use_na_sentinel=False)
    when, ends = pd.factorize(cases["period"], use_na_sentinel=False)
    pairs, at = np.unique(who * max(len(ends), 1) + when, return_inverse=True)
    rows = teams[teams["service_id"].notna()].sort_values("started_on", na_position="first", kind="stable")
    listed: dict[str, list[tuple[str, pd.Timestamp, pd.Timestamp]]] = {}
    for team, service, since, until in zip(rows["team_id"], rows["service_id"], rows["started_on"], rows["ended_on"], strict=True):
        listed.setdefault(team, []).append((service, since, until))
    service = []
    for team, end in zip(teams_held.take(pairs // max(len(ends), 1)), ends.take(pairs % max(len(ends), 1)), strict=True):
        then = [of for of, since, until in listed.get(team, ()) if not end < since and not end > until]
        service.append(then[-1] if then else UNALLOCATED)
    return pd.Series(service, dtype="str").take(at).set_axis(cases.index)


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
