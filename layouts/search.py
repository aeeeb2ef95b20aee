"""What the search in the header finds: measures, domains, services and teams the viewer sees, and pages. Never a child or a worker.

The index is small and holds names only, so the browser narrows it itself while one types (assets/search.js).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict
from urllib.parse import quote

from kpi import DOMAINS, REGISTER, Kpi
from kpi.shapes import UNALLOCATED
from layouts.data_page import ADDRESS as DATA_ADDRESS
from layouts.data_page import PLACES as DATA_PLACES
from layouts.navigation import named_pages, team_address
from layouts.page import Page
from layouts.view import View, named


class Found(TypedDict):
    """One thing that can be found. `under`: what tells two alike apart; `words`: what else it answers to, in small letters; `keep`: the
    filters of the present address that go with it."""

    kind: str
    title: str
    under: str
    at: str
    words: str
    keep: str


EVERY_FILTER = "period service team"
# What people type -> what our titles say. An entry whose own words hold the phrase on the right answers to the words on the left too.
ALSO_CALLED: tuple[tuple[str, str], ...] = (
    ("cpp child protection plan", "cp plan"), ("cp cpp", "child protection"),
    ("cin chin", "children in need"), ("cin", "cin visit"), ("cla lac looked after", "children in care"), ("cla lac looked after", "cla "),
    ("icpc initial child protection conference", "initial conference"), ("s47 section47 strategy discussion", "section 47"),
    ("rcpc review conference", "cp reviews"), ("iro independent reviewing officer", "reviewing officer"),
    ("plo pre-court", "pre-proceedings"),
    ("neet eet", "education, employment"), ("nfa", "no further action"), ("rhi return home interview absconded", "return interviews"),
    ("ehe home schooling elective", "educated at home"), ("cme", "missing education"), ("rha iha health", "health assessment"),
    ("sw social workers staff", "social worker"),
    ("personal supervision 1:1", "supervis"),
    ("overdue late visits", "seen in time"), ("timeliness timescale", "in time"),
    ("mash front door contact", "contact"), ("repeat referral again", "re-referral"), ("c&f single assessment", "assessment"),
    ("unregistered", "unregulated"), ("virtual school attendance", "school sessions"), ("foster carers ifa in-house", "foster"),
    ("adopted adopters a1 a10", "adoptive"), ("pwp reg 24 placement with parents", "placed with parents"), ("costs money", "spend"),
    ("locum", "agency"), ("leavers retention", "turnover"), ("vacancy", "vacant"), ("quality assurance qa", "audit"),
    ("caseloads workload", "caseload"), ("former relevant", "care leavers"), ("step-parents siblings moves", "placements"),
    ("out of area distance", "20 miles"),
)  # fmt: skip
PAGE_WORDS = {
    "/": "home start summary scorecard attention", "/domains": "areas themes", "/teams": "matrix compare services units",
    "/due": "overdue late visits children list today this week", "/surgery": "performance meeting commitments fortnightly",
    "/plan": "actions recommendations ofsted board", "/readiness": "inspection ofsted", "/catalogue": "definitions measures indicators kpi",
    "/data": "sources loads upload freshness extracts", "/targets": "goals thresholds", "/method": "spc charts statistics how definitions",
    "/data/problems": "errors mistakes set aside",
    "/data/completeness": "missing fields data quality", "/data/loads": "withdraw undo history",
    "/data/recording": "late entry data quality", "/data/conflicts": "sources differ", "/data/restated": "changed figures revised",
}  # fmt: skip


def index(view: View, pages: Sequence[Page]) -> list[Found]:
    """Everything that can be found, in the order the groups are shown: measures, teams, services, domains, pages."""
    return [*_measures(), *_units(view), *_domains(), *_pages(pages)]


def _measures() -> list[Found]:
    titles = {domain.key: domain.title for domain in DOMAINS}
    ordered = [kpi for domain in DOMAINS for kpi in REGISTER.values() if kpi.domain == domain.key]
    return [_found("Measures", kpi.title, titles[kpi.domain], f"/kpi/{kpi.key}", _words_of(kpi, titles[kpi.domain])) for kpi in ordered]


def _words_of(kpi: Kpi, domain: str) -> str:
    """What a measure answers to besides its title: its key, whom it counts, its domain, and what people call these."""
    own = f"{kpi.title} {kpi.key.replace('_', ' ')} {kpi.key} {kpi.noun} {kpi.did} {domain}".casefold().replace("’", "'")
    also = " ".join(called for called, phrase in ALSO_CALLED if phrase in f"{own} ")
    return f"{own} {also}".strip()


def _units(view: View) -> list[Found]:
    """The teams this viewer sees, and the services they are of. Work nobody holds is found as Unallocated by those who see every team."""
    if view.period is None:
        return []
    seen = view.viewer.may_see(view.teams)
    listed = sorted(zip(seen["team_id"], seen["service_id"], strict=True), key=lambda pair: (pair[0] == UNALLOCATED, pair[0].casefold()))
    teams = [
        _found("Teams", named(team), "" if UNALLOCATED in (team, service) else service, team_address(team), f"team {service}", "period")
        for team, service in listed
    ]
    services = sorted({service for _, service in listed if service != UNALLOCATED}, key=str.casefold)
    return teams + [_found("Services", service, "Briefing", f"/?service={quote(service)}", "service", "period") for service in services]


def _domains() -> list[Found]:
    return [_found("Domains", d.title, "", f"/domain/{d.key}", f"{d.question} {d.key.replace('_', ' ')}") for d in DOMAINS]


def _pages(pages: Sequence[Page]) -> list[Found]:
    known = [(page.name, page.path, "") for page in named_pages(pages)]
    of_data = [(title, path, "Data") for title, path in DATA_PLACES if path != DATA_ADDRESS]
    return [_found("Pages", title, under, path, PAGE_WORDS.get(path, "")) for title, path, under in [*known, *of_data]]


def _found(kind: str, title: str, under: str, at: str, words: str, keep: str = EVERY_FILTER) -> Found:
    return {"kind": kind, "title": title, "under": under, "at": at, "words": words.casefold(), "keep": keep}
