"""Surgeries as they are kept: steps that nobody edits, two people at once, closed for good, and read only by those who see the team."""

from __future__ import annotations

import inspect
import threading
import typing
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import pytest

from data.records import Unfit
from data.snapshot import as_json, frame_kept, kept_frame, seen_by
from data.store import Store
from data.store.surgeries import Surgeries
from data.store.surgery_reads import COMMITMENTS, HELD
from data.surgery import KINDS, Commitment, Conflict, Surgery, fit_commitment, fit_reason, fit_surgery
from data.viewer import NotAllowed, Viewer
from kpi.duties import BY_KEY
from tests.data.readings import HERE, plans, reading

HEAD = Viewer("t.ainsley", HERE, every_team=True, data_team=True)
OTHER = Viewer("m.okoro", HERE, every_team=True, data_team=True)
NORTH = Viewer("n.lead", HERE, teams=frozenset({"North"}))
SOUTH = Viewer("s.lead", HERE, teams=frozenset({"South"}))
DAY = pd.Timestamp("2026-05-26")
BY = pd.Timestamp("2026-05-29")
OF_NORTH = Surgery(level="team", unit_id="North", held_on=DAY, present="T. Ainsley,  M. Okoro")
SERVICE = Surgery(level="service", unit_id="Help", held_on=DAY)


def seen(surgery_id: str, child: str = "10390", **more: Any) -> Commitment:
    return Commitment(
        surgery_id=surgery_id, kind="child_seen", about_kind="child", about_id=child, duty="cp_visit", who="K. Birch", by_on=BY, **more
    )  # fmt: skip


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    yield made
    made.close()


@pytest.fixture
def light(sqlite_url: str) -> Iterator[Store]:
    made = Store(sqlite_url)
    yield made
    made.close()


def test_what_is_written_is_read_back_with_who_and_when_and_every_step_stays(store: Store) -> None:
    s = store.surgeries
    before = s.version(HERE)
    ident = s.open(HEAD, OF_NORTH)
    agreed = s.agree(HEAD, seen(ident, note="two  visits missed"))
    s.change_commitment(OTHER, agreed, replace(seen(ident), who="S. Dunn"), revision=1)
    held = s.held(HEAD).iloc[0]
    assert tuple(s.held(HEAD)) == HELD
    assert tuple(held[["unit_id", "held_on", "focus", "present", "state", "revision", "opened_by", "steps"]]) == (
        "North", DAY, "visits", "T. Ainsley, M. Okoro", "open", 1, "t.ainsley", 3,
    )  # fmt: skip
    row = s.commitments(HEAD).iloc[0]
    assert tuple(s.commitments(HEAD)) == COMMITMENTS
    assert tuple(row[["level", "unit_id", "held_on", "what", "who", "by_on", "note", "state", "revision", "team_id"]]) == (
        "team", "North", DAY, "Child seen", "S. Dunn", BY, "", "agreed", 2, "North",
    )  # fmt: skip
    assert (row["made_by"], row["changed_by"]) == ("t.ainsley", "m.okoro")
    s.take_back(HEAD, agreed, revision=2)
    assert s.commitments(HEAD).empty
    assert s.commitments(HEAD, history=True)["state"].tolist() == ["taken back"]
    taken = s.history(HEAD, "commitment", agreed)
    assert list(zip(taken["did"], taken["by"], taken["who"], taken["note"], strict=True)) == [
        ("agreed", "t.ainsley", "K. Birch", "two visits missed"),
        ("changed", "m.okoro", "S. Dunn", ""),
        ("taken back", "t.ainsley", "S. Dunn", ""),
    ]
    assert s.version(HERE) != before


def test_reasons_and_notes_are_steps_of_one_record_each(store: Store) -> None:
    s = store.surgeries
    ident = s.open(HEAD, OF_NORTH)
    s.give_reason(HEAD, ident, "10390", "cp_visit", "worker_absent", "since 3 May")
    s.give_reason(OTHER, ident, "10390", "cp_visit", "vacancy", "", revision=1)
    assert s.reasons(HEAD, ident)[["child_id", "reason_kind", "note", "revision"]].values.tolist() == [["10390", "vacancy", "", 2]]
    s.take_reason_back(HEAD, ident, "10390", "cp_visit", revision=2)
    assert s.reasons(HEAD, ident)["state"].tolist() == ["taken back"]
    s.write_note(HEAD, ident, "Cover agreed.")
    s.write_note(HEAD, ident, "Ask the school.", about_kind="child", about_id="10390")
    s.write_note(OTHER, ident, "Cover agreed from Monday.", revision=1)
    notes = s.notes(HEAD, ident)
    assert notes[["about_id", "text", "revision"]].values.tolist() == [
        ["", "Cover agreed from Monday.", 2],
        ["10390", "Ask the school.", 1],
    ]
    assert s.history(HEAD, "note", notes["id"][0])["text"].tolist() == ["Cover agreed.", "Cover agreed from Monday."]


Write = Callable[[Surgeries, Viewer, str, str, int], object]
WRITES: dict[str, Write] = {
    "who is there": lambda s, who, ident, _, revision: s.set_present(who, ident, who.name, revision=revision),
    "a commitment": lambda s, who, ident, of, revision: s.change_commitment(who, of, replace(seen(ident), who=who.name), revision=revision),
    "taking it back": lambda s, who, _, of, revision: s.take_back(who, of, revision=revision),
    "a reason": lambda s, who, ident, _, revision: s.give_reason(who, ident, "1", "cp_visit", "vacancy", who.name, revision=revision - 1),
    "the note": lambda s, who, ident, _, revision: s.write_note(who, ident, who.name, revision=revision - 1),
    "closing": lambda s, who, ident, _, revision: s.close(who, ident, {}, revision=revision),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=list(WRITES))
def test_of_two_who_change_the_same_thing_at_once_one_is_told(store: Store, write: Write) -> None:
    s = store.surgeries
    ident = s.open(HEAD, OF_NORTH)
    of = s.agree(HEAD, seen(ident))
    steps, start, told = int(s.held(HEAD)["steps"][0]), threading.Barrier(2), []

    def change(who: Viewer) -> None:
        start.wait()
        try:
            write(s, who, ident, of, 1)
        except (Conflict, LookupError) as error:
            told.append((who, error))

    both = [threading.Thread(target=change, args=(who,)) for who in (HEAD, OTHER)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    (_, error), winner = told[0], OTHER if told[0][0] is HEAD else HEAD
    assert len(told) == 1
    assert winner.name in str(error), "the message names who came first"
    assert s.held(HEAD)["steps"][0] == steps + 1, "only one of the two is kept"
    if isinstance(error, Conflict):
        assert error.latest["changed_by"] == winner.name
        assert error.latest["revision"] == (1 if write in (WRITES["a reason"], WRITES["the note"]) else 2)


def test_a_closed_surgery_stays_as_it_was_whatever_is_loaded_withdrawn_or_tried(store: Store) -> None:
    s = store.surgeries
    store.load(HERE, plans("2026-04-30", "North", "South"), by="a.rahim")
    ident = s.open(HEAD, OF_NORTH)
    of, by_hand = s.agree(HEAD, seen(ident)), s.agree(HEAD, replace(seen(ident), kind="by_hand", duty="", what="Cover found"))
    children = pd.DataFrame({"child_id": ["1"], "team_id": ["North"], "due_on": [DAY], "days_late": [float("nan")]})
    shown = {"title": "North", "children": kept_frame(children), "agreed": kept_frame(s.commitments(HEAD, ident))}
    assert s.snapshot(HEAD, ident) is None
    s.close(HEAD, ident, shown, revision=1, steps=int(s.held(HEAD)["steps"][0]))
    batch = store.load(HERE, plans("2026-05-31", "South"), by="a.rahim").batch_id
    store.withdraw(HERE, batch, by="a.rahim")
    kept = s.snapshot(NORTH, ident)
    assert kept == shown
    pd.testing.assert_frame_equal(frame_kept(kept["children"]), children.astype({"due_on": "datetime64[s]"}))
    for refused in (
        lambda: s.set_present(HEAD, ident, "Somebody", revision=2),
        lambda: s.agree(HEAD, seen(ident)),
        lambda: s.change_commitment(HEAD, of, seen(ident), revision=1),
        lambda: s.take_back(HEAD, of, revision=1),
        lambda: s.give_reason(HEAD, ident, "1", "cp_visit", "vacancy", ""),
        lambda: s.write_note(HEAD, ident, "Later"),
        lambda: s.close(HEAD, ident, {}, revision=2),
    ):
        with pytest.raises(LookupError, match=r"closed by t\.ainsley .* say it in the next one"):
            refused()
    s.answer(HEAD, by_hand, True, "S. Dunn from 1 June", revision=1)
    assert s.commitments(HEAD).set_index("id").loc[by_hand, ["answer", "answer_note"]].tolist() == ["kept", "S. Dunn from 1 June"]
    with pytest.raises(LookupError, match="checked by the data"):
        s.answer(HEAD, of, True, "", revision=1)
    with pytest.raises(LookupError, match="on 26/05/2026 already, opened by"):
        s.open(HEAD, OF_NORTH)


def test_closing_does_not_leave_out_what_another_wrote_meanwhile(light: Store) -> None:
    s = light.surgeries
    ident = s.open(HEAD, OF_NORTH)
    read = s.held(HEAD).iloc[0]
    s.agree(OTHER, seen(ident))
    with pytest.raises(Conflict, match="Something was written in this surgery since you read it"):
        s.close(HEAD, ident, {}, revision=int(read["revision"]), steps=int(read["steps"]))
    assert s.held(HEAD)["state"].tolist() == ["open"]


def test_what_the_data_says_is_kept_each_time_that_it_says_another_thing(store: Store) -> None:
    s = store.surgeries
    ident = s.open(HEAD, OF_NORTH)
    of, by_hand = s.agree(HEAD, seen(ident)), s.agree(HEAD, replace(seen(ident), kind="by_hand", duty="", what="Cover found"))
    rule = partial(told, {of: ("not_kept", "Last seen 15 April"), by_hand: ("kept", "")})
    assert s.check(HERE, rule) == 0, "nothing is loaded that could say anything"
    store.load(HERE, plans("2026-06-08", "North", covers={"visit:cp": ("2026-01-01", "2026-06-08")}), by="a.rahim")
    assert s.reach(HERE) == {"visit:cp": pd.Timestamp("2026-06-08")}
    assert [s.check(HERE, rule), s.check(HERE, rule)] == [2, 0]
    then = s.checked(NORTH).set_index("commitment_id").loc[of]
    assert tuple(then[["as_at", "outcome", "said", "version"]]) == (
        pd.Timestamp("2026-06-08"), "not_kept", "Last seen 15 April", store.version(HERE)[0],
    )  # fmt: skip
    later = partial(told, {of: ("kept", "Seen 28 May, recorded 9 June"), by_hand: ("kept", "")})
    assert s.check(HERE, later) == 1
    assert s.checked(NORTH, ident, history=True)["outcome"].tolist() == ["not_kept", "kept", "kept"]
    assert s.checked(NORTH, ident).set_index("commitment_id")["outcome"].to_dict() == {by_hand: "kept", of: "kept"}
    assert s.checked(SOUTH).empty


def told(said: dict[str, tuple[str, str]], _: Any, commitments: pd.DataFrame, *more: Any) -> pd.DataFrame:
    """A rule that says what it is told to say."""
    on = [pd.Timestamp("2026-05-28") if said[ident][0] == "kept" else pd.NaT for ident in commitments["id"]]
    words = [said[ident] for ident in commitments["id"]]
    return pd.DataFrame(words, columns=["outcome", "said"]).assign(commitment_id=commitments["id"], happened_on=on, recorded_on=pd.NaT)


def test_only_those_who_see_the_unit_read_and_write_of_it(light: Store) -> None:
    s = light.surgeries
    teams = "team_id service_id started_on ended_on\nNorth Help - -\nSouth Help - -\nOld Help - 2020-01-01"
    light.load(HERE, reading("2026-04-30", {"team": teams}, source="teams"), by="x")
    north, service = s.open(NORTH, OF_NORTH), s.open(HEAD, SERVICE)
    s.agree(NORTH, seen(north))
    s.agree(HEAD, seen(service, "7", team_id="North"))
    s.agree(HEAD, seen(service, "8", team_id="South"))
    s.agree(HEAD, replace(seen(service), kind="by_hand", about_kind="none", about_id="", duty="", what="Rota agreed"))
    s.give_reason(HEAD, service, "8", "cp_visit", "vacancy", "", team_id="South")
    assert (set(s.held(NORTH)["id"]), set(s.held(SOUTH)["id"])) == ({north, service}, {service})
    assert set(s.commitments(NORTH)["about_id"]) == {"10390", "7", ""}
    assert set(s.commitments(SOUTH)["about_id"]) == {"8", ""}
    assert (len(s.reasons(NORTH)), len(s.reasons(SOUTH)), len(s.history(NORTH, "reason", "1"))) == (0, 1, 0)
    both = Viewer("h.service", HERE, teams=frozenset({"North", "South"}))
    assert [s.may_hold(who, "service", "Help") for who in (NORTH, both, HEAD)] == [False, True, True]
    assert [s.may_hold(who, "authority", "") for who in (NORTH, both, Viewer("x", HERE))] == [False, True, False]
    for refused in (
        lambda: s.open(SOUTH, replace(OF_NORTH, held_on=BY)),
        lambda: s.open(NORTH, replace(SERVICE, held_on=BY)),
        lambda: s.agree(NORTH, seen(service, "7", team_id="North")),
        lambda: s.agree(Viewer("d.team", HERE, data_team=True), seen(service, "7", team_id="North")),
    ):
        with pytest.raises(NotAllowed, match=r"s\.lead|n\.lead|d\.team"):
            refused()
    for hidden in (lambda: s.snapshot(SOUTH, north), lambda: s.agree(SOUTH, seen(north)), lambda: s.take_back(SOUTH, "1", revision=1)):
        with pytest.raises(LookupError, match="There is no"):
            hidden()


def test_a_snapshot_is_cut_to_the_teams_a_viewer_sees_and_names_nobody_without_one(light: Store) -> None:
    s = light.surgeries
    ident = s.open(HEAD, SERVICE)
    rows = pd.DataFrame({"child_id": ["7", "8"], "team_id": ["North", "South"]})
    agreed = pd.DataFrame({"about_kind": ["none", "child"], "about_id": ["", "8"], "team_id": ["", "South"]})
    measures = pd.DataFrame({"kpi": ["cp_visits_in_time"], "months_met": [(True, None, False)]})
    shown = {"late": [kept_frame(rows)], "agreed": kept_frame(agreed), "figures": kept_frame(measures), "words": "2 children late"}
    s.close(HEAD, ident, shown, revision=1)
    cut = s.snapshot(NORTH, ident)
    assert cut is not None
    assert (cut["late"][0]["rows"], cut["agreed"]["rows"], cut["words"]) == ([["7", "North"]], [["none", "", ""]], "2 children late")
    assert cut["figures"]["rows"] == [["cp_visits_in_time", [True, None, False]]]
    assert seen_by(HEAD, shown) == shown
    for unfit in ({"x": kept_frame(rows[["child_id"]])}, {"x": {"child_id": "7"}}, {"x": rows}, {"x": float("nan")}):
        with pytest.raises(ValueError, match=r"team_id|plain JSON"):
            as_json(unfit)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": "promise"}, "is not a kind of commitment"),
        ({"about_kind": "worker"}, "is about a child"),
        ({"about_id": " "}, "Say which child"),
        ({"duty": "supervision"}, "is no duty that"),
        ({"by_on": DAY}, "choose a later day"),
        ({"who": ""}, "Who sees to it is empty"),
        ({"kind": "by_hand", "duty": ""}, "What will be true is empty"),
        ({"kind": "kpi_at_level", "about_kind": "kpi", "about_id": "contacts", "duty": ""}, "Say which level"),
        ({"by_on": pd.NaT}, "is missing"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(said: dict[str, Any], why: str) -> None:
    with pytest.raises(Unfit, match=why):
        fit_commitment(replace(seen("1"), **said), DAY)


def test_a_surgery_is_of_one_unit_and_a_reason_of_the_list(light: Store) -> None:
    for unfit in (replace(OF_NORTH, level="street"), replace(OF_NORTH, unit_id=""), replace(OF_NORTH, focus="NOT A KPI")):
        with pytest.raises(Unfit):
            fit_surgery(unfit)
    with pytest.raises(Unfit, match="not one of the reasons"):
        fit_reason("weather", "")
    with pytest.raises(Unfit, match="The note is empty"):
        fit_reason("other", "")
    s = light.surgeries
    ident = s.open(HEAD, OF_NORTH)
    s.agree(HEAD, seen(ident))
    with pytest.raises(LookupError, match="stays with the unit"):
        s.change(HEAD, ident, replace(OF_NORTH, unit_id="South"), revision=1)
    with pytest.raises(LookupError, match="Something is agreed by"):
        s.change(HEAD, ident, replace(OF_NORTH, held_on=BY), revision=1)
    s.change(HEAD, ident, replace(OF_NORTH, held_on=DAY - pd.Timedelta(days=1), focus="core_groups_in_time"), revision=1)
    row = s.held(HEAD).iloc[0]
    assert (row["held_on"], row["focus"], row["revision"]) == (pd.Timestamp("2026-05-25"), "core_groups_in_time", 2)


def test_every_duty_a_kind_answers_is_one_of_the_clock() -> None:
    named = [duty for kind in KINDS.values() for duty in kind.duties]
    assert set(named) == set(BY_KEY) - {"plan_update"} | {"audit_action"}, "what an audit asked for has a day of its own, and no clock"
    assert len(named) == len(set(named))


def test_whatever_gives_out_what_was_written_asks_who_is_looking() -> None:
    public = {name: method for name, method in vars(Surgeries).items() if callable(method) and not name.startswith("_")}
    asks = {name for name, method in public.items() if Viewer in typing.get_type_hints(method).values()}
    assert set(public) - asks == {"version", "reach", "check"}
    assert all(inspect.signature(public[name]).parameters["viewer"].default is inspect.Parameter.empty for name in asks)
