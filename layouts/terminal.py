"""What the command line prints: tables, and how far it has come. Apart from the pages, so that no command waits for Dash to start."""

from __future__ import annotations

import json
import sys
from enum import StrEnum

import pandas as pd
import typer


class Format(StrEnum):
    json = "json"
    csv = "csv"
    table = "table"


def progress(done: int, total: int, name: str) -> None:
    """Progress goes to standard error, so that what is printed can be piped."""
    if sys.stderr.isatty() or total == 0 or done == total or done % 20 == 0:
        typer.echo(f"[{done}/{total}] {name}" if total else name, err=True)


def show(rows: pd.DataFrame, format: Format, none: str) -> None:
    """Print rows for a person or a script; `none` is said where there are no rows and a person asked."""
    if format is Format.json:
        records = [
            {k: None if (isinstance(v, float) and pd.isna(v)) or v is pd.NA else v for k, v in r.items()} for r in rows.to_dict("records")
        ]
        typer.echo(json.dumps(records, indent=1, ensure_ascii=False, default=str))
    elif format is Format.csv:
        nested = [c for c in ("left_out", "apart") if c in rows and any(isinstance(value, dict) for value in rows[c])]
        flat = rows.assign(**{c: rows[c].map(json.dumps) for c in nested})
        typer.echo(flat.to_csv(index=False), nl=False)
    elif rows.empty:
        typer.echo(none)
    else:
        typer.echo(rows.to_string(index=False, na_rep="", max_colwidth=70))


def target_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Targets as rows to print: kpi, since, green, amber, by, set_by, source, note, origin, holds (another of the same day may), id,
    made_by, made_at (of those set here), known (whether there is a measure of that key). What is not there is empty."""
    days = {name: rows[name].dt.strftime("%Y-%m-%d") for name in ("since", "by")}
    plain = rows.assign(**days, made_at=rows["made_at"].dt.strftime("%Y-%m-%d %H:%M")).astype("object")
    return plain.where(plain.notna(), None)


def load_rows(held: pd.DataFrame) -> pd.DataFrame:
    """The loads as printed: number, status, file, source, days, who, and how many rows and problems."""
    rows = held.assign(
        status=held["withdrawn_at"].notna().map({True: "withdrawn", False: "held"}), as_at=held["as_at"].dt.strftime("%Y-%m-%d"),
        loaded_at=held["loaded_at"].dt.strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip
    return rows[
        [
            "batch_id", "status", "file", "source", "as_at", "loaded_at", "loaded_by", "rows_in", "rows_new", "rows_unchanged",
            "rows_set_aside", "problems",
        ]
    ]  # fmt: skip
