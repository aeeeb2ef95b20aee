"""What only the whole tells of a file: children and workers nobody knows, ids alike but for zeros, overlaps, a file far smaller.

Every check is a warning, with how many rows and where the first of them are: nothing is set aside for it. Rows are numbered as the data
rows of the file, without headings, over all its sheets.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, select, text

from data.naming import called
from data.reading import Problem, Reading
from data.store import engine as db
from data.store import schema
from data.tables import BY_NAME

FIRST_FEW = 5
ONE_AT_A_TIME = ("cp_plan", "cla_episode", "placement")
SMALL = 20  # below this many rows half of them is chance
MONTH_BEFORE = pd.Timedelta(days=62)
WORKED = {"visit": "happened_on", "supervision": "happened_on", "allocation": "observed_on", "case_status": "observed_on"}


def found(connection: Connection, authority: str, reading: Reading) -> list[Problem]:
    """Everything that is odd of a file when it is laid beside all that is held before it is kept."""
    return [
        *_unknown_children(connection, authority, reading),
        *_unknown_workers(connection, authority, reading),
        *_overlaps(reading),
        *_far_smaller(connection, authority, reading),
    ]


def _unknown_children(connection: Connection, authority: str, reading: Reading) -> Iterator[Problem]:
    """Rows about a child no list holds; and ids not held before that differ from another only by their zeros."""
    told = {name: frame for name, frame in reading.tables.items() if "child_id" in frame and len(frame)}
    if not told:
        return
    asked = pd.Series(pd.unique(pd.concat([frame["child_id"] for frame in told.values()])), dtype="str").dropna()
    live = "live" if not db.is_sqlite(connection) else "live = 1"
    child = schema.canonical["child"]
    before = db.select_alike(connection, child, ["child_id"], authority, asked.to_frame("child_id"), only=live)["child_id"]
    fresh = asked[~asked.isin(before)]
    if fresh.empty:
        return
    yield from _only_by_zeros(connection, authority, told, asked, fresh)
    listed = told["child"]["child_id"] if "child" in told else pd.Series(dtype="str")
    orphans = fresh[~fresh.isin(listed)]
    if orphans.empty or not (len(listed) or len(before) or _any_child(connection, authority)):
        return
    for name, frame in told.items():
        rows = frame[frame["child_id"].isin(orphans)]
        if len(rows):
            ids = rows["child_id"].unique()
            yield _warning(
                f"{called(name, len(rows))} about {called('child', len(ids))} no list holds ({_some(ids)}; {_where(rows)}):"
                " check the ids, or load the list they are in.",
                "child_id", ids[0],
            )  # fmt: skip


def _only_by_zeros(
    connection: Connection, authority: str, told: dict[str, pd.DataFrame], asked: pd.Series, fresh: pd.Series
) -> Iterator[Problem]:  # fmt: skip
    """Ids not held before that are those of another child but for leading zeros: two ids, and likely one child."""
    held = connection.execute(text("SELECT DISTINCT child_id FROM child WHERE authority = :a"), {"a": authority}).scalars().all()
    both = pd.concat([pd.Series(held, dtype="str"), asked], ignore_index=True).drop_duplicates()
    bare = both.str.lstrip("0")
    odd = fresh[fresh.isin(both[bare.duplicated(keep=False) & (bare != "")])]
    if len(odd):
        rows = pd.concat([frame.loc[frame["child_id"].isin(odd), ["source_row"]] for frame in told.values()])
        first = odd.iloc[0]
        other = both[(bare == first.lstrip("0")) & (both != first)].iloc[0]
        differ = "id differs" if len(odd) == 1 else "ids differ"
        yield _warning(
            f"{len(odd):,} child {differ} from another only by leading zeros, as {first} and {other} ({_where(rows)}):"
            " they are taken as two children; mend the export if they are one.",
            "child_id", first,
        )  # fmt: skip


def _any_child(connection: Connection, authority: str) -> bool:
    child = schema.canonical["child"].c
    return connection.execute(select(child.row_id).where(child.authority == authority, child.live.is_(True)).limit(1)).first() is not None


def _unknown_workers(connection: Connection, authority: str, reading: Reading) -> Iterator[Problem]:
    """Work by someone no staff list holds; and, from the day of the newest list on, by someone who is not in that one."""
    told = {name: reading.tables[name] for name in WORKED if name in reading.tables and len(reading.tables[name])}
    told = {name: frame for name, frame in told.items() if "worker_id" in frame}
    if not told:
        return
    w = schema.canonical["worker"].c
    seen = select(w.worker_id, func.max(w.observed_on)).where(w.authority == authority, w.live.is_(True)).group_by(w.worker_id)
    known = pd.DataFrame([tuple(row) for row in connection.execute(seen)], columns=["worker_id", "observed_on"])
    if "worker" in reading.tables:
        known = pd.concat([known, reading.tables["worker"][["worker_id", "observed_on"]]])
    if known.empty:
        return
    last_seen = pd.to_datetime(known["observed_on"]).groupby(known["worker_id"]).max()
    newest = last_seen.max()
    current = last_seen.index[last_seen == newest]
    for name, frame in told.items():
        worker = frame["worker_id"]
        since = (frame[WORKED[name]] >= newest).to_numpy()
        there = np.where(since, worker.isin(current), worker.isin(last_seen.index))
        rows = frame[worker.notna().to_numpy() & ~there]
        if len(rows):
            ids = rows["worker_id"].unique()
            yield _warning(
                f"{called(name, len(rows))} of {len(ids):,} {'worker' if len(ids) == 1 else 'workers'} not in the staff list"
                f" ({_some(ids)}; {_where(rows)}): check the ids, or load the list of {newest:%d/%m/%Y} with them in it.",
                "worker_id", ids[0],
            )  # fmt: skip


def _overlaps(reading: Reading) -> Iterator[Problem]:
    """Episodes of one child that overlap, where a child can have only one at a time."""
    for name in ONE_AT_A_TIME:
        frame = reading.tables.get(name)
        if frame is None or len(frame) < 2:
            continue
        rows = BY_NAME[name].conform(frame)[["child_id", "started_on", "ended_on"]].assign(source_row=frame["source_row"].to_numpy())
        rows = rows.drop_duplicates(["child_id", "started_on"], keep="last").sort_values(["child_id", "started_on"], kind="stable")
        end = rows["ended_on"].fillna(pd.Timestamp.max.as_unit("s"))
        before = end.groupby(rows["child_id"]).cummax().groupby(rows["child_id"]).shift()
        over = rows[(rows["started_on"] < before).fillna(False)]
        if len(over):
            ids = over["child_id"].unique()
            yield _warning(
                f"{called(name, len(over))} of {called('child', len(ids))} {'begins' if len(over) == 1 else 'begin'} before the one before"
                f" ended ({_some(ids)}; {_where(over)}): correct the start or the end.",
                "started_on", f"{over['started_on'].iloc[0]:%d/%m/%Y}",
            )  # fmt: skip


def _far_smaller(connection: Connection, authority: str, reading: Reading) -> Iterator[Problem]:
    """A table with less than half the rows that the same source's load of the month before had."""
    b, s = schema.batch.c, schema.batch_says.c
    earlier = connection.execute(
        select(s.table_name, s.rows, b.file, b.as_at)
        .join_from(schema.batch_says, schema.batch, b.batch_id == s.batch_id)
        .where(
            b.authority == authority, b.source == reading.source, b.withdrawn_at.is_(None),
            b.as_at < reading.as_at.date(), b.as_at >= (reading.as_at - MONTH_BEFORE).date(),
        )
        .order_by(b.as_at, b.batch_id)
    )  # fmt: skip
    spoken = {*reading.tables, *(name.partition(":")[0] for name in (*reading.covers, *reading.complete))}
    last = {row.table_name: row for row in earlier if ":" not in row.table_name}
    for name in sorted(spoken & set(last)):
        rows, were = len(reading.tables[name]) if name in reading.tables else 0, last[name]
        if were.rows >= SMALL and rows * 2 < were.rows:
            yield _warning(
                f"{called(name, rows)} in this file, and {were.rows:,} in {were.file} of {were.as_at:%d/%m/%Y}: far fewer."
                " Check that the export is whole; if it was cut short, withdraw this load and load the whole file.",
                None, None,
            )  # fmt: skip


def _warning(says: str, column: str | None, value: str | None) -> Problem:
    return Problem(says, "warning", column=column, value=value)


def _some(ids: np.ndarray) -> str:
    named = ", ".join(str(one) for one in ids[:FIRST_FEW])
    return named + (", ..." if len(ids) > FIRST_FEW else "")


def _where(rows: pd.DataFrame) -> str:
    places = np.sort(rows["source_row"].unique())[:FIRST_FEW] + 1
    return ("data row " if len(places) == 1 else "data rows ") + ", ".join(f"{place:,}" for place in places)
