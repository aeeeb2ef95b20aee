"""What was wrong in the files: how many over time, and each with where it is and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from layouts import cards, shell, words
from layouts.bars import Part, bars
from layouts.data_page import data_page, nothing_loaded, paged
from layouts.freshness import titled
from layouts.marks import status_mark
from layouts.page import Page
from layouts.problems_book import SEVERITY_WORDS, asked_problems
from layouts.tables import Column, plain_table
from layouts.view import View

HERE = "/data/problems"
A_PAGE = 25
MONTHS = 24
SIGNS = {"set_aside": ("not met", "not"), "warning": ("near", "near"), "note": ("few cases", "few")}


def draw(view: View) -> Component:
    """The problems of the loads that count, as filtered: counts over time, then the list, newest load first."""
    if view.loads.empty:
        return nothing_loaded("Problems in the data", HERE)
    counts = view.store.problem_counts(view.viewer.authority)
    asked = asked_problems(view)
    total = view.store.problem_total(view.viewer.authority, **asked)
    page, steps = paged(view, total, A_PAGE)
    rows = view.store.problems(view.viewer.authority, **asked, limit=A_PAGE, offset=(page - 1) * A_PAGE)
    return data_page(
        HERE, "Problems in the data",
        [_over_time(counts, asked["source"]), _list(rows, total, asked, steps)],
        says=_says(counts), beside=[shell.buttons(shell.download("Export to Excel", _export_address(view)))],
        filters=[shell.filters(HERE, _choices(counts, asked)), _search(view, asked)],
    )  # fmt: skip


def _says(counts: pd.DataFrame) -> str:
    n = counts.groupby("severity")["problems"].sum()
    if not int(n.sum()):
        return "Nothing was wrong in what was loaded."
    aside, look = (int(n.get(s, 0)) for s in ("set_aside", "warning"))
    return (
        f"{words.plural(aside, 'row is', 'rows are')} set aside and not counted; {words.plural(look, 'other thing', 'other things')} "
        "to look at. Put each right in the file it came from, and load that again."
    )


def _choices(counts: pd.DataFrame, asked: Mapping[str, str | None]) -> list[shell.Choice]:
    source, severity = asked["source"] or "", asked["severity"] or ""
    sources = sorted({*counts["source"], *([source] if source else [])}, key=titled)
    return [
        shell.Choice(
            "source", "Source", [("", "All sources"), *((s, titled(s)) for s in sources)], asked["source"] or "", clears=("page",)
        ),
        shell.Choice("severity", "What it means", [("", "All"), *SEVERITY_WORDS.items()], severity, clears=("page",)),
    ]


def _search(view: View, asked: Mapping[str, str | None]) -> Component:
    kept = {name: view.query[name] for name in ("source", "severity") if view.query.get(name)}
    field = dcc.Input(id="problems-q", name="q", type="search", value=asked["search"] or "", placeholder="A file, column, value or word")
    return html.Form(
        [
            html.Label([html.Span("Find in problems", className="vh"), field], className="find"),
            *(dcc.Input(id=f"problems-{name}", name=name, type="hidden", value=value) for name, value in kept.items()),
            html.Button("Find", type="submit", className="btn"),
        ],
        action=HERE, method="GET", className="search", role="search",
    )  # fmt: skip


def _over_time(counts: pd.DataFrame, source: str | None) -> Component | None:
    """Problems by the month the files speak of, stacked by what they mean."""
    ours = counts[counts["source"] == source] if source else counts
    if ours.empty:
        return None
    last = ours["month"].max()
    months = pd.date_range(end=last, periods=MONTHS, freq="ME").as_unit("s")
    months = months[months >= ours["month"].min()]
    table = ours.pivot_table(index="month", columns="severity", values="problems", aggfunc="sum", fill_value=0).reindex(
        months, fill_value=0
    )
    parts = [Part(SEVERITY_WORDS[s], SIGNS[s][1], [int(n) for n in table[s]] if s in table else [0] * len(months)) for s in SEVERITY_WORDS]
    of = f", {titled(source)}" if source else ""
    return bars(
        f"Problems by month{of}", [words.short_month(month) for month in months], parts,
        says="By the month the file speaks of. Fewer is not always better: a source that was not loaded has none.",
    )  # fmt: skip


def _list(rows: pd.DataFrame, total: int, asked: Mapping[str, str | None], steps: list[Component]) -> Component:
    if not total and any(asked.values()):
        return cards.empty("No problem is like this", "Try fewer words, or all sources.", shell.link("See every problem", HERE))
    columns = [
        Column("File", _file),
        Column("What it means", lambda p: status_mark(SIGNS[p["severity"]][0], SEVERITY_WORDS[p["severity"]]), wrap=False),
        Column("Where", _where),
        Column("Value", lambda p: "" if words.missing(p["value"]) else html.Code(_short(str(p["value"])))),
        Column("What is wrong, and what to do", lambda p: html.Div(p["says"], className="says")),
    ]
    title = words.plural(total, "problem", "problems")
    table = plain_table(columns, rows.to_dict("records"), title, nothing="Nothing was wrong in what was loaded.")
    return cards.section(title, table, *steps, says="The newest load first.")


def _file(problem: Mapping[str, Any]) -> Component:
    return html.Div([html.Code(problem["file"]), html.Span(titled(problem["source"]), className="sub")])


def _where(problem: Mapping[str, Any]) -> Any:
    sheet, row, column = (None if words.missing(problem[name]) else problem[name] for name in ("sheet", "row", "column"))
    if row is None and column is None:
        return f"Sheet {sheet}" if sheet else "The whole file"
    place = ", ".join(part for part in (str(sheet) if sheet else "", f"row {words.count(row)}" if row is not None else "") if part)
    lines = [line for line in (place, f"column {column}" if column is not None else "") if line]
    return html.Div([f"{lines[0][:1].upper()}{lines[0][1:]}", *(html.Span(line, className="sub") for line in lines[1:])])


def _short(value: str) -> str:
    return value if len(value) <= 60 else f"{value[:59]}…"


def _export_address(view: View) -> str:
    return shell.address("/export/problems.xlsx", {k: v for k, v in view.query.items() if k in ("source", "severity", "q")})


PAGE = Page(HERE, draw, part_of="/data")
