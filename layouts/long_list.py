"""A long list of children: one real table, whose first rows come with the page and whose others are asked for as one comes near them.

Why no grid component: dash-ag-grid puts 350 KB of script (1.3 MB unpacked) on every page, those with no list too, and 250 KB more where it
is used; its rows are no table, and do not stack on a phone. Here a row stays a row: it is drawn by the same columns as any short table,
reads, prints and stacks alike, and whoever listens to it is told which row of how many it is. assets/long_list.js holds only what is near
the window, so that 5,000 rows scroll as smoothly as 300. A browser's own search sees only those: the list has one of its own.

Each part of a list is asked for at /rows and the address of its page, and comes from the very function the page draws its list with, so
that whoever may not see a row on the page is not given it there either. It says of which state of the data it is: where that is another
than the page's, the rows are not put together with those that stand, and the reader is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from layouts import cards, shell, words
from layouts.as_html import markup
from layouts.tables import Column, plain_table
from layouts.view import View, named

A_PART = 50
WHOLE = 200  # a list no longer than this comes whole: a browser's own search and its printing then have all of it
LONGEST_FIND = 60
FOUND_IN = ("child_id", "worker_id", "team_id")
ORDERS = {"": "", "child": "Child", "worker": "Worker", "team": "Team"}


def _as_they_are(part: pd.DataFrame) -> pd.DataFrame:
    return part


@dataclass(frozen=True)
class Listed:
    """A whole list: its rows in order, the columns they are shown by, and what is worked out only of the rows drawn.

    first: how the order the list comes in is called ("The latest first").
    """

    caption: str
    columns: Sequence[Column]
    rows: pd.DataFrame
    first: str
    worded: Callable[[pd.DataFrame], pd.DataFrame] = field(default=_as_they_are)


def long_list(view: View, listed: Listed) -> list[Component]:
    """The list of a view with its search and order where it is long: `long_list(view, Listed("Overdue", columns, rows, "By day"))`."""
    found = as_asked(view, listed)
    many = len(listed.rows) > A_PART or bool(_find(view))
    tools = [_tools(view, listed, found)] if many else []
    if found.rows.empty:
        nobody = shell.link("Show the whole list", view.path, **{**_kept(view), "find": ""})
        return [*tools, cards.empty("No row holds these words", f"No child, worker or team here is called “{_find(view)}”.", nobody)]
    long = len(found.rows) > WHOLE
    table = _part(found, 0, A_PART if long else WHOLE)
    if long:
        table.className = f"{table.className} long"
        body: Any = table.children
        for name, value in _told(view, found).items():
            setattr(body, name, value)
    return [*tools, table]


def as_asked(view: View, listed: Listed) -> Listed:
    """The list as the address asks for it: only the rows that hold the words looked for, in the order chosen."""
    rows, find, order = listed.rows, _find(view).casefold(), _order(view)
    if find:
        holds = [rows[name].astype("str").map(named).str.casefold().str.contains(find, regex=False, na=False) for name in FOUND_IN]
        rows = rows[pd.concat(holds, axis=1).any(axis=1)]
    if order:
        rows = rows.sort_values(f"{order}_id", key=lambda names: names.astype("str").str.casefold(), kind="stable", na_position="last")
    return replace(listed, rows=rows)


def part_of(view: View, listed: Listed, asked: str) -> dict[str, object]:
    """One part of a list, as the page asks for it: which state of the data it is of, how long the list is, and its rows as HTML."""
    found = as_asked(view, listed)
    start = int(asked) * A_PART if asked.isdecimal() and len(asked) < 7 else len(found.rows)
    rows = _rows_of(_part(found, start)) if start < len(found.rows) else []
    now = view.store.held_version(view.viewer.authority)  # asked last: rows read while something was loaded are of no state the page knows
    return {"state": _state(now), "count": len(found.rows), "rows": markup(rows)}


def _told(view: View, found: Listed) -> dict[str, str]:
    """What the table says to its readers and to its script."""
    asked = {k: v for k, v in view.query.items() if k != "key"}
    return {
        "aria-rowcount": str(len(found.rows) + 1), "data-count": str(len(found.rows)), "data-part": str(A_PART),
        "data-state": _state(view.held), "data-rows": shell.address(f"/rows{view.path}", asked),
    }  # fmt: skip


def _part(found: Listed, start: int, many: int = A_PART) -> Component:
    """Some rows as the table they stand in, each saying which row of the whole list it is."""
    part = found.worded(found.rows.iloc[start : start + many])
    table = plain_table(found.columns, part.to_dict("records"), found.caption)
    for place, row in enumerate(_rows_of(table), start=start + 2):  # the heads are the first row
        setattr(row, "aria-rowindex", str(place))
    return table


def _rows_of(region: Component) -> list[Component]:
    table: Any = region.children
    rows: list[Component] = table.children[-1].children
    return rows


def _tools(view: View, listed: Listed, found: Listed) -> Component:
    """The search and the order of the list, and how many rows the words looked for have left."""
    kept = {k: v for k, v in _kept(view).items() if k != "find" and v}
    box = dcc.Input(
        id="list-find", name="find", type="search", value=_find(view), maxLength=LONGEST_FIND, placeholder="Child, worker, team"
    )
    form = html.Form(
        [
            html.Label([html.Span("Find in this list", className="vh"), box], className="find"),
            *(dcc.Input(id=f"list-{name}", name=name, type="hidden", value=value) for name, value in kept.items()),
            html.Button("Find", type="submit", className="btn"),
        ],
        action=view.path, method="GET", className="search", role="search",
    )  # fmt: skip
    names = [name for name in ORDERS if not name or listed.rows[f"{name}_id"].notna().any()]
    order = shell.Choice("order", "Order", [(name, ORDERS[name] or listed.first) for name in names], _order(view))
    left = f"{words.count(len(found.rows))} of {words.count(len(listed.rows))} rows hold “{_find(view)}”." if _find(view) else ""
    said = html.P([f"{left} ", shell.link("Show them all", view.path, **{**_kept(view), "find": ""})], className="small") if left else None
    return html.Div([form, shell.filters(view.path, [order], label="Order of the list"), *([said] if said else [])], className="list-tools")


def _kept(view: View) -> Mapping[str, str]:
    return {k: v for k, v in view.query.items() if k != "key"}


def _find(view: View) -> str:
    return view.query.get("find", "").strip()[:LONGEST_FIND]


def _order(view: View) -> str:
    asked = view.query.get("order", "")
    return asked if asked in ORDERS else ""


def _state(held: tuple[int, ...]) -> str:
    """The state of the cases in a word: a list drawn of one state is never continued from another."""
    return ".".join(str(part) for part in held)
