"""Where is it? In which teams the cases that missed a target are, and in which teams a change lies. Where to look, not a league table."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kpi.contribution import Counts, parts_of_change
from kpi.sentences import capital, points_word, upward
from kpi.standing import Standing
from kpi.wording import count, month, signed

SHARED_BY = 4  # teams, before it is said which have most of the cases that missed
FEWEST_MISSED = 5

TeamCounts = Mapping[pd.Timestamp, Counts]


def held_by(s: Standing, teams: TeamCounts, names: Mapping[str, str]) -> str:
    """Which teams have most of the cases that missed it: where to look, not a league table."""
    now = teams.get(s.period, {})
    if not s.short or s.measure.measure != "percent" or len(now) < SHARED_BY or not _adds_up(s, now):
        return ""
    missed = {unit: top if s.better == "lower" else bottom - top for unit, (top, bottom) in now.items()}
    total = sum(missed.values())
    first, second = sorted(missed, key=lambda unit: (-missed[unit], unit))[:2]
    if total < FEWEST_MISSED or not missed[second] or missed[first] + missed[second] < 0.4 * total:
        return ""
    which = "count against it" if s.better == "lower" else "missed it"
    return f"Of the {count(total)} that {which}, {names[first]} has {count(missed[first])} and {names[second]} {count(missed[second])}."


def _adds_up(s: Standing, now: Counts) -> bool:
    sums = [sum(part) for part in zip(*now.values(), strict=True)]
    return bool(sums) and abs(sums[0] - (s.numerator or 0)) < 1e-6 and abs(sums[1] - (s.denominator or 0)) < 1e-6


def where_changed(s: Standing, teams: TeamCounts, names: Mapping[str, str]) -> str:
    """In which teams the change since before the signal lies. Said only of a signal: nobody's part in chance is worth naming."""
    if s.reality != "signal" or s.before is None or s.measure.measure not in ("percent", "mean", "days"):
        return ""
    then, now = teams.get(s.before, {}), teams.get(s.period, {})
    if len(now) < 2 or not any(bottom > 0 for _, bottom in then.values()) or not _adds_up(s, now):
        return ""
    parts = parts_of_change(then, now, scale=s.measure.scale)
    change = sum(part.total for part in parts)
    way = 1 if upward(s) else -1
    if way * change < (1.0 if s.measure.measure == "percent" else 0.1):
        return ""
    of = f"the change since {month(s.before)} ({signed(change)}{points_word(s)})"
    if sum(part.mix for part in parts) * way > abs(change) / 2:
        return f"Most of {of} is in how cases are shared between teams."
    most = sorted(parts, key=lambda part: (-way * part.total, part.unit_id))
    first, second = most[0], most[1] if len(most) > 1 else most[0]
    if way * first.total > abs(change) / 2:
        return f"Most of {of} is in {names[first.unit_id]} ({signed(first.total)})."
    if way * (first.total + second.total) > abs(change) / 2 and len(parts) > 2:
        both = f"{names[first.unit_id]} ({signed(first.total)}) and {names[second.unit_id]} ({signed(second.total)})"
        return f"Most of {of} is in {both}."
    return capital(f"{of} is spread over the teams.")
