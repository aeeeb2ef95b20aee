"""The rows of one recognised sheet, read column by column, with everything that was wrong in them and where.

A column is read by its distinct values, so two million rows cost what their few thousand different dates and ids cost.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from data.reading import Problem, Refused, Severity
from loaders.cells import Cell, Fault, code_reader, day_reader, flag_of, id_of, is_blank, number_reader, text_of, words_of
from loaders.grid import Grid, factorized, filled_rows
from loaders.headings import Found
from loaders.month_first import Order, orders_of
from loaders.places import column_letters, row_ranges
from loaders.source import Field, Kind, heading_words

EARLIEST = pd.Timestamp("1900-01-01")
UNBORN = pd.DateOffset(months=10)  # a birth is expected no further ahead
LISTED = 5_000  # rows wrong in one way are problems of their own so far; more than that are counted together
TOTALS = frozenset({"total", "totals", "grand total", "sub total", "sub-total", "subtotal", "sum", "count", "average"})
MANY_CODES, MANY_VALUES = 20_000, 100_000
_KINDS: dict[Kind, str] = {"code": "codes", "flag": "yes and no", "date": "dates", "number": "numbers"}
Mask = np.ndarray


class Rows:
    """One sheet's rows. `frame` holds a typed column per field (empty where the sheet has none) and `source_row`."""

    def __init__(self, grid: Grid, found: Found, *, file: str, first_ordinal: int, today: dt.date) -> None:
        self.form, self.found, self.sheet, self.file = found.form, found, grid.sheet, file
        self.today = pd.Timestamp(today)
        self.problems: list[Problem] = list(grid.problems)
        below = grid.cells.iloc[found.header_row + 1 :]
        self._distinct = [factorized(below[column]) for column in below.columns]
        filled = filled_rows(self._distinct, len(below))
        self._distinct = [(codes[filled], values) for codes, values in self._distinct]
        self.excel_rows = grid.places(found.header_row, filled)
        self.stated_on = grid.stated_on
        self.aside: Mask = np.zeros(len(self.excel_rows), dtype=bool)
        self._no_row = self.aside.copy()  # lines that are no rows: nothing more is said of them
        ordinals = np.arange(first_ordinal, first_ordinal + len(self.excel_rows))
        self.frame = pd.DataFrame({"source_row": ordinals})
        widths = None if grid.widths is None else grid.widths[found.header_row + 1 :][filled]
        self._read(grid.since_1904, widths, None if grid.widths is None else int(grid.widths[found.header_row]))

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def kept(self) -> pd.DataFrame:
        """The rows that were not set aside."""
        return self.frame[~self.aside]

    def set_aside(self, mask: Mask, field: str | None, says: str | Iterable[str]) -> None:
        """Set rows aside: one problem each. `says` follows the value ("“12/13/2026” is ..."), or stands alone where there is none."""
        at = np.flatnonzero(mask & ~self._no_row)
        listed = at[:LISTED]
        sentences = [says] * len(listed) if isinstance(says, str) else islice(says, len(listed))
        for row, sentence in zip(listed, sentences, strict=True):
            self.problems.append(self._problem(int(row), field, f"{sentence}. The row was set aside", "set_aside"))
        self._count_the_rest(at[LISTED:], field, says if isinstance(says, str) else "", "set_aside")
        self.aside[at] = True

    def tell(self, mask: Mask, field: str | None, says: str, severity: Severity = "warning") -> None:
        """Say something of rows that are kept: one problem for each different value, naming every row that has it."""
        at = np.flatnonzero(mask & ~self._no_row)
        groups = self._by_value(at, field)
        for rows in groups[:LISTED]:
            also = f" ({len(rows)} rows: {row_ranges(self.excel_rows[rows])})" if len(rows) > 1 else ""
            self.problems.append(self._problem(int(rows[0]), field, says + also, severity))
        if len(groups) > LISTED:
            self._count_the_rest(np.concatenate(groups[LISTED:]), field, says, severity)

    def _by_value(self, at: np.ndarray, field: str | None) -> list[np.ndarray]:
        """Rows that show the same in a field, together; in the order of the file."""
        if field is None or field not in self.found.columns or not len(at):
            return [at] if len(at) else []
        codes, values = self._distinct[self.found.columns[field]]
        which, held = pd.factorize(codes[at])
        same, shown = pd.factorize(np.array([text_of(value)[:80] for value in values[held]], dtype=object))
        group = same[which]
        order = np.argsort(group, kind="stable")
        return np.split(at[order], np.cumsum(np.bincount(group, minlength=len(shown)))[:-1])

    def _count_the_rest(self, at: np.ndarray, field: str | None, says: str, severity: Severity) -> None:
        """What is wrong with more rows than anyone reads one by one: how many there are, and where."""
        if len(at):
            aside = ", which were set aside too" if severity == "set_aside" else ""
            why = f": each {says}" if says and self.heading(field) else ""
            rest = f"the same is wrong with {len(at):,} more rows{aside} ({row_ranges(self.excel_rows[at], 20)}){why}"
            self.problems.append(Problem(_sentence(rest), severity, self.sheet, column=self.heading(field)))

    def note(self, says: str, column: str | None = None, severity: Severity = "note") -> None:
        self.problems.append(Problem(_sentence(says), severity, self.sheet, column=column))

    def value(self, row: int, field: str | None) -> str:
        """The cell as the file shows it."""
        if field is None or field not in self.found.columns:
            return ""
        codes, values = self._distinct[self.found.columns[field]]
        return text_of(values[codes[row]])[:80]

    def heading(self, field: str | None) -> str | None:
        return self.found.headings[self.found.columns[field]] if field and field in self.found.columns else None

    def distinct(self, field: str) -> list[Cell]:
        return list(self._distinct[self.found.columns[field]][1]) if field in self.found.columns else []

    def _problem(self, row: int, field: str | None, says: str, severity: Severity) -> Problem:
        value = self.value(row, field)
        says = f"“{value}” {says}" if value else says
        return Problem(_sentence(says), severity, self.sheet, int(self.excel_rows[row]), self.heading(field), value or None)

    def _read(self, since_1904: bool, widths: np.ndarray | None, header_width: int | None) -> None:
        self._note_columns()
        self._set_other_lines_aside(self.form.fields[0])
        if widths is not None and header_width is not None:
            self._check_widths(widths, header_width)
        self._set_repeats_aside()
        orders = orders_of({f.name: (self.heading(f.name) or f.name, self.distinct(f.name)) for f in self.dated()})
        self._note_month_first(orders)
        parsers = _parsers(since_1904, orders)
        columns = {field.name: self._column(field, parsers) for field in self.form.fields if field.kind != "unused"}
        self.frame = self.frame.assign(**columns)
        for field in self.dated():
            self._check_days(field)
        self._warn_of_lost_zeros(self.form.fields[0])

    def _note_month_first(self, orders: Mapping[str, Order]) -> None:
        for field, order in orders.items():
            if order.kind == "month":
                says = (
                    f"its dates are written month first ({order.why} can be nothing else, and no date in the column is day first), "
                    "so they were read so: 03/04/2026 as 4 March 2026"
                )
                self.note(says, self.heading(field))

    def dated(self) -> list[Field]:
        return [field for field in self.form.fields if field.kind == "date"]

    def _note_columns(self) -> None:
        named = {word: field for field in self.form.fields for word in field.words}
        used = set(self.found.columns.values())
        for i, (_, values) in enumerate(self._distinct):
            heading = self.found.headings[i] if i < len(self.found.headings) else ""
            if i in used or not any(text_of(value) for value in values):
                continue
            if not heading:
                self.note(f"column {column_letters(i)} has no heading, so it is not read")
            elif (field := named.get(heading_words(heading))) is not None:
                first = column_letters(self.found.columns[field.name])
                says = f"the column “{heading}” says the same as column {first}, and only that is read"
                self.note(f"{says}: take out the one that is not wanted", heading, "warning")
            else:
                self.note(f"the column “{heading}” is not one of {self.form.title}, so it is not read", heading)

    def _check_widths(self, widths: np.ndarray, header_width: int) -> None:
        beyond = self._distinct[header_width:]
        spilled = np.zeros(len(self), dtype=bool)
        for codes, values in beyond:
            spilled |= np.array([bool(text_of(value)) for value in values], dtype=bool)[codes]
        says = f"more cells than the {header_width} headings: text that holds a separator must be in quotation marks"
        self.set_aside(spilled, None, (f"the row has {widths[row]} cells, {says}" for row in np.flatnonzero(spilled)))
        short = (widths < header_width) & (widths > 0)
        self.tell(short, None, f"the row has fewer cells than the {header_width} headings: the ones missing at its end were read as empty")

    def _set_repeats_aside(self) -> None:
        if not len(self) or not self._distinct:
            return
        cells = pd.DataFrame({i: codes for i, (codes, _) in enumerate(self._distinct)})
        repeats = cells.duplicated().to_numpy()
        if repeats.any():
            first = cells.groupby(list(cells.columns), sort=False).ngroup().to_numpy()
            origin = pd.Series(self.excel_rows).groupby(first).transform("first").to_numpy()
            self.set_aside(repeats, None, (f"repeats row {row} cell for cell; counted once" for row in origin[repeats]))

    def _set_other_lines_aside(self, identity: Field) -> None:
        """Lines among the rows that are none: totals, the headings once more, a remark under the table."""
        if identity.name != "child_id" or identity.name not in self.found.columns:
            return
        at = self.found.columns[identity.name]
        codes, values = self._distinct[at]
        words = [value.strip().casefold() if isinstance(value, str) else "" for value in values]
        heading = self.found.headings[at].casefold()
        total = np.array([word in TOTALS for word in words], dtype=bool)[codes]
        again = np.array([word == heading for word in words], dtype=bool)[codes]
        remark = np.array([" " in word for word in words], dtype=bool)[codes]
        for i, (numbers, cells) in enumerate(self._distinct):
            if i != at and remark.any():
                remark &= np.array([is_blank(cell) for cell in cells], dtype=bool)[numbers]
        self.set_aside(again, None, "the line holds the headings once more, and is no row")
        self.set_aside(total, identity.name, "begins a line of totals, which is no row")
        self.set_aside(remark & ~total, identity.name, "stands alone in its line like a remark, which is no row")
        self._no_row = again | total | remark

    def _column(self, field: Field, parsers: Parsers) -> pd.Series:
        if field.name not in self.found.columns:
            return _typed([None], field.kind, np.zeros(len(self), dtype=np.intp))
        codes, values = self._distinct[self.found.columns[field.name]]
        parse = parsers(field)
        if _is_something_else(field.kind, values, parse):
            values = self._not_its_kind(field, codes, values)
        read = [parse(value) for value in values]
        self._report_faults(field, codes, read)
        empty = np.array([item is None for item in read], dtype=bool)[codes]
        if field.need == "row":
            self.set_aside(empty, field.name, f"“{self.heading(field.name)}” is empty, and a row means nothing without it: fill it in")
        elif field.expected:
            self.tell(empty, field.name, f"“{self.heading(field.name)}” is empty: it was read as not known; fill it in", "warning")
        return _typed([field.unread if isinstance(item, Fault) else item for item in read], field.kind, codes)

    def _not_its_kind(self, field: Field, codes: np.ndarray, values: np.ndarray) -> np.ndarray:
        """A column that holds something else than its heading says: none of it is read."""
        heading = self.heading(field.name)
        says = f"“{heading}” holds {len(values):,} different values, so it is not a column of {_KINDS[field.kind]}"
        if field.need == "row":
            raise Refused(f"{self.file}: {says}. Check that the right column is under that heading, and load the file again.")
        rows = int(np.array([not is_blank(value) for value in values], dtype=bool)[codes].sum())
        says += f": its {rows:,} cells were read as not known; check that the right column is under that heading"
        self.note(says, heading, "warning")
        return np.full(len(values), "", dtype=object)

    def _report_faults(self, field: Field, codes: np.ndarray, read: Sequence[object]) -> None:
        faults = {i: item for i, item in enumerate(read) if isinstance(item, Fault)}
        by_sentence: dict[tuple[str, Severity], list[int]] = {}
        for i, fault in faults.items():
            severity: Severity = "set_aside" if field.need == "row" else fault.severity
            by_sentence.setdefault((fault.says, severity), []).append(i)
        for (says, severity), indices in by_sentence.items():
            mask = np.isin(codes, indices)
            if severity == "set_aside":
                self.set_aside(mask, field.name, says)
            else:
                self.tell(mask, field.name, says, severity)

    def _warn_of_lost_zeros(self, identity: Field) -> None:
        ids = self.frame[identity.name]
        known = pd.Series(ids.dropna().unique())
        bare = known.str.lstrip("0")
        alike = set(known[bare.duplicated(keep=False)])
        if alike:
            says = "differs from another id in the file only by its leading zeros: they are taken as two; mend the export if they are one"
            self.tell(ids.isin(alike).to_numpy(), identity.name, says)

    def _check_days(self, field: Field) -> None:
        days = self.frame[field.name]
        early = (days < EARLIEST).to_numpy() & ~self.aside
        late = (days > self.today).to_numpy() & ~self.aside
        if field.when == "birth":
            self.tell(early, field.name, "is before 1900: check the date of birth")
            unborn = late & (days <= self.today + UNBORN).to_numpy()
            self.tell(unborn, field.name, "is still to come: right if the child is unborn and expected then; otherwise correct it", "note")
            self.tell(late & ~unborn, field.name, "is too far in the future even for an unborn child: correct the date of birth")
            return
        self.set_aside(early, field.name, "is before 1900: correct the date")
        if field.when in ("happened", "past"):
            self.set_aside(late, field.name, f"is in the future (today is {self.today:%d/%m/%Y}): correct the date")


def _is_something_else(kind: Kind, values: np.ndarray, parse: Callable[[Cell], object]) -> bool:
    """Whether a column has more different values than a list of codes can have; or very many, and hardly one that can be read."""
    if kind in ("code", "flag"):
        return len(values) > MANY_CODES
    if kind not in _KINDS or len(values) <= MANY_VALUES:
        return False
    tried = values[: MANY_VALUES // 5]
    return sum(isinstance(parse(value), Fault) for value in tried) > 0.9 * len(tried)


Parsers = Callable[[Field], Callable[[Cell], object]]


def _parsers(since_1904: bool, orders: Mapping[str, Order]) -> Parsers:
    simple: dict[str, Callable[[Cell], object]] = {"id": id_of, "text": words_of, "flag": flag_of}

    def parser(field: Field) -> Callable[[Cell], object]:
        if field.kind == "date":
            order = orders[field.name]
            return day_reader(since_1904=since_1904, order=order.kind, why=order.why)
        if field.kind == "number":
            return number_reader(field.low, field.high)
        return code_reader(field.codes or {}, required=field.need == "row") if field.kind == "code" else simple[field.kind]

    return parser


def _typed(read: Sequence[object], kind: Kind, codes: np.ndarray) -> pd.Series:
    """The readings of a column's different values, spread over its rows in the type of its kind."""
    values: Any = list(read)
    if kind == "date":
        distinct = pd.Series(
            np.array([np.datetime64("NaT") if day is None else np.datetime64(day) for day in values], dtype="datetime64[s]")
        )
    elif kind == "flag":
        distinct = pd.Series(pd.array(values, dtype="boolean"))
    elif kind == "number":
        distinct = pd.Series(np.array([np.nan if number is None else number for number in values], dtype="float64"))
    else:
        distinct = pd.Series(pd.array(values, dtype="str"))
    return distinct.take(codes).reset_index(drop=True)


def _sentence(says: str) -> str:
    return says[:1].upper() + says[1:] + ("" if says.endswith((".", ")")) else ".")
