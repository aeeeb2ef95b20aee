"""Rows, good and bad: what is loaded, what is set aside, and what is said about it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import loaders
from data.reading import Refused
from data.tables import BY_NAME, DTYPES
from tests.loaders.extracts import TODAY, VISITS, problems, read, text, visits_csv, workbook


@pytest.mark.parametrize(
    ("line", "column", "value", "says"),
    [
        ("2,CP,31/02/2026,Y", "visit_date", "31/02/2026", "does not exist"),
        ("2,CP,03/25/2026,Y", "visit_date", "03/25/2026", "month-first order is never guessed"),
        ("2,CP,03/04/26,Y", "visit_date", "03/04/26", "two digits"),
        ("2,CP,last week,Y", "visit_date", "last week", "not a date"),
        ("2,CP,,Y", "visit_date", None, "“visit_date” is empty"),
        ("2,CP,11/06/2026,Y", "visit_date", "11/06/2026", "in the future (today is 10/06/2026)"),
        ("2,CP,03/05/1026,Y", "visit_date", "03/05/1026", "before 1900"),
        (",CP,03/05/2026,Y", "child_id", None, "“child_id” is empty"),
        ("#REF!,CP,03/05/2026,Y", "child_id", "#REF!", "Excel error"),
        ("1.2E+11,CP,03/05/2026,Y", "child_id", "1.2E+11", "digits are lost"),
        ("2,Fostering,03/05/2026,Y", "cohort", "Fostering", "not a code of this list"),
        ("2,,03/05/2026,Y", "cohort", None, "“cohort” is empty"),
    ],
)
def test_a_bad_cell_sets_its_row_aside_and_the_rest_load(tmp_path: Path, line: str, column: str, value: str | None, says: str) -> None:
    reading = read(visits_csv(tmp_path / "visits.csv", "1,CP,13/05/2026,Y", "", line, "3,CIN,14/05/2026,N"))
    assert (reading.rows_in, reading.set_aside) == (3, {1})
    assert reading.tables["visit"]["child_id"].tolist() == ["1", "3"]
    (problem,) = problems(reading, "set_aside")
    assert (problem.sheet, problem.row, problem.column, problem.value) == (None, 4, column, value)
    assert says in problem.says
    assert problem.says.endswith("The row was set aside.")


def test_the_row_is_the_one_excel_shows_under_title_rows(tmp_path: Path) -> None:
    rows = [["Visits, invented"], [], list(VISITS), ["1", "CP", "03/05/2026", "Y"], [], ["2", "CP", "soon", "Y"]]
    (problem,) = problems(read(workbook(tmp_path / "visits.xlsx", {"Log": rows})), "set_aside")
    assert (problem.sheet, problem.row) == ("Log", 6)


def test_a_repeated_row_counts_once_and_says_of_which_row(tmp_path: Path) -> None:
    reading = read(visits_csv(tmp_path / "visits.csv", "1,CP,03/05/2026,Y", "2,CP,03/05/2026,Y", "1,CP,03/05/2026,Y", "1,CP,03/05/2026,Y"))
    assert [problem.says for problem in problems(reading, "set_aside")] == [
        "Repeats row 2 cell for cell; counted once. The row was set aside."
    ] * 2


def test_rows_that_differ_only_elsewhere_are_told_apart_by_nth(tmp_path: Path) -> None:
    reading = read(visits_csv(tmp_path / "visits.csv", "1,CP,03/05/2026,Y", "1,CP,03/05/2026,N", "1,CIN,03/05/2026,N"))
    assert reading.tables["visit"]["nth"].tolist() == [0, 1, 0]


def test_column_order_case_and_spacing_do_not_matter(tmp_path: Path) -> None:
    path = text(tmp_path / "anything.csv", "Child\u00a0Seen (Y/N),VISIT DATE,Cohort ,Child ID", "Y,03/05/2026,cp,01")
    reading = read(path)
    assert reading.source == "visits"
    assert reading.tables["visit"]["child_id"].tolist() == ["01"]


def test_unknown_columns_are_noted_once_each(tmp_path: Path) -> None:
    path = text(
        tmp_path / "v.csv", "child_id,cohort,visit_date,child_seen,weather,", "1,CP,03/05/2026,Y,wet,stray", "2,CP,03/05/2026,Y,dry,"
    )
    notes = [problem.says for problem in problems(read(path), "note")]
    assert notes == [
        "The column “weather” is not one of a visits extract, so it is not read.",
        "Column F has no heading, so it is not read.",
    ]


def test_a_column_that_is_there_twice_is_said(tmp_path: Path) -> None:
    path = text(tmp_path / "v.csv", "child_id,cohort,visit_date,visit_date,child_seen", "1,CP,03/05/2026,04/05/2026,Y")
    reading = read(path)
    assert reading.tables["visit"]["happened_on"].tolist() == [pd.Timestamp("2026-05-03")]
    assert "says the same as column C" in problems(reading, "warning")[0].says


def test_a_missing_column_is_refused_with_the_nearest_heading(tmp_path: Path) -> None:
    path = text(tmp_path / "visits.csv", "child_id,cohort,vist_date,child_seen,worker_id", "1,CP,03/05/2026,Y,SW1")
    with pytest.raises(Refused, match=r"“visit_date” \(did you mean “vist_date”\?\).*row 1 are: “child_id”, “cohort”"):
        loaders.read(path, today=TODAY)


def test_a_column_that_proves_it_is_written_month_first_is_read_so_and_said(tmp_path: Path) -> None:
    reading = read(visits_csv(tmp_path / "visits.csv", "1,CP,05/03/2026,Y", "2,CP,05/14/2026,Y", "3,CP,05/28/2026,Y"))
    assert reading.tables["visit"]["happened_on"].dt.strftime("%d/%m/%Y").tolist() == ["03/05/2026", "14/05/2026", "28/05/2026"]
    (note,) = problems(reading, "note")
    assert note.column == "visit_date"
    assert "month first (05/14/2026, 05/28/2026 can be nothing else" in note.says


def test_beside_a_column_proven_month_first_one_that_shows_nothing_is_not_guessed(tmp_path: Path) -> None:
    headings = "child_id,cohort,visit_date,child_seen,recorded_date"
    lines = ["1,CP,05/14/2026,Y,05/05/2026", "2,CP,05/03/2026,Y,05/06/2026", "3,CP,05/03/2026,Y,2026-05-06"]
    reading = read(text(tmp_path / "visits.csv", headings, *lines))
    assert reading.set_aside == {1}
    (problem,) = problems(reading, "set_aside")
    assert (problem.row, problem.column, problem.value) == (3, "recorded_date", "05/06/2026")
    assert "“visit_date” is written month first (for example 05/14/2026)" in problem.says


def test_in_a_column_with_both_kinds_of_proof_only_days_that_can_be_but_one_are_read(tmp_path: Path) -> None:
    days = ["05/14/2026", "05/15/2026", "05/16/2026", "17/05/2026", "18/05/2026", "04/05/2026", "05/05/2026"]
    reading = read(visits_csv(tmp_path / "visits.csv", *(f"{i},CP,{day},Y" for i, day in enumerate(days))))
    assert reading.tables["visit"]["happened_on"].dt.strftime("%d/%m").tolist() == ["17/05", "18/05", "05/05"]
    says = next(p.says for p in problems(reading, "set_aside") if p.value == "04/05/2026")
    assert "holds both 05/14/2026, 05/15/2026, 05/16/2026, month first, and 17/05/2026, 18/05/2026, day first" in says


def test_one_slip_among_many_days_written_day_first_sets_aside_only_itself(tmp_path: Path) -> None:
    lines = [f"{i},CP,{i:02d}/05/2026,Y" for i in range(1, 29)]
    reading = read(visits_csv(tmp_path / "visits.csv", "0,CP,05/29/2026,Y", *lines))
    assert reading.set_aside == {0}
    assert reading.tables["visit"]["happened_on"].dt.month.eq(5).all()


def test_a_single_slip_among_days_written_day_first_is_only_its_own_row(tmp_path: Path) -> None:
    headings = "child_id,cohort,visit_date,child_seen,recorded_date"
    path = text(tmp_path / "visits.csv", headings, "1,CP,28/05/2026,Y,05/29/2026", "2,CP,27/05/2026,Y,")
    assert read(path).set_aside == {0}


def test_what_is_not_known_is_kept_and_said(tmp_path: Path) -> None:
    reading = read(visits_csv(tmp_path / "visits.csv", "1,CP,03/05/2026,", "2,CP,03/05/2026,maybe", "3,CP,04/05/2026,"))
    assert reading.tables["visit"]["child_seen"].isna().all()
    says = [(problem.row, problem.says) for problem in problems(reading, "warning")]
    assert says[0] == (3, "“maybe” is neither yes nor no: it was read as not known; write Yes or No.")
    assert says[1] == (2, "“child_seen” is empty: it was read as not known; fill it in (2 rows: 2, 4)")


def test_ids_that_differ_only_by_leading_zeros_are_two_and_are_said(tmp_path: Path) -> None:
    reading = read(visits_csv(tmp_path / "visits.csv", "00123,CP,03/05/2026,Y", "123,CP,03/05/2026,Y", "7,CP,03/05/2026,Y"))
    assert reading.tables["visit"]["child_id"].tolist() == ["00123", "123", "7"]
    assert [problem.value for problem in problems(reading, "warning")] == ["00123", "123"]


def test_a_file_with_headings_and_no_rows_still_speaks_for_its_month(tmp_path: Path) -> None:
    reading = read(visits_csv(tmp_path / "visits_2026-05.csv"))
    assert (reading.rows_in, len(reading.tables["visit"])) == (0, 0)
    assert reading.covers["visit:cp"] == (pd.Timestamp("2026-05-01"), pd.Timestamp("2026-05-31"))


def test_another_extract_in_the_same_workbook_is_said_not_lost_in_silence(tmp_path: Path) -> None:
    sheets = {
        "Visits": [list(VISITS), ["1", "CP", "03/05/2026", "Y"]],
        "Supervision": [["worker_id", "supervisor_id", "supervision_date"], ["SW1", "TM1", "03/05/2026"]],
        "Notes": [["kept by", "performance team"]],
    }
    reading = read(workbook(tmp_path / "visits.xlsx", sheets))
    assert (reading.source, reading.rows_in) == ("visits", 1)
    assert [(p.sheet, p.severity) for p in reading.problems] == [("Supervision", "warning"), ("Notes", "note")]
    assert "(1 rows)" in reading.problems[0].says


def test_two_sheets_of_one_extract_are_read_together(tmp_path: Path) -> None:
    row = ["1", "CP", "03/05/2026", "Y"]
    reading = read(workbook(tmp_path / "visits.xlsx", {"CP": [list(VISITS), row], "CIN": [list(VISITS), row, [*row[:3], "N"]]}))
    assert reading.tables["visit"]["source_row"].tolist() == [0, 1, 2]
    assert reading.tables["visit"]["nth"].tolist() == [0, 1, 2]


def test_every_frame_has_its_table_s_columns_and_types(tmp_path: Path) -> None:
    reading = read(workbook(tmp_path / "visits.xlsx", {"Visits": [list(VISITS), ["1", "CP", "03/05/2026", "Y"]]}))
    frame, table = reading.tables["visit"], BY_NAME["visit"]
    assert list(frame.columns) == [*table.names, "source_row"]
    assert {column.name: str(frame[column.name].dtype) for column in table.columns} == {c.name: DTYPES[c.kind] for c in table.columns}


def test_two_hundred_thousand_visits_are_read_without_a_loop_over_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell is read once for each different value in its column, however many rows hold it."""
    lines = [f"{i % 3000:06d},CP,{1 + i % 28:02d}/{1 + i // 28 % 12:02d}/2025,Y" for i in range(200_000)]
    path = visits_csv(tmp_path / "visits_2025-12.csv", *(f"{line},{i % 97}" for i, line in enumerate(lines)))
    reads = 0

    def counted(cell: object) -> object:
        nonlocal reads
        reads += 1
        return cell

    monkeypatch.setattr("loaders.rows.id_of", counted)
    reading = loaders.read(path, today=TODAY)
    assert reading.rows_in == 200_000
    assert reads == 3000


@pytest.mark.parametrize(("born", "severity", "says"), [("04/03/2027", "note", "unborn"), ("04/09/2027", "warning", "too far")])
def test_a_birth_to_come_is_right_for_an_unborn_child_and_no_further_ahead(tmp_path: Path, born: str, severity: str, says: str) -> None:
    csv = tmp_path / "list 3 May 2026.csv"
    csv.write_text(f"Child Unique ID,Date of Birth,Date of Referral,Referral NFA?\n1,{born},04/05/2026,No\n", encoding="utf-8")
    told = [p for p in loaders.read(csv, today=TODAY).problems if p.value == born]
    assert [p.severity for p in told] == [severity]
    assert says in told[0].says


def test_totals_headings_once_more_and_a_remark_below_are_told_once_and_never_become_children(tmp_path: Path) -> None:
    """A list of children needs no more than an id in a row, so each of these would be one."""
    lines = ["1,f,03/05/2019,WBRI", "CHILD,SEX,DOB,ETHNIC", "Total,2,,", "Printed by J Bloggs 01/06/2026,,,", "2 3,m,,"]
    reading = read(text(tmp_path / "header_2026-03-31.csv", "CHILD,SEX,DOB,ETHNIC", *lines))
    assert reading.tables["child"]["child_id"].tolist() == ["1", "2 3"]
    said = {p.row: p.says for p in problems(reading, "set_aside")}
    assert sorted(said) == [3, 4, 5]
    assert ("headings once more" in said[3], "line of totals" in said[4], "like a remark" in said[5]) == (True, True, True)
    assert [p for p in reading.problems if p.row in said and p.severity != "set_aside"] == []


def test_a_file_of_headings_alone_is_said_to_hold_nothing(tmp_path: Path) -> None:
    (problem,) = problems(read(visits_csv(tmp_path / "visits_2026-05.csv")), "warning")
    assert problem.says.startswith("It holds headings and no row, so it says that there was nothing.")
