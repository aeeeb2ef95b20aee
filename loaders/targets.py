"""The targets file: what each KPI is to reach, from which day, by when, and who set it.

A KPI's key is kept as it is written; whether there is such a KPI is for the Targets page and the command line to say, as the list of KPIs
is not known here. A row is superseded by a later one and never edited, so a month keeps the target of its day.
"""

from __future__ import annotations

import pandas as pd

from loaders.codes import codes
from loaders.rows import Rows
from loaders.source import Field, Form, Frames, Source, Spoken
from loaders.whose import AUTHORITY, measure_key, set_others_aside, unfit_keys

DIRECTION = codes("""
    higher = up | higher is better | increase | at least
    lower = down | lower is better | decrease | at most
""")  # fmt: skip


def _check(rows: Rows) -> None:
    set_others_aside(rows)
    rows.frame = rows.frame.assign(kpi=rows.frame["kpi"].map(measure_key, na_action="ignore").astype("str"))
    unfit = unfit_keys(rows.frame["kpi"])
    rows.set_aside(rows.frame["kpi"].isin(unfit).to_numpy() & ~rows.aside, "kpi", "is not the key of a KPI: write it as in the catalogue")
    none = rows.frame["green"].isna().to_numpy() & ~rows.aside
    rows.tell(none, "green", "the target is empty: from that day on the KPI has none")
    gap = rows.frame["amber"] - rows.frame["green"]
    better = ((rows.frame["direction"] == "lower") & (gap < 0)) | ((rows.frame["direction"] == "higher") & (gap > 0))
    says = "is better than the target, so nothing could ever be near: correct the target, the amber or the direction"
    rows.set_aside(better.to_numpy() & ~rows.aside, "amber", says)


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """A target that ends is followed, from the next day, by none, unless another of the KPI takes its place by then."""
    rows = frame.assign(since=frame["since"].astype("datetime64[s]"))
    after = rows["effective_to"] + pd.Timedelta(days=1)
    follower = rows.sort_values("since").groupby("kpi")["since"].shift(-1).reindex(rows.index)
    ended = rows[rows["effective_to"].notna() & ~(follower <= after)]
    ends = ended.assign(since=after[ended.index], green=float("nan"), amber=float("nan"), note="The target before ended")
    ends["by"] = pd.NaT
    return {"target": pd.concat([rows, ends], ignore_index=True) if len(ends) else rows}


TARGETS = Source(
    "targets",
    "targets",
    (
        Form(
            "targets",
            "a list of targets",
            (
                Field("kpi", ("kpi_id", "kpi", "measure"), "text", "row"),
                AUTHORITY,
                Field("green", ("target", "target_value", "green"), "number", "column"),
                Field("direction", ("direction", "better"), "code", codes=DIRECTION),
                Field("amber", ("amber", "amber_threshold"), "number"),
                Field("since", ("effective_from", "since", "target_from"), "date", "row"),
                Field("effective_to", ("effective_to", "target_to"), "date"),
                Field("by", ("by", "reach_by", "to_reach_by"), "date"),
                Field("set_by", ("set_by", "target_set_by"), "text"),
                Field("source", ("source_ref", "target_source", "source"), "text"),
                Field("note", ("note", "notes"), "text"),
            ),
            build=_build,
            unique=("kpi", "since"),
            spans=(("since", "effective_to"), ("since", "by")),
            check=_check,
        ),
    ),
)
