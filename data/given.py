"""Standards and targets as they hold: those that come with Sightline, over them those the council has loaded, and those set here."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd

from data import reference
from data.tables import Clock

TARGET_COLUMNS = ("kpi", "since", "green", "amber", "by", "set_by", "source", "note")
ORIGINS = ("shipped", "loaded", "set here")


def clocks(authority: str, loaded: pd.DataFrame) -> tuple[Clock, ...]:
    """Every dated standard: the shipped ones, and the rows of the canonical table `clock`; of one duty and day, the loaded one holds."""
    own = [
        Clock(str(row.duty), pd.Timestamp(cast(Any, row.since)), int(cast(Any, row.interval)), cast(Any, row.unit), _words(row.set_by))
        for row in loaded.itertuples()
    ]
    said = {(clock.duty, clock.since) for clock in own}
    shipped = (clock for clock in reference.clocks(authority) if (clock.duty, clock.since) not in said)
    return tuple(sorted((*shipped, *own), key=lambda clock: (clock.duty, clock.since)))


def targets(authority: str, loaded: pd.DataFrame, set_here: pd.DataFrame | None = None) -> pd.DataFrame:
    """The dated targets that hold, in the shape of `reference.targets`: those of `target_rows` that no other takes the place of."""
    rows = target_rows(authority, loaded, set_here)
    holding: pd.DataFrame = rows.loc[rows["holds"], list(TARGET_COLUMNS)].reset_index(drop=True)
    return holding


def target_rows(authority: str, loaded: pd.DataFrame, set_here: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every dated target there is, by KPI and day: TARGET_COLUMNS, `origin` and `holds`, and for those set here their `id`.

    Precedence, stated here alone: of one KPI and one day, a target set in the product holds over one loaded (the canonical table
    `target`), and one loaded over one that comes with Sightline (`reference.targets`). A later day takes over from an earlier one, wherever
    either came from. loaded, set_here: TARGET_COLUMNS at least; set_here without those taken back, and with `id`.
    """
    parts = [reference.targets(authority).assign(origin="shipped"), loaded.assign(origin="loaded")]
    parts += [] if set_here is None else [set_here.assign(origin="set here")]
    columns = [*TARGET_COLUMNS, "origin", "id"]
    typed = {
        **dict.fromkeys(TARGET_COLUMNS, "str"), "since": "datetime64[s]", "by": "datetime64[s]", "green": "float64", "amber": "float64",
        "origin": "str", "id": "str",
    }  # fmt: skip
    rows = pd.concat([part.reindex(columns=columns).astype(typed) for part in parts], ignore_index=True)
    rows["holds"] = ~rows.duplicated(["kpi", "since"], keep="last")
    place = rows["origin"].map({origin: n for n, origin in enumerate(ORIGINS)})
    return rows.assign(_place=place).sort_values(["kpi", "since", "_place"], kind="stable", ignore_index=True).drop(columns="_place")


def _words(value: object) -> str:
    return "" if pd.isna(cast(Any, value)) else str(value)
