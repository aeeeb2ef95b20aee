"""What stands: complete extracts end what they no longer list, several sources make one record, and conflicts are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, permutations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.reading import Reading
from data.store import Store
from data.viewer import Viewer
from tests.data.readings import HERE, held, plans, reading, state, teams, visits

JAN, FEB, MAR, APR = "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"
EVERYONE = Viewer.local("a.rahim", HERE)
WHOLE = {"cp_plan": ("2025-08-01", "2026-12-31")}
NAMES = (f"council {number}" for number in count())


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(f"sqlite:///{(tmp_path_factory.mktemp('one') / 'one.sqlite').as_posix()}")
    yield made
    made.close()


def episodes(as_at: str, text: str, *, source: str = "annex_a", table: str = "cp_plan", **more: object) -> Reading:
    return reading(as_at, {table: text}, source=source, file=f"{source}_{as_at}.xlsx", **more)  # type: ignore[arg-type]


def many(as_at: str, children: range, **more: object) -> Reading:
    said = "\n".join(f"{child} 2026-01-05 North" for child in children)
    return reading(as_at, {"cp_plan": f"child_id started_on team_id\n{said}"}, complete=WHOLE, **more)  # type: ignore[arg-type]


def says(store: Store, severity: str) -> list[str]:
    return list(store.problems(HERE, severity=severity)["says"])


# ---- complete extracts
def test_a_row_a_later_complete_extract_no_longer_lists_no_longer_counts(store: Store) -> None:
    store.load(HERE, plans(JAN, "North", "South", complete=WHOLE), by="x")
    loaded = store.load(HERE, plans(FEB, "North", complete=WHOLE), by="x")
    assert teams(store) == {"1": "North"}
    assert [p.says for p in loaded.problems] == [
        "1 child protection plan held before is no longer listed, in a file complete from 01/08/2025 to 31/12/2026: it no longer counts."
    ]
    store.withdraw(HERE, loaded.batch_id, by="x")
    assert teams(store) == {"1": "North", "2": "South"}


def test_an_extract_that_is_not_declared_complete_ends_nothing(store: Store) -> None:
    store.load(HERE, plans(JAN, "North", "South"), by="x")
    assert store.load(HERE, plans(FEB, "North"), by="x").problems == ()
    assert len(teams(store)) == 2


def test_only_rows_within_the_days_it_is_complete_for_end(store: Store) -> None:
    said = "child_id started_on ended_on\n1 2025-01-05 2025-07-31\n2 2025-01-05 2025-08-01\n3 2025-01-05 -\n4 2026-03-01 -"
    store.load(HERE, episodes(JAN, said), by="x")
    store.load(HERE, episodes(FEB, "child_id started_on\n9 2026-01-01", complete={"cp_plan": ("2025-08-01", FEB)}), by="x")
    assert sorted(held(store).cp_plan["child_id"]) == ["1", "4", "9"]


def test_a_cohort_is_complete_for_itself_alone(store: Store) -> None:
    both = pd.concat([visits(2, 2), visits(2, 2).assign(cohort_kind="cin")], ignore_index=True)
    store.load(HERE, reading(JAN, {"visit": both}, source="visits"), by="x")
    fewer = reading(FEB, {"visit": visits(1, 2)}, source="visits", complete={"visit:cp": ("2026-01-01", FEB)})
    assert [p.says[:16] for p in store.load(HERE, fewer, by="x").problems] == ["2 visits (CP) he"]
    assert held(store).visit.groupby("cohort_kind").size().to_dict() == {"cp": 2, "cin": 4}


@pytest.mark.parametrize(("unsure", "left"), [((), {"1"}), (("2",), {"1", "2"}), (None, {"1", "2", "3"})])
def test_what_a_row_set_aside_may_be_about_does_not_end(store: Store, unsure: tuple[str, ...] | None, left: set[str]) -> None:
    store.load(HERE, plans(JAN, "North", "South", "East"), by="x")
    store.load(HERE, plans(FEB, "North", complete=WHOLE, unsure_of=unsure), by="x")
    assert set(teams(store)) == left


def test_a_file_sent_again_takes_the_place_of_the_one_of_its_day(store: Store) -> None:
    store.load(HERE, plans(JAN, "North", "South", complete=WHOLE), by="x")
    store.load(HERE, plans(JAN, "North", complete=WHOLE), by="x")
    assert teams(store) == {"1": "North"}


def test_another_source_ends_nothing(store: Store) -> None:
    store.load(HERE, plans(JAN, "North", "South", source="cin_census"), by="x")
    store.load(HERE, plans(FEB, "North", complete=WHOLE), by="x")
    assert set(teams(store)) == {"1", "2"}


# ---- a file that is likely cut short
def test_a_load_that_would_end_a_fifth_of_what_is_held_ends_none_until_it_is_declared_whole(store: Store) -> None:
    store.load(HERE, many(JAN, range(100)), by="x")
    cut = store.load(HERE, many(FEB, range(79)), by="x")
    assert len(teams(store)) == 100
    assert [(p.severity, p.says[:45]) for p in cut.problems] == [("warning", "21 of the 100 child protection plans held bef")]
    store.declare_whole(HERE, cut.batch_id, by="k.adeyemi")
    assert len(teams(store)) == 79
    assert says(store, "warning") == []
    assert says(store, "note")[0].endswith("they no longer count. k.adeyemi declared the file whole.")
    with pytest.raises(LookupError, match="nothing to declare"):
        store.declare_whole(HERE, cut.batch_id, by="x")
    with pytest.raises(LookupError, match="there is no load 99"):
        store.declare_whole(HERE, 99, by="x")


def test_a_fifth_and_no_more_ends(store: Store) -> None:
    store.load(HERE, many(JAN, range(100)), by="x")
    store.load(HERE, many(FEB, range(80)), by="x")
    assert len(teams(store)) == 80
    store.load("few", many(JAN, range(20)), by="x")
    store.load("few", many(FEB, range(0)), by="x")
    assert teams(store, "few") == {}


def test_a_later_extract_does_not_make_a_cut_one_right(store: Store) -> None:
    """What February left out by being cut short, and March is too late to list, still counts."""
    window = {"cp_plan": ("2026-02-01", APR)}
    old = "child_id started_on ended_on\n" + "\n".join(f"{n} 2025-01-05 2026-02-0{1 + n % 9}" for n in range(60))
    store.load(HERE, episodes(JAN, old), by="x")
    store.load(HERE, episodes(FEB, "child_id started_on\n900 2026-01-05", complete=window), by="x")
    said = old.replace("\n0 2025-01-05 2026-02-01", "") + "\n900 2026-01-05 -"
    store.load(HERE, episodes(MAR, said, complete={"cp_plan": ("2026-03-01", APR)}), by="x")
    assert len(held(store).cp_plan) == 61


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_march_before_february_ends_the_same(store: Store, order: tuple[int, ...]) -> None:
    files = [many(JAN, range(100)), many(FEB, range(70)), many(MAR, range(95))]
    for which in order:
        store.load(HERE, files[which], by="x")
    assert len(teams(store)) == 95
    assert [text[:35] for text in says(store, "warning") if "held before" in text] == ["30 of the 100 child protection plan"]
    assert [text[:24] for text in says(store, "note")] == ["5 child protection plans"]


# ---- several sources
def test_one_fact_of_two_sources_is_one_record_in_which_the_newest_speaks_first(store: Store) -> None:
    store.load(HERE, episodes(MAR, "child_id started_on team_id\n1 2026-01-05 North\n2 2026-01-06 North"), by="x")
    said = "child_id started_on team_id category_kind previous_plans\n1 2026-01-05 South neglect 2"
    store.load(HERE, episodes(FEB, said, source="cin_census"), by="x")
    row = held(store).cp_plan
    assert list(row["team_id"]) == ["North", "North"]
    assert (row["category_kind"][0], pd.isna(row["category_kind"][1])) == ("neglect", True)
    assert row["previous_plans"][0] == 2


def test_an_old_return_does_not_close_a_plan_that_a_newer_extract_says_is_open(store: Store) -> None:
    store.load(HERE, episodes(MAR, "child_id started_on\n1 2026-01-05"), by="x")
    store.load(HERE, episodes(FEB, "child_id started_on ended_on\n1 2026-01-05 2026-02-10", source="cin_census"), by="x")
    assert held(store).cp_plan["ended_on"].isna().all()
    found = store.conflicts(EVERYONE).iloc[0]
    assert found[["table", "child_id", "fact", "column", "value_used", "source_used", "value_not_used", "source_not_used"]].tolist() == [
        "cp_plan", "1", "started on 05/01/2026", "ended_on", "open", "annex_a", "10/02/2026", "cin_census",
    ]  # fmt: skip
    assert (found["file_used"], found["file_not_used"]) == (f"annex_a_{MAR}.xlsx", f"cin_census_{FEB}.xlsx")


def test_a_plan_that_ended_after_an_old_return_is_no_conflict(store: Store) -> None:
    store.load(HERE, episodes(FEB, "child_id started_on\n1 2026-01-05", source="cin_census"), by="x")
    loaded = store.load(HERE, episodes(MAR, "child_id started_on ended_on\n1 2026-01-05 2026-03-10"), by="x")
    assert held(store).cp_plan["ended_on"].tolist() == [pd.Timestamp("2026-03-10")]
    assert (store.conflicts(EVERYONE).empty, loaded.problems) == (True, ())


def test_on_one_day_the_order_stated_decides(store: Store) -> None:
    for source, why in (("annex_a", "moved"), ("ssda903", "adopted")):
        said = f"child_id started_on ended_on end_reason\n1 2026-01-05 2026-03-01 {why}"
        store.load(HERE, episodes(MAR, said, source=source, table="cla_episode"), by="x")
    assert list(held(store).cla_episode["end_reason"]) == ["adopted"]


def test_a_load_that_brings_conflicts_says_how_many(store: Store) -> None:
    store.load(HERE, episodes(FEB, "child_id started_on category_kind\n1 2026-01-05 neglect\n2 2026-01-05 neglect"), by="x")
    said = "child_id started_on category_kind\n1 2026-01-05 physical\n2 2026-01-05 neglect"
    loaded = store.load(HERE, episodes(FEB, said, source="cin_census"), by="x")
    assert [p.says[:78] for p in loaded.problems] == ["1 child protection plan in this file is told differently by annex_a: the confl"]
    again = store.load(HERE, episodes(MAR, said, source="cin_census"), by="x")
    assert again.problems == ()


def test_conflicts_are_shown_to_those_who_see_the_team(store: Store) -> None:
    for source, team in (("annex_a", "North"), ("cin_census", "South")):
        store.load(HERE, episodes(MAR, f"child_id started_on team_id\n1 2026-01-05 {team}", source=source), by="x")
    used = held(store).cp_plan["team_id"][0]
    other = {"North": "South", "South": "North"}[used]
    assert len(store.conflicts(Viewer("c.hall", HERE, frozenset({used})))) == 1
    assert store.conflicts(Viewer("c.hall", HERE, frozenset({other}))).empty
    assert store.conflicts(Viewer("c.hall", HERE)).empty


def test_a_fact_one_source_no_longer_lists_and_another_still_says_is_a_conflict(store: Store) -> None:
    store.load(HERE, plans(JAN, "North", "South", source="cin_census"), by="x")
    store.load(HERE, plans(JAN, "North", "South"), by="x")
    store.load(HERE, plans(FEB, "North", complete=WHOLE), by="x")
    found = store.conflicts(EVERYONE)
    assert found[["child_id", "column", "source_used", "source_not_used"]].to_numpy().tolist() == [["2", "listed", "cin_census", "annex_a"]]
    assert len(teams(store)) == 2


# ---- any order, any sequence, two sources
TEAM = st.sampled_from(["", "North", "South"])
FILE = st.tuples(st.sampled_from([JAN, FEB, MAR]), st.sampled_from(["annex_a", "cin_census"]), TEAM, TEAM, TEAM, st.booleans())


def a_file(number: int, said: tuple[str, str, str, str, str, bool]) -> Reading:
    day, source, *found, whole = said
    return plans(day, *found, source=source, content=f"{number}", complete=WHOLE if whole else None)


@settings(max_examples=5)
@given(files=st.lists(FILE, min_size=3, max_size=3, unique_by=lambda said: said[:2]))
def test_two_sources_stand_the_same_in_whatever_order_they_are_loaded(one_store: Store, files: list[tuple[str, ...]]) -> None:
    said = [a_file(number, file) for number, file in enumerate(files)]  # type: ignore[arg-type]
    states = []
    for order, council in zip(permutations(said), NAMES, strict=False):
        for file in order:
            one_store.load(council, file, by="x")
        states.append((state(one_store, council), one_store.conflicts(Viewer.local("x", council)).to_csv()))
    assert all(found == states[0] for found in states)


@settings(max_examples=8)
@given(steps=st.lists(st.tuples(FILE, st.none() | st.integers(0, 5)), min_size=1, max_size=6))
def test_loads_of_two_sources_taken_back_leave_what_the_rest_say(
    one_store: Store, steps: list[tuple[tuple[str, str, str, str, str, bool], int | None]]
) -> None:  # fmt: skip
    council, afresh = next(NAMES), next(NAMES)
    remaining: list[tuple[int, Reading]] = []
    for number, (said, taken_back) in enumerate(steps):
        file = a_file(number, said)
        remaining.append((one_store.load(council, file, by="x").batch_id, file))
        if taken_back is not None and taken_back < len(remaining):
            one_store.withdraw(council, remaining.pop(taken_back)[0], by="x")
    for _, file in remaining:
        one_store.load(afresh, file, by="x")
    assert state(one_store, council) == state(one_store, afresh)
    told = [one_store.problems(which)[["severity", "says"]].to_numpy().tolist() for which in (council, afresh)]
    ended = [[line for line in lines if "held before" in line[1]] for lines in told]
    assert sorted(ended[0]) == sorted(ended[1])


def test_the_last_word_of_each_source_is_kept_apart(store: Store) -> None:
    """One load of one source does not displace, confirm or take back what another source said in the same words."""
    first = store.load(HERE, plans(JAN, "North"), by="x")
    store.load(HERE, plans(JAN, "North", source="cin_census"), by="x")
    store.withdraw(HERE, first.batch_id, by="x")
    assert teams(store) == {"1": "North"}


@pytest.mark.parametrize("first", ["header", "uasc"])
def test_what_one_list_of_a_source_leaves_empty_does_not_empty_what_another_filled_in(store: Store, first: str) -> None:
    """Two tables of one return, each a file of its own, know different things of a child."""
    said = {"header": "child_id sex_kind unaccompanied\n1 female -", "uasc": "child_id sex_kind unaccompanied\n1 - yes"}
    for part in (first, *(said.keys() - {first})):
        store.load(HERE, replace(episodes(JAN, said[part], source="ssda903", table="child"), part=part), by="a.rahim")
    child = held(store).child
    assert child[["sex_kind", "unaccompanied"]].to_numpy().tolist() == [["female", True]]
    assert store.conflicts(EVERYONE).empty
