"""The invented council: the same each time, in the shape real extracts have, labelled, spoilt where it says, with its story in it."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data.reference.declared import measures
from data.sample import MESS, Placed, make, return_903
from data.sample.annex_a import HEADINGS, date_columns
from data.sample.days import day, month_end, month_of, months_before, working_after, working_count
from data.sample.logs import missing_episodes
from data.sample.simulation import Simulation
from data.sample.story import SERVICES, TEAM_SHARES

SHARED = Path(__file__).parents[3] / "shared"
MONTHS = ("2026-02", "2026-03", "2026-04", "2026-05")


@dataclass
class Made:
    folder: Path
    files: list[Path]
    spoilt: list[Placed]

    def book(self, month: str) -> Any:
        return openpyxl.load_workbook(next((self.folder / month).glob("annex_a_*.xlsx")))

    def rows(self, month: str, number: int) -> list[dict[str, Any]]:
        table = [list(row) for row in self.book(month)[f"List {number}"].iter_rows(values_only=True)]
        header = next(n for n, row in enumerate(table) if "Ethnicity" in row)
        return [dict(zip(table[header], row, strict=True)) for row in table[header + 1 :]]

    def text(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder, spoilt = tmp_path_factory.mktemp("invented"), []
    return Made(folder, make(folder, months=4, scale=0.1, spoilt=spoilt), spoilt)


def when(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()


def test_every_month_has_its_extracts_and_the_council_its_teams_logs_and_returns(small: Made) -> None:
    kept = ["README.txt", "annotations.csv", "cin_census_2026-03-31.xml", "logs_to_2026-05", "population.csv", "ssda903_2026-03-31"]
    assert sorted(p.name for p in small.folder.iterdir()) == [*MONTHS, *kept, "teams.csv"]
    for month in MONTHS:
        kinds = Counter(p.name.split("_2026")[0] for p in (small.folder / month).iterdir())
        assert kinds == Counter(["annex_a", "audits", "supervision", "training", "visits", "workers"]) + Counter(
            "visits" for piece in small.spoilt if piece.kind == "sent_again" and piece.file.startswith(month)
        )
    assert all(path.exists() for path in small.files)
    assert len(set(small.files)) == len(small.files) == sum(path.is_file() for path in small.folder.rglob("*"))
    assert {(row["team"], row["service"]) for row in small.text("teams.csv")} == {(t, s) for s, teams in SERVICES.items() for t in teams}


def test_the_measures_that_are_only_figures_are_those_declared_and_come_every_month(small: Made) -> None:
    rows = small.text("logs_to_2026-05/measure_values_2026-05.csv")
    whole = Counter(row["measure"] for row in rows if row["unit_level"] == "authority")
    assert whole == {row["key"]: len(MONTHS) for row in measures("invented")}
    percents = [row for row in rows if row["denominator"] and row["measure"] != "legal_spend"]
    assert percents
    assert all(0 <= int(row["numerator"]) <= int(row["denominator"]) for row in percents)


def test_missing_episodes_are_those_of_the_return_and_nobody_is_interviewed_before_coming_back(council: Simulation) -> None:
    told = {(row[0], row[1], row[2]): row for row in missing_episodes(council, month_end(council.months[-1])).rows[1:]}
    returned = return_903.tables(council)["missing"].rows[1:]
    assert len(returned) > 50
    assert all((child, since, until) in told and told[child, since, until][3][0] == kind for child, _, kind, since, until in returned)
    days = [(row[2], row[6], row[5]) for row in told.values() if row[6] is not None]
    assert days
    assert all(back <= on and accepted == "Y" for back, on, accepted in days)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        make(tmp_path / name, seed=seed, months=1, scale=0.05)
    one, two, other = (
        {p.relative_to(top): p.read_bytes() for p in top.rglob("*.*") if p.is_file()}
        for top in map(tmp_path.joinpath, ("one", "two", "other"))
    )
    assert one == two
    assert one.keys() == other.keys()
    assert one != other


def test_progress_is_told_month_by_month(tmp_path: Path) -> None:
    heard: list[tuple[int, int, str]] = []
    make(tmp_path, months=2, scale=0.02, progress=lambda *what: heard.append(what))
    assert heard == [(1, 2, "2026-04"), (2, 2, "2026-05")]


def test_every_workbook_and_the_folder_say_the_data_is_invented(small: Made) -> None:
    assert "Invented data" in (small.folder / "README.txt").read_text(encoding="utf-8")
    for path in small.folder.rglob("*.xlsx"):
        book = openpyxl.load_workbook(path)
        assert "invented" in book.properties.title.lower()
        assert "invented" in book.properties.description.lower()
        if path.name.startswith("annex_a"):
            assert book.sheetnames[0] == "About"
            assert "Invented data" in book["About"]["A1"].value
    assert "Invented data" in (small.folder / "cin_census_2026-03-31.xml").read_text(encoding="utf-8")[:300]


@pytest.mark.skipif(not (SHARED / "reference" / "annex_a.json").exists(), reason="the reference papers are not beside the project")
def test_headings_and_codes_are_those_of_the_form() -> None:
    from data.sample import codes

    form = {spec["sheet"]: spec["columns"] for spec in json.loads((SHARED / "reference" / "annex_a.json").read_text())["lists"]}
    assert HEADINGS.keys() == form.keys()
    for sheet, headings in HEADINGS.items():
        assert [column["name"] for column in form[sheet]] == list(headings)
        assert date_columns(sheet) == {i for i, column in enumerate(form[sheet]) if column["type"] == "date"}
    allowed = {code for columns in form.values() for column in columns for code in column.get("codes") or ()}
    written = {*codes.SEXES, *codes.ETHNICITIES, *codes.SOURCES, *codes.NEEDS, *codes.CATEGORIES, *codes.PERMANENCE, *codes.CARE_ENDS}
    written |= {kind for kind, *_ in codes.PLACEMENTS} | {provider for _, provider, _ in codes.PLACEMENTS} | set(codes.CLOSURES.values())
    written |= {codes.TURNED_18, codes.LONG_TERM_FOSTERING, *codes.ELIGIBILITY.values(), *codes.IN_TOUCH.values(), *codes.HOMES}
    written |= {*codes.UNSUITABLE_HOMES, *codes.WORKING_OR_LEARNING, *codes.NEITHER, *codes.LEAVES_ADOPTING, codes.NO_LONGER_TO_BE_ADOPTED}
    written |= {kind for kind, _ in (codes.FOSTERED, codes.CHILDRENS_HOME, codes.SUPPORTED_HOME, codes.ADOPTIVE)}
    assert written <= allowed


def test_dates_are_excel_dates_and_each_list_keeps_to_its_window(small: Made) -> None:
    since, as_at = date(2025, 9, 30), date(2026, 3, 31)
    dated = {3: "Date of referral", 4: "Continuous Assessment Date of Authorisation", 6: "CIN Closure Date"}
    dated |= {7: "Child Protection Plan End Date", 8: "Date Ceased to be Looked After"}
    for number, heading in dated.items():
        cells = [row[heading] for row in small.rows("2026-03", number)]
        days = [cell.date() for cell in cells if isinstance(cell, datetime)]
        assert days
        assert all(since < on <= as_at for on in days)
        assert (None in cells) == (number != 3)  # what is still open is listed too
        assert all(str(cell).startswith("31/02") for cell in cells if isinstance(cell, str))


def test_some_months_hold_their_dates_as_text(small: Made) -> None:
    assert all(isinstance(row["Date of referral"], str) for row in small.rows("2026-05", 3))


def test_the_first_list_of_referrals_goes_back_fourteen_months(small: Made) -> None:
    received = [row["Date of referral"].date() for row in small.rows("2026-02", 3) if isinstance(row["Date of referral"], datetime)]
    assert date(2024, 12, 28) < min(received) < date(2025, 1, 20)


def test_list_6_holds_every_open_child_of_lists_7_and_8(small: Made) -> None:
    ids = {"plan": "Child Protection plan", "care": "Looked after child"}
    status = {str(row["Child Unique ID"]): row["Case Status"] for row in small.rows("2026-05", 6)}
    for row in small.rows("2026-05", 7):
        if row["Child Protection Plan End Date"] is None:
            assert ids["plan"] in status[str(row["Child Unique ID"])]
    for row in small.rows("2026-05", 8):
        if row["Date Ceased to be Looked After"] is None:
            assert ids["care"] in status[str(row["Child Unique ID"])]


def test_a_month_of_visits_holds_what_was_recorded_in_it_and_some_of_them_are_late(small: Made) -> None:
    late = 0
    for month in MONTHS[1:]:
        rows = small.text(f"{month}/visits_{month}.csv")
        first = date.fromisoformat(f"{month}-01")
        assert {row["cohort"] for row in rows} == {"CP", "CIN", "CLA", "CONTACT"}
        assert all(when(row["recorded_date"]).replace(day=1) == first for row in rows)
        made = [(when(row["visit_date"]), when(row["recorded_date"])) for row in rows if not row["visit_date"].startswith("31/02")]
        assert all(on <= recorded for on, recorded in made)
        late += sum(on < first for on, _ in made)
    assert late


def test_unborn_children_have_no_date_of_birth_and_nobody_is_an_adult(small: Made) -> None:
    rows = small.rows("2026-05", 6)
    assert all((row["Date of Birth"] is None) == (row["Age of Child (Years)"] == -1) for row in rows)
    helped = [row["Age of Child (Years)"] for row in rows if row["Case Status"][0] in "abc"]
    assert -1 <= min(helped) <= 2
    assert 15 <= max(helped) <= 17


def test_every_kind_of_mess_is_declared_and_placed_over_a_year(tmp_path: Path) -> None:
    spoilt: list[Placed] = []
    make(tmp_path, months=12, scale=0.04, spoilt=spoilt)
    assert {piece.kind for piece in spoilt} == set(MESS)


def test_mess_is_where_the_list_says(small: Made) -> None:
    checked = 0
    books = {f"{month}/{next((small.folder / month).glob('annex_a_*')).name}": small.book(month) for month in MONTHS}
    for piece in small.spoilt:
        if piece.file in books and piece.row and piece.column:
            sheet = books[piece.file][piece.sheet]
            headings = [cell.value for cell in next(row for row in sheet.iter_rows(max_row=3) if row[2].value == "Ethnicity")]
            found = sheet.cell(piece.row, headings.index(piece.column) + 1).value if piece.column in headings else piece.value
            assert found == piece.value
            checked += 1
    assert checked > 40


# --- the story: measured on the whole council, in the simulation itself -------------------------------------------------------


@pytest.fixture(scope="module")
def council() -> Simulation:
    return Simulation(2026, 36, 1.0)


def in_time(council: Simulation, kind: str, limit: int, as_at: int, team: str | None = None) -> float:
    """The stock method: of children with a plan open, those not overdue on a day, by what is now known."""
    seen: dict[str, int] = {}
    for visit in council.visits:
        if visit.seen and visit.cohort == kind and visit.day <= as_at:
            seen[visit.child.child_id] = max(seen.get(visit.child.child_id, 0), visit.day)
    met = []
    for child in council.records.children:
        phase = child.phase_at(as_at)
        if phase and phase.kind == kind and team in (None, child.holder_at(as_at)[0]):
            met.append(working_after(max(phase.start, seen.get(child.child_id, 0)), limit) >= as_at)
    return 100 * sum(met) / len(met)


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


@pytest.mark.slow
def test_the_council_has_the_size_it_says(council: Simulation) -> None:
    for month in council.months[::7]:
        kinds = Counter(phase.kind for child in council.records.children if (phase := child.phase_at(month_end(month))))
        assert 2300 <= kinds.total() <= 2700
        assert 900 <= kinds["cin"] <= 1400
        assert 290 <= kinds["cp"] <= 400
        assert 430 <= kinds["cla"] <= 540
        social_workers = [w for w in council.council.workers if w.social_worker and w.in_post(month_end(month))]
        assert 56 <= len(social_workers) <= 76
    assert set(council.council.teams) == set(TEAM_SHARES)
    assert sum(w.ended <= month_end(council.months[-1]) for w in council.council.workers) > 20
    assert sum(len(w.stints) > 1 for w in council.council.workers) > 5


@pytest.mark.slow
def test_visits_recover_after_the_inspection_and_harbour_drifts_back(council: Simulation) -> None:
    before = [day(2023, 9, 29), day(2023, 11, 30), day(2024, 1, 31)]
    after = [day(2026, 1, 30), day(2026, 3, 31), day(2026, 4, 30)]
    for kind, limit, reached in (("cp", 10, 79), ("cin", 20, 77)):
        assert 57 <= mean([in_time(council, kind, limit, on) for on in before]) <= 68
        assert mean([in_time(council, kind, limit, on) for on in after]) >= reached
    good = mean([in_time(council, "cin", 20, on, "Harbour") for on in (day(2025, 9, 30), day(2025, 10, 31))])
    assert good - in_time(council, "cin", 20, day(2026, 5, 29), "Harbour") > 12


@pytest.mark.slow
def test_the_recording_change_looks_like_an_improvement_and_helps_nobody(council: Simulation) -> None:
    def year(first: int, last: int) -> tuple[float, float, float]:
        referrals = [r.closed_without_action for r in council.records.referrals if first <= r.day < last]
        support = [a.support for a in council.records.assessments if first <= a.authorised < last]
        return (
            100 * mean(referrals),
            100 * support.count("b) No") / len(support),
            sum(first <= p.phase.start < last for p in council.records.plans),
        )

    before, after = year(day(2024, 4), day(2025, 4)), year(day(2025, 4), day(2026, 4))
    assert before[0] > 25 > 8 > after[0]
    assert before[1] - after[1] > 10
    assert abs(after[2] - before[2]) < 0.2 * before[2]


@pytest.mark.slow
def test_audits_supervision_and_re_referrals_move_as_told(council: Simulation) -> None:
    def inadequate(months: range) -> float:
        graded = [a.grade for a in council.audits if a.grade and a.kind != "re-audit" and month_of(a.day) in months]
        return 100 * graded.count("Inadequate") / len(graded)

    def again(months: range) -> float:
        met = []
        for referral in council.records.referrals:
            if month_of(referral.day) in months:
                met.append(any(months_before(referral.day, 12) <= on < referral.day for on in referral.child.referred_on))
        return 100 * mean(met)

    first_year, last_half = council.months[:9], council.months[-6:]
    assert inadequate(first_year) > 20 > 10 > inadequate(last_half)
    assert 26 <= again(first_year) <= 32
    assert 22 <= again(last_half) <= 27.5
    held = Counter(month_of(s.day) for s in council.sessions if s.held)
    assert mean([held[month] for month in last_half]) > 1.3 * mean([held[month] for month in first_year])


@pytest.mark.slow
def test_mill_records_later_than_the_others(council: Simulation) -> None:
    def two_days(team: str) -> float:
        lags = [working_count(v.recorded) - working_count(v.day) for v in council.visits if v.team == team and v.day >= day(2025, 9)]
        return 100 * sum(lag <= 2 for lag in lags) / len(lags)

    assert two_days("Mill") < 70 < 80 < two_days("Fern")
