"""Who is behind a figure: the groups add up to the whole, and nobody of whom little is known is dropped."""

from __future__ import annotations

import pandas as pd
import pytest

from data.tables import BY_NAME, Tables
from kpi import REGISTER
from kpi.breakdown import BREAKDOWNS, NOT_KNOWN, breakdowns_of, broken_down
from kpi.figures import cases_of, covered_periods, figures_from
from tests.kpi.random_council import council as random_council

MAY = pd.Timestamp("2026-05-31")


def council(children: str) -> tuple[Tables, pd.DataFrame]:
    """child born-on sex ethnicity disabled, one a line, - for not known; each met."""
    rows = [[None if cell == "-" else cell for cell in line.split()] for line in children.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=["child_id", "born_on", "sex_kind", "ethnicity_kind", "disabled"])
    frame["born_on"] = pd.to_datetime(frame["born_on"])
    frame["disabled"] = frame["disabled"].map({"yes": True, "no": False}).astype("boolean")
    child = BY_NAME["child"].conform(frame)
    cases = pd.DataFrame({"child_id": [*child["child_id"], "nobody"], "period": MAY, "met": True, "left_out": None, "apart": None})
    cases["period"] = cases["period"].astype("datetime64[s]")
    return Tables({"child": child}), cases


def groups(children: str, by: str) -> dict[str, float]:
    tables, cases = council(children)
    out = broken_down(REGISTER["cp_visits_in_time"], cases, tables, BREAKDOWNS[by], MAY)
    return dict(zip(out["unit_id"], out["denominator"], strict=True))


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2026-06-01", "not yet born"), ("2026-05-31", "under 1"), ("2025-06-01", "under 1"), ("2025-05-31", "1 to 4"),
        ("2021-06-01", "1 to 4"), ("2021-05-31", "5 to 9"), ("2016-05-31", "10 to 15"), ("2010-06-01", "10 to 15"),
        ("2010-05-31", "16 and 17"), ("2008-05-31", "18 and over"), ("-", NOT_KNOWN),
    ],
)  # fmt: skip
def test_a_child_is_in_the_band_of_the_age_reached_that_day(born: str, band: str) -> None:
    assert groups(f"1 {born} - - -", "age")[band] == 1 + (band == NOT_KNOWN)


def test_groups_are_in_their_order_with_those_not_known_last() -> None:
    tables, cases = council("1 - male WBRI no\n2 - female CHNE yes\n3 - not_stated REFU -")
    for by, order in {
        "sex": ["Female", "Male", NOT_KNOWN],
        "ethnicity": ["White", "Asian or Asian British", NOT_KNOWN],
        "disability": ["Disabled", "Not disabled", NOT_KNOWN],
    }.items():
        assert list(broken_down(REGISTER["cp_visits_in_time"], cases, tables, BREAKDOWNS[by], MAY)["unit_id"]) == order


@pytest.mark.parametrize("key", sorted(REGISTER))
def test_the_groups_add_up_to_the_whole(key: str) -> None:
    measure, tables = REGISTER[key], random_council(7)
    for period in covered_periods(measure, tables)[-2:]:
        cases = cases_of(measure, tables, pd.DatetimeIndex([period]))
        if measure.measure in ("median", "rate"):
            continue  # medians do not add up; a rate's groups are the counts it is made of, tested with the counts
        whole = figures_from(measure, cases, "authority", period)
        for by in breakdowns_of(measure, cases):
            parts = broken_down(measure, cases, tables, by, period)
            assert parts["numerator"].sum() == pytest.approx(whole["numerator"].sum())
            if measure.measure != "count":
                assert parts["denominator"].sum() == pytest.approx(whole["denominator"].sum())


def test_a_figure_of_workers_is_not_broken_down_by_what_is_known_of_children() -> None:
    tables = random_council(7)
    measure = REGISTER["supervised_3_in_3_months"]
    cases = cases_of(measure, tables, covered_periods(measure, tables)[-1:])
    assert [b.key for b in breakdowns_of(measure, cases)] == ["service", "team", "worker"]
