"""Two people changed the same thing: what the other wrote beside what you typed, and one of the two to be kept. Nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from data.surgery import KINDS, REASONS, Conflict
from layouts import words
from layouts.surgery_tellers import AGREE, REASON
from layouts.surgery_words import about_words

Said = list[tuple[str, str]]


def clash(typed: Mapping[str, Any], conflict: Conflict) -> Component:
    """Both, side by side, with a button for each. What was typed stays in its form until one is chosen."""
    mine, theirs = typed_of(typed), written_of(str(typed.get("form")), conflict.latest)
    other = dict(theirs)
    who = str(conflict.latest.get("changed_by") or conflict.latest.get("made_by") or "the other")
    again = {**typed, "revision": int(conflict.latest["revision"])}
    gone = conflict.latest.get("did") == "taken back"
    keep_mine = html.Button("Keep mine", id={"kind": "surgery-settle", "how": "mine"}, type="button", className="btn go")
    keep_theirs = html.Button(f"Keep that of {who}", id={"kind": "surgery-settle", "how": "theirs"}, type="button", className="btn")
    return html.Div(
        [
            html.P([html.B("Someone else changed this while you were writing. "), str(conflict)]),
            html.Div([_listed("Yours, not kept yet", mine, other), _listed(f"That of {who}, kept", theirs, dict(mine))], className="both"),
            html.Div([*([] if gone else [keep_mine]), keep_theirs], className="btns"),
            *([html.P(f"{who} took it back: to have it after all, agree it anew.", className="small quiet")] if gone else []),
            dcc.Store(id="surgery-mine", data=again),
        ],
        className="clash", role="alert",
    )  # fmt: skip


def typed_of(typed: Mapping[str, Any]) -> Said:
    """What was typed in a form, as pairs of a name and words."""
    kind, ident, _ = [*str(typed.get("about", "")).split("|"), "", "", ""][:3]
    about = about_words(kind, ident) if kind not in ("", "none") else "This surgery"
    if typed.get("form") == AGREE:
        chosen = KINDS.get(str(typed.get("kind")))
        what = str(typed.get("what") or (chosen.title if chosen else ""))
        return [("About", about), ("What will be true", what), ("Who", str(typed.get("who", ""))), ("By", str(typed.get("by", "")))]
    if typed.get("form") == REASON:
        reason = REASONS.get(str(typed.get("kind")), "")
        return [("Child", about), ("Reason", reason), ("In words", str(typed.get("note", "")))]
    return [("About", about), ("Note", str(typed.get("words", "")))]


def written_of(form: str, latest: Mapping[str, Any]) -> Said:
    """What stands, in the same pairs."""
    if form == AGREE:
        about = about_words(str(latest["about_kind"]), str(latest["about_id"])) if latest["about_kind"] != "none" else "This surgery"
        by = "" if words.missing(latest["by_on"]) else f"{latest['by_on']:%d/%m/%Y}"
        return [("About", about), ("What will be true", str(latest["what"])), ("Who", str(latest["who"])), ("By", by)]
    if form == REASON:
        child = about_words("child", str(latest["child_id"]))
        return [("Child", child), ("Reason", REASONS.get(str(latest["reason_kind"]), "")), ("In words", str(latest["note"]))]
    about = about_words(str(latest["about_kind"]), str(latest["about_id"])) if latest["about_kind"] != "none" else "This surgery"
    return [("About", about), ("Note", str(latest["text"]))]


def _listed(heading: str, said: Said, beside: Mapping[str, str]) -> Component:
    """One of the two; what differs from the other is set strong."""
    pairs = [
        part
        for name, value in said
        for part in (html.Dt(name), html.Dd(value or words.NONE, className="other" if beside.get(name) != value else ""))
    ]
    return html.Div([html.H3(heading), html.Dl(pairs)])
