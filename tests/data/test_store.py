"""The store: what is given out, to whom, for which months, and what happens where the database cannot be reached."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.reading import Problem, Refused
from data.records import Remark
from data.store import Store, Unreachable
from data.tables import BY_NAME, Tables
from data.viewer import Viewer
from tests.data.readings import HERE, held, plans, reading, teams, visits

ANYONE = Viewer.local("a.rahim", HERE)
MAY = pd.Timestamp("2026-05-31")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    yield made
    made.close()


# ---- cases, and who may see them
def held_by_team(tables: Tables) -> pd.DataFrame:
    return tables.cp_plan[["child_id", "team_id"]]


def test_cases_are_those_of_the_viewers_teams(store: Store) -> None:
    store.load(HERE, plans("2026-01-31", "North", "South", "-"), by="a.rahim")
    seen = {
        who: list(store.cases(Viewer("b.okafor", HERE, frozenset(who)), held_by_team)["child_id"])
        for who in [(), ("South",), ("North", "South"), ("East",)]
    }
    assert seen == {(): [], ("South",): ["2"], ("North", "South"): ["1", "2"], ("East",): []}
    assert list(store.cases(Viewer.local("b.okafor", HERE), held_by_team)["child_id"]) == ["1", "2", "3"]
    assert store.cases(Viewer.local("b.okafor", "elsewhere"), held_by_team).empty


def test_a_window_that_ends_before_its_month_does_speaks_for_no_month(store: Store) -> None:
    store.load(HERE, plans("2026-04-10", "North", covers={"referral": ("2026-04-01", "2026-04-10")}), by="a.rahim")
    assert months(store, "referral") == []


COUNCILS = count()
GIVES_NO_CASES = {
    "comparators",
    "spoken_for",
    "target_rows",
    "load",
    "loads",
    "declare_whole",
    "held_version",
    "problems",
    "problem_total",
    "problem_counts",
    "targets",
    "clocks",
    "loaded_already",
    "withdraw",
    "version",
    "work_out",
    "publish",
    "invented",
    "covered",
    "close",
}


def test_whatever_gives_out_cases_or_figures_asks_who_is_looking() -> None:
    """A new method of the store takes a viewer, or is named here because it gives out no child's case."""
    public = {name: method for name, method in vars(Store).items() if callable(method) and not name.startswith("_")}
    asks = {name for name, method in public.items() if Viewer in typing.get_type_hints(method).values()}
    assert set(public) - asks == GIVES_NO_CASES
    for name in asks:
        who = inspect.signature(public[name]).parameters["viewer"]
        assert who.default is inspect.Parameter.empty


def test_what_is_held_is_read_again_only_after_a_change(store: Store) -> None:
    store.load(HERE, plans("2026-01-31", "North"), by="a.rahim")
    first = held(store)
    store.remark(
        Viewer.local("b.okafor", HERE), Remark("caseload", "authority", "", pd.Timestamp("2026-01-31"), "Said beside the figures.")
    )
    assert held(store).cp_plan is first.cp_plan
    store.load(HERE, plans("2026-02-28", "South"), by="a.rahim")
    assert held(store).cp_plan is not first.cp_plan
    assert list(first.cp_plan["team_id"]) == ["North"]


def test_nothing_loaded_is_empty_tables_of_the_right_types(store: Store) -> None:
    nothing = held(store)
    for name, table in BY_NAME.items():
        pd.testing.assert_frame_equal(nothing.frames[name], table.empty(), check_index_type=False)
    assert (dict(nothing.covered), store.version(HERE), store.loads(HERE).empty, store.invented(HERE)) == ({}, (0, 0), True, False)


def test_invented_data_is_known_as_such_while_it_counts(store: Store) -> None:
    batch = store.load(HERE, plans("2026-01-31", "North", invented=True), by="a.rahim").batch_id
    assert store.invented(HERE)
    assert not store.invented("elsewhere")
    store.withdraw(HERE, batch, by="a.rahim")
    assert not store.invented(HERE)


def test_teams_are_those_of_the_viewers_authority(store: Store) -> None:
    store.load(HERE, reading("2026-01-31", {"team": "team_id started_on service_id\nNorth - Help"}), by="a.rahim")
    assert list(store.teams(ANYONE)["service_id"]) == ["Help"]
    assert store.teams(Viewer.local("a.rahim", "elsewhere")).empty


# ---- which months the loads speak for
def months(store: Store, table: str) -> list[str]:
    return [f"{month:%Y-%m}" for month in store.covered(HERE).get(table, ())]


@pytest.mark.parametrize(
    ("as_at", "spoken_for"),
    [
        ("2026-03-31", ["2026-02", "2026-03"]),
        ("2026-04-03", ["2026-02", "2026-03"]),
        ("2026-03-20", ["2026-02", "2026-03"]),
        ("2026-03-15", ["2026-02"]),
    ],
)
def test_a_load_speaks_up_to_the_month_end_nearest_its_day(store: Store, as_at: str, spoken_for: list[str]) -> None:
    store.load(HERE, plans(as_at, "North", covers={"cp_plan": ("2026-02-01", as_at)}), by="a.rahim")
    assert months(store, "cp_plan") == spoken_for


@pytest.mark.parametrize(
    ("table", "first", "spoken_for"),
    [
        ("contact", "2026-02-01", ["2026-02", "2026-03"]),
        ("contact", "2026-02-02", ["2026-03"]),
        ("cp_plan", "2026-01-31", ["2026-02", "2026-03"]),
        ("case_status", "2026-02-28", ["2026-02", "2026-03"]),
        ("visit:cp", "2026-03-31", ["2026-03"]),
    ],
)
def test_what_happened_is_spoken_of_in_months_held_from_their_first_day(
    store: Store, table: str, first: str, spoken_for: list[str]
) -> None:  # fmt: skip
    """Six months before 30 June is 31 December: one day of contacts is not December's. How things stood is of the month it was seen in."""
    store.load(HERE, plans("2026-03-31", "North", covers={table: (first, "2026-03-31")}), by="a.rahim")
    assert months(store, table) == spoken_for


def test_a_month_no_load_speaks_for_is_a_gap(store: Store) -> None:
    for first, last in (("2026-01-01", "2026-01-31"), ("2026-03-01", "2026-03-31")):
        store.load(HERE, plans(last, "North", covers={"cp_plan": (first, last)}), by="a.rahim")
    assert months(store, "cp_plan") == ["2026-01", "2026-03"]
    assert months(store, "visit:cp") == []


def test_a_file_dated_by_its_contents_speaks_for_one_month_more_where_another_load_does(store: Store) -> None:
    found = {"visit": visits(1, 1)}
    store.load(HERE, reading("2026-01-20", found, covers={"visit:cp": ("2026-01-01", "2026-01-20")}, as_at_from="contents"), by="a.rahim")
    assert months(store, "visit:cp") == ["2026-01"]
    batch = store.load(HERE, plans("2026-03-31", "North", covers={"cp_plan": ("2026-03-01", "2026-03-31")}), by="a.rahim").batch_id
    assert months(store, "visit:cp") == ["2026-01", "2026-02"]
    store.withdraw(HERE, batch, by="a.rahim")
    assert months(store, "visit:cp") == ["2026-01"]


def test_a_list_of_workers_speaks_for_its_own_month_and_one_made_early_for_the_last_too(store: Store) -> None:
    for day in ("2026-01-31", "2026-04-03"):
        store.load(HERE, reading(day, {"worker": f"worker_id observed_on\nW1 {day}"}, covers={"worker": (day, day)}), by="a.rahim")
    assert months(store, "worker") == ["2026-01", "2026-03", "2026-04"]


# ---- figures
def a_figure(numerator: float, **said: object) -> pd.DataFrame:
    row = {
        "kpi": "cp_visits_in_time", "period": MAY, "level": "authority", "unit_id": HERE, "numerator": numerator, "denominator": 9.0,
        "left_out": {"no date of visit: “unknown”": 2}, "apart": {"not yet due": 1}, "note": "", **said,
    }  # fmt: skip
    return pd.DataFrame([row])


def test_figures_come_back_as_they_were_worked_out(store: Store) -> None:
    store.load(HERE, plans("2026-01-31", "North"), by="a.rahim")
    none = a_figure(float("nan"), kpi="caseload", denominator=float("nan"), left_out={}, apart={}, note="no data")
    given_in = pd.concat([a_figure(7.0), none, a_figure(3.0, level="team", unit_id="O'Neill; DROP TABLE figure --")], ignore_index=True)
    assert store.work_out(HERE, lambda tables: given_in) == 3

    back = store.figures(ANYONE, levels=["authority", "team"]).sort_values(["level", "kpi"], ascending=[True, False], ignore_index=True)
    pd.testing.assert_frame_equal(back, given_in, check_like=True, check_dtype=False)
    assert store.figures(ANYONE, kpis=["caseload"])["note"].tolist() == ["no data"]
    assert store.figures(ANYONE, levels=["team"], units=["O'Neill; DROP TABLE figure --"])["numerator"].tolist() == [3.0]
    assert store.figures(ANYONE, first=MAY + pd.Timedelta(days=1)).empty
    assert len(store.figures(ANYONE, first=MAY, last=MAY)) == 2
    assert store.figures(Viewer.local("a.rahim", "elsewhere")).empty


def test_figures_are_up_to_date_until_something_changes(store: Store) -> None:
    batch = store.load(HERE, plans("2026-01-31", "North"), by="a.rahim").batch_id
    assert store.version(HERE) == (1, -1)
    store.work_out(HERE, lambda tables: a_figure(1.0))
    assert store.version(HERE) == (1, 1)
    store.withdraw(HERE, batch, by="a.rahim")
    assert store.version(HERE) == (2, 1)


def test_figures_worked_out_while_something_was_loaded_are_worked_out_again(store: Store) -> None:
    store.load(HERE, plans("2026-01-31", "North"), by="a.rahim")
    tries: list[str] = []

    def measure(tables: Tables) -> pd.DataFrame:
        tries.append(tables.cp_plan["team_id"][0])
        store.load(HERE, plans("2026-02-28", "South"), by="b.okafor")
        return a_figure(float(len(tries)))

    store.work_out(HERE, measure)
    assert (tries, store.version(HERE)) == (["North", "South"], (2, 2))
    assert store.figures(ANYONE)["numerator"].tolist() == [2.0]


def test_published_figures_stay_as_first_published(store: Store) -> None:
    store.load(HERE, plans("2026-01-31", "North"), by="a.rahim")
    store.work_out(HERE, lambda tables: a_figure(7.0))
    assert store.publish(HERE, MAY, by="a.rahim") == 1
    store.work_out(HERE, lambda tables: a_figure(8.0))
    assert store.publish(HERE, MAY, by="b.okafor") == 0

    first = store.published(ANYONE)
    assert first[["numerator", "published_by"]].to_numpy().tolist() == [[7.0, "a.rahim"]]
    assert first["left_out"].tolist() == [{"no date of visit: “unknown”": 2}]
    assert pd.Timestamp(first["published_at"][0]).year >= 2026
    assert store.figures(ANYONE)["numerator"].tolist() == [8.0]
    assert store.published(Viewer.local("a.rahim", "elsewhere")).empty


# ---- words that could do harm
ODD = ["O'Neill", '"x"; DROP TABLE child; --', "%s :a {b}", "Zoë 🦊 ليلى", "\\N", "a\tb\nc", "  ", "x" * 20_000, "-0", "\ufeff1"]


def test_odd_ids_stay_themselves(store: Store) -> None:
    odd = BY_NAME["child"].conform(pd.DataFrame({"child_id": ODD}))
    for day in ("2026-01-31", "2026-02-28"):
        loaded = store.load(HERE, reading(day, {"child": odd}), by="O'Neill; --")
    assert list(held(store).child["child_id"]) == ODD
    assert (loaded.rows_new, loaded.rows_unchanged) == (0, len(ODD))


@settings(max_examples=15)
@given(ids=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), unique=True))
def test_any_id_stays_itself(one_store: Store, ids: list[str]) -> None:
    council = f"council {next(COUNCILS)}"
    one_store.load(
        council, reading("2026-01-31", {"child": BY_NAME["child"].conform(pd.DataFrame({"child_id": ids}, dtype=object))}), by="x"
    )
    assert list(held(one_store, council).child["child_id"]) == ids


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(f"sqlite:///{(tmp_path_factory.mktemp('one') / 'one.sqlite').as_posix()}")
    yield made
    made.close()


@pytest.mark.parametrize("bad", ["1\x002", "\ud800"])
def test_an_id_no_database_can_keep_is_refused_and_nothing_is_stored(store: Store, bad: str) -> None:
    children = pd.DataFrame({"child_id": pd.array(["1", bad], dtype="str")})
    with pytest.raises(Refused, match=r"extract\.xlsx: child_id of child has a character that cannot be kept"):
        store.load(
            HERE, reading("2026-01-31", {"cp_plan": "child_id started_on\n1 2026-01-05", "child": children}, content=bad), by="a.rahim"
        )
    assert (store.loads(HERE).empty, teams(store)) == (True, {})


def test_a_row_without_its_fact_is_refused(store: Store) -> None:
    with pytest.raises(Refused, match="a cp_plan row has no started_on"):
        store.load(HERE, reading("2026-01-31", {"cp_plan": "child_id started_on\n1 -"}), by="a.rahim")
    assert store.loads(HERE).empty


def test_a_problem_with_a_cell_no_database_can_keep_is_kept_so_that_it_can_be_read(store: Store) -> None:
    problem = Problem("not a date", "set_aside", "List\x007", 9, "Start", "1\x002\ud800")
    loaded = store.load(HERE, plans("2026-01-31", "North", problems=(problem,), file="caf\udce9.xlsx"), by="a.rahim")
    assert store.problems(HERE)[["file", "sheet", "value"]].iloc[0].tolist() == ["caf?.xlsx", "List␀7", "1␀2?"]
    assert loaded.problems[0].value == "1␀2?"


# ---- where the database cannot be reached
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://clerk:hunter2@127.0.0.1:1/council", "postgresql://127.0.0.1:1/council?user=clerk&password=hunter2",
        "postgresql://clerk:hunter2/9@127.0.0.1/council", "postgresql://clerk:hunter2@127.0.0.1:1/council?no_such_option=1",
        "mysql://clerk:hunter2@127.0.0.1/council", "nothing://clerk:hunter2@127.0.0.1/council", "hunter2", "",
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_said_without_its_password(url: str) -> None:
    with pytest.raises(Unreachable) as said:
        Store(url)
    assert "hunter2" not in str(said.value)
    assert said.value.__cause__ is None
    assert said.value.__suppress_context__


def test_a_postgresql_password_that_is_wrong_is_not_repeated(postgres_url: str) -> None:
    name, password = postgres_url.split("//")[1].split("@")[0].split(":")
    with pytest.raises(Unreachable, match="cannot be opened") as said:
        Store(postgres_url.replace(password, "hunter2"))
    assert name in str(said.value)
    assert "hunter2" not in str(said.value)
    Store(postgres_url.replace("postgresql+psycopg://", "postgresql://")).close()


def test_a_file_that_cannot_be_a_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Minutes of the last meeting. " * 50)
    for file, says in (("notes.txt/held.sqlite", "cannot be made"), ("notes.txt", "cannot be opened"), ("", "cannot be opened")):
        with pytest.raises(Unreachable, match=says):
            Store(f"sqlite:///{(tmp_path / file).as_posix()}")
    assert (tmp_path / "notes.txt").read_text().startswith("Minutes")
