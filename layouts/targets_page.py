"""Targets: what every measure is to reach, from which day and by when, who said so, and how far it is; and for those who may, the form.

Rows are superseded, never edited: a month keeps the target of its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import DOMAINS, REGISTER, Kpi
from kpi.targets import SUSTAINED_MONTHS
from layouts import cards, shell, words
from layouts.briefing import kpi_link
from layouts.marks import status_mark, sustained_dots
from layouts.page import Page
from layouts.tables import Column, plain_table
from layouts.target_forms import take_back_button, target_form
from layouts.view import View

SET_HERE = "set here"
ORIGIN_WORDS = {"shipped": "Comes with Sightline", "loaded": "Loaded", SET_HERE: "Set here"}
IN_FORCE, LATER, PAST, REPLACED = "In force", "From later on", "Superseded", "Another of the same day holds"


def draw(view: View) -> Component:
    """Every dated target by measure, the one in force marked, with how far each is from being held."""
    rows = target_states(view)
    now = _figures(view)
    without = [kpi for kpi in REGISTER.values() if kpi.key not in set(rows["kpi"]) and kpi.better is not None]
    asked = view.query.get("kpi", "")
    period = [] if view.period is None else [shell.filters("/targets", view.choices()[:1])]
    steps = view.store.target_steps(view.viewer)
    may = view.viewer.may_set_targets
    return html.Div(
        [
            shell.heading("Targets", *period),
            html.P(
                "A month is judged by the target of its own day. A target is never changed: a later one takes over from its day, and one "
                "set here can be taken back. Of one day, a target set here holds over one loaded, and that one over one that comes with "
                "Sightline.",
                className="quiet lead",
            ),
            target_form(asked, len(steps)) if may else html.P("Targets are set by the data team.", className="small quiet"),
            *(_domain(view, domain.title, rows, now, domain.key) for domain in DOMAINS),
            *_unknown(rows),
            _without(view, without),
            _history(steps),
        ],
        className="wrap targets",
    )


def target_states(view: View) -> pd.DataFrame:
    """`Store.target_rows` with `state`: in force in the period looked at, from later on, superseded, or replaced by another of its day."""
    rows = view.store.target_rows(view.viewer.authority)
    period = view.period
    begun = rows["since"] <= period if period is not None else rows["since"].notna()
    last = rows[begun & rows["holds"]].groupby("kpi")["since"].transform("max").reindex(rows.index)
    state = pd.Series(PAST, index=rows.index, dtype="object")
    state[~begun] = LATER
    state[begun & rows["holds"] & (rows["since"] == last)] = IN_FORCE
    state[~rows["holds"]] = REPLACED
    return rows.assign(state=state)


def _figures(view: View) -> dict[str, dict[str, Any]]:
    if view.period is None:
        return {}
    whole = view.figures("authority", months=0)
    return {row["kpi"]: row for row in whole[whole["period"] == view.period].to_dict("records")}


def _domain(view: View, title: str, rows: pd.DataFrame, now: Mapping[str, dict[str, Any]], domain: str) -> Component | None:
    ours = [REGISTER[key] for key in REGISTER if REGISTER[key].domain == domain and key in set(rows["kpi"])]
    if not ours:
        return None
    return cards.section(title, *[_measure(view, kpi, rows[rows["kpi"] == kpi.key], now.get(kpi.key)) for kpi in ours])


def _measure(view: View, kpi: Kpi, rows: pd.DataFrame, now: Mapping[str, Any] | None) -> Component:
    newest_first = rows.sort_values("since", ascending=False, kind="stable").to_dict("records")
    return html.Div(
        [
            html.Div([html.H3(html.A(kpi.title, href=kpi_link(view, kpi.key))), *_stand(view, kpi, now)], className="stand"),
            plain_table(
                _columns(view, kpi, bool((rows["origin"] == SET_HERE).any())), newest_first, f"Targets of {kpi.title}", row_class=_marked
            ),
        ],
        className="target",
        id=f"target-of-{kpi.key}",
    )


def _marked(row: Mapping[str, Any]) -> Any:
    return "sel" if row["state"] == IN_FORCE else ""


def _stand(view: View, kpi: Kpi, now: Mapping[str, Any] | None) -> list[Component]:
    """The figure, its status, how many of the last three months met it and what is still to go."""
    if now is None or view.period is None:
        return [html.Span("No figure this month", className="quiet")]
    parts = [html.B(words.figure(now["value"], kpi.measure)), status_mark(str(now["status"]))]
    if not words.missing(now["sustained"]):
        parts += [sustained_dots([bool(met) for met in now["months_met"]]), html.Span(to_be_sustained(now["months_met"]))]
    left = months_to_go(now["target_by"], view.period)
    return [*parts, *([html.Span(left, className="quiet")] if left else [])]


def to_be_sustained(months_met: tuple[bool | None, ...]) -> str:
    """How many more months it must be met to be sustained: "2 more months to be sustained"."""
    running = 0
    for met in reversed(months_met):
        if not met:
            break
        running += 1
    more = SUSTAINED_MONTHS - running
    return "Sustained" if more <= 0 else f"{words.plural(more, 'more month', 'more months')} to be sustained"


def months_to_go(by: pd.Timestamp | None, period: pd.Timestamp) -> str:
    """How long there is until a target is to be reached: "2 months to go", "due this month", "10 months past its day"."""
    if by is None or words.missing(by):
        return ""
    left = (by.year - period.year) * 12 + by.month - period.month
    if left == 0:
        return "To be reached this month"
    return f"{words.plural(left, 'month', 'months')} to go" if left > 0 else f"{words.plural(-left, 'month', 'months')} past its day"


def _columns(view: View, kpi: Kpi, any_set_here: bool) -> list[Column]:
    def shown(value: Any) -> str:
        return words.target_words(value, kpi.better, kpi.measure) if not words.missing(value) else words.NONE

    def last(row: Mapping[str, Any]) -> Any:
        if row["origin"] != SET_HERE:
            return ""
        return take_back_button(str(row["id"]), f"the target of {kpi.title} from {words.day(row['since'])}")

    return [
        Column("From", lambda r: words.day(r["since"]), wrap=False),
        Column("Target", lambda r: html.B(shown(r["green"])), numeric=True),
        Column("Near from", lambda r: shown(r["amber"]), numeric=True),
        Column("Reach by", lambda r: words.day(r["by"]), wrap=False),
        Column("State", lambda r: html.B(IN_FORCE) if r["state"] == IN_FORCE else r["state"]),
        Column("Set by", "set_by"),
        Column("Where it is written", "source", quiet=True),
        Column("Note", "note", quiet=True),
        Column("Came", lambda r: ORIGIN_WORDS[r["origin"]]),
        *([Column("Take back", last, hidden_title=True)] if view.viewer.may_set_targets and any_set_here else []),
    ]


def _unknown(rows: pd.DataFrame) -> list[Component]:
    """Targets whose measure there is none of: shown, so that nobody thinks they judge anything."""
    stray = rows[~rows["kpi"].isin(list(REGISTER))].to_dict("records")
    if not stray:
        return []
    columns = [
        Column("Key", lambda r: html.Code(r["kpi"])), Column("From", lambda r: words.day(r["since"]), wrap=False),
        Column("Target", lambda r: words.plain(r['green']), numeric=True), Column("Set by", "set_by"),
        Column("Came", lambda r: ORIGIN_WORDS[r["origin"]]),
    ]  # fmt: skip
    says = "No measure has these keys, so these targets judge nothing. Correct the key, as the catalogue has it, and load the file again."
    return [cards.section("Targets of no measure there is", plain_table(columns, stray, "Targets of no measure there is"), says=says)]


def _without(view: View, measures: list[Kpi]) -> Component | None:
    if not measures:
        return None
    listed = html.Ul([html.Li(html.A(kpi.title, href=kpi_link(view, kpi.key))) for kpi in measures])
    return html.Details([html.Summary(f"{words.plural(len(measures), 'measure has', 'measures have')} no target set"), listed])


def _history(steps: pd.DataFrame) -> Component:
    columns = [
        Column("When", lambda r: words.moment(r["done_at"]), wrap=False), Column("Who", "done_by"),
        Column("Did", lambda r: str(r["did"]).capitalize(), wrap=False),
        Column("Measure", lambda r: REGISTER[r["kpi"]].title if r["kpi"] in REGISTER else html.Code(r["kpi"])),
        Column("From", lambda r: words.day(r["since"]), wrap=False), Column("Target", lambda r: words.plain(r['green']), numeric=True),
        Column("Set by", "set_by"),
    ]  # fmt: skip
    table = plain_table(columns, steps.iloc[::-1].to_dict("records"), "Changes made here", nothing="No target has been set here yet.")
    return cards.section("Changes made here", table, says="Every target set or taken back in Sightline, newest first.")


PAGE = Page("/targets", draw, "Targets")
