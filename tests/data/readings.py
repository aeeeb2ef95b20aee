"""Readings made by hand, for the tests of the store: what a file says, typed out as text. Every child in them is invented."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from data.reading import AsAtFrom, Problem, Reading
from data.store import Store
from data.tables import BY_NAME, TABLES, Tables
from data.viewer import Viewer

HERE = "here"


def rows(table: str, text: str) -> pd.DataFrame:
    """Rows typed out as text: a line of column names, then a line a row. `-` is an empty cell."""
    names, *lines = (line.split() for line in text.strip().splitlines())
    cells = [[None if cell == "-" else cell for cell in line] for line in lines]
    frame = pd.DataFrame(cells, columns=names, dtype=object)
    for column in BY_NAME[table].columns:
        if column.name in frame and column.kind == "flag":
            frame[column.name] = frame[column.name].map({"yes": True, "no": False})
        elif column.name in frame and column.kind == "date":
            frame[column.name] = pd.to_datetime(frame[column.name]).astype("datetime64[s]")
    return BY_NAME[table].conform(frame)


def reading(
    as_at: str, tables: Mapping[str, str | pd.DataFrame] | None = None, *,
    set_aside: Collection[int] = (), problems: tuple[Problem, ...] = (),
    covers: Mapping[str, tuple[str, str]] | None = None, as_at_from: AsAtFrom = "name", source: str = "annex_a", file: str = "extract.xlsx",
    invented: bool = False, content: str | None = None, complete: Mapping[str, tuple[str, str]] | None = None,
    unsure_of: tuple[str, ...] | None = (),
) -> Reading:  # fmt: skip
    """One file as it was read. Rows are counted over its tables one after another; those set aside come after them."""
    frames, count = {}, 0
    for name, said in (tables or {}).items():
        frame = rows(name, said) if isinstance(said, str) else said
        frames[name] = frame.assign(source_row=range(count, count + len(frame)))
        count += len(frame)
    words = content or repr((as_at, source, {n: f.to_csv() for n, f in frames.items()}, complete))
    return Reading(
        source=source, file=file, content_hash=hashlib.sha256(words.encode("utf-8", "replace")).hexdigest(), as_at=pd.Timestamp(as_at),
        as_at_from=as_at_from, rows_in=count + len(set_aside), set_aside=frozenset(count + n for n, _ in enumerate(set_aside)),
        tables=frames, covers={n: (pd.Timestamp(a), pd.Timestamp(b)) for n, (a, b) in (covers or {}).items()}, problems=problems,
        invented=invented, complete={n: (pd.Timestamp(a), pd.Timestamp(b)) for n, (a, b) in (complete or {}).items()}, unsure_of=unsure_of,
    )  # fmt: skip


def plans(as_at: str, *teams: str, **more: Any) -> Reading:
    """A file that says which team holds the plan of each child: child 1 the first, child 2 the second; "" leaves the child out."""
    said = "\n".join(f"{child} 2026-01-05 {team}" for child, team in enumerate(teams, start=1) if team)
    return reading(as_at, {"cp_plan": f"child_id started_on team_id\n{said}"}, **more)


def visits(children: int, days: int, *, team: str = "North", first: str = "2026-01-01") -> pd.DataFrame:
    """A visit to each of some children on each of some days."""
    on = pd.date_range(first, periods=days, freq="D").as_unit("s")
    frame = pd.MultiIndex.from_product([[f"C{n}" for n in range(children)], on], names=["child_id", "happened_on"]).to_frame(index=False)
    return BY_NAME["visit"].conform(frame.assign(cohort_kind="cp", origin_kind="log", nth=0.0, child_seen=True, team_id=team))


def held(store: Store, authority: str = HERE) -> Tables:
    """All that is held, as a measure is given it."""
    seen: list[Tables] = []

    def look(tables: Tables) -> pd.DataFrame:
        seen.append(Tables(dict(tables.frames), tables.clocks, tables.bank_holidays, tables.covered))
        return pd.DataFrame({"team_id": []})

    store.cases(Viewer.local("a tester", authority), look)
    return seen[-1]


def state(store: Store, authority: str = HERE) -> dict[str, Any]:
    """All that is held, in a form two states can be compared by: the rows of each table in order of their words, and the months covered."""
    tables = held(store, authority)
    filled = {t.name: tables.frames[t.name] for t in TABLES if len(tables.frames[t.name])}
    said: dict[str, Any] = {name: sorted(frame.astype(str).itertuples(index=False, name=None)) for name, frame in filled.items()}
    return {**said, "covered": {name: list(months) for name, months in sorted(tables.covered.items())}}


def teams(store: Store, authority: str = HERE) -> dict[str, str]:
    """Which team holds each child's plan, as it stands."""
    plans_held = held(store, authority).cp_plan
    return dict(zip(plans_held["child_id"], plans_held["team_id"], strict=True))
