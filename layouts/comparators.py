"""What a council is held against: published figures of England, its region, itself and its statistical neighbours, and which are drawn.

Which are on stands in the address (`compare=england-median_2025`), so that a page can be sent as it is seen. Published figures are annual:
they are drawn over their own year and no further, and never tested for chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data import reference
from data.store import Store
from kpi import Kpi
from kpi.model import Measure
from kpi.reading_over import adds_up
from layouts import shell, words
from layouts.chart_lines import Comparator
from layouts.marks import DARK, LIGHT, picture
from layouts.tables import Column, plain_table
from layouts.view import View

NOTHING = "none"
USUAL = ("england", "median_2025")
WHOLE_PER_CENT = "Whole per cent"
DASHES = {
    "england": "1.5px,4px", "region": "6px,4px", "own": "solid", "median_2025": "9px,3px,1.5px,3px", "mean_2025": "14px,4px",
    "median_2021": "4px,2px,1.5px,2px,1.5px,2px", "mean_2021": "3px,3px",
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """One thing to compare with: its key in the address, its name, and its figures, oldest year first (`data.reference.published`)."""

    key: str
    name: str
    rows: pd.DataFrame


def offers(view: View, measure: Kpi) -> list[Offer]:
    """Everything this measure may be held against whose year had ended by the period; nothing for a measure nobody publishes."""
    rows = published(view)
    rows = rows[(rows["kpi"] == measure.key) & (rows["year_to"] <= view.period)].sort_values("year_to")
    kinds = [("england", rows[rows["area_kind"] == "england"]), ("region", rows[rows["area_kind"] == "region"])]
    kinds.append(("own", rows[rows["area_kind"] == "la"]))
    for model in ("2025", "2021"):
        of = rows[(rows["area_kind"] == "statistical_neighbours") & (rows["model"] == model)]
        kinds += [(f"{statistic}_{model}", of[of["statistic"] == statistic]) for statistic in ("median", "mean")]
    return [Offer(key, _name(key, own), own) for key, own in kinds if len(own)]


def chosen(view: View, held: Sequence[Offer]) -> list[Offer]:
    """Those of the offers that are on: as the address says, else England and the median of the neighbours."""
    asked = view.query.get("compare", "")
    wanted = set(asked.split("-")) if asked else set(USUAL)
    return [offer for offer in held if offer.key in wanted]


def lines(held: Sequence[Offer], measure: Measure) -> list[Comparator]:
    """One line for each year of each offer; the newest is named, with its year and its figure."""
    out = []
    for offer in held:
        newest = offer.rows.index[-1]
        for at, row in offer.rows.iterrows():
            label = f"{offer.name}, {_year(row)}" if at == newest else ""
            out.append(
                Comparator(label, row["year_from"], row["year_to"], float(row["value"]), DASHES[offer.key], figure(row, measure))
            )  # fmt: skip
    return out


def figure(row: pd.Series, measure: Measure) -> str:
    """A published figure as exactly as it was published: "7 %" where only whole per cents are. A mean or median has its decimal."""
    if WHOLE_PER_CENT in str(row["note"]) and measure == "percent" and words.missing(row.get("statistic")):
        return f"{words.count(row['value'])}{words.THIN}%"
    return words.figure(row["value"], measure)


def newest_of_england(view: View) -> dict[str, pd.Series]:
    """KPI -> the newest published figure for England whose year had ended by the period."""
    rows = published(view)
    rows = rows[(rows["area_kind"] == "england") & (rows["year_to"] <= view.period)].sort_values("year_to")
    return {str(row["kpi"]): row for _, row in rows.drop_duplicates("kpi", keep="last").iterrows()}


def published(view: View) -> pd.DataFrame:
    """Every published figure this council may be held against, the ones it has loaded in the place of those that come with Sightline."""
    return _published(view.store, view.viewer.authority, view.version, view.area)


def loaded(view: View) -> pd.DataFrame:
    """The published figures this council has loaded itself."""
    return _loaded(view.store, view.viewer.authority, view.version)


@lru_cache(maxsize=8)
def _published(store: Store, authority: str, version: tuple[int, int], area: str | None) -> pd.DataFrame:
    return reference.published(area, _loaded(store, authority, version))


@lru_cache(maxsize=8)
def _loaded(store: Store, authority: str, version: tuple[int, int]) -> pd.DataFrame:
    return store.comparators(authority)


def compared_with(view: View, measure: Kpi, held: Sequence[Offer], year: str = "") -> Component | None:
    """Under a trend: what to compare with, how the published definition differs, and every published figure by its year.

    year: what the last 12 months together say here, where the measure can be read so. None where nothing is published.
    """
    if not held:
        return None
    on = chosen(view, held)
    differs = str(held[0].rows["differs"].iloc[-1])
    says = ["Published figures are of a whole year and a whole council. ", html.B("Defined otherwise: "), differs]
    if adds_up(measure) and measure.measure != "median":
        says += [" ", *_fair(view, year)]
    return html.Section(
        [
            _ticks(view, held, on),
            html.P(says, className="small"),
            html.Details([html.Summary("Every published figure, by year"), _table(held, measure), *_sources(view, held)]),
        ],
        className="compared", **{"aria-label": "Published figures"},
    )  # fmt: skip


def _fair(view: View, year: str) -> list[Component | str]:
    asked = {k: v for k, v in view.query.items() if k not in ("key", "reading")}
    if view.query.get("reading") == "12":
        return ["Here too each point is 12 months together."]
    link = html.A("Read 12 months together", href=shell.address(view.path, {**asked, "reading": "12"}))
    return [f"Compare a year with a year{year}. ", link, "."]


def _ticks(view: View, held: Sequence[Offer], on: Sequence[Offer]) -> Component:
    """What to compare with, as buttons that turn each line on or off, each with the pattern of its line."""
    now = [offer.key for offer in on]
    buttons = [
        html.Button(
            [html.Img(src=picture(_swatch(DASHES[offer.key])), alt="", width=30, height=8), offer.name],
            type="button", className="tick",
            **{"aria-pressed": str(offer.key in now).lower(), "data-go": _turned(view, held, now, offer.key), "data-turn": offer.key},
        )
        for offer in held
    ]  # fmt: skip
    return html.Div([html.Span("Compare with"), *buttons], className="ticks", role="group", **{"aria-label": "Compare with"})


def _turned(view: View, held: Sequence[Offer], now: Sequence[str], key: str) -> str:
    """The address of this page with one line turned on, or off."""
    keys = [offer.key for offer in held]
    after = [k for k in keys if (k in now) != (k == key)]
    usual = [k for k in keys if k in USUAL]
    rest = {k: v for k, v in view.query.items() if k not in ("key", "compare")}
    return shell.address(view.path, {**rest, "compare": "" if after == usual else "-".join(after) or NOTHING})


def _swatch(dash: str) -> str:
    array = "" if dash == "solid" else f" stroke-dasharray='{dash.replace('px', '')}'"
    inks = f"path{{stroke:{LIGHT['compare']}}}@media(prefers-color-scheme:dark){{path{{stroke:{DARK['compare']}}}}}"
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='30' height='8' viewBox='0 0 30 8'><style>{inks}</style>"
        f"<path d='M0 4H30' fill='none' stroke-width='2'{array}/></svg>"
    )


def _table(held: Sequence[Offer], measure: Kpi) -> Component:
    """A row for each year, newest first, a column for each area."""
    years = sorted({end for offer in held for end in offer.rows["year_to"]}, reverse=True)
    figures = {
        (offer.key, row["year_to"]): figure(row, measure.measure) for offer in held for _, row in offer.rows.iterrows()
    }  # fmt: skip
    columns = [Column("Year to", lambda row: words.month(row["year"]), wrap=False)]
    columns += [
        Column(offer.name, lambda row, key=offer.key: figures.get((key, row["year"]), words.NONE), numeric=True)  # type: ignore[misc]
        for offer in held
    ]
    return plain_table(columns, [{"year": year} for year in years], f"Published figures: {measure.title}")


def _sources(view: View, held: Sequence[Offer]) -> list[Component]:
    """Where the figures come from, what is not held, and that an invented council is set beside real ones."""
    sources = sorted({str(source) for offer in held for source in offer.rows["source"].dropna()})
    says = [f"Source: {'; '.join(sources)}. A neighbour without a figure is left out of mean and median."]
    if view.invented and view.area:
        says.append(INVENTED.format(area=reference.area_of(view.area)["area"]))  # type: ignore[index]
    if view.area:
        says.append("Neighbours are those of the 2025 model; where it is written beside them, of the 2021 model.")
    says += reference.gaps(view.area, loaded(view))
    return [html.P(sentence, className="small quiet") for sentence in says]


INVENTED = (
    "This council is invented. {area}, its region and its neighbours are real, and their published figures are real: they are set beside "
    "the invented ones only to show how a comparison looks."
)


def _name(key: str, rows: pd.DataFrame) -> str:
    if key in ("england", "region"):
        return str(rows["area"].iloc[-1])
    if key == "own":
        return f"{rows['area'].iloc[-1]} (published)"
    statistic, model = key.split("_")
    return f"Neighbours’ {statistic}" if model == "2025" else f"{model} neighbours’ {statistic}"


def _year(row: pd.Series) -> str:
    """The year a figure speaks of, as short as it is said: "2024–25" from April to March, else "year to Sep 2025"."""
    end = row["year_to"]
    return f"{end.year - 1}–{end:%y}" if end.month == 3 else f"year to {words.short_month(end)}"
