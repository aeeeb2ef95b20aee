"""What the rows of each table are called in a sentence: "3 child protection plans"."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SHORT = ("cp", "cin", "cla", "pf")
CALLED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "child": ("child", "children"),
        "icpc": ("initial child protection conference", "initial child protection conferences"),
        "section47": ("section 47 enquiry", "section 47 enquiries"),
        "case_status": ("child in need case", "child in need cases"),
        "cin_plan": ("child in need plan", "child in need plans"),
        "cp_plan": ("child protection plan", "child protection plans"),
        "cp_review": ("review child protection conference", "review child protection conferences"),
        "early_help": ("early help assessment", "early help assessments"),
        "pre_proceedings": ("period in pre-proceedings", "periods in pre-proceedings"),
        "proceedings": ("set of proceedings", "sets of proceedings"),
        "homeless_presentation": ("homeless presentation", "homeless presentations"),
        "cla_episode": ("period of care", "periods of care"),
        "legal_status": ("legal status", "legal statuses"),
        "cla_review": ("review of a looked after child", "reviews of looked after children"),
        "iro_contact": ("contact of a reviewing officer", "contacts of reviewing officers"),
        "iro_escalation": ("escalation", "escalations"),
        "health_check": ("health check", "health checks"),
        "health_status": ("health status", "health statuses"),
        "missing_summary": ("count of missing episodes", "counts of missing episodes"),
        "previous_permanence": ("previous permanence", "previous permanences"),
        "deprivation_of_liberty": ("deprivation of liberty order", "deprivation of liberty orders"),
        "parent_placement_check": ("check of a placement with parents", "checks of placements with parents"),
        "foster_enquiry": ("fostering enquiry", "fostering enquiries"),
        "care_leaver": ("care leaver", "care leavers"),
        "participation": ("record of a child taking part", "records of children taking part"),
        "supervision": ("supervision session", "supervision sessions"),
        "audit_action": ("audit action", "audit actions"),
        "establishment": ("row of posts", "rows of posts"),
        "training": ("training record", "training records"),
        "population": ("population figure", "population figures"),
        "measure_value": ("given figure", "given figures"),
    }
)


def called(table: str, count: int) -> str:
    """So many rows of a table (or of a part of one, `visit:cp`), in words: "1 visit (CP)", "3 child protection plans"."""
    name, _, part = table.partition(":")
    plain = name.replace("_", " ")
    one, many = CALLED.get(name, (plain, f"{plain}s"))
    of = f" ({part.upper() if part in SHORT else part})" if part else ""
    return f"{count:,} {one if count == 1 else many}{of}"
