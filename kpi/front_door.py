"""The front door: are families helped the first time?

Whether children with an open case are held by a qualified worker is in kpi/unallocated.py.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.model import kpi
from kpi.seen import visits_in_order
from kpi.shapes import as_cases, case_ids, finished_in_time, first_true, in_month, repeats_within, share_of, tally
from kpi.visit_rules import contact_visit_due

CLOSED = "closed with no further action"
DECISION_DAYS = 1


@kpi(
    domain="front_door", title="Contacts received", noun="contacts received", did="received", measure="count", basis="in_period",
    better=None, method="Contacts received in the month", needs=("contact",), sources="Annex A list 1",
    cannot="The children in need census and the looked after children return: neither records contacts.", recommendation="1",
)  # fmt: skip
def contacts(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """How many contacts the front door received in the month.

    One for each child of each contact, whatever became of it; two on one day are two. Neither more nor fewer is better: read it with the
    referrals, as moving the line between the two changes both. Source: Annex A; a local measure, none is published.
    """
    received = in_month(tables.contact, "happened_on", periods)
    return tally(received, "happened_on", reason="received in the month")


@kpi(
    domain="front_door", title="Referrals received", noun="referrals received", did="received", measure="count", basis="in_period",
    better=None, method="Referrals received in the month", needs=("referral",), sources="Annex A list 3",
    cannot="The looked after children return: it records no referrals.", recommendation="1",
)  # fmt: skip
def referrals(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """How many referrals were received in the month, one for each child referred.

    Those closed with no further action count. A new concern about a child whose case is open is not a referral. Neither more nor fewer is
    better. Source: DfE, children in need.
    """
    received = in_month(tables.referral, "happened_on", periods)
    return tally(received, "happened_on", reason="received in the month")


@kpi(
    domain="front_door", title="Re-referrals within 12 months", noun="referrals received", did="re-referrals", basis="in_period",
    better="lower", method="Referrals received in the month", needs=("referral",), history_months=12,
    sources="Annex A list 3 (the referrals themselves, never its count column)", recommendation="1",
    cannot="The looked after children return: it records no referrals. One Annex A alone: it holds six months, and this needs twelve more.",
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
    domain="front_door", title="Referrals closed with no further action", noun="referrals received", did="closed with no further action",
    basis="in_period", better=None, method="Referrals received in the month", needs=("referral",), sources="Annex A list 3",
    cannot="The looked after children return: it records no referrals.", recommendation="1",
)  # fmt: skip
def referrals_no_further_action(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of referrals received in the month, those closed with no further action before an assessment.

    Where the extract does not say, the referral is left out, counted and shown. It moves most when what is recorded as a contact and what
    as a referral changes, so neither direction is better by itself. Source: DfE, children in need; KPI choice 9.
    """
    received = in_month(tables.referral, "happened_on", periods)
    return share_of(
        received, received["no_further_action"], yes=CLOSED, no="taken further", unknown="whether it was taken further is not recorded",
        began="happened_on", happened="happened_on",
    )  # fmt: skip


@kpi(
    domain="front_door", title="Referrals decided in 1 working day", noun="referrals decided", did="decided in time", basis="in_period",
    better="higher", method="Referrals decided in the month", needs=("referral",), sources="A referrals extract that dates decisions",
    cannot="Annex A and the census: neither gives the day a referral was decided.", brought_by=("referrals", "ssd"),
)  # fmt: skip
def referrals_decided_in_1_day(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of referrals decided in the month, those decided within one working day of the day they were received.

    The day of receipt is day 0; one received on a weekend or bank holiday counts from the next working day. Counted in the month of the
    decision, so that a late one is counted when it is made. A referral received in the month with no decision recorded by its end is left
    out of that month, counted and shown; so is one decided before it was received. Source: Working Together; KPI choices 2 and 9.
    """
    referral = tables.referral
    decided = in_month(referral.rename(columns={"happened_on": "started_on"}), "decided_on", periods)
    received = in_month(referral.rename(columns={"happened_on": "started_on"}), "started_on", periods)
    undecided = received[~(received["decided_on"] <= received["period"])]
    nothing = pd.Series(index=undecided.index, dtype="datetime64[s]")
    both = pd.concat([decided, undecided.assign(decided_on=nothing)], ignore_index=True)
    return finished_in_time(
        both.assign(received_on=both["started_on"].where(both["decided_on"].notna())), start="received_on", end="decided_on",
        limit=DECISION_DAYS, bank_holidays=tables.bank_holidays, done="decided", no_start="no decision recorded by the month end",
        before_start="decided before it was received", began=("started_on", "decided_on"),
    )  # fmt: skip


@kpi(
    domain="front_door", title="Seen in time after contact", noun="children due a first visit", did="seen in time", basis="in_period",
    better="higher", method="First visits falling due in the month", needs=("referral", "visit:contact"),
    duties=("contact_visit", "contact_visit_section47"),
    sources="Annex A list 3 and 5, and the visits extract (cohort CONTACT)",
    cannot="Annex A alone: it says whether a child was seen during an assessment, not when.", brought_by=("visits", "annex_a", "ssd"),
)  # fmt: skip
def seen_after_contact(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children whose first visit after a referral fell due in the month, those seen by the day it was due.

    Due 5 working days after the referral, or 1 where a section 47 enquiry began by then (on the day of the referral or within its first
    working day). Seen means a contact visit at which the child was seen, on or after the referral. A child referred twice on one day is
    counted once. A referral closed with no further action has no visit due: it is left out, counted and shown. Where no section 47
    enquiries are loaded, every first visit has 5 days.
    Source: the accelerated improvement plan; KPI choices 2, 4 and 5.
    """
    owed = in_month(tables.once("first visits due", lambda: _first_visits_due(tables)), "due_on", periods)
    first = pd.Series(visits_in_order(tables, "contact").next_day(owed["child_id"], owed["happened_on"]), index=owed.index)
    seen = first.where(first <= owed["period"])
    met = seen.notna() & (seen <= owed["due_on"])
    closed = owed["no_further_action"].fillna(False).astype(bool)
    return as_cases(
        owed.assign(
            case_id=case_ids(owed, "happened_on"), met=met.where(~closed), happened_on=seen,
            reason=np.select([met, seen.notna() & (seen <= owed["period"])], ["seen in time", "seen late"], "not seen"),
            left_out=first_true(owed.index, (closed, CLOSED)),
        )
    )  # fmt: skip


def _first_visits_due(tables: Tables) -> pd.DataFrame:
    """The referrals, one a child and day, with the day the first visit after it is due."""
    order = ["child_id", "happened_on", "no_further_action", "nth"]  # of two on one day the one still owed a visit comes first
    referral = tables.referral.sort_values(order, kind="stable", na_position="first")
    due = contact_visit_due(referral, tables).due_on
    return referral.assign(due_on=due).drop_duplicates(["child_id", "happened_on"])
