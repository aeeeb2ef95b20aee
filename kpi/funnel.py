"""Which units differ by more than chance would explain? Units of one time side by side, each held against limits for its own size.

A unit of 8 cases may be at 50% by chance where one of 800 may not: the fewer the cases, the wider the limits. Units are never ranked.

The limits are those of FunnelPlotR 0.6.0 for proportions: sin^2(asin(sqrt(centre)) -+ z * sqrt(s^2 + tau2)), with s = 1 / (2 * sqrt(n)), z
1.959964 (95%) and 3.090232 (99.8%). tau2, the spread between units beyond chance, is the method of moments on z-scores winsorised at 10%.
Percentages throughout. kpi/method.py says where we depart from the package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from kpi.series import Bools, Floats

Where = Literal["inside", "above_95", "below_95", "above_998", "below_998", "few_cases", "no_cases"]

Z = {"95": 1.959964, "998": 3.090232}
WINSORISED = 0.1  # at each end
ENOUGH_UNITS = 20  # to tell spread between units from a few that truly differ


@dataclass(frozen=True)
class Centre:
    """The middle of a funnel and the spread of units round it: `share` of all cases, phi (the dispersion), tau2 (spread beyond chance)."""

    share: float
    phi: float
    tau2: float

    def limits(self, denominator: Floats, z: float, *, adjusted: bool) -> tuple[Floats, Floats]:
        """Lower and upper limit, in per cent, for units of these sizes."""
        size = np.where(denominator > 0, denominator, np.nan)
        reach = z * np.sqrt(1 / (4 * size) + (self.tau2 if adjusted else 0.0))
        middle = np.arcsin(np.sqrt(self.share))
        return _percent(middle - reach), _percent(middle + reach)


@dataclass(frozen=True)
class Funnel:
    """Units against their limits. `units` is one row a unit, in the order they came:

    unit_id, numerator, denominator, value, z, lower_95, upper_95, lower_998, upper_998 (by chance alone), the same with adjusted_ before
    (spread between units allowed for), and where (inside | above_95 | below_95 | above_998 | below_998 | few_cases | no_cases) by the
    limits in use: the adjusted ones if `adjusted`, and `reason` says why those.
    """

    units: pd.DataFrame
    centre: Centre
    adjusted: bool
    reason: str

    def curve(self, denominators: Sequence[float]) -> pd.DataFrame:
        """The limits in use as lines to draw, at these denominators: denominator, lower_95, upper_95, lower_998, upper_998."""
        size = np.asarray(denominators, dtype="float64")
        lines = {name: self.centre.limits(size, z, adjusted=self.adjusted) for name, z in Z.items()}
        both = {f"{end}_{name}": pair[i] for name, pair in lines.items() for i, end in enumerate(("lower", "upper"))}
        return pd.DataFrame({"denominator": size, **both})


def funnel(units: pd.DataFrame, *, adjusted: bool | None = None, at_least: int = 0, round_: float | None = None) -> Funnel:
    """Units (unit_id, numerator, denominator) against 95% and 99.8% limits round the share of all their cases.

    adjusted: judge by limits that allow for the spread between units; left open, that is done when there is such spread and at least 20
    units to see it in. at_least: units with fewer cases count towards the middle but are not judged. round_: a percentage to draw the
    limits round in place of the share of all their cases (England's, where the units are some of its councils).
    Raises ValueError when a unit is named twice, or a numerator is below 0 or above its denominator.
    """
    numerator, denominator = (units[name].to_numpy(dtype="float64", na_value=np.nan) for name in ("numerator", "denominator"))
    _check(units, numerator, denominator)
    judged = denominator >= max(at_least, 1)
    centre = centre_of(numerator, denominator, judged, None if round_ is None else round_ / 100)
    use, reason = _which_limits(centre, int(judged.sum()), adjusted)
    value = 100 * numerator / np.where(denominator > 0, denominator, np.nan)
    out = pd.DataFrame({"unit_id": units["unit_id"].to_numpy(), "numerator": numerator, "denominator": denominator, "value": value})
    out["z"] = _z_scores(numerator, denominator, centre.share)
    for name, z in Z.items():
        out[f"lower_{name}"], out[f"upper_{name}"] = centre.limits(denominator, z, adjusted=False)
    for name, z in Z.items():
        out[f"adjusted_lower_{name}"], out[f"adjusted_upper_{name}"] = centre.limits(denominator, z, adjusted=True)
    out["where"] = _where(value, denominator, centre, use, judged)
    return Funnel(out, centre, use, reason)


def centre_of(numerator: Floats, denominator: Floats, judged: Bools, share: float | None = None) -> Centre:
    """The share of all cases (or the one given), and the spread of the judged units round it."""
    some = denominator > 0
    cases = denominator[some].sum()
    if share is None:
        share = float(numerator[some].sum() / cases) if cases > 0 else np.nan
    z = _z_scores(numerator, denominator, share)[judged]
    if not len(z):
        return Centre(share, np.nan, 0.0)
    low, high = np.quantile(z, WINSORISED), np.quantile(z, 1 - WINSORISED)
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    weight = 4 * denominator[judged]
    room = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = max(0.0, (len(z) * phi - (len(z) - 1)) / room) if len(z) > 1 else 0.0
    return Centre(share, phi, float(tau2))


def outside(numerator: Floats, denominator: Floats, *, at_least: int = 0) -> tuple[Floats, Floats, Floats]:
    """For each unit 1 above, -1 below and 0 within the 95% limits in use, and those limits. Not judged: 0."""
    judged = denominator >= max(at_least, 1)
    centre = centre_of(numerator, denominator, judged)
    use, _ = _which_limits(centre, int(judged.sum()), None)
    lower, upper = centre.limits(denominator, Z["95"], adjusted=use)
    value = 100 * numerator / np.where(denominator > 0, denominator, np.nan)
    return np.where(judged, (value > upper) * 1.0 - (value < lower), 0.0), lower, upper


def _which_limits(centre: Centre, units: int, adjusted: bool | None) -> tuple[bool, str]:
    if adjusted is not None:
        return adjusted, "Limits that allow for the spread between units." if adjusted else "Limits for chance alone."
    if not centre.tau2 > 0:
        return False, "Limits for chance alone: the units differ no more than chance would explain."
    if units < ENOUGH_UNITS:
        return False, f"Limits for chance alone: with under {ENOUGH_UNITS} units, usual spread cannot be told from a few that differ."
    return True, "Limits that allow for the spread between units, which differ by more than chance would explain."


def _where(value: Floats, denominator: Floats, centre: Centre, adjusted: bool, judged: Bools) -> list[Where]:
    low95, high95 = centre.limits(denominator, Z["95"], adjusted=adjusted)
    low998, high998 = centre.limits(denominator, Z["998"], adjusted=adjusted)
    tests = [~(denominator > 0), ~judged, value > high998, value < low998, value > high95, value < low95]
    names: list[Where] = ["no_cases", "few_cases", "above_998", "below_998", "above_95", "below_95", "inside"]
    return [names[place] for place in np.select(tests, range(6), 6)]


def _z_scores(numerator: Floats, denominator: Floats, share: float) -> Floats:
    size = np.where(denominator > 0, denominator, np.nan)
    return np.asarray(2 * np.sqrt(size) * (np.arcsin(np.sqrt(numerator / size)) - np.arcsin(np.sqrt(share))), dtype="float64")


def _percent(angle: Floats) -> Floats:
    """From the arcsine scale back to per cent. Beyond 0 or a right angle there are no shares: the limit stays at 0 or 100."""
    return np.asarray(100 * np.sin(np.clip(angle, 0, np.pi / 2)) ** 2, dtype="float64")


def _check(units: pd.DataFrame, numerator: Floats, denominator: Floats) -> None:
    twice = units["unit_id"][units["unit_id"].duplicated()]
    if len(twice):
        raise ValueError(f"unit {twice.iloc[0]!r} is there twice: a funnel takes each unit once, at one time")
    wrong = (numerator < 0) | (numerator > denominator)
    if wrong.any():
        unit = units["unit_id"].iloc[int(np.argmax(wrong))]
        raise ValueError(f"unit {unit!r} has a numerator outside 0 to its denominator: a funnel takes shares only")
