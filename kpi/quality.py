"""Quality of practice: is the work good enough, and does what audits ask for get done?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi import plan_actions as plan_actions  # the domain's measures of the improvement plan are registered with these
from kpi.cohorts import latest
from kpi.model import kpi
from kpi.shapes import as_cases, first_true, in_month

GOOD = ("good", "outstanding")
NO_GRADE = "no final grade"
REFLECTIVE = "reflective"


@kpi(
    domain="quality", title="Audits judged inadequate", noun="audits graded", did="judged inadequate", basis="in_period", better="lower",
    method="Audits of the month, by final grade", needs=("audit",), sources="The audits extract",
    cannot="Annex A: it has no audits",
)  # fmt: skip
def audits_inadequate(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of case file audits in the month, those whose final grade was inadequate.

    The final (moderated) grade counts, not the first one; re-audits are kept apart and not counted; an audit with no final grade is left
    out, counted and shown. With about 30 audits a month one case is three points: read it with its rolling three months.
    Source: the accelerated improvement plan; KPI choice 11.
    """
    audits = _first_audits(tables, periods)
    return _graded(audits, audits["grade_kind"] == "inadequate")


@kpi(
    domain="quality", title="Audits judged good or outstanding", noun="audits graded", did="judged good or outstanding",
    basis="in_period", better="higher", method="Audits of the month, by final grade", needs=("audit",), sources="The audits extract",
    cannot="Annex A: it has no audits",
)  # fmt: skip
def audits_good(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of case file audits in the month, those whose final grade was good or outstanding.

    Counted as audits judged inadequate are: the final grade, re-audits apart, an audit with no final grade left out, counted and shown.
    What is neither good nor inadequate requires improvement. Read it with its rolling three months. Source: B2.7; KPI choice 11.
    """
    audits = _first_audits(tables, periods)
    return _graded(audits, audits["grade_kind"].isin(GOOD))


@kpi(
    domain="quality", title="Audits completed", noun="audits begun", did="completed", basis="in_period", better="higher",
    method="Audits of the month", needs=("audit",), sources="The audits extract",
    cannot="An extract that lists only audits already graded: what was asked for and never done is not in it",
)  # fmt: skip
def audits_completed(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of the audits listed for the month, those completed: with a final grade.

    Every kind of audit counts, re-audits too, as each was asked for. An audit asked for and never begun is counted only if the extract
    lists it. Read a month again later: grades come in after it. Source: B2.7, a local measure.
    """
    audits = in_month(tables.audit, "happened_on", periods)
    graded = audits["grade_kind"].notna()
    return as_cases(audits.assign(case_id=audits["audit_id"], met=graded, reason=np.where(graded, "completed", NO_GRADE)))


@kpi(
    domain="quality", title="Audit actions done on time", noun="audit actions due", did="done by the due day", basis="in_period",
    better="higher", method="Actions falling due in the month", needs=("audit_action",), sources="The audit actions extract",
    cannot="The audits extract: it has grades, not what was asked for",
)  # fmt: skip
def audit_actions_on_time(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of what audits asked for that fell due in the month, what was done on or before the day it was due.

    Done on the due day is on time, the day after is late. An action with no due day can be put in no month and is not counted.
    The child is the one the audit was of. Source: B2.7, a local measure.
    """
    due = in_month(tables.audit_action, "due_on", periods)
    audited = tables.audit.drop_duplicates("audit_id").set_index("audit_id")["child_id"]
    met = due["completed_on"] <= due["due_on"]
    done = due["completed_on"].where(due["completed_on"] <= due["period"])
    return as_cases(
        due.assign(
            case_id=due["audit_id"] + " " + due["action_id"], child_id=audited.reindex(due["audit_id"]).to_numpy(), met=met,
            happened_on=done, reason=np.select([met, done.notna()], ["done on time", "done late"], "not done"),
        )
    )  # fmt: skip


@kpi(
    domain="quality", title="Reflective supervision", noun="supervision sessions graded", did="graded reflective", basis="in_period",
    better="higher", method="Sessions of the month", needs=("supervision",), sources="The supervision extract, where sessions are graded",
    recommendation="6", cannot="A supervision extract with no quality grade",
)  # fmt: skip
def supervision_reflective(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of supervision sessions held in the month and graded for their quality, those graded reflective.

    Partly reflective is not reflective. A session not graded is left out, counted and shown; a cancelled one is no session. The team is the
    one the workforce list last had the worker in. Source: the inspection's recommendation on supervision; B1.2, a local measure.
    """
    sessions = in_month(tables.supervision[tables.supervision["held"].fillna(True).astype(bool)], "happened_on", periods)
    grade = sessions["reflective_kind"]
    return as_cases(
        sessions.assign(
            case_id=_session_ids(sessions), team_id=_team_of(sessions, tables), met=(grade == REFLECTIVE).where(grade.notna()),
            happened_on=sessions["happened_on"], reason="graded " + grade.str.replace("_", " ").fillna("nothing"),
            left_out=first_true(sessions.index, (grade.isna(), "not graded")),
        )
    )  # fmt: skip


def _first_audits(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    return in_month(tables.audit[tables.audit["audit_kind"] != "re_audit"], "happened_on", periods)


def _graded(audits: pd.DataFrame, met: pd.Series) -> pd.DataFrame:
    grade = audits["grade_kind"]
    return as_cases(
        audits.assign(
            case_id=audits["audit_id"], met=met, reason="graded " + grade.str.replace("_", " ").fillna("nothing"),
            left_out=first_true(audits.index, (grade.isna(), NO_GRADE)),
        )
    )  # fmt: skip


def _session_ids(sessions: pd.DataFrame) -> pd.Series:
    """One readable id a session: worker, day, kind, child, and a number where all of these are the same."""
    parts = [sessions["worker_id"], sessions["happened_on"].dt.strftime("%Y-%m-%d"), sessions["supervision_kind"], sessions["child_id"]]
    ids = parts[0].astype("str")
    for part in parts[1:]:
        ids = ids + (" " + part.astype("str")).fillna("")
    nth = sessions["nth"].fillna(0).astype("int64")
    numbered: pd.Series = ids.where(nth == 0, ids + " #" + (nth + 1).astype("str"))
    return numbered


def _team_of(sessions: pd.DataFrame, tables: Tables) -> pd.Series:
    """The team of each session's worker: of the last workforce list on or before the period end, else of none."""
    workers = tables.worker
    at = latest(workers["worker_id"], workers["observed_on"], sessions["worker_id"], sessions["period"])
    found = workers["team_id"].iloc[at.clip(min=0)].where(at >= 0).to_numpy() if len(workers) else np.full(len(sessions), None)
    return pd.Series(found, index=sessions.index).astype("str")
