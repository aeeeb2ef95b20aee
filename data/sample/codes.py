"""The code lists of Annex A that the invented council writes, with how often each is used. Facts of the form, not choices of ours."""

from __future__ import annotations

from random import Random

from data.sample.story import TEAM_SHARES

TEAMS = (tuple(TEAM_SHARES), tuple(TEAM_SHARES.values()))
SEXES = ("a) Male", "b) Female", "c) Not stated/recorded", "d) Neither")
YES_NO_UNKNOWN = ("a) Yes", "b) No", "c) Unknown")

ETHNICITIES = (
    "a) WBRI", "b) WIRI", "d) WOTH", "e) WROM", "f) MWBC", "g) MWBA", "h) MWAS", "i) MOTH", "j) AIND", "k) APKN", "l) ABAN", "m) AOTH",
    "n) BCRB", "o) BAFR", "p) BOTH", "q) CHNE", "r) OOTH", "s) REFU",
)  # fmt: skip
ETHNICITY_WEIGHTS = (640, 6, 52, 5, 28, 14, 18, 24, 12, 38, 12, 16, 14, 36, 12, 4, 22, 10)

SOURCES = (
    "a) 1A: Individual", "b) 1B: Individual", "e) 2A: Schools", "f) 2B: Education services", "g) 3A: Health services",
    "h) 3B: Health services", "j) 3D: Health services", "k) 3E: Health services", "m) 4: Housing", "n) 5A: LA services",
    "o) 5B: LA services", "q) 6: Police", "r) 7: Other legal agency", "s) 8: Other", "t) 9: Anonymous", "u) 10: Unknown",
)  # fmt: skip
SOURCE_WEIGHTS = (45, 20, 190, 15, 30, 45, 40, 25, 15, 60, 50, 300, 30, 60, 25, 6)

NEEDS = (
    "N1 - Abuse or neglect", "N2 - Child's disability", "N3 - Parental disability or illness", "N4 - Family in acute stress",
    "N5 - Family dysfunction", "N6 - Socially unacceptable behaviour", "N8 - Absent parenting", "N0 - Not stated",
)  # fmt: skip
NEED_WEIGHTS = (57, 10, 3, 9, 14, 3, 3, 1)

CATEGORIES = ("a) Neglect", "b) Physical abuse", "c) Sexual abuse", "d) Emotional abuse", "e) Multiple/not recommended")
PERMANENCE = ("a) Return to family", "b) Adoption", "c) SGO/CAO", "d) Supported living in the community", "g) other")
TURNED_18 = "v) E17: Aged 18+ and remained with current carers"
CARE_ENDS = (
    "e) E4A: Returned home to live with parents or relatives - part of planning",
    "f) E4B: Returned home to live with parents or relatives - not part of planning",
    "a) E11: Adopted - application unopposed",
    "k) E47: Special Guardianship Orders - relative/friend",
    "t) E8: Care ceased for any other reason",
)
CARE_END_WEIGHTS = (44, 8, 14, 22, 12)

LONG_TERM_FOSTERING = "d) U4: Foster placement - long term"
FOSTER_PROVIDERS = ("b) PR1: Own provision", "b) PR1: Own provision", "e) PR4: Private provision")
PLACEMENTS = (
    ("f) U6: Foster placement - not FFA", "b) PR1: Own provision", 36),
    ("f) U6: Foster placement - not FFA", "e) PR4: Private provision", 22),
    ("c) U3: Foster placement - relative - not FFA", "b) PR1: Own provision", 14),
    ("k) P1: Placed with parents", "a) PR0: Parents/Parental responsibility", 5),
    ("p) K2: Children's Homes", "e) PR4: Private provision", 12),
    ("n) H5: Residential accommodation", "e) PR4: Private provision", 7),
    ("h) A4: Placed for adoption - consent - not foster", "b) PR1: Own provision", 4),
)
FOSTERED = ("f) U6: Foster placement - not FFA", "b) PR1: Own provision")
CHILDRENS_HOME = ("p) K2: Children's Homes", "e) PR4: Private provision")
SUPPORTED_HOME = ("n) H5: Residential accommodation", "e) PR4: Private provision")
ADOPTIVE = ("j) A6: Placed for adoption - order - not foster", "b) PR1: Own provision")
ADOPTED, RETURNED_HOME = CARE_ENDS[2], CARE_ENDS[0]

ELIGIBILITY = {
    "relevant": "a) Relevant child", "former_relevant": "b) Former relevant child", "qualifying": "c) Qualifying care leaver",
    "eligible": "d) Eligible child",
}  # fmt: skip
IN_TOUCH = {"yes": "a) Yes", "no": "b) No", "refused": "d) Refu", "not_required": "e) NREQ"}
HOMES = (
    "B: Parents/relatives", "D: Semi-independent, transitional accommodation and self-contained accommodation", "E: Supported lodgings",
    "K: Ordinary lodgings, without formal support", "T: Foyers and similar supported accommodation", "U: Independent living",
    "Z: With former foster carers",
)  # fmt: skip
HOME_WEIGHTS = (14, 20, 8, 4, 8, 30, 16)
UNSUITABLE_HOMES = (
    "S: No fixed adobe/homeless", "V: Emergency accommodation", "W: Bed and breakfast", "X: In custody", "U: Independent living",
)  # fmt: skip
WORKING_OR_LEARNING = (
    "F1: Full time in higher education", "F2: Full time in education other than higher",
    "F4: Young person engaged full time in an apprenticeship",
    "F5: Young person engaged full time in training or employment (not apprenticeship)",
    "P2: Part time in education other than higher",
    "P5: Young person engaged part time in training or employment (not apprenticeship)",
)  # fmt: skip
NEITHER = (
    "G4: Not in education, employment or training - illness or disability", "G5: Not in education, employment or training - other",
    "G6: Not in education, employment or training - pregnancy or parenting",
)  # fmt: skip
NO_LONGER_TO_BE_ADOPTED = "RD3 - Prospective adopters could not be found"
LEAVES_ADOPTING = ("1 - Adopter withdrew from process", "2 - Process put on hold", "3 - Application refused")
CLOSURES = {
    "served": "RC7 - Services ceased for any other reason, including child no longer in need",
    "assessed": "RC8 - Case closed after assessment, no further action",
    "order": "RC4 - Special guardianship order",
    "adopted": "RC1 - Adopted",
    "moved": "RC5 - Transferred to services of another local authority",
}


def bare(label: str) -> str:
    """The code alone of a label of the form: "2A" of "e) 2A: Schools", "WBRI" of "a) WBRI", "N1" of "N1 - Abuse or neglect"."""
    return label.partition(") ")[2].partition(":")[0] or label.partition(" - ")[0].partition(":")[0]


def placement(rng: Random) -> tuple[str, str]:
    """A placement type and its provider."""
    kind, provider, _ = rng.choices(PLACEMENTS, [weight for *_, weight in PLACEMENTS])[0]
    return kind, provider
