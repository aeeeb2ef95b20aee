"""The loads: what came of each, and taking one back, with a page in between that says what that does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from layouts import cards, shell, words
from layouts.data_page import data_page, nothing_loaded, paged
from layouts.freshness import titled
from layouts.page import Page
from layouts.tables import Column, plain_table
from layouts.view import View

A_PAGE = 50
STATES = {"": "All loads", "held": "Held", "withdrawn": "Withdrawn"}
SAYS = "Nothing is overwritten. Withdrawing a load brings back the state before it"


def draw(view: View) -> Component:
    """Every load, newest first, of the source and state asked for."""
    if view.loads.empty:
        return nothing_loaded("Loads", "/data/loads")
    source, state = view.query.get("source", ""), view.query.get("state", "")
    rows = view.loads
    rows = rows[(rows["source"] == source) | (source == "")]
    if state in ("held", "withdrawn"):
        rows = rows[rows["withdrawn_at"].isna() == (state == "held")]
    page, steps = paged(view, len(rows), A_PAGE)
    sources = sorted(view.loads["source"].unique(), key=titled)
    choices = [
        shell.Choice("source", "Source", [("", "All sources"), *((s, titled(s)) for s in sources)], source, clears=("page",)),
        shell.Choice("state", "Show", list(STATES.items()), state, clears=("page",)),
    ]
    table = _table(view, rows.iloc[(page - 1) * A_PAGE : page * A_PAGE], "Loads")
    says = [f"{SAYS}. ", *([] if view.loading else ["On the command line: ", html.Code("python app.py loads withdraw NUMBER"), "."])]
    return data_page(
        "/data/loads", f"Loads: {words.count(len(rows))}", [html.Div([table, *steps], className="blk")],
        says=says, filters=shell.filters("/data/loads", choices),
    )  # fmt: skip


def latest(view: View, most: int) -> Component:
    """The newest loads, as a section of the Data page."""
    more = shell.link(f"All {words.plural(len(view.loads), 'load', 'loads')}", "/data/loads")
    return cards.section("Latest loads", _table(view, view.loads.head(most), "Latest loads"), says=f"{SAYS}.", aside=more)


def _table(view: View, rows: pd.DataFrame, caption: str) -> Component:
    columns = [
        Column("Load", lambda b: str(b["batch_id"]), numeric=True),
        Column("When", lambda b: words.moment(b["loaded_at"]), wrap=False),
        Column("Who", "loaded_by"),
        Column("File", lambda b: html.Code(b["file"])),
        Column("Source", lambda b: titled(b["source"])),
        Column("As at", lambda b: words.day(b["as_at"]), numeric=True),
        Column("Rows", lambda b: words.count(b["rows_in"]), numeric=True),
        Column("Outcome", _outcome),
    ]
    if view.loading:
        columns.append(Column("Withdraw", _withdraw, hidden_title=True, wrap=False))
    return plain_table(columns, rows.to_dict("records"), caption, nothing="No load is of this kind.")


def _outcome(load: Mapping[str, Any]) -> str:
    if not words.missing(load["withdrawn_at"]):
        return f"Withdrawn on {words.moment(load['withdrawn_at'])} by {load['withdrawn_by']}"
    new, unchanged, aside = (words.count(load[c]) for c in ("rows_new", "rows_unchanged", "rows_set_aside"))
    return f"{new} new or changed, {unchanged} unchanged, {aside} set aside"


def _withdraw(load: Mapping[str, Any]) -> Any:
    if not words.missing(load["withdrawn_at"]):
        return words.NONE
    number = load["batch_id"]
    return html.A("Withdraw", href=f"/data/withdraw/{number}", **{"aria-label": f"Withdraw load {number}, {load['file']}"})


def confirm(view: View) -> Component:
    """What withdrawing one load does, and the button that does it."""
    asked = view.query["key"]
    found = view.loads[view.loads["batch_id"].astype(str) == asked]
    back = shell.link("See the loads", "/data/loads")
    if found.empty:
        return data_page(
            "/data/loads", "Withdraw a load", [cards.empty(f"There is no load {asked[:20]}", "Its number is in the list.", back)]
        )
    load = found.iloc[0]
    title = f"Withdraw load {load['batch_id']}"
    if not words.missing(load["withdrawn_at"]):
        return data_page("/data/loads", title, [cards.empty(f"Load {load['batch_id']} is withdrawn already", _outcome(load), back)])
    facts = {
        "File": html.Code(load["file"]), "Source": titled(load["source"]), "As at": words.day(load["as_at"]),
        "Loaded": f"{words.moment(load['loaded_at'])} by {load['loaded_by']}", "Outcome": _outcome(load),
    }  # fmt: skip
    told = html.Dl([part for term, says in facts.items() for part in (html.Dt(term), html.Dd(says))], className="dl load-facts")
    action: Component = html.P(["On the command line: ", html.Code(f"python app.py loads withdraw {load['batch_id']}")])
    if view.loading:
        action = shell.buttons(
            html.Button("Withdraw it", type="button", className="btn go", **{"data-withdraw": str(load["batch_id"])}),
            html.A("Keep it", href="/data/loads", className="btn"),
        )
    says = "What was held before it holds again, and every figure is worked out anew. Nothing is deleted: load the file again to undo this."
    done = html.Div(className="drop-told", role="status", **{"aria-live": "polite"})
    return data_page("/data/loads", title, [html.Div([told, action, done], className="blk")], says=says)


PAGES: tuple[Page, ...] = (
    Page("/data/loads", draw, part_of="/data"), Page("/data/withdraw/<key>", confirm, part_of="/data"),
)  # fmt: skip
