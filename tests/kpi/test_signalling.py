"""The signals of many units at once are those each would have alone, as at the period they are looked at from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kpi.model import REGISTER
from kpi.signalling import signalled
from kpi.targets import judged
from kpi.which_chart import chart_of

NONE = pd.DataFrame({"kpi": pd.Series(dtype="str"), "happened_on": pd.Series(dtype="datetime64[s]")})
KEY = "cp_visits_in_time"


def history(seed: int, months: int = 30, units: tuple[str, ...] = ("Brook", "Weir")) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    periods = pd.date_range("2024-01-31", periods=months, freq="ME", unit="s")
    rows = []
    for unit, size in zip(units, (40, 8), strict=True):
        total = draw.integers(size - 2, size + 3, months)
        rows.append(
            pd.DataFrame(
                {"kpi": KEY, "period": periods, "unit_id": unit, "numerator": draw.binomial(total, 0.7).astype(float),
                 "denominator": total.astype(float), "note": ""}
            )
        )  # fmt: skip
    figures = pd.concat(rows, ignore_index=True)
    targets = pd.DataFrame({"kpi": [KEY], "since": [pd.Timestamp("2020-01-01")], "green": [85.0], "amber": [75.0], "by": [pd.NaT]})
    return judged(figures, targets)


@pytest.mark.parametrize("seed", range(4))
def test_each_unit_is_judged_as_it_would_be_alone(seed: int) -> None:
    figures = history(seed)
    together = signalled(figures.sample(frac=1, random_state=seed), NONE)
    for unit, part in together.groupby("unit_id"):
        part = part.sort_values("period")
        measure = REGISTER[KEY]
        alone = chart_of(
            part["numerator"], part["denominator"], "percent", dates=part["period"], better=measure.better, target=85.0, basis=measure.basis
        )
        assert set(part["chart"]) == {alone.choice.chart}, unit
        np.testing.assert_allclose(part["upper"].to_numpy(), alone.months["upper"].to_numpy())
        assert list(part["signal"]) == list(alone.months["signal"])
        assert set(part["assurance"]) == set(alone.months["assurance"])


def test_months_with_too_short_a_history_and_months_without_cases_signal_nothing() -> None:
    figures = history(1)
    figures.loc[0, "note"] = "history short"
    figures.loc[5, ["numerator", "denominator"]] = 0.0
    figures["value"] = figures["value"].where(figures["denominator"] > 0)
    out = signalled(figures, NONE)
    assert list(out.loc[[0, 5], "signal"]) == ["", ""]


def test_a_range_is_drawn_anew_only_where_a_rebase_says_so() -> None:
    figures = history(2)
    elsewhere = pd.DataFrame({"kpi": ["caseload"], "happened_on": [pd.Timestamp("2025-01-15")]})
    here = elsewhere.assign(kpi="")
    assert set(signalled(figures, elsewhere)["segment"]) == {0}
    out = signalled(figures, here)
    assert set(out.loc[out["period"] < "2025-01-01", "segment"]) == {0}
    assert set(out.loc[out["period"] >= "2025-01-01", "segment"]) == {1}


def test_nothing_to_judge_is_nothing() -> None:
    assert signalled(history(1).head(0), NONE).empty
