"""What was wrong in the loads, as a workbook to hand to whoever can put it right at source."""

from __future__ import annotations

import io

from openpyxl import Workbook

from layouts import words
from layouts.freshness import titled
from layouts.view import View
from layouts.workbook import INVENTED
from layouts.workbook_cells import DAY, Column, add_styles, put, set_for_print, table

MOST = 10_000
SEVERITY_WORDS = {"set_aside": "Set aside", "warning": "To check", "note": "To know"}
COLUMNS = [
    Column("What it means", 18, lambda r: SEVERITY_WORDS.get(r["severity"], r["severity"])),
    Column("File", 36, lambda r: r["file"], "strong"),
    Column("Source", 24, lambda r: titled(r["source"])),
    Column("As at", 14, lambda r: r["as_at"], "number", lambda r: DAY),
    Column("Sheet", 18, lambda r: r["sheet"]),
    Column("Row", 9, lambda r: r["row"], "number"),
    Column("Column", 24, lambda r: r["column"]),
    Column("Value", 24, lambda r: None if words.missing(r["value"]) else str(r["value"])),
    Column("What to know or do", 90, lambda r: r["says"]),
    Column("Load", 8, lambda r: r["batch_id"], "number"),
]


def problems_book(view: View) -> bytes:
    """The problems the address asks for, newest load first, as the bytes of an .xlsx; says so where there are more than it holds."""
    asked = asked_problems(view)
    rows = view.store.problems(view.viewer.authority, **asked, limit=MOST)
    total = view.store.problem_total(view.viewer.authority, **asked)
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Problems"
    add_styles(workbook)
    put(sheet, 1, 1, "What was wrong in what was loaded", "title")
    put(sheet, 2, 1, f"{view.org}. {words.plural(total, 'problem', 'problems')}{_only(asked)}.", "line")
    lines = [INVENTED] if view.invented else []
    if total > len(rows):
        lines.append(f"The first {words.count(len(rows))} are here: ask for one source or severity at a time to see the others.")
    for place, line in enumerate(lines, start=3):
        put(sheet, place, 1, line, "flag")
    last = 3 + len(lines)
    table(sheet, last, COLUMNS, rows.to_dict("records"), nothing="No problem was found in what was loaded.")
    sheet.freeze_panes = sheet.cell(last + 1, 1)
    set_for_print(sheet, view.org)
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def asked_problems(view: View) -> dict[str, str | None]:
    """The filters of the address: source, severity and what is searched for; None where it does not ask."""
    severity = view.query.get("severity", "")
    return {
        "source": view.query.get("source", "").strip()[:64] or None,
        "severity": severity if severity in SEVERITY_WORDS else None,
        "search": view.query.get("q", "").strip()[:100] or None,
    }


def _only(asked: dict[str, str | None]) -> str:
    parts = [
        f"source {titled(asked['source'])}" if asked["source"] else "",
        SEVERITY_WORDS[asked["severity"]].lower() if asked["severity"] else "",
        f"with “{asked['search']}”" if asked["search"] else "",
    ]
    return "".join(f", {part}" for part in parts if part)
