"""Targets set in the product: dated, logged, taken back and never edited; over those loaded, and those over the shipped ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import create_engine, select

from data import reference
from data.records import LINE_LIMIT, Target, Unfit, fit_target
from data.store import Store, schema
from data.viewer import NotAllowed, Viewer
from tests.data.readings import HERE, reading

KEEPER = Viewer("k.adeyemi", HERE, every_team=True, data_team=True)
READER = Viewer("r.jones", HERE, every_team=True)
APRIL = pd.Timestamp("2026-04-01")
TARGET = Target("cp_visits_in_time", APRIL, 88.0, "Improvement Board", 80.0, pd.Timestamp("2026-12-31"), "Minutes, 3 March", "Raised")


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    yield made
    made.close()


def green(store: Store, kpi: str = "cp_visits_in_time", since: pd.Timestamp = APRIL) -> list[float]:
    rows = store.targets(HERE)
    return rows.loc[(rows["kpi"] == kpi) & (rows["since"] == since), "green"].tolist()


def test_a_target_set_is_among_the_targets_in_their_shape(store: Store) -> None:
    before = store.targets(HERE)
    ident = store.set_target(KEEPER, TARGET)
    after = store.targets(HERE)
    pd.testing.assert_series_equal(after.dtypes, before.dtypes)
    assert len(after) == len(before) + 1
    row = store.target_rows(HERE).set_index("id").loc[ident]
    assert (row["kpi"], row["since"], row["green"], row["amber"], row["by"]) == (TARGET.kpi, APRIL, 88, 80, TARGET.by)
    assert (row["set_by"], row["source"], row["note"], row["origin"], row["holds"]) == (
        "Improvement Board", "Minutes, 3 March", "Raised", "set here", True,
    )  # fmt: skip


def test_one_set_here_holds_over_one_loaded_and_that_over_one_shipped_of_the_same_day(store: Store) -> None:
    shipped = reference.targets(HERE)
    kpi, since = str(shipped["kpi"][0]), pd.Timestamp(shipped["since"][0])
    store.load(HERE, reading("2026-05-31", {"target": f"kpi since green\n{kpi} {since:%Y-%m-%d} 61"}), by="x")
    assert green(store, kpi, since) == [61]
    ident = store.set_target(KEEPER, Target(kpi, since, 62.0, "Us"))
    assert green(store, kpi, since) == [62]
    rows = store.target_rows(HERE)
    rows = rows[(rows["kpi"] == kpi) & (rows["since"] == since)]
    assert list(zip(rows["origin"], rows["holds"], strict=True)) == [("shipped", False), ("loaded", False), ("set here", True)]
    store.take_target_back(KEEPER, ident)
    assert green(store, kpi, since) == [61]


def test_a_target_taken_back_no_longer_holds_and_stays_in_the_history(store: Store) -> None:
    ident = store.set_target(KEEPER, TARGET)
    store.take_target_back(replace(KEEPER, name="m.patel"), ident)
    assert green(store) == []
    past = store.targets_set(READER).iloc[0]
    assert (past["green"], past["made_by"], past["taken_back_by"]) == (88, "k.adeyemi", "m.patel")
    steps = store.target_steps(READER)
    assert list(zip(steps["did"], steps["done_by"], steps["green"], strict=True)) == [
        ("set", "k.adeyemi", 88),
        ("taken back", "m.patel", 88),
    ]
    with pytest.raises(LookupError, match=r"taken back already, by m\.patel"):
        store.take_target_back(KEEPER, ident)


def test_a_corrected_target_is_another_one(store: Store) -> None:
    first = store.set_target(KEEPER, TARGET)
    with pytest.raises(LookupError, match=r"is set already, by k\.adeyemi: take that one back first"):
        store.set_target(KEEPER, replace(TARGET, green=90.0))
    store.take_target_back(KEEPER, first)
    second = store.set_target(KEEPER, replace(TARGET, green=90.0))
    assert (first, second, green(store)) == ("1", "2", [90])


def test_only_who_may_sets_and_takes_back(store: Store) -> None:
    ident = store.set_target(KEEPER, TARGET)
    for tried in (lambda: store.set_target(READER, replace(TARGET, kpi="caseload")), lambda: store.take_target_back(READER, ident)):
        with pytest.raises(NotAllowed, match=r"r\.jones may not set targets"):
            tried()
    assert len(store.target_steps(KEEPER)) == 1


def test_another_authoritys_targets_are_its_own(store: Store) -> None:
    ident = store.set_target(KEEPER, TARGET)
    elsewhere = Viewer.local("x", "elsewhere")
    assert store.target_steps(elsewhere).empty
    with pytest.raises(LookupError, match="no target 1 that was set here"):
        store.take_target_back(elsewhere, ident)


def test_pages_are_drawn_again_and_the_figures_stay_up_to_date(store: Store) -> None:
    store.load(HERE, reading("2026-05-31", {"target": "kpi since green\ncaseload 2026-01-01 16"}), by="x")
    store.work_out(HERE, lambda tables: pd.DataFrame(columns=["kpi", "period", "level", "unit_id", "numerator", "denominator", "left_out",
                                                              "apart", "note"]).astype({"period": "datetime64[s]"}))  # fmt: skip
    before = store.version(HERE)
    store.set_target(KEEPER, TARGET)
    after = store.version(HERE)
    assert after[0] == before[0] + 1
    assert after[0] == after[1]


def test_no_step_is_ever_changed_or_deleted(store: Store, database_url: str) -> None:
    store.take_target_back(KEEPER, store.set_target(KEEPER, TARGET))
    store.set_target(KEEPER, TARGET)
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        did = [row.did for row in connection.execute(select(schema.target_step).order_by(schema.target_step.c.step_id))]
    engine.dispose()
    assert did == ["set", "taken back", "set"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"kpi": ""}, "which measure"),
        ({"kpi": "Seen in time"}, "not the key"),
        ({"since": pd.NaT}, "holds from is missing"),
        ({"since": pd.Timestamp("1889-01-01")}, "check the year"),
        ({"by": pd.Timestamp("2026-03-31")}, "before the day it holds from"),
        ({"green": float("nan")}, "The target is not a figure"),
        ({"green": float("inf")}, "The target is not a figure"),
        ({"amber": float("nan")}, "near is not a figure"),
        ({"set_by": "  "}, "Who set it is empty"),
        ({"note": "x" * (LINE_LIMIT + 1)}, "shorten it to 300"),
        ({"source": "a\u202eb"}, "cannot be shown"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(changed: dict[str, object], says: str) -> None:
    with pytest.raises(Unfit, match=says):
        fit_target(replace(TARGET, **changed))  # type: ignore[arg-type]


def test_a_target_is_kept_tidied() -> None:
    kept = fit_target(replace(TARGET, since=pd.Timestamp("2026-04-01 09:00"), set_by=" Improvement \n Board ", amber=None, by=None))
    assert (kept.since, kept.set_by, kept.amber, kept.by) == (APRIL, "Improvement Board", None, None)
