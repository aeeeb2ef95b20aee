"""The statutory clock: for any child, worker or action and any duty, the day it falls due, how late or far off that is, and by which rule.

    due(tables, day)             everything owed, as at a day
    overdue(tables, day)         what should have been done by then and was not
    due_in_next(tables, day)     what falls due within the next 5 working days
    answers(tables, day)         which duties the data loaded can speak of, and up to when

A duty is one row of DUTIES: whom it is owed to (`kpi.owed_to`), and the function that says when it is due (`kpi.visit_rules`,
`kpi.review_rules`, `kpi.work_rules`), which the measures call too. The intervals are rows of clocks.csv, dated and per authority.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas._libs.tslibs.nattype import NaTType

from data.tables import Tables
from kpi import owed_to, review_rules, visit_rules, work_rules
from kpi.clock import add_working_days, working_days_between
from kpi.due_rules import Due, Rule
from kpi.figures import service_of
from kpi.period import days
from kpi.shapes import UNALLOCATED, case_ids

SOON = 5  # working days
OVERDUE, DUE_SOON, IN_TIME, LEFT_OUT = "overdue", "due_soon", "in_time", "left_out"
NO_DATE = "no day to count from is recorded"
COLUMNS = (
    "duty", "title", "cohort", "case_id", "child_id", "worker_id", "team_id", "service_id", "started_on", "last_on", "due_on", "days_late",
    "working_days_late", "state", "rule", "left_out",
)  # fmt: skip
PRINTED = tuple(name for name in COLUMNS if name not in ("title", "cohort", "started_on"))

OwedTo = Callable[[Tables, pd.DatetimeIndex], pd.DataFrame]
DueOn = Callable[[pd.DataFrame, Tables], Due]


@dataclass(frozen=True)
class Duty:
    """One thing that must be done in time.

    cohort: child, worker or action. needs: what must be loaded before anything can be said of it; "a|b" is either, "table.column" a column
    that holds something.
    """

    key: str
    title: str
    cohort: str
    owed_to: OwedTo
    due: DueOn
    rules: tuple[Rule, ...]
    needs: tuple[str, ...]

    @property
    def clocks(self) -> tuple[str, ...]:
        """Its rows in clocks.csv."""
        return tuple(dict.fromkeys(rule.clock for rule in self.rules))


DUTIES: tuple[Duty, ...] = (
    Duty(
        "contact_visit", "First visit after a referral", "child", owed_to.referrals_unseen, visit_rules.contact_visit_due,
        visit_rules.CONTACT_RULES, ("referral", "visit:contact"),
    ),
    Duty(
        "assessment", "Assessment", "child", owed_to.open_assessments, work_rules.assessment_due, work_rules.ASSESSMENT_RULES,
        ("assessment",),
    ),
    Duty(
        "icpc", "Initial child protection conference", "child", owed_to.enquiries_without_conference, work_rules.icpc_due,
        work_rules.ICPC_RULES, ("section47", "icpc"),
    ),
    Duty(
        "cp_visit", "Visit to a child on a protection plan", "child", owed_to.children_on_plans, visit_rules.cp_visit_due,
        visit_rules.CP_RULES, ("cp_plan", "visit:cp"),
    ),
    Duty(
        "cp_review", "Review conference", "child", owed_to.children_on_plans, review_rules.cp_review_due, review_rules.CP_REVIEW_RULES,
        ("cp_plan", "cp_review|cp_plan.latest_review_on"),
    ),
    Duty(
        "core_group", "Core group", "child", owed_to.children_on_plans, review_rules.core_group_due, review_rules.CORE_GROUP_RULES,
        ("cp_plan", "core_group"),
    ),
    Duty(
        "cin_visit", "Visit to a child in need", "child", owed_to.children_in_need, visit_rules.cin_visit_due, visit_rules.CIN_RULES,
        ("case_status", "visit:cin"),
    ),
    Duty(
        "cla_visit", "Visit to a child in care", "child", owed_to.children_in_care, visit_rules.cla_visit_due, visit_rules.CLA_RULES,
        ("cla_episode", "placement", "visit:cla"),
    ),
    Duty(
        "cla_review", "Review of a child in care", "child", owed_to.children_in_care, review_rules.cla_review_due,
        review_rules.CLA_REVIEW_RULES, ("cla_episode", "cla_review|cla_episode.latest_review_on"),
    ),
    Duty(
        "health_check", "Health assessment", "child", owed_to.children_in_care, review_rules.health_check_due,
        review_rules.HEALTH_RULES, ("cla_episode", "health_check"),
    ),
    Duty(
        "dental_check", "Dental check", "child", owed_to.children_in_care, review_rules.dental_check_due, review_rules.DENTAL_RULES,
        ("cla_episode", "health_check"),
    ),
    Duty(
        "spot_check", "Unannounced check of a child placed with parents", "child", owed_to.children_placed_with_parents,
        review_rules.spot_check_due, review_rules.SPOT_CHECK_RULES, ("cla_episode", "placement", "parent_placement_check"),
    ),
    Duty(
        "pathway_plan", "Review of a pathway plan", "child", owed_to.care_leavers, review_rules.pathway_plan_due,
        review_rules.PATHWAY_PLAN_RULES, ("care_leaver", "pathway_plan|care_leaver.pathway_reviewed_on"),
    ),
    Duty(
        "case_supervision", "Supervision of a child's case", "child", owed_to.children_with_an_open_case,
        work_rules.case_supervision_due, work_rules.CASE_SUPERVISION_RULES,
        ("cp_plan", "cla_episode", "case_status", "supervision.child_id"),
    ),
    Duty(
        "supervision", "Supervision of a worker", "worker", owed_to.workers_to_supervise, work_rules.supervision_due,
        work_rules.SUPERVISION_RULES, ("worker", "supervision"),
    ),
    Duty(
        "plan_update", "Update of an action of the improvement plan", "action", owed_to.open_actions, work_rules.plan_update_due,
        work_rules.PLAN_UPDATE_RULES, ("action",),
    ),
)  # fmt: skip
BY_KEY = {duty.key: duty for duty in DUTIES}


def due(tables: Tables, day: pd.Timestamp, duties: Iterable[str] | None = None) -> pd.DataFrame:
    """Everything owed as at a day, the longest overdue first: one row a duty and case, in COLUMNS.

    service_id: the service the team belonged to that day. days_late and working_days_late: how long ago it fell due; negative is how long
    there is left, 0 is due that day. state: overdue, due_soon (within 5 working days), in_time, or left_out where no due date can be told,
    with the reason in `left_out`. A duty whose extracts are not loaded has no rows: `answers` says so. What is dated after the day is not
    looked at, save that where no extract up to then says who held a case the first one after it does.
    """
    at = pd.DatetimeIndex([day]).as_unit("s")
    asked = [BY_KEY[key] for key in (BY_KEY if duties is None else duties)]
    found = [_owed(duty, tables, at) for duty in asked if not _missing(duty, tables)]
    rows = _timed(pd.concat(found, ignore_index=True), tables, at[0]) if found else _owed_none()
    order = {duty.key: n for n, duty in enumerate(DUTIES)}
    rows = rows.assign(_order=rows["duty"].map(order), service_id=service_of(rows.assign(period=at[0]), tables.team))
    return rows.sort_values(["due_on", "_order", "case_id"], kind="stable", ignore_index=True)[list(COLUMNS)]


def overdue(tables: Tables, day: pd.Timestamp, duties: Iterable[str] | None = None) -> pd.DataFrame:
    """What should have been done before this day and was not, the longest overdue first; the day it falls due is not overdue."""
    rows = due(tables, day, duties)
    return rows[rows["state"] == OVERDUE].reset_index(drop=True)


def due_in_next(tables: Tables, day: pd.Timestamp, working_days: int = SOON, duties: Iterable[str] | None = None) -> pd.DataFrame:
    """What falls due from this day to so many working days after it, both counted, the soonest first. What is overdue is not in it."""
    rows = due(tables, day, duties)
    until = add_working_days(pd.Series([day]), working_days, tables.bank_holidays)[0]
    return rows[(rows["due_on"] >= day) & (rows["due_on"] <= pd.Timestamp(until))].reset_index(drop=True)


def answers(tables: Tables, day: pd.Timestamp) -> pd.DataFrame:
    """Which duties the loaded data can speak of: duty, title, missing (the tables not loaded, empty if none), known_until, up_to_date.

    known_until: the last month end every extract the duty rests on speaks for; after it what was done is not yet known, and lists as at a
    later day show as overdue what may have been done. Empty where that is not known. up_to_date: the day is not after it.
    """
    until = [_known_until(duty, tables) for duty in DUTIES]
    return pd.DataFrame(
        {
            "duty": [duty.key for duty in DUTIES],
            "title": [duty.title for duty in DUTIES],
            "missing": [", ".join(_missing(duty, tables)) for duty in DUTIES],
            "known_until": pd.Series(until, dtype="datetime64[s]"),
            "up_to_date": [bool(day <= known) for known in until],
        }
    )


def as_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """What is owed as rows to print: the columns of `due` that people read, each day as YYYY-MM-DD, empty where there is none."""
    days_said = {name: rows[name].dt.strftime("%Y-%m-%d") for name in ("last_on", "due_on")}
    numbers = {name: rows[name].astype("Int64") for name in ("days_late", "working_days_late")}
    return rows.assign(**days_said, **numbers)[list(PRINTED)]


def _owed(duty: Duty, tables: Tables, at: pd.DatetimeIndex) -> pd.DataFrame:
    """The rows of one duty, but for how late each is."""
    cases = duty.owed_to(tables, at)
    found = duty.due(cases, tables)
    due_on = pd.Series(found.due_on.astype("datetime64[s]"), index=cases.index)
    said = cases["left_out"] if "left_out" in cases else pd.Series(index=cases.index, dtype="str")
    left_out = said.where(said.notna() | due_on.notna(), NO_DATE)
    due_on = due_on.where(left_out.isna())
    who = case_ids(cases) if duty.cohort == "child" else cases[f"{duty.cohort}_id"]
    return pd.DataFrame(
        {
            "duty": duty.key, "title": duty.title, "cohort": duty.cohort, "case_id": who.astype("str"),
            "child_id": cases["child_id"].astype("str"), "worker_id": _held(cases["worker_id"]), "team_id": _held(cases["team_id"]),
            "started_on": cases["started_on"].astype("datetime64[s]"), "last_on": found.last_on.astype("datetime64[s]"), "due_on": due_on,
            "rule": found.in_words(tables), "left_out": left_out.astype("str"),
        },
        index=cases.index,
    )  # fmt: skip


def _timed(rows: pd.DataFrame, tables: Tables, day: pd.Timestamp) -> pd.DataFrame:
    """The rows with how late they are, or how long there is left, and the state that follows."""
    told = rows["due_on"].notna()
    until = pd.Series(day, index=rows.index).astype("datetime64[s]")
    late = pd.Series(days(until) - days(rows["due_on"]), index=rows.index, dtype="float64").where(told)
    working = pd.Series(np.nan, index=rows.index)
    over, ahead = told & (late >= 0), told & (late < 0)
    working[over] = working_days_between(rows.loc[over, "due_on"], until[over], tables.bank_holidays).astype("float64")
    working[ahead] = -working_days_between(until[ahead], rows.loc[ahead, "due_on"], tables.bank_holidays).astype("float64")
    soon = add_working_days(pd.Series([day]), SOON, tables.bank_holidays)[0]
    state = np.select([~told, late > 0, rows["due_on"] <= pd.Timestamp(soon)], [LEFT_OUT, OVERDUE, DUE_SOON], IN_TIME)
    return rows.assign(days_late=late, working_days_late=working, state=pd.Series(state, index=rows.index, dtype="str"))


def _missing(duty: Duty, tables: Tables) -> list[str]:
    """The needs of a duty that nothing loaded meets."""
    return [need for need in duty.needs if not any(_loaded(one, tables) for one in need.split("|"))]


def _loaded(need: str, tables: Tables) -> bool:
    if "." in need:
        table, column = need.split(".")
        return bool(getattr(tables, table)[column].notna().any())
    if len(tables.covered.get(need, ())):
        return True
    if need.startswith("visit:"):
        return bool((tables.visit["cohort_kind"] == need.removeprefix("visit:")).any())
    return len(getattr(tables, need)) > 0


def _known_until(duty: Duty, tables: Tables) -> pd.Timestamp | NaTType:
    """The last month every one of a duty's extracts speaks for; NaT where one of them does not say."""
    newest = []
    for need in duty.needs:
        months = [tables.covered.get(one.split(".")[0], pd.DatetimeIndex([])) for one in need.split("|")]
        newest.append(max((held.max() for held in months if len(held)), default=pd.NaT))
    return pd.NaT if any(pd.isna(month) for month in newest) else min(newest)


def _held(values: pd.Series) -> pd.Series:
    return values.astype("str").fillna(UNALLOCATED).replace("", UNALLOCATED)


def _owed_none() -> pd.DataFrame:
    dated = ("started_on", "last_on", "due_on")
    number = ("days_late", "working_days_late")
    kinds = {name: "datetime64[s]" if name in dated else "float64" if name in number else "str" for name in COLUMNS}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
