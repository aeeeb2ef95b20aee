"""The fortnightly report as a workbook: movers, commitments, children late again, teams to offer support, and the surgeries."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook

from kpi import REGISTER
from kpi.extra_support import WHAT_THIS_IS
from layouts import words
from layouts.fortnightly_gathered import Fortnight
from layouts.surgery_since import kept_of
from layouts.surgery_words import OUTCOME_WORDS, about_words, focus_words
from layouts.view import named
from layouts.workbook import INVENTED
from layouts.workbook_cells import DAY, FIGURE_FORMATS, MONTH, Column, add_styles, put, set_for_print, status_words, table

MOVED = {"improvement": "Improving", "concern": "Worsening"}
MOVERS = [
    Column("Measure", 44, lambda r: REGISTER[r["kpi"]].title, "strong"),
    Column("Figure", 14, lambda r: r["value"], "figure", lambda r: FIGURE_FORMATS[REGISTER[r["kpi"]].measure]),
    Column("Worked out from", 18, lambda r: words.base(r["numerator"], r["denominator"], REGISTER[r["kpi"]].measure)),
    Column("Status", 14, lambda r: status_words(r["status"])),
    Column("Is it real?", 14, lambda r: MOVED[r["signal"]]),
    Column("What the figures say", 90, lambda r: r["comment"].text),
]
COMMITMENTS = [
    Column("Unit", 20, lambda r: r["unit"]),
    Column("Outcome", 18, lambda r: OUTCOME_WORDS.get(r["outcome"], r["outcome"]), "strong"),
    Column("About", 24, lambda r: about_words(r["about_kind"], r["about_id"])),
    Column("Commitment", 40, lambda r: r["what"]),
    Column("Who", 20, lambda r: named(r["who"])),
    Column("Agreed on", 14, lambda r: r["held_on"], "day", lambda r: DAY),
    Column("By", 14, lambda r: r["by_on"], "day", lambda r: DAY),
    Column("What the data says", 44, lambda r: r["said"]),
]
REPEATED = [
    Column("Child", 14, lambda r: r["child_id"]),
    Column("Unit", 20, lambda r: r["unit"]),
    Column("Duty", 34, lambda r: r["title"]),
    Column("Worker", 20, lambda r: named(str(r["worker_id"]))),
    Column("Last seen or done", 16, lambda r: r["last_on"], "day", lambda r: DAY),
    Column("Due", 14, lambda r: r["due_on"], "day", lambda r: DAY),
    Column("Days late", 11, lambda r: r["days_late"], "number"),
    Column("Surgeries running", 12, lambda r: r["surgeries_running"], "number"),
]
LOOK = [
    Column("Team", 24, lambda r: named(r["unit_id"]), "strong"),
    Column("Measure", 44, lambda r: REGISTER[r["kpi"]].title),
    Column("Since", 16, lambda r: r["since"], "day", lambda r: MONTH),
    Column("Why", 90, lambda r: r["reason"]),
]
SURGERIES = [
    Column("Day", 14, lambda r: r["m"].held_on, "day", lambda r: DAY),
    Column("Unit", 24, lambda r: r["m"].unit, "strong"),
    Column("Focus", 30, lambda r: focus_words(r["m"].focus)),
    Column("Children late", 12, lambda r: len(r["m"].late), "number"),
    Column("Commitments before", 34, lambda r: kept_of(r["m"].commitments)),
    Column("Agreed", 10, lambda r: len(r["m"].agreed), "number"),
    Column("State", 12, lambda r: "Closed" if r["m"].closed else "Open"),
]


def fortnightly_book(found: Fortnight, org: str, *, invented: bool) -> bytes:
    """The report as the bytes of an .xlsx; text is text, never a formula."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    add_styles(workbook)
    title = f"{found.unit}: fortnightly report, {words.day(found.first)} to {words.day(found.last)}"
    movers = [{**row, "comment": comment} for row, comment in found.movers]
    sheets: list[tuple[str, list[Column], list[dict[str, Any]], str, str]] = [
        ("What moved", MOVERS, movers, "Only what chance does not explain; worst first.", "No measure moved by more than chance explains."),
        ("Commitments", COMMITMENTS, found.checked.to_dict("records"), f"{kept_of(found.checked)}.", "No commitment came up."),
        ("Late again", REPEATED, found.repeated.to_dict("records"), "Late in two or more surgeries running.", "No child was."),
        ("Offer support", LOOK, found.look.to_dict("records"), WHAT_THIS_IS, "No team stands out."),
        ("Surgeries", SURGERIES, [{"m": meeting} for meeting in found.meetings], _without(found), "No surgery was held."),
    ]
    for name, columns, rows, says, nothing in sheets:
        sheet = workbook.create_sheet(name)
        put(sheet, 1, 1, title, "title")
        put(sheet, 2, 1, f"{org}. {says[:1].upper()}{says[1:]}", "line")
        if invented:
            put(sheet, 3, 1, INVENTED, "flag")
        table(sheet, 4, columns, rows, nothing=nothing)
        sheet.freeze_panes = "A5"
        set_for_print(sheet, f"{org}, {title}")
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def _without(found: Fortnight) -> str:
    teams = ", ".join(named(team) for team in found.without)
    return f"No surgery in this fortnight: {teams}." if teams else "Every team had a surgery."
