"""The accessibility statement: what standard Sightline is built to, how that is tested, and what is known not to be met."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from layouts import cards, shell
from layouts.page import Page
from layouts.tables import Column, plain_table
from layouts.view import View

CAN = (
    "use every page, filter and form with a keyboard alone: the focus is always seen, and the first link of a page skips to its content",
    "zoom to 200 % without anything being cut off or needing to be scrolled sideways, and read on a phone held upright",
    "read every status as a word and a shape beside its colour",
    "open every chart as a table, or hear its message as its text alternative",
    "choose light, dark or high contrast at the foot of each page, or leave it to your system; nothing moves by itself",
    "have the words of the work explained under “Words used here”, on the briefing and on each measure’s page",
    "print any page on A4",
)
TESTED = (
    ("Rules that a program can check", "axe-core, in Chromium, on every page in light, in dark and at the width of a phone",
     "On every change"),
    ("Contrast of words on their ground", "Computed for every word of every page: 4.5:1 or more, 7:1 or more in high contrast",
     "On every change"),
    ("Focus", "Everything a key reaches on any page is outlined by 2 pixels or more, 3:1 or more against what is under it",
     "On every change"),
    ("Size of what is pressed", "24 by 24 pixels, or as much room around it, on every page", "On every change"),
    ("Keyboard", "From the first link of the briefing to a measure, through the presentation, and through the forms, without a mouse",
     "On every change"),
    ("Headings and landmarks", "One main heading on each page, no level skipped, and one main landmark", "On every change"),
    ("Enlarged to 200 %, and on a phone",
     "Every page at 683, 390 and 320 pixels: nothing runs over the edge, is cut off, or must be scrolled sideways but charts",
     "On every change"),
    ("Print", "Pages of each kind, through Chromium: nothing runs over the paper", "On every change"),
)  # fmt: skip
NOT_MET = (
    ("No one who uses a screen reader, a magnifier or speech has tested it yet",
     "The names, roles and order of parts are checked by program only. What that cannot find is not known."),
    ("Browsers other than Chromium", "Edge and Chrome are built on it. Firefox and Safari are not tested."),
    ("Charts", "A chart’s single points cannot be reached by keyboard. Its table, one button away, holds every one of them."),
    ("Charts on a phone", "A trend opens at its latest month: earlier ones are reached by scrolling it sideways. Its table needs none."),
    ("Excel workbooks", "Headings, table headers and the words of each status are set; the workbooks have not been checked by a program."),
    ("Words from your own data", "Names of teams and files are shown as they were loaded, whatever they are."),
)  # fmt: skip


def draw(view: View) -> Component:
    """The statement, the same for everyone."""
    return html.Div(
        [
            shell.heading("Accessibility"),
            html.P("Sightline is built to WCAG 2.2 at level AA. Where it falls short, this page says so.", className="message"),
            cards.section("What you can do", html.Ul([html.Li(f"You can {can}.") for can in CAN], className="plain-list")),
            cards.section(
                "How it is tested",
                plain_table(
                    [Column("What", lambda r: r[0]), Column("How", lambda r: r[1]), Column("When", lambda r: r[2])],
                    TESTED,  # type: ignore[arg-type]
                    "How it is tested",
                ),
                says="By programs, in the test run. This is not an audit by someone independent: none has been made.",
            ),
            cards.section(
                "What is known not to be met",
                plain_table([Column("What", lambda r: r[0]), Column("How it stands", lambda r: r[1])], NOT_MET, "Not met"),  # type: ignore[arg-type]
            ),
            cards.section(
                "If something stops you",
                html.P(
                    "Tell whoever looks after Sightline in your council, with the address of the page and what you use to read it. What "
                    "is on a page can be had in another form: the Excel summary holds every figure, and each chart’s figures can be "
                    "saved as data."
                ),
            ),
        ],
        className="wrap statement",
    )


PAGE = Page("/accessibility", draw)
