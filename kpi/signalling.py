"""Is each change real? The signals of every unit of every KPI as at a period: what scorecard, chart and sentence all read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.figures import HISTORY_SHORT
from kpi.model import REGISTER
from kpi.series import Ints, follows, segments
from kpi.which_chart import Choice, chart_for, chart_many

COLUMNS = ("chart", "mean", "lower", "upper", "near_lower", "near_upper", "rule", "signal", "assurance", "segment")
LIMITS = COLUMNS[1:6]


def signalled(judged: pd.DataFrame, rebases: pd.DataFrame) -> pd.DataFrame:
    """Judged figures of one level, up to the period they are looked at from, with the chart each series may have and what it signals.

    judged: kpi, period, unit_id, numerator, denominator, target, note, ... rebases: kpi (empty: every KPI), happened_on; a range is drawn
    anew from each. Adds COLUMNS: chart, mean, lower, upper, near_lower, near_upper (empty where the chart has no limits), rule, signal
    (empty where there is no figure, or too short a history to use it), assurance, segment.
    """
    if judged.empty:
        return judged.assign(**{name: pd.Series(dtype="float64" if name in LIMITS else "object") for name in COLUMNS})
    series = judged.groupby(["kpi", "unit_id"], sort=False).ngroup().to_numpy()
    keys = judged["kpi"].to_numpy(dtype="object")[np.unique(series, return_index=True)[1]]
    months = pd.date_range(judged["period"].min(), judged["period"].max(), freq="ME", unit="s")
    at = (series, months.get_indexer(pd.DatetimeIndex(judged["period"])))
    usable = (judged["note"] != HISTORY_SHORT).to_numpy()
    held = tuple(part[usable] for part in at)
    numerator, denominator = (np.full((len(keys), len(months)), np.nan) for _ in range(2))
    numerator[held] = judged["numerator"].to_numpy(dtype="float64")[usable]
    denominator[held] = judged["denominator"].to_numpy(dtype="float64")[usable]
    measures = [REGISTER[key] for key in keys]
    target = np.full(len(keys), np.nan)
    newest = np.lexsort((at[1], series))
    target[series[newest]] = judged["target"].to_numpy(dtype="float64")[newest]  # of a series the last one put is that of its last month
    chart, signals = chart_many(
        numerator, np.nan_to_num(denominator), [m.measure for m in measures], better=[m.better for m in measures], target=target,
        spans=[m.span for m in measures], segment=_stretches(judged, keys, months, rebases), follows_last=follows(months),
    )  # fmt: skip
    found = {name: getattr(signals.lines, name)[at] for name in LIMITS}
    signal = np.where(np.isnan(signals.value[at]) | (chart[series] == "line"), "", signals.signal[at])
    return judged.assign(
        chart=chart[series], **found, rule=signals.rule[at], signal=signal, assurance=signals.assurance[series], segment=signals.segment[at]
    )  # fmt: skip


def choice_of(history: pd.DataFrame, key: str) -> Choice:
    """The chart one unit's series may have, the reason in a sentence, and what to bear in mind."""
    measure = REGISTER[key]
    used = history[history["note"] != HISTORY_SHORT]
    return chart_for(used["numerator"], used["denominator"], measure.measure, span=measure.span, basis=measure.basis)


def _stretches(judged: pd.DataFrame, keys: npt.NDArray[np.object_], months: pd.DatetimeIndex, rebases: pd.DataFrame) -> Ints:
    """For each series and month the stretch it belongs to: a KPI's first month opens stretch 0, each rebase after it the next."""
    out = np.zeros((len(keys), len(months)), dtype="int64")
    if rebases.empty:
        return out
    found: dict[tuple[pd.Timestamp, ...], Ints] = {}
    for key, first in judged.groupby("kpi")["period"].min().items():
        ours = rebases[rebases["kpi"].isna() | (rebases["kpi"] == "") | (rebases["kpi"] == key)]
        if len(ours):
            known = (first, *ours["happened_on"])
            if known not in found:
                since = months.get_indexer(pd.DatetimeIndex([first]))[0]
                found[known] = np.concatenate([np.zeros(since, dtype="int64"), segments(months[since:], ours["happened_on"])])
            out[keys == key] = found[known]
    return out
