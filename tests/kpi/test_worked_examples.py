"""The worked examples that are printed are what the clock says, day for day."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from data.store import Store
from data.viewer import Viewer
from kpi.duties import BY_KEY, DUTIES, due
from kpi.worked_examples import EXAMPLES, Example
from layouts.view import View
from layouts.worked_examples import draw, outcome
from tests.kpi.building import tables

LOADED = ("2024-05",)
every_example = pytest.mark.parametrize("example", [pytest.param(e, id=f"{e.duty}: {e.title}") for e in EXAMPLES])


@every_example
def test_the_clock_says_what_the_example_says(example: Example) -> None:
    covered = {need.split("|")[0].split(".")[0]: LOADED for need in BY_KEY[example.duty].needs}
    supervision = {"supervision": "worker_id child_id happened_on\nZ Z 2020-01-01"} if example.duty == "case_supervision" else {}
    of = tables(covered=covered, **{**supervision, **example.known})
    found = due(of, pd.Timestamp(example.as_at), [example.duty]).to_dict("records")
    assert len(found) == 1
    said = found[0]
    assert f"{said['due_on']:%Y-%m-%d}" == example.due_on
    assert (said["days_late"], said["working_days_late"], said["state"]) == (example.days_late, example.working_days, example.state)


def test_every_duty_has_an_example() -> None:
    assert {example.duty for example in EXAMPLES} == {duty.key for duty in DUTIES}


@every_example
def test_the_words_of_an_example_name_the_day_it_is_due(example: Example) -> None:
    due_on = pd.Timestamp(example.due_on)
    assert f"{due_on.day} {due_on:%B}" in f"{example.happened} {example.why}" or (due_on.is_month_end and "last day of" in example.why)


@every_example
def test_a_weekday_that_is_named_is_the_right_one(example: Example) -> None:
    names = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    year = example.as_at[:4]
    for weekday, day, month, own_year in re.findall(rf"({names}) (\d+) ([A-Z][a-z]+)(?: (\d{{4}}))?", f"{example.happened} {example.why}"):
        assert pd.Timestamp(f"{day} {month} {own_year or year}").day_name() == weekday


def test_the_page_says_every_example_and_every_rule_of_its_duty(sqlite_url: str) -> None:
    assert [outcome(EXAMPLES[n]) for n in (1, 2, 4)] == [
        "Overdue: 4 days late, 1 working day",
        "Overdue: 1 day late, 1 working day",
        "Due that day, and not late",
    ]
    store = Store(sqlite_url)
    page = str(draw(View(store, Viewer.local("a test", "local"), "A test", "/", {"period": "2024-05"})))
    store.close()
    for example in EXAMPLES:
        assert example.why in page
        assert example.happened in page
    for duty in DUTIES:
        for rule in duty.rules:
            assert rule.counted_from in page
