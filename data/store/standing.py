"""From what every source says to what stands: rows a complete extract no longer lists are left out, and each fact is one record.

Pure pandas: rows come with who said them last (`said_in` the source, `said_at` the as-at day, `said_by` the load).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.columns import Table
from data.precedence import ENDS, rank

SAID = ("said_in", "said_at", "said_by")
FEW = 20  # a load that ends no more rows than this is never held back
SHARE = 5  # one that ends more than a fifth of what was held is
Mask = np.ndarray


@dataclass(frozen=True)
class Listing:
    """One load's word that it holds every row of a table (or of one cohort of it) between two days.

    `unsure_of`: children it does not say so of; None: it says so of nobody. `held_back`: it would have ended so many rows that it ended
    none; `declared`: somebody has said that the file is whole all the same.
    """

    batch_id: int
    source: str
    as_at: pd.Timestamp
    part: str
    first: pd.Timestamp
    last: pd.Timestamp
    unsure_of: frozenset[str] | None = frozenset()
    held_back: bool = False
    declared: bool = False

    @property
    def table(self) -> str:
        return self.part.partition(":")[0]

    @property
    def cohort(self) -> str:
        return self.part.partition(":")[2]

    @property
    def turn(self) -> tuple[pd.Timestamp, int]:
        """Which of two loads speaks later: by as-at day, then by the order they were loaded in."""
        return (self.as_at, self.batch_id)


def day_of(table: Table) -> str | None:
    """The column that dates a row of a table; None where it has none, and then no load can be complete for it."""
    usual = {"event": "happened_on", "episode": "started_on", "snapshot": "observed_on"}[table.kind]
    days = [column.name for column in table.columns if column.kind == "date" and (column.name == usual or column.name in table.key)]
    return usual if usual in days else (days[0] if days else None)


@dataclass(frozen=True)
class Spoken:
    """Rows as numbers, made once and held against every load: who said them last and when, their days, cohort and child."""

    source: np.ndarray
    sources: Mapping[str, int]
    said_at: np.ndarray
    said_by: np.ndarray
    day: np.ndarray | None  # None: the table has no day, and then no load can be complete for it
    ended: np.ndarray | None  # of episodes
    cohort: np.ndarray | None
    cohorts: Mapping[str, int]
    child: np.ndarray | None
    children: pd.Index

    @classmethod
    def of(cls, table: Table, rows: pd.DataFrame) -> Spoken:
        """The rows of a table, with `said_in`, `said_at` and `said_by` where those are known."""
        source, sources = _numbered(rows, "said_in")
        cohort, cohorts = _numbered(rows, "cohort_kind")
        child, children = pd.factorize(rows["child_id"]) if "child_id" in rows else (None, pd.Index([]))
        name = day_of(table)
        none = np.zeros(len(rows), dtype=np.int64)
        return cls(
            none if source is None else source, sources,
            _days(rows["said_at"]) if "said_at" in rows else none,
            rows["said_by"].to_numpy() if "said_by" in rows else none,
            None if name is None else _days(rows[name]), _days(rows["ended_on"]) if table.kind == "episode" else None,
            cohort, cohorts, child, pd.Index(children),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.said_at)


NO_DAY = np.iinfo(np.int64).min


def _days(values: pd.Series) -> np.ndarray:
    days: np.ndarray = values.to_numpy().astype("datetime64[D]").astype(np.int64)
    return days


def _day(day: pd.Timestamp) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def _numbered(rows: pd.DataFrame, column: str) -> tuple[np.ndarray | None, Mapping[str, int]]:
    if column not in rows:
        return None, {}
    codes, names = pd.factorize(rows[column])
    return codes, {str(name): i for i, name in enumerate(names)}


def no_longer_listed(table: Table, rows: pd.DataFrame, listings: Iterable[Listing]) -> Mask:
    """Which rows a later complete load of their own source is silent about, so that they no longer stand.

    A row that a later load had said again, in whatever words, would have been said last by that load: so no keys are compared.
    """
    spoken = Spoken.of(table, rows)
    ended: Mask = np.zeros(len(rows), dtype=bool)
    for listing in listings:
        if not listing.held_back:
            said = (spoken.source == spoken.sources.get(listing.source, -2)) & _said_before(spoken, listing)
            ended |= said & _could_list(table, spoken, listing)
    return ended


def _said_before(spoken: Spoken, listing: Listing) -> Mask:
    """Which rows were last said by a load before this one."""
    as_at = _day(listing.as_at)
    before: Mask = (spoken.said_at < as_at) | ((spoken.said_at == as_at) & (spoken.said_by < listing.batch_id))
    return before


def could_list(table: Table, rows: pd.DataFrame, listing: Listing) -> Mask:
    """Which rows this load would have listed, were they still so: in its days, in its cohort, and of a child it is sure of."""
    return _could_list(table, Spoken.of(table, rows), listing)


def within(table: Table, rows: pd.DataFrame, listing: Listing) -> Mask:
    """Which rows fall in the days (and the cohort) this load is complete for; a row without a day does not."""
    return _within(table, Spoken.of(table, rows), listing)


def _could_list(table: Table, spoken: Spoken, listing: Listing) -> Mask:
    could: Mask = _within(table, spoken, listing) & _sure_of(spoken, listing)
    return could


def _within(table: Table, spoken: Spoken, listing: Listing) -> Mask:
    if spoken.day is None:
        return np.zeros(len(spoken), dtype=bool)
    first, last = _day(listing.first), _day(listing.last)
    found: Mask = (spoken.day <= last) & (spoken.day != NO_DAY)
    if spoken.ended is not None:
        found &= (spoken.ended == NO_DAY) | (spoken.ended >= first)
    else:
        found &= spoken.day >= first
    if listing.cohort and spoken.cohort is not None:
        found &= spoken.cohort == spoken.cohorts.get(listing.cohort, -2)
    return found


def _sure_of(spoken: Spoken, listing: Listing) -> Mask:
    """Of which rows its silence means something: of none about a child a row set aside was about, or about nobody known."""
    if listing.unsure_of is None:
        return np.zeros(len(spoken), dtype=bool)
    if not listing.unsure_of:
        return np.ones(len(spoken), dtype=bool)
    if spoken.child is None:
        return np.zeros(len(spoken), dtype=bool)
    unsure = spoken.children.get_indexer(pd.Index(sorted(listing.unsure_of), dtype=spoken.children.dtype))
    sure: Mask = (spoken.child >= 0) & ~np.isin(spoken.child, unsure[unsure >= 0])
    return sure


def too_many(ended: int, held: int) -> bool:
    """Whether a load that ends this many of the rows held in its days is more likely cut short than right."""
    return ended > FEW and ended * SHARE > held


def mark(frame: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """One number for what these columns say, the same for the same words; never stored."""
    marks: np.ndarray = pd.util.hash_pandas_object(frame[list(columns)], index=False).to_numpy()
    return marks


def by_precedence(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of facts that several sources say, with `fact` (a number) and `turn` (0 speaks first), in that order."""
    fact = mark(rows, table.key)
    several = pd.Series(fact).duplicated(keep=False).to_numpy()
    found = rows[several].assign(fact=fact[several])
    found["rank"] = found["said_in"].map({source: rank(table.name, source) for source in found["said_in"].unique()}).astype("int64")
    found = found.sort_values(["fact", "said_at", "rank", "said_in"], ascending=[True, False, True, True], kind="stable")
    return found.assign(turn=found.groupby("fact").cumcount()).drop(columns="rank")


def one_record(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Each fact once: column by column what the first source that fills it says; how an episode ended, as the very first says."""
    said = by_precedence(table, rows)
    if said.empty:
        return rows
    first = said[said["turn"] == 0].set_index("fact")
    joined = said.groupby("fact")[list(table.names)].first().astype(rows[table.names].dtypes.to_dict())
    for column in ends_of(table):
        joined[column] = first[column].reindex(joined.index)
    place = pd.Series(said.index, index=said["fact"].to_numpy()).groupby(level=0).min()  # where the fact was said first of all
    joined.index = pd.Index(place.reindex(joined.index).to_numpy())
    alone = rows.loc[~rows.index.isin(said.index), table.names]
    return pd.concat([alone, joined]).sort_index()


def ends_of(table: Table) -> tuple[str, ...]:
    """The columns that say how an episode of this table ended."""
    return ENDS.get(table.name, ("ended_on",)) if table.kind == "episode" else ()


def standing(table: Table, rows: pd.DataFrame, listings: Iterable[Listing]) -> pd.DataFrame:
    """The rows that stand, in the columns of the table: what is still listed, each fact once."""
    left = rows[~no_longer_listed(table, rows, listings)].reset_index(drop=True)
    joined = one_record(table, left) if left["said_in"].nunique() > 1 else left
    return joined[table.names].reset_index(drop=True)
