"""What may be published: small counts are hidden, and so is whatever they could be worked out from.

Inside the council small numbers are shown, with n of N. In what is handed to the public, a count of 1 to 4 is hidden, with every figure
that rests on it; zero is shown. A hidden count could be worked out as the total less the others, so further ones are hidden until those
hidden make, taken together, a count that could itself be published. Where even that is not possible, all that make up the total are hidden.

How many there are of a group (its size) and how many of them met something are hidden each for itself: sizes are shared by many measures.
Counts that several measures share, as one's size or another's number met, are hidden in the same places in all of them: otherwise what one
measure hides, another would give away. What is a sum of two other measures' counts is not looked for.
Source: KPI choice 13.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpi.model import REGISTER, Measure
from kpi.shapes import UNALLOCATED

SMALLEST = 5  # the smallest count that is published, but for zero
UNCOUNTED = "not published: how many people it counts is not known"
NOT_PUBLISHED = "not published: it counts 1 to 4, or another that does could be worked out from it"  # which of the two would tell too much

Counts = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Unit = tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """What one measure tells of some units: how many there are of each, and of a percentage how many met it."""

    units: tuple[Unit, ...]
    size: Counts
    met: Counts | None = None

    @classmethod
    def of(cls, units: Sequence[Unit], numerator: pd.Series, denominator: pd.Series, measure: Measure) -> Told:
        """The counts a figure gives away, by what kind of figure it is. Raises nothing; a figure that came hidden has none (NaN)."""
        top, bottom = numerator.to_numpy(dtype="float64"), denominator.to_numpy(dtype="float64")
        if measure == "percent":
            return cls(tuple(units), bottom, top)
        return cls(tuple(units), top if measure in ("count", "rate") else bottom)


Hide = Callable[[int, Counts, Bools, bool], Bools]  # which measure, its counts, those hidden already, whether these are its sizes


def fit_to_publish(figures: pd.DataFrame, service_of: Mapping[str, str]) -> pd.DataFrame:
    """Figures as they may be published: what is hidden has no numerator or value, and `hidden` says why; nor a denominator, if that is.

    figures: kpi, period, level (authority, service, team), unit_id, numerator, denominator, value, status; a worker's figures are never
    published, and are taken out. service_of: team -> service at the period; a team it does not name is in no service, as in
    `kpi.figures`. Teams and services are protected together, for a service is the sum of its teams. Hidden figures keep no status, target
    met or change: each rests on them.
    """
    out = figures[figures["level"].isin(["authority", "service", "team"])].reset_index(drop=True)
    size_gone, gone = np.zeros(len(out), dtype=bool), np.zeros(len(out), dtype=bool)
    for _, month in out.groupby("period", sort=False):
        parts = [(str(key), rows) for key, rows in month.groupby("kpi", sort=False)]
        told = [_told(key, rows) for key, rows in parts]
        for (_, rows), (sizes, figures_gone) in zip(parts, hidden_alike(told, _units_hider(told, service_of)), strict=True):
            size_gone[rows.index], gone[rows.index] = sizes, figures_gone
    uncounted = out["kpi"].map(lambda key: REGISTER[str(key)].measure == "value").to_numpy(dtype=bool)
    gone, size_gone = gone | uncounted, size_gone | uncounted
    numbers = [name for name in ("numerator", "value", "change", "sustained") if name in out]
    out[numbers] = out[numbers].astype("float64").mask(pd.Series(gone))
    out["denominator"] = out["denominator"].astype("float64").mask(pd.Series(size_gone))
    for name, nothing in (("status", "not published"), ("met_target", None), ("left_out", None), ("apart", None)):
        if name in out:
            out[name] = out[name].astype(object).mask(pd.Series(gone), nothing)
    return out.assign(hidden=np.select([uncounted, gone], [UNCOUNTED, NOT_PUBLISHED], ""))


def fit_groups(told: Sequence[Told], wholes: Sequence[tuple[bool, bool]]) -> list[tuple[Bools, Bools]]:
    """Which groups of a breakdown must be hidden: for each measure those whose size is, and those whose figure is.

    told: what each measure tells of its groups, all broken down in one way; wholes: whether the size and the figure of the measure's whole
    are hidden, and with them every group's. Each way to break the whole down is protected by itself: two ways share only the whole, so what
    is hidden in one cannot be worked out from the other.
    """

    def hide(place: int, counts: Counts, gone: Bools, sizes: bool) -> Bools:
        return np.ones(len(counts), dtype=bool) if wholes[place][0 if sizes else 1] else hidden_groups(counts, gone)

    return hidden_alike(told, hide)


def hidden_alike(told: Sequence[Told], hide: Hide) -> list[tuple[Bools, Bools]]:
    """For each measure which sizes and which figures are hidden; counts that two measures share are hidden in the same places in both."""
    gone: dict[frozenset[tuple[Unit, float]], set[Unit]] = {}
    while True:
        found, before = [], {counts: len(units) for counts, units in gone.items()}
        for place, one in enumerate(told):
            sizes = hide(place, one.size[:, None], _held(gone, one.units, one.size), True)
            _hold(gone, one.units, one.size, sizes)
            figures = sizes
            if one.met is not None:
                missed = one.size - one.met
                known = sizes | _held(gone, one.units, one.met) | _held(gone, one.units, missed)
                figures = hide(place, np.column_stack([one.met, missed, one.size]), known, False)
                _hold(gone, one.units, one.met, figures)
                _hold(gone, one.units, missed, figures)
            found.append((sizes, figures))
        if before == {counts: len(units) for counts, units in gone.items()}:
            return found


def hidden_groups(counts: Counts, gone: Bools | None = None) -> Bools:
    """Which groups of a whole that is shown must be hidden. counts: a row a group, a column a count, its size the last.

    The smallest groups go first, those of one size together: which of them went would tell whoever knows this rule how large they are at
    most. Those hidden are at least two, and together make a group that could be published; else all are hidden.
    gone: those that are hidden already, for another reason.
    """
    hidden = _small(counts) if gone is None else _small(counts) | gone
    while 0 < hidden.sum() < len(counts) and not _safe(counts[hidden]):
        shown = np.flatnonzero(~hidden)
        size = counts[shown, -1]
        wanted = np.where(size > 0, size, np.inf)  # an empty group hides nobody, so it is the last to be of use
        hidden[shown[wanted == wanted.min()]] = True
    return hidden


def _safe(together: Counts) -> bool:
    """Whether groups may be hidden among one another: at least two, and together a group that could be published.

    Nor may their sum give them away: were all of 1 to 4, a sum of 12 over three of them would tell that each is 4.
    """
    whole, small = together.sum(axis=0), ((together > 0) & (together < SMALLEST)).all(axis=0)
    told = small & ((whole == (SMALLEST - 1) * len(together)) | (whole == len(together)))
    return len(together) >= 2 and not _small(whole[None, :]).any() and bool(whole[-1] >= 2 * SMALLEST) and not told.any()


def _told(key: str, rows: pd.DataFrame) -> Told:
    units = list(zip(rows["level"].astype("str"), rows["unit_id"].astype("str"), strict=True))
    return Told.of(units, rows["numerator"], rows["denominator"], REGISTER[key].measure)


def _units_hider(told: Sequence[Told], service_of: Mapping[str, str]) -> Hide:
    """How the whole, its services and their teams hide one another."""

    def hide(place: int, counts: Counts, gone: Bools, sizes: bool) -> Bools:
        units = told[place].units
        hidden = _small(counts) | gone
        whole = [n for n, (level, _) in enumerate(units) if level == "authority"]
        if hidden[whole].any():
            return np.ones(len(units), dtype=bool)
        for service, parts in _parts(units, service_of):
            above = [n for n, unit in enumerate(units) if unit == ("service", service)]
            if service and (not above or hidden[above[0]]):  # with no figure of its service, the rest of a team cannot be weighed
                hidden[parts] = True
            else:
                hidden[parts] = hidden_groups(counts[parts], hidden[parts])
        return hidden

    return hide


def _parts(units: Sequence[Unit], service_of: Mapping[str, str]) -> Iterator[tuple[str, list[int]]]:
    """The services of the whole (under no name), then the teams of each service."""
    yield "", [n for n, (level, _) in enumerate(units) if level == "service"]
    teams: dict[str, list[int]] = {}
    for n, (level, unit) in enumerate(units):
        if level == "team":
            teams.setdefault(service_of.get(unit, UNALLOCATED), []).append(n)
    yield from teams.items()


def _same(units: Sequence[Unit], counts: Counts) -> frozenset[tuple[Unit, float]]:
    """What makes counts of two measures the same: who is counted, and how many; none of a unit is as good as not naming it."""
    return frozenset((unit, float(n)) for unit, n in zip(units, counts, strict=True) if n != 0 and not np.isnan(n))


def _held(gone: Mapping[frozenset[tuple[Unit, float]], set[Unit]], units: Sequence[Unit], counts: Counts) -> Bools:
    known = gone.get(_same(units, counts), set())  # where nobody is counted there is nothing to share
    return np.array([unit in known for unit in units], dtype=bool)


def _hold(gone: dict[frozenset[tuple[Unit, float]], set[Unit]], units: Sequence[Unit], counts: Counts, hidden: Bools) -> None:
    if same := _same(units, counts):
        gone.setdefault(same, set()).update(unit for unit, out in zip(units, hidden, strict=True) if out)


def _small(counts: Counts) -> Bools:
    """Rows with a count that may not be published: a small one, or one that came hidden already."""
    return np.asarray((((counts > 0) & (counts < SMALLEST)) | np.isnan(counts)).any(axis=1), dtype=np.bool_)
