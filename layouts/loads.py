"""The Data page: which sources are up to date and what they speak for, the latest loads, and where a file is loaded."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from layouts import cards, completeness, conflict_list, data_problems, late_recording, load_list, restated, shell, words
from layouts.data_page import data_page, nothing_loaded
from layouts.drop_zone import drop_zone
from layouts.freshness import STRIP_MONTHS, UNDATED, Every, Spoken, Stand, behind, stand_of_sources
from layouts.marks import status_mark
from layouts.page import Page
from layouts.tables import Column, plain_table
from layouts.view import View

LATEST = 8
EXPECTED: dict[Every, str] = {"monthly": "Monthly", "yearly": "Yearly", "undated": "On change"}
STRIP_WORDS: dict[Spoken, str] = {"whole": "whole", "part": "in part", "none": "no file"}


def draw(view: View) -> Component:
    """What is loaded, how fresh it is, and what was wrong."""
    offered = [drop_zone()] if view.loading else []
    if view.loads.empty:
        return nothing_loaded("Data", "/data", offered)
    stand = stand_of_sources(view)
    month = max((s.month for s in stand if s.source not in UNDATED), default=None)
    beside = [shell.buttons(html.A("Load a file", href="#load-a-file", className="btn go"))] if view.loading else []
    return data_page(
        "/data",
        f"Data for {words.month(month)}" if month is not None else "Data",
        [_totals(view, stand), _sources(view, stand), *offered, load_list.latest(view, LATEST)],
        says=_says(view, stand),
        beside=beside,
    )


def _says(view: View, stand: list[Stand]) -> list[Any]:
    late = behind(stand)
    aside = view.store.problem_total(view.viewer.authority, severity="set_aside")
    says = f"{late}. " if late else "Every source is up to date. "
    if not aside:
        return [says, "No row has been set aside."]
    link = shell.link(words.plural(aside, "row set aside", "rows set aside"), "/data/problems", severity="set_aside")
    return [says, link, " in all loads, each with where it is and what to do."]


def _totals(view: View, stand: list[Stand]) -> Component:
    newest = [s.newest for s in stand]
    rows, new, aside = (int(sum(n[c] for n in newest)) for c in ("rows_in", "rows_new", "rows_set_aside"))
    current = sum(1 for s in stand if not s.months_late)
    late = [s.title for s in stand if s.months_late]
    held = view.loads["withdrawn_at"].isna()
    told = f"{', '.join(late[:2])}{f' and {len(late) - 2} more' if len(late) > 2 else ''} behind" if late else None
    return cards.facts(
        [
            cards.Fact("Sources up to date", f"{current} of {len(stand)}", told),
            cards.Fact("Rows in the newest loads", words.count(rows), f"{words.count(new)} new or changed"),
            cards.Fact("Set aside in them", words.count(aside), "not counted"),
            cards.Fact("Loads held", words.count(int(held.sum())), f"{words.count(int((~held).sum()))} withdrawn"),
        ],
        large=True,
    )


def _sources(view: View, stand: list[Stand]) -> Component:
    ends = next((s.ends for s in stand if s.ends), ())
    strip = f"Speaks for, {words.short_month(ends[0])} to {words.short_month(ends[-1])}" if ends else "Speaks for"
    columns = [
        Column("Source", lambda s: _linked(s["stand"]), wrap=False),
        Column("As at", lambda s: _as_at(view, s["as_at"]), numeric=True),
        Column("Expected", lambda s: EXPECTED[s["stand"].every], quiet=True, wrap=False),
        Column("State", lambda s: _state(s["stand"]), wrap=False),
        Column(strip, lambda s: _spoken(s["stand"])),
        Column("Newest file", lambda s: html.Code(s["file"])),
        Column("Loaded", lambda s: words.moment(s["loaded_at"]), wrap=False),
        Column("Rows", lambda s: words.count(s["rows_in"]), numeric=True),
        Column("Set aside", lambda s: _aside(s["stand"]), numeric=True),
    ]
    rows = [{**s.newest.to_dict(), "stand": s} for s in stand]
    key = html.P(
        [html.Span([html.I(className=f"cell c-{sign}"), text]) for sign, text in
         (("whole", "All its lists speak for the month"), ("part", "Some do"), ("none", "No file speaks for it: no data, never 0"))],
        className="legend",
    )  # fmt: skip
    return cards.section(
        "Sources", plain_table(columns, rows, "Sources and how fresh they are"), key,
        says="A source is behind when another speaks for a later month, or when its extract is not here five working days after the month.",
    )  # fmt: skip


def _as_at(view: View, day: pd.Timestamp) -> Any:
    """The day, and how long ago that is; of invented data, whose years have no today, the day alone."""
    if view.today is None or view.invented:
        return words.day(day)
    return html.Div([words.day(day), html.Span(f"{words.plural(max(0, (view.today - day).days), 'day', 'days')} ago", className="sub")])


def _linked(stand: Stand) -> Component:
    return shell.link(stand.title, "/data/problems", source=stand.source)


def _aside(stand: Stand) -> Any:
    n = int(stand.newest["rows_set_aside"])
    return shell.link(words.count(n), "/data/problems", source=stand.source, severity="set_aside") if n else "0"


def _state(stand: Stand) -> Component:
    if stand.months_late:
        return status_mark("not met", f"{words.plural(stand.months_late, 'month', 'months')} behind")
    return status_mark("no target", "Holds") if stand.every == "undated" else status_mark("met", "Up to date")


def _spoken(stand: Stand) -> Any:
    """Twelve squares, oldest first, and in words what is missing."""
    if not stand.strip:
        return html.Span(words.NONE, className="quiet")
    cells = [
        html.I(className=f"cell c-{said}", title=f"{words.short_month(end)}: {STRIP_WORDS[said]}")
        for end, said in zip(stand.ends, stand.strip, strict=True)
    ]
    whole = sum(said == "whole" for said in stand.strip)
    told = f"{whole} of {STRIP_MONTHS} months"
    missing = stand.missing
    gone = f"No {_months(missing)}" if missing else ""
    return html.Div(
        [
            html.Span(cells, className="cells", **{"aria-hidden": "true"}),
            html.Span(told, className="vh"),
            *([html.Span(gone, className="sub")] if gone else []),
        ]
    )


def _months(ends: list[pd.Timestamp]) -> str:
    told = [words.short_month(end) for end in ends[-3:]]
    return f"{', '.join(told)}{f' and {len(ends) - 3} before' if len(ends) > 3 else ''}"


PAGE = Page("/data", draw, "Data")
PAGES: tuple[Page, ...] = (
    PAGE, data_problems.PAGE, completeness.PAGE, late_recording.PAGE, conflict_list.PAGE, restated.PAGE, *load_list.PAGES,
)  # fmt: skip
