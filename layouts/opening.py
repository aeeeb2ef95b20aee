"""What every command starts from: the settings of this process, its council's own measures, its store, its figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import typer

import kpi
from data.reference.declared import Undeclared, measures
from data.settings import Settings, settings
from data.store import Store, Unreachable
from kpi import figures as reading_off
from kpi import surgery
from kpi.measures import Undeclarable, declare
from kpi.period import month_end, parse_month
from layouts.terminal import progress


def opened() -> tuple[Store, Settings]:
    """The store of this process, and its settings. First of all the measures the council has only as figures are put in the register."""
    try:
        conf = settings()
        declare(measures(conf.authority, conf.measures))
        return Store(conf.database_url), conf
    except Undeclarable as error:
        raise usage(f"{conf.measures or 'data/reference/measures.csv'}: {error}") from None
    except (Undeclared, Unreachable, ValueError) as error:
        raise usage(str(error)) from None


def work_out(store: Store, authority: str) -> None:
    """Bring the figures up to date with what is held, and hold every commitment against it; nothing to do when nothing changed."""
    version, worked_out = store.version(authority)
    if version != worked_out:
        progress(0, 0, "working the figures out")
        store.work_out(authority, reading_off.all_figures)
        store.surgeries.check(authority, surgery.check_all)


def kpi_of(key: str) -> kpi.Kpi:
    """The KPI of a key; the command was not understood where there is none. Asked once the store is open, and all measures declared."""
    if key not in kpi.REGISTER:
        raise usage(f"there is no KPI called {key!r}. There are: {', '.join(kpi.REGISTER)}")
    return kpi.REGISTER[key]


def month_of(text: str | None) -> pd.Timestamp | None:
    """The month end of 2026-05; nothing for nothing."""
    try:
        return None if text is None else parse_month(text)
    except ValueError as error:
        raise usage(str(error)) from None


def day_of(text: str) -> date:
    """The day of 2026-05-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise usage(f"{text!r} is not a day: write it as YYYY-MM-DD, for example {month_end(pd.Timestamp(2026, 5, 1)):%Y-%m-%d}") from None


def written(out: Path, content: bytes) -> None:
    """Write a file, and say so."""
    try:
        out.write_bytes(content)
    except OSError as error:
        raise usage(f"{out} cannot be written: {error.strerror}") from None
    typer.echo(f"{out} is written.")


def usage(says: str) -> typer.BadParameter:
    """What is wrong with how a command was given: exit code 2."""
    return typer.BadParameter(says)
