"""One team or worker over a year: cases held, supervision, the days between visits, and how like units compare. Never a ranking.

    caseloads(tables, periods)          who held how many cases at each month end; listed_last: the newest word on each worker
    supervision_gaps(tables, day)       each worker: days between sessions, the longest, and since the last
    visits_apart(tables, day)           days between visits to the same child, visit by visit
    beside(figures)                     what like units' figures of one month come to: the middle one, the range, and all of them together

Rows name children and workers, so a page asks `Store.cases` for them; `in_bands` and `beside` take rows already found.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.audit_findings import MONTHS, in_somebodys_hands, in_window, some
from kpi.children_in_care import rows_at, times_in_care
from kpi.cohorts import Timeline, held_by
from kpi.duties import due
from kpi.model import NEVER_FEW, REGISTER
from kpi.period import days
from kpi.seen import seen_visits
from kpi.shapes import first_true
from kpi.staff import held_sessions, in_post_at
from kpi.targets import FEW

COHORTS = ("cp", "cin", "cla")
BANDS = (7, 14, 21, 28, 42, 63)  # days; the last band is all that is longer
BAND_WORDS = ("1 to 7", "8 to 14", "15 to 21", "22 to 28", "29 to 42", "43 to 63", "Over 63")
FIRST_VISIT = "first visit known since the plan or the time in care began"
NO_PLAN = "no plan or time in care known on the day of the visit"
_ADDS_UP = ("percent", "mean", "days")  # of these the figures of several units make one: numerators over denominators
_OWN_WEIGHT = ("mean",)  # a denominator of hours or posts, not of cases


def caseloads(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Workers in post at each month end an extract speaks for: period, worker_id, team_id, role, fte, caseload, case_holding, agency."""
    workers = in_somebodys_hands(in_post_at(tables, periods))
    return workers[["period", "worker_id", "team_id", "role", "fte", "caseload", "case_holding", "agency"]]


def listed_last(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Each worker as last listed in these months, the same columns: who may look at a worker follows from the team they are in now."""
    every = caseloads(tables, periods).sort_values(["period", "worker_id"], kind="stable")
    return every.drop_duplicates("worker_id", keep="last", ignore_index=True)


def supervision_gaps(tables: Tables, day: pd.Timestamp, *, months: int = MONTHS) -> pd.DataFrame:
    """Case-holding social workers in post on a day: how far apart their supervision sessions were in the months to it.

    Sessions of any kind count, those of one day once, cancelled ones not, and none from before the worker began here. A gap belongs to the
    session that ends it, so the first session of the window is measured from the last one before it.

    Returns worker_id, team_id, service_id, sessions, middle_gap, longest_gap, longest_from, longest_to, last_on, days_since, due_on, state
    and left_out (as `kpi.duties.due` has them: overdue, due_soon, in_time, or left_out with the reason).
    """
    owed = due(tables, day, ["supervision"]).drop_duplicates("worker_id", ignore_index=True)
    held = held_sessions(tables)[["worker_id", "happened_on"]].drop_duplicates()
    began = owed.set_index("worker_id")["started_on"].to_dict()
    ours = held[(held["happened_on"] <= day) & held["worker_id"].isin(owed["worker_id"])]
    earlier = ours["happened_on"] < ours["worker_id"].map(began).astype("datetime64[s]")
    ours = ours[~earlier].sort_values(["worker_id", "happened_on"], ignore_index=True)
    before = ours.groupby("worker_id")["happened_on"].shift()
    steps = ours.assign(before=before, gap=(ours["happened_on"] - before).dt.days.astype("float64"))
    steps = steps[in_window(steps["happened_on"], day, months)]
    longest = steps.sort_values("gap", ascending=False, kind="stable").drop_duplicates("worker_id").set_index("worker_id")
    grouped = steps.groupby("worker_id")
    facts = pd.DataFrame({"sessions": grouped.size(), "middle_gap": grouped["gap"].median()}).join(
        longest.loc[longest["gap"].notna(), ["gap", "before", "happened_on"]].set_axis(
            ["longest_gap", "longest_from", "longest_to"], axis=1
        )
    )  # fmt: skip
    found = facts.reindex(owed["worker_id"]).set_axis(owed.index)
    since = pd.Series(days(pd.Series(day, index=owed.index)) - days(owed["last_on"]), index=owed.index, dtype="float64")
    out = owed[["worker_id", "team_id", "service_id", "last_on", "due_on", "state", "left_out"]].assign(
        sessions=found["sessions"].fillna(0).astype("int64"), middle_gap=found["middle_gap"], longest_gap=found["longest_gap"],
        longest_from=found["longest_from"], longest_to=found["longest_to"], days_since=since.where(owed["last_on"].notna()),
    )  # fmt: skip
    return out.sort_values("worker_id", ignore_index=True)


def visits_apart(tables: Tables, day: pd.Timestamp, *, months: int = MONTHS) -> pd.DataFrame:
    """Visits of the months to a day at which a child was seen, with the days since the visit before, for every cohort with a visits log.

    Two on one day are one. Only a log of every visit can tell this: printed last-visit dates leave visits out, so they are not used. The
    visit before counts when it was made in the same plan or time in care.

    Returns cohort, child_id, team_id and worker_id (as the visit says, else of whoever held the child then), happened_on, days (empty
    where there is no visit before) and left_out (why not; empty where there is).
    """
    parts = [_apart(tables, cohort, day) for cohort in COHORTS]
    rows = pd.concat(parts, ignore_index=True)
    return in_somebodys_hands(rows[in_window(rows["happened_on"], day, months)].reset_index(drop=True))


def in_bands(visits: pd.DataFrame) -> pd.DataFrame:
    """Visits by how many days after the one before they were made: cohort, band (in BAND_WORDS), visits, share (of the cohort's, per cent).

    A row for every band of every cohort that has a visit to measure, in order.
    """
    known = visits[visits["days"].notna()]
    band = np.searchsorted(np.array(BANDS), known["days"].to_numpy(dtype="float64"), side="left")
    counts = pd.DataFrame({"cohort": known["cohort"], "at": band}).value_counts().unstack(fill_value=0)
    counts = counts.reindex(index=[c for c in COHORTS if c in counts.index], columns=range(len(BAND_WORDS)), fill_value=0)
    share = 100 * counts.div(counts.sum(axis=1), axis=0)
    return pd.DataFrame(
        {
            "cohort": np.repeat(counts.index.to_numpy(dtype=object), len(BAND_WORDS)), "band": list(BAND_WORDS) * len(counts),
            "visits": counts.to_numpy(dtype="int64").ravel(), "share": share.to_numpy(dtype="float64").ravel(),
        }
    )  # fmt: skip


def beside(figures: pd.DataFrame) -> pd.DataFrame:
    """What like units' figures of one month come to, a row a KPI: the middle and the range of units, and all of them together.

    figures: judged figures (kpi, unit_id, value, numerator, denominator) of the like units, the one they are held against not among them.
    A unit with fewer than ten cases is in none of middle, low and high, for its percentage swings too far; counts and means per post or
    full-time worker are taken whatever their size. Units with no cases have no part at all.

    Returns kpi, units (with cases), ranged (of them, in the range), middle, low, high (empty where none is), numerator and denominator (of
    all with cases; empty where figures of several units do not make one) and value (of these).
    """
    used = figures[figures["value"].notna() & (figures["denominator"] > 0)]
    measure = used["kpi"].map(lambda key: REGISTER[key].measure)
    enough = (used["denominator"] >= FEW) | measure.isin([*NEVER_FEW, *_OWN_WEIGHT])
    adds, scale = measure.isin(_ADDS_UP), used["kpi"].map(lambda key: REGISTER[key].scale).astype("float64")
    rows = pd.DataFrame(
        {
            "kpi": used["kpi"], "ranged": enough.astype("int64"), "shown": used["value"].where(enough),
            "numerator": used["numerator"].astype("float64").where(adds), "denominator": used["denominator"].astype("float64").where(adds),
            "scale": scale,
        }
    ).groupby("kpi")  # fmt: skip
    total = partial(rows.sum, min_count=1)
    out = pd.DataFrame(
        {
            "units": rows.size(), "ranged": rows["ranged"].sum(), "middle": rows["shown"].median(), "low": rows["shown"].min(),
            "high": rows["shown"].max(), "numerator": total()["numerator"], "denominator": total()["denominator"],
            "scale": rows["scale"].first(),
        }
    )  # fmt: skip
    return out.assign(value=out["scale"] * out["numerator"] / out["denominator"]).drop(columns="scale").reset_index()


def _apart(tables: Tables, cohort: str, day: pd.Timestamp) -> pd.DataFrame:
    """Every logged visit of one cohort to a day at which the child was seen, with the days since the one before it."""
    seen = seen_visits(tables, cohort)
    seen = seen[(seen["origin_kind"] == "log") & (seen["happened_on"] <= day) & seen["child_id"].notna()]
    seen = seen.sort_values(["child_id", "happened_on"], kind="stable").drop_duplicates(["child_id", "happened_on"], ignore_index=True)
    began = _began(tables, cohort)
    spell = rows_at(began, Timeline.of(began, "started_on").last(seen["child_id"], seen["happened_on"]))
    open_then = spell["started_on"].notna() & ~(spell["ended_on"] < seen["happened_on"])
    before = seen.groupby("child_id")["happened_on"].shift()
    same = before >= spell["started_on"]
    left_out = first_true(seen.index, (~open_then, NO_PLAN), (~same, FIRST_VISIT))
    gap = pd.Series(days(seen["happened_on"]) - days(before), index=seen.index, dtype="float64").where(left_out.isna())
    then = seen[["child_id", "happened_on"]].assign(period=seen["happened_on"], team_id=spell["team_id"], worker_id=spell["worker_id"])
    held = held_by(then, tables, cohort)
    whose = {name: seen[name].where(some(seen[name]), held[name]) for name in ("team_id", "worker_id")}
    return seen[["child_id", "happened_on"]].assign(**whose, cohort=cohort, days=gap, left_out=left_out)


def _began(tables: Tables, cohort: str) -> pd.DataFrame:
    """The plans, or times in care, a visit of a cohort may be owed to: child_id, started_on, ended_on, team_id, worker_id.

    Of a child in need, by the newest word on each case.
    """
    columns = ["child_id", "started_on", "ended_on", "team_id", "worker_id"]
    if cohort == "cp":
        return tables.cp_plan[columns]
    if cohort == "cla":
        return times_in_care(tables)[columns]
    newest = tables.case_status.sort_values("observed_on", kind="stable").drop_duplicates(["child_id", "started_on"], keep="last")
    return pd.concat([newest[columns], tables.cin_plan[columns]], ignore_index=True)
