"""What does the catalogue say of each measure? Gathered once, for the page and for the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from data.reference.declared import owners
from data.settings import settings
from data.store import Store
from data.viewer import Viewer
from kpi import DOMAINS, REGISTER, Kpi
from kpi.model import POPULATION
from kpi.recommendations import recommendation_words
from layouts import words
from layouts.freshness import SOURCE_TITLES
from layouts.view import View

UNITS: Mapping[str, str] = {
    "percent": "Percentage", "ratio": "Percentage by size", "mean": "Average", "days": "Average days", "median": "Median days",
    "count": "Number", "rate": "Rate per 10,000 children", "value": "A figure as given",
}  # fmt: skip
BETTER = {"higher": "Higher is better", "lower": "Lower is better", None: "Neither way is better"}
BASIS = {"stock": "As things stand on a day", "in_period": "What happened in the month"}


@dataclass(frozen=True)
class Entry:
    """One measure of the catalogue. `latest`: its newest judged figure of the whole; `missing`: the extracts that would bring its data.

    `owner`: who answers for it, by data/reference/owners.csv or the council's own file, else who answers for its domain; empty: nobody is
    named. `set_by`: who set the target in force in the period looked at.
    """

    kpi: Kpi
    domain: str
    latest: Mapping[str, Any] | None
    through: pd.Timestamp | None
    missing: str
    owner: str
    target: str
    set_by: str

    @property
    def figure(self) -> str:
        return "" if self.latest is None else words.figure(self.latest["value"], self.kpi.measure)

    @property
    def base(self) -> str:
        return "" if self.latest is None else words.base(self.latest["numerator"], self.latest["denominator"], self.kpi.measure)

    @property
    def status(self) -> str:
        return "no data" if self.latest is None else str(self.latest["status"])

    @property
    def loaded(self) -> str:
        """Whether its data is loaded, in words."""
        return f"Loaded to {words.month(self.through)}" if self.through is not None else f"Not loaded: {self.missing}"

    @property
    def recommendation(self) -> str:
        return recommendation_words(self.kpi.recommendation)

    @property
    def searched(self) -> str:
        """What a search looks through."""
        kpi = self.kpi
        said = (kpi.title, kpi.key.replace("_", " "), kpi.key, kpi.noun, kpi.did, kpi.sources, self.domain, self.owner, self.set_by)
        return " ".join((*said, self.recommendation, kpi.definition, self.loaded)).casefold()

    def answers(self, query: str) -> bool:
        """Whether every word asked for is somewhere in it."""
        return all(word in self.searched for word in query.casefold().split())


def entries(view: View) -> list[Entry]:
    """Every measure in the register, by domain."""
    newest = {} if view.period is None else _newest(view)
    covered = _covered(view.store, view.viewer.authority, view.version)
    domains = {domain.key: domain.title for domain in DOMAINS}
    ordered = [kpi for domain in DOMAINS for kpi in REGISTER.values() if kpi.domain == domain.key]
    named = owners(view.viewer.authority, settings().owners)
    return [_entry(view, kpi, domains[kpi.domain], newest.get(kpi.key), covered, named) for kpi in ordered]


def _newest(view: View) -> dict[str, dict[str, Any]]:
    """Each measure's newest figure of the whole that says anything."""
    whole = view.figures("authority")
    said = whole[~whole["status"].isin(["no data"])].sort_values("period").drop_duplicates("kpi", keep="last")
    return {row["kpi"]: row for row in said.to_dict("records")}


def _entry(
    view: View, kpi: Kpi, domain: str, latest: dict[str, Any] | None, covered: Mapping[str, pd.Timestamp], named: Mapping[str, str]
) -> Entry:  # fmt: skip
    through = _through(view, kpi, covered, has_figures=latest is not None)
    ours = view.targets[view.targets["kpi"] == kpi.key].sort_values("since")
    ours = ours if view.period is None else ours[ours["since"] <= view.period]
    row = None if ours.empty else ours.iloc[-1]
    target = "" if row is None else f"{words.target_words(row['green'], kpi.better, kpi.measure)} {words.by_words(row['by'])}".strip()
    set_by = "" if row is None or words.missing(row["set_by"]) else str(row["set_by"])
    owner = named.get(kpi.key, named.get(kpi.domain, ""))
    return Entry(kpi, domain, latest, through, "" if through is not None else bring(kpi), owner, target, set_by)


def _through(view: View, kpi: Kpi, covered: Mapping[str, pd.Timestamp], *, has_figures: bool) -> pd.Timestamp | None:
    """The last month its data is loaded for; nothing where something it needs is not loaded.

    The population speaks for no month of its own: a rate that has figures has a population.
    """
    if kpi.given is not None:
        held = _given_to(view.store, view.viewer, view.version)
        return held.get(kpi.key)
    if any(need not in covered for need in kpi.monthly_needs):
        return None
    if POPULATION in kpi.needs and POPULATION not in covered and not has_figures:
        return None
    return min((covered[need] for need in kpi.monthly_needs), default=None)


@lru_cache(maxsize=4)
def _given_to(store: Store, viewer: Viewer, version: tuple[int, int]) -> Mapping[str, pd.Timestamp]:
    """The last month each measure the council has only as figures has one for, of the whole or of a part."""
    keys = [kpi.key for kpi in REGISTER.values() if kpi.given is not None]
    held = store.figures(viewer, levels=("authority", "service", "team"), kpis=keys)
    return {str(key): pd.Timestamp(months.max()) for key, months in held.groupby("kpi")["period"]}


def bring(kpi: Kpi) -> str:
    """Which extracts would bring a measure's data: "Reviews or Annex A child lists would bring it"."""
    if kpi.given is not None:
        return f"a row of {kpi.key} in a list of measures known only as figures would bring it"
    titles = [SOURCE_TITLES.get(name, name.replace("_", " ")) for name in kpi.brought_by]
    return f"{' or '.join(titles) or 'an extract'} would bring it"


@lru_cache(maxsize=4)
def _covered(store: Store, authority: str, version: tuple[int, int]) -> Mapping[str, pd.Timestamp]:
    """The last month each table's loads speak for; the population stands until it is counted anew."""
    held = {name: months[-1] for name, months in store.covered(authority).items() if len(months)}
    return held if POPULATION not in held else {**held, POPULATION: max(held.values())}
