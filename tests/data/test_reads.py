"""What the Data page reads: problems found and counted, completeness, restatements; and standards and targets that were loaded."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from data import given, reference
from data.reading import Problem
from data.store import Store
from data.tables import BY_NAME, Tables
from data.viewer import Viewer
from tests.data.readings import HERE, held, plans, reading, rows

JAN, FEB, MAR = "2026-01-31", "2026-02-28", "2026-03-31"
EVERYONE = Viewer.local("a.rahim", HERE)
MAY = pd.Timestamp("2026-05-31")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    yield made
    made.close()


# ---- problems
def test_problems_are_found_by_source_severity_and_words(store: Store) -> None:
    bad = (
        Problem("100% wrong", "warning", value="A_1"),
        Problem("set aside", "set_aside", "List 7", 9, "Start", "x"),
        Problem("a note", "note"),
    )
    store.load(HERE, plans(JAN, "North", problems=bad), by="x")
    store.load(HERE, plans(FEB, "North", problems=bad[:1], source="cin_census", file="Census.xml"), by="x")
    assert len(store.problems(HERE)) == 4
    assert len(store.problems(HERE, source="cin_census")) == 1
    assert list(store.problems(HERE, severity="set_aside")["value"]) == ["x"]
    assert len(store.problems(HERE, search="census")) == 1
    assert (len(store.problems(HERE, search="0% W")), len(store.problems(HERE, search="%")), len(store.problems(HERE, search="a_1"))) == (
        2,
        2,
        2,
    )
    assert store.problem_total(HERE, search="list 7") == len(store.problems(HERE, search="list 7")) == 1
    assert list(store.problems(HERE, limit=2, offset=2)["says"]) == ["set aside", "a note"]
    assert store.problems(HERE, source="nothing").empty


def test_problems_are_counted_over_time(store: Store) -> None:
    bad = (Problem("one"), Problem("two"), Problem("three", "note"))
    store.load(HERE, plans("2026-01-20", "North", problems=bad), by="x")
    store.load(HERE, plans("2026-01-31", "South", problems=bad[:1]), by="x")
    gone = store.load(HERE, plans(FEB, "South", problems=bad), by="x").batch_id
    store.withdraw(HERE, gone, by="x")
    counts = store.problem_counts(HERE)
    assert counts[["source", "severity", "problems"]].to_numpy().tolist() == [["annex_a", "note", 1], ["annex_a", "warning", 3]]
    assert set(counts["month"]) == {pd.Timestamp(JAN)}
    assert store.problem_counts("elsewhere").empty


# ---- completeness
def test_completeness_is_of_what_stands_and_is_current_by_team(store: Store) -> None:
    said = "child_id started_on ended_on category_kind team_id\n1 2026-01-05 - neglect North\n2 2026-01-05 - - North\n3 2026-01-05 - x -"
    ended = "\n4 2025-01-05 2025-09-09 neglect North"
    events = "child_id happened_on source_kind team_id\n1 2024-12-31 police North\n1 2026-01-02 - South"
    store.load(HERE, reading(JAN, {"cp_plan": said + ended, "referral": events, "child": "child_id born_on\n1 2020-01-01\n2 -"}), by="x")
    found = store.completeness(EVERYONE).set_index(["table", "field", "team_id"])[["rows", "filled"]]
    assert found.loc[("cp_plan", "category_kind", "North")].tolist() == [2, 1]
    assert found.loc[("cp_plan", "team_id", "")].tolist() == [1, 0]
    assert found.loc[("cp_plan", "team_id", "North")].tolist() == [2, 2]
    assert found.loc[("child", "born_on", "")].tolist() == [2, 1]
    assert found.loc["referral"].index.get_level_values("team_id").unique().tolist() == ["South"]
    some = store.completeness(Viewer("c.hall", HERE, frozenset({"North"})))
    assert set(zip(some["table"], some["team_id"], strict=True)) == {("cp_plan", "North")}
    assert store.completeness(Viewer("c.hall", HERE)).empty
    assert store.completeness(Viewer.local("x", "elsewhere")).empty


# ---- first published against now
def figures(**parts: float) -> pd.DataFrame:
    said = [
        {"kpi": kpi, "period": MAY, "level": "authority", "unit_id": HERE, "numerator": n, "denominator": 9.0, "left_out": {}, "apart": {},
         "note": ""} for kpi, n in parts.items()
    ]  # fmt: skip
    return pd.DataFrame(said)


def work_out(store: Store, **parts: float) -> None:
    def measure(_: Tables) -> pd.DataFrame:
        return figures(**parts)

    store.work_out(HERE, measure)


def test_a_published_figure_that_is_another_now_is_listed_with_the_loads_since(store: Store) -> None:
    early = store.load(HERE, plans(JAN, "North"), by="x").batch_id
    work_out(store, caseload=3.0, cp_visits_in_time=7.0, re_referrals=float("nan"), audits=0.1 + 0.2)
    store.publish(HERE, MAY, by="a.rahim")
    assert store.restatements(EVERYONE).empty
    late = store.load(HERE, plans(FEB, "South"), by="x").batch_id
    work_out(store, cp_visits_in_time=8.0, re_referrals=float("nan"), audits=0.3)
    found = store.restatements(EVERYONE)
    assert list(found["kpi"]) == ["caseload", "cp_visits_in_time"]
    assert pd.isna(found["numerator_now"][0])
    assert found.loc[1, ["numerator_published", "numerator_now", "denominator_now"]].tolist() == [7.0, 8.0, 9.0]
    assert list(found["loads_since"]) == [(late,), (late,)]
    assert (found["published_by"][0], len(store.restatements(EVERYONE, kpis=["caseload"]))) == ("a.rahim", 1)
    store.withdraw(HERE, early, by="x")
    assert list(store.restatements(EVERYONE)["loads_since"]) == [(early, late)] * 2
    assert store.restatements(Viewer.local("x", "elsewhere")).empty


# ---- standards and targets that were loaded
def test_a_loaded_clock_holds_over_the_shipped_one_of_its_day_and_beside_the_others(store: Store) -> None:
    shipped = {(c.duty, c.since): c.interval for c in reference.clocks(HERE)}
    same = f"cp_visit {min(since for duty, since in shipped if duty == 'cp_visit'):%Y-%m-%d} 15 working_days Council"
    store.load(HERE, reading(JAN, {"clock": f"duty since interval unit set_by\n{same}\ncp_visit 2026-04-01 20 calendar_days -"}), by="x")
    clocks = held(store).clocks
    assert clocks == store.clocks(HERE)
    mine = [(c.interval, c.unit, c.set_by) for c in clocks if c.duty == "cp_visit"]
    assert mine == [(15, "working_days", "Council"), (20, "calendar_days", "")]
    assert len(clocks) == len(shipped) + 1
    assert store.clocks("elsewhere") == given.clocks("elsewhere", BY_NAME["clock"].empty())


def test_loaded_targets_hold_over_the_shipped_ones_in_the_same_shape(store: Store) -> None:
    shipped = reference.targets(HERE)
    pd.testing.assert_frame_equal(store.targets(HERE), shipped)
    kpi, since = shipped["kpi"][0], shipped["since"][0]
    store.load(HERE, reading(JAN, {"target": f"kpi since green\n{kpi} {since:%Y-%m-%d} 91.5\n{kpi} 2030-01-01 95"}), by="x")
    found = store.targets(HERE)
    assert list(found.columns) == list(shipped.columns)
    assert len(found) == len(shipped) + 1
    assert found.loc[found["kpi"] == kpi, "green"].tolist()[0] == 91.5
    assert found.loc[found["since"] == pd.Timestamp("2030-01-01"), "green"].tolist() == [95.0]
    assert store.targets("elsewhere")["green"].tolist() == shipped["green"].tolist()


def test_an_annotation_no_longer_listed_is_gone(store: Store) -> None:
    said = "happened_on label annotation_kind\n2025-04-01 Inspection inspection\n2025-05-01 Policy policy"
    whole = {"annotation": ("2025-01-01", "2026-12-31")}
    for day, text in ((JAN, said), (FEB, said.rsplit("\n", 1)[0])):
        store.load(HERE, reading(day, {"annotation": rows("annotation", text)}, source="annotations", complete=whole), by="x")
    assert list(store.annotations(EVERYONE)["label"]) == ["Inspection"]
