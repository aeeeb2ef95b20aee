"""Targets: each month is judged against the target of its own day, by the figure as it is shown."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.cohorts import latest
from kpi.model import NEVER_FEW, REGISTER, Kpi

FEW = 10
SUSTAINED_MONTHS = 3
Floats = npt.NDArray[np.float64]


def unfit_target(measure: Kpi, green: float, amber: float | None) -> str:
    """Why these figures cannot be a target of this measure, and what to do; empty where they can."""
    if measure.better is None:
        return f"{measure.title}: neither way is better, so there is nothing to aim for."
    if measure.measure == "percent" and not all(0 <= figure <= 100 for figure in (green, green if amber is None else amber)):
        return f"{measure.title} is a percentage: write figures from 0 to 100."
    if amber is not None and (amber > green if measure.better == "higher" else amber < green):
        side = "below" if measure.better == "higher" else "above"
        return f"{measure.title}: {measure.better} is better, so what is near lies {side} the target. Correct one of the two figures."
    return ""


def value_of(figures: pd.DataFrame) -> pd.Series:
    """The figure itself: 100 x numerator / denominator for percentages, 10,000 x for rates, the ratio for the rest; empty with no cases."""
    scale = figures["kpi"].map(lambda key: REGISTER[key].scale).to_numpy(dtype="float64")
    some = figures["denominator"].to_numpy(dtype="float64") > 0
    ratio = figures["numerator"].to_numpy(dtype="float64") / np.where(some, figures["denominator"].to_numpy(dtype="float64"), np.nan)
    return pd.Series(ratio * scale, index=figures.index)


def as_shown(values: pd.Series) -> Floats:
    """Rounded half up to one decimal: the figure that is printed is the figure that is judged (84.95 is shown, and judged, as 85.0)."""
    return np.floor(values.to_numpy(dtype="float64") * 10 + 0.5 + 1e-9) / 10


def judged(figures: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """The figures with `value, target, amber, target_by, status, met_target`.

    status: no data | no cases | no target | few cases | met | near | not met. `met_target` is empty where there is nothing to judge.
    A count is a fact whatever its size, and so is a figure given whole: they are judged on few cases too.
    targets: kpi, since, green, amber, by, ... (data/reference/targets.csv); a figure takes the last row dated on or before its period end.
    """
    out = figures.copy()
    out["value"] = value_of(figures)
    dated = _target_of_the_day(figures, targets)
    out["target"], out["amber"], out["target_by"] = dated["green"], dated["amber"], dated["by"]
    lower = out["kpi"].map(lambda key: REGISTER[key].better == "lower").to_numpy(dtype=bool)
    sign, shown = np.where(lower, -1.0, 1.0), as_shown(out["value"])
    met = sign * shown >= sign * out["target"].to_numpy()
    near = sign * shown >= sign * out["amber"].to_numpy()
    denominator = out["denominator"].to_numpy(dtype="float64")
    few = (denominator < FEW) & out["kpi"].map(lambda key: REGISTER[key].measure not in NEVER_FEW).to_numpy(dtype=bool)
    out["status"] = np.select(
        [np.isnan(denominator), denominator <= 0, out["target"].isna(), few, met, near],
        ["no data", "no cases", "no target", "few cases", "met", "near"], "not met",
    )  # fmt: skip
    judgeable = out["status"].isin(["met", "near", "not met"])
    out["met_target"] = pd.Series(met, index=out.index).astype("boolean").where(judgeable)
    return out


def with_months_before(figures: pd.DataFrame) -> pd.DataFrame:
    """Judged figures with `change` (on the month before), `months_met` (oldest first: True, False or None) and `sustained` (0 to 3).

    Sustained is the target met in each of the last three months; a month with few cases or no data is not met for this purpose.
    """
    keys = ["kpi", "level", "unit_id"]
    facts = figures[keys].assign(
        month=figures["period"].dt.year * 12 + figures["period"].dt.month,
        shown=as_shown(figures["value"]),
        met=figures["met_target"].astype(object).where(figures["met_target"].notna(), None),
    )
    back = [_months_before(facts, keys, lag) for lag in range(SUSTAINED_MONTHS)]
    out = figures.assign(change=(facts["shown"] - back[1]["shown"]).round(1))
    met = [[None if pd.isna(v) else bool(v) for v in earlier["met"]] for earlier in reversed(back)]
    out["months_met"] = list(zip(*met, strict=True))
    out["sustained"] = pd.Series([sum(1 for v in months if v) for months in out["months_met"]], index=out.index, dtype="float64")
    out["sustained"] = out["sustained"].where(out["target"].notna())
    return out


def _months_before(facts: pd.DataFrame, keys: list[str], lag: int) -> pd.DataFrame:
    """The facts of the same unit so many months before; empty where that month has no figure."""
    earlier = facts.assign(month=facts["month"] + lag)
    return facts[[*keys, "month"]].merge(earlier, on=[*keys, "month"], how="left").set_axis(facts.index)


def _target_of_the_day(figures: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """For each figure the green, amber and by of the last target row dated on or before its period end."""
    at = latest(targets["kpi"], targets["since"], figures["kpi"], figures["period"])
    row = targets[["green", "amber", "by"]].take(np.maximum(at, 0)) if len(targets) else targets[["green", "amber", "by"]].reindex(at)
    out = row.set_axis(figures.index).astype({"green": "float64", "amber": "float64", "by": "datetime64[s]"})
    return out.where(pd.Series(at >= 0, index=figures.index))
