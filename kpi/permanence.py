"""Children in care: is a lasting home found for them, and soon?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.children_in_care import in_care, in_hands, last_event, on_or_after
from kpi.model import kpi
from kpi.period import days
from kpi.shapes import as_cases, case_ids, first_true, in_month

MONTHS_TO_SECOND_REVIEW = 4


@kpi(
    domain="looked_after", title="Permanence plan by the second review", noun="children in care for more than four months",
    did="with a permanence plan", basis="stock", better="higher", method="At the month end", needs=("cla_episode",),
    sources="Annex A list 8 (permanence plan), or SSD permanence decisions", cannot="SSDA903 and the CIN census: neither has the plan.",
)  # fmt: skip
def permanence_by_second_review(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children in care for more than four months, when the second review is due, those with a permanence plan recorded.

    The same day four months on is not yet more than four months. In months that dated decisions are loaded for, those of this time in care
    count, from their day on. In other months the plan printed with the time in care counts: it has no date, so past months read it as it is
    known now. It asks whether there is a plan, not whether there was one on the day of the review. Source: B2.4; which date counts is ours.
    """
    children = in_care(tables, periods)
    day_before = children["period"] - pd.Timedelta(days=1)
    children = children[on_or_after(MONTHS_TO_SECOND_REVIEW, children["started_on"], day_before)].reset_index(drop=True)
    decisions = tables.permanence_decision
    decided = last_event(decisions[decisions["permanence_kind"].notna()], children, children["started_on"])
    dated = children["period"].isin(tables.covered.get("permanence_decision", pd.DatetimeIndex([])))
    planned = decided.notna() | (~dated & children["permanence_kind"].notna())
    return as_cases(
        children.assign(
            met=planned, happened_on=decided,
            reason=np.where(planned, "permanence plan recorded", "no permanence plan recorded"),
        )
    )  # fmt: skip


@kpi(
    domain="looked_after", title="Foster carer enquiries that end in approval", noun="enquiries that came to an end", did="approved",
    basis="in_period", better="higher", method="Enquiries approved or closed in the month", needs=("foster_enquiry",),
    sources="The foster enquiries extract", cannot="Every national return, Annex A and SSD: none has enquiries.",
)  # fmt: skip
def foster_enquiries_approved(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of enquiries about becoming a foster carer that came to an end in the month, those that ended in approval.

    An enquiry ends when it is approved or closed, whichever is first. Those still open are in no month's figure, so it does not fall only
    because many enquiries have just come. One that ended before it was made is left out, counted and listed. The months are small: read it
    over 12. Source: B1.2 (conversion of enquiries); the cohort is our choice.
    """
    every = tables.foster_enquiry
    ended = in_month(every.assign(ended_on=every[["approved_on", "closed_on"]].min(axis=1)), "ended_on", periods)
    approved = ended["approved_on"] == ended["ended_on"]
    backwards = ended["ended_on"] < ended["happened_on"]
    return as_cases(
        ended.assign(
            case_id=ended["enquiry_id"], met=approved.where(~backwards), happened_on=ended["ended_on"],
            reason=np.where(approved, "approved", "closed without approval"),
            left_out=first_true(ended.index, (backwards, "ended before it was made")),
        )
    )  # fmt: skip


@kpi(
    domain="looked_after", title="Days from coming into care to an adoptive family", noun="children placed for adoption", did="days",
    measure="days", basis="in_period", better="lower", method="Children placed in the month", needs=("adoption",),
    sources="Annex A list 10", cannot="The CIN census.",
)  # fmt: skip
def adoption_entry_to_placed(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """The mean number of days from coming into care to moving in with an adoptive family, of children placed in the month.

    A child placed twice counts each time. Where the day the child came into care is not recorded, or is after the day of placing, the child
    is left out, counted and listed. A child fostered by the adopters first is counted to the day placed for adoption, so the figure may be
    longer than the published one, which takes the day they moved in. A month has few children: read it over 12 months.
    Source: adoption scorecards, indicator A10; B2.4.
    """
    every = tables.adoption.sort_values(["child_id", "placed_on", "entered_care_on"], kind="stable")
    placed = in_hands(in_month(_one_holder(every.drop_duplicates(["child_id", "placed_on"])), "placed_on", periods), tables)
    took = pd.Series(days(placed["placed_on"]) - days(placed["entered_care_on"]), index=placed.index).astype("float64")
    missing, backwards = placed["entered_care_on"].isna(), placed["placed_on"] < placed["entered_care_on"]
    counted = ~(missing | backwards)
    left_out = first_true(placed.index, (missing, "day of coming into care not recorded"), (backwards, "placed before coming into care"))
    return as_cases(
        placed.assign(
            case_id=case_ids(placed, "placed_on"), value=took.where(counted), weight=pd.Series(1.0, index=placed.index).where(counted),
            happened_on=placed["placed_on"], reason=_in_days(took, counted), left_out=left_out,
        )
    )  # fmt: skip


def _one_holder(adoptions: pd.DataFrame) -> pd.DataFrame:
    """Adoption rows name no holder: it is whoever held the child."""
    nobody = pd.Series(index=adoptions.index, dtype="str")
    return adoptions.assign(team_id=nobody, worker_id=nobody)


def _in_days(took: pd.Series, counted: pd.Series) -> pd.Series:
    return took.where(counted, 0).astype("int64").astype("str") + " days"
