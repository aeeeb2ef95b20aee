"""Over how many months a figure is read: a month, the last 3 or 12, or the financial year so far. The choice stands in the address.

Only measures that count what happened in a month can be read over several; from numerators and denominators, never from percentages. Such
readings share months with one another, so they are drawn as a line and never tested for chance.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from data.store import Store
from data.viewer import Viewer
from kpi import REGISTER, Kpi
from kpi.figures import FIGURE_COLUMNS, Level
from kpi.model import HOW_MANY
from kpi.reading_over import YEAR_TO_DATE, Months, adds_up, over
from kpi.signalling import COLUMNS, LIMITS
from kpi.targets import judged, with_months_before
from layouts import words
from layouts.shell import Choice
from layouts.view import View, named

READINGS: Final[dict[str, tuple[str, Months]]] = {
    "3": ("Last 3 months", 3), "12": ("Last 12 months", 12), "year": ("Financial year to date", YEAR_TO_DATE),
}  # fmt: skip
UNTESTED: Final = "A line: each reading shares months with the one before, so it is not tested for chance."


def may_be_read_over(measure: Kpi) -> bool:
    """Whether the months of this measure may be added up for a reader: those of a median may not."""
    return adds_up(measure) and measure.measure != "median"


def reading(view: View, measure: Kpi) -> str:
    """The reading asked for in the address: "3", "12" or "year"; empty for month by month, and for a measure that cannot be read over."""
    asked = view.query.get("reading", "")
    return asked if asked in READINGS and may_be_read_over(measure) else ""


def choice(view: View, measure: Kpi) -> Choice:
    """The filter by which a reading is chosen."""
    options = [("", "Month by month"), *((key, title) for key, (title, _) in READINGS.items())]
    return Choice("reading", "Each point is", options, reading(view, measure))


def window(asked: str, period: pd.Timestamp) -> str:
    """What a reading is of, in words: `window("12", May 2026)` is "12 months to May 2026"."""
    if asked != "year":
        return f"{READINGS[asked][1]} months to {words.month(period)}"
    first = pd.Timestamp(period.year - (period.month < 4), 4, 1)
    return f"April to {words.month(period)}" if first.year == period.year else f"April {first.year} to {words.month(period)}"


def read_over(view: View, measure: Kpi, asked: str, level: Level, units: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Judged figures up to the period, each month read over the months up to it; with the columns of signals, all of them empty.

    A count over several months has no target: those that are set are for a month.
    """
    out = _read_over(view.store, view.viewer, view.version, measure.key, asked, level, view.period)
    return out if units is None else out[out["unit_id"].isin(units)]


@lru_cache(maxsize=32)
def _read_over(
    store: Store, viewer: Viewer, version: tuple[int, int], key: str, asked: str, level: Level, period: pd.Timestamp
) -> pd.DataFrame:  # fmt: skip
    view = View(store, viewer, "", "/", {"period": f"{period:%Y-%m}"})
    whole = view.figures("authority", keys=[key])
    figures = whole if level == "authority" else view.figures(level, keys=[key])
    covered = pd.DatetimeIndex(whole.loc[whole["denominator"].notna(), "period"])
    read = over(figures[list(FIGURE_COLUMNS)], READINGS[asked][1], covered=covered) if len(figures) else figures[list(FIGURE_COLUMNS)]
    targets = view.targets
    if REGISTER[key].measure in HOW_MANY:
        targets = targets[targets["kpi"] != key]
    out = with_months_before(judged(read, targets))
    empty = {name: np.nan if name in LIMITS else "" for name in COLUMNS}
    return out.assign(**{**empty, "chart": "line", "assurance": "none", "segment": 0}, unit=out["unit_id"].map(named))
