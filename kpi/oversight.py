"""Does somebody independent look, and are they answered? Checks of children placed with parents; escalations by reviewing officers.

    spot_checks(tables, day)     each child placed with parents: when last checked, what came of it, when next due
    checks_made(tables, day)     the checks of the twelve months to a day
    escalations(tables, day)     escalations raised in the twelve months to a day, or raised before and still open then

Rows name children and workers, so a page asks `Store.cases` for them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.audit_findings import MONTHS, in_somebodys_hands, in_window
from kpi.children_in_care import in_hands
from kpi.clock import due_by
from kpi.duties import due
from kpi.period import days

SPOT_CHECK = "spot_check"
RESOLUTION = "iro_resolution"
ESCALATION_STATES = ("resolved_in_time", "resolved_late", "open_in_time", "open_late", "resolved", "open", "backwards")
INFORMAL = "informal"


def spot_checks(tables: Tables, day: pd.Timestamp) -> pd.DataFrame:
    """Children placed with parents under an order on a day, the longest overdue for an unannounced check first.

    Returns what `kpi.duties.due` says of the duty (child_id, team_id, worker_id, service_id, started_on, last_on, due_on, days_late, state,
    left_out, ...) and `outcome`, that of the last check; empty where there was none or nothing is recorded of it.
    """
    owed = due(tables, day, [SPOT_CHECK])
    made = tables.parent_placement_check
    made = made[(made["check_kind"] == SPOT_CHECK) & made["child_id"].notna()].drop_duplicates(["child_id", "happened_on"], keep="last")
    said = made.set_index(["child_id", "happened_on"])["outcome"]
    outcome = said.reindex(pd.MultiIndex.from_arrays([owed["child_id"], owed["last_on"].astype("datetime64[s]")]))
    return owed.assign(outcome=pd.Series(outcome.to_numpy(), index=owed.index, dtype="str"))


def checks_made(tables: Tables, day: pd.Timestamp, *, months: int = MONTHS) -> pd.DataFrame:
    """Checks of children placed with parents in the months to a day.

    Returns child_id, happened_on, check_kind, outcome, team_id, worker_id and period: of whoever the check says held the child, else of
    whoever held the child on the day asked about.
    """
    made = tables.parent_placement_check
    made = made[in_window(made["happened_on"], day, months)].reset_index(drop=True)
    rows = in_somebodys_hands(_held(made, tables, day))
    return rows.assign(period=(rows["happened_on"] + pd.offsets.MonthEnd(0)).astype("datetime64[s]"))


def escalations(tables: Tables, day: pd.Timestamp, *, months: int = MONTHS) -> pd.DataFrame:
    """Escalations raised in the months to a day, or before them and still open on it; newest first.

    Returns escalation_id, child_id, team_id, worker_id, happened_on, stage_kind, reason, resolved_on and outcome (as known on the day),
    due_on, days (to its resolution, or to the day asked about) and state. A formal one (stage 1 or above) is due 20 working days after it
    was raised (IRO Handbook): resolved_in_time, resolved_late, open_in_time or open_late. One that is informal, or whose stage is not
    recorded, has no such day: resolved or open. Where it is resolved before it was raised one of the two days is wrong: backwards.
    """
    every = tables.iro_escalation
    raised = every[every["happened_on"] <= day]
    resolved = raised["resolved_on"].where(raised["resolved_on"] <= day)
    kept = in_window(raised["happened_on"], day, months) | resolved.isna()
    raised = raised.assign(resolved_on=resolved, outcome=raised["outcome"].where(resolved.notna()))[kept].reset_index(drop=True)
    rows = in_somebodys_hands(_held(raised, tables, day))
    formal = rows["stage_kind"].notna() & (rows["stage_kind"] != INFORMAL)
    by = pd.Series(due_by(tables.clocks, RESOLUTION, rows["happened_on"], tables.bank_holidays), rows.index).astype("datetime64[s]")
    by, done = by.where(formal), rows["resolved_on"]
    until = done.fillna(pd.Timestamp(day))
    state = np.select(
        [done < rows["happened_on"], ~formal & done.notna(), ~formal, done <= by, done.notna(), by >= day],
        ["backwards", "resolved", "open", "resolved_in_time", "resolved_late", "open_in_time"], "open_late",
    )  # fmt: skip
    took = pd.Series(days(until) - days(rows["happened_on"]), index=rows.index, dtype="float64")
    rows = rows.assign(due_on=by, days=took.where(took >= 0), state=pd.Series(state, index=rows.index, dtype="str"))
    columns = ["escalation_id", "child_id", "team_id", "worker_id", "happened_on", "stage_kind", "reason", "resolved_on", "outcome"]
    rows = rows.sort_values(["happened_on", "escalation_id"], ascending=[False, True], kind="stable")
    return rows[[*columns, "due_on", "days", "state"]].reset_index(drop=True)


def _held(events: pd.DataFrame, tables: Tables, day: pd.Timestamp) -> pd.DataFrame:
    at = pd.Series(pd.Timestamp(day), index=events.index).astype("datetime64[s]")
    return in_hands(events.assign(period=at), tables).drop(columns="period")
