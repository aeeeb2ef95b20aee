"""What do the figures say, in a sentence or two? Commentary for one measure of one unit, and the briefing made of many.

From the figures alone: level, target, real or chance, since when, in which teams, sustained or not, what is likely. It never says why,
and never calls chance a movement.

Order of a briefing. Worst first, by what it is and then by how far the figure is from its target:
6 concern, target not met · 5 concern, near the target · 4 not met · 3 concern, target met or none · 2 near · 1 short, but improving.
Best first: 5 improvement, sustained · 4 improvement, target met · 3 improvement, no target · 2 sustained · 1 met. The rest has no place:
few cases, no cases, no data, a short history, and measures with no target on which nothing stands out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi import sentences as say
from kpi.contribution import Counts
from kpi.model import REGISTER, Kpi
from kpi.noted import Noted, fresh_range, notes_near
from kpi.sentences import Comparator
from kpi.standing import SIGNALLED, UNJUDGED, Rows, Standing, rows_of, standing
from kpi.trajectory import Trajectory
from kpi.where import TeamCounts, held_by, where_changed
from kpi.wording import day, month, spoken

__all__ = ["Briefing", "Comment", "Comparator", "Noted", "brief", "comment", "comment_many"]

MOST = 3  # of the worst, and of the best: more is a list, not a briefing
Key = tuple[str, str, str]  # kpi, level, unit_id
_COUNTED = ("period", "numerator", "denominator")


@dataclass(frozen=True, slots=True)
class Comment:
    """What is said of one measure of one unit. `point`: one sentence, set in bold. `fact`: how many of how many, against the target.

    more: the rest, may be empty. changed: what is different from the month it is compared with, may be empty. counted: the first words
    of `fact`, which a page may link to the cases. short: of `more`, what a briefing has room for. weight: above 0 for the worse, below
    for the better, 0 for neither.
    """

    kpi: str
    unit_id: str
    status: str
    point: str
    fact: str
    more: str
    changed: str
    counted: str
    weight: float
    short: str = ""

    @property
    def text(self) -> str:
        return say.joined([self.point, self.fact, self.more])


@dataclass(frozen=True, slots=True)
class Briefing:
    """The three worst, the three best, and everything whose standing changed, worst first."""

    worst: tuple[Comment, ...]
    best: tuple[Comment, ...]
    changed: tuple[Comment, ...]


def comment(
    measure: Kpi, history: pd.DataFrame, *, teams: pd.DataFrame | None = None, comparator: Comparator | None = None,
    heading: Trajectory | None = None, annotations: Sequence[Noted] = (), compared_with: pd.Timestamp | None = None,
) -> Comment:  # fmt: skip
    """What is to be said of one measure of one unit at the last month of its history.

    history: judged and signalled figures of one unit (kpi.targets, kpi.signalling), months in order. teams: the same KPI's figures of the
    unit's teams in the same months (period, unit_id, numerator, denominator, and `unit` for their names). compared_with: the month "what
    changed" is told against (the last surgery, say); the month before when it is not given. Raises ValueError for an empty history.
    """
    if not len(history):
        raise ValueError(f"{measure.key}: there is no month to comment on")
    if not history["period"].is_monotonic_increasing or history["unit_id"].nunique() > 1:
        raise ValueError(f"{measure.key}: a history is one unit, its months in order")
    s = standing(measure, rows_of(history), compared_with)
    return _comment(s, *_counts(_teams_in(teams), s), comparator, heading, annotations)


def comment_many(
    figures: pd.DataFrame, *, belongs: Mapping[str, str] | None = None, comparators: Mapping[str, Comparator] | None = None,
    headings: Mapping[Key, Trajectory] | None = None, annotations: Sequence[Noted] = (), compared_with: pd.Timestamp | None = None,
    only: tuple[str, str] | None = None,
) -> dict[Key, Comment]:  # fmt: skip
    """The same for every KPI, level and unit of these figures at once, by (kpi, level, unit_id); each at its own last month.

    only: the one level and unit to be commented on; the others are then read only for how much they contribute to it.

    figures: as `history`, of any KPIs and units. belongs: the service of each team, so that a service is told of its own teams.
    comparators: by KPI, told of the whole authority only. headings: by the same keys as what is returned.
    """
    ordered = figures.sort_values(["kpi", "level", "unit_id", "period"], kind="stable")
    rows, names = rows_of(ordered), ordered["unit" if "unit" in ordered else "unit_id"].to_numpy(dtype="object")
    labels = [ordered[name].to_numpy(dtype="object") for name in ("kpi", "level", "unit_id")]
    units = _units(labels)
    teams: dict[str, list[tuple[str, str, Rows]]] = {}
    for (kpi, level, unit), held in units.items():
        if level == "team":
            teams.setdefault(kpi, []).append((unit, str(names[held.start]), {name: rows[name][held] for name in _COUNTED}))
    out: dict[Key, Comment] = {}
    for (kpi, level, unit), held in units.items():
        if only is not None and (level, unit) != only:
            continue
        s = standing(REGISTER[kpi], {name: column[held] for name, column in rows.items()}, compared_with)
        theirs = [one for one in teams.get(kpi, []) if level == "authority" or (level == "service" and (belongs or {}).get(one[0]) == unit)]
        against = (comparators or {}).get(kpi) if level == "authority" else None
        out[kpi, level, unit] = _comment(s, *_counts(theirs, s), against, (headings or {}).get((kpi, level, unit)), annotations)
    return out


def brief(comments: Iterable[Comment], most: int = MOST) -> Briefing:
    """The worst, the best and what changed, of any comments. Equal weights stand in the order of their KPI and unit."""
    ordered = sorted(comments, key=lambda c: (-c.weight, c.kpi, c.unit_id))
    best = sorted((c for c in ordered if c.weight < 0), key=lambda c: (c.weight, c.kpi, c.unit_id))
    worst = [c for c in ordered if c.weight > 0]
    return Briefing(tuple(worst[:most]), tuple(best[:most]), tuple(c for c in ordered if c.changed))


def _comment(
    s: Standing, teams: TeamCounts, names: Mapping[str, str], comparator: Comparator | None, heading: Trajectory | None,
    notes: Sequence[Noted],
) -> Comment:  # fmt: skip
    more = [
        _short_history(s), say.too_few(s), say.since_when(s), say.caution(s), say.range_note(s), fresh_range(s, notes),
        where_changed(s, teams, names), say.needed(s), held_by(s, teams, names), say.target_moved(s), say.sustained(s),
        say.ahead(s, heading), say.elsewhere(s, comparator), notes_near(s, notes), say.many_left_out(s),
    ]  # fmt: skip
    point = say.capital(f"{s.measure.title}: {_point(s, heading)}.")
    short = say.joined([say.since_when(s), say.needed(s), held_by(s, teams, names)])
    return Comment(
        s.measure.key, s.unit_id, s.status, point, say.fact(s), say.joined(more), _changed(s), say.counted(s), _weight(s), short
    )  # fmt: skip


def _short_history(s: Standing) -> str:
    if not s.history_short or s.status in UNJUDGED:
        return ""
    return "It looks back over months that are not held, and is not judged until they are."


def _point(s: Standing, heading: Trajectory | None) -> str:
    if s.status in UNJUDGED:
        return {"no data": f"no data for {month(s.period)}", "no cases": "no cases this month", "few cases": "too few cases to judge"}[
            s.status
        ]
    if s.history_short:
        return "too short a history to judge"
    target = _target_point(s)
    if s.reality == "signal":
        return _signal_point(s, target, heading)
    if s.reality == "chance":
        return "no real change" if not target or s.target is None else f"{target}, and no real change"
    return target or {"too_few_months": "too few months to tell"}.get(s.reality, f"the figure for {month(s.period)}")


def _signal_point(s: Standing, target: str, heading: Trajectory | None) -> str:
    way = say.direction(s)
    if not target or s.target is None:
        return way
    if s.signal == "concern":
        return f"{way}, {'though' if s.status == 'met' else 'and'} {target}"
    if s.status == "met":
        return f"{way}, and {target}"
    if heading is not None and heading.verdict == "off_track" and s.due is not None and not s.overdue:
        enough = "not fast enough" if say.moving(s) else "not on track"
        return f"{way}, but {enough} for {month(s.due)}"
    return f"{way}, but {target}"


def _target_point(s: Standing) -> str:
    """How the figure stands to its target, in a few words; nothing for a measure that has no better direction."""
    if s.better is None:
        return ""
    if s.target is None:
        return "no target set"
    before = s.last_month.met if s.last_month else None
    if s.status == "met":
        if s.met_running >= 3:
            return f"target met for {spoken(s.met_running)} months running"
        return "target reached this month" if before is False else "target met"
    gap = f"{say.points(s, s.gap)} {'above' if s.better == 'lower' else 'short of'}"
    if before:
        return f"{gap} target, which it met last month"
    return f"{gap} a target that was due by {day(s.due)}" if s.overdue else f"{gap} target"


def _changed(s: Standing) -> str:
    """What is different from the month it is compared with: the data, the target met or not, and the signal."""
    was = s.compared
    if was is None:
        return ""
    title, then = s.measure.title, month(was.period)
    if s.status == "no data":
        return f"{title}: no data, where {then} had some." if was.status != "no data" else ""
    if was.status == "no data":
        return f"{title}: has data again, where {then} had none."
    says = []
    if s.judged and was.met is not None and was.met != (s.status == "met"):
        says.append(
            f"the target is met, as it was not in {then}" if s.status == "met" else f"the target is missed, having been met in {then}"
        )
    if s.reality in ("signal", "chance") and was.signal and was.signal != (s.signal or "common"):
        says.append(_signal_change(s, was.signal, then))
    return say.capital(f"{title}: {'; '.join(says)}.") if says else ""


def _signal_change(s: Standing, was: str, then: str) -> str:
    if s.reality == "chance":
        return f"no longer beyond chance, as it was in {then}" if was in SIGNALLED else ""
    return f"now {say.direction(s)}{f', which it was not in {then}' if was == 'common' else f', where {then} signalled the other way'}"


def _weight(s: Standing) -> float:
    """The place of the module's docstring, and within it the distance from the target; below 0 for what is well."""
    if s.reality == "unjudged" or s.better is None:
        return 0.0
    signal = s.signal
    if s.short:
        tier = {"concern": 6 if s.status == "not met" else 5, "improvement": 1}.get(signal, 4 if s.status == "not met" else 2)
    elif signal == "concern":
        tier = 3
    elif signal == "improvement":
        tier = -3 if not s.judged else -5 if s.met_running >= 3 else -4
    else:
        tier = 0 if not s.judged else -2 if s.met_running >= 3 else -1
    far = abs(s.gap) if s.judged else 0.0
    within = far / (far + abs(s.target or 0.0) + 1.0)
    return tier + (within if tier > 0 and s.short else -within if tier < 0 else 0.0)


def _units(labels: Sequence[npt.NDArray[Any]]) -> dict[Key, slice]:
    """Where each KPI, level and unit has its months, in rows that are in that order."""
    length = len(labels[0])
    new = np.ones(length, dtype=bool)
    new[1:] = np.logical_or.reduce([label[1:] != label[:-1] for label in labels])
    starts = np.flatnonzero(new).tolist()
    kpi, level, unit = (label[starts].tolist() for label in labels)
    spans = [slice(start, end) for start, end in zip(starts, [*starts[1:], length], strict=True)]
    return {(str(k), str(v), str(u)): held for k, v, u, held in zip(kpi, level, unit, spans, strict=True)}


def _teams_in(teams: pd.DataFrame | None) -> list[tuple[str, str, Rows]]:
    """Each team's id, name and months."""
    if teams is None:
        return []
    ordered = teams.sort_values(["unit_id", "period"], kind="stable")
    rows, names = rows_of(ordered), ordered["unit" if "unit" in ordered else "unit_id"].to_numpy(dtype="object")
    same = np.full(len(ordered), "", dtype="object")
    units = _units([same, same, ordered["unit_id"].to_numpy(dtype="object")])
    return [(unit, str(names[held.start]), {name: rows[name][held] for name in _COUNTED}) for (_, _, unit), held in units.items()]


def _counts(teams: Sequence[tuple[str, str, Rows]], s: Standing) -> tuple[dict[pd.Timestamp, Counts], dict[str, str]]:
    """The teams' counts in the two months that are told of, and their names."""
    if not teams or s.reality == "unjudged":
        return {}, {}
    wanted = [s.period] if s.before is None or s.reality != "signal" else [s.before, s.period]
    counts: dict[pd.Timestamp, Counts] = {}
    for at in wanted:
        day, held = np.datetime64(at, "s"), {}
        for unit, _, rows in teams:
            place = int(np.searchsorted(rows["period"], day))
            if place < len(rows["period"]) and rows["period"][place] == day and rows["denominator"][place] > 0:
                held[unit] = float(rows["numerator"][place]), float(rows["denominator"][place])
        counts[at] = held
    return counts, {unit: name for unit, name, _ in teams}
