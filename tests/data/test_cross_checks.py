"""What only the whole tells of a file: warnings with how many and where, and nothing set aside for them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from data.reading import Problem
from data.store import Store
from data.tables import BY_NAME
from tests.data.readings import HERE, reading, visits

JAN, FEB, MAR = "2026-01-31", "2026-02-28", "2026-03-31"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    yield made
    made.close()


def load(store: Store, as_at: str, tables: dict[str, str | pd.DataFrame], source: str = "annex_a") -> tuple[Problem, ...]:
    return store.load(HERE, reading(as_at, tables, source=source, file=f"{source}_{as_at}.csv"), by="x").problems


LOG = "child_id cohort_kind happened_on origin_kind worker_id\n"


def test_a_visit_to_a_child_no_list_holds_is_warned_of(store: Store) -> None:
    log = LOG + "1 cp 2026-01-05 log -\n7 cp 2026-01-06 log -\n7 cp 2026-01-07 log -"
    assert load(store, JAN, {"visit": log}, "visits") == ()
    load(store, JAN, {"child": "child_id\n1"})
    (problem,) = load(store, FEB, {"visit": log}, "visits")
    assert (problem.severity, problem.column, problem.value) == ("warning", "child_id", "7")
    assert problem.says.startswith("2 visits about 1 child no list holds (7; data rows 2, 3): check the ids")
    load(store, FEB, {"child": "child_id\n1\n7"})
    assert load(store, MAR, {"visit": log}, "visits") == ()


def test_ids_that_differ_by_leading_zeros_are_two_and_warned_of_once(store: Store) -> None:
    load(store, JAN, {"child": "child_id\n00123\n5"})
    (problem,) = load(store, FEB, {"child": "child_id\n123\n5"})
    assert problem.says.startswith("1 child id differs from another only by leading zeros, as 123 and 00123 (data row 1)")
    assert load(store, MAR, {"child": "child_id\n123\n5"}) == ()


def test_a_worker_in_no_staff_list_is_warned_of(store: Store) -> None:
    log = LOG + "1 cp 2026-01-05 log W1\n1 cp 2026-01-06 log W9\n1 cp 2026-01-07 log -\n1 cp 2026-02-28 log W1"
    assert load(store, JAN, {"visit": log}, "visits") == ()
    load(store, JAN, {"worker": f"worker_id observed_on\nW1 {JAN}\nW2 {JAN}"}, "workers")
    (problem,) = load(store, FEB, {"visit": log}, "visits")
    assert problem.says.startswith("1 visit of 1 worker not in the staff list (W9; data row 2)")
    load(store, FEB, {"worker": f"worker_id observed_on\nW2 {FEB}"}, "workers")
    (problem,) = load(store, MAR, {"visit": log}, "visits")
    assert problem.says.startswith("2 visits of 2 workers not in the staff list (W9, W1; data rows 2, 4)")


@pytest.mark.parametrize("table", ["cp_plan", "cla_episode", "placement"])
def test_episodes_of_one_child_that_overlap_are_warned_of(store: Store, table: str) -> None:
    said = "child_id started_on ended_on\n1 2025-01-05 2025-06-30\n1 2025-06-30 -\n2 2025-01-05 -\n2 2025-03-05 2025-04-01"
    (problem,) = load(store, JAN, {table: said})
    assert "(2; data row 4): correct the start or the end." in problem.says
    assert (problem.column, problem.value) == ("started_on", "05/03/2025")


def test_a_file_far_smaller_than_the_month_before_is_warned_of(store: Store) -> None:
    load(store, JAN, {"visit": visits(10, 4)}, "visits")
    assert load(store, FEB, {"visit": visits(10, 2, first="2026-02-01")}, "visits") == ()
    (problem,) = load(store, MAR, {"visit": visits(3, 3, first="2026-03-01")}, "visits")
    assert problem.says.startswith("9 visits in this file, and 20 in visits_2026-02-28.csv of 28/02/2026: far fewer.")
    assert load(store, "2026-07-31", {"visit": visits(1, 1, first="2026-07-01")}, "visits") == ()


def test_a_table_that_is_not_there_any_more_is_far_smaller_where_the_file_speaks_for_it(store: Store) -> None:
    load(store, JAN, {"visit": visits(10, 4), "child": BY_NAME["child"].empty()}, "visits")
    nothing = reading(FEB, {}, source="visits", covers={"visit:cp": ("2026-02-01", FEB)})
    assert [p.says[:26] for p in store.load(HERE, nothing, by="x").problems] == ["0 visits in this file, and"]
    assert load(store, "2026-03-01", {"audit": "audit_id happened_on\nA 2026-03-01"}, "visits") == ()
