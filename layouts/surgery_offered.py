"""What the forms of a surgery offer: whom and what a commitment may be about, each with who, by when and of what kind it would be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from data import reference
from data.surgery import KINDS, REASONS
from kpi.clock import add_working_days
from layouts import words
from layouts.surgery_children import AUDIT_ACTION
from layouts.surgery_meeting import Meeting
from layouts.surgery_now import newest
from layouts.surgery_tellers import About, Offered
from layouts.surgery_words import BY_HAND
from layouts.view import named

SOON, SUPERVISED = 3, 5  # working days in which a late child is to be seen, and a worker supervised, unless said otherwise
FORTNIGHT = pd.Timedelta(days=14)
ABOUT_ANY = ("child", "worker", "kpi", "none")
DAY = "%d/%m/%Y"
LATE = "Children late"


def offered(meeting: Meeting) -> Offered:
    """What may be agreed in this surgery, the children first, in the order of the page."""
    by_duty = {duty: key for key, kind in KINDS.items() for duty in kind.duties}
    seen_by, supervised_by = (after(meeting.held_on, days) for days in (SOON, SUPERVISED))
    abouts = [_child(row, by_duty, meeting.held_on, seen_by) for row in meeting.children.to_dict("records")]
    asked = {
        str(row["child_id"]): About(
            f"child|{row['child_id']}|{AUDIT_ACTION}", f"Child {row['child_id']}, audit", "Asked for by audits", by_duty[AUDIT_ACTION],
            named(str(row["worker_id"])), f"{supervised_by:{DAY}}",
        )
        for row in meeting.actions.to_dict("records")
        if not words.missing(row["child_id"]) and row["child_id"] != ""
    }  # fmt: skip
    abouts += list(asked.values())
    abouts += [
        About(f"worker|{row['worker_id']}|", named(str(row["worker_id"])), "Workers", "supervision_held", "", f"{supervised_by:{DAY}}")
        for row in meeting.workers.to_dict("records")
    ]
    month_end = (meeting.held_on + pd.offsets.MonthEnd(1)).normalize()
    abouts += [
        About(f"kpi|{row['kpi']}|", row["title"], "Measures", "kpi_at_level", "", f"{month_end:{DAY}}", _level(row))
        for row in newest(meeting)
    ]
    abouts.append(About("none||", "Nothing in particular", "Else", BY_HAND, "", f"{meeting.held_on + FORTNIGHT:{DAY}}"))
    kinds = [(key, kind.title, ABOUT_ANY if kind.about == "any" else (kind.about,)) for key, kind in KINDS.items()]
    who = sorted({str(worker) for worker in meeting.workers.get("worker_id", pd.Series(dtype="str"))}, key=str.casefold)
    late, noted = _reasoned(meeting, abouts), _noted(meeting, abouts)
    return Offered(abouts, late, noted, kinds, REASONS, who)


def _reasoned(meeting: Meeting, abouts: list[About]) -> list[About]:
    """The children late, each with the reason that is given already."""
    given = {f"child|{row['child_id']}|{row['duty']}": row for row in meeting.reasons.to_dict("records")}
    return [_written(about, given.get(about.key), "note", "reason_kind") for about in abouts if about.group == LATE]


def _noted(meeting: Meeting, abouts: list[About]) -> list[About]:
    """The surgery itself, then everybody and everything in it, each with the note that is there already."""
    there = {f"{row['about_kind']}|{row['about_id']}": row for row in meeting.notes.to_dict("records")}
    listed = [About("none||", "This surgery", "The meeting", ""), *(about for about in abouts if about.key != "none||")]
    return [_written(about, there.get("|".join(about.key.split("|")[:2])), "text", "") for about in listed]


def _written(about: About, row: Mapping[str, Any] | None, words_in: str, kind_in: str) -> About:
    if row is None:
        return replace(about, kind="", who="", by="", level="")
    kind = str(row[kind_in]) if kind_in else ""
    return replace(about, kind=kind, who="", by="", level="", words=str(row[words_in]), revision=int(row["revision"]))


def after(day: pd.Timestamp, working_days: int) -> pd.Timestamp:
    """The day so many working days after a day: `after(pd.Timestamp("2026-06-09"), 3)` is 12 June."""
    return pd.Timestamp(add_working_days(pd.Series([day]), working_days, reference.bank_holidays())[0])


def _child(row: Mapping[str, Any], by_duty: Mapping[str, str], held_on: pd.Timestamp, soon: pd.Timestamp) -> About:
    """A child, to be seen by their worker: in three working days when late, else by the day it falls due."""
    late = row["state"] == "overdue"
    due = soon if late or words.missing(row["due_on"]) or row["due_on"] <= held_on else pd.Timestamp(row["due_on"])
    worker = named(str(row["worker_id"]))
    duty = str(row["duty"])
    name = f"Child {row['child_id']}, {worker}"
    group = LATE if late else "Children due"
    return About(f"child|{row['child_id']}|{duty}", name, group, by_duty.get(duty, BY_HAND), worker, f"{due:{DAY}}")


def _level(row: Mapping[str, Any]) -> str:
    """The target, where there is one, as a first thought of the level to reach."""
    return "" if words.missing(row["target"]) else f"{float(row['target']):g}"
