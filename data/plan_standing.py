"""How the improvement plan stands, on any day: what its extracts say, with what people wrote here laid over them in the order of time.

A snapshot of an extract speaks for its own day; a step for the day it was taken. The later of two holds, field by field; of one day, the
one that came in later. An extract that speaks for a later day therefore wins over an earlier step, and where it says otherwise the
difference is kept to be shown. An action the newest extract no longer lists has left the plan, unless somebody wrote of it here since.

Pure: rows and steps in, rows out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from data.plan import FIELDS, as_said
from data.tables import BY_NAME

ADDED, CHANGED, UPDATED, UPDATE_BACK, TAKEN_OFF = "added", "changed", "updated", "update taken back", "taken off"
DETAILS = ("rag_reason", "evidence", "kpis")  # what no extract says
LOADED_FIELDS = ("recommendation_id", "text", "lead", "due_on", "status_kind", "rag_kind", "impact_note")
IN_PLAN, NOT_LISTED, OFF = "in the plan", "no longer listed", "taken off"
GRACE = pd.Timedelta(days=15)  # a snapshot taken so long after a month end may speak for it (kpi.cohorts.observed_at)
EMPTY: dict[str, Any] = {**dict.fromkeys(FIELDS, ""), "due_on": None, "kpis": None}
PLAN_COLUMNS = (
    "action_id", *FIELDS, "updated_on", "first_listed_on", "listed_on", "origin", "state", "revision", "changed_by", "changed_at",
    "detailed_by", "detailed_at",
)  # fmt: skip
HISTORY = ("action_id", "on", "at", "by", "did", "step_id", "field", "was", "now", "words")
DIFFERENCES = ("action_id", "field", "said_here", "by", "at", "extract_says", "observed_on")


@dataclass(frozen=True)
class Step:
    """One thing somebody did to an action: `said` holds only the fields it says anything of."""

    step_id: int
    action_id: str
    did: str
    said: dict[str, Any]
    on: pd.Timestamp
    at: pd.Timestamp
    by: str


@dataclass(frozen=True)
class Listed:
    """One action in one snapshot of an extract, and the load that says it. `day`: the day of the snapshot.

    `on`: from when it counts beside the steps. An extract that prints no day is dated by its month end, which may be to come: it knows
    nothing of what is written after it was loaded.
    """

    action_id: str
    said: dict[str, Any]
    updated_on: pd.Timestamp | None
    day: pd.Timestamp
    on: pd.Timestamp
    at: pd.Timestamp
    by: str
    load: int


@dataclass
class Line:
    """How one action stands so far."""

    action_id: str
    said: dict[str, Any] = field(default_factory=lambda: dict(EMPTY))
    loaded_update: pd.Timestamp | None = None
    updates: list[pd.Timestamp] = field(default_factory=list)
    first_on: pd.Timestamp | None = None
    listed_on: pd.Timestamp | None = None  # the day of the snapshot that last lists it
    written: tuple[pd.Timestamp, pd.Timestamp] | None = None  # the last step: its day, and when it was taken
    known: bool = False  # listed or added by then; what is brought in may have been written earlier
    off: bool = False
    load: int = 0
    steps: int = 0
    set_here: dict[str, Step] = field(default_factory=dict)  # what steps said since the last snapshot
    differs: dict[str, dict[str, Any]] = field(default_factory=dict)
    detailed: Step | None = None  # the last step that said anything of DETAILS
    last: tuple[str, pd.Timestamp] | None = None

    @property
    def updated_on(self) -> pd.Timestamp | None:
        """The last update there is word of, in an extract or here."""
        return max([*self.updates, *([self.loaded_update] if self.loaded_update is not None else [])], default=None)

    def state(self, newest: Listed | None) -> str:
        """Whether it is in the plan, after the newest snapshot so far."""
        if self.off:
            return OFF
        if not self.known:
            return NOT_LISTED
        if self.listed_on is None or newest is None or self.listed_on == newest.day:
            return IN_PLAN
        return IN_PLAN if self.written is not None and self.written > (newest.on, newest.at) else NOT_LISTED


class Replay:
    """Everything that was said of the plan, taken in order, up to any day."""

    def __init__(self, listed: Iterable[Listed], steps: Iterable[Step]) -> None:
        self.lines: dict[str, Line] = {}
        self.newest: Listed | None = None
        self.told: list[dict[str, Any]] = []
        kept = list(steps)
        self._back = {step.said["update"] for step in kept if step.did == UPDATE_BACK}
        self._events: list[Listed | Step] = sorted([*listed, *kept], key=lambda event: (event.on, event.at, _place(event)))
        self._next = 0

    def until(self, day: pd.Timestamp) -> Replay:
        """Take in everything up to the end of a day. Days are asked for in order."""
        while self._next < len(self._events) and self._events[self._next].on <= day:
            event = self._events[self._next]
            self._next += 1
            line = self.lines.setdefault(event.action_id, Line(event.action_id))
            line.first_on = event.on if line.first_on is None else line.first_on
            line.last = (event.by, event.at)
            self._list(line, event) if isinstance(event, Listed) else self._step(line, event)
        return self

    def _list(self, line: Line, event: Listed) -> None:
        if self.newest is None or (event.day, event.at) > (self.newest.day, self.newest.at):
            self.newest = event
        first = not line.known
        if first:
            self._tell(line, event, "first listed")
        for name in LOADED_FIELDS:
            now = event.said[name]
            if not first and now != line.said[name]:
                self._tell(line, event, "extract", name, line.said[name], now)
            self._compare(line, event, name, now)
            line.said[name] = now
        if event.updated_on is not None and event.updated_on != line.loaded_update:
            if not first:
                self._tell(line, event, "extract", "updated_on", line.loaded_update, event.updated_on)
            line.loaded_update = event.updated_on
        line.listed_on, line.load, line.off, line.set_here = event.day, event.load, False, {}
        line.known = True

    def _compare(self, line: Line, event: Listed, name: str, now: Any) -> None:
        """Whether the extract says otherwise than somebody did here; shown for as long as it goes on saying so."""
        step = line.set_here.get(name)
        if step is not None and line.said[name] != now:
            line.differs[name] = {
                "action_id": line.action_id, "field": name, "said_here": line.said[name], "by": step.by, "at": step.at,
                "extract_says": now, "observed_on": event.day,
            }  # fmt: skip
        elif name in line.differs and line.differs[name]["extract_says"] != now:
            del line.differs[name]

    def _step(self, line: Line, step: Step) -> None:
        line.steps += 1
        if step.did == UPDATE_BACK:
            self._tell(line, step, step.did, words=str(step.said.get("words", "")))
            return
        line.written = (step.on, step.at)
        if step.did == TAKEN_OFF:
            line.off = True
            self._tell(line, step, step.did)
            return
        line.off, line.known = False, line.known or step.did == ADDED
        if step.did == UPDATED and step.step_id not in self._back:
            line.updates.append(pd.Timestamp(step.said["on"]).as_unit("s"))
        if step.did != CHANGED:
            back = " (taken back since)" if step.step_id in self._back else ""
            words = f"{pd.Timestamp(step.said['on']):%d/%m/%Y}: {step.said['words']}{back}" if step.did == UPDATED else ""
            self._tell(line, step, step.did, words=words)
        for name, kept in step.said.items():
            if name in FIELDS:
                now = as_said(name, kept)
                if step.did != ADDED:
                    self._tell(line, step, CHANGED, name, line.said[name], now)
                line.said[name] = now
                line.set_here[name] = step
                line.detailed = step if name in DETAILS and kept else line.detailed
                line.differs.pop(name, None)

    def _tell(
        self, line: Line, event: Listed | Step, did: str, name: str = "", was: Any = None, now: Any = None, words: str = ""
    ) -> None:  # fmt: skip
        step_id = event.step_id if isinstance(event, Step) else None
        row = (line.action_id, event.on, event.at, event.by, did, step_id, name, was, now, words)
        self.told.append(dict(zip(HISTORY, row, strict=True)))

    def standing(self) -> list[Line]:
        """The actions in the plan."""
        return [line for line in self.lines.values() if line.state(self.newest) == IN_PLAN]


def as_listed(rows: pd.DataFrame) -> list[Listed]:
    """The rows of the canonical table `action`, with `loaded_at`, `loaded_by` and `load`, as they are taken in."""
    plain = rows.astype("object").where(rows.notna(), None)
    return [
        Listed(
            row["action_id"],
            {name: row[name] if name in ("due_on",) else row[name] or "" for name in LOADED_FIELDS},
            row["updated_on"], row["observed_on"], min(row["observed_on"], row["loaded_at"].normalize()), row["loaded_at"],
            row["loaded_by"], int(row["load"]),
        )
        for row in plain.to_dict("records")
    ]  # fmt: skip


def snapshots(listed: Sequence[Listed], steps: Sequence[Step], loaded: pd.DataFrame, months: pd.DatetimeIndex) -> pd.DataFrame:
    """The canonical table `action` with what people wrote in it: the loaded rows, and from the first step on the whole plan as it stood.

    From the first step on there is one on every day of a step or of an extract, and at every month end of `months`: so a month is judged by
    the plan as it stood at its end, whatever was written in the days after. Where the extract that speaks for a month was drawn up some
    days after its end, the month end is told by that extract. loaded: the rows the extracts say; returned as they are before that.
    """
    if not steps:
        return loaded
    since = min(step.on for step in steps)
    days = sorted({row.day for row in listed})
    ends = [month for month in months if month >= since - GRACE]
    told_on = {month: _speaks_for(month, days) for month in ends}
    wanted = {**{day: day for day in [*days, *(step.on for step in steps)] if day >= since}, **told_on}
    replay, rows = Replay(listed, steps), []
    for day, until in sorted(wanted.items(), key=lambda pair: (pair[1], pair[0])):
        rows += [_row(line, day) for line in replay.until(until).standing()]
    before = loaded[~loaded["observed_on"].isin(list(wanted))]
    made = BY_NAME["action"].conform(pd.DataFrame(rows, columns=BY_NAME["action"].names, dtype="object"))
    return pd.concat([before, made], ignore_index=True).sort_values(["observed_on", "action_id"], kind="stable", ignore_index=True)


def _speaks_for(month: pd.Timestamp, days: Sequence[pd.Timestamp]) -> pd.Timestamp:
    """The day up to which a month end is told: its own, or that of an extract drawn up soon after it with none nearer before."""
    near = [day for day in days if month.replace(day=1) <= day <= month + GRACE]
    nearest = min(near, key=lambda day: (abs(day - month), day), default=month)
    return max(month, nearest)


def _row(line: Line, day: pd.Timestamp) -> dict[str, Any]:
    said = {name: line.said[name] or None for name in LOADED_FIELDS}
    return {"action_id": line.action_id, "observed_on": day, **said, "updated_on": line.updated_on}


def _place(event: Listed | Step) -> int:
    return event.step_id if isinstance(event, Step) else 0
