"""What a council declares in a file of its own: measures it has only as figures, and who answers for which measure."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
MEASURE_COLUMNS = ("key", "title", "measure", "better", "domain", "source", "noun", "did", "basis", "definition")
OWNER_COLUMNS = ("of", "owner")


class Undeclared(ValueError):
    """A file of a council's own that cannot be read. The message says which, and what to do."""


def measures(authority: str, own: Path | None = None) -> list[dict[str, str]]:
    """The figure-only measures of an authority, as `kpi.measures.declare` takes them: those shipped, then its own."""
    return [*_rows(HERE / "measures.csv", authority, MEASURE_COLUMNS), *(_rows(own, authority, MEASURE_COLUMNS) if own else [])]


def owners(authority: str, own: Path | None = None) -> dict[str, str]:
    """Who answers for a measure, by the key of a KPI or of its whole domain; a council's own file has the last word."""
    rows = [*_rows(HERE / "owners.csv", authority, OWNER_COLUMNS), *(_rows(own, authority, OWNER_COLUMNS) if own else [])]
    return {row["of"]: row["owner"] for row in rows if row["owner"]}


def _rows(path: Path, authority: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of one file that hold for an authority: those that name it, and those that name none."""
    frame = _read(path, path.stat().st_mtime_ns if path.is_file() else 0)
    lacking = [name for name in columns if name not in frame and name != "definition"]
    if lacking:
        raise Undeclared(f"{path}: the column {lacking[0]} is missing: its headings are {', '.join(columns)}, and authority if need be")
    ours = frame[frame["authority"].isin(["", authority])] if "authority" in frame else frame
    return [dict(zip(columns, row, strict=True)) for row in ours.reindex(columns=list(columns), fill_value="").itertuples(index=False)]


@cache
def _read(path: Path, changed: int) -> pd.DataFrame:
    """One file as text; `changed`: when it was last written, so that a file mended is read again."""
    try:
        return pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig").map(str.strip)
    except FileNotFoundError:
        raise Undeclared(f"{path}: there is no such file: correct the setting that names it, or take the setting away") from None
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise Undeclared(f"{path} cannot be read as a CSV file in UTF-8: {str(error).splitlines()[0]}") from None
