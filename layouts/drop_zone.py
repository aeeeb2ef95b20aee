"""Where files are dropped or chosen to be loaded; the script in assets/upload.js fills it in and tells how each file fares."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from layouts import cards
from layouts.upload import CAP_MB

READS = "CSV, Excel or XML, found by its columns whatever its name."


def drop_zone() -> Component:
    """The place to load files, with its limit said. Empty until the script runs, but for the way to the plain form."""
    zone = html.Div(
        [
            html.Div(className="drop-choose"),
            html.P(
                [READS, f" Up to {CAP_MB} MB a file; a larger one is loaded with ", html.Code("python app.py load FILE"), "."],
                id="drop-says",
                className="small quiet",
            ),
            html.A("Load a file without this script", href="/upload", target="_self", className="drop-plain"),
        ],
        className="drop",
        **{"data-cap-mb": str(CAP_MB)},
    )
    told = html.Div(className="drop-told", role="status", **{"aria-live": "polite"})
    says = "Nothing is overwritten: the same file twice changes nothing, and any load can be withdrawn."
    return cards.section("Load a file", zone, told, says=says, ident="load-a-file")
