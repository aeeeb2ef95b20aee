"""Whatever bytes arrive, a file is read with every row accounted for, or refused in words. Never a crash, never a row lost."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

import loaders
from data.reading import Refused
from data.sample import make
from loaders.compound import Compound, container_of
from tests.loaders.extracts import TODAY, nothing_lost, problems, workbook
from tests.loaders.hostile import with_parts

HEADINGS = ("child_id", "cohort", "visit_date", "child_seen", "team", "recorded_date")
CELLS = st.one_of(
    st.sampled_from(["1", "007", "7.0", "CP", "cin", "Y", "No", "#N/A", "<5", "", " ", "03/05/2026", "31/02/2026", "2026-05-03", "46145"]),
    st.text(alphabet=st.characters(exclude_characters="\x00", codec="utf-8"), max_size=12),
)


def read_or_refuse(name: str, content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        says = ""
        try:
            nothing_lost(loaders.read(path, today=TODAY))
        except Refused as refused:
            says = str(refused)
    assert not says or says.startswith(name)


@cache
def small_workbook() -> bytes:
    with TemporaryDirectory() as folder:
        return workbook(Path(folder) / "v.xlsx", {"Visits": [HEADINGS, ["1", "CP", "03/05/2026", "Y", "Brook", None]]}).read_bytes()


@given(st.lists(st.lists(CELLS, max_size=8), max_size=6), st.sampled_from([",", ";", "\t"]))
@settings(max_examples=60)
def test_any_rows_under_good_headings(rows: list[list[str]], separator: str) -> None:
    lines = [separator.join(HEADINGS), *(separator.join(row) for row in rows)]
    read_or_refuse("visits.csv", "\n".join(lines).encode())


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.xls", "a.txt"]))
@settings(max_examples=60)
def test_any_bytes(content: bytes, name: str) -> None:
    read_or_refuse(name, content)


@given(st.integers(0, 10_000), st.binary(max_size=8), st.integers(0, 40))
@settings(max_examples=25)
def test_any_damage_to_a_workbook(place: int, put_in: bytes, taken_out: int) -> None:
    whole = small_workbook()
    at = place % len(whole)
    read_or_refuse("v.xlsx", whole[:at] + put_in + whole[at + taken_out :])


XML_CENSUS = b'<?xml version="1.0"?><Message><Header><CollectionDetails><Collection>CIN</Collection></CollectionDetails></Header></Message>'
WHOLE: dict[str, Callable[[], bytes]] = {
    "v.csv": lambda: (",".join(HEADINGS) + '\n1,CP,03/05/2026,Y,"Brook, é",\n').encode(),
    "v.xlsx": small_workbook,
    "v.xls": lambda: (Path(__file__).parent / "files" / "visits_from_1900.xls").read_bytes(),
    "v.xml": lambda: XML_CENSUS,
}


@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=6), st.integers(0, 12)), min_size=1, max_size=4),
)
@settings(max_examples=250)
def test_any_changes_to_a_good_file(name: str, changes: list[tuple[int, bytes, int]]) -> None:
    content = WHOLE[name]()
    for place, put_in, taken_out in changes:
        at = place % max(len(content), 1)
        content = content[:at] + put_in + content[at + taken_out :]
    read_or_refuse(name, content)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), min_size=1, max_size=3))
@settings(max_examples=250)
def test_any_bytes_written_over_the_records_of_an_old_workbook(changes: list[tuple[int, bytes]]) -> None:
    stream = bytearray(Compound(WHOLE["v.xls"]()).stream("Workbook"))
    for place, put_in in changes:
        at = place % len(stream)
        stream[at : at + len(put_in)] = put_in
    read_or_refuse("v.xls", container_of("Workbook", bytes(stream)))


@given(
    st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]),
    st.integers(0, 10_000),
    st.binary(max_size=6),
)
@settings(max_examples=100)
def test_any_bytes_written_over_the_parts_of_a_workbook(part: str, place: int, put_in: bytes) -> None:
    with TemporaryDirectory() as folder:
        good, path = Path(folder) / "good.xlsx", Path(folder) / "v.xlsx"
        good.write_bytes(small_workbook())
        with zipfile.ZipFile(good) as archive:
            content = archive.read(part)
        at = place % len(content)
        read_or_refuse("v.xlsx", with_parts(good, path, {part: content[:at] + put_in + content[at + len(put_in) :]}).read_bytes())


def test_the_invented_council_is_read_with_its_mess_set_aside(tmp_path: Path) -> None:
    make(tmp_path, months=2, scale=0.05)
    readings = [loaders.read(path, today=TODAY) for path in loaders.find([tmp_path])]
    for reading in readings:
        nothing_lost(reading)
    assert {"annex_a", "visits", "supervision", "workers", "audits", "teams", "annotations"} <= {reading.source for reading in readings}
    says = [problem.says for reading in readings for problem in problems(reading, "set_aside")]
    assert any("a day that does not exist" in sentence for sentence in says)
    assert any("cell for cell" in sentence for sentence in says)
    assert {reading.as_at.strftime("%Y-%m-%d") for reading in readings if reading.source == "annex_a"} == {"2026-04-30", "2026-05-31"}
