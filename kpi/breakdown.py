"""Who are the children behind a figure? The cases of a KPI by age, sex, ethnicity, disability and whatever else its cohort knows of them.

The groups of a breakdown add up to the whole: a child of whom something is not known is in a group that says so, and is never dropped.
Ethnic groups are those of the Department for Education, Chinese being among Asian.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.cohorts import latest
from kpi.figures import figures_from
from kpi.model import Kpi
from kpi.period import add_months

NOT_KNOWN = "not known"
AGE_BANDS = ("not yet born", "under 1", "1 to 4", "5 to 9", "10 to 15", "16 and 17", "18 and over")
_FROM_YEARS = (0, 1, 5, 10, 16, 18)
ETHNIC_GROUPS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("WBRI", "WIRI", "WIRT", "WOTH", "WROM"), "White"),
        **dict.fromkeys(("MWBC", "MWBA", "MWAS", "MOTH"), "Mixed"),
        **dict.fromkeys(("AIND", "APKN", "ABAN", "AOTH", "CHNE"), "Asian or Asian British"),
        **dict.fromkeys(("BCRB", "BAFR", "BOTH"), "Black or Black British"),
        "OOTH": "Other",
    }
)
SEXES: Mapping[str, str] = MappingProxyType({"male": "Male", "female": "Female", "neither": "Neither", "M": "Male", "F": "Female"})
Groups = Callable[[pd.DataFrame, Tables], pd.Series]


@dataclass(frozen=True)
class Breakdown:
    """One way to break a figure down: its key, its name on the page, its groups in order where they have one, and who is in which."""

    key: str
    title: str
    order: tuple[str, ...]
    group_of: Groups


def broken_down(measure: Kpi, cases: pd.DataFrame, tables: Tables, by: Breakdown, period: pd.Timestamp) -> pd.DataFrame:
    """The figures of one period by group, in order: unit_id (the group), numerator, denominator, left_out and apart as of any figure.

    cases: as `kpi.figures.cases_of` gives them, of that period.
    """
    return summed(measure, with_groups(cases, tables, by), by, period)


def with_groups(cases: pd.DataFrame, tables: Tables, *ways: Breakdown) -> pd.DataFrame:
    """The cases with the group each is in, a column a way (`group_column`), read while the tables are there."""
    groups = {group_column(by): by.group_of(cases, tables).fillna(NOT_KNOWN).replace("", NOT_KNOWN).astype("str") for by in ways}
    return cases.assign(**groups)


def group_column(by: Breakdown) -> str:
    """The column of the cases that names the group of each."""
    return f"by_{by.key}"


def as_counted(measure: Kpi) -> Kpi:
    """The measure its groups are figures of: a rate is broken down as the count it is made of, for no group's population is known."""
    return replace(measure, measure="count") if measure.measure == "rate" else measure


def summed(measure: Kpi, grouped: pd.DataFrame, by: Breakdown, period: pd.Timestamp) -> pd.DataFrame:
    """The figures of cases that have their groups (of those a viewer may see, say), as `broken_down` gives them."""
    found = figures_from(as_counted(measure), grouped.assign(team_id=grouped[group_column(by)]), "team", period)
    place = {name: i for i, name in enumerate(by.order)}
    order = [len(place) + 1 if name == NOT_KNOWN else place.get(name, len(place)) for name in found["unit_id"]]
    return found.assign(_place=order).sort_values(["_place", "unit_id"], kind="stable", ignore_index=True).drop(columns="_place")


def breakdowns_of(measure: Kpi, cases: pd.DataFrame) -> list[Breakdown]:
    """The ways this KPI can be broken down: by what is known of a child only where its cases are children."""
    children = bool(cases["child_id"].notna().any())
    ours = [*(BY_CHILD if children else ()), *BY_UNIT]
    return [*ours, PLAN_CATEGORY] if measure.domain == "protection" and children else ours


def _of_child(column: str, words: Callable[[pd.Series], pd.Series]) -> Groups:
    def group_of(cases: pd.DataFrame, tables: Tables) -> pd.Series:
        child = tables.child.drop_duplicates("child_id", keep="last").set_index("child_id")[column]
        return words(pd.Series(child.reindex(cases["child_id"]).to_numpy(), index=cases.index, dtype=child.dtype))

    return group_of


def _of_unit(column: str) -> Groups:
    return lambda cases, tables: cases[column]


def _age_band(cases: pd.DataFrame, tables: Tables) -> pd.Series:
    child = tables.child.drop_duplicates("child_id", keep="last").set_index("child_id")
    born = child["born_on"].reindex(cases["child_id"]).to_numpy().astype("datetime64[D]")
    expected = child["expected_on"].reindex(cases["child_id"]).to_numpy().astype("datetime64[D]")
    at = cases["period"].to_numpy().astype("datetime64[D]")
    reached = sum(((add_months(born, 12 * years) <= at) for years in _FROM_YEARS), start=np.zeros(len(cases), dtype=np.int64))
    known = ~np.isnat(born)
    unborn = (~known & ~np.isnat(expected)) | (known & (born > at))
    bands = pd.Series(np.array(AGE_BANDS, dtype=object)[np.where(known, reached, 0)], index=cases.index, dtype="str")
    return bands.where(known | unborn)


def _plan_category(cases: pd.DataFrame, tables: Tables) -> pd.Series:
    plans = tables.cp_plan
    at = latest(plans["child_id"], plans["started_on"], cases["child_id"], cases["period"])
    kinds = plans["category_kind"].fillna(plans["initial_category_kind"]).reset_index(drop=True).reindex(at).set_axis(cases.index)
    return kinds.str.replace("_", " ").str.capitalize()


def _flag_words(yes: str, no: str) -> Callable[[pd.Series], pd.Series]:
    def words(flags: pd.Series) -> pd.Series:
        known = flags.astype("boolean")
        return pd.Series(np.select([known.isna(), known.fillna(False).astype(bool)], [NOT_KNOWN, yes], no), index=flags.index, dtype="str")

    return words


BY_CHILD = (
    Breakdown("age", "Age", AGE_BANDS, _age_band),
    Breakdown("sex", "Sex", ("Female", "Male", "Neither"), _of_child("sex_kind", lambda kinds: kinds.map(SEXES))),
    Breakdown(
        "ethnicity", "Ethnic group", ("White", "Mixed", "Asian or Asian British", "Black or Black British", "Other"),
        _of_child("ethnicity_kind", lambda kinds: kinds.map(ETHNIC_GROUPS)),
    ),
    Breakdown("disability", "Disability", ("Disabled", "Not disabled"), _of_child("disabled", _flag_words("Disabled", "Not disabled"))),
    Breakdown(
        "unaccompanied", "Unaccompanied asylum-seeking", ("Unaccompanied", "Not unaccompanied"),
        _of_child("unaccompanied", _flag_words("Unaccompanied", "Not unaccompanied")),
    ),
)  # fmt: skip
BY_UNIT = tuple(Breakdown(level, level.capitalize(), (), _of_unit(f"{level}_id")) for level in ("service", "team", "worker"))
PLAN_CATEGORY = Breakdown("category", "Category of the plan", (), _plan_category)
BREAKDOWNS: Mapping[str, Breakdown] = MappingProxyType({b.key: b for b in (*BY_CHILD, PLAN_CATEGORY, *BY_UNIT)})
