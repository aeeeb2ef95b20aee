"""The improvement plan beside the figures: which updates are due, what an action's measures say of its rating, and when people meet.

Pure: the plan as it stands, judged figures and the day come in. An action's rating is what its lead reports; the measures are what can be
seen. Where the two do not agree it is said, in words, and left to people to talk about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from data.plan_standing import IN_PLAN, NOT_LISTED
from data.tables import Tables
from kpi import wording
from kpi.clock import add_working_days, due_by
from kpi.figures import figures_of
from kpi.model import REGISTER, Better
from kpi.period import add_months
from kpi.plan_actions import CLOSED
from kpi.recommendations import RECOMMENDATIONS
from kpi.targets import as_shown
from kpi.trajectory import Trajectory
from kpi.work_rules import plan_update_due

OVERDUE, IN_TIME, FINISHED = "overdue", "in time", "finished"
GOOD_RAGS = ("green", "blue")
SHORT = ("near", "not met")  # judged, and short of the target
NO_RECOMMENDATION = ""
BOARD_MONTHS, SURGERY_DAYS = 2, 14
CLOCK = ("action_id", "last_on", "due_on", "days_late", "state", "rule")
FlagKind = Literal["not moving", "update overdue", "past its day", "no measure", "nothing to show"]


@dataclass(frozen=True)
class Impact:
    """One measure an action is to move, as it stands: `status` and `signal` as judged figures have them, `heading` where it is going.

    reaches: whether its trajectory reaches the target by its date; None: too early to say. With no date to reach it by, it does not.
    """

    kpi: str
    title: str
    status: str
    signal: str | None
    heading: Trajectory | None
    reaches: bool | None
    by: pd.Timestamp | None = None

    @property
    def not_moving(self) -> bool:
        """Short of its target, with no real improvement, and on a trajectory that does not reach the target."""
        return self.status in SHORT and self.signal != "improvement" and self.reaches is False


@dataclass(frozen=True)
class Flag:
    """Something about an action that people should talk about, in words."""

    kind: FlagKind
    says: str


def plan_kpis() -> tuple[str, ...]:
    """The keys of the measures that are worked out from the plan's actions alone."""
    return tuple(key for key, measure in REGISTER.items() if measure.needs == ("action",))


def figures_of_plan(tables: Tables) -> pd.DataFrame:
    """The figures of those measures, for every month there is a plan."""
    return pd.concat([figures_of(REGISTER[key], tables) for key in plan_kpis()], ignore_index=True)


def impact_kpis(recommendation_id: str, chosen: Sequence[str] | None) -> tuple[str, ...]:
    """The measures an action is to move: those chosen for it, else those of its recommendation (`Kpi.recommendation` in the register)."""
    if chosen is not None:
        return tuple(key for key in chosen if key in REGISTER)
    return tuple(key for key, measure in REGISTER.items() if recommendation_id and measure.recommendation == recommendation_id)


def reaches(heading: Trajectory | None, target: float, better: Better) -> bool | None:
    """Whether a trajectory reaches its target by its date: what is expected then, as it is shown, at the target or better."""
    if heading is None:
        return False
    if heading.verdict in ("met", "on_track"):
        return True
    if heading.expected is None:
        return None if heading.verdict == "too_early" else False
    sign = -1.0 if better == "lower" else 1.0
    return bool(sign * as_shown(pd.Series([heading.expected]))[0] >= sign * target)


def update_clock(actions: pd.DataFrame, tables: Tables, day: pd.Timestamp) -> pd.DataFrame:
    """When each action is next to be updated, as at a day: CLOCK, one row an action, in their order.

    By the same rule as the measure and the duty (`kpi.work_rules.plan_update_due`): six weeks after the last update, or after the action
    was first listed; the last day is in time, the next is not. What is complete or closed is owed no update. days_late: negative before.
    """
    cases = actions[["action_id", "updated_on"]].assign(period=pd.Timestamp(day).as_unit("s")).reset_index(drop=True)
    found = plan_update_due(cases, tables)
    due_on = pd.Series(found.due_on.astype("datetime64[s]"), index=cases.index)
    late = (pd.Timestamp(day) - due_on).dt.days.astype("float64")
    done = actions["status_kind"].isin(CLOSED).to_numpy()
    return pd.DataFrame(
        {
            "action_id": cases["action_id"], "last_on": found.last_on, "due_on": due_on.where(~done), "days_late": late.where(~done),
            "state": np.select([done, late > 0], [FINISHED, OVERDUE], IN_TIME), "rule": found.in_words(tables),
        }
    )[list(CLOCK)]  # fmt: skip


def flags(action: Mapping[str, Any], impacts: Sequence[Impact], clock: Mapping[str, Any], day: pd.Timestamp) -> list[Flag]:
    """What people should talk about: one row of the plan, its measures, and its row of `update_clock`; the heaviest first."""
    found: list[Flag] = []
    finished = action["status_kind"] in CLOSED
    reported = reported_well(action)
    still = [impact for impact in impacts if impact.not_moving]
    if reported and still:
        one = len(still) == 1
        says = f"Reported {reported}, {'measure' if one else 'measures'} not moving: {'; '.join(_still(impact) for impact in still)}."
        found.append(Flag("not moving", says))
    if clock["state"] == OVERDUE:
        late = int(clock["days_late"])
        found.append(Flag("update overdue", f"Update overdue by {late} day{'' if late == 1 else 's'}."))
    if not finished and pd.notna(action["due_on"]) and action["due_on"] < day:
        found.append(Flag("past its day", f"Not finished, and its due day, {wording.day(action['due_on'])}, has passed."))
    if finished and not (action["evidence"] or action["impact_note"]):
        found.append(Flag("nothing to show", "Finished, with no evidence and no note of its impact."))
    if not impacts:
        found.append(Flag("no measure", "No measure is named that would show its impact."))
    return found


def reported_well(action: Mapping[str, Any]) -> str:
    """What an action is reported as, where that is good: its rating if green or blue, else that it is complete; else nothing."""
    if action["rag_kind"] in GOOD_RAGS:
        return str(action["rag_kind"])
    return str(action["status_kind"]) if action["status_kind"] in CLOSED else ""


def _still(impact: Impact) -> str:
    """One measure that is not moving, in words that say exactly what was looked at."""
    short = "is near its target but short of it" if impact.status == "near" else "does not meet its target"
    moves = {"concern": "is worsening", None: "has too few months to show an improvement"}.get(impact.signal, "shows no real improvement")
    if impact.heading is None:
        goes = "and has no day to reach it by, so no trajectory that does"
    elif impact.heading.months_left <= 0:
        goes = "and the day to reach it by has passed"
    else:
        goes = "and its trajectory does not reach the target" + (f" by {wording.day(impact.by)}" if impact.by is not None else "")
    return f"{impact.title} {short}, {moves}, {goes}"


def positions(actions: pd.DataFrame, clock: pd.DataFrame, flagged: Mapping[str, Sequence[Flag]], day: pd.Timestamp) -> pd.DataFrame:
    """How each recommendation stands, in their order; those of no recommendation last: one row each.

    recommendation_id, actions, finished, red, amber, green, blue, unrated (of those not finished), updates_overdue, past_day, not_moving.
    An extract drops what is finished after a while: that is counted as finished all the same. What left the plan unfinished is not counted.
    """
    finished_then = actions["status_kind"].isin(CLOSED) & (actions["state"] == NOT_LISTED)
    here = actions[(actions["state"] == IN_PLAN) | finished_then].reset_index(drop=True)
    finished = here["status_kind"].isin(CLOSED)
    due = clock.set_index("action_id")["state"].reindex(here["action_id"]).to_numpy() == OVERDUE
    moving = here["action_id"].map(lambda of: any(flag.kind == "not moving" for flag in flagged.get(of, ()))).astype(bool)
    moving &= here["state"] == IN_PLAN
    open_rag = here["rag_kind"].where(~finished, "finished").where(lambda rag: rag != "", "unrated")
    counted = pd.DataFrame(
        {
            "recommendation_id": here["recommendation_id"], "actions": 1, "finished": finished,
            **{rag: open_rag == rag for rag in ("red", "amber", "green", "blue", "unrated")},
            "updates_overdue": due, "past_day": ~finished & (here["due_on"] < day), "not_moving": moving,
        }
    )  # fmt: skip
    sums = counted.groupby("recommendation_id").sum().astype("int64")
    other = sorted({*sums.index} - {*RECOMMENDATIONS, NO_RECOMMENDATION})
    order = [*RECOMMENDATIONS, *other, *([NO_RECOMMENDATION] if NO_RECOMMENDATION in sums.index else [])]
    return sums.reindex(order, fill_value=0).reset_index()


def meeting_days(
    rounds: Iterable[Mapping[str, Any]], tables: Tables, *, first: pd.Timestamp, last: pd.Timestamp
) -> pd.DataFrame:  # fmt: skip
    """The days people meet, from `first` to `last`, both counted, soonest first: kind, unit_id, on, counted_on.

    rounds: kind (board, surgery, updates), unit_id, first_on. The board meets every two months from its first day, surgeries every two
    weeks, action leads' updates as often as an update falls due (clocks.csv, plan_update: six weeks). Each day is counted from the first,
    and one that is no working day is held on the next that is: counted_on is then the day it was moved from.
    """
    rows = []
    for a_round in rounds:
        for counted_on in _counted(a_round["kind"], pd.Timestamp(a_round["first_on"]), tables, last):
            on = pd.Timestamp(add_working_days(pd.Series([counted_on]), 0, tables.bank_holidays)[0])
            if first <= on <= last:
                rows.append({"kind": a_round["kind"], "unit_id": a_round["unit_id"], "on": on, "counted_on": counted_on})
    frame = pd.DataFrame(rows, columns=["kind", "unit_id", "on", "counted_on"])
    dated = frame.assign(**{name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in ("on", "counted_on")})
    return dated.sort_values(["on", "kind", "unit_id"], kind="stable", ignore_index=True)


def _counted(kind: str, start: pd.Timestamp, tables: Tables, last: pd.Timestamp) -> list[pd.Timestamp]:
    """Every day of one round up to a day, counted from its first."""
    days, on, number = [], start, 0
    while on <= last:
        days.append(on)
        number += 1
        if kind == "board":  # always from the first day, so that a 31st is not lost for good in a month of 30
            on = pd.Timestamp(add_months(pd.Series([start]).to_numpy().astype("datetime64[D]"), BOARD_MONTHS * number)[0])
        elif kind == "surgery":
            on = start + pd.Timedelta(days=SURGERY_DAYS * number)
        else:
            on = pd.Timestamp(due_by(tables.clocks, "plan_update", pd.Series([on]), tables.bank_holidays)[0])
    return days
