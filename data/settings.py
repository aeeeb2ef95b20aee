"""Settings: the only place that reads the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_AUTHORITY = 64
LOCAL = ROOT / "data" / "local"


@dataclass(frozen=True)
class Settings:
    """Where the data is kept and whose it is.

    database_url: SIGHTLINE_DATABASE_URL, by default an SQLite file under data/local.
    authority: SIGHTLINE_AUTHORITY, by default `local`: every row is kept under it.
    authority_title: SIGHTLINE_AUTHORITY_TITLE, the council's name as shown; by default made from the authority's code.
    mapping: SIGHTLINE_MAPPING, the council's own headings and codes; by default data/local/<authority>.toml, if there is one.
    area: SIGHTLINE_AREA, the council's name or ONS code among the published figures, to be compared with its region and its statistical
    neighbours ("Gloucestershire"); by default none, and figures are compared with England only.
    measures: SIGHTLINE_MEASURES, a CSV file of measures the council has only as figures, in the headings of data/reference/measures.csv.
    owners: SIGHTLINE_OWNERS, a CSV file of who answers for which measure or domain, in the headings of data/reference/owners.csv.
    """

    database_url: str
    authority: str
    authority_title: str
    mapping: Path | None = None
    area: str | None = None
    measures: Path | None = None
    owners: Path | None = None


def settings() -> Settings:
    """The settings of this process."""
    authority = os.environ.get("SIGHTLINE_AUTHORITY", "").strip() or "local"
    if len(authority) > LONGEST_AUTHORITY:
        raise ValueError(f"SIGHTLINE_AUTHORITY is {len(authority)} letters long: give a short code of at most {LONGEST_AUTHORITY}")
    title = os.environ.get("SIGHTLINE_AUTHORITY_TITLE", "").strip() or _title(authority)
    url = os.environ.get("SIGHTLINE_DATABASE_URL", "").strip() or f"sqlite:///{(LOCAL / 'sightline.sqlite').as_posix()}"
    area = os.environ.get("SIGHTLINE_AREA", "").strip() or None
    return Settings(url, authority, title, _mapping(authority), area, _file("SIGHTLINE_MEASURES"), _file("SIGHTLINE_OWNERS"))


def _file(name: str) -> Path | None:
    named = os.environ.get(name, "").strip()
    return Path(named) if named else None


def _mapping(authority: str) -> Path | None:
    named = os.environ.get("SIGHTLINE_MAPPING", "").strip()
    usual = LOCAL / f"{authority}.toml"
    return Path(named) if named else usual if usual.is_file() else None


def user_name() -> str:
    """Who runs this command, as the operating system names them: kept with each load."""
    for name in ("SIGHTLINE_USER", "USER", "USERNAME", "LOGNAME"):
        if os.environ.get(name, "").strip():
            return os.environ[name].strip()
    return "not known"


def _title(authority: str) -> str:
    return "Invented Council" if authority == "invented" else f"{authority.replace('_', ' ').replace('-', ' ').capitalize()} council"
