"""What the lists of Annex A say alike: who a child is, and only what was known on the day."""

from __future__ import annotations

from data.sample.days import as_date
from data.sample.files import Cell
from data.sample.records import Child
from data.sample.simulation import LastSeen

YES, NO = "a) Yes", "b) No"


def who(child: Child, as_at: int) -> list[Cell]:
    unborn = child.born > as_at
    now, born = as_date(as_at), as_date(child.born)
    age = -1 if unborn else now.year - born.year - ((now.month, now.day) < (born.month, born.day))
    return [child.child_id, child.sex, child.ethnicity, None if unborn else child.born, age]


def known(value: int, as_at: int) -> int | None:
    """A day, if it had come."""
    return value if value <= as_at else None


def after(start: int, seen: LastSeen | None) -> LastSeen | None:
    return seen if seen and seen.day >= start else None


def latest(days: list[int], as_at: int) -> int | None:
    return max((day for day in days if day <= as_at), default=None)
