"""Assessment: are children assessed in time, and does help follow?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.clock import add_working_days
from kpi.cohorts import open_at
from kpi.model import kpi
from kpi.shapes import as_cases, case_ids, finished_in_time, first_true, in_month, share_of

LIMIT = 45
NO_ASSESSMENTS = "The looked after children return: it records no assessments."


@kpi(
    domain="assessment", title="Assessments finished in 45 working days", noun="assessments authorised", did="finished in time",
    basis="in_period", better="higher", method="Assessments authorised in the month", needs=("assessment",), sources="Annex A list 4",
    cannot=NO_ASSESSMENTS,
)  # fmt: skip
def assessments_in_45_days(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of assessments authorised in the month, those authorised within 45 working days of their start.

    The start is day 0. One authorised before it started is left out, counted and listed. Assessments still open are not in this figure:
    read it with the number open over 45 days. Source: DfE, children in need; KPI choices 2 and 7.
    """
    done = in_month(tables.assessment, "ended_on", periods)
    return finished_in_time(
        done, start="started_on", end="ended_on", limit=LIMIT, bank_holidays=tables.bank_holidays, done="authorised",
        no_start="no start date", before_start="authorised before it started",
    )  # fmt: skip


@kpi(
    domain="assessment", title="Assessments open over 45 working days", noun="assessments open", did="open for longer than 45 working days",
    basis="stock", better="lower", method="Assessments open at the month end", needs=("assessment",), sources="Annex A list 4",
    cannot=NO_ASSESSMENTS,
)  # fmt: skip
def assessments_open_over_45_days(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of assessments open at the month end, those begun more than 45 working days before it.

    The start is day 0: an assessment whose forty-fifth working day is the month end itself is not yet over. Read it with the share finished
    in 45 working days, which an assessment joins only once it is authorised. Source: Working Together; KPI choices 1, 2 and 7.
    """
    still = open_at(tables.assessment, periods).sort_values(["period", "child_id", "started_on", "nth"], kind="stable", ignore_index=True)
    due = pd.Series(add_working_days(still["started_on"], LIMIT, tables.bank_holidays).astype("datetime64[s]"), index=still.index)
    over = still["period"] > due
    reason = np.where(over, "still open, and late", "still open, not yet late")
    return as_cases(still.assign(case_id=case_ids(still), met=over, due_on=due, reason=reason))


@kpi(
    domain="assessment", title="Assessments that end with no services", noun="assessments authorised", did="ended with no services",
    basis="in_period", better="lower", method="Assessments authorised in the month", needs=("assessment",), sources="Annex A list 4",
    recommendation="1", cannot=NO_ASSESSMENTS,
)  # fmt: skip
def assessments_no_services(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of assessments authorised in the month, those that found the child did not need social care support.

    Where the extract does not say, the assessment is left out, counted and shown. A local measure: the published one counts referrals.
    Source: improvement plan recommendation 1; KPI choice 9.
    """
    done = in_month(tables.assessment, "ended_on", periods)
    none = ~done["support_required"].astype("boolean")
    return share_of(
        done,
        none,
        yes="no support required",
        no="support required",
        unknown="support required not recorded",
        began="started_on",
        happened="ended_on",
    )


@kpi(
    domain="assessment", title="History weighed in assessments", noun="audits that graded the use of history", did="good or better",
    basis="in_period", better="higher", method="Audits of the month, by their grade for history", needs=("audit",),
    sources="The audits extract (theme grade: history)", recommendation="2",
    cannot="Any national extract: none says how an assessment used what was known before.",
)  # fmt: skip
def assessments_weighing_history(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of case file audits in the month that graded the use of history, those that found it good or outstanding.

    Whether earlier help and concerns were weighed is judged by the auditor; an audit that gave history no grade is left out, counted and
    shown. Re-audits are not counted. Source: improvement plan recommendation 2; a local measure, KPI choices 9 and 11.
    """
    audits = in_month(tables.audit[tables.audit["audit_kind"] != "re_audit"], "happened_on", periods)
    grade = audits["history_grade_kind"]
    weighed = grade.isin(["good", "outstanding"]).astype("boolean").where(grade.notna())
    return as_cases(
        audits.assign(
            case_id=audits["audit_id"], met=weighed,
            reason=np.where(weighed.fillna(False), "history graded good or better", "history graded below good"),
            left_out=first_true(audits.index, (grade.isna(), "history not graded")),
        )
    )  # fmt: skip
