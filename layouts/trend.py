"""The middle of a KPI's page: its trend with what may be drawn beside it, its units side by side, and the notes people wrote."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import Kpi
from kpi.commentary import Comment
from kpi.extra_support import WORKER_CASES
from kpi.figures import HISTORY_SHORT, figures_from
from kpi.funnel import Funnel, funnel
from kpi.model import HOW_MANY
from kpi.signalling import choice_of
from kpi.targets import judged
from layouts import cards, shell, words
from layouts.charts import Also, Comparator, chart
from layouts.comments import headline, told
from layouts.comparators import chosen, compared_with, lines, offers
from layouts.funnel_chart import funnel_section
from layouts.given_units import given_units
from layouts.note_forms import Unit
from layouts.notes import chart_notes, lettered, notes_section
from layouts.outlook import heading_of
from layouts.reading import UNTESTED, may_be_read_over, read_over, reading, window
from layouts.tables import team_table
from layouts.view import View, named

WHOLE_ONLY = "A rate is of everyone aged 0 to 17 who lives in the area, so it is told for the whole authority only, not for a team."
FEWEST_UNITS = 3  # a funnel of fewer compares nothing


def trend_section(view: View, measure: Kpi, history: pd.DataFrame, comment: Comment | None, cases_href: str) -> Component:
    """The trend of the unit shown, headed by what it says; under it what it is held against, and the rest of the commentary."""
    choice = choice_of(history, measure.key)
    drawn = chart(
        history, ident="trend", heading=headline(comment, measure) if comment else "No figure this month",
        says=_drawn_is(measure, history), measure=measure.measure, better=measure.better,
        also=also_of(view, measure, history), reason=f"{choice.reason} {choice.caution}".strip(),
        data_href=shell.address("/export/figures.csv", {"kpi": measure.key, **view.chosen}),
    )  # fmt: skip
    href = "" if measure.given is not None else cases_href
    said = html.P([*told(comment, href), " ", comment.more], className="comment") if comment else None
    return html.Div([part for part in (drawn, _published(view, measure), said) if part is not None])


def read_over_section(view: View, measure: Kpi, history: pd.DataFrame, asked: str) -> Component:
    """The trend of a reading over several months (`layouts.reading`): a line, held against its target and never tested for chance."""
    now = history[history["period"] == view.period].iloc[0]
    heading = f"{words.figure(now['value'], measure.measure)} in the {window(asked, now['period'])}"
    if asked == "year":
        heading = f"{words.figure(now['value'], measure.measure)}, {window(asked, now['period'])}"
    each = "the financial year so far, anew each April" if asked == "year" else f"the {asked} months up to it, together"
    noted = lettered(view.noted(measure.key), history["period"].min(), history["period"].max())
    drawn = chart(
        history, ident="trend", heading=heading, says=f"{_drawn_is(measure, history)} Each point is {each}.", measure=measure.measure,
        better=measure.better, also=Also(notes=chart_notes(noted), comparators=_comparators(view, measure)), reason=UNTESTED,
    )  # fmt: skip
    return html.Div([part for part in (drawn, _published(view, measure)) if part is not None])


def _drawn_is(measure: Kpi, history: pd.DataFrame) -> str:
    drawn_is = f"{measure.did}, of {measure.noun}" if measure.measure == "percent" else measure.noun
    if measure.measure not in ("percent", *HOW_MANY):
        drawn_is = f"{measure.did}, {measure.noun}"
    return f"{drawn_is[:1].upper()}{drawn_is[1:]}, {words.span(history['period'].min(), history['period'].max())}."


def _comparators(view: View, measure: Kpi) -> list[Comparator]:
    """The lines that are on; published figures are of whole councils, so only the whole is held against them."""
    return lines(chosen(view, offers(view, measure)), measure.measure) if view.unit[0] == "authority" else []


def _published(view: View, measure: Kpi) -> Component | None:
    """What is published of this measure, under its trend."""
    held = offers(view, measure)
    if not held:
        return None
    if view.unit[0] != "authority":
        whole = shell.address(view.path, {**view.chosen, "service": "", "team": ""})
        beside = html.A("see them beside the whole", href=whole)
        return html.P(["Published figures are of whole councils: ", beside, "."], className="compared small quiet")
    year = ""
    if may_be_read_over(measure):
        of_year = read_over(view, measure, "12", "authority")
        now = of_year[(of_year["period"] == view.period) & (of_year["note"] != HISTORY_SHORT)]
        if len(now):
            row = now.iloc[0]
            base = words.base(row["numerator"], row["denominator"], measure.measure)
            said = ", ".join(filter(None, [words.figure(row["value"], measure.measure), base]))
            year = f": here the {window('12', row['period'])} are {said}"
    return compared_with(view, measure, held, year)


def units_section(view: View, measure: Kpi, row: pd.Series, cases_of: dict[str, str]) -> Component:
    """Teams side by side, as a funnel where there are enough; in one team, its workers. A rate is of the whole authority only."""
    if measure.given is not None:
        return given_units(view, measure, row)
    if measure.measure == "rate":
        return cards.section("Teams", html.P(WHOLE_ONLY))
    return _workers(view, measure, row, cases_of) if view.team else _teams(view, measure, row)


def notes_of(view: View, measure: Kpi, history: pd.DataFrame) -> Component:
    """What was noted and commented, and for those who may, the forms to add more."""
    level, unit = view.unit
    noted = view.noted(measure.key, history=True)
    remarks = view.store.remarks(view.viewer, measure.key, level=level, units=[unit], history=True)
    remarks = remarks[remarks["period"] <= view.period]
    about = Unit(level, unit, view.unit_name, view.period)
    letters = lettered(noted, history["period"].min(), history["period"].max())
    return notes_section(letters, remarks, measure, about, may_write=view.viewer.may_annotate)


def also_of(view: View, measure: Kpi, history: pd.DataFrame) -> Also:
    """What may be drawn beside the figures of the unit shown: notes, published figures, first figures, and where the trend leads."""
    first, last = history["period"].min(), history["period"].max()
    noted = lettered(view.noted(measure.key), first, last)
    published = view.store.published(view.viewer, levels=(view.unit[0],), kpis=[measure.key])
    published = published[published["unit_id"] == view.unit[1]]
    heading = heading_of(measure, history)
    return Also(
        notes=chart_notes(noted),
        comparators=_comparators(view, measure),
        published=published.assign(
            value=measure.scale * published["numerator"] / published["denominator"].where(published["denominator"] > 0)
        ),
        expected=(history["target_by"].iloc[-1], heading.expected) if heading is not None and heading.expected is not None else None,
    )


def _teams(view: View, measure: Kpi, row: pd.Series) -> Component:
    asked = reading(view, measure)
    teams = read_over(view, measure, asked, "team") if asked else view.figures("team", keys=[measure.key], months=0)
    teams = teams[teams["period"] == view.period]
    if view.service:
        teams = teams[teams["unit_id"].isin(view.teams.loc[view.teams["service_id"] == view.service, "team_id"])]
    plain = {**{k: v for k, v in view.chosen.items() if k != "team"}, "reading": asked}
    when = window(asked, row["period"]) if asked else words.month(view.period)
    table = team_table(
        teams, measure, caption=f"{measure.title} by team, {when}", whole=row.to_dict(),
        whole_name=f"All of {view.service}" if view.service else "All teams",
        href=lambda unit: shell.address(view.path, {**plain, "team": unit}),
    )  # fmt: skip
    says = "In name order; this is not a league table. No colour under ten cases. Choose a team to see its workers."
    says = f"{when[:1].upper()}{when[1:]}. {says}" if asked else says
    counted = teams[teams["denominator"] > 0]
    if measure.measure != "percent" or len(counted) < FEWEST_UNITS:
        return cards.section("Teams", table, says=says)
    spread = funnel(counted)
    return funnel_section(
        spread, table, ident="teams", heading=_apart(spread, "team"), says=says,
        names={unit: named(unit) for unit in counted["unit_id"]}, noun=measure.noun, better=measure.better,
        target=None if words.missing(row["target"]) else float(row["target"]),
    )  # fmt: skip


def _apart(spread: Funnel, kind: str) -> str:
    """Who stands apart, as a heading."""
    beyond = spread.units["where"].isin(["above_95", "below_95", "above_998", "below_998"])
    apart = [named(unit) for unit in spread.units.loc[beyond, "unit_id"]]
    if not apart:
        return f"No {kind} stands apart from the rest by more than chance"
    return f"{' and '.join(apart)} {'stands' if len(apart) == 1 else 'stand'} apart by more than chance"


def _workers(view: View, measure: Kpi, row: pd.Series, cases_of: dict[str, str]) -> Component:
    assert view.period is not None
    workers = judged(figures_from(measure, view.cases(measure), "worker", view.period), view.targets)
    workers = workers.assign(unit=workers["unit_id"].map(named))
    table = team_table(
        workers, measure, caption=f"{measure.title} by worker, {view.team}, {words.month(view.period)}", unit_title="Worker",
        whole=row.to_dict(), whole_name=f"All of {view.unit_name}",
        href=lambda unit: shell.address(f"/cases/{measure.key}", {**view.chosen, "show": "all", "worker": unit}),
    )  # fmt: skip
    title = f"Workers, {words.month(view.period)}" if reading(view, measure) else "Workers"
    says, ways = "As held at the month end. Choose a worker to see each case.", [html.A(t, href=href) for t, href in cases_of.items()]
    enough = workers[workers["denominator"] >= WORKER_CASES]
    if measure.measure != "percent" or len(enough) < FEWEST_UNITS:
        return cards.section(title, table, says=says, aside=ways)
    spread = funnel(enough)
    drawn = funnel_section(
        spread, table, ident="workers", heading=_apart(spread, "worker"), many="workers", all_name="All drawn",
        says=f"{title}. {says} Drawn are those with {WORKER_CASES} cases or more, in name order in the table: not a league table.",
        names={unit: named(unit) for unit in enough["unit_id"]}, noun=measure.noun, better=measure.better,
        target=None if words.missing(row["target"]) else float(row["target"]),
    )  # fmt: skip
    return html.Div([drawn, html.P(ways, className="small")])
