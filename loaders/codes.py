"""The closed lists of the extracts: each code of ours, and every way councils write it.

One line a code: our code, then the words that mean it. Letters such as the `b` of "b) Female" are taken off before words are compared.
"""

from __future__ import annotations

from collections.abc import Mapping

from data.tables import CASE_STATUSES, GRADES
from loaders.cells import plain

Codes = Mapping[str, str | None]


def codes(lines: str, *, not_known: str = "not stated|not recorded|unknown|not known|nk") -> Codes:
    """Read a list written as `code = word | word` lines into word -> code; `not_known` words are understood, and left empty."""
    found: dict[str, str | None] = {plain(word): None for word in not_known.split("|") if word}
    for line in filter(None, map(str.strip, lines.splitlines())):
        code, _, words = line.partition("=")
        for word in (code, *words.split("|")):
            if plain(word):
                found[plain(word)] = code.strip()
    return found


SEX = codes("""
    male = m | boy | 1 | a
    female = f | girl | 2 | b
    not_stated = not stated/recorded | not stated | not recorded | unborn | unknown | indeterminate | u | 0 | c
    neither = 9 | d
""")  # fmt: skip

# A letter alone is not read here: two letterings of these are in use, and they differ.
ETHNICITY = codes("""
    WBRI = white british
    WIRI = white irish
    WIRT = traveller of irish heritage
    WOTH = any other white background
    WROM = gypsy/roma | gypsy roma
    MWBC = white and black caribbean
    MWBA = white and black african
    MWAS = white and asian
    MOTH = any other mixed background
    AIND = indian
    APKN = pakistani
    ABAN = bangladeshi
    AOTH = any other asian background
    BCRB = caribbean | black caribbean
    BAFR = african | black african
    BOTH = any other black background
    CHNE = chinese
    OOTH = any other ethnic group
    REFU = refused
    NOBT = not obtained | information not yet obtained
""")  # fmt: skip

REFERRAL_SOURCE = codes("""
    1A = a
    1B = b
    1C = c
    1D = d
    2A = e | schools | school
    2B = f | education services
    3A = g
    3B = h
    3C = i
    3D = j
    3E = k
    3F = l
    4 = m | housing
    5A = n
    5B = o
    5C = p
    5D = p1
    6 = q | police
    7 = r | other legal agency
    8 = s | other
    9 = t | anonymous
    10 = u
""", not_known="unknown|not known")  # fmt: skip

CATEGORY_OF_ABUSE = codes("""
    neglect = a | nou | neg
    physical = physical abuse | b | phy
    sexual = sexual abuse | c | sab
    emotional = emotional abuse | d | emo
    multiple = multiple/not recommended | multiple | not recommended | e | mul
""")  # fmt: skip

CATEGORY_OF_NEED = codes("""
    N1 = abuse or neglect
    N2 = child's disability | childs disability or illness
    N3 = parental disability or illness | parental illness or disability
    N4 = family in acute stress
    N5 = family dysfunction
    N6 = socially unacceptable behaviour
    N7 = low income
    N8 = absent parenting
    N9 = cases other than children in need
    N0 = not stated
""", not_known="unknown|not known")  # fmt: skip

CASE_STATUS = codes(f"""
    {CASE_STATUSES[0]} = looked after child | looked after | child in care | cla | lac | a
    {CASE_STATUSES[1]} = child protection plan | cp plan | cpp | cp | b
    {CASE_STATUSES[2]} = child in need plan | cin plan | child in need | cin | c
    {CASE_STATUSES[3]} = open assessment | d
    {CASE_STATUSES[4]} = closed episode | e
""")  # fmt: skip

LEGAL_STATUS = codes("""
    C1 = ico | interim care order
    C2 = fco | full care order | care order
    D1 = freeing order | freeing order granted
    E1 = placement order | placement order granted
    V2 = single period under s20 | section 20 | s20
    V3 = short term breaks, episodes recorded
    V4 = short term breaks, agreements recorded
    L1 = police protection la accommodation | police protection
    L2 = epo | emergency protection order
    L3 = child assessment order la accommodation
    J1 = remanded to la or youth detention
    J2 = la accommodation under pace
    J3 = youth rehabilitation order
""")  # fmt: skip

PERMANENCE = codes("""
    return_to_family = a
    adoption = b
    sgo_cao = sgo/cao | special guardianship order | child arrangements order | c
    supported_living = supported living in the community | d
    long_term_residential = long-term residential placement | e
    long_term_fostering = long-term fostering | f
    other = g
""")  # fmt: skip

PLACEMENT = codes("""
    U1 = a | foster placement - relatives - long term
    U2 = b | foster placement - relative - ffa
    U3 = c | foster placement - relative - not ffa
    U4 = d | foster placement - long term
    U5 = e | foster placement - ffa
    U6 = f | foster placement - not ffa
    A3 = g | placed for adoption - consent - current foster
    A4 = h | placed for adoption - consent - not foster
    A5 = i | placed for adoption - order - foster
    A6 = j | placed for adoption - order - not foster
    P1 = k | placed with parents
    P2 = l | independent living
    P3 = m | residential employment
    H5 = n | residential accommodation
    K1 = o | secure children's homes | secure childrens home
    K2 = p | children's homes | childrens home
    R1 = q | residential care home
    R2 = r | nhs/health trust
    R3 = s | family centre or mother and baby unit
    R5 = t | young offender institution
    S1 = u | residential school
    T0 = w | temporary placement
    T1 = x | temporary placement - hospital
    T2 = y | temporary placement - holiday
    T3 = z | temporary placement - carer holiday
    T4 = zz | temporary placement - seven days or less
    Z1 = v | other placements
""")  # fmt: skip

PROVIDER = codes("""
    PR0 = a | parents/parental responsibility
    PR1 = b | own provision
    PR2 = c | other la provision
    PR3 = d | other public provision
    PR4 = e | private provision
    PR5 = f | voluntary/third sector
""")  # fmt: skip

COHORT = codes("""
    cp = cpp | child protection | child protection plan
    cin = child in need | child in need plan | children in need
    cla = lac | cic | child in care | looked after | looked after child | children in care
    contact = initial contact | referral
    pf = private fostering | privately fostered
""", not_known="")  # fmt: skip

VISIT_MODE = codes("""
    in_person = in person | face to face | f2f | home visit
    virtual = video | telephone | phone | teams | remote
""")  # fmt: skip

SUPERVISION = codes("""
    personal = individual | 1:1 | one to one
    case = case supervision | case discussion
    group = peer | group supervision
""")  # fmt: skip

SUPERVISION_STATUS = codes("""
    held = completed | complete | took place | done | yes | y
    cancelled = canceled | not held | missed | postponed | did not take place | no | n
""", not_known="unknown")  # fmt: skip

AUDIT_KIND = codes("""
    case = case audit | case file | case file audit | full
    dip = dip sample | dip sampling
    re_audit = re-audit | reaudit | follow up
    spot_check = spot check | unannounced
""")  # fmt: skip

GRADE = codes(f"""
    {GRADES[0]} = o | 1
    {GRADES[1]} = g | 2
    {GRADES[2]} = requires improvement | requires improvement to be good | ri | 3
    {GRADES[3]} = i | 4
""", not_known="not graded|ungraded|not known|pending|n/a")  # fmt: skip

REFLECTIVE = codes(f"""
    {GRADES[0]} = o
    {GRADES[1]} = g
    {GRADES[2]} = requires improvement | ri
    {GRADES[3]} = i
    reflective = yes | y
    partly_reflective = partly reflective | partly
    not_reflective = not reflective | task focused | no | n
""", not_known="not graded|ungraded|not known|n/a")  # fmt: skip
