"""What the invented council's case system holds about a child: who they are, and each thing that has happened to them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from data.sample.days import FAR, years_after


@dataclass(slots=True)
class Phase:
    """A stretch of being helped in one way. `kind`: assessment, cin, cp or cla. Phases of one child never overlap."""

    kind: str
    start: int
    end: int = FAR


@dataclass(slots=True)
class Child:
    """A child. `holders` are (first day, team, worker id), in order: who had the child from when."""

    child_id: str
    sex: str
    ethnicity: str
    born: int
    disabled: str
    unaccompanied: bool
    team: str
    need: str
    earlier_plans: int
    phases: list[Phase] = field(default_factory=list)
    holders: list[tuple[int, str, str]] = field(default_factory=list)
    referred_on: list[int] = field(default_factory=list)

    @property
    def adult_on(self) -> int:
        return years_after(self.born, 18)

    def age_on(self, day: int) -> float:
        """In years, near enough to tell one age band from another."""
        return (day - self.born) / 365.25

    @property
    def closed_on(self) -> int:
        """The day help last ended, FAR while it goes on."""
        return self.phases[-1].end if self.phases else 0

    def phase_at(self, day: int) -> Phase | None:
        for phase in reversed(self.phases):
            if phase.start <= day < phase.end:
                return phase
        return None

    def holder_at(self, day: int) -> tuple[str, str]:
        """The team and worker who held this child on a day."""
        held = self.holders[-1]
        if held[0] > day:
            held = self.holders[max(bisect_right(self.holders, (day, "~", "")) - 1, 0)]
        return held[1], held[2]


@dataclass(slots=True)
class Referral:
    child: Child
    day: int
    source: str
    closed_without_action: bool
    team: str = ""
    worker: str = ""


@dataclass(slots=True)
class Assessment:
    child: Child
    start: int
    authorised: int
    seen: str
    support: str


@dataclass(slots=True)
class Enquiry:
    """A section 47 enquiry, with its conference if it came to one."""

    child: Child
    day: int
    conference: int | None = None
    led_to_plan: bool = False


@dataclass(slots=True)
class ProtectionPlan:
    child: Child
    phase: Phase
    first_category: str
    category: str
    earlier: int


@dataclass(slots=True)
class Placement:
    """Where a child in care lives. `miles` from home; `change` is why the placement ended, as the national return codes it."""

    start: int
    kind: str
    provider: str
    out_of_area: bool
    place: int
    miles: float = 0.0
    change: str = "CARPL"

    @property
    def urn(self) -> str | None:
        """The number of a registered home; other placements have none."""
        return f"SC{900000 + self.place}" if "K2" in self.kind else None


@dataclass(slots=True)
class Care:
    """A period of being looked after. `order_on`: the day a full care order was made, FAR if never."""

    child: Child
    phase: Phase
    status: str
    order_on: int
    long_term_from: int
    permanence: str
    ended_by: str
    placements: list[Placement] = field(default_factory=list)
    missing: int = 0

    @property
    def start(self) -> int:
        return self.phase.start

    @property
    def end(self) -> int:
        return self.phase.end

    def open_on(self, day: int) -> bool:
        return self.phase.start <= day < self.phase.end


@dataclass
class Records:
    """All of it."""

    children: list[Child] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    enquiries: list[Enquiry] = field(default_factory=list)
    plans: list[ProtectionPlan] = field(default_factory=list)
    care: list[Care] = field(default_factory=list)
