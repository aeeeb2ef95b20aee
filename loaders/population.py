"""The population file: how many people live in the area, by age group and year. Rates per 10,000 are of the group 0-17.

A row names its day, or its year: an estimate of a year is of its middle, 30 June, as the Office for National Statistics makes them.
"""

from __future__ import annotations

import pandas as pd

from loaders.cells import plain
from loaders.rows import Rows
from loaders.source import Field, Form, Frames, Source, Spoken

CHILDREN = "0-17"
YEARS = (1990, 2100)


def _check(rows: Rows) -> None:
    year = rows.frame["year"]
    middle = pd.to_datetime(year.where(year.between(*YEARS) & (year % 1 == 0)).map("{:.0f}-06-30".format, na_action="ignore"))
    rows.frame = rows.frame.assign(
        observed_on=rows.frame["date"].fillna(middle.astype("datetime64[s]")),
        group_id=rows.frame["group"].map(_group, na_action="ignore").fillna(CHILDREN).astype("str"),
    )  # fmt: skip
    undated = rows.frame["observed_on"].isna().to_numpy() & ~rows.aside
    rows.set_aside(undated, "year", "gives no day: fill in the year in full, or the date of the estimate")
    none = (rows.frame["people"] <= 0).to_numpy() & ~rows.aside
    rows.set_aside(none, "people", "is not a number of people: correct it")


def _group(words: str) -> str:
    """An age group as it is kept: 0-17 for every way to write it."""
    return CHILDREN if plain(words) in ("017", "0to17", "under18", "aged0to17", "ages0to17", "children") else words


def _build(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return {"population": frame}


POPULATION = Source(
    "population",
    "population",
    (
        Form(
            "population",
            "the population of the area",
            (
                Field("group", ("group", "age_group", "group_id"), "text", "column"),
                Field("people", ("people", "population", "population_estimate"), "number", "row"),
                Field("year", ("year", "mid_year"), "number"),
                Field("date", ("date", "observed_on", "estimate_date"), "date", when="past"),
                Field("source", ("source", "source_ref"), "text"),
            ),
            build=_build,
            unique=("group_id", "observed_on"),
            check=_check,
        ),
    ),
)
