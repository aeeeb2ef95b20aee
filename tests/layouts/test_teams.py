"""The matrix of teams, the page of one team, and who may see which; on sixty invented children in three teams."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd
import pytest
from dash.development.base_component import Component

from data.store import Store
from data.surgery import Commitment, Surgery
from data.tables import Tables
from data.viewer import Viewer
from kpi import REGISTER
from kpi.duties import COLUMNS, DUE_SOON, IN_TIME, LEFT_OUT, OVERDUE
from kpi.figures import all_figures
from kpi.team_work import by_worker
from layouts import draw, team, teams
from layouts.looking import teams_to_look_at
from layouts.matrix import MANY, Unit, matrix
from layouts.short_names import SHORT_NAMES, short_name
from layouts.view import View
from tests.layouts.held import BRIDGE, KEEPER, MAY, fill
from tests.layouts.test_due import every, words_of

WIDEST = 26  # letters of a short name: two lines of a column head
KEY = "cp_visits_in_time"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store(f"sqlite:///{(tmp_path_factory.mktemp('held') / 'held.sqlite').as_posix()}")
    fill(made)
    yield made
    made.close()


def matrix_page(store: Store, viewer: Viewer = KEEPER, **query: str) -> Component:
    return teams.draw(View(store, viewer, "Invented Council", "/teams", {"key": "", "domain": "protection", **query}))


def team_page(store: Store, name: str, viewer: Viewer = KEEPER, **query: str) -> Component:
    return team.draw(View(store, viewer, "Invented Council", f"/team/{name}", {"key": "", **query, "team": name}))


def rows_of(page: Component) -> dict[str, list[str]]:
    """The rows of the matrix: what heads the row -> what its cells show."""
    table = next(one for one in every(page, "Table") if one.className == "mx")
    return {words_of(every(row, "Th")[0]): [words_of(cell) for cell in every(row, "Td")] for row in every(table, "Tr")[1:]}


def column(page: Component, title: str) -> int:
    table = next(one for one in every(page, "Table") if one.className == "mx")
    return [words_of(one).startswith(title) for one in every(every(table, "Tr")[0], "Th")].index(True) - 1


# The matrix --------------------------------------------------------------------------------------------------------------------


def test_each_team_has_its_figure_with_n_of_all_under_its_service(store: Store) -> None:
    page = matrix_page(store)
    rows, seen = rows_of(page), column(page, "Seen in time")
    assert list(rows) == ["All teams", "North", "Bridge", "South", "Harbour", "Mill"]
    shown = {name: " ".join(cells[seen].split()) for name, cells in rows.items() if cells}
    assert shown == {
        "All teams": "86.7 % 52 of 60", "Bridge": "87.5 % 21 of 24", "Harbour": "87.5 % 21 of 24", "Mill": "83.3 % 10 of 12",
    }  # fmt: skip


def test_a_cell_says_its_marks_in_words_and_leads_to_the_measure_of_that_team(store: Store) -> None:
    page = matrix_page(store, period="2026-05")
    link = next(a for a in every(page, "A") if f"{REGISTER[KEY].title}, Harbour" in str(getattr(a, "aria-label", "")))
    assert re.match(r"87\.5.% *, (no target|met|near|not met)", getattr(link, "aria-label").replace(" ", " "))
    assert link.href == f"/kpi/{KEY}?period=2026-05&team=Harbour"


def test_only_the_teams_of_the_viewer_are_rows_and_the_rest_are_counted(store: Store) -> None:
    page = matrix_page(store, BRIDGE)
    assert [name for name, cells in rows_of(page).items() if cells] == ["All teams", "Bridge"]
    assert "2 teams are not shown: you see only your own." in words_of(page)
    assert not {"Harbour", "Mill"} & set(re.findall(r"\w+", words_of(page)))


def test_a_service_narrows_the_rows_and_an_unknown_domain_shows_the_first_there_is(store: Store) -> None:
    assert [name for name, cells in rows_of(matrix_page(store, service="South")).items() if cells] == ["All of South", "Harbour", "Mill"]
    assert words_of(matrix_page(store, domain="star_signs")) == words_of(matrix_page(store, domain=""))


def test_a_month_without_figures_of_teams_says_so(store: Store) -> None:
    assert "No team has a figure" in words_of(matrix_page(store, period="2031-01"))


def test_a_team_without_a_figure_has_a_dash_and_no_target_no_mark_that_reads_as_a_minus() -> None:
    kpis = [REGISTER[KEY], REGISTER["icpc_overdue"]]
    row = {"value": 4.0, "numerator": 4.0, "denominator": 1.0, "status": "no target", "signal": "", "note": "history short", "target": None}
    now = pd.DataFrame([{"kpi": "icpc_overdue", "unit_id": "Bridge", **row}])
    made = matrix(
        now, [Unit(f"{n}", f"Team {n}") for n in range(MANY)] + [Unit("Bridge", "Bridge")], kpis, caption="x", href="{}/{}".format
    )
    cells = every(every(made, "Tr")[-1], "Td")
    assert [words_of(cell) for cell in cells] == ["–", "4 *"]
    assert not every(cells[1], "I")
    assert "tall" in made.className, "a long table keeps its heads in sight"


def test_short_names_are_short_and_of_measures_there_are() -> None:
    assert set(SHORT_NAMES) <= set(REGISTER)
    long = {kpi.key: short_name(kpi) for kpi in REGISTER.values() if len(short_name(kpi)) > WIDEST}
    assert long == {}
    for domain in {kpi.domain for kpi in REGISTER.values()}:
        names = [short_name(kpi) for kpi in REGISTER.values() if kpi.domain == domain]
        assert len(names) == len(set(names)), domain


# Teams to look at --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Figures of five months: Harbour sees one child in five in time, Bridge and Mill nearly all."""

    def figures(tables: Tables) -> pd.DataFrame:
        found = all_figures(tables, [KEY])
        seen = found["unit_id"].map({"Harbour": 40.0}).fillna(190.0)
        teams_only = found["level"] == "team"
        return found.assign(
            numerator=found["numerator"].mask(teams_only, seen), denominator=found["denominator"].mask(teams_only, 200.0)
        )  # fmt: skip

    made = Store(f"sqlite:///{(tmp_path_factory.mktemp('apart') / 'apart.sqlite').as_posix()}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.layouts.held.all_figures", figures)
        fill(made)
    yield made
    made.close()


def test_a_team_that_stands_out_is_named_with_the_reason_to_those_who_see_it(apart: Store) -> None:
    page = words_of(matrix_page(apart))
    assert re.search(r"Child protection: teams to look at.*Harbour Children on a CP plan seen in time", page)
    assert "not a ranking" in page
    view = View(apart, BRIDGE, "Invented Council", "/teams", {})
    assert teams_to_look_at(view, list(REGISTER.values())).empty
    assert teams_to_look_at(View(apart, KEEPER, "x", "/teams", {"service": "North"}), list(REGISTER.values())).empty


# The page of a team ------------------------------------------------------------------------------------------------------------


def test_a_team_page_lists_what_its_children_are_owed_and_leads_to_the_whole_list(store: Store) -> None:
    page = team_page(store, "Harbour", period="2026-05")
    said = words_of(page)
    late = [n for n in range(1, 61) if n % 7 == 0 and n % 5 in (2, 3)]
    listed = next(one for one in every(page, "Table") if "Late or left" in words_of(one))
    overdue = [words_of(row.children[0]) for row in every(listed, "Tr")[1:] if "days late" in words_of(row) and "Visit" in words_of(row)]
    assert sorted(map(int, overdue)) == late
    assert f"Overdue: {len(late)}." in said
    way = next(a for a in every(page, "A") if words_of(a).startswith("List all"))
    assert way.href == "/due?period=2026-05&team=Harbour"
    assert {"Deep dive", "Surgery", "Audits"} <= {words_of(a) for a in every(page, "A")}
    assert "Other teams of South" in said
    assert {a.href for a in every(page, "A") if words_of(a) == "Mill"} == {"/team/Mill?period=2026-05"}


def test_a_team_page_has_its_measures_and_says_how_many_have_no_figure(store: Store) -> None:
    page = team_page(store, "Mill")
    score = next(one for one in every(page, "Table") if one.className == "sc")
    shown = len([row for row in every(score, "Tr") if every(row, "Td")])
    assert "10 of 12" in words_of(score)
    assert f"{len(REGISTER) - shown} measures have no figure of this team for May 2026." in words_of(page)


@pytest.mark.parametrize("name", ["Harbour", "unallocated", "Nowhere"])
def test_a_team_the_viewer_may_not_see_shows_nothing_of_it_not_even_that_it_exists(store: Store, name: str) -> None:
    page = words_of(team_page(store, name, BRIDGE))
    assert "You do not have access to this" in page
    assert name not in page
    assert not re.search(r"\d+ of \d+|days late|CP plan", page)


def test_an_unknown_team_and_a_month_it_has_nothing_in_say_so(store: Store) -> None:
    assert "There is no team called Nowhere" in words_of(team_page(store, "Nowhere"))
    assert "Harbour" in words_of(team_page(store, "Harbour", period="2031-01"))


def test_a_team_whose_name_has_a_space_is_found_by_the_address_a_browser_writes(store: Store) -> None:
    page = words_of(draw(store, KEEPER, "Invented Council", "/team/Assessment%20East", ""))
    assert "There is no team called Assessment East" in page


def test_the_last_surgery_of_the_team_and_what_became_of_it_is_shown_at_once(store: Store) -> None:
    assert "No surgery of this team is kept." in words_of(team_page(store, "Mill"))
    ident = store.surgeries.open(KEEPER, Surgery(level="team", unit_id="Mill", held_on=MAY))
    said = Commitment(surgery_id=ident, kind="by_hand", who="A. Rahim", by_on=MAY + pd.Timedelta(days=9), what="Call the family")
    store.surgeries.agree(KEEPER, said)
    page = draw(store, KEEPER, "Invented Council", "/team/Mill", "")
    assert "Held on 31 May 2026" in words_of(page)
    assert "1 commitment: 1 not checked yet" in words_of(page)
    store.surgeries.answer(KEEPER, store.surgeries.commitments(KEEPER)["id"].iloc[0], True, "Done", revision=1)
    assert "1 commitment: 1 kept" in words_of(draw(store, KEEPER, "Invented Council", "/team/Mill", ""))


# Its workers -------------------------------------------------------------------------------------------------------------------


def test_workers_are_counted_from_their_own_duties_and_the_workforce_extract() -> None:
    rows = [
        ("W2", "child", "cp_visit", OVERDUE), ("W2", "child", "cp_visit", DUE_SOON), ("W2", "child", "core_group", IN_TIME),
        ("W2", "child", "icpc", LEFT_OUT), ("W2", "worker", "supervision", OVERDUE), ("FP1", "child", "cin_visit", IN_TIME),
        ("unallocated", "child", "cp_visit", OVERDUE), ("W1", "worker", "supervision", LEFT_OUT),
    ]  # fmt: skip
    duties = pd.DataFrame(rows, columns=["worker_id", "cohort", "duty", "state"]).reindex(columns=list(COLUMNS))
    duties["last_on"] = pd.to_datetime(pd.Series(["2026-05-01"] * len(duties))).where(duties["duty"] == "supervision")
    staff = pd.DataFrame(
        {"worker_id": ["W2", "W1"], "role": "Social worker", "fte": [0.6, 1.0], "agency": [True, None], "caseload": [9.0, None]}
    )
    found = by_worker(staff, duties).set_index("worker_id")
    assert found.index.tolist() == ["W1", "W2", "FP1", "unallocated"]
    counts = found[["owed", "in_time", "overdue", "due_soon"]].to_numpy().tolist()
    assert counts == [[0, 0, 0, 0], [3, 2, 1, 1], [1, 1, 0, 0], [1, 0, 1, 0]]
    assert found["supervision"].tolist() == [LEFT_OUT, OVERDUE, "", ""]
    assert found.loc["W2", "supervised_on"] == pd.Timestamp("2026-05-01")
    assert found["listed"].tolist() == [True, True, False, False]
    assert found["caseload"].fillna(-1).tolist() == [-1, 9, -1, -1]
    nobody = by_worker(staff.head(0), duties.head(0))
    assert nobody.empty
