"""Assessment: are children assessed in time, and does help follow?"""

from __future__ import annotations

import pandas as pd

from data.tables import Tables
from kpi.model import kpi
from kpi.shapes import finished_in_time, in_month, share_of

LIMIT = 45


@kpi(
    domain="assessment", title="Assessments finished in 45 working days", noun="assessments authorised", did="finished in time",
    basis="in_period", better="higher", method="Assessments authorised in the month", needs=("assessment",), sources="Annex A list 4",
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
    domain="assessment", title="Assessments that end with no services", noun="assessments authorised", did="ended with no services",
    basis="in_period", better="lower", method="Assessments authorised in the month", needs=("assessment",), sources="Annex A list 4",
    recommendation="1",
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
