"""Figures and cases as plain rows: what the command line prints and others script against. Names here are kept."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kpi.figures import LEVELS
from kpi.model import REGISTER, Kpi
from kpi.period import month_ends
from kpi.why import why

NO_DATA = "no data"


def figure_rows(judged: pd.DataFrame, authority: str, title: str) -> pd.DataFrame:
    """Judged figures as rows: authority, kpi, period (YYYY-MM), level, unit_id, unit, numerator, denominator, value, measure, target,
    status, left_out, and beside them `apart` (counted, shown apart) and `note` (history short, no data).

    A month with no data has empty numbers and the status "no cases"; its note tells it from a month in which there were none.
    """
    level = {name: i for i, name in enumerate(LEVELS)}
    order = {key: i for i, key in enumerate(REGISTER)}
    rows = judged.assign(_kpi=judged["kpi"].map(order), _level=judged["level"].map(level))
    rows = rows.sort_values(["_kpi", "_level", "unit_id", "period"])
    whole = rows["level"] == "authority"
    return pd.DataFrame(
        {
            "authority": authority,
            "kpi": rows["kpi"],
            "period": rows["period"].dt.strftime("%Y-%m"),
            "level": rows["level"],
            "unit_id": rows["unit_id"].where(~whole, authority),
            "unit": rows["unit_id"].where(~whole, title),
            **{name: _numbers(rows[name]) for name in ("numerator", "denominator", "value")},
            "measure": rows["kpi"].map(lambda key: REGISTER[key].measure),
            "target": _numbers(rows["target"]),
            "status": rows["status"].replace(NO_DATA, "no cases"),
            "left_out": rows["left_out"],
            "apart": rows["apart"],
            "note": rows["note"],
        }
    )


def with_empty_months(found: pd.DataFrame, keys: Sequence[str], first: pd.Timestamp | None, last: pd.Timestamp | None) -> pd.DataFrame:
    """The figures, with a row for every month asked for that has no data: it is never left out, and never 0."""
    if first is None or last is None:
        return found
    every = pd.MultiIndex.from_product([list(keys), month_ends(first, last)], names=["kpi", "period"])
    whole = found[found["level"] == "authority"]
    missing = every.difference(pd.MultiIndex.from_frame(whole[["kpi", "period"]]))
    if missing.empty:
        return found
    none = [dict[str, int]() for _ in range(len(missing))]
    blank = pd.DataFrame({"level": "authority", "unit_id": "", "note": NO_DATA, "left_out": none, "apart": none}, index=range(len(missing)))
    empty = missing.to_frame(index=False).join(blank).assign(numerator=float("nan"), denominator=float("nan"))
    empty["period"] = empty["period"].astype("datetime64[s]")
    return pd.concat([found, empty], ignore_index=True) if len(found) else empty


def case_rows(measure: Kpi, cases: pd.DataFrame) -> pd.DataFrame:
    """Cases as rows: kpi, period, case_id, child_id, team, worker, due, happened, met, why, left_out; a mean has value and weight too."""
    rows = pd.DataFrame(
        {
            "kpi": measure.key,
            "period": cases["period"].dt.strftime("%Y-%m"),
            "case_id": cases["case_id"],
            "child_id": cases["child_id"],
            "team": cases["team_id"],
            "worker": cases["worker_id"],
            "due": cases["due_on"].dt.strftime("%Y-%m-%d"),
            "happened": cases["happened_on"].dt.strftime("%Y-%m-%d"),
            "met": cases["met"].astype(object),
            "why": why(cases),
            "left_out": cases["left_out"],
        }
    )
    return rows if measure.measure == "percent" else rows.assign(value=_numbers(cases["value"]), weight=_numbers(cases["weight"]))


def _numbers(values: pd.Series) -> pd.Series:
    """Numbers as people write them: 74 rather than 74.0, and nothing where there is none."""
    plain = [None if pd.isna(v) else int(v) if float(v).is_integer() else float(v) for v in values]
    return pd.Series(plain, index=values.index, dtype="object")
