"""How fresh each source is: its newest load, the month it speaks for, and how far it is behind the newest of them all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from data.reading import spoken_for
from data.store import Store
from layouts.view import View

SOURCE_TITLES = {
    "annex_a": "Annex A child lists", "visits": "Visits", "supervision": "Supervision", "workers": "Workforce",
    "audits": "Audits", "teams": "Teams", "annotations": "Notes on charts",
}  # fmt: skip
UNDATED = ("teams", "annotations")  # a list that holds until it changes is never behind


@dataclass(frozen=True)
class Stand:
    """Where one source stands: its newest load that counts, and how many months behind the newest source it is."""

    source: str
    title: str
    newest: pd.Series
    month: pd.Timestamp
    months_late: int


def stand_of_sources(view: View) -> list[Stand]:
    """Every source that has ever been loaded, in the order of the list above."""
    return list(_stands(view.store, view.viewer.authority, view.version))


@lru_cache(maxsize=8)
def _stands(store: Store, authority: str, version: tuple[int, int]) -> tuple[Stand, ...]:
    loads = store.loads(authority)
    held = loads[loads["withdrawn_at"].isna()].sort_values(["as_at", "batch_id"])
    newest = [held[held["source"] == s].iloc[-1] for s in held["source"].unique()]
    months = {row["source"]: spoken_for(row["as_at"]) for row in newest}
    last = max((m for s, m in months.items() if s not in UNDATED), default=pd.Timestamp.min)
    order = list(SOURCE_TITLES)
    rows = sorted(newest, key=lambda r: (order.index(r["source"]) if r["source"] in order else len(order), r["source"]))
    return tuple(
        Stand(
            r["source"],
            SOURCE_TITLES.get(r["source"], r["source"]),
            r,
            months[r["source"]],
            _behind(r["source"], months[r["source"]], last),
        )
        for r in rows
    )


def as_at_of(stand: list[Stand]) -> pd.Timestamp | None:
    """The newest day any dated source speaks of."""
    return max((s.newest["as_at"] for s in stand if s.source not in UNDATED), default=None)


def _behind(source: str, month: pd.Timestamp, last: pd.Timestamp) -> int:
    return 0 if source in UNDATED else max(0, (last.year - month.year) * 12 + last.month - month.month)
