"""Small returns in XML made on the spot, for the tests of the loaders. Every child and worker in them is invented."""

from __future__ import annotations

from pathlib import Path

HEADER = (
    "<Header><CollectionDetails><Collection>{collection}</Collection><Year>{year}</Year>"
    "<ReferenceDate>{day}</ReferenceDate></CollectionDetails><Source><LEA>999</LEA></Source></Header>"
)


def cin_xml(*children: str, day: str = "2026-03-31", year: str = "2026") -> str:
    header = HEADER.format(collection="CIN", year=year, day=day)
    return f"<Message>\n{header}\n<Children>\n" + "\n".join(children) + "\n</Children>\n</Message>\n"


def child_xml(child_id: str, *details: str, more: str = "<Sex>F</Sex>", born: str = "<PersonBirthDate>2012-05-06</PersonBirthDate>") -> str:
    inside = "".join(f"\n<CINdetails>{detail}</CINdetails>" for detail in details)
    identity = f"<ChildIdentifiers><LAchildID>{child_id}</LAchildID>{born}{more}</ChildIdentifiers>"
    return f"<Child>{identity}<ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>{inside}</Child>"


def workforce_xml(*workers: str, vacancies: str = "", day: str = "2025-09-30", year: str = "2025") -> str:
    header = HEADER.format(collection="CSWW", year=year, day=day)
    inside = f"<LALevelVacancies>{vacancies}</LALevelVacancies>" if vacancies else ""
    people = "\n".join(f"<CSWWWorker>{worker}</CSWWWorker>" for worker in workers)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<Message>\n{header}\n{inside}\n{people}\n</Message>'


def elements(**values: str) -> str:
    """Elements in a row: their names and what they hold."""
    return "".join(f"<{name}>{value}</{name}>" for name, value in values.items())


def saved(path: Path, xml: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(xml.encode(encoding))
    return path
