"""What a measure is called where room is short: at the head of a column of the teams matrix. Its title is one tap away.

A measure that is not here is called by its title, so a new one needs no row.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kpi.model import Kpi

SHORT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "referrals_no_further_action": "No further action",
        "referrals_decided_in_1_day": "Decided in 1 working day",
        "seen_after_contact": "Seen after contact",
        "unallocated_children": "No allocated social worker",
        "re_referrals": "Re-referrals",
        "assessments_in_45_days": "In 45 working days",
        "assessments_open_over_45_days": "Open over 45 working days",
        "assessments_no_services": "End with no services",
        "assessments_weighing_history": "History weighed",
        "cp_visits_in_time": "Seen in time",
        "cp_visits_due_made": "Visits by their due date",
        "cp_seen_alone": "Seen alone",
        "cp_plans_open": "CP plans per 10,000",
        "cp_plans_over_2_years": "Open 2 years or more",
        "cp_repeat_plans": "Repeat plans",
        "section47_started": "Section 47 begun",
        "section47_to_icpc": "Section 47 to conference",
        "icpc_in_15_days": "Conferences in 15 days",
        "icpc_overdue": "Conferences overdue",
        "icpc_to_plan": "Conferences to plan",
        "cp_reviews_in_time": "Reviews in time",
        "core_groups_in_time": "Core groups in time",
        "cin_visits_in_time": "Seen in time",
        "cin_plans_open": "With a plan",
        "cin_visits_due_made": "Visits by their due date",
        "children_missing_education": "Missing education",
        "electively_home_educated": "Educated at home",
        "attainment_gap": "Attainment gap",
        "pre_proceedings_open": "In pre-proceedings",
        "pre_proceedings_in_16_weeks": "Ended in 16 weeks",
        "proceedings_in_26_weeks": "Concluded in 26 weeks",
        "placed_with_parents": "Placed with parents",
        "parents_spot_checks": "Checked in 6 months",
        "parents_over_12_months": "Placed over 12 months",
        "legal_spend": "Legal spend for each child",
        "cla_health_checks": "Health up to date",
        "cla_dental_checks": "Dental up to date",
        "return_interviews": "Return interviews",
        "cla_reviews_in_time": "Reviewed in time",
        "cla_participation": "Part in their reviews",
        "iro_contact": "Reviewing officer contact",
        "iro_escalations": "Escalations raised",
        "iro_escalations_resolved": "Escalations in 20 days",
        "participation_activity": "Taking part in activity",
        "cla_visits_in_time": "Seen in time",
        "cla_visits_due_made": "Visits by their due date",
        "three_social_workers": "Three social workers",
        "permanence_by_second_review": "Permanence by 2nd review",
        "foster_enquiries_approved": "Foster carers approved",
        "adoption_entry_to_placed": "Days to an adoptive family",
        "cla_three_placements": "Three placements",
        "cla_long_term_stability": "Long-term stability",
        "cla_over_20_miles": "Over 20 miles away",
        "in_house_foster": "The council’s own carers",
        "own_provision": "The council’s provision",
        "unregulated_placements": "Unregulated placements",
        "attendance_children_in_care": "School sessions attended",
        "care_leavers_suitable_home": "In a suitable home",
        "care_leavers_in_education_or_work": "In education or work",
        "care_leavers_in_touch": "In touch",
        "pathway_plans_current": "Pathway plans in 6 months",
        "homeless_jointly_assessed": "Homeless, jointly assessed",
        "supervised_3_in_3_months": "Three supervisions",
        "supervised_each_month": "Supervised each month",
        "case_supervision_current": "Children’s cases in time",
        "essentials_training": "Essentials training",
        "development_centre_places": "Development centre",
        "plan_actions_updated": "Plan actions updated",
        "plan_actions_overdue": "Plan actions overdue",
        "audits_inadequate": "Audits inadequate",
        "audits_good": "Audits good or better",
        "audits_completed": "Audits completed",
        "audit_actions_on_time": "Audit actions on time",
        "supervision_reflective": "Reflective supervision",
    }
)


def short_name(kpi: Kpi) -> str:
    """Its name at the head of a column: `short_name(REGISTER["cp_visits_in_time"])` is "Seen in time"."""
    return SHORT_NAMES.get(kpi.key, kpi.title)
