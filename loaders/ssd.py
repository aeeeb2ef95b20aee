"""Data to Insight's Standard Safeguarding Dataset, straight from the database it is kept in.

Its tables (`ssd_person`, `ssd_cp_plans`, ...) are read whole; each becomes a sheet whose rows are typed and checked like any extract's, and
a problem names the table and which of its rows, counted in the order of its ids. Not in the standard, so not read from it: supervision,
audits, escalations, homelessness, training, core groups, when proceedings were issued, and how many cases a worker holds today.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from data.reading import Problem, Reading, Refused
from loaders.as_at import AsAt, latest_of
from loaders.database import Database, opened
from loaders.grid import Grid
from loaders.headings import Found
from loaders.read import check_rows, happened_days, put_together
from loaders.rows import Rows
from loaders.source import Form, Need, Source
from loaders.ssd_care import CARE
from loaders.ssd_help import HELP
from loaders.ssd_join import Together

SSD = Source("ssd", "the Standard Safeguarding Dataset", (*HELP, *CARE))
PLACEHOLDERS = ("SSD_PH", "PLACEHOLDER_DATA")
NO_HEADINGS = -1  # a table has no row of headings: its first row is row 1


def read_ssd(url: str, *, schema: str | None = None, as_at: dt.date | None = None, today: dt.date) -> Reading:
    """Read the dataset from the database at `url`, in `schema` where it is not the usual one.

    It speaks of the day asked for, else of the latest day on which anything in it happened. The same rows asked of the same day are the
    same extract. Raises Refused, saying what to check, where there is no such database or nothing of the dataset in it.
    """
    digest, problems = hashlib.sha256(f"ssd as at {as_at}".encode()), list[Problem]()
    read: list[Rows] = []
    with opened(url, schema) as database:
        forms = [form for form in SSD.forms if _there(form, database, problems)]
        if not forms:
            raise Refused(_nothing_there(database, schema))
        for form in forms:
            columns = _columns(form, database.columns[form.name])
            cells = database.cells(form.name, list(columns.values()), order=_order(form, columns))
            digest.update(_fingerprint(form.name, list(columns.values()), cells))
            read.append(_rows(form, columns, cells, database.shown, first=sum(map(len, read)), today=today))
        shown = database.shown
    day = _day(read, as_at, today)
    together = Together(read, day.spoken)
    reading = put_together(SSD.name, f"ssd {shown}", digest.hexdigest(), day, read, problems)
    return replace(reading, unsure_of=_unsure_of(read, together))


def _there(form: Form, database: Database, problems: list[Problem]) -> bool:
    """Whether a table can be read; what it lacks is said."""
    if form.name not in database.columns:
        problems.append(Problem(f"The table {form.title} is not in the database, so nothing of it was loaded.", "warning", form.name))
        return False
    found = _columns(form, database.columns[form.name])
    absent: dict[Need, list[str]] = {"row": [], "column": [], "may": []}
    for field in form.fields:
        if field.name not in found:
            absent[field.need].append(field.headings[0])
    if absent["row"]:
        says = f"The table {form.title} has no column {', '.join(absent['row'])}, and means nothing without: it was not loaded."
        problems.append(Problem(says, "warning", form.name))
        return False
    lacking = absent["column"] + absent["may"]
    if lacking:
        says = f"The table {form.name} has no column {', '.join(lacking)}: read as not known."
        problems.append(Problem(says, "warning" if absent["column"] else "note", form.name))
    return True


def _columns(form: Form, there: Sequence[str]) -> dict[str, str]:
    """Field -> the column that holds it: the standard's present name for it, else an earlier one."""
    found = {field.name: next((name for name in field.headings if name in there), None) for field in form.fields}
    return {name: column for name, column in found.items() if column is not None}


def _order(form: Form, columns: dict[str, str]) -> list[str]:
    """The columns a table is read in the order of: ids, then days; long words cannot be ordered by in every database."""
    kinds = {field.name: field.kind for field in form.fields}
    return [columns[name] for kind in ("id", "date") for name in columns if kinds[name] == kind]


def _nothing_there(database: Database, schema: str | None) -> str:
    tables = ", ".join(sorted(database.columns)[:20]) or "none"
    where = f"the schema “{schema}”" if schema else "its usual schema"
    return (
        f"{database.shown}: no table of the Standard Safeguarding Dataset can be read in {where} "
        f"(tables found that begin with ssd_: {tables}). Name the schema with --ssd-schema, or ask for the right to see the tables."
    )


def _fingerprint(name: str, columns: Sequence[str], cells: pd.DataFrame) -> bytes:
    words = "\x1f".join(map(str, cells.to_numpy().ravel()))
    return hashlib.sha256("\x1e".join((name, *columns, words)).encode("utf-8", "surrogatepass")).digest()


def _rows(form: Form, columns: dict[str, str], cells: pd.DataFrame, shown: str, *, first: int, today: dt.date) -> Rows:
    placeholder = cells.isin(PLACEHOLDERS)
    grid = Grid(form.name, cells.mask(placeholder, "") if placeholder.to_numpy().any() else cells)
    found = Found(SSD, form, NO_HEADINGS, {name: i for i, name in enumerate(columns)}, tuple(columns.values()), 1.0, True, True)
    rows = Rows(grid, found, file=f"ssd {shown}", first_ordinal=first, today=today)
    for i, heading in enumerate(columns.values()):
        if many := int(placeholder[i].sum()):
            rows.note(f"“{heading}” holds the dataset's placeholder in {many:,} rows: read as not known", heading)
    check_rows(rows)
    return rows


def _day(read: Sequence[Rows], asked: dt.date | None, today: dt.date) -> AsAt:
    if asked is not None:
        return AsAt(pd.Timestamp(asked), "asked")
    latest = latest_of([days for rows in read for days in happened_days(rows)], today)
    day = latest if latest is not None else pd.Timestamp(today)
    why = "the latest in it" if latest is not None else "today, as nothing in it is dated"
    says = f"The database is taken to speak of {day:%d/%m/%Y} ({why}) and its month; if it speaks of another day, say so with --as-at."
    return AsAt(day, "contents", (Problem(says, "note"),))


def _unsure_of(read: Sequence[Rows], together: Together) -> tuple[str, ...] | None:
    """The children the rows in error are about; None where one of those does not say. Rows left out are no reason to be unsure."""
    about: set[str] = set()
    for rows in read:
        wrong = rows.aside & ~together.left_out.get(rows.form.name, False)
        if wrong.any():
            named = rows.frame["child_id"][wrong] if "child_id" in rows.frame else pd.Series([None])
            if named.isna().any():
                return None
            about |= set(named)
    return tuple(sorted(about))
