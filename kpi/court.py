"""Court and pre-proceedings: are decisions about a child's future made without delay?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.children_in_care import WITH_PARENTS, in_care, legal_status_at, on_or_after, placed_at, up_to_date
from kpi.cohorts import open_at
from kpi.model import kpi
from kpi.period import days
from kpi.review_rules import SPOT_CHECK, spot_check_due
from kpi.shapes import as_cases, case_ids, first_true, in_month, tally
from kpi.visit_rules import CARE_ORDER, INTERIM_ORDER

PRE_PROCEEDINGS_DAYS = 112  # 16 weeks
PROCEEDINGS_DAYS = 181  # 26 weeks beginning with the day of issue: the day itself is the first of 182
BACKWARDS = "ended before it started"


@kpi(
    domain="court", title="Children in pre-proceedings", noun="children in pre-proceedings", did="in pre-proceedings", measure="count",
    basis="stock", better=None, method="At the month end", needs=("pre_proceedings",), sources="The pre-proceedings extract, or SSD",
    cannot="Annex A, the CIN census and SSDA903: none has pre-proceedings.",
)  # fmt: skip
def pre_proceedings_open(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """How many children are in pre-proceedings at the month end.

    From the decision to begin to the end. Children are counted, not families: brothers and sisters count one each. Those whose
    pre-proceedings have lasted more than 16 weeks are counted, and shown apart. Neither many nor few is better by itself. Source: B2.3;
    16 weeks: best practice guidance of the Public Law Working Group, 2021; KPI choice 1.
    """
    children = open_at(tables.pre_proceedings, periods)
    long = days(children["period"]) - days(children["started_on"]) > PRE_PROCEEDINGS_DAYS
    apart = first_true(children.index, (pd.Series(long, index=children.index), "open more than 16 weeks"))
    return tally(
        children.assign(apart=apart), reason=pd.Series(np.where(long, "open more than 16 weeks", "open up to 16 weeks"), children.index)
    )


@kpi(
    domain="court", title="Pre-proceedings ended in 16 weeks", noun="children whose pre-proceedings ended", did="out of it in 16 weeks",
    basis="in_period", better="higher", method="Pre-proceedings ended in the month", needs=("pre_proceedings",),
    sources="The pre-proceedings extract, or SSD", cannot="Annex A, the CIN census and SSDA903: none has pre-proceedings.",
)  # fmt: skip
def pre_proceedings_in_16_weeks(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children whose pre-proceedings ended in the month, those for whom it lasted 16 weeks or less.

    Counted in days from the decision to begin: the 112th day after it is in time, the 113th is not. Whatever it led to counts alike. One
    that ended before it started is left out, counted and listed. Those still open are not in this figure: read it with the number of
    children in pre-proceedings. Source: best practice guidance of the Public Law Working Group, 2021 (not statute).
    """
    ended = in_month(tables.pre_proceedings, "ended_on", periods)
    return _ended_in(ended, PRE_PROCEEDINGS_DAYS, "ended in 16 weeks", "ended after more than 16 weeks")


@kpi(
    domain="court", title="Care proceedings concluded in 26 weeks", noun="children whose proceedings concluded",
    did="given a decision in 26 weeks", basis="in_period", better="higher", method="Proceedings concluded in the month",
    needs=("proceedings",), sources="The pre-proceedings extract, with the day of issue and of the final hearing",
    cannot="Annex A, the CIN census and SSDA903: none has the day of issue.",
)  # fmt: skip
def proceedings_in_26_weeks(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children whose care or supervision proceedings concluded in the month, those concluded within 26 weeks.

    The 26 weeks begin with the day of issue, so the last day in time is 181 days after it: issued on 1 January 2019, it is 1 July 2019. An
    extension the court granted does not lengthen them. Proceedings concluded before they were issued are left out, counted and listed.
    Source: Children Act 1989, section 32(1)(a).
    """
    ended = in_month(tables.proceedings, "ended_on", periods)
    return _ended_in(ended, PROCEEDINGS_DAYS, "concluded in 26 weeks", "concluded after more than 26 weeks")


@kpi(
    domain="court", title="Children placed with parents under an order", noun="children placed with parents under an order",
    did="placed with parents", measure="count", basis="stock", better=None, method="At the month end",
    needs=("cla_episode", "placement"), sources="Placements and legal status: Annex A list 8, SSDA903 or SSD",
    cannot="The CIN census: it has no placements.",
)  # fmt: skip
def placed_with_parents(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """How many children in care are, at the month end, placed with their parents (P1) under an interim or a full care order (C1, C2).

    The legal status is the one in force that day; where none is dated, the one of the time in care. Neither many nor few is better by
    itself. Source: Care Planning Regulations 2010, regulations 15 to 20; B2.3.
    """
    children = _with_parents(tables, periods)
    order = children["order"].map({INTERIM_ORDER: "interim care order", CARE_ORDER: "full care order"})
    return tally(children.assign(happened_on=children["placed_on"]), reason="placed with parents, " + order)


@kpi(
    domain="court", title="Children placed with parents checked in 6 months", noun="children placed with parents",
    did="checked without notice in the last 6 months", basis="stock", better="higher", method="At the month end",
    needs=("cla_episode", "placement", "parent_placement_check"), duties=(SPOT_CHECK.clock,),
    sources="The extract of checks of children placed with parents, with placements from Annex A list 8, SSDA903 or SSD",
    cannot="Every national return: none has these checks.",
)  # fmt: skip
def parents_spot_checks(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children placed with their parents under an order, those with an unannounced spot check in the last 6 months.

    A check is due 6 months (or the local standard in clocks.csv) after the later of the placement's start and its last spot check; in time
    if the month end is not after that day. A review is not a spot check, and a check before the placement began does not count. A
    placement not yet checked and not yet due is in time, and shown apart. Source: local standard, from the review of children placed with
    parents reported in Buckinghamshire in November 2018; KPI choices 3 and 4.
    """
    children = _with_parents(tables, periods)
    due = spot_check_due(children.assign(started_on=children["placed_on"]), tables)
    said = {"done": "checked in time", "late": "last checked too long ago", "never": "not checked since the start"}
    return up_to_date(children, due.last_on, due.due_on, **said)


@kpi(
    domain="court", title="Placed with parents for more than 12 months", noun="children placed with parents under a full order",
    did="there for more than 12 months", basis="stock", better="lower", method="At the month end", needs=("cla_episode", "placement"),
    sources="Placements and legal status: Annex A list 8, SSDA903 or SSD", cannot="The CIN census: it has no placements.",
)  # fmt: skip
def parents_over_12_months(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children placed with their parents under a full care order (C2), those whose placement began more than 12 months ago.

    Such an order may be ready to be discharged: the measure looks for drift. The same day a year on is not yet more than 12 months. A move
    to another placement with parents starts the count again. Children under an interim order are not counted here. Source: B2.3.
    """
    children = _with_parents(tables, periods)
    children = children[children["order"] == CARE_ORDER].reset_index(drop=True)
    day_before = children["period"] - pd.Timedelta(days=1)
    long = on_or_after(12, children["placed_on"], day_before)
    return as_cases(
        children.assign(
            met=long, happened_on=children["placed_on"],
            reason=np.where(long, "there for more than 12 months", "there for up to 12 months"),
        )
    )  # fmt: skip


def _with_parents(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Children in care placed with parents under an interim or full care order, with `placed_on` and `order`."""
    children = in_care(tables, periods)
    here = placed_at(children, tables)
    children = children.assign(placed_on=here["started_on"], order=legal_status_at(children, tables))
    with_parents = (here["placement_kind"] == WITH_PARENTS) & children["order"].isin((INTERIM_ORDER, CARE_ORDER))
    return children[with_parents].reset_index(drop=True)


def _ended_in(ended: pd.DataFrame, limit: int, yes: str, no: str) -> pd.DataFrame:
    """Ended within so many calendar days of the start; an end before the start is left out, counted and listed."""
    took = pd.Series(days(ended["ended_on"]) - days(ended["started_on"]), index=ended.index)
    backwards = took < 0
    due = ended["started_on"] + pd.Timedelta(days=limit)
    return as_cases(
        ended.assign(
            case_id=case_ids(ended, "started_on", "ended_on"), met=(took <= limit).where(~backwards), due_on=due,
            happened_on=ended["ended_on"], reason=np.where(took <= limit, yes, no),
            left_out=first_true(ended.index, (backwards, BACKWARDS)),
        )
    )  # fmt: skip
