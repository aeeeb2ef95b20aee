"""The Annex A workbook of one month: lists 3 to 8 with their headings, as the case system held them on the month's last day."""

from __future__ import annotations

from data.sample import codes
from data.sample.days import FAR, as_date, months_before
from data.sample.files import Cell, Sheet
from data.sample.records import Care, Child
from data.sample.simulation import LastSeen, Simulation

_WHO = ("Child Unique ID", "Gender", "Ethnicity", "Date of Birth", "Age of Child (Years)")
_DISABLED = "Does the Child have a Disability"
_HELD = ("Allocated Team", "Allocated Worker")
HEADINGS: dict[str, tuple[str, ...]] = {
    "List 3": (*_WHO, "Date of referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months", *_HELD),
    "List 4": (
        *_WHO, _DISABLED, "Continuous Assessment Start Date", "Child Seen During Continuous Assessment",
        "Continuous Assessment Date of Authorisation",
        "Was the child assessed as requiring LA children's social care support?", *_HELD,
    ),
    "List 5": (
        *_WHO, _DISABLED, "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?", "Date of Initial Child Protection Conference",
        "Did the Initial Child Protection Conference Result in a Child Protection Plan",
        "Number of Section 47 Enquiries in the last 12 months", "Number of ICPCs in the last 12 months", *_HELD,
    ),
    "List 6": (
        *_WHO, _DISABLED, "CIN Start Date", "Primary Need Code", "Date Child Was Last Seen", "CIN Closure Date", "Reason for Closure",
        "Case Status", *_HELD,
    ),
    "List 7": (
        *_WHO, _DISABLED, "Child Protection Plan Start Date", "Initial Category of Abuse", "Latest Category of Abuse",
        "Date of the Last Statutory Visit", "Was the Child Seen Alone?", "Date of latest review conference",
        "Child Protection Plan End Date",
        "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
        "Number of Previous Child Protection Plans", *_HELD,
    ),
    "List 8": (
        *_WHO, "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)", _DISABLED, "Date Started to be Looked After",
        "Child's Category of Need",
        "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
        "Start date of current legal status", "Child's Legal Status", "Date of Latest Statutory Review", "Date of Last Social Work Visit",
        "What is the permanence plan for this child?", "Date of Last IRO Visit / Contact to the Child", "Date of Last Health Assessment",
        "Date of Last Dental Check", "Number of Placements in the Last 12 months", "Date Ceased to be Looked After",
        "Reason Ceased to be Looked After", "Start Date of Most Recent Placement", "Placement Type", "Placement Provider",
        "Placement postcode", "URN of Placement", "Placement Location", "LA of Placement",
        "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months",
        "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",
        "Was the child offered a Return Interview after their last missing episode (Y/N)?",
        "Did the child accept a Return Interview after their last missing episode (Y/N)?", *_HELD,
    ),
}  # fmt: skip
STATUSES = {
    "cla": "a) Looked after child",
    "cp": "b) Child Protection plan",
    "cin": "c) Child in need plan",
    "assessment": "d) Open assessment",
}
YES, NO = "a) Yes", "b) No"


def lists_of(sim: Simulation, as_at: int, *, history: int = 6) -> list[Sheet]:
    """The six lists. `history` is how many months of referrals list 3 goes back: longer in a council's first extract."""
    since = months_before(as_at, 6)
    rows = {
        "List 3": _referrals(sim, as_at, months_before(as_at, history)),
        "List 4": _assessments(sim, as_at, since),
        "List 5": _enquiries(sim, as_at, since),
        "List 6": _in_need(sim, as_at, since),
        "List 7": _protected(sim, as_at, since),
        "List 8": _looked_after(sim, as_at, since),
    }
    return [Sheet(name, [list(HEADINGS[name]), *rows[name]], date_columns(name)) for name in HEADINGS]


def date_columns(name: str) -> frozenset[int]:
    """Which columns of a list hold dates."""
    dated = ("Date ", "Start Date", "Start date")
    return frozenset(
        index
        for index, heading in enumerate(HEADINGS[name])
        if heading.startswith(dated) or heading.endswith((" Date", "Date of Authorisation"))
    )


def _who(child: Child, as_at: int) -> list[Cell]:
    unborn = child.born > as_at
    now, born = as_date(as_at), as_date(child.born)
    age = -1 if unborn else now.year - born.year - ((now.month, now.day) < (born.month, born.day))
    return [child.child_id, child.sex, child.ethnicity, None if unborn else child.born, age]


def _known(value: int, as_at: int) -> int | None:
    return value if value <= as_at else None


def _referrals(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    year = months_before(as_at, 12)
    rows: list[list[Cell]] = []
    for referral in sim.records.referrals:
        if since < referral.day <= as_at:
            others = max(sum(year < on <= as_at for on in referral.child.referred_on) - 1, 0)
            action = YES if referral.closed_without_action else NO
            what: list[Cell] = [referral.day, referral.source, action, others, referral.team, referral.worker]
            rows.append([*_who(referral.child, as_at), *what])
    return rows


def _assessments(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for item in sim.records.assessments:
        if item.start <= as_at and item.authorised > since:
            done = _known(item.authorised, as_at)
            holder = item.child.holder_at(min(item.authorised, as_at) - (item.authorised > item.start))
            rows.append([
                *_who(item.child, as_at), item.child.disabled, item.start, item.seen if done else None, done,
                item.support if done else None, *holder,
            ])  # fmt: skip
    return rows


def _enquiries(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    year = months_before(as_at, 12)
    rows: list[list[Cell]] = []
    for item in sim.enquiries_by_day:
        still_open = item.conference is not None and item.conference > since
        if item.day <= as_at and (item.day > since or still_open):
            own = sim.enquiries_of[item.child.child_id]
            held = item.conference if item.conference is not None and item.conference <= as_at else None
            decided = item.day + 12 <= as_at
            rows.append([
                *_who(item.child, as_at), item.child.disabled, item.day,
                (NO if item.conference else YES) if decided or held else None, held,
                (YES if item.led_to_plan else NO) if held else None,
                sum(year < e.day <= as_at for e in own),
                sum(e.conference is not None and year < e.conference <= as_at for e in own), *item.child.holder_at(held or item.day),
            ])  # fmt: skip
    return rows


def _in_need(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for child in sim.records.children:
        started = [p for p in child.phases if p.kind != "none" and p.start <= as_at]
        if not started or started[-1].end <= since:
            continue
        phase = started[-1]
        is_open = phase.end > as_at
        seen = sim.last_seen(child, as_at)
        rows.append([
            *_who(child, as_at), child.disabled, phase.start, child.need, seen.day if seen else None, None if is_open else phase.end,
            None if is_open else codes.CLOSURES["assessed" if phase.kind == "assessment" else "served"],
            STATUSES[phase.kind] if is_open else "e) Closed episode", *child.holder_at(as_at if is_open else phase.end - 1),
        ])  # fmt: skip
    return rows


def _after(start: int, seen: LastSeen | None) -> LastSeen | None:
    return seen if seen and seen.day >= start else None


def _protected(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for plan in sim.records.plans:
        start, end = plan.phase.start, plan.phase.end
        if start > as_at or end <= since:
            continue
        seen = _after(start, sim.last_seen(plan.child, as_at, "cp"))
        reviews = range(start + 84, min(end, as_at) + 1, 175)
        alone = (YES if seen.alone else "c) Unknown" if seen.alone is None else NO) if seen else None
        rows.append([
            *_who(plan.child, as_at), plan.child.disabled, start, plan.first_category, plan.category if reviews else plan.first_category,
            seen.day if seen else None, alone, reviews[-1] if reviews else None, _known(end, as_at),
            YES if start % 23 == 0 else NO, plan.earlier, *plan.child.holder_at(min(end - 1, as_at)),
        ])  # fmt: skip
    return rows


def _looked_after(sim: Simulation, as_at: int, since: int) -> list[list[Cell]]:
    return [_care_row(sim, care, as_at) for care in sim.records.care if care.phase.start <= as_at and care.phase.end > since]


def _care_row(sim: Simulation, care: Care, as_at: int) -> list[Cell]:
    child, start, end = care.child, care.phase.start, care.phase.end
    until = min(end, as_at)
    placement = next(p for p in reversed(care.placements) if p.start <= until)
    seen = _after(start, sim.last_seen(child, as_at, "cla"))
    ordered = care.order_on <= as_at
    reviews = [on for on in (start + 26, start + 115, *range(start + 290, until + 1, 178)) if on <= until]
    health = start + 24 + (until - start - 24) // 350 * 350 if until >= start + 24 else None
    dental = start + 60 + (until - start - 60) // 190 * 190 if until >= start + 60 else None
    year = months_before(as_at, 12)
    placements = sum(year < p.start <= until for p in care.placements) + (care.placements[0].start <= year)
    missing = care.missing if start % 3 else 0
    plan = care.permanence if care.long_term_from == FAR or as_at >= care.long_term_from else "g) other"
    return [
        *_who(child, as_at), YES if child.unaccompanied and start > year else NO, child.disabled, start, child.need,
        YES if sum(p.kind == "cla" and months_before(start, 12) < p.end <= start for p in child.phases) else NO,
        care.order_on if ordered else start, "C2: FCO" if ordered else care.status, reviews[-1] if reviews else None,
        seen.day if seen else None, plan if until > start + 110 else None, max(reviews[-1] - 9, start) if reviews else None, health, dental,
        max(placements, 1), _known(end, as_at), care.ended_by if end <= as_at else None,
        placement.start, placement.kind, placement.provider,
        f"ZZ{placement.place % 90 + 1} {placement.place % 9}ZZ", f"SC{900000 + placement.place}" if "K2" in placement.kind else None,
        "b) Out" if placement.out_of_area else "a) In", "Invented Neighbour" if placement.out_of_area else "Invented Council",
        missing, 0, YES if missing else None, (YES if start % 2 else NO) if missing else None,
        *child.holder_at(max(until - (end <= as_at), start)),
    ]  # fmt: skip
