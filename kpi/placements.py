"""Children in care: do they live close to home, in one place, with carers of the council's own?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.tables import Tables
from kpi.children_in_care import (
    NO_BIRTHDAY,
    NO_PLACEMENT,
    SHORT_BREAKS,
    has_reached,
    in_care,
    in_the_year,
    on_or_after,
    placed_at,
    rows_at,
    time_in_care_on,
    times_in_care,
)
from kpi.cohorts import Timeline
from kpi.model import kpi
from kpi.shapes import as_cases, first_true, tally

MANY_PLACEMENTS = 3
FAR_MILES = 20
FOSTERING = ("U1", "U2", "U3", "U4", "U5", "U6")
OWN_PROVISION = "PR1"
UNREGULATED = ("H5", "P2", "Z1", "Z11", "Z12", "Z13", "Z14")  # semi-independent, independent living, other; K3 is registered
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
ADOPTIVE = ("A3", "A4", "A5", "A6")
ADOPTED_BY_CARERS = ("A3", "A5")  # with the foster carers the child already lived with
STATUS_ONLY = "PLACE"  # the reason that keeps a placement: a change in its status only


@kpi(
    domain="looked_after", title="Three or more placements in 12 months", noun="children in care", did="in three or more placements",
    basis="stock", better="lower", method="The 12 months to the month end", needs=("cla_episode", "placement"), history_months=11,
    span="rolling", sources="Placements: SSDA903 episodes, SSD, or Annex A list 8 loaded every month",
    cannot="One Annex A workbook alone: it prints the present placement, and its own count of placements is not used.",
)  # fmt: skip
def cla_three_placements(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children in care at the month end, those who lived in three or more placements in the 12 months to it.

    The placement a child was in on the first of those days counts, as does one of an earlier time in care. A placement lasts at least a
    day; temporary ones (T0 to T4: hospital, holiday) are not placements of their own, and going back to the same kind of placement,
    provider and address after one continues it. One that begins the day the last ended continues it where only its status changed (reason
    PLACE) or the carers adopt the child (A3, A5). Short breaks are left out. A child with no placement recorded is left out, counted and
    listed. Source: DfE, children looked after; KPI choices 3 and 12; the rolling year in place of the year to March is ours.
    """
    children = in_care(tables, periods)
    count = pd.Series(in_the_year(homes(tables), children), index=children.index)
    many = count >= MANY_PLACEMENTS
    return as_cases(
        children.assign(
            met=many.where(count > 0), happened_on=placed_at(children, tables)["started_on"],
            reason=count.astype("str") + np.where(count == 1, " placement", " placements") + " in 12 months",
            left_out=first_true(children.index, (count <= 0, NO_PLACEMENT)),
        )
    )  # fmt: skip


@kpi(
    domain="looked_after", title="Long-term stability of placements", noun="children in care for two and a half years or more",
    did="two years or more in one placement", basis="stock", better="higher", method="Children under 16 at the month end",
    needs=("cla_episode", "placement"), sources="Placements: SSDA903 episodes, SSD or Annex A list 8; dates of birth",
    cannot="Extracts without dates of birth or the day the placement began.",
)  # fmt: skip
def cla_long_term_stability(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children under 16 who have been in care for two and a half years without a break, those two years or more in one placement.

    A child placed for adoption counts where the adoptive placement and the one before it come to two years together. A placement
    continues another as in "three or more placements"; the last day of the two years, and of the two and a half, counts. Children whose
    date of birth or placement is not recorded are left out, counted and listed. Source: DfE, children looked after.
    """
    children = in_care(tables, periods)
    children = children[on_or_after(30, children["started_on"], children["period"])].reset_index(drop=True)
    sixteen = has_reached(16, children["child_id"], children["period"], tables)
    kept = (~sixteen).fillna(True).astype(bool)
    children, unknown = children[kept].reset_index(drop=True), sixteen.isna()[kept].reset_index(drop=True)
    began = _home_began(children, tables)
    return as_cases(
        children.assign(
            met=on_or_after(24, began, children["period"]), happened_on=began,
            reason=np.where(on_or_after(24, began, children["period"]), "two years or more in one placement", "less than two years in it"),
            left_out=first_true(children.index, (unknown, NO_BIRTHDAY), (began.isna(), NO_PLACEMENT)),
        )
    )  # fmt: skip


@kpi(
    domain="looked_after", title="Placed more than 20 miles away", noun="children in care", did="placed far from home", basis="stock",
    better="lower", method="Placements at the month end", needs=("cla_episode", "placement"),
    sources="Placements with their distance and area: SSD, or SSDA903 where the system adds them",
    cannot="Annex A, which has no distance, and postcodes, which are not kept: no distance is worked out from them.",
)  # fmt: skip
def cla_over_20_miles(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children in care at the month end, those placed more than 20 miles from home and outside the council's boundary.

    Home is the address the child was first placed from. Exactly 20 miles is not more than 20. Where the distance or the side of the
    boundary is not recorded the child is left out, counted and listed, even if the other settles it: else a source that gives only one of
    them would show nobody placed far away. A child with no placement recorded is left out too. Source: DfE, children looked after.
    """
    children = in_care(tables, periods)
    here = placed_at(children, tables)
    known = here["distance_miles"].notna() & here["out_of_area"].notna()
    away = ((here["distance_miles"] > FAR_MILES).astype("boolean") & here["out_of_area"]).where(known)
    return _share_of_placed(
        children, here, away, yes="more than 20 miles from home and out of area", no="within 20 miles or in the area",
        unknown="distance or area not recorded",
    )  # fmt: skip


@kpi(
    domain="looked_after", title="Foster placements with the council's own carers", noun="children in foster placements",
    did="placed with the council's own carers", basis="stock", better="higher", method="Placements at the month end",
    needs=("cla_episode", "placement"), sources="Placements with their provider: SSDA903 episodes, Annex A list 8, SSD",
    cannot="Placements without a provider.",
)  # fmt: skip
def in_house_foster(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children in care in a foster placement at the month end (U1 to U6), those placed with the council's own carers (PR1).

    Relatives and friends approved as the council's foster carers are its own. The share of own provision of all placements is a different
    measure, and the published one. A provider not recorded is left out, counted and listed. Source: B2.4; a local measure.
    """
    children = in_care(tables, periods)
    here = placed_at(children, tables)
    fostered = here["placement_kind"].isin(FOSTERING)
    children, here = children[fostered].reset_index(drop=True), here[fostered].reset_index(drop=True)
    return _share_of_placed(children, here, _own(here), yes="own provision", no="another provider", unknown="provider not recorded")


@kpi(
    domain="looked_after", title="Placed in the council's own provision", noun="children in care", did="in own provision", basis="stock",
    better="higher", method="Placements at the month end", needs=("cla_episode", "placement"),
    sources="Placements with their provider: SSDA903 episodes, Annex A list 8, SSD", cannot="Placements without a provider.",
)  # fmt: skip
def own_provision(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of children in care at the month end, those placed in the council's own provision (PR1), of whatever kind.

    Children placed with their parents (PR0) are in the denominator. A provider or placement not recorded is left out, counted and listed.
    Source: DfE, children looked after.
    """
    children = in_care(tables, periods)
    here = placed_at(children, tables)
    return _share_of_placed(children, here, _own(here), yes="own provision", no="another provider", unknown="provider not recorded")


@kpi(
    domain="looked_after", title="Children in unregulated placements", noun="children in unregulated placements", did="placed there",
    measure="count", basis="stock", better="lower", method="Placements at the month end", needs=("cla_episode", "placement"),
    sources="Placements with their kind: SSDA903 episodes, Annex A list 8, SSD", cannot="Placements without their kind.",
)  # fmt: skip
def unregulated_placements(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """How many children in care live, at the month end, in a placement that is not regulated as a home or as fostering.

    Semi-independent living not subject to the children's homes regulations (H5), independent living (P2) and other placements (Z1, and Z11
    to Z14 from 2025); supported accommodation that is registered (K3) is not one. The codes do not say whether a place should have been
    registered. Children under 16, who must not live in one, are counted and shown apart, as are those of unknown age. A child whose kind of
    placement is not recorded is left out and listed. Source: DfE, children looked after; which codes count is our choice.
    """
    children = in_care(tables, periods)
    here = placed_at(children, tables)
    unknown = here["placement_kind"].isna()
    kept = unknown | here["placement_kind"].isin(UNREGULATED)
    children, here, unknown = children[kept].reset_index(drop=True), here[kept].reset_index(drop=True), unknown[kept].reset_index(drop=True)
    sixteen = has_reached(16, children["child_id"], children["period"], tables)
    under, ageless = ~unknown & (~sixteen).fillna(False).astype(bool), ~unknown & sixteen.isna()
    left_out = first_true(children.index, (here["started_on"].isna(), NO_PLACEMENT), (unknown, "kind of placement not recorded"))
    apart = first_true(children.index, (under, "under 16"), (ageless, NO_BIRTHDAY))
    kind = "placement of kind " + here["placement_kind"].fillna("not recorded")
    return tally(children.assign(apart=apart, happened_on=here["started_on"]), "started_on", reason=kind, left_out=left_out)


def homes(tables: Tables) -> pd.DataFrame:
    """Every placement as the child lived it, those that continue one another as one, in order of child and day.

    Returns child_id, started_on, ended_on, placement_kind (the first one's) and before_on: when the home it followed on from began,
    empty where none ended the day it started.
    """
    return tables.once("homes", lambda: _homes(tables))  # type: ignore[no-any-return]


def _homes(tables: Tables) -> pd.DataFrame:
    rows = _in_order(tables)
    same = rows["child_id"].eq(rows["child_id"].shift())
    back = same & rows["after_temporary"]
    for name in ("placement_kind", "provider_kind", "urn"):
        back &= rows[name].eq(rows[name].shift()) | (rows[name].isna() & rows[name].shift().isna())
    follows = same & rows["started_on"].eq(rows["ended_on"].shift())
    keeps = rows["change_kind"].shift().eq(STATUS_ONLY) | rows["placement_kind"].isin(ADOPTED_BY_CARERS)
    first = np.flatnonzero(~(back | (follows & keeps)))
    last = np.append(first[1:], len(rows)) - 1 if len(first) else first
    out = rows[["child_id", "started_on"]].take(first).reset_index(drop=True)
    out["ended_on"] = rows["ended_on"].to_numpy()[last]
    out["placement_kind"] = rows["placement_kind"].take(first).to_numpy()
    follows_on = follows.to_numpy()[first]
    out["before_on"] = out["started_on"].shift().where(follows_on)
    return out


def _in_order(tables: Tables) -> pd.DataFrame:
    """Placements of at least a day, by child and start; temporary ones and those of short breaks taken out.

    Each ends when the next one starts or the child leaves care, if not before.
    """
    rows = tables.placement.sort_values(["child_id", "started_on"], kind="stable", ignore_index=True)
    following = rows["started_on"].shift(-1).where(rows["child_id"].eq(rows["child_id"].shift(-1)))
    care = time_in_care_on(tables, rows["child_id"], rows["started_on"])
    left_care = rows_at(times_in_care(tables)[["ended_on"]], care)["ended_on"]
    rows["ended_on"] = pd.concat([rows["ended_on"], following, left_care], axis=1).min(axis=1)
    temporary = rows["placement_kind"].isin(TEMPORARY)
    before, same = rows.shift(), rows["child_id"].eq(rows["child_id"].shift())
    kept_up = before["started_on"].eq(rows["ended_on"].shift(2)) & rows["child_id"].eq(rows["child_id"].shift(2))
    rows["after_temporary"] = same & temporary.shift(fill_value=False) & before["ended_on"].eq(rows["started_on"]) & kept_up
    breaks = tables.cla_episode[tables.cla_episode["legal_status_kind"].isin(SHORT_BREAKS)].reset_index(drop=True)
    short_break = _began_in(breaks, rows) & (care < 0)
    lasted = rows["started_on"].notna() & ~(rows["ended_on"] <= rows["started_on"])
    return rows[lasted & ~temporary & ~short_break].reset_index(drop=True)


def _began_in(breaks: pd.DataFrame, rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether each placement began in one of these times of short breaks."""
    at = Timeline.of(breaks, "started_on").last(rows["child_id"], rows["started_on"])
    ended = rows_at(breaks[["ended_on"]], at)["ended_on"]
    return (at >= 0) & ~(ended <= rows["started_on"]).to_numpy()


def _home_began(children: pd.DataFrame, tables: Tables) -> pd.Series:
    """When each child's present home began; for an adoptive one, when the one before it did. Empty where no placement is recorded."""
    every = homes(tables)
    at = Timeline.of(every, "started_on").last(children["child_id"], children["period"])
    home = rows_at(every, at).set_index(children.index)
    began = home["started_on"].where(~(home["placement_kind"].isin(ADOPTIVE) & home["before_on"].notna()), home["before_on"])
    recorded = placed_at(children, tables)["started_on"].notna() & (home["started_on"] >= children["started_on"])
    return began.where(recorded)


def _own(here: pd.DataFrame) -> pd.Series:
    return (here["provider_kind"] == OWN_PROVISION).astype("boolean").where(here["provider_kind"].notna())


def _share_of_placed(children: pd.DataFrame, here: pd.DataFrame, flag: pd.Series, *, yes: str, no: str, unknown: str) -> pd.DataFrame:
    """The share of children for whom a statement about their placement is true; what is not recorded is left out, counted and shown."""
    return as_cases(
        children.assign(
            met=flag, happened_on=here["started_on"], reason=np.where(flag.fillna(False), yes, no),
            left_out=first_true(children.index, (here["started_on"].isna(), NO_PLACEMENT), (flag.isna(), unknown)),
        )
    )  # fmt: skip
