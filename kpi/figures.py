"""Figures: what is read off the cases, for the whole authority and every service, team and worker.

A figure keeps its numerator and denominator, never a rounded percentage. What was left out is counted by its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.model import REGISTER, Kpi
from kpi.period import month_start
from kpi.shapes import UNALLOCATED

Level = Literal["authority", "service", "team", "worker"]
LEVELS: tuple[Level, ...] = ("authority", "service", "team", "worker")
HISTORY_SHORT = "history short"
FIGURE_COLUMNS = ("kpi", "period", "level", "unit_id", "numerator", "denominator", "left_out", "apart", "note")


def covered_periods(measure: Kpi, tables: Tables) -> pd.DatetimeIndex:
    """The month ends every source the KPI needs speaks for. Any other month has no data."""
    covered = [tables.covered.get(name, pd.DatetimeIndex([])) for name in measure.needs]
    months = set(covered[0]).intersection(*covered[1:]) if covered else set()
    return pd.DatetimeIndex(sorted(months)).as_unit("s")


def cases_of(measure: Kpi, tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """The cases of one KPI at these periods, with `service_id`: one row per case counted, and one per case left out."""
    if not len(periods):
        cases = measure.cases_of(tables, pd.DatetimeIndex(["1900-01-31"]).as_unit("s")).head(0)
        return cases.assign(service_id=pd.Series(dtype="str"))
    cases = measure.cases_of(tables, periods.as_unit("s"))
    return cases.assign(service_id=_service_of(cases, tables.team))


def figures_of(measure: Kpi, tables: Tables, periods: pd.DatetimeIndex | None = None, levels: Iterable[Level] = LEVELS) -> pd.DataFrame:
    """Every figure of one KPI: a row per period, level and unit. The authority has a row for each period, cases or none."""
    periods = covered_periods(measure, tables) if periods is None else periods
    cases = cases_of(measure, tables, periods)
    parts = [_at_level(measure, cases, periods, level) for level in levels]
    out = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(FIGURE_COLUMNS))
    short = _short_history(measure, tables, periods)
    out["note"] = np.where(out["period"].isin(short), HISTORY_SHORT, "")
    return out[list(FIGURE_COLUMNS)]


def figures_from(measure: Kpi, cases: pd.DataFrame, level: Level, period: pd.Timestamp) -> pd.DataFrame:
    """The figures of one period at one level, read off cases already found (of one team, say)."""
    return _at_level(measure, cases, pd.DatetimeIndex([period]).as_unit("s"), level)


def all_figures(tables: Tables, keys: Iterable[str] | None = None) -> pd.DataFrame:
    """The figures of every KPI in the register, for every month it has data for."""
    parts = [figures_of(REGISTER[key], tables) for key in (REGISTER if keys is None else keys)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(FIGURE_COLUMNS))


def _at_level(measure: Kpi, cases: pd.DataFrame, periods: pd.DatetimeIndex, level: Level) -> pd.DataFrame:
    unit = pd.Series("", index=cases.index) if level == "authority" else cases[f"{level}_id"]
    keyed = pd.DataFrame({"period": cases["period"], "unit_id": unit.astype("str")})
    if level == "authority":
        index = pd.MultiIndex.from_arrays([periods.as_unit("s"), [""] * len(periods)], names=["period", "unit_id"])
    else:
        index = pd.MultiIndex.from_frame(keyed.drop_duplicates().sort_values(["period", "unit_id"]))
    counted = cases["left_out"].isna()
    if measure.measure == "percent":
        parts = pd.DataFrame({"numerator": cases["met"].fillna(False).astype("float64"), "denominator": 1.0})
    else:
        parts = pd.DataFrame({"numerator": cases["value"], "denominator": cases["weight"]})
    sums = parts[counted].groupby([keyed["period"][counted], keyed["unit_id"][counted]]).sum().reindex(index).fillna(0.0).round(6)
    return pd.DataFrame(
        {
            "kpi": measure.key, "period": index.get_level_values(0), "level": level, "unit_id": index.get_level_values(1),
            "numerator": sums["numerator"].to_numpy(), "denominator": sums["denominator"].to_numpy(),
            "left_out": _counts(cases["left_out"], keyed, index), "apart": _counts(cases["apart"], keyed, index), "note": "",
        }
    )  # fmt: skip


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


def _service_of(cases: pd.DataFrame, teams: pd.DataFrame) -> pd.Series:
    """The service each case's team belonged to at the period end; a team no list names is in no service."""
    out = pd.Series(UNALLOCATED, index=cases.index, dtype="str")
    rows = teams[teams["service_id"].notna()].sort_values("started_on", na_position="first", kind="stable")
    for team, service, since, until in zip(rows["team_id"], rows["service_id"], rows["started_on"], rows["ended_on"], strict=True):
        ours = (cases["team_id"] == team) & ~(cases["period"] < since) & ~(cases["period"] > until)
        out = out.mask(ours, service)
    return out


def _short_history(measure: Kpi, tables: Tables, periods: pd.DatetimeIndex) -> list[pd.Timestamp]:
    """Months that look back over a month nothing is held for: of the table it looks back over."""
    held = {(month.year, month.month) for month in tables.covered.get(measure.looks_back_over, ())}
    months = range(1, measure.history_months + 1)
    before = {p: [month_start(p) - pd.DateOffset(months=n) for n in months] for p in periods}
    return [p for p, needed in before.items() if not held.issuperset((m.year, m.month) for m in needed)]
