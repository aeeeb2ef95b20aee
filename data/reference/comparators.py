"""Published comparators: what the Department for Education publishes of England, a region, a council and its statistical neighbours.

The figures that come with Sightline are in published_figures.csv, one row a KPI, area and year; which of the Department's indicators
is which KPI, and how its definition differs from ours, in indicators.csv. What a council's share was worked out from, where that is
published too, is in published_counts.csv. Figures a council loads take their place year by year.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

HERE = Path(__file__).resolve().parent
MODELS: Final = (2021, 2025)
STATISTICS: Final = ("mean", "median")
FEWEST = 6  # of ten neighbours: fewer with a figure stand for too little of the group
BASE: Final = ["kpi", "area", "area_kind", "area_id", "year_from", "year_to", "value", "source", "note", "numerator", "denominator"]
COLUMNS: Final = [*BASE, "model", "statistic", "areas", "label", "unit", "differs"]
ROUNDED: Final = 0.51  # how far a published percentage may lie from what its counts give: some are whole


def published(authority_area: str | None = None, loaded: pd.DataFrame | None = None) -> pd.DataFrame:
    """What a council's figures may be held against, a row a KPI, area and year: `COLUMNS`.

    Without an area: England. With one (its name or ONS code): England, its region, the area itself, and its statistical neighbours of
    2021 and 2025, as unweighted mean and as median of those that have a figure (`areas` says how many; fewer than six are no
    comparison). `loaded`: canonical `published_figure` rows, which take the place of those that come with Sightline. `label` names the
    area and its year; `unit` is percent, rate (per 10,000 children) or mean; `differs` says how the published definition differs from
    ours. `gaps` says in words what there is not for an area.
    """
    if loaded is None or loaded.empty:
        return _of_shipped(authority_area).copy()
    return _of(with_loaded(shipped(), loaded), authority_area)


@cache
def _of_shipped(authority_area: str | None) -> pd.DataFrame:
    return _of(shipped(), authority_area)


def _of(every: pd.DataFrame, authority_area: str | None) -> pd.DataFrame:
    parts = [every[every["area_kind"] == "england"]]
    if (area := area_of(authority_area, every)) is not None:
        parts.append(every[(every["area_kind"] == "region") & (every["area_id"] == area["region_id"])])
        parts.append(every[(every["area_kind"] == "la") & (every["area_id"] == area["area_id"])])
        parts += [_neighbours_together(every, area, model) for model in MODELS]
    return _told(pd.concat(parts, ignore_index=True))


def neighbour_figures(kpi: str, area: str, model: int = 2025, loaded: pd.DataFrame | None = None) -> pd.DataFrame:
    """The single statistical neighbours of an area, and the area itself (`rank` 0), for one KPI: `BASE` and rank, oldest year first.

    `numerator` and `denominator` are what a share was worked out from, empty where only the percentage is published.
    """
    every = with_loaded(shipped(), loaded)
    found = area_of(area, every)
    if found is None:
        return every.head(0).assign(rank=pd.Series(dtype="int64"))
    near = neighbours(area, model).set_index("neighbour_id")["rank"]
    near.loc[found["area_id"]] = 0
    rows = every[(every["kpi"] == kpi) & (every["area_kind"] == "la") & every["area_id"].isin(near.index)]
    return rows.assign(rank=rows["area_id"].map(near).astype("int64")).sort_values(["year_to", "rank"], ignore_index=True)


def neighbours(area: str, model: int = 2025) -> pd.DataFrame:
    """The statistical neighbours of an area, closest first: neighbour_id, neighbour, rank. Empty where they are not held."""
    found = area_of(area)
    rows = _read("neighbours.csv")
    own = rows[(rows["area_id"] == (found["area_id"] if found else "")) & (rows["model"] == str(model))]
    return own.assign(rank=own["rank"].astype("int64"))[["neighbour_id", "neighbour", "rank"]].sort_values("rank", ignore_index=True)


def with_loaded(rows: pd.DataFrame, loaded: pd.DataFrame | None) -> pd.DataFrame:
    """The shipped figures with loaded ones beside them or in their place: the same KPI, area and year is one figure, the loaded one.

    A loaded figure that the Department hides or does not have (`flag_kind`) takes the shipped one away: it is never a nought.
    """
    if loaded is None or loaded.empty:
        return rows
    keys = set(indicators()["kpi"])
    ours = loaded[loaded["indicator"].isin(keys) & loaded["area_kind"].isin(["england", "region", "la"])]
    new = pd.DataFrame(
        {
            "kpi": ours["indicator"], "area": ours["area"].fillna(ours["area_id"]), "area_kind": ours["area_kind"],
            "area_id": ours["area_id"], "year_from": ours["year_from_on"], "year_to": ours["year_to_on"], "value": ours["value"],
            "source": ours["source"], "note": ours["indicator"].map(indicators().set_index("kpi")["note"]),
            "numerator": ours["numerator"], "denominator": ours["denominator"],
        }
    )  # fmt: skip
    given = 100 * new["numerator"] / new["denominator"].where(new["denominator"] > 0)
    agree = ((given - new["value"]).abs() <= ROUNDED).fillna(False)
    new[["numerator", "denominator"]] = new[["numerator", "denominator"]].where(agree)
    both = pd.concat([rows, new], ignore_index=True).drop_duplicates(["kpi", "area_id", "year_to"], keep="last")
    return both[both["value"].notna()].reset_index(drop=True)


@cache
def shipped() -> pd.DataFrame:
    """Every figure that comes with Sightline: `BASE`."""
    rows = _read("published_figures.csv")
    for column in ("year_from", "year_to"):
        rows[column] = pd.to_datetime(rows[column], format="%Y-%m-%d").astype("datetime64[s]")
    counts = _read("published_counts.csv")
    counts["year_to"] = pd.to_datetime(counts["year_to"], format="%Y-%m-%d").astype("datetime64[s]")
    rows = rows.assign(value=rows["value"].astype("float64")).merge(counts, on=["kpi", "area_id", "year_to"], how="left")
    return rows.astype({"numerator": "float64", "denominator": "float64"})[BASE]


@cache
def indicators() -> pd.DataFrame:
    """The Department's indicators that a KPI of ours is compared with: code, kpi, unit, year_ends, note, differs."""
    return _read("indicators.csv")


def area_of(name: str | None, rows: pd.DataFrame | None = None) -> dict[str, str] | None:
    """A council by its name or ONS code, however it is written: area_id, area, region_id, region. None where none is given.

    `rows`: figures, in which a council is looked for that areas.csv does not have; its region is then not known. One that is nowhere
    keeps the words it is given; `gaps` says so.
    """
    wanted = _plain(name or "")
    if not wanted:
        return None
    known = _read("areas.csv")
    if rows is not None:
        councils = rows.loc[rows["area_kind"] == "la", ["area_id", "area"]].drop_duplicates("area_id")
        known = pd.concat([known, councils[~councils["area_id"].isin(known["area_id"])]], ignore_index=True).fillna("")
    found = known[(known["area"].map(_plain) == wanted) | (known["area_id"].str.casefold() == wanted)]
    if found.empty:
        written = str(name).strip()
        return {"area_id": written, "area": written, "region_id": "", "region": ""}
    return {str(column): str(value) for column, value in found.iloc[0].items()}


def gaps(authority_area: str | None, loaded: pd.DataFrame | None = None) -> tuple[str, ...]:
    """What cannot be compared with, in words, one sentence each; none where all is there."""
    every = with_loaded(shipped(), loaded)
    area = area_of(authority_area, every)
    if area is None:
        return ("No area is set, so figures are compared with England only: set SIGHTLINE_AREA to the council's name.",)
    name, says = area["area"], list[str]()
    if not ((every["area_kind"] == "la") & (every["area_id"] == area["area_id"])).any():
        known = ", ".join(_read("areas.csv")["area"])
        says.append(
            f"No published figures of “{name}” are held: correct SIGHTLINE_AREA, or load the Department's file that has the council. "
            f"Those that come with Sightline are of {known}."
        )
    if not area["region"]:
        says.append(f"The region of “{name}” is not known, so there is no regional figure.")
    elif not ((every["area_kind"] == "region") & (every["area_id"] == area["region_id"])).any():
        says.append(f"No published figures of {area['region']} are held: load the Department's file.")
    says += [f"The statistical neighbours of “{name}” ({m} model) are not held." for m in MODELS if neighbours(area["area_id"], m).empty]
    return tuple(says)


def _neighbours_together(every: pd.DataFrame, area: dict[str, str], model: int) -> pd.DataFrame:
    """The mean and the median of an area's neighbours, a row a KPI, year and statistic; a neighbour without a figure is left out.

    A year in which fewer than `FEWEST` have one is left out too.
    """
    near = set(neighbours(area["area_id"], model)["neighbour_id"])
    rows = every[(every["area_kind"] == "la") & every["area_id"].isin(near)]
    by = ["kpi", "year_from", "year_to"]
    together = rows.groupby(by, as_index=False).agg(
        mean=("value", "mean"), median=("value", "median"), areas=("value", "size"), source=("source", "first"), note=("note", "first")
    )
    together = together[together["areas"] >= FEWEST]
    out = together.melt([*by, "areas", "source", "note"], list(STATISTICS), "statistic", "value")
    return out.assign(
        area=f"Statistical neighbours of {area['area']}", area_kind="statistical_neighbours", area_id=area["area_id"], model=str(model)
    )


def _told(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with their label, unit and difference of definition."""
    known = indicators().set_index("kpi")
    rows = rows.reindex(columns=COLUMNS).astype({"model": "str", "statistic": "str"})
    rows = rows.assign(unit=rows["kpi"].map(known["unit"]), differs=rows["kpi"].map(known["differs"]))
    together = rows["statistic"].notna()
    count = rows["areas"].where(together, 0).astype("int64").astype("str")
    of = rows["area"].where(~together, rows["area"] + " (" + rows["model"] + " model), " + rows["statistic"] + " of " + count)
    return rows.assign(label=of + ", year to " + rows["year_to"].dt.strftime("%B %Y"))


def _plain(name: str) -> str:
    """A council's name as compared: "&" is and, and "council", "county council" and the like say nothing."""
    words = [word for word in name.casefold().replace("&", " and ").replace(",", " ").split() if word not in ("council", "county")]
    return " ".join(words)


def _read(name: str) -> pd.DataFrame:
    """A fresh copy each time: what is handed out may be changed without harm."""
    return _held(name).copy()


@cache
def _held(name: str) -> pd.DataFrame:
    return pd.read_csv(HERE / name, dtype="str", keep_default_na=False)
