"""What keeps a commitment and what does not: each outcome by the data of a child of its own, and the rule once more in plain Python."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.tables import Tables
from kpi import surgery
from kpi.surgery_check import GRACE
from kpi.surgery_events import DONE
from tests.kpi.building import frame, tables
from tests.kpi.surgery_council import COUNCIL, PLANS, VISITS

HELD, BY = "2026-05-26", "2026-05-29"
REACH = ("visit:cp", "visit:cin", "visit:cla", "visit:contact", "supervision", "core_group", "cp_review", "cla_review", "assessment")


def agreed(*about: str, **said: Any) -> pd.DataFrame:
    """Commitments to see children, made by Harbour on 26 May for 29 May, unless said otherwise."""
    usual = {
        "kind": "child_seen", "about_kind": "child", "duty": "cp_visit", "level": "team", "unit_id": "Harbour", "team_id": "Harbour",
        "held_on": pd.Timestamp(HELD), "by_on": pd.Timestamp(BY), "level_wanted": float("nan"), "answer": "", "answer_note": "",
    }  # fmt: skip
    return pd.DataFrame([{**usual, "id": str(n), "about_id": who, **said} for n, who in enumerate(about)])


def found(of: Tables, commitments: pd.DataFrame, as_at: str, known: str | None = None, **more: Any) -> dict[str, tuple[str, str]]:
    """About whom -> outcome and words, as at a day the extracts reach (`known`: or only reach so far)."""
    reach = dict.fromkeys(REACH, pd.Timestamp(known or as_at))
    rows = surgery.check(of, commitments, pd.Timestamp(as_at), reach=reach, **more)
    return {row["about_id"]: (row["outcome"], row["said"]) for row in rows.to_dict("records")}


def test_a_visit_agreed_is_kept_by_the_visit_and_by_nothing_else() -> None:
    everybody = agreed("seen", "late", "booked", "unseen", "ended", "endslate", "moved", "nobody")
    assert found(COUNCIL, everybody, "2026-06-08") == {
        "seen": ("kept", "Seen 28 May"),
        "late": ("kept_late", "Seen 2 June; agreed by 29 May"),
        "booked": ("kept", "Seen 28 May, recorded 4 June"),
        "unseen": ("not_kept", "Last seen 15 April"),
        "ended": ("no_longer_open", "Plan ended 28 May; last seen 20 April"),
        "endslate": ("not_kept", "No visit at which the child was seen is recorded"),
        "moved": ("moved", "Moved to Brook by 28 May; last seen 26 May"),
        "nobody": ("not_kept", "No visit at which the child was seen is recorded"),
    }


@pytest.mark.parametrize(
    ("as_at", "known", "outcome", "said"),
    [
        ("2026-05-29", None, "not_yet_due", "Last seen 15 April"),
        ("2026-05-30", "2026-05-28", "cannot_tell", "The extracts reach only to 28 May; last seen 15 April"),
        ("2026-05-30", None, "overdue", "Last seen 15 April"),
        ("2026-06-03", None, "overdue", "Last seen 15 April"),
        ("2026-06-04", None, "not_kept", "Last seen 15 April"),
        ("2027-06-04", None, "not_kept", "Last seen 15 April"),
    ],
)
def test_what_is_not_done_is_first_overdue_and_after_five_days_not_kept(as_at: str, known: str | None, outcome: str, said: str) -> None:
    assert found(COUNCIL, agreed("unseen"), as_at, known) == {"unseen": (outcome, said)}


def test_what_no_extract_speaks_of_cannot_be_told() -> None:
    said = surgery.check(COUNCIL, agreed("unseen"), pd.Timestamp("2026-06-30"), reach={}).iloc[0]
    assert (said["outcome"], said["said"]) == ("cannot_tell", "No extract loaded says; last seen 15 April")
    covered = tables(cp_plan=PLANS, visit=VISITS, covered={"visit:cp": ["2026-05"]})
    assert surgery.check(covered, agreed("unseen"), pd.Timestamp("2026-06-30"))["outcome"].tolist() == ["overdue"]


def test_a_service_keeps_a_child_who_moves_within_it_and_the_authority_every_child() -> None:
    of = COUNCIL.with_frames(team=frame("team", "team_id service_id\nHarbour Central\nBrook North\nFern Central"))
    moved = {level: found(of, agreed("moved", level=level, unit_id=unit), "2026-06-08")["moved"][0] for level, unit in (
        ("team", "Harbour"), ("service", "Central"), ("authority", ""),
    )}  # fmt: skip
    assert moved == {"team": "moved", "service": "moved", "authority": "not_kept"}
    within = of.with_frames(team=frame("team", "team_id service_id\nHarbour Central\nBrook Central"))
    assert found(within, agreed("moved", level="service", unit_id="Central"), "2026-06-08")["moved"][0] == "not_kept"


EVENTS: dict[str, tuple[str, dict[str, str]]] = {
    "review_held": ("cp_review", {"cp_review": "child_id happened_on\nA 2026-05-28\nB 2026-05-26"}),
    "core_group_held": ("core_group", {"core_group": "child_id happened_on held\nA 2026-05-28 yes\nB 2026-05-28 no"}),
    "case_supervision": (
        "case_supervision",
        {"supervision": "worker_id child_id happened_on held\nW1 A 2026-05-28 yes\nW1 B 2026-05-28 no\nW1 - 2026-05-29 yes"},
    ),
    "assessment_finished": ("assessment", {"assessment": "child_id started_on ended_on\nA 2026-04-01 2026-05-28\nB 2026-04-01 -"}),
    "conference_held": ("icpc", {"icpc": "child_id happened_on\nA 2026-05-28\nB 2026-06-08"}),
    "health_check_done": (
        "health_check",
        {"health_check": "child_id health_kind happened_on refused\nA health_assessment 2026-05-28 no\nB health_assessment 2026-05-28 yes"},
    ),
    "dental_check_done": (
        "dental_check",
        {"health_check": "child_id health_kind happened_on\nA dental_check 2026-05-28\nB health_assessment 2026-05-28"},
    ),
    "spot_check_done": (
        "spot_check",
        {"parent_placement_check": "child_id happened_on check_kind\nA 2026-05-28 spot_check\nB 2026-05-28 review"},
    ),
    "pathway_plan_reviewed": ("pathway_plan", {"pathway_plan": "child_id happened_on\nA 2026-05-28\nB 2026-01-28"}),
    "audit_action_done": (
        "audit_action",
        {
            "audit": "audit_id child_id happened_on\n1 A 2026-04-01\n2 B 2026-04-01",
            "audit_action": "audit_id action_id due_on completed_on\n1 x 2026-05-20 2026-05-28\n2 y 2026-05-20 -",
        },
    ),
    "supervision_held": (
        "supervision", {"supervision": "worker_id happened_on held\nA 2026-05-28 yes\nB 2026-05-28 no\nB 2026-05-20 yes"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", EVENTS)
def test_each_kind_is_kept_by_its_own_event_alone(kind: str) -> None:
    """A had what was agreed on 28 May; B something like it that does not count."""
    duty, said = EVENTS[kind]
    both = agreed("A", "B", kind=kind, duty=duty)
    rows = surgery.check(tables(**said), both, pd.Timestamp("2026-06-05"), reach={})
    assert rows["outcome"].tolist() == ["kept", "cannot_tell"]
    assert rows["happened_on"].tolist()[0] == pd.Timestamp("2026-05-28")


def test_every_kind_the_data_can_check_is_tried() -> None:
    assert set(EVENTS) | {"child_seen"} == set(DONE)


def test_a_worker_who_left_or_moved_is_not_waited_for() -> None:
    workers = """
        worker_id observed_on team_id ended_on
        stays     2026-05-20  Harbour -
        stays     2026-05-28  Harbour -
        left      2026-05-20  Harbour -
        left      2026-05-28  Harbour 2026-05-27
        gone      2026-05-20  Harbour -
        moved     2026-05-20  Harbour -
        moved     2026-05-28  Brook   -
    """
    everybody = agreed("stays", "left", "gone", "moved", kind="supervision_held", duty="supervision", about_kind="worker")
    assert found(tables(worker=workers), everybody, "2026-06-08") == {
        "stays": ("not_kept", "No session is recorded"),
        "left": ("no_longer_open", "Left 27 May; no session is recorded"),
        "gone": ("no_longer_open", "Not listed in the extract of 28 May; no session is recorded"),
        "moved": ("moved", "Moved to Brook by 28 May; no session is recorded"),
    }


def test_a_plan_in_need_has_ended_when_the_next_extract_no_longer_lists_it() -> None:
    status = """
        child_id started_on observed_on status_kind    ended_on   team_id
        open     2026-01-05 2026-05-25  in_need_plan   -          Harbour
        open     2026-01-05 2026-05-28  in_need_plan   -          Harbour
        closed   2026-01-05 2026-05-25  in_need_plan   -          Harbour
        closed   2026-01-05 2026-05-28  closed         2026-05-27 Harbour
        dropped  2026-01-05 2026-05-25  in_need_plan   -          Harbour
    """
    said = found(tables(case_status=status), agreed("open", "closed", "dropped", duty="cin_visit"), "2026-06-08")
    assert {who: (outcome, words.partition(";")[0]) for who, (outcome, words) in said.items()} == {
        "open": ("not_kept", "No visit at which the child was seen is recorded"),
        "closed": ("no_longer_open", "Child in need plan ended 27 May"),
        "dropped": ("no_longer_open", "No child in need plan in the extract of 28 May"),
    }


@pytest.mark.parametrize(
    ("kpi", "wanted", "as_at", "outcome", "said"),
    [
        ("cp_visits_in_time", 84.6, "2026-05-31", "kept", "84.6\u202f% (11 of 13) in May 2026; 84.6\u202f% was agreed"),
        ("cp_visits_in_time", 84.7, "2026-05-31", "not_kept", "84.6\u202f% (11 of 13) in May 2026; 84.7\u202f% was agreed"),
        ("cp_visits_in_time", 80.0, "2026-05-10", "not_yet_due", "The figure of May 2026 is not there yet"),
        ("core_groups_in_time", 80.0, "2026-05-31", "cannot_tell", "There is no figure of May 2026"),
        ("re_referrals", 20.0, "2026-05-31", "kept", "20.0\u202f% (2 of 10) in May 2026; 20.0\u202f% was agreed"),
        ("re_referrals", 19.0, "2026-05-31", "not_kept", "20.0\u202f% (2 of 10) in May 2026; 19.0\u202f% was agreed"),
    ],
)
def test_a_measure_at_a_level_is_judged_as_shown_in_its_better_direction(
    kpi: str, wanted: float, as_at: str, outcome: str, said: str
) -> None:
    figures = pd.DataFrame(
        [("cp_visits_in_time", 11.0, 13.0), ("re_referrals", 2.0, 10.0)], columns=["kpi", "numerator", "denominator"]
    ).assign(level="team", unit_id="Harbour", period=pd.Timestamp("2026-05-31"))
    of = agreed(kpi, kind="kpi_at_level", about_kind="kpi", duty="", level_wanted=wanted)
    assert found(tables(), of, as_at, figures=figures) == {kpi: (outcome, said)}


def test_what_the_data_cannot_see_is_as_it_was_answered() -> None:
    of = pd.concat(
        [
            agreed("open", kind="by_hand", duty=""), agreed("yes", kind="by_hand", duty="", answer="kept", answer_note="Rota signed"),
            agreed("no", kind="by_hand", duty="", answer="not_kept"),
        ]
    )  # fmt: skip
    assert found(tables(), of, "2026-05-29")["open"] == ("not_yet_due", "To be answered by hand")
    assert found(tables(), of, "2026-06-08") == {
        "open": ("cannot_tell", "To be answered by hand"), "yes": ("kept", "Rota signed"), "no": ("not_kept", "Not kept"),
    }  # fmt: skip


_days = st.integers(0, 40).map(lambda n: pd.Timestamp("2026-05-01") + pd.Timedelta(days=n))
_visits = st.lists(st.tuples(_days, st.booleans(), st.integers(0, 12)), max_size=4)


@settings(max_examples=15)
@given(of=st.lists(st.tuples(_visits, _days, st.integers(1, 15)), min_size=1, max_size=12), as_at=_days, lag=st.integers(0, 20))
def test_nothing_is_kept_without_a_visit_in_the_window(of: Any, as_at: Any, lag: int) -> None:
    """Against the rule said once more, child by child and visit by visit, in plain Python."""
    known = as_at - pd.Timedelta(days=lag)
    rows = [
        {"child_id": str(child), "cohort_kind": "cp", "happened_on": on, "child_seen": was, "recorded_on": on + pd.Timedelta(days=late)}
        for child, (visits, _, _) in enumerate(of)
        for on, was, late in visits
    ]
    plans = "\n".join(["child_id started_on team_id", *(f"{child} 2026-01-05 Harbour" for child in range(len(of)))])
    everybody = pd.concat([
        agreed(str(child), held_on=held, by_on=held + pd.Timedelta(days=ahead)) for child, (_, held, ahead) in enumerate(of)
    ], ignore_index=True)  # fmt: skip
    said = surgery.check(tables(cp_plan=plans, **({"visit": rows} if rows else {})), everybody, as_at, reach={"visit:cp": known})
    expected = [_once_more(visits, held, held + pd.Timedelta(days=ahead), as_at, known) for visits, held, ahead in of]
    assert list(zip(said["outcome"], said["happened_on"].fillna(as_at + GRACE), strict=True)) == [
        (outcome, as_at + GRACE if on is None else on) for outcome, on in expected
    ]


def _once_more(visits: Any, held: Any, by: Any, as_at: Any, known: Any) -> tuple[str, Any]:
    after = sorted(on for on, was, _ in visits if was and held < on <= as_at)
    if after:
        return "kept" if after[0] <= by else "kept_late", after[0]
    if as_at <= by:
        return "not_yet_due", None
    if known < by:
        return "cannot_tell", None
    return "overdue" if known - by <= GRACE else "not_kept", None
