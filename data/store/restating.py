"""First published against now: the figures that have changed since they were published, and the loads that came or went since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data.store import keeping, schema

SAME = ["kpi", "level", "unit_id", "period"]
PARTS = ["numerator", "denominator"]
COLUMNS = (*SAME, *(f"{part}_{when}" for when in ("published", "now") for part in PARTS), "published_at", "published_by", "loads_since")
NOISE = 1e-9  # sums of halves and thirds may differ by this much without anything having changed


def restatements(connection: Connection, authority: str, *, levels: Sequence[str], kpis: Sequence[str] | None) -> pd.DataFrame:
    """Every published figure that is another now: the columns of COLUMNS, newest month first; `loads_since` is a tuple of load numbers.

    A figure there is no longer has empty parts now. `loads_since` are the loads kept or withdrawn after it was published.
    """
    first, now = (
        keeping.read(connection, authority, levels=levels, kpis=kpis, units=None, first=None, last=None, of=of)
        for of in (schema.published, schema.figure)
    )
    both = first.merge(now[[*SAME, *PARTS]], on=SAME, how="left", suffixes=("_published", "_now"))
    differs = np.zeros(len(both), dtype=bool)
    for part in PARTS:
        was, is_ = both[f"{part}_published"].to_numpy(dtype="float64"), both[f"{part}_now"].to_numpy(dtype="float64")
        differs |= ~np.isclose(was, is_, rtol=NOISE, atol=NOISE, equal_nan=True)
    found = both[differs].reset_index(drop=True)
    since = {of: _loads_since(connection, authority, *of) for of in set(zip(found["after_batch"], found["published_at"], strict=True))}
    found["loads_since"] = [since[of] for of in zip(found["after_batch"], found["published_at"], strict=True)]
    found["published_at"] = pd.to_datetime(found["published_at"]).astype("datetime64[s]")
    order = ["period", "kpi", "level", "unit_id"]
    return found[list(COLUMNS)].sort_values(order, ascending=[False, True, True, True], ignore_index=True)


def _loads_since(connection: Connection, authority: str, after_batch: float, published_at: datetime) -> tuple[int, ...]:
    b = schema.batch.c
    newer = b.batch_id > int(after_batch) if pd.notna(after_batch) else b.loaded_at > published_at
    found = select(b.batch_id).where(b.authority == authority, newer | (b.withdrawn_at >= published_at)).order_by(b.batch_id)
    return tuple(connection.execute(found).scalars().all())
