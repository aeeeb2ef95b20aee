"""What may be published: small counts are hidden, and so is whatever they could be worked out from.

Inside the council small numbers are shown, with n of N. In what is handed to the public, a count of 1 to 4 is hidden, with every figure
that rests on it; zero is shown. A hidden group could be worked out as the total less the others, so further groups are hidden until those
hidden make, taken together, a group that could itself be published. Where even that is not possible, the total is hidden too.
Source: KPI choice 13.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.model import REGISTER, Measure

SMALLEST = 5  # the smallest count that is published, but for zero
NOT_PUBLISHED = "not published: it counts 1 to 4, or another that does could be worked out from it"  # which of the two would tell too much

Counts = npt.NDArray[np.float64]


def fit_to_publish(figures: pd.DataFrame, service_of: Mapping[str, str]) -> pd.DataFrame:
    """Figures as they may be published: what is hidden has no numerator, denominator or value, and `hidden` says why.

    figures: kpi, period, level (authority, service, team), unit_id, numerator, denominator, value, status; a worker's figures are never
    published, and are taken out. service_of: team -> service. Hidden figures keep no status, target met or change: each rests on them.
    """
    out = figures[figures["level"].isin(["authority", "service", "team"])].reset_index(drop=True)
    hidden = pd.Series("", index=out.index, dtype="object")
    parent = np.where(out["level"] == "team", out["unit_id"].map(lambda team: service_of.get(team, "")), "")
    for (kpi, _), rows in out.assign(parent=parent).groupby(["kpi", "period"], sort=False):
        hidden[rows.index] = _hidden_of(rows, REGISTER[str(kpi)].measure)
    gone = hidden != ""
    numbers = [name for name in ("numerator", "denominator", "value", "change", "sustained") if name in out]
    out[numbers] = out[numbers].astype("float64").mask(gone)
    for name, nothing in (("status", "not published"), ("met_target", None), ("left_out", None), ("apart", None)):
        if name in out:
            out[name] = out[name].astype(object).mask(gone, nothing)
    return out.assign(hidden=hidden)


def _hidden_of(rows: pd.DataFrame, measure: Measure) -> pd.Series:
    """Why each row of one KPI and month is hidden; empty where it is not."""
    counts = counted(rows["numerator"].to_numpy(dtype="float64"), rows["denominator"].to_numpy(dtype="float64"), measure)
    why = np.full(len(rows), "", dtype=object)
    level, unit, parent = (rows[name].to_numpy() for name in ("level", "unit_id", "parent"))
    whole, services, teams = (np.flatnonzero(level == name) for name in ("authority", "service", "team"))
    if len(whole) and _small(counts[whole]).any():
        why[:] = NOT_PUBLISHED
        return pd.Series(why, index=rows.index)
    why[services] = hidden_groups(counts[services])
    for service in np.unique(parent[teams]):
        ours = teams[parent[teams] == service]
        above = services[unit[services] == service]
        gone = len(above) > 0 and why[above[0]] != ""
        why[ours] = NOT_PUBLISHED if gone else hidden_groups(counts[ours])
    return pd.Series(why, index=rows.index)


def counted(numerator: Counts, denominator: Counts, measure: Measure) -> Counts:
    """The counts a figure gives away, a row each: those who met it, those who did not and all of them; for a count, itself."""
    if measure == "percent":
        return np.column_stack([numerator, denominator - numerator, denominator])
    return numerator[:, None] if measure in ("count", "rate") else denominator[:, None]


def hidden_groups(counts: Counts) -> npt.NDArray[np.object_]:
    """Why each group of a whole that is shown must be hidden; empty where it may be shown. counts: a row a group, a column a count.

    The smallest groups go first. Those hidden are at least two, and together make a group that could be published; else all are hidden.
    """
    why = np.full(len(counts), "", dtype=object)
    why[_small(counts)] = NOT_PUBLISHED
    while 0 < (why != "").sum() < len(counts):
        gone = why != ""
        if gone.sum() >= 2 and not _small(counts[gone].sum(axis=0, keepdims=True)).any() and counts[gone][:, -1].sum() >= 2 * SMALLEST:
            break
        shown = np.flatnonzero(~gone)
        size = counts[shown, -1]
        wanted = np.where(size > 0, size, np.inf)  # an empty group hides nobody, so it is the last to be of use
        why[shown[int(np.argmin(wanted))]] = NOT_PUBLISHED
    return why


def _small(counts: Counts) -> npt.NDArray[np.bool_]:
    """Rows with a count that may not be published."""
    return np.asarray(((counts > 0) & (counts < SMALLEST)).any(axis=1), dtype=np.bool_)
