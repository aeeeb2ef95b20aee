"""A workbook's sheets as the reader gives them (calamine), laid in columns a few thousand rows at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from data.reading import Refused
from loaders.archive import DAMAGE, damage_sentence
from loaders.gathering import Coded, Gathered

MAX_SHEETS = 250
MAX_CELLS = 7_000_000
MAX_TEXT_BYTES = 192 * 2**20
_CELLS_AT_ONCE = 400_000

Place = tuple[int, int]


@contextmanager
def damage_refused(name: str) -> Iterator[None]:
    """Whatever the reader stumbles over in a damaged workbook is a refusal in words. A panic of its own is no `Exception`."""
    try:
        yield
    except (CalamineError, *DAMAGE) as error:
        raise Refused(damage_sentence(name, error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Refused(damage_sentence(name, "its cells do not hold together")) from error


def worksheets(name: str, content: bytes) -> tuple[CalamineWorkbook, dict[str, int]]:
    """The workbook opened, and its worksheets: name -> position."""
    with damage_refused(name):
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {sheet.name: i for i, sheet in enumerate(book.sheets_metadata) if sheet.typ == SheetTypeEnum.WorkSheet}
    return book, sheets


def cells_of(name: str, book: CalamineWorkbook, position: int, *, with_flags: bool) -> pd.DataFrame:
    """A sheet's cells, from its first row and column. `with_flags`: it holds TRUE or FALSE, which must not pass for 1 or 0."""
    with damage_refused(name):
        sheet = book.get_sheet_by_index(position)
        left = sheet.start[1] if sheet.start else 0
        gathered = Gathered(name)
        height = max(200, _CELLS_AT_ONCE // max(sheet.width, 1))
        rows = sheet.iter_rows()
        while block := list(islice(rows, height)):
            cells = np.full((len(block), left + sheet.width), "", dtype=object)
            cells[:, left:] = block
            if with_flags:
                cells = np.array([[("Yes" if v else "No") if isinstance(v, bool) else v for v in row] for row in cells], dtype=object)
            gathered.add([_coded(column) for column in cells.T], len(block))
        return gathered.frame()


def _coded(column: np.ndarray) -> Coded:
    codes, values = pd.factorize(column)
    return codes, np.asarray(values, dtype=object)


def put_back(cells: pd.DataFrame, marks: Mapping[Place, str]) -> pd.DataFrame:
    """Cells the reader gives as empty, put back as text. `marks`: (row, column), counted from 0 -> what stands there."""
    height = max([len(cells), *(row + 1 for row, _ in marks)])
    out = cells.reindex(index=pd.RangeIndex(height)) if height > len(cells) else cells.copy(deep=False)
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), says in marks.items():
        by_column.setdefault(column, {})[row] = says
    for column in range(max([out.shape[1], *(column + 1 for column in by_column)])):
        if column in by_column or column not in out or height > len(cells):
            values = pd.Series(out.get(column, ""), index=out.index, dtype=object)
            values = values.where(values.notna(), "")
            values.iloc[list(by_column.get(column, {}))] = list(by_column.get(column, {}).values())
            out[column] = values
    return out


def too_many_sheets(name: str, count: int) -> str:
    return f"{name}: it has {count:,} sheets, and over {MAX_SHEETS} are not read. Save the lists in a workbook of their own."


def too_much_text(name: str) -> str:
    return f"{name}: its cells spell out over {MAX_TEXT_BYTES // 2**20} MB of text. Leave out the columns of notes, or save it as .csv."


def too_large(name: str, sheet: str, rows: int, columns: int) -> str:
    return (
        f"{name}, sheet {sheet!r}: a cell lies as far out as row {rows:,}, column {columns:,}, so the sheet is too large to read. "
        "Copy the list itself into a new workbook and load that, or save it as .csv."
    )
