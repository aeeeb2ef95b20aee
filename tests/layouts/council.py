"""An invented council's month, as the Excel summary is given it: two measures by hand for tests, or as many as asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from kpi.model import Better, Measure
from layouts.workbook import Book, Row

PERIOD = pd.Timestamp("2026-05-31")
JULY = pd.Timestamp("2026-07-31")

VISITS = Row(
    key="cp_visits_in_time", title="Children on a CP plan seen in time", domain="Child protection", value=74 / 91 * 100, numerator=74,
    denominator=91, measure="percent", better="higher", target=85, amber=75, target_by=JULY, status="near", change=2.4, sustained=0,
    left_out={"no start date": 1, "visit before plan": 3},
    definition="Of children with a plan open,\nthose seen in time.\n\nNot seen: late.",
    method="Stock at the period end", sources="Annex A list 7; visits",
)  # fmt: skip
AUDITS = Row(
    key="audits_inadequate", title="Audits judged inadequate", domain="Quality of practice", value=None, numerator=None, denominator=0,
    measure="percent", better="lower", target=5, amber=8.5, target_by=None, status="no cases", change=None, sustained=None,
    note="history short",
)  # fmt: skip

_MEASURES: tuple[tuple[str, str, Measure, Better | None, float, float | None, int], ...] = (
    ("Children on a CP plan seen in time", "Child protection", "percent", "higher", 81, 85, 91),
    ("Children in need seen in time", "Children in need", "percent", "higher", 78, 80, 850),
    ("Children in care seen in time", "Children in care", "percent", "higher", 91, 90, 420),
    ("Seen in time after contact", "Front door", "percent", "higher", 82, 80, 176),
    ("Three supervisions in three months", "Workforce", "percent", "higher", 69, 80, 62),
    ("Audits judged inadequate", "Quality of practice", "percent", "lower", 9, 5, 36),
    ("Re-referrals within 12 months", "Front door", "percent", "lower", 24, 22, 241),
    ("Assessments finished in 45 working days", "Assessment", "percent", "higher", 87, 85, 176),
    ("Assessments that end with no services", "Assessment", "percent", "lower", 31, 30, 176),
    ("Initial conferences in 15 working days", "Child protection", "percent", "higher", 78, 80, 23),
    ("Repeat child protection plans", "Child protection", "percent", "lower", 25, 20, 8),
    ("Children held by each social worker", "Workforce", "mean", None, 16.4, None, 62),
)
TEAMS = ("Assessment East", "Assessment West", "Bridge", "Harbour", "Mill", "Quarry", "River", "Children in Care North", "Leaving Care")


def two_measures() -> Book:
    """A book small enough to read: one measure with three months, the middle one missing; one with none; two teams."""
    trend = pd.DataFrame(
        [
            ("cp_visits_in_time", pd.Timestamp("2026-03-31"), 70.0, 63.0, 90.0, 80.0, "near"),
            ("cp_visits_in_time", PERIOD, 74 / 91 * 100, 74.0, 91.0, 85.0, "near"),
        ],
        columns=["kpi", "period", "value", "numerator", "denominator", "target", "status"],
    )
    teams = pd.DataFrame(
        [
            ("cp_visits_in_time", "T2", "Harbour", "Safeguarding", 20.0, 31.0, 20 / 31 * 100, "not met"),
            ("cp_visits_in_time", "T1", "Bridge", "Safeguarding", 4.0, 5.0, 80.0, "few cases"),
        ],
        columns=["kpi", "unit_id", "unit", "service", "numerator", "denominator", "value", "status"],
    )
    targets = pd.DataFrame(
        [("cp_visits_in_time", pd.Timestamp("2024-02-01"), 85.0, 75.0, JULY, "Improvement Board", "Improvement plan", None)],
        columns=["kpi", "since", "green", "amber", "by", "set_by", "source", "note"],
    )
    return Book(
        "Invented Council", True, PERIOD, pd.Timestamp("2026-06-02 09:14:07"), PERIOD, "local viewer", (VISITS, AUDITS), trend, teams,
        targets, _loads(2), _problems(3),
    )  # fmt: skip


def whole_council(loads: int = 250, problems: int = 800) -> Book:
    """A book of the size of a real month: 12 measures, 36 months, 9 teams. The same every time."""
    draw = np.random.default_rng(7)
    months = pd.date_range(end=PERIOD, periods=36, freq="ME")
    rows, trend, teams, targets = [], [], [], []
    for place, (title, domain, measure, better, level, target, size) in enumerate(_MEASURES):
        key = f"measure_{place}"
        rise = np.linspace(-18 if better == "higher" else 5, 0, 36) if measure == "percent" else np.zeros(36)
        for month, value in zip(months, level + rise + draw.normal(0, 2, 36), strict=True):
            if place == 1 and month.month in (2, 3) and month.year == 2025:
                continue
            trend.append((key, month, value, round(value * size / 100), size, target if month >= months[8] else None, "near"))
        shown = trend[-1][2]
        status = "few cases" if size < 10 else _status(shown, target, better)
        rows.append(
            replace(
                VISITS, key=key, title=title, domain=domain, measure=measure, better=better, value=shown, numerator=trend[-1][3],
                denominator=size, target=target, status=status, change=shown - trend[-2][2], sustained=place % 4,
                left_out={"no start date": place, "not a social worker": 2} if place % 3 else {},
                note="history short" if place == 6 else "",
                definition="Of the cases open at the period end, those that were done by the day they were due. " * (2 + place % 3),
            )
        )  # fmt: skip
        targets.append((key, pd.Timestamp("2024-02-01"), target, 75, JULY, "Improvement Board", "Accelerated improvement plan", None))
        for number, team in enumerate(TEAMS):
            cases = 4 if team == "Bridge" else int(draw.integers(10, 60))
            value = float(np.clip(level + draw.normal(0, 8), 0, 100))
            status = "few cases" if cases < 10 else _status(value, target, better)
            service = ("Assessment", "Safeguarding", "Care")[(number >= 2) + (number >= 7)]
            teams.append((key, f"T{number}", team, service, round(value * cases / 100), cases, value, status))
    return Book(
        "Invented Council", True, PERIOD, pd.Timestamp("2026-06-02 09:14:07"), PERIOD, "local viewer",
        sorted(rows, key=lambda row: row.domain),
        pd.DataFrame(trend, columns=["kpi", "period", "value", "numerator", "denominator", "target", "status"]),
        pd.DataFrame(teams, columns=["kpi", "unit_id", "unit", "service", "numerator", "denominator", "value", "status"]),
        pd.DataFrame(targets, columns=["kpi", "since", "green", "amber", "by", "set_by", "source", "note"]),
        _loads(loads), _problems(problems),
    )  # fmt: skip


def _status(value: float, target: float | None, better: Better | None) -> str:
    if target is None:
        return "no target"
    short = target - value if better == "higher" else value - target
    return "met" if short <= 0 else "near" if short <= 8 else "not met"


def _loads(n: int) -> pd.DataFrame:
    days = pd.date_range("2023-07-03 09:00", periods=n, freq="4D")
    return pd.DataFrame(
        {
            "id": range(1, n + 1), "loaded_at": days, "loaded_by": "local viewer", "source": "visits",
            "file": [f"visits_{day:%Y-%m-%d}.csv" for day in days], "as_at": days.normalize(), "rows_in": 1250, "rows_new": 1200,
            "rows_unchanged": 46, "rows_set_aside": 4, "status": "loaded",
        }
    )  # fmt: skip


def _problems(n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "file": "visits_2026-05-31.csv", "sheet": None, "row": range(2, n + 2), "column": "visit_date", "value": "31/02/2026",
            "says": "This is not a date: expected day/month/year. Correct the cell and load the file again.",
            "severity": ["warning", "set_aside", "note"] * (n // 3) + ["warning"] * (n % 3),
        }
    )  # fmt: skip
