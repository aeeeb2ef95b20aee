"""The Targets page: every dated row and which holds, how far it is, who changed what; and a form only for those who may."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pandas as pd
import pytest
from dash.development.base_component import Component

from data.records import Target, Unfit
from data.store import Store
from layouts import targets_page
from layouts.target_forms import TYPED, target_typed
from layouts.targets_page import IN_FORCE, LATER, PAST, REPLACED, months_to_go, target_states, to_be_sustained
from tests.data.readings import HERE, reading
from tests.layouts.held import KEEPER, MAY, READER, fill, view
from tests.layouts.test_notes import said

KEY = "cp_visits_in_time"


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    made = Store(sqlite_url)
    fill(made)
    yield made
    made.close()


def typed(**changed: str) -> dict[str, str]:
    plain = {"since": "01/04/2026", "green": "88", "amber": "80", "by": "31/12/2026", "set_by": "The board", "source": "", "note": ""}
    assert set(plain) == set(TYPED)
    return {**plain, **changed}


def set_from(store: Store, day: str, green: float, key: str = KEY) -> str:
    return store.set_target(KEEPER, Target(key, pd.Timestamp(day), green, "The board"))


def test_the_row_in_force_is_the_last_that_has_begun_and_holds(store: Store) -> None:
    for day, green in (("2026-03-01", 82.0), ("2026-05-31", 84.0), ("2026-06-01", 86.0)):
        set_from(store, day, green)
    store.load(HERE, reading("2026-05-31", {"target": f"kpi since green\n{KEY} 2026-05-31 70"}, content="t"), by="x")
    rows = target_states(view(store))
    ours = rows[rows["kpi"] == KEY]
    states = {(f"{r.since:%Y-%m-%d}", r.origin): r.state for r in ours.itertuples()}
    assert states == {
        ("2019-01-01", "shipped"): PAST, ("2026-03-01", "set here"): PAST, ("2026-05-31", "loaded"): REPLACED,
        ("2026-05-31", "set here"): IN_FORCE, ("2026-06-01", "set here"): LATER,
    }  # fmt: skip
    earlier = target_states(view(store, period="2026-04"))
    assert earlier.loc[(earlier["kpi"] == KEY) & (earlier["state"] == IN_FORCE), "green"].tolist() == [82.0]


def test_each_month_is_judged_by_the_target_of_its_day_at_once(store: Store) -> None:
    before = view(store).figures("authority", keys=[KEY])
    set_from(store, "2026-05-01", 99.0)
    after = view(store).figures("authority", keys=[KEY])
    assert list(after["target"][after["period"] < MAY]) == list(before["target"][before["period"] < MAY])
    assert (before["target"].iloc[-1], after["target"].iloc[-1], after["status"].iloc[-1]) == (85.0, 99.0, "not met")


def test_a_target_of_no_measure_there_is_is_shown_as_such(store: Store) -> None:
    store.load(HERE, reading("2026-05-31", {"target": "kpi since green\nseen_by_an_owl 2026-05-31 70"}, content="t"), by="x")
    words = said(targets_page.draw(view(store)))
    assert "Targets of no measure there is" in words
    assert "seen_by_an_owl" in words


def test_every_change_is_shown_with_who_and_when(store: Store) -> None:
    store.take_target_back(KEEPER, set_from(store, "2026-05-01", 99.0))
    words = said(targets_page.draw(view(store)))
    assert words.index("Taken back") < words.index("SetChildren"), "newest first"
    assert words.count("k.adeyemi") == 2


@pytest.mark.parametrize(("viewer", "forms"), [(KEEPER, True), (READER, False)], ids=["data team", "reader"])
def test_only_the_data_team_is_shown_the_form_and_the_buttons(viewer: object, forms: bool, store: Store) -> None:
    set_from(store, "2026-05-01", 99.0)
    page = targets_page.draw(view(store, viewer=viewer))  # type: ignore[arg-type]
    shown = json.dumps(page.to_plotly_json(), default=lambda part: part.to_plotly_json() if isinstance(part, Component) else str(part))
    assert [name in shown for name in ("target-set", "target-back", "target-says")] == [forms] * 3


def test_the_page_is_drawn_with_nothing_loaded(sqlite_url: str) -> None:
    empty = Store(sqlite_url.replace("sightline.sqlite", "empty.sqlite"))
    assert "No figure this month" in said(targets_page.draw(view(empty)))
    empty.close()


@pytest.mark.parametrize(
    ("met", "says"),
    [
        ((True, True, True), "Sustained"), ((False, True, True), "1 more month to be sustained"), ((True, True, False), "3 more months"),
        ((True, None, True), "2 more months to be"), ((None, None, None), "3 more months to be"),
    ],
)  # fmt: skip
def test_how_many_more_months_make_it_sustained(met: tuple[bool | None, ...], says: str) -> None:
    assert to_be_sustained(met).startswith(says)


@pytest.mark.parametrize(
    ("by", "says"),
    [("2026-07-31", "2 months to go"), ("2026-05-01", "To be reached this month"), ("2026-04-30", "1 month past its day"), (None, "")],
)
def test_how_long_there_is_to_reach_it(by: str | None, says: str) -> None:
    assert months_to_go(None if by is None else pd.Timestamp(by), MAY) == says


# ---- what is typed
def test_what_is_typed_becomes_a_target() -> None:
    assert target_typed(KEY, typed(green=" 88.5 % ", amber="")) == Target(
        KEY, pd.Timestamp("2026-04-01"), 88.5, "The board", None, pd.Timestamp("2026-12-31"), "", ""
    )


@pytest.mark.parametrize(
    ("key", "changed", "says"),
    [
        ("no_such_kpi", {}, "Choose the measure"),
        (KEY, {"green": "a lot"}, "The target is not a number"),
        (KEY, {"green": "101"}, "is a percentage: write figures from 0 to 100"),
        (KEY, {"amber": "90"}, "higher is better, so what is near lies below the target"),
        ("re_referrals", {"green": "20", "amber": "10"}, "lower is better, so what is near lies above the target"),
        (KEY, {"since": "2026-04-01"}, "Holds from: Write the date as day/month/year"),
        (KEY, {"by": "soon"}, "To be reached by: Write the date"),
        ("electively_home_educated", {}, "neither way is better, so there is nothing to aim for"),
    ],
)
def test_what_cannot_be_a_target_is_refused_in_words(key: str, changed: dict[str, str], says: str) -> None:
    with pytest.raises(Unfit, match=says):
        target_typed(key, typed(**changed))
