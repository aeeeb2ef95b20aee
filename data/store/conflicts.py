"""Where several sources say different things of one fact: what is used, what is not, and in which files each stands.

A difference counts where both have the column filled, or where one says an episode is open and the other that it has ended; an older
load that says open does not contradict a newer one that says it ended afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data.columns import Column, Table
from data.naming import called
from data.precedence import whole
from data.reading import Problem
from data.store import engine as db
from data.store import held, schema
from data.store.standing import SAID, Listing, by_precedence, ends_of, mark, no_longer_listed, one_record
from data.tables import BY_NAME

COLUMNS = (
    "table", "child_id", "team_id", "fact", "column", "value_used", "source_used", "file_used", "value_not_used", "source_not_used",
    "file_not_used",
)  # fmt: skip


def held_conflicts(connection: Connection, authority: str) -> pd.DataFrame:
    """Every conflict of what is held, by table and child: the columns of COLUMNS."""
    complete, found = held.listings(connection, authority), []
    for name, sources in held.sources_of(connection, authority).items():
        if len(sources) > 1:
            rows = _told_by_several(BY_NAME[name], held.said(connection, authority, BY_NAME[name]))
            found.append(differences(BY_NAME[name], rows, complete))
    if not found:
        return pd.DataFrame(columns=list(COLUMNS), dtype="str")
    b = schema.batch.c
    files = {row.batch_id: row.file for row in connection.execute(select(b.batch_id, b.file).where(b.authority == authority))}
    every = pd.concat(found, ignore_index=True)
    for which in ("used", "not_used"):
        every[f"file_{which}"] = every[f"load_{which}"].map(files)
    return every[list(COLUMNS)].sort_values(["table", "child_id", "fact", "column"], kind="stable", ignore_index=True)


def brought(connection: Connection, authority: str, source: str, facts: dict[str, pd.DataFrame | None]) -> list[Problem]:
    """What a load brought that other sources say differently: one note a table. `facts`: what it said that is new, by table."""
    sources = held.sources_of(connection, authority)
    several = {name: new for name, new in facts.items() if new is not None and len(new) and len(sources.get(name, ())) > 1}
    if not several:
        return []
    complete, notes = held.listings(connection, authority), []
    for name, new in several.items():
        table = BY_NAME[name]
        asked = new[list(schema.found_by(table))]
        live = "live" if not db.is_sqlite(connection) else "live = 1"
        rows = _told_by_several(
            table, db.select_alike(connection, schema.canonical[name], [*SAID, *table.names], authority, asked, only=live)
        )
        if rows.empty:
            continue
        found = differences(table, rows, complete)
        told = {one: whole(one) for one in {*found["source_used"], *found["source_not_used"]}}
        found = found.assign(source_used=found["source_used"].map(told), source_not_used=found["source_not_used"].map(told))
        ours = found[(found["source_used"] == source) | (found["source_not_used"] == source)]
        ours = ours[ours["key"].isin(mark(new, table.key))]
        if count := ours["key"].nunique():
            others = sorted({*ours["source_used"], *ours["source_not_used"]} - {source})
            notes.append(
                Problem(
                    f"{called(name, count)} in this file {'is' if count == 1 else 'are'} told differently by {' and '.join(others)}:"
                    " the conflicts list says which value is used and which is not. Correct the one that is wrong at its source.",
                    "note",
                )
            )
    return notes


def _told_by_several(table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """The wordings of facts that more than one source tells of: only those can differ."""
    sources, names = pd.factorize(rows["said_in"])
    bases, _ = pd.factorize(np.array([whole(str(name)) for name in names], dtype=object))
    base = pd.Series(bases[sources] if len(names) else sources, index=rows.index)
    fact = mark(rows, table.key)
    many = base.groupby(fact).transform("min") != base.groupby(fact).transform("max")
    return rows[many.to_numpy()].reset_index(drop=True)


def differences(table: Table, rows: pd.DataFrame, listings: Iterable[Listing]) -> pd.DataFrame:
    """The conflicts among wordings of a table: COLUMNS without the files, and `key` (a number a fact), `load_used`, `load_not_used`."""
    gone = no_longer_listed(table, rows, [listing for listing in listings if listing.table == table.name])
    said = by_precedence(table, rows[~gone])
    ends = ends_of(table)
    parts = [_dropped(table, rows[gone], rows[~gone])]
    for column in table.columns:
        if column.name not in table.key:
            parts.append(_of_column(column, said, whole=column.name in ends, end=column.name == "ended_on" and bool(ends)))
    found = pd.concat(parts, ignore_index=True)
    found = found[found["source_used"].map(whole) != found["source_not_used"].map(whole)].reset_index(drop=True)
    stands = one_record(table, rows[~gone])
    teams = pd.Series(stands["team_id"].to_numpy() if "team_id" in stands else None, index=mark(stands, table.key), dtype="str")
    return found.assign(
        table=table.name, fact=_in_words(table, found), child_id=found.get("child_id"),
        team_id=found["key"].map(teams),
    )  # fmt: skip


def _of_column(column: Column, said: pd.DataFrame, *, whole: bool, end: bool) -> pd.DataFrame:
    """Each wording that says otherwise in one column than the wording used. `whole`: the very first is used, even where it is empty."""
    name = column.name
    candidates = said if whole else said[said[name].notna()]
    used = candidates.drop_duplicates("fact").set_index("fact")
    other = said if end else said[said[name].notna()]
    beside = used.reindex(other["fact"])
    theirs, ours = other[name].reset_index(drop=True), beside[name].reset_index(drop=True)
    both = (theirs.notna() & ours.notna()).to_numpy()
    differs = both & ~(theirs == ours).fillna(False).to_numpy(dtype=bool)
    if end:
        still_open = theirs.isna().to_numpy() & ours.notna().to_numpy()
        later = other["said_at"].to_numpy() > ours.to_numpy()
        differs |= (theirs.notna() & ours.isna()).to_numpy() | (still_open & later)
    differs &= (other["turn"].to_numpy() != beside["turn"].to_numpy()) & beside["turn"].notna().to_numpy()
    return _told(name, other[differs], beside[differs], _shown(theirs[differs], column, end), _shown(ours[differs], column, end))


def _dropped(table: Table, gone: pd.DataFrame, left: pd.DataFrame) -> pd.DataFrame:
    """Facts one source no longer lists and another still says: they stand."""
    kept = left.assign(fact=mark(left, table.key)).drop_duplicates("fact").set_index("fact")
    facts = mark(gone, table.key)
    still = np.isin(facts, kept.index.to_numpy())
    other, beside = gone[still].assign(fact=facts[still]), kept.reindex(facts[still])
    words = pd.Series("no longer listed", index=range(len(other)))
    return _told("listed", other, beside, words, words.replace("no longer listed", "listed"))


def _told(name: str, other: pd.DataFrame, beside: pd.DataFrame, theirs: pd.Series, ours: pd.Series) -> pd.DataFrame:
    out = other.drop(columns=[*SAID, "turn"], errors="ignore").rename(columns={"fact": "key"}).reset_index(drop=True)
    return out.assign(
        column=name, value_used=ours.to_numpy(), source_used=beside["said_in"].to_numpy(), load_used=beside["said_by"].to_numpy(),
        value_not_used=theirs.to_numpy(), source_not_used=other["said_in"].to_numpy(), load_not_used=other["said_by"].to_numpy(),
    )  # fmt: skip


def _shown(values: pd.Series, column: Column, end: bool = False) -> pd.Series:
    """Values as people read them: days as dd/mm/yyyy, flags as yes and no, an episode without an end as open."""
    if column.kind == "date":
        words: pd.Series = values.dt.strftime("%d/%m/%Y")
        return words.where(values.notna(), "open") if end else words
    if column.kind == "flag":
        return values.map({True: "yes", False: "no"})
    return values.map("{:g}".format) if column.kind == "number" else pd.Series(values)


def _in_words(table: Table, rows: pd.DataFrame) -> pd.Series:
    """What fact a row is about: its key, without the child, in words."""
    words = pd.Series("", index=rows.index, dtype="object")
    for column in table.columns:
        if column.name in table.key and column.name != "child_id":
            said = _shown(rows[column.name], column).astype("object")
            label = column.name.removesuffix("_id").removesuffix("_kind").replace("_", " ")
            part = (f"{label} " + said).where(rows[column.name].notna(), "")
            words = words + np.where((words != "") & (part != ""), ", ", "") + part
    return words
