"""The children's social work workforce census (XML), and a monthly extract of the workforce in its columns (CSV or Excel).

A worker is known by their Social Work England number. The census has no teams: its workers have none, and its vacancies are the council's
as a whole. Absence on the day is said without its dates, so it is known and not kept; so are qualification, ethnicity and birth.
"""

from __future__ import annotations

import pandas as pd

from loaders.codes_returns import SOCIAL_WORK_ROLE
from loaders.rows import Rows
from loaders.source import Cover, Field, Form, Frames, Source, Spoken

WHOLE_COUNCIL = "whole council"
_HOLDS_CASES, _HOLDS_NONE = "Case holder", "Qualified without cases"


def _unread(*headings: str) -> tuple[Field, ...]:
    return tuple(Field(heading.casefold(), (heading,), "unused") for heading in headings)


def _observed(frame: pd.DataFrame, spoken: Spoken) -> pd.Series:
    return frame["observed_on"].fillna(spoken.month_end)


def _workers(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """One row a worker. Who holds cases is read off the cases held, or else off the role; other roles are not known."""
    by_role = frame["role"].map({_HOLDS_CASES: True, _HOLDS_NONE: False}).astype("boolean")
    by_cases = (frame["caseload"] > 0).astype("boolean").where(frame["caseload"].notna())
    return {
        "worker": frame.assign(
            observed_on=_observed(frame, spoken), registration_id=frame["worker_id"], case_holding=by_cases.fillna(by_role)
        )
    }


def _workers_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    days = _observed(frame, spoken)
    return {"worker": (days.min(), days.max()) if len(days) else (spoken.month_end, spoken.month_end)}


def _vacancies(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"establishment": frame.assign(team_id=WHOLE_COUNCIL, observed_on=_observed(frame, spoken))}


def _vacancies_cover(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    days = _observed(frame, spoken)
    return {"establishment": (days.min(), days.max())} if len(days) else {}


def _check(rows: Rows) -> None:
    if rows.stated_on is not None and rows.stated_on > rows.today:
        says = f"the ReferenceDate ({rows.stated_on:%d/%m/%Y}) has not come, so the file's name tells the day it speaks of, or it is today"
        rows.note(f"{says}; say the day with --as-at if that is not right", "ReferenceDate", "warning")


OBSERVED = Field("observed_on", ("snapshot_date", "Date of snapshot"), "date", when="happened")

CENSUS_WORKERS = Form(
    "workforce_census_workers", "the workers of a social work workforce census",
    (
        Field("worker_id", ("SWENo", "SWE number"), "id", "row"), OBSERVED,
        Field("agency", ("AgencyWorker",), "flag", "column", expected=True),
        Field("fte", ("FTE",), "number", "column", low=0, high=2),
        Field("role", ("OrgRole",), "code", "column", codes=SOCIAL_WORK_ROLE),
        Field("started_on", ("RoleStartDate",), "date", "column"),
        Field("ended_on", ("RoleEndDate",), "date"),
        Field("leaving_kind", ("ReasonLeave",), "id"),
        Field("caseload", ("Cases30",), "number", low=0),
        Field("days_lost", ("WorkingDaysLost",), "number", low=0),
        *_unread("PersonBirthDate", "Sex", "GenderCurrent", "Ethnicity", "QualInst", "QualLevel", "StepUpGrad", "StartOrigin"),
        *_unread("LeaverDestination", "FTE30", "ContractWeeks", "FrontlineGrad", "Absat30Sept", "ReasonAbsence", "CFKSSstatus"),
    ),
    build=_workers, covers=_workers_cover, complete=_workers_cover, check=_check, unique=("worker_id", "observed_on"),
    spans=(("started_on", "ended_on"),),
)  # fmt: skip

VACANCIES = Form(
    "workforce_census_vacancies", "the vacancies of a social work workforce census",
    (
        Field("council", ("LEA",), "id", "row"), OBSERVED,
        Field("vacant_fte", ("NumberOfVacancies",), "number", "column", low=0),
        Field("agency_fte", ("NoAgencyFTE",), "number", "column", low=0),
        *_unread("NoAgencyHeadcount"),
    ),
    build=_vacancies, covers=_vacancies_cover, unique=("council", "observed_on"),
)  # fmt: skip

WORKFORCE_CENSUS = Source("workforce_census", "the social work workforce census (XML, CSV or Excel)", (CENSUS_WORKERS, VACANCIES))
