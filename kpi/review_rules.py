"""When is the next review, meeting or check of a child due? Conferences, core groups, reviews of children in care, health, pathway plans.

Each function takes cases (one row a child and period) and the tables, and gives a `Due`. What is dated after the period, cancelled or
refused does not count, nor what was done before the plan or the time in care began.
Source: Working Together to Safeguard Children; Care Planning Regulations 2010, regulations 7 and 33; KPIS B2.2 to B2.5.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Tables
from kpi.clock import due_by
from kpi.cohorts import latest
from kpi.due_rules import Due, Rule, When, dates, everyone, first_that_holds
from kpi.period import add_months

CP_REVIEW_FIRST = Rule("cp_review_first", "the child protection plan began", "Working Together")
CP_REVIEW = Rule("cp_review", "the last review conference", "Working Together")
CORE_GROUP_FIRST = Rule("core_group_first", "the child protection plan began", "Working Together")
CORE_GROUP = Rule("core_group", "the last core group held")
CLA_REVIEW_FIRST = Rule("cla_review_first", "the child became looked after", "regulation 33")
CLA_REVIEW_SECOND = Rule("cla_review_second", "the first review", "regulation 33")
CLA_REVIEW = Rule("cla_review", "the last review", "regulation 33")
HEALTH_FIRST = Rule("health_first", "the child became looked after")
HEALTH_UNDER_5 = Rule("health_under_5", "the last health assessment, the child being under 5", "regulation 7")
HEALTH = Rule("health", "the last health assessment", "regulation 7")
DENTAL_FIRST = Rule("dental", "the child became looked after")
DENTAL = Rule("dental", "the last dental check")
SPOT_CHECK_FIRST = Rule("spot_check", "the child came to live with a parent")
SPOT_CHECK = Rule("spot_check", "the last spot check")
PATHWAY_PLAN = Rule("pathway_plan", "the last review of the pathway plan")
PATHWAY_PLAN_FIRST = Rule("pathway_plan_first", "the young person was first listed as a care leaver, with no plan known")

CP_REVIEW_RULES = (CP_REVIEW, CP_REVIEW_FIRST)
CORE_GROUP_RULES = (CORE_GROUP, CORE_GROUP_FIRST)
CLA_REVIEW_RULES = (CLA_REVIEW_FIRST, CLA_REVIEW_SECOND, CLA_REVIEW)
HEALTH_RULES = (HEALTH_FIRST, HEALTH_UNDER_5, HEALTH)
DENTAL_RULES = (DENTAL, DENTAL_FIRST)
SPOT_CHECK_RULES = (SPOT_CHECK, SPOT_CHECK_FIRST)
PATHWAY_PLAN_RULES = (PATHWAY_PLAN, PATHWAY_PLAN_FIRST)
UNDER = 5  # a child under this age is seen by a doctor or nurse twice as often


def cp_review_due(plans: pd.DataFrame, tables: Tables) -> Due:
    """The next review conference: 3 months after the plan began, then 6 months after the last one.

    The last one is the later of the reviews listed and the date of the latest review printed with the plan; a review on the day the plan
    began is not one of this plan. plans: child_id, started_on, latest_review_on, period.
    """
    last = last_since(plans, tables.cp_review, plans["started_on"] + pd.Timedelta(days=1))
    printed = _within(plans["latest_review_on"], plans)
    last = _later(last, printed.where(printed > plans["started_on"]))
    return _after_last_or_start(plans, tables, last, CP_REVIEW, CP_REVIEW_FIRST)


def core_group_due(plans: pd.DataFrame, tables: Tables) -> Due:
    """The next core group: 10 working days after the plan began, then as the local standard has it. One not held does not count."""
    held = tables.core_group[tables.core_group["held"].fillna(True).astype(bool)]
    return _after_last_or_start(plans, tables, last_since(plans, held, plans["started_on"]), CORE_GROUP, CORE_GROUP_FIRST)


def cla_review_due(children: pd.DataFrame, tables: Tables) -> Due:
    """The next review of a child in care: 20 working days, then 3 months after the first, then every 6 months.

    A single review listed is the first, unless it was held more than 12 months after the child came into care: then earlier ones are not in
    the data. Where only the date of the latest review is known (it is printed with the episode), it is taken for the first if it was held
    by the day the first fell due, else for a later one. children: child_id, started_on, latest_review_on, period.
    """
    held = tables.cla_review[~tables.cla_review["cancelled"].fillna(False).astype(bool)]
    listed = last_since(children, held, children["started_on"])
    printed = _within(children["latest_review_on"], children)
    last = _later(listed, printed)
    first_due = dates(due_by(tables.clocks, CLA_REVIEW_FIRST.clock, children["started_on"], tables.bank_holidays), children)
    before = last_since(children, held, children["started_on"], by=last - pd.Timedelta(days=1))
    alone = (listed == last) & before.isna() & (listed <= latest_first_review(children["started_on"]))
    return first_that_holds(
        tables,
        When(CLA_REVIEW_FIRST, last.isna(), children["started_on"]),
        When(CLA_REVIEW_SECOND, alone | (listed.isna() & (printed <= first_due)), last),
        When(CLA_REVIEW, everyone(children), last),
        last_on=last,
    )


def latest_first_review(started: pd.Series) -> pd.Series:
    """For each day a child came into care the last day a review may be taken for the first: the same day 12 months on."""
    return pd.Series(add_months(started.to_numpy().astype("datetime64[D]"), 12).astype("datetime64[s]"), index=started.index)


def health_check_due(children: pd.DataFrame, tables: Tables) -> Due:
    """The next health assessment: 20 working days after becoming looked after, then yearly, or half-yearly while the child is under 5.

    One the child refused does not count as done. The age is that on the day of the period; with no date of birth it is a year.
    """
    last = _last_check(children, tables, "health_assessment")
    fifth = add_months(_born_on(children, tables), 12 * UNDER).astype("datetime64[s]")
    young = fifth > children["period"].to_numpy().astype("datetime64[s]")
    return first_that_holds(
        tables,
        When(HEALTH_FIRST, last.isna(), children["started_on"]),
        When(HEALTH_UNDER_5, young, last),
        When(HEALTH, everyone(children), last),
        last_on=last,
    )


def dental_check_due(children: pd.DataFrame, tables: Tables) -> Due:
    """The next dental check: a year after the last one, or after becoming looked after. One the child refused does not count as done."""
    return _after_last_or_start(children, tables, _last_check(children, tables, "dental_check"), DENTAL, DENTAL_FIRST)


def spot_check_due(children: pd.DataFrame, tables: Tables) -> Due:
    """The next unannounced check of a child placed with parents: 6 months after the last, or after they came there (`started_on`)."""
    checks = tables.parent_placement_check
    spot = checks[checks["check_kind"] == "spot_check"]
    return _after_last_or_start(children, tables, last_since(children, spot, children["started_on"]), SPOT_CHECK, SPOT_CHECK_FIRST)


def pathway_plan_due(leavers: pd.DataFrame, tables: Tables) -> Due:
    """The next review of a care leaver's pathway plan: 6 months after the last, listed as a plan or printed with the care leaver.

    With none known it is due from the day they were first listed: they should have had one by then. leavers: child_id,
    pathway_reviewed_on, period.
    """
    printed = leavers["pathway_reviewed_on"]
    last = _later(_last(leavers, tables.pathway_plan, leavers["period"]), printed.where(~(printed > leavers["period"])))
    listed = tables.care_leaver.groupby("child_id")["observed_on"].min()
    first_listed = dates(listed.reindex(leavers["child_id"]).to_numpy(), leavers)
    return first_that_holds(
        tables, When(PATHWAY_PLAN, last.notna(), last), When(PATHWAY_PLAN_FIRST, everyone(leavers), first_listed), last_on=last
    )  # fmt: skip


def last_since(cases: pd.DataFrame, events: pd.DataFrame, since: pd.Series, *, by: pd.Series | None = None) -> pd.Series:
    """For each case the day of the child's last event on or before the period (or `by`), and on or after `since`; empty if none."""
    last = _last(cases, events, cases["period"] if by is None else by)
    return last.where(last >= since)


def _last(cases: pd.DataFrame, events: pd.DataFrame, by: pd.Series) -> pd.Series:
    at = latest(events["child_id"], events["happened_on"], cases["child_id"], by)
    found = np.full(len(cases), np.datetime64("NaT", "s"))
    found[at >= 0] = events["happened_on"].to_numpy().astype("datetime64[s]")[at[at >= 0]]
    return dates(found, cases)


def _after_last_or_start(cases: pd.DataFrame, tables: Tables, last: pd.Series, then: Rule, first: Rule) -> Due:
    return first_that_holds(
        tables, When(then, last.notna(), last), When(first, everyone(cases), cases["started_on"]), last_on=last
    )  # fmt: skip


def _last_check(children: pd.DataFrame, tables: Tables, kind: str) -> pd.Series:
    """The last check of a kind that was not refused. One made before the child came into care counts: it is no less a check."""
    checks = tables.health_check
    done = checks[(checks["health_kind"] == kind) & ~checks["refused"].fillna(False).astype(bool)]
    return _last(children, done, children["period"])


def _born_on(children: pd.DataFrame, tables: Tables) -> npt.NDArray[np.datetime64]:
    known = tables.child.drop_duplicates("child_id")
    at = pd.Index(known["child_id"]).get_indexer(pd.Index(children["child_id"]))
    born = np.full(len(children), np.datetime64("NaT", "D"))
    born[at >= 0] = known["born_on"].to_numpy().astype("datetime64[D]")[at[at >= 0]]
    return born


def _within(printed: pd.Series, cases: pd.DataFrame) -> pd.Series:
    """A date printed with an episode, where it lies between its start and the period."""
    return printed.where((printed >= cases["started_on"]) & (printed <= cases["period"]))


def _later(one: pd.Series, other: pd.Series) -> pd.Series:
    return one.where(~(other > one) & one.notna(), other)
