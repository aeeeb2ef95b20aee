"""Which figures of a month are fit to publish? Those of the whole, its services and teams, and those of groups of children.

Gathered through the store as the viewer, and hidden by `kpi.disclosure` before anything is written. What changed since last month, and how
many months a target was met, are left out: they would tell of other months, in which other figures are hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from data.store import Store
from data.viewer import NotAllowed, Viewer
from kpi import DOMAINS, REGISTER, Kpi
from kpi.breakdown import BY_CHILD, PLAN_CATEGORY, Breakdown, as_counted, breakdowns_of, summed
from kpi.disclosure import NOT_PUBLISHED, SMALLEST, Told, fit_groups, fit_to_publish
from kpi.figures import services_at
from kpi.targets import value_of
from layouts import words
from layouts.breakdown_links import grouped_cases
from layouts.view import View

WAYS: tuple[Breakdown, ...] = (*BY_CHILD, PLAN_CATEGORY)
GROUP_COLUMNS = ("kpi", "group", "numerator", "denominator", "value", "hidden")


@dataclass(frozen=True)
class Public:
    """What may be handed out of one month.

    figures: kpi, level, unit_id, unit, numerator, denominator, value, target, status, hidden, left_out (in words); groups: the key of a way
    to break down -> GROUP_COLUMNS, in the order of its groups. Hidden figures have no numerator or value, and `hidden`
    says why; their denominator is there where it may be shown by itself.
    """

    period: pd.Timestamp
    figures: pd.DataFrame
    groups: Mapping[str, pd.DataFrame]


def public_figures(view: View) -> Public:
    """The figures of the view's month that are fit to publish. Raises NotAllowed unless the viewer sees every team."""
    if not view.viewer.every_team:
        raise NotAllowed(f"{view.viewer.name} does not see every team, so what they may hand out would not be whole: ask the data team.")
    assert view.period is not None
    return _public(view.store, view.viewer, view.version, view.period)


@lru_cache(maxsize=4)
def _public(store: Store, viewer: Viewer, version: tuple[int, int], period: pd.Timestamp) -> Public:
    view = View(store, viewer, "", "/", {"period": f"{period:%Y-%m}"})
    every = pd.concat([_at(view, "authority"), _at(view, "service"), _at(view, "team")], ignore_index=True)
    told = every["left_out"].map(lambda counts: _left_out_words(sum(counts.values()))).where(every["level"] == "authority", "")
    figures = fit_to_publish(every, services_at(store.teams(viewer), period)).assign(left_out=told)
    figures["left_out"] = figures["left_out"].where(figures["hidden"] == "", "")
    parts: dict[str, list[tuple[Kpi, pd.DataFrame]]] = {by.key: [] for by in WAYS}
    for measure in _in_order():
        if measure.given is None:
            cases = grouped_cases(store, viewer, measure, period, list(WAYS))
            for by in [by for by in breakdowns_of(measure, cases) if by in WAYS and len(cases)]:
                parts[by.key].append((as_counted(measure), summed(measure, cases, by, period)))
    whole = figures[figures["level"] == "authority"].set_index("kpi")
    wholes = {str(key): (bool(pd.isna(row["denominator"])), bool(row["hidden"])) for key, row in whole.iterrows()}
    return Public(period, figures, {key: _groups(found, wholes) for key, found in parts.items() if found})


def _at(view: View, level: str) -> pd.DataFrame:
    """The judged figures of a level; of what the council has only as figures, the whole alone: their parts need not add up to it."""
    rows = view.figures(level, months=0)  # type: ignore[arg-type]
    given = rows["kpi"].map(lambda key: REGISTER[key].given is not None)
    kept = rows[(rows["period"] == view.period) & ~(given & (level != "authority"))]
    return kept[["kpi", "period", "level", "unit_id", "unit", "numerator", "denominator", "value", "target", "status", "left_out"]]


def _left_out_words(count: int) -> str:
    return words.count(count) if count == 0 or count >= SMALLEST else f"fewer than {SMALLEST}"


def _groups(found: list[tuple[Kpi, pd.DataFrame]], wholes: Mapping[str, tuple[bool, bool]]) -> pd.DataFrame:
    """The groups of every measure, broken down in one way, hidden together: GROUP_COLUMNS; none where there is no figure of the whole."""
    found = [(measure, rows) for measure, rows in found if measure.key in wholes]
    told = [Told.of([(group,) for group in rows["unit_id"]], rows["numerator"], rows["denominator"], m.measure) for m, rows in found]
    parts = []
    for (measure, rows), (sizes, gone) in zip(found, fit_groups(told, [wholes[m.key] for m, _ in found]), strict=True):
        value = (rows["numerator"] if measure.measure == "count" else value_of(rows)).mask(gone)
        top, bottom = rows["numerator"].mask(gone), rows["denominator"].mask(sizes)
        hidden = np.where(gone, NOT_PUBLISHED, "")
        parts.append(rows.assign(group=rows["unit_id"], numerator=top, denominator=bottom, value=value, hidden=hidden)[list(GROUP_COLUMNS)])
    return pd.concat(parts, ignore_index=True)


def _in_order() -> list[Kpi]:
    return [measure for domain in DOMAINS for measure in REGISTER.values() if measure.domain == domain.key]
