"""Workforce: are there enough workers, do they stay, are they trained, and can they carry their work?

Supervision, of the same domain, is in `kpi.supervision`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi import supervision as supervision  # the domain's measures of supervision are registered with these
from kpi.clock import standard_on, standards_of
from kpi.cohorts import latest, observed_at, workers_at
from kpi.model import kpi
from kpi.period import add_months
from kpi.shapes import UNALLOCATED, as_cases, first_true, mean_of
from kpi.staff import NO_HOURS, NOT_CASE_HOLDING, OTHER_WORK, case_holding, in_post_at, social_worker

ESSENTIALS = "Essentials"
CEILING, NEWLY_QUALIFIED = "caseload_ceiling", "caseload_ceiling_newly_qualified"
NO_CASELOAD, NO_CASES = "caseload not recorded", "holds no cases"
NO_AGENCY = "whether an agency worker is not recorded"
TURNOVER_MONTHS = 12


@kpi(
    domain="workforce", title="Average caseload", noun="full-time social workers holding cases", did="cases each", measure="mean",
    basis="stock", better="lower", method="Cases held at the month end", needs=("worker",), sources="The workers extract",
    cannot="Annex A: it has no list of workers",
)  # fmt: skip
def caseload(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Cases held at the month end by social workers, agency included, per full-time equivalent of those who hold at least one case.

    Not cases over all social workers: those with no case, or no working hours recorded, are left out, counted and shown.
    Source: DfE, social work workforce; B2.6.
    """
    workers = workers_at(tables, periods)
    workers = workers[~(workers["ended_on"] <= workers["period"])].reset_index(drop=True)
    cases, fte = workers["caseload"], workers["fte"]
    left_out = first_true(
        workers.index,
        (~social_worker(workers), OTHER_WORK),
        (cases.isna(), NO_CASELOAD),
        (cases <= 0, NO_CASES),
        (~(fte > 0), NO_HOURS),
    )
    plain = cases.fillna(0).astype("int64").astype("str") + " cases"
    return mean_of(workers.assign(case_id=workers["worker_id"], reason=plain), value=cases, weight=fte, left_out=left_out)


@kpi(
    domain="workforce", title="High caseloads", noun="social workers holding cases", did="above the ceiling", basis="stock",
    better="lower", method="Cases held at the month end, for the hours worked", needs=("worker",), duties=(CEILING, NEWLY_QUALIFIED),
    sources="The workers extract", cannot="Annex A: it has no list of workers",
)  # fmt: skip
def high_caseloads(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of case-holding social workers at the month end, those who hold more cases than the local ceiling for their hours.

    The ceiling is 20 cases to a full-time worker and 15 to a newly qualified one (proposals: dated rows of clocks.csv, each council's own
    take their place). A part-time worker's ceiling is their share of it: 10 cases at half time, where 10 is not above and 11 is. Agency
    workers count; a worker not marked newly qualified is taken for one who is not. Those with no caseload or no working hours recorded are
    left out, counted and shown. Source: B2.6, a local measure; full-time equivalents as in the DfE's caseload.
    """
    workers = in_post_at(tables, periods)
    cases, fte = workers["caseload"], workers["fte"]
    new = workers["newly_qualified"].fillna(False).astype(bool)
    ceiling = _ceiling(tables, CEILING, workers["period"]).where(~new, _ceiling(tables, NEWLY_QUALIFIED, workers["period"]))
    above = cases > (ceiling * fte).round(6)
    left_out = first_true(
        workers.index,
        (~social_worker(workers), OTHER_WORK),
        (~case_holding(workers), NOT_CASE_HOLDING),
        (cases.isna(), NO_CASELOAD),
        (cases <= 0, NO_CASES),
        (~(fte > 0), NO_HOURS),
    )
    said = cases.fillna(0).astype("int64").astype("str") + " cases, ceiling " + _plain(ceiling * fte)
    return as_cases(workers.assign(case_id=workers["worker_id"], met=above.where(left_out.isna()), reason=said, left_out=left_out))


@kpi(
    domain="workforce", title="Vacant posts", noun="posts, in full-time equivalents", did="vacant", measure="ratio",
    basis="stock", better="lower", method="Posts at the month end", needs=("establishment",), sources="The establishment extract",
    cannot="The workers extract: it lists people, not posts; nor the yearly census between its Septembers",
)  # fmt: skip
def vacancies(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of all posts at the month end, those vacant: vacancies over vacancies and posts filled, in full-time equivalents.

    A vacant post counts as vacant whether or not an agency worker covers it. A team with no posts or no vacancies recorded, or with more
    vacant than it has posts, is left out, counted and shown. Source: DfE, social work workforce (as at 30 September); B2.6.
    """
    teams = observed_at(tables.establishment, periods)
    posts, vacant = teams["posts_fte"], teams["vacant_fte"]
    left_out = first_true(
        teams.index,
        (~(posts > 0), "posts not recorded"),
        (vacant.isna(), "vacant posts not recorded"),
        ((vacant < 0) | (vacant > posts), "more posts vacant than there are"),
    )
    plain = _plain(vacant) + " of " + _plain(posts) + " posts vacant"
    return mean_of(teams.assign(case_id=teams["team_id"], reason=plain), value=vacant, weight=posts, left_out=left_out)


@kpi(
    domain="workforce", title="Agency workers", noun="social workers in post, in full-time equivalents",
    did="agency workers", measure="ratio", basis="stock", better="lower", method="Workers in post at the month end",
    needs=("worker",), sources="The workers extract",
    cannot="Annex A: it has no list of workers",
)  # fmt: skip
def agency_workers(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of social workers in post at the month end, agency included, those from an agency, in full-time equivalents.

    Those away count, as they are in post. Where it is not recorded whether a worker is from an agency, or what hours they work, they are
    left out, counted and shown. Source: DfE, social work workforce (as at 30 September); B2.6.
    """
    workers = in_post_at(tables, periods)
    agency, fte = workers["agency"].astype("boolean"), workers["fte"]
    left_out = first_true(
        workers.index, (~social_worker(workers), OTHER_WORK), (agency.isna(), NO_AGENCY), (~(fte > 0), NO_HOURS)
    )  # fmt: skip
    hired = agency.fillna(False).astype(bool)
    people = workers.assign(case_id=workers["worker_id"], reason=np.where(hired, "agency worker", "in post"))
    return mean_of(people, value=fte.where(hired, 0.0), weight=fte, left_out=left_out)


@kpi(
    domain="workforce", title="Turnover over 12 months", noun="social workers in post, in full-time equivalents", did="left",
    measure="ratio", basis="stock", better="lower", method="Leavers of the 12 months to the month end, of those in post at it",
    needs=("worker",), history_months=11, span="year", sources="The workers extract, with the day each worker left",
    cannot="Extracts that drop a leaver without a leaving date: such workers are left out, counted and shown",
)  # fmt: skip
def turnover(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Social workers who left in the 12 months to the month end, of those in post at it, in full-time equivalents; agency workers apart.

    As the DfE works it out for the year to 30 September: leavers of the year over those in post at its end, so it can pass 100 %. A case is
    a team: its leavers over those in post; one with leavers and nobody in post now has no figure of its own, and they count in those of
    its service and of the whole. Leavers are known by the leaving date in any extract of the time, the newest word counting, and
    belong to the team they were last listed in. A worker in post at the month end is no leaver, though they left before and came back.
    Left out, counted and shown, a case each: agency workers, those with no hours recorded, those no longer listed who have no leaving date.
    Source: DfE, social work workforce; B2.6.
    """
    year_ago = pd.Series(add_months(periods.to_numpy(), -TURNOVER_MONTHS).astype("datetime64[s]"), index=periods.as_unit("s"))
    rows = pd.concat([in_post_at(tables, periods).assign(left=False), _gone(tables, periods)], ignore_index=True)
    past = rows["ended_on"] <= rows["period"].map(year_ago)
    rows = rows[~(rows["left"].astype(bool) & past)].reset_index(drop=True)
    rows["team_id"] = rows["team_id"].fillna(UNALLOCATED)
    left, fte = rows["left"].astype(bool), rows["fte"]
    agency = rows["agency"].astype("boolean")
    why_not = first_true(
        rows.index,
        (~social_worker(rows), OTHER_WORK),
        (agency.isna(), NO_AGENCY),
        (agency.fillna(False).astype(bool), "agency worker"),
        (left & rows["ended_on"].isna(), "no longer listed, with no leaving date"),
        (~(fte > 0), NO_HOURS),
    )
    rows["left_out"] = why_not
    return as_cases(pd.concat([_by_team(rows[rows["left_out"].isna()]), _people_left_out(rows)], ignore_index=True))


@kpi(
    domain="workforce", title="Essentials training completed", noun="workers required to complete it", did="completed", basis="stock",
    better="higher", method="Workers in post at the month end", needs=("worker",),
    sources="The training extract, or the essentials columns of the workers extract",
    cannot="A training extract alone: the workers extract says who is in post and in which team",
)  # fmt: skip
def essentials_training(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of workers in post at the month end who are required to complete the Essentials training, those who had completed it.

    Where the training extract lists the course, it says who is required, from which day and who completed it; a worker it does not list is
    left out, counted and shown. Otherwise the workers extract's own columns say. Nobody is counted before the day they are required from,
    which is how new starters have time. It works for any course by its name. Source: the accelerated improvement plan; B2.6.
    """
    return course_completed(tables, periods, course=ESSENTIALS)


def course_completed(tables: Tables, periods: pd.DatetimeIndex, *, course: str) -> pd.DataFrame:
    """The cases of one named course (capitals do not matter): workers in post at each period end who are required to have completed it."""
    workers = in_post_at(tables, periods)
    named = tables.training[tables.training["course"].str.strip().str.lower() == course.strip().lower()]
    if len(named):
        listed = named.drop_duplicates("worker_id").set_index("worker_id").reindex(workers["worker_id"]).set_axis(workers.index)
        known, required = listed["course"].notna(), ~(listed["required_from_on"] > workers["period"])
        completed = listed["completed_on"]
    else:
        ours = course.strip().lower() == ESSENTIALS.lower()
        flag = workers["essentials_required"].astype("boolean").where(pd.Series(ours, index=workers.index))
        known, required, completed = flag.notna(), flag.fillna(False).astype(bool), workers["essentials_completed_on"]
    done = completed <= workers["period"]
    left_out = first_true(workers.index, (~known, "not known whether required"), (~required, "not required, or not yet"))
    return as_cases(
        workers.assign(
            case_id=workers["worker_id"], met=done.where(left_out.isna()), happened_on=completed.where(done),
            reason=np.where(done, "completed", "not completed"), left_out=left_out,
        )
    )  # fmt: skip


def _by_team(counted: pd.DataFrame) -> pd.DataFrame:
    """A case a team and period: the hours of its leavers, over those of the people in post, and how many people that is."""
    left, fte = counted["left"].astype(bool), counted["fte"]
    each = counted[["period", "team_id"]].assign(
        value=fte.where(left, 0.0), weight=fte.where(~left, 0.0), leavers=left.astype("int64"), there=(~left).astype("int64")
    )  # fmt: skip
    teams = each.groupby(["period", "team_id"], as_index=False).sum()
    said = teams["leavers"].astype("str") + " left, " + teams["there"].astype("str") + " in post"
    return teams.assign(case_id="team " + teams["team_id"].astype("str"), reason=said)


def _people_left_out(rows: pd.DataFrame) -> pd.DataFrame:
    out = rows[rows["left_out"].notna()]
    return out[["period", "worker_id", "team_id", "left_out"]].assign(case_id="worker " + out["worker_id"].astype("str"))


def _gone(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """At each period end the workers listed in the year before and not in post now, as they were last listed, plus `left`.

    What is known then counts: the extracts up to the period end, and the one that speaks for it.
    """
    now = workers_at(tables, periods)
    spoken = now.groupby("period")["observed_on"].max().reindex(periods.as_unit("s"))
    until = pd.DataFrame({"period": periods.as_unit("s")})
    until["known"] = np.fmax(until["period"].to_numpy(), spoken.to_numpy())
    until["since"] = add_months(until["period"].to_numpy(), -TURNOVER_MONTHS).astype("datetime64[s]")
    until = until[spoken.notna().to_numpy()]
    everybody = until.merge(tables.worker[["worker_id"]].drop_duplicates(), how="cross")
    at = latest(tables.worker["worker_id"], tables.worker["observed_on"], everybody["worker_id"], everybody["known"])
    listed = everybody[at >= 0].drop(columns="worker_id").reset_index(drop=True)
    newest = pd.concat([listed, tables.worker.take(at[at >= 0]).reset_index(drop=True)], axis=1)
    newest = newest[newest["observed_on"] > newest["since"]]
    there = in_post_at(tables, periods)[["period", "worker_id"]].assign(there=True)
    gone = newest.merge(there, on=["period", "worker_id"], how="left")
    gone = gone[gone["there"].isna() & ~(gone["started_on"] > gone["period"])]
    ended = gone["ended_on"].where(gone["ended_on"] <= gone["period"])
    return gone.assign(ended_on=ended, left=True).drop(columns=["known", "since", "there"])


def _ceiling(tables: Tables, duty: str, days: pd.Series) -> pd.Series:
    """The ceiling in force on each day."""
    rows = standards_of(tables.clocks, duty)
    held = np.array([clock.interval for clock in rows], dtype="float64")
    return pd.Series(held[standard_on(rows, days)], index=days.index)


def _plain(values: pd.Series) -> pd.Series:
    """Numbers as people write them: 2 rather than 2.0, and 2.5."""
    return values.round(2).astype("str").str.removesuffix(".0")
