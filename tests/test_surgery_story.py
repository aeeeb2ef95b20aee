"""Four fortnights of one team, from files to what the surgery says: seen, not seen, plan ended, moved, recorded late, and taken back.

Every child here is invented. Ann is seen after the first surgery; Ben is not, until late in the story; Cal's plan ends; Dee moves to
another team; Eve is seen in time, but that is only recorded after the second surgery.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import loaders
from data.reading import Reading
from data.snapshot import frame_kept, kept_frame
from data.store import Store
from data.surgery import Commitment, Surgery
from data.viewer import Viewer
from kpi import surgery
from layouts.opening import work_out
from tests.extracts import annex_a, as_csv

HERE = "local"
HEAD = Viewer("t.ainsley", HERE, every_team=True, data_team=True)
BROOK = Viewer("b.lead", HERE, teams=frozenset({"Brook"}))
CHILDREN = ("Ann", "Ben", "Cal", "Dee", "Eve")
FIRST, SECOND, THIRD, FOURTH = (pd.Timestamp(day) for day in ("2024-05-14", "2024-05-28", "2024-06-11", "2024-06-25"))
WEEK = pd.Timedelta(days=7)
BEFORE = [(child, "2024-04-22", "2024-04-23") for child in CHILDREN]
ANN, EVE, BEN = ("Ann", "2024-05-20", "2024-05-20"), ("Eve", "2024-05-21", "2024-05-30"), ("Ben", "2024-06-20", "2024-06-21")


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    made = Store(sqlite_url)
    yield made
    made.close()


def arrives(store: Store, folder: Path, as_at: str, *visits: tuple[str, str, str], ended: str = "", away: str = "") -> None:
    """The extracts of a day, the list of plans and the log of visits recorded by then, loaded and the commitments checked."""
    plans = [
        {
            "Child Unique ID": child, "Date of Birth": pd.Timestamp("2015-06-01"),
            "Child Protection Plan Start Date": pd.Timestamp("2024-01-08"),
            "Child Protection Plan End Date": pd.Timestamp(ended) if child == "Cal" and ended else None,
            "Allocated Team": "Brook" if child == away else "Harbour",
        }
        for child in CHILDREN
    ]  # fmt: skip
    log = [
        {"child_id": child, "cohort": "CP", "visit_date": on, "child_seen": "Y", "team": "Harbour", "worker_id": "SW1", "recorded_date": at}
        for child, on, at in (*BEFORE, *visits)
    ]
    files = annex_a(folder / f"annex_a_{as_at}.xlsx", {"List 7": plans}), as_csv(folder / f"visits_{as_at}.csv", log)
    for file in files:
        read = loaders.read(file, today=pd.Timestamp(as_at).date())
        assert isinstance(read, Reading), read
        store.load(HERE, read, by="a.rahim")
    store.surgeries.check(HERE, surgery.check_all)


def late(store: Store, day: pd.Timestamp, before: list[pd.DataFrame]) -> pd.DataFrame:
    """Who is late in Harbour on a day, with the surgeries running."""
    found = store.cases(HEAD, partial(surgery.children, day=day, level="team", unit_id="Harbour", before=before))
    return found[found["state"] == "overdue"]


def held(store: Store, day: pd.Timestamp, before: list[pd.DataFrame]) -> tuple[str, pd.DataFrame]:
    """A surgery of Harbour: each child late is to be seen within a week. It is closed with what it showed."""
    children = late(store, day, before)
    ident = store.surgeries.open(HEAD, Surgery(level="team", unit_id="Harbour", held_on=day))
    for child in children["child_id"]:
        about = {"about_kind": "child", "about_id": child, "duty": "cp_visit"}
        store.surgeries.agree(HEAD, Commitment(surgery_id=ident, kind="child_seen", who="J. Marsh", by_on=day + WEEK, **about))
    shown = {"children": kept_frame(children), "checked": kept_frame(store.surgeries.checked(HEAD))}
    row = store.surgeries.held(HEAD).iloc[0]
    store.surgeries.close(HEAD, ident, shown, revision=int(row["revision"]), steps=int(row["steps"]))
    return ident, children


def said(store: Store, surgery_id: str) -> dict[str, tuple[str, str]]:
    """What the system says of the commitments of a surgery: child -> outcome and words."""
    of = store.surgeries.commitments(HEAD, surgery_id).set_index("id")["about_id"]
    rows = store.surgeries.checked(HEAD, surgery_id)
    return {of[row["commitment_id"]]: (row["outcome"], row["said"]) for row in rows.to_dict("records")}


def since(store: Store, then: pd.DataFrame, on: pd.Timestamp, day: pd.Timestamp) -> dict[str, str]:
    rule: Any = partial(surgery.since_last, children_then=then, day=day, then=on, reach=store.surgeries.reach(HERE))
    return dict(store.cases(HEAD, rule)[["child_id", "outcome"]].values.tolist())


def running(children: pd.DataFrame) -> dict[str, int]:
    return dict(children[["child_id", "surgeries_running"]].values.tolist())


def test_four_fortnights(store: Store, tmp_path: Path) -> None:
    arrives(store, tmp_path, "2024-05-13")
    first, late_first = held(store, FIRST, [])
    assert running(late_first) == dict.fromkeys(CHILDREN, 1)
    assert said(store, first) == {}, "nothing is checked before anything newer is loaded"

    arrives(store, tmp_path, "2024-05-27", ANN, ended="2024-05-17", away="Dee")
    assert said(store, first) == {
        "Ann": ("kept", "Seen 20 May"),
        "Ben": ("not_kept", "Last seen 22 April"),
        "Cal": ("no_longer_open", "Plan ended 17 May; last seen 22 April"),
        "Dee": ("moved", "Moved to Brook by 27 May; last seen 22 April"),
        "Eve": ("not_kept", "Last seen 22 April"),
    }
    assert since(store, late_first, FIRST, SECOND) == {
        "Ann": "seen_on", "Ben": "still_not_seen", "Cal": "no_longer_open", "Dee": "moved", "Eve": "still_not_seen",
    }  # fmt: skip
    second, late_second = held(store, SECOND, [late_first])
    assert running(late_second) == {"Ben": 2, "Eve": 2}

    arrives(store, tmp_path, "2024-06-10", ANN, EVE, ended="2024-05-17", away="Dee")
    assert said(store, first)["Eve"] == ("kept", "Seen 21 May, recorded 30 May")
    assert said(store, second) == {"Ben": ("not_kept", "Last seen 22 April"), "Eve": ("not_kept", "Last seen 21 May, recorded 30 May")}
    third, late_third = held(store, THIRD, [late_second, late_first])
    assert running(late_third) == {"Ann": 1, "Ben": 3, "Eve": 3}

    arrives(store, tmp_path, "2024-06-24", ANN, EVE, BEN, ended="2024-05-17", away="Dee")
    assert said(store, third)["Ben"] == ("kept_late", "Seen 20 June; agreed by 18 June")
    assert since(store, late_third, THIRD, FOURTH)["Ben"] == "seen_on"
    assert "Ben" not in running(late(store, FOURTH, [late_third, late_second, late_first]))

    agreed = store.surgeries.commitments(HEAD, first)
    steps = store.surgeries.checked(HEAD, first, history=True)
    steps = steps[steps["commitment_id"] == agreed.loc[agreed["about_id"] == "Eve", "id"].iloc[0]]
    assert list(zip(steps["as_at"].dt.strftime("%m-%d"), steps["outcome"], strict=True)) == [("05-27", "not_kept"), ("06-10", "kept")]
    assert steps["version"].is_monotonic_increasing, "what the system said then is kept, with the state of the data it said it of"

    snapshots = {ident: store.surgeries.snapshot(HEAD, ident) for ident in (first, second, third)}
    loads = store.loads(HERE)
    for batch in loads.loc[loads["as_at"] == "2024-06-24", "batch_id"]:
        store.withdraw(HERE, int(batch), by="a.rahim")
    work_out(store, HERE)
    assert said(store, third)["Ben"] == ("not_yet_due", "Last seen 22 April"), "what was withdrawn no longer counts"
    assert {ident: store.surgeries.snapshot(HEAD, ident) for ident in snapshots} == snapshots
    pd.testing.assert_frame_equal(frame_kept(snapshots[third]["children"]), late_third.reset_index(drop=True), check_dtype=False)  # type: ignore[index]
    assert store.surgeries.commitments(BROOK).empty
