"""Completeness: of the rows that matter now, how many have each field filled, worst first, and which team leaves it empty."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.naming import called
from data.store import Store
from data.viewer import Viewer
from layouts import cards, shell, words
from layouts.data_page import data_page, nothing_loaded
from layouts.marks import meter
from layouts.page import Page
from layouts.tables import Column, plain_table
from layouts.view import View, named

HERE = "/data/completeness"
TITLE = "Completeness"
# Fields (of one table: table.field) that speak of something that need not have happened or apply: empty is no gap.
NEED_NOT_APPLY = frozenset(
    """
    ended_on end_reason end_reason_kind closed_on closure_kind closure_reason died_on expected_on mother_of_id unaccompanied
    unaccompanied_until_on absent_from_on absent_to_on leaving_kind actions_completed_on actions_due_on latest_review_on
    again_within_12_months interview_offered interview_accepted cancelled other_authority urn completed_on withdrawn_on resolved_on
    refused note stated transfer_in previous_plans conference_unnecessary supervision.child_id
    """.split()
)
OF_NO_TEAM = frozenset(
    ("team", "annotation", "target", "clock", "population", "published_figure", "measure_value", "establishment", "action")
)


def draw(view: View) -> Component:
    """The fields by how full they are; of one field, or one team, where the address asks for it."""
    if view.loads.empty:
        return nothing_loaded(TITLE, HERE)
    every = fields(view.store, view.viewer, view.version)
    team, table = view.query.get("team", ""), view.query.get("table", "")
    teams, tables = sorted({*every["team_id"]} - {""}), sorted(every["table"].unique(), key=titled)
    choices = [
        shell.Choice("team", "Team", [("", "All teams"), *((t, named(t)) for t in teams)], team),
        shell.Choice("table", "Of", [("", "Everything"), *((t, titled(t)) for t in tables)], table, clears=("field",)),
    ]
    ours = every[(every["team_id"] == team) | (team == "")]
    ours = ours[(ours["table"] == table) | (table == "")]
    field = view.query.get("field", "")
    asked = every[(every["table"] == table) & (every["field"] == field)] if field else every.head(0)
    content = [_field(asked, table, field, view)] if len(asked) else [*_fields(ours, view), _teams(ours if not team else every, view)]
    return data_page(
        HERE, TITLE, content, filters=shell.filters(HERE, choices),
        says="How many of the rows that matter now have each field filled in: what is open, the newest lists, and the last 12 months.",
    )  # fmt: skip


@lru_cache(maxsize=8)
def fields(store: Store, viewer: Viewer, version: tuple[int, int]) -> pd.DataFrame:
    """What `Store.completeness` says, without lists that are of no child or worker, and with `kind`.

    kind: wanted (it should be filled), optional (it need not apply) or absent (no extract loaded brings it).
    """
    held = store.completeness(viewer)
    held = held[~held["table"].isin(OF_NO_TEAM)].assign(team_id=lambda f: f["team_id"].fillna(""))
    some = held.groupby(["table", "field"])["filled"].transform("sum") > 0
    full_name = held["table"] + "." + held["field"]
    optional = held["field"].isin(NEED_NOT_APPLY) | full_name.isin(NEED_NOT_APPLY)
    kind = pd.Series("wanted", index=held.index).mask(~some, "absent").mask(optional, "optional")
    return held.assign(kind=kind)


def _fields(ours: pd.DataFrame, view: View) -> list[Component]:
    summed = ours.groupby(["table", "field", "kind"], as_index=False)[["rows", "filled"]].sum()
    summed = summed.assign(share=100 * summed["filled"] / summed["rows"].where(summed["rows"] > 0))
    wanted, optional, absent = (summed[summed["kind"] == kind] for kind in ("wanted", "optional", "absent"))
    short = wanted[wanted["filled"] < wanted["rows"]].sort_values(["share", "table", "field"])
    full = len(wanted) - len(short)
    rows = _table(short, view, "Fields with gaps", "Every field that should be filled is filled in every row.")
    gaps, rest = words.plural(len(short), "field has", "fields have"), words.plural(full, "other is", "others are")
    says = f"{gaps} gaps, the emptiest first; {rest} full."
    out = [cards.section("Fields with gaps", rows, says=says)]
    optional = optional[optional["filled"] > 0].sort_values(["table", "field"])
    if len(optional):
        inside = _table(optional, view, "Fields that need not apply", "")
        out.append(_folded(f"{words.plural(len(optional), 'field', 'fields')} that need not apply", inside))
    if len(absent):
        out.append(_folded(f"{words.plural(len(absent), 'field', 'fields')} no extract loaded brings", _absent(absent)))
    return out


def _folded(title: str, inside: Component) -> Component:
    return html.Details([html.Summary(title), inside], className="folded")


def _table(rows: pd.DataFrame, view: View, caption: str, nothing: str) -> Component:
    keep = {"team": view.query.get("team", "")}
    columns = [
        Column("Field", lambda r: shell.link(labelled(r["field"]), HERE, **keep, table=r["table"], field=r["field"]), wrap=False),
        Column("Of", lambda r: titled(r["table"]), wrap=False),
        Column("Filled", lambda r: share(r["filled"], r["rows"]), numeric=True),
        Column("Share", lambda r: meter(r["share"]), hidden_title=True, wide_only=True),
        Column("Rows", lambda r: words.n_of_N(r["filled"], r["rows"]), numeric=True),
        Column("Empty", lambda r: words.count(r["rows"] - r["filled"]), numeric=True),
    ]
    return plain_table(columns, rows.to_dict("records"), caption, nothing=nothing)


def _absent(rows: pd.DataFrame) -> Component:
    listed = [
        html.Li([html.B(titled(table)), ": ", ", ".join(labelled(f) for f in sorted(of["field"]))])
        for table, of in sorted(rows.groupby("table"), key=lambda item: titled(str(item[0])))
    ]
    return html.Ul(listed, className="absent")


def _teams(ours: pd.DataFrame, view: View) -> Component:
    """Each team's cells that should be filled, and how many are."""
    wanted = ours[(ours["kind"] == "wanted") & (ours["team_id"] != "")]
    summed = wanted.groupby("team_id", as_index=False)[["rows", "filled"]].sum()
    summed = summed.assign(share=100 * summed["filled"] / summed["rows"].where(summed["rows"] > 0)).sort_values(["share", "team_id"])
    table = view.query.get("table", "")
    columns = [
        Column("Team", lambda r: shell.link(named(r["team_id"]), HERE, table=table, team=r["team_id"]), wrap=False),
        Column("Filled", lambda r: share(r["filled"], r["rows"]), numeric=True),
        Column("Share", lambda r: meter(r["share"]), hidden_title=True, wide_only=True),
        Column("Cells", lambda r: words.n_of_N(r["filled"], r["rows"]), numeric=True),
        Column("Emptiest field", lambda r: _emptiest(wanted[wanted["team_id"] == r["team_id"]])),
    ]
    chosen = view.query.get("team", "")
    shown = plain_table(
        columns, summed.to_dict("records"), "Completeness by team", nothing="No row held has a team.",
        row_class=lambda r: "sel" if r["team_id"] == chosen else "",
    )  # fmt: skip
    return cards.section("By team", shown, says="Of all fields that should be filled, in the rows of the team. The emptiest team first.")


def _emptiest(rows: pd.DataFrame) -> str:
    gaps = rows[rows["filled"] < rows["rows"]]
    if gaps.empty:
        return "None"
    worst = gaps.loc[(gaps["filled"] / gaps["rows"]).idxmin()]
    return f"{titled(worst['table'])}: {labelled(worst['field']).lower()}, {words.n_of_N(worst['filled'], worst['rows'])}"


def _field(asked: pd.DataFrame, table: str, field: str, view: View) -> Component:
    """One field, team by team."""
    rows = asked.assign(share=100 * asked["filled"] / asked["rows"].where(asked["rows"] > 0)).sort_values(["share", "team_id"])
    filled, of = int(asked["filled"].sum()), int(asked["rows"].sum())
    chosen = view.query.get("team", "")
    columns = [
        Column("Team", lambda r: named(r["team_id"]) if r["team_id"] else "No team", wrap=False),
        Column("Filled", lambda r: share(r["filled"], r["rows"]), numeric=True),
        Column("Share", lambda r: meter(r["share"]), hidden_title=True, wide_only=True),
        Column("Rows", lambda r: words.n_of_N(r["filled"], r["rows"]), numeric=True),
        Column("Empty", lambda r: words.count(r["rows"] - r["filled"]), numeric=True),
    ]
    shown = plain_table(
        columns, rows.to_dict("records"), "One field by team", row_class=lambda r: "sel" if chosen and r["team_id"] == chosen else ""
    )
    return cards.section(
        f"{titled(table)}: {labelled(field).lower()}", shown,
        says=f"{share(filled, of)} filled, {words.n_of_N(filled, of)}. The emptiest team first.",
        aside=shell.link("All fields", HERE, **{k: view.query[k] for k in ("team", "table") if view.query.get(k)}),
    )  # fmt: skip


def share(filled: float, rows: float) -> str:
    """The share filled, which is 100 % only where nothing is missing."""
    if not rows:
        return words.NONE
    return words.pct(min(100 * filled / rows, 99.9) if filled < rows else 100)


def labelled(field: str) -> str:
    """A column as people read it: recorded_on is "Recorded on", sex_kind is "Sex", child_id is "Child id"."""
    words_of = field.removesuffix("_kind").replace("_", " ")
    return f"{words_of[:1].upper()}{words_of[1:]}"


def titled(table: str) -> str:
    """A table as people call it, in the plural: "Child protection plans"."""
    name = called(table, 2).removeprefix("2 ")
    return f"{name[:1].upper()}{name[1:]}"


PAGE = Page(HERE, draw, part_of="/data")
