"""Measures a council has only as figures: a numerator and a denominator, or a value, by unit and month.

A mark that stands for a hidden figure (<5, c) is kept as a mark. A month that has no row has no figure: the file's span says nothing of it.
"""

from __future__ import annotations

import re

import pandas as pd

from loaders.codes import codes
from loaders.marked import marked
from loaders.rows import Rows
from loaders.source import Cover, Field, Form, Frames, Source, Spoken
from loaders.whose import measure_key, unfit_keys

LEVEL = codes("""
    authority = whole authority | council | all | whole council | total
    service =
    team =
""", not_known="")  # fmt: skip
FIGURES = ("numerator", "denominator", "value")
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)}
_YEAR_FIRST = re.compile(r"((?:19|20)\d{2})[-/. ](\d{1,2})(?:[-/. ]\d{1,2})?(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(?:\d{1,2}[-/. ])?(\d{1,2})[-/. ]((?:19|20)\d{2})")
_WORDED = re.compile(r"(?:\d{1,2}[-/. ]+)?([A-Za-z]{3,9})\.?[-/. ]+((?:19|20)\d{2})")


def month_of(words: str) -> pd.Timestamp | None:
    """The month end a cell means: 2026-05, 31/05/2026, May 2026. None where it names no month; a year of two digits is never guessed."""
    if found := _YEAR_FIRST.fullmatch(words.strip()):
        year, month = int(found[1]), int(found[2])
    elif found := _YEAR_LAST.fullmatch(words.strip()):
        year, month = int(found[2]), int(found[1])
    elif (found := _WORDED.fullmatch(words.strip())) and found[1][:3].casefold() in _MONTHS:
        year, month = int(found[2]), _MONTHS[found[1][:3].casefold()]
    else:
        return None
    return pd.Timestamp(year, month, 1) + pd.offsets.MonthEnd(0) if 1 <= month <= 12 else None


def _check(rows: Rows) -> None:
    frame = rows.frame
    months = {words: month_of(words) for words in frame["month"].dropna().unique()}
    measure = frame["measure"].map(measure_key, na_action="ignore").astype("str")
    read = {name: marked(frame[name]) for name in FIGURES}
    flags = pd.concat([read[name].mark for name in FIGURES], axis=1).bfill(axis=1).iloc[:, 0]
    rows.frame = frame.assign(
        measure=measure, observed_on=pd.to_datetime(frame["month"].map(months)).astype("datetime64[s]"),
        level_kind=frame["level"].fillna("authority"), flag_kind=flags.astype("str"), **{name: read[name].value for name in FIGURES},
    )  # fmt: skip
    rows.set_aside(
        measure.isin(unfit_keys(measure)).to_numpy() & ~rows.aside, "measure", "is not the key of a measure: letters, digits and _ only"
    )
    rows.set_aside(rows.frame["observed_on"].isna().to_numpy() & ~rows.aside, "month", "is not a month: write it as 2026-05")
    ahead = (rows.frame["observed_on"] > rows.today + pd.offsets.MonthEnd(0)).to_numpy() & ~rows.aside
    rows.set_aside(ahead, "month", "has not come yet: correct the month")
    for name in FIGURES:
        says = "is neither a figure nor a mark for a hidden one: correct it"
        rows.set_aside(read[name].neither.to_numpy() & ~rows.aside, name, says)
    nobody = ((rows.frame["level_kind"] != "authority") & rows.frame["unit_id"].isna()).to_numpy() & ~rows.aside
    rows.set_aside(nobody, "unit_id", "is empty, and the row is of a service or team: name it")
    some = rows.frame["value"].notna() | (rows.frame["numerator"].notna() & rows.frame["denominator"].notna())
    silent = (~some & rows.frame["flag_kind"].isna()).to_numpy() & ~rows.aside
    rows.set_aside(silent, "value", "gives no figure: fill in the value, or the numerator and the denominator")


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """The whole authority has no unit id, whatever the file calls it, so that it is one unit from month to month."""
    return {"measure_value": frame.assign(unit_id=frame["unit_id"].mask(frame["level_kind"] == "authority"))}


def _covers(frame: pd.DataFrame, spoken: Spoken) -> Cover:
    return {"measure_value": (frame["observed_on"].min(), frame["observed_on"].max())} if len(frame) else {}


MEASURE_VALUES = Source(
    "measure_values",
    "measures known only as figures",
    (
        Form(
            "measure_values",
            "a list of measures known only as figures",
            (
                Field("measure", ("measure", "measure_key"), "text", "row"),
                Field("level", ("unit_level", "level"), "code", codes=LEVEL),
                Field("unit_id", ("unit", "unit_name"), "id"),
                Field("month", ("month", "period"), "text", "row"),
                Field("numerator", ("numerator",), "text"),
                Field("denominator", ("denominator",), "text"),
                Field("value", ("value",), "text"),
            ),
            build=_build,
            covers=_covers,
            unique=("measure", "level_kind", "unit_id", "observed_on"),
            check=_check,
        ),
    ),
)
