"""The catalogue as a workbook: one row a measure, with its whole definition."""

from __future__ import annotations

import io

from openpyxl import Workbook

from layouts import words
from layouts.catalogue_entries import BASIS, BETTER, UNITS, Entry
from layouts.workbook import INVENTED
from layouts.workbook_cells import Column, add_styles, put, set_for_print, table

COLUMNS = [
    Column("Area", 20, lambda e: e.domain, "quiet"),
    Column("Measure", 40, lambda e: e.kpi.title),
    Column("Key", 28, lambda e: e.kpi.key, "quiet"),
    Column("Latest", 12, lambda e: e.figure),
    Column("Number of", 14, lambda e: e.base, "quiet"),
    Column("Month", 14, lambda e: "" if e.latest is None else words.month(e.latest["period"])),
    Column("Status", 13, lambda e: words.STATUS_WORDS[e.status]),
    Column("Target", 24, lambda e: e.target or "None set"),
    Column("Target set by", 24, lambda e: e.set_by, "quiet"),
    Column("Answers for it", 28, lambda e: e.owner or "Nobody is named"),
    Column("Shown as", 16, lambda e: UNITS[e.kpi.measure]),
    Column("Better", 18, lambda e: BETTER[e.kpi.better]),
    Column("Counted", 34, lambda e: f"{BASIS[e.kpi.basis]}. {e.kpi.method}"),
    Column("Data", 34, lambda e: e.loaded),
    Column("Comes from", 34, lambda e: e.kpi.sources, "quiet"),
    Column("Cannot come from", 34, lambda e: e.kpi.cannot, "quiet"),
    Column("Serves recommendation", 34, lambda e: e.recommendation, "quiet"),
    Column("Definition", 90, lambda e: e.kpi.definition),
]


def catalogue_book(rows: list[Entry], org: str, *, invented: bool) -> bytes:
    """Every measure of the catalogue as the bytes of an .xlsx."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Catalogue"
    add_styles(workbook)
    put(sheet, 1, 1, "Catalogue of measures", "title")
    put(sheet, 2, 1, org, "line")
    if invented:
        put(sheet, 3, 1, INVENTED, "flag")
    table(sheet, 4, COLUMNS, rows, nothing="There are no measures.")
    sheet.freeze_panes = "C5"
    set_for_print(sheet, org)
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()
