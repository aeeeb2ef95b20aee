"""What was the council told to do? The seven recommendations that measures and actions of the improvement plan serve, in short.

Source: Buckinghamshire Council, Cabinet, 12 July 2022, appendix 1; the invented council has been given the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RECOMMENDATIONS: Mapping[str, str] = MappingProxyType(
    {
        "1": "Fewer families referred again, and fewer assessments that end with no service",
        "2": "Assessments that weigh a child's history and what was tried before",
        "3": "Direct work with children that helps them be heard",
        "4": "16 and 17 year olds who are homeless: assessed jointly, and helped",
        "5": "Independent reviewing officers who escalate drift, and are answered",
        "6": "Supervision that is regular, reflective and followed up",
        "7": "Children in care who take part in decisions and in corporate parenting",
    }
)


def recommendation_words(number: str | None) -> str:
    """A recommendation with its number: "6: Supervision that is regular, reflective and followed up"; nothing for none."""
    return f"{number}: {RECOMMENDATIONS[number]}" if number is not None and number in RECOMMENDATIONS else ""
