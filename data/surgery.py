"""What is kept of a performance surgery: the meeting itself, what was agreed, why a child was not seen, and notes.

All are kept as steps, each with who and when: nothing is edited and nothing is deleted. A record's revision is the number of its steps;
who changes one names the revision they saw, and is told by `Conflict` when another step came between.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pandas as pd

from data.records import EARLIEST, HIGHEST_TARGET, LEVELS, Unfit, fit_kpi, fit_line, fit_text

VISITS = "visits"  # the usual focus: visits to children of every kind
LATEST = pd.Timestamp("2200-01-01")


@dataclass(frozen=True)
class Kind:
    """One kind of commitment: its words, whom it is about (child, worker, kpi or none), and the duties of `kpi.duties` it may answer."""

    title: str
    about: str
    duties: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "child_seen": Kind("Child seen", "child", ("cp_visit", "cin_visit", "cla_visit", "contact_visit")),
        "supervision_held": Kind("Supervision held", "worker", ("supervision",)),
        "review_held": Kind("Review held", "child", ("cp_review", "cla_review")),
        "core_group_held": Kind("Core group held", "child", ("core_group",)),
        "case_supervision": Kind("Child’s case discussed in supervision", "child", ("case_supervision",)),
        "assessment_finished": Kind("Assessment finished", "child", ("assessment",)),
        "conference_held": Kind("Initial conference held", "child", ("icpc",)),
        "health_check_done": Kind("Health assessment done", "child", ("health_check",)),
        "dental_check_done": Kind("Dental check done", "child", ("dental_check",)),
        "spot_check_done": Kind("Unannounced check made", "child", ("spot_check",)),
        "pathway_plan_reviewed": Kind("Pathway plan reviewed", "child", ("pathway_plan",)),
        "audit_action_done": Kind("What an audit asked for done", "child", ("audit_action",)),
        "kpi_at_level": Kind("Measure at a level", "kpi"),
        "by_hand": Kind("Something else, answered by hand", "any"),
    }
)
ABOUT_KINDS = ("child", "worker", "kpi", "none")
NAMING = ("child", "worker")  # what is about one of these is read only by those who see their team

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "worker_absent": "Worker absent",
        "vacancy": "No worker: vacancy",
        "family_cancelled": "Family cancelled",
        "refused_entry": "Refused entry",
        "child_not_present": "Child not present",
        "recording_late": "Visited, not yet recorded",
        "case_transferring": "Case transferring",
        "out_of_area": "Placed or staying out of area",
        "no_planned_visit": "No visit was planned",
        "other": "Other: say in the note",
    }
)

OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "kept": "Kept",
        "kept_late": "Kept late",
        "not_kept": "Not kept",
        "overdue": "Overdue",
        "not_yet_due": "Not yet due",
        "no_longer_open": "No longer open",
        "moved": "Moved",
        "cannot_tell": "Cannot tell",
    }
)


class Conflict(Exception):
    """Somebody else changed the same thing meanwhile. The message says who and when; `latest` is the row as it stands now."""

    def __init__(self, says: str, latest: Mapping[str, Any] | pd.Series) -> None:
        super().__init__(says)
        self.latest = {str(name): value for name, value in latest.items()}


@dataclass(frozen=True, kw_only=True)
class Surgery:
    """A performance surgery of one unit on one day. focus: "visits", or the key of a KPI. `unit_id` is empty for the whole authority."""

    level: str
    unit_id: str
    held_on: pd.Timestamp
    focus: str = VISITS
    present: str = ""


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """What somebody will see to by a day. about_id: the child, worker or KPI it is about; duty: of a child, what is owed to them.

    level_wanted: the figure a KPI is to reach (kind kpi_at_level). what: in words; empty for the words of its kind. team_id: who holds the
    child or worker; empty for the surgery's own team.
    """

    surgery_id: str
    kind: str
    who: str
    by_on: pd.Timestamp
    about_kind: str = "none"
    about_id: str = ""
    duty: str = ""
    level_wanted: float | None = None
    what: str = ""
    note: str = ""
    team_id: str = ""


def fit_surgery(said: Surgery) -> Surgery:
    """The surgery as it is kept: words tidied, its day without a time. Raises Unfit, saying why, where it cannot be kept."""
    if said.level not in LEVELS:
        raise Unfit(f"A surgery is of a team, a service or the whole authority, not of a “{said.level[:40]}”.")
    if bool(said.unit_id) == (said.level == "authority"):
        raise Unfit("Say which service or team the surgery is of; for the whole authority, name none.")
    if not said.focus:
        raise Unfit(f"Say what the surgery looks at: {VISITS}, or the key of a measure.")
    unit = fit_line(said.unit_id, "The unit", optional=True)
    present = fit_line(said.present, "Who is there", optional=True)
    return replace(said, held_on=fit_day(said.held_on, "The day"), unit_id=unit, focus=fit_kpi(said.focus), present=present)


def fit_commitment(said: Commitment, held_on: pd.Timestamp) -> Commitment:
    """The commitment as it is kept, of a surgery held on a day. Raises Unfit, saying why, where it cannot be kept."""
    kind = KINDS.get(said.kind)
    if kind is None:
        raise Unfit(f"“{said.kind[:40]}” is not a kind of commitment: choose one of {', '.join(k.title for k in KINDS.values())}.")
    if said.about_kind not in ABOUT_KINDS:
        raise Unfit(f"A commitment is about a child, a worker, a measure or nothing in particular, not about a “{said.about_kind[:40]}”.")
    if kind.about not in ("any", said.about_kind):
        raise Unfit(f"“{kind.title}” is about a {'measure' if kind.about == 'kpi' else kind.about}: say which.")
    if said.duty and said.duty not in kind.duties:
        raise Unfit(f"“{said.duty[:40]}” is no duty that “{kind.title}” answers: leave it empty, or choose another kind.")
    if kind.about == "child" and len(kind.duties) == 1:
        said = replace(said, duty=kind.duties[0])
    by_on = fit_day(said.by_on, "The day it is agreed by")
    if by_on <= held_on:
        raise Unfit(f"It is agreed by {by_on:%d/%m/%Y}, but the surgery is held on {held_on:%d/%m/%Y}: choose a later day.")
    said = replace(said, by_on=by_on, about_id=_fit_about(said.about_kind, said.about_id), level_wanted=_fit_level(said))
    what = fit_line(said.what, "What will be true", optional=said.kind != "by_hand") or kind.title
    who, note = fit_line(said.who, "Who sees to it"), fit_line(said.note, "The note", optional=True)
    return replace(said, what=what, who=who, note=note, team_id=fit_line(said.team_id, "The team", optional=True))


def fit_reason(reason_kind: str, note: str) -> tuple[str, str]:
    """A reason why a child was not seen, and its note, as they are kept. Raises Unfit where it is not of the list, or says nothing."""
    if reason_kind not in REASONS:
        raise Unfit(f"“{reason_kind[:40]}” is not one of the reasons: choose one of {', '.join(REASONS.values())}.")
    return reason_kind, fit_line(note, "The note", optional=reason_kind != "other")


def fit_note(text: str) -> str:
    """A note as it is kept; empty to take away what it said. Raises Unfit where it is too long or cannot be shown."""
    return fit_text(text) if text.strip() else ""


def fit_about(about_kind: str, about_id: str) -> tuple[str, str]:
    """Whom a note is about, as it is kept. Raises Unfit where it says one without the other."""
    if about_kind not in ABOUT_KINDS:
        raise Unfit(f"A note is about a child, a worker, a measure or nothing in particular, not about a “{about_kind[:40]}”.")
    return about_kind, _fit_about(about_kind, about_id)


def fit_day(day: pd.Timestamp, what: str) -> pd.Timestamp:
    """A day without a time. Raises Unfit where it is missing or of no year there are figures near."""
    if pd.isna(day) or day.tzinfo is not None:
        raise Unfit(f"{what} is missing: give it as a day.")
    if not EARLIEST <= day < LATEST:
        raise Unfit(f"{what}, {day:%d/%m/%Y}, is not one Sightline has figures near: check the year.")
    return day.normalize().as_unit("s")


def _fit_about(about_kind: str, about_id: str) -> str:
    ident = fit_line(about_id, "Whom it is about", optional=True)
    if bool(ident) == (about_kind == "none"):
        raise Unfit("Say which child, worker or measure it is about; about nothing in particular, name none.")
    return fit_kpi(ident) if about_kind == "kpi" else ident


def _fit_level(said: Commitment) -> float | None:
    if said.kind != "kpi_at_level":
        return None
    if said.level_wanted is None or not (math.isfinite(said.level_wanted) and abs(said.level_wanted) < HIGHEST_TARGET):
        raise Unfit("Say which level the measure is to reach: write it as a number, such as 85.")
    return float(said.level_wanted)
