"""The worked examples: each clock in plain words, with dates anybody can count through. The Method page leads here."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi.clock import in_words, standard_on, standards_of
from kpi.duties import DUTIES, Duty
from kpi.worked_examples import EXAMPLES, Example
from layouts import cards, shell
from layouts.page import Page
from layouts.tables import Column, plain_table
from layouts.view import View

STATES = {"overdue": "Overdue", "due_soon": "Due within 5 working days", "in_time": "In time"}


def draw(view: View) -> Component:
    """A section a duty: its rules as they stand here, then its examples."""
    return html.Div(
        [
            shell.crumbs([("Method", "/method")], "How due dates are worked out"),
            shell.heading("How due dates are worked out"),
            html.P(
                "For every duty its rules, and cases worked through; the children are invented. Working days are Monday to Friday without "
                "the bank holidays of England and Wales, counted from the day after. A duty is late from the day after it was due. The "
                "examples use the intervals Sightline comes with; the rules above them are those in force here.",
                className="message",
            ),
            *(_section(duty, view) for duty in DUTIES),
        ],
        className="wrap",
    )


def _section(duty: Duty, view: View) -> Component:
    columns = [
        Column("Example", lambda e: e.title),
        Column("What happened", lambda e: e.happened),
        Column("Looked at on", lambda e: _day(e.as_at)),
        Column("Due", lambda e: _day(e.due_on)),
        Column("So", outcome),
        Column("Why", lambda e: e.why),
    ]
    ours = [example for example in EXAMPLES if example.duty == duty.key]
    rules = html.Ul([html.Li(said) for said in _rules(duty, view)], className="plain-list")
    return cards.section(duty.title, rules, plain_table(columns, ours, f"Worked examples: {duty.title}"))


def outcome(example: Example) -> str:
    """What follows on the day, in words: how late, or how long there is left, in days and in working days."""
    count = abs(example.days_late)
    if not count:
        return "Due that day, and not late"
    working = _many(abs(example.working_days), "working day")
    if example.days_late < 0:
        return f"{STATES[example.state]}: {_many(count, 'day')} left, {working}"
    return f"{STATES[example.state]}: {_many(count, 'day')} late, {working}"


def _rules(duty: Duty, view: View) -> list[str]:
    """The rules of a duty with the authority's newest intervals, and who set them."""
    clocks = view.clocks
    said = []
    for rule in duty.rules:
        rows = standards_of(clocks, rule.clock)
        on = pd.Series([view.period or rows[-1].since])
        standard = rows[int(standard_on(rows, on)[0])]
        said.append(f"{rule.says(in_words(standard))}. Set by: {standard.set_by}.")
    return said


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _day(text: str) -> str:
    day = pd.Timestamp(text)
    return f"{day:%A} {day.day} {day:%B %Y}"


PAGE = Page("/method/due-dates", draw, part_of="/method")
