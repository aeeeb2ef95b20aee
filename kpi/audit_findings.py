"""What did audits find, did moderation change it, and was what they asked for done? Rows a page tallies, each in somebody's hands.

    audits_made(tables, day)     the audits of the twelve months to a day, re-audits apart
    re_audits(tables, day)       those of them judged inadequate, and whether the child's work was audited again in time
    actions_owed(tables, day)    what audits asked for that is not done, the longest overdue first

Rows name children and workers, so a page asks `Store.cases` for them; the tallies below take the rows a viewer may see.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from data.canonical.practice import AUDIT_THEMES, GRADES
from data.tables import Clock, Tables
from kpi.clock import add_working_days, due_by, in_words, standard_on, standards_of
from kpi.duties import DUE_SOON, IN_TIME, LEFT_OUT, OVERDUE, SOON
from kpi.interval import wilson
from kpi.period import days
from kpi.shapes import UNALLOCATED

MONTHS = 12
RE_AUDIT = "re_audit"
RE_AUDIT_DEFAULT = Clock(RE_AUDIT, pd.Timestamp("2000-01-01"), 84, "calendar_days", "Sightline's default")
NO_GRADE = "no_grade"
UP, SAME, DOWN = "up", "same", "down"
RE_AUDIT_STATES = ("in_time", "late", OVERDUE, "not_due")
OWED_COLUMNS = ("audit_id", "action_id", "child_id", "team_id", "worker_id", "text", "due_on", "days_late", "state")
_HELD = ("team_id", "worker_id")


def audits_made(tables: Tables, day: pd.Timestamp, *, months: int = MONTHS) -> pd.DataFrame:
    """The audits of the calendar months to a day, that month so far included; re-audits apart, as the measures of audits have them.

    Returns the columns of `audit`, `period` (the month end of each), and `moved`: how the final grade stands to the first one (up, same,
    down; empty where either is missing). Up is the better grade. Source: KPI choice 11; B2.7.
    """
    made = tables.audit[(tables.audit["audit_kind"] != RE_AUDIT) & in_window(tables.audit["happened_on"], day, months)]
    first, final = (made[name].map({grade: n for n, grade in enumerate(GRADES)}) for name in ("initial_grade_kind", "grade_kind"))
    known = first.notna() & final.notna()
    moved = pd.Series(np.select([final < first, final > first], [UP, DOWN], SAME), index=made.index, dtype="str").where(known)
    period = (made["happened_on"] + pd.offsets.MonthEnd(0)).astype("datetime64[s]")
    return in_somebodys_hands(made).assign(period=period, moved=moved).sort_values(["happened_on", "audit_id"], ignore_index=True)


def tally(audits: pd.DataFrame, by: Sequence[str], *, grade: str = "grade_kind") -> pd.DataFrame:
    """How many audits had which grade, for each value of `by` ("period", "team_id"): a row each, in order.

    Returns `by`, outstanding, good, requires_improvement, inadequate, no_grade, graded (how many have a grade), low and high: the range
    the share judged inadequate is likely to lie in (Wilson, 95 %), empty where none is graded. With no `by`, one row of all.
    """
    given = audits[grade].fillna(NO_GRADE)
    counts = {name: (given == name).astype("int64") for name in (*GRADES, NO_GRADE)}
    keys = audits[list(by)] if by else pd.DataFrame({"_": np.zeros(len(audits), dtype=np.int64)}, index=audits.index)
    rows = pd.concat([keys, pd.DataFrame(counts, index=audits.index)], axis=1).groupby(list(keys), as_index=False).sum()
    rows = rows.drop(columns="_", errors="ignore")
    return with_range(rows.assign(graded=rows[list(GRADES)].sum(axis=1)), "inadequate", "graded")


def themes(audits: pd.DataFrame) -> pd.DataFrame:
    """The same for each theme an audit grades: a row for each of AUDIT_THEMES, in their order, with `theme`; none graded is a row of 0."""
    long = audits.melt(value_vars=[f"{theme}_grade_kind" for theme in AUDIT_THEMES], var_name="theme", value_name="given")
    rows = tally(long.assign(theme=long["theme"].str.removesuffix("_grade_kind")), ["theme"], grade="given").set_index("theme")
    counts = [*GRADES, NO_GRADE, "graded"]
    rows = rows.reindex(list(AUDIT_THEMES))
    return rows.assign(**{name: rows[name].fillna(0).astype("int64") for name in counts}).rename_axis("theme").reset_index()


def moderation(audits: pd.DataFrame) -> pd.DataFrame:
    """What became of each first grade: a row for each grade first given, best first, with up, same, down and `known`, how many that is.

    Audits lacking either grade have no part in it.
    """
    both = audits[audits["moved"].notna()]
    counts = {name: (both["moved"] == name).astype("int64") for name in (UP, SAME, DOWN)}
    rows = pd.DataFrame({"grade": both["initial_grade_kind"], **counts}).groupby("grade").sum().reindex(list(GRADES), fill_value=0)
    return rows.assign(known=rows.sum(axis=1)).rename_axis("grade").reset_index()


def re_audits(tables: Tables, day: pd.Timestamp, *, months: int = MONTHS) -> pd.DataFrame:
    """Audits of the months to a day judged inadequate, and whether the same child's work was audited again in time.

    A re-audit is the first audit of that kind of the child after the day of the audit, and by the day asked about. It is due 12 weeks after
    (our proposal, as none is national; a row `re_audit` of a council's own clocks takes its place); the last day is in time.

    Returns audit_id, child_id, team_id, worker_id, happened_on, due_on, re_audited_on, re_grade_kind and state: in_time, late, overdue (not
    done and past its day) or not_due (not done, its day not past). The longest waiting first.
    """
    poor = audits_made(tables, day, months=months)
    poor = poor[poor["grade_kind"] == "inadequate"].reset_index(drop=True)
    again = tables.audit[(tables.audit["audit_kind"] == RE_AUDIT) & (tables.audit["happened_on"] <= day)]
    pairs = poor[["audit_id", "child_id", "happened_on"]].merge(
        again[["child_id", "happened_on", "grade_kind"]].dropna(subset="child_id"), on="child_id", suffixes=("", "_again")
    )  # fmt: skip
    pairs = pairs[pairs["happened_on_again"] > pairs["happened_on"]].sort_values(["audit_id", "happened_on_again"], kind="stable")
    first = pairs.drop_duplicates("audit_id").set_index("audit_id").reindex(poor["audit_id"])
    due = pd.Series(
        due_by(re_audit_clocks(tables), RE_AUDIT, poor["happened_on"], tables.bank_holidays).astype("datetime64[s]"), poor.index
    )
    done = pd.Series(first["happened_on_again"].to_numpy(), index=poor.index).astype("datetime64[s]")
    state = np.select([done <= due, done.notna(), due < day], ["in_time", "late", OVERDUE], "not_due")
    columns = ["audit_id", "child_id", "team_id", "worker_id", "happened_on"]
    out = poor[columns].assign(due_on=due, re_audited_on=done, re_grade_kind=first["grade_kind"].to_numpy(), state=state)
    return out.astype({"re_grade_kind": "str", "state": "str"}).sort_values(["due_on", "audit_id"], ignore_index=True)


def re_audit_clocks(tables: Tables) -> tuple[Clock, ...]:
    """The council's own standards for a re-audit, where it has loaded any; else ours."""
    own = tuple(clock for clock in tables.clocks if clock.duty == RE_AUDIT)
    return own or (RE_AUDIT_DEFAULT,)


def re_audit_within(tables: Tables, day: pd.Timestamp) -> str:
    """The standard in force on a day, in words: "84 days"."""
    rows = standards_of(re_audit_clocks(tables), RE_AUDIT)
    return in_words(rows[int(standard_on(rows, pd.Series([day]))[0])])


def actions_owed(tables: Tables, day: pd.Timestamp) -> pd.DataFrame:
    """What audits asked for that is not done on a day, the longest overdue first: in OWED_COLUMNS.

    Done after the day is not done yet; asked for by an audit made after the day is not known yet. days_late: how long ago it fell due, 0 is
    due that day, below 0 is how long is left. state: overdue, due_soon (within 5 working days), in_time, or left_out where no due day is
    recorded. The child is the one the audit was of; team and worker are the action's own, else its audit's, else "unallocated". An action
    whose audit is not loaded names no child.
    """
    actions = tables.audit_action
    of = tables.audit.drop_duplicates("audit_id").set_index("audit_id").reindex(actions["audit_id"]).set_index(actions.index)
    owed = ~(actions["completed_on"] <= day) & ~(of["happened_on"] > day)
    rows = actions.assign(child_id=of["child_id"], **{name: actions[name].where(some(actions[name]), of[name]) for name in _HELD})[owed]
    due = rows["due_on"]
    late = pd.Series(days(pd.Series(day, index=rows.index)) - days(due), index=rows.index, dtype="float64").where(due.notna())
    soon = pd.Timestamp(add_working_days(pd.Series([day]), SOON, tables.bank_holidays)[0])
    state = pd.Series(np.select([due.isna(), late > 0, due <= soon], [LEFT_OUT, OVERDUE, DUE_SOON], IN_TIME), rows.index, dtype="str")
    out = in_somebodys_hands(rows).assign(days_late=late, state=state).sort_values(["due_on", "audit_id", "action_id"], kind="stable")
    return out[list(OWED_COLUMNS)].reset_index(drop=True)


def in_window(on: pd.Series, day: pd.Timestamp, months: int) -> pd.Series:
    """Which days fall in the calendar months to a day, that month so far included."""
    first = pd.Timestamp(day).normalize().replace(day=1) - pd.DateOffset(months=months - 1)
    return (on >= first) & (on <= day)


def in_somebodys_hands(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with what nobody holds held by "unallocated", so that none is lost."""
    return rows.assign(**{name: rows[name].where(some(rows[name]), UNALLOCATED).astype("str") for name in _HELD})


def some(values: pd.Series) -> pd.Series:
    """Which of these texts say anything."""
    return values.notna() & (values != "")


def with_range(rows: pd.DataFrame, numerator: str, denominator: str) -> pd.DataFrame:
    """Tallied rows with `low` and `high`: the range each share is likely to lie in (Wilson, 95 %), empty where there is none to share."""
    found = [wilson(n, of) if of else (np.nan, np.nan) for n, of in zip(rows[numerator], rows[denominator], strict=True)]
    low, high = ([float(pair[i]) for pair in found] for i in (0, 1))
    return rows.assign(low=pd.Series(low, index=rows.index, dtype="float64"), high=pd.Series(high, index=rows.index, dtype="float64"))
