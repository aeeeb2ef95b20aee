"""Which source speaks first where several say the same fact: stated here, and nowhere else.

The source whose load has the newest as-at day speaks first: it knows most. On one and the same day the order below decides. What the
first leaves empty is taken from the next, column by column; only how an episode ended is taken whole from the first (`ENDS`), so that
an old return never closes a plan that a newer extract says is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

RETURN_REASON = "a return is checked child by child before it is sent; a monthly extract is not"


@dataclass(frozen=True)
class Order:
    """The sources of several kinds of fact, first to last, and why. A source not named here is the council's own extract of just that."""

    sources: tuple[str, ...]
    reason: str


HELP_AND_PROTECTION = Order(("cin_census", "ssd", "annex_a", "ssda903"), f"the CIN census is about these: {RETURN_REASON}")
CARE = Order(("ssda903", "ssd", "annex_a", "cin_census"), f"the SSDA903 is about these: {RETURN_REASON}")
WORKFORCE = Order(("workers", "ssd", "workforce_census"), "the council's own list is monthly and knows the team; the census is yearly")
VISITS = Order(("visits", "ssd", "annex_a"), "the log holds every visit; Annex A prints only the last")
OTHERS = Order(("ssd", "annex_a", "cin_census", "ssda903", "workforce_census"), "the nearer to the case system, the less is lost")

ORDERS: Mapping[str, Order] = MappingProxyType(
    {
        **dict.fromkeys(("child", "referral", "assessment", "section47", "icpc", "cin_plan", "cp_plan", "cp_review"), HELP_AND_PROTECTION),
        **dict.fromkeys(
            (
                "cla_episode", "legal_status", "placement", "cla_review", "health_check", "health_status", "missing_episode",
                "missing_summary", "permanence_decision", "previous_permanence", "deprivation_of_liberty", "adoption", "care_leaver",
            ),
            CARE,
        ),
        **dict.fromkeys(("worker", "establishment"), WORKFORCE),
        "visit": VISITS,
    }
)  # fmt: skip

ENDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cla_episode": ("ended_on", "end_reason"),
        "placement": ("ended_on", "change_kind"),
        "involvement": ("ended_on", "change_kind"),
        "pre_proceedings": ("ended_on", "outcome_kind"),
        "proceedings": ("ended_on", "outcome_kind"),
    }
)


# A child is told of in every list, and each list knows other things: what one file leaves empty must not empty what another filled in.
TOLD_IN_PARTS = ("child", "adoption")


def order_of(table: str) -> Order:
    """The order of the sources of a table."""
    return ORDERS.get(table, OTHERS)


def rank(table: str, source: str) -> int:
    """Where a source stands for a table: the lower speaks first. The council's own extract of just that (not named) comes before all."""
    sources, named = order_of(table).sources, whole(source)
    return sources.index(named) if named in sources else -1


def whole(source: str) -> str:
    """The source of which one list or table is a part: `ssda903/uasc` is ssda903."""
    return source.partition("/")[0]


def said_in(source: str, table: str, part: str) -> str:
    """Whose wording a row is: the source's, or where one file brings one part of a source, and several parts tell of it, the part's."""
    return f"{source}/{part}" if part and table in TOLD_IN_PARTS else source
