"""What a canonical table is: its columns, what each holds, and how any frame is made to conform to it.

Two kinds carry the facts: *events* (`happened_on`) and *episodes* (`started_on`, `ended_on`; empty is open). *Snapshots* say how
something stood on one day (`observed_on`). Ids are text with their leading zeros, dates are days, closed lists are named `..._kind`,
and booleans are statements (`child_seen`) held as nullable booleans: empty means not known, never no.
Nothing here knows a file, a database or a screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pandas as pd

ColumnKind = Literal["id", "text", "code", "date", "flag", "number"]
TableKind = Literal["event", "episode", "snapshot"]

DTYPES: Mapping[ColumnKind, Any] = MappingProxyType(
    {"id": "str", "text": "str", "code": "str", "date": "datetime64[s]", "flag": "boolean", "number": "float64"}
)


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, whether a row means anything without it, and its closed list if it has one."""

    name: str
    kind: ColumnKind
    required: bool = False
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One canonical table. `key` names the columns that make two rows the same fact."""

    name: str
    kind: TableKind
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    says: str

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def empty(self) -> pd.DataFrame:
        return pd.DataFrame({c.name: pd.Series(dtype=DTYPES[c.kind]) for c in self.columns})

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with exactly this table's columns, in order and in type; a column that is not there is empty."""
        out = {}
        for column in self.columns:
            if column.name not in frame:
                out[column.name] = pd.Series(index=frame.index, dtype=DTYPES[column.kind])
                continue
            values = frame[column.name]
            if values.dtype == object and column.kind != "flag":  # what a driver hands back: None where there is nothing
                values = values.where(values.notna(), np.nan)
            elif values.dtype == object:
                values = values.where(values.notna(), None)
            out[column.name] = values.astype(DTYPES[column.kind])
        return pd.DataFrame(out, index=frame.index)


def ident(name: str, required: bool = False) -> Column:
    return Column(name, "id", required)


def day(name: str, required: bool = False) -> Column:
    return Column(name, "date", required)


def flag(name: str) -> Column:
    return Column(name, "flag")


def code(name: str, *codes: str, required: bool = False) -> Column:
    return Column(name, "code", required, codes)


def words(name: str, required: bool = False) -> Column:
    return Column(name, "text", required)


def number(name: str, required: bool = False) -> Column:
    return Column(name, "number", required)


HELD_BY = (ident("team_id"), ident("worker_id"))  # as at that time: performance follows whoever held the duty then
