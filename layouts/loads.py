"""The Data page: which sources are up to date, what was wrong in them and where, and the latest loads."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from layouts import cards, shell, words
from layouts.freshness import SOURCE_TITLES, UNDATED, Stand, stand_of_sources
from layouts.marks import status_mark
from layouts.page import Page
from layouts.tables import Column, pager, plain_table
from layouts.view import View

PROBLEMS_A_PAGE, LOADS_A_PAGE = 25, 15
SEVERITIES = {
    "set_aside": ("not met", "Set aside: the row is not counted"),
    "warning": ("near", "Loaded, but look at it"),
    "note": ("few cases", "To know"),
}


def draw(view: View) -> Component:
    """What is loaded, how fresh it is, and what was wrong."""
    if view.loads.empty:
        return html.Div(
            [
                shell.heading("Data"),
                cards.empty(
                    "Nothing has been loaded yet", ["Load a folder of monthly extracts: ", html.Code("python app.py load FOLDER"), "."]
                ),
            ],
            className="wrap",
        )
    stand = stand_of_sources(view)
    problems = view.store.problems(view.viewer.authority)
    month = max((s.month for s in stand if s.source not in UNDATED), default=None)
    return html.Div(
        [
            shell.heading(f"Data for {words.month(month)}" if month is not None else "Data"),
            html.P(_says(stand, problems), className="message"),
            _totals(view, stand),
            _sources(stand),
            _problems(view, problems),
            _loads(view),
        ],
        className="wrap",
    )


def _says(stand: list[Stand], problems: pd.DataFrame) -> str:
    late = [s for s in stand if s.months_late]
    fresh = (
        f"{' and '.join(s.title for s in late)} {'is' if len(late) == 1 else 'are'} behind the rest"
        if late
        else "Every source is up to date"
    )
    aside = int((problems["severity"] == "set_aside").sum())
    return f"{fresh}. {words.plural(aside, 'row has', 'rows have')} been set aside in all loads: each is listed below with what to do."


def _totals(view: View, stand: list[Stand]) -> Component:
    newest = [s.newest for s in stand]
    rows, new, aside = (int(sum(n[c] for n in newest)) for c in ("rows_in", "rows_new", "rows_set_aside"))
    current = sum(1 for s in stand if not s.months_late)
    late = [s.title.lower() for s in stand if s.months_late]
    held = view.loads["withdrawn_at"].isna()
    return cards.facts(
        [
            cards.Fact("Sources up to date", f"{current} of {len(stand)}", f"{', '.join(late)} behind" if late else None),
            cards.Fact("Rows in the newest loads", words.count(rows), f"{words.count(new)} new or changed"),
            cards.Fact("Set aside in them", words.count(aside), "not counted"),
            cards.Fact("Loads held", words.count(int(held.sum())), f"{words.count(int((~held).sum()))} withdrawn"),
        ],
        large=True,
    )


def _sources(stand: list[Stand]) -> Component:
    columns = [
        Column("Source", lambda s: s["title"], wrap=False),
        Column("Newest file", lambda s: html.Code(s["file"])),
        Column("As at", lambda s: words.day(s["as_at"]), numeric=True),
        Column(
            "State",
            lambda s: (
                status_mark("not met", f"{words.plural(s['late'], 'month', 'months')} behind")
                if s["late"]
                else status_mark("met", "Up to date")
            ),
            wrap=False,
        ),
        Column("Loaded", lambda s: words.moment(s["loaded_at"]), wrap=False),
        Column("Rows", lambda s: words.count(s["rows_in"]), numeric=True),
        Column("Unchanged", lambda s: words.count(s["rows_unchanged"]), numeric=True, quiet=True),
        Column("Set aside", lambda s: words.count(s["rows_set_aside"]), numeric=True),
    ]
    rows = [{**s.newest.to_dict(), "title": s.title, "late": s.months_late} for s in stand]
    return cards.section(
        "Sources",
        plain_table(columns, rows, "Sources and how fresh they are"),
        says="A source is behind when another already speaks for a later month.",
    )


def _problems(view: View, problems: pd.DataFrame) -> Component:
    rank = {severity: i for i, severity in enumerate(SEVERITIES)}
    counts = problems["severity"].value_counts()
    ordered = problems.assign(rank=problems["severity"].map(rank)).sort_values(["rank", "batch_id"], ascending=[True, False], kind="stable")
    page, pages = _page(view, "problems", len(ordered), PROBLEMS_A_PAGE)
    shown = ordered.iloc[(page - 1) * PROBLEMS_A_PAGE : page * PROBLEMS_A_PAGE]
    columns = [
        Column("File", lambda p: html.Code(p["file"])),
        Column("Sheet", "sheet", wrap=False),
        Column("Row", lambda p: words.count(p["row"]), numeric=True),
        Column("Column", "column"),
        Column("Value", lambda p: "" if words.missing(p["value"]) else html.Code(str(p["value"])[:60])),
        Column("What is wrong, and what to do", "says"),
    ]
    heads = {s: status_mark(status, f"{text}: {words.count(counts.get(s, 0))}") for s, (status, text) in SEVERITIES.items()}
    table = plain_table(
        columns,
        shown.to_dict("records"),
        "Problems",
        groups=lambda p: p["severity"],
        group_heads=heads,
        nothing="Nothing was wrong in what was loaded.",
    )
    return cards.section(
        "Problems to put right at source", table, *_steps(view, "problems", page, pages),
        says="Each row says where it is, so that it can be put right in the file and loaded again.",
    )  # fmt: skip


def _loads(view: View) -> Component:
    page, pages = _page(view, "loads", len(view.loads), LOADS_A_PAGE)
    shown = view.loads.iloc[(page - 1) * LOADS_A_PAGE : page * LOADS_A_PAGE]
    columns = [
        Column("Load", lambda b: str(b["batch_id"]), numeric=True),
        Column("When", lambda b: words.moment(b["loaded_at"]), wrap=False),
        Column("Who", "loaded_by"),
        Column("File", lambda b: html.Code(b["file"])),
        Column("Source", lambda b: SOURCE_TITLES.get(b["source"], b["source"])),
        Column("Rows", lambda b: words.count(b["rows_in"]), numeric=True),
        Column("Outcome", _outcome),
    ]
    says = [
        "Nothing is overwritten. Withdrawing a load brings back the state before it: ",
        html.Code("python app.py loads withdraw NUMBER"),
        ".",
    ]
    return cards.section(
        "Latest loads", plain_table(columns, shown.to_dict("records"), "Latest loads"), *_steps(view, "loads", page, pages), says=says
    )


def _outcome(load: object) -> str:
    if not words.missing(load["withdrawn_at"]):  # type: ignore[index]
        return f"Withdrawn on {words.moment(load['withdrawn_at'])} by {load['withdrawn_by']}"  # type: ignore[index]
    new, unchanged, aside = (words.count(load[c]) for c in ("rows_new", "rows_unchanged", "rows_set_aside"))  # type: ignore[index]
    return f"{new} new or changed, {unchanged} unchanged, {aside} set aside"


def _page(view: View, name: str, rows: int, a_page: int) -> tuple[int, int]:
    pages = max(1, -(-rows // a_page))
    asked = view.query.get(name, "1")
    return min(max(int(asked) if asked.isdigit() else 1, 1), pages), pages


def _steps(view: View, name: str, page: int, pages: int) -> list[Component]:
    keep = {k: v for k, v in view.query.items() if k not in (name, "key")}
    steps = pager(page, pages, lambda n: shell.address("/data", {**keep, name: str(n)}), label=f"Pages of {name}")
    return [steps] if steps is not None else []


PAGE = Page("/data", draw, "Data")
