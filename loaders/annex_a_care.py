"""Annex A lists 8 and 9: children in care, and young people who have left it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from loaders.annex_a_headings import CHILD_WITH_DISABILITY, HELD_BY, UNACCOMPANIED, not_kept
from loaders.annex_a_rows import child_rows, dated, last_seen, on_the_day
from loaders.codes import CATEGORY_OF_NEED, LEGAL_STATUS, PERMANENCE, PLACEMENT, PROVIDER
from loaders.codes_annex_a import ACCOMMODATION, ACTIVITY, CARE_END, ELIGIBILITY, IN_TOUCH, LOCATION, SUITABILITY
from loaders.cover import complete_window, on_day, window
from loaders.source import Cover, Field, Form, Frames, Spoken

HEALTH_DAYS = {"health_assessment": "health_assessment_on", "dental_check": "dental_check_on"}
PRINTED_LAST: Mapping[str, tuple[str, ...]] = {
    "iro_contact": ("iro_contact_on",), "health_check": tuple(HEALTH_DAYS.values()), "legal_status": ("status_on",),
    "missing_summary": ("missing_episodes", "absent_episodes", "placements"),
}  # fmt: skip


def _printed(frame: pd.DataFrame, fields: tuple[str, ...]) -> bool:
    """Whether the list says any of these of anyone: an export without the column must not read as nobody having it."""
    return bool(frame[list(fields)].notna().any(axis=None))


def _stated(codes: pd.Series, yes: str) -> pd.Series:
    """Whether a code is this one; not known where there is none."""
    return (codes == yes).astype("boolean").mask(codes.isna())


def _children_in_care(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    placed = frame[frame["placed_on"].notna()].drop_duplicates(["child_id", "placed_on"])
    status = frame[frame["status_on"].notna()].drop_duplicates(["child_id", "status_on"])
    each = on_the_day(frame, spoken)
    return {
        "cla_episode": frame,
        "placement": placed.assign(started_on=placed["placed_on"], out_of_area=_stated(placed["location_kind"], "out")),
        "legal_status": status.assign(started_on=status["status_on"]),
        "cla_review": dated(frame, "latest_review_on"),
        "iro_contact": dated(frame, "iro_contact_on"),
        "health_check": _health(frame),
        "missing_summary": each,
        "visit": last_seen(frame, "cla"),
        "allocation": each.assign(cohort_kind="cla"),
        "child": child_rows(frame, spoken),
    }


def _health(frame: pd.DataFrame) -> pd.DataFrame:
    """The last health assessment and dental check: a day is printed only of one that was done, so none is a refusal."""
    checks = [dated(frame, day).assign(health_kind=kind) for kind, day in HEALTH_DAYS.items()]
    return pd.concat(checks, ignore_index=True).assign(refused=False)


def _care_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """Of visits, checks and legal statuses only the latest is printed, so they are spoken for on the day alone.

    Of reviews only the latest is printed too, and whether reviews were held in time needs them all: the list does not speak for them,
    though month by month those it prints are kept.
    """
    covered = dict.fromkeys(("cla_episode", "placement", "allocation:cla"), window(spoken))
    last = [table for table, fields in PRINTED_LAST.items() if _printed(frame, fields)]
    return {**covered, **dict.fromkeys(("visit:cla", *last), on_day(spoken.as_at))}


def _care_complete(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    episodes = complete_window(frame["ended_on"], spoken, "cla_episode", listed=len(frame))
    on_the_month_end = dict.fromkeys(("allocation:cla", "missing_summary"), on_day(spoken.month_end))
    return {**episodes, **on_the_month_end, "visit:cla": on_day(spoken.as_at)} if episodes else {}


def _care_leavers(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {
        "care_leaver": frame.assign(observed_on=spoken.month_end, suitable=_stated(frame["suitability"], "suitable")),
        "pathway_plan": dated(frame, "pathway_reviewed_on"),
        "child": child_rows(frame, spoken),
    }


def _care_leavers_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """The older layout prints no pathway plan, so it does not speak for them."""
    plans = ("pathway_plan",) if _printed(frame, ("pathway_reviewed_on",)) else ()
    return dict.fromkeys(("care_leaver", *plans), on_day(spoken.as_at))


def _care_leavers_complete(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"care_leaver": on_day(spoken.month_end)} if len(frame) else {}


CARE = Form(
    "list_8",
    "Annex A list 8 (children in care)",
    (
        *CHILD_WITH_DISABILITY,
        UNACCOMPANIED,
        Field("started_on", ("Date Started to be Looked After",), "date", "row", when="happened"),
        Field("need_kind", ("Child's Category of Need",), "code", codes=CATEGORY_OF_NEED),
        Field(
            "again_within_12_months",
            (
                "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
                "Is this a second or subsequent episode of being a Looked After Child within the last 12 months (Y/N)",
            ),
            "flag",
            like=r"second or subsequent .* of being a looked after child",
        ),
        Field("status_on", ("Start date of current legal status",), "date", when="happened"),
        Field("legal_status_kind", ("Child's Legal Status",), "code", codes=LEGAL_STATUS, like=r"child.*legal status"),
        Field("latest_review_on", ("Date of Latest Statutory Review",), "date", when="happened"),
        Field("seen_on", ("Date of Last Social Work Visit",), "date", "column", when="happened"),
        Field("permanence_kind", ("What is the permanence plan for this child?",), "code", "column", codes=PERMANENCE),
        Field("iro_contact_on", ("Date of Last IRO Visit / Contact to the Child",), "date", when="happened"),
        Field("health_assessment_on", ("Date of Last Health Assessment",), "date", when="happened"),
        Field("dental_check_on", ("Date of Last Dental Check",), "date", when="happened"),
        Field("placements", ("Number of Placements in the Last 12 months",), "number"),
        Field("ended_on", ("Date Ceased to be Looked After",), "date", "column", when="happened"),
        Field("end_reason", ("Reason Ceased to be Looked After",), "code", codes=CARE_END),
        Field("placed_on", ("Start Date of Most Recent Placement",), "date", "column", when="happened"),
        Field("placement_kind", ("Placement Type",), "code", codes=PLACEMENT),
        Field("provider_kind", ("Placement Provider",), "code", codes=PROVIDER),
        *not_kept("Placement postcode"),
        Field("urn", ("URN of Placement",), "id"),
        Field("location_kind", ("Placement Location",), "code", codes=LOCATION),
        *not_kept("LA of Placement"),
        Field(
            "missing_episodes",
            ("Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months",),
            "number",
            like=r"number of episodes the child has been.*missing.*from their placement",
        ),
        Field(
            "absent_episodes",
            ("Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",),
            "number",
            like=r"number of episodes the child has been.*absent.*from their placement",
        ),
        Field("interview_offered", ("Was the child offered a Return Interview after their last missing episode (Y/N)?",), "flag"),
        Field("interview_accepted", ("Did the child accept a Return Interview after their last missing episode (Y/N)?",), "flag"),
        *HELD_BY,
    ),
    build=_children_in_care,
    covers=_care_cover,
    complete=_care_complete,
    unique=("child_id", "started_on"),
    spans=(("started_on", "ended_on"),),
    number=8,
)

LEAVING_CARE = Form(
    "list_9",
    "Annex A list 9 (leaving care services)",
    (
        *CHILD_WITH_DISABILITY,
        UNACCOMPANIED,
        *HELD_BY,
        Field("adviser_id", ("Allocated Personal Advisor", "Allocated Personal Adviser"), "id"),
        Field("eligibility_kind", ("Eligibility Category", "Eligibity Category"), "code", "column", codes=ELIGIBILITY),
        Field("pathway_reviewed_on", ("Latest Pathway Plan Review Date",), "date", when="happened"),
        Field("in_touch_kind", ("LA in Touch",), "code", "column", codes=IN_TOUCH, expected=True),
        Field("latest_contact_on", ("Latest Date of Contact",), "date", when="happened"),
        Field("accommodation_kind", ("Type of Accommodation", "Type of Accomodation"), "code", codes=ACCOMMODATION),
        Field("suitability", ("Suitability of Accommodation", "Suitability of Accomodation"), "code", codes=SUITABILITY),
        Field("activity_kind", ("Activity Status",), "code", codes=ACTIVITY),
    ),
    build=_care_leavers,
    covers=_care_leavers_cover,
    complete=_care_leavers_complete,
    unique=("child_id",),
    number=9,
)
