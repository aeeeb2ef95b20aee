"""The improvement plan in the database: steps, each with who and when, laid over what its extracts say (`data.plan_standing`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, delete, insert, select, text

from data import given, reference
from data.plan_standing import Listed, Replay, Step, as_listed, snapshots
from data.store import covering, held, loading, records, schema
from data.store.keeping import COLUMNS
from data.tables import BY_NAME, Tables

STAGES = ("recommendation_id", "stage", "on", "who", "evidence", "by", "at", "taken_back_by", "taken_back_at", "revision")
MEETINGS = ("kind", "unit_id", "first_on", "by", "at", "taken_back_by", "taken_back_at", "revision")
REACHED, SET, TAKEN_BACK = "reached", "set", "taken back"
Measure = Callable[[Tables], pd.DataFrame]


def steps(connection: Connection, authority: str) -> list[Step]:
    """Everything people did to actions here, first to last."""
    s = schema.plan_step.c
    wanted = select(s.step_id, s.action_id, s.did, s.said, s.happened_on, s.at, s.by)
    found = connection.execute(wanted.where(s.authority == authority).order_by(s.step_id))
    return [
        Step(row.step_id, row.action_id, row.did, dict(row.said), pd.Timestamp(row.happened_on), pd.Timestamp(row.at), row.by)
        for row in found
    ]  # fmt: skip


def listed(connection: Connection, authority: str, loaded: pd.DataFrame) -> list[Listed]:
    """The rows the extracts say, each with the load that said it last."""
    said = held.still_listed(connection, authority, "action")
    load = said.groupby(["action_id", "observed_on"], as_index=False)["said_by"].max()
    b = schema.batch.c
    loads = {row.batch_id: row for row in connection.execute(select(b.batch_id, b.loaded_at, b.loaded_by).where(b.authority == authority))}
    rows = loaded.merge(load, on=["action_id", "observed_on"], how="left")
    of = [loads[int(batch)] for batch in rows["said_by"]]
    at, by = pd.to_datetime([one.loaded_at for one in of]), pd.Series([one.loaded_by for one in of], dtype="str")
    return as_listed(rows.assign(load=rows["said_by"], loaded_at=at, loaded_by=by))


def replay(connection: Connection, authority: str) -> Replay:
    """Everything said of the plan, ready to be taken in up to any day."""
    loaded = held.frames(connection, authority, [BY_NAME["action"]])["action"]
    return Replay(listed(connection, authority, loaded), steps(connection, authority))


def joined(
    connection: Connection, authority: str, loaded: pd.DataFrame, covered: Mapping[str, pd.DatetimeIndex]
) -> tuple[pd.DataFrame, dict[str, pd.DatetimeIndex]]:
    """The canonical table `action` with what people wrote here in it, and the months there is word of: as measures and duties see them.

    A plan kept here stands until it is changed: from the first step on it speaks for every month end up to the newest month anything
    loaded speaks for. With no step, both are as they were.
    """
    taken = steps(connection, authority)
    newest = max((months.max() for months in covered.values() if len(months)), default=None)
    if not taken:
        return loaded, dict(covered)
    own = covered.get("action", pd.DatetimeIndex([]))
    kept = pd.date_range(min(step.on for step in taken), newest, freq="ME") if newest is not None else pd.DatetimeIndex([])
    months = pd.DatetimeIndex(sorted({*own, *kept})).as_unit("s")
    frame = snapshots(listed(connection, authority, loaded), taken, loaded, months)
    return frame, {**covered, "action": months}


def plan_tables(connection: Connection, authority: str) -> Tables:
    """What the measures and the clock of the plan need, and nothing else: quick to read, and of no child."""
    frames = held.frames(connection, authority, [BY_NAME[name] for name in ("action", "team", "clock")])
    frames["action"], covered = joined(connection, authority, frames["action"], covering.months(connection, authority))
    return Tables(frames, given.clocks(authority, frames["clock"]), reference.bank_holidays(), covered)


def keep_step(
    connection: Connection, authority: str, action_id: str, did: str, said: Mapping[str, Any], *, on: pd.Timestamp, at: datetime, by: str
) -> int:  # fmt: skip
    """Keep one step of one action. Returns its number."""
    values = {"action_id": action_id, "did": did, "said": dict(said), "happened_on": on.date()}
    kept = insert(schema.plan_step).values(authority=authority, at=at, by=by, **values).returning(schema.plan_step.c.step_id)
    return int(connection.execute(kept).scalar_one())


def day_here(at: datetime) -> pd.Timestamp:
    """The day in England at a moment that is kept in universal time."""
    return pd.Timestamp(at, tz="UTC").tz_convert("Europe/London").tz_localize(None).normalize().as_unit("s")


def settle(connection: Connection, authority: str, keys: Sequence[str], measure: Measure | None) -> None:
    """Count the change, and work the plan's own figures out anew with it: those that were up to date then still are.

    Without a measure, or where the figures lagged before, the next working out does it.
    """
    s = schema.state.c
    version, worked_out = connection.execute(select(s.version, s.figures_version).where(s.authority == authority)).one()
    loading.changed(connection, authority)
    if measure is None:
        return
    found = measure(plan_tables(connection, authority))
    f = schema.figure.c
    connection.execute(delete(schema.figure).where(f.authority == authority, f.kpi.in_(list(keys))))
    rows = found.assign(authority=authority)[["authority", *COLUMNS]].sort_values(["level", "kpi", "unit_id", "period"])
    if len(rows):
        connection.execute(insert(schema.figure), _plain(rows))
    if version == worked_out:
        connection.execute(text("UPDATE state SET figures_version = version WHERE authority = :a"), {"a": authority})


def stages(connection: Connection, authority: str) -> pd.DataFrame:
    """Every stage ever set, those taken back too, first to last: the columns of STAGES."""
    return _dated(_folded(connection, authority, schema.plan_stage_step, ("recommendation_id", "stage"), REACHED, STAGES), "on")


def meetings(connection: Connection, authority: str) -> pd.DataFrame:
    """Every round of meetings ever set, those taken back or set anew since too, first to last: the columns of MEETINGS."""
    return _dated(_folded(connection, authority, schema.plan_meeting_step, ("kind", "unit_id"), SET, MEETINGS), "first_on")


def keep_stage(connection: Connection, authority: str, did: str, said: Mapping[str, Any], *, at: datetime, by: str) -> None:
    """Keep one step of a recommendation's stage. The figures do not hang on it."""
    values = {**said, "did": did, "happened_on": said["on"].date()}
    values.pop("on")
    connection.execute(insert(schema.plan_stage_step).values(authority=authority, at=at, by=by, **values))
    records.changed(connection, authority)


def keep_meeting(connection: Connection, authority: str, did: str, said: Mapping[str, Any], *, at: datetime, by: str) -> None:
    """Keep one step of a round of meetings. The figures do not hang on it."""
    values = {"meeting_kind": said["kind"], "unit_id": said["unit_id"], "first_on": said["first_on"].date(), "did": did}
    connection.execute(insert(schema.plan_meeting_step).values(authority=authority, at=at, by=by, **values))
    records.changed(connection, authority)


def _folded(
    connection: Connection, authority: str, table: Table, key: tuple[str, str], did: str, columns: Sequence[str]
) -> pd.DataFrame:  # fmt: skip
    """Steps of one record told together: each time it was set, with who took that back. `revision`: how many steps its record has."""
    made: list[dict[str, Any]] = []
    count: dict[tuple[str, str], int] = {}
    for step in connection.execute(select(table).where(table.c.authority == authority).order_by(table.c.step_id)).mappings():
        named = {**step, "kind": step.get("meeting_kind"), "on": step.get("happened_on")}
        of = (str(named[key[0]]), str(named[key[1]]))
        count[of] = count.get(of, 0) + 1
        if step["did"] == did:
            made.append({name: named.get(name) for name in columns})
        else:
            last = next(row for row in reversed(made) if (row[key[0]], row[key[1]]) == of)
            last.update(taken_back_by=step["by"], taken_back_at=step["at"])
    for row in made:
        row["revision"] = count[row[key[0]], row[key[1]]]
    return pd.DataFrame.from_records(made, columns=list(columns))


def _dated(frame: pd.DataFrame, on: str) -> pd.DataFrame:
    return frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in (on, "at", "taken_back_at")})


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Figures as the driver takes them: a month as a day, nothing as None."""
    plain = rows.assign(period=rows["period"].dt.date).astype("object")
    return [{str(name): value for name, value in row.items()} for row in plain.where(plain.notna(), None).to_dict("records")]
