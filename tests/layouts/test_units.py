"""Teams and services as they were at each month, and work nobody holds: on the pages, in the workbook and from the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from app import cli
from data.store import Store
from data.tables import BY_NAME
from data.viewer import Viewer
from kpi import REGISTER
from kpi.figures import all_figures
from layouts.case_list import HELD
from layouts.case_list import draw as case_list
from layouts.measure import draw as kpi_page
from layouts.summary import summary_of
from layouts.view import View
from tests.data.readings import HERE, reading

EVERYONE = Viewer.local("a.rahim", HERE)
KEYS = ["cp_visits_in_time", "vacancies", "caseload"]
MONTHS = ("2024-04-01", "2024-05-31")
COVERS = dict.fromkeys(("cp_plan", "visit:cp", "establishment", "worker"), MONTHS)
ROWS = {
    "cp_plan": "child_id started_on team_id worker_id\nA 2024-01-08 North W1\nB 2024-01-08 South W2\nC 2024-01-08 - -",
    "visit": "child_id cohort_kind happened_on origin_kind nth child_seen\nA cp 2024-05-30 log 0 yes",
}
TEAMS = """
team_id started_on ended_on   service_id
North   -          2024-04-30 Help
North   2024-05-01 -          Care
South   -          2024-04-30 Help
"""
POSTS = pd.DataFrame({"team_id": ["North"], "observed_on": pd.to_datetime(["2024-05-31"]), "posts_fte": [10.0], "vacant_fte": [2.5]})
STAFF = pd.DataFrame(
    {"worker_id": ["W1"], "observed_on": pd.to_datetime(["2024-05-31"]), "team_id": "North", "role": "Social Worker", "fte": 0.5,
     "caseload": 9.0}
)  # fmt: skip


@pytest.fixture(scope="module")
def council_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{(tmp_path_factory.mktemp('units') / 'council.sqlite').as_posix()}"


@pytest.fixture(scope="module")
def store(council_url: str) -> Iterator[Store]:
    """North moves from Help to Care on 1 May 2024; South closes on 30 April and still holds a child; a third child nobody holds."""
    made = Store(council_url)
    tables = {**ROWS, "establishment": BY_NAME["establishment"].conform(POSTS), "worker": BY_NAME["worker"].conform(STAFF)}
    made.load(HERE, reading("2024-05-31", tables, covers=COVERS), by="a.rahim")
    made.load(HERE, reading("2024-05-31", {"team": TEAMS}, source="teams", file="teams.csv"), by="a.rahim")
    made.work_out(HERE, lambda tables: all_figures(tables, KEYS))
    yield made
    made.close()


def view(store: Store, path: str, query: str = "") -> View:
    key = path.rpartition("/")[2]
    return View(store, EVERYONE, "Invented Council", path, {"key": key, **dict(parse_qsl(query))})


def services(store: Store, period: str) -> dict[str, str]:
    listed = view(store, "/", f"period={period}").teams
    return dict(zip(listed["team_id"], listed["service_id"], strict=True))


def offered(store: Store, name: str, query: str = "") -> list[tuple[str, str]]:
    return list(next(choice.options for choice in view(store, "/", query).choices() if choice.name == name))


def test_each_team_is_shown_in_the_service_of_the_month_looked_at(store: Store) -> None:
    assert services(store, "2024-04") == {"North": "Help", "South": "Help", "unallocated": "unallocated"}
    assert services(store, "2024-05") == {"North": "Care", "South": "unallocated", "unallocated": "unallocated"}
    assert offered(store, "team", "period=2024-04&service=Help") == [("", "All teams"), ("North", "North"), ("South", "South")]
    assert offered(store, "team", "service=Care") == [("", "All teams"), ("North", "North")]


def test_unallocated_can_be_chosen_and_comes_last(store: Store) -> None:
    assert offered(store, "team")[-1] == ("unallocated", "Unallocated")
    assert offered(store, "service")[-1] == ("unallocated", "Unallocated")


def test_the_teams_shown_under_a_service_add_up_to_it(store: Store) -> None:
    for period, service in (("2024-04", "Help"), ("2024-05", "Care"), ("2024-05", "unallocated")):
        of = view(store, "/", f"period={period}&service={service}")
        teams = of.teams.loc[of.teams["service_id"] == service, "team_id"]
        parts = of.figures("team", list(teams), ["cp_visits_in_time"], months=0)
        whole = of.figures("service", [service], ["cp_visits_in_time"], months=0)
        sums = ["numerator", "denominator"]
        assert parts.loc[parts["period"] == of.period, sums].sum().tolist() == whole.loc[whole["period"] == of.period, sums].sum().tolist()


def test_work_nobody_holds_is_on_the_page_of_a_measure_and_its_children_are_listed(store: Store) -> None:
    assert "Unallocated" in str(kpi_page(view(store, "/kpi/cp_visits_in_time")))
    listed = str(case_list(view(store, "/cases/cp_visits_in_time", "team=unallocated&show=all")))
    assert "'C'" in listed
    assert "'A'" not in listed


def test_work_nobody_holds_is_in_the_workbook(store: Store) -> None:
    content = summary_of(store, EVERYONE, "Invented Council", pd.Timestamp("2024-05-31"), produced_at=pd.Timestamp("2024-06-03"))
    cells = {str(cell) for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows(values_only=True) for cell in row}
    assert "Unallocated" in cells


def test_work_nobody_holds_is_a_row_of_the_figures_command(
    store: Store, council_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setenv("SIGHTLINE_DATABASE_URL", council_url)
    monkeypatch.setenv("SIGHTLINE_AUTHORITY", HERE)
    for level in ("team", "service", "worker"):
        result = CliRunner().invoke(
            cli, ["figures", "--kpi", "cp_visits_in_time", "--from", "2024-05", "--by", level, "--format", "json"]
        )  # fmt: skip
        rows = {row["unit_id"]: row for row in json.loads(result.stdout)}
        assert "unallocated" in rows, level
        assert sum(row["denominator"] for row in rows.values()) == 3


def test_the_list_of_a_mean_is_worded_as_the_measure_is(store: Store) -> None:
    posts = str(case_list(view(store, "/cases/vacancies")))
    assert "teams with posts" in posts
    assert "Vacant, in full-time equivalents" in posts
    assert "'2.50'" in posts
    assert "Worker" not in posts
    cases = str(case_list(view(store, "/cases/caseload")))
    assert "Full-time equivalent" in cases
    assert "'0.50'" in cases
    means = {key for key, measure in REGISTER.items() if measure.measure in ("mean", "ratio") and measure.given is None}
    assert means == set(HELD), "a mean has words of its own for its list"
