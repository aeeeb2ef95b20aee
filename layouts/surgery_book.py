"""One surgery as a workbook to take into the meeting: the children, what was agreed before and now, the measures and the workers."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook

from data.surgery import REASONS
from layouts import words
from layouts.surgery_meeting import Meeting
from layouts.surgery_now import newest
from layouts.surgery_since import kept_of
from layouts.surgery_words import OUTCOME_WORDS, about_words
from layouts.view import named
from layouts.workbook import INVENTED
from layouts.workbook_cells import DAY, FIGURE_FORMATS, Column, add_styles, put, set_for_print, status_words, table

STATES = {"overdue": "Late", "due_soon": "Due in 5 working days"}
CHILDREN = [
    Column("State", 20, lambda r: STATES.get(r["state"], r["state"])),
    Column("Child", 14, lambda r: r["child_id"]),
    Column("Plan", 20, lambda r: r["plan"]),
    Column("Duty", 30, lambda r: r["title"]),
    Column("Worker", 18, lambda r: named(str(r["worker_id"]))),
    Column("Team", 18, lambda r: named(str(r["team_id"]))),
    Column("Last seen or done", 14, lambda r: r["last_on"], "day", lambda r: DAY),
    Column("Due", 14, lambda r: r["due_on"], "day", lambda r: DAY),
    Column("Working days late", 12, lambda r: r["working_days_late"], "number"),
    Column("Surgeries running", 12, lambda r: r["surgeries_running"] if r["state"] == "overdue" else None, "number"),
    Column("Recorded late?", 40, lambda r: r["late_recording_suspected"] or "", "quiet"),
    Column("Next visit", 14, lambda r: r["next_planned_on"], "day", lambda r: DAY),
    Column("Reason not seen", 26, lambda r: r["reason"]),
]
MEASURES = [
    Column("Measure", 46, lambda r: r["title"], "strong"),
    Column("Figure", 14, lambda r: r["value"], "figure", lambda r: FIGURE_FORMATS.get(r["measure"])),
    Column("Worked out from", 18, lambda r: words.base(r["numerator"], r["denominator"], r["measure"])),
    Column("Target", 12, lambda r: r["target"], "number", lambda r: FIGURE_FORMATS.get(r["measure"])),
    Column("Status", 16, lambda r: status_words(r["status"])),
    Column(
        "Is it real?", 22, lambda r: {"improvement": "Improving", "concern": "Worsening", "common": "No real change"}.get(r["signal"], "")
    ),
]
WORKERS = [
    Column("Worker", 22, lambda r: named(str(r["worker_id"])), "strong"),
    Column("Role", 20, lambda r: "" if words.missing(r["role"]) else str(r["role"]).replace("_", " ")),
    Column("FTE", 8, lambda r: r["fte"], "number", lambda r: "0.0"),
    Column("Cases", 9, lambda r: r["cases"], "number"),
    Column("In time", 9, lambda r: r["in_time"], "number"),
    Column("Of", 9, lambda r: r["of"], "number"),
    Column("Late", 9, lambda r: r["overdue"], "number"),
    Column("Due soon", 9, lambda r: r["due_soon"], "number"),
    Column("Last supervised", 16, lambda r: r["last_supervised_on"], "day", lambda r: DAY),
]
COMMITMENTS = [
    Column("Agreed on", 14, lambda r: r["held_on"], "day", lambda r: DAY),
    Column("About", 24, lambda r: about_words(r["about_kind"], r["about_id"])),
    Column("What will be true", 46, lambda r: r["what"], "strong"),
    Column("Who", 20, lambda r: named(r["who"])),
    Column("By", 14, lambda r: r["by_on"], "day", lambda r: DAY),
    Column("Note", 30, lambda r: r["note"], "quiet"),
]
OUTCOME = [
    Column("Outcome", 18, lambda r: OUTCOME_WORDS.get(r["outcome"], r["outcome"]), "strong"),
    Column("What the data says", 46, lambda r: r["said"]),
]
ASKED = [
    Column("State", 20, lambda r: STATES.get(r["state"], r["state"])),
    Column("Child", 14, lambda r: "" if words.missing(r["child_id"]) else r["child_id"]),
    Column("What the audit asked for", 50, lambda r: "" if words.missing(r["text"]) else r["text"], "strong"),
    Column("Worker", 18, lambda r: named(str(r["worker_id"]))),
    Column("Due", 14, lambda r: r["due_on"], "day", lambda r: DAY),
    Column("Days late", 12, lambda r: r["days_late"] if r["state"] == "overdue" else None, "number"),
]
REASON_COLUMNS = [
    Column("Child", 14, lambda r: r["child_id"]),
    Column("Reason not seen", 30, lambda r: REASONS.get(r["reason_kind"], r["reason_kind"])),
    Column("In words", 50, lambda r: r["note"], "quiet"),
]


def surgery_book(meeting: Meeting, org: str, *, invented: bool) -> bytes:
    """The agenda of a surgery, its children and its commitments, as the bytes of an .xlsx; text is text, never a formula."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    add_styles(workbook)
    title = f"{meeting.unit}: performance surgery, {words.day(meeting.held_on)}"
    sheets: list[tuple[str, list[Column], list[dict[str, Any]], str]] = [
        ("Children", CHILDREN, _children(meeting), "Nobody is late, and nothing falls due in the next five working days."),
        ("Audit actions", ASKED, _rows(meeting.actions), "Nothing an audit asked for is overdue or due."),
        ("Since last time", [*OUTCOME, *COMMITMENTS], _rows(meeting.commitments), "Nothing was agreed before."),
        ("Measures", MEASURES, [dict(row) for row in newest(meeting)], "No figures reach the day of this surgery."),
        ("Workers", WORKERS, _rows(meeting.workers), "No worker of this unit held a case that day."),
        ("Agreed", COMMITMENTS, _rows(meeting.agreed), "Nothing is agreed yet."),
        ("Reasons", REASON_COLUMNS, _rows(meeting.reasons), "No reason was given."),
    ]
    says = {"Since last time": f"Since last time: {kept_of(meeting.commitments)}. Decided by the data, not by hand."}
    for name, columns, rows, nothing in sheets:
        sheet = workbook.create_sheet(name)
        put(sheet, 1, 1, title, "title")
        put(sheet, 2, 1, says.get(name) or _as_at(meeting, org), "line")
        if invented:
            put(sheet, 3, 1, INVENTED, "flag")
        table(sheet, 4, columns, rows, nothing=nothing)
        sheet.freeze_panes = "A5"
        set_for_print(sheet, f"{org}, {title}")
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def _as_at(meeting: Meeting, org: str) -> str:
    as_at = "" if meeting.as_at is None else f" Data as at {words.day(meeting.as_at)}."
    closed = f" Closed by {meeting.closed_by} on {words.moment(meeting.closed_at)}." if meeting.closed else ""
    there = f" With {meeting.present}." if meeting.present else ""
    return f"{org}. Focus: {meeting.focus_title}.{as_at}{there}{closed}"


def _children(meeting: Meeting) -> list[dict[str, Any]]:
    given = {(r["child_id"], r["duty"]): REASONS.get(r["reason_kind"], r["reason_kind"]) for r in meeting.reasons.to_dict("records")}
    return [{**row, "reason": given.get((row["child_id"], row["duty"]), "")} for row in _rows(meeting.children)]


def _rows(frame: Any) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
