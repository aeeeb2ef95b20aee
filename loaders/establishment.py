"""The establishment extract: the posts of each team on a day, how many are vacant, and how many agency workers cover."""

from __future__ import annotations

import pandas as pd

from loaders.cover import shown_complete, shown_days
from loaders.rows import Rows
from loaders.source import Cover, Field, Form, Frames, Source, Spoken


def _check(rows: Rows) -> None:
    more = (rows.frame["vacant_fte"] > rows.frame["posts_fte"]).to_numpy() & ~rows.aside
    rows.tell(more, "vacant_fte", "is more than the posts there are: correct whichever is wrong")


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"establishment": frame}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"establishment": shown_days(frame["observed_on"], spoken)}


def _complete(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return shown_complete(frame["observed_on"], "establishment")


ESTABLISHMENT = Source(
    "establishment",
    "establishment",
    (
        Form(
            "establishment",
            "an establishment extract",
            (
                Field("team_id", ("team", "Team name"), "id", "row"),
                Field("observed_on", ("snapshot_date", "Date of snapshot"), "date", "row", when="happened"),
                Field("posts_fte", ("posts_fte", "Posts (FTE)", "Established posts"), "number", "column", low=0),
                Field("vacant_fte", ("vacant_fte", "Vacant (FTE)", "Vacant posts"), "number", "column", low=0),
                Field("agency_fte", ("agency_covering_fte", "agency_fte", "Agency covering (FTE)"), "number", low=0),
            ),
            build=_build,
            covers=_covers,
            complete=_complete,
            unique=("team_id", "observed_on"),
            check=_check,
        ),
    ),
    carries_its_day=True,
)
