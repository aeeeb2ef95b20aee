"""Reading one file: open it safely, find out what it is, read its rows, and say everything that was wrong."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from data.many_cells import nothing_collected
from data.reading import Problem, Reading, Refused
from data.tables import BY_NAME
from loaders.as_at import AsAt, as_at_of, latest_of
from loaders.cells import text_of
from loaders.grid import MAX_FILE_BYTES, Grid, size_sentence
from loaders.headings import Found, Known, missing_sentence, recognise, refuse_if_missing, shown_headings
from loaders.mapping import NO_WORDS, CouncilWords, Rule, applied
from loaders.names import shown_name
from loaders.rows import Rows
from loaders.source import Cover, Source, Spoken, heading_words
from loaders.text_file import open_text
from loaders.workbook import open_workbook
from loaders.xml_file import is_xml, open_xml

WORKBOOKS, TEXTS = (".xlsx", ".xlsm"), (".csv", ".tsv", ".txt")
_ANCIENT = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")  # how Excel's records begin where no container holds them
MOST_UNSURE = 50_000
SAID_IN_PARTS = ("child", "adoption")  # facts of which each sheet of a file may say another part


@dataclass(frozen=True)
class _Recognised:
    grid: Grid
    found: Found | None
    rule: Rule | None = None

    @property
    def weight(self) -> tuple[bool, float]:
        return (self.found.complete, self.found.weight) if self.found else (False, 0.0)


def read_file(
    path: Path, sources: Sequence[Source], *, as_at: dt.date | None, today: dt.date, words: CouncilWords = NO_WORDS,
    shown_as: str | None = None,
) -> Reading:  # fmt: skip
    """Read a file as whichever source its columns show it to be, or raise `Refused` with the reason and the remedy.

    `words`: the council's own, which say what its files and headings are. `shown_as`: what the file was called where it came from, if
    it lies under another name here: that name is shown, and tells the day, and nothing is ever opened by it.
    """
    given = path if shown_as is None else Path(shown_name(shown_as))
    named = given.with_name(shown_name(given.name))
    with nothing_collected():
        return _read(named, _content(path, named), sources, as_at=as_at, today=today, words=words)


def _read(
    path: Path, content: bytes, sources: Sequence[Source], *, as_at: dt.date | None, today: dt.date, words: CouncilWords
) -> Reading:  # fmt: skip
    digest = hashlib.sha256(content).hexdigest()
    sheets = _recognised(path, content, sources, words)
    del content  # a large file is not kept beside what was read of it
    source = _source_of(path, sheets, sources)
    others = any(sheet.found is not None and sheet.found.complete for sheet in sheets)
    problems: list[Problem] = []
    read: list[Rows] = []
    for sheet in sheets:
        if (found := _to_be_read(path, sheet, source, problems, others=others)) is not None:
            first = sum(len(rows) for rows in read)
            read.append(Rows(sheet.grid, found, file=path.name, first_ordinal=first, today=today))
            check_rows(read[-1])
    if read and not any(map(len, read)):
        says = "It holds headings and no row, so it says that there was nothing. If there was, the export failed: export it again."
        problems.append(Problem(says, "warning"))
    day = _as_at(path, source, read, asked=as_at, today=today)
    invented = any(_says_invented(sheet) for sheet in sheets)
    together = put_together(source.name, path.name, digest, day, read, problems, invented=invented)
    return replace(together, part=_part(source, read, sources))


def _part(source: Source, read: Sequence[Rows], sources: Sequence[Source]) -> str:
    """Which list or table the file is, where it holds one only of a source that has several."""
    several = any(len(one.forms) > 1 for one in sources if one.name == source.name)
    forms = {rows.form.name for rows in read}
    return forms.pop() if several and len(forms) == 1 else ""


def put_together(
    source: str, file: str, content_hash: str, day: AsAt, read: Sequence[Rows], problems: Sequence[Problem], *, invented: bool = False
) -> Reading:  # fmt: skip
    """What checked rows say together. `problems`: what is to be said of the whole; what is wrong in the rows comes after it."""
    said = (*problems, *day.problems, *(problem for rows in read for problem in rows.problems))
    return Reading(
        source=source, file=file, content_hash=content_hash, as_at=day.day, as_at_from=day.known_from,
        rows_in=sum(map(len, read)), set_aside=frozenset(int(row) for rows in read for row in rows.frame["source_row"][rows.aside]),
        tables=_tables(read, day.spoken), covers=_covers(read, day.spoken), problems=said,
        invented=invented, complete=_complete(read, day.spoken), unsure_of=_unsure_of(read),
    )  # fmt: skip


def recognised(
    path: Path, sources: Sequence[Source], words: CouncilWords = NO_WORDS
) -> list[tuple[str | None, Found | None]]:  # fmt: skip
    """Each sheet of a file by its name, and what its headings show it to be. Raises `Refused` where the file cannot be opened."""
    return [(sheet.grid.sheet, sheet.found) for sheet in _recognised(path, _content(path, path), sources, words)]


def _recognised(path: Path, content: bytes, sources: Sequence[Source], words: CouncilWords) -> list[_Recognised]:
    known, out = Known(sources), []
    for grid in _grids(path, content):
        rule = words.rule_for(path.name, grid.sheet)
        ours = known if rule is None else Known([applied(rule, sources)])
        try:
            out.append(_Recognised(grid, recognise(grid.cells, grid.sheet, ours), rule))
        except Refused as refused:
            raise Refused(f"{path.name}{f', sheet {grid.sheet!r}' if grid.sheet else ''}: {refused}") from None
    return out


def content_hash(path: Path) -> str:
    """What tells this content from any other, whatever the file is called. Raises OSError where the file cannot be opened."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    return digest.hexdigest()


def _content(path: Path, named: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise Refused(size_sentence(named, size))
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "its name holds a NUL"
        raise Refused(f"{named.name}: it could not be opened ({why}). Close it in other programs and try again.") from error
    if not content or content.isspace():
        raise Refused(f"{named.name}: it is empty. Export it again.")
    return content


def _grids(path: Path, content: bytes) -> list[Grid]:
    kind = path.suffix.casefold()
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return list(open_workbook(path.name, content))
    if content.startswith(_ANCIENT):
        raise Refused(f"{path.name}: it is in a form of Excel from before 1997. Open it in Excel and save it as .xlsx, then load that.")
    if kind == ".xml" or is_xml(content):
        return open_xml(path.name, content)
    if kind in WORKBOOKS and not content[:1000].lstrip()[:1] == b"<":
        raise Refused(f"{path.name}: it is named as an Excel workbook but is not one, or it is damaged. Export it again, as .xlsx or .csv.")
    if kind in (*TEXTS, *WORKBOOKS, ".xls"):
        return [open_text(path.name, content)]
    raise Refused(f"{path.name}: files of the kind “{kind or 'no ending'}” are not read. Save it as .xlsx or .csv, and load that.")


def _source_of(path: Path, sheets: Sequence[_Recognised], sources: Sequence[Source]) -> Source:
    best = max(sheets, key=lambda sheet: sheet.weight, default=None)
    if best is not None and best.found is not None:
        return best.found.source
    headings = [_widest_row(sheet.grid) for sheet in sheets]
    shown = shown_headings(max(headings, key=len, default=()))
    kinds = "; ".join(source.title for source in sources)
    raise Refused(
        f"{path.name}: its columns are not those of any extract Sightline reads ({kinds}). The widest row found holds: {shown}. "
        "Check that the headings are in the first 20 rows and are named as in the extract's description."
    )


def _says_invented(sheet: _Recognised) -> bool:
    """Whether a sheet that is no list (a cover sheet) says that the data is invented."""
    if sheet.found is not None:
        return False
    top = sheet.grid.cells.iloc[:20]
    return any("invented" in text_of(cell).casefold() for column in top.columns for cell in top[column])


def _widest_row(grid: Grid) -> tuple[str, ...]:
    rows = [tuple(text for cell in grid.cells.iloc[i] if (text := text_of(cell))) for i in range(min(20, len(grid.cells)))]
    return max(rows, key=len, default=())


def _to_be_read(path: Path, sheet: _Recognised, source: Source, problems: list[Problem], *, others: bool) -> Found | None:
    """The sheet's form if it is to be read; else what is said of it. `others`: another sheet of the file has all its columns."""
    found, name = sheet.found, sheet.grid.sheet
    if found is None:
        problems.append(Problem("This sheet is not one of the lists, so it is not read.", "note", name))
    elif found.source.name != source.name:
        rows = sheet.grid.rows_below(found.header_row)
        says = f"This sheet looks like {found.form.title} ({rows} rows), another extract, so it is not read: load it as a file of its own."
        problems.append(Problem(says, "warning", name))
    elif found.form.build is None:
        rows = sheet.grid.rows_below(found.header_row)
        problems.append(Problem(f"This is {found.form.title}, which is not read yet: its {rows} rows were not loaded.", "note", name))
    elif others and found.form.fields[0].name not in found.columns and not found.named:
        problems.append(Problem(f"This sheet is not read: {missing_sentence(found)}", "warning", name))
    else:
        refuse_if_missing(found, path.name, name)
        if sheet.rule is not None:
            problems += _not_there(sheet.rule, found, name)
        return found
    return None


def _not_there(rule: Rule, found: Found, sheet: str | None) -> list[Problem]:
    """The headings of a council's rule that the sheet does not have: one of the two may be mistyped."""
    words = {heading_words(heading) for heading in found.headings}
    missing = [heading for heading, _ in rule.headings if heading_words(heading) not in words]
    says = f"is in the mapping ({rule.place}), but this sheet has no such column: correct whichever is mistyped"
    return [Problem(f"“{heading}” {says}.", "warning", sheet, found.header_row + 1) for heading in missing]


def check_rows(rows: Rows) -> None:
    """What can be said before the as-at day is known: rows that say the same thing twice, and days out of order."""
    form = rows.form
    if form.check is not None:
        form.check(rows)
    if form.unique:
        key = rows.frame[list(form.unique)]
        kept = key[~rows.aside]
        later = kept.duplicated()
        first = pd.Series(rows.excel_rows[~rows.aside], index=kept.index).groupby([kept[c] for c in kept], dropna=False).transform("first")
        named = " and ".join(f"“{rows.heading(name)}”" for name in form.unique if rows.heading(name))
        says = [f"has the same {named} as row {row} but differs elsewhere, and only one can be right: take one out" for row in first[later]]
        rows.set_aside(later.reindex(key.index, fill_value=False).to_numpy(), form.unique[0], says)
    for start, end in form.spans:
        wrong = (rows.frame[end] < rows.frame[start]).to_numpy() & ~rows.aside
        rows.tell(wrong, end, f"is before “{rows.heading(start)}”: correct whichever is wrong")


def _as_at(path: Path, source: Source, read: Sequence[Rows], *, asked: dt.date | None, today: dt.date) -> AsAt:
    days = [column for rows in read for column in happened_days(rows)]
    latest = latest_of(days, today)
    stated = next((rows.stated_on for rows in read if rows.stated_on is not None), None)
    if asked is None and stated is not None and stated <= pd.Timestamp(today):
        return AsAt(stated, "stated")
    if asked is None and source.carries_its_day and latest is not None:
        return AsAt(latest, "contents")
    return as_at_of(path, asked=asked, latest=latest, today=today, dated=bool(days))


def happened_days(rows: Rows) -> list[pd.Series]:
    """The columns of days that tell what day the file speaks of."""
    kept = rows.kept
    return [kept[field.name] for field in rows.dated() if field.when == "happened"]


def _tables(read: Sequence[Rows], spoken: Spoken) -> dict[str, pd.DataFrame]:
    """The canonical frames of all sheets together, each with exactly its table's columns and `source_row`."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for rows in read:
        if rows.form.build is not None:
            for name, frame in rows.form.build(rows.kept, spoken).items():
                parts.setdefault(name, []).append(_conformed(name, frame))
    tables = {name: pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0] for name, frames in parts.items()}
    return {name: _numbered(name, _said_once(name, frame) if name in SAID_IN_PARTS else frame) for name, frame in tables.items()}


def _conformed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    return BY_NAME[name].conform(frame).assign(source_row=frame["source_row"].astype("int64")).reset_index(drop=True)


def _said_once(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """One row a fact: of each thing said about it, the first that is not empty."""
    return frame.groupby(list(BY_NAME[name].key), sort=False, as_index=False, dropna=False).first()[frame.columns]


def _numbered(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """`nth` tells apart the rows that are the same in every other part of the key, in the order of the file."""
    if "nth" not in BY_NAME[name].key:
        return frame
    key = [column for column in BY_NAME[name].key if column != "nth"]
    return frame.assign(nth=frame.groupby(key, sort=False, dropna=False).cumcount().astype("float64"))


def _covers(read: Sequence[Rows], spoken: Spoken) -> Cover:
    return _together(rows.form.covers(rows.kept, spoken) for rows in read if rows.form.covers is not None)


def _complete(read: Sequence[Rows], spoken: Spoken) -> Cover:
    return _together(rows.form.complete(rows.kept, spoken) for rows in read if rows.form.complete is not None)


def _together(spans: Iterable[Cover]) -> Cover:
    """One span a table: from the first day of any sheet to the last."""
    out: dict[str, tuple[pd.Timestamp, pd.Timestamp]] = {}
    for span in spans:
        for name, (first, last) in span.items():
            known = out.get(name, (first, last))
            out[name] = (min(known[0], first), max(known[1], last))
    return out


def _unsure_of(read: Sequence[Rows]) -> tuple[str, ...] | None:
    """Whom the rows set aside are about; None where a row set aside does not say, or they are about so many that the file is in doubt."""
    about: set[str] = set()
    for rows in read:
        if rows.aside.any():
            named = rows.frame["child_id"][rows.aside] if "child_id" in rows.frame else pd.Series([None])
            different = named.unique()
            if named.isna().any() or len(different) > MOST_UNSURE:
                return None
            about.update(different)
    return tuple(sorted(about))
