"""Child protection plans: are children at risk of harm seen, and are plans as long as they need to be?

Enquiries, conferences, reviews and core groups are in kpi/protection_meetings.py.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Tables
from kpi.children_in_care import has_reached
from kpi.clock import due_by
from kpi.cohorts import held_by, in_order, protection_plans
from kpi.due_events import due_in_month, made_by_due, visits_due
from kpi.model import kpi
from kpi.period import days
from kpi.seen import last_seen, logged_days, seen_visits, visits_in_order
from kpi.shapes import as_cases, case_ids, first_true, in_month, seen_in_time, share_of, tally
from kpi.visit_rules import cp_visit_due

OLD_ENOUGH = 4  # a child is seen alone from the fourth birthday on
TWO_YEARS_DAYS = 729
SPELL = ["child_id", "started_on", "ended_on", "team_id", "worker_id"]
UNSAID, NO, YES = -1, 0, 1
NO_PLANS = "The looked after children return: it holds no protection plans."


@kpi(
    domain="protection", title="Children on a CP plan seen in time", noun="children with a plan open", did="seen in time", basis="stock",
    better="higher", method="Stock method, at the month end", needs=("cp_plan", "visit:cp"),
    duties=("cp_visit",),
    sources="Annex A list 7 (plans, last visit) and the visits extract",
    cannot="The children in need census: it holds plans but no visits.",
)  # fmt: skip
def cp_visits_in_time(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children with a child protection plan open at the month end, those whose next visit was not overdue.

    A visit is due 10 working days (or the local standard in clocks.csv) after the later of the plan's start and the last visit at which
    the child was seen; in time if the month end is not after the due date. Visits after the month end and visits before the plan began do
    not count. A child not yet seen and not yet due is in time, and shown apart. Source: KPI choices 1, 2, 4 and 5; local standard.
    """
    plans = protection_plans(tables, periods)
    due = cp_visit_due(plans, tables)
    return seen_in_time(plans, due.last_on, due.due_on)


@kpi(
    domain="protection", title="CP visits made by their due date", noun="visits that fell due", did="made in time", basis="in_period",
    better="higher", method="Due-event method: visits falling due in the month", needs=("cp_plan", "visit:cp"), duties=("cp_visit",),
    sources="Annex A list 7 (plans) and the visits extract", brought_by=("visits", "ssd", "annex_a"),
    cannot="Annex A alone: it gives only the last visit to each child, not every visit.",
)  # fmt: skip
def cp_visits_due_made(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of visits to children with a child protection plan that fell due in the month, those made by the day they were due.

    The first is due 10 working days (or the local standard in clocks.csv) after the plan starts, each next one the same time after a visit
    at which the child was seen. One that falls due on a day the plan is no longer open is not owed. A visit missed counts once, in the
    month it fell due. Only the visits log counts, never a printed last-visit date: a visit due in a month the log holds nothing of is left
    out, counted and shown. Not to be mixed with the stock method in one series. Source: KPI choices 2, 4 and 5; local standard.
    """

    def every_visit_due() -> pd.DataFrame:
        seen = visits_in_order(tables, "cp", "log seen")
        return visits_due(
            tables.cp_plan[SPELL], seen, lambda rows: due_by(tables.clocks, "cp_visit", rows["from_on"], tables.bank_holidays)
        )

    owed = tables.once("cp visits due", every_visit_due)
    return made_by_due(held_by(due_in_month(owed, periods), tables, "cp"), logged_days(tables, "cp"))


@kpi(
    domain="protection", title="Children on a CP plan seen alone", noun="children of 4 and over last seen on a plan", did="seen alone",
    basis="stock", better="higher", method="The last visit by the month end", needs=("cp_plan", "visit:cp"), recommendation="3",
    sources="Annex A list 7 (plans, last visit, seen alone) and the visits extract; ages from any child list",
    cannot="The children in need census: it holds no visits.",
)  # fmt: skip
def cp_seen_alone(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children aged 4 or over with a protection plan open at the month end, those seen alone at the last visit at which they were seen.

    The visit is the last one from the plan's start to the month end. A child with no such visit yet, under 4 at the month end, whose age is
    not known, or for whom it is not recorded whether they were seen alone, is left out, counted and shown; of two records of one day, one
    that says alone is enough. Source: Working Together; a local age; improvement plan recommendation 3; KPI choices 1, 4 and 9.
    """
    plans = protection_plans(tables, periods)
    seen = last_seen(plans, tables, "cp", plans["started_on"])
    alone = _alone(plans, seen, tables)
    four = has_reached(OLD_ENOUGH, plans["child_id"], plans["period"], tables)
    left_out = first_true(
        plans.index, (seen.isna(), "not seen yet"), (four.isna(), "age not known"), (~four.fillna(True), "under 4"),
        (alone.isna(), "not recorded whether seen alone"),
    )  # fmt: skip
    return as_cases(
        plans.assign(
            case_id=case_ids(plans), met=alone.where(left_out.isna()), happened_on=seen,
            reason=np.where(alone.fillna(False), "seen alone", "seen, but not alone"), left_out=left_out,
        )
    )  # fmt: skip


@kpi(
    domain="protection", title="Children with a CP plan per 10,000", noun="children with a plan open", did="with a plan open",
    measure="rate", basis="stock", better=None, method="Plans open at the month end", needs=("cp_plan", "population"),
    sources="Annex A list 7, and the population aged 0 to 17", cannot=NO_PLANS,
)  # fmt: skip
def cp_plans_open(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Child protection plans open at the month end, for every 10,000 people aged 0 to 17 who live in the area.

    A plan that ends on the month end is no longer open. For the whole authority only. Neither more nor fewer is better by itself: held
    against England and statistical neighbours it asks whether thresholds are alike. Source: DfE, children in need; KPI choice 1.
    """
    return tally(protection_plans(tables, periods), reason="plan open")


@kpi(
    domain="protection", title="CP plans open for 2 years or more", noun="plans open", did="open for 2 years or more", basis="stock",
    better="lower", method="Plans open at the month end", needs=("cp_plan",), sources="Annex A list 7",
    cannot=NO_PLANS,
)  # fmt: skip
def cp_plans_over_2_years(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of child protection plans open at the month end, those that have lasted two years or more: more than 729 days.

    Lower is better, but none is not expected; read it with repeat plans, as plans ended too soon come back. Source: DfE, children in need;
    KPI choice 1.
    """
    plans = protection_plans(tables, periods)
    lasted = pd.Series(days(plans["period"]) - days(plans["started_on"]), index=plans.index)
    long = lasted > TWO_YEARS_DAYS
    reason = np.where(long, "open for two years or more", "open for less than two years")
    return as_cases(plans.assign(case_id=case_ids(plans), met=long, reason=reason))


@kpi(
    domain="protection", title="Repeat child protection plans", noun="plans started", did="repeat plans", basis="in_period",
    better="lower", method="Plans started in the month", needs=("cp_plan",), sources="Annex A list 7",
    cannot=NO_PLANS,
)  # fmt: skip
def cp_repeat_plans(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of child protection plans started in the month, those of a child who had an earlier plan, ever.

    An earlier plan is known from the plans loaded or from the count of previous plans in the extract. A plan with neither is left out
    where the count is blank. Counts plans: a child may appear twice. Source: DfE, children in need; KPI choice 9.
    """
    plans = tables.cp_plan
    started = in_month(plans, "started_on", periods)
    day_before = pd.Series(started["started_on"].to_numpy().astype("datetime64[D]") - np.timedelta64(1, "D"), index=started.index)
    known = in_order(tables, "cp_plan", "started_on").last(started["child_id"], day_before) >= 0
    repeat = pd.Series(np.where(known, True, (started["previous_plans"] > 0).where(started["previous_plans"].notna())), index=started.index)
    return share_of(
        started, repeat.astype("boolean"), yes="had an earlier plan", no="first plan", unknown="number of earlier plans not recorded",
        began="started_on", happened="started_on",
    )  # fmt: skip


def _alone(plans: pd.DataFrame, seen: pd.Series, tables: Tables) -> pd.Series:
    """Whether the child was alone at the visit of that day: yes if any record of the day says so, no if any says no, else not known."""
    said = tables.once("whether alone, by day", lambda: _said_by_day(tables))
    at = visits_in_order(tables, "cp").last(plans["child_id"], seen)
    that_day = np.where(at >= 0, said[np.maximum(at, 0)], UNSAID) if len(said) else np.full(len(plans), UNSAID)
    return pd.Series(that_day == YES, index=plans.index, dtype="boolean").where(that_day != UNSAID)


def _said_by_day(tables: Tables) -> npt.NDArray[np.int8]:
    """For each visit of `seen_visits` what the records of its child and day say together: YES, else NO, else UNSAID."""
    timeline = visits_in_order(tables, "cp")
    each = seen_visits(tables, "cp")["seen_alone"].to_numpy(dtype="int8", na_value=UNSAID)
    said = np.full(len(each), UNSAID, dtype=np.int8)
    if len(timeline.key):
        days_begin = np.flatnonzero(np.diff(timeline.key, prepend=-1))
        best = np.maximum.reduceat(each[timeline.order], days_begin)
        said[timeline.order] = np.repeat(best, np.diff(days_begin, append=len(timeline.key)))
    return said
