"""The statutory clock and the measures say the same of every child: reviews, health, dental and spot checks, pathway plans."""

from __future__ import annotations

import pandas as pd
import pytest

from data.tables import Tables
from kpi import REGISTER
from kpi.duties import due
from tests.kpi.building import tables
from tests.kpi.random_care import CARE_MONTHS, care_council
from tests.kpi.random_council import MONTHS, council

SEEDS = (1, 2, 3)
WHO = ["child_id", "team_id", "worker_id", "due_on"]
every_council = pytest.mark.parametrize("seed", SEEDS)


def measured(key: str, of: Tables, month: pd.Timestamp) -> pd.DataFrame:
    return REGISTER[key].cases_of(of, pd.DatetimeIndex([month]).as_unit("s"))


def rows(frame: pd.DataFrame, late: pd.Series) -> list[tuple[object, ...]]:
    """Who owes what by when, and whether it is late: in an order both sides share."""
    return sorted(frame[WHO].assign(late=late.astype(bool)).itertuples(index=False, name=None))


def overdue(found: pd.DataFrame) -> pd.Series:
    return found["state"] == "overdue"


@every_council
def test_reviews_of_children_in_care(seed: int) -> None:
    of, late, alone = without_early_reviews(care_council(seed)), 0, 0
    for month in CARE_MONTHS[::3]:
        cases, found = measured("cla_reviews_in_time", of, month), due(of, month, ["cla_review"])
        assert rows(found, overdue(found)) == rows(cases, cases["due_on"] < cases["period"]), f"{month:%Y-%m}"
        assert set(found.loc[overdue(found), "child_id"]) == set(cases.loc[cases["reason"] == "review overdue", "child_id"])
        late += int(overdue(found).sum())
        alone += int((cases["apart"] == "earlier reviews are not in the data").sum())
    assert late, "nobody is late in these months: they prove nothing"
    assert alone, "no first review is far from the start: they prove nothing"


def test_a_single_review_years_into_care_is_not_taken_for_the_first() -> None:
    of = tables(
        cla_episode="child_id started_on\nA 2019-01-07\nB 2023-01-09", cla_review="child_id happened_on\nA 2024-01-15\nB 2024-01-09"
    )
    found = due(of, pd.Timestamp("2024-03-31"), ["cla_review"]).set_index("child_id")
    assert found["due_on"].dt.strftime("%Y-%m-%d").to_dict() == {"A": "2024-07-15", "B": "2024-04-09"}
    assert found.loc["A", "rule"].startswith("6 months after the last review")
    assert found.loc["B", "rule"].startswith("3 months after the first review"), "12 months on, that day included, it may be the first"


@every_council
def test_review_conferences(seed: int) -> None:
    """The measure is of plans open for three months; one whose plan began before the reviews loaded is left out of it, with its due day."""
    of, late = council(seed), 0
    for month in MONTHS[::3]:
        cases = measured("cp_reviews_in_time", of, month)
        found = due(of, month, ["cp_review"])
        found = found[found["started_on"] + pd.DateOffset(months=3) <= month]
        assert rows(found, overdue(found)) == rows(cases, cases["due_on"] < cases["period"]), f"{month:%Y-%m}"
        late += int(overdue(found).sum())
    assert late, "nobody is late in these months: they prove nothing"


@every_council
@pytest.mark.parametrize(("duty", "key"), [("health_check", "cla_health_checks"), ("dental_check", "cla_dental_checks")])
def test_health_and_dental_checks(duty: str, key: str, seed: int) -> None:
    """The measures are of children in care for a year; without a date of birth they leave a child out whom the clock allows a year."""
    of, late = care_council(seed), 0
    for month in CARE_MONTHS[::3]:
        cases = measured(key, of, month)
        found = due(of, month, [duty])
        found = found[found["started_on"] + pd.DateOffset(months=12) <= month]
        assert rows(found, overdue(found)) == rows(cases, cases["due_on"] < cases["period"]), f"{month:%Y-%m}"
        counted = cases[cases["left_out"].isna()]
        known = found[found["case_id"].isin(counted["case_id"])]
        assert rows(known, overdue(known)) == rows(counted, ~counted["met"].astype(bool)), "who is late has not met the measure"
        late += int(overdue(found).sum())
    assert late, "nobody is late in these months: they prove nothing"


@every_council
def test_spot_checks_of_children_placed_with_parents(seed: int) -> None:
    of, late = care_council(seed), 0
    for month in CARE_MONTHS[::3]:
        cases, found = measured("parents_spot_checks", of, month), due(of, month, ["spot_check"])
        assert rows(found, overdue(found)) == rows(cases, ~cases["met"].astype(bool)), f"{month:%Y-%m}"
        late += int(overdue(found).sum())
    assert late, "nobody is late in these months: they prove nothing"


@every_council
def test_pathway_plans(seed: int) -> None:
    """Whoever has no plan known is not current to the measure; the clock gives them a day, three months after they were first listed."""
    of, late, never = without_some_plans(care_council(seed)), 0, 0
    for month in CARE_MONTHS[::3]:
        cases = measured("pathway_plans_current", of, month)
        counted, found = cases[cases["left_out"].isna()], due(of, month, ["pathway_plan"])
        assert set(found["child_id"]) == set(counted["child_id"]), f"{month:%Y-%m}"
        planned = counted[counted["happened_on"].notna()]
        theirs = found[found["last_on"].notna()]
        assert rows(theirs, overdue(theirs)) == rows(planned, ~planned["met"].astype(bool)), f"{month:%Y-%m}"
        unplanned = counted[counted["happened_on"].isna()]
        assert not unplanned["met"].astype(bool).any()
        late, never = late + int(overdue(theirs).sum()), never + len(unplanned)
    assert late, "nobody is late in these months: they prove nothing"
    assert never, "everybody has a plan: they prove nothing of those without"


def without_early_reviews(of: Tables) -> Tables:
    """The same council, where of some children in care the reviews of the first months measured, and before, are not in the data."""
    early = of.cla_review["child_id"].str.endswith(("1", "5")) & (of.cla_review["happened_on"] <= CARE_MONTHS[4])
    return of.with_frames(cla_review=of.cla_review[~early].reset_index(drop=True))


def without_some_plans(of: Tables) -> Tables:
    """The same council, where of some care leavers no pathway plan is known."""
    leavers, plans = of.care_leaver, of.pathway_plan
    printed = leavers["pathway_reviewed_on"].where(~leavers["child_id"].str.endswith(("1", "5")))
    kept = plans[~plans["child_id"].str.endswith(("1", "5"))].reset_index(drop=True)
    return of.with_frames(care_leaver=leavers.assign(pathway_reviewed_on=printed), pathway_plan=kept)
