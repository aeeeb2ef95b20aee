"""What files of targets, standards and figures share: whose rows they are, and how a measure is written in them."""

from __future__ import annotations

import pandas as pd

from data.records import Unfit, fit_kpi
from data.settings import settings
from loaders.cells import plain
from loaders.rows import Rows
from loaders.source import Field

AUTHORITY = Field("authority", ("authority", "council", "local_authority"), "text")


def set_others_aside(rows: Rows) -> None:
    """A row may leave its authority empty; where it names one, it must be this one: by its code, its title or its area."""
    conf = settings()
    ours = {plain(name) for name in (conf.authority, conf.authority_title, conf.area) if name}
    said = rows.frame["authority"]
    others = said.notna() & ~said.fillna("").map(plain).isin(ours)
    says = f"is not the authority loaded here (“{conf.authority}”, {conf.authority_title}): correct it, or leave it empty"
    rows.set_aside(others.to_numpy() & ~rows.aside, "authority", says)


def measure_key(words: str) -> str:
    """A KPI's key as a file may write it: any case, with spaces or dashes."""
    return words.casefold().replace("-", "_").replace(" ", "_")


def unfit_keys(measures: pd.Series) -> list[str]:
    """The different wordings in a column that could not be the key of a measure."""
    return [words for words in measures.dropna().unique() if _unfit(words)]


def _unfit(words: str) -> bool:
    try:
        return not fit_kpi(words)
    except Unfit:
        return True
