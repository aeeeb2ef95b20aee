"""The frame of one part of a surgery: its number, its heading and what is said beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

PARTS = ("Since last time", "Now", "The children", "Agree")


def step(number: int, heading: str, content: Sequence[Component], says: Any = None) -> Component:
    """One part of the meeting, 1 to 4, under a heading that says what it shows."""
    title = html.H2([html.I(number), heading], id=f"part-{number}-title", tabIndex=-1)
    beside = [html.P(says, className="small quiet")] if says else []
    inside = [html.Header([title, *beside]), *content]
    return html.Section(inside, id=f"part-{number}", className="step", **{"aria-labelledby": f"part-{number}-title"})
