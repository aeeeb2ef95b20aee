"""Child protection: are children at risk of harm seen, reviewed and safe?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.clock import due_by
from kpi.cohorts import held_by, last_seen, latest, open_at
from kpi.model import kpi
from kpi.shapes import finished_in_time, in_month, seen_in_time, share_of

ICPC_LIMIT = 15


@kpi(
    domain="protection", title="Children on a CP plan seen in time", noun="children with a plan open", did="seen in time", basis="stock",
    better="higher", method="Stock method, at the month end", needs=("cp_plan", "visit:cp"),
    duties=("cp_visit",),
    sources="Annex A list 7 (plans, last visit) and the visits extract",
)  # fmt: skip
def cp_visits_in_time(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children with a child protection plan open at the month end, those whose next visit was not overdue.

    A visit is due 10 working days (or the local standard in clocks.csv) after the later of the plan's start and the last visit at which
    the child was seen; in time if the month end is not after the due date. Visits after the month end and visits before the plan began do
    not count. A child not yet seen and not yet due is in time, and shown apart. Source: KPI choices 1, 2, 4 and 5; local standard.
    """
    plans = held_by(open_at(tables.cp_plan, periods), tables, "cp")
    seen = last_seen(plans, tables, "cp", plans["started_on"])
    return seen_in_time(plans, seen, due_by(tables.clocks, "cp_visit", seen.fillna(plans["started_on"]), tables.bank_holidays))


@kpi(
    domain="protection", title="Initial conferences in 15 working days", noun="conferences held", did="held in time", basis="in_period",
    better="higher", method="Conferences held in the month", needs=("icpc",), sources="Annex A list 5",
)  # fmt: skip
def icpc_in_15_days(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of initial child protection conferences held in the month, those held within 15 working days.

    Counted from the strategy discussion that began the section 47 enquiry: the day of the discussion is day 0. A conference dated before
    its section 47, or with none, is left out, counted and listed. Source: Working Together; KPI choices 2 and 8.
    """
    held = in_month(tables.icpc, "happened_on", periods).rename(columns={"happened_on": "held_on"})
    return finished_in_time(
        held, start="section47_on", end="held_on", limit=ICPC_LIMIT, bank_holidays=tables.bank_holidays, done="held",
        no_start="no section 47 start date", before_start="conference dated before its section 47",
    )  # fmt: skip


@kpi(
    domain="protection", title="Repeat child protection plans", noun="plans started", did="repeat plans", basis="in_period",
    better="lower", method="Plans started in the month", needs=("cp_plan",), sources="Annex A list 7",
)  # fmt: skip
def cp_repeat_plans(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of child protection plans started in the month, those of a child who had an earlier plan, ever.

    An earlier plan is known from the plans loaded or from the count of previous plans in the extract. A plan with neither is left out
    where the count is blank. Counts plans: a child may appear twice. Source: DfE, children in need; KPI choice 9.
    """
    plans = tables.cp_plan
    started = in_month(plans, "started_on", periods)
    day_before = pd.Series(started["started_on"].to_numpy().astype("datetime64[D]") - np.timedelta64(1, "D"), index=started.index)
    known = latest(plans["child_id"], plans["started_on"], started["child_id"], day_before) >= 0
    repeat = pd.Series(np.where(known, True, (started["previous_plans"] > 0).where(started["previous_plans"].notna())), index=started.index)
    return share_of(
        started, repeat.astype("boolean"), yes="had an earlier plan", no="first plan", unknown="number of earlier plans not recorded",
        began="started_on", happened="started_on",
    )  # fmt: skip
