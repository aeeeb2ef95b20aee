"""Opening files: text in every coat, workbooks that are locked, swollen or not workbooks, and what is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

import loaders
from data.reading import Refused
from tests.loaders.extracts import TODAY, VISITS, problems, read, text, visits_csv, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    path = text(tmp_path / "visits.csv", "child_id,cohort,visit_date,child_seen,team", "01,CP,03/05/2026,Y,Zoë’s team", encoding=encoding)
    assert read(path).tables["visit"]["team_id"].tolist() == ["Zoë’s team"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_text_with_every_separator_and_line_ending(tmp_path: Path, separator: str, ending: str) -> None:
    lines = [["child_id", "cohort", "visit_date", "child_seen"], ["01", "CP", "03/05/2026", "Y"], ["02", "CIN", "04/05/2026", "N"]]
    path = tmp_path / "visits.csv"
    path.write_bytes(ending.join(separator.join(line) for line in lines).encode())
    assert read(path).tables["visit"]["child_id"].tolist() == ["01", "02"]


def test_quoted_cells_may_hold_separators_and_line_breaks(tmp_path: Path) -> None:
    path = text(
        tmp_path / "visits.csv", "child_id,cohort,visit_date,child_seen,team", '1,CP,03/05/2026,Y,"North, and\nWest"', "x,CP,soon,Y,"
    )
    reading = read(path)
    assert reading.tables["visit"]["team_id"].tolist() == ["North, and West"]
    assert problems(reading, "set_aside")[0].row == 3


def test_a_stray_quotation_mark_inside_a_word_is_let_be(tmp_path: Path) -> None:
    path = text(
        tmp_path / "visits.csv", "child_id,cohort,visit_date,child_seen,team", '1,CP,03/05/2026,Y,"A" team', '2,CP,03/05/2026,Y,"B, C"'
    )
    assert read(path).tables["visit"]["team_id"].tolist() == ["A team", "B, C"]


def test_a_quotation_mark_never_closed_is_refused(tmp_path: Path) -> None:
    path = visits_csv(tmp_path / "visits.csv", '1,CP,"03/05/2026,Y', "2,CP,03/05/2026,Y")
    with pytest.raises(Refused, match="never closed"):
        loaders.read(path, today=TODAY)


def test_rows_with_a_cell_too_many_or_too_few(tmp_path: Path) -> None:
    lines = ["1,CP,03/05/2026,Y,Brook", "2,CP,03/05/2026,Y,North, West", "3,CP,03/05/2026,Y", "4,CP,03/05/2026,Y,Brook,,"]
    reading = read(text(tmp_path / "visits.csv", "child_id,cohort,visit_date,child_seen,team", *lines))
    assert reading.tables["visit"]["child_id"].tolist() == ["1", "3", "4"]
    assert [(p.row, "6 cells" in p.says) for p in problems(reading, "set_aside")] == [(3, True)]
    assert [p.row for p in problems(reading, "warning")] == [4]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("visits.csv", b"", "it is empty"),
        ("visits.csv", b"  \n \n", "it is empty"),
        ("visits.xlsx", b"not a workbook at all", "is not one"),
        ("visits.xlsx", b"PK\x03\x04 cut short", "cut short"),
        ("visits.xls", b"<html><table><tr><td>child_id</td></tr></table></html>", "a web page"),
        ("visits.xlsx", b"<html><table><tr><td>child_id</td></tr></table></html>", "a web page"),
        ("visits.csv", b"child_id,cohort\n1,\x00CP\n", "NUL"),
        ("visits.csv", b'child_id,cohort,visit_date,child_seen\n1,CP,"' + b"03/05/2026,Y\n" * 20_000, "quotation mark"),
        ("visits.csv", b",".join(b"h%d" % i for i in range(2000)), "2,000 columns"),
        ("locked.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("old.xls", OLE, "damaged"),
        ("visits.pdf", b"%PDF-1.7", "are not read"),
        ("visits.csv", b"when,where,who\n1,2,3\n", "not those of any extract"),
        ("notes.csv", b"just a sentence\nand another\n", "not those of any extract"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_plain_words(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused, match=says) as refused:
        loaders.read(path, today=TODAY)
    assert str(refused.value).startswith(name)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="could not be opened"):
        loaders.read(tmp_path / "none.csv", today=TODAY)


def test_a_zip_that_is_not_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "extracts.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("visits.csv", "child_id")
    with pytest.raises(Refused, match="zip file but not an Excel workbook"):
        loaders.read(path, today=TODAY)


def test_a_workbook_that_swells_is_not_unpacked(tmp_path: Path) -> None:
    path = workbook(tmp_path / "visits.xlsx", {"Visits": [VISITS]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/big.bin", b"\0" * (60 * 2**20))
    with pytest.raises(Refused, match="would unpack to"):
        loaders.read(path, today=TODAY)


def test_a_sheet_with_one_cell_at_its_far_corner_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(list(VISITS))
    book.active["XFD1048576"] = "far"
    book.save(tmp_path / "visits.xlsx")
    with pytest.raises(Refused, match="too large to read"):
        loaders.read(tmp_path / "visits.xlsx", today=TODAY)


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_damaged_workbook_is_refused(tmp_path: Path, part: str) -> None:
    whole = workbook(tmp_path / "whole.xlsx", {"Visits": [VISITS, ["1", "CP", "03/05/2026", "Y"]]})
    path = tmp_path / "visits.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name)[:120] if name == part else source.read(name))
    with pytest.raises(Refused):
        loaders.read(path, today=TODAY)


def test_a_workbook_that_counts_days_from_1904(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = pd.Timestamp("1904-01-01").to_pydatetime()
    book.active.append(list(VISITS))
    book.active.append(["1", "CP", (pd.Timestamp("2026-05-03") - pd.Timestamp("1904-01-01")).days, "Y"])
    book.save(tmp_path / "visits.xlsx")
    assert read(tmp_path / "visits.xlsx").tables["visit"]["happened_on"].tolist() == [pd.Timestamp("2026-05-03")]


def test_error_cells_and_unsaved_formulas_are_never_passed_over(tmp_path: Path) -> None:
    rows = [
        list(VISITS),
        ["1", "CP", pd.Timestamp("2026-05-03").to_pydatetime(), "Y", None, None, None, "#N/A", "SW1"],
        ["2", "CP", "=TODAY()", "Y", None, None, None, "Brook", "SW1"],
        ["3", "CP", pd.Timestamp("2026-05-04").to_pydatetime(), "Y", None, None, None, "=VLOOKUP(A1,B:C,2)", "SW1"],
    ]
    reading = read(workbook(tmp_path / "visits.xlsx", {"Visits": rows}))
    assert reading.tables["visit"]["child_id"].tolist() == ["1", "3"]
    assert reading.tables["visit"]["team_id"].isna().all()
    assert [(p.row, p.column) for p in problems(reading, "set_aside")] == [(3, "visit_date")]
    assert sorted((p.row, p.value) for p in problems(reading, "note")) == [(2, "#N/A"), (4, "(formula with no saved value)")]


def test_find_takes_files_in_folders_month_by_month_and_passes_over_what_is_no_extract(tmp_path: Path) -> None:
    for name in (
        "2026-10/visits.csv",
        "2026-9/visits.csv",
        "2026-9/~$visits.xlsx",
        "2026-9/.hidden.csv",
        ".cache/x.csv",
        "README.txt",
        "teams.csv",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("child_id")
    found = [path.relative_to(tmp_path).as_posix() for path in loaders.find([tmp_path])]
    assert found == ["2026-9/visits.csv", "2026-10/visits.csv", "teams.csv"]
    assert loaders.find([tmp_path / "README.txt", tmp_path / "teams.csv", tmp_path / "teams.csv"]) == [
        tmp_path / "README.txt",
        tmp_path / "teams.csv",
    ]


def test_a_folder_that_a_link_leads_to_is_read_once_and_no_link_goes_round(tmp_path: Path) -> None:
    named, drive = tmp_path / "named", tmp_path / "drive"
    named.mkdir()
    (drive / "2026-05").mkdir(parents=True)
    text(drive / "2026-05" / "visits.csv", "a,b")
    try:
        (named / "extracts").symlink_to(drive, target_is_directory=True)
        (drive / "2026-05" / "back").symlink_to(named, target_is_directory=True)
    except OSError:
        pytest.skip("this machine lets nobody make links")
    assert [path.relative_to(named).as_posix() for path in loaders.find([named])] == ["extracts/2026-05/visits.csv"]


def test_find_says_which_path_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no such file or folder"):
        loaders.find([tmp_path / "nowhere"])


def test_the_same_content_has_the_same_hash_whatever_its_name(tmp_path: Path) -> None:
    one = read(visits_csv(tmp_path / "a.csv", "1,CP,03/05/2026,Y"))
    two = read(visits_csv(tmp_path / "b.csv", "1,CP,03/05/2026,Y"))
    assert one.content_hash == two.content_hash


def test_rows_of_a_hidden_sheet_are_read_and_it_is_said(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Now"
    for sheet, child in ((book.active, "1"), (book.create_sheet("Before"), "2")):
        for row in (VISITS[:4], [child, "CP", "03/05/2026", "Y"]):
            sheet.append(row)
    book["Before"].sheet_state = "hidden"
    book.save(tmp_path / "visits_2026-05.xlsx")
    reading = read(tmp_path / "visits_2026-05.xlsx")
    assert reading.tables["visit"]["child_id"].tolist() == ["1", "2"]
    assert [(p.sheet, p.says[:21]) for p in problems(reading, "warning")] == [("Before", "This sheet is hidden ")]
