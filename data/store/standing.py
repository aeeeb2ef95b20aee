"""From what every source says to what stands: rows a complete extract no longer lists are left out, and each fact is one record.

Pure pandas: rows come with who said them last (`said_in` the source, `said_at` the as-at day, `said_by` the load).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def no_longer_listed(table: Table, rows: pd.DataFrame, listings: Iterable[Listing]) -> Mask:
    """Which rows a later complete load of their own source is silent about, so that they no longer stand.

    A row that a later load had said again, in whatever words, would have been said last by that load: so no keys are compared.
    """
    ended: Mask = np.zeros(len(rows), dtype=bool)
    for listing in listings:
        if not listing.held_back and not ended.all():
            ended |= (rows["said_in"] == listing.source).to_numpy() & said_before(rows, listing) & could_list(table, rows, listing)
    return ended


def said_before(rows: pd.DataFrame, listing: Listing) -> Mask:
    """Which rows were last said by a load before this one."""
    day, as_at = rows["said_at"].to_numpy(), np.datetime64(listing.as_at, "s")
    before: Mask = (day < as_at) | ((day == as_at) & (rows["said_by"].to_numpy() < listing.batch_id))
    return before


def could_list(table: Table, rows: pd.DataFrame, listing: Listing) -> Mask:
    """Which rows this load would have listed, were they still so: in its days, in its cohort, and of a child it is sure of."""
    could: Mask = within(table, rows, listing) & sure_of(rows, listing)
    return could


def within(table: Table, rows: pd.DataFrame, listing: Listing) -> Mask:
    """Which rows fall in the days (and the cohort) this load is complete for; a row without a day does not."""
    name = day_of(table)
    if name is None:
        return np.zeros(len(rows), dtype=bool)
    first, last, day = np.datetime64(listing.first, "s"), np.datetime64(listing.last, "s"), rows[name].to_numpy()
    found: Mask = day <= last
    if table.kind == "episode":
        end = rows["ended_on"].to_numpy()
        found &= np.isnat(end) | (end >= first)
    else:
        found &= day >= first
    if listing.cohort:
        found &= (rows["cohort_kind"] == listing.cohort).to_numpy()
    return found


def sure_of(rows: pd.DataFrame, listing: Listing) -> Mask:
    """Of which rows its silence means something: of none about a child a row set aside was about, or about nobody known."""
    if listing.unsure_of is None:
        return np.zeros(len(rows), dtype=bool)
    if not listing.unsure_of:
        return np.ones(len(rows), dtype=bool)
    if "child_id" not in rows:
        return np.zeros(len(rows), dtype=bool)
    sure: Mask = (rows["child_id"].notna() & ~rows["child_id"].isin(listing.unsure_of)).to_numpy()
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
