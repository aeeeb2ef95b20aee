"""When is a piece of work due? Assessments, initial conferences, supervision of workers and of cases, updates of the improvement plan.

Each function takes cases (one row a piece of work and period) and the tables, and gives a `Due`. What is dated after the period does not
count. Source: Working Together to Safeguard Children; KPIS B2.1, B2.2, B2.6 and B2.7; the intervals of supervision are local proposals.
"""

from __future__ import annotations

import pandas as pd

from data.tables import Tables
from kpi.due_rules import Due, Rule, When, dates, everyone, first_that_holds
from kpi.staff import sessions_by

ASSESSMENT = Rule("assessment", "the assessment began", "Working Together")
ICPC = Rule("icpc", "the strategy discussion that began the section 47 enquiry", "Working Together")
SUPERVISION = Rule("supervision", "the last supervision held")
SUPERVISION_BACK = Rule("supervision", "the worker came back from absence")
SUPERVISION_FIRST = Rule("supervision", "the worker started")
CASE_SUPERVISION = Rule("case_supervision", "the child was last discussed in supervision")
CASE_SUPERVISION_FIRST = Rule("case_supervision", "the child's case opened")
PLAN_UPDATE = Rule("plan_update", "the last update")
PLAN_UPDATE_FIRST = Rule("plan_update", "the action was first listed")

ASSESSMENT_RULES, ICPC_RULES = (ASSESSMENT,), (ICPC,)
SUPERVISION_RULES = (SUPERVISION_BACK, SUPERVISION, SUPERVISION_FIRST)
CASE_SUPERVISION_RULES = (CASE_SUPERVISION, CASE_SUPERVISION_FIRST)
PLAN_UPDATE_RULES = (PLAN_UPDATE, PLAN_UPDATE_FIRST)


def assessment_due(assessments: pd.DataFrame, tables: Tables) -> Due:
    """The day an assessment must be concluded, counted from its start. assessments: started_on."""
    return _from_one_day(assessments, tables, ASSESSMENT, "started_on")


def icpc_due(enquiries: pd.DataFrame, tables: Tables) -> Due:
    """The day the initial conference must be held, counted from the start of the section 47 enquiry. enquiries: happened_on."""
    return _from_one_day(enquiries, tables, ICPC, "happened_on")


def supervision_due(workers: pd.DataFrame, tables: Tables) -> Due:
    """A worker's next supervision: after the last one held of any kind, the return from an absence, or the start, whichever is latest.

    With neither a session nor a starting day no rule holds. workers: worker_id, started_on, absent_from_on, absent_to_on, period.
    """
    last = dates(sessions_by(tables, "worker_id").last_day(workers["worker_id"], workers["period"]), workers)
    last = last.where(~(last < workers["started_on"]))  # one of an earlier time here
    back = workers["absent_to_on"].where(workers["absent_to_on"] < workers["period"])
    returned = back.notna() & ~(back <= last) & ~(back <= workers["started_on"])
    return first_that_holds(
        tables,
        When(SUPERVISION_BACK, returned, back),
        When(SUPERVISION, last.notna(), last),
        When(SUPERVISION_FIRST, workers["started_on"].notna(), workers["started_on"]),
        last_on=last,
    )


def case_supervision_due(children: pd.DataFrame, tables: Tables) -> Due:
    """When a child is next to be discussed in supervision: after the last held session that names the child, or after the case opened.

    A session of any kind that names the child counts, whoever held the child then. children: child_id, started_on, period.
    """
    last = dates(sessions_by(tables, "child_id").last_day(children["child_id"], children["period"]), children)
    last = last.where(last >= children["started_on"])
    first = When(CASE_SUPERVISION_FIRST, everyone(children), children["started_on"])
    return first_that_holds(tables, When(CASE_SUPERVISION, last.notna(), last), first, last_on=last)


def plan_update_due(actions: pd.DataFrame, tables: Tables) -> Due:
    """When an action of the improvement plan is next to be updated: after its last update, or after it was first listed.

    actions: action_id, updated_on, period.
    """
    last = actions["updated_on"].where(actions["updated_on"] <= actions["period"])
    listed = tables.action.groupby("action_id")["observed_on"].min()
    first_listed = dates(listed.reindex(actions["action_id"]).to_numpy(), actions)
    return first_that_holds(
        tables, When(PLAN_UPDATE, last.notna(), last), When(PLAN_UPDATE_FIRST, everyone(actions), first_listed), last_on=last
    )  # fmt: skip


def _from_one_day(cases: pd.DataFrame, tables: Tables, rule: Rule, on: str) -> Due:
    never = pd.Series(index=cases.index, dtype="datetime64[s]")
    return first_that_holds(tables, When(rule, everyone(cases), cases[on]), last_on=never)
