"""Children in care: are they visited, and by workers who stay?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.children_in_care import EPISODE, WITH_PARENTS, in_care, in_the_year, rows_at, time_in_care_on, times_in_care
from kpi.clock import Dates
from kpi.cohorts import held_by, in_order
from kpi.due_events import due_in_month, made_by_due, visits_due
from kpi.model import kpi
from kpi.period import add_months
from kpi.seen import last_logged, logged_days, never_seen, visits_in_order
from kpi.shapes import as_cases, first_true, seen_in_time, tally
from kpi.visit_rules import CARE_ORDER, CLA_RULES, INTERIM_ORDER, LastSeen, cla_visit_due

VISIT_CLOCKS = tuple(dict.fromkeys(rule.clock for rule in CLA_RULES))
MANY_WORKERS = 3
FAR_OFF = pd.Timestamp("2999-12-31")  # stands for "not ended" where ends are compared
OTHER_ROLES = r"duty|admin|manager|assistant|business|reviewing|\biro\b|adviser|family support|student"


@kpi(
    domain="looked_after", title="Children in care", noun="children in care", did="in care", measure="rate", basis="stock", better=None,
    method="At the month end, of all aged 0 to 17", needs=("cla_episode", "population"),
    sources="Annex A list 8, SSDA903 or SSD; the population aged 0 to 17",
    cannot="The children alone: a rate needs the population.",
)  # fmt: skip
def cla_open(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Children looked after at the month end for every 10,000 people aged 0 to 17 in the area.

    Started on or before the day and not ended on or before it. Short breaks (legal status V3, V4) are not counted. Neither high nor low is
    better by itself. Source: DfE, children looked after; KPI choice 1.
    """
    return tally(in_care(tables, periods), reason="looked after")


@kpi(
    domain="looked_after", title="Children in care seen in time", noun="children in care", did="seen in time", basis="stock",
    better="higher", method="Stock method, at the month end", needs=("cla_episode", "placement", "visit:cla"),
    duties=VISIT_CLOCKS,
    sources="Annex A list 8 (episode, placement, last visit) and the visits extract",
    cannot="The CIN census and SSDA903: neither has visits.",
)  # fmt: skip
def cla_visits_in_time(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children looked after at the month end, those whose next statutory visit was not overdue.

    A visit is due within 7 days of the start of any placement; then every 42 days in its first year; then every 3 months if the placement
    is meant to last to 18 (long-term fostering, U1 or U4), otherwise every 42 days. A child living with a parent (P1) under an interim care
    order is due one every 7 days until the first review, then every 28; under a full care order within 7 days of the order, then every 42.
    Parents not yet assessed and relatives approved for a time only cannot be told from the national codes: they have the intervals of
    others. Visits before the placement, or that order, began do not count for it. Short breaks (legal status V3, V4) are not counted. A
    child not yet seen and not yet due is in time, and shown apart.
    Source: Care Planning Regulations 2010, regulation 28(2), (4) and (5); KPI choices 1, 4 and 5.
    """
    children = in_care(tables, periods)
    due = cla_visit_due(children, tables)
    return seen_in_time(children, due.last_on, due.due_on)


@kpi(
    domain="looked_after", title="Visits to children in care made by the day they were due", noun="visits that fell due",
    did="made by the due date", basis="in_period", better="higher", method="Due-event method: visits falling due in the month",
    needs=("cla_episode", "placement", "visit:cla"), duties=VISIT_CLOCKS,
    sources="The visits extract (a log of every visit), with episodes and placements from Annex A list 8, SSDA903 or SSD",
    cannot="Annex A alone: it prints only the last visit.",
)  # fmt: skip
def cla_visits_due_made(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of statutory visits to children in care that fell due in the month, those made on or before the day they were due.

    Due by the intervals of "children in care seen in time", from the start of each placement (or of a care order while with a parent) and
    from each visit at which the child was seen, as things stood on that day. A visit falls away when the child moves, a new order is made
    while with a parent, or care ends, on or before the day it is due; what begins then has its own. A visit missed counts once, in the
    month it was due. Only the visits log counts, never a last-visit date: a visit due in a month the log holds nothing of is left out,
    counted and shown. It answers another question than the stock measure and is never drawn in one line with it.
    Source: Care Planning Regulations 2010, regulation 28(2), (4) and (5); KPI choices 4 and 5.
    """
    owed = tables.once("cla visits due", lambda: _every_visit_due(tables))
    return made_by_due(held_by(due_in_month(owed, periods), tables, "cla"), logged_days(tables, "cla"))


def _every_visit_due(tables: Tables) -> pd.DataFrame:
    """Every visit that fell due to a child in care, made or not, whatever the month."""
    care = _spells_owed_visits(tables).rename(columns={"started_on": "care_on"})
    spells = care.assign(started_on=care["from_on"], ended_on=care["to_on"]).drop(columns="from_on")
    seen = visits_in_order(tables, "cla", "log seen")

    def due(rows: pd.DataFrame, last: LastSeen = last_logged) -> Dates:
        """By the rule of kpi.visit_rules, as it stood on the day the clock was set (`from_on`)."""
        return cla_visit_due(rows.assign(started_on=rows["care_on"], period=rows["from_on"]), tables, last).due_on

    first = spells.assign(from_on=spells["started_on"], made_on=spells["started_on"])
    first = first.assign(due_on=due(first, never_seen).astype("datetime64[s]"))
    seen_that_day = seen.last_day(first["child_id"], first["from_on"]) == first["from_on"].to_numpy()
    first = first[seen_that_day & ~(first["due_on"] >= first["ended_on"])]
    every: pd.DataFrame = pd.concat([visits_due(spells, seen, due), first], ignore_index=True)
    return every.sort_values("due_on", kind="stable", ignore_index=True)


@kpi(
    domain="looked_after", title="Three or more social workers in 12 months", noun="children in care",
    did="with three or more social workers", basis="stock", better="lower", method="The 12 months to the month end",
    needs=("cla_episode", "involvement"), history_months=11, span="rolling",
    sources="Involvements: SSDA903 social worker episodes, SSD involvements",
    cannot="Annex A: it names the worker of one day, and changes between two extracts would be lost.",
)  # fmt: skip
def three_social_workers(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children in care at the month end, those who had three or more different social workers in the 12 months to it.

    Different workers: one who comes back counts once. Workers from before the child came into care count; a worker who ended on the first
    of those days does not. Duty, administrative and managing roles, reviewing officers and advisers are not social workers here; a blank
    role is taken for one. Extracts that name the worker of one day are not used. A child with no worker recorded in the 12 months is left
    out, counted and listed. Source: DfE, children looked after; KPI choice 3.
    """
    children = in_care(tables, periods)
    count = pd.Series(in_the_year(_workers(tables), children), index=children.index)
    return as_cases(
        children.assign(
            met=(count >= MANY_WORKERS).where(count > 0),
            reason=count.astype("str") + np.where(count == 1, " social worker", " social workers") + " in 12 months",
            left_out=first_true(children.index, (count <= 0, "no social worker recorded")),
        )
    )  # fmt: skip


def _spells_owed_visits(tables: Tables) -> pd.DataFrame:
    """Every stretch of a time in care with visits of its own: the columns of the time in care, and its start and end, from_on and to_on.

    A stretch begins with the time in care, with each placement, and with a care order while the child lives with a parent.
    """
    times = times_in_care(tables)
    orders = tables.legal_status[tables.legal_status["legal_status_kind"].isin((INTERIM_ORDER, CARE_ORDER))]
    starts = pd.concat([times, tables.placement, orders], ignore_index=True)[["child_id", "started_on"]].dropna().drop_duplicates()
    starts = starts.assign(**{EPISODE: time_in_care_on(tables, starts["child_id"], starts["started_on"])})
    starts = starts[starts[EPISODE] >= 0].reset_index(drop=True)
    placement = tables.placement
    living = rows_at(placement, in_order(tables, "placement", "started_on").last(starts["child_id"], starts["started_on"]))
    of = rows_at(times, starts[EPISODE].to_numpy())
    moved = (living["started_on"] == starts["started_on"]) | (of["started_on"] == starts["started_on"])
    with_parent = (living["placement_kind"] == WITH_PARENTS) & (living["started_on"] >= of["started_on"])
    kept = moved | with_parent
    out = of[kept].assign(from_on=starts["started_on"]).sort_values([EPISODE, "from_on"], ignore_index=True)
    following = out["from_on"].shift(-1).where(out[EPISODE].eq(out[EPISODE].shift(-1)))
    return out.assign(to_on=following.fillna(out["ended_on"]))


def _workers(tables: Tables) -> pd.DataFrame:
    """Each worker's time with a child: child_id, started_on, ended_on. Times of one worker less than a year apart are one.

    Joined, a worker who comes back within the year is counted once in any 12 months, and no 12 months hold two times a year apart.
    """
    rows = tables.involvement
    rows = rows[~rows["role"].fillna("").str.lower().str.contains(OTHER_ROLES) & ~(rows["ended_on"] <= rows["started_on"])]
    rows = rows.sort_values(["child_id", "worker_id", "started_on"], kind="stable", ignore_index=True)
    pair = (rows["child_id"].ne(rows["child_id"].shift()) | rows["worker_id"].ne(rows["worker_id"].shift())).cumsum()
    latest_end = rows["ended_on"].fillna(FAR_OFF).groupby(pair).cummax()
    first_day = add_months(rows["started_on"].to_numpy().astype("datetime64[D]"), -12) + np.timedelta64(1, "D")
    apart = latest_end.groupby(pair).shift().to_numpy().astype("datetime64[D]") <= first_day
    spell = (pair.ne(pair.shift()) | apart).cumsum()
    out = rows.groupby(spell).agg(child_id=("child_id", "first"), started_on=("started_on", "min"))
    ended = latest_end.groupby(spell).max()
    return out.assign(ended_on=ended.where(ended < FAR_OFF)).reset_index(drop=True)
