"""What was noted at about the time? Annotations said beside the figures they may bear on: that they coincide, and no more than that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from kpi.standing import Standing
from kpi.wording import day, month, spoken

YEAR = 12  # months: how long a change of recording, or a range begun afresh, is worth saying
NEAR_DAYS = 62  # between a note and the first month of a signal, to name them together


class Noted(Protocol):
    """An annotation: the day, what happened, its kind, and the measure it is about (empty: all)."""

    @property
    def on(self) -> pd.Timestamp: ...
    @property
    def label(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def kpi(self) -> str: ...
    @property
    def rebase(self) -> bool: ...


def fresh_range(s: Standing, notes: Sequence[Noted]) -> str:
    """That the expected range was begun afresh in the last twelve months, and at what."""
    if not s.rebased or s.range_from is None or s.range_months > YEAR or s.reality == "unjudged":
        return ""
    begun = [n for n in notes if n.rebase and _about(s, n) and pd.Timestamp(n.on) <= s.range_from]
    at = f" ({_label(max(begun, key=lambda n: n.on))})" if begun else ""
    rests = f"{spoken(s.range_months)} month{'' if s.range_months == 1 else 's'}"
    return f"The expected range was begun afresh in {month(s.range_from)}{at} and rests on {rests}."


def notes_near(s: Standing, notes: Sequence[Noted]) -> str:
    """What was noted as the signal began, and any change of recording within the year. That they coincide is all that is said."""
    if not notes:
        return ""
    year_ago = s.period - pd.DateOffset(months=YEAR)
    near = []
    for note in notes:
        on = pd.Timestamp(note.on)
        if not _about(s, note) or on > s.period or note.rebase:
            continue
        recorded = note.kind.replace("_", " ") in ("recording change", "system change") and on > year_ago
        begins = s.reality == "signal" and s.since is not None and abs((on - s.since).days) <= NEAR_DAYS
        if recorded or begins:
            near.append((on, note, recorded))
    if not near:
        return ""
    on, note, recorded = max(near, key=lambda one: (one[2], one[0]))
    alike = "; figures before and after it may not be alike" if recorded else ""
    return f"Noted for {day(on)}: {_label(note)}{alike}."


def _about(s: Standing, note: Noted) -> bool:
    return not note.kpi or note.kpi == s.measure.key


def _label(note: Noted) -> str:
    return f"“{' '.join(note.label.split()).rstrip('.')}”"
