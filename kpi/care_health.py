"""Children in care: is their health looked after, and is someone there for them when they come back from being missing?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.children_in_care import NO_BIRTHDAY, has_reached, in_care, in_hands, on_or_after, time_in_care_on
from kpi.clock import due_by
from kpi.due_rules import Due
from kpi.model import kpi
from kpi.review_rules import DENTAL_RULES, HEALTH_RULES, dental_check_due, health_check_due
from kpi.shapes import as_cases, case_ids, first_true, in_month

ONLY_YES_NO = "SSDA903: it says only whether a check was up to date on 31 March, and that is not mixed with dated checks."


@kpi(
    domain="looked_after", title="Health assessments up to date", noun="children in care for a year or more",
    did="up to date with their health assessment", basis="stock", better="higher", method="Stock method, at the month end",
    needs=("cla_episode", "health_check"), duties=tuple(rule.clock for rule in HEALTH_RULES),
    sources="Annex A list 8 (last health assessment) or SSD; dates of birth", cannot=ONLY_YES_NO,
)  # fmt: skip
def cla_health_checks(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children in care for 12 months or more without a break, those whose health assessment is up to date at the month end.

    Within the 12 months before it, or 6 months for a child who is under 5 that day; the same day so many months before still counts. A
    refused assessment does not count as done, and a child with none recorded is not up to date. Where the date of birth is not recorded
    the child is left out, counted and listed. Source: Care Planning Regulations 2010, regulation 7; DfE, children looked after.
    """
    children = _for_a_year(tables, periods)
    ageless = has_reached(0, children["child_id"], children["period"], tables).isna()
    return _checked(children, health_check_due(children, tables), first_true(children.index, (ageless, NO_BIRTHDAY)))


@kpi(
    domain="looked_after", title="Dental checks up to date", noun="children in care for a year or more", did="up to date with the dentist",
    basis="stock", better="higher", method="Stock method, at the month end", needs=("cla_episode", "health_check"),
    duties=(DENTAL_RULES[0].clock,), sources="Annex A list 8 (last dental check) or SSD", cannot=ONLY_YES_NO,
)  # fmt: skip
def cla_dental_checks(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children in care for 12 months or more without a break, those with a dental check in the 12 months to the month end.

    The same day a year before still counts. A refused check does not count as done, and a child with none recorded is not up to date.
    Children of every age count. Source: DfE, children looked after; KPI choice 3.
    """
    children = _for_a_year(tables, periods)
    return _checked(children, dental_check_due(children, tables), pd.Series(index=children.index, dtype="str"))


@kpi(
    domain="looked_after", title="Return interviews after being missing", noun="returns of children missing from care",
    did="followed by an interview offered in 72 hours", basis="in_period", better="higher",
    method="Missing episodes whose 72 hours ran out in the month", needs=("cla_episode", "missing_episode"), duties=("return_interview",),
    sources="The missing episodes extract, or SSD: missing episodes with their return interview",
    cannot="SSDA903, which has no interviews, and Annex A's yearly counts, which are not mixed with single episodes.",
)  # fmt: skip
def return_interviews(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of times a child in care came back from being missing and the 72 hours ran out in the month, those with an interview in them.

    In time: an interview held within three days of the day of return, or one offered that the child is recorded as having declined; no
    source dates the offer. One held later, or offered and not declined but not held by then, is not in time. Children looked after on the
    day they went missing; being away without authority but not missing is not counted. Where it is not recorded whether an interview was
    offered, and none was held, it is left out, counted and listed; so is a return dated before the child went missing.
    Source: statutory guidance on children who run away or go missing from home or care, 2014; B2.4; KPI choice 9.
    """
    gone = tables.missing_episode
    gone = gone[gone["missing_kind"].fillna("missing") == "missing"]
    gone = gone[time_in_care_on(tables, gone["child_id"], gone["started_on"]) >= 0]
    due = due_by(tables.clocks, "return_interview", gone["ended_on"], tables.bank_holidays).astype("datetime64[s]")
    owed = in_hands(in_month(gone.assign(due_on=due), "due_on", periods), tables)
    held = owed["interview_on"].where(owed["interview_on"] <= owed["period"])
    declined = owed["interview_offered"].fillna(False).astype(bool) & (~owed["interview_accepted"]).fillna(False).astype(bool)
    in_time = (held <= owed["due_on"]) & (held >= owed["ended_on"])
    met = in_time | (declined & held.isna())
    left_out = first_true(
        owed.index,
        (owed["ended_on"] < owed["started_on"], "came back before going missing"),
        (owed["interview_offered"].isna() & held.isna(), "not recorded whether an interview was offered"),
    )
    said = ["interview in 72 hours", "interview offered and declined", "interview after 72 hours"]
    return as_cases(
        owed.assign(
            case_id=case_ids(owed, "started_on", "ended_on"), met=met.where(left_out.isna()), happened_on=held, left_out=left_out,
            reason=np.select([in_time, met, held.notna()], said, "no interview in 72 hours"),
        )
    )  # fmt: skip


def _for_a_year(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    children = in_care(tables, periods)
    return children[on_or_after(12, children["started_on"], children["period"])].reset_index(drop=True)


def _checked(children: pd.DataFrame, due: Due, left_out: pd.Series) -> pd.DataFrame:
    """Up to date while the period end is not after the day the next check falls due; never checked is never up to date."""
    due_on = pd.Series(due.due_on.astype("datetime64[s]"), index=children.index)
    met = due.last_on.notna() & (due_on >= children["period"])
    return as_cases(
        children.assign(
            met=met.where(left_out.isna()), due_on=due_on, happened_on=due.last_on, left_out=left_out,
            reason=np.select([met, due.last_on.notna()], ["up to date", "last checked too long ago"], "no check recorded"),
        )
    )  # fmt: skip
