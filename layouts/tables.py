"""Tables: the scorecard, the team comparison, and the plain table every other list is shown in.

Pure: frames or rows in, a component out. Real tables with a caption and headed rows. On a phone, or enlarged, one that has no room becomes
stacked rows: roles are written out, so that it is still a table to a screen reader when the stylesheet has laid it out as something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi.model import Domain, Kpi
from layouts import words
from layouts.glossary import words_used
from layouts.marks import meter, spark_alt, sparkline, status_mark, sustained_dots, value
from layouts.signs import ASSURANCE, VARIATION, is_it_real

Content = Any
Row = Mapping[str, Any]
RowClass = Literal["", "sel", "cut"]
SPARK_MONTHS = 24
NO_ROOM = 5  # columns, those of words counted twice: more than a phone held upright has room for

_WIDTHS = ("26%", "9%", "9%", "12%", "15.5%", "14.5%", "7%", "7%")
_NO_DATA: Row = {
    "value": None, "numerator": None, "denominator": None, "target": None, "target_by": None, "status": "no data",
    "change": None, "note": "", "signal": None, "assurance": "none", "chart": "", "lower": None, "upper": None,
}  # fmt: skip
Order = Literal["", "real", "assurance", "status"]
ORDERS: tuple[tuple[Order, str], ...] = (("", "Domain"), ("real", "Is it real?"), ("assurance", "Hits its target?"), ("status", "Status"))
SIGNALS: tuple[tuple[str, str], ...] = (
    ("concern", "Worsening"), ("improvement", "Improving"), ("fail", "Consistently misses"), ("hit_and_miss", "Hit or miss"),
    ("pass", "Consistently hits"), ("common", "No real change"),
)  # fmt: skip
_WORST_FIRST: Mapping[Order, tuple[str, ...]] = {
    "real": ("concern", "improvement", "high", "low", "common"), "assurance": ("fail", "hit_and_miss", "pass"),
    "status": ("not met", "near", "met", "few cases", "no target", "no cases", "no data"),
}  # fmt: skip
_ORDER = ("met", "near", "not met", "few cases", "no target", "no cases", "no data")


@dataclass(frozen=True)
class Column:
    """One column of a plain table: `Column("Rows", "rows", numeric=True)`, or `Column("File", lambda row: html.Code(row["file"]))`."""

    title: str
    cell: str | Callable[[Row], Content]
    numeric: bool = False
    quiet: bool = False
    wrap: bool = True
    hidden_title: bool = False
    wide_only: bool = False  # left out on a phone: only for what another column also says

    def shown(self, row: Row) -> Content:
        return self.cell(row) if callable(self.cell) else row.get(self.cell)

    @property
    def classes(self) -> str:
        named = (("num", self.numeric), ("quiet", self.quiet), ("nw", self.numeric or not self.wrap), ("wide", self.wide_only))
        return " ".join(name for name, on in named if on)


def plain_table(
    columns: Sequence[Column], rows: Iterable[Row], caption: str, *, groups: Callable[[Row], str] | None = None,
    group_heads: Mapping[str, Content] | None = None, row_class: Callable[[Row], RowClass] | None = None,
    nothing: str = "Nothing to show.",
) -> Component:  # fmt: skip
    """A plain table, first column heading its row: `plain_table([Column("File", "file")], [{"file": "visits.csv"}], "Latest loads")`.

    `groups` names the group of a row (rows must come in group order) and `group_heads` words its heading.
    `row_class` may pick out a row ("sel") or set it off from those below it, as a total ("cut").
    """
    body: list[Component] = []
    group: str | None = None
    for row in rows:
        if groups and groups(row) != group:
            group = groups(row)
            head = (group_heads or {}).get(group, group)
            body.append(html.Tr(html.Th(head, colSpan=len(columns), scope="rowgroup", role="rowheader"), className="sub-h", role="row"))
        body.append(_plain_row(columns, row, row_class(row) if row_class else ""))
    if not body:
        return html.P(nothing, className="quiet calm")
    table = html.Table(
        [
            html.Caption(caption, className="vh"),
            html.Thead(html.Tr([_head(column) for column in columns], role="row"), role="rowgroup"),
            html.Tbody(body, role="rowgroup"),
        ],
        className="pt tight stack" if _room(columns) >= NO_ROOM else "pt tight",
        role="table",
    )
    return scroll(table, caption)


def scroll(content: Component, label: str, *, name: str = "scroll") -> Component:
    """Anything wide, in a region of its own that a phone or a keyboard can scroll: `scroll(table, "Latest loads")`."""
    return html.Div(content, className=name, role="region", tabIndex=0, **{"aria-label": label})


def scorecard(
    judged: pd.DataFrame, *, period: pd.Timestamp, kpis: Sequence[Kpi], domains: Sequence[Domain], href: Callable[[str], str],
    order: Order = "", only: str = "",
) -> Component:  # fmt: skip
    """Every KPI in one table, by domain: value with n of N, status, target, 24 months, is it real, change, months sustained.

    `judged`: judged figures of one unit (the whole, a service or a team) for up to 24 months to `period`; a KPI without a row that
    month is shown as no data. `href("cp_visits_in_time")` is the address of its page. A group's id is its domain's key, so "/#protection"
    leads to it. `order` groups by a sign instead, what needs attention first (ORDERS); `only` keeps one sign (SIGNALS).
    """
    months = list(pd.date_range(end=period, periods=SPARK_MONTHS, freq="ME"))
    held = {(row["kpi"], row["period"]): {**_NO_DATA, **row} for row in judged.to_dict("records")}
    histories = {kpi.key: [held.get((kpi.key, month), {**_NO_DATA, "period": month}) for month in months] for kpi in kpis}
    kept = [kpi for kpi in kpis if not only or only in _signs(histories[kpi.key][-1])]
    if not kept:
        return html.P(f"No measure is marked {dict(SIGNALS).get(only, only).lower()} this month.", className="quiet calm")
    groups = _by_sign(kept, histories, order) if order else _by_domain(kept, domains)
    bodies = [
        html.Tbody([head, *[_score_row(kpi, histories[kpi.key], href(kpi.key)) for kpi in own]], role="rowgroup") for head, own in groups
    ]
    titles = ("Measure", words.month(period), "Status", "Target", "24 months", "Is it real?", "On last month", "Sustained")
    head = html.Tr([html.Th(title, scope="col", role="columnheader") for title in titles], role="row")
    return html.Table(
        [
            html.Caption(f"Scorecard, {words.month(period)}", className="vh"),
            html.Colgroup([html.Col(style={"width": width}) for width in _WIDTHS]),
            html.Thead(head, role="rowgroup"),
            *bodies,
        ],
        className="sc",
        role="table",
    )


def score_legend() -> Component:
    """The key under the scorecard, and what its words mean."""
    key = html.P(
        [
            html.Span([html.I(className="key-band"), "Expected range"]),
            html.Span([html.I(className="key-target"), "Target of the month"]),
            html.Span([html.I(className="key-disc"), "Real improvement"]),
            html.Span([html.I(className="key-dia"), "Real concern"]),
            html.Span("Changes in a percentage are percentage points. A dash means there is nothing to show, never nought."),
        ],
        className="legend",
    )
    return html.Div([key, words_used()])


def tally(statuses: Iterable[str]) -> Component:
    """How many measures stand where: `tally(["met", "met", "near"])` reads 2 met, 1 near."""
    listed = list(statuses)
    counts = [(status, listed.count(status)) for status in _ORDER if status in listed]
    return html.Div([status_mark(status, f"{n} {words.STATUS_WORDS[status].lower()}") for status, n in counts], className="tally")


def team_table(
    judged: pd.DataFrame, kpi: Kpi, *, caption: str, unit_title: str = "Team", href: Callable[[str], str] | None = None,
    whole: Row | None = None, whole_name: str = "All teams",
) -> Component:  # fmt: skip
    """Teams (or services, or workers) side by side in name order, never ranked: n of N, figure, a small bar, status.

    `judged`: one judged figure a unit for one KPI and one month; `whole` is the figure of all of them, shown first.
    """
    rows = [{**dict(row), "whole": False} for row in judged.sort_values("unit", key=lambda s: s.str.casefold()).to_dict("records")]
    if whole is not None:
        rows.insert(0, {**dict(whole), "unit": whole_name, "whole": True})
    biggest = max((float(row["value"]) for row in rows if not words.missing(row["value"])), default=0.0)
    full = (
        100.0
        if kpi.measure == "percent"
        else max(biggest, *(float(row["target"]) for row in rows if not words.missing(row["target"])), 1.0)
    )
    worked = kpi.did[:1].upper() + kpi.did[1:] if kpi.measure == "percent" else "Worked out from"
    linked = href or (lambda _: "")

    def name(row: Row) -> Content:
        shown = row["unit"] or "No team recorded"
        return html.B(shown) if row["whole"] else html.A(shown, href=linked(row["unit_id"])) if href else shown

    columns = [
        Column(unit_title, name),
        Column(worked, lambda row: _worked_from(row, kpi), numeric=True),
        Column("Figure", lambda row: value_cell(row["value"], kpi), numeric=True),
        Column("Bar", lambda row: meter(row["value"], row["target"], full=full), hidden_title=True, wide_only=True),
        Column("Status", lambda row: status_mark(row["status"]), wrap=False),
    ]
    return plain_table(
        columns, rows, caption, row_class=lambda row: "cut" if row["whole"] else "", nothing="No team had a case this month."
    )


def value_cell(shown: float | None, kpi: Kpi) -> Component:
    """A figure at table size: `value_cell(81.3, kpi)`."""
    cell = value(shown, kpi.measure)
    cell.className = "figure"
    return cell


def pager(page: int, pages: int, href: Callable[[int], str], *, label: str = "Pages") -> Component | None:
    """Steps through a long list: `pager(2, 9, lambda n: f"?page={n}")`; nothing when there is one page."""
    if pages <= 1:
        return None
    back = html.A("Previous", href=href(page - 1), className="btn") if page > 1 else None
    on = html.A("Next", href=href(page + 1), className="btn") if page < pages else None
    return html.Nav([back, html.Span(f"Page {page} of {pages}", className="quiet"), on], className="pager", **{"aria-label": label})


def last_three(history: Sequence[Row]) -> list[bool] | None:
    """Whether the target was met in each of the last three months, oldest first; None when the last month cannot be judged."""
    statuses = [row["status"] for row in history[-3:]]
    if not statuses or statuses[-1] not in ("met", "near", "not met"):
        return None
    return [False] * (3 - len(statuses)) + [status == "met" for status in statuses]


def _room(columns: Sequence[Column]) -> int:
    """How many columns of figures a table takes the room of on a phone: one of words, beside what heads its row, takes that of two."""
    _, *beside = [column for column in columns if not column.wide_only]
    return 1 + sum(1 if column.numeric or not column.wrap else 2 for column in beside)


def _plain_row(columns: Sequence[Column], row: Row, name: RowClass) -> Component:
    first, *rest = columns
    cells: list[Component] = [html.Th(_shown(first, row), scope="row", className=first.classes, role="rowheader")]
    cells += [html.Td(_shown(column, row), className=column.classes, role="cell", **_label(column)) for column in rest]
    return html.Tr(cells, className=name, role="row")


def _head(column: Column) -> Component:
    title = html.Span(column.title, className="vh") if column.hidden_title else column.title
    return html.Th(title, scope="col", className=column.classes, role="columnheader")


def _label(column: Column) -> dict[str, str]:
    """What a cell is called where its row is stacked; the name of a column without a shown title is not needed there either."""
    return {} if column.hidden_title else {"data-label": column.title}


def _shown(column: Column, row: Row) -> Content:
    content = column.shown(row)
    if isinstance(content, Component | list | tuple):
        return content
    return words.NONE if words.missing(content) or content == "" else content


def _signs(now: Row) -> tuple[Any, Any]:
    return (now["signal"], now["assurance"] if now["signal"] else "")


def _by_domain(kpis: Sequence[Kpi], domains: Sequence[Domain]) -> list[tuple[Component, list[Kpi]]]:
    groups = [(domain, [kpi for kpi in kpis if kpi.domain == domain.key]) for domain in domains]
    return [(_score_group(domain.title, domain.question, domain.key), own) for domain, own in groups if own]


def _by_sign(kpis: Sequence[Kpi], histories: Mapping[str, Sequence[Row]], order: Order) -> list[tuple[Component, list[Kpi]]]:
    """One group for each sign, worst first; what has none comes last."""
    named = {"real": VARIATION, "assurance": ASSURANCE, "status": words.STATUS_WORDS}[order]
    column = "signal" if order == "real" else order
    signs = [*_WORST_FIRST[order], None]
    found = {kpi.key: sign if (sign := histories[kpi.key][-1][column]) in _WORST_FIRST[order] else None for kpi in kpis}
    groups = [(sign, [kpi for kpi in kpis if found[kpi.key] == sign]) for sign in signs]
    return [
        (_score_group(named[sign] if sign else "Too little to tell", "", f"sign-{column}-{place}"), own)
        for place, (sign, own) in enumerate(groups)
        if own
    ]


def _score_group(title: str, question: str, ident: str) -> Component:
    name = html.Span([html.B(title), html.Span(question, className="q")], className="g")
    return html.Tr(html.Th(name, colSpan=len(_WIDTHS), scope="rowgroup", role="rowheader"), className="grp", id=ident, role="row")


def _score_row(kpi: Kpi, history: Sequence[Row], href: str) -> Component:
    now = history[-1]
    target = words.target_words(now["target"], kpi.better, kpi.measure)
    by = words.by_words(now["target_by"])
    quiet = target == "None set"
    meant = words.better_or_worse(now["change"], kpi.better)

    def cell(name: str, *content: Content) -> Component:
        return html.Td(list(content), className=name, role="cell")

    return html.Tr(
        [
            html.Th([html.A(kpi.title, href=href), html.Small(kpi.noun)], scope="row", className="t", role="rowheader"),
            cell(
                "v",
                value(now["value"], kpi.measure),
                html.Span(_worked_from(now, kpi), className="sub"),
            ),
            cell("st", status_mark(now["status"])),
            cell("tg", html.Span(target, className="quiet" if quiet else ""), *([html.Span(f" {by}", className="sub")] if by else [])),
            cell("sp", _spark(kpi, history)),
            cell("si", is_it_real(now, kpi.better)),
            cell("ch", words.signed(now["change"], kpi.measure), html.Span(meant, className="sub")),
            cell("su", sustained_dots(last_three(history))),
        ],
        role="row",
    )


def _worked_from(row: Row, kpi: Kpi) -> str:
    """What a figure is worked out from; of one that came hidden, that it did."""
    if kpi.given is not None and words.missing(row["value"]) and row.get("note"):
        return str(row["note"])
    return words.base(row["numerator"], row["denominator"], kpi.measure)


def _spark(kpi: Kpi, history: Sequence[Row]) -> Component:
    now = history[-1]
    drawn = [None if words.missing(row["value"]) or row["note"] == "history short" else float(row["value"]) for row in history]
    targets = [None if words.missing(row["target"]) else float(row["target"]) for row in history]
    if all(v is None for v in drawn):
        return html.Span("No figures yet", className="quiet small")
    said = "" if words.missing(now["target"]) else words.target_words(now["target"], kpi.better, kpi.measure)
    figure = words.figure(now["value"], kpi.measure).replace(words.NONE, "no figure")
    alt = spark_alt(kpi.title, len(history), words.month(now["period"]), figure, said)
    return sparkline(drawn, targets, alt, limits=[_limits(kpi, row) for row in history], signal=now["signal"])


def _limits(kpi: Kpi, row: Row) -> tuple[float, float] | None:
    """The expected range of a month as it may be drawn; none where the chart has no limits."""
    if words.missing(row["upper"]):
        return None
    low, high = 0.0 if words.missing(row["lower"]) else float(row["lower"]), float(row["upper"])
    return max(0.0, low), min(100.0, high) if kpi.measure == "percent" else high
