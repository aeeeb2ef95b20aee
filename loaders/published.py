"""Figures the Department for Education publishes: a file of Explore Education Statistics as it is downloaded, or a plain table of figures.

`FIGURES` says which columns, and which rows where a file has several to an area, are which of the Department's indicators, and
data/reference/indicators.csv which of those a KPI is compared with. A figure the Department hides (c, low, x, z, u, k) is kept as hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data import reference
from data.reading import Problem, Refused
from loaders.codes import codes
from loaders.marked import marked
from loaders.rows import Rows
from loaders.source import Field, Form, Frames, Source, Spoken

DEPARTMENT = "Department for Education, Open Government Licence v3.0"
AREA_KIND = codes("""
    england = national | country
    region = regional
    la = local authority | local authority district | council
    neighbours = sn_mean_2021 | sn_median_2021 | sn_mean_2025 | sn_median_2025 | statistical_neighbours
""", not_known="")  # fmt: skip
YEARS = ("reporting year", "financial year", "")
YEAR = r"(?:19|20)\d{2}"


@dataclass(frozen=True)
class Figure:
    """One indicator in a file of Explore Education Statistics.

    `value`: the column that holds it; without one it is 100 x the sum of `numerator` over `denominator`, to one decimal.
    `where`: the rows that hold it, by what the file's own breakdown columns say.
    """

    code: str
    value: str = ""
    numerator: tuple[str, ...] = ()
    denominator: str = ""
    where: Mapping[str, str] = field(default_factory=dict)


IN_CARE = {"cla_group": "CLA on 31 March", "placement_stability": "With 3 or more placements during the year"}
SETTLED = {
    "cla_group": "Children looked after continuously for at least 2.5 years on 31 March aged under 16 years",
    "placement_stability": "Living with the same carer for at least 2 years",
}
LEFT_CARE = {"care_leaver_age": "19 to 21 years"}
FIGURES = (
    Figure("RR", "rereferral_percent", ("rereferral_count",), "referral_count"),
    Figure("REF_NFA", "no_further_action_percent", ("no_further_action_count",), "referral_count"),
    Figure("ICPC15", "", ("Duration_0-10_days", "Duration_11-15_days"), "ICPC"),
    Figure("CPP_REPEAT", "CPP_subsequent_percent", ("CPP_subsequent",), "CPP_start"),
    Figure("CPP_2Y_OPEN", "2_years_or_more_percent", ("2_years_or_more",), "CPP_At31"),
    Figure("CLA_3PLUS", "children_percent", ("children_count",), where=IN_CARE),
    Figure("CLA_2Y_STABLE", "children_percent", ("children_count",), where=SETTLED),
    Figure(
        "CL_EET", "care_leaver_percent", ("care_leaver_count",),
        where={**LEFT_CARE, "breakdown": "Total in education, employment or training"},
    ),
    Figure(
        "CL_ACCOM", "care_leaver_percent", ("care_leaver_count",), where={**LEFT_CARE, "breakdown": "Accommodation considered suitable"}
    ),
    Figure("SW_TURNOVER", "turnover_rate_fte", ("leavers_fte",), "inpost_fte"),
    Figure("SW_VACANCY", "vacancy_rate_fte", ("vacancy_fte",)),
    Figure("SW_AGENCY", "agency_rate_fte", ("agency_fte",)),
    Figure("SW_CASELOAD", "caseload_fte", ("cases",), "case_holders_fte"),
)  # fmt: skip
EARLIER = {  # as files of the releases to 2024 call it
    "care_leaver_age": "age", "breakdown": "accommodation_suitability", "care_leaver_count": "number", "care_leaver_percent": "percentage",
}  # fmt: skip
FILTERS = ("cla_group", "placement_stability", "care_leaver_age", "breakdown")
COLUMNS = tuple(dict.fromkeys(c for f in FIGURES for c in (f.value, *f.numerator, f.denominator) if c))


def _figures(frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each figure a file of Explore Education Statistics holds: indicator, value, numerator, denominator, flag_kind."""
    parts = []
    for figure in FIGURES:
        rows = frame
        for column, words in figure.where.items():
            rows = rows[rows[column].fillna("").str.casefold() == words.casefold()]
        counts = [marked(rows[column]) for column in figure.numerator]
        numerator = sum((part.value for part in counts[1:]), start=counts[0].value)
        denominator = marked(rows[figure.denominator]).value if figure.denominator else pd.Series(np.nan, index=rows.index)
        if figure.value:
            value, mark, _ = marked(rows[figure.value])
        else:
            marks = [*(part.mark for part in counts), marked(rows[figure.denominator]).mark]
            value, mark = (100 * numerator / denominator.where(denominator > 0)).round(1), pd.concat(marks, axis=1).bfill(axis=1).iloc[:, 0]
        some = value.notna() | mark.notna()
        read = rows.assign(code=figure.code, value=value, numerator=numerator, denominator=denominator, flag_kind=mark.astype("str"))
        parts.append(read[some])
    return pd.concat(parts, ignore_index=True)


def _check_download(rows: Rows) -> None:
    if not any(column in rows.found.columns for column in COLUMNS):
        raise Refused(
            f"{rows.file}: it is a file of Explore Education Statistics, but none of its columns is a figure a KPI is compared with. "
            f"Those that are: {', '.join(COLUMNS)}."
        )
    years = rows.frame["time_period"].str.extract(rf"^({YEAR})(\d{{2}})?$")
    year = pd.to_numeric(years[0], errors="coerce")
    year = year.where(years[1].isna(), year + 1)
    of = rows.frame["time_identifier"].fillna("").str.casefold()
    rows.frame = rows.frame.assign(year=year.where(of.isin(YEARS)))
    _check_years(rows, "time_period")
    area = rows.frame["area_kind"]
    ids = rows.frame["la_id"].where(area == "la", rows.frame["region_id"].where(area == "region", rows.frame["country_id"]))
    names = rows.frame["la"].where(area == "la", rows.frame["region"].where(area == "region", rows.frame["country"]))
    rows.frame = rows.frame.assign(area_id=ids, area=names)
    rows.set_aside(ids.isna().to_numpy() & ~rows.aside, "area_kind", "names no area: fill in its code")
    holds = rows.frame.index.isin(_figures(rows.frame.assign(at=rows.frame.index))["at"])
    _leave_out(rows, ~holds, "hold no figure a KPI is compared with: they are other breakdowns")


def _check_table(rows: Rows) -> None:
    read = marked(rows.frame["value"])
    year = pd.to_numeric(rows.frame["period"].str.extract(rf"^({YEAR})$")[0], errors="coerce")
    source = rows.frame["source"].fillna(DEPARTMENT)
    rows.frame = rows.frame.assign(value=read.value, flag_kind=read.mark, year=year, numerator=np.nan, denominator=np.nan, source=source)
    _check_years(rows, "period")
    rows.set_aside(read.neither.to_numpy() & ~rows.aside, "value", "is neither a figure nor a mark for a hidden one: correct it")
    together = (rows.frame["area_kind"] == "neighbours").to_numpy()
    _leave_out(rows, together, "are means or medians of neighbours, which are worked out here from the councils' own rows")
    _leave_out(rows, (rows.frame["value"].isna() & rows.frame["flag_kind"].isna()).to_numpy(), "hold no figure")


def _check_years(rows: Rows, column: str) -> None:
    undated = rows.frame["year"].isna().to_numpy() & ~rows.aside
    rows.set_aside(undated, column, "is not a year that ends in March or September: write it as 2025")


def _leave_out(rows: Rows, mask: np.ndarray, says: str) -> None:
    """Rows that are not wrong, only not of use here: counted and said once."""
    mask = mask & ~rows.aside
    if mask.any():
        rows.aside |= mask
        rows.problems.append(Problem(f"{int(mask.sum()):,} rows {says}. They were left out.", "set_aside", rows.sheet))


def _build_download(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    return _build_table(_figures(frame).assign(source=DEPARTMENT), spoken)


def _build_table(frame: pd.DataFrame, spoken: Spoken) -> Frames:
    """The Department's years end on 31 March, those of the workforce on 30 September."""
    known = reference.indicators().set_index("code")
    year = frame["year"].astype("int64")
    autumn = (frame["code"].map(known["year_ends"]) == "30 September") | frame["code"].str.startswith("SW_")
    ends = pd.to_datetime(year.astype("str") + np.where(autumn, "-09-30", "-03-31"))
    begins = ends - pd.DateOffset(years=1) + pd.Timedelta(days=1)
    indicator = frame["code"].map(known["kpi"]).fillna(frame["code"])
    return {"published_figure": frame.assign(indicator=indicator, year_to_on=ends, year_from_on=begins)}


PUBLISHED = Source(
    "published_figures",
    "published figures",
    (
        Form(
            "published_download",
            "a file of Explore Education Statistics",
            (
                Field("time_period", ("time_period",), "text", "row"),
                Field("time_identifier", ("time_identifier",), "text", "column"),
                Field("area_kind", ("geographic_level",), "code", "row", codes=AREA_KIND),
                Field("country_id", ("country_code",), "id", "column"),
                Field("country", ("country_name",), "text"),
                Field("region_id", ("region_code",), "id"),
                Field("region", ("region_name",), "text"),
                Field("la_id", ("new_la_code",), "id"),
                Field("la", ("la_name",), "text"),
                Field("old_la_code", ("old_la_code",), "unused"),
                *(Field(name, (name, *([EARLIER[name]] if name in EARLIER else [])), "text") for name in (*FILTERS, *COLUMNS)),
            ),
            build=_build_download,
            check=_check_download,
        ),
        Form(
            "published_table",
            "a table of published figures",
            (
                Field("code", ("indicator_code",), "text", "row"),
                Field("indicator", ("indicator",), "unused"),
                Field("area_kind", ("area_type",), "code", "row", codes=AREA_KIND),
                Field("area_id", ("area_code",), "id", "row"),
                Field("area", ("area",), "text"),
                Field("period", ("period",), "text", "row"),
                Field("value", ("value",), "text", "column"),
                Field("unit", ("unit",), "unused"),
                Field("source", ("source",), "text"),
            ),
            build=_build_table,
            check=_check_table,
        ),
    ),
)
