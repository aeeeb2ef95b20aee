"""The command that lists the improvement plan, and writes it as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from data.records import Unfit
from data.settings import user_name
from data.store import Store
from data.viewer import Viewer
from kpi.plan import update_clock
from layouts.opening import day_of, opened, usage, work_out, written
from layouts.terminal import Format, show

PRINTED = (
    "action_id", "recommendation_id", "text", "lead", "due_on", "status_kind", "rag_kind", "updated_on", "next_update_on", "days_late",
    "origin",
)  # fmt: skip


def plan(
    day: Annotated[str | None, typer.Option(help="The plan as it stood on this day, YYYY-MM-DD. Default: as it stands.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write it to this file, .xlsx, instead of listing it.")] = None,
    restore: Annotated[
        Path | None, typer.Option(help="Bring back the updates, stages and details of such a workbook. Load its actions first.")
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="json, csv or table.", case_sensitive=False)] = Format.table,
) -> None:
    """List the actions of the improvement plan and when each is next to be updated, or write the plan as a workbook.

    The workbook's first sheet is in the layout the plan is loaded in: `python app.py load FILE` reads it back, and `--restore FILE`
    what people wrote of it.

    Example: python app.py plan --out plan_actions_2026-05-31.xlsx
    """
    from layouts.plan_book import plan_book

    store, conf = opened()
    viewer, on = Viewer.local(user_name(), conf.authority), None if day is None else pd.Timestamp(day_of(day)).as_unit("s")
    if restore is not None:
        _restore(store, viewer, restore)
        return
    if out is not None:
        written(out, plan_book(store, viewer, conf.authority_title, on=on, invented=store.invented(conf.authority)))
        return
    actions, as_at = store.plan.actions(viewer, on=on), on or store.plan.as_at(viewer)
    if as_at is None or actions.empty:
        show(pd.DataFrame(columns=list(PRINTED)), format, "There is no improvement plan on that day." if day else "There is no plan yet.")
        return
    clock = update_clock(actions, store.plan.tables(conf.authority), as_at)
    rows = actions.assign(next_update_on=clock["due_on"], days_late=clock["days_late"].astype("Int64"))
    days = {name: rows[name].dt.strftime("%Y-%m-%d") for name in ("due_on", "updated_on", "next_update_on")}
    plain = rows.assign(**days)[list(PRINTED)].astype("object")
    show(plain.where(plain.notna(), None), format, "There is no plan yet.")


def _restore(store: Store, viewer: Viewer, path: Path) -> None:
    """Bring back what people wrote, and say how much of it."""
    from layouts.plan_book import read_for_people

    if not path.is_file():
        raise usage(f"{path}: there is no such file")
    try:
        done = store.plan.restore(viewer, *read_for_people(path))
    except Unfit as unfit:
        raise usage(str(unfit)) from None
    work_out(store, viewer.authority)
    typer.echo(f"Brought in: {done.updates} updates, {done.stages} stages, details of {done.details} actions.")
    typer.echo(f"Held already: {done.held_already}. Of no action in the plan, so left out: {done.of_no_action}.")
