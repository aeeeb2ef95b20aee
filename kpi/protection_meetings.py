"""Enquiries, conferences, reviews and core groups: is what is decided about a child at risk decided and followed up in time?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.clock import add_working_days, due_by
from kpi.cohorts import Timeline, held_by, open_at, protection_plans
from kpi.model import kpi
from kpi.period import add_months, days, month_start
from kpi.review_rules import core_group_due
from kpi.shapes import as_cases, case_ids, finished_in_time, first_true, in_month, seen_in_time, share_of, tally

ICPC_LIMIT = 15
NO_ENQUIRIES = "The looked after children return: it holds no enquiries or conferences."
CORE_GROUP_WORDS = ("none held yet, not yet due", "held in time", "none held since the plan began", "last held too long ago")


@kpi(
    domain="protection", title="Section 47 enquiries begun", noun="section 47 enquiries begun", did="begun", measure="count",
    basis="in_period", better=None, method="Enquiries begun in the month", needs=("section47",), sources="Annex A list 5",
    cannot=NO_ENQUIRIES,
)  # fmt: skip
def section47_started(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """How many section 47 enquiries began in the month.

    One for each child; two on one day are two. A number, so that it is told by team and needs no population; the published rate is of a
    year: twelve months together, for every 10,000 people aged 0 to 17. Neither more nor fewer is better. Source: DfE, children in need.
    """
    return tally(in_month(tables.section47, "happened_on", periods), "happened_on", reason="begun in the month")


@kpi(
    domain="protection", title="Section 47 enquiries that go to conference", noun="enquiries completed", did="taken to conference",
    basis="in_period", better=None, method="Enquiries completed in the month", needs=("section47", "icpc"), sources="Annex A list 5",
    cannot=NO_ENQUIRIES,
)  # fmt: skip
def section47_to_icpc(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of section 47 enquiries completed in the month, those that led to an initial child protection conference.

    Completed on the day the enquiry ended or, where that is not recorded or later, on the fifteenth working day after it began, by when a
    conference is to be held. It led to one where one was held from it by the month end, or where the extract says that one was needed;
    where it does neither, and does not say that none was needed, the enquiry is left out, counted and shown. Neither direction is better.
    Source: a local reading of the published numbers; KPI choices 2 and 9.
    """
    enquiry = tables.section47
    limit = _conference_due(enquiry, tables)
    completed = enquiry.assign(completed_on=enquiry["ended_on"].where(enquiry["ended_on"] <= limit, limit))
    done = in_month(completed, "completed_on", periods)
    conference = tables.icpc[["child_id", "section47_on", "happened_on"]].rename(columns={"happened_on": "held_on"}).dropna()
    first = conference.groupby(["child_id", "section47_on"], as_index=False)["held_on"].min()
    held = done[["child_id", "happened_on"]].merge(
        first, left_on=["child_id", "happened_on"], right_on=["child_id", "section47_on"], how="left"
    )["held_on"]
    was_held = pd.Series((held <= done["period"]).to_numpy(), index=done.index)
    led = (~done["conference_unnecessary"].astype("boolean")).mask(was_held, True)
    return share_of(
        done, led, yes="taken to conference", no="no conference needed", unknown="not recorded whether a conference was needed",
        began="happened_on", happened="completed_on",
    )  # fmt: skip


@kpi(
    domain="protection", title="Initial conferences in 15 working days", noun="conferences held", did="held in time", basis="in_period",
    better="higher", method="Conferences held in the month", needs=("icpc",), sources="Annex A list 5",
    cannot=NO_ENQUIRIES,
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
    domain="protection", title="Initial conferences overdue", noun="children whose conference is overdue", did="overdue", measure="count",
    basis="stock", better="lower", method="At the month end", needs=("section47", "icpc", "cp_plan"), sources="Annex A lists 5 and 7",
    cannot=NO_ENQUIRIES,
)  # fmt: skip
def icpc_overdue(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """How many children had an enquiry that needs a conference, and no conference more than 15 working days on, at the month end.

    Counted from the day the section 47 enquiry began, which is day 0; of several, the child's newest. It needs a conference where the
    extract does not call one unnecessary; where it says nothing, the child is left out, counted and shown. A conference of the child held
    on or after that day, or a protection plan that began on or after it, settles it. A list to work from: each one is a child.
    Source: Working Together; KPI choice 2.
    """
    every = tables.section47.sort_values(["child_id", "happened_on", "nth"], kind="stable")
    every = every.drop_duplicates(["child_id", "happened_on"], keep="last")
    every = every.assign(newer_on=every.groupby("child_id")["happened_on"].shift(-1))
    enquiry = every[~every["conference_unnecessary"].fillna(False).astype(bool)].reset_index(drop=True)
    due = _conference_due(enquiry, tables)
    over = pd.concat([_settled_on(enquiry, tables), enquiry["newer_on"]], axis=1).min(axis=1)
    late = enquiry.assign(due_on=due, started_on=due + pd.Timedelta(days=1), ended_on=over)
    order = ["period", "child_id", "happened_on", "nth"]
    still = open_at(late, periods).sort_values(order, kind="stable", ignore_index=True)
    unknown = first_true(still.index, (still["conference_unnecessary"].isna(), "not recorded whether a conference was needed"))
    cases = still.rename(columns={"happened_on": "began_on"})
    return tally(cases, "began_on", reason="no conference held", left_out=unknown)


@kpi(
    domain="protection", title="Initial conferences that lead to a plan", noun="conferences held", did="followed by a plan",
    basis="in_period", better=None, method="Conferences held in the month", needs=("icpc", "cp_plan"), sources="Annex A lists 5 and 7",
    cannot=NO_ENQUIRIES,
)  # fmt: skip
def icpc_to_plan(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of initial child protection conferences held in the month, those that led to a child protection plan.

    As the extract says; where it says nothing, a plan that began on the day of the conference is a yes, and otherwise the conference is
    left out, counted and shown. Conferences of children who moved in with a plan count. Neither direction is better: many without a plan
    may mean that too many are called. Source: DfE, children in need; KPI choice 9.
    """
    held = in_month(tables.icpc, "happened_on", periods)
    plan = pd.MultiIndex.from_frame(tables.cp_plan[["child_id", "started_on"]].dropna())
    same_day = pd.MultiIndex.from_frame(held[["child_id", "happened_on"]]).isin(plan)
    led = held["led_to_plan"].astype("boolean")
    return share_of(
        held, led.mask(led.isna().to_numpy() & same_day, True), yes="a plan was made", no="no plan was made",
        unknown="not recorded whether a plan was made", began="happened_on", happened="happened_on",
    )  # fmt: skip


@kpi(
    domain="protection", title="CP reviews held in time", noun="children with a plan of 3 months or more", did="reviewed in time",
    basis="stock", better="higher", method="Every review of the plan, at the month end", needs=("cp_plan", "cp_review"),
    duties=("cp_review_first", "cp_review"), sources="Annex A list 7 (plans), and every review (reviews extract, census or dataset)",
    cannot="Annex A alone: it gives only the latest review, not every one.",
)  # fmt: skip
def cp_reviews_in_time(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of child protection plans open for at least three months at the month end, those with every review in time and none overdue.

    The first review is due within three months of the plan's start, each further one within six months of the last (calendar months; the
    due day itself is in time). A review on the day the plan began is not one. One late review makes the plan late from then on. A plan that
    began before the months the reviews loaded speak for is left out, counted and shown, as its earlier reviews are not known.
    Source: Working Together; DfE, children in need; KPI choices 1 and 3.
    """
    plans = tables.cp_plan.assign(plan=np.arange(len(tables.cp_plan)).astype("str"))
    reviews = _reviews_of(plans, tables)
    stock = held_by(open_at(plans, periods), tables, "cp")
    long_enough = add_months(stock["started_on"].to_numpy(), 3).astype("datetime64[s]") <= stock["period"].to_numpy()
    stock = stock[long_enough].reset_index(drop=True)
    at = Timeline.of(reviews, "happened_on", "plan").last(stock["plan"], stock["period"])
    last = _where(reviews["happened_on"], at, stock.index)
    first = due_by(tables.clocks, "cp_review_first", stock["started_on"], tables.bank_holidays)
    due = np.where(last.isna(), first, due_by(tables.clocks, "cp_review", last, tables.bank_holidays)).astype("datetime64[s]")
    overdue = stock["period"].to_numpy() > due
    once_late = _where(reviews["ever_late"].astype("float64"), at, stock.index).fillna(0.0) > 0
    known_from = min((month_start(month) for month in tables.covered.get("cp_review", ())), default=pd.Timestamp.min)
    return as_cases(
        stock.assign(
            case_id=case_ids(stock), met=~(once_late | overdue), happened_on=last, due_on=due,
            reason=np.select([overdue, once_late], ["a review is overdue", "a review was held late"], "every review in time"),
            left_out=first_true(stock.index, (stock["started_on"] < known_from, "the plan began before the reviews loaded")),
        )
    )  # fmt: skip


@kpi(
    domain="protection", title="Core groups held in time", noun="children with a plan open", did="with a core group in time", basis="stock",
    better="higher", method="Stock method, at the month end", needs=("cp_plan", "core_group"), duties=("core_group_first", "core_group"),
    sources="Annex A list 7 (plans) and the core groups extract",
    cannot="Annex A, the census and the standard dataset: none holds core groups.", brought_by=("core_groups", "annex_a"),
)  # fmt: skip
def core_groups_in_time(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children with a child protection plan open at the month end, those whose next core group was not overdue.

    The first is due 10 working days after the plan began, which is the day of the conference; each next one 42 calendar days after the last
    (or the local standards in clocks.csv). A meeting that was cancelled does not count; one with nothing said is taken as held. A plan with
    none yet and none yet due is in time, and shown apart. Source: Working Together; local standard; KPI choices 1 and 2.
    """
    plans = protection_plans(tables, periods)
    due = core_group_due(plans, tables)
    return seen_in_time(plans, due.last_on, due.due_on, words=CORE_GROUP_WORDS)


def _conference_due(enquiry: pd.DataFrame, tables: Tables) -> pd.Series:
    due = add_working_days(enquiry["happened_on"], ICPC_LIMIT, tables.bank_holidays).astype("datetime64[s]")
    return pd.Series(due, index=enquiry.index)


def _settled_on(enquiry: pd.DataFrame, tables: Tables) -> pd.Series:
    """The first day on or after each enquiry's on which the child had a conference or a plan; empty where there has been none."""
    held = tables.icpc[["child_id", "happened_on"]]
    begun = tables.cp_plan[["child_id", "started_on"]].rename(columns={"started_on": "happened_on"})
    settled = pd.concat([held, begun], ignore_index=True).rename(columns={"happened_on": "settled_on"}).dropna()
    asked = enquiry[["child_id", "happened_on"]].assign(row=np.arange(len(enquiry)))
    pairs = asked.merge(settled, on="child_id")
    first = pairs[pairs["settled_on"] >= pairs["happened_on"]].groupby("row")["settled_on"].min()
    return pd.Series(first.reindex(np.arange(len(enquiry))).to_numpy().astype("datetime64[s]"), index=enquiry.index)


def _reviews_of(plans: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """The reviews of each plan in order (plan, happened_on), and whether one up to then was held after it was due (ever_late)."""
    pairs = plans[["plan", "child_id", "started_on", "ended_on"]].merge(
        tables.cp_review[["child_id", "happened_on"]].drop_duplicates(), on="child_id"
    )
    within = (pairs["happened_on"] > pairs["started_on"]) & ~(pairs["happened_on"] > pairs["ended_on"])
    found = pairs[within].sort_values(["plan", "happened_on"], kind="stable", ignore_index=True)
    before = found.groupby("plan")["happened_on"].shift(1)
    first = due_by(tables.clocks, "cp_review_first", found["started_on"], tables.bank_holidays)
    due = np.where(before.isna(), first, due_by(tables.clocks, "cp_review", before, tables.bank_holidays))
    late = pd.Series(days(found["happened_on"]) > due.astype("datetime64[D]").astype(np.int64), index=found.index)
    return found.assign(ever_late=late.groupby(found["plan"]).cummax())


def _where(values: pd.Series, at: np.ndarray, index: pd.Index) -> pd.Series:
    """The values at these positions, empty where the position is -1."""
    if not len(values):
        return pd.Series(index=index, dtype=values.dtype)
    found: pd.Series = values.iloc[np.maximum(at, 0)].set_axis(index)
    return found.where(pd.Series(at >= 0, index=index))
