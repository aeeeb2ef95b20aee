"""The sheets of the Excel summary that are tables: the month itself, its teams, definitions, targets, loads and problems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable
from typing import Any

import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from layouts import words
from layouts.workbook_cells import (
        FIGURE_FORMATS,
    MOMENT,
    MONTH,
    SUSTAINED,
    Column,
    change_format,
    colour_by_status,
    put,
    status_format,
    status_words,
    table,
    wall_clock,
)  # fmt: skip
from layouts.workbook_contents import Book, Row

PROBLEMS_SHOWN = 5_000
_TEAMS_ON_A_PAGE = 12
_SEVERITY = {"set_aside": "Row set aside", "warning": "Warning", "note": "Note"}
_BETTER = {"higher": "Higher is better", "lower": "Lower is better"}
_SHOWN_AS = {
    "percent": "Percentage", "ratio": "Percentage by size", "mean": "Average", "count": "Number", "rate": "Per 10,000", "days": "Days",
    "median": "Median days", "value": "Figure as given",
}  # fmt: skip


def summary_sheet(sheet: Worksheet, at_row: int, book: Book, definition_rows: dict[str, int]) -> None:
    """The scorecard of the month: for each KPI its figure, status in word, shape and colour, target, change and what was left out."""
    for line, (label, value, look) in enumerate(
        (("Data as at", book.as_at, None), ("Produced at", wall_clock(book.produced_at), MOMENT), ("Produced by", book.produced_by, None)),
        at_row,
    ):
        put(sheet, line, 1, label, "line")
        put(sheet, line, 2, value if not words.missing(value) else "Nothing loaded", "stamp", look)
    put(sheet, at_row + 3, 1, _tally(book), "line")
    head = at_row + 4
    last = table(sheet, head, _summary_columns(book), book.measures, nothing="There are no measures to show.", least_lines=2)
    put(sheet, head, 3, book.period, "head_right", MONTH)
    sheet.freeze_panes = sheet.cell(head + 1, 3)
    for line, row in enumerate(book.measures, head + 1):
        cell = sheet.cell(line, 2)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"Definitions!A{definition_rows[row.key]}", tooltip="The definition")
    if book.measures:
        colour_by_status(sheet, f"F{head + 1}:F{last}", f"$F{head + 1}", stress=True)
    for line, said in enumerate(_legend(), last + 2):
        put(sheet, line, 1, said, "line")


def _tally(book: Book) -> str:
    counts = Counter(status_words(row.status) for row in book.measures)
    ordered = [f"{counts[word]} {word.lower()}" for word in words.STATUS_WORDS.values() if counts[word]]
    return f"{words.plural(len(book.measures), 'measure', 'measures')}: {', '.join(ordered)}" if ordered else "No measures"


def _legend() -> tuple[str, ...]:
    return (
        "● Met   ◆ Near   ■ Not met   ○ Few cases: fewer than 10, so no colour is given.",
        "Number and Out of are what a figure is worked out from. Changes in a percentage are in percentage points.",
        "Sustained is how many of the last three months met the target. Left out is not counted in the figure, for the reasons given.",
    )


def _summary_columns(book: Book) -> list[Column]:
    def left_out(row: Row) -> int | None:
        return None if row.status == "no data" else sum(row.left_out.values())

    columns = [
        Column("Area", 17, lambda r: r.domain, "quiet"),
        Column("Measure", 36, lambda r: r.title, "link"),
        Column(words.month(book.period), 11, lambda r: r.value, "figure", lambda r: FIGURE_FORMATS[r.measure]),
        Column("Number", 9, lambda r: r.numerator, "number"),
        Column("Out of", 9, lambda r: r.denominator, "number"),
        Column("Status", 14, lambda r: status_words(r.status), "text", lambda r: status_format(r.status)),
        Column("Target", 25, lambda r: r.aim),
        Column("On last month", 15, _change, "number", lambda r: change_format(r.better)),
        Column("Sustained", 11, lambda r: r.sustained, "number", lambda r: SUSTAINED),
        Column("Left out", 10, left_out, "number"),
        Column("Why left out", 32, lambda r: words.reasons(r.left_out), "quiet"),
    ]
    noted = Column("Note", 15, lambda r: _sentence(r.note), "quiet")
    return [*columns, noted] if any(row.note for row in book.measures) else columns


def _change(row: Row) -> float | None:
    """The change as it is shown: one that rounds to nothing is no change."""
    return None if row.change is None or words.missing(row.change) else float(words.rounded(row.change))


def teams_sheet(sheet: Worksheet, at_row: int, book: Book) -> None:
    """Each measure for each team: figure, number, out of and status under one another, teams by service in name order."""
    figures = book.teams.assign(unit_id=_filled(book.teams["unit_id"], ""), service=_filled(book.teams["service"], "No service recorded"))
    teams = figures[["service", "unit", "unit_id"]].drop_duplicates("unit_id").sort_values(["service", "unit"], na_position="last")
    if teams.empty or not book.measures:
        put(sheet, at_row, 1, f"There are no team figures for {words.month(book.period)}.", "line")
        return
    head, first_team = at_row + 1, 4
    for column, (label, width) in enumerate((("Area", 21), ("Measure", 40), ("", 9)), 1):
        put(sheet, head, column, label, "head")
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[head].height = 32
    service_before = ""
    for column, team in enumerate(teams.itertuples(index=False), first_team):
        if str(team.service) != service_before:
            put(sheet, at_row, column, str(team.service), "line")
        service_before = str(team.service)
        put(sheet, head, column, "No team recorded" if words.missing(team.unit) else team.unit, "head_right")
        sheet.column_dimensions[get_column_letter(column)].width = 12.5
    found = {(r["kpi"], r["unit_id"]): r for r in figures.to_dict("records")}
    for place, row in enumerate(book.measures):
        _team_block(sheet, head + 1 + 4 * place, row, [found.get((row.key, unit_id), {}) for unit_id in teams["unit_id"]])
    last_column = get_column_letter(first_team + len(teams) - 1)
    sheet.auto_filter.ref = f"A{head}:{last_column}{head + 4 * len(book.measures)}"
    sheet.freeze_panes = sheet.cell(head + 1, first_team)
    sheet.print_title_rows, sheet.print_title_cols = f"{at_row}:{head}", "A:C"
    sheet.page_setup.fitToWidth = -(-len(teams) // _TEAMS_ON_A_PAGE)


def _filled(column: pd.Series[Any], blank: str) -> pd.Series[Any]:
    return column.astype("object").where(column.notna(), blank)


def _team_block(sheet: Worksheet, top: int, row: Row, records: list[dict[Hashable, Any]]) -> None:
    """Four lines of one measure: figure, number, out of, status; the tint of a team's four cells follows the word in its last."""
    for line, label in enumerate(("Figure", "Number", "Out of", "Status"), top):
        style = "block_last" if label == "Status" else "block_small"
        put(sheet, line, 1, row.domain, "block" if label == "Figure" else style)
        put(sheet, line, 2, row.title, "block_strong" if label == "Figure" else style)
        put(sheet, line, 3, label, style)
    for column, record in enumerate(records, 4):
        put(sheet, top, column, record.get("value"), "block_figure", FIGURE_FORMATS[row.measure])
        put(sheet, top + 1, column, record.get("numerator"), "block_number")
        put(sheet, top + 2, column, record.get("denominator"), "block_number")
        put(sheet, top + 3, column, status_words(record.get("status")), "block_status", status_format(record.get("status")))
    if records:
        colour_by_status(sheet, f"D{top}:{get_column_letter(3 + len(records))}{top + 3}", f"D${top + 3}")


def definitions_sheet(sheet: Worksheet, at_row: int, book: Book) -> dict[str, int]:
    """What each measure means and how it is worked out; returns the row of each, for the links to it."""
    columns = [
        Column("Measure", 34, lambda r: r.title, "strong"),
        Column("Area", 18, lambda r: r.domain, "quiet"),
        Column("Definition", 72, lambda r: _flowing(r.definition)),
        Column("Method", 30, lambda r: r.method),
        Column("Shown as", 12, lambda r: _SHOWN_AS[r.measure]),
        Column("Direction", 16, lambda r: _BETTER.get(r.better or "", "Neither")),
        Column("Where it comes from", 34, lambda r: r.sources, "quiet"),
        Column("Key", 22, lambda r: r.key, "quiet"),
    ]
    table(sheet, at_row, columns, book.measures, nothing="There are no measures to define.")
    sheet.freeze_panes = sheet.cell(at_row + 1, 2)
    return {row.key: line for line, row in enumerate(book.measures, at_row + 1)}


def _flowing(definition: str) -> str:
    """A definition as paragraphs: the line breaks of the source go, blank lines and lists stay."""
    return re.sub(r"(?<!\n)\n(?![\n\s]|[-*] )", " ", definition.strip())


def targets_sheet(sheet: Worksheet, at_row: int, book: Book) -> None:
    """Every target with the date it holds from: a month keeps the target of its day."""
    known = {row.key: row for row in book.measures}

    def shown(record: Any) -> str:
        return FIGURE_FORMATS[known[record["kpi"]].measure] if record["kpi"] in known else "General"

    columns = [
        Column("Measure", 44, lambda r: known[r["kpi"]].title if r["kpi"] in known else r["kpi"], "strong"),
        Column("From", 14, lambda r: _dated(r["since"]), "day"),
        Column("Target", 11, lambda r: r["green"], "number", shown),
        Column("Near from", 11, lambda r: r["amber"], "number", shown),
        Column("To reach by", 14, lambda r: _dated(r["by"]), "day"),
        Column("Set by", 24, lambda r: r["set_by"]),
        Column("Source", 36, lambda r: r["source"], "quiet"),
        Column("Note", 50, lambda r: r["note"], "quiet"),
    ]
    table(sheet, at_row, columns, book.targets.to_dict("records"), nothing="No target is set.")
    sheet.freeze_panes = sheet.cell(at_row + 1, 2)


def said_sheet(sheet: Worksheet, at_row: int, book: Book) -> None:
    """What the figures say of each measure, and what people wrote beside it."""
    titles = {row.key: row.title for row in book.measures}
    columns = [
        Column("Measure", 44, lambda r: titles.get(r["kpi"], r["kpi"]), "strong"),
        Column("What the figures say", 90, lambda r: r["said"]),
        Column("Comment on", 20, lambda r: "" if words.missing(r["comment"]) else r["unit"] or "The whole", "quiet"),
        Column("Comment", 60, lambda r: r["comment"]),
        Column("By", 20, lambda r: r["by"], "quiet"),
        Column("On", 24, lambda r: wall_clock(r["at"]), "moment"),
    ]
    table(sheet, at_row, columns, book.said.to_dict("records"), nothing="There is nothing to say of this month.")
    sheet.freeze_panes = sheet.cell(at_row + 1, 2)


def loaded_sheet(sheet: Worksheet, at_row: int, book: Book) -> None:
    """Every file that was loaded, when and by whom, and how many of its rows were new, unchanged or set aside."""
    columns = [
        Column("Load", 8, lambda r: r["id"], "number"),
        Column("Loaded at", 24, lambda r: wall_clock(r["loaded_at"]), "moment"),
        Column("Loaded by", 20, lambda r: r["loaded_by"]),
        Column("Source", 18, lambda r: r["source"]),
        Column("File", 44, lambda r: r["file"], "strong"),
        Column("As at", 14, lambda r: _dated(r["as_at"]), "day"),
        Column("Rows in", 10, lambda r: r["rows_in"], "number"),
        Column("New", 10, lambda r: r["rows_new"], "number"),
        Column("Unchanged", 11, lambda r: r["rows_unchanged"], "number"),
        Column("Set aside", 10, lambda r: r["rows_set_aside"], "number"),
        Column("Status", 14, lambda r: _sentence(r["status"])),
    ]
    table(sheet, at_row, columns, book.loads.to_dict("records"), nothing="Nothing has been loaded.")
    sheet.freeze_panes = sheet.cell(at_row + 1, 1)


def problems_sheet(sheet: Worksheet, at_row: int, book: Book) -> None:
    """What was wrong in the files and where, rows set aside first; says how many more there are than it shows."""
    order = book.problems["severity"].map({name: place for place, name in enumerate(_SEVERITY)})
    shown = book.problems.loc[order.sort_values(kind="stable").index].head(PROBLEMS_SHOWN)
    unsaid = len(book.problems) - len(shown) + book.problems_not_given
    if unsaid:
        more = f"The first {words.count(len(shown))} are shown; {words.count(unsaid)} more are on the Data page."
        put(sheet, at_row, 1, more, "flag")
    columns = [
        Column("What it means", 16, lambda r: _SEVERITY.get(r["severity"], r["severity"])),
        Column("File", 36, lambda r: r["file"], "strong"),
        Column("Sheet", 18, lambda r: r["sheet"]),
        Column("Row", 9, lambda r: r["row"], "number"),
        Column("Column", 24, lambda r: r["column"]),
        Column("Value", 24, lambda r: None if words.missing(r["value"]) else str(r["value"])),
        Column("What to know or do", 90, lambda r: r["says"]),
    ]
    table(sheet, at_row + 1, columns, shown.to_dict("records"), nothing="No problem was found in what was loaded.")
    sheet.freeze_panes = sheet.cell(at_row + 2, 1)


def _dated(value: Any) -> pd.Timestamp | None:
    return None if words.missing(value) else pd.Timestamp(value)


def _sentence(value: Any) -> str | None:
    return None if words.missing(value) else f"{str(value)[:1].upper()}{str(value)[1:]}"
