"""Where the episodes of one child contradict one another, in the children looked after return: they are kept, and said."""

from __future__ import annotations

import pandas as pd

from loaders.rows import Rows
from loaders.ssda903_episodes import GOES_ON, MOSTLY, STARTS_CARE, in_order

BEGAN_BEFORE = (
    "is the first episode the file has of this time in care, which began earlier: the day it began is not in the file, so it is left out "
    "of periods of care (and a placement or legal status that began earlier likewise); export all episodes since the child came into care, "
    "or add a column POC_START with the day care began"
)
TOO_FEW = (
    "so it does not say how many children were looked after, as the return of one year alone does not: no month of it is counted as such. "
    "Load the earlier years with it in one file, or Annex A, which has the day care began; what else the return holds is counted"
)
NONE_FOLLOWS = "says another episode follows, and none does: the child is taken as still looked after; give the episode that follows"
NO_REASON = "has no reason beside it (REC): the child is taken as still looked after; give the reason the episode ceased"
NO_END = "has no end date beside it (DEC): the episode is taken as still open; give its end date, or take the reason out"
STILL_OPEN = "begins an episode with no end date, though a later one follows: give it its end date"
NOT_NEXT = "is not the day the child's next episode begins, though care went on: correct whichever is wrong"
ALSO_MOVED = "is another placement than the episode before, but RNE says only the legal status changed: no move was counted; correct one"
ALSO_STATUS = "is another legal status than the episode before, but RNE says only the placement changed: no change was counted; correct one"


def tell_of_the_chain(rows: Rows) -> None:
    """Say of each child's episodes, in order, where one does not fit the next."""
    e = in_order(rows.frame[~rows.aside])
    for mask, field, says in (*_ends(e), *_changes(e)):
        rows.tell(mask.reindex(rows.frame.index, fill_value=False).to_numpy(dtype=bool), field, says)
    heads = e[e["first"]]
    known = int((heads["rne"].isin(STARTS_CARE) | heads["care_began_on"].notna()).sum())
    if known < MOSTLY * len(heads):
        says = f"of {len(heads):,} times in care the file has the beginning of {known:,} ({known / len(heads):.0%})"
        rows.note(f"{says}, {TOO_FEW}", rows.heading("rne"), "warning")


def _ends(e: pd.DataFrame) -> list[tuple[pd.Series, str, str]]:
    ended, reason = e["ended_on"].notna(), e["rec"].notna()
    goes_on = e["follows"] & ~e["next_rne"].isin(STARTS_CARE) & ~e["care_ends"]
    return [
        (e["first"] & ~e["rne"].isin(STARTS_CARE) & e["care_began_on"].isna(), "rne", BEGAN_BEFORE),
        (e["rec"].eq(GOES_ON) & ended & ~e["follows"], "rec", NONE_FOLLOWS),
        (ended & ~reason, "ended_on", NO_REASON),
        (reason & ~ended, "rec", NO_END),
        (~ended & e["follows"], "started_on", STILL_OPEN),
        (ended & goes_on & e["next_on"].ne(e["ended_on"]), "ended_on", NOT_NEXT),
    ]


def _changes(e: pd.DataFrame) -> list[tuple[pd.Series, str, str]]:
    before = e.shift()

    def differs(name: str) -> pd.Series:
        return ~e["first"] & e[name].notna() & before[name].notna() & e[name].ne(before[name])

    return [
        (e["rne"].eq("L") & differs("placement_kind"), "placement_kind", ALSO_MOVED),
        (e["rne"].isin(("P", "T")) & differs("legal_status_kind"), "legal_status_kind", ALSO_STATUS),
    ]
