"""What the invented council wrote down of its three years: the days on which something happened that may show in its figures."""

from __future__ import annotations

from data.sample.days import day
from data.sample.files import Cell, Sheet
from data.sample.story import INSPECTION, RECORDING_CHANGE

COLUMNS = ("date", "label", "kind", "kpi_id", "rebase")
EVENTS: tuple[tuple[int, str, str, str | None, str], ...] = (
    (INSPECTION, "Inspection of children's services", "inspection", None, "N"),
    (day(2024, 11, 4), "Fortnightly performance surgeries begin", "policy", None, "N"),
    (RECORDING_CHANGE, "Advice given is recorded as support", "recording change", "assessments_no_services", "Y"),
    (RECORDING_CHANGE, "The front door records as contacts what it used to record as referrals", "recording change", "re_referrals", "N"),
)


def annotation_list() -> Sheet:
    """The extract a council would keep by hand; it is the same whichever months are made."""
    rows: list[list[Cell]] = [list(COLUMNS)]
    rows += [list(event) for event in EVENTS]
    return Sheet("Annotations", rows, frozenset({0}))
