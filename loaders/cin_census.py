"""The children in need census, as the XML a council sends: each module is a sheet, each of its elements a row, shown by its line.

The day it speaks of is the ReferenceDate of its header, whatever the file is called. It says nothing of who held a case, of visits, or of
whether a child was seen. UPNs, assessment factors and target dates are known and not kept.
"""

from __future__ import annotations

from loaders.cin_census_build import (
    assessments,
    check_reference_date,
    children,
    cin_plans,
    complete_years,
    cover_years,
    cp_plans,
    cp_reviews,
    enquiries,
    no_later_than_the_census,
    pre_proceedings,
    referrals,
    set_undated_enquiries_aside,
)
from loaders.codes import CATEGORY_OF_ABUSE, CATEGORY_OF_NEED, ETHNICITY, REFERRAL_SOURCE, SEX
from loaders.codes_annex_a import CLOSURE
from loaders.source import Field, Form, Need, Source

CHILD = Field("child_id", ("LAchildID",), "id", "row")


def _day(name: str, heading: str, need: Need = "column") -> Field:
    return Field(name, (heading,), "date", need, when="happened")


def _unread(*headings: str) -> tuple[Field, ...]:
    return tuple(Field(heading.casefold(), (heading,), "unused") for heading in headings)


CHILDREN = Form(
    "cin_child", "the children of a CIN census",
    (
        CHILD,
        Field("born_on", ("PersonBirthDate",), "date", "column", when="birth"),
        Field("expected_on", ("ExpectedPersonBirthDate",), "date", "column"),
        Field("sex_kind", ("Sex", "GenderCurrent"), "code", codes=SEX),
        Field("died_on", ("PersonDeathDate",), "date", "column", when="past"),
        Field("ethnicity_kind", ("Ethnicity",), "code", codes=ETHNICITY),
        Field("disabilities", ("Disability",), "text"),
        *_unread("UPN", "FormerUPN", "UPNunknown"),
    ),
    build=children, check=check_reference_date,
)  # fmt: skip

DETAILS = Form(
    "cin_details", "the referrals of a CIN census",
    (
        CHILD, _day("happened_on", "CINreferralDate", "row"),
        Field("source_kind", ("ReferralSource",), "code", codes=REFERRAL_SOURCE),
        Field("need_kind", ("PrimaryNeedCode",), "code", codes=CATEGORY_OF_NEED),
        _day("closed_on", "CINclosureDate"),
        Field("closure_kind", ("ReasonForClosure",), "code", codes=CLOSURE),
        _day("conference_on", "DateOfInitialCPC"),
        Field("no_further_action", ("ReferralNFA",), "flag", "column", expected=True),
        Field("enquiries", ("Section47",), "text"),
    ),
    build=referrals, covers=cover_years("referral", "icpc"), complete=complete_years("referral", "icpc"),
    check=no_later_than_the_census("happened_on", "closed_on", "conference_on"), spans=(("happened_on", "closed_on"),),
)  # fmt: skip

ASSESSMENTS = Form(
    "cin_assessments", "the assessments of a CIN census",
    (
        CHILD, _day("started_on", "AssessmentActualStartDate", "row"), _day("ended_on", "AssessmentAuthorisationDate"),
        *_unread("AssessmentInternalReviewDate", "AssessmentFactors"),
    ),
    build=assessments, covers=cover_years("assessment"), complete=complete_years("assessment"),
    check=no_later_than_the_census("started_on", "ended_on"), spans=(("started_on", "ended_on"),),
)  # fmt: skip

NEED_PLANS = Form(
    "cin_plans", "the child in need plans of a CIN census",
    (CHILD, _day("started_on", "CINPlanStartDate", "row"), _day("ended_on", "CINPlanEndDate")),
    build=cin_plans, covers=cover_years("cin_plan"), complete=complete_years("cin_plan"),
    check=no_later_than_the_census("started_on", "ended_on"), unique=("child_id", "started_on"), spans=(("started_on", "ended_on"),),
)  # fmt: skip

ENQUIRIES = Form(
    "cin_section47", "the section 47 enquiries of a CIN census",
    (
        CHILD, _day("started_on", "S47ActualStartDate"), _day("conference_on", "DateOfInitialCPC"),
        Field("conference_unnecessary", ("ICPCnotRequired",), "flag", "column"), *_unread("InitialCPCtarget"),
    ),
    build=enquiries, covers=cover_years("section47", "icpc"), complete=complete_years("section47", "icpc"),
    check=set_undated_enquiries_aside, spans=(("started_on", "conference_on"),),
)  # fmt: skip

PROTECTION_PLANS = Form(
    "cin_cp_plans", "the child protection plans of a CIN census",
    (
        CHILD, _day("started_on", "CPPstartDate", "row"), _day("ended_on", "CPPendDate"),
        Field("initial_category_kind", ("InitialCategoryOfAbuse",), "code", codes=CATEGORY_OF_ABUSE),
        Field("category_kind", ("LatestCategoryOfAbuse",), "code", codes=CATEGORY_OF_ABUSE),
        Field("previous_plans", ("NumberOfPreviousCPP",), "number", low=0),
        Field("reviewed_on", ("CPPreviewDate",), "text"),
    ),
    build=cp_plans, covers=cover_years("cp_plan"), complete=complete_years("cp_plan"),
    check=no_later_than_the_census("started_on", "ended_on"), unique=("child_id", "started_on"), spans=(("started_on", "ended_on"),),
)  # fmt: skip

PROTECTION_REVIEWS = Form(
    "cin_cp_reviews", "the child protection reviews of a CIN census",
    (CHILD, _day("happened_on", "CPPreviewDate", "row")),
    build=cp_reviews, covers=cover_years("cp_review"), complete=complete_years("cp_review"),
    check=no_later_than_the_census("happened_on"),
)  # fmt: skip

PRE_PROCEEDINGS = Form(
    "cin_pre_proceedings", "the pre-proceedings of a CIN census",
    (
        CHILD, _day("started_on", "PPStartDate", "row"), _day("letter_on", "LBPSentDate"), _day("ended_on", "StepDecisionDate"),
        _day("issued_on", "CourtAppDate"),
        *_unread("FGDMMeetingOffer", "FGDMMeetingFac", "InitialPPMeetingDate", "ReviewMeetingsCount", "PPOutcome", "LetterInitCPDate"),
    ),
    build=pre_proceedings, check=no_later_than_the_census("started_on", "letter_on", "ended_on", "issued_on"),
    unique=("child_id", "started_on"), spans=(("started_on", "letter_on"), ("started_on", "ended_on"), ("started_on", "issued_on")),
)  # fmt: skip

CIN_CENSUS = Source(
    "cin_census",
    "the children in need census (XML)",
    (CHILDREN, DETAILS, ASSESSMENTS, NEED_PLANS, ENQUIRIES, PROTECTION_PLANS, PROTECTION_REVIEWS, PRE_PROCEEDINGS),
)
