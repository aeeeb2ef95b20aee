"""Where is the change? How much of the change in a whole lies in each of its teams, adding up exactly to the change.

A team moves the whole in two ways. *Rate*: its own figure changed, weighed by its usual share of the cases. *Mix*: its share of the cases
changed, and its figure lies above or below the whole. Shares and figures are the average of then and now, so nothing is left over and
neither month counts for more. A team with no cases in one of the months has mix only. This says where a change is, never why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

Counts = Mapping[str, tuple[float, float]]  # unit -> numerator, denominator
CONTRIBUTION_COLUMNS = ("unit_id", "rate", "mix", "total")


@dataclass(frozen=True, slots=True)
class Part:
    """One team's part of the change in the whole: `rate` + `mix` = `total`, in the units of the figure."""

    unit_id: str
    rate: float
    mix: float

    @property
    def total(self) -> float:
        return self.rate + self.mix


def contribution(teams_then: pd.DataFrame, teams_now: pd.DataFrame, *, scale: float = 100.0) -> pd.DataFrame:
    """Each team's part of the change in the whole between two months: unit_id, rate, mix, total. In order of unit_id, not a ranking.

    teams_then, teams_now: unit_id, numerator, denominator, one row a team. scale: 100 for percentages (points), 1 for means.
    The totals add up to the change in scale x sum of numerators / sum of denominators. Raises ValueError where a month has no cases.
    """
    then, now = (
        {str(unit): (float(top), float(bottom)) for unit, top, bottom in zip(t["unit_id"], t["numerator"], t["denominator"], strict=True)}
        for t in (teams_then, teams_now)
    )
    if len(then) < len(teams_then) or len(now) < len(teams_now):
        raise ValueError("a team is given twice in one month: give one row a team")
    rows = [(p.unit_id, p.rate, p.mix, p.total) for p in parts_of_change(then, now, scale=scale)]
    return pd.DataFrame(rows, columns=list(CONTRIBUTION_COLUMNS)).astype({"unit_id": "str"})


def parts_of_change(then: Counts, now: Counts, *, scale: float = 100.0) -> list[Part]:
    """The same from counts: each team's numerator and denominator by its id. A team that is missing, or NaN, had no cases."""
    before, after = _held(then), _held(now)
    cases_before, cases_after = (sum(bottom for _, bottom in held.values()) for held in (before, after))
    if cases_before <= 0 or cases_after <= 0:
        raise ValueError("a month without cases has no figure, so there is no change to share out")
    whole_before = sum(top for top, _ in before.values()) / cases_before
    whole_after = sum(top for top, _ in after.values()) / cases_after
    whole = (whole_before + whole_after) / 2
    out = []
    for unit in sorted(before.keys() | after.keys()):
        top0, bottom0 = before.get(unit, (0.0, 0.0))
        top1, bottom1 = after.get(unit, (0.0, 0.0))
        share0, share1 = bottom0 / cases_before, bottom1 / cases_after
        rate0 = top0 / bottom0 if bottom0 else top1 / bottom1
        rate1 = top1 / bottom1 if bottom1 else rate0
        rate = (share0 + share1) / 2 * (rate1 - rate0)
        mix = (share1 - share0) * ((rate0 + rate1) / 2 - whole)
        out.append(Part(unit, scale * rate, scale * mix))
    return out


def _held(counts: Counts) -> dict[str, tuple[float, float]]:
    """The teams that have cases."""
    return {unit: (top, bottom) for unit, (top, bottom) in counts.items() if bottom > 0}
