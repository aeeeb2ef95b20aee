"""One view of the data: who looks, at which month, service and team. It is the address of the page, read; every page draws from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from data.store import Store
from data.tables import Clock, Tables
from data.viewer import Viewer
from kpi import REGISTER, Kpi
from kpi.figures import Level, cases_of, covered_periods, services_at
from kpi.period import parse_month
from kpi.shapes import UNALLOCATED
from kpi.signalling import signalled
from kpi.targets import judged, with_months_before
from layouts import words
from layouts.shell import Choice

SPARK_MONTHS = 24
PARTS = 32  # sets of series kept in memory: the largest, a domain of sixty teams over ten years, takes some 30 MB
Asked = tuple[str, ...] | None


@dataclass(frozen=True)
class View:
    """What one address asks for. Nothing is kept between two requests: the store keeps what is worth keeping."""

    store: Store
    viewer: Viewer
    org: str
    path: str
    query: Mapping[str, str]
    area: str | None = None  # the council among the published figures, to be compared with its region and its statistical neighbours
    today: pd.Timestamp | None = None  # the day it is, for how old the data is; none: nothing is said of that
    loading: bool = False  # whether this viewer may load files here

    @cached_property
    def version(self) -> tuple[int, int]:
        """The state of the data this view is drawn from."""
        return self.store.version(self.viewer.authority)

    @cached_property
    def held(self) -> tuple[int, ...]:
        """The state of the cases: another with every load, and the same while people write beside the figures."""
        return self.store.held_version(self.viewer.authority)

    @property
    def invented(self) -> bool:
        return bool((self.loads["invented"].astype(bool) & self.loads["withdrawn_at"].isna()).any())

    @cached_property
    def periods(self) -> list[pd.Timestamp]:
        """The months any measure has figures for, oldest first."""
        held = _judged(self.store, self.viewer, self.version, "authority", None, None)
        return sorted(pd.Timestamp(p) for p in held["period"].unique())

    @cached_property
    def period(self) -> pd.Timestamp | None:
        """The month asked for, whether there is data for it or not; otherwise the newest there is."""
        try:
            return parse_month(self.query.get("period", "")).as_unit("s")
        except ValueError:
            return self.periods[-1] if self.periods else None

    @cached_property
    def teams(self) -> pd.DataFrame:
        """The teams there are at the period end, with their service then: team_id, service_id; those only the figures name, too.

        Work no team holds, where there is any, is held by the team "unallocated", of the service "unallocated".
        """
        listed = _teams(self.store, self.viewer, self.version)
        if self.period is None:
            return listed.drop_duplicates("team_id", keep="last")[["team_id", "service_id"]]
        service = services_at(listed, self.period)
        seen = self.counted("team", self.period)["unit_id"].unique()
        there = listed[~(listed["started_on"] > self.period) & ~(listed["ended_on"] < self.period)]["team_id"]
        units = sorted({*there, *seen})
        return pd.DataFrame({"team_id": units, "service_id": [service.get(unit, UNALLOCATED) for unit in units]}, dtype="str")

    @property
    def service(self) -> str:
        return self.query.get("service", "")

    @property
    def team(self) -> str:
        return self.query.get("team", "")

    @property
    def unit(self) -> tuple[Level, str]:
        """The level and unit shown: a team, else a service, else the whole."""
        return ("team", self.team) if self.team else ("service", self.service) if self.service else ("authority", "")

    @property
    def unit_name(self) -> str:
        return named(self.unit[1]) if self.unit[1] else self.org

    @property
    def chosen(self) -> dict[str, str]:
        """The filters as they stand, for links that keep them. The newest month is the default and is left out."""
        period = "" if self.period is None or not self.query.get("period") else f"{self.period:%Y-%m}"
        return {"period": period, "service": self.service, "team": self.team}

    def figures(
        self, level: Level, units: Sequence[str] | None = None, keys: Sequence[str] | None = None, months: int | None = None
    ) -> pd.DataFrame:
        """Judged figures up to the period, with their signals as at it; `months` back, or all there are.

        Only the series asked for are read and judged, each with all its months: those of the units, else those of the measures.
        """
        assert self.period is not None
        of = None if level == "authority" or units is None else tuple(units)
        about = None if level == "authority" or units is not None or keys is None else tuple(keys)
        out = _signalled(self.store, self.viewer, self.version, level, self.period, of, about)
        wanted = np.ones(len(out), dtype=bool)
        if months is not None:
            wanted &= (out["period"] > self.period - pd.DateOffset(months=months + 1)).to_numpy()
        for column, only in (("unit_id", units), ("kpi", keys)):
            if only is not None:
                wanted &= out[column].isin(list(only)).to_numpy()
        return out[wanted]

    def counted(self, level: Level, month: pd.Timestamp, keys: Sequence[str] | None = None) -> pd.DataFrame:
        """The figures of one month of every unit of a level, as they are kept: counts, neither judged nor held against other months."""
        return _counted(self.store, self.viewer, self.version, level, month, None if keys is None else tuple(keys))

    @cached_property
    def targets(self) -> pd.DataFrame:
        """The dated targets that hold: shipped, loaded or set here."""
        return _targets(self.store, self.viewer.authority, self.version)

    @property
    def annotations(self) -> pd.DataFrame:
        """What happened that may show in the figures, by day, up to the period."""
        held = _annotations(self.store, self.viewer, self.version)
        held = held[held["undone_at"].isna()]
        return held if self.period is None else held[held["on"] <= self.period]

    def noted(self, key: str, *, history: bool = False) -> pd.DataFrame:
        """The annotations of one measure and of every measure, whatever the period; `history`: those undone too."""
        held = _annotations(self.store, self.viewer, self.version)
        return held[held["kpi"].isin(["", key]) & (held["undone_at"].isna() | history)].reset_index(drop=True)

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """The dated standards, loaded ones included."""
        return _clocks(self.store, self.viewer.authority, self.version)

    def rebases_of(self, key: str) -> list[pd.Timestamp]:
        """The days from which a KPI's expected range is drawn anew."""
        ours = self.annotations
        return list(ours.loc[ours["rebase"].astype(bool) & ours["kpi"].isin(["", key]), "on"])

    def cases(self, measure: Kpi) -> pd.DataFrame:
        """The cases of the period behind a figure, within the service and team chosen."""
        assert self.period is not None
        found = _cases(self.store, self.viewer, self.held, measure.key, self.period)
        if self.team:
            return found[found["team_id"] == self.team]
        return found[found["service_id"] == self.service] if self.service else found

    @property
    def loads(self) -> pd.DataFrame:
        return _loads(self.store, self.viewer.authority, self.version)

    def choices(self) -> list[Choice]:
        """The filters every page has: period, service, team."""
        assert self.period is not None
        teams = self.teams if not self.service else self.teams[self.teams["service_id"] == self.service]
        services = sorted({*self.teams["service_id"], *([self.service] if self.service else [])}, key=_last_unallocated)
        units = sorted({*teams["team_id"], *([self.team] if self.team else [])}, key=_last_unallocated)
        return [
            Choice(
                "period",
                "Period",
                [(f"{p:%Y-%m}", words.month(p)) for p in sorted({*self.periods, self.period}, reverse=True)],
                f"{self.period:%Y-%m}",
            ),
            Choice("service", "Service", [("", "All services"), *((s, named(s)) for s in services)], self.service, clears=("team",)),
            Choice("team", "Team", [("", "All teams"), *((t, named(t)) for t in units)], self.team),
        ]


@lru_cache(maxsize=PARTS)
def _judged(store: Store, viewer: Viewer, version: tuple[int, int], level: Level, units: Asked, keys: Asked) -> pd.DataFrame:
    """The judged figures of some series of a level, worked out once for each state of the data. They are shared: never changed in place.

    The measures are always named to the store: the key of its figures is by level, measure, unit and month.
    """
    known = [key for key in REGISTER if keys is None or key in keys]  # one taken out of the register has no words to be shown by
    raw = store.figures(viewer, levels=(level,), kpis=known, units=units)
    out = with_months_before(judged(raw, _targets(store, viewer.authority, version)))
    return out.assign(unit=out["unit_id"].map(named))


@lru_cache(maxsize=PARTS)
def _signalled(
    store: Store, viewer: Viewer, version: tuple[int, int], level: Level, period: pd.Timestamp, units: Asked, keys: Asked
) -> pd.DataFrame:  # fmt: skip
    """The same up to a period, with what each month signals: what was not yet known then has no part in it."""
    out = _judged(store, viewer, version, level, units, keys)
    happened = _annotations(store, viewer, version)
    happened = happened[happened["undone_at"].isna()]
    rebases = happened.loc[happened["rebase"].astype(bool) & (happened["on"] <= period), ["kpi", "on"]]
    return signalled(out[out["period"] <= period], rebases.rename(columns={"on": "happened_on"}))


@lru_cache(maxsize=PARTS)
def _counted(
    store: Store, viewer: Viewer, version: tuple[int, int], level: Level, month: pd.Timestamp, keys: Asked
) -> pd.DataFrame:  # fmt: skip
    out = store.figures(viewer, levels=(level,), kpis=keys, first=month, last=month)
    out = out[out["kpi"].isin(list(REGISTER))].reset_index(drop=True)
    return out.assign(unit=out["unit_id"].map(named))


@lru_cache(maxsize=16)
def _cases(store: Store, viewer: Viewer, held: tuple[int, ...], key: str, period: pd.Timestamp) -> pd.DataFrame:
    """The cases of one measure and month: its list is asked for part by part, and of one unit after the other."""
    measure, periods = REGISTER[key], pd.DatetimeIndex([period]).as_unit("s")

    def covered(tables: Tables) -> pd.DataFrame:
        return cases_of(measure, tables, periods.intersection(covered_periods(measure, tables)))

    return store.cases(viewer, covered)


@lru_cache(maxsize=8)
def _annotations(store: Store, viewer: Viewer, version: tuple[int, int]) -> pd.DataFrame:
    return store.annotations(viewer, history=True)


@lru_cache(maxsize=8)
def _clocks(store: Store, authority: str, version: tuple[int, int]) -> tuple[Clock, ...]:
    return store.clocks(authority)


@lru_cache(maxsize=8)
def _targets(store: Store, authority: str, version: tuple[int, int]) -> pd.DataFrame:
    return store.targets(authority)


@lru_cache(maxsize=8)
def _loads(store: Store, authority: str, version: tuple[int, int]) -> pd.DataFrame:
    return store.loads(authority)


@lru_cache(maxsize=8)
def _teams(store: Store, viewer: Viewer, version: tuple[int, int]) -> pd.DataFrame:
    return store.teams(viewer)


def _last_unallocated(unit_id: str) -> tuple[bool, str]:
    return unit_id == UNALLOCATED, unit_id


def named(unit_id: str) -> str:
    """A unit as it is shown: work nobody holds says so."""
    return "Unallocated" if unit_id == UNALLOCATED else unit_id
