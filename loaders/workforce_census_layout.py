"""The children's social work workforce census as the Department for Education describes it: the council's vacancies, and each worker.

Source: social_work_workforce_2022.xsd.
"""

from __future__ import annotations

from loaders.xml_layout import Layout, Module

WORKER_HEADINGS = (
    "AgencyWorker", "SWENo", "FTE", "PersonBirthDate", "Sex", "Ethnicity", "QualInst", "QualLevel", "StepUpGrad", "OrgRole",
    "RoleStartDate", "StartOrigin", "RoleEndDate", "LeaverDestination", "ReasonLeave", "FTE30", "Cases30", "WorkingDaysLost",
    "ContractWeeks", "FrontlineGrad", "Absat30Sept", "ReasonAbsence", "CFKSSstatus",
)  # fmt: skip

WORKFORCE_CENSUS_LAYOUT = Layout(
    "CSWW",
    "the social work workforce census",
    (
        Module("LALevelVacancies", "LALevelVacancies", ("NumberOfVacancies", "NoAgencyFTE", "NoAgencyHeadcount"), header=("LEA",)),
        Module("CSWWWorker", "CSWWWorker", WORKER_HEADINGS),
    ),
    renamed=(("Sex", "GenderCurrent"),),
)
