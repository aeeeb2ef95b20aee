"""What does the council know only as a figure? Measures with no cases behind them: legal spend, attendance, children missing education.

They are declared as rows (data/reference/measures.csv, or a council's own file), not as functions, and put into the register beside the
others: each then has its target, trend, signal, commentary, export and place in the catalogue as any KPI has. Its figures are those of
`measure_value`, by unit and month, as the council gives them:

    percent, mean, days   a numerator and a denominator; a row that gives only their result is not used, and its month says so
    count                 how many, as the numerator or the value
    value                 a figure given whole, or as a numerator over a denominator: with no number of cases, it is never "few cases"

Nothing is added up, shared out or guessed: the whole's figure is the one given for the whole, a month without a row has no data, and a
figure that came hidden (<5, c, x) stays hidden, whichever part of it was, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

import numpy as np
import pandas as pd

from data.tables import Tables
from kpi.brought_by import brings
from kpi.figures import FIGURE_COLUMNS
from kpi.model import CASE_COLUMNS, DOMAINS, REGISTER, Basis, Better, Kpi, Measure
from kpi.shapes import as_cases

NO_LIST = "The council has only the figures of this measure, so there is no list of cases."
ONLY_THE_RESULT = "only the result is given, and a figure of this kind needs its numerator and denominator"
NO_SHARE = "the numerator given is no part of the denominator given, so one of the two is wrong"
HIDDEN = "hidden in the extract"
MEASURES: tuple[Measure, ...] = ("percent", "mean", "days", "count", "value")
BETTER: Mapping[str, Better | None] = {"higher": "higher", "lower": "lower", "": None}
BASES = ("stock", "in_period")
TABLE = "measure_value"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NEEDED = ("key", "title", "measure", "domain", "source", "noun", "did", "basis")


class Undeclarable(ValueError):
    """A row that declares no measure. The message says which, what is wrong with it and what to do."""


def declare(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Put figure-only measures into the register; all of them or none. Returns their keys.

    rows: key, title, measure, better, domain, source, noun, did, basis, definition (may be empty), as text. The same row again changes
    nothing, so that every process and command may call this first. Raises Undeclarable where a row is wrong or its key is another's.
    """
    made = [_kpi({name: _text(value) for name, value in row.items()}) for row in rows]
    seen: dict[str, Kpi] = {}
    for kpi in made:
        held = seen.get(kpi.key) or REGISTER.get(kpi.key)
        if held is not None and not _same(held, kpi):
            raise Undeclarable(f"{kpi.key}: another measure has this key already ({held.title}): give this one another key")
        seen[kpi.key] = kpi
    for key, kpi in seen.items():
        REGISTER.setdefault(key, kpi)
    return tuple(seen)


def undeclare(keys: Iterable[str]) -> None:
    """Take figure-only measures out of the register again; those with cases stay."""
    for key in keys:
        if key in REGISTER and REGISTER[key].given is not None:
            del REGISTER[key]


def given_figures(tables: Tables, key: str, measure: Measure) -> pd.DataFrame:
    """Every figure given of one measure: FIGURE_COLUMNS, by level, unit and month; a hidden one has no numbers and a note."""
    rows = tables.once(f"figures given of {key}", lambda: _figures(tables.measure_value, key, measure))
    return cast(pd.DataFrame, rows)


def _figures(values: pd.DataFrame, key: str, measure: Measure) -> pd.DataFrame:
    rows = values[values["measure"] == key]
    top, bottom, result = (rows[name].to_numpy(dtype="float64", na_value=np.nan) for name in ("numerator", "denominator", "value"))
    if measure == "count":
        top, bottom = np.where(np.isnan(top), result, top), np.ones(len(rows))
    elif measure == "value":
        whole = np.isnan(top) | np.isnan(bottom)
        top, bottom = np.where(whole, result, top), np.where(whole, 1.0, bottom)
    known = ~np.isnan(top) & ~np.isnan(bottom)
    wrong = known & ((bottom < 0) | ((measure == "percent") & ((top < 0) | (top > bottom))))
    flag = rows["flag_kind"].fillna("").astype("str")
    note = np.select([wrong, known, (flag != "").to_numpy()], [NO_SHARE, "", f"{HIDDEN}: " + flag], ONLY_THE_RESULT)
    shown = known & ~wrong
    period = pd.to_datetime(rows["observed_on"]) + pd.offsets.MonthEnd(0)
    out = pd.DataFrame(
        {
            "kpi": key, "period": period.astype("datetime64[s]"), "level": rows["level_kind"].astype("str"),
            "unit_id": rows["unit_id"].where(rows["level_kind"] != "authority").fillna("").astype("str"),
            "numerator": np.where(shown, top, np.nan), "denominator": np.where(shown, bottom, np.nan),
            "left_out": [{} for _ in range(len(rows))], "apart": [{} for _ in range(len(rows))], "note": note,
        }
    )  # fmt: skip
    return out.sort_values(["level", "unit_id", "period"], kind="stable", ignore_index=True)[list(FIGURE_COLUMNS)]


def _kpi(row: Mapping[str, str]) -> Kpi:
    key = row.get("key", "")
    if not _KEY.fullmatch(key):
        raise Undeclarable(f"“{key[:40]}” is not a key: begin with a small letter; then small letters, digits and _ only, up to 64")
    missing = [name for name in _NEEDED if not row.get(name)]
    if missing:
        raise Undeclarable(f"{key}: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} empty: fill in")
    measure = _one_of(row, key, "measure", MEASURES)
    better = BETTER[_one_of(row, key, "better", tuple(BETTER))]
    domain = _one_of(row, key, "domain", tuple(domain.key for domain in DOMAINS))
    basis = _one_of(row, key, "basis", BASES)
    definition = row.get("definition", "") or f"{row['title']}, as the council itself works it out."
    return Kpi(
        key=key, title=row["title"], domain=domain, measure=cast(Measure, measure), better=better, basis=cast(Basis, basis),
        noun=row["noun"], did=row["did"], method="As the council gives it, month by month", needs=(TABLE,), sources=row["source"],
        definition=f"{definition}\n\n{NO_LIST} A month that is not given has no figure, and one that came hidden stays hidden.",
        cases_of=_no_cases, brought_by=brings([TABLE]), cannot="An extract of cases: the council counts it elsewhere",
        given=lambda tables: given_figures(tables, key, cast(Measure, measure)),
    )  # fmt: skip


def _no_cases(tables: Tables, periods: pd.DatetimeIndex) -> pd.DataFrame:
    return as_cases(pd.DataFrame(columns=list(CASE_COLUMNS)))


def _one_of(row: Mapping[str, str], key: str, name: str, known: tuple[str, ...]) -> str:
    if row.get(name, "") not in known:
        listed = ", ".join(word or "nothing" for word in known)
        raise Undeclarable(f"{key}: {name} is “{row.get(name, '')[:40]}”: write one of {listed}")
    return row.get(name, "")


def _same(one: Kpi, other: Kpi) -> bool:
    """Whether two declarations say the same: all but the functions, which are made anew each time."""
    words = ("key", "title", "domain", "measure", "better", "basis", "noun", "did", "sources", "definition")
    return one.given is not None and all(getattr(one, name) == getattr(other, name) for name in words)


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()
