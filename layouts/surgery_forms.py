"""What is typed and pressed in a surgery: opened, agreed, changed, taken back, answered, closed; and what is said where it was refused.

Each change names the revision it was made from. When another step came between, nothing is lost: what the other wrote is shown beside what
was typed, and one of the two is kept. Every rule is kept by the store, which is asked with the viewer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, set_props

from data.records import Unfit
from data.store import Store
from data.surgery import VISITS, Commitment, Conflict, Surgery
from data.viewer import NotAllowed, Viewer
from kpi import REGISTER
from layouts.note_forms import Redraw, day_typed
from layouts.surgery_clash import clash
from layouts.surgery_gathered import meeting_at
from layouts.surgery_meeting import snapshot_of
from layouts.surgery_tellers import AGREE, NOTE, REASON, SAYS

Typed = Mapping[str, Any]
HOLD_SAYS = "hold-says"
TAKE_BACK, ANSWER = "take-back", "answer"
# What is chosen in the lists of the form, which Dash does not report.
CHOSEN = """function (pressed) {
  if (!pressed) return window.dash_clientside.no_update;
  return { pressed: pressed, unit: document.getElementById("hold-unit").value, focus: document.getElementById("hold-focus").value };
}"""


def register(app: Dash, store: Store, viewer: Viewer, redraw: Redraw) -> None:
    """Take what is typed and pressed; the page is drawn again once something was kept."""
    address = (State("url", "pathname"), State("url", "search"))
    app.clientside_callback(CHOSEN, Output("hold-chosen", "data"), Input("hold-open", "n_clicks"), prevent_initial_call=True)

    @app.callback(Input("hold-chosen", "data"), State("hold-on", "value"), State("hold-present", "value"), prevent_initial_call=True)
    def hold(chosen: dict[str, str] | None, on: str | None, present: str | None) -> None:
        if chosen:
            said = _or_say(lambda: store.surgeries.open(viewer, surgery_typed(chosen, on or "", present or "")), HOLD_SAYS)
            if said is not None:
                set_props("surgery-go", {"children": f"/surgery/{said}"})

    @app.callback(Input("surgery-typed", "data"), *address, prevent_initial_call=True)
    def keep(typed: Typed | None, path: str, search: str) -> None:
        if typed:
            kept_or_shown(store, viewer, typed, path, search, redraw)

    @app.callback(
        Input({"kind": "surgery-settle", "how": ALL}, "n_clicks"), State("surgery-mine", "data"), *address, prevent_initial_call=True
    )
    def settle(_: list[int | None], mine: Typed | None, path: str, search: str) -> None:
        pressed = ctx.triggered_id
        if pressed and ctx.triggered[0]["value"]:
            if pressed["how"] == "mine" and mine:
                kept_or_shown(store, viewer, mine, path, search, redraw)
            else:
                set_props("page", {"children": redraw(path, search or "")})

    @app.callback(Input("surgery-close", "n_clicks"), State("url", "pathname"), prevent_initial_call=True)
    def close(pressed: int | None, path: str) -> None:
        if pressed:
            ident = path.removeprefix("/surgery/").split("/")[0]
            if _or_say(lambda: closed(store, viewer, ident), SAYS) is not None:
                set_props("surgery-go", {"children": f"/surgery/{ident}"})


def surgery_typed(chosen: Mapping[str, str], on: str, present: str) -> Surgery:
    """The surgery of the form. Raises Unfit, in words, where it is none."""
    level, _, unit = chosen.get("unit", "").partition("|")
    focus = chosen.get("focus", "") or VISITS
    if focus != VISITS and focus not in REGISTER:
        raise Unfit("Choose what the surgery looks at: visits, or one of the measures.")
    return Surgery(level=level, unit_id=unit, held_on=day_typed(on), focus=focus, present=present)


def kept_or_shown(store: Store, viewer: Viewer, typed: Typed, path: str, search: str, redraw: Redraw) -> None:
    """Keep what a form holds and draw the page again; where another wrote meanwhile, show both and lose neither."""
    try:
        write(store, viewer, typed, path)
    except Conflict as conflict:
        written = typed.get("form") in (AGREE, REASON, NOTE)
        set_props("surgery-clash", {"children": clash(typed, conflict) if written else None})
        set_props(SAYS, {"children": "" if written else f"{conflict} Load this page again to see it."})
    except (NotAllowed, Unfit, LookupError) as refused:
        set_props(SAYS, {"children": str(refused)})
    else:
        set_props("page", {"children": redraw(path, search or "")})


def write(store: Store, viewer: Viewer, typed: Typed, path: str) -> None:
    """Keep what one form holds. Raises NotAllowed, Unfit, LookupError or Conflict, in words."""
    surgery = _surgery_of(path)
    form, revision = typed.get("form"), int(typed.get("revision") or 0)
    if form == AGREE:
        said = commitment_typed(store, viewer, typed, surgery)
        if typed.get("of"):
            store.surgeries.change_commitment(viewer, str(typed["of"]), said, revision=revision)
        else:
            store.surgeries.agree(viewer, said)
    elif form == REASON:
        kind, child, duty = _about(typed)
        if kind != "child":
            raise Unfit("Choose the child who was not seen.")
        given, note = str(typed.get("kind", "")), str(typed.get("note", ""))
        team = _team_of(store, viewer, surgery, kind, child)
        store.surgeries.give_reason(viewer, surgery, child, duty, given, note, revision=revision, team_id=team)
    elif form == NOTE:
        kind, about, _ = _about(typed)
        team = _team_of(store, viewer, surgery, kind, about)
        said = str(typed.get("words", ""))
        store.surgeries.write_note(viewer, surgery, said, about_kind=kind, about_id=about, revision=revision, team_id=team)
    elif form == TAKE_BACK:
        store.surgeries.take_back(viewer, str(typed.get("of", "")), revision=revision)
    elif form == ANSWER:
        store.surgeries.answer(viewer, str(typed.get("of", "")), typed.get("kept") == "yes", str(typed.get("note", "")), revision=revision)
    else:
        raise Unfit("There is no such form.")


def commitment_typed(store: Store, viewer: Viewer, typed: Typed, surgery: str) -> Commitment:
    """The commitment of the form; about a child or worker, with the team that holds them. Raises Unfit, in words, where it is none."""
    about, ident, duty = _about(typed)
    kind, level = str(typed.get("kind", "")), str(typed.get("level", "")).strip()
    team = _team_of(store, viewer, surgery, about, ident)
    return Commitment(
        surgery_id=surgery, kind=kind, who=str(typed.get("who", "")), by_on=day_typed(str(typed.get("by", ""))), about_kind=about,
        about_id=ident, duty=duty if kind != "by_hand" else "", level_wanted=_number(level) if level and kind == "kpi_at_level" else None,
        what=str(typed.get("what", "")), team_id=team,
    )  # fmt: skip


def _team_of(store: Store, viewer: Viewer, surgery: str, about: str, ident: str) -> str:
    """The team that holds the child or worker something is written about; empty for anything else."""
    meeting = meeting_at(store, viewer, surgery) if about in ("child", "worker") else None
    if meeting is None:
        return ""
    frames = (meeting.children, meeting.late_then) if about == "child" else (meeting.workers,)
    held = [team for frame in frames if len(frame) for team in frame.loc[frame[f"{about}_id"] == ident, "team_id"]]
    return str(held[0]) if held else ""


def closed(store: Store, viewer: Viewer, ident: str) -> str:
    """Close a surgery: what its page shows at this moment is kept with it. Returns its id. Raises as the store does."""
    meeting = meeting_at(store, viewer, ident)
    if meeting is None:
        raise LookupError(f"There is no surgery {ident[:20]} that you may see: go back to the list.")
    if meeting.partial:
        raise NotAllowed("You do not see every team of this unit, so what you close would not be whole: ask someone who sees them all.")
    store.surgeries.close(viewer, ident, snapshot_of(meeting), revision=meeting.revision, steps=meeting.steps)
    return ident


def _or_say(do_it: Callable[[], str], says: str) -> str | None:
    try:
        return do_it()
    except (Conflict, NotAllowed, Unfit, LookupError) as refused:
        set_props(says, {"children": str(refused)})
        return None


def _about(typed: Typed) -> tuple[str, str, str]:
    kind, ident, duty = [*str(typed.get("about", "")).split("|"), "", "", ""][:3]
    return kind or "none", ident, duty


def _surgery_of(path: str) -> str:
    ident = path.removeprefix("/surgery/").strip("/")
    if not path.startswith("/surgery/") or not ident:
        raise Unfit("This page is not that of a surgery, so nothing was written.")
    return ident


def _number(words: str) -> float:
    """A figure as people type it: 85, 85.5, 1,200, 85 %."""
    try:
        return float(words.strip().removesuffix("%").strip().replace(",", ""))
    except ValueError:
        raise Unfit("The level is not a number: write it as 85 or 8.5.") from None
