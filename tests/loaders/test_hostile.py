"""Files made to do harm: read or refused in a clear sentence, in bounded memory and time, writing and fetching nothing."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import loaders
from data.reading import Refused
from loaders.names import shown_name
from loaders.places import column_letters
from tests.loaders import hostile
from tests.loaders.extracts import TODAY, VISITS, problems, read, text, visits_csv
from tests.loaders.hostile import FILES, SHARED, SHEET, good_workbook, headings_and, sheet_of, watched, with_parts

MOST_MEMORY, MOST_SECONDS = 1024, 20
_GROWING = "".join(
    f'<!ENTITY {b} "&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};&{a};">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
ENTITIES = f'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">{_GROWING}]>'
OUTSIDE = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        loaders.read(path, today=TODAY)
    says = str(refused.value)
    assert says.startswith(path.name)
    assert says.endswith(".")
    return says


@pytest.mark.parametrize("before", [ENTITIES, OUTSIDE], ids=["entity bomb", "outside entity"])
@pytest.mark.parametrize("part", [SHEET, SHARED, "xl/workbook.xml", "xl/styles.xml"])
def test_a_workbook_that_declares_entities_is_refused(tmp_path: Path, part: str, before: str) -> None:
    good = good_workbook(tmp_path)
    with zipfile.ZipFile(good) as archive:
        known = archive.read(part) if part in archive.namelist() else b"<sst/>"
    path = with_parts(good, tmp_path / "visits.xlsx", {part: before.encode() + known[known.index(b"?>") + 2 if b"?>" in known else 0 :]})
    assert "declares entities" in refusal(path)


def test_a_sheet_that_only_says_it_is_huge_is_read(tmp_path: Path) -> None:
    good = good_workbook(tmp_path)
    with zipfile.ZipFile(good) as archive:
        xml = archive.read(SHEET)
    assert b"<dimension ref=" in xml
    start = xml.index(b"<dimension ref=")
    huge = xml[:start] + b'<dimension ref="A1:XFD1048576"/>' + xml[xml.index(b"/>", start) + 2 :]
    assert read(with_parts(good, tmp_path / "visits.xlsx", {SHEET: huge})).rows_in == 1


@pytest.mark.parametrize(
    "cell",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="1048576"><c  r = "XFD1048576"><v>1</v></c></row>', '<row r="2"><c t=">" r="XFD1048576"><v>1</v></c></row>',
        '<row\nr="1048576"><c\tr="XFD1048576"><v>1</v></c></row>', '<row r="2">' + "<c><v>1</v></c>" * 16_384 + "</row>",
    ],
    ids=["plain", "single quotes", "spaces", "sign in a value", "other spaces", "uncounted"],
)  # fmt: skip
def test_a_cell_at_the_far_corner_is_seen_however_it_is_written(tmp_path: Path, cell: str) -> None:
    path = with_parts(good_workbook(tmp_path), tmp_path / "visits.xlsx", {SHEET: sheet_of(headings_and(cell))})
    assert "too large to read" in refusal(path)


def test_cells_without_a_place_are_counted_along_the_row(tmp_path: Path) -> None:
    told = [[f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells] for cells in (VISITS[:4], ["1", "CP", "03/05/2026", "Y"])]
    rows = ["<row>" + "".join(cells) + "</row>" for cells in told]
    assert read(with_parts(good_workbook(tmp_path), tmp_path / "visits.xlsx", {SHEET: sheet_of(rows)})).tables["visit"][
        "child_id"
    ].tolist() == ["1"]


@pytest.mark.parametrize("part", [SHEET, SHARED, "xl/styles.xml"])
def test_a_part_that_unpacks_to_more_than_it_says_is_refused(tmp_path: Path, part: str) -> None:
    content = sheet_of(headings_and()) + b" " * 100_000
    path = hostile.part_that_lies(good_workbook(tmp_path), tmp_path / "visits.xlsx", part, content, says=1000)
    assert "not as large, or not the same, as the file says" in refusal(path)


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = good_workbook(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/Worksheets/Sheet1.xml", sheet_of(headings_and()))
    assert "two of its parts have one name" in refusal(path)


def test_a_zip_in_a_zip_is_not_opened(tmp_path: Path) -> None:
    inner = good_workbook(tmp_path)
    path = tmp_path / "visits.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "good.xlsx")
    assert "zip file but not an Excel workbook" in refusal(path)


@pytest.mark.parametrize(("part", "says"), [("xl/workbook.bin", ".xlsb"), ("content.xml", "OpenDocument")])
def test_other_zipped_workbooks_are_named_for_what_they_are(tmp_path: Path, part: str, says: str) -> None:
    with zipfile.ZipFile(tmp_path / "visits.xlsx", "w") as archive:
        archive.writestr(part, b"")
    assert says in refusal(tmp_path / "visits.xlsx")


def test_macros_links_and_pictures_are_left_shut_and_the_cells_read(tmp_path: Path) -> None:
    extra = {
        "xl/vbaProject.bin": b"Sub Auto_Open()",
        "xl/externalLinks/externalLink1.xml": OUTSIDE.encode(),
        "xl/media/image1.png": b"\0" * 999,
    }
    path = with_parts(good_workbook(tmp_path), tmp_path / "visits.xlsm", extra)
    assert read(path).rows_in == 1


def test_formulas_and_script_in_cells_are_words(tmp_path: Path) -> None:
    team, worker = "=cmd|' /C calc'!A0", "<script>alert(1)</script>"
    path = text(tmp_path / "visits.csv", "child_id,cohort,visit_date,child_seen,team,worker_id", f"1,CP,03/05/2026,Y,{team},{worker}")
    visit = read(path).tables["visit"]
    assert (visit["team_id"][0], visit["worker_id"][0]) == (team, worker)


# Old workbooks: the two in tests/loaders/files were written by LibreOffice; every child in them is invented.


@pytest.mark.parametrize("name", ["visits_from_1900.xls", "visits_from_1904.xls"])
def test_an_old_workbook_is_read_with_its_days_flags_and_errors(name: str) -> None:
    reading = read(FILES / name)
    visit = reading.tables["visit"].sort_values("happened_on")
    assert visit["happened_on"].dt.strftime("%d/%m/%Y").tolist() == ["03/05/2026", "04/05/2026", "05/05/2026", "06/05/2026"]
    assert visit["child_id"].tolist() == ["0012345", "12345", "3", "4"]
    assert visit["child_seen"].tolist() == [True, True, False, False]
    assert visit["team_id"].fillna("").tolist() == ["North", "", "", "Brook"]
    assert sorted((p.row, p.column, p.value) for p in problems(reading, "note") if p.row) == [(5, "team", "#DIV/0!"), (6, "team", "#N/A")]
    assert [(p.row, p.column, p.value) for p in problems(reading, "set_aside")] == [(8, "visit_date", "#N/A")]


def test_an_old_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    (tmp_path / "locked.xls").write_bytes(hostile.old_workbook_with(struct.pack("<HHHHH", 0x2F, 6, 1, 1, 1)))
    assert "locked with a password" in refusal(tmp_path / "locked.xls")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda raw: raw[:3000], "damaged"),
        (lambda raw: raw[:48] + struct.pack("<I", 0xFFFF) + raw[52:], "damaged"),
        (lambda raw: raw[:30] + b"\x1f" + raw[31:], "damaged"),
        (lambda raw: raw[:76] + struct.pack("<I", 5) + raw[80:], "damaged"),
        (lambda raw: raw.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")), "not an Excel workbook"),
        (lambda raw: b"\x09\x08\x10\x00" + raw[512:], "before 1997"),
    ],
    ids=["cut short", "directory elsewhere", "vast sectors", "table is something else", "a letter", "no container"],
)  # fmt: skip
def test_a_spoilt_old_workbook_is_refused(tmp_path: Path, spoil: Callable[[bytes], bytes], says: str) -> None:
    (tmp_path / "visits.xls").write_bytes(spoil((FILES / "visits_from_1900.xls").read_bytes()))
    assert says in refusal(tmp_path / "visits.xls")


def test_a_container_that_goes_round_in_a_circle_is_refused(tmp_path: Path) -> None:
    raw = bytearray((FILES / "visits_from_1900.xls").read_bytes())
    (table,) = struct.unpack_from("<I", raw, 76)
    at = (table + 1) * 512
    for sector in range(12):
        struct.pack_into("<I", raw, at + 4 * sector, sector)
    (tmp_path / "visits.xls").write_bytes(raw)
    assert "damaged" in refusal(tmp_path / "visits.xls")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Users\\x\\visits_2026-05.csv", "visits_2026-05.csv"), ("/srv/visits.csv", "visits.csv"),
        ("visits\x00.csv", "visits .csv"), ("visits\u202egpj.csv", "visits gpj.csv"),
        ("..", "file without a name"), ("", "file without a name"),
        ("a" * 400 + ".csv", "a" * 90 + "…" + "a" * 25 + ".csv"), ("visits\r\nSet-Cookie.csv", "visits Set-Cookie.csv"),
    ],
)  # fmt: skip
def test_a_name_is_shown_without_its_tricks(given: str, shown: str) -> None:
    assert shown_name(given) == shown


def test_an_upload_is_known_by_the_name_it_came_with_and_opened_by_its_own(tmp_path: Path) -> None:
    path = visits_csv(tmp_path / "f3a9", "1,CP,03/05/2026,Y")
    reading = loaders.read(path, today=TODAY, shown_as="../../visits_2026-05.csv")
    assert (reading.file, f"{reading.as_at:%Y-%m-%d}", reading.as_at_from) == ("visits_2026-05.csv", "2026-05-31", "name")
    with pytest.raises(Refused, match=r"^passwd: files of the kind"):
        loaders.read(path, today=TODAY, shown_as="../../../etc/passwd")


def _one_cell_many_times(path: Path) -> None:
    """A text of 100,000 letters, shared by 300,000 cells."""
    texts = f"<sst {hostile.MAIN}><si><t>{'x' * 100_000}</t></si></sst>".encode()
    rows = (f'<row r="{i}">' + "".join(f'<c r="{c}{i}" t="s"><v>0</v></c>' for c in "ABCDEFGHIJ") + "</row>" for i in range(2, 30_002))
    with_parts(good_workbook(path.parent), path, {SHEET: sheet_of(headings_and(*rows)), SHARED: texts})


def _many_columns(path: Path) -> None:
    cells = "".join(f'<c r="{column_letters(i)}1" t="inlineStr"><is><t>h{i}</t></is></c>' for i in range(100_000))
    with_parts(good_workbook(path.parent), path, {SHEET: sheet_of([f'<row r="1">{cells}</row>'])})


def _five_million_cells(path: Path) -> None:
    rows = (f'<row r="{i}">' + "".join(f'<c r="{c}{i}"><v>{i}</v></c>' for c in "ABCDEFGHIJ") + "</row>" for i in range(2, 500_002))
    with_parts(good_workbook(path.parent), path, {SHEET: sheet_of(headings_and(*rows))})


def _filled(first: bytes, again: bytes) -> Callable[[Path], None]:
    """A file of 250 MB: some bytes once, and others over and over."""

    def write(path: Path) -> None:
        piece = again * (2**20 // len(again) + 1)
        with path.open("wb") as file:
            file.write(first)
            while file.tell() < 250 * 2**20:
                file.write(piece)

    return write


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(500 * 2**20)


def _many_different(path: Path) -> None:
    with path.open("w") as file:
        file.write("child_id,cohort,visit_date,child_seen,note\n")
        file.writelines(f"c{i},k{i},d{i},s{i},n{i}\n" for i in range(1_300_000))


def _many_rows_wrong(path: Path) -> None:
    with path.open("w") as file:
        file.write("child_id,cohort,visit_date,child_seen\n")
        file.writelines(f"{i},CP,{i % 90_000} May,maybe{i % 9999}\n" for i in range(2_000_000))


def _every_row_wrong(path: Path) -> None:
    with path.open("w") as file:
        file.write("child_id,cohort,visit_date,child_seen\n")
        file.writelines(f"{i % 999},CP,{i} May,maybe{i % 9999}\n" for i in range(1_500_000))


HEADINGS = b"child_id,cohort,visit_date,child_seen\n"
CASES: dict[str, tuple[Callable[[Path], None], str]] = {
    "one line of 250 MB.csv": (_filled(b"", b"x"), "over 1 MB long"),
    "one line of 500 MB.csv": (_sparse, "files over 256 MB are not opened"),
    "one quoted cell.csv": (_filled(HEADINGS + b'1,"', b"x" * 999 + b"\n"), "never closed"),
    "nothing but commas.csv": (_filled(HEADINGS, b","), "columns"),
    "nothing but empty lines.csv": (_filled(HEADINGS, b"\n"), "over 2,500,000 rows"),
    "short lines.csv": (_filled(HEADINGS, b"1\r\n"), "over 2,500,000 rows"),
    "short windows lines.csv": (_filled(HEADINGS, b"\x80\n"), "over 2,500,000 rows"),
    "letters that grow.csv": (_filled(HEADINGS, b"\x80" * 999 + b"\n"), "as UTF-8"),
    "wide rows.csv": (_filled(HEADINGS, b"," * 400 + b"\n"), "over 50,000,000 cells"),
    "many different values.csv": (_many_different, "over 6,000,000 different values"),
    "every row wrong.csv": (_every_row_wrong, "not a column of dates"),
    "many rows wrong.csv": (_many_rows_wrong, ""),
    "one text in many cells.xlsx": (_one_cell_many_times, "MB of text"),
    "a hundred thousand columns.xlsx": (_many_columns, "too large to read"),
    "five million cells.xlsx": (_five_million_cells, "not a column of codes"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_harm_is_bounded_in_memory_and_time_and_touches_nothing(tmp_path: Path, name: str) -> None:
    make, says = CASES[name]
    path = tmp_path / name
    make(path)
    beside = sorted(tmp_path.iterdir())
    outcome = watched(path)
    assert says in outcome["says"]
    assert bool(outcome["says"]) == bool(says)
    assert outcome["peak"] < MOST_MEMORY
    assert outcome["seconds"] < MOST_SECONDS
    assert sorted(tmp_path.iterdir()) == beside


def test_a_column_of_codes_that_holds_something_else_is_said_and_not_read(tmp_path: Path) -> None:
    headings = "child_id,cohort,visit_date,child_seen,mode"
    path = text(tmp_path / "visits.csv", headings, *(f"{i},CP,03/05/2026,Y,note {i}" for i in range(20_500)))
    reading = loaders.read(path, today=TODAY)
    assert reading.tables["visit"]["mode_kind"].isna().all()
    (said,) = problems(reading, "warning")
    assert (said.column, "its 20,500 cells were read as not known" in said.says) == ("mode", True)


def test_more_wrong_rows_than_anyone_reads_are_counted_together(tmp_path: Path) -> None:
    lines = [f"{i % 99},CP,{i} May,maybe{i}" for i in range(7_000)]
    reading = loaders.read(visits_csv(tmp_path / "visits.csv", *lines), today=TODAY)
    assert len(reading.set_aside) == 7_000
    said = problems(reading, "set_aside")
    assert len(said) == 5_001
    assert said[-1].says.startswith("The same is wrong with 2,000 more rows, which were set aside too (5002-7001)")
