"""The public law outline extract: time in pre-proceedings, and care proceedings from issue to final hearing.

Headings are ours, and those of Data to Insight's Standard Safeguarding Dataset (ssd_pre_proceedings), to which two are added: the day
proceedings were issued and the day of the final hearing. A list of proceedings alone is read too.
"""

from __future__ import annotations

import pandas as pd

from loaders.codes_local import APPLICATION, COURT_OUTCOME, PRE_PROCEEDINGS_END
from loaders.cover import register_cover
from loaders.local_fields import HELD_BY
from loaders.rows import Rows
from loaders.source import Cover, Field, Form, Frames, Source, Spoken

CHILD = Field("child_id", ("child_id", "person_id", "prep_person_id", "Child Unique ID", "Child ID"), "id", "row")
COURT = (
    Field("application_kind", ("application", "application_type"), "code", codes=APPLICATION),
    Field("court_outcome_kind", ("court_outcome", "Final order"), "code", codes=COURT_OUTCOME),
)
ISSUED, HEARD = ("issue_date", "Date of issue", "proceedings_issued_date"), ("final_hearing_date", "Date of final hearing")


def _begun(frame: pd.DataFrame) -> pd.Series:
    """The day pre-proceedings began: the decision, or the letter where no decision is dated."""
    return frame["decided_on"].fillna(frame["letter_on"])


def _ended(frame: pd.DataFrame) -> pd.Series:
    """The day pre-proceedings ended; those with no end of their own ended when proceedings were issued."""
    return frame["left_on"].fillna(frame["issued_on"])


def _check(rows: Rows) -> None:
    begun, issued = _begun(rows.frame), rows.frame["issued_on"]
    undated = (begun.isna() & issued.isna()).to_numpy() & ~rows.aside
    rows.set_aside(undated, "decided_on", "has no decision, letter or issue date, so it cannot be placed in time: fill one in")
    by_letter = (rows.frame["decided_on"].isna() & begun.notna()).to_numpy() & ~rows.aside
    rows.tell(by_letter, "decided_on", "has no decision date, so pre-proceedings are taken to begin with the letter: fill in the decision")
    for days, field, what in ((begun, "decided_on", "start of pre-proceedings"), (issued, "issued_on", "issue of proceedings")):
        again = pd.DataFrame({"child": rows.frame["child_id"], "day": days})[~rows.aside & days.notna().to_numpy()].duplicated()
        says = f"is the same {what} of the same child as on an earlier row, and only one can be right: leave it out of one of them"
        rows.set_aside(again.reindex(rows.frame.index, fill_value=False).to_numpy(), field, says)
    if "issued_on" in rows.found.columns and "heard_on" not in rows.found.columns:
        rows.note("there is no “final_hearing_date”, so every set of proceedings reads as still going on: add it", severity="warning")


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    pre = frame.assign(started_on=_begun(frame), ended_on=_ended(frame))
    return {"pre_proceedings": pre[pre["started_on"].notna()], **_proceedings(frame, spoken)}


def _proceedings(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    court = frame.assign(started_on=frame["issued_on"], ended_on=frame["heard_on"], outcome_kind=frame["court_outcome_kind"])
    return {"proceedings": court[court["started_on"].notna()]}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """Of proceedings it speaks only where it holds any: they may be kept elsewhere."""
    covered = {"pre_proceedings": register_cover(_ended(frame[_begun(frame).notna()]), spoken)}  # not those who went straight to court
    return {**covered, **_proceedings_cover(frame, spoken)} if frame["issued_on"].notna().any() else covered


def _proceedings_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"proceedings": register_cover(frame["heard_on"], spoken)}


PRE_PROCEEDINGS_FORM = Form(
    "plo",
    "an extract of pre-proceedings",
    (
        CHILD,
        Field("decided_on", ("decision_date", "prep_pre_pro_decision_date"), "date", "column", when="happened"),
        Field("letter_on", ("letter_date", "prep_pre_pro_letter_date", "letter_before_proceedings_date"), "date", when="happened"),
        Field(
            "left_on",
            ("end_date", "prep_agree_stepdown_issue_date", "pre_proceedings_end_date"),
            "date",
            "column",
            when="happened",
        ),
        Field("outcome_kind", ("outcome", "prep_pre_pro_outcome", "pre_proceedings_outcome"), "code", codes=PRE_PROCEEDINGS_END),
        Field("family_id", ("family_id", "prep_plo_family_id"), "id"),
        Field("issued_on", ISSUED, "date", when="happened"),
        Field("heard_on", HEARD, "date", when="happened"),
        *COURT,
        *HELD_BY,
    ),
    build=_build,
    covers=_covers,
    check=_check,
    spans=(("decided_on", "left_on"), ("issued_on", "heard_on")),
)
PROCEEDINGS_FORM = Form(
    "proceedings",
    "an extract of care proceedings",
    (
        CHILD,
        Field("issued_on", ISSUED, "date", "row", when="happened"),
        Field("heard_on", HEARD, "date", "column", when="happened"),
        *COURT,
        *HELD_BY,
    ),
    build=_proceedings,
    covers=_proceedings_cover,
    unique=("child_id", "issued_on"),
    spans=(("issued_on", "heard_on"),),
)

PLO = Source("plo", "pre-proceedings and care proceedings", (PRE_PROCEEDINGS_FORM, PROCEEDINGS_FORM))
