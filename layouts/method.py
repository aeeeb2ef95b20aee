"""The Method page: how a figure is judged, how a chart is chosen, what counts as real, and where we depart from the packages we follow."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from kpi.method import BACK_TESTS, DEPARTURES
from kpi.targets import FEW
from kpi.which_chart import ENOUGH_MONTHS, FEW_CASES, MANY_CASES, RARE
from layouts import cards, shell, words
from layouts.glossary import every_word
from layouts.marks import status_mark
from layouts.page import Page
from layouts.tables import Column, plain_table
from layouts.view import View

STATUSES = (
    ("met", "The figure, rounded to one decimal as it is shown, has reached the target of its own month."),
    ("near", "Short of the target, but within its amber mark."),
    ("not met", "Past the amber mark."),
    ("few cases", f"Fewer than {FEW} cases: the figure is shown, and not judged."),
    ("no target", "No target has been set for this month."),
    ("no cases", "There was nothing to count: this is not 0."),
    ("no data", "Nothing that is loaded speaks for this month: this is not 0 either."),
)
CHARTS = (
    (
        "XmR chart",
        f"{ENOUGH_MONTHS} months or more, with steady numbers of cases or never fewer than {MANY_CASES}",
        "Mean, and limits from how much one month differs from the next",
    ),
    (
        "p-chart",
        f"Shares of few cases (under {FEW_CASES} a month) or of changing numbers of them",
        "Limits that are wider in months with fewer cases",
    ),
    ("Run chart", f"Fewer than {ENOUGH_MONTHS} months", "The median only: no limits yet"),
    (
        "Line",
        f"Figures that overlap from month to month, annual figures, and fewer than {RARE} cases a month",
        "No limits: they would mislead",
    ),
)
RULES = (
    ("Outside", "One month beyond the expected range."),
    ("Trend", "Seven months running, each higher (or each lower) than the one before."),
    ("Two of three", "Two of three months close to the same end of the expected range, and all three on the same side of the mean."),
    ("Shift", "Seven months running on the same side of the mean."),
)


def draw(view: View) -> Component:
    """What a careful reader asks, answered once for every page."""
    return html.Div(
        [
            shell.heading("Method"),
            html.P("How figures are judged and charts are drawn. Each measure's own definition is on its page.", className="message"),
            cards.section("Status", _table(("Status", "What it means"), [(status_mark(s), text) for s, text in STATUSES], "Status")),
            cards.section(
                "Which chart",
                _table(("Chart", "When", "What it has"), CHARTS, "Which chart"),
                says="Chosen by rule for every measure and unit; the reason is said beside each chart.",
            ),
            cards.section(
                "Is it real?",
                _table(("Rule", "What it finds"), RULES, "The rules"),
                html.P(
                    "Improving and worsening are said only of months that one of these rules finds, in the direction that is better or "
                    "worse for the measure. Everything else is no more than chance. Consistently hits, hit or miss and consistently misses "
                    "compare the target with the latest expected range: they say what the work as it stands can be expected to do."
                ),
            ),
            cards.section(
                "How far out are likely figures?",
                plain_table(
                    [
                        Column("Ahead", "ahead", wrap=False),
                        Column("Out by, on average", lambda b: f"{words.decimal(b['error'])} points", numeric=True),
                        Column("Within the likely range", lambda b: f"{b['within']} in 100", numeric=True),
                        Column("Expecting no change, out by", lambda b: f"{words.decimal(b['unchanged'])} points", numeric=True),
                    ],
                    [vars(b) for b in BACK_TESTS],
                    "Likely figures tried on the past",
                    groups=lambda b: str(b["on"]),
                ),
                html.P(
                    "Each month of the past was asked what it would have expected, knowing only what came before it. The range aims at "
                    "80 in 100. Where expecting no change was as good a guess, the single likely figure says little: go by the range."
                ),
                says="“Will it get there?” carries the pace of the last twelve months forward, fading by a tenth each month.",
            ),
            cards.section(
                "Published figures beside ours",
                html.P(
                    "Published figures are of a whole year and a whole council. They are drawn over their own year and no further, named "
                    "with it, and never tested for chance. Where a measure counts what happened, 12 months read together are the fair "
                    "comparison. The mean and the median of statistical neighbours are of those with a figure, each counting once; fewer "
                    "than six are no comparison. How each published definition differs from ours is said under the chart."
                ),
            ),
            cards.section(
                "Several months read together",
                html.P(
                    "Three months, twelve months and the financial year so far are added up from the cases, never averaged from "
                    "percentages. Such readings share months, so they are a line without limits. A reading that lacks a month, or has one "
                    "that looks back further than the data, says that its history is short."
                ),
            ),
            cards.section(
                "Where we depart from the packages we follow",
                plain_table(
                    [
                        Column("When", lambda d: d["when"]),
                        Column("The package", lambda d: f"{d['package']}: {d['package_does']}"),
                        Column("Sightline", lambda d: d["we_do"]),
                        Column("Why", lambda d: d["why"]),
                    ],
                    [vars(d) for d in DEPARTURES],
                    "Departures from the reference packages",
                ),
                says="Everything else equals the reference packages' own results, which the tests hold us to.",
            ),
            cards.section("Words used here", every_word(), ident="words"),
        ],
        className="wrap",
    )


def _table(titles: tuple[str, ...], rows: object, caption: str) -> Component:
    columns = [Column(title, lambda row, i=i: row[i]) for i, title in enumerate(titles)]  # type: ignore[misc]
    return plain_table(columns, rows, caption)  # type: ignore[arg-type]


PAGE = Page("/method", draw, "Method")
