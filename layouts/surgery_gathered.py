"""A surgery gathered: an open one from the data as it stands on its day, a closed one from its snapshot and from nothing else."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

import pandas as pd

from data.store import Store
from data.surgery import KINDS
from data.viewer import Viewer
from kpi import surgery
from kpi.duties import SOON, answers
from kpi.surgery_events import known_until
from layouts.surgery_figures import figures_of
from layouts.surgery_meeting import Meeting, meeting_of
from layouts.surgery_offered import after
from layouts.surgery_words import focus_words, unit_words
from layouts.view import View

SETTLED = ("kept", "kept_late", "not_kept", "no_longer_open", "moved")
USUAL_LAG = pd.Timedelta(days=1)  # an extract of the evening before is as new as one can be
Earlier = tuple[tuple[str, str, pd.Timestamp], ...]  # id, state and day of the unit's earlier surgeries of the same focus, newest first


def meeting_of_view(view: View) -> Meeting | None:
    """The surgery at the address of a page; None where there is none this viewer may read."""
    return meeting_at(view.store, view.viewer, view.query["key"], view.org)


def meeting_at(store: Store, viewer: Viewer, ident: str, org: str = "") -> Meeting | None:
    """One surgery as this viewer may see it; None where there is none they may read."""
    held = store.surgeries.held(viewer)
    found = held[held["id"] == ident]
    if found.empty:
        return None
    row = found.iloc[0]
    now: dict[str, Any] = {name: row[name] for name in ("state", "closed_by", "closed_at")}
    now |= {name: int(row[name]) for name in ("revision", "steps")}
    now["partial"] = _partial(store, viewer, str(row["level"]), str(row["unit_id"]))
    snapshot = store.surgeries.snapshot(viewer, ident) if row["state"] == "closed" else None
    return meeting_of(snapshot, **now) if snapshot is not None else _gathered(store, viewer, org, row, held, now)


def _partial(store: Store, viewer: Viewer, level: str, unit: str) -> bool:
    """Whether there are rows of the unit this viewer does not see."""
    if level == "team" or viewer.every_team:
        return False
    teams = store.teams(viewer)
    return level == "authority" or not set(teams.loc[teams["service_id"] == unit, "team_id"]) <= viewer.teams


def _gathered(store: Store, viewer: Viewer, org: str, row: pd.Series, held: pd.DataFrame, now: dict[str, Any]) -> Meeting:
    """An open surgery, as the data stands: nothing dated after its day is looked at."""
    level, unit, focus, day = str(row["level"]), str(row["unit_id"]), str(row["focus"]), pd.Timestamp(row["held_on"])
    ident, version = str(row["id"]), store.version(viewer.authority)
    before = _before(held, row)
    alike = before[before["focus"] == focus]
    earlier: Earlier = tuple((str(r.id), str(r.state), pd.Timestamp(r.held_on)) for r in alike.itertuples())
    of = (store, viewer, version, level, unit, focus, day)
    shown = figures_of(store, viewer, org, level, unit, focus, day)
    loads = store.loads(viewer.authority)
    counted = loads[loads["withdrawn_at"].isna() & (loads["as_at"] <= day)]
    return Meeting(
        ident=ident, level=row["level"], unit_id=unit, unit=unit_words(level, unit), held_on=day, focus=focus,
        focus_title=focus_words(focus), present=str(row["present"]), opened_by=str(row["opened_by"]), nth=len(before) + 1,
        last_on=before["held_on"].iloc[0] if len(before) else None, as_at=_none_or(counted["as_at"].max()),
        loaded_at=_none_or(counted["loaded_at"].max()), due_until=after(day, SOON), period=shown.period, more=shown.more,
        commitments=_since(store, viewer, before, level, unit, day), late_then=_late_then(*of, earlier), figures=shown.rows,
        workers=_workers(*of), children=_children(*of, earlier), left_out=_left_out(*of),
        actions=_actions(store, viewer, version, level, unit, day),
        agreed=_worded(store.surgeries.commitments(viewer, ident)),
        reasons=_standing(store.surgeries.reasons(viewer, ident)), notes=_standing(store.surgeries.notes(viewer, ident)),
        known=_known(store, viewer, version, focus, day), **now,
    )  # fmt: skip


def _none_or(day: Any) -> pd.Timestamp | None:
    return None if pd.isna(day) else pd.Timestamp(day)


def _before(held: pd.DataFrame, row: pd.Series) -> pd.DataFrame:
    """The earlier surgeries of the same unit, the newest first."""
    same = (held["level"] == row["level"]) & (held["unit_id"] == row["unit_id"]) & (held["held_on"] < row["held_on"])
    return held[same].sort_values("held_on", ascending=False, kind="stable", ignore_index=True)


def _worded(commitments: pd.DataFrame) -> pd.DataFrame:
    """The commitments with the words of their kind, which a snapshot keeps too."""
    words = commitments["kind"].map({key: kind.title for key, kind in KINDS.items()}).fillna(commitments["kind"])
    return commitments.assign(kind_words=words.astype("str"))


def _standing(written: pd.DataFrame) -> pd.DataFrame:
    """What was not taken back."""
    return written[written["state"] != "taken back"].reset_index(drop=True)


def _since(store: Store, viewer: Viewer, before: pd.DataFrame, level: str, unit: str, day: pd.Timestamp) -> pd.DataFrame:
    """What was agreed at the last surgery, and what was agreed before it and not settled by then, as checked on the day."""
    if before.empty:
        return pd.DataFrame()
    rows = _worded(store.surgeries.commitments(viewer, level=level, unit_id=unit))
    rows = rows[rows["surgery_id"].isin(before["id"])].reset_index(drop=True)
    if rows.empty:
        return rows
    last, last_on = str(before["id"].iloc[0]), before["held_on"].iloc[0]
    reach = store.surgeries.reach(viewer.authority)
    held = store.figures(viewer, levels=(level,), units=[unit], kpis=sorted(set(rows.loc[rows["about_kind"] == "kpi", "about_id"])))

    def on(when: pd.Timestamp, of: pd.DataFrame) -> pd.DataFrame:
        return store.told(viewer, lambda tables: surgery.check(tables, of, when, held, reach)) if len(of) else of

    older = rows[rows["surgery_id"] != last]
    kept = store.surgeries.snapshot(viewer, last) if before["state"].iloc[0] == "closed" else None
    then = meeting_of(kept).commitments if kept is not None else on(last_on, older)
    settled = set(then.loc[then["outcome"].isin(SETTLED), "id"]) if len(then) else set()
    checked = on(day, rows[~rows["id"].isin(settled)].reset_index(drop=True))
    return checked.sort_values(["held_on", "by_on"], ascending=[False, True], kind="stable", ignore_index=True)


@lru_cache(maxsize=64)
def _children(
    store: Store, viewer: Viewer, version: tuple[int, int], level: str, unit: str, focus: str, day: pd.Timestamp, earlier: Earlier
) -> pd.DataFrame:
    before = [_late_at(store, viewer, version, level, unit, focus, one) for one in earlier]
    found = partial(surgery.children, day=day, focus=focus, level=level, unit_id=unit, before=before)
    return store.cases(viewer, found)


def _late_at(
    store: Store, viewer: Viewer, version: tuple[int, int], level: str, unit: str, focus: str, one: tuple[str, str, pd.Timestamp]
) -> pd.DataFrame:
    """The children of an earlier surgery: as they were kept when it was closed; as the data has them now where it never was."""
    ident, state, day = one
    kept = store.surgeries.snapshot(viewer, ident) if state == "closed" else None
    return meeting_of(kept).children if kept is not None else _children(store, viewer, version, level, unit, focus, day, ())


@lru_cache(maxsize=64)
def _late_then(
    store: Store, viewer: Viewer, version: tuple[int, int], level: str, unit: str, focus: str, day: pd.Timestamp, earlier: Earlier
) -> pd.DataFrame:
    """What became of each child late at the last surgery of the same focus."""
    if not earlier:
        return pd.DataFrame()
    then = _late_at(store, viewer, version, level, unit, focus, earlier[0])
    if then.empty:
        return pd.DataFrame()
    reach = store.surgeries.reach(viewer.authority)
    return store.cases(viewer, lambda tables: surgery.since_last(tables, then, day, then=earlier[0][2], level=level, reach=reach))


@lru_cache(maxsize=64)
def _workers(
    store: Store, viewer: Viewer, version: tuple[int, int], level: str, unit: str, focus: str, day: pd.Timestamp
) -> pd.DataFrame:  # fmt: skip
    return store.cases(viewer, partial(surgery.workers, day=day, focus=focus, level=level, unit_id=unit))


@lru_cache(maxsize=64)
def _left_out(
    store: Store, viewer: Viewer, version: tuple[int, int], level: str, unit: str, focus: str, day: pd.Timestamp
) -> pd.DataFrame:  # fmt: skip
    return store.cases(viewer, partial(surgery.children_left_out, day=day, focus=focus, level=level, unit_id=unit))


@lru_cache(maxsize=64)
def _actions(store: Store, viewer: Viewer, version: tuple[int, int], level: str, unit: str, day: pd.Timestamp) -> pd.DataFrame:
    return store.cases(viewer, partial(surgery.audit_actions, day=day, level=level, unit_id=unit))


@lru_cache(maxsize=64)
def _known(store: Store, viewer: Viewer, version: tuple[int, int], focus: str, day: pd.Timestamp) -> pd.DataFrame:
    """The duties of the focus that the data does not reach the day for: duty, title, missing, known_until."""
    said = store.told(viewer, partial(answers, day=day))
    said = said[said["duty"].isin(surgery.duties_of(focus))].reset_index(drop=True)
    reach = store.surgeries.reach(viewer.authority)
    until = [known_until(surgery.kind_of(duty), duty, reach) for duty in said["duty"]]
    said = said.assign(known_until=pd.Series(until, index=said.index, dtype="datetime64[s]"))
    behind = (said["missing"] != "") | said["known_until"].isna() | (said["known_until"] < day - USUAL_LAG)
    return said.loc[behind, ["duty", "title", "missing", "known_until"]].reset_index(drop=True)
