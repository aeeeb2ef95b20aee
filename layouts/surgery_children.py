"""Part 3 of a surgery, the children: late first, by days late; then those due in the next five working days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.surgery import REASONS
from kpi.duties import BY_KEY
from layouts import shell, words
from layouts.surgery_meeting import Meeting
from layouts.surgery_step import step
from layouts.surgery_words import due_href, unit_query
from layouts.tables import Column, plain_table
from layouts.view import named

MOST = 300  # shown in one surgery; the list of what is owed has all
MOST_ASKED = 30
AUDIT_ACTION = "audit_action"
LONGEST_BAR = 68  # pixels


def the_children(meeting: Meeting, *, may_write: bool = False) -> Component:
    """The child-level list of the meeting, with what has been agreed about each so far."""
    late, soon = meeting.late, meeting.soon
    until = "" if meeting.due_until is None else f" by {_weekday(meeting.due_until)}"
    heading = f"The children: {words.count(len(late))} late, {words.count(len(soon))} due{until}"
    said = "Nobody is late, and nothing falls due in the next five working days."
    rows = [{**row, "_group": "late" if row["state"] == "overdue" else "soon"} for row in meeting.children.head(MOST).to_dict("records")]
    heads = {"late": f"Late: {words.count(len(late))}", "soon": f"Due{until}: {words.count(len(soon))}"}
    table = plain_table(
        _columns(meeting, rows), rows, "Children late or due", groups=lambda r: str(r["_group"]), group_heads=heads, nothing=said
    )
    acts = [_acts()] if may_write and rows else []
    below = [*_left(meeting), *_left_out(meeting), *_asked_by_audits(meeting)]
    content = [*acts, html.Div(table, className="children"), *below]
    return step(3, heading, content, "Late first. Days late are working days." if rows else None)


def child_key(row: Mapping[str, Any]) -> str:
    """One child and one duty, as a form names them: "child|10390|cp_visit"."""
    return f"child|{row['child_id']}|{row['duty']}"


def _acts() -> Component:
    """What can be done about the child chosen, for those without a keyboard; shown on small screens."""
    words_of = (("a", "Agree"), ("r", "Reason"), ("n", "Note"))
    buttons = [html.Button(text, type="button", className="btn", **{"data-press": key}) for key, text in words_of]
    return html.Div(buttons, className="surgery-acts", role="group", **{"aria-label": "About the child chosen"})


def _weekday(day: pd.Timestamp) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _left(meeting: Meeting) -> list[Component]:
    left = len(meeting.children) - MOST
    if left <= 0:
        return []
    all_of = shell.link("the whole list", "/due", **unit_query(meeting.level, meeting.unit_id), day=f"{meeting.held_on:%Y-%m-%d}")
    return [html.P([f"{words.plural(left, 'further row is', 'further rows are')} not shown here: see ", all_of, "."], className="small")]


def _left_out(meeting: Meeting) -> list[Component]:
    """The children of whom it cannot be told when something is due, and why: counted, and each of them."""
    rows = meeting.left_out.to_dict("records")
    if not rows:
        return []
    many = words.plural(len(rows), "child is", "children are")
    columns = [
        Column("Child", "child_id", wrap=False),
        Column("Duty", lambda r: _duty(r["duty"])),
        Column("Worker", lambda r: named(str(r["worker_id"])), wrap=False),
        Column("Why it is left out", "left_out", quiet=True),
    ]
    table = plain_table(columns, rows, "Children left out")
    return [html.Details([html.Summary(f"{many} left out: it cannot be told when something is due"), table])]


def _asked_by_audits(meeting: Meeting) -> list[Component]:
    """What audits asked for that is overdue or due soon, so that it is agreed on with the rest."""
    rows = _rows(meeting.actions)
    if not rows:
        return []
    late = sum(row["state"] == "overdue" for row in rows)
    agreed, _ = _said_of(meeting)
    columns = [
        Column("Child", lambda r: _child(meeting, {**r, "duty": AUDIT_ACTION}) if _named(r) else "Not known", wrap=False),
        Column("What the audit asked for", lambda r: words.NONE if words.missing(r["text"]) else str(r["text"])),
        Column("Worker", lambda r: named(str(r["worker_id"])), wrap=False),
        Column("Due", lambda r: words.short_day(r["due_on"]), numeric=True),
        Column("Days late", lambda r: words.count(r["days_late"]) if r["state"] == "overdue" else words.NONE, numeric=True),
        Column("Agreed here", lambda r: _agreed({**r, "duty": AUDIT_ACTION}, agreed, {}), quiet=True),
    ]
    heading = html.H3(f"Asked for by audits: {words.count(late)} overdue, {words.count(len(rows) - late)} due")
    more = shell.link("All audits", "/audits", **unit_query(meeting.level, meeting.unit_id))
    hidden = [html.P([f"{words.count(len(rows) - MOST_ASKED)} more are not shown here: see ", more, "."], className="small")]
    table = plain_table(columns, rows[:MOST_ASKED], "What audits asked for, overdue or due")
    return [heading, html.Div(table, className="children"), *(hidden if len(rows) > MOST_ASKED else [])]


def _named(row: Mapping[str, Any]) -> bool:
    return not words.missing(row["child_id"]) and row["child_id"] != ""


def _duty(key: str) -> str:
    return BY_KEY[key].title if key in BY_KEY else key


def _columns(meeting: Meeting, rows: list[dict[str, Any]]) -> list[Column]:
    worst = max((float(row["working_days_late"]) for row in rows if not words.missing(row["working_days_late"])), default=1.0)
    several = len({row["duty"] for row in rows}) > 1
    planned = any(not words.missing(row["next_planned_on"]) for row in rows)
    agreed, reasons = _said_of(meeting)
    return [
        Column("Child", lambda r: _child(meeting, r), wrap=False),
        *([Column("Duty", lambda r: _duty(r["duty"]))] if several else []),
        Column("Plan", "plan"),
        Column("Worker", lambda r: named(str(r["worker_id"])), wrap=False),
        Column("Last seen" if meeting.focus == "visits" else "Last done", lambda r: words.short_day(r["last_on"]), numeric=True),
        Column("Due", lambda r: words.short_day(r["due_on"]), numeric=True),
        Column("Days late", lambda r: _lateness(r, worst), wrap=False),
        Column("Surgeries running", _running, wrap=False),
        Column("Recorded late?", _recorded),
        *([Column("Next visit", lambda r: _planned(r), wrap=False)] if planned else []),
        Column("Agreed here", lambda r: _agreed(r, agreed, reasons), quiet=True),
    ]


def _child(meeting: Meeting, row: Mapping[str, Any]) -> Component:
    """The child, leading to what their worker owes; the script finds the row by it."""
    href = due_href(meeting, str(row["team_id"]), str(row["worker_id"]))
    return html.A(str(row["child_id"]), href=href, **{"data-child": child_key(row)})


def _lateness(row: Mapping[str, Any], worst: float) -> Any:
    days = row["working_days_late"]
    if row["state"] == "overdue":
        wide = 0.0 if words.missing(days) else LONGEST_BAR * float(days) / max(worst, 1.0)
        shown = words.NONE if words.missing(days) else words.count(days)
        said = html.B([shown, html.Span(" working days late", className="vh")])
        return html.Span([said, html.I(style={"width": f"{max(wide, 3):.0f}px"})], className="lateness")
    left = 0 if words.missing(days) else int(-float(days))
    return html.Span("due that day" if left <= 0 else f"in {words.plural(left, 'day', 'days')}", className="quiet")


def _running(row: Mapping[str, Any]) -> Any:
    """In how many surgeries running, this one too, the child was late: a dot for each, and the number."""
    if row["state"] != "overdue":
        return words.NONE
    many = int(row["surgeries_running"])
    dots = [html.I(className="on", **{"aria-hidden": "true"}) for _ in range(min(many, 5))]
    return html.Span([*dots, html.Span(words.count(many))], className="dots")


def _recorded(row: Mapping[str, Any]) -> Any:
    said = row["late_recording_suspected"]
    return words.NONE if words.missing(said) or not said else html.Span(["Likely ", html.Span(f"({said})", className="quiet")])


def _planned(row: Mapping[str, Any]) -> Any:
    if words.missing(row["next_planned_on"]):
        return html.Span("None planned", className="quiet")
    return words.short_day(row["next_planned_on"])


def _said_of(meeting: Meeting) -> tuple[dict[str, str], dict[str, str]]:
    """What was agreed in this surgery about each child, and the reason given, by child and duty."""
    agreed: dict[str, str] = {}
    for row in meeting.agreed.to_dict("records"):
        if row["about_kind"] == "child":
            of = f"child|{row['about_id']}|{row['duty'] or ''}"
            agreed[of] = f"{row['kind_words']} by {words.short_day(row['by_on'])}"
    reasons = {f"child|{r['child_id']}|{r['duty']}": REASONS.get(r["reason_kind"], r["reason_kind"]) for r in _rows(meeting.reasons)}
    return agreed, reasons


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _agreed(row: Mapping[str, Any], agreed: Mapping[str, str], reasons: Mapping[str, str]) -> Any:
    said = [part for part in (agreed.get(child_key(row)) or agreed.get(f"child|{row['child_id']}|"), reasons.get(child_key(row))) if part]
    return html.Span([html.Span(part, className="sub") for part in said]) if said else words.NONE
