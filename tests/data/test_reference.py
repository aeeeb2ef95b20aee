"""Reference figures: targets, clocks and bank holidays that come with Sightline."""

from __future__ import annotations

import pandas as pd
import pytest

import kpi
from data import reference
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
