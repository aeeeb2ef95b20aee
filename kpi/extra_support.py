"""Which units should be looked at, and offered support? Those that stand out for the worse for three months running, and why.

Never a league table: the list is in the order of the units' ids and holds no rank, and a unit that is not on it is not praised by that.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from kpi.figures import Level
from kpi.funnel import outside
from kpi.model import Better, Measure, Span
from kpi.series import Bools, Floats, Ints, follows, segments
from kpi.spc import Texts
from kpi.targets import SUSTAINED_MONTHS
from kpi.which_chart import chart_many

WORKER_CASES = 20  # a worker with fewer is never singled out
LOOK_COLUMNS = ("unit_id", "since", "months", "numerator", "denominator", "value", "reason")
WHAT_THIS_IS = (
    "Units that stand out for the worse for three months running, so that support can be offered. In order of name, not a ranking."
)


def units_to_look_at(
    figures: pd.DataFrame, *, better: Better | None, measure: Measure, level: Level, rebase_at: Iterable[object] = (), span: Span = "month"
) -> pd.DataFrame:
    """The units of one KPI and level to look at, at the last month of these figures, with the reason in words.

    figures: period, unit_id, numerator, denominator, with the history of every unit. A unit is listed when in each of the last three
    months it was beyond the 95% funnel limits among its fellows (shares only), or its own chart signalled concern. One month beyond 95% is
    common, three running are not; 99.8% for three would find only the very largest differences. Workers need 20 cases in each of the
    three. A KPI without a better direction lists nobody.

    Returns unit_id, since (the first month of the unbroken run), months (its length), the last month's numerator, denominator and
    value, and reason. In order of unit_id.
    """
    periods = pd.DatetimeIndex(sorted(figures["period"].unique())).as_unit("s")
    if better is None or len(periods) < SUSTAINED_MONTHS or not follows(periods)[-SUSTAINED_MONTHS + 1 :].all():
        return _listed([])
    top, bottom = (
        figures.pivot(index="unit_id", columns="period", values=name).sort_index().reindex(columns=periods)
        for name in ("numerator", "denominator")
    )  # fmt: skip
    numerator, denominator = (table.to_numpy(dtype="float64", na_value=np.nan) for table in (top, bottom))
    least = WORKER_CASES if level == "worker" else 1
    _, judged = chart_many(
        numerator, denominator, [measure] * len(top), better=better, spans=[span] * len(top),
        segment=segments(periods, rebase_at), follows_last=follows(periods),
    )  # fmt: skip
    worse = 1.0 if better == "lower" else -1.0
    side, lower, upper = _funnels(numerator, denominator, least, measure)
    apart, concern = side == worse, judged.signal == "concern"
    enough = denominator >= least if level == "worker" else denominator > 0
    run = _months_running((apart | concern) & enough)
    rows: list[dict[str, object]] = []
    for i in (int(unit) for unit in np.flatnonzero(run >= SUSTAINED_MONTHS)):
        counts, value, limits = (numerator[i, -1], denominator[i, -1]), judged.value[i, -1], (lower[i, -1], upper[i, -1])
        latest = f"{periods[-1]:%B %Y}: {_level(value, counts, measure)}"
        expected = f"{limits[0]:.1f}% to {limits[1]:.1f}% would be expected of a unit of its size" if apart[i, -1] else ""
        last = slice(-SUSTAINED_MONTHS, None)
        reason = _reason(apart[i, last], concern[i, last], judged.rule[i, last], latest, expected, better)
        rows.append(dict(zip(LOOK_COLUMNS, (top.index[i], periods[-int(run[i])], int(run[i]), *counts, value, reason), strict=True)))
    return _listed(rows)


def _listed(rows: list[dict[str, object]]) -> pd.DataFrame:
    out = pd.DataFrame(rows, columns=list(LOOK_COLUMNS))
    kinds = {"since": "datetime64[s]", "months": "int64", "numerator": "float64", "denominator": "float64", "value": "float64"}
    return out.astype({"unit_id": "str", "reason": "str", **kinds})


def _funnels(numerator: Floats, denominator: Floats, least: int, measure: Measure) -> tuple[Floats, Floats, Floats]:
    """A funnel a month: each unit's side (1 above, -1 below, 0 within its limits), and the limits. Only shares have funnels."""
    nothing = np.full(numerator.shape, np.nan)
    if measure != "percent":
        return nothing, nothing, nothing
    each = [outside(numerator[:, j], denominator[:, j], at_least=least) for j in range(numerator.shape[1])]
    side, lower, upper = (np.column_stack(part) for part in zip(*each, strict=True))
    return side, lower, upper


def _months_running(flags: Bools) -> Ints:
    """How many months in a row, up to the last one, each row is flagged."""
    back = ~flags[:, ::-1]
    return np.asarray(np.where(back.any(axis=1), np.argmax(back, axis=1), flags.shape[1]), dtype="int64")


_HOW = {
    "outside": "outside its own expected range",
    "trend": "seven months moving the wrong way",
    "two_of_three": "close to the edge of its own expected range",
    "shift": "seven months on the wrong side of its own average",
}


def _level(value: float, counts: tuple[float, float], measure: Measure) -> str:
    return f"{counts[0]:.0f} of {counts[1]:.0f}, {value:.1f}%" if measure == "percent" else f"{value:.1f}"


def _reason(apart: Bools, concern: Bools, rules: Texts, latest: str, expected: str, better: Better) -> str:
    """What stood out in the last three months, in words and figures, and nothing about its cause."""
    says = []
    if apart.any():
        how = "lower" if better == "higher" else "higher"
        says.append(f"{how} than chance would usually explain {_how_often(apart)}")
    if concern.any():
        ways = dict.fromkeys(_HOW[rule] for rule, bad in zip(rules, concern, strict=True) if bad)
        says.append(f"its own figures signal concern {_how_often(concern)}: {', '.join(ways)}")
    sentence = "; ".join(says)
    return f"{sentence[0].upper()}{sentence[1:]} ({'; '.join(filter(None, [latest, expected]))})."


def _how_often(flags: Bools) -> str:
    count = int(flags.sum())
    return f"in each of the last {len(flags)} months" if count == len(flags) else f"in {count} of the last {len(flags)} months"
