"""Children in need: are they visited?"""

from __future__ import annotations

import pandas as pd

from data.tables import Tables
from kpi.clock import due_by
from kpi.cohorts import in_need_plans
from kpi.due_events import due_in_month, made_by_due, visits_due
from kpi.model import kpi
from kpi.seen import logged_days, visits_in_order
from kpi.shapes import seen_in_time, tally
from kpi.visit_rules import cin_visit_due

NO_SNAPSHOT = "The children in need census: it gives the plans of a year, not who had a plan, in whose hands, at each month end."


@kpi(
    domain="in_need", title="Children in need seen in time", noun="children with a plan", did="seen in time", basis="stock",
    better="higher", method="Stock method, at the month end", needs=("case_status", "visit:cin"),
    duties=("cin_visit",),
    sources="Annex A list 6 (status, last seen) and the visits extract", cannot=NO_SNAPSHOT,
)  # fmt: skip
def cin_visits_in_time(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children with a child in need plan at the month end, those whose next visit was not overdue.

    A visit is due 20 working days (or the local standard in clocks.csv) after the later of the start and the last visit at which the child
    was seen. Only the case status "child in need plan" counts: children in care, with a protection plan or with only an assessment open
    are measured elsewhere. Visits after the month end and before the start do not count. A child not yet seen and not yet due is in time,
    and shown apart. Source: KPI choices 1, 2, 4 and 5; local standard.
    """
    plans = in_need_plans(tables, periods)
    due = cin_visit_due(plans, tables)
    return seen_in_time(plans, due.last_on, due.due_on)


@kpi(
    domain="in_need", title="Children with a child in need plan", noun="children with a plan", did="with a plan", measure="count",
    basis="stock", better=None, method="Plans open at the month end", needs=("case_status",), sources="Annex A list 6",
    cannot=NO_SNAPSHOT,
)  # fmt: skip
def cin_plans_open(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """How many children have a child in need plan at the month end.

    Only the case status "child in need plan" of the extract that speaks for the month counts: not every child in need of the published
    figures, which hold children in care, with protection plans and being assessed as well. Neither more nor fewer is better.
    Source: Annex A; KPI choice 1.
    """
    return tally(in_need_plans(tables, periods), reason="plan open")


@kpi(
    domain="in_need", title="CIN visits made by their due date", noun="visits that fell due", did="made in time", basis="in_period",
    better="higher", method="Due-event method: visits falling due in the month", needs=("case_status", "visit:cin"), duties=("cin_visit",),
    sources="Annex A list 6 (plans) and the visits extract", brought_by=("visits", "ssd", "annex_a"),
    cannot="Annex A alone: it gives only the last visit to each child, not every visit.",
)  # fmt: skip
def cin_visits_due_made(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of visits to children in need that fell due in the month, those made by the day they were due.

    The children are those with a child in need plan at the month end; visits to a child whose plan ended within the month are not in it.
    The first is due 20 working days (or the local standard in clocks.csv) after the start, each next one the same time after a visit at
    which the child was seen. A visit missed counts once, in the month it fell due. Only the visits log counts, never a printed last-visit
    date: a visit due in a month the log holds nothing of is left out, counted and shown. Not to be mixed with the stock method in one
    series. Source: KPI choices 2, 4 and 5; local standard.
    """
    plans = in_need_plans(tables, periods)
    spells = plans[["child_id", "started_on"]].drop_duplicates().sort_values(["child_id", "started_on"], ignore_index=True)
    no_end = pd.Series(index=spells.index, dtype="datetime64[s]")
    seen = visits_in_order(tables, "cin", "log seen")
    owed = visits_due(
        spells.assign(ended_on=no_end), seen, lambda rows: due_by(tables.clocks, "cin_visit", rows["from_on"], tables.bank_holidays)
    )
    holders = plans[["child_id", "started_on", "period", "team_id", "worker_id"]].drop_duplicates(["child_id", "started_on", "period"])
    of_then = due_in_month(owed, periods).merge(holders, on=["child_id", "started_on", "period"])
    return made_by_due(of_then, logged_days(tables, "cin"))
