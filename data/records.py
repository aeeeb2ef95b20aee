"""What people write beside the figures: annotations (something happened on a day), remarks (a comment on one month of one unit), targets.

All are kept for good. A correction or an undoing is a further step, with who and when; nothing is edited and nothing is deleted.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass, replace

import pandas as pd

from data.tables import ANNOTATION_KINDS

LABEL_LIMIT = 120
TEXT_LIMIT = 2_000
LINE_LIMIT = 300
HIGHEST_TARGET = 1e12
EARLIEST = pd.Timestamp("1990-01-01")
LEVELS = ("authority", "service", "team")
_KPI = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TURNS_TEXT_ROUND = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Unfit(ValueError):
    """Something written that cannot be kept as it is. The message says what is wrong and what to do."""


@dataclass(frozen=True)
class Annotation:
    """Something that happened on a day and may show in the figures: an inspection, a policy, a change of recording or system, staffing.

    `kpi` empty: it bears on every measure. `rebase`: the expected range is drawn anew from this day on.
    """

    on: pd.Timestamp
    label: str
    kind: str
    kpi: str = ""
    rebase: bool = False


@dataclass(frozen=True)
class Remark:
    """A person's comment on one measure, of one unit, in one month. `unit_id` is empty for the whole authority."""

    kpi: str
    level: str
    unit_id: str
    period: pd.Timestamp
    text: str


@dataclass(frozen=True)
class Target:
    """A target of one KPI from a day on: met at `green`, near at `amber` (empty: nothing is near), to be reached by a day, or by none."""

    kpi: str
    since: pd.Timestamp
    green: float
    set_by: str
    amber: float | None = None
    by: pd.Timestamp | None = None
    source: str = ""
    note: str = ""


def fit_annotation(said: Annotation, *, today: pd.Timestamp) -> Annotation:
    """The annotation as it is kept: words tidied, its day without a time. Raises Unfit, saying why, where it cannot be kept."""
    on = _day(said.on, "The date")
    if on > today:
        raise Unfit(f"The date, {on:%d/%m/%Y}, is in the future: a note is dated by the day it happened.")
    if said.kind not in ANNOTATION_KINDS:
        known = ", ".join(kind.replace("_", " ") for kind in ANNOTATION_KINDS)
        raise Unfit(f"“{said.kind.replace('_', ' ')[:40]}” is not a kind of note: choose one of {known}.")
    return replace(said, on=on, label=fit_label(said.label), kpi=fit_kpi(said.kpi), rebase=bool(said.rebase))


def fit_remark(said: Remark) -> Remark:
    """The remark as it is kept: words tidied, its period a month end. Raises Unfit, saying why, where it cannot be kept."""
    if not fit_kpi(said.kpi):
        raise Unfit("Say which measure the comment is about, by its key.")
    if said.level not in LEVELS:
        raise Unfit(f"A comment stands beside a figure of the whole, a service or a team, not of a “{said.level[:40]}”.")
    if bool(said.unit_id) == (said.level == "authority"):
        raise Unfit("Say which service or team the comment is about; for the whole authority, name none.")
    _refuse_characters(said.unit_id, "The unit", allowed="")
    period = _day(said.period, "The month") + pd.offsets.MonthEnd(0)
    return replace(said, period=period.as_unit("s"), text=fit_text(said.text))


def fit_target(said: Target) -> Target:
    """The target as it is kept: words tidied, days without a time. Raises Unfit, saying why, where it cannot be kept."""
    if not fit_kpi(said.kpi):
        raise Unfit("Say which measure the target is of, by its key.")
    since = _day(said.since, "The day it holds from")
    by = None if said.by is None else _day(said.by, "The day to reach it by")
    if by is not None and by < since:
        raise Unfit(f"It is to be reached by {by:%d/%m/%Y}, before the day it holds from, {since:%d/%m/%Y}: correct one of the two.")
    for figure, what in ((said.green, "The target"), (said.amber, "The figure from which it is near")):
        if figure is not None and not (math.isfinite(figure) and abs(figure) < HIGHEST_TARGET):
            raise Unfit(f"{what} is not a figure that can be a target: write it as a number, such as 85.")
    said = replace(said, since=since, by=by, set_by=fit_line(said.set_by, "Who set it"))
    return replace(
        said, source=fit_line(said.source, "The source", optional=True), note=fit_line(said.note, "The note", optional=True)
    )  # fmt: skip


def fit_line(words: str, what: str, *, optional: bool = False) -> str:
    """A line of a form. Raises Unfit where it is empty and must not be, too long or holds characters that cannot be shown."""
    _refuse_characters(words, what, allowed="\t\n\r")
    line = " ".join(words.split())
    if not line and not optional:
        raise Unfit(f"{what} is empty: fill it in.")
    if len(line) > LINE_LIMIT:
        raise Unfit(f"{what} has {len(line):,} characters: shorten it to {LINE_LIMIT:,} or fewer.")
    return line


def fit_kpi(kpi: str) -> str:
    """The key of a measure, or nothing for every measure. Raises Unfit where it could not be a key."""
    if kpi and not _KPI.fullmatch(kpi):
        raise Unfit(f"“{kpi[:40]}” is not the key of a measure: leave it empty for every measure.")
    return kpi


def fit_label(label: str) -> str:
    """A short label on one line. Raises Unfit where it is empty, too long or holds characters that cannot be shown."""
    _refuse_characters(label, "The label", allowed="\t\n\r")
    return _neither_empty_nor_long(" ".join(label.split()), "label", LABEL_LIMIT)


def fit_text(text: str) -> str:
    """A comment of a few paragraphs. Raises Unfit where it is empty, too long or holds characters that cannot be shown."""
    _refuse_characters(text, "The comment", allowed="\t\n\r")
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return _neither_empty_nor_long(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), "comment", TEXT_LIMIT)


def _neither_empty_nor_long(words: str, what: str, limit: int) -> str:
    if not any(letter.isalnum() for letter in words):
        raise Unfit(f"The {what} is empty: write what happened." if what == "label" else f"The {what} is empty: write it in words.")
    if len(words) > limit:
        raise Unfit(f"The {what} has {len(words):,} characters: shorten it to {limit:,} or fewer.")
    return words


def _refuse_characters(words: str, what: str, *, allowed: str) -> None:
    """Control characters, halves of characters, and those that turn the direction of text: they show as nothing, or as something else."""
    for letter in words:
        if letter not in allowed and (unicodedata.category(letter) in ("Cc", "Cs") or letter in _TURNS_TEXT_ROUND):
            raise Unfit(f"{what} holds a character that cannot be shown (U+{ord(letter):04X}): remove it, or type the words again.")


def _day(day: pd.Timestamp, what: str) -> pd.Timestamp:
    if pd.isna(day) or day.tzinfo is not None:
        raise Unfit(f"{what} is missing: give it as a day.")
    if not EARLIEST <= day < pd.Timestamp("2200-01-01"):
        raise Unfit(f"{what}, {day:%d/%m/%Y}, is not one Sightline has figures near: check the year.")
    return day.normalize().as_unit("s")
