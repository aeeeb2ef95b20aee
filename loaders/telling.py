"""What became of files, in the shape others script against and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from data.reading import Problem
from data.store import Loaded
from loaders.checking import Checked, Sheet

COUNTS = ("rows_in", "rows_new", "rows_unchanged", "rows_set_aside")


def told(path: Path, outcome: Loaded | str) -> dict[str, Any]:
    """One file: file, source, status (loaded, unchanged or refused), its counts and its problems. A sentence is why it was refused."""
    if isinstance(outcome, str):
        refusal = {**_problem(Problem(outcome)), "severity": "refused"}
        return {"file": str(path), "source": None, "status": "refused", **dict.fromkeys(COUNTS, 0), "problems": [refusal]}
    counts = {name: getattr(outcome, name) for name in COUNTS}
    problems = [_problem(p) for p in outcome.problems]
    return {"file": str(path), "source": outcome.source, "status": outcome.status, **counts, "problems": problems}


def loaded_lines(results: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What a load says in words: a line a file, its problems under it, and how many there were of each status."""
    for r in results:
        counts = (
            f"{r['rows_in']:,} rows, {r['rows_new']:,} new or changed, {r['rows_unchanged']:,} unchanged, {r['rows_set_aside']:,} set aside"
        )
        yield f"{r['file']}: {r['status']}" + (f" as {r['source']}: {counts}" if r["source"] else "")
        if r["status"] != "unchanged":
            yield from (_problem_line(p) for p in r["problems"])
    count = {s: sum(r["status"] == s for r in results) for s in ("loaded", "unchanged", "refused")}
    yield f"{count['loaded']} loaded, {count['unchanged']} unchanged, {count['refused']} refused."


def checked_lines(path: Path, checked: Checked) -> Iterator[str]:
    """What a file would be read as, in words: its sheets and headings, the first rows, what was wrong, or why it would be refused."""
    for sheet in checked.sheets:
        yield from _sheet_lines(sheet, path.name)
    for table, rows in checked.first_rows().items():
        yield f"\nFirst rows of {table}, as they would be stored:\n{rows.to_string(index=False, na_rep='')}"
    if checked.reading is None:
        yield f"\nIt would be refused. {checked.refused}"
        return
    said = checked.reading
    yield f"\n{said.rows_in:,} rows, {len(said.set_aside):,} of them set aside; as at {said.as_at:%d/%m/%Y}. Nothing was stored."
    yield from (_problem_line(_problem(p)) for p in said.problems)


def _sheet_lines(sheet: Sheet, file: str) -> Iterator[str]:
    yield f"{sheet.name or file}: {sheet.title}" + (f", headings on row {sheet.header_row}" if sheet.header_row else "")
    wide = min(60, max((len(heading) for heading, _, _ in sheet.matched), default=0))
    yield from (f"    {heading[:60]:<{wide}}  ->  {kept_as}  ({how})" for heading, kept_as, how in sheet.matched)
    yield from (f"    {heading[:60]:<{wide}}  is not read" for heading in sheet.not_read)
    if sheet.missing:
        yield f"    {sheet.missing}"


def _problem(p: Problem) -> dict[str, Any]:
    return {"sheet": p.sheet, "row": p.row, "column": p.column, "value": p.value, "says": p.says, "severity": p.severity}


def _problem_line(p: dict[str, Any]) -> str:
    place = (p["sheet"], p["row"] and f"row {p['row']}", p["column"], p["value"] is not None and f"“{p['value']}”")
    where = ", ".join(str(part) for part in place if part)
    return f"  {p['severity'].replace('_', ' ')}: {where + ': ' if where else ''}{p['says']}"
