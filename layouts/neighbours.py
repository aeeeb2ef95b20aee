"""Statistical neighbours side by side: as a funnel where the counts are published, else as a strip by name. Never a league table.

The published figure of the council itself stands among them, of the same year: a month of ours is not compared with a year of theirs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from dash import html
from dash.development.base_component import Component

from data import reference
from kpi import Kpi
from kpi.funnel import funnel
from layouts import cards, shell, words
from layouts.comparators import INVENTED, figure, loaded, offers
from layouts.funnel_chart import funnel_section
from layouts.marks import DARK, LIGHT, picture
from layouts.tables import Column, plain_table
from layouts.view import View

MODELS = {"": 2025, "2021": 2021}
FAR_APART = 5  # times as many cases: then sizes are drawn by tens
FEWEST = 6  # of ten: fewer stand for too little of the group
SAYS = "In name order; this is not a league table."
SPREAD = "Councils differ for many reasons, so the range allows for the usual spread between them as well as for chance."
WIDTH, HEIGHT = 220, 18


def neighbours_section(view: View, measure: Kpi) -> Component | None:
    """The council among its statistical neighbours in the newest published year. None without an area, or where too few are published."""
    assert view.period is not None
    if view.area is None or view.unit[0] != "authority":
        return None
    model = MODELS.get(view.query.get("neighbours", ""), 2025)
    rows = reference.neighbour_figures(measure.key, view.area, model, loaded(view))
    rows = rows[rows["year_to"] <= view.period]
    counted = rows[rows["denominator"].notna() & (rows["denominator"] > 0)]
    newest, with_counts = _newest(rows), _newest(counted)
    if newest.empty:
        return None
    pick = shell.Choice("neighbours", "Neighbours", [("", "2025 model"), ("2021", "2021 model")], "2021" if model == 2021 else "")
    form = shell.filters(view.path, [pick], label="Which neighbours")
    if measure.measure == "percent" and len(with_counts):
        return html.Div([_funnel(view, measure, with_counts, newest), form, *_invented(view)], className="neighbours")
    return html.Div([_strip(view, measure, newest, form), *_invented(view)], className="neighbours")


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the newest year that has enough neighbours."""
    enough = rows[rows["rank"] > 0].groupby("year_to").size()
    years = enough[enough >= FEWEST].index
    return rows[rows["year_to"] == years.max()] if len(years) else rows.head(0)


def _funnel(view: View, measure: Kpi, rows: pd.DataFrame, newest: pd.DataFrame) -> Component:
    units = rows.rename(columns={"area_id": "unit_id"})[["unit_id", "numerator", "denominator"]]
    england = _england(view, measure, rows)
    spread = funnel(units, adjusted=True, round_=england)
    own = rows[rows["rank"] == 0]
    names = dict(zip(rows["area_id"], rows["area"], strict=True))
    year = f"the year to {words.month(rows['year_to'].iloc[0])}"
    where = dict(zip(spread.units["unit_id"], spread.units["where"], strict=True))
    mine = own["area_id"].iloc[0] if len(own) else ""
    later = ""
    if newest["year_to"].iloc[0] > rows["year_to"].iloc[0]:
        later = f" The counts of the year to {words.month(newest['year_to'].iloc[0])} are not held."
    return funnel_section(
        spread, _table(view, measure, rows, counts=True), ident="neighbours",
        heading=_heading(names.get(mine, ""), where.get(mine)),
        says=f"{measure.title}, {year}, as published. {SAYS} {SPREAD}{later}", names=names, noun=_cases(measure), better=measure.better,
        chosen=mine, many="councils", all_name="All of them" if england is None else "England",
        by_tens=bool(rows["denominator"].max() > FAR_APART * rows["denominator"].min()),
    )  # fmt: skip


def _strip(view: View, measure: Kpi, rows: pd.DataFrame, form: Component) -> Component:
    year = f"the year to {words.month(rows['year_to'].iloc[0])}"
    kind = "counts behind the percentages" if measure.measure == "percent" else "counts behind them"
    says = f"{measure.title}, {year}, as published. {SAYS} The {kind} are not held, so chance cannot be told from difference."
    return cards.section("Statistical neighbours", _table(view, measure, rows, counts=False), says=says, aside=[form])


def _heading(name: str, where: str | None) -> str:
    if not name:
        return "Statistical neighbours"
    if where in ("above_95", "above_998", "below_95", "below_998"):
        return f"{name} stands {'above' if where.startswith('above') else 'below'} the usual spread of its neighbours"
    return f"{name} is within the usual spread of its neighbours"


def _cases(measure: Kpi) -> str:
    return f"{measure.noun} in the year" if measure.basis == "in_period" else f"{measure.noun} on the day"


def _table(view: View, measure: Kpi, rows: pd.DataFrame, *, counts: bool) -> Component:
    """England, then every council in name order; the one itself in bold. Each figure as published, with a dot on one common scale."""
    england = _of_england(view, measure, rows).assign(rank=-1)
    listed = pd.concat([england, rows.sort_values("area", key=lambda names: names.str.casefold())], ignore_index=True)
    full = _round_up(float(np.nanmax(listed["value"])), measure)
    line = float(england["value"].iloc[0]) if len(england) else None
    columns = [Column("Council", lambda row: html.B(row["area"]) if row["rank"] <= 0 else row["area"])]
    if counts:
        columns.append(Column("n of N", lambda row: words.n_of_N(row["numerator"], row["denominator"]), numeric=True))
    columns += [
        Column("Published", lambda row: figure(pd.Series(row), measure.measure), numeric=True),
        Column(
            f"0 to {words.plain(full)}{', England dashed' if line is not None else ''}",
            lambda row: _dot(row["value"], line, full, own=row["rank"] == 0), wide_only=True,
        ),
    ]  # fmt: skip
    records = [{str(k): v for k, v in row.items()} for row in listed.to_dict("records")]
    return plain_table(columns, records, f"{measure.title}: statistical neighbours", row_class=lambda row: "cut" if row["rank"] < 0 else "")


def _of_england(view: View, measure: Kpi, rows: pd.DataFrame) -> pd.DataFrame:
    """England's figure of the year of these rows: one row or none."""
    held = {offer.key: offer.rows for offer in offers(view, measure)}
    england = held["england"] if "england" in held else rows.head(0)
    return england[england["year_to"] == rows["year_to"].iloc[0]]


def _england(view: View, measure: Kpi, rows: pd.DataFrame) -> float | None:
    found = _of_england(view, measure, rows)
    return float(found["value"].iloc[0]) if len(found) else None


def _dot(at: float, england: float | None, full: float, *, own: bool) -> Component:
    """One council on the scale all share: a dot, larger for the council itself, and England as an upright line. Its figure stands by."""
    across = 6 + (WIDTH - 12) * float(at) / full
    middle = HEIGHT / 2
    line = "" if england is None else f"<path class='c' d='M{6 + (WIDTH - 12) * england / full:.1f} 1V{HEIGHT - 1}'/>"
    name, radius = ("o", 6.0) if own else ("d", 4.5)
    base = f"<path class='b' d='M6 {middle}H{WIDTH - 6}'/>"
    drawn = f"{base}{line}<circle class='{name}' cx='{across:.1f}' cy='{middle}' r='{radius}'/>"
    inks = "".join(
        f"{start}.b{{stroke:{ink['line']};stroke-width:1}}.c{{stroke:{ink['compare']};stroke-width:2;stroke-dasharray:2 2}}"
        f".d{{fill:{ink['data']}}}.o{{fill:{ink['accent']}}}{end}"
        for start, ink, end in (("", LIGHT, ""), ("@media(prefers-color-scheme:dark){", DARK, "}"))
    )
    size = f"width='{WIDTH}' height='{HEIGHT}' viewBox='0 0 {WIDTH} {HEIGHT}'"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' {size}><style>{inks}</style>{drawn}</svg>"
    return html.Img(src=picture(svg), alt="", width=WIDTH, height=HEIGHT)


def _round_up(most: float, measure: Kpi) -> float:
    """Where the common scale ends: the next round number, and never beyond 100 for percentages."""
    step = 10.0 if most > 20 else 5.0 if most > 10 else 2.0
    end = float(np.ceil(most / step) * step) or step
    return min(end, 100.0) if measure.measure == "percent" else end


def _invented(view: View) -> list[Component]:
    area = reference.area_of(view.area)
    if not view.invented or area is None:
        return []
    return [html.P(INVENTED.format(area=area["area"]), className="small quiet")]
