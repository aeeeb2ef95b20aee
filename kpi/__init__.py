"""What we measure: every KPI, its clock, its target and the figures read off its cases. No file, database or screen."""

from kpi import (
    assessment,
    care_health,
    care_leavers,
    care_reviews,
    court,
    front_door,
    in_need,
    looked_after,
    permanence,
    placements,
    protection,
    protection_meetings,
    quality,
    unallocated,
    workforce,
)
from kpi.model import DOMAINS, REGISTER, Domain, Kpi

__all__ = [
    "DOMAINS",
    "REGISTER",
    "Domain",
    "Kpi",
    "assessment",
    "care_health",
    "care_leavers",
    "care_reviews",
    "court",
    "front_door",
    "in_need",
    "looked_after",
    "permanence",
    "placements",
    "protection",
    "protection_meetings",
    "quality",
    "unallocated",
    "workforce",
]
