"""What is overdue, and what falls due in the next five working days: for every duty, any unit and any day, child by child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from data.store import Store
from data.viewer import Viewer
from kpi.brought_by import brings
from kpi.duties import DUE_SOON, DUTIES, IN_TIME, LEFT_OUT, OVERDUE, Duty, answers
from layouts import cards, shell, words
from layouts.freshness import SOURCE_TITLES
from layouts.long_list import Listed, long_list
from layouts.marks import status_mark
from layouts.owed import every_duty
from layouts.page import Page
from layouts.tables import Column, plain_table
from layouts.view import View, named

SHOWS = {"": "Overdue, then due soon", "overdue": "Overdue", "soon": "Due in the next 5 working days", "left-out": "Left out"}
STATES = {"": (OVERDUE, DUE_SOON), "overdue": (OVERDUE,), "soon": (DUE_SOON,), "left-out": (LEFT_OUT,)}


def draw(view: View) -> Component:
    """Everything owed in the unit chosen as at a day: the longest overdue first."""
    if view.period is None:
        says = "The data team loads extracts with: python app.py load PATH"
        return html.Div([shell.heading("Due and overdue"), cards.empty("Nothing is loaded yet", says)], className="wrap")
    day, refused = asked_day(view)
    rows, known = owed(view, day), _known(view, day)
    show, duty = _show(view), asked_duty(view)
    title = f"Due and overdue{f', {view.unit_name}' if view.unit[1] else ''}"
    return html.Div(
        [
            shell.heading(title, shell.buttons(shell.download("Export to Excel", _export_address(view)))),
            html.Div([_as_at(day, refused), shell.filters("/due", _choices(view, rows, show, duty))], className="head below"),
            _day_form(view, day),
            *_not_yet_known(known),
            by_duty(view, rows, duty),
            _list(view, _listed(view, rows)),
            *_cannot_say(known),
        ],
        className="wrap list-page due",
    )


def asked_day(view: View) -> tuple[pd.Timestamp, str]:
    """The day the lists are as at: the one asked for, else the end of the period; and what is said where the day asked for is none."""
    assert view.period is not None
    text = view.query.get("day", "").strip()
    if not text:
        return view.period, ""
    for written in ("%d/%m/%Y", "%Y-%m-%d"):
        day = pd.to_datetime(text, format=written, errors="coerce")
        if not pd.isna(day):
            return pd.Timestamp(day), ""
    return view.period, f" “{text[:20]}” is not a day: write it as dd/mm/yyyy."


def asked_duty(view: View) -> str:
    """The one duty asked for; empty for every duty, and where there is no such duty."""
    asked = view.query.get("duty", "")
    return asked if any(duty.key == asked for duty in DUTIES) else ""


def owed(view: View, day: pd.Timestamp) -> pd.DataFrame:
    """Every duty this viewer may see that is overdue, due soon or cannot be dated, in the unit and of the worker chosen.

    A team is in the service it belonged to that day.
    """
    every = every_duty(view, day)
    rows = every[every["state"] != IN_TIME].reset_index(drop=True)
    if view.team:
        rows = rows[rows["team_id"] == view.team]
    elif view.service:
        rows = rows[rows["service_id"] == view.service]
    worker = view.query.get("worker", "")
    return rows[rows["worker_id"] == worker] if worker else rows


@lru_cache(maxsize=8)
def _answers(store: Store, viewer: Viewer, held: tuple[int, ...], day: pd.Timestamp) -> pd.DataFrame:
    """What the data can speak of; it tells of extracts, never of a child, and holds for everyone who may look."""
    return store.told(viewer, partial(answers, day=day))


def _known(view: View, day: pd.Timestamp) -> pd.DataFrame:
    return _answers(view.store, view.viewer, view.held, day)


def _as_at(day: pd.Timestamp, refused: str) -> Component:
    return html.P(["As at ", html.B(words.day(day)), f".{refused} A duty is late from the day after it was due."], className="asat")


def _choices(view: View, rows: pd.DataFrame, show: str, duty: str) -> list[shell.Choice]:
    """The filters of every page, then worker (in a team), duty and what to show."""
    worker = view.query.get("worker", "")
    workers = sorted(set(rows["worker_id"]) | ({worker} if worker else set()))
    clears = {"period": ("day",), "service": ("team", "worker"), "team": ("worker",)}
    listed = [replace(choice, clears=clears.get(choice.name, ())) for choice in view.choices()]
    if view.team or worker:
        listed.append(shell.Choice("worker", "Worker", [("", "All workers"), *((w, named(w)) for w in workers)], worker))
    duties = [("", "Every duty"), *((d.key, d.title) for d in DUTIES)]
    return [
        *listed,
        shell.Choice("duty", "Duty", duties, duty),
        shell.Choice("show", "Show", list(SHOWS.items()), show),
    ]


def _day_form(view: View, day: pd.Timestamp) -> Component:
    kept = {k: v for k, v in view.query.items() if k not in ("key", "day") and v}
    field = dcc.Input(id="due-day", name="day", type="text", value=f"{day:%d/%m/%Y}", inputMode="numeric", debounce=True)
    return html.Form(
        [
            html.Label([html.Span("As at any day (dd/mm/yyyy)"), field], className="pick"),
            *(dcc.Input(id=f"due-{name}", name=name, type="hidden", value=value) for name, value in kept.items()),
            html.Button("Show that day", type="submit", className="btn"),
        ],
        action="/due", method="GET", className="search day",
    )  # fmt: skip


def _not_yet_known(known: pd.DataFrame) -> list[Component]:
    """Said before any list: for how many duties the data does not reach this day, so that what was done since may look undone."""
    behind = int(((known["missing"] == "") & ~known["up_to_date"]).sum())
    if not behind:
        return []
    many = words.plural(behind, "duty", "duties")
    says = f"For {many} the data does not reach this day: what was done since is not known yet, and shows here as overdue. "
    return [html.P([html.B("Not all is known. "), says, html.A("See which", href="#cannot-say")], className="comment")]


def by_duty(view: View, rows: pd.DataFrame, duty: str = "") -> Component:
    """How many of each duty are overdue and due soon, each leading to its list. rows: those not in time; `duty`: the one shown."""
    counts = rows.groupby(["duty", "state"]).size().unstack(fill_value=0)
    held = [d for d in DUTIES if d.key in counts.index]

    def number(d: Duty, state: str, show: str) -> Any:
        n = int(counts.at[d.key, state]) if state in counts else 0
        href = shell.address("/due", {**_kept(view), "duty": d.key, "show": show})
        return html.A(words.count(n), href=href, **{"aria-label": f"{words.count(n)} {SHOWS[show].lower()}: {d.title}"}) if n else "0"

    columns = [
        Column("Duty", lambda r: html.B(r["d"].title) if r["d"].key == duty else r["d"].title),
        Column("Overdue", lambda r: number(r["d"], OVERDUE, "overdue"), numeric=True),
        Column("Due in 5 working days", lambda r: number(r["d"], DUE_SOON, "soon"), numeric=True),
        Column("Left out", lambda r: number(r["d"], LEFT_OUT, "left-out"), numeric=True),
    ]
    table = html.Div(
        plain_table(columns, [{"d": d} for d in held], "By duty", nothing="Nothing is overdue or due soon here."), className="by-duty"
    )
    return cards.section("By duty", table, says="Left out: too little is recorded to say when it is due, or whether it was done.")


def _kept(view: View) -> dict[str, str]:
    return {k: v for k, v in view.query.items() if k in ("period", "service", "team", "worker", "day") and v}


def listed(view: View) -> Listed | None:
    """The whole list of an address, of what this viewer may see; None before anything is loaded."""
    return None if view.period is None else _listed(view, owed(view, asked_day(view)[0]))


def _listed(view: View, rows: pd.DataFrame) -> Listed:
    """Of what is owed, the duty and the states asked for."""
    show, duty = _show(view), asked_duty(view)
    chosen = rows[rows["state"].isin(STATES[show]) & ((rows["duty"] == duty) | (duty == ""))]
    title = f"{_of_duty(view)}{SHOWS[show]}: {words.count(len(chosen))}"
    return Listed(title, columns_of(show), chosen, "As recorded" if show == "left-out" else "The longest overdue first")


def _list(view: View, whole: Listed) -> Component:
    if whole.rows.empty:
        return cards.section(whole.caption, cards.empty("Nothing to list", "Nothing of this kind is owed here on that day."))
    return cards.section(whole.caption, *long_list(view, whole))


def _show(view: View) -> str:
    asked = view.query.get("show", "")
    return asked if asked in SHOWS else ""


def _of_duty(view: View) -> str:
    duty = asked_duty(view)
    return next((f"{d.title}. " for d in DUTIES if d.key == duty), "")


def columns_of(show: str = "") -> list[Column]:
    """The columns of a list of duties: what is overdue or due soon (or, with "left-out", why there is no day), last done, and by whom."""
    if show == "left-out":
        said = [Column("Why it is left out", _why_left_out)]
    else:
        said = [Column("Late or left", _late, wrap=False), Column("Due", lambda r: words.day(r["due_on"]), wrap=False)]
    return [
        Column("Child", _who, wrap=False),
        Column("Duty", _duty),
        *said,
        Column("Last done", lambda r: words.day(r["last_on"]), wrap=False),
        Column("Worker", lambda r: named(r["worker_id"]), wrap=False),
        Column("Team", lambda r: named(r["team_id"]), wrap=False),
    ]


def _why_left_out(row: Mapping[str, Any]) -> str:
    said: str = row["left_out"]
    return said[:1].upper() + said[1:]


def _who(row: Mapping[str, Any]) -> str:
    """The child, or for a duty to a worker or an action whom or what it is owed to."""
    return str(row["child_id"]) if row["cohort"] == "child" else words.NONE if row["cohort"] == "worker" else f"Action {row['case_id']}"


def _duty(row: Mapping[str, Any]) -> Component:
    """The duty, and one tap away the rule that gave its day."""
    if not row["rule"]:
        return html.Span(row["title"])
    said = f"Due {row['rule']}."
    if not words.missing(row["working_days_late"]):
        working = int(row["working_days_late"])
        end = "late" if row["state"] == OVERDUE else "left"
        said = f"{said} {words.plural(abs(working), 'working day', 'working days')} {end}."
    return html.Details([html.Summary(row["title"]), html.P(said, className="small quiet")], className="rule")


def _late(row: Mapping[str, Any]) -> Component:
    days = int(row["days_late"])
    if row["state"] == OVERDUE:
        return status_mark("not met", f"{words.plural(days, 'day', 'days')} late")
    return status_mark("near", "Due that day" if days == 0 else f"{words.plural(-days, 'day', 'days')} left")


def _cannot_say(known: pd.DataFrame) -> list[Component]:
    """The duties the data cannot speak of, or not up to this day: what was done since is not yet known."""
    rows = known[(known["missing"] != "") | ~known["up_to_date"]].to_dict("records")
    columns = [Column("Duty", "title"), Column("What is known", _what_is_known)]
    if not rows:
        return []
    says = "What was done after the day an extract speaks to is not known yet, and shows here as overdue."
    table = plain_table(columns, rows, "What the data cannot say")
    return [cards.section("What the data cannot say", table, says=says, ident="cannot-say")]


def _what_is_known(row: Mapping[str, Any]) -> str:
    if row["missing"]:
        return f"Not listed: {', and '.join(_brought(need) for need in row['missing'].split(', '))}"
    return "Not known up to when" if pd.isna(row["known_until"]) else f"Known up to {words.day(row['known_until'])}"


def _brought(need: str) -> str:
    """What would bring one need of a duty: "a|b" is either of two tables, "table.column" a column of one."""
    sources = brings(one.split(".")[0] for one in need.split("|"))
    titles = [SOURCE_TITLES.get(source, source.replace("_", " ")) for source in sources]
    return f"{' or '.join(titles)} would bring what it needs"


def _export_address(view: View) -> str:
    return shell.address("/export/due.xlsx", {k: v for k, v in view.query.items() if k != "key"})


PAGE = Page("/due", draw, "Due", listed=listed)
