"""The three forms of a surgery: agree a commitment, give the reason a child was not seen, write a note.

They stand in part 4. Opened by a key they lie over the foot of the window, filled in for the child chosen, so that the child stays in
sight; Enter keeps them. Whom and what they may be about, with what each fills in, is handed to the script as data: it makes the lists from
it and only copies what it says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from dash import dcc, html
from dash.development.base_component import Component

from data.records import LINE_LIMIT, TEXT_LIMIT
from layouts.note_forms import field

AGREE, REASON, NOTE = "surgery-agree", "surgery-reason", "surgery-note"
SAYS = "surgery-says"


@dataclass(frozen=True)
class About:
    """One thing a commitment may be about, with what its form is filled in with: the kind, who and by when.

    `key` is "child|10390|cp_visit", "worker|W1|", "kpi|cp_visits_in_time|" or "none||". Where something was written of it already, a reason
    or a note, `words` is what, `kind` the reason, and `revision` the one seen.
    """

    key: str
    name: str
    group: str
    kind: str
    who: str = ""
    by: str = ""
    level: str = ""
    words: str = ""
    revision: int = 0


@dataclass(frozen=True)
class Offered:
    """What the forms offer: whom and what a commitment, a reason and a note may be about; kinds of commitment (key, words, what they may be
    about); reasons; names."""

    abouts: Sequence[About]
    late: Sequence[About]
    noted: Sequence[About]
    kinds: Sequence[tuple[str, str, Sequence[str]]]
    reasons: Mapping[str, str]
    who: Sequence[str]


def tellers(offered: Offered) -> Component:
    """The forms, and the places where what was refused or written by another is said."""
    names = html.Datalist([html.Option(value=name) for name in offered.who], id="surgery-names")
    return html.Div(
        [names, _agree(offered), _reason(offered), _note(), html.Div(id="surgery-clash"),
         html.P(id=SAYS, role="alert", className="note-says"), dcc.Store(id="surgery-typed"), html.Span(id="surgery-go", hidden=True)],
        className="tellers", id="surgery-tellers", **{"data-offered": _as_data(offered)},
    )  # fmt: skip


def _agree(offered: Offered) -> Component:
    kinds = [html.Option(text, value=key, **{"data-for": " ".join(fits)}) for key, text, fits in offered.kinds]
    row = html.Div(
        [
            field("agree-about", "About", html.Select(id="agree-about")),
            field("agree-kind", "What will be true", html.Select(kinds, id="agree-kind")),
            field("agree-who", "Who", _line("agree-who", names="surgery-names")),
            field("agree-by", "By (dd/mm/yyyy)", _line("agree-by", 10)),
            _keep("Agree"),
        ],
        className="row",
    )
    level = html.Div(field("agree-level", "The level it is to reach", _line("agree-level", 20)), id="agree-level-part", hidden=True)
    more = html.Div(
        [field("agree-what", "In words (needed only where it is answered by hand)", _line("agree-what")), level], className="more"
    )
    return _teller(AGREE, "Agree an action", row, more)


def _reason(offered: Offered) -> Component:
    kinds = html.Select([html.Option(text, value=key) for key, text in offered.reasons.items()], id="reason-kind")
    row = html.Div(
        [
            field("reason-about", "Child not seen", html.Select(id="reason-about")),
            field("reason-kind", "Reason", kinds),
            field("reason-note", "In words (may be empty)", _line("reason-note")),
            _keep("Keep the reason"),
        ],
        className="row three",
    )
    return _teller(REASON, "Reason not seen", row)


def _note() -> Component:
    words_of = dcc.Textarea(id="note-words", value="", rows=2, maxLength=TEXT_LIMIT)
    row = html.Div(
        [
            field("note-about", "About", html.Select(id="note-about")),
            field("note-words", "Note (Shift and Enter begins a new line)", words_of),
            _keep("Keep the note"),
        ],
        className="row two-wide",
    )
    return _teller(NOTE, "Note", row)


def _teller(ident: str, title: str, *inside: Component) -> Component:
    shut = html.Button(["Leave it ", html.Kbd("Esc")], type="button", className="btn shut", **{"data-shut": "yes"})
    head = html.Div([html.H3(title), shut], className="foot-line")
    return html.Div([head, *inside], id=ident, className="teller", role="group", **{"aria-label": title})


def _as_data(offered: Offered) -> str:
    """Whom and what each form may be about, as JSON."""
    lists = {"agree-about": offered.abouts, "reason-about": offered.late, "note-about": offered.noted}
    return json.dumps({ident: [asdict(about) for about in abouts] for ident, abouts in lists.items()}, ensure_ascii=False)


def _line(ident: str, most: int = LINE_LIMIT, names: str | None = None) -> Component:
    listed = {"list": names} if names else {}
    return dcc.Input(id=ident, type="text", value="", maxLength=most, autoComplete="off", **listed)


def _keep(text: str) -> Component:
    return html.Button([text, " ", html.Kbd("Enter")], type="button", className="btn go", **{"data-keep": "yes"})
