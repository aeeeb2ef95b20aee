"""Reference figures that come with Sightline: targets, clocks, published comparators and the bank holidays of England and Wales."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, cast

import holidays
import pandas as pd

from data.reference.comparators import area_of, gaps, indicators, neighbour_figures, neighbours, published, with_loaded
from data.tables import Clock

__all__ = [
    "area_of", "bank_holidays", "clocks", "gaps", "indicators", "neighbour_figures", "neighbours", "published", "targets", "with_loaded",
]  # fmt: skip

HERE = Path(__file__).resolve().parent
FIRST_YEAR, LAST_YEAR = 1990, 2050


def targets(authority: str) -> pd.DataFrame:
    """The dated targets an authority is judged by: kpi, since, green, amber, by, set_by, source, note.

    An authority's own rows for a KPI replace the rows that hold for every authority.
    """
    rows = _read("targets.csv", dates=("since", "by")).astype({"green": "float64", "amber": "float64"})
    return _own(rows, authority, "kpi").sort_values(["kpi", "since"], kind="stable", ignore_index=True)


def clocks(authority: str) -> tuple[Clock, ...]:
    """The dated standards an authority works to: within how many days a visit falls due."""
    rows = _own(_read("clocks.csv", dates=("since",)), authority, "duty")
    return tuple(
        Clock(
            str(r.duty), pd.Timestamp(cast(pd.Timestamp, r.since)), int(cast(int, r.interval)),
            cast(Literal["working_days", "calendar_days", "months"], r.unit), str(r.set_by),
        )
        for r in rows.itertuples()
    )  # fmt: skip


@cache
def bank_holidays() -> tuple[pd.Timestamp, ...]:
    """The bank holidays of England and Wales, one-offs included."""
    days: set[date] = set(holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, LAST_YEAR + 1)))
    return tuple(pd.Timestamp(day) for day in sorted(days))


def _own(rows: pd.DataFrame, authority: str, what: str) -> pd.DataFrame:
    own = rows[rows["authority"] == authority]
    general = rows[rows["authority"].isna() & ~rows[what].isin(own[what])]
    return pd.concat([general, own], ignore_index=True).drop(columns="authority")


@cache
def _read(name: str, dates: tuple[str, ...]) -> pd.DataFrame:
    rows = pd.read_csv(HERE / name, dtype={"authority": "str", "note": "str", "kpi": "str"}, keep_default_na=True)
    for column in dates:
        rows[column] = pd.to_datetime(rows[column], format="%Y-%m-%d").astype("datetime64[s]")
    return rows
