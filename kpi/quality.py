"""Quality of practice: is the work good enough?"""

from __future__ import annotations

import pandas as pd

from data.tables import Tables
from kpi.model import kpi
from kpi.shapes import as_cases, first_true, in_month


@kpi(
    domain="quality", title="Audits judged inadequate", noun="audits graded", did="judged inadequate", basis="in_period", better="lower",
    method="Audits of the month, by final grade", needs=("audit",), sources="The audits extract",
)  # fmt: skip
def audits_inadequate(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of case file audits in the month, those whose final grade was inadequate.

    The final (moderated) grade counts, not the first one; re-audits are kept apart and not counted; an audit with no final grade is left
    out, counted and shown. With about 30 audits a month one case is three points: read it with its rolling three months.
    Source: the accelerated improvement plan; KPI choice 11.
    """
    graded = tables.audit[tables.audit["audit_kind"] != "re_audit"]
    audits = in_month(graded, "happened_on", periods)
    inadequate = audits["grade_kind"] == "inadequate"
    return as_cases(
        audits.assign(
            case_id=audits["audit_id"], met=inadequate, reason="graded " + audits["grade_kind"].str.replace("_", " ").fillna("nothing"),
            left_out=first_true(audits.index, (audits["grade_kind"].isna(), "no final grade")),
        )
    )  # fmt: skip
