"""Part 2 of a surgery, now: the measures of its focus and those that really moved, and its workers side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from layouts import words
from layouts.marks import spark_alt, sparkline, status_mark
from layouts.signs import is_it_real
from layouts.surgery_meeting import Meeting
from layouts.surgery_step import step
from layouts.surgery_words import due_href, kpi_href
from layouts.tables import Column, plain_table
from layouts.view import named

SUPERVISION = {"overdue": "Overdue", "due_soon": "Due soon", "in_time": "In time", "left_out": "Cannot be dated"}
HISTORY_SHORT = "history short"


def now(meeting: Meeting) -> Component:
    """Measures and workers as they stand on the day of the surgery."""
    measures, workers = _measures(meeting), _workers(meeting)
    rows = newest(meeting)
    heading = _heading(rows[0]) if rows else "Now: no figure for the day of this surgery"
    says = _to_target(rows[0]) if rows else None
    return step(2, heading, [html.Div([measures, workers], className="two")], says)


def newest(meeting: Meeting) -> list[Mapping[str, Any]]:
    """The measures of the month the surgery looks at, in their order."""
    frame = meeting.figures
    return [] if frame.empty else [dict(row) for row in frame[frame["period"] == meeting.period].to_dict("records")]


def _heading(row: Mapping[str, Any]) -> str:
    """What the first measure of the focus says: "Now: 8 of 13 children with a plan open seen in time, down from 9"."""
    if words.missing(row["value"]):
        return f"Now: no figure of {row['title'][:1].lower()}{row['title'][1:]}"
    if row["measure"] != "percent":
        return f"Now: {row['title']}, {words.figure(row['value'], row['measure'])}"
    said = f"Now: {words.n_of_N(row['numerator'], row['denominator'])} {row['noun']} {row['did']}"
    was = row["numerator_before"]
    if words.missing(was) or was == row["numerator"]:
        return said
    return f"{said}, {'up' if row['numerator'] > was else 'down'} from {words.count(was)}"


def _to_target(row: Mapping[str, Any]) -> str | None:
    """The target of that measure, by when, and how many more cases it takes."""
    if words.missing(row["target"]):
        return None
    said = f"Target {words.target_words(row['target'], row['better'], row['measure'])} {words.by_words(row['target_by'])}".strip()
    if row["measure"] != "percent" or row["better"] != "higher" or words.missing(row["value"]) or row["status"] == "met":
        return said
    more = _more_cases(float(row["numerator"]), float(row["denominator"]), float(row["target"]))
    return f"{said}: {words.count(more)} more" if more else said


def _more_cases(numerator: float, denominator: float, target: float) -> int:
    """How many more of the same cases would meet the target, judged as it is shown: rounded to one decimal."""
    short = (n for n in range(int(denominator - numerator) + 1) if words.rounded(100 * (numerator + n) / denominator) >= target)
    return next(short, 0)


def _measures(meeting: Meeting) -> Component:
    rows = newest(meeting)
    by_key = {str(key): part.sort_values("period") for key, part in meeting.figures.groupby("kpi")} if rows else {}
    columns = [
        Column("Measure", lambda r: html.Span([html.A(r["title"], href=kpi_href(meeting, r["kpi"])), _under(r)])),
        Column("Status", lambda r: status_mark(str(r["status"])), wrap=False),
        Column("24 months", lambda r: _spark(by_key[r["kpi"]], r)),
        Column("Is it real?", lambda r: is_it_real(r, r["better"] or None)),
    ]
    table = plain_table(columns, rows, "Measures", nothing="No figures reach the day of this surgery.")
    more = (
        f"{words.plural(meeting.more, 'further measure signals', 'further measures signal')} a change; the briefing of the unit lists all."
    )
    return html.Div([table, *([html.P(more, className="small quiet")] if meeting.more else [])])


def _under(row: Mapping[str, Any]) -> Component:
    base = words.base(row["numerator"], row["denominator"], row["measure"])
    figure = words.figure(row["value"], row["measure"]) if row["measure"] != "percent" else ""
    target = "" if words.missing(row["target"]) else f"target {words.target_words(row['target'], row['better'] or None, row['measure'])}"
    return html.Span(", ".join(part for part in (figure, base, target) if part) or "no figure", className="sub")


def _spark(history: pd.DataFrame, row: Mapping[str, Any]) -> Component:
    months = pd.date_range(end=row["period"], periods=24, freq="ME").as_unit("s")
    held = history.drop_duplicates("period", keep="last").set_index("period").reindex(months)
    short = held["note"].fillna("") == HISTORY_SHORT
    values = _numbers(held["value"].mask(short))
    if all(value is None for value in values):
        return html.Span("No figures yet", className="quiet small")
    limits = [_limits(low, high, row["measure"]) for low, high in zip(_numbers(held["lower"]), _numbers(held["upper"]), strict=True)]
    said = "" if words.missing(row["target"]) else words.target_words(row["target"], row["better"] or None, row["measure"])
    figure = words.figure(row["value"], row["measure"]).replace(words.NONE, "no figure")
    alt = spark_alt(row["title"], 24, words.month(row["period"]), figure, said)
    return sparkline(values, _numbers(held["target"]), alt, width=112, height=32, limits=limits, signal=row["signal"] or None)


def _numbers(values: pd.Series) -> list[float | None]:
    return [None if words.missing(value) else float(value) for value in values]


def _limits(low: float | None, high: float | None, measure: str) -> tuple[float, float] | None:
    if high is None:
        return None
    return max(0.0, low or 0.0), min(100.0, high) if measure == "percent" else high


def _workers(meeting: Meeting) -> Component:
    rows: Sequence[Mapping[str, Any]] = [dict(row) for row in meeting.workers.to_dict("records")]
    columns = [
        Column("Worker", lambda r: _worker(meeting, r)),
        Column("Cases", lambda r: _number(r["cases"]), numeric=True),
        Column("In time", lambda r: _of(r), numeric=True),
        Column("Late", lambda r: html.B(words.count(r["overdue"])) if r["overdue"] else "0", numeric=True),
        Column("Due", lambda r: words.count(r["due_soon"]), numeric=True),
        Column("Last supervised", lambda r: _supervised(meeting, r), wrap=False),
    ]
    table = plain_table(columns, rows, "Workers, in name order", nothing="No worker of this unit held a case that day.")
    return html.Div([table])


def _number(value: Any) -> str:
    return words.NONE if words.missing(value) else words.count(value)


def _of(row: Mapping[str, Any]) -> str:
    return words.NONE if words.missing(row["of"]) or not row["of"] else words.n_of_N(row["in_time"], row["of"])


def _worker(meeting: Meeting, row: Mapping[str, Any]) -> Component:
    team = "" if words.missing(row["team_id"]) else str(row["team_id"])
    name = html.A(named(str(row["worker_id"])), href=due_href(meeting, team, str(row["worker_id"])))
    fte = "" if words.missing(row["fte"]) else f"{words.decimal(float(row['fte']))} FTE"
    role = "" if words.missing(row["role"]) else str(row["role"]).replace("_", " ")
    return html.Span([name, html.Span(", ".join(part for part in (fte, role) if part), className="sub")])


def _supervised(meeting: Meeting, row: Mapping[str, Any]) -> Component:
    """The day of the last supervision, and whether the next is overdue: how many weeks ago, set strong."""
    if words.missing(row["last_supervised_on"]):
        state = str(row["supervision_state"] or "")
        says = "overdue" if state == "overdue" else SUPERVISION.get(state, "").lower()
        return html.Span(["None recorded", *([html.Span(says, className="sub")] if says else [])])
    last = pd.Timestamp(row["last_supervised_on"])
    state = str(row["supervision_state"] or "")
    weeks = (meeting.held_on - last).days // 7
    under: Any = SUPERVISION.get(state, "").lower()
    if state == "overdue":
        under = html.B(f"{words.plural(weeks, 'week', 'weeks')} ago")
    return html.Span([words.short_day(last), *([html.Span(under, className="sub")] if under else [])])
