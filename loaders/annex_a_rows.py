"""What the Annex A lists say alike, as canonical rows: the child, who held the case on the day, and the last visit printed."""

from __future__ import annotations

import pandas as pd

from loaders.rows import UNBORN
from loaders.source import Spoken

CHILD_COLUMNS = ("child_id", "born_on", "sex_kind", "ethnicity_kind", "disabled", "unaccompanied", "expected_on")


def child_rows(frame: pd.DataFrame, spoken: Spoken) -> pd.DataFrame:
    """The child of each row. A date of birth still to come, by at most ten months, is when an unborn child is expected."""
    unborn = (frame["born_on"] > spoken.as_at) & (frame["born_on"] <= spoken.as_at + UNBORN)
    told = frame.assign(expected_on=frame["born_on"].where(unborn), born_on=frame["born_on"].mask(unborn))
    return told[[*(column for column in CHILD_COLUMNS if column in told), "source_row"]]


def last_seen(frame: pd.DataFrame, cohort: str) -> pd.DataFrame:
    """The last visit printed for each child, as a visit: one that was made, so the child was seen."""
    seen = frame[frame["seen_on"].notna()].drop_duplicates(["child_id", "seen_on"])
    return seen.assign(cohort_kind=cohort, origin_kind="last_seen", happened_on=seen["seen_on"], child_seen=True)


def on_the_day(frame: pd.DataFrame, spoken: Spoken) -> pd.DataFrame:
    """One row a child, as at the month end spoken for: the one still open, then the one that started last."""
    still_open = frame["ended_on"].isna() | (frame["ended_on"] > spoken.as_at)
    first = frame.assign(still_open=still_open).sort_values(["still_open", "started_on", "source_row"], ascending=[False, False, True])
    return first.drop_duplicates("child_id").sort_values("source_row").assign(observed_on=spoken.month_end)


def dated(frame: pd.DataFrame, day: str) -> pd.DataFrame:
    """The latest of something that a list prints, as an event of its own, once a child and day.

    Who held the case is left out: the list says who holds it on its own day, which may be months after the event.
    """
    events = frame.loc[frame[day].notna(), ["child_id", day, "source_row"]].drop_duplicates(["child_id", day])
    return events.rename(columns={day: "happened_on"})
