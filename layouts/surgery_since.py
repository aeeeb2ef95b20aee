"""Part 1 of a surgery, since last time: what was agreed and whether it was done, and the children who were late then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.records import LINE_LIMIT
from layouts import words
from layouts.surgery_meeting import Meeting
from layouts.surgery_step import step
from layouts.surgery_words import BY_HAND, about_link, outcome_mark
from layouts.tables import Column, plain_table
from layouts.view import named

SAID = ("kept", "not_kept")
KEPT = ("kept", "kept_late")
SINCE = (("seen_on", "seen"), ("no_longer_open", "no longer open"), ("moved", "moved to another team"))


def since_last(meeting: Meeting, *, may_write: bool = False) -> Component:
    """Each commitment with what became of it, then the children late at the last surgery."""
    if meeting.last_on is None and meeting.commitments.empty:
        first = html.P("This is the first surgery of the unit, so nothing was agreed before.", className="quiet calm")
        return step(1, "Since last time: the first surgery", [first])
    rows = meeting.commitments.to_dict("records")
    columns = [
        Column("Outcome", lambda r: outcome_mark(r["outcome"]), wrap=False),
        Column("Commitment", lambda r: _what(meeting, r)),
        Column("Who", lambda r: named(r["who"]) or words.NONE),
        Column("By", lambda r: words.short_day(r["by_on"]), wrap=False),
        Column("What the data says", lambda r: _said(r, may_write), quiet=True),
    ]
    table = plain_table(columns, rows, "What was agreed before", nothing="Nothing was agreed before that is still to be told of.")
    content = [table, *_late_then(meeting)]
    return step(1, f"Since last time: {kept_of(meeting.commitments)}", content, "Decided by the data, not by hand")


def kept_of(checked: pd.DataFrame) -> str:
    """How many were kept of those that could be judged: "4 of 6 commitments kept"."""
    judged = checked[checked["outcome"].isin([*KEPT, "not_kept", "overdue"])] if len(checked) else checked
    if judged.empty:
        return "no commitment could be judged" if len(checked) else "nothing was agreed"
    kept = int(judged["outcome"].isin(KEPT).sum())
    return f"{words.count(kept)} of {words.plural(len(judged), 'commitment', 'commitments')} kept"


def _what(meeting: Meeting, row: Mapping[str, Any]) -> Component:
    """What was agreed; about whom leads to what is owed to them."""
    under = [html.Span(row["what"], className="sub")] if row["what"] not in ("", row["kind_words"]) and row["kind"] != BY_HAND else []
    said = row["what"] if row["kind"] == BY_HAND else row["kind_words"]
    return html.Span([said, *_about(meeting, row), *under])


def _about(meeting: Meeting, row: Mapping[str, Any]) -> list[Any]:
    return [] if row["about_kind"] in ("", "none") else [": ", about_link(meeting, row["about_kind"], row["about_id"])]


def _said(row: Mapping[str, Any], may_write: bool) -> Any:
    said = row["said"] or words.NONE
    if row["kind"] != BY_HAND or row["outcome"] in SAID or not may_write:
        return said
    name = row["what"] or row["kind_words"]
    field = f"answer-{row['id']}"

    def button(text: str, kept: str) -> Component:
        held = {"data-answer": str(row["id"]), "data-revision": str(int(row["revision"])), "data-answered": kept}
        return html.Button(text, type="button", className="btn", **{"aria-label": f"{text}: {name}", **held})

    label = html.Label("How it went (may be empty)", htmlFor=field, className="vh")
    typed = html.Textarea(id=field, rows=1, maxLength=LINE_LIMIT, placeholder="How it went")
    return html.Div([said, html.Div([label, typed, button("Kept", "yes"), button("Not kept", "no")], className="answer")])


def _late_then(meeting: Meeting) -> list[Component]:
    """The children late at the last surgery: how many were seen since, and each of them."""
    rows = meeting.late_then
    if meeting.last_on is None:
        return []
    when = words.day(meeting.last_on)
    if rows.empty:
        return [html.P(f"No child was late on {when}.", className="small quiet")]
    counts = rows["outcome"].value_counts()
    told = [f"{words.count(counts[key])} {one}" for key, one in SINCE if key in counts]
    still, unknown = int(counts.get("still_not_seen", 0)), int(counts.get("cannot_tell", 0))
    told += [f"{words.count(unknown)} cannot be told yet"] if unknown else []
    columns = [
        Column("Child", "child_id", wrap=False),
        Column("Since then", lambda r: outcome_mark(r["outcome"]), wrap=False),
        Column("What the data says", "words", quiet=True),
        Column("Days", lambda r: words.NONE if words.missing(r["days"]) else words.count(r["days"]), numeric=True),
    ]
    order = rows.assign(_still=rows["outcome"] != "still_not_seen").sort_values(["_still", "child_id"], kind="stable")
    each = html.Details(
        [html.Summary("Each of them"), plain_table(columns, order.to_dict("records"), f"Children late on {when}")], id="late-then"
    )
    last = [", ".join([*told, ""])] if told else []
    sentence: list[Any] = [f"Of the {words.plural(len(rows), 'child', 'children')} late on {when}: ", *last]
    sentence += [html.B(f"{words.count(still)} still not seen"), "."]
    return [html.P(sentence, className="small"), each]
