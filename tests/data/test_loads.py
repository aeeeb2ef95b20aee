"""Loads: nothing is overwritten, the order of loading does not matter, and a load taken back gives the state before it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.reading import Problem, Reading
from data.store import Store
from data.tables import BY_NAME
from tests.data.readings import HERE, held, plans, reading, rows, state, teams

LATER, LATEST = "2026-02-28", "2026-03-31"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    yield made
    made.close()


def test_a_new_file_is_held_as_it_says(store: Store) -> None:
    loaded = store.load(HERE, plans("2026-01-31", "North", "South"), by="a.rahim")

    assert (loaded.status, loaded.source, loaded.rows_in, loaded.rows_new) == ("loaded", "annex_a", 2, 2)
    assert teams(store) == {"1": "North", "2": "South"}


def test_the_same_content_again_changes_nothing(store: Store) -> None:
    first = store.load(HERE, plans("2026-01-31", "North"), by="a.rahim")
    before, version = state(store), store.version(HERE)
    again = store.load(HERE, plans("2026-01-31", "North"), by="a.rahim")

    assert (again.status, again.batch_id, again.rows_new, again.rows_unchanged) == ("unchanged", first.batch_id, 0, 1)
    assert (state(store), store.version(HERE), len(store.loads(HERE))) == (before, version, 1)


def test_content_loaded_already_is_known_without_reading_it(store: Store) -> None:
    file = plans("2026-01-31", "North")
    assert store.loaded_already(HERE, file.content_hash) is None
    batch = store.load(HERE, file, by="a.rahim").batch_id
    known = store.loaded_already(HERE, file.content_hash)
    assert known is not None
    assert (known.status, known.batch_id, known.source) == ("unchanged", batch, "annex_a")
    store.withdraw(HERE, batch, by="a.rahim")
    assert store.loaded_already(HERE, file.content_hash) is None


def test_a_changed_row_takes_the_place_of_what_was_said_before(store: Store) -> None:
    store.load(HERE, plans("2026-01-31", "North", "South"), by="a.rahim")
    loaded = store.load(HERE, plans(LATER, "East", "South"), by="a.rahim")

    assert (loaded.rows_new, loaded.rows_unchanged) == (1, 1)
    assert teams(store) == {"1": "East", "2": "South"}


def test_a_fact_may_return_to_what_it_was(store: Store) -> None:
    for day, team in (("2026-01-31", "North"), (LATER, "East"), (LATEST, "North")):
        store.load(HERE, plans(day, team), by="a.rahim")
    assert teams(store) == {"1": "North"}


def test_an_older_file_does_not_undo_a_newer_one(store: Store) -> None:
    store.load(HERE, plans(LATEST, "North"), by="a.rahim")
    store.load(HERE, plans("2026-01-31", "South", "West"), by="a.rahim")
    assert teams(store) == {"1": "North", "2": "West"}


def test_of_two_files_of_one_day_the_one_loaded_last_holds(store: Store) -> None:
    store.load(HERE, plans(LATER, "North"), by="a.rahim")
    store.load(HERE, plans(LATER, "South"), by="a.rahim")
    assert teams(store) == {"1": "South"}


def test_a_fact_said_twice_in_one_file_is_held_once_and_the_last_row_holds(store: Store) -> None:
    twice = reading("2026-01-31", {"cp_plan": "child_id started_on team_id\n1 2026-01-05 North\n1 2026-01-05 South"})
    loaded = store.load(HERE, twice, by="a.rahim")
    assert teams(store) == {"1": "South"}
    assert loaded.rows_in == loaded.rows_new + loaded.rows_unchanged + loaded.rows_set_aside


def test_empty_parts_of_a_key_are_the_same_fact(store: Store) -> None:
    for day, team in (("2026-01-31", "North"), (LATER, "South")):
        said = f"worker_id happened_on child_id supervisor_id\nW1 2026-01-05 - {team}\nW1 2026-01-05 C1 {team}"
        store.load(HERE, reading(day, {"supervision": said, "team": f"team_id started_on service_id\n{team} - Help"}), by="a.rahim")
    assert list(held(store).supervision["supervisor_id"]) == ["South", "South"]
    assert sorted(held(store).team["team_id"]) == ["North", "South"]


def test_every_row_of_a_file_is_counted_once(store: Store) -> None:
    problem = Problem("the date is in the future: correct it", "set_aside", "List 7", 9, "Start", "31/02/2026")
    store.load(HERE, plans("2026-01-31", "North", "South"), by="a.rahim")
    loaded = store.load(HERE, plans(LATER, "North", "East", "West", set_aside=[1, 2], problems=(problem,)), by="a.rahim")

    assert (loaded.rows_in, loaded.rows_new, loaded.rows_unchanged, loaded.rows_set_aside) == (5, 2, 1, 2)
    newest = store.loads(HERE).iloc[0]
    assert newest[["rows_in", "rows_new", "rows_unchanged", "rows_set_aside", "problems"]].tolist() == [5, 2, 1, 2, 1]


def test_one_row_that_says_several_things_is_counted_once(store: Store) -> None:
    both = reading("2026-01-31", {"child": "child_id\n1\n2", "cp_plan": "child_id started_on\n1 2026-01-05"})
    both.tables["cp_plan"]["source_row"] = 0
    loaded = store.load(HERE, Reading(**{**vars(both), "rows_in": 2}), by="a.rahim")
    assert (loaded.rows_in, loaded.rows_new, loaded.rows_unchanged) == (2, 2, 0)


def test_problems_are_kept_until_their_load_is_taken_back(store: Store) -> None:
    problem = Problem("unknown code: use Y or N", "warning", "List 7", 9, "Seen alone", "perhaps")
    loaded = store.load(HERE, plans("2026-01-31", "North", problems=(problem, Problem("no sheet for list 11", "note"))), by="a.rahim")
    kept = store.problems(HERE)
    assert kept[["severity", "sheet", "row", "column", "value", "says"]].iloc[0].tolist() == [
        "warning", "List 7", 9, "Seen alone", "perhaps", "unknown code: use Y or N",
    ]  # fmt: skip
    assert len(store.problems(HERE, limit=1)) == 1
    assert store.load(HERE, plans("2026-01-31", "North"), by="a.rahim").problems == loaded.problems
    store.withdraw(HERE, loaded.batch_id, by="a.rahim")
    assert store.problems(HERE).empty


def test_a_load_taken_back_gives_the_state_before_it(store: Store) -> None:
    store.load(HERE, plans("2026-01-31", "North", "South", covers={"cp_plan": ("2026-01-01", "2026-01-31")}), by="a.rahim")
    before = state(store)
    wrong = store.load(HERE, plans(LATER, "East", "South", "West", covers={"cp_plan": ("2026-02-01", LATER)}), by="a.rahim")
    store.withdraw(HERE, wrong.batch_id, by="b.okafor")

    assert state(store) == before
    newest = store.loads(HERE).iloc[0]
    assert newest["withdrawn_by"] == "b.okafor"
    assert pd.notna(newest["withdrawn_at"])


def test_rows_a_later_load_confirmed_outlive_the_load_that_first_said_them(store: Store) -> None:
    first = store.load(HERE, plans("2026-01-31", "North", "South"), by="a.rahim")
    store.load(HERE, plans(LATER, "North"), by="a.rahim")
    store.withdraw(HERE, first.batch_id, by="a.rahim")
    assert teams(store) == {"1": "North"}


def test_a_load_taken_back_can_be_loaded_again(store: Store) -> None:
    batch = store.load(HERE, plans("2026-01-31", "North"), by="a.rahim").batch_id
    before = state(store)
    store.withdraw(HERE, batch, by="a.rahim")
    assert teams(store) == {}
    again = store.load(HERE, plans("2026-01-31", "North"), by="a.rahim")
    assert (again.status, again.rows_new, state(store)) == ("loaded", 1, before)


def test_a_load_that_is_not_there_cannot_be_taken_back(store: Store) -> None:
    batch = store.load(HERE, plans("2026-01-31", "North"), by="a.rahim").batch_id
    with pytest.raises(LookupError, match=r"there is no load 999: .*loads"):
        store.withdraw(HERE, 999, by="a.rahim")
    with pytest.raises(LookupError, match="there is no load"):
        store.withdraw("elsewhere", batch, by="a.rahim")
    store.withdraw(HERE, batch, by="a.rahim")
    version = store.version(HERE)
    with pytest.raises(LookupError, match=r"withdrawn already, since \d\d/\d\d/\d{4}"):
        store.withdraw(HERE, batch, by="a.rahim")
    assert store.version(HERE) == version


def test_two_authorities_never_mix(store: Store) -> None:
    store.load("north", plans("2026-01-31", "A"), by="a.rahim")
    there = store.load("south", plans("2026-01-31", "A"), by="a.rahim")
    store.load("south", plans(LATER, "B"), by="a.rahim")
    assert there.status == "loaded"
    assert (teams(store, "north"), teams(store, "south"), teams(store, "west")) == ({"1": "A"}, {"1": "B"}, {})
    store.withdraw("south", there.batch_id, by="a.rahim")
    assert (teams(store, "north"), len(store.loads("north")), len(store.loads("south"))) == ({"1": "A"}, 1, 2)


def test_every_value_comes_back_as_it_was_given(store: Store) -> None:
    children = BY_NAME["child"].conform(
        pd.DataFrame(
            {
                "child_id": ["00123", "123", "nan", "None", "1e5"], "sex_kind": ["", None, "F", "nan", "NULL"],
                "born_on": pd.to_datetime(["1899-12-31", None, "2026-02-28", "2024-02-29", "9999-12-31"]).astype("datetime64[s]"),
                "disabled": pd.array([True, False, None, None, True], dtype="boolean"),
            }
        )
    )  # fmt: skip
    workers = rows("worker", "worker_id observed_on fte caseload agency\nW1 2026-01-31 0.6 17 yes\nW2 2026-01-31 - 0 -")
    store.load(HERE, reading("2026-01-31", {"child": children, "worker": workers}), by="a.rahim")
    pd.testing.assert_frame_equal(held(store).child, children)
    pd.testing.assert_frame_equal(held(store).worker, workers)
    again = store.load(HERE, reading(LATER, {"child": children, "worker": workers}), by="a.rahim")
    assert (again.rows_new, again.rows_unchanged) == (0, 7)


# ---- any order, any sequence
NAMES = (f"council {number}" for number in count())
TEAM = st.sampled_from(["", "North", "South", "East"])
MONTHS = ("2026-01-31", LATER, LATEST)


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all examples of a property: each example is a council of its own."""
    made = Store(f"sqlite:///{(tmp_path_factory.mktemp('one') / 'one.sqlite').as_posix()}")
    yield made
    made.close()


@settings(max_examples=4)
@given(files=st.lists(st.tuples(TEAM, TEAM, TEAM), min_size=3, max_size=3))
def test_the_order_of_loading_does_not_matter(one_store: Store, files: list[tuple[str, str, str]]) -> None:
    said = [plans(day, *found, covers={"cp_plan": ("2026-01-01", day)}) for day, found in zip(MONTHS, files, strict=True)]
    states = []
    for order, council in zip(permutations(said), NAMES, strict=False):
        for file in order:
            one_store.load(council, file, by="a.rahim")
        states.append(state(one_store, council))
    assert len(states) == 6
    assert all(found == states[0] for found in states)


@settings(max_examples=12)
@given(steps=st.lists(st.tuples(st.integers(0, 2), TEAM, TEAM, st.none() | st.integers(0, 5)), min_size=1, max_size=7))
def test_loads_and_withdrawals_leave_what_the_remaining_loads_say(
    one_store: Store, steps: list[tuple[int, str, str, int | None]]
) -> None:  # fmt: skip
    """Whatever was loaded and taken back, what is held equals loading only the files that remain, in the same order."""
    council, afresh = next(NAMES), next(NAMES)
    remaining: list[tuple[int, Reading]] = []
    for number, (month, one, two, taken_back) in enumerate(steps):
        file = plans(MONTHS[month], one, two, content=str(number), covers={"cp_plan": ("2026-01-01", MONTHS[month])})
        remaining.append((one_store.load(council, file, by="a.rahim").batch_id, file))
        if taken_back is not None and taken_back < len(remaining):
            one_store.withdraw(council, remaining.pop(taken_back)[0], by="a.rahim")
    for _, file in remaining:
        one_store.load(afresh, file, by="a.rahim")
    assert state(one_store, council) == state(one_store, afresh)


def test_every_order_and_withdrawal_holds_in_each_database(store: Store) -> None:
    rng = np.random.default_rng(7)
    remaining: list[tuple[int, Reading]] = []
    for number in range(16):
        day, *found = MONTHS[rng.integers(3)], *(["", "North", "South"][n] for n in rng.integers(3, size=4))
        file = plans(day, *found, content=str(number))
        remaining.append((store.load(HERE, file, by="a.rahim").batch_id, file))
        if rng.random() < 0.5:
            store.withdraw(HERE, remaining.pop(int(rng.integers(len(remaining))))[0], by="a.rahim")
    for _, file in remaining:
        store.load("afresh", file, by="a.rahim")
    assert state(store) == state(store, "afresh")
