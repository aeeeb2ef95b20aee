"""The last performance surgery of a team: when it was, and what became of what was agreed in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.surgery import OUTCOMES
from layouts import shell, words
from layouts.view import View

UNCHECKED = "not checked yet"


@dataclass(frozen=True)
class LastSurgery:
    """A surgery that was held, whether it is closed, and how its commitments stand: outcome in words -> how many. `href`: its page."""

    held_on: pd.Timestamp
    closed: bool
    outcomes: Mapping[str, int]
    href: str


def last_surgery(view: View) -> LastSurgery | None:
    """The newest surgery of the team shown; in a month that is past, the newest held by its end. None where none is kept.

    How each commitment stands is what the data says, else what was answered by hand, else that it was not checked yet.
    """
    held = view.store.surgeries.held(view.viewer)
    ours = held[(held["level"] == "team") & (held["unit_id"] == view.team)]
    if view.periods and view.period != view.periods[-1]:
        ours = ours[ours["held_on"] <= view.period]
    if ours.empty:
        return None
    newest = ours.sort_values("held_on").iloc[-1]
    agreed = view.store.surgeries.commitments(view.viewer, surgery_id=newest["id"])
    checked = view.store.surgeries.checked(view.viewer, surgery_id=newest["id"])
    said = dict(zip(checked["commitment_id"], checked["outcome"], strict=True))
    stand = [said.get(ident) or answer for ident, answer in zip(agreed["id"], agreed["answer"], strict=True)]
    counts = Counter(OUTCOMES[one].lower() if one in OUTCOMES else UNCHECKED for one in stand)
    return LastSurgery(pd.Timestamp(newest["held_on"]), newest["state"] == "closed", counts, f"/surgery/{newest['id']}")


def surgery_strip(view: View) -> Component:
    """The last surgery in a few words, and the way to it; where none was held, that."""
    found = last_surgery(view)
    hold = html.P(shell.link("Surgeries of this team", "/surgery", team=view.team), className="small")
    if found is None:
        content = [html.P("No surgery of this team is kept.", className="calm"), hold]
    else:
        many = sum(found.outcomes.values())
        agreed = words.plural(many, "commitment", "commitments") if many else "Nothing was agreed"
        said = f"{agreed}: {words.reasons(found.outcomes)}" if many else agreed
        state = "" if found.closed else ", still open"
        content = [html.P([html.A(f"Held on {words.day(found.held_on)}", href=found.href), f"{state}. {said}."], className="calm"), hold]
    return html.Section([html.H2("Last surgery", id="last-surgery"), *content], **{"aria-labelledby": "last-surgery"})
