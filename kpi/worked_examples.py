"""The clocks, worked through: for each duty cases with their dates, and the day it falls due. All invented; a test runs every one.

An example is plain data: what is known (canonical tables typed out, a dash where there is nothing), the day it is looked at, and what the
clock must say. The page prints the words; the test asks the engine and holds it to the days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Example:
    """One case of one duty.

    known: canonical table -> its rows as text, a heading line first. due_on: empty where it is no longer owed. working_days: working days
    late, negative for those left. state: as kpi.duties says it, "done" where nothing is owed.
    """

    duty: str
    title: str
    happened: str
    as_at: str
    due_on: str
    days_late: int
    working_days: int
    state: str
    why: str
    known: Mapping[str, str] = field(default_factory=dict)


PLAN = "child_id started_on ended_on\nA {} -"
VISIT = "child_id cohort_kind happened_on child_seen\nA {} {} {}"
CARE = "child_id started_on ended_on legal_status_kind\nA {} - {}"
PLACED = "child_id started_on ended_on placement_kind\nA {} - {}"

EXAMPLES: tuple[Example, ...] = (
    Example(
        "contact_visit", "A first visit over a weekend", "A referral was received on Friday 10 May 2024. The child has not been seen.",
        "2024-05-16", "2024-05-17", -1, -1, "due_soon",
        "Day 0 is the Friday. Monday 13 May is the first working day and Friday 17 May the fifth: Saturday and Sunday are not counted.",
        {"referral": "child_id happened_on\nA 2024-05-10"},
    ),
    Example(
        "contact_visit", "A section 47 enquiry began", "A referral on Thursday 2 May 2024; a section 47 enquiry began the next day.",
        "2024-05-07", "2024-05-03", 4, 1, "overdue",
        "With a section 47 enquiry the visit is due in 1 working day: Friday 3 May. On Tuesday 7 May it is 4 days late, but 1 working day, "
        "as the weekend and the bank holiday on Monday 6 May are not counted.",
        {"referral": "child_id happened_on\nA 2024-05-02", "section47": "child_id happened_on\nA 2024-05-03"},
    ),
    Example(
        "assessment", "An assessment over Christmas", "An assessment began on Friday 1 December 2023 and is still open.",
        "2024-02-08", "2024-02-07", 1, 1, "overdue",
        "45 working days from 1 December 2023, without Christmas Day, Boxing Day and New Year’s Day, end on Wednesday 7 February 2024.",
        {"assessment": "child_id started_on ended_on\nA 2023-12-01 -"},
    ),
    Example(
        "icpc", "A conference across Easter", "The strategy discussion was on Tuesday 19 March 2024. A conference is needed.",
        "2024-04-09", "2024-04-11", -2, -2, "due_soon",
        "15 working days from 19 March 2024: Good Friday (29 March) and Easter Monday (1 April) are not counted, so the last is 11 April.",
        {"section47": "child_id happened_on conference_unnecessary\nA 2024-03-19 no"},
    ),
    Example(
        "cp_visit", "On the due day it is in time", "A plan began on 1 February 2024. The child was last seen on Tuesday 30 April 2024.",
        "2024-05-15", "2024-05-15", 0, 0, "due_soon",
        "10 working days after 30 April, without the bank holiday on 6 May, is Wednesday 15 May. On that day it is due, and not yet late.",
        {"cp_plan": PLAN.format("2024-02-01"), "visit": VISIT.format("cp", "2024-04-30", "yes")},
    ),
    Example(
        "cp_visit", "A visit at which the child was not seen",
        "A plan began on Wednesday 1 May 2024; somebody called on 10 May, but the child was not there.",
        "2024-05-17", "2024-05-16", 1, 1, "overdue",
        "A visit counts only if the child was seen, so the clock still runs from the start of the plan: 10 working days, to 16 May.",
        {"cp_plan": PLAN.format("2024-05-01"), "visit": VISIT.format("cp", "2024-05-10", "no")},
    ),
    Example(
        "cin_visit", "Four weeks, and the bank holidays", "A child in need was last seen on Friday 3 May 2024.",
        "2024-05-31", "2024-06-04", -4, -2, "due_soon",
        "20 working days after 3 May would be four weeks later, 31 May; the bank holidays of 6 and 27 May move it to Tuesday 4 June.",
        {
            "case_status": "child_id started_on observed_on status_kind\nA 2024-01-08 2024-05-31 in_need_plan",
            "visit": VISIT.format("cin", "2024-05-03", "yes"),
        },
    ),
    Example(
        "cla_visit", "The first week of any placement", "A child in care moved to a new foster home on Friday 17 May 2024.",
        "2024-05-27", "2024-05-24", 3, 0, "overdue",
        "Within one week of the start of any placement: 7 days, weekends counted, so Friday 24 May, though they were seen on 15 May before "
        "they moved. On the bank holiday Monday it is 3 days late, and no working day has gone by since.",
        {
            "cla_episode": CARE.format("2023-01-09", "C2"), "placement": PLACED.format("2024-05-17", "U6"),
            "visit": VISIT.format("cla", "2024-05-15", "yes"),
        },
    ),
    Example(
        "cla_visit", "The first year of a placement", "Long-term foster care from 1 June 2023. The child was last seen on 31 May 2024.",
        "2024-07-13", "2024-07-12", 1, 0, "overdue",
        "That visit was still within the first year of the placement, so the next is due 42 days after it: Friday 12 July 2024.",
        {
            "cla_episode": CARE.format("2023-01-09", "C2"), "placement": PLACED.format("2023-06-01", "U4"),
            "visit": VISIT.format("cla", "2024-05-31", "yes"),
        },
    ),
    Example(
        "cla_visit", "After a year, and a short month", "Long-term foster care from 1 June 2022; last seen on 30 November 2023.",
        "2024-02-29", "2024-02-29", 0, 0, "due_soon",
        "After a year in a placement meant to last to 18 it is every 3 months. There is no 30 February: it is the last day of that month.",
        {
            "cla_episode": CARE.format("2022-01-10", "C2"), "placement": PLACED.format("2022-06-01", "U4"),
            "visit": VISIT.format("cla", "2023-11-30", "yes"),
        },
    ),
    Example(
        "cla_visit", "At home under an interim care order",
        "A child came home to a parent on 1 May 2024 under an interim care order, and was seen on 8 May. No review has been held.",
        "2024-05-16", "2024-05-15", 1, 1, "overdue",
        "Weekly until the first review (regulation 28(4)): 7 days after 8 May, on 15 May.",
        {
            "cla_episode": CARE.format("2024-05-01", "C1"), "placement": PLACED.format("2024-05-01", "P1"),
            "visit": VISIT.format("cla", "2024-05-08", "yes"),
        },
    ),
    Example(
        "cla_visit", "At home under an interim order, reviewed", "The same child, whose first review was held on 14 May 2024.",
        "2024-06-06", "2024-06-05", 1, 1, "overdue",
        "Once reviewed, every four weeks: 28 days after the visit of 8 May, on 5 June.",
        {
            "cla_episode": CARE.format("2024-05-01", "C1"), "placement": PLACED.format("2024-05-01", "P1"),
            "visit": VISIT.format("cla", "2024-05-08", "yes"), "cla_review": "child_id happened_on\nA 2024-05-14",
        },
    ),
    Example(
        "cla_visit", "At home under a care order",
        "A child lived with a parent under an interim care order from 1 March 2024; the care order was made on 10 May 2024. They were last "
        "seen on 9 May.", "2024-05-18", "2024-05-17", 1, 0, "overdue",
        "Within one week of the making of the care order (regulation 28(5)), so by 17 May: the visit of the day before does not do for it.",
        {
            "cla_episode": CARE.format("2024-03-01", "C1"), "placement": PLACED.format("2024-03-01", "P1"),
            "legal_status": "child_id started_on ended_on legal_status_kind\nA 2024-03-01 2024-05-10 C1\nA 2024-05-10 - C2",
            "visit": VISIT.format("cla", "2024-05-09", "yes"),
        },
    ),
    Example(
        "cp_review", "The first review conference", "A child protection plan began on 30 November 2023.",
        "2024-03-01", "2024-02-29", 1, 1, "overdue",
        "3 months on from 30 November is 30 February, which there is not: the last day of February, the 29th in a leap year.",
        {"cp_plan": PLAN.format("2023-11-30")},
    ),
    Example(
        "cp_review", "The reviews after it", "A plan began on 30 November 2023 and was reviewed on 31 August 2024.",
        "2025-02-21", "2025-02-28", -7, -5, "due_soon",
        "6 months after the last review; there is no 31 February, so it is the last day of that month.",
        {"cp_plan": PLAN.format("2023-11-30"), "cp_review": "child_id happened_on\nA 2024-08-31"},
    ),
    Example(
        "core_group", "The first core group, over two bank holidays", "A child protection plan began on Thursday 21 March 2024.",
        "2024-04-08", "2024-04-08", 0, 0, "due_soon",
        "10 working days, without Good Friday and Easter Monday: Monday 8 April.",
        {"cp_plan": PLAN.format("2024-03-21")},
    ),
    Example(
        "core_group", "A core group that was cancelled",
        "A plan began on 21 March 2024; a core group met on 5 April; the next, on 10 May, was cancelled.",
        "2024-05-18", "2024-05-17", 1, 0, "overdue",
        "Only a core group that was held counts: 42 days after 5 April is 17 May. The next day is a Saturday, no working day.",
        {"cp_plan": PLAN.format("2024-03-21"), "core_group": "child_id happened_on held\nA 2024-04-05 yes\nA 2024-05-10 no"},
    ),
    Example(
        "cla_review", "The first review in care", "A child became looked after on Monday 29 April 2024.",
        "2024-05-29", "2024-05-29", 0, 0, "due_soon",
        "20 working days, without the bank holidays of 6 and 27 May: Wednesday 29 May.",
        {"cla_episode": CARE.format("2024-04-29", "V2")},
    ),
    Example(
        "cla_review", "The second review", "A child became looked after on 29 April 2024 and was first reviewed on 29 May.",
        "2024-08-30", "2024-08-29", 1, 1, "overdue",
        "3 months after the first review: 29 August.",
        {"cla_episode": CARE.format("2024-04-29", "V2"), "cla_review": "child_id happened_on\nA 2024-05-29"},
    ),
    Example(
        "cla_review", "The reviews after it", "The same child, reviewed again on 31 August 2024.",
        "2025-02-28", "2025-02-28", 0, 0, "due_soon",
        "From the second review on every 6 months, to the last day of a shorter month.",
        {"cla_episode": CARE.format("2024-04-29", "V2"), "cla_review": "child_id happened_on\nA 2024-05-29\nA 2024-08-31"},
    ),
    Example(
        "health_check", "A child under 5",
        "A child born on 20 June 2020 is in care since 2023; their health was last assessed on 31 August 2023.",
        "2024-03-01", "2024-02-29", 1, 1, "overdue",
        "Under 5 it is every 6 months, here to the last day of February. Were the child 5 already, it would be due on 31 August 2024.",
        {
            "cla_episode": CARE.format("2023-01-09", "C2"), "child": "child_id born_on\nA 2020-06-20",
            "health_check": "child_id health_kind happened_on refused\nA health_assessment 2023-08-31 no",
        },
    ),
    Example(
        "dental_check", "A check the child refused", "In care since 9 January 2023; teeth checked on 15 May 2023; refused on 2 May 2024.",
        "2024-05-16", "2024-05-15", 1, 1, "overdue",
        "A refused check is not a check: a year from the last one done, 15 May 2024.",
        {
            "cla_episode": CARE.format("2023-01-09", "C2"),
            "health_check": "child_id health_kind happened_on refused\nA dental_check 2023-05-15 no\nA dental_check 2024-05-02 yes",
        },
    ),
    Example(
        "spot_check", "A child placed with parents", "A child under a care order came to live with a parent on 31 August 2023.",
        "2024-02-29", "2024-02-29", 0, 0, "due_soon",
        "6 months from the day they came home, to the last day of February.",
        {"cla_episode": CARE.format("2023-01-09", "C2"), "placement": PLACED.format("2023-08-31", "P1")},
    ),
    Example(
        "pathway_plan", "A care leaver’s plan", "A care leaver’s pathway plan was last reviewed on 20 November 2023.",
        "2024-05-31", "2024-05-20", 11, 8, "overdue",
        "6 months after the last review: 20 May. The bank holiday of 27 May is not a working day.",
        {"care_leaver": "child_id observed_on eligibility_kind pathway_reviewed_on\nA 2024-05-31 former_relevant 2023-11-20"},
    ),
    Example(
        "case_supervision", "A case newly opened", "A plan began on Wednesday 1 May 2024. Supervision has not discussed the child yet.",
        "2024-06-12", "2024-06-12", 0, 0, "due_soon",
        "42 days after the case opened is 12 June: a new case is not late before that.",
        {"cp_plan": PLAN.format("2024-05-01")},
    ),
    Example(
        "supervision", "A month is a calendar month", "A social worker was last supervised on 31 January 2024.",
        "2024-03-01", "2024-02-29", 1, 1, "overdue",
        "One month on from 31 January is the last day of February.",
        {
            "worker": "worker_id observed_on role started_on caseload\nA 2024-03-01 Social_Worker 2020-01-06 15",
            "supervision": "worker_id happened_on held\nA 2024-01-31 yes",
        },
    ),
    Example(
        "supervision", "Back from leave", "A social worker, supervised on 4 January 2024, was away until 30 April 2024.",
        "2024-05-31", "2024-05-30", 1, 1, "overdue",
        "While they are away none is owed. It is due a month after they came back: 30 May.",
        {
            "worker": "worker_id observed_on role started_on caseload absent_from_on absent_to_on\n"
            "A 2024-05-31 Social_Worker 2020-01-06 15 2024-01-15 2024-04-30",
            "supervision": "worker_id happened_on held\nA 2024-01-04 yes",
        },
    ),
    Example(
        "plan_update", "Six weeks", "An action of the improvement plan was last updated on Monday 15 April 2024.",
        "2024-05-31", "2024-05-27", 4, 4, "overdue",
        "Six weeks are 42 days, whether or not the last of them, 27 May, is a bank holiday.",
        {"action": "action_id observed_on status_kind updated_on\nA 2024-05-31 in_progress 2024-04-15"},
    ),
)  # fmt: skip
