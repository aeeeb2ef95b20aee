"""Which rows are of the unit shown? A worker's, a team's, a service's by the teams it has at the period end, or everybody's."""

from __future__ import annotations

import pandas as pd

from layouts.view import View


def of_unit(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the worker, team or service in the address. rows: team_id, and worker_id where a worker is asked for."""
    if worker := view.query.get("worker", ""):
        return rows[rows["worker_id"] == worker]
    level, unit = view.unit
    if level == "team":
        return rows[rows["team_id"] == unit]
    if level == "service":
        return rows[rows["team_id"].isin(view.teams.loc[view.teams["service_id"] == unit, "team_id"])]
    return rows
