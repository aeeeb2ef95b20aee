"""The children in need census of 2025 to 2026, as XML: the same children as in Annex A, told another way.

Some of it differs from Annex A on purpose, as two systems do: `DIFFERS` says what, and how often.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from data.sample import codes
from data.sample.days import as_date, day
from data.sample.files import ABOUT
from data.sample.protection_practice import Protected
from data.sample.records import Assessment, Child, Enquiry, Phase, Referral
from data.sample.simulation import Simulation

YEAR_START, YEAR_END = day(2025, 4), day(2026, 3, 31)
SEXES = {codes.SEXES[0]: "M", codes.SEXES[1]: "F", codes.SEXES[2]: "U", codes.SEXES[3]: "9"}
CATEGORIES = dict(zip(codes.CATEGORIES, ("NEG", "PHY", "SAB", "EMO", "MUL"), strict=True))
DISABILITIES = {codes.YES_NO_UNKNOWN[0]: "LD", codes.YES_NO_UNKNOWN[1]: "NONE"}
DIFFERS = {"date of birth": 4, "category of a protection plan": 4}
HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<!-- {about} -->
<Message>
<Header>
<CollectionDetails><Collection>CIN</Collection><Year>2026</Year><ReferenceDate>2026-03-31</ReferenceDate></CollectionDetails>
<Source><SourceLevel>L</SourceLevel><LEA>999</LEA><SoftwareCode>Invented</SoftwareCode><Release>1</Release><SerialNo>001</SerialNo>\
<DateTime>2026-06-01T09:00:00</DateTime></Source>
</Header>
<Children>
"""


class Census:
    """Everything the census asks about the children of one year, in the words of the census."""

    def __init__(self, sim: Simulation) -> None:
        self._referrals: dict[str, list[Referral]] = {}
        self._assessments: dict[str, list[Assessment]] = {}
        self._plans: dict[str, list[Protected]] = {}
        for referral in sim.records.referrals:
            self._referrals.setdefault(referral.child.child_id, []).append(referral)
        for assessment in sim.records.assessments:
            self._assessments.setdefault(assessment.child.child_id, []).append(assessment)
        for done in sim.protected:
            self._plans.setdefault(done.plan.child.child_id, []).append(done)
        self._enquiries = sim.enquiries_of
        self._children = [child for child in sim.records.children if self._asked_of(child)]
        rng = Random(f"{sim.seed} census")
        planned = [child for child in self._children if child.child_id in self._plans]
        self._born_otherwise = {c.child_id for c in rng.sample(self._children, min(DIFFERS["date of birth"], len(self._children)))}
        differ = rng.sample(planned, min(DIFFERS["category of a protection plan"], len(planned)))
        self._otherwise_protected = {child.child_id for child in differ}

    def text(self) -> str:
        """The whole return."""
        lines = [HEADER.format(about=ABOUT)]
        for child in self._children:
            lines += self._child(child)
        lines.append("</Children>\n</Message>\n")
        return "".join(lines)

    def _asked_of(self, child: Child) -> bool:
        """Whose case was open in the year, and whose referral in it was closed at once."""
        return any(p.start <= YEAR_END and (p.end > YEAR_START or p.start >= YEAR_START) for p in child.phases)

    def _child(self, child: Child) -> Iterator[str]:
        born = child.born + (30 if child.child_id in self._born_otherwise else 0)
        name = "PersonBirthDate" if child.born <= YEAR_END else "ExpectedPersonBirthDate"
        disability = DISABILITIES.get(child.disabled)
        yield f"<Child>\n<ChildIdentifiers>{_tag('LAchildID', child.child_id)}{_day(name, born)}{_tag('Sex', SEXES[child.sex])}"
        yield "</ChildIdentifiers>\n<ChildCharacteristics>" + _tag("Ethnicity", codes.bare(child.ethnicity))
        yield f"<Disabilities>{_tag('Disability', disability)}</Disabilities>" if disability else ""
        yield "</ChildCharacteristics>\n"
        for begun, until, referral in self._cases(child):
            yield from self._case(child, begun, until, referral)
        yield "</Child>\n"

    def _cases(self, child: Child) -> list[tuple[int, int, Referral | None]]:
        """The child's cases of the year: from a referral (or, from before the simulation, the first help) to the next one."""
        referrals = self._referrals.get(child.child_id, [])
        begun: list[tuple[int, Referral | None]] = [(referral.day, referral) for referral in referrals]
        first = min((phase.start for phase in child.phases), default=0)
        if not begun or first < begun[0][0]:
            begun.insert(0, (first, None))
        out = []
        for number, (on, referral) in enumerate(begun):
            until = begun[number + 1][0] if number + 1 < len(begun) else 10**6
            phases = _within(child.phases, on, until)
            closed = max((phase.end for phase in phases), default=on)
            if on <= YEAR_END and (closed > YEAR_START or on >= YEAR_START):
                out.append((on, until, referral))
        return out

    def _case(self, child: Child, begun: int, until: int, referral: Referral | None) -> Iterator[str]:
        phases = _within(child.phases, begun, until)
        closed, last = max(phase.end for phase in phases), phases[-1].kind
        yield "<CINdetails>" + _day("CINreferralDate", begun)
        yield _tag("ReferralSource", codes.bare(referral.source)) if referral else ""
        yield _tag("PrimaryNeedCode", codes.bare(child.need)) if last != "none" else ""
        if closed <= YEAR_END and last != "none":
            reason = codes.CLOSURES["assessed" if last == "assessment" else "served"]
            yield _day("CINclosureDate", closed) + _tag("ReasonForClosure", codes.bare(reason))
        for assessment in self._assessments.get(child.child_id, ()):
            if begun <= assessment.start < until and assessment.start <= YEAR_END and assessment.authorised >= YEAR_START:
                yield f"<Assessments>{_day('AssessmentActualStartDate', assessment.start)}"
                yield f"{_day('AssessmentAuthorisationDate', assessment.authorised)}</Assessments>"
        for phase in phases:
            if phase.kind == "cin" and phase.start <= YEAR_END and phase.end > YEAR_START:
                yield f"<CINPlanDates>{_day('CINPlanStartDate', phase.start)}{_day('CINPlanEndDate', phase.end)}</CINPlanDates>"
        for enquiry in self._enquiries.get(child.child_id, ()):
            if begun <= enquiry.day < until and YEAR_START <= enquiry.day <= YEAR_END:
                yield self._enquiry(enquiry)
        yield _tag("ReferralNFA", "1" if referral and referral.closed_without_action else "0")
        for done in self._plans.get(child.child_id, ()):
            start, end = done.plan.phase.start, done.plan.phase.end
            if begun <= start < until and start <= YEAR_END and end > YEAR_START:
                yield self._plan(done, child)
        yield "</CINdetails>\n"

    def _enquiry(self, enquiry: Enquiry) -> str:
        held = enquiry.conference is not None and enquiry.conference <= YEAR_END
        conference = _day("DateOfInitialCPC", enquiry.conference) if held and enquiry.conference is not None else ""
        needless = "false" if enquiry.conference is not None else "true"
        return f"<Section47>{_day('S47ActualStartDate', enquiry.day)}{conference}{_tag('ICPCnotRequired', needless)}</Section47>"

    def _plan(self, done: Protected, child: Child) -> str:
        plan = done.plan
        reviews = [review.day for review in done.reviews if YEAR_START <= review.day <= YEAR_END]
        ever = any(review.day <= YEAR_END for review in done.reviews)
        latest = CATEGORIES[plan.category if ever else plan.first_category]
        if child.child_id in self._otherwise_protected:
            latest = "EMO" if latest == "NEG" else "NEG"
        days = "".join(_day("CPPreviewDate", on) for on in reviews)
        return (
            f"<ChildProtectionPlans>{_day('CPPstartDate', plan.phase.start)}{_day('CPPendDate', plan.phase.end)}"
            f"{_tag('InitialCategoryOfAbuse', CATEGORIES[plan.first_category])}{_tag('LatestCategoryOfAbuse', latest)}"
            f"{_tag('NumberOfPreviousCPP', str(plan.earlier))}{f'<Reviews>{days}</Reviews>' if days else ''}</ChildProtectionPlans>"
        )


def _within(phases: list[Phase], begun: int, until: int) -> list[Phase]:
    return [phase for phase in phases if begun <= phase.start < until]


def _tag(name: str, value: str) -> str:
    return f"<{name}>{value}</{name}>"


def _day(name: str, number: int) -> str:
    """A day that had come by the census's own; nothing otherwise, but an expected birth."""
    return _tag(name, as_date(number).isoformat()) if number <= YEAR_END or name.startswith("Expected") else ""
