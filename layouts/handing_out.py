"""The commands that write workbooks to hand out: the month's summary for boards, and the figures fit to publish."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from data.settings import user_name
from data.viewer import Viewer
from layouts.opening import month_of, opened, usage, work_out, written

cli = typer.Typer(
    help="Workbooks to hand out.\n\nExample: python app.py export summary --period 2026-05 --out may.xlsx", no_args_is_help=True
)
Period = Annotated[str, typer.Option(help="The month, YYYY-MM.")]
Out = Annotated[Path, typer.Option(help="The file to write, .xlsx.")]


@cli.callback()
def export() -> None:
    """Workbooks to hand out."""


@cli.command("summary")
def export_summary(period: Period, out: Out) -> None:
    """Write the month's Excel summary: status, trends, teams, definitions, targets and what was loaded.

    Example: python app.py export summary --period 2026-05 --out may.xlsx
    """
    from layouts.summary import summary_of  # the pages' own summary, so that page and workbook agree

    of = month_of(period)
    assert of is not None
    store, conf = opened()
    work_out(store, conf.authority)
    viewer = Viewer.local(user_name(), conf.authority)
    written(out, summary_of(store, viewer, conf.authority_title, of, produced_at=pd.Timestamp.now().floor("s")))


@cli.command("public")
def export_public(period: Period, out: Out) -> None:
    """Write the month's figures fit to publish: counts of 1 to 4 hidden, and whatever they could be worked out from. No workers.

    Example: python app.py export public --period 2026-05 --out public.xlsx
    """
    from layouts.public_book import public_book
    from layouts.public_figures import public_figures
    from layouts.view import View

    of = month_of(period)
    assert of is not None
    store, conf = opened()
    work_out(store, conf.authority)
    view = View(store, Viewer.local(user_name(), conf.authority), conf.authority_title, "/", {"period": f"{of:%Y-%m}"})
    if of not in view.periods:
        raise usage(f"there are no figures for {period}: nothing is written")
    written(out, public_book(public_figures(view), view.org, invented=view.invented, produced_at=pd.Timestamp.now().floor("s")))
