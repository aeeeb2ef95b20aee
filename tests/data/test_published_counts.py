"""The counts behind published percentages: what a funnel of councils rests on."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from data import reference
from data.reference.comparators import ROUNDED, shipped
from data.tables import BY_NAME

OF_YEARS = {  # KPI -> the indicators of its percentage, numerator and denominator
    "re_referrals": ("RR_NUM", "REF_NUM"), "referrals_no_further_action": ("REF_NFA_NUM", "REF_NUM"),
    "cp_repeat_plans": ("CPP_REPEAT_NUM", "CPP_START_NUM"), "cp_plans_over_2_years": ("CPP_2Y_OPEN_NUM", "CPP_NUM"),
    "cla_three_placements": ("CLA_3PLUS_NUM", "CLA_NUM"),
}  # fmt: skip
OF_2024 = {"assessments_in_45_days": "dfe_assess45_2024", "icpc_in_15_days": "dfe_icpc15_2024"}


def counted(key: str) -> pd.DataFrame:
    rows = shipped()
    return rows[(rows["kpi"] == key) & rows["denominator"].notna()]


def test_every_count_gives_the_percentage_that_is_published() -> None:
    rows = shipped()[shipped()["denominator"].notna()]
    assert set(rows["kpi"]) == {*OF_YEARS, *OF_2024}
    assert set(rows["area_kind"]) == {"la"}
    given = 100 * rows["numerator"] / rows["denominator"]
    whole = rows["note"].str.contains("Whole per cent")
    assert ((given - rows["value"]).abs() <= whole.map({True: 0.5, False: 0.05}) + 1e-9).all()


@pytest.mark.parametrize("key", OF_YEARS)
def test_counts_are_those_of_the_papers(key: str, shared: Path) -> None:
    papers = pd.read_csv(shared / "reference" / "published_figures.csv", dtype={"period": "int64"})
    papers = papers[papers["area_type"] == "la"].pivot_table(index=["area_code", "period"], columns="indicator_code", values="value")
    rows = counted(key).assign(period=lambda r: r["year_to"].dt.year).set_index(["area_id", "period"])
    both = papers.loc[rows.index, list(OF_YEARS[key])]
    assert (both.to_numpy() == rows[["numerator", "denominator"]].to_numpy()).all()
    assert len(rows) == len(papers[list(OF_YEARS[key])].dropna())


@pytest.mark.parametrize("key", OF_2024)
def test_counts_of_2024_are_those_of_the_reference_funnels(key: str, shared: Path) -> None:
    points = json.loads((shared / "reference" / "funnel" / f"{OF_2024[key]}.json").read_text())["points"]
    papers = {point["group"]: (point["numerator"], point["denominator"]) for point in points}
    rows = counted(key)
    assert set(rows["year_to"].dt.year) == {2024}
    assert {r.area_id: (r.numerator, r.denominator) for r in rows.itertuples()} == {a: papers[str(a)] for a in rows["area_id"]}


def test_loaded_counts_that_do_not_give_their_percentage_are_left_away() -> None:
    frame = pd.DataFrame(
        {
            "indicator": "re_referrals", "area_kind": "la", "area_id": ["E10000013", "E10000031"],
            "area": ["Gloucestershire", "Warwickshire"],
            "year_from_on": pd.Timestamp("2025-04-01"), "year_to_on": pd.Timestamp("2026-03-31"), "value": [20.0, 20.0],
            "numerator": [200.0, 200.0], "denominator": [1000.0, 900.0], "source": "Loaded", "flag_kind": None,
        }
    )  # fmt: skip
    rows = reference.neighbour_figures("re_referrals", "Gloucestershire", 2025, BY_NAME["published_figure"].conform(frame))
    rows = rows[rows["year_to"] == pd.Timestamp("2026-03-31")].set_index("area")
    assert rows.loc["Gloucestershire", "denominator"] == 1000
    assert pd.isna(rows.loc["Warwickshire", "denominator"])
    assert abs(100 * 200 / 900 - 20) > ROUNDED
