"""What audits found and what became of it: tallies, moderation, re-audits, what is owed; checks and escalations. All data is invented."""

from __future__ import annotations

import pandas as pd
import pytest

from data.tables import Clock
from kpi import audit_findings as found
from kpi import oversight
from kpi.interval import wilson
from tests.kpi.building import cases, tables

MAY = pd.Timestamp("2026-05-31")
AUDITS = """
audit_id child_id happened_on audit_kind initial_grade_kind   grade_kind           plan_grade_kind team_id worker_id
A1       c1       2025-05-31  case       good                 inadequate           good            North   W1
A2       c1       2025-06-01  case       good                 inadequate           inadequate      North   W1
A3       c2       2026-05-04  case       requires_improvement good                 good            North   W2
A4       c3       2026-05-31  dip        inadequate           inadequate           inadequate      -       -
A5       c4       2026-05-09  case       good                 -                    -               South   W3
A6       c1       2025-08-24  re_audit   good                 good                 good            North   W1
A7       c5       2026-06-01  case       good                 inadequate           good            South   W3
A8       c5       2026-03-08  case       inadequate           inadequate           -               South   W3
"""
ACTIONS = """
audit_id action_id due_on     completed_on text             team_id worker_id
A3       1         2026-05-30 -            See_the_child    -       -
A3       2         2026-05-31 -            Write_it_up      South   W9
A3       3         2026-06-09 -            Tell_the_family  -       -
A3       4         2026-05-01 2026-06-02   Hold_a_meeting   -       -
A3       5         2026-05-01 2026-05-31   Done_by_the_day  -       -
A3       6         -          -            No_day           -       -
A7       1         2026-05-01 -            Not_asked_yet    -       -
gone     1         2026-05-20 -            No_audit         -       -
"""


def test_audits_of_twelve_months_are_tallied_with_re_audits_and_later_ones_apart() -> None:
    of = tables(audit=AUDITS)
    made = found.audits_made(of, MAY)
    assert list(made["audit_id"]) == ["A2", "A8", "A3", "A5", "A4"]
    assert dict(zip(made["audit_id"], made["moved"].fillna("-"), strict=True)) == {
        "A2": "down", "A8": "same", "A3": "up", "A5": "-", "A4": "same",
    }  # fmt: skip
    assert set(made.loc[made["audit_id"] == "A4", ["team_id", "worker_id"]].iloc[0]) == {"unallocated"}
    row = found.tally(made, []).iloc[0]
    assert (row["inadequate"], row["good"], row["no_grade"], row["graded"]) == (3, 1, 1, 4)
    assert (row["low"], row["high"]) == pytest.approx(wilson(3, 4))
    teams = found.tally(made, ["team_id"]).set_index("team_id")
    assert list(teams["graded"]) == [2, 1, 1]
    only_ungraded = found.tally(made[made["audit_id"] == "A5"], ["team_id"]).iloc[0]
    assert (only_ungraded["graded"], pd.isna(only_ungraded["low"])) == (0, True)
    moved = found.moderation(made).set_index("grade")
    assert moved.loc["good", ["up", "same", "down", "known"]].tolist() == [0, 0, 1, 1]
    assert moved["known"].sum() == 4


def test_the_tally_of_a_month_is_the_figure_of_the_measure() -> None:
    of = tables(audit=AUDITS)
    measured = cases("audits_inadequate", of, "2026-05")
    row = found.tally(found.audits_made(of, MAY), ["period"]).set_index("period").loc[MAY]
    assert row["inadequate"] == measured["met"].fillna(False).sum()
    assert row["graded"] == measured["left_out"].isna().sum()
    assert row["no_grade"] == measured["left_out"].notna().sum()


def test_every_theme_has_a_row_in_one_order_graded_or_not() -> None:
    rows = found.themes(found.audits_made(tables(audit=AUDITS), MAY))
    assert list(rows["theme"]) == ["assessment", "plan", "visits", "history", "direct_work", "supervision", "voice"]
    plan = rows.set_index("theme").loc["plan"]
    assert (plan["graded"], plan["inadequate"], plan["no_grade"]) == (3, 2, 2)
    assert rows.set_index("theme").loc["voice", "graded"] == 0


@pytest.mark.parametrize(
    ("interval", "expected"),
    [(84, {"A2": "in_time", "A4": "not_due", "A8": "not_due"}), (83, {"A2": "late", "A4": "not_due", "A8": "overdue"})],
)
def test_a_re_audit_is_in_time_on_its_last_day_and_late_the_day_after(interval: int, expected: dict[str, str]) -> None:
    """A2 was audited again after 84 days, c1 only; A8 has waited 84 days without one. A council's own clock takes the place of ours."""
    own = [] if interval == 84 else [Clock("re_audit", pd.Timestamp("2020-01-01"), interval, "calendar_days", "the council")]
    rows = found.re_audits(tables(audit=AUDITS, standards=own), MAY)
    assert dict(zip(rows["audit_id"], rows["state"], strict=True)) == expected
    assert rows.set_index("audit_id").loc["A2", "re_audited_on"] == pd.Timestamp("2025-08-24")
    assert found.re_audit_within(tables(audit=AUDITS, standards=own), MAY) == f"{interval} days"


def test_what_is_owed_on_a_day_is_what_was_asked_for_by_then_and_not_done_by_then() -> None:
    rows = found.actions_owed(tables(audit=AUDITS, audit_action=ACTIONS), MAY)
    assert list(rows.columns) == list(found.OWED_COLUMNS)
    told = [tuple(r) for r in rows[["audit_id", "action_id", "days_late", "state"]].fillna(-99).itertuples(index=False)]
    assert told == [
        ("A3", "4", 30, "overdue"), ("gone", "1", 11, "overdue"), ("A3", "1", 1, "overdue"), ("A3", "2", 0, "due_soon"),
        ("A3", "3", -9, "in_time"), ("A3", "6", -99, "left_out"),
    ]  # fmt: skip
    held = rows.set_index(["audit_id", "action_id"])[["child_id", "team_id", "worker_id"]]
    assert held.loc[("A3", "1")].tolist() == ["c2", "North", "W2"]
    assert held.loc[("A3", "2")].tolist() == ["c2", "South", "W9"]
    assert held.loc[("gone", "1")].fillna("-").tolist() == ["-", "unallocated", "unallocated"]


def test_children_placed_with_parents_show_when_they_were_last_checked_and_what_came_of_it() -> None:
    of = tables(
        cla_episode="child_id started_on legal_status_kind team_id worker_id\nc1 2025-01-01 C2 North W1\nc2 2025-10-01 C2 North W1",
        placement="child_id started_on placement_kind\nc1 2025-01-01 P1\nc2 2025-10-01 P1",
        parent_placement_check="""
            child_id happened_on check_kind outcome
            c1       2025-12-02  spot_check all_well
            c1       2026-05-02  review     agreed
            c1       2026-06-03  spot_check later
        """,
    )  # fmt: skip
    rows = oversight.spot_checks(of, MAY).set_index("child_id")
    assert list(rows.index) == ["c2", "c1"]
    assert rows.loc["c1", ["state", "outcome"]].tolist() == ["due_soon", "all well"]
    assert (rows.loc["c2", "state"], rows.loc["c2", "days_late"], pd.isna(rows.loc["c2", "outcome"])) == ("overdue", 60, True)
    made = oversight.checks_made(of, MAY)
    assert list(made["outcome"]) == ["all well", "agreed"]


def test_an_escalation_is_late_the_day_after_its_twenty_working_days_and_never_by_what_came_later() -> None:
    of = tables(
        iro_escalation="""
        escalation_id child_id happened_on stage_kind resolved_on outcome  team_id
        in_time       c1       2026-03-02  1          2026-03-30  agreed   North
        a_day_late    c1       2026-03-02  2          2026-03-31  agreed   North
        open_in_time  c2       2026-05-14  1          2026-06-30  agreed   -
        open_late     c2       2025-01-02  3          -           -        North
        informal      c3       2026-05-01  informal   -           -        South
        backwards     c4       2026-05-05  1          2026-05-04  agreed   South
        no_stage      c4       2026-05-06  -          2026-05-07  agreed   South
        long_ago      c4       2024-05-06  1          2024-05-07  agreed   South
        to_come       c4       2026-06-01  1          -           -        South
        """
    )
    rows = oversight.escalations(of, MAY).set_index("escalation_id")
    assert rows["state"].to_dict() == {
        "open_in_time": "open_in_time", "no_stage": "resolved", "backwards": "backwards", "informal": "open", "a_day_late": "resolved_late",
        "in_time": "resolved_in_time", "open_late": "open_late",
    }  # fmt: skip
    assert pd.isna(rows.loc["open_in_time", "resolved_on"])
    assert pd.isna(rows.loc["open_in_time", "outcome"])
    assert rows.loc["in_time", "days"] == 28
    assert rows.loc["open_in_time", "days"] == 17


def test_nothing_loaded_is_no_rows() -> None:
    of = tables()
    made = found.audits_made(of, MAY)
    assert made.empty
    assert found.tally(made, ["team_id"]).empty
    assert found.themes(made)["graded"].sum() == 0
    assert found.moderation(made)["known"].sum() == 0
    for rows in (found.re_audits(of, MAY), found.actions_owed(of, MAY), oversight.spot_checks(of, MAY), oversight.escalations(of, MAY)):
        assert rows.empty
        assert "team_id" in rows
    assert oversight.checks_made(of, MAY).empty
