"""The closed lists that only Annex A has, with the letters and labels it prints: why care ended, leaving care, adoption."""

from __future__ import annotations

from loaders.codes import codes

CLOSURE = codes("""
    RC1 = adopted
    RC2 = died
    RC3 = child arrangements order | residence order
    RC4 = special guardianship order
    RC5 = transferred to services of another local authority
    RC6 = transferred to adult social care services | transferred to adult social services
    RC7 = services ceased for any other reason, including child no longer in need | services ceased for any other reason
    RC8 = case closed after assessment, no further action
    RC9 = case closed after assessment, referred to early help
""")  # fmt: skip

CARE_END = codes("""
    E11 = a | adopted - application unopposed
    E12 = b | adopted - consent dispensed
    E2 = c | died
    E3 = d | care taken by another la
    E4A = e | returned home to live with parents or relatives - part of planning
    E4B = f | returned home to live with parents or relatives - not part of planning
    E13 = g | parents, relatives or other with no parental responsibility
    E41 = h | residence order granted
    E45 = i | special guardianship orders - former carer relative/friend
    E46 = j | special guardianship orders - former carer other
    E47 = k | special guardianship orders - relative/friend
    E48 = l | special guardianship orders - other
    E5 = m | moved into independent living - supported
    E6 = n | moved into independent living - no support
    E7 = o | transferred to residential care funded by adult social services
    E9 = p | sentenced to custody
    E14 = q | accommodation on remand ended
    E15 = r | age assessment determined child was 18 or over
    E16 = s | child moved abroad
    E8 = t | care ceased for any other reason
    X1 = u | codeerror
    E17 = v | aged 18+ and remained with current carers
""")  # fmt: skip

LOCATION = codes("""
    in = a | inside | in area | in county | inside the authority
    out = b | outside | out of area | out of county | outside the authority
""")  # fmt: skip

ELIGIBILITY = codes("""
    relevant = a | relevant child | relevant care leaver
    former_relevant = b | former relevant child | former relevant care leaver
    qualifying = c | qualifying care leaver | qualifying child
    eligible = d | eligible child
""")  # fmt: skip

IN_TOUCH = codes("""
    yes = a | y
    no = b | n
    died = c
    refused = d | refu | refused contact
    not_required = e | nreq | no longer required
    returned_home = f | rhom | returned home
""")  # fmt: skip

ACCOMMODATION = codes("""
    B = parents/relatives | with parents or relatives
    C = community home/residential care
    D = semi-independent, transitional accommodation and self-contained accommodation
    E = supported lodgings
    G = abroad
    H = deported
    K = ordinary lodgings, without formal support
    R = residence not known
    S = no fixed adobe/homeless | no fixed abode/homeless
    T = foyers and similar supported accommodation
    U = independent living
    V = emergency accommodation
    W = bed and breakfast
    X = in custody
    Y = other accommodation
    Z = with former foster carers
""")  # fmt: skip

SUITABILITY = codes("""
    suitable = a | yes | y | 1
    unsuitable = b | not suitable | no | n | 2
""")  # fmt: skip

ACTIVITY = codes("""
    F1 = full time in higher education
    F2 = full time in education other than higher
    F3 = full time in training or employment
    F4 = young person engaged full time in an apprenticeship
    F5 = young person engaged full time in training or employment (not apprenticeship)
    P1 = part time in higher education
    P2 = part time in education other than higher
    P3 = part time in training or employment
    P4 = young person engaged part time in an apprenticeship
    P5 = young person engaged part time in training or employment (not apprenticeship)
    G4 = not in education, employment or training - illness or disability
    G5 = not in education, employment or training - other
    G6 = not in education, employment or training - pregnancy or parenting
""")  # fmt: skip

ADOPTION_END = codes("""
    RD1 = the child’s needs changed subsequent to the decision
    RD2 = the court did not make a placement order
    RD3 = prospective adopters could not be found
    RD4 = any other reason
""")  # fmt: skip

LEAVES_ADOPTING = codes("""
    withdrew = 1 | adopter withdrew from process
    on_hold = 2 | process put on hold
    refused = 3 | application refused
""")  # fmt: skip
