"""The clocks file: the council's own standards, within how long each duty falls due and from which day on."""

from __future__ import annotations

import pandas as pd

from data.canonical.given import CLOCK_UNITS
from loaders.codes import codes
from loaders.rows import Rows
from loaders.source import Field, Form, Frames, Source, Spoken
from loaders.whose import AUTHORITY, measure_key, set_others_aside

_WORDS = {
    "working_days": "working days | working day | wd", "calendar_days": "calendar days | days | day", "months": "month | calendar months",
}  # fmt: skip
UNIT = codes("\n".join(f"{unit} = {_WORDS.get(unit, '')}" for unit in CLOCK_UNITS), not_known="")


def _check(rows: Rows) -> None:
    set_others_aside(rows)
    rows.frame = rows.frame.assign(duty=rows.frame["duty"].map(measure_key, na_action="ignore").astype("str"))
    interval = rows.frame["interval"]
    wrong = (interval.isna() | (interval <= 0) | (interval % 1 != 0)).to_numpy() & ~rows.aside
    rows.set_aside(wrong, "interval", "is not a whole number of days or months above nought: correct it")


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"clock": frame}


CLOCKS = Source(
    "clocks",
    "clocks",
    (
        Form(
            "clocks",
            "a list of the council's own standards",
            (
                Field("duty", ("duty", "clock"), "text", "row"),
                AUTHORITY,
                Field("since", ("since", "effective_from"), "date", "row"),
                Field("interval", ("interval", "within"), "number", "column"),
                Field("unit", ("unit", "interval_unit"), "code", "row", codes=UNIT),
                Field("set_by", ("set_by",), "text"),
                Field("note", ("note", "notes"), "text"),
            ),
            build=_build,
            unique=("duty", "since"),
            check=_check,
        ),
    ),
)
