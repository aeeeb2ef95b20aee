"""What people wrote beside a KPI: the notes lettered on its chart, the comments on its months, and for the data team the way to add more.

Pure: the store's frames in, components out; `layouts.note_forms` takes what is typed. Words are shown as they are, never as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import REGISTER, Kpi
from layouts import cards, words
from layouts.chart_lines import Note
from layouts.note_forms import Unit, act_button, comment_form, note_form

KIND_WORDS = {
    "inspection": "Inspection", "policy": "Policy", "recording_change": "Recording change", "system_change": "System change",
    "staffing": "Staffing",
}  # fmt: skip


def lettered(annotations: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """The annotations with a `letter` each: A, B, ... for those that stand and lie within a chart's months (month ends), else nothing."""
    within = (annotations["on"] > first - pd.offsets.MonthEnd(1)) & (annotations["on"] <= last)
    shown = within & annotations["undone_at"].isna()
    letters = iter([_letter(n) for n in range(int(shown.sum()))])
    return annotations.assign(letter=[next(letters) if inside else "" for inside in shown])


def chart_notes(annotations: pd.DataFrame) -> list[Note]:
    """The lettered annotations as a chart draws them."""
    drawn = annotations[annotations["letter"] != ""]
    return [Note(row["on"], row["letter"], row["label"], rebase=bool(row["rebase"])) for row in drawn.to_dict("records")]


def notes_section(
    annotations: pd.DataFrame, remarks: pd.DataFrame, measure: Kpi, unit: Unit, *, may_write: bool,
) -> Component:  # fmt: skip
    """The block under a chart: `notes_section(lettered(...), remarks, measure, Unit(...), may_write=viewer.may_annotate)`.

    `annotations`: lettered, of this measure and of all, with those undone (`Store.annotations(history=True)`); `remarks`: of this
    measure and unit up to its month, with those withdrawn.
    """
    standing, undone = annotations[annotations["undone_at"].isna()], annotations[annotations["undone_at"].notna()]
    kept, withdrawn = remarks[remarks["withdrawn_at"].isna()], remarks[remarks["withdrawn_at"].notna()]
    content = [
        _list([_note(row, may_write) for row in standing.to_dict("records")], "Nothing has been noted that bears on this measure."),
        _past("note", "undone", [_undone(row) for row in undone.to_dict("records")]),
        note_form(measure.title, len(annotations)) if may_write else None,
        html.H3("Comments"),
        _list([_remark(row, may_write) for row in kept.iloc[::-1].to_dict("records")], f"Nobody has commented on {unit.name} yet."),
        _past("comment", "withdrawn", [_withdrawn(row) for row in withdrawn.to_dict("records")]),
        comment_form(unit) if may_write else None,
        # one place for what is said of every button and form here, so that a screen reader knows where to listen
        html.P(id="note-says", role="alert", className="note-says") if may_write else None,
    ]
    says = "What happened, and when; a note says nothing of what came of it. The expected range is drawn anew only at a note, by a person."
    return cards.section("Notes and comments", *[part for part in content if part is not None], says=says, ident="notes")


def _letter(n: int) -> str:
    return chr(65 + n) if n < 26 else _letter(n // 26 - 1) + chr(65 + n % 26)


def _list(items: Sequence[Component], nothing: str) -> Component:
    return html.Ul(list(items), className="written") if items else html.P(nothing, className="small quiet")


def _note(row: dict[str, Any], may_write: bool) -> Component:
    name = f"note {row['letter'] or row['label']}"
    said = [
        html.B(row["letter"], className="letter") if row["letter"] else None,
        html.Span([html.B(words.day(row["on"])), ": ", str(row["label"])]),
        html.Span(_about(row), className="small quiet"),
    ]
    turn = "No longer draw the range anew" if row["rebase"] else "Draw the range anew from here"
    buttons = [
        act_button(turn, "rebase-off" if row["rebase"] else "rebase-on", row["id"], name),
        act_button("Undo", "undo", row["id"], name),
    ]
    return html.Li([*[part for part in said if part is not None], *([html.Span(buttons, className="btns")] if may_write else [])])


def _about(row: dict[str, Any]) -> str:
    kpi = str(row["kpi"])
    bears = "every measure" if not kpi else "this measure" if kpi in REGISTER else f"{kpi}, which is not a measure there is"
    said = [f" {KIND_WORDS[str(row['kind'])]}, for {bears}. "]
    if row["rebase"]:
        turned = "" if words.missing(row["rebase_at"]) else f", by {row['rebase_by']} on {words.moment(row['rebase_at'])}"
        said.append(f"The expected range is drawn anew from here{turned}. ")
    elif not words.missing(row["rebase_at"]):
        said.append(f"{row['rebase_by']} turned its new range off on {words.moment(row['rebase_at'])}. ")
    did = "Loaded" if row["origin"] == "loaded" else "Noted"
    return "".join([*said, f"{did} by {row['made_by']} on {words.moment(row['made_at'])}."])


def _undone(row: dict[str, Any]) -> Component:
    when = words.moment(row["undone_at"])
    return html.Li(f"{words.day(row['on'])}: {row['label']}. Undone by {row['undone_by']} on {when}.")


def _remark(row: dict[str, Any], may_write: bool) -> Component:
    month = words.month(row["period"])
    said = [
        html.B(month),
        html.Div([html.P(part) for part in str(row["text"]).split("\n") if part]),
        html.Span(f"{row['made_by']}, {words.moment(row['made_at'])}", className="small quiet"),
    ]
    if may_write:
        said.append(html.Span(act_button("Withdraw", "withdraw", row["id"], f"the comment on {month}"), className="btns"))
    return html.Li(said)


def _withdrawn(row: dict[str, Any]) -> Component:
    month, when = words.month(row["period"]), words.moment(row["withdrawn_at"])
    return html.Li(f"{month}: “{row['text']}” ({row['made_by']}). Withdrawn by {row['withdrawn_by']} on {when}.")


def _past(one: str, did: str, items: Sequence[Component]) -> Component | None:
    """What no longer counts: nothing is deleted, so it can still be read."""
    if not items:
        return None
    return html.Details([html.Summary(f"{words.plural(len(items), one, one + 's')} {did}"), html.Ul(list(items))], className="small")
