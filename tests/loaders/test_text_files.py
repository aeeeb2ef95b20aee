"""Reading text quickly gives what reading it plainly gives; and what is mixed in one file is said, with its lines."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import loaders.encoding
from loaders.text_file import open_text
from tests.loaders.extracts import problems, read

CELLS = st.text(alphabet=st.sampled_from(["a", "0", "7", ".", "é", " ", ",", '"', "\n"]), max_size=5)
QUOTING = st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])


def cells_of(content: bytes) -> list[list[str]]:
    grid = open_text("x.csv", content)
    return [list(row) for row in grid.cells.astype(object).itertuples(index=False)]


def by_the_book(content: str) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=8), QUOTING, st.integers(8, 60))
@settings(max_examples=200)
def test_every_cell_is_as_it_was_written_wherever_the_blocks_are_cut(rows: list[list[str]], quoting: int, block: int) -> None:
    written = io.StringIO()
    csv.writer(written, quoting=quoting, lineterminator="\n").writerows([["left", "middle", "right", "far"], *rows])  # type: ignore[arg-type]
    content = written.getvalue()
    longest = max(map(len, content.encode().split(b"\n"))) + 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loaders.encoding, "BLOCK_BYTES", max(block, longest))
        assert cells_of(content.encode()) == by_the_book(content)


@pytest.mark.parametrize("quoted", [False, True])
def test_digits_stay_words_in_every_block(monkeypatch: pytest.MonkeyPatch, quoted: bool) -> None:
    monkeypatch.setattr(loaders.encoding, "BLOCK_BYTES", 64)
    rows = [["child_id", "team"], *([f"{i:07d}", "True"] for i in range(200))]
    mark = '"' if quoted else ""
    content = "".join(",".join(f"{mark}{cell}{mark}" for cell in row) + "\r\n" for row in rows)
    assert cells_of(content.encode()) == rows


def test_a_file_that_mixes_two_ways_of_writing_letters_is_read_line_by_line_and_said(tmp_path: Path) -> None:
    lines = ["child_id,cohort,visit_date,child_seen,team", "1,CP,03/05/2026,Y,Zoë’s", "2,CP,03/05/2026,Y,plain", "3,CP,03/05/2026,Y,Zoë’s"]
    path = tmp_path / "visits.csv"
    path.write_bytes(b"\n".join(line.encode("cp1252" if line.startswith("3") else "utf-8") for line in lines))
    reading = read(path)
    assert reading.tables["visit"]["team_id"].tolist() == ["Zoë’s", "plain", "Zoë’s"]
    (said,) = problems(reading, "warning")
    assert (said.row, "1 line in UTF-8 and 1 line (4) in the older Windows way" in said.says) == (4, True)


def test_letters_that_are_neither_are_said_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_bytes(b"child_id,cohort,visit_date,child_seen,team\n1,CP,03/05/2026,Y,a\x81b\n")
    (said,) = problems(read(path), "warning")
    assert (said.row, "could not be read" in said.says) == (2, True)
