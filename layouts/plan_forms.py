"""How the data team writes in the improvement plan: an update, an action, a stage, a round of meetings; and the buttons that take back.

Every rule is the store's; here, what it says is shown where the person is. What a form is about is read from the address, and every change
names the state it was made from. Where somebody else was quicker, what they wrote is shown, everything typed stays, and a second press
keeps it: of an action only the fields this person changed, so that the other's words are not written over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pandas as pd
from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, set_props
from dash.development.base_component import Component

from data.canonical.practice import ACTION_STATUSES, RAGS
from data.plan import FIELDS, STAGES, WORDS_LIMIT, Action, Meeting, Stage, Update, plain
from data.records import LINE_LIMIT, Unfit
from data.store import Store
from data.surgery import Conflict
from data.viewer import NotAllowed, Viewer
from kpi import DOMAINS, REGISTER
from kpi.plan import figures_of_plan, plan_kpis
from layouts import words
from layouts.note_forms import Redraw, choice, day_typed, field, form
from layouts.plan_state import (
    FIELD_WORDS,
    RAG_WORDS,
    STAGE_WORDS,
    STATUS_WORDS,
    action_of,
    field_shown,
    recommendation_title,
)

SAYS = "plan-says"
PAGE = "/plan/"
TYPED = ("text", "lead", "due_on", "rag_reason", "evidence", "impact_note")
LABELS = {
    "text": "What is to be done", "lead": "Lead (may be empty)", "due_on": "Due (dd/mm/yyyy, may be empty)",
    "rag_reason": "Reason for the rating (may be empty)", "evidence": "Evidence (may be empty)", "impact_note": "Impact (may be empty)",
}  # fmt: skip
MEETING_WORDS = {"board": "Improvement Board, every two months", "updates": "Action leads’ updates, every six weeks"}
# What is chosen in a form's own lists, which Dash does not report.
CHOSEN = """function (pressed) {
  if (!pressed) return window.dash_clientside.no_update;
  const chosen = { pressed: pressed };
  %s.forEach((name) => {
    const list = document.getElementById("%s-" + name);
    if (list) chosen[name] = list.multiple ? Array.from(list.selectedOptions, (option) => option.value) : list.value;
  });
  return chosen;
}"""


def update_form(row: Mapping[str, Any], day: pd.Timestamp) -> Component:
    """The form for an update of one action. `day`: the day it is, written in at first."""
    same, seen = [("", "As it is")], f"{row['action_id']}-{row['revision']}"
    statuses = [*same, *((kind, STATUS_WORDS[kind]) for kind in ACTION_STATUSES)]
    return form(
        "Give an update",
        field("update-on", "Day of the update (dd/mm/yyyy)", _line("update-on", f"{day:%d/%m/%Y}", 10)),
        field("update-words", "What was done, and what it changed. Name no child.", _area("update-words", "")),
        field("update-status", "Status", _choice("update-status", statuses, seen)),
        field("update-rag", "RAG", _choice("update-rag", [*same, *((rag, RAG_WORDS[rag]) for rag in RAGS)], seen)),
        field("update-reason", "Reason for the rating (may be empty)", _line("update-reason", "", WORDS_LIMIT)),
        html.Button("Keep the update", id="update-add", type="button", className="btn"),
        dcc.Store(id="update-chosen"),
    )


def action_form(row: Mapping[str, Any] | None, *, recommendations: Sequence[str], written: int) -> Component:
    """The form for a new action; or, given one, to change it. `written`: how many there are; its lists are made anew when that changes."""
    seen = f"{written}" if row is None else f"{row['action_id']}-{row['revision']}"
    now = Action("") if row is None else action_of(row)
    statuses = [(kind, STATUS_WORDS[kind]) for kind in ACTION_STATUSES]
    boxes = [
        field(f"action-{name}", LABELS[name], (_area if name == "text" else _line)(f"action-{name}", _written(getattr(now, name))))
        for name in TYPED
    ]
    own = [field("action-id", "Reference (may be empty: the next free one)", _line("action-id", "", 32))] if row is None else []
    listed = [("", "None"), *((number, recommendation_title(number)) for number in recommendations if number)]
    return form(
        "Add an action" if row is None else "Change the action",
        *own,
        field("action-recommendation_id", "Recommendation", _choice("action-recommendation_id", listed, seen, now.recommendation_id)),
        *boxes[:3],
        field("action-status_kind", "Status", _choice("action-status_kind", statuses, seen, now.status_kind)),
        field("action-rag_kind", "RAG", _choice("action-rag_kind", [(rag, RAG_WORDS[rag]) for rag in ("", *RAGS)], seen, now.rag_kind)),
        *boxes[3:],
        field("action-kpis", "Measures it is to move (none chosen: those of its recommendation)", _measures(now.kpis, seen)),
        html.Button("Add the action" if row is None else "Keep the change", id="action-keep", type="button", className="btn"),
        dcc.Store(id="action-chosen"),
        dcc.Store(id="action-base", data=None if row is None else {name: plain(getattr(now, name)) for name in FIELDS}),
    )


def stage_form(recommendations: Sequence[str], stages: pd.DataFrame) -> Component:
    """The form that says how far a recommendation has come."""
    count = len(stages) + int(stages["taken_back_at"].notna().sum())
    listed = [(number, recommendation_title(number)) for number in recommendations if number]
    return form(
        "Say how far a recommendation has come",
        field("stage-recommendation", "Recommendation", choice("stage-recommendation", listed, count)),
        field("stage-stage", "Stage", choice("stage-stage", [(stage, STAGE_WORDS[stage]) for stage in STAGES], count)),
        field("stage-on", "Since (dd/mm/yyyy)", _line("stage-on", "", 10)),
        field("stage-who", "Who says so", _line("stage-who", "")),
        field("stage-evidence", "What shows it. Name no child.", _area("stage-evidence", "")),
        html.Button("Keep the stage", id="stage-set", type="button", className="btn"),
        dcc.Store(id="stage-chosen"),
        dcc.Store(id="stage-seen", data=_seen(stages, "recommendation_id", "stage")),
    )


def meeting_form(services: Sequence[str], meetings: pd.DataFrame) -> Component:
    """The form that says from which day a round of meetings is counted."""
    rounds = [*MEETING_WORDS.items(), *((f"surgery|{one}", f"Performance surgery of {one}, every two weeks") for one in services)]
    count = len(meetings) + int(meetings["taken_back_at"].notna().sum())
    return form(
        "Set the first day of a round of meetings",
        field("meeting-round", "Meeting", choice("meeting-round", rounds, count)),
        field("meeting-on", "First day (dd/mm/yyyy)", _line("meeting-on", "", 10)),
        html.Button("Set the day", id="meeting-set", type="button", className="btn"),
        dcc.Store(id="meeting-chosen"),
        dcc.Store(id="meeting-seen", data=_seen(meetings, "kind", "unit_id")),
    )


def act_button(text: str, act: str, of: str, revision: str, name: str) -> Component:
    """A button that does one thing to one record, as it stood when the page was drawn."""
    ident = {"kind": "plan-act", "act": act, "of": of, "seen": revision}
    return html.Button(text, id=ident, type="button", className="btn", **{"aria-label": f"{text}: {name}"})


def stage_button(row: Mapping[str, Any]) -> Component:
    """The button that takes one stage back."""
    name = f"{STAGE_WORDS[row['stage']]}, recommendation {row['recommendation_id']}"
    return act_button("Take back", "stage", f"{row['recommendation_id']}|{row['stage']}", str(row["revision"]), name)


def register(app: Dash, store: Store, viewer: Viewer, redraw: Redraw) -> None:
    """Take what is typed and pressed. Once something was kept the page is drawn again; what was refused is said where the person is."""
    store.plan.measured_by(plan_kpis(), figures_of_plan)

    def keep(write: Callable[[], object], path: str, search: str) -> None:
        """Draw the page again with what was written; or say why it was not, and leave everything typed as it is."""
        try:
            write()
        except Conflict as conflict:
            _show_theirs(store, viewer, conflict)
        except (NotAllowed, Unfit, LookupError) as refused:
            set_props(SAYS, {"children": str(refused)})
        else:
            set_props("page", {"children": redraw(path, search or "")})

    address = (State("url", "pathname"), State("url", "search"))
    lists = {
        "update": ("status", "rag"), "action": ("recommendation_id", "status_kind", "rag_kind", "kpis"),
        "stage": ("recommendation", "stage"), "meeting": ("round",),
    }  # fmt: skip
    pressed = {"update": "update-add", "action": "action-keep", "stage": "stage-set", "meeting": "meeting-set"}
    for name, own in lists.items():
        app.clientside_callback(
            CHOSEN % (list(own), name), Output(f"{name}-chosen", "data"), Input(pressed[name], "n_clicks"), prevent_initial_call=True
        )

    @app.callback(
        Input("update-chosen", "data"), *[State(f"update-{name}", "value") for name in ("on", "words", "reason")],
        State("plan-revision", "data"), *address, prevent_initial_call=True,
    )  # fmt: skip
    def give_update(chosen: dict[str, str] | None, on: str, said: str, why: str, revision: str, path: str, search: str) -> None:
        if chosen:
            keep(lambda: update_typed(store, viewer, path, chosen, on or "", said or "", why or "", revision), path, search)

    @app.callback(
        Input("action-chosen", "data"), *[State(f"action-{name}", "value") for name in TYPED], State("action-base", "data"),
        State("plan-revision", "data", allow_optional=True), State("action-id", "value", allow_optional=True), *address,
        prevent_initial_call=True,
    )  # fmt: skip
    def keep_action(chosen: dict[str, Any] | None, *said: Any) -> None:
        *typed, base, revision, reference, path, search = said
        if chosen:
            boxes = {name: str(value or "") for name, value in zip(TYPED, typed, strict=True)}
            keep(lambda: action_typed(store, viewer, path, chosen, boxes, base, revision, reference or ""), path, search)

    @app.callback(
        Input("stage-chosen", "data"), *[State(f"stage-{name}", "value") for name in ("on", "who", "evidence")],
        State("stage-seen", "data"), *address, prevent_initial_call=True,
    )  # fmt: skip
    def set_stage(
        chosen: dict[str, str] | None, on: str, who: str, evidence: str, seen: dict[str, int], path: str, search: str
    ) -> None:  # fmt: skip
        if chosen:
            of = (chosen.get("recommendation", ""), chosen.get("stage", ""))
            keep(
                lambda: store.plan.set_stage(
                    viewer, Stage(*of, day_typed(on or ""), who or "", evidence or ""), revision=(seen or {}).get("|".join(of), 0)
                ),
                path, search,
            )  # fmt: skip

    @app.callback(
        Input("meeting-chosen", "data"), State("meeting-on", "value"), State("meeting-seen", "data"), *address, prevent_initial_call=True
    )
    def set_meeting(chosen: dict[str, str] | None, on: str, seen: dict[str, int], path: str, search: str) -> None:
        if chosen:
            kind, _, unit = chosen.get("round", "").partition("|")
            said = (seen or {}).get(f"{kind}|{unit}", 0)
            keep(lambda: store.plan.set_meeting(viewer, Meeting(kind, day_typed(on or ""), unit), revision=said), path, search)

    @app.callback(Input({"kind": "plan-act", "act": ALL, "of": ALL, "seen": ALL}, "n_clicks"), *address, prevent_initial_call=True)
    def act(_: list[int | None], path: str, search: str) -> None:
        chosen = ctx.triggered_id
        if chosen and ctx.triggered[0]["value"]:  # a button that has just been drawn was not pressed
            keep(lambda: do(store, viewer, chosen["act"], chosen["of"], chosen["seen"], path), path, search)


def update_typed(
    store: Store, viewer: Viewer, path: str, chosen: Mapping[str, str], on: str, said: str, why: str, revision: str
) -> None:  # fmt: skip
    """Keep the update of the form. Raises NotAllowed, Unfit, LookupError or Conflict, in words."""
    update = Update(day_typed(on), said, chosen.get("status", ""), chosen.get("rag", ""), why)
    store.plan.update(viewer, _action(path), update, revision=revision)


def action_typed(
    store: Store, viewer: Viewer, path: str, chosen: Mapping[str, Any], boxes: Mapping[str, str], base: Mapping[str, Any] | None,
    revision: str | None, reference: str,
) -> None:  # fmt: skip
    """Keep a new action, or what this person changed of one: what they left as it was is left as it is by now."""
    kpis = tuple(chosen.get("kpis") or ()) or None
    typed = Action(
        boxes["text"], chosen.get("recommendation_id", ""), boxes["lead"], day_typed(boxes["due_on"]) if boxes["due_on"].strip() else None,
        chosen.get("status_kind", ""), chosen.get("rag_kind", ""), boxes["rag_reason"], boxes["evidence"], boxes["impact_note"], kpis,
    )  # fmt: skip
    if base is None:
        store.plan.add(viewer, typed, reference)
        return
    action_id = _action(path)
    rows = store.plan.actions(viewer, history=True)
    found = rows[rows["action_id"] == action_id]
    if found.empty:
        raise LookupError(f"There is no action {action_id} in the plan.")
    mine = {name: getattr(typed, name) for name in FIELDS if plain(getattr(typed, name)) != base[name]}
    store.plan.change(viewer, action_id, replace(action_of(found.iloc[0]), **mine), revision=revision or "")


def do(store: Store, viewer: Viewer, act: str, of: str, seen: str, path: str) -> None:
    """What one button does. The store refuses whoever may not."""
    if act == "update":
        store.plan.take_update_back(viewer, _action(path), int(of), revision=seen)
    elif act == "off":
        store.plan.take_off(viewer, of, revision=seen)
    elif act == "stage":
        number, _, stage = of.partition("|")
        store.plan.take_stage_back(viewer, number, stage, revision=int(seen))
    elif act == "meeting":
        kind, _, unit = of.partition("|")
        store.plan.take_meeting_back(viewer, kind, unit, revision=int(seen))
    else:
        raise Unfit("There is no such button.")


def _show_theirs(store: Store, viewer: Viewer, conflict: Conflict) -> None:
    """Show what the other person wrote. A second press of a form is then of the state just shown."""
    set_props(SAYS, {"children": [html.P(str(conflict)), *_theirs(conflict.latest)]})
    if "action_id" in conflict.latest:
        set_props("plan-revision", {"data": conflict.latest["revision"]})
    elif "stage" in conflict.latest:
        set_props("stage-seen", {"data": _seen(store.plan.stages(viewer, history=True), "recommendation_id", "stage")})
    else:
        set_props("meeting-seen", {"data": _seen(store.plan.meetings(viewer, history=True), "kind", "unit_id")})


def _seen(frame: pd.DataFrame, *key: str) -> dict[str, int]:
    """How many steps each record has: what a change made from this page names."""
    return {"|".join(str(row[name]) for name in key): int(row["revision"]) for row in frame.to_dict("records")}


def _theirs(latest: Mapping[str, Any]) -> list[Component]:
    """What the other person left, in words."""
    if "action_id" not in latest:
        return [html.P("Load the page again to see it as it stands now.")]
    said = [f"{FIELD_WORDS[name]}: {field_shown(name, latest[name])}" for name in (*FIELDS, "updated_on")]
    return [html.P("It stands now as:"), html.Ul([html.Li(line) for line in said])]


def _action(path: str) -> str:
    action = unquote(path.removeprefix(PAGE))
    if not path.startswith(PAGE) or not action:
        raise Unfit("This page is not that of an action, so nothing was written.")
    return action


def _measures(chosen: Sequence[str] | None, seen: str) -> Component:
    groups = [
        html.Optgroup(
            [
                html.Option(kpi.title, value=kpi.key, selected=kpi.key in (chosen or ()))
                for kpi in REGISTER.values()
                if kpi.domain == domain.key
            ],
            label=domain.title,
        )
        for domain in DOMAINS
    ]
    return html.Select(groups, id="action-kpis", key=f"action-kpis-{seen}", multiple="multiple", size="6")


def _choice(ident: str, options: Sequence[tuple[str, str]], seen: str, chosen: str = "") -> Component:
    """A list to choose from; made anew, with what stands chosen, when the action changes."""
    known = options if chosen in dict(options) else [*options, (chosen, chosen)]
    return html.Select([html.Option(text, value=key, selected=key == chosen) for key, text in known], id=ident, key=f"{ident}-{seen}")


def _line(ident: str, value: str, limit: int = LINE_LIMIT) -> Component:
    return dcc.Input(id=ident, type="text", value=value, maxLength=max(limit, len(value)))


def _area(ident: str, value: str) -> Component:
    return dcc.Textarea(id=ident, value=value, rows=3, maxLength=max(WORDS_LIMIT, len(value)))


def _written(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%d/%m/%Y}"
    return "" if value is None or words.missing(value) else str(value)
