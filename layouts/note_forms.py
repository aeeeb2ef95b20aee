"""How the data team writes beside a KPI: a form for a note, a form for a comment, and buttons that undo, withdraw and rebase.

Every rule is kept by the store, which is asked with the viewer; here, what it says is shown where the person is. What a note or comment
is about is read from the address of the page, never from a field.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, set_props
from dash.development.base_component import Component

from data.records import LABEL_LIMIT, TEXT_LIMIT, Annotation, Remark, Unfit
from data.store import Store
from data.tables import ANNOTATION_KINDS
from data.viewer import NotAllowed, Viewer
from kpi import REGISTER
from layouts import words
from layouts.view import View

Redraw = Callable[[str, str], Component]
PAGE = "/kpi/"
DAY = "%d/%m/%Y"
# What is chosen in the form's own lists, which Dash does not report.
CHOSEN = """function (pressed) {
  if (!pressed) return window.dash_clientside.no_update;
  const chosen = { pressed: pressed };
  ["kind", "scope", "rebase"].forEach((name) => (chosen[name] = document.getElementById("note-" + name).value));
  return chosen;
}"""


@dataclass(frozen=True)
class Unit:
    """What a comment is about: `Unit("team", "Harbour", "Harbour", pd.Timestamp("2026-05-31"))`."""

    level: str
    unit_id: str
    name: str
    period: pd.Timestamp


def note_form(title: str, written: int = 0) -> Component:
    """The form for a note on the chart of one KPI. `written`: how many notes there are; when that changes, its choices are made anew."""
    kinds = [(kind, kind.replace("_", " ").capitalize()) for kind in ANNOTATION_KINDS]
    scopes = [("this", f"This measure only: {title}"), ("all", "Every measure")]
    ranges = [("", "Leave as it is"), ("anew", "Draw anew from this day")]
    return form(
        "Add a note",
        field("note-on", "Date it happened (dd/mm/yyyy)", dcc.Input(id="note-on", type="text", value="", maxLength=10)),
        field("note-label", "What happened", dcc.Input(id="note-label", type="text", value="", maxLength=LABEL_LIMIT)),
        field("note-kind", "Kind", choice("note-kind", kinds, written)),
        field("note-scope", "It bears on", choice("note-scope", scopes, written)),
        field("note-rebase", "Expected range", choice("note-rebase", ranges, written)),
        html.Button("Add the note", id="note-add", type="button", className="btn"),
        dcc.Store(id="note-chosen"),
    )


def comment_form(unit: Unit) -> Component:
    """The form for a comment on one month of one unit."""
    about = f"Your comment on {unit.name}, {words.month(unit.period)}. Name no child."
    return form(
        "Add a comment",
        field("remark-text", about, dcc.Textarea(id="remark-text", value="", rows=4, maxLength=TEXT_LIMIT)),
        html.Button("Add the comment", id="remark-add", type="button", className="btn"),
    )


def act_button(text: str, act: str, ident: object, name: str) -> Component:
    """A button that does one thing to one note or comment."""
    return html.Button(
        text, id={"kind": "note-act", "act": act, "of": str(ident)}, type="button", className="btn", **{"aria-label": f"{text}: {name}"}
    )


def register(app: Dash, store: Store, viewer: Viewer, redraw: Redraw) -> None:
    """Take what is typed and pressed. `redraw(path, search)` gives the page again once something was written.

    The callbacks name no output and set one themselves: the whole page where something was written, one sentence where it was refused.
    """
    address = (State("url", "pathname"), State("url", "search"))
    app.clientside_callback(CHOSEN, Output("note-chosen", "data"), Input("note-add", "n_clicks"), prevent_initial_call=True)

    @app.callback(
        Input("note-chosen", "data"), State("note-on", "value"), State("note-label", "value"), *address, prevent_initial_call=True
    )
    def add_note(chosen: dict[str, str] | None, on: str, label: str, path: str, search: str) -> None:
        if chosen:
            write_or_say(lambda: note_typed(store, viewer, chosen, on or "", label or "", path), redraw, path, search)

    @app.callback(Input("remark-add", "n_clicks"), State("remark-text", "value"), *address, prevent_initial_call=True)
    def add_comment(pressed: int | None, text: str, path: str, search: str) -> None:
        if pressed:
            write_or_say(lambda: comment_typed(store, viewer, text or "", path, search), redraw, path, search)

    @app.callback(Input({"kind": "note-act", "act": ALL, "of": ALL}, "n_clicks"), *address, prevent_initial_call=True)
    def act(_: list[int | None], path: str, search: str) -> None:
        chosen = ctx.triggered_id
        if chosen and ctx.triggered[0]["value"]:  # a button that has just been drawn was not pressed
            write_or_say(lambda: do(store, viewer, chosen["act"], chosen["of"]), redraw, path, search)


def note_typed(store: Store, viewer: Viewer, chosen: dict[str, str], on: str, label: str, path: str) -> None:
    """Keep the note of the form. Raises NotAllowed, Unfit or LookupError, in words."""
    kpi = "" if chosen.get("scope") == "all" else _key(path)
    store.annotate(viewer, Annotation(day_typed(on), label, chosen.get("kind", ""), kpi, rebase=chosen.get("rebase") == "anew"))


def comment_typed(store: Store, viewer: Viewer, text: str, path: str, search: str) -> None:
    """Keep the comment of the form, on the month and unit of the address. Raises NotAllowed, Unfit or LookupError, in words."""
    view = View(store, viewer, "", path, dict(parse_qsl((search or "").lstrip("?"))))
    if view.period is None:
        raise Unfit("There are no figures to comment on yet.")
    store.remark(viewer, Remark(_key(path), *view.unit, view.period, text))


def do(store: Store, viewer: Viewer, act: str, ident: str) -> None:
    """What one button does. The store refuses whoever may not."""
    if act == "undo":
        store.undo_annotation(viewer, ident)
    elif act in ("rebase-on", "rebase-off"):
        store.rebase(viewer, ident, act == "rebase-on")
    elif act == "withdraw":
        store.withdraw_remark(viewer, ident)
    else:
        raise Unfit("There is no such button.")


def day_typed(typed: str) -> pd.Timestamp:
    """A day as it is typed here: 15/01/2024. Raises Unfit with an example where it is not one."""
    try:
        return pd.Timestamp(datetime.strptime(typed.strip(), DAY))
    except ValueError:
        raise Unfit("Write the date as day/month/year, such as 15/01/2024.") from None


def write_or_say(write: Callable[[], object], redraw: Redraw, path: str, search: str, *, says: str = "note-says") -> None:
    """Draw the page again with what was written; or say why it was not, where `says` is, and leave everything typed as it is."""
    try:
        write()
    except (NotAllowed, Unfit, LookupError) as refused:
        set_props(says, {"children": str(refused)})
    else:
        set_props("page", {"children": redraw(path, search or "")})


def _key(path: str) -> str:
    key = path.removeprefix(PAGE)
    if key not in REGISTER:
        raise Unfit("This page is not that of a measure, so nothing was written.")
    return key


def form(title: str, *parts: Component) -> Component:
    """A form that opens when asked for."""
    inside = html.Div(list(parts), role="group", className="note-form", **{"aria-label": title})
    return html.Details([html.Summary(title), inside])


def field(ident: str, label: str, control: Component) -> Component:
    """A control with its label over it."""
    return html.Div([html.Label(label, htmlFor=ident), control])


def choice(ident: str, options: Sequence[tuple[str, str]], written: int) -> Component:
    """A list to choose from; made anew, its first choice chosen, when `written` changes."""
    return html.Select([html.Option(text, value=value) for value, text in options], id=ident, key=f"{ident}-{written}")
