"""A KPI, declared once: its words, its direction, what it needs, and the pure function that finds its cases.

    @kpi(domain="protection", title="Children on a CP plan seen in time", noun="children with a plan open", ...)
    def cp_visits_in_time(tables, periods):
        '''Of children with a child protection plan open at the period end, those whose next visit was not overdue: ...'''

The function's name is the key, its docstring the published definition. It returns *cases*: one row per case in the denominator, and one
per case left out of it, which every figure, chart, list and workbook is read from.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from data.tables import Tables

Better = Literal["higher", "lower"]
Measure = Literal["percent", "mean", "count", "rate", "days"]
Basis = Literal["stock", "in_period"]
Span = Literal["month", "rolling", "year"]
CasesOf = Callable[[Tables, pd.DatetimeIndex], pd.DataFrame]

CASE_COLUMNS = (
    "period", "case_id", "child_id", "worker_id", "team_id",
    "met",  # boolean: percentages only
    "value", "weight",  # means: value is added up over weight
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
    Domain("looked_after", "Children in care", "Are children in care visited and settled?"),
    Domain("workforce", "Workforce", "Are workers supported, with work they can carry?"),
    Domain("quality", "Quality of practice", "Is the work good enough?"),
)


@dataclass(frozen=True)
class Kpi:
    """One measure. `noun` names the denominator in the plural ("children with a plan open"), `did` what meeting it means ("seen in time").

    `needs`: the tables (for visits, `visit:cp` and so on) that must speak for a month; `duties`: its clocks in clocks.csv.
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

    @property
    def looks_back_over(self) -> str:
        """The table whose earlier months the KPI needs: the last of its needs."""
        return self.needs[-1]


REGISTER: dict[str, Kpi] = {}


def kpi(
    *, domain: str, title: str, noun: str, did: str, method: str, needs: tuple[str, ...], sources: str, basis: Basis,
    better: Better | None, measure: Measure = "percent", history_months: int = 0, recommendation: str | None = None,
    duties: tuple[str, ...] = (),
    span: Span = "month",
) -> Callable[[CasesOf], CasesOf]:  # fmt: skip
    """Put a function in the register under its own name."""

    def register(cases_of: CasesOf) -> CasesOf:
        key = cases_of.__name__
        if key in REGISTER:
            raise ValueError(f"two KPIs are called {key!r}: a key names one measure only")
        if not cases_of.__doc__:
            raise ValueError(f"{key} has no docstring: the docstring is the published definition")
        REGISTER[key] = Kpi(
            key, title, domain, measure, better, basis, noun, did, method, needs, sources, inspect.cleandoc(cases_of.__doc__),
            cases_of, history_months, recommendation, duties, span,
        )  # fmt: skip
        return cases_of

    return register
