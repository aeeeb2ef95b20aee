"""Readiness as a workbook to take into a meeting: in short, target by target, what is overdue longest, and the improvement plan."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from kpi import REGISTER
from kpi.readiness import RAGS, STANDS, STANDS_WORDS, in_words
from kpi.recommendations import recommendation_words
from layouts import words
from layouts.freshness import titled
from layouts.readiness import VERDICTS, Position
from layouts.view import named
from layouts.workbook import INVENTED
from layouts.workbook_cells import (
    DAY,
    FIGURE_FORMATS,
    MONTH,
    WHOLE,
    Column,
    add_styles,
    put,
    set_for_print,
    status_format,
    status_words,
    table,
)  # fmt: skip

MEASURES = [
    Column("Would it stand?", 26, lambda r: STANDS_WORDS[r["stands"]]),
    Column("Measure", 44, lambda r: REGISTER[r["kpi"]].title, "strong"),
    Column("Now", 12, lambda r: r["value"], "figure", lambda r: FIGURE_FORMATS[REGISTER[r["kpi"]].measure]),
    Column("Worked out from", 18, lambda r: words.base(r["numerator"], r["denominator"], REGISTER[r["kpi"]].measure)),
    Column("Target", 12, lambda r: r["target"], "number", lambda r: FIGURE_FORMATS[REGISTER[r["kpi"]].measure]),
    Column("By", 14, lambda r: r["target_by"], "day", lambda r: DAY),
    Column("Met?", 14, lambda r: status_words(r["status"]), "text", lambda r: status_format(r["status"])),
    Column("Months met of three", 12, lambda r: None if r["stands"] == "not_known" else r["sustained"], "number", lambda r: WHOLE),
    Column("By its date", 18, lambda r: VERDICTS.get(r["verdict"], "")),
    Column("Why", 34, lambda r: r["why"]),
    Column("Left out", 10, lambda r: r["out"], "number", lambda r: WHOLE),
    Column("Left out, share", 12, lambda r: r["out_share"], "number", lambda r: FIGURE_FORMATS["percent"]),
    Column("Data to", 16, lambda r: r["known_until"], "day", lambda r: MONTH),
]
OVERDUE = [
    Column("Duty", 44, lambda r: r["title"], "strong"),
    Column("Overdue", 11, lambda r: r["overdue"], "number", lambda r: WHOLE),
    Column("Longest, days late", 12, lambda r: r["days_late"], "number", lambda r: WHOLE),
    Column("Child", 16, lambda r: r["child_id"] if r["cohort"] == "child" else ""),
    Column("Worker", 20, lambda r: "" if words.missing(r["worker_id"]) else named(r["worker_id"])),
    Column("Team", 24, lambda r: "" if words.missing(r["team_id"]) else named(r["team_id"])),
    Column("Due since", 14, lambda r: r["due_on"], "day", lambda r: DAY),
    Column("Due in 5 working days", 12, lambda r: r["due_soon"], "number", lambda r: WHOLE),
    Column("Left out", 11, lambda r: r["left_out"], "number", lambda r: WHOLE),
]
SOURCES = [
    Column("Source", 44, lambda r: titled(r["source"]), "strong"),
    Column("Speaks for months to", 22, lambda r: r["month"], "day", lambda r: MONTH),
    Column("Months behind", 14, lambda r: r["behind"], "number", lambda r: WHOLE),
]


def readiness_book(at: Position, org: str, *, invented: bool) -> bytes:
    """Everything on the page, in its order, as the bytes of an .xlsx."""
    workbook = Workbook()
    add_styles(workbook)
    first = workbook.active
    first.title = "In short"
    _short(first, at, org, invented)
    _sheet(workbook, "Targets", "Target by target", MEASURES, _by_standing(at.measures), at, org, invented, "No target is in force.")
    _sheet(workbook, "Oldest overdue", "Oldest overdue", OVERDUE, at.overdue, at, org, invented, "Nothing is owed.")
    _sheet(workbook, "Sources", "What speaks for the month", SOURCES, at.spoken, at, org, invented, "No source is loaded.")
    _sheet(workbook, "Plan", "The improvement plan", _plan(at), at.plan, at, org, invented, "No plan is loaded that speaks for this day.")
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def _short(sheet: Worksheet, at: Position, org: str, invented: bool) -> None:
    _head(sheet, "Readiness for inspection", at, org, invented)
    sheet.column_dimensions["A"].width = 110
    for row, said in enumerate(in_words(at.measures, at.period), 5):
        put(sheet, row, 1, said, "text")
    set_for_print(sheet, org)


def _sheet(
    workbook: Workbook, name: str, title: str, columns: Sequence[Column], rows: pd.DataFrame, at: Position, org: str, invented: bool,
    nothing: str,
) -> None:  # fmt: skip
    sheet = workbook.create_sheet(name)
    _head(sheet, title, at, org, invented)
    table(sheet, 5, columns, rows.to_dict("records"), nothing=nothing)
    sheet.freeze_panes = "A6"
    set_for_print(sheet, org)


def _head(sheet: Worksheet, title: str, at: Position, org: str, invented: bool) -> None:
    put(sheet, 1, 1, title, "title")
    put(sheet, 2, 1, f"{org}, as at {words.day(at.day)}, with the figures of {words.month(at.period)} as they stand now", "line")
    if invented:
        put(sheet, 3, 1, INVENTED, "flag")


def _by_standing(measures: pd.DataFrame) -> pd.DataFrame:
    order = {stands: n for n, stands in enumerate(STANDS)}
    return measures.assign(_order=measures["stands"].map(order)).sort_values("_order", kind="stable")


def _plan(at: Position) -> list[Column]:
    def counted(name: str) -> Any:
        return lambda r: r[name]

    numbers = [
        ("Actions", "actions"), ("Done", "done"), ("Open", "open"), *((rag.capitalize(), rag) for rag in RAGS),
        ("No colour", "no_rag"), ("Past their day", "past_due"), ("Updates overdue", "updates_overdue"),
    ]  # fmt: skip
    return [
        Column("Recommendation", 60, lambda r: recommendation_words(r["recommendation_id"]) or r["recommendation_id"], "strong"),
        Column("Stage", 18, lambda r: at.stages.get(r["recommendation_id"], "")),
        *(Column(title, 11, counted(name), "number", lambda r: WHOLE) for title, name in numbers),
    ]
