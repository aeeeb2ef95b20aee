"""The command line others script against: what it prints, in which shape, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app import cli
from tests.extracts import annex_a, as_csv

RUN = CliRunner()
FIGURE_KEYS = {
    "authority", "kpi", "period", "level", "unit_id", "unit", "numerator", "denominator", "value", "measure", "target", "status",
    "left_out",
}  # fmt: skip


def run(*words: str | Path) -> Result:
    result = RUN.invoke(cli, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def told(*words: str | Path) -> Any:
    result = run(*words, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def extracts(tmp_path: Path) -> Path:
    """As at 31 March 2026: twelve children with a plan, two of them in a team of their own, and one month of work."""
    plans = [
        {"Child Unique ID": 100 + i, "Child Protection Plan Start Date": date(2026, 1, 5),
         "Date of the Last Statutory Visit": date(2026, 3, day), "Allocated Team": "Brook" if i < 10 else "Weir"}
        for i, day in enumerate([17, 17, 18, 20, 24, 25, 26, 27, 30, 31, 16, 31])
    ]  # fmt: skip
    referrals = [
        {"Child Unique ID": "001", "Date of referral": date(2025, 3, 10)},
        {"Child Unique ID": "001", "Date of referral": date(2026, 3, 10)},
        {"Child Unique ID": "1", "Date of referral": date(2026, 3, 11), "Referral NFA?": "a) Yes"},
    ]
    annex_a(tmp_path / "in" / "annex_a_2026-03-31.xlsx", {"List 7": plans, "List 3": referrals})
    as_csv(
        tmp_path / "in" / "visits_2026-03.csv",
        [
            {"child_id": "001", "cohort": "CONTACT", "visit_date": "12/03/2026", "child_seen": "Y", "recorded_date": "12/03/2026"},
            {"child_id": "100", "cohort": "CP", "visit_date": "31/02/2026", "child_seen": "Y", "recorded_date": "31/03/2026"},
        ],
    )
    return tmp_path / "in"


def test_a_load_tells_each_file_and_every_problem(extracts: Path) -> None:
    loaded = {Path(r["file"]).name: r for r in told("load", extracts)}
    assert set(loaded) == {"annex_a_2026-03-31.xlsx", "visits_2026-03.csv"}
    annex, visits = loaded["annex_a_2026-03-31.xlsx"], loaded["visits_2026-03.csv"]
    assert (annex["source"], annex["status"], annex["rows_in"], annex["rows_new"], annex["rows_set_aside"]) == (
        "annex_a",
        "loaded",
        15,
        15,
        0,
    )
    assert (visits["rows_in"], visits["rows_new"], visits["rows_unchanged"], visits["rows_set_aside"]) == (2, 1, 0, 1)
    problem = next(p for p in visits["problems"] if p["severity"] == "set_aside")
    assert (problem["row"], problem["column"], problem["value"]) == (3, "visit_date", "31/02/2026")
    assert "does not exist" in problem["says"]


def test_a_folder_with_nothing_to_read_is_said_and_is_no_success(tmp_path: Path, extracts: Path) -> None:
    (tmp_path / "2026-06").mkdir()
    (tmp_path / "2026-06" / "minutes.docx").touch()
    nothing = run("load", tmp_path / "2026-06")
    assert nothing.exit_code == 1
    assert "2026-06: nothing in this folder can be read (its one file is of another kind)" in nothing.stderr
    folder = run("check", extracts)
    assert (folder.exit_code, "is a folder: name one file in it" in re.sub(r"[\s│]+", " ", folder.stderr)) == (2, True)


def test_the_same_files_again_change_nothing(extracts: Path) -> None:
    told("load", extracts)
    before = told("figures", "--by", "all")
    again = told("load", extracts)
    assert [r["status"] for r in again] == ["unchanged", "unchanged"]
    assert all(r["rows_new"] == 0 and r["rows_in"] == r["rows_unchanged"] + r["rows_set_aside"] for r in again)
    assert told("figures", "--by", "all") == before


def test_figures_have_the_shape_they_are_promised_in(extracts: Path) -> None:
    told("load", extracts)
    rows = told("figures", "--kpi", "cp_visits_in_time", "--from", "2026-03", "--to", "2026-03", "--by", "all")
    assert all(set(row) >= FIGURE_KEYS for row in rows)
    whole = next(row for row in rows if row["level"] == "authority")
    assert (whole["authority"], whole["unit_id"], whole["period"], whole["measure"]) == ("local", "local", "2026-03", "percent")
    # Seen on the 17th is due by the 31st and in time; seen on the 16th was due on the 30th.
    assert (whole["numerator"], whole["denominator"], whole["target"], whole["status"]) == (11, 12, 85, "met")
    assert whole["value"] == pytest.approx(1100 / 12)
    teams = {row["unit_id"]: row for row in rows if row["level"] == "team"}
    assert {t: (r["numerator"], r["denominator"], r["status"]) for t, r in teams.items()} == {
        "Brook": (10, 10, "met"), "Weir": (1, 2, "few cases"),
    }  # fmt: skip


def test_a_month_with_no_data_is_no_data_and_not_nought(extracts: Path) -> None:
    told("load", extracts)
    (row,) = told("figures", "--kpi", "cp_visits_in_time", "--from", "2026-07", "--to", "2026-07")
    assert (row["numerator"], row["denominator"], row["value"], row["status"]) == (None, None, None, "no cases")


def test_ids_that_differ_in_leading_zeros_are_two_children(extracts: Path) -> None:
    told("load", extracts)
    rows = told("cases", "re_referrals", "2026-03")
    assert {(row["child_id"], row["met"]) for row in rows} == {("001", True), ("1", False)}


def test_cases_are_the_rows_behind_the_figure(extracts: Path) -> None:
    told("load", extracts)
    rows = told("cases", "cp_visits_in_time", "2026-03", "--team", "Weir")
    assert [(row["child_id"], row["due"], row["happened"], row["met"]) for row in rows] == [
        ("110", "2026-03-30", "2026-03-16", False), ("111", "2026-04-16", "2026-03-31", True),
    ]  # fmt: skip
    assert rows[0]["why"] == "Last seen too long ago, on 16 Mar 2026; due 30 Mar 2026, 1 day late"
    left = told("cases", "seen_after_contact", "2026-03", "--left-out")
    assert [(row["child_id"], row["left_out"]) for row in left] == [("1", "closed with no further action")]


def test_csv_and_json_say_the_same(extracts: Path) -> None:
    told("load", extracts)
    as_json = told("figures", "--kpi", "re_referrals")
    text = run("figures", "--kpi", "re_referrals", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [r["period"] for r in rows] == [r["period"] for r in as_json]
    assert [json.loads(r["left_out"]) for r in rows] == [r["left_out"] for r in as_json]


def test_a_withdrawn_load_gives_back_the_state_before(extracts: Path, tmp_path: Path) -> None:
    told("load", extracts)
    before = told("figures", "--by", "all")
    late = {"child_id": "100", "cohort": "CP", "visit_date": "01/03/2026", "child_seen": "Y", "recorded_date": "30/03/2026"}
    wrong = as_csv(tmp_path / "visits_again_2026-03.csv", [late, {**late, "child_id": "110", "visit_date": "30/03/2026"}])
    told("load", wrong)
    assert told("figures", "--by", "all") != before
    newest = told("loads")[0]
    assert run("loads", "withdraw", str(newest["batch_id"])).exit_code == 0
    assert told("figures", "--by", "all") == before
    assert told("loads")[0]["status"] == "withdrawn"
    assert run("loads", "withdraw", str(newest["batch_id"])).exit_code == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("letter.csv", "Dear all,\nplease find\n", "letter.csv"),
        ("visits.csv", "child_id,cohort,visit_date\n1,CP,01/03/2026\n", "child_seen"),
        ("book.xlsx", "this is no workbook", "book.xlsx"),
        ("empty.csv", "", "empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words_and_stores_nothing(tmp_path: Path, name: str, content: str, says: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    result = run("load", path, "--format", "json")
    assert result.exit_code == 1
    (told_of,) = json.loads(result.stdout)
    assert (told_of["status"], told_of["rows_in"], told_of["source"]) == ("refused", 0, None)
    assert says in told_of["problems"][0]["says"]
    assert told("loads") == []


def test_one_refused_file_does_not_stop_the_others(extracts: Path) -> None:
    (extracts / "notes.csv").write_text("minutes of the meeting\n")
    result = run("load", extracts, "--format", "json")
    assert result.exit_code == 1
    assert sorted(r["status"] for r in json.loads(result.stdout)) == ["loaded", "loaded", "refused"]


@pytest.mark.parametrize(
    "words",
    [
        ("figures", "--kpi", "no_such_kpi"),
        ("figures", "--from", "2026-3"),
        ("figures", "--from", "2026-05", "--to", "2026-04"),
        ("cases", "cp_visits_in_time", "May"),
        ("load", "/no/such/folder"),
        ("load",),
        ("publish", "2026"),
        ("serve", "--host", "0.0.0.0"),
        ("nonsense",),
    ],
)
def test_wrong_usage_is_exit_code_2_and_never_a_traceback(words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_database_that_cannot_be_reached_says_so_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGHTLINE_DATABASE_URL", "postgresql://someone:secret@127.0.0.1:1/none")
    result = run("figures")
    assert result.exit_code == 2
    assert "secret" not in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("load",),
        ("check",),
        ("figures",),
        ("cases",),
        ("loads",),
        ("loads", "withdraw"),
        ("export", "summary"),
        ("serve",),
        ("publish",),
        ("sample",),
    ],
)
def test_every_command_has_help_with_an_example(words: tuple[str, ...]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert "Example: python app.py" in " ".join(result.stdout.replace("│", " ").split())


def test_check_says_what_a_file_would_be_read_as_and_stores_nothing(extracts: Path, tmp_path: Path) -> None:
    shown = run("check", extracts / "visits_2026-03.csv")
    assert shown.exit_code == 0
    assert re.search(r"visit_date +-> +happened_on +\(by name\)", shown.output)
    assert "31/02/2026" in shown.output
    assert "Nothing was stored" in shown.output
    lacking = as_csv(tmp_path / "visits.csv", [{"child_id": "1", "cohort": "CP", "visit_date": "01/03/2026", "child_sen": "Y"}])
    refused = run("check", lacking)
    assert refused.exit_code == 1
    assert "did you mean “child_sen”" in refused.output
    assert run("check", tmp_path / "none.csv").exit_code == 2
    assert told("loads") == []


def test_publish_keeps_the_first_figures(extracts: Path) -> None:
    told("load", extracts)
    assert "kept as first published" in run("publish", "2026-03").output
    assert "Nothing new" in run("publish", "2026-03").output


def test_the_summary_is_written_where_it_is_asked_for(extracts: Path, tmp_path: Path) -> None:
    told("load", extracts)
    out = tmp_path / "may.xlsx"
    assert run("export", "summary", "--period", "2026-03", "--out", out).exit_code == 0
    assert out.read_bytes().startswith(b"PK")
    assert run("export", "summary", "--period", "2026-03", "--out", tmp_path / "none" / "may.xlsx").exit_code == 2
