"""One surgery as its page shows it, whether gathered from the data as it stands or taken from the snapshot kept when it was closed.

What is drawn, printed and exported is read off a Meeting alone. A closed surgery is the Meeting of its snapshot, so nothing loaded,
withdrawn or set since can change a word of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import pandas as pd

from data.snapshot import frame_kept, kept_frame
from kpi.figures import Level

LAYOUT = 1  # of a snapshot: raised when what it holds changes, so that one kept before is still read as it was meant


@dataclass(frozen=True)
class Meeting:
    """What one surgery shows.

    nth: which surgery of its unit it is, 1 for the first; last_on: the day of the one before. period: the month its figures are of.
    commitments: those made before, checked (`kpi.surgery.check`); late_then: the children late then (`since_last`); figures: judged
    figures of 24 months with their signals, and the words of each measure; more: how many further measures signal something; workers,
    children: as `kpi.surgery` gives them, with who, by and kind for the form; agreed, reasons, notes: what was written in this surgery;
    known: duties the data does not reach this day for; left_out: children of whom it cannot be told when something is due; actions: what
    audits asked for that is overdue or due; partial: rows of teams this viewer does not see are not in the lists.
    """

    ident: str
    level: Level
    unit_id: str
    unit: str
    held_on: pd.Timestamp
    focus: str
    focus_title: str
    present: str
    opened_by: str
    nth: int
    last_on: pd.Timestamp | None = None
    as_at: pd.Timestamp | None = None
    loaded_at: pd.Timestamp | None = None
    period: pd.Timestamp | None = None
    due_until: pd.Timestamp | None = None
    more: int = 0
    commitments: pd.DataFrame = field(default_factory=pd.DataFrame)
    late_then: pd.DataFrame = field(default_factory=pd.DataFrame)
    figures: pd.DataFrame = field(default_factory=pd.DataFrame)
    workers: pd.DataFrame = field(default_factory=pd.DataFrame)
    children: pd.DataFrame = field(default_factory=pd.DataFrame)
    agreed: pd.DataFrame = field(default_factory=pd.DataFrame)
    reasons: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: pd.DataFrame = field(default_factory=pd.DataFrame)
    known: pd.DataFrame = field(default_factory=pd.DataFrame)
    left_out: pd.DataFrame = field(default_factory=pd.DataFrame)
    actions: pd.DataFrame = field(default_factory=pd.DataFrame)
    state: str = "open"
    revision: int = 0
    closed_by: str = ""
    closed_at: pd.Timestamp | None = None
    partial: bool = False
    steps: int = 0

    @property
    def closed(self) -> bool:
        return self.state == "closed"

    @property
    def late(self) -> pd.DataFrame:
        """The children late that day, the latest first."""
        return self.children[self.children["state"] == "overdue"] if len(self.children) else self.children

    @property
    def soon(self) -> pd.DataFrame:
        """The children due in the next five working days."""
        return self.children[self.children["state"] == "due_soon"] if len(self.children) else self.children


FRAMES = ("commitments", "late_then", "figures", "workers", "children", "agreed", "reasons", "notes", "known", "left_out", "actions")
_DAYS = ("held_on", "last_on", "as_at", "loaded_at", "period", "due_until")
_NOW = ("state", "revision", "closed_by", "closed_at", "partial", "steps")  # what the snapshot leaves to the record and to who looks


def snapshot_of(meeting: Meeting) -> dict[str, Any]:
    """Everything the page of a surgery shows, in the shape of `data.snapshot`: what is kept when it is closed."""
    facts = {f.name: getattr(meeting, f.name) for f in fields(meeting) if f.name not in (*FRAMES, *_NOW)}
    facts |= {name: _day_kept(facts[name]) for name in _DAYS}
    return {"layout": LAYOUT, "facts": facts, "frames": {name: kept_frame(getattr(meeting, name)) for name in FRAMES}}


def meeting_of(snapshot: Mapping[str, Any], **now: Any) -> Meeting:
    """The Meeting a snapshot was made of; `now`: its state, revision and who closed it, as the record has them, and whether rows are cut.

    Raises ValueError for a snapshot of another layout.
    """
    if snapshot.get("layout") != LAYOUT:
        raise ValueError("This surgery was closed by another version of Sightline: it can be read by that one, or a later one.")
    known = {f.name for f in fields(Meeting)}
    facts = {name: value for name, value in snapshot["facts"].items() if name in known}
    facts |= {name: _day_again(facts.get(name)) for name in _DAYS}
    return Meeting(**{**facts, **{name: frame_kept(kept) for name, kept in snapshot["frames"].items() if name in FRAMES}, **now})


def _day_kept(day: Any) -> str | None:
    return None if day is None or pd.isna(day) else pd.Timestamp(day).isoformat()


def _day_again(day: str | None) -> pd.Timestamp | None:
    return None if day is None else pd.Timestamp(day).as_unit("s")
