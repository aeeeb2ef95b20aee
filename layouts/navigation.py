"""The way about: which pages the bar at the top names, in which order, and which are found under another.

A page is put in the bar by its name (`Page.name`). ORDER says where it stands there; a named page it does not know stands at the end, so
that none can be lost. FOLDED pages stand in a second row, shown with the page they belong to. Every link keeps period, service and team.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from layouts.page import Page
from layouts.shell import address

ORDER = ("/", "/domains", "/teams", "/due", "/surgery", "/plan", "/readiness", "/catalogue", "/data")
FOLDED: Mapping[str, str] = {"/targets": "/catalogue", "/method": "/catalogue"}
FIRST_OF_ROW: Mapping[str, str] = {"/catalogue": "Measures"}  # what a page is called in its own second row

Links = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Navigation:
    """The bar and its second row as (title, address), and the addresses of the page shown in each; empty where it is in neither."""

    bar: Links
    here: str = ""
    row: Links = ()
    row_here: str = ""


def named_pages(pages: Sequence[Page]) -> list[Page]:
    """The pages that have a name, as the bar orders them, each followed by those folded under it."""
    named = [page for page in pages if page.name]
    place = {path: n for n, path in enumerate(ORDER)}

    def at(page: Page) -> tuple[int, bool]:
        return place.get(FOLDED.get(page.path, page.path), len(ORDER)), page.path in FOLDED

    return sorted(named, key=at)


def navigation(pages: Sequence[Page], shown: Page | None, chosen: Mapping[str, str]) -> Navigation:
    """The bar for one view: `shown` is the page drawn (None: there is none at the address), `chosen` the filters to keep."""
    named = named_pages(pages)
    at = "" if shown is None else shown.part_of or shown.path
    top = FOLDED.get(at, at)
    folded = [page for page in named if FOLDED.get(page.path) == top]
    bar = [(page.name, address(page.path, chosen)) for page in named if page.path not in FOLDED]
    if not folded:
        return Navigation(bar, address(top, chosen) if top else "")
    own = next((page.name for page in named if page.path == top), "")
    row = [(FIRST_OF_ROW.get(top, own), address(top, chosen)), *((page.name, address(page.path, chosen)) for page in folded)]
    return Navigation(bar, address(top, chosen), row, address(at, chosen))


def team_address(team: str, chosen: Mapping[str, str] | None = None) -> str:
    """The page of one team, whatever its name holds: `team_address("Assessment East")` is "/team/Assessment%20East".

    Of the filters chosen only the period goes with it: the page is of that team.
    """
    return address(f"/team/{quote(team, safe='')}", {"period": (chosen or {}).get("period", "")})
