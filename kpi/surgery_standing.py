"""Is what was agreed still to be done by this unit? Whether a child's plan or a worker's post has ended by a day, and who holds them then.

Every function takes rows with who, duty, `at`, the day asked about, `told_on`, the day it is told on, and `seen`, the day up to which
extracts are looked at then (`seen_by`), and answers one row each. Ends are dated by the data. A move, or a list that no longer has a child,
only shows in an extract: it lies somewhere between that one and the one before, and counts unless an extract after the day shows the old
state still. Where the data never held what was agreed on, nothing is said to have ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from data.reading import spoken_for
from data.tables import Tables
from kpi.children_in_care import times_in_care
from kpi.cohorts import Timeline, held_by
from kpi.figures import service_of
from kpi.period import days

OPEN, ENDED, UNKNOWN = "open", "ended", "unknown"
FAMILY: Mapping[str, str] = MappingProxyType(  # what must be open for a duty to be owed; any other duty is owed until it is done
    {
        "cp_visit": "cp", "cp_review": "cp", "core_group": "cp", "cin_visit": "cin", "cla_visit": "cla", "cla_review": "cla",
        "health_check": "cla", "dental_check": "cla", "spot_check": "cla", "contact_visit": "referral", "case_supervision": "case",
        "supervision": "worker",
    }
)  # fmt: skip
OVER: Mapping[str, str] = MappingProxyType(
    {"cp": "Plan ended", "cin": "Child in need plan ended", "cla": "Left care", "referral": "Referral closed", "worker": "Left"}
)
UNLISTED: Mapping[str, str] = MappingProxyType({"cin": "No child in need plan in the extract of", "worker": "Not listed in the extract of"})
COLUMNS = ("state", "ended_on", "team_id", "worker_id", "words")


def standing(asked: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """How each stood on its day: state (open, ended, unknown), ended_on, team_id and worker_id who held it, words for its end.

    asked: who, duty, at, told_on, seen. A child asked about with no duty, or for supervision of the case, is open while anything is.
    """
    out = pd.DataFrame(index=asked.index, columns=list(COLUMNS)).astype(dict.fromkeys(COLUMNS, "object"))
    out = out.assign(state=UNKNOWN, ended_on=pd.Series(pd.NaT, index=asked.index, dtype="datetime64[s]"), words="")
    family = asked["duty"].map(FAMILY).where(asked["duty"] != "", "case").fillna("")
    for name in family.unique():
        if name in _FAMILIES:
            ours = asked[family == name]
            found = _FAMILIES[name](ours, tables)
            out.loc[ours.index, list(found.columns)] = found
    return out.astype({"state": "str", "words": "str", "team_id": "str", "worker_id": "str"})


def _cp(asked: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    return _episodes(asked, lambda: tables.cp_plan, tables, "cp")


def _cla(asked: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    return _episodes(asked, lambda: times_in_care(tables), tables, "cla")


def _episodes(asked: pd.DataFrame, episodes: Callable[[], pd.DataFrame], tables: Tables, cohort: str) -> pd.DataFrame:
    """By the last episode begun by the day."""
    row = _last(asked, tables, f"{cohort} episodes", episodes, "started_on", by="at")
    held = held_by(row.assign(child_id=asked["who"], period=asked["seen"].astype("datetime64[s]")), tables, cohort)
    return _told(row["ended_on"], row["started_on"].notna(), asked, held, cohort)


def _cin(asked: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """By the last extract: a child it no longer lists with a plan has none, since then at the latest."""
    status = tables.case_status
    row = _last(asked, tables, "plans in need", lambda: status[status["status_kind"] == "in_need_plan"], "observed_on")
    gone = _unlisted(row, status["observed_on"], asked)
    closed = _last(asked, tables, "cases closed", lambda: status[status["ended_on"].notna()], "ended_on")["ended_on"]
    ended = row["ended_on"].fillna(closed.where(gone.notna() & (closed >= row["started_on"])))
    return _told(ended, row["observed_on"].notna(), asked, row, "cin", gone)


def _referral(asked: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """By the newest referral on or before the day."""
    row = _last(asked, tables, "referrals", lambda: tables.referral.sort_values("nth", kind="stable"), "happened_on", by="at")
    none = row["no_further_action"].fillna(False).astype(bool)
    ended = row["closed_on"].fillna(row["decided_on"].fillna(row["happened_on"]).where(none))
    return _told(ended, row["happened_on"].notna(), asked, row, "referral")


def _case(asked: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """By care, then a plan, then need: open in the first that is open, ended when the last of them did."""
    found = [_FAMILIES[name](asked, tables) for name in ("cla", "cp", "cin")]
    out = found[0].copy()
    for other in found[1:]:
        better = (other["state"] == OPEN) & (out["state"] != OPEN)
        better |= (other["state"] == ENDED) & (
            (out["state"] == UNKNOWN) | ((out["state"] == ENDED) & (other["ended_on"] > out["ended_on"]))
        )
        out[better] = other[better]
    return out


def _worker(asked: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """By the last extract of the workforce that lists the worker; one a later extract does not list has left by then."""
    row = _last(asked, tables, "workers", lambda: tables.worker, "observed_on", who="worker_id")
    gone = _unlisted(row, tables.worker["observed_on"], asked)
    return _told(row["ended_on"], row["observed_on"].notna(), asked, row, "worker", gone)


def _told(
    ended: pd.Series, known: pd.Series, asked: pd.DataFrame, held: pd.DataFrame, family: str, gone: pd.Series | None = None
) -> pd.DataFrame:
    """The answers of one family; `gone`: the extract that lists them no more, for those of whom no end is recorded."""
    unlisted = pd.Series(False, index=asked.index) if gone is None else ended.isna() & gone.notna()
    over = known & (unlisted | (ended <= asked["at"]))
    ended = ended if gone is None else ended.fillna(_no_later(gone, asked["told_on"]))
    return pd.DataFrame(
        {
            "state": np.select([over, known], [ENDED, OPEN], UNKNOWN), "ended_on": ended.where(over).astype("datetime64[s]"),
            "team_id": held["team_id"], "worker_id": held["worker_id"],
            "words": np.select([over & unlisted, over], [UNLISTED.get(family, ""), OVER[family]], ""),
        },
        index=asked.index,
    )  # fmt: skip


def left_for(rows: pd.DataFrame, stood: pd.DataFrame, tables: Tables) -> tuple[pd.Series, pd.Series]:
    """For each the team that holds them, where it is another than held them at the surgery; and the first extract that shows it.

    Empty where it is the same, or the unit's own (for a service another team of it, for the whole authority any), and where an extract
    still shows the old team after the day. rows: who, duty, at, told_on, seen, held_on, level, unit_id, team_id, and team_then where it is
    known who held them then; stood: `standing` of them.
    """
    if "team_then" in rows:
        then = rows["team_then"]
    else:
        then = standing(rows.assign(at=rows["held_on"], seen=rows["held_on"]), tables)["team_id"]
        then = then.where(then.notna() & (then != ""), rows["team_id"])
    now = stood["team_id"].where(stood["team_id"] != "")
    other = now.notna() & (now != then) & (now != rows["unit_id"])
    service_then = service_of(pd.DataFrame({"team_id": then, "period": rows["held_on"]}), tables.team)
    service_now = service_of(pd.DataFrame({"team_id": now, "period": rows["at"]}), tables.team)
    away = (rows["level"] == "team") & other | (rows["level"] == "service") & other & (service_now != service_then)
    first, last = _shown_with(rows.assign(team_now=now.where(away), team_then=then), tables)
    team = now.where(away & ~(last > rows["at"])).fillna("").astype("str")
    return team, _no_later(first.where(team != ""), rows["told_on"])


def _no_later(days_shown: pd.Series, told_on: pd.Series) -> pd.Series:
    """The day of an extract as it is said: one dated by the end of its month is never said to be of a day still to come."""
    return days_shown.where(~(days_shown > told_on), told_on).astype("datetime64[s]")


def _shown_with(rows: pd.DataFrame, tables: Tables) -> tuple[pd.Series, pd.Series]:
    """The first extract after the surgery that shows each with `team_now`, and the last that shows them with `team_then`."""
    moved = rows.assign(row=np.arange(len(rows)))[rows["team_now"].notna().to_numpy()]
    seen = [_shown(frame, who, moved["who"]) for frame, who in (
        (tables.allocation, "child_id"), (tables.case_status, "child_id"), (tables.worker, "worker_id"),
    )] if len(moved) else [pd.DataFrame(columns=["who", "team_id", "observed_on"])]  # fmt: skip
    pairs = moved[["row", "who", "team_now", "team_then", "held_on", "seen"]].merge(pd.concat(seen, ignore_index=True), on="who")
    pairs = pairs[pairs["observed_on"] <= pairs["seen"]]
    first = pairs[(pairs["team_id"] == pairs["team_now"]) & (pairs["observed_on"] > pairs["held_on"])].groupby("row")["observed_on"].min()
    last = pairs[pairs["team_id"] == pairs["team_then"]].groupby("row")["observed_on"].max()
    one, other = (
        pd.Series(found.reindex(range(len(rows))).to_numpy(), index=rows.index).astype("datetime64[s]") for found in (first, last)
    )
    return one, other


def _unlisted(row: pd.DataFrame, observed: pd.Series, asked: pd.DataFrame) -> pd.Series:
    """The newest extract, where it no longer lists those it listed by the day asked about; empty where it does, or did after that day."""
    taken = np.unique(days(observed.dropna()))
    place = np.searchsorted(taken, days(asked["seen"]), side="right") - 1
    found = np.full(len(asked), np.datetime64("NaT", "D"))
    found[place >= 0] = taken[place[place >= 0]].astype("datetime64[D]")
    newest = pd.Series(found.astype("datetime64[s]"), index=asked.index)
    return newest.where((row["observed_on"] < newest) & (row["observed_on"] <= asked["at"]))


def _shown(frame: pd.DataFrame, who: str, whom: pd.Series) -> pd.DataFrame:
    """The extracts that show some of these with a team: who, team_id, observed_on."""
    return frame[frame[who].isin(whom)].rename(columns={who: "who"})[["who", "team_id", "observed_on"]]


def _last(
    asked: pd.DataFrame, tables: Tables, what: str, rows: Callable[[], pd.DataFrame], on: str, *, who: str = "child_id", by: str = "seen"
) -> pd.DataFrame:  # fmt: skip
    """For each asked about their last row on or before the day (`seen`, or `at`); empty where there is none."""

    def ordered() -> tuple[pd.DataFrame, Timeline]:
        found = rows().reset_index(drop=True)
        return found, Timeline.of(found, on, who)

    known, timeline = tables.once(f"{what} in order", ordered)
    return known.reindex(timeline.last(asked["who"], asked[by])).set_axis(asked.index)  # type: ignore[no-any-return]


def seen_by(day: pd.Timestamp) -> pd.Timestamp:
    """The day up to which extracts tell of a day: one drawn up late in a month is dated by the month's end, which it speaks for."""
    return max(day, spoken_for(day)).as_unit("s")


_FAMILIES = {"cp": _cp, "cla": _cla, "cin": _cin, "referral": _referral, "case": _case, "worker": _worker}
