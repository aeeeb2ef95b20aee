"""How late are visits written up? The days from the visit to the day it was recorded; kept apart from late visits, another thing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.period import add_months, days
from kpi.shapes import UNALLOCATED

LATE_AFTER = 5  # calendar days
OVER_MONTHS = 3


def recording_lag(tables: Tables, period: pd.Timestamp) -> pd.DataFrame:
    """Of the visits of the three months to the period end, how many days after the visit they were recorded, by team.

    A row for the whole (`team_id` empty) and one a team: visits (with both days), median_days, late (recorded more than 5 days after),
    not_dated (no recorded day), before (recorded before the visit: left out, as one of the two days is wrong). Visits a log holds, only.
    """
    visit = tables.visit
    since = np.datetime64(add_months(np.array([period], dtype="datetime64[D]"), -OVER_MONTHS)[0], "s")
    recent = visit[(visit["origin_kind"] == "log") & (visit["happened_on"] > since) & (visit["happened_on"] <= period)]
    lag = pd.Series(days(recent["recorded_on"]) - days(recent["happened_on"]), index=recent.index, dtype="float64")
    lag = lag.where(recent["recorded_on"].notna())
    known = lag >= 0
    team = recent["team_id"].fillna(UNALLOCATED).replace("", UNALLOCATED)
    rows = pd.DataFrame(
        {
            "team_id": team, "lag": lag.where(known), "visits": known, "late": known & (lag > LATE_AFTER), "not_dated": lag.isna(),
            "before": lag < 0,
        }
    )  # fmt: skip
    parts = [_summed(rows.assign(team_id="")), _summed(rows).sort_values("team_id")]
    return pd.concat(parts, ignore_index=True)


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    counts = {name: (name, "sum") for name in ("visits", "late", "not_dated", "before")}
    return rows.groupby("team_id", as_index=False).agg(median_days=("lag", "median"), **counts)
