"""The annotations extract: what happened on a day and may show in the figures, and whether the expected range is drawn anew from it.

Loading files is the data team's work: a rebase asked for in a file counts as asked for by whoever loads it, and is undone like any other.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from data.records import Unfit, fit_kpi, fit_label
from loaders.codes import codes
from loaders.rows import Rows
from loaders.source import Field, Form, Frames, Source, Spoken

KIND = codes("""
    inspection = ofsted | ilacs | focused visit | monitoring visit | peer review
    policy = policy change | practice | practice change | procedure
    recording_change = recording | change of recording
    system_change = system | change of system | new system | migration
    staffing = staff | workforce | vacancies
""", not_known="")  # fmt: skip
EVERY = ("all", "every", "any")


def _check(rows: Rows) -> None:
    """What a person could not type, a file may not say either."""
    for field, fit in (("label", fit_label), ("kpi", lambda words: fit_kpi(_key(words)))):
        said = rows.frame[field]
        faults = {words: says for words in said.dropna().unique() if (says := _fault(fit, words))}
        wrong = said.isin(list(faults)).to_numpy() & ~rows.aside
        rows.set_aside(wrong, field, [f"cannot be kept: {faults[said.iloc[row]]}" for row in np.flatnonzero(wrong)])


def _fault(fit: Callable[[str], str], words: str) -> str:
    try:
        fit(words)
    except Unfit as unfit:
        return str(unfit).rstrip(".")
    return ""


def _key(words: str) -> str:
    """A measure as a file may write it: any case, with spaces or dashes; "all" is every measure, which is left empty."""
    key = words.casefold().replace("-", "_").replace(" ", "_")
    return "" if key in EVERY else key


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    kpi = frame["kpi"].map(_key, na_action="ignore").astype("str")
    return {"annotation": frame.assign(label=frame["label"].map(fit_label), kpi=kpi.mask(kpi == ""), rebase=frame["rebase"].fillna(False))}


ANNOTATIONS = Source(
    "annotations",
    "annotations",
    (
        Form(
            "annotations",
            "a list of annotations",
            (
                Field("label", ("label", "annotation", "what happened"), "text", "row"),
                Field("happened_on", ("date", "annotation_date", "Date of event"), "date", "row", when="past"),
                Field("annotation_kind", ("kind", "annotation_kind", "annotation_type"), "code", "row", codes=KIND),
                Field("kpi", ("kpi_id", "kpi", "measure"), "text"),
                Field("rebase", ("rebase", "rebase (Y/N)"), "flag"),
            ),
            build=_build,
            unique=("happened_on", "label", "kpi"),
            check=_check,
        ),
    ),
)
