"""To whom is a duty owed on a day? The children, workers and actions behind each duty, and who holds them.

Each function takes the tables and one day (as an index of one) and gives rows with child_id, worker_id, team_id, started_on, period and
what its rules need; `left_out` says why no due date can be told. Where no snapshot speaks for the day itself, the one that speaks for the
last month end before it does.
"""

from __future__ import annotations

import pandas as pd

from data.tables import COHORTS, Tables
from kpi import plan_actions
from kpi.care_leavers import NO_LONGER
from kpi.children_in_care import WITH_PARENTS, in_care, legal_status_at, placed_at
from kpi.cohorts import in_need_plans, latest, observed_at, open_at, protection_plans
from kpi.open_children import open_children
from kpi.period import month_start
from kpi.seen import seen_visits
from kpi.shapes import first_true
from kpi.staff import absent_since, case_holding, in_post_at, social_worker
from kpi.visit_rules import CARE_ORDER, INTERIM_ORDER

AWAY = "away from work on the day"
BEFORE_VISITS = "the referral is from before the visits loaded, so whether the child was seen is not known"
NOT_SAID = "whether a conference is needed is not recorded"
NO_PLAN_OWED = ("qualifying",)  # owed advice, not a pathway plan
NO_LONGER_OWED = (*NO_LONGER, "not_required")


def children_on_plans(tables: Tables, at: pd.DatetimeIndex) -> pd.DataFrame:
    """Children with a child protection plan open."""
    return protection_plans(tables, at)


def children_in_need(tables: Tables, at: pd.DatetimeIndex) -> pd.DataFrame:
    """Children with a child in need plan."""
    plans = in_need_plans(tables, speaking_for(tables.case_status, at)).assign(period=at[0])
    return plans[~(plans["ended_on"] <= at[0])].reset_index(drop=True)


def children_in_care(tables: Tables, at: pd.DatetimeIndex) -> pd.DataFrame:
    """Children in care, short breaks apart."""
    return in_care(tables, at)


def children_placed_with_parents(tables: Tables, at: pd.DatetimeIndex) -> pd.DataFrame:
    """Children in care who live with a parent under an interim or full care order; `started_on` is the day they came to."""
    children = children_in_care(tables, at)
    here = placed_at(children, tables)
    home = (here["placement_kind"] == WITH_PARENTS) & legal_status_at(children, tables).isin([INTERIM_ORDER, CARE_ORDER])
    return children.assign(started_on=here["started_on"])[home].reset_index(drop=True)


def children_with_an_open_case(tables: Tables, at: pd.DatetimeIndex) -> pd.DataFrame:
    """Children in care, on a plan or in need, each once."""
    plans = open_children(tables, at)
    if at.equals(speaking_for(tables.case_status, at)):
        return plans
    known = set(plans["child_id"])
    in_need = children_in_need(tables, at)
    return pd.concat([plans, in_need[~in_need["child_id"].isin(known)]], ignore_index=True)


def referrals_unseen(tables: Tables, at: pd.DatetimeIndex) -> pd.DataFrame:
    """Each child's newest referral, while it is owed a first visit not yet made.

    It is no longer owed once the child was seen at any visit since, the referral was closed (with no further action, or with a closing
    day), or an assessment begun on or after it was concluded and does not say that the child was not seen. A referral from before the
    months the loaded visits speak for is left out: whether the child was seen then is not known.
    """
    day = at[0]
    order = ["child_id", "happened_on", "no_further_action", "nth"]  # of two on one day the one still owed a visit is kept
    made = tables.referral[tables.referral["happened_on"] <= day].sort_values(order, kind="stable", na_position="first")
    newest = made.drop_duplicates(["child_id", "happened_on"]).drop_duplicates("child_id", keep="last").assign(period=day)
    closed = newest["no_further_action"].fillna(False).astype(bool) | (newest["closed_on"] <= day)
    concluded = tables.assessment[(tables.assessment["ended_on"] <= day) & tables.assessment["child_seen"].fillna(True).astype(bool)]
    done = _since(newest, _every_visit_seen(tables), "happened_on") | _since(newest, concluded, "started_on")
    waiting = newest[~(closed | done)].reset_index(drop=True)
    known_from = min((month_start(month) for month in tables.covered.get("visit:contact", ())), default=pd.Timestamp.min)
    before = waiting["happened_on"] < known_from
    return waiting.assign(started_on=waiting["happened_on"], left_out=first_true(waiting.index, (before, BEFORE_VISITS)))


def enquiries_without_conference(tables: Tables, at: pd.DatetimeIndex) -> pd.DataFrame:
    """Each child's newest section 47 enquiry, where a conference is needed and none has been held, nor a plan begun, since it began."""
    day = at[0]
    begun = tables.section47[tables.section47["happened_on"] <= day].sort_values(["child_id", "happened_on", "nth"], kind="stable")
    newest = begun.drop_duplicates("child_id", keep="last").assign(period=day)
    unnecessary = newest["conference_unnecessary"].fillna(False).astype(bool)
    settled = _since(newest, tables.icpc, "happened_on") | _since(newest, tables.cp_plan, "started_on")
    waiting = newest[~(unnecessary | settled)].reset_index(drop=True)
    unsaid = waiting["conference_unnecessary"].isna()
    return waiting.assign(started_on=waiting["happened_on"], left_out=first_true(waiting.index, (unsaid, NOT_SAID)))


def open_assessments(tables: Tables, at: pd.DatetimeIndex) -> pd.DataFrame:
    """Assessments begun and not concluded."""
    return open_at(tables.assessment, at)


def workers_to_supervise(tables: Tables, at: pd.DatetimeIndex) -> pd.DataFrame:
    """Case-holding social workers in post; one who is away on the day is left out."""
    workers = in_post_at(tables, speaking_for(tables.worker, at)).assign(period=at[0])
    ours = social_worker(workers) & case_holding(workers) & ~(workers["ended_on"] <= at[0])
    workers = workers[ours].reset_index(drop=True)
    away = absent_since(workers, tables.worker, workers["period"])
    return workers.assign(child_id="", left_out=first_true(workers.index, (away, AWAY)))


def care_leavers(tables: Tables, at: pd.DatetimeIndex) -> pd.DataFrame:
    """Care leavers owed a pathway plan, from the day they are first listed.

    Not those owed only advice, nor those who died, went back to their parents or no longer need services.
    """
    leavers = observed_at(tables.care_leaver, speaking_for(tables.care_leaver, at)).assign(period=at[0])
    owed = ~leavers["eligibility_kind"].isin(NO_PLAN_OWED) & ~leavers["in_touch_kind"].isin(NO_LONGER_OWED)
    listed = tables.care_leaver.groupby("child_id")["observed_on"].min()
    started = listed.reindex(leavers["child_id"]).to_numpy()
    return leavers.assign(started_on=started)[owed].reset_index(drop=True)


def open_actions(tables: Tables, at: pd.DatetimeIndex) -> pd.DataFrame:
    """Actions of the improvement plan neither complete nor closed, in the hands of their lead."""
    ours = plan_actions.open_actions(tables, speaking_for(tables.action, at)).assign(period=at[0])
    listed = tables.action.groupby("action_id")["observed_on"].min().reindex(ours["action_id"]).to_numpy()
    nobody = pd.Series(index=ours.index, dtype="str")
    return ours.assign(child_id="", team_id=nobody, worker_id=ours["lead"], started_on=listed)


def speaking_for(snapshots: pd.DataFrame, at: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """The day itself where a snapshot speaks for it, else the last month end before it."""
    return at if len(observed_at(snapshots, at)) else (at - pd.offsets.MonthEnd(1)).as_unit("s")


def _every_visit_seen(tables: Tables) -> pd.DataFrame:
    """Every visit, of whatever cohort, at which the child was seen: child_id, happened_on."""

    def found() -> pd.DataFrame:
        return pd.concat([seen_visits(tables, cohort)[["child_id", "happened_on"]] for cohort in COHORTS], ignore_index=True)

    return tables.once("every visit seen", found)  # type: ignore[no-any-return]


def _since(cases: pd.DataFrame, events: pd.DataFrame, on: str) -> pd.Series:
    """Whether something happened to the child from the case's own day to the period."""
    at = latest(events["child_id"], events[on], cases["child_id"], cases["period"])
    found = events[on].iloc[at.clip(min=0)].to_numpy() if len(events) else cases["happened_on"].to_numpy()
    return pd.Series((at >= 0) & (found >= cases["happened_on"].to_numpy()), index=cases.index)
