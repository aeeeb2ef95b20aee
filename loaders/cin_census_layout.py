"""The children in need census as the Department for Education describes it, 2021 to 2026: its modules and what each may hold.

Source: CIN_schema_2024.xsd; `Sex` took the place of `GenderCurrent` from 2025, and pre-proceedings were added for 2026.
"""

from __future__ import annotations

from loaders.xml_layout import Layout, Module

_CHILD = ("LAchildID",)

CIN_CENSUS_LAYOUT = Layout(
    "CIN",
    "the children in need census",
    (
        Module(
            "Child", "Child",
            (
                "LAchildID", "UPN", "FormerUPN", "UPNunknown", "PersonBirthDate", "ExpectedPersonBirthDate", "Sex", "PersonDeathDate",
                "Ethnicity", "Disability",
            ),
        ),
        Module(
            "CINdetails", "CINdetails",
            (
                "CINreferralDate", "ReferralSource", "PrimaryNeedCode", "CINclosureDate", "ReasonForClosure", "DateOfInitialCPC",
                "ReferralNFA", "Section47",
            ),
            _CHILD,
        ),
        Module(
            "Assessments", "Assessments",
            ("AssessmentActualStartDate", "AssessmentInternalReviewDate", "AssessmentAuthorisationDate", "AssessmentFactors"), _CHILD,
        ),
        Module("CINPlanDates", "CINPlanDates", ("CINPlanStartDate", "CINPlanEndDate"), _CHILD),
        Module(
            "Section47", "Section47", ("S47ActualStartDate", "InitialCPCtarget", "DateOfInitialCPC", "ICPCnotRequired"), _CHILD,
            told=("DateOfInitialCPC", "Section47"),
        ),
        Module(
            "ChildProtectionPlans", "ChildProtectionPlans",
            (
                "CPPstartDate", "CPPendDate", "InitialCategoryOfAbuse", "LatestCategoryOfAbuse", "NumberOfPreviousCPP", "CPPreviewDate",
            ),
            _CHILD,
        ),
        Module("CPPreviewDate", "Reviews", ("CPPreviewDate",), _CHILD, told=("CPPreviewDate", "CPPreviewDate")),
        Module(
            "PreProceedingsandFGDM", "PreProceedingsandFGDM",
            (
                "PPStartDate", "LBPSentDate", "FGDMMeetingOffer", "FGDMMeetingFac", "InitialPPMeetingDate", "ReviewMeetingsCount",
                "StepDecisionDate", "PPOutcome", "CourtAppDate", "LetterInitCPDate",
            ),
            _CHILD,
        ),
    ),
    renamed=(("Sex", "GenderCurrent"),),
)  # fmt: skip
