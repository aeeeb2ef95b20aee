"""The improvement plan: are its actions kept up to date, and done when they were to be?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.cohorts import observed_at
from kpi.model import kpi
from kpi.shapes import as_cases, first_true
from kpi.work_rules import plan_update_due

CLOSED = ("complete", "closed")
NOT_DUE = "no update yet, not yet due"


@kpi(
    domain="quality", title="Improvement plan actions updated", noun="actions open", did="updated in the last six weeks", basis="stock",
    better="higher", method="Actions open at the month end", needs=("action",), duties=("plan_update",),
    sources="The improvement plan extract", cannot="A plan kept as a document: its actions are not rows",
)  # fmt: skip
def plan_actions_updated(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of actions of the improvement plan open at the month end, those updated in the last 42 days.

    Open is neither complete nor closed. An update is due 42 days (clocks.csv) after the last one, or after the action was first listed if
    there was none; in time if the month end is not after the due date. An action not yet updated and not yet due is in time, and shown
    apart. Source: Buckinghamshire Cabinet, July 2022: action leads update every six weeks; B2.7.
    """
    actions = open_actions(tables, periods)
    found = plan_update_due(actions, tables)
    due_on = pd.Series(found.due_on.astype("datetime64[s]"), index=actions.index)
    met, never = due_on >= actions["period"], found.last_on.isna()
    said = np.select([met & never, met, never], [NOT_DUE, "updated in time", "never updated"], "last updated too long ago")
    return as_cases(
        actions.assign(
            case_id=actions["action_id"], met=met, due_on=due_on, happened_on=found.last_on, reason=said,
            apart=first_true(actions.index, (met & never, NOT_DUE)),
        )
    )  # fmt: skip


@kpi(
    domain="quality", title="Improvement plan actions overdue", noun="actions open with a due day", did="overdue", basis="stock",
    better="lower", method="Actions open at the month end", needs=("action",), sources="The improvement plan extract",
    cannot="A plan kept as a document: its actions are not rows",
)  # fmt: skip
def plan_actions_overdue(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of actions of the improvement plan open at the month end, those whose due day has passed.

    Open is neither complete nor closed. An action due on the month end is not overdue; one due the day before is. An action with no due day
    is left out, counted and shown. Source: B2.7, a local measure.
    """
    actions = open_actions(tables, periods)
    dated = actions["due_on"].notna()
    late = actions["due_on"] < actions["period"]
    return as_cases(
        actions.assign(
            case_id=actions["action_id"], met=late.where(dated), reason=np.where(late, "past its due day", "not yet past its due day"),
            left_out=first_true(actions.index, (~dated, "no due day recorded")),
        )
    )  # fmt: skip


def open_actions(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """The actions of the plan extract that speaks for each period end that were neither complete nor closed."""
    actions = observed_at(tables.action, periods)
    return actions[~actions["status_kind"].isin(CLOSED)].reset_index(drop=True)
