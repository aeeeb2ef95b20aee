"""The briefing: what needs attention, in words; what has been sustained; then every measure in one scorecard."""

from __future__ import annotations

import math

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import DOMAINS, REGISTER, Kpi
from kpi.figures import HISTORY_SHORT
from kpi.targets import as_shown
from layouts import cards, shell, words
from layouts.freshness import as_at_of, stand_of_sources
from layouts.page import Page
from layouts.tables import score_legend, scorecard, tally
from layouts.view import SPARK_MONTHS, View, named

MOST = 4  # more than this is a list, not a briefing


def draw(view: View) -> Component:
    """The briefing of the whole, a service or a team."""
    if view.period is None:
        return html.Div(
            [
                shell.heading("Briefing"),
                cards.empty(
                    "Nothing has been loaded yet", ["Load a folder of monthly extracts: ", html.Code("python app.py load FOLDER"), "."]
                ),
            ],
            className="wrap",
        )
    level, unit = view.unit
    judged = view.figures(level, [unit], months=SPARK_MONTHS)
    now = judged[judged["period"] == view.period]
    missing = len(REGISTER) - now["kpi"].nunique()
    where = f", {view.unit_name}" if unit else ""
    top = html.Div(
        [
            shell.heading(f"Briefing, {words.month(view.period)}{where}", shell.filters("/", view.choices())),
            as_at_line(view, now),
            html.Div(
                [cards.attention(_attention(view, now)), html.Div([cards.sustained(_sustained(view, now))], className="side")],
                className="brief",
            ),
        ],
        className="wrap",
    )
    score = html.Section(
        html.Div(
            [
                html.Div(
                    [html.H2("Scorecard", id="sc"), tally([*now["status"], *["no data"] * missing]),
                     shell.download("Export to Excel", f"/export/summary.xlsx?period={view.period:%Y-%m}")],
                    className="title",
                ),
                scorecard(judged, period=view.period, kpis=list(REGISTER.values()), domains=DOMAINS, href=lambda key: kpi_link(view, key)),
                score_legend(),
            ],
            className="wrap",
        ),
        className="score",
        **{"aria-labelledby": "sc"},
    )  # fmt: skip
    return html.Div([top, score])


def as_at_line(view: View, now: pd.DataFrame, *more: str) -> Component:
    """The data's as-at day, when it was loaded, which sources are behind, and how many cases were left out."""
    stand = stand_of_sources(view)
    held = view.loads[view.loads["withdrawn_at"].isna()]
    late = [s.source for s in stand if s.months_late]
    out = sum(sum(counts.values()) for counts in now["left_out"])
    parts: list[object] = [f", loaded {words.moment(held['loaded_at'].max())}. "]
    if late:
        behind = f"{len(late)} of {len(stand)} sources {'is' if len(late) == 1 else 'are'} behind"
        parts += [shell.link(behind, "/data"), "; "]
    parts.append(f"{words.plural(out, 'case', 'cases')} left out of these figures." if out else "Nothing was left out of these figures.")
    return shell.as_at(as_at_of(stand), *parts, *more)


def kpi_link(view: View, key: str) -> str:
    return shell.address(f"/kpi/{key}", view.chosen)


def _attention(view: View, now: pd.DataFrame) -> list[cards.Attention]:
    """Measures short of their target, the furthest first; those with too short a history are not judged here."""
    short = now[now["status"].isin(["not met", "near"]) & (now["note"] != HISTORY_SHORT)]
    gaps = [(_gap(row, REGISTER[row.kpi]), row) for row in short.itertuples()]
    gaps.sort(key=lambda g: (g[1].status != "not met", -g[0] / (abs(g[1].target) or 1)))
    teams = view.figures("team", keys=[row.kpi for _, row in gaps[:MOST]], months=0)
    return [_one(view, row, gap, teams[teams["kpi"] == row.kpi]) for gap, row in gaps[:MOST]]


def _gap(row: object, measure: Kpi) -> float:
    shown = float(as_shown(pd.Series([row.value]))[0])  # type: ignore[attr-defined]
    return float((shown - row.target) * (1 if measure.better == "lower" else -1))  # type: ignore[attr-defined]


def _one(view: View, row: object, gap: float, teams: pd.DataFrame) -> cards.Attention:
    measure = REGISTER[row.kpi]  # type: ignore[attr-defined]
    unit = "points " if measure.measure == "percent" else ""
    side = "above" if measure.better == "lower" else "short of"
    point = f"{measure.title}: {words.decimal(gap)} {unit}{side} target."
    target = f"{words.target_words(row.target, measure.better, measure.measure)} {words.by_words(row.target_by)}".strip()  # type: ignore[attr-defined]
    if measure.measure == "percent":
        fact = shell.link(f"{words.n_of_N(row.numerator, row.denominator)} {measure.noun}", kpi_link(view, measure.key))  # type: ignore[attr-defined]
        says: list[object] = [
            fact,
            f" were {measure.did}: " if not measure.did.startswith(("re-", "repeat", "ended")) else f" {_verb(measure)}: ",
        ]
    else:
        says = [shell.link(measure.noun.capitalize(), kpi_link(view, measure.key)), ": "]
    says.append(f"{words.figure(row.value, measure.measure)} against {target}.")  # type: ignore[attr-defined]
    return cards.Attention(
        row.status, point, says, " ".join([*_change(row, measure), *_needed(row, measure), *_teams(view, measure, teams)]) or None
    )  # type: ignore[attr-defined]


def _verb(measure: Kpi) -> str:
    return measure.did if measure.did.startswith("ended") else f"were {measure.did}"


def _change(row: object, measure: Kpi) -> list[str]:
    change = row.change  # type: ignore[attr-defined]
    if words.missing(change):
        return []
    meant = words.better_or_worse(change, measure.better)
    return ["The same as last month."] if meant == "no change" else [f"{words.decimal(abs(change))} {meant} than last month."]


def _needed(row: object, measure: Kpi) -> list[str]:
    """How many more (or fewer) cases would have met the target this month: what the gap means in children or workers."""
    if measure.measure != "percent":
        return []
    total, count, target = row.denominator, row.numerator, row.target  # type: ignore[attr-defined]
    if measure.better == "lower":
        need = count - math.floor((target + 0.0499999) * total / 100)
        return [f"{words.spoken(int(need)).capitalize()} fewer would meet it."] if need > 0 else []
    need = math.ceil((target - 0.05) * total / 100 - 1e-9) - count
    return [f"{words.spoken(int(need)).capitalize()} more would meet it."] if need > 0 else []


def _teams(view: View, measure: Kpi, teams: pd.DataFrame) -> list[str]:
    """Which teams hold most of those that missed it: where to look, not a league table."""
    if view.team or measure.measure != "percent":
        return []
    if view.service:
        teams = teams[teams["unit_id"].isin(view.teams.loc[view.teams["service_id"] == view.service, "team_id"])]
    missed = teams["numerator"] if measure.better == "lower" else teams["denominator"] - teams["numerator"]
    most = teams.assign(missed=missed).sort_values(["missed", "unit_id"], ascending=[False, True]).head(2)
    total = int(missed.sum())
    if len(teams) < 4 or total < 5 or most["missed"].sum() < total * 0.4:
        return []
    return [f"{' and '.join(named(t) for t in most['unit_id'])} hold {int(most['missed'].sum())} of the {total}."]


def _sustained(view: View, now: pd.DataFrame) -> list[tuple[object, list[bool]]]:
    held = now[(now["sustained"] == 3) & (now["note"] != HISTORY_SHORT)]
    return [(html.A(REGISTER[row.kpi].title, href=kpi_link(view, row.kpi)), [True] * 3) for row in held.itertuples()]


PAGE = Page("/", draw, "Briefing")
