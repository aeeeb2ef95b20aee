"""A closed surgery as it was: everything its page showed, kept as plain JSON, and cut to what a viewer may see when it is read.

    kept = {"title": "Harbour", "children": kept_frame(children)}
    frame_kept(kept["children"])  # the frame again, column for column and type for type

A frame that names a child or a worker carries `team_id`, so that it can be cut; nothing outside a frame may name one.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from data.surgery import NAMING
from data.viewer import Viewer

FRAME = "frame"
NAMES = ("child_id", "worker_id", "about_id", "case_id")
PLAIN = ("str", "float64", "int64", "Int64", "bool", "boolean")


def kept_frame(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame as plain JSON: its columns with their types, and its rows. Days are ISO text, what is empty is null."""
    columns = [_plain(frame[name]) for name in frame.columns]
    rows = [list(row) for row in zip(*columns, strict=True)] if columns else []
    return {FRAME: [[str(name), str(frame[name].dtype)] for name in frame.columns], "rows": rows}


def frame_kept(kept: dict[str, Any]) -> pd.DataFrame:
    """The frame `kept_frame` was given, in the same types; a type it does not know is held as it is written."""
    names = kept[FRAME]
    cells = [list(column) for column in zip(*kept["rows"], strict=True)] if kept["rows"] else [[] for _ in names]
    return pd.DataFrame({name: _typed(values, kind) for (name, kind), values in zip(names, cells, strict=True)})


def as_json(snapshot: dict[str, Any]) -> str:
    """The snapshot as it is stored. Raises ValueError where it is not plain JSON, or names somebody whom no team can be told for."""
    _refuse_unteamed(snapshot)
    try:
        return json.dumps(snapshot, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"the snapshot holds something that is not plain JSON ({error}): hand frames over by kept_frame") from None


def seen_by(viewer: Viewer, snapshot: Any) -> Any:
    """The snapshot with, of each frame that names somebody, only the rows of teams this viewer sees."""
    if isinstance(snapshot, list):
        return [seen_by(viewer, part) for part in snapshot]
    if not isinstance(snapshot, dict):
        return snapshot
    if FRAME not in snapshot:
        return {key: seen_by(viewer, part) for key, part in snapshot.items()}
    frame = frame_kept(snapshot)
    if viewer.every_team or not _names_somebody(frame.columns):
        return snapshot
    return {**snapshot, "rows": [row for row, seen in zip(snapshot["rows"], rows_seen(viewer, frame), strict=True) if seen]}


def rows_seen(viewer: Viewer, frame: pd.DataFrame) -> pd.Series:
    """Which rows this viewer may see: those of their teams, and those about nobody in particular."""
    if viewer.every_team:
        return pd.Series(True, index=frame.index)
    named = frame["about_kind"].isin(NAMING) if "about_kind" in frame else pd.Series(True, index=frame.index)
    return ~named | frame["team_id"].isin(viewer.teams)


def _refuse_unteamed(part: Any) -> None:
    if isinstance(part, list):
        for one in part:
            _refuse_unteamed(one)
    elif isinstance(part, dict) and FRAME in part:
        columns = [name for name, _ in part[FRAME]]
        if _names_somebody(columns) and "team_id" not in columns:
            raise ValueError(f"a frame of the snapshot names somebody and has no team_id: {', '.join(columns)}")
    elif isinstance(part, dict):
        if named := [key for key in part if key in NAMES]:
            raise ValueError(f"the snapshot names somebody outside a frame ({', '.join(named)}): hand it over by kept_frame, with team_id")
        for one in part.values():
            _refuse_unteamed(one)


def _names_somebody(columns: Any) -> bool:
    return any(name in columns for name in NAMES)


def _plain(values: pd.Series) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(values):
        written = values.dt.strftime("%Y-%m-%dT%H:%M:%S").astype(object)
        return list(written.where(values.notna(), None))
    objects = values.astype(object)
    return list(objects.where(values.notna(), None))


def _typed(values: list[Any], kind: str) -> pd.Series:
    if kind.startswith("datetime64"):
        return pd.to_datetime(pd.Series(values, dtype="object")).astype("datetime64[s]")
    return pd.Series(values, dtype=kind if kind in PLAIN else "object")
