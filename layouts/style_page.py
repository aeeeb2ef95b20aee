"""The component page, for developers: every part a page is made of, in every state it can be in, with invented figures.

It is in no navigation. Look at it after changing a part or the stylesheet; the tests measure it in each appearance and on a phone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi.funnel import funnel
from layouts import cards, shell, words
from layouts import style_samples as samples
from layouts.bars import Part, bars
from layouts.chart_lines import Comparator, Note
from layouts.charts import Also, chart
from layouts.funnel_chart import funnel_section
from layouts.marks import meter, sparkline, status_mark, status_sign, sustained_dots, value
from layouts.page import Page
from layouts.signs import FEW_CASES, FEW_MONTHS, NOT_TESTED, assurance_mark, signal_mark
from layouts.tables import Column, pager, plain_table, score_legend, scorecard, tally, team_table
from layouts.view import View

STATUSES = ("met", "near", "not met", "few cases", "no target", "no cases", "no data")


def draw(view: View) -> Component:
    """Every component in every state; nothing on it comes from the data."""
    parts = [_marks(), _signals(), _attention(), _scorecard(), _facts(), _charts(), _tables(), _beside(), _controls(), _states()]
    return html.Div(
        [
            shell.crumbs([("Briefing", "/")], "Components"),
            shell.heading("Components, in every state"),
            html.P("For developers. Every figure, team and measure on this page is invented.", className="asat"),
            *[html.Div(part, className="style-part") for part in parts],
        ],
        className="wrap style-page",
    )


def _marks() -> list[Component]:
    shown = [
        ("0", 0.0, "percent"),
        ("81.3", 81.31, "percent"),
        ("100", 100.0, "percent"),
        ("mean", 17.04, "mean"),
        ("rate", 1234.5, "rate"),
    ]
    figures = [_with(f"Value, {name}", value(number, kind)) for name, number, kind in shown]  # type: ignore[arg-type]
    figures += [_with("Value, nothing", value(None, "percent"))]
    figures += [_with(f"Meter, {words.count(n)} of 100", meter(n, 85)) for n in (0.0, 50.0, 100.0)]
    marks = [_with(f"Status, {status}", status_mark(status)) for status in STATUSES]
    marks += [_with("Status, own words", status_mark("not met", "17 days late")), _with("Sign alone", status_sign("near", large=True))]
    dots = [_with(f"Sustained, {n}", sustained_dots(n)) for n in range(4)]
    dots += [_with("Sustained, nothing to judge", sustained_dots(None))]
    return [cards.section("Signs and figures", _grid([*marks, *dots, *figures]))]


def _signals() -> list[Component]:
    signals = [
        _with(f"{name}, {'up' if rising else 'down'}", signal_mark(name, rising))
        for name in ("improvement", "concern", "high", "low", "common")
        for rising in (True, False)
        if (name, rising) not in {("high", False), ("low", True), ("common", False)}
    ]
    signals += [_with("too little", signal_mark(None, True, few=few)) for few in (FEW_MONTHS, FEW_CASES, NOT_TESTED)]
    sure = [_with(name, assurance_mark(name, "higher") or html.Span()) for name in ("pass", "hit_and_miss", "fail")]
    rows = samples.trend_rows()
    values, targets = [None if pd.isna(v) else float(v) for v in rows["value"]], [float(v) for v in rows["target"]]
    sparks = [
        _with(
            f"sparkline, {name}",
            sparkline(values, targets, f"An invented measure, {name}", limits=[(62.0, 86.0)] * len(values), signal=name),
        )
        for name in ("improvement", "concern", "common")
    ]
    return [cards.section("Is it real?", _grid([*signals, *sure, *sparks]))]


def _attention() -> list[Component]:
    says = [shell.link("74 of 91 children with a plan open", "/style"), " were seen in time: 81.3 % against a target of 85 %."]
    items = [
        cards.Attention("not met", "Invented: worse than it was, and short of target.", says, "It has been so for seven months running."),
        cards.Attention("near", f"Invented: {samples.LONG}.", says, None),
        cards.Attention("few cases", "Invented: too few cases to judge.", says, None),
    ]
    held = [(shell.link("Seen in time", "/style"), [True, True, True]), (shell.link(samples.LONG, "/style"), [False, True, True])]
    return [
        html.Div(
            [
                cards.attention(items),
                html.Div(
                    [cards.sustained(held), cards.sustained([], heading="Sustained, none", ident="sustained-none"),
                     cards.attention([], heading="Attention, none", ident="attention-none")],
                    className="side",
                ),
            ],
            className="brief",
        )
    ]  # fmt: skip


def _scorecard() -> list[Component]:
    table = scorecard(
        samples.scorecard_rows(), period=samples.MAY, kpis=samples.MEASURES, domains=[samples.DOMAIN], href=lambda key: f"/style#{key}"
    )
    nothing = scorecard(
        samples.scorecard_rows(), period=samples.MAY, kpis=samples.MEASURES, domains=[samples.DOMAIN], href=str, only="nothing like it"
    )
    return [cards.section("Scorecard", tally(STATUSES), table, score_legend(), nothing)]


def _facts() -> list[Component]:
    rows = {row["kpi"]: row for row in samples.scorecard_rows().to_dict("records") if row["period"] == samples.MAY}
    first = next(kpi for kpi in samples.MEASURES if kpi.key == "sample_met")
    strips = [cards.kpi_facts(first, {str(k): v for k, v in rows[key].items()}, [False, True, True]) for key in
              ("sample_met", "sample_not_met", "sample_few", "sample_no_cases")]  # fmt: skip
    quiet = cards.facts([cards.Fact("Loads", "1,234", "36 months"), cards.Fact("Set aside", "0", "of 2,345,678 rows")], large=True)
    return [cards.section("Facts of a measure", *strips, quiet)]


def _charts() -> list[Component]:
    rows = samples.trend_rows()
    notes = [
        Note(pd.Timestamp("2025-03-14"), "A", "Invented: an inspection"),
        Note(pd.Timestamp("2025-11-01"), "B", f"Invented: {samples.LONG}"),
    ]
    region = Comparator("Region, 2024–25", pd.Timestamp("2024-06-30"), pd.Timestamp("2025-03-31"), 56.0)
    also = Also(notes=notes, comparators=[region], expected=(samples.DUE, 83.0))
    short = rows.tail(3).assign(chart="run", lower=None, upper=None, signal=None)
    months = [words.short_month(period) for period in pd.date_range(end=samples.MAY, periods=8, freq="ME")]
    layers = [Part("Set aside", "not", [3, 0, 4, 1, 0, 0, 2, 5]), Part("Warnings", "near", [9, 8, 0, 4, 2, 1, 0, 7])]
    return [
        chart(rows, ident="style-trend", heading="Better than it was, but 3.7 points short of target", says="Invented, two years.",
              measure="percent", better="higher", also=also, reason="An XmR chart: 24 months of steady numbers.", data_href="/style"),
        chart(short, ident="style-short", heading="Three months", says="Invented.", measure="percent", better="higher"),
        bars("Bars by month", months, layers, says="Invented."),
    ]  # fmt: skip


def _tables() -> list[Component]:
    first = next(kpi for kpi in samples.MEASURES if kpi.key == "sample_met")
    teams = samples.team_rows()
    whole = samples.scorecard_rows().query("kpi == 'sample_met'").iloc[-1].to_dict()
    table = team_table(teams, first, caption="Invented teams", href=lambda unit: "/style", whole={str(k): v for k, v in whole.items()})
    columns = [
        Column("Child", "child", wrap=False), Column("Team", "team"), Column("Last seen", "seen", numeric=True),
        Column("Days late", "late", numeric=True), Column("Outcome", lambda row: status_mark(row["status"]), wrap=False),
        Column("Why", "why"),
    ]  # fmt: skip
    rows = [
        {"child": "100001", "team": "Harbour", "seen": "4 Feb 2026", "late": 88, "status": "not met", "why": "Last seen too long ago"},
        {"child": "100002", "team": samples.LONG_TEAM, "seen": None, "late": None, "status": "no data", "why": samples.LONG},
    ]
    return [
        funnel_section(
            funnel(teams), table, ident="style-funnel", heading="Harbour stands apart by more than chance", says="Invented teams.",
            names={name: name for name in teams["unit_id"]}, noun="children", better="higher", target=80,
        ),
        cards.section(
            "Table of many columns", plain_table(columns, rows, "Invented children", row_class=lambda r: "sel" if r["late"] else "")
        ),
        cards.section("Table with nothing in it", plain_table(columns, [], "None")),
        *[step for step in [pager(2, 9, lambda n: f"/style?page={n}")] if step is not None],
    ]  # fmt: skip


def _beside() -> list[Component]:
    first = samples.MEASURES[0]
    return [
        html.Div(
            [
                cards.definition(first, {"Clock": "10 working days", "Target set by": "Invented board, 14 Jan 2026"}),
                cards.left_out({"no start date": 1, "visit before the plan began": 1234}, "children", {"transferred in": 3}),
                cards.left_out({}, "children"),
            ],
            className="aside",
        )
    ]


def _controls() -> list[Component]:
    period = shell.Choice("period", "Period", [("2026-05", "May 2026"), ("2026-04", "April 2026")], "2026-05")
    team = shell.Choice("team", "Team", [("", "All teams"), ("long", samples.LONG_TEAM)], "long")
    return [
        cards.section(
            "Controls",
            shell.filters("/style", [period, team], label="Filters shown"),
            html.P(shell.buttons(shell.download("Export to Excel", "/style"), shell.download("Load", "/style", primary=True))),
        )
    ]


def _states() -> list[Component]:
    return [
        cards.empty("No data for May 2026", "Nothing is loaded for it.", shell.link("See what is loaded", "/data")),
        cards.no_permission(),
        cards.error(says="Nothing has been lost. Quote 4f2a91 when you report it."),
        cards.loading(),
    ]


def _grid(items: Iterable[Component]) -> Component:
    return html.Ul(list(items), className="style-grid")


def _with(name: str, part: Any) -> Component:
    return html.Li([html.Span(name, className="small quiet"), html.Div(part)])


PAGE = Page("/style", draw)
