"""What goes into the Excel summary: plain values and frames, already measured and judged. Nothing is worked out here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from kpi.model import Better, Measure
from layouts import words

FRAME_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "trend": ("kpi", "period", "value", "numerator", "denominator", "target", "status"),
        "teams": ("kpi", "unit_id", "unit", "service", "numerator", "denominator", "value", "status"),
        "targets": ("kpi", "since", "green", "amber", "by", "set_by", "source", "note"),
        "loads": (
            "id", "loaded_at", "loaded_by", "source", "file", "as_at", "rows_in", "rows_new", "rows_unchanged", "rows_set_aside", "status",
        ),
        "said": ("kpi", "said", "unit", "comment", "by", "at"),
        "problems": ("file", "sheet", "row", "column", "value", "says", "severity"),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One KPI in the month of the summary. `domain` is the domain's title; a figure that is not there is None or NaN, never 0."""

    key: str
    title: str
    domain: str
    value: float | None
    numerator: float | None
    denominator: float | None
    measure: Measure
    better: Better | None
    target: float | None
    amber: float | None
    target_by: pd.Timestamp | None
    status: str
    change: float | None = None
    sustained: int | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    definition: str = ""
    method: str = ""
    sources: str = ""

    @property
    def aim(self) -> str:
        """The target in words: "85 % by 31 Jul 2026", "10 % or less", "None set"."""
        by = "" if words.missing(self.target) else words.by_words(self.target_by)
        return f"{words.target_words(self.target, self.better, self.measure)} {by}".strip()


def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(FRAME_COLUMNS[name]))


@dataclass(frozen=True)
class Book:
    """One summary: the month, its stamps, a row for each KPI, and the frames behind them (FRAME_COLUMNS says their columns).

    `produced_at` is passed in, so that the same facts always make the same workbook. `problems_not_given` counts the problems
    the caller left off the frame, so that the sheet can say how many more there are.
    """

    authority_title: str
    invented: bool
    period: pd.Timestamp
    produced_at: pd.Timestamp
    as_at: pd.Timestamp | None
    produced_by: str
    measures: tuple[Row, ...] | list[Row] = ()
    trend: pd.DataFrame = field(default_factory=lambda: _empty("trend"))
    teams: pd.DataFrame = field(default_factory=lambda: _empty("teams"))
    targets: pd.DataFrame = field(default_factory=lambda: _empty("targets"))
    loads: pd.DataFrame = field(default_factory=lambda: _empty("loads"))
    problems: pd.DataFrame = field(default_factory=lambda: _empty("problems"))
    problems_not_given: int = 0
    said: pd.DataFrame = field(default_factory=lambda: _empty("said"))

    def __post_init__(self) -> None:
        for name, columns in FRAME_COLUMNS.items():
            absent = [c for c in columns if c not in getattr(self, name).columns]
            if absent:
                raise ValueError(f"the summary's {name} frame has no column {', '.join(absent)}; it needs {', '.join(columns)}")
        keys = [row.key for row in self.measures]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"the summary has more than one row for {', '.join(twice)}; give one row for each KPI")
