"""Children in need: are they visited?"""

from __future__ import annotations

import pandas as pd

from data.tables import Tables
from kpi.clock import due_by
from kpi.cohorts import in_need_plans, last_seen
from kpi.model import kpi
from kpi.shapes import seen_in_time


@kpi(
    domain="in_need", title="Children in need seen in time", noun="children with a plan", did="seen in time", basis="stock",
    better="higher", method="Stock method, at the month end", needs=("case_status", "visit:cin"),
    duties=("cin_visit",),
    sources="Annex A list 6 (status, last seen) and the visits extract",
)  # fmt: skip
def cin_visits_in_time(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children with a child in need plan at the month end, those whose next visit was not overdue.

    A visit is due 20 working days (or the local standard in clocks.csv) after the later of the start and the last visit at which the child
    was seen. Only the case status "child in need plan" counts: children in care, with a protection plan or with only an assessment open
    are measured elsewhere. Visits after the month end and before the start do not count. A child not yet seen and not yet due is in time,
    and shown apart. Source: KPI choices 1, 2, 4 and 5; local standard.
    """
    plans = in_need_plans(tables, periods)
    seen = last_seen(plans, tables, "cin", plans["started_on"])
    return seen_in_time(plans, seen, due_by(tables.clocks, "cin_visit", seen.fillna(plans["started_on"]), tables.bank_holidays))
