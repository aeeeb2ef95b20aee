"""Invented measures and figures for the component page: one of every state a page can be in, always the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kpi.model import Domain, Kpi

MAY = pd.Timestamp("2026-05-31")
DUE = pd.Timestamp("2026-07-31")
LONG = "Children with a child protection plan whose core group met, was minuted and was sent to every member within ten working days"
LONG_TEAM = "Assessment and Intervention Service, North and North West, Team 4 (Llanfair-under-Edgemoor)"
DOMAIN = Domain("sample", "Invented measures", "Does every state read well?")

_MONTHS = 24
_RISE = [
    62.0,
    60.5,
    64.0,
    61.2,
    63.8,
    66.1,
    64.9,
    68.0,
    67.2,
    70.4,
    69.1,
    72.5,
    71.0,
    74.8,
    73.2,
    76.9,
    75.5,
    78.0,
    77.1,
    79.6,
    78.8,
    80.9,
    81.3,
    81.3,
]
_LEVEL = [79.0, 81.0, 78.5, 80.2, 82.0, 79.4, 80.8, 78.9]


def measure(key: str, title: str, **given: Any) -> Kpi:
    """An invented measure: `measure("sample_met", "Seen in time")`; what is not given is as most measures have it."""
    told: dict[str, Any] = {
        "domain": DOMAIN.key, "measure": "percent", "better": "higher", "basis": "stock", "noun": "children with a plan open",
        "did": "seen in time", "method": "Stock at the period end", "needs": ("visit",), "sources": "Invented",
        "definition": "Of children on an invented CP plan, those seen in time.\n\nThe last day counts. The figures are invented.",
        "cases_of": lambda tables, periods: pd.DataFrame(),
    }  # fmt: skip
    return Kpi(key=key, title=title, **{**told, **given})


MEASURES: tuple[Kpi, ...] = (
    measure("sample_met", "Met, and improving"),
    measure("sample_near", "Near, with no real change"),
    measure("sample_not_met", "Not met, and worsening"),
    measure("sample_few", "Few cases"),
    measure("sample_no_target", "No target, a mean", measure="mean", better=None, noun="workers", did="held"),
    measure("sample_no_cases", "No cases"),
    measure("sample_no_data", "No data"),
    measure("sample_none", "Nought per cent, where lower is better", better="lower"),
    measure("sample_all", "A hundred per cent"),
    measure("sample_long", LONG, noun="children with a child protection plan open for ten working days or more at the month end"),
    measure("sample_rate", "A rate of many", measure="rate", better=None, noun="referrals from every source there is"),
)


def judged(key: str, values: Sequence[float | None], *, of: float = 100, target: float | None = 80, **given: Any) -> pd.DataFrame:
    """One judged and signalled figure a month to May 2026; `given` holds for every month, `last` only for the last."""
    last = given.pop("last", {})
    periods = pd.date_range(end=MAY, periods=len(values), freq="ME")
    rows = [_row(key, period, value, of, target) | given for period, value in zip(periods, values, strict=True)]
    rows[-1] |= last
    return pd.DataFrame(rows)


def _row(key: str, period: pd.Timestamp, value: float | None, of: float, target: float | None) -> dict[str, Any]:
    status = "no data" if value is None else "no target" if target is None else "met" if value >= target else "near"
    known = (None, None) if value is None else (value * of / 100, of)
    return {
        "kpi": key, "period": period, "level": "authority", "unit_id": "", "unit": "All", "numerator": known[0], "denominator": known[1],
        "value": value, "target": target, "amber": None, "target_by": None if target is None else DUE, "status": status, "sustained": 0,
        "months_met": [False] * 3,
        "change": 0.6, "left_out": {}, "apart": {}, "note": "", "chart": "xmr", "chart_reason": "", "caution": "",
        "mean": 74.0, "lower": 62.0, "upper": 86.0, "near_lower": 66.0, "near_upper": 82.0, "rule": "", "signal": "common",
        "assurance": "hit_and_miss", "segment": 0,
    }  # fmt: skip


def scorecard_rows() -> pd.DataFrame:
    """Two years of each measure, its last month in the state its title says."""
    level = (_LEVEL * 3)[:_MONTHS]
    fall = list(reversed(_RISE))
    none = {"value": None, "numerator": None, "denominator": 0.0, "status": "no cases", "change": None, "signal": None}
    rated = {"numerator": 1_234_567.0, "denominator": 9_876_543.0, "status": "no target", "signal": "high", "assurance": "none"}
    held = {"mean": float("nan"), "lower": float("nan"), "upper": float("nan"), "signal": None, "assurance": "none"}
    return pd.concat(
        [
            judged("sample_met", _RISE, last={"signal": "improvement", "assurance": "pass", "status": "met"}),
            judged("sample_near", level, target=85, last={"status": "near"}),
            judged("sample_not_met", fall, last={"signal": "concern", "assurance": "fail", "status": "not met", "change": -12.4}),
            judged("sample_few", [None, *([50.0, 75.0] * 12)][:_MONTHS], of=8, **held, last={"status": "few cases"}),
            judged("sample_no_target", [17.04] * _MONTHS, of=63, target=None, last={"signal": "low", "assurance": "none"}),
            judged("sample_no_cases", [*level[:-1], None], last=none),
            judged("sample_none", [*([4.0, 2.0] * 11), 1.0, 0.0], of=412, target=10, last={"status": "met", "change": -1.0}),
            judged("sample_all", [*level[:-1], 100.0], of=1234, last={"status": "met", "signal": "improvement", "assurance": "pass"}),
            judged("sample_long", level, target=85, last={"status": "near"}),
            judged("sample_rate", [1250.0] * _MONTHS, target=None, last=rated),
        ],
        ignore_index=True,
    )


def trend_rows() -> pd.DataFrame:
    """A trend with a gap, a month beyond chance each way, a new target and a history too short at its start."""
    rows = judged("sample_met", _RISE, target=75)
    rows.loc[rows.index[:3], "note"] = "history short"
    rows.loc[7, ["value", "numerator", "denominator", "status"]] = [None, None, None, "no data"]
    rows.loc[rows.index[18:], "target"] = 85.0
    rows.loc[4, "signal"] = "concern"
    rows.loc[rows.index[-2:], "signal"] = "improvement"
    return rows


def team_rows() -> pd.DataFrame:
    """One month of six teams: each status, one too small to judge, one with a very long name."""
    shown = (
        ("Bridge", 47, 50, "met"), ("Harbour", 30, 52, "not met"), (LONG_TEAM, 41, 51, "near"), ("Mill", 40, 48, "near"),
        ("Quarry", 38, 44, "met"), ("Weir", 3, 7, "few cases"),
    )  # fmt: skip
    rows = [
        _row("sample_met", MAY, 100 * met / of, 100, 80)
        | {"level": "team", "unit_id": name, "unit": name, "numerator": float(met), "denominator": float(of), "status": status}
        for name, met, of, status in shown
    ]
    return pd.DataFrame(rows)
