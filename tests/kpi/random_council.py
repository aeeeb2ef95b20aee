"""A small council drawn at random from a seed, with every kind of row the KPIs read. All of it is invented.

It is untidy on purpose: blanks, days before their start, visits nobody saw the child at, leavers, absences, two rows on one day.
It runs from April 2021 to October 2023, so the months measured (April 2022 to September 2023) have a past and a future.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from data.tables import BY_NAME, Tables
from kpi import REGISTER
from kpi.period import month_ends
from tests.kpi.building import frame, tables
from tests.kpi.random_care import care_council
from tests.kpi.random_practice import practised

FIRST, LAST = date(2021, 4, 1), date(2023, 10, 31)
MONTHS = month_ends(pd.Timestamp("2022-04-30"), pd.Timestamp("2023-09-30"))
TEAMS = ("T1", "T2", "T3", "T4", "T5")  # T5 is in no list of teams
ROLES = (
    "Social Worker", "Social Worker", "Social Worker", "Senior Social Worker", "Advanced Practitioner", "NQSW", "Team Manager",
    "Personal Adviser", "Family Support Worker", None,
)  # fmt: skip
Row = dict[str, Any]


@cache
def council(seed: int, children: int = 30, workers: int = 14) -> Tables:
    """Every canonical table the KPIs read, the same each time for one seed."""
    draw = random.Random(seed)
    ids = [f"C{n:03}" for n in range(children)]
    front, plans, care = _front_door(draw, ids), _protection(draw, ids), _care(draw, ids)
    spells = {"cp": plans["cp_plan"], "cla": care["cla_episode"]}
    frames = {
        **front, **plans, **care, **_workforce(draw, workers),
        "case_status": _in_need(draw, ids),
        "allocation": [row for cohort, episodes in spells.items() for row in _allocations(draw, cohort, episodes)],
        "visit": [row for child in ids for row in _visits(draw, child)],
        "audit": [_audit(draw, n, ids) for n in range(150)],
        "child": [{"child_id": child, "born_on": _perhaps(draw, 0.85, _day(draw, date(2008, 1, 1), date(2022, 6, 1)))} for child in ids],
        "population": PEOPLE, "team": TEAM_LIST,
    }  # fmt: skip
    covered = {name: [f"{day:%Y-%m}" for day in month_ends(pd.Timestamp(FIRST), MONTHS[-1])] for name in COVERED}
    return tables(covered=covered, **frames)


@cache
def whole_council(seed: int) -> Tables:
    """The same council with all of care, court, leaving care and practice: something for every KPI there is."""
    of, care = council(seed), care_council(seed, 30)
    both = {
        name: pd.concat([of.frames[name][of.frames[name]["cohort_kind"] != "cla"], care.frames[name]], ignore_index=True)
        for name in ("visit", "allocation")
    }
    given = _given(random.Random(f"figures {seed}"))
    return practised(of.with_frames(**{**care.frames, **both, "population": of.population, "measure_value": given}), seed)


def _given(draw: random.Random) -> pd.DataFrame:
    """A figure of every measure the council has only as figures: of the whole each month, of two services now and then, some hidden."""
    rows: list[Row] = []
    for key in [kpi.key for kpi in REGISTER.values() if kpi.given is not None]:
        for month in month_ends(pd.Timestamp(FIRST), MONTHS[-1]):
            for unit in [None, *(service for service in ("S1", "S2") if draw.random() < 0.5)]:
                many = draw.randint(0, 60)
                figure = {"numerator": draw.randint(0, many), "denominator": many, "value": float(many)}
                hidden = draw.random() < 0.1
                of = {"level_kind": "service" if unit else "authority", "unit_id": unit, "flag_kind": "<5" if hidden else None}
                rows.append({"measure": key, "observed_on": month, **of, **({} if hidden else figure)})
    return frame("measure_value", rows)


COVERED = (*BY_NAME, "visit:cp", "visit:cin", "visit:cla", "visit:contact")
PEOPLE: list[Row] = [
    {"group_id": "0-17", "observed_on": date(2022, 6, 30), "people": 41_000},
    {"group_id": "0-17", "observed_on": date(2023, 6, 30), "people": 43_500},
    {"group_id": "0-4", "observed_on": date(2023, 8, 31), "people": 9_000},
]
TEAM_LIST: list[Row] = [
    {"team_id": "T1", "service_id": "S1"},
    {"team_id": "T2", "service_id": "S1", "started_on": date(2021, 1, 1)},
    {"team_id": "T3", "service_id": "S2", "started_on": date(2021, 1, 1), "ended_on": date(2022, 12, 31)},
    {"team_id": "T3", "service_id": "S1", "started_on": date(2023, 1, 1)},
    {"team_id": "T4", "service_id": "S2"},
]


def _day(draw: random.Random, first: date = FIRST, last: date = LAST) -> date:
    return first + timedelta(days=draw.randint(0, max((last - first).days, 0)))


def _perhaps(draw: random.Random, chance: float, value: Any) -> Any:
    return value if draw.random() < chance else None


def _yes_no_blank(draw: random.Random, yes: float, blank: float = 0.1) -> bool | None:
    return _perhaps(draw, 1 - blank, draw.random() < yes)


def _holder(draw: random.Random) -> Row:
    team = draw.choice(TEAMS)
    return {"team_id": _perhaps(draw, 0.95, team), "worker_id": _perhaps(draw, 0.95, f"W{draw.randint(0, 13):02}")}


def _front_door(draw: random.Random, ids: list[str]) -> dict[str, list[Row]]:
    contact: list[Row] = []
    referral, section47, assessment, icpc = [], [], [], []
    for child in ids:
        for _ in range(draw.randint(1, 7)):
            on, holder = _day(draw), _holder(draw)
            for _ in range(2 if draw.random() < 0.15 else 1):
                decided = _perhaps(draw, 0.8, on + timedelta(days=draw.choice([-1, 0, 0, 1, 1, 2, 3, 4, 30])))
                row = {"child_id": child, "happened_on": on, "no_further_action": _yes_no_blank(draw, 0.25), "decided_on": decided}
                referral.append({**row, **holder})
            contact += [{"child_id": child, "happened_on": on - timedelta(days=draw.randint(0, 3)), **holder}] * draw.choice([0, 1, 1, 2])
            if draw.random() < 0.6:
                section47.append(_enquiry(draw, child, on + timedelta(days=draw.randint(-1, 4))))
            started = on + timedelta(days=draw.randint(0, 3))
            ended = _perhaps(draw, 0.85, started + timedelta(days=draw.choice([-2, 30, 62, 63, 64, 65, 66, 67, 80])))
            assessment.append(
                {"child_id": child, "started_on": started, "ended_on": ended, "support_required": _yes_no_blank(draw, 0.6), **holder}
            )
            if draw.random() < 0.6:
                gap = timedelta(days=draw.choice([-3, 0, 10, 19, 20, 21, 22, 23, 24, 40]))
                conference = {"child_id": child, "happened_on": on, "section47_on": _perhaps(draw, 0.85, on - gap), **holder}
                icpc.append({**conference, "led_to_plan": _yes_no_blank(draw, 0.7, 0.4)})
    icpc += [_conference(draw, enquiry) for enquiry in section47 if draw.random() < 0.5]
    unique = {(r["child_id"], r["happened_on"], r["section47_on"]): r for r in icpc}
    return {"contact": contact, "referral": referral, "section47": section47, "assessment": assessment, "icpc": list(unique.values())}


def _enquiry(draw: random.Random, child: str, on: date) -> Row:
    ended = _perhaps(draw, 0.5, on + timedelta(days=draw.choice([0, 5, 12, 20, 21, 22, 23, 40])))
    return {
        "child_id": child,
        "happened_on": on,
        "ended_on": ended,
        "conference_unnecessary": _yes_no_blank(draw, 0.4, 0.3),
        **_holder(draw),
    }


def _conference(draw: random.Random, enquiry: Row) -> Row:
    on = enquiry["happened_on"] + timedelta(days=draw.choice([3, 15, 19, 20, 21, 22, 25, 60]))
    return {"child_id": enquiry["child_id"], "happened_on": on, "section47_on": enquiry["happened_on"], **_holder(draw)}


def _spells(draw: random.Random, chance: float, shortest: int, longest: int) -> Iterator[tuple[date, date | None]]:
    """One child's episodes one after another, the last perhaps still open."""
    start = _day(draw, FIRST, FIRST + timedelta(days=700))
    while draw.random() < chance and start < LAST:
        end = start + timedelta(days=draw.randint(shortest, longest))
        yield start, end if end <= LAST else None
        start = end + timedelta(days=draw.randint(1, 200))


def _protection(draw: random.Random, ids: list[str]) -> dict[str, list[Row]]:
    plans = []
    for child in ids:
        for started, ended in _spells(draw, 0.7, 20, 400):
            previous = draw.choice([None, 0, 0, 1, 2])
            plans.append({"child_id": child, "started_on": started, "ended_on": ended, "previous_plans": previous, **_holder(draw)})
    for child in draw.sample(ids, 5):  # a plan of before the months loaded, of the kind that drifts
        others = [plan["started_on"] for plan in plans if plan["child_id"] == child]
        started, last = _day(draw, date(2020, 3, 1), date(2021, 3, 1)), min(others, default=LAST) - timedelta(days=5)
        ended = _perhaps(draw, 0.5, last) if not others else last
        plans.insert(0, {"child_id": child, "started_on": started, "ended_on": ended, "previous_plans": 0, **_holder(draw)})
    return {"cp_plan": plans, **_meetings(draw, plans)}


def _meetings(draw: random.Random, plans: list[Row]) -> dict[str, list[Row]]:
    """Reviews and core groups of the plans: most about when they are due, some late, missed or cancelled."""
    reviews, groups = {}, {}
    for plan in plans:
        child, until = plan["child_id"], plan["ended_on"] or LAST
        day = plan["started_on"] + timedelta(days=draw.choice([0, 80, 88, 90, 92, 95]))
        while day <= until:
            reviews[child, day] = {"child_id": child, "happened_on": day, **_holder(draw)}
            day += timedelta(days=draw.choice([170, 180, 182, 184, 190]))
        day = plan["started_on"] + timedelta(days=draw.choice([7, 13, 14, 15, 20]))
        while day <= until:
            groups[child, day] = {"child_id": child, "happened_on": day, "held": _yes_no_blank(draw, 0.85), **_holder(draw)}
            day += timedelta(days=draw.choice([28, 41, 42, 43, 60]))
    return {"cp_review": list(reviews.values()), "core_group": list(groups.values())}


def _care(draw: random.Random, ids: list[str]) -> dict[str, list[Row]]:
    episodes, placements = [], []
    for child in ids:
        for nth, (started, ended) in enumerate(_spells(draw, 0.6, 60, 900)):
            status = draw.choice(["C2", "C2", "V2", "V3", "V4", None])
            episodes.append({"child_id": child, "started_on": started, "ended_on": ended, "legal_status_kind": status, **_holder(draw)})
            day = started if nth or draw.random() < 0.7 else started + timedelta(days=draw.randint(-20, 60))
            while day < (ended or LAST):
                until = day + timedelta(days=draw.choice([20, 100, 800]))
                kind = draw.choice(["U1", "U4", "U4", "U3", "K2", None])
                last = min(until, ended) if ended else until
                stay = {"started_on": day, "ended_on": last if last <= LAST else None}
                placements.append({"child_id": child, **stay, "placement_kind": kind})
                day = until
    return {"cla_episode": episodes, "placement": placements}


def _in_need(draw: random.Random, ids: list[str]) -> list[Row]:
    status = []
    for child in ids:
        for started, ended in _spells(draw, 0.7, 40, 500):
            kind = draw.choice(["in_need_plan", "in_need_plan", "open_assessment", "protection_plan"])
            for end in (day.date() for day in month_ends(pd.Timestamp(FIRST), pd.Timestamp(LAST))):
                if started <= end < (ended or LAST) + timedelta(days=60):
                    closed = ended if ended and ended <= end else None
                    row = {"child_id": child, "started_on": started, "observed_on": end, "ended_on": closed, **_holder(draw)}
                    status.append({**row, "status_kind": draw.choice(["in_need_plan", "closed"]) if closed else kind})
    return status


def _allocations(draw: random.Random, cohort: str, episodes: list[Row]) -> list[Row]:
    """Month-end extracts from the day a child's first episode began; for some children none at all."""
    first: dict[str, date] = {}
    for episode in episodes:
        first.setdefault(episode["child_id"], episode["started_on"])
    found = []
    for child, started in first.items():
        if draw.random() < 0.7:
            month = pd.Timestamp(started) + pd.offsets.MonthEnd(0)
            days = [day.date() for day in month_ends(month, pd.Timestamp(LAST))]
            kept = [day for nth, day in enumerate(days) if nth == 0 or draw.random() < 0.9]
            found += [{"child_id": child, "cohort_kind": cohort, "observed_on": day, **_holder(draw)} for day in kept]
    return found


def _visits(draw: random.Random, child: str) -> Iterator[Row]:
    for cohort, longest in (("cp", 22), ("cin", 45), ("cla", 90), ("contact", 9)):
        day = FIRST
        while (day := day + timedelta(days=draw.randint(1, longest))) <= LAST:
            visit = {"child_id": child, "cohort_kind": cohort, "happened_on": day}
            if draw.random() < 0.85:
                seen = {"child_seen": _yes_no_blank(draw, 0.8), "seen_alone": _yes_no_blank(draw, 0.6, 0.2)}
                yield from [{**visit, "origin_kind": "log", **seen}] * (2 if draw.random() < 0.05 else 1)
            if draw.random() < 0.2 and cohort != "contact":
                yield {**visit, "origin_kind": "last_seen", "child_seen": True, "seen_alone": _yes_no_blank(draw, 0.6, 0.2)}


def _workforce(draw: random.Random, count: int) -> dict[str, list[Row]]:
    snapshots, supervision = [], []
    months = [end.date() for end in month_ends(pd.Timestamp(FIRST), pd.Timestamp(LAST))]
    taken = {end: end - timedelta(days=draw.randint(0, 4)) for end in months}
    for number in range(count):
        joined = _perhaps(draw, 0.9, _day(draw, FIRST - timedelta(days=200), date(2022, 12, 31)))
        left = _perhaps(draw, 0.3, _day(draw, date(2022, 6, 1), LAST))
        away = _perhaps(draw, 0.4, _day(draw, date(2022, 1, 1), date(2023, 6, 30)))
        back = _perhaps(draw, 0.7, away + timedelta(days=draw.randint(5, 200))) if away else None
        steady = {"role": draw.choice(ROLES), "fte": draw.choice([1.0, 1.0, 0.8, 0.5, 0.0, None]), "agency": _yes_no_blank(draw, 0.2)}
        for day in taken.values():
            if (joined is None or joined <= day) and (left is None or left > day - timedelta(days=20)):
                ill = {"absent_from_on": away, "absent_to_on": back if back and back <= day else None} if away and away <= day else {}
                ill = {} if back and back < day - timedelta(days=60) else ill
                row = {"worker_id": f"W{number:02}", "observed_on": day, "team_id": draw.choice(TEAMS[:3]), "started_on": joined, **ill}
                row["ended_on"] = left if left and left <= day + timedelta(days=20) else None
                row["case_holding"] = _yes_no_blank(draw, 0.9, 0.3)
                snapshots.append({**steady, **row, "caseload": draw.choice([None, 0, 9, 14, 17, 22])})
        day = FIRST
        while (day := day + timedelta(days=draw.choice([3, 20, 28, 31, 40]))) <= LAST:
            for kind in draw.choice([["personal"], ["case"], ["personal", "case"]]):
                supervision.append(
                    {"worker_id": f"W{number:02}", "happened_on": day, "supervision_kind": kind, "held": _yes_no_blank(draw, 0.85)}
                )
    return {"worker": snapshots, "supervision": supervision}


def _audit(draw: random.Random, number: int, ids: list[str]) -> Row:
    grade = _perhaps(draw, 0.9, draw.choice(["outstanding", "good", "requires_improvement", "inadequate"]))
    kind = draw.choice(["case", "case", "dip", "re_audit", "spot_check", None])
    first = draw.choice(["good", "inadequate"])
    row = {"audit_id": f"A{number:03}", "child_id": draw.choice(ids), "happened_on": _day(draw), "audit_kind": kind}
    history = _perhaps(draw, 0.8, draw.choice(["outstanding", "good", "requires_improvement", "inadequate"]))
    return {**row, "grade_kind": grade, "initial_grade_kind": first, "history_grade_kind": history, **_holder(draw)}
