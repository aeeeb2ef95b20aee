"""What the modules of the children in need census say, as canonical rows, and the year they speak for."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from loaders.return_years import census_year
from loaders.rows import Rows
from loaders.source import Cover, Frames, Spoken

NO_DISABILITY = "NONE"
_LAST_DAY = r"(\d{4}-\d{2}-\d{2})(?!.*\d{4}-\d{2}-\d{2})"


def cover_years(*tables: str) -> Callable[[pd.DataFrame, Spoken], Cover]:
    """A census holds what happened, or was open, in the year from 1 April to the day it speaks of."""
    return lambda frame, spoken: dict.fromkeys(tables, census_year(spoken))


complete_years = cover_years  # and every row of it: that is what a census is


def check_reference_date(rows: Rows) -> None:
    """A census taken early, for a day that has not come, cannot be said to speak of that day."""
    if rows.stated_on is not None and rows.stated_on > rows.today:
        rows.note(
            f"the ReferenceDate ({rows.stated_on:%d/%m/%Y}) has not come, so the file's name, or else the latest date in it, tells what "
            "day it speaks of; say the day with --as-at if that is not right",
            "ReferenceDate", "warning",
        )  # fmt: skip


def no_later_than_the_census(*fields: str) -> Callable[[Rows], None]:
    """Nothing in a census can have happened after the day it speaks of: what did is kept, and said."""

    def check(rows: Rows) -> None:
        if rows.stated_on is not None:
            for field in fields:
                late = (rows.frame[field] > rows.stated_on).to_numpy() & ~rows.aside
                rows.tell(late, field, f"is after the census's own ReferenceDate ({rows.stated_on:%d/%m/%Y}): correct whichever is wrong")

    return check


def children(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """Disabled: any disability named but NONE; not known where none is named."""
    named = frame["disabilities"].str.upper()
    return {"child": frame.assign(disabled=named.ne(NO_DISABILITY).astype("boolean").where(named.notna()))}


def referrals(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """The referrals, and the conferences recorded beside them and not under an enquiry.

    The census records a conference there where there was no section 47 enquiry: the child moved in with a plan. Where the same case has
    an enquiry with a conference that day it is that one, told once; where it has another enquiry, whether it moved in is not known.
    """
    held = frame[frame["conference_on"].notna()]
    asked = held["enquiries"].fillna("")
    days = held["conference_on"].dt.strftime("%Y-%m-%d")
    told = pd.Series([day in text for day, text in zip(days, asked, strict=True)], index=held.index, dtype=bool)
    moved_in = asked.eq("").astype("boolean").where(asked.eq(""))
    conferences = held.assign(happened_on=held["conference_on"], transfer_in=moved_in)[~told]
    return {"referral": frame, "icpc": conferences.drop_duplicates(["child_id", "happened_on"])}


def assessments(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"assessment": frame}


def cin_plans(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"cin_plan": frame}


def set_undated_enquiries_aside(rows: Rows) -> None:
    """An enquiry with no date at all cannot be placed in time; one with only its conference is kept, as a conference."""
    no_later_than_the_census("started_on", "conference_on")(rows)
    started, held = rows.frame["started_on"].notna(), rows.frame["conference_on"].notna()
    neither = (~started & ~held).to_numpy() & ~rows.aside
    rows.set_aside(neither, "started_on", "has neither the day the enquiry began nor a conference: fill in S47ActualStartDate")
    only_held = (~started & held).to_numpy() & ~rows.aside
    rows.tell(
        only_held, "conference_on",
        "is a conference of an enquiry with no start date, so it is left out of conferences held in time: fill in S47ActualStartDate",
    )  # fmt: skip


def enquiries(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    started, held = frame[frame["started_on"].notna()], frame[frame["conference_on"].notna()]
    first = held.sort_values(["started_on", "source_row"], na_position="last").drop_duplicates(["child_id", "conference_on"])
    return {
        "section47": started.assign(happened_on=started["started_on"]),
        "icpc": first.assign(
            happened_on=first["conference_on"],
            section47_on=first["started_on"],
            transfer_in=pd.array([False] * len(first), dtype="boolean"),
        ),
    }


def cp_plans(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """`reviewed_on` lists the days of the plan's reviews, in order; one that is no day is told where the review itself is."""
    latest = frame["reviewed_on"].str.extract(_LAST_DAY, expand=False)
    return {"cp_plan": frame.assign(latest_review_on=pd.to_datetime(latest, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]"))}


def cp_reviews(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"cp_review": frame}


def pre_proceedings(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """Pre-proceedings end with the decision to step up or down; proceedings begin with the application to the court."""
    issued = frame[frame["issued_on"].notna()]
    return {
        "pre_proceedings": frame,
        "proceedings": issued[["child_id", "source_row"]].assign(started_on=issued["issued_on"]),
    }
