"""A KPI, declared once: its words, its direction, what it needs, and the pure function that finds its cases.

    @kpi(domain="protection", title="Children on a CP plan seen in time", noun="children with a plan open", ...)
    def cp_visits_in_time(tables, periods):
        '''Of children with a child protection plan open at the period end, those whose next visit was not overdue: ...'''

The function's name is the key, its docstring the published definition. It returns *cases*: one row per case in the denominator, and one
per case left out of it, which every figure, chart, list and workbook is read from. What a counted case fills in follows from the measure:

    percent   `met`                                       figure: met, of all counted
    ratio     `value` and `weight`, `met` empty           figure: as mean, shown as a percentage: cases differ in size (hours worked)
    mean      `value` and `weight`, `met` empty           figure: values added up over weights added up
    days      `value` in days, `weight` 1, `met` empty    figure: days added up over cases: the mean number of days
    median    as days; `value` in days                    figure: numerator = median x cases, denominator = cases
    count     `value` 1, `weight` 1, `met` empty          figure: numerator = how many, denominator = 1
    rate      `value` 1, `weight` 1, `met` empty          figure: numerator = how many, denominator = people; shown per 10,000
    value     no cases: a figure given whole              figure: numerator = the figure, denominator = 1 (only in `kpi.measures`)

`kpi.shapes.tally` makes the cases of a count or a rate. A covered month of a count with no case is 0, a fact, and not "no cases"; few
cases are no reason not to judge a count. A rate needs `population` (people aged 0 to 17: the newest count on or before the period, else
the first one) and is worked out for the whole authority only; with no population loaded it has no data. The medians of teams do not add
up to the whole's: only their cases do.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import pandas as pd

from data.tables import Tables
from kpi.brought_by import brings

Better = Literal["higher", "lower"]
Measure = Literal["percent", "ratio", "mean", "days", "median", "count", "rate", "value"]
Basis = Literal["stock", "in_period"]
Span = Literal["month", "rolling", "year"]
CasesOf = Callable[[Tables, pd.DatetimeIndex], pd.DataFrame]
Given = Callable[[Tables], pd.DataFrame]

SCALE: Mapping[Measure, float] = MappingProxyType(  # a figure is this many times its numerator over its denominator
    {"percent": 100.0, "ratio": 100.0, "mean": 1.0, "days": 1.0, "median": 1.0, "count": 1.0, "rate": 10_000.0, "value": 1.0}
)
SHARES: tuple[Measure, ...] = ("percent", "ratio")  # shown in per cent, and differing in points
HOW_MANY: tuple[Measure, ...] = ("count", "rate")  # each case counts one
NEVER_FEW: tuple[Measure, ...] = ("count", "value")  # a fact whatever its size: judged on few cases too
POPULATION = "population"

CASE_COLUMNS = (
    "period", "case_id", "child_id", "worker_id", "team_id",
    "met",  # boolean: percentages only
    "value", "weight",  # every other measure: what is added up, over what
    "due_on", "happened_on",  # what `why` is worded from, with
    "reason",  # a short sentence of a closed list, the same for every case of its kind
    "apart",  # counted, but shown apart: "not seen yet, not yet due"
    "left_out",  # why the case is not in the denominator; empty when it is
)  # fmt: skip


@dataclass(frozen=True)
class Domain:
    key: str
    title: str
    question: str


DOMAINS: tuple[Domain, ...] = (
    Domain("front_door", "Front door", "Are families helped the first time?"),
    Domain("assessment", "Assessment", "Are children assessed in time, and does help follow?"),
    Domain("protection", "Child protection", "Are children at risk of harm seen, reviewed and safe?"),
    Domain("in_need", "Children in need", "Are children in need visited?"),
    Domain("court", "Court and pre-proceedings", "Are decisions about a child's future made without delay?"),
    Domain("looked_after", "Children in care", "Are children in care visited and settled?"),
    Domain("care_leavers", "Care leavers", "Do young people leave care with a home, work and someone to turn to?"),
    Domain("workforce", "Workforce", "Are workers supported, with work they can carry?"),
    Domain("quality", "Quality of practice", "Is the work good enough?"),
)


@dataclass(frozen=True)
class Kpi:
    """One measure. `noun` names the denominator in the plural ("children with a plan open"), `did` what meeting it means ("seen in time").

    `needs`: the tables (for visits, `visit:cp` and so on) that must speak for a month; `duties`: its clocks in clocks.csv; `cannot`: what
    it cannot be worked out from, and why; `brought_by`: the names of the sources that bring its data. `given`: its figures, all there are,
    where the council has only the figures and no cases (`kpi.measures`).
    """

    key: str
    title: str
    domain: str
    measure: Measure
    better: Better | None
    basis: Basis
    noun: str
    did: str
    method: str
    needs: tuple[str, ...]
    sources: str
    definition: str
    cases_of: CasesOf
    history_months: int = 0
    recommendation: str | None = None
    duties: tuple[str, ...] = ()
    span: Span = "month"
    cannot: str = ""
    brought_by: tuple[str, ...] = ()
    given: Given | None = None

    @property
    def scale(self) -> float:
        """What numerator over denominator is multiplied by: 100 for percentages, 10,000 for rates."""
        return SCALE[self.measure]

    @property
    def monthly_needs(self) -> tuple[str, ...]:
        """The needs that must speak for each month: all but the population, which stands until it is counted anew."""
        return tuple(need for need in self.needs if need != POPULATION)

    @property
    def looks_back_over(self) -> str:
        """The table whose earlier months the KPI needs: the last of its needs."""
        return self.monthly_needs[-1]


REGISTER: dict[str, Kpi] = {}


def kpi(
    *, domain: str, title: str, noun: str, did: str, method: str, needs: tuple[str, ...], sources: str, basis: Basis,
    better: Better | None, measure: Measure = "percent", history_months: int = 0, recommendation: str | None = None,
    duties: tuple[str, ...] = (), span: Span = "month", cannot: str = "", brought_by: tuple[str, ...] = (),
) -> Callable[[CasesOf], CasesOf]:  # fmt: skip
    """Put a function in the register under its own name."""

    def register(cases_of: CasesOf) -> CasesOf:
        key = cases_of.__name__
        if key in REGISTER:
            raise ValueError(f"two KPIs are called {key!r}: a key names one measure only")
        if not cases_of.__doc__:
            raise ValueError(f"{key} has no docstring: the docstring is the published definition")
        if measure == "rate" and POPULATION not in needs:
            raise ValueError(f"{key} is a rate: a rate needs {POPULATION!r}")
        REGISTER[key] = Kpi(
            key, title, domain, measure, better, basis, noun, did, method, needs, sources, inspect.cleandoc(cases_of.__doc__),
            cases_of, history_months, recommendation, duties, span, cannot, brought_by or brings(needs),
        )  # fmt: skip
        return cases_of

    return register
