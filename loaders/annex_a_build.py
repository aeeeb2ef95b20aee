"""What the Annex A lists say, as canonical rows: one function a list, and the days each list speaks for."""

from __future__ import annotations

import pandas as pd

from loaders.annex_a_headings import CHILD_COLUMNS
from loaders.cover import events_cover, window_before
from loaders.rows import Rows
from loaders.source import Cover, Frames, Spoken


def _child(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[[*(column for column in CHILD_COLUMNS if column in frame), "source_row"]]


def _last_seen(frame: pd.DataFrame, cohort: str) -> pd.DataFrame:
    """The last visit printed for each child, as a visit: one that was made, so the child was seen."""
    seen = frame[frame["seen_on"].notna()].drop_duplicates(["child_id", "seen_on"])
    return seen.assign(cohort_kind=cohort, origin_kind="last_seen", happened_on=seen["seen_on"], child_seen=True)


def _held(frame: pd.DataFrame, cohort: str, spoken: Spoken) -> pd.DataFrame:
    """Who held each child's case on the day: of a child's rows the one still open, then the one that started last."""
    still_open = frame["ended_on"].isna() | (frame["ended_on"] > spoken.as_at)
    first = frame.assign(still_open=still_open).sort_values(["still_open", "started_on", "source_row"], ascending=[False, False, True])
    one_each = first.drop_duplicates("child_id").sort_values("source_row")
    return one_each.assign(cohort_kind=cohort, observed_on=spoken.month_end)


def referrals(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"referral": frame, "child": _child(frame)}


def referrals_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"referral": events_cover(frame["happened_on"], spoken)}


def assessments(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"assessment": frame, "child": _child(frame)}


def assessments_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """The list holds assessments open in the window, some begun long before: it is complete from the first authorisation."""
    return {"assessment": events_cover(frame["ended_on"], spoken)}


def set_undated_enquiries_aside(rows: Rows) -> None:
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


def enquiries(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    started = frame[frame["started_on"].notna()]
    held = frame[frame["conference_on"].notna()].drop_duplicates(["child_id", "conference_on", "started_on"])
    return {
        "section47": started.assign(happened_on=started["started_on"]),
        "icpc": held.assign(happened_on=held["conference_on"], section47_on=held["started_on"]),
        "child": _child(frame),
    }


def enquiries_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return dict.fromkeys(("section47", "icpc"), events_cover(frame["started_on"], spoken))


def children_in_need(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    planned = frame[frame["status_kind"] == "in_need_plan"]
    return {
        "case_status": frame.assign(observed_on=spoken.month_end),
        "visit": _last_seen(planned, "cin"),
        "child": _child(frame),
    }


def need_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return dict.fromkeys(("case_status", "visit:cin"), (spoken.as_at, spoken.as_at))


def protection_plans(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {
        "cp_plan": frame,
        "visit": _last_seen(frame, "cp"),
        "allocation": _held(frame, "cp", spoken),
        "child": _child(frame),
    }


def protection_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    window = (window_before(spoken), spoken.as_at)
    return {"cp_plan": window, "allocation:cp": window, "visit:cp": (spoken.as_at, spoken.as_at)}


def children_in_care(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    placed = frame[frame["placed_on"].notna()].drop_duplicates(["child_id", "placed_on"])
    return {
        "cla_episode": frame,
        "placement": placed.assign(started_on=placed["placed_on"]),
        "visit": _last_seen(frame, "cla"),
        "allocation": _held(frame, "cla", spoken),
        "child": _child(frame),
    }


def care_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    window = (window_before(spoken), spoken.as_at)
    covered = dict.fromkeys(("cla_episode", "placement", "allocation:cla"), window)
    return {**covered, "visit:cla": (spoken.as_at, spoken.as_at)}
