"""Who works in a team, with how much, and is it in time? One row a worker, from the workforce extract and from what each of them owes.

Pure: the tables and the day are passed in. Nothing here is a ranking: workers stand in the order of their ids.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.duties import DUE_SOON, IN_TIME, OVERDUE
from kpi.owed_to import speaking_for
from kpi.shapes import UNALLOCATED
from kpi.staff import in_post_at

ROSTER_COLUMNS = ("worker_id", "team_id", "role", "fte", "agency", "caseload", "observed_on")
WORKER_COLUMNS = (
    "worker_id", "role", "fte", "agency", "caseload", "owed", "in_time", "overdue", "due_soon", "supervised_on", "supervision", "listed",
)  # fmt: skip
SUPERVISION = "supervision"


def roster(tables: Tables, day: pd.Timestamp) -> pd.DataFrame:
    """Everybody in post by the extract that speaks for a day, or for the month end before it: ROSTER_COLUMNS, a row a worker."""
    at = speaking_for(tables.worker, pd.DatetimeIndex([day]).as_unit("s"))
    return in_post_at(tables, at)[list(ROSTER_COLUMNS)].fillna({"team_id": UNALLOCATED}).reset_index(drop=True)


def by_worker(staff: pd.DataFrame, duties: pd.DataFrame) -> pd.DataFrame:
    """The workers of one team: those in post in it, and those who owe something in it though no workforce extract lists them there.

    staff: `roster`, of the team. duties: `kpi.duties.due`, of the team, in every state. owed: duties to children (visits, reviews and so
    on) that have a due day; in_time: of these, not overdue, so that due_soon ones are in it. supervised_on: the last supervision held;
    supervision: the state of the next one, empty where no supervision is owed. listed: whether the workforce extract lists them in this
    team; where it does not, role, fte, agency and caseload are empty. Returns WORKER_COLUMNS: those listed by id, then the others by id,
    and last the work nobody holds.
    """
    to_children = duties[(duties["cohort"] == "child") & duties["state"].isin([OVERDUE, DUE_SOON, IN_TIME])]
    counts = to_children.groupby(["worker_id", "state"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=[OVERDUE, DUE_SOON, IN_TIME], fill_value=0)
    session = duties[duties["duty"] == SUPERVISION].drop_duplicates("worker_id").set_index("worker_id")
    known = staff.drop_duplicates("worker_id").set_index("worker_id")
    everybody = _in_order({*known.index, *counts.index, *session.index}, set(known.index))
    counts, facts, session = counts.reindex(everybody, fill_value=0), known.reindex(everybody), session.reindex(everybody)
    owed = counts.sum(axis=1)
    return pd.DataFrame(
        {
            "worker_id": everybody.astype("str"), "role": facts["role"].to_numpy(), "fte": facts["fte"].to_numpy(dtype="float64"),
            "agency": facts["agency"].to_numpy(), "caseload": facts["caseload"].to_numpy(dtype="float64", na_value=np.nan),
            "owed": owed.to_numpy(), "in_time": (owed - counts[OVERDUE]).to_numpy(), "overdue": counts[OVERDUE].to_numpy(),
            "due_soon": counts[DUE_SOON].to_numpy(), "supervised_on": session["last_on"].to_numpy().astype("datetime64[s]"),
            "supervision": session["state"].fillna("").to_numpy(), "listed": everybody.isin(known.index),
        }
    )  # fmt: skip


def _in_order(everybody: set[str], listed: set[str]) -> pd.Index:
    return pd.Index(sorted(everybody, key=lambda who: (who == UNALLOCATED, who not in listed, who)), dtype="object")
