"""The middle of a KPI's page: its trend with what may be drawn beside it, its units side by side, and the notes people wrote."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import Kpi
from kpi.commentary import Comment
from kpi.figures import figures_from
from kpi.funnel import funnel
from kpi.model import HOW_MANY
from kpi.signalling import choice_of
from kpi.targets import judged
from layouts import cards, shell, words
from layouts.charts import Also, Comparator, chart
from layouts.comments import comparators, headline, told
from layouts.funnel_chart import funnel_section
from layouts.note_forms import Unit
from layouts.notes import chart_notes, lettered, notes_section
from layouts.outlook import heading_of
from layouts.tables import team_table
from layouts.view import View, named

WHOLE_ONLY = "A rate is of everyone aged 0 to 17 who lives in the area, so it is told for the whole authority only, not for a team."
FEWEST_UNITS = 3  # a funnel of fewer compares nothing


def trend_section(view: View, measure: Kpi, history: pd.DataFrame, comment: Comment | None, cases_href: str) -> Component:
    """The trend of the unit shown, headed by what it says; under it the rest of the commentary."""
    span = words.span(history["period"].min(), history["period"].max())
    drawn_is = f"{measure.did}, of {measure.noun}" if measure.measure == "percent" else measure.noun
    if measure.measure not in ("percent", *HOW_MANY):
        drawn_is = f"{measure.did}, {measure.noun}"
    choice = choice_of(history, measure.key)
    drawn = chart(
        history, ident="trend", heading=headline(comment, measure) if comment else "No figure this month",
        says=f"{drawn_is[:1].upper()}{drawn_is[1:]}, {span}.", measure=measure.measure, better=measure.better,
        also=_also(view, measure, history), reason=f"{choice.reason} {choice.caution}".strip(),
        data_href=shell.address("/export/figures.csv", {"kpi": measure.key, **view.chosen}),
    )  # fmt: skip
    return html.Div([drawn, html.P([*told(comment, cases_href), " ", comment.more], className="comment")] if comment else [drawn])


def units_section(view: View, measure: Kpi, row: pd.Series, cases_of: dict[str, str]) -> Component:
    """Teams side by side, as a funnel where there are enough; in one team, its workers. A rate is of the whole authority only."""
    if measure.measure == "rate":
        return cards.section("Teams", html.P(WHOLE_ONLY))
    return _workers(view, measure, row, cases_of) if view.team else _teams(view, measure, row)


def notes_of(view: View, measure: Kpi, history: pd.DataFrame) -> Component:
    """What was noted and commented, and for those who may, the forms to add more."""
    level, unit = view.unit
    noted = view.store.annotations(view.viewer, measure.key, history=True)
    remarks = view.store.remarks(view.viewer, measure.key, level=level, units=[unit], history=True)
    remarks = remarks[remarks["period"] <= view.period]
    about = Unit(level, unit, view.unit_name, view.period)
    letters = lettered(noted, history["period"].min(), history["period"].max())
    return notes_section(letters, remarks, measure, about, may_write=view.viewer.may_annotate)


def _also(view: View, measure: Kpi, history: pd.DataFrame) -> Also:
    first, last = history["period"].min(), history["period"].max()
    noted = lettered(view.store.annotations(view.viewer, measure.key), first, last)
    there = comparators(view).get(measure.key) if view.unit[0] == "authority" else None
    published = view.store.published(view.viewer, levels=(view.unit[0],), kpis=[measure.key])
    published = published[published["unit_id"] == view.unit[1]]
    heading = heading_of(measure, history)
    return Also(
        notes=chart_notes(noted),
        comparators=[Comparator(f"{there.name}, {there.when}", there.first, there.last, there.value)] if there else [],
        published=published.assign(
            value=measure.scale * published["numerator"] / published["denominator"].where(published["denominator"] > 0)
        ),
        expected=(history["target_by"].iloc[-1], heading.expected) if heading is not None and heading.expected is not None else None,
    )


def _teams(view: View, measure: Kpi, row: pd.Series) -> Component:
    teams = view.figures("team", keys=[measure.key], months=0)
    if view.service:
        teams = teams[teams["unit_id"].isin(view.teams.loc[view.teams["service_id"] == view.service, "team_id"])]
    plain = {k: v for k, v in view.chosen.items() if k != "team"}
    table = team_table(
        teams, measure, caption=f"{measure.title} by team, {words.month(view.period)}", whole=row.to_dict(),
        whole_name=f"All of {view.service}" if view.service else "All teams",
        href=lambda unit: shell.address(view.path, {**plain, "team": unit}),
    )  # fmt: skip
    says = "In name order; this is not a league table. No colour under ten cases. Choose a team to see its workers."
    counted = teams[teams["denominator"] > 0]
    if measure.measure != "percent" or len(counted) < FEWEST_UNITS:
        return cards.section("Teams", table, says=says)
    spread = funnel(counted)
    beyond = spread.units["where"].isin(["above_95", "below_95", "above_998", "below_998"])
    apart = [named(unit) for unit in spread.units.loc[beyond, "unit_id"]]
    heading = f"{' and '.join(apart)} {'stands' if len(apart) == 1 else 'stand'} apart by more than chance" if apart else None
    return funnel_section(
        spread, table, ident="teams", heading=heading or "No team stands apart from the rest by more than chance", says=says,
        names={unit: named(unit) for unit in counted["unit_id"]}, noun=measure.noun, better=measure.better,
        target=None if words.missing(row["target"]) else float(row["target"]),
    )  # fmt: skip


def _workers(view: View, measure: Kpi, row: pd.Series, cases_of: dict[str, str]) -> Component:
    assert view.period is not None
    workers = judged(figures_from(measure, view.cases(measure), "worker", view.period), view.targets)
    workers = workers.assign(unit=workers["unit_id"].map(named))
    table = team_table(
        workers, measure, caption=f"{measure.title} by worker, {view.team}, {words.month(view.period)}", unit_title="Worker",
        whole=row.to_dict(), whole_name=f"All of {view.unit_name}",
        href=lambda unit: shell.address(f"/cases/{measure.key}", {**view.chosen, "show": "all", "worker": unit}),
    )  # fmt: skip
    return cards.section(
        "Workers", table, says="As held at the month end. Choose a worker to see each case.",
        aside=[html.A(text, href=href) for text, href in cases_of.items()],
    )  # fmt: skip
