"""What there is to find in the invented council: how each thing it does well or badly moves over three years.

* Visits: in the low 60s per cent until the inspection of January 2024, then two years of recovery to about target.
* Harbour recovers with the others and drifts back from December 2025. Quarry is slow to supervise. Mill records late. Weir is small.
* Supervision, first visits after contact and audits improve; re-referrals start high and fall slowly.
* Essentials training, pathway plans, reviews of children in care and dental checks improve; core groups get worse from the summer of
  2025, when conference clerks left; few homeless young people were jointly assessed until housing sat with the front door (May 2025).
* Orchard leaves new children in need waiting for a worker from January 2026.
* On 1 April 2025 the front door begins to record as contacts what it used to record as referrals, and advice given as support:
  referrals closed with no further action and assessments with no services fall overnight, and nothing else has changed.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

from data.sample.days import day

LAST_MONTH = 2026 * 12 + 4  # May 2026
INSPECTION = day(2024, 1, 15)
RECORDING_CHANGE = day(2025, 4, 1)

SERVICES = {
    "North": ("Brook", "Cedar", "Dale"),
    "Central": ("Fern", "Harbour", "Mill"),
    "South": ("Orchard", "Quarry", "Weir"),
}
TEAM_SHARES = {
    "Brook": 0.133, "Cedar": 0.120, "Dale": 0.120, "Fern": 0.125, "Harbour": 0.122,
    "Mill": 0.125, "Orchard": 0.115, "Quarry": 0.115, "Weir": 0.025,
}  # fmt: skip


@dataclass(frozen=True)
class Curve:
    """A value that moves in straight lines between dated points and stays put before the first and after the last."""

    points: tuple[tuple[int, float], ...]

    def at(self, number: int) -> float:
        index = bisect_right(self.points, (number, math.inf))
        if index == 0:
            return self.points[0][1]
        if index == len(self.points):
            return self.points[-1][1]
        (before, low), (after, high) = self.points[index - 1], self.points[index]
        return low + (high - low) * (number - before) / (after - before)


VISITS_IN_TIME = {
    "cp": Curve(
        (
            (day(2024, 2), 0.575),
            (day(2024, 9), 0.645),
            (day(2025, 4), 0.74),
            (day(2025, 11), 0.82),
            (day(2026, 4, 5), 0.835),
            (day(2026, 5, 15), 0.91),
        )
    ),
    "cin": Curve(
        (
            (day(2024, 2), 0.565),
            (day(2024, 9), 0.625),
            (day(2025, 4), 0.71),
            (day(2025, 11), 0.775),
            (day(2026, 4), 0.79),
            (day(2026, 5, 10), 0.85),
        )
    ),
    "cla": Curve(((day(2024, 2), 0.555), (day(2024, 9), 0.67), (day(2025, 4), 0.80), (day(2025, 11), 0.915), (day(2026, 4), 0.945))),
}
SEEN_AFTER_CONTACT = Curve(((day(2024, 2), 0.58), (day(2025, 4), 0.72), (day(2026, 2), 0.85)))
SUPERVISED = Curve(((day(2024, 1), 0.46), (day(2024, 10), 0.61), (day(2025, 9), 0.79), (day(2026, 3), 0.805)))
AUDITS_INADEQUATE = Curve(((day(2024, 2), 0.25), (day(2025, 3), 0.16), (day(2026, 3), 0.08)))
RE_REFERRALS = Curve(((day(2023, 12), 0.292), (day(2026, 5), 0.245)))
ASSESSED_IN_TIME = Curve(((day(2023, 12), 0.78), (day(2025, 12), 0.875)))
CONFERENCES_IN_TIME = Curve(((day(2023, 6), 0.78),))
EARLIER_PLANS = Curve(((day(2023, 6), 0.22),))
SOCIAL_WORKERS = Curve(((day(2023, 9), 60.0), (day(2025, 9), 69.0)))
RECORDED_IN_TWO_DAYS = Curve(((day(2024, 2), 0.62), (day(2026, 1), 0.89)))

DECIDED_IN_A_DAY = Curve(((day(2023, 12), 0.74), (day(2025, 6), 0.90)))
CORE_GROUPS = Curve(((day(2024, 6), 0.83), (day(2025, 6), 0.85), (day(2026, 3), 0.66)))
CONFERENCE_REVIEWS = Curve(((day(2024, 1), 0.955), (day(2025, 6), 0.975)))
CARE_REVIEWS = Curve(((day(2023, 6), 0.90), (day(2025, 6), 0.98)))
TAKES_PART = Curve(((day(2024, 2), 0.72), (day(2026, 1), 0.88)))
JOINS_IN = Curve(((day(2023, 6), 0.032), (day(2026, 5), 0.046)))  # of children in care of 4 and over, a month
HEALTH_CHECKED = Curve(((day(2023, 6), 0.90),))
DENTAL_CHECKED = Curve(((day(2023, 1), 0.58), (day(2025, 9), 0.83)))
INTERVIEWED_IN_TIME = Curve(((day(2023, 6), 0.70), (day(2026, 3), 0.92)))  # of return interviews held
PLANNED_BY_SECOND_REVIEW = Curve(((day(2023, 6), 0.76), (day(2025, 9), 0.90)))
ESCALATIONS_RESOLVED = Curve(((day(2023, 10), 0.48), (day(2025, 10), 0.74)))
HOMELESS_ASSESSED = Curve(((day(2025, 5), 0.42), (day(2025, 8), 0.78)))
PATHWAY_PLANS = Curve(((day(2023, 9), 0.62), (day(2025, 12), 0.87)))
SUITABLE_HOME, IN_WORK_OR_LEARNING, IN_TOUCH = 0.90, 0.55, 0.93
PRE_PROCEEDINGS_IN_TIME = Curve(((day(2024, 1), 0.50), (day(2025, 10), 0.70)))
SPOT_CHECKED = Curve(((day(2024, 1), 0.55), (day(2025, 3), 0.85)))
ESSENTIALS = Curve(((day(2023, 5), 0.38), (day(2025, 9), 0.82), (day(2026, 5), 0.88)))
AUDIT_ACTIONS_DONE = Curve(((day(2023, 9), 0.54), (day(2025, 9), 0.76)))
ENQUIRERS_APPROVED = 0.13
UNALLOCATED = Curve(((day(2025, 12), 0.02),))  # of new children in need, those who wait for a worker
UNALLOCATED_ORCHARD = Curve(((day(2025, 12), 0.03), (day(2026, 3), 0.60)))

HARBOUR_DRIFT = Curve(((day(2025, 11, 15), 0.0), (day(2026, 4, 5), -0.25), (day(2026, 5, 15), -0.35)))
MILL_RECORDED_IN_TWO_DAYS = 0.5
MONTH_END_CHASE = {"Mill": 0.3}  # of visits not yet recorded at a month's end, those a manager gets recorded by then
MONTH_END_CHASE_USUAL = 0.8
QUARRY_SUPERVISION = -0.24


def referrals_a_month(number: int) -> float:
    """Fewer from the recording change: what was closed with no further action is no longer counted as a referral."""
    return 325.0 if number < RECORDING_CHANGE else 325.0 * 0.70 / 0.95


def closed_without_action(number: int) -> float:
    return 0.30 if number < RECORDING_CHANGE else 0.05


def recorded_without_services(number: int) -> float:
    """Of assessments that lead to no plan, those recorded as needing no support."""
    return 0.97 if number < RECORDING_CHANGE else 0.55


def visits_in_time(cohort: str, team: str, number: int) -> float:
    """The share of children whom this team would have seen in time on a day."""
    return VISITS_IN_TIME[cohort].at(number) + (HARBOUR_DRIFT.at(number) if team == "Harbour" else 0.0)


def supervised(team: str, number: int) -> float:
    """The share of this team's social workers with three supervisions in three months."""
    return SUPERVISED.at(number) + (QUARRY_SUPERVISION if team == "Quarry" else 0.02)


def recorded_in_two_days(team: str, number: int) -> float:
    return MILL_RECORDED_IN_TWO_DAYS if team == "Mill" else RECORDED_IN_TWO_DAYS.at(number)
