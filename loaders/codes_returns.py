"""The closed lists that only the national returns have: the children looked after return (SSDA903) and the workforce census.

Source: the Department for Education's guides to both, and for codes that came later the schemas of 2025 and 2026.
"""

from __future__ import annotations

from loaders.codes import PLACEMENT, Codes, codes
from loaders.codes_annex_a import ACTIVITY, CARE_END


def bare(listed: str, *, not_known: str = "") -> Codes:
    """A closed list of which only the codes themselves are written in returns."""
    return codes("\n".join(f"{code} =" for code in listed.split()), not_known=not_known)


NEW_EPISODE = codes("""
    S = started to be looked after
    L = change of legal status only
    P = change of placement and carer only
    T = change of placement, same carer
    B = change of legal status and placement and carer
    U = change of legal status and placement, same carer
""", not_known="")  # fmt: skip

EPISODE_CEASED: Codes = {**CARE_END, **bare("X1 E1 E4 E43 E44")}
PLACEMENT_CHANGE = bare("CARPL CLOSE ALLEG STAND APPRR CREQB CREQO CHILD LAREQ PLACE CUSTOD OTHER")
RETURN_PLACEMENT: Codes = {**bare("F1 F2 F3 F4 F5 F6 H1 H2 H3 H4 K3 M1 M2 M3 Q1 Q2 R4 Z11 Z12 Z13 Z14"), **PLACEMENT}
PARTICIPATION = bare("PN0 PN1 PN2 PN3 PN4 PN5 PN6 PN7")
WORKER_CHANGE = bare("MANAGE FCONTA LEFTRL ORGRST TSPROC ABSENC CHCHAN PCCHAN SWDIED OTHERS")

MISSING = codes("""
    missing = m
    absent = a | away | away without authorisation
""", not_known="")  # fmt: skip

RETURN_ACTIVITY: Codes = {**ACTIVITY, "0": None}
RETURN_ACCOMMODATION = bare(
    " ".join(f"{letter}{suitable}" for letter in "BCDEGHKRSTUVWXYZ" for suitable in ("", "1", "2")), not_known="0|01|02"
)  # the letter says where, the figure whether it is suitable (1) or not (2); 0: the young person is not in touch, so it is not known

PREVIOUS_PERMANENCE = codes("""
    adoption = P1
    sgo = P2
    cao = P3
    not_stated = P4
    none = Z1
""", not_known="")  # fmt: skip

SOCIAL_WORK_ROLE = codes("""
    Senior manager = 1
    Middle manager = 2
    First line manager = 3
    Senior practitioner = 4
    Case holder = 5
    Qualified without cases = 6
""", not_known="")  # fmt: skip
