"""The briefing: what needs attention, in words; what has been sustained; what is due this week; then every measure in one scorecard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import DOMAINS, REGISTER
from kpi.commentary import Comment, brief
from kpi.figures import HISTORY_SHORT
from layouts import cards, shell, words
from layouts.comments import comments_of, told
from layouts.freshness import as_at_of, stand_of_sources
from layouts.owed import due_this_week
from layouts.page import Page
from layouts.tables import ORDERS, SIGNALS, score_legend, scorecard, tally
from layouts.view import SPARK_MONTHS, View

MOST, MOST_CHANGES = 3, 5  # more than this is a list, not a briefing


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
    comments = comments_of(view)
    missing = len(REGISTER) - now["kpi"].nunique()
    where = f", {view.unit_name}" if unit else ""
    top = html.Div(
        [
            shell.heading(f"Briefing, {words.month(view.period)}{where}", shell.filters("/", view.choices())),
            as_at_line(view, now),
            html.Div(
                [
                    cards.attention(attention(view, comments)),
                    html.Div([part for part in _side(view, now, comments) if part is not None], className="side"),
                ],
                className="brief",
            ),
        ],
        className="wrap",
    )
    score = html.Section(
        html.Div(
            [
                html.Div(
                    [html.H2("Scorecard", id="sc"), tally([*now["status"], *["no data"] * missing]), _sorting(view),
                     html.A("Present", href=shell.address("/present", view.chosen), className="btn"),
                     shell.download("Export to Excel", f"/export/summary.xlsx?period={view.period:%Y-%m}"), *_fit_to_publish(view)],
                    className="title",
                ),
                scorecard(judged, period=view.period, kpis=list(REGISTER.values()), domains=DOMAINS, href=lambda key: kpi_link(view, key),
                          order=_asked(view, "order", ORDERS), only=_asked(view, "only", SIGNALS)),
                score_legend(),
            ],
            className="wrap",
        ),
        className="score",
        **{"aria-labelledby": "sc"},
    )  # fmt: skip
    return html.Div([top, score])


def _side(view: View, now: pd.DataFrame, comments: dict[str, Comment]) -> list[Component | None]:
    return [cards.sustained(sustained(view, now)), due_this_week(view), standing_best(view, comments), changed(view, comments)]


def _fit_to_publish(view: View) -> list[Component]:
    """The month's figures with small numbers hidden, for those who see every team."""
    href = f"/export/public.xlsx?period={view.period:%Y-%m}"
    return [shell.download("Figures fit to publish", href)] if view.viewer.every_team else []


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
    if any(REGISTER[key].given is None for key in now["kpi"]):  # with no figure, or no cases behind it, there is nothing to have left out
        left = f"{words.plural(out, 'case', 'cases')} left out" if out else "Nothing was left out"
        parts.append(f"{left} of these figures.")
    return shell.as_at(as_at_of(stand), *parts, *more)


def kpi_link(view: View, key: str) -> str:
    return shell.address(f"/kpi/{key}", view.chosen)


def attention(view: View, comments: Mapping[str, Comment], most: int = MOST) -> list[cards.Attention]:
    """The measures that most need attention, worst first, in the words of their commentary."""
    worst = brief(comments.values(), most).worst
    return [cards.Attention(c.status, c.point, told(c, kpi_link(view, c.kpi)), c.short or None) for c in worst]


def standing_best(view: View, comments: Mapping[str, Comment]) -> Component:
    """The three measures that stand best, in the words of their commentary."""
    lines = [_line(view, c, c.point) for c in brief(comments.values()).best]
    return _strip("Standing best", "best", lines, "No measure stands out for the better.")


def changed(view: View, comments: Mapping[str, Comment]) -> Component:
    """What is different from last month, worst first."""
    lines = [_line(view, c, c.changed) for c in brief(comments.values()).changed[:MOST_CHANGES]]
    return _strip("Changed since last month", "changed", lines, "No measure stands differently from last month.")


def _strip(heading: str, ident: str, lines: list[Component], nothing: str) -> Component:
    content = html.Ul(lines, className="strip changes") if lines else html.P(nothing, className="calm")
    return html.Section([html.H2(heading, id=ident), content], **{"aria-labelledby": ident})


def _line(view: View, comment: Comment, said: str) -> Component:
    """A sentence of commentary; the measure it begins with is the link."""
    link = html.A(REGISTER[comment.kpi].title, href=kpi_link(view, comment.kpi))
    return html.Li(html.Span([link, f": {said.partition(': ')[2]}"]))


def _sorting(view: View) -> Component:
    """How the scorecard is ordered, and which signs are kept."""
    by = shell.Choice("order", "Order", list(ORDERS), _asked(view, "order", ORDERS))
    only = shell.Choice("only", "Show", [("", "All measures"), *SIGNALS], _asked(view, "only", SIGNALS))
    return shell.filters("/", [by, only], label="Order and show")


def _asked(view: View, name: str, known: Sequence[tuple[str, str]]) -> Any:
    asked = view.query.get(name, "")
    return asked if asked in dict(known) else ""


def sustained(view: View, now: pd.DataFrame) -> list[tuple[object, list[bool]]]:
    """The measures of these figures that met their target in each of the last three months, each a link to its page."""
    held = now[(now["sustained"] == 3) & (now["note"] != HISTORY_SHORT)]
    return [(html.A(REGISTER[row.kpi].title, href=kpi_link(view, row.kpi)), [True] * 3) for row in held.itertuples()]


PAGE = Page("/", draw, "Briefing")
