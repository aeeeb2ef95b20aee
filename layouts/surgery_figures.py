"""Which measures a surgery shows: those of its focus, a few always beside them, and those of the unit that really moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pandas as pd

from data.store import Store
from data.surgery import VISITS
from data.viewer import Viewer
from kpi import REGISTER
from kpi.figures import Level
from layouts.surgery_words import unit_query
from layouts.view import SPARK_MONTHS, View

OF_VISITS = ("cp_visits_in_time", "cin_visits_in_time", "cla_visits_in_time", "seen_after_contact")
BESIDE = ("core_groups_in_time", "supervised_3_in_3_months")
MOST = 8  # more is a list, not an agenda; how many more signal a change is said
MOVED = ("concern", "improvement")
COLUMNS = (
    "kpi", "period", "value", "numerator", "denominator", "target", "target_by", "status", "change", "note", "signal", "assurance", "chart",
    "lower", "upper",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """Judged figures of the measures shown, up to 24 months of each in the order they are shown; and how many more moved."""

    period: pd.Timestamp | None
    rows: pd.DataFrame
    more: int = 0


def figures_of(store: Store, viewer: Viewer, org: str, level: str, unit: str, focus: str, day: pd.Timestamp) -> Shown:
    """The measures of a surgery, at the last month that was over on its day and has figures.

    rows: COLUMNS, and title, noun, did, measure and better of each measure, and numerator_before (of the month before).
    """
    months = [period for period in View(store, viewer, org, "/", {}).periods if period <= day]
    if not months:
        return Shown(None, pd.DataFrame())
    period = months[-1]
    view = View(store, viewer, org, "/", {"period": f"{period:%Y-%m}", **unit_query(level, unit)})
    held = view.figures(cast(Level, level), [unit], months=SPARK_MONTHS)
    now = held[held["period"] == period].set_index("kpi")
    first = [key for key in (OF_VISITS if focus == VISITS else (focus,)) if key in now.index]
    moved = [key for signal in MOVED for key in REGISTER if key in now.index and now.at[key, "signal"] == signal]
    asked = list(dict.fromkeys([*first, *(key for key in BESIDE if key in now.index), *moved]))
    shown, left = asked[:MOST], asked[MOST:]
    rows = held[held["kpi"].isin(shown)].assign(place=lambda frame: frame["kpi"].map(shown.index)).sort_values(["place", "period"])
    rows = rows.assign(numerator_before=rows.groupby("kpi")["numerator"].shift())[[*COLUMNS, "numerator_before"]].reset_index(drop=True)
    said = {name: rows["kpi"].map({key: str(getattr(REGISTER[key], name) or "") for key in shown}).astype("str") for name in
            ("title", "noun", "did", "measure", "better")}  # fmt: skip
    return Shown(period, rows.assign(**said), len(left))
