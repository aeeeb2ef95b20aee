"""Annex A lists 5 to 7: section 47 enquiries and initial conferences, children in need, child protection plans."""

from __future__ import annotations

import pandas as pd

from loaders.annex_a_headings import CHILD_WITH_DISABILITY, HELD_BY, not_kept
from loaders.annex_a_rows import child_rows, dated, last_seen, on_the_day
from loaders.codes import CASE_STATUS, CATEGORY_OF_ABUSE, CATEGORY_OF_NEED
from loaders.codes_annex_a import CLOSURE
from loaders.cover import complete_window, events_cover, on_day, window
from loaders.rows import Rows
from loaders.source import Cover, Field, Form, Frames, Spoken

LATE_CONFERENCE = pd.DateOffset(months=3)


def _set_undated_enquiries_aside(rows: Rows) -> None:
    """A row with neither date cannot be placed in time; one with only a conference is kept, as a conference."""
    started, held = rows.frame["started_on"].notna(), rows.frame["conference_on"].notna()
    neither = (~started & ~held).to_numpy() & ~rows.aside
    rows.set_aside(neither, "started_on", "has neither a strategy discussion date nor a conference date: fill in the date it began")
    only_held = (~started & held).to_numpy() & ~rows.aside
    rows.tell(
        only_held,
        "started_on",
        "has a conference but no strategy discussion date, so it is left out of conferences held in time: fill in the date",
    )
    conference = rows.frame.loc[held & started & ~rows.aside, ["child_id", "conference_on", "started_on"]]
    again = conference.duplicated().reindex(rows.frame.index, fill_value=False).to_numpy()
    rows.tell(again, "conference_on", "is the same conference of the same child and enquiry as on an earlier row: counted once")


def _enquiries(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    started = frame[frame["started_on"].notna()]
    held = frame[frame["conference_on"].notna()].drop_duplicates(["child_id", "conference_on", "started_on"])
    return {
        "section47": started.assign(happened_on=started["started_on"]),
        "icpc": held.assign(happened_on=held["conference_on"], section47_on=held["started_on"]),
        "child": child_rows(frame, spoken),
    }


def _enquiries_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return dict.fromkeys(("section47", "icpc"), events_cover(frame["started_on"], spoken))


def _enquiries_complete(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """A conference is listed with the enquiry it came from, and that may have begun before the window.

    So the list is complete of enquiries for its whole window, and of conferences for what is left of it after three months: a late
    conference of an older enquiry must not be taken for one that was struck out.
    """
    spans = complete_window(frame["started_on"], spoken, "section47", listed=len(frame))
    if not spans:
        return {}
    first, last = spans["section47"]
    return {**spans, "icpc": (min(first + LATE_CONFERENCE, last), last)}


def _children_in_need(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    planned = frame[frame["status_kind"] == "in_need_plan"]
    return {
        "case_status": frame.assign(observed_on=spoken.month_end),
        "visit": last_seen(planned, "cin"),
        "child": child_rows(frame, spoken),
    }


def _need_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return dict.fromkeys(("case_status", "visit:cin"), on_day(spoken.as_at))


def _need_complete(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"case_status": on_day(spoken.month_end), "visit:cin": on_day(spoken.as_at)} if len(frame) else {}


def _protection_plans(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {
        "cp_plan": frame,
        "cp_review": dated(frame, "latest_review_on"),
        "visit": last_seen(frame, "cp"),
        "allocation": on_the_day(frame, spoken).assign(cohort_kind="cp"),
        "child": child_rows(frame, spoken),
    }


def _protection_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """Of visits only the last is printed, so they are spoken for on the day alone.

    Of reviews only the latest is printed too, and whether reviews were held in time needs them all: the list does not speak for them,
    though month by month those it prints are kept.
    """
    return {**dict.fromkeys(("cp_plan", "allocation:cp"), window(spoken)), "visit:cp": on_day(spoken.as_at)}


def _protection_complete(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    plans = complete_window(frame["ended_on"], spoken, "cp_plan", listed=len(frame))
    return {**plans, "allocation:cp": on_day(spoken.month_end), "visit:cp": on_day(spoken.as_at)} if plans else {}


ENQUIRIES = Form(
    "list_5",
    "Annex A list 5 (section 47 enquiries and initial conferences)",
    (
        *CHILD_WITH_DISABILITY,
        Field("started_on", ("Strategy discussion initiating Section 47 Enquiry Start Date",), "date", "column", when="happened"),
        Field("conference_unnecessary", ("Was an Initial Child Protection Conference deemed unnecessary?",), "flag"),
        Field("conference_on", ("Date of Initial Child Protection Conference",), "date", "column", when="happened"),
        Field("led_to_plan", ("Did the Initial Child Protection Conference Result in a Child Protection Plan",), "flag"),
        *not_kept("Number of Section 47 Enquiries in the last 12 months", "Number of ICPCs in the last 12 months"),
        *HELD_BY,
    ),
    build=_enquiries,
    covers=_enquiries_cover,
    complete=_enquiries_complete,
    check=_set_undated_enquiries_aside,
    spans=(("started_on", "conference_on"),),
    number=5,
)

NEED = Form(
    "list_6",
    "Annex A list 6 (children in need)",
    (
        *CHILD_WITH_DISABILITY,
        Field("started_on", ("CIN Start Date",), "date", "row", when="happened"),
        Field("need_kind", ("Primary Need Code",), "code", codes=CATEGORY_OF_NEED),
        Field("seen_on", ("Date Child Was Last Seen",), "date", "column", when="happened"),
        Field("ended_on", ("CIN Closure Date",), "date", "column", when="happened"),
        Field("closure_reason", ("Reason for Closure",), "code", codes=CLOSURE),
        Field("status_kind", ("Case Status",), "code", "column", codes=CASE_STATUS, expected=True),
        *HELD_BY,
    ),
    build=_children_in_need,
    covers=_need_cover,
    complete=_need_complete,
    unique=("child_id", "started_on"),
    spans=(("started_on", "ended_on"),),
    number=6,
)

PROTECTION = Form(
    "list_7",
    "Annex A list 7 (child protection)",
    (
        *CHILD_WITH_DISABILITY,
        Field("started_on", ("Child Protection Plan Start Date",), "date", "row", when="happened"),
        Field("initial_category_kind", ("Initial Category of Abuse",), "code", codes=CATEGORY_OF_ABUSE),
        Field("category_kind", ("Latest Category of Abuse",), "code", codes=CATEGORY_OF_ABUSE),
        Field("seen_on", ("Date of the Last Statutory Visit",), "date", "column", when="happened"),
        Field("seen_alone", ("Was the Child Seen Alone?",), "flag"),
        Field("latest_review_on", ("Date of latest review conference",), "date", when="happened"),
        Field("ended_on", ("Child Protection Plan End Date",), "date", "column", when="happened"),
        Field(
            "emergency_powers",
            ("Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",),
            "flag",
            like=r"subject to emergency protection order",
        ),
        Field("previous_plans", ("Number of Previous Child Protection Plans",), "number"),
        *HELD_BY,
    ),
    build=_protection_plans,
    covers=_protection_cover,
    complete=_protection_complete,
    unique=("child_id", "started_on"),
    spans=(("started_on", "ended_on"),),
    number=7,
)
