"""What a performance surgery looks at: the children late and due, what became of those late last time, and the workers who hold them.

    children(tables, day, focus, level, unit_id, before)   late first, then due in the next 5 working days
    since_last(tables, children_then, day)                 what became of each child late at the last surgery
    workers(tables, day, focus, level, unit_id)            their cases, in time, late and due, and when they were last supervised
    check(tables, commitments, as_at, figures)             what became of each commitment (`kpi.surgery_check`)

A focus is "visits", or the key of a KPI; a KPI with no clock of its own has no children late. Everything follows from `kpi.duties`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd

from data.surgery import KINDS, VISITS
from data.tables import Tables
from kpi.audit_findings import actions_owed
from kpi.cohorts import held_by, latest
from kpi.duties import BY_KEY, DUE_SOON, DUTIES, LEFT_OUT, OVERDUE, due
from kpi.figures import service_of
from kpi.model import REGISTER
from kpi.owed_to import children_with_an_open_case
from kpi.period import days
from kpi.recording import LATE_AFTER, recording_lag
from kpi.shapes import UNALLOCATED
from kpi.surgery_check import between, check, check_all, in_words
from kpi.surgery_events import DONE, known_until, months_reach
from kpi.surgery_standing import ENDED, FAMILY, left_for, seen_by, standing

__all__ = ["check", "check_all", "children", "children_left_out", "duties_of", "kind_of", "since_last", "workers"]
VISIT_DUTIES = ("cp_visit", "cin_visit", "cla_visit", "contact_visit")
WITHOUT_CLOCKS: Mapping[str, tuple[str, ...]] = MappingProxyType(  # KPIs that time a piece of work by a limit of their own
    {
        "assessments_in_45_days": ("assessment",), "assessments_open_over_45_days": ("assessment",), "icpc_in_15_days": ("icpc",),
        "icpc_overdue": ("icpc",), "supervised_3_in_3_months": ("supervision",), "supervised_each_month": ("supervision",),
    }
)  # fmt: skip
PLANS: Mapping[str, str] = MappingProxyType({"cp": "CP", "cin": "CIN", "cla": "CLA"})
PLAN_OF: Mapping[str, str] = MappingProxyType({"cp_visit": "cp", "cp_review": "cp", "core_group": "cp", "cin_visit": "cin"})
NO_PLAN = "No plan yet"
SUSPECTED_FROM, SUSPECTED_SHARE = 3, 0.2  # so many visits recorded late, and so large a share of those dated, make it likely
FEWEST_DATED = 5  # with fewer visits of the worker than this, the team's are looked at
CHILDREN = (
    "child_id", "plan", "worker_id", "team_id", "service_id", "duty", "title", "started_on", "last_on", "due_on", "days_late",
    "working_days_late", "state", "rule", "surgeries_running", "late_recording_suspected", "next_planned_on",
)  # fmt: skip
WORKERS = (
    "worker_id", "team_id", "fte", "role", "cases", "in_time", "of", "overdue", "due_soon", "last_supervised_on", "supervision_state",
    "supervision_left_out",
)  # fmt: skip
SINCE = ("child_id", "duty", "team_id", "outcome", "words", "days", "happened_on", "recorded_on")


def duties_of(focus: str) -> tuple[str, ...]:
    """The duties a focus looks at: the visits, or those a KPI is timed by; none for a KPI that has no clock."""
    if focus == VISITS:
        return VISIT_DUTIES
    clocks = set(REGISTER[focus].duties) if focus in REGISTER else set()
    return tuple(duty.key for duty in DUTIES if clocks & set(duty.clocks)) or WITHOUT_CLOCKS.get(focus, ())


def kind_of(duty: str) -> str:
    """The kind of commitment that answers a duty: "child_seen" for "cp_visit"."""
    return next((kind for kind, said in KINDS.items() if duty in said.duties), "by_hand")


def children(
    tables: Tables, day: pd.Timestamp, focus: str = VISITS, level: str = "authority", unit_id: str = "",
    before: Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:  # fmt: skip
    """The children of a unit who are late, the latest first, then those due in the next 5 working days: the columns of CHILDREN.

    plan: CP with its category, CIN or CLA. surgeries_running: at how many surgeries running, this one counted, the child was late for the
    same duty; `before`: what this gave at the unit's earlier surgeries, the newest first. late_recording_suspected: in words, where visits
    of the worker (of the team, where the worker has fewer than 5) were often recorded more than 5 days late in the last 3 months; empty
    where not. next_planned_on is empty: no extract says which visits are planned.
    """
    rows = _of_unit(_owed(tables, day, focus), level, unit_id)
    rows = rows[rows["state"].isin([OVERDUE, DUE_SOON])].reset_index(drop=True)
    rows = rows.assign(
        plan=_plans(rows, tables, day), surgeries_running=_running(rows, before), late_recording_suspected=_suspected(rows, tables, day),
        next_planned_on=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]"), late=rows["state"] == OVERDUE,
    )  # fmt: skip
    order = ["late", "working_days_late", "days_late"]
    return rows.sort_values(order, ascending=False, kind="stable", ignore_index=True)[list(CHILDREN)]


def children_left_out(
    tables: Tables, day: pd.Timestamp, focus: str = VISITS, level: str = "authority", unit_id: str = ""
) -> pd.DataFrame:  # fmt: skip
    """The children of a unit of whom it cannot be told when something is due: child_id, team_id, worker_id, duty, left_out (why)."""
    rows = _of_unit(_owed(tables, day, focus), level, unit_id)
    wanted = ["child_id", "team_id", "worker_id", "duty", "left_out"]
    return rows.loc[rows["state"] == LEFT_OUT, wanted].reset_index(drop=True)


def audit_actions(tables: Tables, day: pd.Timestamp, level: str = "authority", unit_id: str = "") -> pd.DataFrame:
    """What audits asked for of a unit and is overdue, the longest first, or due in the next 5 working days.

    The columns are those of `audit_findings.actions_owed`, and service_id. A child whose audit asked for several things has a row for each.
    """
    rows = actions_owed(tables, day)
    rows = _of_unit(rows.assign(service_id=service_of(rows.assign(period=day), tables.team)), level, unit_id)
    return rows[rows["state"].isin([OVERDUE, DUE_SOON])].reset_index(drop=True)


def since_last(
    tables: Tables, children_then: pd.DataFrame, day: pd.Timestamp, *, then: pd.Timestamp | None = None, level: str = "team",
    reach: Mapping[str, pd.Timestamp] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """What became by a day of each child late at an earlier surgery, one row a child and duty: the columns of SINCE.

    outcome: seen_on (it was done since the last time it was done then), no_longer_open, moved, still_not_seen, or cannot_tell where no
    extract is newer than `then`, the day of that surgery. days: seen, how many days after it fell due; still not seen, how many days late.
    children_then: as `children` gave them; those due soon are not looked at. level: of the surgery; reach: as `check` takes it.
    """
    rows = children_then[children_then["state"] == OVERDUE] if "state" in children_then else children_then
    rows = rows.drop_duplicates(["child_id", "duty"]).reset_index(drop=True)
    known = months_reach(tables) if reach is None else reach
    parts = [_since(tables, ours, day, str(duty), then, level, known) for duty, ours in rows.groupby("duty", sort=False)]
    if not parts:
        kinds = {"days": "float64", "happened_on": "datetime64[s]", "recorded_on": "datetime64[s]"}
        return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "str")) for name in SINCE})
    return pd.concat(parts).sort_index()[list(SINCE)]


def _since(
    tables: Tables, rows: pd.DataFrame, day: pd.Timestamp, duty: str, then: pd.Timestamp | None, level: str,
    reach: Mapping[str, pd.Timestamp],
) -> pd.DataFrame:  # fmt: skip
    kind = kind_of(duty)
    began = rows["started_on"] - pd.Timedelta(days=1) if "started_on" in rows else pd.Series(pd.Timestamp(0), index=rows.index)
    asked = rows.assign(who=rows["child_id"], since=rows["last_on"].fillna(began), at=day, held_on=then or day, by_on=day, level=level)
    asked = asked.assign(at=asked["at"].astype("datetime64[s]"), told_on=day, seen=seen_by(day), unit_id="", team_then=rows["team_id"])
    first, last = between(tables, asked, day, kind, duty)
    stood = standing(asked, tables)
    team, moved_on = left_for(asked, stood, tables)
    known = known_until(kind, duty, reach)
    stale = then is not None and (known is None or known <= then)
    happened = first["happened_on"]
    outcome = np.select(
        [happened.notna(), stood["state"] == ENDED, team != "", np.full(len(rows), stale)],
        ["seen_on", "no_longer_open", "moved", "cannot_tell"], "still_not_seen",
    )  # fmt: skip
    told = asked.assign(
        outcome=outcome, happened_on=happened, recorded_on=first["recorded_on"], last_on=last["happened_on"],
        last_recorded_on=last["recorded_on"], ended_on=stood["ended_on"], ended_words=stood["words"], team=team, moved_on=moved_on,
    )  # fmt: skip
    until = happened.fillna(day)
    late = pd.Series(days(until) - days(rows["due_on"]), index=rows.index, dtype="float64")
    counted = pd.Series(np.isin(outcome, ["seen_on", "still_not_seen"]), index=rows.index) & rows["due_on"].notna()
    words = in_words(told.assign(outcome=told["outcome"].replace("seen_on", "kept")), DONE[kind], known)
    return told.assign(words=words, days=late.where(counted))


def workers(
    tables: Tables, day: pd.Timestamp, focus: str = VISITS, level: str = "authority", unit_id: str = ""
) -> pd.DataFrame:  # fmt: skip
    """The workers who hold cases of a unit or are posted to it, by name, one row a worker and team: the columns of WORKERS.

    cases: children with an open case. of: duties of the focus whose due day is known; in_time: those not overdue. supervision_state:
    overdue, due_soon, in_time, left_out (supervision_left_out says why), or empty where nothing is loaded that says. What nobody holds is
    a row of its own, "unallocated".
    """
    at = pd.DatetimeIndex([day]).as_unit("s")
    by = ["worker_id", "team_id"]
    held = children_with_an_open_case(tables, at)
    held = _of_unit(_held_now(held, held["kind"] if "kind" in held else held["child_id"], tables, day), level, unit_id)
    owed = _of_unit(_owed(tables, day, focus), level, unit_id)
    owed = owed[owed["due_on"].notna()]
    supervised = due(tables, day, ["supervision"])
    posted = _of_unit(supervised, level, unit_id)
    names = pd.concat([held[by], owed[by], posted[by]], ignore_index=True).drop_duplicates().sort_values(by, ignore_index=True)
    late, soon = owed["state"] == OVERDUE, owed["state"] == DUE_SOON
    counts = owed.assign(of=1, overdue=late, due_soon=soon).groupby(by)[["of", "overdue", "due_soon"]].sum()
    out = names.merge(held.groupby(by).size().rename("cases").reset_index(), on=by, how="left")
    out = out.merge(counts.reset_index(), on=by, how="left").fillna({"cases": 0, "of": 0, "overdue": 0, "due_soon": 0})
    out = out.astype(dict.fromkeys(("cases", "of", "overdue", "due_soon"), "int64"))
    session = supervised.drop_duplicates("worker_id").set_index("worker_id")
    about = _newest(tables.worker, day)
    found = {"last_supervised_on": "last_on", "supervision_state": "state", "supervision_left_out": "left_out"}
    out = out.assign(in_time=out["of"] - out["overdue"], **{name: _of(session[column], out["worker_id"]) for name, column in found.items()})
    out = out.assign(**{name: _of(about[name], out["worker_id"]) for name in ("fte", "role")})
    return out.astype({"last_supervised_on": "datetime64[s]"})[list(WORKERS)]


def _of(known: pd.Series, whose: pd.Series) -> pd.Series:
    """What is known of each; empty where nothing is. Unlike `map` it keeps its type where nothing is known of anybody."""
    return known.reindex(whose).set_axis(whose.index)


def _newest(snapshots: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Each worker as the newest extract up to a day lists them."""
    known = snapshots[snapshots["observed_on"] <= day].sort_values("observed_on", kind="stable")
    return known.drop_duplicates("worker_id", keep="last").set_index("worker_id")


def _owed(tables: Tables, day: pd.Timestamp, focus: str) -> pd.DataFrame:
    """What the focus looks at that is owed to children as at a day, in the hands of those the newest extract that tells of it shows."""
    rows = due(tables, day, [key for key in duties_of(focus) if BY_KEY[key].cohort == "child"])
    return _held_now(rows, rows["duty"].map(FAMILY), tables, day)


def _held_now(rows: pd.DataFrame, family: pd.Series, tables: Tables, day: pd.Timestamp) -> pd.DataFrame:
    """The rows with who holds each now; the team's service goes with it."""
    parts = [held_by(ours.assign(period=seen_by(day)), tables, str(cohort)) for cohort, ours in rows.groupby(family, dropna=False)]
    held = pd.concat(parts).reindex(rows.index) if parts else rows
    names = {name: held[name].astype("str").fillna(UNALLOCATED).replace("", UNALLOCATED) for name in ("worker_id", "team_id")}
    out = rows.assign(**names)
    return out.assign(service_id=service_of(out.assign(period=day), tables.team))


def _of_unit(rows: pd.DataFrame, level: str, unit_id: str) -> pd.DataFrame:
    return rows if level == "authority" else rows[rows[f"{level}_id"] == unit_id]


def _plans(rows: pd.DataFrame, tables: Tables, day: pd.Timestamp) -> pd.Series:
    """The plan a duty is owed under, else the one the child has open: CP with its category, CIN or CLA."""
    opened = children_with_an_open_case(tables, pd.DatetimeIndex([day]).as_unit("s")).drop_duplicates("child_id").set_index("child_id")
    had = _of(opened["kind"].fillna("cin") if "kind" in opened else pd.Series(dtype="str"), rows["child_id"])
    kind = rows["duty"].map(PLAN_OF).fillna(pd.Series("cla", index=rows.index).where(rows["duty"].str.startswith("cla_"), had))
    words = kind.map(PLANS).fillna(NO_PLAN)
    plans = tables.cp_plan
    at = latest(plans["child_id"], plans["started_on"], rows["child_id"], pd.Series(day, index=rows.index).astype("datetime64[s]"))
    category = plans["category_kind"].fillna(plans["initial_category_kind"]).reset_index(drop=True).reindex(at).set_axis(rows.index)
    with_category = (kind == "cp") & category.notna()
    return words.where(~with_category, words + ", " + category.fillna("").str.replace("_", " ")).astype("str")


def _running(rows: pd.DataFrame, before: Sequence[pd.DataFrame]) -> pd.Series:
    """At how many surgeries running each was late, this one counted; nought for what is only due."""
    asked = pd.MultiIndex.from_frame(rows[["child_id", "duty"]])
    going = (rows["state"] == OVERDUE).to_numpy()
    count = going.astype("int64")
    for earlier in before:
        late = earlier[earlier["state"] == OVERDUE] if "state" in earlier else earlier
        going = going & asked.isin(pd.MultiIndex.from_frame(late[["child_id", "duty"]]))
        count = count + going
    return pd.Series(count, index=rows.index, dtype="int64")


def _suspected(rows: pd.DataFrame, tables: Tables, day: pd.Timestamp) -> pd.Series:
    """Where a visit may only not be recorded yet: how many visits of the worker, or of the team, were recorded late."""
    visit = tables.visit
    teams = recording_lag(tables, day).set_index("team_id")
    mine = recording_lag(tables.with_frames(visit=visit.assign(team_id=visit["worker_id"])), day).set_index("team_id")
    few = ~(_of(mine["visits"], rows["worker_id"]) >= FEWEST_DATED)
    late = _of(teams["late"], rows["team_id"]).where(few, _of(mine["late"], rows["worker_id"])).fillna(0).astype("int64")
    dated = _of(teams["visits"], rows["team_id"]).where(few, _of(mine["visits"], rows["worker_id"])).fillna(0).astype("int64")
    likely = (late >= SUSPECTED_FROM) & (late >= SUSPECTED_SHARE * dated) & (rows["state"] == OVERDUE) & rows["duty"].isin(VISIT_DUTIES)
    whose = pd.Series("of the worker’s visits", index=rows.index).mask(few, "of the team’s visits")
    words = late.astype("str") + " of " + dated.astype("str") + " " + whose + f" recorded over {LATE_AFTER} days late"
    return words.where(likely, "").astype("str")
