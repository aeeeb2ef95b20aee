"""When is the next visit to a child due? Child protection, children in need, children in care by regulation 28, and after a referral.

Each function takes cases (child_id, started_on, period and so on, one row a case and period) and the tables, and gives a `Due`. A visit
counts when the child was seen; visits after the period, and visits before what they are owed for began, do not count.
Source: KPI choices 2, 4 and 5; the Care Planning, Placement and Case Review (England) Regulations 2010, regulation 28.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Tables
from kpi.children_in_care import WITH_PARENTS, legal_status_at, rows_at
from kpi.clock import due_by
from kpi.cohorts import Timeline, in_order
from kpi.due_rules import Due, Rule, When, dates, everyone, first_that_holds
from kpi.period import add_months
from kpi.seen import last_seen

MEANT_TO_LAST_TO_18 = ("U1", "U4")  # long-term fostering
INTERIM_ORDER, CARE_ORDER = "C1", "C2"
LastSeen = Callable[[pd.DataFrame, Tables, str, pd.Series], pd.Series]
LAST_VISIT = "the last visit at which the child was seen"

CP_START = Rule("cp_visit", "the child protection plan began")
CP_SEEN = Rule("cp_visit", LAST_VISIT)
CIN_START = Rule("cin_visit", "the child in need plan began")
CIN_SEEN = Rule("cin_visit", LAST_VISIT)
CONTACT_URGENT = Rule("contact_visit_section47", "the referral, as a section 47 enquiry began with it")
CONTACT = Rule("contact_visit", "the referral")
INTERIM_START = Rule("cla_weekly_visit", "the child came to live with a parent under an interim care order", "regulation 28(4)(a)")
INTERIM_WEEKLY = Rule("cla_weekly_visit", f"{LAST_VISIT}, with no review held yet", "regulation 28(4)(a)")
INTERIM_REVIEWED = Rule("cla_interim_visit", f"{LAST_VISIT}, the first review having been held", "regulation 28(4)(b)")
ORDER_START = Rule("cla_order_visit", "the care order, or the day the child came to live with a parent under it", "regulation 28(5)(a)")
ORDER_SEEN = Rule("cla_home_visit", LAST_VISIT, "regulation 28(5)(b)")
PLACED = Rule("cla_first_visit", "the placement began", "regulation 28(2)(a)")
SETTLED = Rule("cla_visit_settled", f"{LAST_VISIT}, after a year in a placement meant to last to 18", "regulation 28(2)(c)(i)")
PLACED_SEEN = Rule("cla_visit", LAST_VISIT, "regulation 28(2)(b) and (c)(ii)")

CP_RULES = (CP_SEEN, CP_START)
CIN_RULES = (CIN_SEEN, CIN_START)
CONTACT_RULES = (CONTACT_URGENT, CONTACT)
CLA_RULES = (
    INTERIM_START, INTERIM_REVIEWED, INTERIM_WEEKLY, ORDER_START, ORDER_SEEN, PLACED, SETTLED, PLACED_SEEN,
)  # fmt: skip


def cp_visit_due(plans: pd.DataFrame, tables: Tables) -> Due:
    """The next visit to a child with a protection plan: counted from the last time they were seen, or else from the plan's start."""
    seen = last_seen(plans, tables, "cp", plans["started_on"])
    return first_that_holds(
        tables, When(CP_SEEN, seen.notna(), seen), When(CP_START, everyone(plans), plans["started_on"]), last_on=seen
    )  # fmt: skip


def cin_visit_due(plans: pd.DataFrame, tables: Tables) -> Due:
    """The next visit to a child in need: counted from the last time they were seen, or else from the start."""
    seen = last_seen(plans, tables, "cin", plans["started_on"])
    return first_that_holds(
        tables, When(CIN_SEEN, seen.notna(), seen), When(CIN_START, everyone(plans), plans["started_on"]), last_on=seen
    )  # fmt: skip


def contact_visit_due(referrals: pd.DataFrame, tables: Tables) -> Due:
    """The first visit after a referral: sooner where a section 47 enquiry began on its day or within the shorter limit. `last_on` is empty.

    referrals: child_id, happened_on.
    """
    on = referrals["happened_on"]
    urgent = due_by(tables.clocks, CONTACT_URGENT.clock, on, tables.bank_holidays)
    began = in_order(tables, "section47", "happened_on").last_day(referrals["child_id"], dates(urgent, referrals))
    never = pd.Series(index=referrals.index, dtype="datetime64[s]")
    return first_that_holds(
        tables, When(CONTACT_URGENT, began >= on.to_numpy(), on), When(CONTACT, everyone(referrals), on), last_on=never
    )  # fmt: skip


def cla_visit_due(children: pd.DataFrame, tables: Tables, last: LastSeen = last_seen) -> Due:
    """The next visit to a child in care, by the case of regulation 28 that the data can tell.

    28(4): living with a parent (placement P1) under an interim care order (C1): weekly until the first review held since, then every 28
    days; a weekly visit already due when the review was held stays due. 28(5): living with a parent under a care order (C2): within 7 days
    of the later of order and placement, then every 42 days. 28(2), all others: within 7 days of the start of any placement, then every 42
    days, and after a year in a placement meant to last to 18 (U1, U4) every 3 months. The national codes do not tell a parent not yet
    assessed (28(3), regulation 19), a connected person with temporary approval (28(4), regulation 24) or arrangements another person is
    responsible for (28(6)): these are counted as 28(5) or 28(2). children: child_id, started_on, legal_status_kind, period.
    last: which visits count: all at which the child was seen, or those of kpi.seen that it is given.
    """
    placed_on, kind = placement_at(children, tables)
    status, ordered_on = order_at(children, tables)
    home = kind == WITH_PARENTS
    interim, ordered = home & (status == INTERIM_ORDER).to_numpy(), home & (status == CARE_ORDER).to_numpy()
    since = placed_on.where(~((interim | ordered) & (ordered_on > placed_on)), ordered_on)
    seen = last(children, tables, "cla", since)
    never = seen.isna().to_numpy()
    year_on = add_months(placed_on.to_numpy().astype("datetime64[D]"), 12).astype("datetime64[s]")
    settled = np.isin(kind, MEANT_TO_LAST_TO_18) & (seen.to_numpy().astype("datetime64[s]") >= year_on)
    return first_that_holds(
        tables,
        When(INTERIM_START, interim & never, since),
        When(INTERIM_REVIEWED, interim & _reviewed(children, tables, since, seen), seen),
        When(INTERIM_WEEKLY, interim, seen),
        When(ORDER_START, ordered & never, since),
        When(ORDER_SEEN, ordered, seen),
        When(PLACED, never, since),
        When(SETTLED, settled, seen),
        When(PLACED_SEEN, everyone(children), seen),
        last_on=seen,
    )


def placement_at(children: pd.DataFrame, tables: Tables) -> tuple[pd.Series, npt.NDArray[np.object_]]:
    """The day each child's placement began, and its code: the last one begun by the period.

    Where none is known, or it began before this time in care, the episode's start and no code.
    """
    placements = tables.placement
    began = children["started_on"].to_numpy().astype("datetime64[s]")
    kind = np.full(len(children), "", dtype=object)
    if len(placements):
        at = in_order(tables, "placement", "started_on").last(children["child_id"], children["period"])
        started = placements["started_on"].to_numpy().astype("datetime64[s]")[np.maximum(at, 0)]
        found = (at >= 0) & (started >= began)
        kind = np.where(found, placements["placement_kind"].fillna("").to_numpy(dtype=object)[np.maximum(at, 0)], "")
        began = np.where(found, started, began)
    return pd.Series(began, index=children.index), kind


def order_at(children: pd.DataFrame, tables: Tables) -> tuple[pd.Series, pd.Series]:
    """Each child's legal status at the period, and since when: dated where a dated one of this time in care is in force, else undated."""
    kind = legal_status_at(children, tables)
    held = tables.legal_status
    at = in_order(tables, "legal_status", "started_on").last(children["child_id"], children["period"])
    row = rows_at(held, at).set_index(children.index)
    in_force = (row["started_on"] >= children["started_on"]) & ~(row["ended_on"] <= children["period"]) & row["legal_status_kind"].notna()
    return kind, row["started_on"].where(in_force)


def _reviewed(children: pd.DataFrame, tables: Tables, since: pd.Series, seen: pd.Series) -> npt.NDArray[np.bool_]:
    """Whether a review was held from the start of the arrangement on, before the next weekly visit fell due and by the period."""
    weekly = due_by(tables.clocks, INTERIM_WEEKLY.clock, seen, tables.bank_holidays)
    held = tables.once("reviews held in order", lambda: _reviews_held(tables.cla_review))
    by = np.fmin(weekly.astype("datetime64[s]"), children["period"].to_numpy().astype("datetime64[s]"))
    reviewed = held.last_day(children["child_id"], dates(by, children))
    return np.asarray(seen.notna().to_numpy() & (reviewed >= since.to_numpy().astype("datetime64[s]")))


def _reviews_held(reviews: pd.DataFrame) -> Timeline:
    return Timeline.of(reviews[~reviews["cancelled"].fillna(False).astype(bool)], "happened_on")
