"""How the pages look to this reader: as their system asks, or light, dark or in high contrast as chosen here.

The choice is kept in the browser it was made in and nowhere else. The script that applies it is in the head of the page, before anything is
drawn (layouts/assets/appearance.js), so that a dark page never opens white. Every colour is a variable of the stylesheet, so charts follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dash import html
from dash.development.base_component import Component

Theme = Literal["", "light", "dark", "contrast"]
THEMES: tuple[tuple[Theme, str], ...] = (
    ("", "As your system"), ("light", "Light"), ("dark", "Dark"), ("contrast", "High contrast"),
)  # fmt: skip


def choose() -> Component:
    """The control in the footer of every page. High contrast is dark on light, or light on dark where the system is dark."""
    options = [html.Option(said, value=theme) for theme, said in THEMES]
    return html.Label([html.Span("Appearance"), html.Select(options, id="appearance")], className="pick appearance")


def foot() -> Sequence[Component]:
    """What stands at the foot of every page beside what the data is: what words mean, how far everyone can use it, how it looks."""
    return [html.A("What words mean", href="/method#words"), html.A("Accessibility", href="/accessibility"), choose()]
