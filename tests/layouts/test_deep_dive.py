"""Deep dive, readiness, and audits, checks and escalations: what each page says, for whom, and what it says is not there. Invented data."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
from dash.development.base_component import Component
from openpyxl import load_workbook

from data.plan import Stage
from data.store import Store
from data.viewer import Viewer
from kpi.figures import all_figures
from kpi.readiness import STANDS_WORDS
from layouts import audits, deep_dive, readiness
from layouts.readiness_book import readiness_book
from tests.data.readings import HERE, reading
from tests.layouts.held import BRIDGE, KEEPER, fill, view
from tests.layouts.test_due import every, table, words_of

KEYS = ("cp_visits_in_time", "audits_inadequate", "audit_actions_on_time", "caseload", "supervised_3_in_3_months")
YEAR = ("2025-06-01", "2026-05-31")
AUDITS = """
audit_id child_id happened_on audit_kind initial_grade_kind grade_kind           plan_grade_kind team_id worker_id
A1       5        2026-05-04  case       good               inadequate           inadequate      Bridge  w1
A2       6        2026-05-06  case       good               good                 good            Bridge  w1
A3       2        2026-04-09  case       inadequate         inadequate           -               Harbour w2
=1+1     4        2026-05-11  case       good               requires_improvement good            Mill    w0
"""
ACTIONS = """
audit_id action_id due_on     text       team_id worker_id
A1       1         2026-05-01 See_twice  Bridge  w1
A3       1         2026-05-20 Write_plan Harbour w2
A3       2         2026-09-01 Later      Harbour w2
"""
WORKERS = "worker_id observed_on team_id role fte caseload case_holding started_on\n" + "\n".join(
    f"w{n} {month} {team} practitioner 1 {12 + n} yes 2020-01-01"
    for month in ("2026-04-30", "2026-05-31")
    for n, team in enumerate(("Mill", "Bridge" if month > "2026-05" else "Harbour", "Harbour", "Harbour"))
)
SESSIONS = """
worker_id happened_on supervision_kind held nth
w1        2026-01-05  personal         yes  0
w1        2026-04-02  personal         yes  0
w2        2026-05-20  personal         yes  0
"""
PLAN = """
action_id observed_on recommendation_id due_on     status_kind updated_on rag_kind
P1        2026-05-31  6                 2026-05-01 in_progress 2026-03-01 green
P2        2026-05-31  6                 2026-09-01 complete    2026-05-30 blue
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Sixty children with a plan in three teams, six months of visits, and a year of audits, supervision, workers and the plan."""
    made = Store(f"sqlite:///{(tmp_path_factory.mktemp('deep') / 'council.sqlite').as_posix()}")
    fill(made)
    said = {"audit": AUDITS, "audit_action": ACTIONS, "worker": WORKERS, "supervision": SESSIONS, "action": PLAN}
    made.load(HERE, reading("2026-05-31", said, covers=dict.fromkeys(said, YEAR), source="audits", file="practice.xlsx"), by="a.rahim")
    made.work_out(HERE, partial(all_figures, keys=KEYS))
    made.plan.set_stage(KEEPER, Stage("6", "understood", pd.Timestamp("2026-04-01"), "A lead", "Seen in a practice week"), revision=0)
    yield made
    made.close()


def page(store: Store, address: str, viewer: Viewer = KEEPER) -> Component:
    path, query = urlsplit(address).path, dict(parse_qsl(urlsplit(address).query))
    draw = {"/audits": audits.draw, "/readiness": readiness.draw, "/deep-dive": deep_dive.draw}[path]
    return draw(view(store, path, viewer, **query))


def rows(drawn: Component, column: str) -> list[list[str]]:
    """The rows of the table that has this column, without the headings of its groups."""
    return [row for row in table(drawn, column) if row]


def links(drawn: Component) -> list[str]:
    return [a.href for a in every(drawn, "A")]


# Audits, checks and escalations ------------------------------------------------------------------------------------------------


def test_audits_are_tallied_with_their_range_and_what_they_asked_for_is_listed(store: Store) -> None:
    drawn = page(store, "/audits")
    assert "2 of 4 audits graded were judged inadequate, 50.0" in words_of(drawn)
    assert {row[0]: row[1] for row in table(drawn, "Team")} == {"Bridge": "1 of 2", "Harbour": "1 of 1", "Mill": "0 of 1"}
    assert [row[:4] for row in table(drawn, "Asked for")] == [
        ["5", "See_twice", " 30 days late", "1 May 2026"], ["2", "Write_plan", " 11 days late", "20 May 2026"],
    ]  # fmt: skip
    assert [row[0] for row in table(drawn, "Audit again by")] == ["2", "5"]
    assert {row[0]: row[1:5] for row in table(drawn, "First grade")}["Good"] == ["3", "0", "1", "2"]


def test_what_is_not_loaded_is_said_with_the_extract_that_would_bring_it(store: Store) -> None:
    said = words_of(page(store, "/audits"))
    assert "Checks of children placed with parents : the extract “Checks of placements with parents” would bring this." in said
    assert "Escalations by reviewing officers : the extract “Reviewing officer escalations” would bring this." in said
    assert "never 0" in said


def test_a_viewer_of_one_team_sees_the_audits_of_that_team_alone(store: Store) -> None:
    drawn = page(store, "/audits", BRIDGE)
    assert [row[0] for row in table(drawn, "Team") if row[1].endswith("2")] == ["Bridge"]
    assert [row[0] for row in table(drawn, "Asked for")] == ["5"]
    assert "Write_plan" not in words_of(drawn)
    for address in ("/audits?team=Mill", "/deep-dive?team=Mill"):
        assert "You do not have access to this" in words_of(page(store, address, BRIDGE))


# Deep dive ---------------------------------------------------------------------------------------------------------------------


def test_a_team_has_its_measures_its_workers_supervision_and_the_other_teams_of_its_service_beside_it(store: Store) -> None:
    drawn = page(store, "/deep-dive?team=Harbour")
    row = next(r for r in rows(drawn, "12 months") if r[0] == "Children on a CP plan seen in time")
    assert row[1].split() == ["87.5", "%", "21", "of", "24"]
    assert "All together" in row[5]
    assert "of 12" in row[5], "Mill, the other team of South"
    assert [r[0] for r in table(drawn, "Longest gap, days")] == ["w2", "w3"]
    assert "/deep-dive?worker=w2" in links(drawn)
    assert "24 visits are logged in twelve months, and none has a visit before it" in words_of(drawn), "of the team that held the plans"


def test_a_worker_has_a_page_of_their_own_seen_by_those_who_see_the_team_they_are_in_now(store: Store) -> None:
    drawn = page(store, "/deep-dive?worker=w1")
    (row,) = table(drawn, "Longest gap, days")
    assert row[0] == "w1"
    assert row[1].strip() == "Overdue"
    assert row[3:7] == ["59", "2", "87", "87"]
    assert "Workers of the same role" in words_of(drawn)
    assert [r[0] for r in table(page(store, "/deep-dive?worker=w1", BRIDGE), "Longest gap, days")] == ["w1"]
    harbour = Viewer("h.lee", HERE, teams=frozenset({"Harbour"}))
    for who, viewer in (("w1", harbour), ("w2", BRIDGE), ("nobody", KEEPER)):
        assert f"No worker “{who}” is listed" in words_of(page(store, f"/deep-dive?worker={who}", viewer))


def test_with_no_unit_chosen_the_services_and_teams_one_may_see_are_offered(store: Store) -> None:
    assert {"/deep-dive?service=North", "/deep-dive?team=Bridge", "/deep-dive?team=Mill"} <= set(links(page(store, "/deep-dive")))
    assert "/deep-dive?team=Mill" not in links(page(store, "/deep-dive", BRIDGE))


# Readiness ---------------------------------------------------------------------------------------------------------------------


def test_readiness_says_what_stands_the_oldest_overdue_and_where_the_plan_is(store: Store) -> None:
    drawn = page(store, "/readiness")
    at = readiness.position(view(store, "/readiness"), pd.Timestamp("2026-05-31"))
    assert at is not None
    visits = at.measures.set_index("kpi").loc["cp_visits_in_time"]
    assert (visits["stands"], visits["numerator"], visits["denominator"]) == ("not_sustained", 52, 60)
    assert sum(
        int(said.rpartition(" ")[2]) for said in map(words_of, every(drawn, "H2")) if said.partition(":")[0] in STANDS_WORDS.values()
    ) == len(at.measures)
    assert len(rows(drawn, "By its date")) == len(at.measures)
    assert next(r for r in table(drawn, "Longest") if r[0].startswith("Visit to a child on a protection"))[1] == "8"
    plan = {r[0]: r[1:] for r in table(drawn, "Updates overdue")}
    assert plan["6: Supervision that is regular, reflective and followed up"] == ["Understood", "1 of 2", "0", "0", "1", "0", "1", "1"]
    assert "No figures up to 1 Jan 2020" in words_of(page(store, "/readiness?day=01/01/2020"))


def test_readiness_as_at_an_earlier_day_takes_the_months_up_to_it(store: Store) -> None:
    at = readiness.position(view(store, "/readiness"), pd.Timestamp("2026-05-14"))
    assert at is not None
    assert at.period == pd.Timestamp("2026-04-30")
    assert at.stages == {"6": "Understood"}
    before = readiness.position(view(store, "/readiness"), pd.Timestamp("2026-03-31"))
    assert before is not None
    assert before.stages == {}, "the stage was reached the day after"


def test_the_workbook_holds_the_rows_of_the_page_and_no_formula(store: Store) -> None:
    at = readiness.position(view(store, "/readiness"), pd.Timestamp("2026-05-31"))
    assert at is not None
    book = load_workbook(io.BytesIO(readiness_book(at, "=Invented()", invented=True)))
    assert book.sheetnames == ["In short", "Targets", "Oldest overdue", "Sources", "Plan"]
    assert book["Targets"].max_row == 5 + len(at.measures)
    assert "Invented" in str(book["Plan"]["A3"].value)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
