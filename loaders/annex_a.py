"""Ofsted's Annex A: its eleven lists, as one workbook or a file each, in the older and the 2024 layout.

Lists 1 to 5 hold what happened in the last six months; 6 to 8 what was open on the day, or ended in the six months before it; 9 those
entitled to leaving care services on the day; 10 and 11 the last twelve months of adoption. Lists 3 to 9 also say who holds the case on
the day, and lists 6 to 8 when the child was last seen. Columns, codes and windows: Ofsted's Annex A guidance.
"""

from __future__ import annotations

from loaders.annex_a_adoption import ADOPTERS, CHILDREN
from loaders.annex_a_care import CARE, LEAVING_CARE
from loaders.annex_a_front_door import ASSESSMENTS, CONTACTS, EARLY_HELP, REFERRALS
from loaders.annex_a_protection import ENQUIRIES, NEED, PROTECTION
from loaders.source import Source

ANNEX_A = Source(
    "annex_a",
    "Ofsted Annex A lists",
    (CONTACTS, EARLY_HELP, REFERRALS, ASSESSMENTS, ENQUIRIES, NEED, PROTECTION, CARE, LEAVING_CARE, CHILDREN, ADOPTERS),
)
