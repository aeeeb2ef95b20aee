"""The list of cases behind a figure, as a workbook to take into a meeting: the rows of the page, in the order of the page."""

from __future__ import annotations

import io

import pandas as pd
from openpyxl import Workbook

from kpi import Kpi
from layouts import words
from layouts.view import named
from layouts.workbook import INVENTED
from layouts.workbook_cells import DAY, Column, add_styles, put, set_for_print, table

ALWAYS = [
    Column("Child", 16, lambda r: r["child_id"]),
    Column("Worker", 20, lambda r: named(r["worker_id"])),
    Column("Team", 24, lambda r: named(r["team_id"])),
]
WHERE_ANY = {
    "happened_on": Column("Last done", 14, lambda r: r["happened_on"], "number", lambda r: DAY),
    "due_on": Column("Due", 14, lambda r: r["due_on"], "number", lambda r: DAY),
    "late": Column("Days late", 11, lambda r: r["late"], "number"),
    "value": Column("Value", 12, lambda r: r["value"], "number"),
    "weight": Column("Out of", 12, lambda r: r["weight"], "number"),
}
WHY = Column("Why", 70, lambda r: r["why"], "quiet")


def cases_book(measure: Kpi, rows: pd.DataFrame, caption: str, org: str, unit: str, *, invented: bool) -> bytes:
    """The cases as the bytes of an .xlsx. rows: those of `layouts.case_list.listed`, with `late` and `why`; days below 0 are left."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Cases"
    add_styles(workbook)
    put(sheet, 1, 1, caption, "title")
    put(sheet, 2, 1, f"{org}{f', {unit}' if unit else ''}: {words.plural(len(rows), 'case', 'cases')}", "line")
    if invented:
        put(sheet, 3, 1, INVENTED, "flag")
    once = measure.measure in ("percent", "count", "rate")  # each case counts one: there is no value to show
    shown = [column for name, column in WHERE_ANY.items() if rows[name].notna().any() and not (once and name in ("value", "weight"))]
    table(sheet, 4, [*ALWAYS, *shown, WHY], rows.to_dict("records"), nothing="There is nobody on this list.")
    sheet.freeze_panes = "A5"
    set_for_print(sheet, org)
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()
