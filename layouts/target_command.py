"""The command that lists targets."""

from __future__ import annotations

from typing import Annotated

import typer

import kpi
from data.settings import user_name
from data.viewer import Viewer
from layouts.opening import kpi_of, opened
from layouts.terminal import Format, show, target_rows


def targets(
    key: Annotated[str | None, typer.Option("--kpi", help="A KPI's key. Default: all.")] = None,
    format: Annotated[Format, typer.Option("--format", help="json, csv or table.", case_sensitive=False)] = Format.table,
) -> None:
    """List every dated target: where it came from, whether it holds, and for those set here by whom and when.

    Example: python app.py targets --kpi cp_visits_in_time --format json
    """
    store, conf = opened()
    if key is not None:
        kpi_of(key)
    set_here = store.targets_set(Viewer.local(user_name(), conf.authority))[["id", "made_by", "made_at"]]
    rows = store.target_rows(conf.authority).merge(set_here, on="id", how="left")
    rows = rows.assign(known=rows["kpi"].isin(list(kpi.REGISTER)))
    show(target_rows(rows if key is None else rows[rows["kpi"] == key]), format, "No target is set.")
