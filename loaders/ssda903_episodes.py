"""The episodes of the children looked after return (SSDA903), put together: periods of care, legal statuses and placements.

A period of care runs from an episode that started care (RNE S) to one that ended it (an end date, and a reason other than X1). Within it
a placement runs until RNE says there is a new one (P, T, B or U), and a legal status likewise (L, B or U).

What began before the first episode of a child that the file holds has no start in it. Such a period of care, placement or legal status is
left out and told, never given a later start: it would count twice beside the true one, and make a long time in care look short.
"""

from __future__ import annotations

import pandas as pd

from loaders.return_years import Window, latest_year, return_window
from loaders.source import Cover, Frames, Spoken

STARTS_CARE, STARTS_PLACEMENT, STARTS_STATUS = ("S",), ("S", "P", "T", "B", "U"), ("S", "L", "B", "U")
GOES_ON = "X1"
MOSTLY = 0.9  # of the periods a file holds: with fewer beginnings than this it cannot speak for how many there are


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """The episodes of each child in order, with the period of care, placement and legal status each is part of.

    Adds `period`, `placement`, `status` (numbers), `care_ends` (this episode ended care), `first` (of its period), `next_on` and `next_rne`
    (of the child's next episode, empty for the last).
    """
    e = frame.sort_values(["child_id", "started_on", "ended_on", "source_row"], na_position="last")
    same = e["child_id"].eq(e["child_id"].shift())
    care_ends = e["ended_on"].notna() & e["rec"].notna() & e["rec"].ne(GOES_ON)
    first = ~same | e["rne"].isin(STARTS_CARE) | care_ends.shift(fill_value=False)
    follows = same.shift(-1, fill_value=False)
    return e.assign(
        period=first.cumsum(),
        placement=(first | e["rne"].isin(STARTS_PLACEMENT)).cumsum(),
        status=(first | e["rne"].isin(STARTS_STATUS)).cumsum(),
        care_ends=care_ends, first=first, follows=follows,
        next_on=e["started_on"].shift(-1).where(follows), next_rne=e["rne"].shift(-1).where(follows),
    )  # fmt: skip


def _period_ends(e: pd.DataFrame) -> pd.Series:
    """When each episode's period of care ended; empty while it goes on.

    Care that starts again (S) after an end date ended there, whatever reason was given.
    """
    last = e.drop_duplicates("period", keep="last")
    ended = last["ended_on"].where(last["care_ends"] | last["next_rne"].isin(STARTS_CARE))
    return e["period"].map(pd.Series(ended.to_numpy(), index=last["period"]))


def _runs(e: pd.DataFrame, run: str, starts: tuple[str, ...], values: list[str]) -> pd.DataFrame:
    """One row for each run of episodes (`period`, `placement` or `status`) whose start is known: its days and first known values."""
    groups = e.groupby(run, sort=False)
    heads, tails = e.drop_duplicates(run), e.drop_duplicates(run, keep="last")
    within = tails["period"].eq(tails["period"].shift(-1)).to_numpy()  # another follows in the same period of care
    ends = tails["ended_on"].fillna(tails["next_on"]).where(within, tails["period_ended_on"])
    out = heads[["child_id", "started_on", "source_row"]].assign(ended_on=ends.to_numpy())
    for name in values:
        out[name] = groups[name].first().to_numpy()
    return out[heads["rne"].isin(starts).to_numpy()]


def episodes(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """cla_episode, legal_status and placement."""
    e = in_order(frame)
    e = e.assign(period_ended_on=_period_ends(e))
    placed = ["placement_kind", "provider_kind", "urn", "distance_miles", "location_kind"]
    placements = _runs(e, "placement", STARTS_PLACEMENT, placed)
    change = e.drop_duplicates("placement", keep="last").set_index(e.drop_duplicates("placement")["source_row"].to_numpy())["change_kind"]
    outside = placements["location_kind"].eq("out").astype("boolean").where(placements["location_kind"].notna())
    return {
        "cla_episode": _periods(e),
        "legal_status": _runs(e, "status", STARTS_STATUS, ["legal_status_kind"]),
        "placement": placements.assign(change_kind=placements["source_row"].map(change), out_of_area=outside),
    }


def _periods(e: pd.DataFrame) -> pd.DataFrame:
    """Periods of care: as of their latest episode, with the reason care ended; where it began, by RNE S or a column that says so."""
    began = e.groupby("period", sort=False)["care_began_on"].first()
    heads, tails = e.drop_duplicates("period"), e.drop_duplicates("period", keep="last")
    latest = e.groupby("period", sort=False)[["legal_status_kind", "need_kind"]].last()
    started = heads["started_on"].where(heads["rne"].isin(STARTS_CARE), pd.Series(began.to_numpy(), index=heads.index))
    out = heads[["child_id", "source_row"]].assign(
        started_on=started,
        ended_on=tails["period_ended_on"].to_numpy(),
        end_reason=tails["rec"].where(tails["care_ends"]).to_numpy(),
        legal_status_kind=latest["legal_status_kind"].to_numpy(),
        need_kind=latest["need_kind"].to_numpy(),
    )
    return out[started.notna()]


def episodes_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """The years in which episodes ended (a file of one year holds none that ended before), for what has its beginnings in the file.

    Where fewer than nine in ten periods (placements, legal statuses) have their start in it, the file does not speak for how many there
    were: a month is then without data rather than short of children.
    """
    window: Window = return_window(frame["ended_on"], spoken)
    e = in_order(frame)
    known = {
        "cla_episode": _share_known(e.drop_duplicates("period"), STARTS_CARE),
        "legal_status": _share_known(e.drop_duplicates("status"), STARTS_STATUS),
        "placement": _share_known(e.drop_duplicates("placement"), STARTS_PLACEMENT),
    }
    return {name: window for name, share in known.items() if share >= MOSTLY}


def episodes_complete(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    """The year the return was made for, where every period of care in the file has its start: then what it does not list was not so."""
    e = in_order(frame)
    if _share_known(e.drop_duplicates("period"), STARTS_CARE) < 1:
        return {}
    window = latest_year(return_window(frame["ended_on"], spoken))
    return dict.fromkeys(("cla_episode", "legal_status", "placement"), window)


def _share_known(heads: pd.DataFrame, starts: tuple[str, ...]) -> float:
    known = heads["rne"].isin(starts)
    if starts == STARTS_CARE:
        known |= heads["care_began_on"].notna()
    return float(known.mean()) if len(heads) else 1.0
