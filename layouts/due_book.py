"""The lists of what is overdue and due soon, as a workbook to take into a meeting."""

from __future__ import annotations

import io

import pandas as pd
from openpyxl import Workbook

from layouts import words
from layouts.view import named
from layouts.workbook import INVENTED
from layouts.workbook_cells import DAY, Column, add_styles, put, set_for_print, table

STATE_WORDS = {"overdue": "Overdue", "due_soon": "Due in 5 working days", "left_out": "Left out"}
COLUMNS = [
    Column("State", 20, lambda r: STATE_WORDS[r["state"]]),
    Column("Duty", 34, lambda r: r["title"]),
    Column("Child", 16, lambda r: r["child_id"] if r["cohort"] == "child" else ""),
    Column("Worker", 20, lambda r: named(r["worker_id"])),
    Column("Team", 24, lambda r: named(r["team_id"])),
    Column("Last done", 14, lambda r: r["last_on"], "number", lambda r: DAY),
    Column("Due", 14, lambda r: r["due_on"], "number", lambda r: DAY),
    Column("Days late", 11, lambda r: r["days_late"], "number"),
    Column("Rule, or why it is left out", 60, lambda r: r["rule"] if words.missing(r["left_out"]) else r["left_out"], "quiet"),
]


def due_book(rows: pd.DataFrame, org: str, unit: str, day: pd.Timestamp, *, invented: bool) -> bytes:
    """Everything overdue, due soon or left out, in the order of the page, as the bytes of an .xlsx. Days below 0 are left."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Due and overdue"
    add_styles(workbook)
    put(sheet, 1, 1, f"Due and overdue on {words.day(day)}", "title")
    put(sheet, 2, 1, f"{org}{f', {unit}' if unit else ''}", "line")
    if invented:
        put(sheet, 3, 1, INVENTED, "flag")
    table(sheet, 4, COLUMNS, rows.to_dict("records"), nothing="Nothing is overdue or due soon here.")
    sheet.freeze_panes = "A5"
    set_for_print(sheet, org)
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()
