"""Children in care: are they visited and settled?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.clock import due_by
from kpi.cohorts import held_by, last_seen, latest, open_at
from kpi.model import kpi
from kpi.period import add_months
from kpi.shapes import seen_in_time

SHORT_BREAKS = ("V3", "V4")
MEANT_TO_LAST_TO_18 = ("U1", "U4")  # long-term fostering: meant to last until the child is no longer looked after


@kpi(
    domain="looked_after", title="Children in care seen in time", noun="children in care", did="seen in time", basis="stock",
    better="higher", method="Stock method, at the month end", needs=("cla_episode", "placement", "visit:cla"),
    duties=("cla_first_visit", "cla_visit", "cla_visit_settled"),
    sources="Annex A list 8 (episode, placement, last visit) and the visits extract",
)  # fmt: skip
def cla_visits_in_time(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children looked after at the month end, those whose next statutory visit was not overdue.

    A visit is due within 7 days of the start of any placement; then every 42 days in its first year; then every 3 months if the placement
    is meant to last to 18 (long-term fostering, U1 or U4), otherwise every 42 days. Visits before the placement began do not count for it.
    Short breaks (legal status V3, V4) are not counted. A child not yet seen and not yet due is in time, and shown apart.
    Source: Care Planning Regulations 2010, regulation 28(2); KPI choices 1, 4 and 5.
    """
    in_care = tables.cla_episode[~tables.cla_episode["legal_status_kind"].isin(SHORT_BREAKS)]
    children = held_by(open_at(in_care, periods), tables, "cla")
    placed_on, lasting = _placement(children, tables.placement)
    seen = last_seen(children, tables, "cla", placed_on)
    year_on = add_months(placed_on.to_numpy().astype("datetime64[D]"), 12).astype("datetime64[s]")
    settled = (seen.to_numpy().astype("datetime64[s]") >= year_on) & lasting
    clock = {duty: due_by(tables.clocks, duty, seen, tables.bank_holidays) for duty in ("cla_visit", "cla_visit_settled")}
    first = due_by(tables.clocks, "cla_first_visit", placed_on, tables.bank_holidays)
    due = np.where(seen.isna(), first, np.where(settled, clock["cla_visit_settled"], clock["cla_visit"]))
    return seen_in_time(children, seen, due)


def _placement(children: pd.DataFrame, placements: pd.DataFrame) -> tuple[pd.Series, np.ndarray]:
    """The day each child's placement began (the episode's start if later, or if none is known), and whether it is meant to last to 18."""
    at = latest(placements["child_id"], placements["started_on"], children["child_id"], children["period"])
    began = children["started_on"].to_numpy().astype("datetime64[s]")
    lasting = np.zeros(len(children), dtype=bool)
    if len(placements):
        started = placements["started_on"].to_numpy().astype("datetime64[s]")[np.maximum(at, 0)]
        found = (at >= 0) & (started >= began)  # one that began before this time in care belongs to an earlier one
        lasting = found & placements["placement_kind"].isin(MEANT_TO_LAST_TO_18).to_numpy()[np.maximum(at, 0)]
        began = np.where(found, started, began)
    return pd.Series(began, index=children.index), lasting
