"""What every KPI promises, whoever writes it: checked for each one in the register on invented councils, with nothing to add per KPI."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pandas as pd
import pytest

from data import reference
from data.tables import BY_NAME, COHORTS, Table, Tables
from kpi import DOMAINS, REGISTER, Kpi
from kpi.brought_by import brings
from kpi.duties import DUTIES
from kpi.figures import LEVELS, all_figures, cases_of, figures_of
from kpi.model import CASE_COLUMNS
from tests.kpi.random_council import MONTHS
from tests.kpi.random_council import whole_council as council

SEEDS = (1, 2)
AUTHORITIES = ("local", "invented")
TEXT = ("case_id", "child_id", "worker_id", "team_id", "reason", "apart", "left_out")
DATES = ("period", "due_on", "happened_on")
CLOSED_IDS = {"worker": ("absent_to_on",), "referral": ("decided_on",)}  # dates other than ended_on that are only known once they have come

every_kpi = pytest.mark.parametrize("measure", [pytest.param(k, id=k.key) for k in REGISTER.values()])
# A measure the council has only as figures has no cases to promise anything of, and its parts need not add up: tests/kpi/test_measures.py
# holds what it promises instead.
with_cases = pytest.mark.parametrize("measure", [pytest.param(k, id=k.key) for k in REGISTER.values() if k.given is None])
every_council = pytest.mark.parametrize("seed", SEEDS)


@cache
def found(key: str, seed: int) -> pd.DataFrame:
    return cases_of(REGISTER[key], council(seed), MONTHS)


# The case contract -------------------------------------------------------------------------------------------------------------


@with_cases
@every_council
def test_cases_have_the_columns_and_types_of_the_contract(measure: Kpi, seed: int) -> None:
    cases = found(measure.key, seed)
    assert tuple(cases.columns) == (*CASE_COLUMNS, "service_id")
    assert {name: str(cases[name].dtype) for name in TEXT} == dict.fromkeys(TEXT, "str")
    assert {name: str(cases[name].dtype) for name in DATES} == dict.fromkeys(DATES, "datetime64[s]")
    assert (str(cases["met"].dtype), str(cases["value"].dtype), str(cases["weight"].dtype)) == ("boolean", "float64", "float64")
    assert len(cases), "the invented councils say nothing of this KPI: give them something to say"


@every_kpi
@every_council
def test_no_case_is_counted_twice_in_a_period(measure: Kpi, seed: int) -> None:
    cases = found(measure.key, seed)
    assert not cases.duplicated(["period", "case_id"]).any()
    assert cases["case_id"].notna().all()


@every_kpi
@every_council
def test_every_case_is_in_somebodys_hands_even_if_nobodys(measure: Kpi, seed: int) -> None:
    cases = found(measure.key, seed)
    for column in ("worker_id", "team_id", "service_id"):
        assert cases[column].notna().all(), column
        assert (cases[column] != "").all(), column


@every_kpi
@every_council
def test_a_counted_case_is_met_or_not_and_a_case_left_out_says_why(measure: Kpi, seed: int) -> None:
    cases = found(measure.key, seed)
    counted = cases[cases["left_out"].isna()]
    if measure.measure == "percent":
        assert counted["met"].notna().all()
        assert counted["reason"].notna().all()
    else:
        assert (counted["weight"] >= 0).all() if measure.measure == "ratio" else (counted["weight"] > 0).all()
        assert counted["value"].notna().all()
        assert cases["met"].isna().all()
    if measure.measure in ("count", "rate"):
        assert (counted["value"] == 1).all(), "each case of a count is one"
    if measure.measure not in ("percent", "ratio", "mean"):
        assert (counted["weight"] == 1).all(), "only a mean or a ratio is over anything but cases"
    assert (cases["left_out"].dropna() != "").all()
    assert counted["period"].isin(MONTHS).all()


@every_kpi
@every_council
def test_what_happened_had_happened_by_the_period_end(measure: Kpi, seed: int) -> None:
    cases = found(measure.key, seed)
    assert not (cases["happened_on"] > cases["period"]).any()


@every_kpi
@every_council
def test_cases_shown_apart_are_counted(measure: Kpi, seed: int) -> None:
    cases = found(measure.key, seed)
    assert cases.loc[cases["apart"].notna(), "left_out"].isna().all()


# Adding up, and the order of things --------------------------------------------------------------------------------------------


@with_cases
@every_council
def test_services_teams_and_workers_add_up_to_the_whole(measure: Kpi, seed: int) -> None:
    figures = figures_of(measure, council(seed), MONTHS)
    whole = _sums(figures, "authority")
    assert len(whole) == len(MONTHS), "the authority has a row for every period"
    assert whole["denominator"].sum() > 0
    if measure.measure == "rate":
        assert set(figures["level"]) == {"authority"}, "the population is of the whole"
        return
    add_up = whole.drop(columns={"median": ["numerator"], "count": ["denominator"]}.get(measure.measure, []))
    for level in LEVELS[1:]:
        parts = _sums(figures, level).reindex(whole.index, fill_value=0.0)[add_up.columns]
        pd.testing.assert_frame_equal(parts, add_up, check_exact=False, obj=f"{measure.key} by {level}")


@with_cases
@every_council
def test_each_figure_is_what_its_measure_says_of_the_cases(measure: Kpi, seed: int) -> None:
    """The whole authority's figures a second time, month by month, from what kpi/model.py promises."""
    cases = found(measure.key, seed)
    figures = figures_of(measure, council(seed), MONTHS, levels=("authority",)).set_index("period")
    for month in MONTHS:
        ours = cases[(cases["period"] == month) & cases["left_out"].isna()]
        value, weight, many = ours["value"].astype("float64"), ours["weight"].astype("float64"), float(len(ours))
        people = 41_000.0 if month < pd.Timestamp("2023-06-30") else 43_500.0
        expected = {
            "percent": (float(ours["met"].fillna(False).sum()), many),
            "mean": (value.sum(), weight.sum()),
            "ratio": (value.sum(), weight.sum()),
            "days": (value.sum(), many),
            "median": (float(np.median(value)) * many if many else 0.0, many),
            "count": (many, 1.0),
            "rate": (many, people),
        }[measure.measure]
        assert tuple(figures.loc[month, ["numerator", "denominator"]]) == pytest.approx(expected, abs=1e-5), f"{month:%Y-%m}"


@every_kpi
@every_council
def test_the_future_does_not_change_the_past(measure: Kpi, seed: int) -> None:
    """Everything dated after a month end is taken away: the cases of that month, and whose they were, are the same."""
    now = found(measure.key, seed)
    for n in (1, 9, 17):
        month = MONTHS[n]
        then = cases_of(measure, as_known_at(seed, month), MONTHS[[n]])
        pd.testing.assert_frame_equal(then, now[now["period"] == month].reset_index(drop=True), obj=f"{measure.key} at {month:%Y-%m}")


@every_kpi
@every_council
def test_months_one_by_one_equal_all_months_at_once(measure: Kpi, seed: int) -> None:
    at_once = found(measure.key, seed)
    for n in range(seed, len(MONTHS), 5):
        alone = cases_of(measure, council(seed), MONTHS[[n]])
        pd.testing.assert_frame_equal(alone, at_once[at_once["period"] == MONTHS[n]].reset_index(drop=True))


@every_kpi
@every_council
def test_months_may_be_asked_for_in_any_order(measure: Kpi, seed: int) -> None:
    backwards = cases_of(measure, council(seed), MONTHS[::-1])
    pd.testing.assert_frame_equal(backwards, found(measure.key, seed))


@every_kpi
@every_council
def test_the_order_of_rows_makes_no_difference(measure: Kpi, seed: int) -> None:
    pd.testing.assert_frame_equal(cases_of(measure, shuffled(seed), MONTHS), found(measure.key, seed))


@every_kpi
def test_tables_are_left_as_they_were(measure: Kpi) -> None:
    of = council(SEEDS[0])
    before = {name: frame.copy(deep=True) for name, frame in of.frames.items()}
    cases_of(measure, of, MONTHS)
    for name, frame in of.frames.items():
        pd.testing.assert_frame_equal(frame, before[name], obj=name)


@every_kpi
def test_nothing_loaded_is_no_cases(measure: Kpi) -> None:
    empty = Tables({}, council(SEEDS[0]).clocks, council(SEEDS[0]).bank_holidays)
    assert cases_of(measure, empty, MONTHS).empty
    assert figures_of(measure, empty).empty, "with no month covered there is no figure"
    assert cases_of(measure, council(SEEDS[0]), MONTHS[:0]).empty


def test_all_figures_are_those_of_each_kpi() -> None:
    figures = all_figures(council(SEEDS[0]))
    assert set(figures["kpi"]) == set(REGISTER)
    percent = figures["kpi"].map(lambda key: REGISTER[key].measure == "percent")
    came_hidden = figures["numerator"].isna() & figures["kpi"].map(lambda key: REGISTER[key].given is not None)
    assert ((figures["numerator"] <= figures["denominator"]) | came_hidden)[percent].all()


# The declaration ---------------------------------------------------------------------------------------------------------------


@every_kpi
def test_the_definition_opens_with_a_sentence(measure: Kpi) -> None:
    opening = measure.definition.split("\n\n")[0]
    assert re.match(r"^[A-Z].*\.$", opening, flags=re.DOTALL), opening
    assert "  " not in opening


@every_kpi
def test_the_first_line_of_the_definition_is_itself_a_sentence(measure: Kpi) -> None:
    first = measure.definition.splitlines()[0]
    assert first.endswith("."), f"{first!r} breaks off: the first line is what a head of service reads"


@every_kpi
def test_what_it_needs_is_a_table_or_a_cohorts_visits(measure: Kpi) -> None:
    assert measure.needs
    assert set(measure.needs) <= {*BY_NAME, *(f"visit:{cohort}" for cohort in COHORTS)}


@every_kpi
def test_something_that_can_be_loaded_brings_its_data(measure: Kpi) -> None:
    assert measure.brought_by
    assert all(brings([need]) for need in measure.needs), f"kpi/brought_by.py does not say what brings {measure.needs}"


@every_kpi
def test_it_belongs_to_a_domain_and_reads_well(measure: Kpi) -> None:
    assert measure.domain in {domain.key for domain in DOMAINS}
    assert measure.title[0].isupper()
    assert not measure.title.endswith(".")
    assert measure.noun[0].islower() or measure.noun[:2].isupper()
    assert measure.did
    assert measure.sources
    assert measure.method


@every_kpi
@pytest.mark.parametrize("authority", AUTHORITIES)
def test_every_duty_has_a_clock(measure: Kpi, authority: str) -> None:
    assert set(measure.duties) <= {clock.duty for clock in reference.clocks(authority)}


def test_every_clock_is_asked_for_by_a_kpi_or_a_duty() -> None:
    asked_for = {row for measure in REGISTER.values() for row in measure.duties} | {row for duty in DUTIES for row in duty.clocks}
    assert {clock.duty for clock in reference.clocks("local")} == asked_for


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_every_target_names_a_real_kpi_and_its_amber_is_on_the_right_side(authority: str) -> None:
    for row in reference.targets(authority).itertuples():
        assert row.kpi in REGISTER, f"targets.csv names {row.kpi!r}, which is no KPI"
        lower = REGISTER[str(row.kpi)].better == "lower"
        assert REGISTER[str(row.kpi)].better is not None
        assert (row.amber >= row.green) if lower else (row.amber <= row.green), f"{row.kpi} since {row.since}"


@pytest.mark.parametrize("authority", AUTHORITIES)
def test_no_kpi_has_two_targets_from_one_day(authority: str) -> None:
    assert not reference.targets(authority).duplicated(["kpi", "since"]).any()


# What the promises are tested with ---------------------------------------------------------------------------------------------


@cache
def as_known_at(seed: int, day: pd.Timestamp) -> Tables:
    """A council's tables cut at a day: no row dated after it, and no ending that had not come."""
    of = council(seed)
    return of.with_frames(**{name: _cut(BY_NAME[name], frame, day) for name, frame in of.frames.items()})


def _cut(table: Table, frame: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    dated = next((column for column in ("observed_on", "happened_on", "started_on") if column in table.names), None)
    out = frame if dated is None else frame[~(frame[dated] > day)].reset_index(drop=True)
    to_come = [column for column in ("ended_on", *CLOSED_IDS.get(table.name, ())) if column in table.names]
    return out.assign(**{column: out[column].where(~(out[column] > day)) for column in to_come})


@cache
def shuffled(seed: int) -> Tables:
    of, draw = council(seed), np.random.default_rng(seed)
    return of.with_frames(**{name: frame.take(draw.permutation(len(frame))).reset_index(drop=True) for name, frame in of.frames.items()})


def _sums(figures: pd.DataFrame, level: str) -> pd.DataFrame:
    """Numerator, denominator and how many were left out or shown apart, a row per period."""
    ours = figures[figures["level"] == level]
    counts = {name: ours[name].map(lambda said: float(sum(said.values()))) for name in ("left_out", "apart")}
    return ours.assign(**counts).groupby("period")[["numerator", "denominator", "left_out", "apart"]].sum()
