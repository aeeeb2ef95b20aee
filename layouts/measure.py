"""One KPI: its trend against its target, its teams or workers side by side, its definition, what was left out, and the way to the cases."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.tables import Clock
from kpi import DOMAINS, REGISTER, Kpi
from kpi.clock import in_words, standard_on, standards_of
from kpi.figures import HISTORY_SHORT
from kpi.interval import wilson
from kpi.measures import NO_LIST
from kpi.reading_over import adds_up, over
from kpi.why import days_late
from layouts import cards, shell, words
from layouts.breakdown_links import ways_to_break_down
from layouts.briefing import as_at_line
from layouts.comments import comments_of
from layouts.marks import status_mark, value
from layouts.neighbours import neighbours_section
from layouts.on_a_day import day_form, on_a_day
from layouts.outlook import look_at, outlook
from layouts.page import Page
from layouts.reading import choice, may_be_read_over, read_over, reading, window
from layouts.trend import WHOLE_ONLY, notes_of, read_over_section, trend_section, units_section
from layouts.view import View

TREND_MONTHS = 36
QUARTER = 3
BANDS = ((5, "1 to 5 days late"), (10, "6 to 10 days late"), (None, "more than 10 days late"))


def draw(view: View) -> Component:
    """The page of one KPI, for the whole, a service or a team."""
    measure = REGISTER.get(view.query["key"])
    if measure is None:
        known = html.Ul([html.Li(html.A(m.title, href=f"/kpi/{m.key}")) for m in REGISTER.values()])
        return html.Div(
            [shell.heading("No such measure"), cards.empty(f"There is no measure called {view.query['key']}", "These there are:", known)],
            className="wrap",
        )
    if view.period is None:
        return html.Div(
            [shell.heading(measure.title), cards.empty("Nothing has been loaded yet", f"It needs: {measure.sources}.")], className="wrap"
        )
    history = view.figures(view.unit[0], [view.unit[1]], keys=[measure.key], months=TREND_MONTHS)
    now = history[history["period"] == view.period]
    top = [
        _crumbs(view, measure),
        _heading(view, measure),
        html.Div([as_at_line(view, now), shell.filters(view.path, _choices(view, measure))], className="head below"),
    ]
    if now.empty:
        says = f"Nothing loaded speaks for {words.month(view.period)}. It needs: {measure.sources}."
        if measure.measure == "rate" and view.unit[1]:
            says = WHOLE_ONLY
        return html.Div(
            [*top, cards.empty(f"No data for {words.month(view.period)}", says, shell.link("See what is loaded", "/data"))],
            className="wrap",
        )
    row = now.iloc[0]
    return html.Div(
        [
            *top,
            html.Div(
                [
                    html.Div([part for part in _middle(view, measure, history, row) if part is not None]),
                    _aside(view, measure, row),
                ],
                className="kp",
            ),
        ],
        className="wrap",
    )


def _middle(view: View, measure: Kpi, history: pd.DataFrame, row: pd.Series) -> list[Component | None]:
    missed = cases_link(view, measure, "missed")
    asked, month = reading(view, measure), row
    if asked:
        read = read_over(view, measure, asked, view.unit[0], (view.unit[1],))
        read = read[read["period"].isin(history["period"])]
        row = read[read["period"] == view.period].iloc[0]
        top = [_reading_facts(measure, row, asked), _short(row, asked), read_over_section(view, measure, read, asked)]
    else:
        comment = comments_of(view).get(measure.key)
        top = [cards.kpi_facts(measure, row.to_dict(), _dots(row)), _short(row), trend_section(view, measure, history, comment, missed)]
    return [
        on_a_day(view, measure),
        *top,
        units_section(view, measure, month if view.team else row, {_list_words(measure): missed}),
        neighbours_section(view, measure),
        look_at(view, measure),
        notes_of(view, measure, history),
    ]


def _choices(view: View, measure: Kpi) -> list[shell.Choice]:
    return [*view.choices(), *([choice(view, measure)] if may_be_read_over(measure) else [])]


def _reading_facts(measure: Kpi, row: pd.Series, asked: str) -> Component:
    """The strip that opens the page where several months are read together."""
    base = words.base(row["numerator"], row["denominator"], measure.measure)
    when = window(asked, row["period"])
    likely = []
    if measure.measure == "percent" and row["denominator"] > 0:
        ends = " to ".join(words.pct(end) for end in wilson(row["numerator"], row["denominator"]))
        likely = [cards.Fact("Likely between", ends, "given how many cases it rests on")]
    target = words.target_words(row["target"], measure.better, measure.measure)
    return cards.facts(
        [
            cards.Fact(when[:1].upper() + when[1:], value(row["value"], measure.measure, hero=True), f"{base} {measure.noun}".strip()),
            cards.Fact("Against target", status_mark(row["status"]), None if words.missing(row["target"]) else target),
            *likely,
            cards.Fact("Is it real?", "Not tested for chance", "readings share months"),
        ]
    )


def _short(row: pd.Series, asked: str = "") -> Component | None:
    """A warning beside a figure that looks back over months nothing is held for."""
    if row["note"] != HISTORY_SHORT:
        return None
    says = "Nothing is held for some of the months it looks back over"
    if asked:
        says = "Some of its months have no data, or looked back over months nothing is held for"
    return html.P([html.B("History short. "), f"{says}: do not read it as low or high."], className="comment")


def trail(view: View, measure: Kpi) -> list[tuple[str, str]]:
    """The way back from a KPI: the briefing, then its domain, with the same filters."""
    title = next(domain.title for domain in DOMAINS if domain.key == measure.domain)
    own = shell.address(f"/domain/{measure.domain}", view.chosen)
    return [("Briefing", shell.address("/", view.chosen)), (title, own)]


def cases_link(view: View, measure: Kpi, show: str, **more: str) -> str:
    return shell.address(f"/cases/{measure.key}", {**view.chosen, "show": show, **more})


def _crumbs(view: View, measure: Kpi) -> Component:
    if view.unit[1]:
        whole = shell.address(f"/kpi/{measure.key}", {"period": view.chosen["period"]})
        return shell.crumbs([*trail(view, measure), (measure.title, whole)], view.unit_name)
    return shell.crumbs(trail(view, measure), measure.title)


def _heading(view: View, measure: Kpi) -> Component:
    title = measure.title + (f", {view.unit_name}" if view.unit[1] else "")
    present = html.A("Present", href=shell.address("/present", {"kpi": measure.key, **view.chosen}), className="btn")
    export = shell.download("Export to Excel", f"/export/summary.xlsx?period={view.period:%Y-%m}")
    return shell.heading(title, shell.buttons(present, export))


def _dots(row: pd.Series) -> list[bool] | None:
    return None if words.missing(row["target"]) else [bool(m) for m in row["months_met"]]


def _list_words(measure: Kpi) -> str:
    return "List every case" if measure.measure != "percent" else f"List those {_missed_words(measure)}"


def _missed_words(measure: Kpi) -> str:
    return measure.did if measure.better == "lower" else f"not {measure.did}"


def _aside(view: View, measure: Kpi, row: pd.Series) -> Component:
    sections = [
        cards.definition(measure, _terms(view, measure)),
        *([] if measure.given is not None else [cards.left_out(row["left_out"], "cases", row["apart"], _see_left_out(view, measure, row))]),
        *ways_to_break_down(view, measure),
    ]
    history = view.figures(view.unit[0], [view.unit[1]], keys=[measure.key])
    more = (outlook(measure, history), _missed(view, measure), _how_sure(view, measure, row), day_form(view, measure))
    sections += [part for part in more if part is not None]
    return cards.aside(sections)


def _see_left_out(view: View, measure: Kpi, row: pd.Series) -> Component | None:
    return html.A("List those left out", href=cases_link(view, measure, "left-out")) if sum(row["left_out"].values()) else None


def _terms(view: View, measure: Kpi) -> dict[str, object]:
    terms: dict[str, object] = {"Method": measure.method}
    clocks = [clock for duty in measure.duties for clock in _in_force(view, duty)]
    if clocks:
        terms["Clock"] = html.Ul([html.Li(f"{in_words(clock)} ({clock.set_by})") for clock in clocks])
    rows = view.targets[(view.targets["kpi"] == measure.key) & (view.targets["since"] <= view.period)]
    if len(rows):
        last = rows.iloc[-1]
        terms["Target set by"] = f"{last['set_by']}, from {words.day(last['since'])}" + (
            f". {last['note']}" if not words.missing(last["note"]) else ""
        )
    return terms


def _in_force(view: View, duty: str) -> list[Clock]:
    """The standard of a duty in force at the period, loaded ones included."""
    if duty not in {clock.duty for clock in view.clocks}:
        return []
    rows = standards_of(view.clocks, duty)
    return [rows[standard_on(rows, pd.Series([view.period]))[0]]]


def _missed(view: View, measure: Kpi) -> Component | None:
    """Those who missed it, by how late: the way to the list."""
    if measure.given is not None:
        return cards.aside_section("Case by case", html.P(NO_LIST))
    if measure.measure != "percent":
        each = "child" if measure.domain not in ("workforce", "quality") else "worker"
        return cards.aside_section("Case by case", html.P(html.A(f"List every {each}", href=cases_link(view, measure, "all"))))
    cases = view.cases(measure)
    counted = cases[cases["left_out"].isna()]
    missed = counted[counted["met"].astype(bool) == (measure.better == "lower")]
    if missed.empty:
        return None
    late = days_late(missed)
    bands: dict[str, int] = {}
    low = 0
    for high, text in BANDS:
        bands[text] = int(((late > low) & (late <= high if high else True)).sum())
        low = high or 0
    listed = [cards.counted(bands)] if late.notna().any() and measure.basis == "stock" else []
    title = f"The {words.count(len(missed))} {_missed_words(measure)}" if len(missed) > 1 else f"The one {_missed_words(measure)}"
    return cards.aside_section(title, *listed, html.P(html.A(_list_words(measure), href=cases_link(view, measure, "missed"))))


def _how_sure(view: View, measure: Kpi, row: pd.Series) -> Component | None:
    """What a month's figure can bear: the range it is likely to lie in, and the same over three months."""
    if measure.measure != "percent" or measure.basis != "in_period" or not row["denominator"] > 0:
        return None
    covered = view.figures("authority", keys=[measure.key], months=QUARTER)["period"]
    history = view.figures(view.unit[0], [view.unit[1]], keys=[measure.key], months=QUARTER)
    together = over(history, QUARTER, covered=pd.DatetimeIndex(covered)).set_index("period").loc[row["period"]]
    lines = [f"{words.month(row['period'])}: {_likely(row['numerator'], row['denominator'])}."]
    if adds_up(measure) and together["note"] != HISTORY_SHORT:
        lines.append(f"The last {words.spoken(QUARTER)} months together: {_likely(together['numerator'], together['denominator'])}.")
    return cards.aside_section("How sure is it?", *[html.P(line) for line in lines])


def _likely(numerator: float, denominator: float) -> str:
    low, high = (words.pct(v) for v in wilson(numerator, denominator))
    return f"{words.n_of_N(numerator, denominator)}, {words.pct(100 * numerator / denominator)}, likely between {low} and {high}"


PAGE = Page("/kpi/<key>", draw)
