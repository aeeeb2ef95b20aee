"""Is each change real? The signals of every unit of every KPI as at a period: what scorecard, chart and sentence all read."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpi.figures import HISTORY_SHORT
from kpi.model import REGISTER
from kpi.series import follows, segments
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
    return pd.concat([_of_one(part, str(key), rebases) for key, part in judged.groupby("kpi", sort=False)])


def choice_of(history: pd.DataFrame, key: str) -> Choice:
    """The chart one unit's series may have, the reason in a sentence, and what to bear in mind."""
    measure = REGISTER[key]
    used = history[history["note"] != HISTORY_SHORT]
    return chart_for(used["numerator"], used["denominator"], measure.measure, span=measure.span, basis=measure.basis)


def _of_one(figures: pd.DataFrame, key: str, rebases: pd.DataFrame) -> pd.DataFrame:
    """One KPI: its units as rows and its months as columns, judged together."""
    measure = REGISTER[key]
    months = pd.date_range(figures["period"].min(), figures["period"].max(), freq="ME", unit="s")
    units = pd.Index(figures["unit_id"].unique())
    row, column = units.get_indexer(pd.Index(figures["unit_id"])), months.get_indexer(pd.DatetimeIndex(figures["period"]))
    usable = (figures["note"] != HISTORY_SHORT).to_numpy()
    numerator, denominator = (np.full((len(units), len(months)), np.nan) for _ in range(2))
    numerator[row[usable], column[usable]] = figures["numerator"].to_numpy(dtype="float64")[usable]
    denominator[row[usable], column[usable]] = figures["denominator"].to_numpy(dtype="float64")[usable]
    last = figures.sort_values("period").drop_duplicates("unit_id", keep="last").set_index("unit_id")["target"].reindex(units)
    ours = rebases[rebases["kpi"].isna() | (rebases["kpi"] == "") | (rebases["kpi"] == key)]
    chart, signals = chart_many(
        numerator, np.nan_to_num(denominator), [measure.measure] * len(units), better=[measure.better] * len(units),
        target=last.to_numpy(dtype="float64"), spans=[measure.span] * len(units), segment=segments(months, ours["happened_on"]),
        follows_last=follows(months),
    )  # fmt: skip
    at = (row, column)
    segment = np.broadcast_to(signals.segment, numerator.shape)
    found = {name: getattr(signals.lines, name)[at] for name in LIMITS}
    signal = np.where(np.isnan(signals.value[at]) | (chart[row] == "line"), "", signals.signal[at])
    return figures.assign(
        chart=chart[row], **found, rule=signals.rule[at], signal=signal, assurance=signals.assurance[row], segment=segment[at]
    )  # fmt: skip
