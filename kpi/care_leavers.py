"""Care leavers: do young people leave care with a home, work and someone to turn to?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.children_in_care import NO_BIRTHDAY, has_reached
from kpi.clock import due_by
from kpi.cohorts import observed_at
from kpi.model import kpi
from kpi.review_rules import PATHWAY_PLAN, pathway_plan_due
from kpi.shapes import as_cases, case_ids, first_true, in_month

FORMER_RELEVANT = "former_relevant"
OUT_OF_TOUCH = ("no", "refused")
NO_LONGER = ("died", "returned_home")
NOT_IN_THE_COUNTRY = ("G", "H", "R")  # abroad, deported, residence not known
WORKING_OR_LEARNING = r"^[FP]\d"  # F1, F2, F4, F5 and P1, P2, P4, P5; G4, G5 and G6 are not
AGES = "aged 19 to 21"
FEED = "Annex A list 9, SSDA903 (OC3) or SSD, and dates of birth"
NO_CENSUS = "The CIN census: it has no care leavers."


@kpi(
    domain="care_leavers", title="Care leavers in a suitable home", noun=f"care leavers {AGES}", did="in a suitable home", basis="stock",
    better="higher", method=f"Former relevant young people {AGES} at the month end", needs=("care_leaver",), sources=FEED, cannot=NO_CENSUS,
)  # fmt: skip
def care_leavers_suitable_home(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of care leavers aged 19 to 21, those whose home is judged suitable, as the extract that speaks for the month end says.

    Former relevant young people; a blank eligibility is taken for it. Those who died, went back to their parents, are abroad or deported,
    or whose residence is not known are left out. Where suitability is blank, a young person who is not in touch or refuses contact is not
    in a suitable home; any other is left out, counted and shown. Those without a date of birth are left out too.
    Source: DfE, children looked after (care leavers); the published figure is of the year's birthdays, this one of the day.
    """
    leavers, left_out = _aged_19_to_21(tables, periods)
    gone = leavers["in_touch_kind"].isin(OUT_OF_TOUCH)
    suitable = leavers["suitable"].mask(leavers["suitable"].isna() & gone, False)
    away = leavers["accommodation_kind"].str[:1].isin(NOT_IN_THE_COUNTRY)
    left_out = left_out.fillna(
        first_true(leavers.index, (away, "abroad, deported or residence not known"), (suitable.isna(), "suitability not recorded"))
    )
    return _share(leavers, suitable, left_out, "in a suitable home", "not in a suitable home")


@kpi(
    domain="care_leavers", title="Care leavers in education, employment or training", noun=f"care leavers {AGES}",
    did="in education, employment or training", basis="stock", better="higher",
    method=f"Former relevant young people {AGES} at the month end", needs=("care_leaver",), sources=FEED, cannot=NO_CENSUS,
)  # fmt: skip
def care_leavers_in_education_or_work(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of care leavers aged 19 to 21, those in education, employment or training, full or part time (activity F or P), on the day.

    Those ill or disabled (G4), pregnant or parenting (G6) or without any of them (G5) are not, whatever the reason. Where the activity is
    blank, a young person who is not in touch or refuses contact is not in any; any other is left out, counted and shown. Who is counted is
    as in "care leavers in a suitable home", but those abroad stay in. Source: DfE, children looked after (care leavers).
    """
    leavers, left_out = _aged_19_to_21(tables, periods)
    activity = leavers["activity_kind"]
    active = activity.str.contains(WORKING_OR_LEARNING).astype("boolean").where(activity.notna())
    active = active.mask(active.isna() & leavers["in_touch_kind"].isin(OUT_OF_TOUCH), False)
    left_out = left_out.fillna(first_true(leavers.index, (active.isna(), "activity not recorded")))
    return _share(leavers, active, left_out, "in education, employment or training", "not in education, employment or training")


@kpi(
    domain="care_leavers", title="Care leavers the council is in touch with", noun=f"care leavers {AGES}", did="in touch", basis="stock",
    better="higher", method=f"Former relevant young people {AGES} at the month end", needs=("care_leaver",), sources=FEED, cannot=NO_CENSUS,
)  # fmt: skip
def care_leavers_in_touch(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of care leavers aged 19 to 21, those the council is in touch with, as the extract that speaks for the month end says.

    A young person who refuses contact or no longer needs services is not in touch, and is counted. Those who died or went back to their
    parents, and those of whom it is not recorded, are left out, counted and shown. Source: DfE, children looked after (care leavers).
    """
    leavers, left_out = _aged_19_to_21(tables, periods)
    said = leavers["in_touch_kind"]
    left_out = left_out.fillna(first_true(leavers.index, (said.isna(), "not recorded whether in touch")))
    return _share(leavers, (said == "yes").astype("boolean").where(said.notna()), left_out, "in touch", "not in touch")


@kpi(
    domain="care_leavers", title="Pathway plans reviewed in 6 months", noun="care leavers", did="with a plan reviewed in 6 months",
    basis="stock", better="higher", method="Stock method, at the month end", needs=("care_leaver",), duties=(PATHWAY_PLAN.clock,),
    sources="Annex A list 9 (latest pathway plan review, 2024 layout), or SSD",
    cannot="SSDA903 and the CIN census, and Annex A before 2024.",
)  # fmt: skip
def pathway_plans_current(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of care leavers at the month end, those whose pathway plan was made or reviewed within the last 6 months.

    Young people of every age whom the law gives a plan: eligible, relevant and former relevant, and those of blank eligibility. Qualifying
    young people, those who died or went back to their parents, and those who no longer need services are left out, counted and shown. The
    same day 6 months before still counts; a plan with no review recorded is not current. Source: Care Leavers Regulations 2010,
    regulation 7; KPI choice 3.
    """
    leavers = _leavers(tables, periods)
    rule = pathway_plan_due(leavers, tables)
    due = pd.Series(rule.due_on.astype("datetime64[s]"), index=leavers.index)
    left_out = first_true(
        leavers.index,
        (leavers["eligibility_kind"] == "qualifying", "qualifying: no plan is due by law"),
        (leavers["in_touch_kind"].isin(NO_LONGER), "died or returned home"),
        (leavers["in_touch_kind"] == "not_required", "no longer needs services"),
    )
    current = rule.last_on.notna() & (due >= leavers["period"])
    out = leavers.assign(due_on=due.where(rule.last_on.notna()), last_on=rule.last_on)
    said = np.where(rule.last_on.isna(), "no review recorded", "reviewed too long ago")
    return _share(out, current.astype("boolean"), left_out, "reviewed in time", said)


@kpi(
    domain="care_leavers", title="Homeless 16 and 17 year olds jointly assessed", noun="young people of 16 or 17 who came as homeless",
    did="jointly assessed in time", basis="in_period", better="higher", method="Joint assessments falling due in the month",
    needs=("homeless_presentation",), duties=("homeless_assessment",), sources="The extract of homeless 16 and 17 year olds",
    recommendation="4", cannot="Every national return, Annex A and SSD: none has these presentations.",
)  # fmt: skip
def homeless_jointly_assessed(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Of 16 and 17 year olds who came as homeless and whose joint assessment fell due in the month, those assessed by then.

    Jointly: by housing and children's services together. Due 10 working days (or the local standard in clocks.csv) after the day they came;
    none is national, but without one a young person who came at the month's end would be called missed. One never assessed counts as not
    assessed, in the month it was due. Each time a young person comes counts. One assessed before they came is left out, counted and listed.
    Source: statutory guidance on homeless 16 and 17 year olds, 2018; improvement plan recommendation 4; KPI choice 2.
    """
    every = tables.homeless_presentation
    due = due_by(tables.clocks, "homeless_assessment", every["happened_on"], tables.bank_holidays).astype("datetime64[s]")
    owed = in_month(every.assign(due_on=due), "due_on", periods)
    in_time, backwards = owed["assessed_on"] <= owed["due_on"], owed["assessed_on"] < owed["happened_on"]
    done = owed["assessed_on"].where(owed["assessed_on"] <= owed["period"])
    return as_cases(
        owed.assign(
            case_id=case_ids(owed, "happened_on"), met=in_time.where(~backwards), happened_on=done,
            reason=np.select([in_time, done.notna()], ["jointly assessed in time", "jointly assessed late"], "not jointly assessed"),
            left_out=first_true(owed.index, (backwards, "assessed before they came")),
        )
    )  # fmt: skip


def _leavers(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Care leavers as the extract that speaks for each period end says."""
    return observed_at(tables.care_leaver, periods)


def _aged_19_to_21(tables: Tables, periods: pd.DatetimeIndex) -> tuple[pd.DataFrame, pd.Series]:
    """Care leavers who are 19, 20 or 21 at the period end or of unknown age, and why some of them are left out."""
    leavers = _leavers(tables, periods)
    nineteen, twenty_two = (has_reached(age, leavers["child_id"], leavers["period"], tables) for age in (19, 22))
    kept = (nineteen & ~twenty_two).fillna(True).astype(bool)
    leavers, ageless = leavers[kept].reset_index(drop=True), nineteen.isna()[kept].reset_index(drop=True)
    eligibility = leavers["eligibility_kind"]
    left_out = first_true(
        leavers.index,
        (eligibility.notna() & (eligibility != FORMER_RELEVANT), "not a former relevant young person"),
        (ageless, NO_BIRTHDAY),
        (leavers["in_touch_kind"].isin(NO_LONGER), "died or returned home"),
    )
    return leavers, left_out


def _share(leavers: pd.DataFrame, flag: pd.Series, left_out: pd.Series, yes: str, no: str | np.ndarray) -> pd.DataFrame:
    known = flag.fillna(False).astype(bool)
    last = leavers["last_on"] if "last_on" in leavers else pd.Series(index=leavers.index, dtype="datetime64[s]")
    return as_cases(
        leavers.assign(
            case_id=leavers["child_id"], met=flag.where(left_out.isna()), happened_on=last,
            reason=np.where(known, yes, no), left_out=left_out,
        )
    )  # fmt: skip
