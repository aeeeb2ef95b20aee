"""The front door: are families helped the first time?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.clock import Dates, due_by
from kpi.cohorts import latest, seen_visits
from kpi.model import kpi
from kpi.period import days
from kpi.shapes import as_cases, case_ids, first_true, in_month, repeats_within

CLOSED = "closed with no further action"


@kpi(
    domain="front_door", title="Re-referrals within 12 months", noun="referrals received", did="re-referrals", basis="in_period",
    better="lower", method="Referrals received in the month", needs=("referral",), history_months=12,
    sources="Annex A list 3 (the referrals themselves, never its count column)", recommendation="1",
)  # fmt: skip
def re_referrals(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of referrals received in the month, those of a child who had an earlier referral on or after the same day a year before.

    Any earlier referral counts, those closed with no further action included. Two on one day do not make each other one. It needs 12
    months of referrals before the first month: until then the month is marked "history short". Source: DfE, children in need; KPI choice 6.
    """
    received = in_month(tables.referral, "happened_on", periods)
    earlier = repeats_within(received, tables.referral, on="happened_on", months=12)
    again = earlier.notna()
    return as_cases(
        received.assign(
            case_id=case_ids(received, "happened_on"), met=again,
            reason=np.where(again, "referred before, on " + earlier.dt.strftime("%d/%m/%Y").fillna(""), "no referral in the year before"),
        )
    )  # fmt: skip


@kpi(
    domain="front_door", title="Seen in time after contact", noun="children due a first visit", did="seen in time", basis="in_period",
    better="higher", method="First visits falling due in the month", needs=("referral", "visit:contact"),
    duties=("contact_visit", "contact_visit_section47"),
    sources="Annex A list 3 and 5, and the visits extract (cohort CONTACT)",
)  # fmt: skip
def seen_after_contact(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children whose first visit after a referral fell due in the month, those seen by the day it was due.

    Due 5 working days after the referral, or 1 where a section 47 enquiry began by then (on the day of the referral or within its first
    working day). Seen means a contact visit at which the child was seen, on or after the referral. A child referred twice on one day is
    counted once. A referral closed with no further action has no visit due: it is left out, counted and shown. Where no section 47
    enquiries are loaded, every first visit has 5 days.
    Source: the accelerated improvement plan; KPI choices 2, 4 and 5.
    """
    order = ["child_id", "happened_on", "no_further_action", "nth"]  # of two on one day the one still owed a visit comes first
    referral = tables.referral.sort_values(order, kind="stable", na_position="first")
    due = _first_visit_due(referral, tables)
    owed = in_month(referral.assign(due_on=due).drop_duplicates(["child_id", "happened_on"]), "due_on", periods)
    visits = seen_visits(tables, "contact")
    seen = _first_seen(owed, visits)
    met = seen.notna() & (seen <= owed["due_on"])
    closed = owed["no_further_action"].fillna(False).astype(bool)
    return as_cases(
        owed.assign(
            case_id=case_ids(owed, "happened_on"), met=met.where(~closed), happened_on=seen,
            reason=np.select([met, seen.notna() & (seen <= owed["period"])], ["seen in time", "seen late"], "not seen"),
            left_out=first_true(owed.index, (closed, CLOSED)),
        )
    )  # fmt: skip


def _first_visit_due(referral: pd.DataFrame, tables: Tables) -> Dates:
    """The day the first visit after each referral is due: the urgent clock where a section 47 began within it."""
    usual = due_by(tables.clocks, "contact_visit", referral["happened_on"], tables.bank_holidays)
    urgent = due_by(tables.clocks, "contact_visit_section47", referral["happened_on"], tables.bank_holidays)
    section47 = tables.section47
    at = latest(section47["child_id"], section47["happened_on"], referral["child_id"], pd.Series(urgent, index=referral.index))
    began = np.full(len(referral), np.iinfo(np.int64).min)
    began[at >= 0] = days(section47["happened_on"])[at[at >= 0]]
    return np.where(began >= days(referral["happened_on"]), urgent, usual)


def _first_seen(owed: pd.DataFrame, visits: pd.DataFrame) -> pd.Series:
    """The first day on or after the referral, and on or before the period end, on which the child was seen."""
    merged = owed[["child_id", "happened_on", "period"]].assign(row=np.arange(len(owed)))
    pairs = merged.merge(visits[["child_id", "happened_on"]].rename(columns={"happened_on": "seen_on"}), on="child_id")
    pairs = pairs[(pairs["seen_on"] >= pairs["happened_on"]) & (pairs["seen_on"] <= pairs["period"])]
    first = pairs.groupby("row")["seen_on"].min()
    return pd.Series(first.reindex(np.arange(len(owed))).to_numpy().astype("datetime64[s]"), index=owed.index)
