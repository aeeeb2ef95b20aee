"""How the data team sets a target: a form that adds a dated row, and a button that takes one back. Nothing is ever edited.

Whether a target can be kept is said by the store and, for what a measure allows, by `kpi.targets`; here, what they say is shown where the
person is.
"""

from __future__ import annotations

import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html
from dash.development.base_component import Component

from data.records import LINE_LIMIT, Target, Unfit
from data.store import Store
from data.viewer import Viewer
from kpi import DOMAINS, REGISTER
from kpi.targets import unfit_target
from layouts.note_forms import Redraw, day_typed, field, form, write_or_say

SAYS = "target-says"
TYPED = ("since", "green", "amber", "by", "set_by", "source", "note")
LABELS = {
    "since": "Holds from (dd/mm/yyyy)", "green": "Target", "amber": "Near from (may be empty)",
    "by": "To be reached by (dd/mm/yyyy, may be empty)", "set_by": "Set by", "source": "Where it is written (may be empty)",
    "note": "Note (may be empty)",
}  # fmt: skip
# What is chosen in the form's own list, which Dash does not report.
CHOSEN = """function (pressed) {
  if (!pressed) return window.dash_clientside.no_update;
  return { pressed: pressed, kpi: document.getElementById("target-kpi").value };
}"""


def target_form(chosen: str, written: int) -> Component:
    """The form. `chosen`: the measure chosen at first; `written`: how many steps there are; when that changes, its list is made anew."""
    groups = [
        html.Optgroup(
            [html.Option(kpi.title, value=kpi.key, selected=kpi.key == chosen) for kpi in REGISTER.values() if kpi.domain == domain.key],
            label=domain.title,
        )
        for domain in DOMAINS
    ]
    measure = html.Select(groups, id="target-kpi", key=f"target-kpi-{chosen}-{written}")
    limits = {"since": 10, "by": 10, "green": 20, "amber": 20}
    boxes = [
        field(f"target-{name}", LABELS[name], dcc.Input(id=f"target-{name}", type="text", value="", maxLength=limits.get(name, LINE_LIMIT)))
        for name in TYPED
    ]
    return html.Div(
        [
            form(
                "Set a target",
                field("target-kpi", "Measure", measure),
                *boxes,
                html.P("Months from that day on are judged by it; those before keep the target of their day.", className="small quiet"),
                html.Button("Set the target", id="target-set", type="button", className="btn"),
                dcc.Store(id="target-chosen"),
            ),
            html.P(id=SAYS, role="alert", className="note-says"),
        ]
    )


def take_back_button(ident: str, name: str) -> Component:
    """The button that takes one target back."""
    return html.Button(
        "Take back", id={"kind": "target-back", "of": ident}, type="button", className="btn", **{"aria-label": f"Take back: {name}"}
    )


def register(app: Dash, store: Store, viewer: Viewer, redraw: Redraw) -> None:
    """Take what is typed and pressed; the page is drawn again once something was kept."""
    address = (State("url", "pathname"), State("url", "search"))
    app.clientside_callback(CHOSEN, Output("target-chosen", "data"), Input("target-set", "n_clicks"), prevent_initial_call=True)

    @app.callback(
        Input("target-chosen", "data"), *[State(f"target-{name}", "value") for name in TYPED], *address, prevent_initial_call=True
    )
    def set_target(chosen: dict[str, str] | None, *typed: str | None) -> None:
        *words, path, search = (said or "" for said in typed)
        if chosen:
            said = dict(zip(TYPED, words, strict=True))
            write_or_say(lambda: store.set_target(viewer, target_typed(chosen.get("kpi", ""), said)), redraw, path, search, says=SAYS)

    @app.callback(Input({"kind": "target-back", "of": ALL}, "n_clicks"), *address, prevent_initial_call=True)
    def take_back(_: list[int | None], path: str, search: str) -> None:
        pressed = ctx.triggered_id
        if pressed and ctx.triggered[0]["value"]:  # a button that has just been drawn was not pressed
            write_or_say(lambda: store.take_target_back(viewer, str(pressed["of"])), redraw, path, search, says=SAYS)


def target_typed(key: str, said: dict[str, str]) -> Target:
    """The target as it was typed. Raises Unfit, in words, where it is none, or none that this measure may have."""
    if key not in REGISTER:
        raise Unfit("Choose the measure the target is of.")
    green = _number(said["green"], "The target")
    amber = _number(said["amber"], "The figure from which it is near") if said["amber"].strip() else None
    if wrong := unfit_target(REGISTER[key], green, amber):
        raise Unfit(wrong)
    by = _day(said["by"], "To be reached by") if said["by"].strip() else None
    return Target(key, _day(said["since"], "Holds from"), green, said["set_by"], amber, by, said["source"], said["note"])


def _day(words: str, what: str) -> pd.Timestamp:
    try:
        return day_typed(words)
    except Unfit as unfit:
        raise Unfit(f"{what}: {unfit}") from None


def _number(words: str, what: str) -> float:
    """A figure as people type it: 85, 85.5, 1,200, 85 %."""
    try:
        return float(words.strip().removesuffix("%").strip().replace(",", ""))
    except ValueError:
        raise Unfit(f"{what} is not a number: write it as 85 or 8.5.") from None
