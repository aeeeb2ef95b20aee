"""How does one measure of one unit stand this month? The facts its commentary is worded from, read off its figures and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.figures import HISTORY_SHORT
from kpi.model import Better, Kpi
from kpi.wording import missing, rounded

Reality = Literal["signal", "chance", "too_few_months", "not_tested", "unjudged"]
Rows = Mapping[str, npt.NDArray[Any]]

SIGNALLED = ("improvement", "concern", "high", "low")
UNJUDGED = ("no data", "no cases", "few cases")
# what commentary reads of a history, in kpi.targets.judged + with_months_before + kpi.signalling order
READS = (
    "period", "unit_id", "numerator", "denominator", "value", "target", "target_by", "status", "met_target", "change", "left_out", "note",
    "chart", "chart_reason", "caution", "lower", "upper", "mean", "rule", "signal", "assurance", "segment",
)  # fmt: skip
_NUMBERS = {"numerator", "denominator", "value", "target", "met_target", "change", "lower", "upper", "mean", "segment"}


@dataclass(frozen=True, slots=True)
class Earlier:
    """How it stood in an earlier month: its status, whether the target was met (None: not judged), its target and its signal."""

    period: pd.Timestamp
    status: str
    met: bool | None
    target: float | None
    signal: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One measure of one unit at its last month, with what its history says of it. Numbers that are not there are None.

    reality: signal (beyond chance) | chance | too_few_months | not_tested (a line chart, or never charted) | unjudged (few or no cases,
    no data, a history that is too short). since, months: the unbroken run of the same signal. steps: months running that each moved the
    same way, below 0 for downwards. sided: months running on
    the present side of the average, below 0 for under it. met_running: months running at target. range_*: the months the
    expected range rests on. before: the last month with a figure before the run. met: oldest first, None where it was not judged.
    """

    measure: Kpi
    unit_id: str
    period: pd.Timestamp
    numerator: float | None
    denominator: float | None
    value: float | None
    target: float | None
    due: pd.Timestamp | None
    status: str
    history_short: bool
    change: float | None
    left_out: int
    met: tuple[bool | None, ...]
    met_running: int
    met_running_before: int
    chart: str
    chart_reason: str
    caution: str
    reality: Reality
    signal: str
    rule: str
    assurance: str
    lower: float | None
    upper: float | None
    since: pd.Timestamp | None
    months: int
    steps: int
    sided: int
    before: pd.Timestamp | None
    range_from: pd.Timestamp | None
    range_months: int
    rebased: bool
    last_month: Earlier | None
    compared: Earlier | None
    three: tuple[float, float] | None  # the last three months added up, where months may be added
    note: str = ""

    @property
    def better(self) -> Better | None:
        return self.measure.better

    @property
    def judged(self) -> bool:
        """Whether the figure is held against its target: it has one, a direction, and cases enough."""
        return self.better is not None and self.status in ("met", "near", "not met") and not self.history_short

    @property
    def short(self) -> bool:
        return self.judged and self.status != "met"

    @property
    def gap(self) -> float:
        """How far the figure as shown is on the wrong side of its target; negative on the right side."""
        if self.value is None or self.target is None:
            return 0.0
        return (float(rounded(self.value)) - self.target) * (1 if self.better == "lower" else -1)

    @property
    def overdue(self) -> bool:
        return self.due is not None and self.due < self.period


def standing(measure: Kpi, rows: Rows, compared_with: pd.Timestamp | None = None) -> Standing:
    """How a measure stands at the last of these months. rows: as rows_of gives them, one unit, months in order.

    compared_with: the month against which "what changed" is told; the month before when it is not given.
    """
    now = {name: column[-1] for name, column in rows.items()}
    last, values, periods, signals, months = len(rows["value"]) - 1, rows["value"], rows["period"], rows["signal"], rows["month"]
    status, chart, left_out = str(now["status"]), _text(now["chart"]), now["left_out"]
    history_short = isinstance(now["note"], str) and now["note"] == HISTORY_SHORT
    reality = _reality(status, history_short, chart, _text(now["signal"]), now["upper"] != now["upper"])
    valued = np.flatnonzero((values == values) & (rows["note"] != HISTORY_SHORT))
    stretch = valued[rows["segment"][valued] == now["segment"]]
    first = _run_start(signals, stretch, last) if reality == "signal" else last
    before = int(np.searchsorted(valued, first)) - 1
    met = tuple(None if one != one else one == 1.0 for one in rows["met_target"].tolist())
    month = int(now["month"])
    against = month - 1 if compared_with is None else (compared_with.year - 1970) * 12 + compared_with.month - 1
    last_month = _earlier(rows, month - 1, met)
    return Standing(
        measure=measure, unit_id=str(now["unit_id"]), period=pd.Timestamp(now["period"]), numerator=_number(now["numerator"]),
        denominator=_number(now["denominator"]), value=_number(now["value"]), target=_number(now["target"]), due=_stamp(now["target_by"]),
        status=status, history_short=history_short, change=_number(now["change"]),
        left_out=sum(left_out.values()) if isinstance(left_out, dict) else 0,
        met=met[-3:], met_running=_running(met, months, last), met_running_before=_running(met, months, last - 1),
        chart=chart, chart_reason=_text(now["chart_reason"]), caution=_text(now["caution"]), reality=reality,
        signal=_text(now["signal"]) if reality == "signal" else "", rule=_text(now["rule"]), assurance=_text(now["assurance"]),
        lower=_number(now["lower"]), upper=_number(now["upper"]), since=pd.Timestamp(periods[first]) if reality == "signal" else None,
        months=len(stretch) - int(np.searchsorted(stretch, first)), steps=_steps(values[stretch].tolist()) if reality == "signal" else 0,
        sided=_sided(values[stretch].tolist(), rows["mean"][stretch].tolist()) if reality == "signal" else 0,
        before=pd.Timestamp(periods[valued[before]]) if before >= 0 else None,
        range_from=pd.Timestamp(periods[stretch[0]]) if len(stretch) else None, range_months=len(stretch),
        rebased=bool(now["segment"] != rows["segment"][0]), last_month=last_month,
        compared=last_month if against == month - 1 else _earlier(rows, against, met),
        three=_three(measure, rows) if status == "few cases" else None, note=_text(now["note"]),
    )  # fmt: skip


def rows_of(figures: pd.DataFrame) -> dict[str, npt.NDArray[Any]]:
    """The columns of READS as arrays, and `month`, counted on: numbers as floats, NaN for none. A column that is missing is empty."""
    rows = {name: _array(figures, name) for name in READS}
    return {**rows, "month": rows["period"].astype("datetime64[M]").astype("int64")}


def _array(figures: pd.DataFrame, name: str) -> npt.NDArray[Any]:
    if name not in figures:
        return np.full(len(figures), 0.0 if name == "segment" else np.nan, dtype="float64" if name in _NUMBERS else "object")
    if name in _NUMBERS:
        return figures[name].to_numpy(dtype="float64", na_value=np.nan)
    if name in ("period", "target_by"):
        return figures[name].to_numpy(dtype="datetime64[s]")
    return figures[name].to_numpy(dtype="object")


def _reality(status: str, history_short: bool, chart: str, signal: str, no_limits: bool) -> Reality:
    if status in UNJUDGED or history_short:
        return "unjudged"
    if chart not in ("xmr", "p", "run"):
        return "not_tested"
    if signal in SIGNALLED:
        return "signal"
    return "too_few_months" if chart == "run" or no_limits else "chance"


def _run_start(signals: Sequence[Any] | npt.NDArray[Any], stretch: npt.NDArray[np.intp], last: int) -> int:
    """The first month of the unbroken run of the last month's signal, within the stretch the expected range rests on."""
    first = last
    for place in stretch[::-1]:
        if signals[place] != signals[last]:
            break
        first = int(place)
    return first


def _running(met: Sequence[bool | None], months: npt.NDArray[Any], last: int) -> int:
    """How many months running, up to this one, the target was met; a month that is missing ends it."""
    count = 0
    while last - count >= 0 and met[last - count] and months[last] - months[last - count] == count:
        count += 1
    return count


def _steps(values: Sequence[float]) -> int:
    """How many months running moved the same way, up to the last: above 0 upwards, below 0 downwards."""
    count = 0
    for at in range(len(values) - 1, 0, -1):
        step = (values[at] > values[at - 1]) - (values[at] < values[at - 1])
        if not step or count * step < 0:
            break
        count += step
    return count


def _sided(values: Sequence[float], mean: Sequence[float]) -> int:
    """How many months running lie on the same side of the average, up to the last: above 0 over it, below 0 under it."""
    count = 0
    for value, middle in zip(reversed(values), reversed(mean), strict=True):
        side = (value > middle) - (value < middle)
        if not side or count * side < 0:
            break
        count += side
    return count


def _earlier(rows: Rows, month: int, met: Sequence[bool | None]) -> Earlier | None:
    months = rows["month"]
    at = int(np.searchsorted(months, month))
    if at >= len(months) or months[at] != month:
        return None
    status, signal = str(rows["status"][at]), _text(rows["signal"][at])
    told = signal if status not in UNJUDGED and rows["note"][at] != HISTORY_SHORT else ""
    return Earlier(pd.Timestamp(rows["period"][at]), status, met[at], _number(rows["target"][at]), told)


def _three(measure: Kpi, rows: Rows) -> tuple[float, float] | None:
    """The last three months added up. Month-end snapshots and rolling figures share cases from month to month: never added."""
    if measure.measure != "percent" or measure.basis == "stock" or _text(rows["chart"][-1]) not in ("xmr", "p", "run"):
        return None
    last = rows["month"] > rows["month"][-1] - 3
    top, bottom = rows["numerator"][last], rows["denominator"][last]
    if len(bottom) < 3 or np.isnan(bottom).any():
        return None
    return float(top.sum()), float(bottom.sum())


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _stamp(value: Any) -> pd.Timestamp | None:
    return None if missing(value) else pd.Timestamp(value)
