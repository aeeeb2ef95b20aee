"""The list of cases behind a figure, as a workbook to take into a meeting: the rows of the page, in the order of the page."""

from __future__ import annotations

import io

import pandas as pd
from openpyxl import Workbook

from kpi import Kpi
from kpi.model import HOW_MANY
from layouts import words
from layouts.case_list import held_of
from layouts.view import named
from layouts.workbook import INVENTED
from layouts.workbook_cells import DAY, Column, add_styles, put, set_for_print, table

ALWAYS = [
    Column("Child", 16, lambda r: r["child_id"]),
    Column("Worker", 20, lambda r: named(r["worker_id"])),
    Column("Team", 24, lambda r: named(r["team_id"])),
]
DATES = {
    "happened_on": Column("Date", 14, lambda r: r["happened_on"], "number", lambda r: DAY),
    "due_on": Column("Due", 14, lambda r: r["due_on"], "number", lambda r: DAY),
    "late": Column("Days late", 11, lambda r: r["late"], "number"),
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
    shown = [column for name, column in DATES.items() if rows[name].notna().any()]
    if measure.measure == "percent":
        shown.append(Column("Outcome", 28, lambda r: _outcome(measure, r["met"])))
    elif measure.measure not in HOW_MANY:
        held = held_of(measure)
        shown.append(Column(held.value, 16, lambda r: r["value"], "number"))
        shown += [Column(held.weight, 16, lambda r: r["weight"], "number")] if measure.measure in ("mean", "ratio") else []
    table(sheet, 4, [*ALWAYS, *shown, WHY], rows.to_dict("records"), nothing="There is nobody on this list.")
    sheet.freeze_panes = "A5"
    set_for_print(sheet, org)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _outcome(measure: Kpi, met: bool | None) -> str:
    return "Left out" if words.missing(met) else measure.did.capitalize() if met else f"Not {measure.did}"
