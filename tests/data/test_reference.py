"""Reference figures: targets, clocks, published comparators and bank holidays that come with Sightline."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import kpi
from data import reference
from data.tables import BY_NAME
from kpi.model import REGISTER


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


@pytest.mark.parametrize(
    ("holiday", "is_one"),
    [
        ("2026-12-25", True), ("2026-12-28", True),
        ("2026-04-03", True), ("2026-04-06", True), ("2023-05-08", True), ("2022-06-03", True),
        ("2022-09-19", True), ("2020-05-08", True), ("2020-05-04", False),
        ("2026-12-24", False), ("2026-03-17", False), ("2026-01-02", False),
    ],
)  # fmt: skip
def test_bank_holidays_are_those_of_england_and_wales(holiday: str, is_one: bool) -> None:
    assert (day(holiday) in reference.bank_holidays()) is is_one


def test_bank_holidays_are_in_order_and_said_once() -> None:
    found = pd.DatetimeIndex(reference.bank_holidays())
    assert found.is_monotonic_increasing
    assert found.is_unique


def test_every_target_names_a_kpi_and_its_amber_is_on_the_worse_side() -> None:
    for authority in ("local", "invented"):
        for row in reference.targets(authority).to_dict("records"):
            measured = REGISTER[row["kpi"]]
            assert row["amber"] < row["green"] if measured.better == "higher" else row["amber"] > row["green"], row
            assert row["set_by"]
            assert row["source"]


def test_an_authoritys_own_targets_take_the_place_of_those_for_all() -> None:
    everyones, own = reference.targets("local"), reference.targets("invented")
    both = set(everyones["kpi"]) & set(own["kpi"])
    assert both
    assert set(own.loc[own["kpi"].isin(both), "source"]) == {"Invented"}
    assert set(everyones["kpi"]) <= set(own["kpi"])
    assert "Invented" not in set(everyones["source"])


def test_targets_are_dated_and_a_later_row_never_has_the_same_day() -> None:
    found = reference.targets("invented")
    assert found["since"].notna().all()
    assert not found.duplicated(["kpi", "since"]).any()
    assert found.sort_values(["kpi", "since"]).index.tolist() == found.index.tolist()


def test_every_duty_a_kpi_is_timed_by_has_a_clock() -> None:
    clocks = reference.clocks("local")
    assert {duty for measured in REGISTER.values() for duty in measured.duties} <= {clock.duty for clock in clocks}
    assert all(clock.interval > 0 and clock.set_by for clock in clocks)
    assert kpi.REGISTER is REGISTER


def test_the_regulations_clocks_for_looked_after_children() -> None:
    clocks = {clock.duty: (clock.interval, clock.unit) for clock in reference.clocks("local")}
    assert clocks["cla_first_visit"] == (7, "calendar_days")
    assert clocks["cla_visit"] == (42, "calendar_days")
    assert clocks["cla_visit_settled"] == (3, "months")


# England, South East, South West, Gloucestershire and Buckinghamshire as the Department published them: years to 2019, 2022, 2024, 2025.
AREAS = ("England", "South East", "South West", "Gloucestershire", "Buckinghamshire")
PUBLISHED = {
    "referrals_no_further_action": "8.1 7.6 6.3 6.5 | 8.6 10 7.4 9.2 | 7.3 6.8 7.1 6.3 | 6.4 6.3 7.3 7.7 | 26.6 44.4 1.7 2.1",
    "re_referrals": "22.6 21.5 22.4 22.6 | 25.1 25.9 26.6 28.4 | 23.9 22.6 22.1 22.1 | 28.8 24.5 21.5 22.4 | 31.7 32.7 23.3 22.8",
    "assessments_in_45_days": "83.1 84.5 84.5 85.7 | 82.3 85.7 86.4 89.9 | 79.9 81.7 79.5 79.2 | 76.3 78.6 71.7 72.9 | 73.4 81.3 77.1 85.9",
    "icpc_in_15_days": "78.7 79.2 79.7 81.4 | 77.2 78.6 79.3 81.1 | 70.5 79.6 83.1 84.4 | 48.8 75.6 84 82.3 | 73.5 59.8 69.4 76.2",
    "cp_plans_open": "44.5 43.3 41.4 40.6 | 42.2 44.2 37.5 37.7 | 42.4 41.5 40.8 38.5 | 60.1 67.6 45.9 30.3 | 46.3 60.9 33.6 35.1",
    "cp_reviews_in_time": "91.8 89.3 89.8 90.6 | 90.7 87.8 89.5 92.5 | 87.9 89.9 90.3 90.6 | 75.2 96.9 94.3 96.5 | 85.4 82.2 88.3 89.6",
    "cp_repeat_plans": "20.8 22.7 24.7 24.5 | 21.1 23.7 25.3 26.3 | 23.1 25.3 28.7 26.2 | 28.5 28.9 34.9 31.2 | 20.1 19.4 28.4 24.3",
    "cla_open": "66 70 69 67 | 53 56 56 55 | 57 60 63 62 | 56 66 64 57 | 42 40 41 40",
    "cla_three_placements": "11 10 11 10 | 12 12 12 12 | 11 11 12 12 | 13 13 13 12 | 9 11 9 10",
    "cla_long_term_stability": "68 71 68 69 | 67 70 65 68 | 67 71 68 69 | 64 68 66 65 | 72 68 66 65",
    "cla_over_20_miles": "16 17 18 18 | 19 22 22 23 | 20 23 25 26 | 20 24 24 21 | 37 38 36 33",
    "own_provision": "- 46 43 43 | - 47 43 43 | - 50 47 46 | - 50 45 44 | - 37 32 34",
    "cla_health_checks": "90 89 89 90 | 86 85 87 87 | 88 85 88 90 | 73 86 92 96 | 92 97 98 95",
    "cla_dental_checks": "86 70 79 81 | 87 74 77 77 | 84 64 72 77 | 87 83 88 86 | 75 85 65 70",
    "care_leavers_suitable_home": "85 88 88 89 | 81 86 81 83 | 88 89 90 91 | 88 90 93 91 | 91 89 88 87",
    "care_leavers_in_education_or_work": "52 55 54 54 | 54 57 51 52 | 54 56 56 56 | 56 55 60 60 | 56 62 51 52",
    "turnover": "15 17.2 13.9 11.8 | 14.9 18.6 14.4 12.3 | 14.1 18 14.5 11.4 | 9.7 21.6 10.6 10.9 | 33.7 24.7 20.9 10",
    "vacancies": "16.4 20 17.3 14.2 | 16 18.8 16 15.1 | 17.7 19.7 19.3 16.1 | 23.3 21.2 10.9 10.8 | 30.1 26 30.4 25.4",
    "agency_workers": "15.8 17.6 16.2 13 | 16.8 17.9 15.1 13.4 | 17 19.5 18.7 14.9 | 28.6 29.8 17.6 10.2 | 30.8 29.2 31.3 23.2",
    "caseload": "16.9 16.6 15.4 15.2 | 16.7 17.3 15.5 15.6 | 15.6 15.9 15 15.3 | 13.7 15 13.2 13.1 | 19.6 18 16.8 18.1",
    "three_social_workers": "- - 27 - | - - 25 - | - - 29 - | - - 33 - | - - 29 -",
}  # fmt: skip
# The unweighted means of the neighbours of 2025, years as above.
NEIGHBOURS = {
    "re_referrals": "21.54 20.27 19 20.87 | 22.25 21.27 21.13 21.86",
    "assessments_in_45_days": "79.14 85.39 85.42 83.7 | 83.88 87.08 87.46 86.62",
    "icpc_in_15_days": "81.82 81.23 85.27 85.5 | 79.79 82.2 79.86 82.27",
    "cp_repeat_plans": "21.83 23.75 24.59 26.64 | 21.93 23.93 27.56 25.49",
    "cp_reviews_in_time": "91 89.96 89.72 89.18 | 91.6 90.85 93.32 94.84",
    "cla_three_placements": "11.7 11.1 11.7 12.3 | 11.6 10.5 11.1 11.4",
    "care_leavers_suitable_home": "85.1 89.1 85.2 86.89 | 84.4 87.5 84 87.3",
    "care_leavers_in_education_or_work": "53.2 55.2 51.6 55.2 | 52.2 57.4 54.6 55.9",
    "turnover": "14.32 18.01 15.37 12.41 | 19.14 24.27 16.18 16.32",
    "vacancies": "13.91 13.94 12.45 12.09 | 17.35 24.01 19.82 19.1",
    "agency_workers": "10.38 11.93 13.14 11.93 | 16.1 21.86 19.55 17.05",
    "caseload": "16.9 17.02 15.01 15.03 | 15.54 16.44 15.5 15.52",
}
YEARS = (2019, 2022, 2024, 2025)


def typed(line: str) -> list[list[float | None]]:
    return [[None if figure == "-" else float(figure) for figure in area.split()] for area in line.split("|")]


def by_year(rows: pd.DataFrame) -> list[float | None]:
    values = dict(zip(rows["year_to"].dt.year, rows["value"], strict=True))
    return [values.get(year) for year in YEARS]


@pytest.mark.parametrize("key", PUBLISHED)
def test_the_figures_are_those_the_department_published(key: str) -> None:
    rows = pd.concat([reference.published("Gloucestershire"), reference.published("Buckinghamshire")])
    rows = rows[(rows["kpi"] == key) & (rows["area_kind"] != "statistical_neighbours")].drop_duplicates(["area", "year_to"])
    assert [by_year(rows[rows["area"] == area]) for area in AREAS] == typed(PUBLISHED[key])
    autumn = key in ("turnover", "vacancies", "agency_workers", "caseload")
    assert set(rows["year_to"].dt.strftime("%d %B")) == {"30 September" if autumn else "31 March"}


@pytest.mark.parametrize("key", NEIGHBOURS)
def test_the_means_of_statistical_neighbours_are_unweighted_and_leave_out_what_is_missing(key: str) -> None:
    for area, figures in zip(("Gloucestershire", "Buckinghamshire"), typed(NEIGHBOURS[key]), strict=True):
        rows = reference.published(area)
        means = rows[(rows["kpi"] == key) & (rows["model"] == "2025") & (rows["statistic"] == "mean")]
        assert [round(float(value or 0), 2) for value in by_year(means)] == figures


@pytest.mark.parametrize("model", ["2021", "2025"])
@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_every_mean_and_median_of_neighbours_is_as_the_papers_have_it(model: str, statistic: str, shared: Path) -> None:
    papers = pd.read_csv(shared / "reference" / "published_figures.csv", dtype={"period": "int64"})
    papers = papers[papers["area_type"] == f"sn_{statistic}_{model}"].merge(
        reference.indicators(), left_on="indicator_code", right_on="code"
    )
    rows = pd.concat([reference.published("Gloucestershire"), reference.published("Buckinghamshire")])
    rows = rows[(rows["model"] == model) & (rows["statistic"] == statistic)].assign(period=lambda r: r["year_to"].dt.year)
    both = papers.merge(
        rows, left_on=["kpi", "area_code", "period"], right_on=["kpi", "area_id", "period"], how="outer", suffixes=("", "_ours")
    )
    assert len(both) == len(rows) == len(papers)
    assert ((both["value"] - both["value_ours"]).abs() < 0.006).all()  # the papers keep two decimals
    assert (both["area"].str.extract(r"n=(\d+)")[0].astype(float) == both["areas"]).all()


def test_without_an_area_figures_are_held_against_england_alone() -> None:
    rows = reference.published()
    assert set(rows["area"]) == {"England"}
    assert set(rows["source"]) == {"Department for Education, Open Government Licence v3.0"}
    assert (rows["year_to"] - rows["year_from"]).dt.days.isin([364, 365]).all()
    assert rows.iloc[0]["label"] == "England, year to March 2013"


def test_every_comparator_says_its_year_its_unit_and_how_its_definition_differs() -> None:
    rows = reference.published("Gloucestershire")
    assert rows["label"].is_unique is False
    assert not rows.duplicated(["kpi", "label"]).any()
    assert rows["label"].str.contains(r", year to (?:March|September) 20\d\d$").all()
    assert set(rows["unit"]) == {"percent", "rate", "mean"}
    assert (rows["differs"].str.len() > 20).all()
    assert rows["value"].notna().all()


def test_what_is_published_is_of_a_kpi_and_in_its_unit() -> None:
    by_size = {"turnover", "vacancies", "agency_workers"}  # ours are percentages of full-time equivalents: the same figure
    for row in reference.indicators().to_dict("records"):
        if row["kpi"] in REGISTER:
            assert REGISTER[row["kpi"]].measure in {row["unit"], *(["ratio"] if row["kpi"] in by_size else [])}, row


@pytest.mark.parametrize("name", ["Gloucestershire", "gloucestershire county council", "E10000013", " Gloucestershire Council "])
def test_an_area_is_found_however_it_is_written(name: str) -> None:
    assert reference.area_of(name) == {
        "area_id": "E10000013", "area": "Gloucestershire", "region_id": "E12000009", "region": "South West",
    }  # fmt: skip
    assert reference.gaps(name) == ()


def test_an_area_of_which_nothing_is_held_is_told_and_compared_with_england() -> None:
    assert set(reference.published("Atlantis")["area"]) == {"England"}
    says = " ".join(reference.gaps("Atlantis"))
    assert "No published figures of “Atlantis” are held" in says
    assert "The region of “Atlantis” is not known" in says
    assert "The statistical neighbours of “Atlantis” (2025 model) are not held" in says
    assert reference.gaps(None)[0].startswith("No area is set")


def test_neighbours_are_ten_closest_first_and_differ_between_the_models() -> None:
    older, newer = (reference.neighbours("Gloucestershire", model) for model in (2021, 2025))
    assert older["neighbour"].tolist()[:2] == ["Wiltshire", "Bath and North East Somerset"]
    assert newer["neighbour"].tolist() == [
        "Warwickshire", "West Sussex", "Hampshire", "North Somerset", "Wiltshire", "Cheshire East", "Leicestershire", "Oxfordshire",
        "Essex", "Worcestershire",
    ]  # fmt: skip
    assert set(reference.neighbours("Buckinghamshire", 2021)["neighbour"]) == set(
        reference.neighbours("Buckinghamshire", 2025)["neighbour"]
    )
    assert reference.neighbours("Surrey").empty


def test_the_figures_of_single_neighbours_include_the_area_itself() -> None:
    rows = reference.neighbour_figures("re_referrals", "Gloucestershire", 2025)
    newest = rows[rows["year_to"] == day("2025-03-31")]
    assert newest["rank"].tolist() == list(range(11))
    assert newest["area"].tolist()[:2] == ["Gloucestershire", "Warwickshire"]
    assert round(newest.loc[newest["rank"] > 0, "value"].mean(), 2) == 20.87
    assert reference.neighbour_figures("re_referrals", "").empty


def loaded(*rows: tuple[str, str, str, str, float | None, str | None]) -> pd.DataFrame:
    columns = ["indicator", "area_kind", "area_id", "area", "value", "flag_kind"]
    frame = pd.DataFrame(list(rows), columns=columns).assign(year_from_on=day("2025-04-01"), year_to_on=day("2026-03-31"), source="Loaded")
    return BY_NAME["published_figure"].conform(frame)


def test_loaded_figures_add_a_year_and_take_the_place_of_what_came_with_sightline() -> None:
    new = loaded(
        ("re_referrals", "england", "E92000001", "England", 23.4, None),
        ("re_referrals", "la", "E10000013", "Gloucestershire", None, "c"),
        *(
            ("re_referrals", "la", f"E100000{n}", "A neighbour", value, None)
            for n, value in ((31, 10), (32, 20), (14, 10), (18, 20), (25, 30))
        ),
        ("re_referrals", "la", "E10000012", "Essex", 0.0, None),
        *(("cp_repeat_plans", "la", f"E100000{n}", "A neighbour", 20.0, None) for n in (31, 32, 14, 18, 25)),
        ("S47_RATE", "england", "E92000001", "England", 190.0, None),
    )
    rows = reference.published("Gloucestershire", new)
    newest = rows[(rows["kpi"] == "re_referrals") & (rows["year_to"] == day("2026-03-31"))]
    assert newest[["area_kind", "value", "source"]].to_numpy().tolist()[0] == ["england", 23.4, "Loaded"]
    assert "la" not in set(newest["area_kind"])
    mean = newest[(newest["statistic"] == "mean") & (newest["model"] == "2025")].iloc[0]
    assert (mean["value"], mean["areas"]) == (15.0, 6)  # a figure of 0 counts; the four without one do not
    assert mean["label"] == "Statistical neighbours of Gloucestershire (2025 model), mean of 6, year to March 2026"
    five = rows[(rows["kpi"] == "cp_repeat_plans") & (rows["year_to"] == day("2026-03-31"))]
    assert five.empty  # five of ten are too few to stand for the group
    assert set(rows["kpi"]) <= set(reference.indicators()["kpi"])
    assert len(reference.published("Gloucestershire")) == len(reference.published("Gloucestershire", loaded()))


def test_a_council_that_is_not_among_ours_is_found_by_name_once_its_figures_are_loaded() -> None:
    new = loaded(("re_referrals", "la", "E08000035", "Leeds", 19.5, None))
    own = reference.published("Leeds City", new)
    assert set(own["area"]) == {"England"}
    own = reference.published("leeds", new)
    assert own[own["area_kind"] == "la"][["area", "value"]].to_numpy().tolist() == [["Leeds", 19.5]]


def test_what_is_handed_out_may_be_changed_without_harm() -> None:
    rows = reference.published("Gloucestershire")
    rows["value"] = 0.0
    assert reference.published("Gloucestershire")["value"].max() > 0
