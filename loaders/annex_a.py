"""Ofsted's Annex A workbook: lists 3 to 8 are read; the others are recognised, and said to be not read yet.

Lists 3 to 5 hold what happened in the last six months; lists 6 to 8 what was open on the day, or ended in the six months before it.
Each list also says who holds the child's case on the day, and lists 6 to 8 when the child was last seen.
"""

from __future__ import annotations

from loaders.annex_a_build import (
    assessments,
    assessments_cover,
    care_cover,
    children_in_care,
    children_in_need,
    enquiries,
    enquiries_cover,
    need_cover,
    protection_cover,
    protection_plans,
    referrals,
    referrals_cover,
    set_undated_enquiries_aside,
)
from loaders.annex_a_headings import CHILD, CHILD_WITH_DISABILITY, HELD_BY, NOT_READ_YET, UNACCOMPANIED, unread
from loaders.codes import (
    CASE_STATUS,
    CATEGORY_OF_ABUSE,
    CATEGORY_OF_NEED,
    LEGAL_STATUS,
    PERMANENCE,
    PLACEMENT,
    PROVIDER,
    REFERRAL_SOURCE,
)
from loaders.source import Field, Form, Source

REFERRALS = Form(
    "list_3",
    "Annex A list 3 (referrals)",
    (
        *CHILD,
        Field("happened_on", ("Date of referral",), "date", "row", when="happened", like=r"date of.*referral"),
        Field("source_kind", ("Referral Source",), "code", codes=REFERRAL_SOURCE, like=r"referral.*source"),
        Field("no_further_action", ("Referral NFA?", "Referral NFA (Y/N)"), "flag", "column"),
        *unread("Number of Referrals in Last 12 Months"),
        *HELD_BY,
    ),
    build=referrals,
    covers=referrals_cover,
    number=3,
)

ASSESSMENTS = Form(
    "list_4",
    "Annex A list 4 (assessments)",
    (
        *CHILD_WITH_DISABILITY,
        Field("started_on", ("Continuous Assessment Start Date",), "date", "row", when="happened"),
        Field("child_seen", ("Child Seen During Continuous Assessment",), "flag"),
        Field("ended_on", ("Continuous Assessment Date of Authorisation",), "date", "column", when="happened"),
        Field(
            "support_required",
            (
                "Was the child assessed as requiring LA children's social care support?",
                "Was the child assessed as being in need at assessment?",
            ),
            "flag",
            "column",
            like=r"was the child assessed.*(social care support|in need)",
        ),
        *HELD_BY,
    ),
    build=assessments,
    covers=assessments_cover,
    spans=(("started_on", "ended_on"),),
    number=4,
)

ENQUIRIES = Form(
    "list_5",
    "Annex A list 5 (section 47 enquiries and initial conferences)",
    (
        *CHILD_WITH_DISABILITY,
        Field("started_on", ("Strategy discussion initiating Section 47 Enquiry Start Date",), "date", "column", when="happened"),
        Field("conference_unnecessary", ("Was an Initial Child Protection Conference deemed unnecessary?",), "flag"),
        Field("conference_on", ("Date of Initial Child Protection Conference",), "date", "column", when="happened"),
        Field("led_to_plan", ("Did the Initial Child Protection Conference Result in a Child Protection Plan",), "flag"),
        *unread("Number of Section 47 Enquiries in the last 12 months", "Number of ICPCs in the last 12 months"),
        *HELD_BY,
    ),
    build=enquiries,
    covers=enquiries_cover,
    check=set_undated_enquiries_aside,
    spans=(("started_on", "conference_on"),),
    number=5,
)

NEED = Form(
    "list_6",
    "Annex A list 6 (children in need)",
    (
        *CHILD_WITH_DISABILITY,
        Field("started_on", ("CIN Start Date",), "date", "row", when="happened"),
        *unread("Primary Need Code"),
        Field("seen_on", ("Date Child Was Last Seen",), "date", "column", when="happened"),
        Field("ended_on", ("CIN Closure Date",), "date", "column", when="happened"),
        *unread("Reason for Closure"),
        Field("status_kind", ("Case Status",), "code", "column", codes=CASE_STATUS, expected=True),
        *HELD_BY,
    ),
    build=children_in_need,
    covers=need_cover,
    unique=("child_id", "started_on"),
    spans=(("started_on", "ended_on"),),
    number=6,
)

PROTECTION = Form(
    "list_7",
    "Annex A list 7 (child protection)",
    (
        *CHILD_WITH_DISABILITY,
        Field("started_on", ("Child Protection Plan Start Date",), "date", "row", when="happened"),
        Field("initial_category_kind", ("Initial Category of Abuse",), "code", codes=CATEGORY_OF_ABUSE),
        Field("category_kind", ("Latest Category of Abuse",), "code", codes=CATEGORY_OF_ABUSE),
        Field("seen_on", ("Date of the Last Statutory Visit",), "date", "column", when="happened"),
        Field("seen_alone", ("Was the Child Seen Alone?",), "flag"),
        Field("latest_review_on", ("Date of latest review conference",), "date", when="happened"),
        Field("ended_on", ("Child Protection Plan End Date",), "date", "column", when="happened"),
        *unread("Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)"),
        Field("previous_plans", ("Number of Previous Child Protection Plans",), "number"),
        *HELD_BY,
    ),
    build=protection_plans,
    covers=protection_cover,
    unique=("child_id", "started_on"),
    spans=(("started_on", "ended_on"),),
    number=7,
)

CARE = Form(
    "list_8",
    "Annex A list 8 (children in care)",
    (
        *CHILD_WITH_DISABILITY,
        UNACCOMPANIED,
        Field("started_on", ("Date Started to be Looked After",), "date", "row", when="happened"),
        Field("need_kind", ("Child's Category of Need",), "code", codes=CATEGORY_OF_NEED),
        *unread(
            "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
            "Is this a second or subsequent episode of being a Looked After Child within the last 12 months (Y/N)",
            "Start date of current legal status",
        ),
        Field("legal_status_kind", ("Child's Legal Status",), "code", codes=LEGAL_STATUS, like=r"child.*legal status"),
        Field("latest_review_on", ("Date of Latest Statutory Review",), "date", when="happened"),
        Field("seen_on", ("Date of Last Social Work Visit",), "date", "column", when="happened"),
        Field("permanence_kind", ("What is the permanence plan for this child?",), "code", codes=PERMANENCE),
        *unread("Date of Last IRO Visit / Contact to the Child", "Date of Last Health Assessment", "Date of Last Dental Check"),
        *unread("Number of Placements in the Last 12 months"),
        Field("ended_on", ("Date Ceased to be Looked After",), "date", "column", when="happened"),
        *unread("Reason Ceased to be Looked After"),
        Field("placed_on", ("Start Date of Most Recent Placement",), "date", "column", when="happened"),
        Field("placement_kind", ("Placement Type",), "code", codes=PLACEMENT),
        Field("provider_kind", ("Placement Provider",), "code", codes=PROVIDER),
        *unread("Placement postcode", "URN of Placement", "Placement Location", "LA of Placement"),
        *unread(
            "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months",
            "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",
            "Was the child offered a Return Interview after their last missing episode (Y/N)?",
            "Did the child accept a Return Interview after their last missing episode (Y/N)?",
        ),
        *HELD_BY,
    ),
    build=children_in_care,
    covers=care_cover,
    unique=("child_id", "started_on"),
    spans=(("started_on", "ended_on"),),
    number=8,
)

ANNEX_A = Source(
    "annex_a",
    "Ofsted Annex A lists",
    (REFERRALS, ASSESSMENTS, ENQUIRIES, NEED, PROTECTION, CARE, *NOT_READ_YET),
)
