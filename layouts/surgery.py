"""One performance surgery, in the order of the meeting: since last time, now, the children, agree; and its closing.

A closed surgery is drawn by the same functions from the snapshot kept when it was closed, and from nothing else.
"""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from layouts import cards, shell, surgery_list, words
from layouts.page import Page
from layouts.surgery_drawn import drawn
from layouts.surgery_gathered import meeting_of_view
from layouts.surgery_tellers import SAYS
from layouts.view import View


def draw(view: View) -> Component:
    """The surgery at this address, or what there is to say where there is none for this viewer."""
    meeting = meeting_of_view(view)
    if meeting is None:
        return _none(view.query["key"])
    may_write = not meeting.closed and view.store.surgeries.may_hold(view.viewer, meeting.level, meeting.unit_id)
    return drawn(meeting, may_write=may_write)


def confirm(view: View) -> Component:
    """What closing a surgery does, and the button that does it."""
    meeting = meeting_of_view(view)
    if meeting is None:
        return _none(view.query["key"])
    back = f"/surgery/{meeting.ident}"
    trail = [("Surgery", "/surgery"), (f"{meeting.unit}, {words.day(meeting.held_on)}", back)]
    top = [shell.crumbs(trail, "Close"), shell.heading(f"Close the surgery of {meeting.unit}, {words.day(meeting.held_on)}")]
    if meeting.closed or not view.store.surgeries.may_hold(view.viewer, meeting.level, meeting.unit_id):
        says = f"It was closed by {meeting.closed_by}." if meeting.closed else "Ask someone who may hold this surgery to close it."
        return html.Div([*top, cards.empty("It cannot be closed here", says, shell.link("Back to the surgery", back))], className="wrap")
    late = meeting.late
    of = {str(child) for child in meeting.agreed.loc[meeting.agreed["about_kind"] == "child", "about_id"]} if len(meeting.agreed) else set()
    of |= {str(child) for child in meeting.reasons["child_id"]} if len(meeting.reasons) else set()
    left = len({str(child) for child in late["child_id"]} - of) if len(late) else 0
    facts = [
        cards.Fact("Agreed", words.count(len(meeting.agreed)), "commitment" if len(meeting.agreed) == 1 else "commitments"),
        cards.Fact("Reasons not seen", words.count(len(meeting.reasons)), None),
        cards.Fact("Late, and neither agreed nor explained", words.count(left), "children"),
    ]
    says = (
        "What the page shows now is kept with it, and nothing in it can be changed afterwards, by anyone. What was agreed goes on being "
        "checked by every load, and is shown in the next surgery. A correction is a new surgery."
    )
    action = shell.buttons(
        html.Button("Close it", type="button", id="surgery-close", className="btn go"), html.A("Not yet", href=back, className="btn")
    )
    said = html.P(id=SAYS, role="alert", className="note-says")
    go = html.Span(id="surgery-go", hidden=True)
    return html.Div([*top, cards.facts(facts, large=True), html.P(says, className="comment"), action, said, go], className="wrap list-page")


def _none(ident: str) -> Component:
    back = shell.link("See the surgeries", "/surgery")
    says = "Its number is in the list; a surgery of a team is read by those who see the team."
    return html.Div(
        [shell.heading("No such surgery"), cards.empty(f"There is no surgery {ident[:20]} you may read", says, back)], className="wrap"
    )


PAGE = Page("/surgery", surgery_list.draw, "Surgery")
PAGES: tuple[Page, ...] = (
    PAGE, Page("/surgery/<key>", draw, part_of="/surgery"), Page("/surgery/<key>/close", confirm, part_of="/surgery"),
)  # fmt: skip
