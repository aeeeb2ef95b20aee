"""How things stood on any day: a stock measure read on the day asked for (`day=2026-05-14` in the address), and the form that asks.

Worked out there and then from what is held, not from the month's figures. A measure that rests on a snapshot has no days between two
snapshots, so it is read at month ends only.
"""

from __future__ import annotations

from functools import lru_cache, partial

import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from data.store import Store
from data.tables import BY_NAME, Tables
from data.viewer import Viewer
from kpi import REGISTER, Kpi
from kpi.figures import Level, cases_of, figures_from
from kpi.interval import wilson
from kpi.model import POPULATION
from kpi.period import month_end
from kpi.targets import judged
from layouts import cards, shell, words
from layouts.due import asked_day
from layouts.marks import status_mark, value
from layouts.tables import team_table
from layouts.view import View, named

MONTH_ENDS_ONLY = "Its extract tells how things stood on one day a month, so this measure is read at month ends only."
VISITS = "Where only each child’s last visit is held, and not a log of every visit, a visit between two extracts may be missing."


def any_day(measure: Kpi) -> bool:
    """Whether a measure can be read on any day: it says how things stand, and nothing it needs is a snapshot of one day."""
    needs = {need.partition(":")[0] for need in measure.needs} - {POPULATION}
    return measure.basis == "stock" and all(need in BY_NAME and BY_NAME[need].kind != "snapshot" for need in needs)


def day_form(view: View, measure: Kpi) -> Component | None:
    """The form beside a stock measure that asks for a day; where it cannot be read on any day, why not."""
    if measure.basis != "stock":
        return None
    if not any_day(measure):
        return cards.aside_section("On any day", html.P(MONTH_ENDS_ONLY))
    day, _ = asked_day(view)
    kept = {name: said for name, said in view.query.items() if name not in ("key", "day") and said}
    field = dcc.Input(id="kpi-day", name="day", type="text", value=f"{day:%d/%m/%Y}", inputMode="numeric", debounce=True)
    form = html.Form(
        [
            html.Label([html.Span("Day (dd/mm/yyyy)"), field], className="pick"),
            *(dcc.Input(id=f"kpi-{name}", name=name, type="hidden", value=said) for name, said in kept.items()),
            html.Button("Show that day", type="submit", className="btn"),
        ],
        action=view.path, method="GET", className="search day",
    )  # fmt: skip
    return cards.aside_section("On any day", html.P("How it stood on a day between two month ends."), form)


def on_a_day(view: View, measure: Kpi) -> Component | None:
    """The measure on the day asked for: its figure, and its teams. None where no day is asked for."""
    if not view.query.get("day", "").strip() or not any_day(measure):
        return None
    day, refused = asked_day(view)
    back = shell.link("Back to the month", view.path, **{k: v for k, v in view.query.items() if k not in ("key", "day")})
    if refused:
        return cards.section("On any day", html.P([refused.strip(), " ", back]))
    heading = f"On {words.day(day)}"
    if view.unit[0] != "team" and not view.viewer.every_team:
        return cards.section(heading, html.P(["Only those who see every team can read the whole on a day of their own. ", back]))
    cases = _unit_of(view, _cases_on(view.store, view.viewer, view.version, measure.key, day))
    if cases is None:
        says = f"Nothing that is loaded speaks for {words.month(day)}. It needs: {measure.sources}. "
        return cards.section(heading, html.P([says, back]))
    row = _figure(view, measure, cases, day)
    facts = [
        cards.Fact(words.day(day), value(row["value"], measure.measure, hero=True), _base(measure, row)),
        cards.Fact("Against target of the day", status_mark(row["status"]), _aim(measure, row)),
    ]
    if measure.measure == "percent" and row["denominator"] > 0:
        ends = " to ".join(words.pct(end) for end in wilson(row["numerator"], row["denominator"]))
        facts.append(cards.Fact("Likely between", ends, "given how many cases it rests on"))
    left = sum(row["left_out"].values())
    says = f"Worked out from what is held now. {words.plural(left, 'case', 'cases') if left else 'Nothing'} left out{_why_left(row)}."
    if any(need.startswith("visit:") for need in measure.needs):
        says = f"{says} {VISITS}"
    return cards.section(heading, cards.facts(facts), *_teams(view, measure, cases, row, day), says=says, aside=[back])


def _teams(view: View, measure: Kpi, cases: pd.DataFrame, row: pd.Series, day: pd.Timestamp) -> list[Component]:
    if view.team or measure.measure == "rate":
        return []
    teams = judged(figures_from(measure, cases, "team", day), view.targets)
    kept = {k: v for k, v in view.query.items() if k not in ("key", "team")}
    table = team_table(
        teams.assign(unit=teams["unit_id"].map(named)), measure, caption=f"{measure.title} by team, {words.day(day)}", whole=row.to_dict(),
        whole_name=f"All of {view.service}" if view.service else "All teams",
        href=lambda unit: shell.address(view.path, {**kept, "team": unit}),
    )  # fmt: skip
    return [table]


def _figure(view: View, measure: Kpi, cases: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """The judged figure of the unit shown. A rate is over the people its month's figure is over."""
    level: Level = "authority"
    if measure.measure != "rate":
        return judged(figures_from(measure, cases, level, day), view.targets).iloc[0]
    month = View(view.store, view.viewer, "", "/", {"period": f"{month_end(day):%Y-%m}"}).figures(level, keys=[measure.key], months=0)
    counted = cases["left_out"].isna()
    made = month.tail(1)[["kpi", "level", "unit_id", "denominator", "note"]].assign(
        period=day, numerator=float(counted.sum()), left_out=[cases.loc[~counted, "left_out"].value_counts().to_dict()], apart=[{}]
    )
    return judged(made, view.targets).iloc[0]


def _unit_of(view: View, cases: pd.DataFrame | None) -> pd.DataFrame | None:
    if cases is None or not view.unit[1]:
        return cases
    return cases[cases["team_id"] == view.team] if view.team else cases[cases["service_id"] == view.service]


@lru_cache(maxsize=8)
def _cases_on(store: Store, viewer: Viewer, version: tuple[int, int], key: str, day: pd.Timestamp) -> pd.DataFrame | None:
    """The cases of one measure on one day, as far as this viewer may see them; None where nothing loaded speaks for its month."""
    if not _spoken_for(store, viewer, REGISTER[key], day):
        return None
    return store.cases(viewer, partial(_on, REGISTER[key], day=day))


def _on(measure: Kpi, tables: Tables, *, day: pd.Timestamp) -> pd.DataFrame:
    return cases_of(measure, tables, pd.DatetimeIndex([day]).as_unit("s"))


def _spoken_for(store: Store, viewer: Viewer, measure: Kpi, day: pd.Timestamp) -> bool:
    covered = store.covered(viewer.authority)
    return all(month_end(day).as_unit("s") in covered.get(need, pd.DatetimeIndex([])) for need in measure.monthly_needs)


def _base(measure: Kpi, row: pd.Series) -> str:
    return f"{words.base(row['numerator'], row['denominator'], measure.measure)} {measure.noun}".strip()


def _aim(measure: Kpi, row: pd.Series) -> str | None:
    return None if words.missing(row["target"]) else words.target_words(row["target"], measure.better, measure.measure)


def _why_left(row: pd.Series) -> str:
    return f": {words.reasons(row['left_out'])}" if row["left_out"] else ""
