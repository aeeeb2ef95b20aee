"""Which extracts would bring what a measure needs? By the tables it reads, for the catalogue and for a month with no data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

ANNEX_A, SSD, CENSUS, CARE_RETURN = "annex_a", "ssd", "cin_census", "ssda903"

# table (for visits, the cohort's) -> names of the sources that bring it; those a council is likeliest to have come first
BRINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "child": (ANNEX_A, SSD, CENSUS, CARE_RETURN),
        "contact": (ANNEX_A, SSD),
        "early_help": (ANNEX_A,),
        "referral": (ANNEX_A, SSD, CENSUS, "referrals"),
        "assessment": (ANNEX_A, SSD, CENSUS),
        "section47": (ANNEX_A, SSD, CENSUS),
        "icpc": (ANNEX_A, SSD, CENSUS),
        "case_status": (ANNEX_A,),
        "cin_plan": (CENSUS, SSD),
        "cp_plan": (ANNEX_A, SSD, CENSUS),
        "cp_review": ("reviews", SSD, CENSUS),
        "core_group": ("core_groups",),
        "allocation": (ANNEX_A,),
        "involvement": (CARE_RETURN, SSD),
        "pre_proceedings": ("plo", SSD),
        "proceedings": ("plo",),
        "homeless_presentation": ("homeless_1617",),
        "cla_episode": (ANNEX_A, CARE_RETURN, SSD),
        "legal_status": (CARE_RETURN, SSD, ANNEX_A),
        "placement": (ANNEX_A, CARE_RETURN, SSD),
        "cla_review": ("reviews", CARE_RETURN, SSD),
        "iro_contact": (ANNEX_A, SSD),
        "iro_escalation": ("iro_escalations",),
        "health_check": (ANNEX_A, SSD),
        "health_status": (CARE_RETURN,),
        "missing_episode": ("missing_episodes", CARE_RETURN, SSD),
        "missing_summary": (ANNEX_A,),
        "permanence_decision": (ANNEX_A, SSD),
        "parent_placement_check": ("pwp_checks",),
        "adoption": (ANNEX_A, CARE_RETURN),
        "foster_enquiry": ("foster_enquiries",),
        "care_leaver": (ANNEX_A, CARE_RETURN, SSD),
        "pathway_plan": (ANNEX_A,),
        "participation": ("participation",),
        "worker": ("workers", "workforce_census", SSD),
        "establishment": ("establishment", "workforce_census"),
        "training": ("training",),
        "supervision": ("supervision",),
        "audit": ("audits",),
        "audit_action": ("audit_actions",),
        "action": ("actions",),
        "population": ("population",),
        "measure_value": ("measure_values",),
        "visit:cp": ("visits", ANNEX_A, SSD),
        "visit:cin": ("visits", ANNEX_A, SSD),
        "visit:cla": ("visits", ANNEX_A, SSD),
        "visit:contact": ("visits",),
        "visit:pf": ("visits",),
    }
)


def brings(needs: Iterable[str]) -> tuple[str, ...]:
    """The names of the sources that bring any of these tables, each once, in the order of the needs."""
    return tuple(dict.fromkeys(source for need in needs for source in BRINGS.get(need, ())))
