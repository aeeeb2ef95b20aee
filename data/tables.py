"""The canonical tables: the one contract between what a council sends and what Sightline measures.

Two kinds carry the facts: *events* (`happened_on`) and *episodes* (`started_on`, `ended_on`; empty is open). *Snapshots* say how
something stood on one day (`observed_on`). Ids are text with their leading zeros, dates are days, closed lists are named `..._kind`,
and booleans are statements (`child_seen`) held as nullable booleans: empty means not known, never no.
Nothing here knows a file, a database or a screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pandas as pd

ColumnKind = Literal["id", "text", "code", "date", "flag", "number"]
TableKind = Literal["event", "episode", "snapshot"]

DTYPES: Mapping[ColumnKind, Any] = MappingProxyType(
    {"id": "str", "text": "str", "code": "str", "date": "datetime64[s]", "flag": "boolean", "number": "float64"}
)


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, whether a row means anything without it, and its closed list if it has one."""

    name: str
    kind: ColumnKind
    required: bool = False
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One canonical table. `key` names the columns that make two rows the same fact."""

    name: str
    kind: TableKind
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    says: str

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def empty(self) -> pd.DataFrame:
        return pd.DataFrame({c.name: pd.Series(dtype=DTYPES[c.kind]) for c in self.columns})

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with exactly this table's columns, in order and in type; a column that is not there is empty."""
        out = {}
        for column in self.columns:
            if column.name not in frame:
                out[column.name] = pd.Series(index=frame.index, dtype=DTYPES[column.kind])
                continue
            values = frame[column.name]
            if values.dtype == object and column.kind != "flag":  # what a driver hands back: None where there is nothing
                values = values.where(values.notna(), np.nan)
            elif values.dtype == object:
                values = values.where(values.notna(), None)
            out[column.name] = values.astype(DTYPES[column.kind])
        return pd.DataFrame(out, index=frame.index)


def _id(name: str, required: bool = False) -> Column:
    return Column(name, "id", required)


def _on(name: str, required: bool = False) -> Column:
    return Column(name, "date", required)


def _flag(name: str) -> Column:
    return Column(name, "flag")


def _code(name: str, *codes: str, required: bool = False) -> Column:
    return Column(name, "code", required, codes)


_HELD_BY = (_id("team_id"), _id("worker_id"))  # as at that time: performance follows whoever held the duty then

COHORTS = ("cp", "cin", "cla", "contact", "pf")
GRADES = ("outstanding", "good", "requires_improvement", "inadequate")
ANNOTATION_KINDS = ("inspection", "policy", "recording_change", "system_change", "staffing")
CASE_STATUSES = ("looked_after", "protection_plan", "in_need_plan", "open_assessment", "closed")

TABLES: tuple[Table, ...] = (
    Table(
        "child", "snapshot", ("child_id",),
        (
            _id("child_id", True), _on("born_on"), _code("sex_kind"), _code("ethnicity_kind"), _flag("disabled"), _flag("unaccompanied"),
        ),
        "A child known to the council.",
    ),
    Table(
        "referral", "event", ("child_id", "happened_on", "nth"),
        (
            _id("child_id", True), _on("happened_on", True), Column("nth", "number"), _code("source_kind"), _flag("no_further_action"),
            *_HELD_BY,
        ),
        "A referral received; `nth` tells two referrals of one child on one day apart (0, 1, ...).",
    ),
    Table(
        "assessment", "episode", ("child_id", "started_on", "nth"),
        (
            _id("child_id", True), _on("started_on", True), Column("nth", "number"), _on("ended_on"), _flag("child_seen"),
            _flag("support_required"), *_HELD_BY,
        ),
        "A social work assessment; it ends when it is authorised.",
    ),
    Table(
        "section47", "event", ("child_id", "happened_on", "nth"),
        (_id("child_id", True), _on("happened_on", True), Column("nth", "number"), _flag("conference_unnecessary"), *_HELD_BY),
        "A section 47 enquiry, dated by the strategy discussion that began it.",
    ),
    Table(
        "icpc", "event", ("child_id", "happened_on"),
        (_id("child_id", True), _on("happened_on", True), _on("section47_on"), _flag("led_to_plan"), *_HELD_BY),
        "An initial child protection conference held, and the section 47 it came from.",
    ),
    Table(
        "case_status", "snapshot", ("child_id", "started_on", "observed_on"),
        (
            _id("child_id", True), _on("started_on", True), _on("observed_on", True), _code("status_kind", *CASE_STATUSES),
            _on("ended_on"), *_HELD_BY,
        ),
        "How a child in need's case stood on the day of an extract (Annex A list 6): who had a plan then, and who held it.",
    ),
    Table(
        "cp_plan", "episode", ("child_id", "started_on"),
        (
            _id("child_id", True), _on("started_on", True), _on("ended_on"), _code("initial_category_kind"), _code("category_kind"),
            _on("latest_review_on"), Column("previous_plans", "number"), *_HELD_BY,
        ),
        "A child protection plan.",
    ),
    Table(
        "cla_episode", "episode", ("child_id", "started_on"),
        (
            _id("child_id", True), _on("started_on", True), _on("ended_on"), _code("legal_status_kind"), _code("permanence_kind"),
            _code("need_kind"), _on("latest_review_on"), *_HELD_BY,
        ),
        "A period of being looked after.",
    ),
    Table(
        "placement", "episode", ("child_id", "started_on"),
        (_id("child_id", True), _on("started_on", True), _on("ended_on"), _code("placement_kind"), _code("provider_kind"), *_HELD_BY),
        "A placement of a looked after child; it ends when the next one starts.",
    ),
    Table(
        "allocation", "snapshot", ("child_id", "cohort_kind", "observed_on"),
        (_id("child_id", True), _code("cohort_kind", *COHORTS, required=True), _on("observed_on", True), *_HELD_BY),
        "Who held a child's case on the day of an extract.",
    ),
    Table(
        "visit", "event", ("child_id", "cohort_kind", "happened_on", "origin_kind", "nth"),
        (
            _id("child_id", True), _code("cohort_kind", *COHORTS, required=True), _on("happened_on", True),
            _code("origin_kind", "log", "last_seen", required=True), Column("nth", "number"), _flag("child_seen"), _flag("seen_alone"),
            _flag("bedroom_seen"), _code("mode_kind", "in_person", "virtual"), _on("due_on"), _on("recorded_on"), *_HELD_BY,
        ),
        "A visit to a child. `origin_kind` log: from a visits extract; last_seen: a last-visit date printed in Annex A.",
    ),
    Table(
        "worker", "snapshot", ("worker_id", "observed_on"),
        (
            _id("worker_id", True), _on("observed_on", True), _id("team_id"), Column("role", "text"), Column("fte", "number"),
            _flag("agency"), _on("started_on"), _on("ended_on"), _on("absent_from_on"), _on("absent_to_on"),
            Column("caseload", "number"), _flag("newly_qualified"), _flag("case_holding"),
        ),
        "The workforce as it stood on the day of an extract.",
    ),
    Table(
        "supervision", "event", ("worker_id", "happened_on", "supervision_kind", "child_id", "nth"),
        (
            _id("worker_id", True), _id("supervisor_id"), _on("happened_on", True),
            _code("supervision_kind", "personal", "case", "group"),
            _id("child_id"), Column("nth", "number"), _flag("held"), _code("reflective_kind"),
        ),
        "A supervision session of one worker; `held` is false when it was cancelled.",
    ),
    Table(
        "audit", "event", ("audit_id",),
        (
            _id("audit_id", True), _id("child_id"), _on("happened_on", True), _id("auditor_id"),
            _code("audit_kind", "case", "dip", "re_audit", "spot_check"), _code("initial_grade_kind", *GRADES),
            _code("grade_kind", *GRADES),
            _flag("moderated"), _flag("practitioner_involved"), *_HELD_BY,
        ),
        "A case file audit and its final grade.",
    ),
    Table(
        "team", "snapshot", ("team_id", "started_on"),
        (_id("team_id", True), _on("started_on"), _on("ended_on"), _id("service_id")),
        "Which service a team belongs to, from when.",
    ),
    Table(
        "annotation", "event", ("happened_on", "label", "kpi"),
        (
            _on("happened_on", True), Column("label", "text", True), _code("annotation_kind", *ANNOTATION_KINDS, required=True),
            Column("kpi", "text"), _flag("rebase"),
        ),
        "Something that happened and may show in the figures; `kpi` empty: all of them; `rebase`: the range is drawn anew from it.",
    ),
)  # fmt: skip

BY_NAME: Mapping[str, Table] = MappingProxyType({table.name: table for table in TABLES})


@dataclass(frozen=True)
class Clock:
    """One dated standard: within how many days, of which kind, a duty falls due."""

    duty: str
    since: pd.Timestamp
    interval: int
    unit: Literal["working_days", "calendar_days", "months"]
    set_by: str


@dataclass(frozen=True)
class Tables:
    """Everything Sightline holds about one authority, as it stands: one frame per canonical table, its clocks and bank holidays.

    `covered` maps a table's name (for visits, `visit:cp` and so on) to the months (as month ends) that what was loaded speaks for.
    """

    frames: Mapping[str, pd.DataFrame]
    clocks: tuple[Clock, ...] = ()
    bank_holidays: tuple[pd.Timestamp, ...] = ()
    covered: Mapping[str, pd.DatetimeIndex] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in BY_NAME:
            raise AttributeError(f"there is no canonical table called {name!r}; data/tables.py lists them")
        return self.frames[name] if name in self.frames else self.once(f"no {name}", BY_NAME[name].empty)

    def once(self, what: str, make: Callable[[], Any]) -> Any:
        """Something worked out from these tables, worked out once: the tables never change."""
        if what not in self._kept:
            self._kept[what] = make()
        return self._kept[what]

    def with_frames(self, **frames: pd.DataFrame) -> Tables:
        return Tables({**self.frames, **frames}, self.clocks, self.bank_holidays, self.covered)
