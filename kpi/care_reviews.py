"""Children in care: are their plans reviewed in time, with them taking part and someone independent watching?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.children_in_care import (
    EPISODE,
    has_reached,
    in_care,
    in_hands,
    last_event,
    rows_at,
    time_in_care_on,
    times_in_care,
    up_to_date,
)
from kpi.clock import due_by
from kpi.cohorts import Timeline
from kpi.model import kpi
from kpi.period import add_months
from kpi.review_rules import CLA_REVIEW_RULES, cla_review_due, latest_first_review
from kpi.shapes import as_cases, case_ids, first_true, in_month

TOOK_PART = ("PN1", "PN2", "PN3", "PN5", "PN6")
TOO_YOUNG = "PN0"
SPEAKING_AGE = 4
UNDER_4 = "under 4 years old"
INFORMAL = "informal"
NO_STAGE = "stage not recorded"
NOT_THE_FIRST = "earlier reviews are not in the data"


@kpi(
    domain="looked_after", title="Children in care reviewed in time", noun="children in care needing a review", did="reviewed in time",
    basis="stock", better="higher", method="Stock method: the reviews of the 12 months to the month end",
    needs=("cla_episode", "cla_review"), duties=tuple(rule.clock for rule in CLA_REVIEW_RULES),
    sources="Reviews: SSDA903, SSD or the reviews extract, with times in care from Annex A list 8, SSDA903 or SSD",
    cannot="Annex A alone: it prints only the latest review. The CIN census has none.",
)  # fmt: skip
def cla_reviews_in_time(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children in care who needed a review, those with every review of the last 12 months in time and none overdue now.

    The first is due within 20 working days of becoming looked after, the second within 3 months of the first, each later one within 6
    months of the one before. A late review counts against the child for 12 months after it was held; an overdue one until it is held. A
    child who has had no review and whose first is not yet due is left out, counted and shown. Cancelled reviews are not reviews. Where the
    first review known is more than 12 months after the child came into care, earlier ones are taken not to be in the data: it is not
    called late, the next is due in 6 months, and the child is counted and shown apart.
    Source: Care Planning Regulations 2010, regulation 33; KPI choices 1, 2 and 3; the window of 12 months is ours.
    """
    children = in_care(tables, periods)
    steps = _reviews(tables)
    at = Timeline.of(steps, "happened_on", EPISODE).last(children[EPISODE], children["period"])
    last = rows_at(steps, at).set_index(children.index)
    rule = cla_review_due(children, tables)
    due = pd.Series(rule.due_on.astype("datetime64[s]"), index=children.index)
    overdue, reviewed = due < children["period"], rule.last_on.notna()
    late = _late_in_the_year(children, steps)
    met = ~overdue & ~late
    return as_cases(
        children.assign(
            met=met, due_on=due, happened_on=rule.last_on,
            reason=np.select([overdue, late], ["review overdue", "reviewed late in the last 12 months"], "every review in time"),
            left_out=first_true(children.index, (~reviewed & ~overdue, "first review not yet due")),
            apart=first_true(children.index, (last["not_the_first"].fillna(False).astype(bool), NOT_THE_FIRST)),
        )
    )  # fmt: skip


@kpi(
    domain="looked_after", title="Children taking part in their reviews", noun="reviews of children aged 4 or over",
    did="held with the child taking part", basis="in_period", better="higher", method="Reviews held in the month", needs=("cla_review",),
    sources="Reviews with their participation code: SSDA903, SSD, the reviews extract", recommendation="7",
    cannot="Annex A: it does not say how the child took part.",
)  # fmt: skip
def cla_participation(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of reviews of children in care held in the month, those the child took part in.

    Taking part: attending and speaking (PN1), through an advocate speaking for them (PN2) or by other means (PN3), or not attending but an
    advocate speaking for them (PN5) or their views sent (PN6). Attending without a word (PN4) and neither attending nor sending views (PN7)
    are not. Children under 4 at the review (PN0, or by their date of birth) and reviews with no code are left out, counted and shown;
    cancelled reviews are not reviews. Source: DfE, SSDA903 codes; improvement plan recommendation 7; KPI choice 9.
    """
    reviews = in_hands(in_month(_held(tables), "happened_on", periods), tables)
    code = reviews["participation_kind"]
    under_4 = (~has_reached(SPEAKING_AGE, reviews["child_id"], reviews["happened_on"], tables)).fillna(False).astype(bool)
    took_part = code.isin(TOOK_PART)
    left_out = first_true(reviews.index, ((code == TOO_YOUNG) | under_4, UNDER_4), (code.isna(), "participation not recorded"))
    return as_cases(
        reviews.assign(
            case_id=case_ids(reviews, "happened_on"), met=took_part.where(left_out.isna()), left_out=left_out,
            reason=np.where(took_part, "the child took part", "the child did not take part"),
        )
    )  # fmt: skip


@kpi(
    domain="looked_after", title="Contact from the reviewing officer", noun="children in care",
    did="in contact with their reviewing officer", basis="stock", better="higher", method="Stock method, at the month end",
    needs=("cla_episode", "iro_contact"), duties=("iro_contact",), sources="Annex A list 8 (last contact of the reviewing officer), or SSD",
    recommendation="5",
    cannot="SSDA903 and the CIN census: neither has these contacts.",
)  # fmt: skip
def iro_contact(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children in care at the month end, those whose independent reviewing officer was in contact within the last 6 months.

    Two reviews are at most 6 months apart, so a contact in every 6 months is at least one between reviews. One is due 6 months (or the
    local standard in clocks.csv) after the later of coming into care and the last contact; contacts before this time in care do not
    count. A child with no contact yet, and none yet due, is in time, and shown apart. Source: the interval is our choice, none is
    national; improvement plan recommendation 5; KPI choices 1 and 4.
    """
    children = in_care(tables, periods)
    last = last_event(tables.iro_contact, children, children["started_on"])
    due = due_by(tables.clocks, "iro_contact", last.fillna(children["started_on"]), tables.bank_holidays)
    return up_to_date(children, last, due, done="in contact in time", late="last contact too long ago", never="no contact since the start")


@kpi(
    domain="looked_after", title="Formal escalations by reviewing officers", noun="formal escalations raised", did="raised",
    measure="count", basis="in_period", better=None, method="Escalations raised in the month", needs=("iro_escalation",),
    sources="The extract of escalations by reviewing officers", recommendation="5",
    cannot="Every national return, Annex A and SSD: none has escalations.",
)  # fmt: skip
def iro_escalations(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """How many formal escalations independent reviewing officers raised in the month.

    Formal is stage 1 or above: informal ones are not counted, and one with no stage is left out, counted and listed. A count, as a share of
    children would call more of them better or worse: both too few and too many need reading, so neither is. Source: improvement plan
    recommendation 5; B2.4.
    """
    raised = _formal(in_month(tables.iro_escalation, "happened_on", periods), tables)
    left_out = _no_stage(raised)
    one = pd.Series(1.0, index=raised.index).where(left_out.isna())
    return as_cases(raised.assign(case_id=raised["escalation_id"], value=one, weight=one, reason="formal escalation", left_out=left_out))


@kpi(
    domain="looked_after", title="Formal escalations resolved in 20 working days", noun="formal escalations due to be resolved",
    did="resolved in time", basis="in_period", better="higher", method="Escalations whose 20 working days ran out in the month",
    needs=("iro_escalation",), duties=("iro_resolution",), sources="The extract of escalations by reviewing officers", recommendation="5",
    cannot="Every national return, Annex A and SSD: none has escalations.",
)  # fmt: skip
def iro_escalations_resolved(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of formal escalations whose 20 working days ran out in the month, those resolved by then.

    The day it was raised is day 0. One never resolved counts as not resolved, in the month it was due; so each is counted once and none is
    lost. Informal ones are not counted; one with no stage is left out, counted and listed; so is one resolved before it was raised.
    Source: IRO Handbook; improvement plan recommendation 5; KPI choice 2.
    """
    every = tables.iro_escalation
    due = due_by(tables.clocks, "iro_resolution", every["happened_on"], tables.bank_holidays).astype("datetime64[s]")
    owed = _formal(in_month(every.assign(due_on=due), "due_on", periods), tables)
    in_time = owed["resolved_on"] <= owed["due_on"]
    backwards = owed["resolved_on"] < owed["happened_on"]
    left_out = _no_stage(owed).fillna(first_true(owed.index, (backwards, "resolved before it was raised")))
    done = owed["resolved_on"].where(owed["resolved_on"] <= owed["period"])
    return as_cases(
        owed.assign(
            case_id=owed["escalation_id"], met=in_time.where(left_out.isna()), happened_on=done, left_out=left_out,
            reason=np.select([in_time, done.notna()], ["resolved in time", "resolved late"], "not resolved"),
        )
    )  # fmt: skip


@kpi(
    domain="looked_after", title="Children in care taking part in activity", noun="children in care aged 4 or over",
    did="taking part in the last 12 months", basis="stock", better="higher", method="The 12 months to the month end",
    needs=("cla_episode", "participation"), history_months=11, span="rolling", recommendation="7",
    sources="The participation extract: children in care council, advocacy, surveys", cannot="Every national return, Annex A and SSD.",
)  # fmt: skip
def participation_activity(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children in care at the month end aged 4 or over, those who took part in an activity in the 12 months to it.

    The children in care council, an advocate, a survey and other activities count, the same day a year before included; taking part in a
    review does not, as it has its own measure. Children known to be under 4 are left out, counted and shown. Source: improvement plan
    recommendation 7; B2.4; KPI choice 3.
    """
    children = in_care(tables, periods)
    activity = tables.participation[tables.participation["participation_kind"] != "review"]
    reach = add_months(children["period"].to_numpy().astype("datetime64[D]"), -12).astype("datetime64[s]")
    last = last_event(activity, children, pd.Series(reach, index=children.index))
    under_4 = (~has_reached(SPEAKING_AGE, children["child_id"], children["period"], tables)).fillna(False).astype(bool)
    left_out = first_true(children.index, (under_4, UNDER_4))
    return as_cases(
        children.assign(
            met=last.notna().where(left_out.isna()), happened_on=last, left_out=left_out,
            reason=np.where(last.notna(), "took part in the last 12 months", "no activity in the last 12 months"),
        )
    )  # fmt: skip


def _held(tables: Tables) -> pd.DataFrame:
    return tables.cla_review[~tables.cla_review["cancelled"].fillna(False).astype(bool)]


def _reviews(tables: Tables) -> pd.DataFrame:
    """Every review held in its time in care: child_id, episode, happened_on, late, and `not_the_first`.

    That is whether the first one known of its time in care cannot have been its first.
    """
    held = _held(tables)
    at = time_in_care_on(tables, held["child_id"], held["happened_on"], last_day=True)
    rows = held[["child_id", "happened_on"]].assign(**{EPISODE: at})[at >= 0]
    rows = rows.sort_values([EPISODE, "happened_on"], kind="stable", ignore_index=True)
    started = rows_at(times_in_care(tables)[["started_on"]], rows[EPISODE].to_numpy())["started_on"]
    nth = rows.groupby(EPISODE).cumcount()
    first = rows.groupby(EPISODE)["happened_on"].transform("min")
    not_the_first = first > latest_first_review(started)
    second, later = (
        pd.Series(due_by(tables.clocks, duty, rows["happened_on"], tables.bank_holidays).astype("datetime64[s]"), index=rows.index)
        for duty in ("cla_review_second", "cla_review")
    )
    first_due = due_by(tables.clocks, "cla_review_first", started, tables.bank_holidays).astype("datetime64[s]")
    next_due = second.where((nth == 0) & ~not_the_first, later)
    due = next_due.groupby(rows[EPISODE]).shift().where(nth > 0, pd.Series(first_due, index=rows.index))
    late = (rows["happened_on"] > due) & ~((nth == 0) & not_the_first)
    return rows.assign(late=late, not_the_first=not_the_first)


def _late_in_the_year(children: pd.DataFrame, steps: pd.DataFrame) -> pd.Series:
    """Whether any review held in the 12 months to the period end, the same day a year before included, was late."""
    at = Timeline.of(steps[steps["late"]], "happened_on", EPISODE).last(children[EPISODE], children["period"])
    held = rows_at(steps.loc[steps["late"], ["happened_on"]], at)["happened_on"]
    reach = add_months(children["period"].to_numpy().astype("datetime64[D]"), -12).astype("datetime64[s]")
    return pd.Series((held >= reach).to_numpy(), index=children.index)


def _formal(escalations: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    return in_hands(escalations[escalations["stage_kind"] != INFORMAL].reset_index(drop=True), tables)


def _no_stage(escalations: pd.DataFrame) -> pd.Series:
    return first_true(escalations.index, (escalations["stage_kind"].isna(), NO_STAGE))
