"""Standards and targets as they hold: those that come with Sightline, and over them those the council has loaded."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd

from data import reference
from data.tables import Clock


def clocks(authority: str, loaded: pd.DataFrame) -> tuple[Clock, ...]:
    """Every dated standard: the shipped ones, and the rows of the canonical table `clock`; of one duty and day, the loaded one holds."""
    own = [
        Clock(str(row.duty), pd.Timestamp(cast(Any, row.since)), int(cast(Any, row.interval)), cast(Any, row.unit), _words(row.set_by))
        for row in loaded.itertuples()
    ]
    said = {(clock.duty, clock.since) for clock in own}
    shipped = (clock for clock in reference.clocks(authority) if (clock.duty, clock.since) not in said)
    return tuple(sorted((*shipped, *own), key=lambda clock: (clock.duty, clock.since)))


def targets(authority: str, loaded: pd.DataFrame) -> pd.DataFrame:
    """Every dated target, in the shape of `reference.targets`: of one KPI and day, the row of the canonical table `target` holds."""
    shipped = reference.targets(authority)
    if loaded.empty:
        return shipped
    own = loaded.reindex(columns=shipped.columns)
    said = pd.MultiIndex.from_frame(own[["kpi", "since"]])
    rest = shipped[~pd.MultiIndex.from_frame(shipped[["kpi", "since"]]).isin(said)]
    dates = {name: kind for name, kind in shipped.dtypes.items() if pd.api.types.is_datetime64_any_dtype(kind)}
    both = pd.concat([rest, own.astype(dates)], ignore_index=True)
    return both.sort_values(["kpi", "since"], kind="stable", ignore_index=True)


def _words(value: object) -> str:
    return "" if pd.isna(cast(Any, value)) else str(value)
