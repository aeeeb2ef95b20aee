"""The figures of a month that may be handed to the public, as a workbook: small counts hidden, and whatever they could be worked out from.

    public_book(public_figures(view), "Invented Council", invented=True, produced_at=...) -> the bytes of an .xlsx

Every hidden cell says that it is hidden. Workers are never in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from kpi import DOMAINS, REGISTER
from kpi.breakdown import BREAKDOWNS, as_counted
from kpi.disclosure import SMALLEST
from kpi.model import HOW_MANY, Kpi
from layouts import words
from layouts.public_figures import Public
from layouts.view import named
from layouts.workbook import INVENTED
from layouts.workbook_cells import FIGURE_FORMATS, Column, add_styles, clean, put, set_for_print, table, wall_clock

HIDDEN = "not published"
LEVELS = {"authority": "Whole", "service": "Service", "team": "Team"}
DOMAIN_TITLES = {domain.key: domain.title for domain in DOMAINS}
RULES = (
    f"A count of 1 to {SMALLEST - 1} is hidden, and every figure that rests on it. Zero is shown.",
    (
        "Where a hidden figure could be worked out as the total less the others, further figures are hidden with it, until those hidden "
        "make, taken together, a group that could itself be published. Where that cannot be, all the groups of that total are hidden."
    ),
    (
        "Services and teams are protected together, for a service is the sum of its teams. Each of the other sheets breaks the same whole "
        "down in one way and is protected by itself: two of them share only the whole, so what one hides cannot be worked out from another."
    ),
    (
        "Counts that several measures share, such as the children all of them are about, are hidden in the same places in all of them. "
        "How many there are of a group may be shown where how many of them met something is not."
    ),
    "Figures of workers, how many cases of a service, team or group were left out, and changes since another month are not in this file.",
    (
        "A figure given whole, with no number of people behind it, is not published. Of measures the council has only as figures, only "
        "those of the whole are here."
    ),
    (
        "It protects what is in this one file. Whoever hands out several months, or figures from elsewhere beside these, must look at them "
        "together first."
    ),
)


def public_book(public: Public, org: str, *, invented: bool, produced_at: pd.Timestamp) -> bytes:
    """The workbook: what it is, the figures of the whole, of services and teams, and a sheet for each way to break the whole down."""
    book = Workbook()
    book.remove(book.active)
    add_styles(book)
    month = words.month(public.period)
    _rules(_sheet(book, "Read first", f"Figures fit to publish, {month}", org, invented), org)
    whole = public.figures[public.figures["level"] == "authority"]
    parts = public.figures[public.figures["level"] != "authority"]
    _figures(_sheet(book, "Whole", f"The whole authority, {month}", org, invented), whole, units=False)
    _figures(_sheet(book, "Services and teams", f"Services and teams, {month}", org, invented), parts, units=True)
    for key, groups in public.groups.items():
        title = BREAKDOWNS[key].title
        _groups(_sheet(book, title[:31], f"By {title.lower()}, {month}", org, invented), groups, title)
    book.properties.title = clean(f"Figures fit to publish, {month}: {org}")
    book.properties.keywords = "invented data" if invented else None
    produced = wall_clock(produced_at)
    book.properties.created = book.properties.modified = None if produced is None else produced.to_pydatetime()
    held = BytesIO()
    ExcelWriter(book, ZipFile(held, "w", ZIP_DEFLATED, allowZip64=True)).save()
    return held.getvalue()


def _sheet(book: Workbook, name: str, title: str, org: str, invented: bool) -> Worksheet:
    sheet = book.create_sheet(name)
    put(sheet, 1, 1, title, "title")
    put(sheet, 2, 1, org, "line")
    if invented:
        put(sheet, 3, 1, INVENTED, "flag")
    set_for_print(sheet, f"{org}{'. ' + INVENTED if invented else ''}")
    return sheet


def _rules(sheet: Worksheet, org: str) -> None:
    rules = [Column("What is hidden, and why", 120, lambda rule: rule)]
    table(sheet, 4, rules, list(RULES), nothing="")


def _figures(sheet: Worksheet, rows: pd.DataFrame, *, units: bool) -> None:
    """The figures of a level: measure by measure in the order of the catalogue, units in name order."""
    place = {key: n for n, key in enumerate(_keys())}
    ordered = rows.assign(_kpi=rows["kpi"].map(place), _level=rows["level"].map({level: n for n, level in enumerate(LEVELS)}))
    ordered = ordered.sort_values(["_kpi", "_level", "unit_id"], kind="stable")
    unit = [Column("Level", 12, lambda r: LEVELS[r["level"]], "quiet"), Column("Unit", 26, lambda r: named(r["unit_id"]))]
    last = [
        Column("Status", 16, lambda r: HIDDEN.capitalize() if r["hidden"] else words.STATUS_WORDS.get(r["status"], "")),
        Column("Target", 22, _target),
        *([] if units else [Column("Left out", 14, lambda r: r["left_out"], "quiet")]),
        Column("Why not published", 60, lambda r: r["hidden"], "quiet"),
    ]
    columns = [*_measure(), *(unit if units else []), *_numbers(lambda r: REGISTER[r["kpi"]]), *last]
    table(sheet, 4, columns, ordered.to_dict("records"), nothing="There are no figures for this month.")
    sheet.freeze_panes = "C5"


def _groups(sheet: Worksheet, rows: pd.DataFrame, title: str) -> None:
    columns = [
        *_measure(),
        Column(title, 28, lambda r: f"{r['group'][:1].upper()}{r['group'][1:]}"),
        *_numbers(lambda r: as_counted(REGISTER[r["kpi"]])),
        Column("Why not published", 60, lambda r: r["hidden"], "quiet"),
    ]
    table(sheet, 4, columns, rows.to_dict("records"), nothing="There are no figures for this month.")
    sheet.freeze_panes = "C5"


def _measure() -> list[Column]:
    return [
        Column("Area", 20, lambda r: DOMAIN_TITLES[REGISTER[r["kpi"]].domain], "quiet"),
        Column("Measure", 42, lambda r: REGISTER[r["kpi"]].title, "strong"),
    ]


def _numbers(kpi_of: Any) -> list[Column]:
    """Number, out of and figure; each says so where it is hidden."""

    def number(row: Mapping[str, Any]) -> Any:
        return HIDDEN if row["hidden"] else row["numerator"] if kpi_of(row).measure in ("percent", *HOW_MANY) else None

    def out_of(row: Mapping[str, Any]) -> Any:
        if kpi_of(row).measure == "count":
            return None
        return HIDDEN if row["hidden"] and words.missing(row["denominator"]) else row["denominator"]

    def figure(row: Mapping[str, Any]) -> Any:
        return HIDDEN if row["hidden"] else row["value"]

    return [
        Column("Number", 14, number, "number"), Column("Out of", 14, out_of, "number"),
        Column("Figure", 14, figure, "figure", lambda r: FIGURE_FORMATS[kpi_of(r).measure]),
    ]  # fmt: skip


def _target(row: Mapping[str, Any]) -> str:
    kpi: Kpi = REGISTER[row["kpi"]]
    return "" if words.missing(row["target"]) else words.target_words(row["target"], kpi.better, kpi.measure)


def _keys() -> list[str]:
    return [key for domain in DOMAINS for key, kpi in REGISTER.items() if kpi.domain == domain.key]
