"""The mess real extracts hold, put into the invented ones: each kind a handful of times, and a list of where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from data.sample.days import uk_text
from data.sample.files import Cell, Sheet

MESS = {
    "non_breaking_space": "a team's name ends in a non-breaking space",
    "trailing_space": "a worker's id ends in a space",
    "error_text": 'the allocated worker is the text "#N/A"',
    "bare_label": '"Female" or "Male" where the form says "b) Female" or "a) Male"',
    "bare_yes_no": '"Yes" or "No" where the form says "a) Yes" or "b) No"',
    "unknown_code": "a code that is in no list",
    "impossible_date": "a date that is not in the calendar, as text",
    "repeated_row": "a row that is there twice, cell for cell",
    "blank_child_seen": "a visit that does not say whether the child was seen",
    "number_ids": "child ids held as numbers, in a whole workbook",
    "text_dates": "dates held as text, in a whole workbook",
    "title_rows": "two rows above the headings",
    "orphan_id": "a visit to a child whom no list holds",
    "unknown_worker": "a visit by a worker who is on no staff list",
    "month_first_date": "a date with the month before the day, among dates written the other way",
    "leading_zeros": "a child's id with zeros before it, so that it is another id",
    "sent_again": "a file sent a second time, byte for byte",
    "drifted_headings": "headings with other spaces or capitals, or the short name of the age column",
}
_SPOILT = ("List 3", "List 4", "List 5", "List 6", "List 7", "List 8")
_DATED = {
    "List 3": "Date of referral",
    "List 4": "Continuous Assessment Date of Authorisation",
    "List 7": "Date of latest review conference",
}


@dataclass(frozen=True)
class Placed:
    """One piece of mess. `row` is the row as Excel shows it; no row where it is the whole sheet."""

    kind: str
    file: str
    sheet: str
    row: int | None = None
    column: str | None = None
    value: str | None = None


class Spoiler:
    """Spoils the sheets of one file and remembers where."""

    def __init__(self, rng: Random, file: str) -> None:
        self._rng, self._file = rng, file
        self._touched: set[tuple[str, int]] = set()
        self.placed: list[Placed] = []

    def annex_a(self, lists: Sequence[Sheet], year: int, turn: int) -> None:
        """A month's workbook; `turn` counts the months, so that some mess comes round in some months only."""
        by_name = {sheet.name: sheet for sheet in lists if sheet.name in _SPOILT}
        for name in self._rng.sample(list(by_name), 2):
            self._cell("non_breaking_space", by_name[name], "Allocated Team", lambda value: f"{value}\u00a0")
            self._cell("trailing_space", by_name[name], "Allocated Worker", lambda value: f"{value} ", filled=True)
        for name in self._rng.sample(list(by_name), 3):
            self._cell("bare_label", by_name[name], "Gender", lambda value: str(value).split(") ")[-1], wanted=("a) Male", "b) Female"))
        self._cell("error_text", by_name["List 6"], "Allocated Worker", lambda _: "#N/A")
        self._cell("error_text", by_name["List 6"], "Allocated Worker", lambda _: "#N/A")
        support = by_name["List 4"].rows[0][9]
        for name, column in (("List 3", "Referral NFA?"), ("List 4", support), ("List 6", "Does the Child have a Disability")):
            self._cell("bare_yes_no", by_name[name], str(column), lambda value: str(value)[3:], wanted=("a) Yes", "b) No"))
        self._cell("unknown_code", by_name["List 3"], "Referral Source", lambda _: "v) 11: Neighbour")
        self._cell("unknown_code", by_name["List 6"], "Ethnicity", lambda _: "z) NTKN")
        dated = tuple(_DATED)[turn % 3]
        self._cell("impossible_date", by_name[dated], _DATED[dated], lambda _: f"31/02/{year}", filled=True)
        self._repeat(by_name["List 3" if turn % 2 else "List 5"])
        self._whole(lists, turn)

    def _whole(self, lists: Sequence[Sheet], turn: int) -> None:
        for sheet in lists:
            if turn % 8 == 3:
                self._number_ids(sheet)
            if turn % 6 == 4:
                self._text_dates(sheet)
            if turn % 9 == 6:
                self._drift(sheet)
            if turn % 9 == 7:
                self._title(sheet)

    def visits(self, sheet: Sheet, year: int, turn: int) -> None:
        for _ in range(3):
            self._cell("blank_child_seen", sheet, "child_seen", lambda _: None)
        self._cell("trailing_space", sheet, "worker_id", lambda value: f"{value} ")
        self._cell("non_breaking_space", sheet, "team", lambda value: f"{value}\u00a0")
        if turn % 2:
            self._cell("impossible_date", sheet, "visit_date", lambda _: f"31/02/{year}")
        self._repeat(sheet)
        if turn % 6 == 1:
            self._cell("orphan_id", sheet, "child_id", lambda _: f"99{self._rng.randrange(1000, 9999)}")
            self._cell("unknown_worker", sheet, "worker_id", lambda _: "SW9999")
        if turn % 6 == 2:
            self._cell("month_first_date", sheet, "visit_due_date", lambda _: f"05/{self._rng.randrange(13, 29)}/{year}")

    def log(self, kind: str, sheet: Sheet) -> None:
        if kind == "participation":
            self._cell("leading_zeros", sheet, "child_id", lambda value: f"00{value}")
        if kind == "foster_enquiries":
            self._cell("month_first_date", sheet, "enquiry_date", lambda _: "05/23/2025")

    def supervision(self, sheet: Sheet, turn: int) -> None:
        self._cell("trailing_space", sheet, "worker_id", lambda value: f"{value} ")
        if turn % 8 == 5:
            self._number_ids(sheet, "child_id")

    def audits(self, sheet: Sheet) -> None:
        self._cell("non_breaking_space", sheet, "team", lambda value: f"{value}\u00a0")

    # --- one piece at a time ------------------------------------------------------------------------------------------------

    def _cell(
        self, kind: str, sheet: Sheet, column: str, spoil: Callable[[Cell], Cell], *, wanted: Sequence[Cell] = (), filled: bool = False
    ) -> None:  # fmt: skip
        """Spoil one cell of a column, in a row nothing else has been done to."""
        at = sheet.rows[0].index(column)
        for _ in range(200):
            number = self._rng.randrange(1, len(sheet.rows)) if len(sheet.rows) > 1 else 0
            old = sheet.rows[number][at]
            if number and (sheet.name, number) not in self._touched and (old in wanted or not wanted) and (old is not None or not filled):
                new = spoil(old)
                sheet.rows[number][at] = new
                self._touched.add((sheet.name, number))
                self._note(kind, sheet, number + 1, column, None if new is None else str(new))
                return

    def _repeat(self, sheet: Sheet) -> None:
        clean = [number for number in range(1, len(sheet.rows)) if (sheet.name, number) not in self._touched]
        if clean:
            number = self._rng.choice(clean)
            sheet.rows.append(list(sheet.rows[number]))
            self._touched |= {(sheet.name, number), (sheet.name, len(sheet.rows) - 1)}
            self._note("repeated_row", sheet, len(sheet.rows))

    def _number_ids(self, sheet: Sheet, column: str = "Child Unique ID") -> None:
        if column not in sheet.rows[0]:
            return
        at = sheet.rows[0].index(column)
        for row in sheet.rows[1:]:
            value = row[at]
            row[at] = int(value) if isinstance(value, str) else value
        self._note("number_ids", sheet, None, column)

    def _text_dates(self, sheet: Sheet) -> None:
        for row in sheet.rows[1:]:
            for at in sheet.dates:
                value = row[at]
                row[at] = uk_text(value) if isinstance(value, int) else value
        sheet.dates = frozenset()
        self._note("text_dates", sheet)

    def _drift(self, sheet: Sheet) -> None:
        drifted = {"Age of Child (Years)": "Age", "Child Unique ID": "Child  unique ID", "Allocated Team": " Allocated team "}
        drifted |= {"Date of referral": "Date of Referral"}
        sheet.rows[0] = [drifted.get(str(heading), heading) for heading in sheet.rows[0]]
        self._note("drifted_headings", sheet, 1)

    def _title(self, sheet: Sheet) -> None:
        sheet.rows[:0] = [[f"Annex A {sheet.name}: invented data"], ["Run for the performance team"]]
        sheet.header = 2
        moved = [replace(p, row=p.row + 2) if p.sheet == sheet.name and p.row else p for p in self.placed]
        self.placed = moved
        self._note("title_rows", sheet, 1)

    def _note(self, kind: str, sheet: Sheet, row: int | None = None, column: str | None = None, value: str | None = None) -> None:
        self.placed.append(Placed(kind, self._file, sheet.name, row, column, value))
