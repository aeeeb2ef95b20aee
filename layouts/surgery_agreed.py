"""Part 4 of a surgery, agree: what has been agreed so far, the reasons given and the notes written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from data.surgery import REASONS
from layouts import words
from layouts.surgery_meeting import Meeting
from layouts.surgery_step import step
from layouts.surgery_words import BY_HAND, about_link, about_words
from layouts.tables import Column, plain_table
from layouts.view import named


def agree(meeting: Meeting, *, may_write: bool = False) -> Component:
    """What was agreed here, with the buttons that change it for those who may write."""
    many = len(meeting.agreed)
    said = "Checked by every load from now on" if may_write or meeting.closed else "You may read this surgery, but not write in it"
    columns = [
        Column("About", lambda r: about_link(meeting, r["about_kind"], r["about_id"]), wrap=False),
        Column("What will be true", _true),
        Column("Who", lambda r: named(r["who"]) or words.NONE),
        Column("By", lambda r: f"by {words.short_day(r['by_on'])}", wrap=False),
        Column("Agreed by", lambda r: r["made_by"] if not r["changed_by"] else f"{r['made_by']}, changed by {r['changed_by']}", quiet=True),
        *([Column("Change", _buttons, hidden_title=True, wrap=False)] if may_write else []),
    ]
    listed = plain_table(columns, meeting.agreed.to_dict("records"), "What was agreed here", nothing="Nothing is agreed yet.")
    content = [listed, *_reasons(meeting, may_write), *_notes(meeting)]
    heading = f"{'Agreed' if meeting.closed else 'Agree'}: {words.count(many)}{'' if meeting.closed else ' so far'}"
    return step(4, heading, content, said)


def _true(row: Mapping[str, Any]) -> Component:
    level = "" if words.missing(row["level_wanted"]) else f" ({words.decimal(float(row['level_wanted']))})"
    by_hand = row["kind"] == BY_HAND
    under = " ".join(part for part in ("" if by_hand or row["what"] == row["kind_words"] else row["what"], row["note"]) if part)
    said = row["what"] if by_hand else f"{row['kind_words']}{level}"
    return html.Span([said, *([html.Span(under, className="sub")] if under else [])])


def _buttons(row: Mapping[str, Any]) -> Component:
    """Change (the script fills the form in with what stands) and take back."""
    name = f"{row['kind_words']}, {about_words(row['about_kind'], row['about_id'])}"
    held = {
        "data-change": str(row["id"]), "data-revision": str(int(row["revision"])), "data-kind": row["kind"], "data-who": row["who"],
        "data-about": f"{row['about_kind']}|{row['about_id']}|{row['duty'] or ''}", "data-by": f"{row['by_on']:%d/%m/%Y}",
        "data-what": row["what"], "data-level": "" if words.missing(row["level_wanted"]) else f"{row['level_wanted']:g}",
    }  # fmt: skip
    change = html.Button("Change", type="button", className="btn", **{"aria-label": f"Change: {name}", **held})
    back = html.Button(
        "Take back", type="button", className="btn",
        **{"aria-label": f"Take back: {name}", "data-take-back": str(row["id"]), "data-revision": str(int(row["revision"]))},
    )  # fmt: skip
    return html.Div([change, back], className="btns")


def _reasons(meeting: Meeting, may_write: bool) -> list[Component]:
    rows = meeting.reasons.to_dict("records")
    if not rows:
        return []
    columns = [
        Column("Child", lambda r: about_link(meeting, "child", r["child_id"]), wrap=False),
        Column("Reason not seen", lambda r: REASONS.get(r["reason_kind"], r["reason_kind"])),
        Column("In words", "note", quiet=True),
        Column("Given by", _who, quiet=True),
    ]
    return [html.H3("Reasons not seen"), plain_table(columns, rows, "Reasons not seen")]


def _who(row: Mapping[str, Any]) -> str:
    return str(row.get("changed_by") or row["made_by"])


def _notes(meeting: Meeting) -> list[Component]:
    rows = meeting.notes.to_dict("records")
    if not rows:
        return []
    listed = [_note(meeting, row) for row in rows if row["text"]]
    return [html.H3("Notes"), html.Ul(listed, className="written")]


def _note(meeting: Meeting, row: Mapping[str, Any]) -> Component:
    """One note, about whom, and who wrote it when."""
    about = [] if row["about_kind"] in ("", "none") else [about_link(meeting, row["about_kind"], row["about_id"]), ": "]
    signed = html.Span(f"{_who(row)}, {words.moment(row['changed_at'])}", className="small quiet")
    return html.Li([html.Span([*about, row["text"]], className="lines"), signed])
