"""Care, court and leaving care of a council drawn at random: every kind of row their KPIs read. All of it is invented.

Untidy on purpose: placements of a day, temporary ones and ones that only change their name; reviews late, cancelled or missing; ends before
starts; blanks. Some children have been in care since long before the months measured. `care_council` is a council of nothing else.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from data.tables import BY_NAME, Tables
from kpi.period import month_ends
from tests.kpi.building import frame, tables

Row = dict[str, Any]
CARE_MONTHS = month_ends(pd.Timestamp("2022-04-30"), pd.Timestamp("2023-09-30"))
TEAMS = ("T1", "T2", "T3", "T4", "T5")
ROLES = ("Social Worker", "Social Worker", "Senior Social Worker", "Duty Social Worker", "Team Manager", "Personal Adviser", None)
KINDS = ("U1", "U3", "U4", "U6", "K2", "P1", "P1", "P1", "P1", "P1", "H5", "P2", "Z1", "T0", "T1", "A3", "A4", "A5", None)
STATUSES = ("C1", "C2", "C2", "C2", "V2", "E1", None)


def care_frames(rng: random.Random, children: Sequence[str], months: pd.DatetimeIndex) -> dict[str, pd.DataFrame]:
    """Every table of care, court and leaving care, and `child` with the birthdays of these children and of the care leavers among them.

    The rows run from long before the first of the months to a month after the last; all ids of care leavers begin with L.
    """
    first, last = months[0].date() - timedelta(days=395), months[-1].date() + timedelta(days=31)
    draw = _Draw(rng, first, last)
    care = [spell for child in children for spell in _times_in_care(draw, child)]
    leavers = [f"L{n:03}" for n in range(max(len(children) // 2, 4))]
    young = [_born(draw, child, date(2006, 1, 1), date(2022, 1, 1)) for child in children]
    old = [_born(draw, child, date(2000, 1, 1), date(2006, 12, 31)) for child in leavers]
    placements, statuses = ([row for spell in care for row in of(draw, spell)] for of in (_placements, _statuses))
    rows: dict[str, list[Row]] = {
        "child": young + old, "cla_episode": care,
        "placement": _unique(placements, "child_id", "started_on"), "legal_status": _unique(statuses, "child_id", "started_on"),
        **_reviewed(draw, care), **_checked(draw, care), **_others(draw, care), "iro_escalation": _escalations(draw, care),
        **_court(draw, list(children)), **_leaving(draw, leavers, months), **_finding_homes(draw, care),
    }  # fmt: skip
    return {name: frame(name, found) for name, found in rows.items()}


@cache
def care_council(seed: int, children: int = 40) -> Tables:
    """A council of care, court and leaving care alone, with visits and who held the children; the same each time for one seed."""
    rng = random.Random(seed)
    ids = [f"C{n:03}" for n in range(children)]
    frames = care_frames(rng, ids, CARE_MONTHS)
    draw = _Draw(rng, CARE_MONTHS[0].date() - timedelta(days=395), CARE_MONTHS[-1].date() + timedelta(days=31))
    rows = {"visit": [v for child in ids for v in _visits(draw, child)], "allocation": _allocations(draw, frames["cla_episode"])}
    covered = {name: [f"{day:%Y-%m}" for day in CARE_MONTHS] for name in (*BY_NAME, "visit:cla")}
    people = "group_id observed_on people\n0-17 2022-06-30 41000"
    return tables(covered=covered, population=people, **rows).with_frames(**frames)


class _Draw:
    """A random source with the first and last day rows may have."""

    def __init__(self, rng: random.Random, first: date, last: date) -> None:
        self.rng, self.first, self.last = rng, first, last

    def day(self, first: date | None = None, last: date | None = None) -> date:
        first, last = first or self.first, last or self.last
        return first + timedelta(days=self.rng.randint(0, max((last - first).days, 0)))

    def perhaps(self, chance: float, value: Any) -> Any:
        return value if self.rng.random() < chance else None

    def flag(self, yes: float, blank: float = 0.1) -> bool | None:
        return self.perhaps(1 - blank, self.rng.random() < yes)

    def gap(self, *days: int) -> timedelta:
        return timedelta(days=self.rng.choice(days))

    def holder(self) -> Row:
        return {"team_id": self.perhaps(0.9, self.rng.choice(TEAMS)), "worker_id": self.perhaps(0.9, f"W{self.rng.randint(0, 13):02}")}


def _born(draw: _Draw, child: str, first: date, last: date) -> Row:
    return {"child_id": child, "born_on": draw.perhaps(0.93, draw.day(first, last))}


def _unique(rows: list[Row], *key: str) -> list[Row]:
    return list({tuple(row[name] for name in key): row for row in rows}.values())


def _times_in_care(draw: _Draw, child: str) -> Iterator[Row]:
    start = draw.day(date(2017, 1, 1) if draw.rng.random() < 0.5 else draw.first, draw.last)
    while draw.rng.random() < 0.8 and start < draw.last:
        end = start + timedelta(days=draw.rng.choice([20, 90, 400, 1500, 2500, 3000]) + draw.rng.randint(0, 60))
        status = "V4" if draw.rng.random() < 0.08 else draw.rng.choice(STATUSES)
        row = {"child_id": child, "started_on": start, "ended_on": end if end <= draw.last else None, "legal_status_kind": status}
        yield {**row, "permanence_kind": draw.perhaps(0.5, "adoption"), **draw.holder()}
        start = end + timedelta(days=draw.rng.randint(0, 200))


def _placements(draw: _Draw, spell: Row) -> Iterator[Row]:
    """One after another, mostly without a gap; some change in name only, some are gone back to after a stay in hospital."""
    child, until = spell["child_id"], spell["ended_on"] or draw.last
    day = spell["started_on"] + draw.gap(0, 0, 0, 5, -3)
    home = _home(draw)
    while day < until:
        end = day + timedelta(days=draw.rng.choice([0, 1, 15, 60, 200, 400, 731, 1200]))
        closed = None if draw.rng.random() < 0.08 else min(end, until)
        reason = draw.rng.choice(["PLACE", "PLACE", "CARPL", None])
        row = {"child_id": child, "started_on": day, "ended_on": closed if closed and closed <= draw.last else None, "change_kind": reason}
        yield {**row, **home, **draw.holder()}
        day = max(end, day + timedelta(days=1)) + draw.gap(0, 0, 0, 0, 3)
        away = day + draw.gap(4, 9)
        if draw.rng.random() < 0.25 and away < until:
            yield {"child_id": child, "started_on": day, "ended_on": away, "placement_kind": "T1"}
            day = away
            home = home if draw.rng.random() < 0.7 else _home(draw)
        else:
            home = _home(draw)


def _home(draw: _Draw) -> Row:
    return {
        "placement_kind": draw.rng.choice(KINDS), "provider_kind": draw.rng.choice(["PR0", "PR1", "PR1", "PR4", None]),
        "distance_miles": draw.rng.choice([3.0, 19.9, 20.0, 20.1, 60.0, None]), "out_of_area": draw.flag(0.5),
        "urn": draw.rng.choice(["SC1", "SC2", None]),
    }  # fmt: skip


def _statuses(draw: _Draw, spell: Row) -> Iterator[Row]:
    if draw.rng.random() < 0.4:
        return
    day, until = spell["started_on"], spell["ended_on"] or draw.last
    while day < until:
        end = day + draw.gap(40, 200, 500, 1500)
        kind = draw.rng.choice(STATUSES)
        yield {"child_id": spell["child_id"], "started_on": day, "ended_on": end if end <= draw.last else None, "legal_status_kind": kind}
        day = end + draw.gap(0, 0, 10)


def _reviewed(draw: _Draw, care: list[Row]) -> dict[str, list[Row]]:
    """Reviews and contacts of the reviewing officer, most near the day they were due; for some children the early ones are not known."""
    reviews, contacts = [], []
    for spell in care:
        who, until = {"child_id": spell["child_id"]}, spell["ended_on"] or draw.last
        begun = spell["started_on"] if draw.rng.random() < 0.7 else max(spell["started_on"], draw.first)
        for day in _every(draw, begun + draw.gap(20, 27, 28, 29, 60), until, (85, 91, 92, 93, 180, 181, 182, 184, 190)):
            code = draw.rng.choice([*(f"PN{n}" for n in range(8)), None])
            reviews.append({**who, "happened_on": day, "participation_kind": code, "cancelled": draw.flag(0.08, 0.3), **draw.holder()})
        contacts += [{**who, "happened_on": day} for day in _every(draw, begun + draw.gap(5, 90), until, (60, 182, 184, 240))]
    return {"cla_review": _unique(reviews, "child_id", "happened_on"), "iro_contact": _unique(contacts, "child_id", "happened_on")}


def _checked(draw: _Draw, care: list[Row]) -> dict[str, list[Row]]:
    """Health and dental checks, some before care and some refused, and checks of placements with parents."""
    health, parents = [], []
    for spell in care:
        who, begun, until = {"child_id": spell["child_id"]}, spell["started_on"], spell["ended_on"] or draw.last
        for kind, gaps in (("health_assessment", (150, 182, 184, 364, 366, 400)), ("dental_check", (180, 364, 365, 366, 420))):
            for day in _every(draw, begun + draw.gap(-100, 10, 60, 500), until, gaps):
                health.append({**who, "health_kind": kind, "happened_on": day, "refused": draw.flag(0.15, 0.3)})
        for day in _every(draw, begun + draw.gap(10, 100), until, (100, 182, 184, 300)):
            parents.append({**who, "happened_on": day, "check_kind": draw.rng.choice(["spot_check", "spot_check", "review"])})
    return {
        "health_check": _unique(health, "child_id", "health_kind", "happened_on"),
        "parent_placement_check": _unique(parents, "child_id", "happened_on", "check_kind"),
    }


def _others(draw: _Draw, care: list[Row]) -> dict[str, list[Row]]:
    """Times missing, permanence decisions, taking part, and who the workers were."""
    missing, plans, part, workers = [], [], [], []
    for spell in care:
        who, begun, until = {"child_id": spell["child_id"]}, spell["started_on"], spell["ended_on"] or draw.last
        for nth, day in enumerate(_every(draw, max(begun, draw.first) + draw.gap(10, 100), until, (20, 60, 200))):
            back = day + draw.gap(-1, 0, 1, 2, 10)
            kind, seen = draw.rng.choice(["missing", "missing", "absent", None]), draw.perhaps(0.5, back + draw.gap(0, 2, 3, 4, 9))
            said = {"interview_offered": draw.flag(0.6, 0.3), "interview_accepted": draw.flag(0.5, 0.3), "interview_on": seen}
            row = {**who, "started_on": day, "ended_on": draw.perhaps(0.95, back), "nth": float(nth), "missing_kind": kind, **said}
            missing.append({**row, **draw.holder()})
        if draw.rng.random() < 0.5:
            plans.append({**who, "happened_on": draw.day(begun, until), "permanence_kind": draw.perhaps(0.9, "sgo")})
        for day in _every(draw, begun + draw.gap(50, 300), until, (200, 364, 366, 500)):
            kinds = ["council", "review", "advocacy", "survey", None]
            part.append({**who, "happened_on": day, "participation_kind": draw.rng.choice(kinds)})
        workers += list(_involvements(draw, spell))
    return {
        "missing_episode": _unique(missing, "child_id", "started_on"), "permanence_decision": _unique(plans, "child_id", "happened_on"),
        "participation": _unique(part, "child_id", "happened_on"), "involvement": _unique(workers, "child_id", "started_on", "worker_id"),
    }  # fmt: skip


def _escalations(draw: _Draw, care: list[Row]) -> list[Row]:
    found: list[Row] = []
    for spell in care:
        for _ in range(draw.rng.choice([0, 1, 2])):
            day = draw.day(max(spell["started_on"] + timedelta(days=31), draw.first), spell["ended_on"] or draw.last)
            done = draw.perhaps(0.7, day + draw.gap(-2, 0, 20, 27, 28, 29, 30, 40))
            row = {"child_id": spell["child_id"], "escalation_id": f"E{len(found):03}", "happened_on": day, "resolved_on": done}
            found.append({**row, "stage_kind": draw.rng.choice(["informal", "1", "2", "3", None]), **draw.holder()})
    return found


def _every(draw: _Draw, day: date, until: date, gaps: tuple[int, ...]) -> Iterator[date]:
    while day <= until:
        yield day
        day += draw.gap(*gaps)


def _involvements(draw: _Draw, spell: Row) -> Iterator[Row]:
    if draw.rng.random() < 0.1:
        return
    day, until = spell["started_on"] - draw.gap(0, 40), spell["ended_on"] or draw.last
    while day < until:
        end = day + draw.gap(0, 1, 60, 150, 364, 366, 700)
        worker = f"W{draw.rng.randint(0, 5):02}"
        row = {"child_id": spell["child_id"], "worker_id": worker, "started_on": day, "role": draw.rng.choice(ROLES)}
        yield {**row, "ended_on": end if end <= draw.last and draw.rng.random() < 0.95 else None}
        day = max(end, day + timedelta(days=1)) + draw.gap(0, 0, 5, -20, 380)


def _court(draw: _Draw, children: list[str]) -> dict[str, list[Row]]:
    before, court = [], []
    for child in children:
        for found, first, gaps in (
            (before, draw.first, (-3, 40, 111, 112, 113, 300)),
            (court, date(2020, 9, 1), (-3, 100, 180, 181, 182, 260)),
        ):
            if draw.rng.random() < 0.8:
                day = draw.day(first, draw.last - timedelta(days=100))
                end = draw.perhaps(0.9, day + draw.gap(*gaps))
                row = {"child_id": child, "started_on": day, "ended_on": end if end and end <= draw.last else None}
                found.append({**row, **draw.holder()})
    return {"pre_proceedings": before, "proceedings": court}


def _leaving(draw: _Draw, leavers: list[str], months: pd.DatetimeIndex) -> dict[str, list[Row]]:
    plans, homeless = [], []
    taken = {month.date() - draw.gap(0, 0, 1, 3) for month in months}
    said = [_leaver(draw, child, day) for day in sorted(taken) for child in leavers if draw.rng.random() < 0.9]
    for child in leavers:
        days = _every(draw, draw.first + draw.gap(0, 100), draw.last, (150, 182, 184, 300))
        plans += [{"child_id": child, "happened_on": day, **draw.holder()} for day in days]
        for _ in range(draw.rng.choice([0, 1, 2, 3])):
            day = draw.day()
            row = {"child_id": child, "happened_on": day, "assessed_on": draw.perhaps(0.8, day + draw.gap(-1, 0, 5, 13, 14, 15, 16, 30))}
            homeless.append({**row, **draw.holder()})
    return {"care_leaver": said, "pathway_plan": plans, "homeless_presentation": _unique(homeless, "child_id", "happened_on")}


def _leaver(draw: _Draw, child: str, seen: date) -> Row:
    kinds = ["former_relevant"] * 6 + ["relevant", "qualifying", "eligible", None]
    touch = ["yes"] * 5 + ["no", "refused", "not_required", "died", "returned_home", None]
    return {
        "child_id": child, "observed_on": seen, "eligibility_kind": draw.rng.choice(kinds), "in_touch_kind": draw.rng.choice(touch),
        "accommodation_kind": draw.rng.choice(["B", "U", "K", "X", "G", "H", "R", "U1", None]), "suitable": draw.flag(0.8, 0.2),
        "activity_kind": draw.rng.choice(["F1", "F2", "P4", "F5", "G4", "G5", "G6", None]),
        "pathway_reviewed_on": draw.perhaps(0.6, seen - draw.gap(-2, 0, 100, 180, 183, 186, 400)), **draw.holder(),
    }  # fmt: skip


def _finding_homes(draw: _Draw, care: list[Row]) -> dict[str, list[Row]]:
    adoption, enquiries = [], []
    for spell in care:
        if draw.rng.random() < 0.6:
            day = draw.day(max(spell["started_on"] + timedelta(days=31), draw.first), spell["ended_on"] or draw.last)
            entered = draw.perhaps(0.9, day - draw.gap(-5, 100, 400, 800))
            row = {"child_id": spell["child_id"], "decided_on": day, "entered_care_on": entered, "placed_on": draw.perhaps(0.9, day)}
            adoption.append(row)
    for n in range(90):
        asked = draw.day()
        ends = {
            "approved_on": draw.perhaps(0.4, asked + draw.gap(-2, 90, 200)),
            "closed_on": draw.perhaps(0.6, asked + draw.gap(5, 90, 250)),
        }
        enquiries.append({"enquiry_id": f"F{n:03}", "happened_on": asked, **ends})
    return {"adoption": _unique(adoption, "child_id", "decided_on"), "foster_enquiry": enquiries}


def _visits(draw: _Draw, child: str) -> Iterator[Row]:
    for day in _every(draw, draw.first + draw.gap(0, 20), draw.last, (3, 6, 7, 8, 20, 28, 29, 41, 42, 43, 90)):
        visit = {"child_id": child, "cohort_kind": "cla", "happened_on": day}
        if draw.rng.random() < 0.9:
            yield {**visit, "origin_kind": "log", "child_seen": draw.flag(0.85)}
        if draw.rng.random() < 0.1:
            yield {**visit, "origin_kind": "last_seen", "child_seen": True}


def _allocations(draw: _Draw, care: pd.DataFrame) -> list[Row]:
    """Who held each child at every month end from the first day in care on; for some children nobody says."""
    found = []
    for child, started in care.groupby("child_id")["started_on"].min().items():
        if draw.rng.random() < 0.7:
            days = month_ends(max(started, pd.Timestamp(draw.first)), pd.Timestamp(draw.last))
            found += [{"child_id": child, "cohort_kind": "cla", "observed_on": day.date(), **draw.holder()} for day in days]
    return found
