"""The closed lists of the local extracts: each code of ours, and the ways councils write it."""

from __future__ import annotations

from data.canonical.care import PARTICIPATION
from loaders.codes import codes

REVIEW = codes("""
    cp = rcpc | review conference | review child protection conference | child protection | child protection review
    cla = lac | cic | looked after | looked after review | children in care | child in care | statutory review
""", not_known="")  # fmt: skip

TOOK_PART = codes("\n".join(f"{code} =" for code in PARTICIPATION), not_known="not recorded|unknown|not known")

ESCALATION_STAGE = codes("""
    informal = informal resolution | stage 0 | 0
    1 = stage 1 | stage one | formal stage 1
    2 = stage 2 | stage two | formal stage 2
    3 = stage 3 | stage three | formal stage 3
""")  # fmt: skip

HOMELESS_OUTCOME = codes("""
    section_20 = s20 | section 20 | looked after
    section_17 = s17 | section 17
    part_7 = part 7 | part7 | housing act part 7 | housing
    family = returned home | returned to family | family or friends | home
    other =
""")  # fmt: skip

TAKING_PART = codes("""
    council = cicc | children in care council | care council
    review =
    advocacy = advocate
    survey = consultation
    other =
""")  # fmt: skip

PARENT_CHECK = codes("""
    spot_check = spot check | unannounced | unannounced visit
    review =
""")  # fmt: skip

PRE_PROCEEDINGS_END = codes("""
    proceedings_issued = decision to issue care proceedings | issue care proceedings | proceedings issued | issued
    stepped_down = decision to step down | step down | stepped down
""")  # fmt: skip

APPLICATION = codes("""
    care_order = care order | co | section 31 | s31
    supervision_order = supervision order | so
    emergency_protection = emergency protection order | epo
    other =
""")  # fmt: skip

COURT_OUTCOME = codes("""
    care_order = care order | co
    supervision_order = supervision order | so
    placement_order = placement order | care and placement order | care and placement orders
    special_guardianship = special guardianship order | sgo
    child_arrangements = child arrangements order | cao
    no_order = no order
    withdrawn = withdrawn | application withdrawn
    other =
""")  # fmt: skip

ACTION_STATUS = codes("""
    not_started = not started | to start | planned
    in_progress = in progress | open | started | ongoing | on track
    complete = completed | done
    closed =
""")  # fmt: skip

RAG = codes("""
    red = r
    amber = a
    green = g
    blue = b
""")  # fmt: skip
