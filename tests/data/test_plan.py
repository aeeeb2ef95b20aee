"""The plan as it is kept: loaded and written here as one, nothing overwritten, two editors told apart, and measures that see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest

from data.plan import Action, Meeting, Stage, Update
from data.records import Unfit
from data.store import Store
from data.surgery import Conflict
from data.viewer import NotAllowed, Viewer
from kpi import REGISTER, duties
from kpi.figures import all_figures, figures_of
from kpi.plan import figures_of_plan, plan_kpis
from tests.data.readings import HERE, held, reading

KEEPER = Viewer("k.adeyemi", HERE, every_team=True, data_team=True)
OTHER = replace(KEEPER, name="m.patel")
READER = Viewer("r.jones", HERE, every_team=True)
HEAD = "action_id observed_on recommendation_id text lead due_on status_kind updated_on rag_kind"


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text).as_unit("s")


def snapshot(as_at: str, *rows: str) -> str:
    """An extract of the plan drawn up on a day: for each action its reference, recommendation, text, lead, due, status, update, rag."""
    return "\n".join([HEAD, *(f"{row.split()[0]} {as_at} {' '.join(row.split()[1:])}" for row in rows)])


def load(store: Store, as_at: str, *rows: str, covers: bool = True) -> int:
    said = reading(as_at, {"action": snapshot(as_at, *rows)}, source="actions", covers={"action": (as_at, as_at)} if covers else None)
    return store.load(HERE, said, by="a.rahim").batch_id


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    yield from opened(sqlite_url)


@pytest.fixture
def either(database_url: str) -> Iterator[Store]:
    """On SQLite, and again on PostgreSQL: for what the two could do differently."""
    yield from opened(database_url)


def opened(url: str) -> Iterator[Store]:
    made = Store(url)
    at(made, "2026-06-02")
    made.plan.measured_by(plan_kpis(), figures_of_plan)
    yield made
    made.close()


def at(store: Store, when: str) -> None:
    """Let it be noon of this day."""
    moment = datetime.fromisoformat(f"{when}T12:00:00")
    store.plan.now = lambda: moment


BASE = {
    "text": "Supervise", "recommendation_id": "6", "lead": "Ann", "due_on": pd.Timestamp("2026-05-01"), "status_kind": "in_progress",
    "rag_kind": "amber",
}  # fmt: skip
P1 = "P1 6 Supervise Ann 2026-05-01 in_progress 2026-04-10 amber"
P2 = "P2 6 Train Bo 2026-09-01 in_progress 2026-05-20 green"


def revision(store: Store, action_id: str = "P1") -> str:
    rows = store.plan.actions(KEEPER, history=True).set_index("action_id")
    return str(rows.loc[action_id, "revision"])


def now(store: Store, action_id: str = "P1") -> pd.Series:
    return store.plan.actions(KEEPER, history=True).set_index("action_id").loc[action_id]


def figure(store: Store, key: str, month: str) -> tuple[float, float]:
    row = store.figures(KEEPER, kpis=[key], first=day(month), last=day(month)).iloc[0]
    return row["numerator"], row["denominator"]


def test_what_is_written_stands_over_the_extract_and_a_later_extract_over_it_with_the_difference_shown(store: Store) -> None:
    load(store, "2026-05-31", P1, P2)
    store.plan.update(
        KEEPER, "P1", Update(day("2026-06-01"), "Two teams to go", rag_kind="red", rag_reason="Late"), revision=revision(store)
    )
    assert (now(store)["rag_kind"], now(store)["rag_reason"], now(store)["updated_on"]) == ("red", "Late", day("2026-06-01"))
    store.plan.change(OTHER, "P1", replace(_action(store), lead="Cy"), revision=revision(store))
    assert store.plan.differences(READER).empty
    load(store, "2026-06-30", P1.replace("amber", "green"), P2)
    row = now(store)
    assert (row["rag_kind"], row["lead"], row["rag_reason"], row["origin"]) == ("green", "Ann", "Late", "both")
    assert row["updated_on"] == day("2026-06-01"), "an update that was given is not undone by an extract that has not heard of it"
    said = store.plan.differences(READER).set_index("field")
    assert said.loc["rag_kind", ["said_here", "by", "extract_says"]].tolist() == ["red", "k.adeyemi", "green"]
    assert said.loc["lead", ["said_here", "by", "extract_says"]].tolist() == ["Cy", "m.patel", "Ann"]
    at(store, "2026-07-01")
    store.plan.change(KEEPER, "P1", replace(_action(store), lead="Cy"), revision=revision(store))
    assert set(store.plan.differences(READER)["field"]) == {"rag_kind"}, "what is written again stands again"
    assert store.plan.actions(READER, on=day("2026-06-15")).set_index("action_id").loc["P1", "rag_kind"] == "red"


def _action(store: Store, action_id: str = "P1") -> Action:
    row = now(store, action_id)
    return Action(**{name: row[name] for name in Action.__dataclass_fields__})


def test_an_extract_loaded_late_for_an_earlier_day_does_not_undo_what_was_written_since(store: Store) -> None:
    load(store, "2026-04-30", P1)
    store.plan.change(KEEPER, "P1", replace(_action(store), rag_kind="red"), revision=revision(store))
    load(store, "2026-05-31", P1.replace("2026-04-10", "2026-05-22").replace("Ann", "Di"))
    row = now(store)
    assert (row["rag_kind"], row["lead"], row["updated_on"]) == ("red", "Di", day("2026-05-22"))


def test_measures_and_duties_see_what_was_written_at_once(either: Store) -> None:
    store = either
    load(store, "2026-05-30", P1, P2)
    store.work_out(HERE, lambda tables: all_figures(tables, plan_kpis()))
    assert figure(store, "plan_actions_updated", "2026-05-31") == (1, 2), "P1 was last updated 51 days before"
    at(store, "2026-05-31")
    store.plan.update(KEEPER, "P1", Update(day("2026-05-31"), "Done in three teams"), revision=revision(store))
    version, worked_out = store.version(HERE)
    assert version == worked_out, "the figures are worked out anew in the same breath"
    assert figure(store, "plan_actions_updated", "2026-05-31") == (2, 2)
    store.plan.change(KEEPER, "P1", replace(_action(store), due_on=day("2026-06-30")), revision=revision(store))
    assert figure(store, "plan_actions_overdue", "2026-05-31") == (0, 2)
    owed = store.cases(KEEPER, lambda tables: duties.due(tables, day("2026-05-31"), ["plan_update"])).set_index("case_id")
    assert owed.loc["P1", "due_on"] == day("2026-07-12"), "42 days after the update written here"
    assert owed.loc["P2", "due_on"] == day("2026-07-01")
    pd.testing.assert_frame_equal(
        store.figures(KEEPER, kpis=list(plan_kpis())).reset_index(drop=True),
        all_figures(held(store), plan_kpis())
        .query("level == 'authority'")
        .sort_values(["kpi", "unit_id", "period"])[store.figures(KEEPER).columns]
        .reset_index(drop=True),
    )
    at(store, "2026-06-03")
    store.plan.take_off(KEEPER, "P2", revision=revision(store, "P2"))
    assert figure(store, "plan_actions_updated", "2026-05-31") == (2, 2), "the months before keep it"


def test_a_plan_kept_here_alone_speaks_for_every_month_since_up_to_the_newest_loaded(store: Store) -> None:
    at(store, "2026-03-10")
    assert store.plan.add(KEEPER, Action("Join the teams", lead="Ann", due_on=day("2026-04-15"))) == "A1"
    store.load(
        HERE, reading("2026-05-31", {"team": "team_id service_id\nNorth East"}, covers={"team": ("2026-01-31", "2026-05-31")}), by="x"
    )
    tables = held(store)
    assert list(tables.covered["action"]) == [day("2026-03-31"), day("2026-04-30"), day("2026-05-31")]
    overdue = figures_of(REGISTER["plan_actions_overdue"], tables, levels=("authority",))
    assert overdue["numerator"].tolist() == [0, 1, 1]
    updated = figures_of(REGISTER["plan_actions_updated"], tables, levels=("authority",))
    assert updated["numerator"].tolist() == [1, 0, 0], "21 days after it was added, then 51"
    assert set(tables.action["observed_on"]) == {day("2026-03-10"), *tables.covered["action"]}


def test_an_action_the_newest_extract_no_longer_lists_has_left_and_one_written_of_since_is_back(store: Store) -> None:
    load(store, "2026-04-30", P1, P2)
    store.plan.add(KEEPER, Action("Ours"))
    load(store, "2026-05-31", P2)
    assert store.plan.actions(READER)["action_id"].tolist() == ["A1", "P2"]
    assert now(store)["state"] == "no longer listed"
    store.plan.update(KEEPER, "P1", Update(day("2026-06-02"), "Taken up again"), revision=revision(store))
    assert now(store)["state"] == "in the plan"
    newest = held(store).action
    assert set(newest.loc[newest["observed_on"] == day("2026-06-02"), "action_id"]) == {"A1", "P1", "P2"}
    load(store, "2026-06-30", P2)
    assert now(store)["state"] == "no longer listed"
    assert store.plan.actions(READER)["action_id"].tolist() == ["A1", "P2"], "what was added here stays, though no extract lists it"


def test_nothing_written_is_ever_lost(either: Store) -> None:
    store = either
    load(store, "2026-05-31", P1)
    wrong = Update(day("2026-06-01"), "Of another action", rag_kind="green")
    store.plan.update(KEEPER, "P1", wrong, revision=revision(store))
    update = int(store.plan.updates(READER)["id"].iloc[0])
    store.plan.take_update_back(OTHER, "P1", update, revision=revision(store))
    assert now(store)["updated_on"] == day("2026-04-10"), "a mistaken update does not count"
    with pytest.raises(LookupError, match="is taken back already"):
        store.plan.take_update_back(OTHER, "P1", update, revision=revision(store))
    store.plan.take_off(OTHER, "P1", revision=revision(store))
    with pytest.raises(LookupError, match="taken off the plan: add it again first"):
        store.plan.update(KEEPER, "P1", wrong, revision=revision(store))
    assert store.plan.add(KEEPER, replace(_action(store), text="Supervise"), "P1") == "P1"
    assert store.plan.updates(READER).empty
    kept = store.plan.updates(READER, history=True).iloc[0]
    assert (kept["words"], kept["by"], kept["taken_back_by"]) == ("Of another action", "k.adeyemi", "m.patel")
    told = store.plan.history(READER, "P1")
    assert told["did"].tolist() == ["first listed", "updated", "changed", "update taken back", "taken off", "added"]
    assert told["words"].iloc[1] == "01/06/2026: Of another action (taken back since)"
    assert told.loc[2, ["field", "was", "now"]].tolist() == ["rag_kind", "amber", "green"]


def test_of_two_who_change_an_action_at_once_one_is_told_and_loses_nothing(either: Store) -> None:
    store = either
    load(store, "2026-05-31", P1)
    seen, mine = revision(store), replace(_action(store), lead="Bo")

    def write(who: Viewer) -> str:
        try:
            store.plan.change(who, "P1", replace(mine, lead=who.name), revision=seen)
        except Conflict as conflict:
            return f"{who.name} is told: {conflict.latest['lead']}"
        return f"{who.name} is kept"

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(write, (KEEPER, OTHER))
    assert {first, second} in (
        {"k.adeyemi is kept", "m.patel is told: k.adeyemi"},
        {"m.patel is kept", "k.adeyemi is told: m.patel"},
    )
    seen = revision(store)
    load(store, "2026-06-30", P1.replace("Ann", "Ed"))
    with pytest.raises(Conflict, match=r"a\.rahim changed action P1 meanwhile"):
        store.plan.update(KEEPER, "P1", Update(day("2026-06-01"), "Mine"), revision=seen)


def test_stages_and_meetings_are_steps_too_and_conflict_alike(either: Store) -> None:
    store = either
    stage = Stage("6", "embedded", day("2026-05-01"), "Principal social worker", "Audit of supervision")
    store.plan.set_stage(KEEPER, stage, revision=0)
    with pytest.raises(Conflict, match=r"k\.adeyemi changed this meanwhile"):
        store.plan.set_stage(OTHER, stage, revision=0)
    store.plan.take_stage_back(OTHER, "6", "embedded", revision=1)
    assert store.plan.stages(READER).empty
    assert store.plan.stages(READER, history=True).loc[0, ["who", "by", "taken_back_by"]].tolist() == [
        "Principal social worker", "k.adeyemi", "m.patel",
    ]  # fmt: skip
    store.plan.set_meeting(KEEPER, Meeting("board", day("2026-06-10")), revision=0)
    store.plan.set_meeting(OTHER, Meeting("board", day("2026-06-17")), revision=1)
    assert store.plan.meetings(READER)["first_on"].tolist() == [day("2026-06-17")]
    store.plan.take_meeting_back(KEEPER, "board", "", revision=2)
    assert store.plan.meetings(READER).empty
    assert len(store.plan.meetings(READER, history=True)) == 2


def test_what_cannot_be_kept_is_refused_in_words(store: Store) -> None:
    load(store, "2026-05-31", P1)
    plan, first = store.plan, day("2026-06-01")
    refused: dict[str, Callable[[], object]] = {
        r"r\.jones may not write in the improvement plan": lambda: plan.add(READER, Action("x")),
        "The action is empty": lambda: plan.add(KEEPER, Action("  ")),
        "would be read as an Excel error": lambda: plan.add(KEEPER, Action("#N/A")),
        "“purple” is not a RAG rating: choose one of red, amber": lambda: plan.add(KEEPER, Action("x", rag_kind="purple")),
        "needs a short reference": lambda: plan.add(KEEPER, Action("x"), "12.0"),
        "There is an action P1 already": lambda: plan.add(KEEPER, Action("x"), "P1"),
        "is in the future": lambda: plan.update(KEEPER, "P1", Update(day("2026-06-03"), "x"), revision=revision(store)),
        "There is no action P9": lambda: plan.update(KEEPER, "P9", Update(first, "x"), revision="0.1"),
        "Nothing is different": lambda: plan.change(KEEPER, "P1", Action(**BASE), revision=revision(store)),
        "which service": lambda: plan.set_meeting(KEEPER, Meeting("surgery", first), revision=0),
        "Who says so is empty": lambda: plan.set_stage(KEEPER, Stage("6", "embedded", first, "", "x"), revision=0),
    }
    for says, write in refused.items():
        with pytest.raises((NotAllowed, Unfit, LookupError), match=says):
            write()
    assert plan.history(READER)["did"].tolist() == ["first listed"]


def test_another_authoritys_plan_is_its_own(store: Store) -> None:
    store.plan.add(KEEPER, Action("Ours"))
    elsewhere = Viewer.local("x", "elsewhere")
    assert store.plan.actions(elsewhere).empty
    assert store.plan.add(elsewhere, Action("Theirs")) == "A1"
    assert store.plan.actions(KEEPER)["text"].tolist() == ["Ours"]
