"""What we measure: every KPI, its clock, its target and the figures read off its cases. No file, database or screen."""

from kpi import assessment, front_door, in_need, looked_after, protection, quality, workforce
from kpi.model import DOMAINS, REGISTER, Domain, Kpi

__all__ = [
    "DOMAINS",
    "REGISTER",
    "Domain",
    "Kpi",
    "assessment",
    "front_door",
    "in_need",
    "looked_after",
    "protection",
    "quality",
    "workforce",
]
