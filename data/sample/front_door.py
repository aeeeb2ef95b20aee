"""At the front door: contacts, early help, how soon referrals are decided, and young people who come as homeless."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

from data.sample import codes, story
from data.sample.days import month_end, month_of, month_start, working_after
from data.sample.records import Child, Records, Referral
from data.sample.rhythm import about, day_in

CONTACTS_A_MONTH = 570  # those that become referrals among them: of what is recorded as which, the front door decides
EARLY_HELP_A_MONTH, HOMELESS_A_MONTH = 55, 6
ORGANISATIONS = ("Primary school", "Secondary school", "Family hub", "Health visiting", "Youth service", "Voluntary organisation")


@dataclass(slots=True)
class Contact:
    child: Child
    day: int
    source: str


@dataclass(slots=True)
class EarlyHelp:
    child: Child
    start: int
    end: int
    organisation: str


@dataclass(slots=True)
class Homeless:
    """A 16 or 17 year old who came as homeless; no day where housing and children's services never assessed together."""

    person_id: str
    day: int
    assessed: int | None
    outcome: str
    place: str
    team: str
    again: bool


class FrontDoor:
    """Everything that came to the front door in these months."""

    def __init__(self, rng: Random, records: Records, months: range, scale: float) -> None:
        self._rng, self._next_id = rng, 700000
        self.decided: dict[int, int] = {id(referral): self._decide(referral) for referral in records.referrals}
        self.contacts: list[Contact] = []
        self.early_help: list[EarlyHelp] = []
        self.homeless: list[Homeless] = []
        referred: Counter[int] = Counter()
        first, last = month_start(months[0]), month_end(months[-1])
        for referral in records.referrals:
            if first <= referral.day <= last:
                day = max(referral.day - rng.choice((0, 0, 0, 1)), first)
                referred[month_of(day)] += 1
                self.contacts.append(Contact(referral.child, day, referral.source))
        for month in months:
            self._others(records, month, max(about(rng, CONTACTS_A_MONTH * scale) - referred[month], 0), scale)
        self.contacts = list({(one.child.child_id, one.day, one.source): one for one in self.contacts}.values())
        self.contacts.sort(key=lambda one: (one.day, one.child.child_id))

    def _decide(self, referral: Referral) -> int:
        in_time = self._rng.random() < story.DECIDED_IN_A_DAY.at(referral.day)
        return working_after(referral.day, self._rng.choice((0, 1, 1)) if in_time else self._rng.choice((2, 2, 3, 4, 7)))

    def _others(self, records: Records, month: int, count: int, scale: float) -> None:
        """Contacts that were no referral, early help and homeless young people of one month."""
        rng = self._rng
        known = records.children
        for _ in range(count):
            child = rng.choice(known) if known and rng.random() < 0.35 else self._stranger(month_start(month))
            if child.adult_on > month_end(month) and child.born <= month_start(month):
                self.contacts.append(Contact(child, day_in(rng, month), rng.choices(codes.SOURCES, codes.SOURCE_WEIGHTS)[0]))
        for _ in range(about(rng, EARLY_HELP_A_MONTH * scale)):
            start = day_in(rng, month)
            self.early_help.append(
                EarlyHelp(self._stranger(start), start, working_after(start, rng.randrange(12, 55)), rng.choice(ORGANISATIONS))
            )
        for number in range(max(round(HOMELESS_A_MONTH * scale), 1)):
            self.homeless.append(self._homeless(month, number))

    def _stranger(self, today: int) -> Child:
        rng = self._rng
        self._next_id += rng.randrange(1, 9)
        return Child(
            str(self._next_id), rng.choice(codes.SEXES[:2]), rng.choices(codes.ETHNICITIES, codes.ETHNICITY_WEIGHTS)[0],
            today - int(rng.uniform(0.1, 17.3) * 365.25), codes.YES_NO_UNKNOWN[1], False, rng.choices(*codes.TEAMS)[0],
            codes.NEEDS[0], 0,
        )  # fmt: skip

    def _homeless(self, month: int, number: int) -> Homeless:
        rng, day = self._rng, day_in(self._rng, month)
        if rng.random() < story.HOMELESS_ASSESSED.at(day):
            assessed: int | None = working_after(day, rng.randrange(1, 11))
        else:
            assessed = working_after(day, rng.randrange(11, 30)) if rng.random() < 0.7 else None
        outcome, place = rng.choice((
            ("s20", "foster carer"), ("s17", "supported lodgings"), ("part7", "temporary accommodation"), ("family", "home"),
            ("family", "with a relative"), ("other", "not recorded"),
        ))  # fmt: skip
        person = f"{690000 + month % 72 * 10 + number}"
        return Homeless(person, day, assessed, outcome, place, rng.choices(*codes.TEAMS)[0], rng.random() < 0.12)
