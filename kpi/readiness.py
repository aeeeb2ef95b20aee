"""If inspectors came tomorrow, what would stand, what would not, and what is not known? Each target as at a day, in words.

    readiness(figures, targets, ...)   a row a KPI with a target: where it stands, and whether it has stood for three months
    oldest_overdue(rows)               for each duty what is overdue, and the one overdue longest
    plan_position(tables, day)         the improvement plan by recommendation

Would stand: the target met in the month and in the two before it. Met, not yet sustained: met in the month, and not in both before it.
Would not stand: near the target, or short of it. Not known: no figure that can be judged. Source: the accelerated improvement plan, early
2019: targets met are to be sustained for three months before inspection.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.cohorts import latest, observed_at
from kpi.duties import DUE_SOON, DUTIES, LEFT_OUT, OVERDUE, due
from kpi.figures import HISTORY_SHORT
from kpi.model import REGISTER, Kpi, Measure
from kpi.owed_to import speaking_for
from kpi.plan_actions import CLOSED
from kpi.targets import SUSTAINED_MONTHS
from kpi.wording import month, spoken

Stands = Literal["stands", "not_sustained", "short", "not_known"]
STANDS: tuple[Stands, ...] = ("stands", "not_sustained", "short", "not_known")
STANDS_WORDS: Mapping[Stands, str] = {
    "stands": "Would stand", "not_sustained": "Met, not yet for three months", "short": "Would not stand", "not_known": "Not known",
}  # fmt: skip
RAGS = ("red", "amber", "green", "blue")
NO_RAG = "no_rag"
NO_RECOMMENDATION = "none"
FIGURE = (
    "value", "numerator", "denominator", "target", "target_by", "status", "sustained", "months_met", "signal", "assurance", "chart", "note",
    "left_out",
)  # fmt: skip
_CASES_COUNTED: tuple[Measure, ...] = ("percent", "days", "median")


def readiness(
    figures: pd.DataFrame, targets: pd.DataFrame, period: pd.Timestamp, *, covered: Mapping[str, pd.DatetimeIndex],
    verdicts: Mapping[str, str],
) -> pd.DataFrame:  # fmt: skip
    """Every KPI with a target in force at a month end, in the order of the register: where it stands, and on what data.

    figures: judged figures of one unit (kpi.targets, kpi.signalling), the months to the period. targets: kpi, since, green, by. covered:
    which months each table speaks for. verdicts: KPI -> verdict of its trajectory.

    Returns kpi, the columns of FIGURE (empty where there is no figure that month), stands (of STANDS), why (in words), verdict, out (cases
    left out), out_share (of all, per cent; empty where cases are not what the denominator counts) and known_until (the last month up to the
    period that all it needs speaks for; empty for none).
    """
    aimed_at = _targets_in_force(targets, period)
    now = figures[figures["period"] == period].set_index("kpi")
    rows = now.reindex(columns=list(FIGURE)).reindex(aimed_at.index)
    rows["target"], rows["target_by"] = rows["target"].fillna(aimed_at["green"]), rows["target_by"].fillna(aimed_at["by"])
    rows["status"] = rows["status"].fillna("no data").astype("str")
    stands, why = _stands(rows, period)
    out = rows["left_out"].map(lambda said: sum(said.values()) if isinstance(said, dict) else 0)
    counted = rows["denominator"].where(pd.Series([REGISTER[key].measure in _CASES_COUNTED for key in rows.index], rows.index))
    known = [known_until(REGISTER[key], covered, period) for key in rows.index]
    return rows.assign(
        stands=stands, why=why, verdict=pd.Series([verdicts.get(key, "") for key in rows.index], rows.index, dtype="str"), out=out,
        out_share=100 * out / (out + counted), known_until=pd.Series(known, rows.index, dtype="datetime64[s]"),
    ).rename_axis("kpi").reset_index()  # fmt: skip


def known_until(measure: Kpi, covered: Mapping[str, pd.DatetimeIndex], period: pd.Timestamp) -> pd.Timestamp | None:
    """The last month end up to a period that everything a KPI needs speaks for; None for none."""
    if not measure.monthly_needs:
        return None
    months = [set(pd.DatetimeIndex(covered.get(need, pd.DatetimeIndex([])))) for need in measure.monthly_needs]
    shared = [said for said in set.intersection(*months) if said <= period]
    return max(shared, default=None)


def in_words(rows: pd.DataFrame, period: pd.Timestamp) -> list[str]:
    """The position in plain words: how many of the measures with a target stand, do not, and are not known."""
    if rows.empty:
        return [f"No measure has a target in {month(period)}."]
    n = {state: int((rows["stands"] == state).sum()) for state in STANDS}
    of = f"Of {_measures(len(rows))} with a target in {month(period)},"
    said = [f"{of} {_are(n['stands'], 'would stand', 'would stand')}: met in each of the last three months."]
    if n["not_sustained"]:
        said.append(f"{_are(n['not_sustained'], 'is', 'are')} met now, but not yet for three months.".capitalize())
    if n["short"]:
        said.append(f"{_are(n['short'], 'is', 'are')} short of target{_ahead(rows[rows['stands'] == 'short'])}.".capitalize())
    if n["not_known"]:
        said.append(f"Of {spoken(n['not_known'])} it is not known: there is no figure that can be judged.")
    return said


def oldest_overdue(owed: pd.DataFrame) -> pd.DataFrame:
    """For each duty with anything owed: how much, and which has been overdue longest; the longest first.

    owed: rows of `kpi.duties.due` a viewer may see, in its order. Returns duty, title, cohort, overdue, due_soon, left_out, and of the
    oldest: case_id, child_id, team_id, worker_id, due_on, days_late (empty where none is overdue).
    """
    order = {duty.key: n for n, duty in enumerate(DUTIES)}
    counts = pd.DataFrame({"duty": owed["duty"], **{state: (owed["state"] == state) for state in (OVERDUE, DUE_SOON, LEFT_OUT)}})
    rows = counts.groupby("duty").sum().astype("int64")
    late = owed[owed["state"] == OVERDUE].drop_duplicates("duty").set_index("duty")
    who = ["case_id", "child_id", "team_id", "worker_id", "due_on", "days_late"]
    named = owed.drop_duplicates("duty").set_index("duty")[["title", "cohort"]]
    out = rows.join(named).join(late[who]).rename_axis("duty").reset_index()
    out = out.assign(_order=out["duty"].map(order)).sort_values(["days_late", "_order"], ascending=[False, True], na_position="last")
    return out.drop(columns="_order").reset_index(drop=True)


def duties_of(measure: Kpi) -> tuple[str, ...]:
    """The duties that run on the same clocks as a KPI: what is overdue of them is what pulls it down."""
    return tuple(duty.key for duty in DUTIES if set(duty.clocks) & set(measure.duties))


def plan_position(tables: Tables, day: pd.Timestamp) -> pd.DataFrame:
    """The improvement plan as at a day, by recommendation: of the extract that speaks for the day, else for the month end before it.

    Returns recommendation_id ("none" where an action names none), actions, done (complete or closed), open, then of those open: red, amber,
    green, blue, no_rag, past_due (their due day has passed) and updates_overdue (not updated within the time the clock gives), and
    observed_on. It names nobody.
    """
    at = pd.DatetimeIndex([day]).as_unit("s")
    held = observed_at(tables.action, speaking_for(tables.action, at))
    late = due(tables, day, ["plan_update"])
    late_ids = set(late.loc[late["state"] == OVERDUE, "case_id"])
    live = ~held["status_kind"].isin(CLOSED)
    rag = held["rag_kind"].where(held["rag_kind"].isin(RAGS), NO_RAG)
    rows = pd.DataFrame(
        {
            "recommendation_id": held["recommendation_id"].fillna(NO_RECOMMENDATION).replace("", NO_RECOMMENDATION), "actions": 1,
            "done": ~live, "open": live, **{name: live & (rag == name) for name in (*RAGS, NO_RAG)},
            "past_due": live & (held["due_on"] < day), "updates_overdue": live & held["action_id"].isin(late_ids),
        }
    )  # fmt: skip
    out = rows.groupby("recommendation_id").sum().astype("int64").reset_index()
    seen = held["observed_on"].max() if len(held) else pd.NaT
    return out.assign(observed_on=pd.Series(seen, index=out.index, dtype="datetime64[s]"))


def _targets_in_force(targets: pd.DataFrame, period: pd.Timestamp) -> pd.DataFrame:
    """The target of each registered KPI in force at a period: green and by, indexed by KPI in the order of the register."""
    keys = pd.Series(list(REGISTER), dtype="str")
    at = latest(targets["kpi"], targets["since"], keys, pd.Series(period, index=keys.index).astype("datetime64[s]"))
    rows = targets[["green", "by"]].iloc[at[at >= 0]].set_axis(pd.Index(keys[at >= 0], name="kpi"))
    return rows.astype({"green": "float64", "by": "datetime64[s]"})


def _stands(rows: pd.DataFrame, period: pd.Timestamp) -> tuple[pd.Series, pd.Series]:
    """Where each KPI stands, and why, in words."""
    status, short_history = rows["status"], (rows["note"] == HISTORY_SHORT)
    judged = status.isin(["met", "near", "not met"]) & ~short_history
    held = rows["sustained"].fillna(0).astype("int64")
    met = judged & (status == "met")
    found = np.select([~judged, met & (held == SUSTAINED_MONTHS), met], ["not_known", "stands", "not_sustained"], "short")
    stands = pd.Series(found, rows.index, dtype="str")
    unjudged = {"no data": f"no data for {month(period)}", "no cases": "no cases", "few cases": "fewer than ten cases"}
    why = pd.Series(
        np.select(
            [short_history, ~judged, stands == "stands"],
            ["too short a history", status.map(unjudged).fillna("no target that month"), "met in each of the last three months"],
            np.where(held > 0, "met in " + held.astype("str") + " of the last three months", "met in none of the last three months"),
        ),
        rows.index, dtype="str",
    )  # fmt: skip
    return stands, why


def _ahead(rows: pd.DataFrame) -> str:
    """How many of these are on the way to their target by its date: "; one is on track for it by its date and two are at risk"."""
    ways = (("on_track", "on track for it by its date"), ("at_risk", "at risk"), ("off_track", "off track"))
    said = [f"{_are(n, 'is', 'are')} {words}" for verdict, words in ways if (n := int((rows["verdict"] == verdict).sum()))]
    return f"; {', '.join(said)}" if said else ""


def _measures(n: int) -> str:
    return "one measure" if n == 1 else f"{spoken(n)} measures"


def _are(n: int, one: str, many: str) -> str:
    return f"{spoken(n) if n else 'none'} {one if n == 1 else many}"
