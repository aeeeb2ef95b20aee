"""The whole page of one surgery, from what it shows: its heading, its four parts, and the list of parts and keys beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import shell, words
from layouts.as_html import as_html
from layouts.surgery_agreed import agree
from layouts.surgery_children import the_children
from layouts.surgery_meeting import Meeting
from layouts.surgery_now import now
from layouts.surgery_offered import offered
from layouts.surgery_since import since_last
from layouts.surgery_step import PARTS
from layouts.surgery_tellers import tellers
from layouts.surgery_words import unit_query

KEYS = (
    ("j", "J", "next child"),
    ("k", "K", "previous child"),
    ("a", "A", "agree an action"),
    ("r", "R", "reason not seen"),
    ("n", "N", "note"),
)
MORE_KEYS = (("1 to 4", "go to a part"), ("C", "close the surgery"), ("Enter", "keep what is in a form"), ("Esc", "leave a form as it is"))


def drawn(meeting: Meeting, *, may_write: bool) -> Component:
    """The whole page of a surgery from what it shows; `may_write`: with its forms and keys."""
    parts = [
        since_last(meeting, may_write=may_write),
        now(meeting),
        the_children(meeting, may_write=may_write),
        agree(meeting, may_write=may_write),
    ]
    forms = [tellers(offered(meeting))] if may_write else []
    stamp = f"{meeting.revision}-{meeting.steps}-{meeting.state}"
    page = [
        shell.crumbs([("Surgery", "/surgery"), (meeting.unit, shell.address("/surgery", _unit(meeting)))], words.day(meeting.held_on)),
        shell.heading(f"{meeting.unit}: performance surgery, {words.day(meeting.held_on)}", _buttons(meeting, may_write)),
        _as_at(meeting),
        *_closed(meeting),
        *_not_known(meeting),
        *_partial(meeting),
        html.Div([as_html(_rail(may_write)), html.Div([as_html(parts), *forms])], className="surg"),
        *([as_html(_all_keys())] if may_write else []),
    ]
    held = {"data-surgery": meeting.ident, "data-kept": stamp} if may_write else {}
    return html.Div(page, className="wrap surgery", **held)


def _unit(meeting: Meeting) -> dict[str, str]:
    return unit_query(meeting.level, meeting.unit_id)


def _buttons(meeting: Meeting, may_write: bool) -> Component:
    export = shell.download("Export to Excel", f"/export/surgery.xlsx?id={meeting.ident}")
    shut = [html.A("Close surgery", href=f"/surgery/{meeting.ident}/close", className="btn", id="close-surgery")] if may_write else []
    of_team = shell.address(
        "/deep-dive", {"team": meeting.unit_id, "period": f"{meeting.period:%Y-%m}" if meeting.period is not None else ""}
    )
    deeper = [html.A("Deep dive", href=of_team, className="btn")] if meeting.level == "team" else []
    return shell.buttons(*deeper, export, *shut)


def _as_at(meeting: Meeting) -> Component:
    """What the data speaks of, which surgery of its unit this is, and who is there."""
    loaded = "" if meeting.loaded_at is None else f", loaded {words.moment(meeting.loaded_at)}"
    last = "" if meeting.last_on is None else f"; the last was {words.day(meeting.last_on)}"
    there = f" With {meeting.present}." if meeting.present else ""
    said = f"{loaded}. {_ordinal(meeting.nth)} surgery of the unit{last}. Focus: {meeting.focus_title}.{there}"
    if meeting.as_at is None:
        return html.P(f"No load reaches this day. {said.removeprefix('. ')}", className="asat")
    return shell.as_at(meeting.as_at, said)


def _ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _closed(meeting: Meeting) -> list[Component]:
    if not meeting.closed:
        return []
    who = f"Closed by {meeting.closed_by} on {words.moment(meeting.closed_at)}. "
    says = "This is the page as it was then: nothing loaded or written since has changed it."
    return [html.P([html.B(who), says], className="closed")]


def _not_known(meeting: Meeting) -> list[Component]:
    """Duties of the focus whose extracts do not reach the day: what was done since shows as late."""
    if meeting.known.empty:
        return []
    rows = meeting.known.assign(says=[_reached(row) for row in meeting.known.to_dict("records")])
    told = [f"{', '.join(titles)}: {said}" for said, titles in rows.groupby("says", sort=False)["title"]]
    says = "What was done after the day the data reaches is not known yet, and shows here as late. "
    return [html.Div([html.B("Not all is known. "), says, "; ".join(told), "."], className="known")]


def _reached(row: Mapping[Any, Any]) -> str:
    if row["missing"]:
        return "not loaded"
    return "not known up to when" if words.missing(row["known_until"]) else f"known up to {words.day(row['known_until'])}"


def _partial(meeting: Meeting) -> list[Component]:
    if not meeting.partial:
        return []
    return [html.P("Children and workers of teams you do not see are not listed here.", className="known")]


def _rail(may_write: bool) -> Component:
    """The parts of the meeting, and its keys: each is a button too."""
    parts = html.Ol([html.Li(html.A([html.Span(n), title], href=f"#part-{n}")) for n, title in enumerate(PARTS, 1)])
    if not may_write:
        return html.Aside(parts, className="rail", **{"aria-label": "Parts of the surgery"})
    keys = [html.Button([html.Kbd(shown), html.Span(says)], type="button", **{"data-press": key}) for key, shown, says in KEYS]
    keys.append(html.Button([html.Kbd("?"), html.Span("all keys")], type="button", **{"data-press": "?"}))
    return html.Aside(
        [parts, html.Div([html.H2("Keys"), *keys], className="keys")], className="rail", **{"aria-label": "Parts of the surgery, and keys"}
    )


def _all_keys() -> Component:
    listed = [(shown, says) for _, shown, says in KEYS] + list(MORE_KEYS)
    keys = html.Dl([part for shown, says in listed for part in (html.Dt(html.Kbd(shown)), html.Dd(says))])
    shut = html.Button("Close this list", type="button", className="btn", **{"data-shut-keys": "yes"})
    says = html.P("No key does anything while you type in a field.", className="small quiet")
    return html.Dialog([html.H2("All keys", id="all-keys-title"), keys, says, shut], id="all-keys", **{"aria-labelledby": "all-keys-title"})
