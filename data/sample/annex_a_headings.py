"""The headings of Annex A's eleven lists, in their order. Facts of the form, not choices of ours."""

from __future__ import annotations

import re

WHO = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)")
DISABLED = "Does the Child have a Disability"
HELD = ("Allocated Team", "Allocated Worker")
HEADINGS: dict[str, tuple[str, ...]] = {
    "List 1": (*WHO, "Date of Contact", "Contact Source"),
    "List 2": (*WHO, "Assessment start date", "Assessment completion date", "Organisation completing assessment"),
    "List 3": (*WHO, "Date of referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months", *HELD),
    "List 4": (
        *WHO, DISABLED, "Continuous Assessment Start Date", "Child Seen During Continuous Assessment",
        "Continuous Assessment Date of Authorisation",
        "Was the child assessed as requiring LA children's social care support?", *HELD,
    ),
    "List 5": (
        *WHO, DISABLED, "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?", "Date of Initial Child Protection Conference",
        "Did the Initial Child Protection Conference Result in a Child Protection Plan",
        "Number of Section 47 Enquiries in the last 12 months", "Number of ICPCs in the last 12 months", *HELD,
    ),
    "List 6": (
        *WHO, DISABLED, "CIN Start Date", "Primary Need Code", "Date Child Was Last Seen", "CIN Closure Date", "Reason for Closure",
        "Case Status", *HELD,
    ),
    "List 7": (
        *WHO, DISABLED, "Child Protection Plan Start Date", "Initial Category of Abuse", "Latest Category of Abuse",
        "Date of the Last Statutory Visit", "Was the Child Seen Alone?", "Date of latest review conference",
        "Child Protection Plan End Date",
        "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
        "Number of Previous Child Protection Plans", *HELD,
    ),
    "List 8": (
        *WHO, "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)", DISABLED, "Date Started to be Looked After",
        "Child's Category of Need",
        "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
        "Start date of current legal status", "Child's Legal Status", "Date of Latest Statutory Review", "Date of Last Social Work Visit",
        "What is the permanence plan for this child?", "Date of Last IRO Visit / Contact to the Child", "Date of Last Health Assessment",
        "Date of Last Dental Check", "Number of Placements in the Last 12 months", "Date Ceased to be Looked After",
        "Reason Ceased to be Looked After", "Start Date of Most Recent Placement", "Placement Type", "Placement Provider",
        "Placement postcode", "URN of Placement", "Placement Location", "LA of Placement",
        "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months",
        "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",
        "Was the child offered a Return Interview after their last missing episode (Y/N)?",
        "Did the child accept a Return Interview after their last missing episode (Y/N)?", *HELD,
    ),
    "List 9": (
        *WHO, "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)", DISABLED, *HELD,
        "Allocated Personal Advisor", "Eligibility Category", "Latest Pathway Plan Review Date", "LA in Touch", "Latest Date of Contact",
        "Type of Accommodation", "Suitability of Accommodation", "Activity Status",
    ),
    "List 10": (
        WHO[0], "Family identifier", *WHO[1:], DISABLED, "Date the Child Entered Care",
        "Date of Decision that Child Should be Placed for Adoption", "Date of Placement Order",
        "Date of Matching Child and Prospective Adopters", "Date Placed for Adoption", "Date of Adoption Order",
        "Date of Decision that Child Should No Longer be Placed for Adoption", "Reason Why Child No Longer Placed for Adoption",
        "Date the child was placed for fostering in FFA or concurrent planning placement",
    ),
    "List 11": (
        "Individual adopter identifier", "Family identifier", "Gender", "Ethnicity", "Disability",
        "Is the (prospective) adopter fostering for adoption?", "Date enquiry received", "Date Stage 1 started", "Date Stage 1 ended",
        "Date Stage 2 started", "Date Stage 2 ended", "Date application submitted", "Date application approved",
        "Date adopter matched with child(ren)", "Date child/children placed with adopter(s)", "No. of children placed",
        "Date of Adoption Order", "Date of leaving adoption process", "Reason for leaving adoption process",
    ),
}  # fmt: skip
_DATE = re.compile(r"\bdate\b", re.IGNORECASE)


def date_columns(name: str) -> frozenset[int]:
    """Which columns of a list hold dates."""
    return frozenset(index for index, heading in enumerate(HEADINGS[name]) if _DATE.search(heading))
