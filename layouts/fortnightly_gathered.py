"""What the surgeries of a fortnight come to, for senior leaders of one service or of the whole: for page and workbook."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kpi import REGISTER
from kpi.commentary import Comment
from layouts import words
from layouts.comments import comments_of
from layouts.looking import teams_to_look_at
from layouts.note_forms import DAY
from layouts.surgery_gathered import meeting_at
from layouts.surgery_list import of_unit
from layouts.surgery_meeting import Meeting
from layouts.surgery_offered import FORTNIGHT
from layouts.surgery_since import KEPT
from layouts.view import View

JUDGED = (*KEPT, "not_kept", "overdue")
REPEATED = 2  # surgeries running in which a child was late before it stands in the report


@dataclass(frozen=True)
class Fortnight:
    """The surgeries of 14 days and what they say together.

    meetings: one a surgery, newest first. movers: the measures of the service that really moved, with their commentary. checked:
    every commitment checked in these surgeries, once, as the newest of them has it; agreed: what was agreed in them. repeated: children
    late in two or more surgeries of their unit running. look: teams that stand out three months running. without: the teams of the
    service that had no surgery.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    unit: str
    meetings: tuple[Meeting, ...]
    movers: tuple[tuple[dict[str, object], Comment], ...]
    checked: pd.DataFrame
    agreed: pd.DataFrame
    repeated: pd.DataFrame
    look: pd.DataFrame
    without: tuple[str, ...]
    refused: str = ""

    @property
    def kept(self) -> int:
        return int(self.checked["outcome"].isin(KEPT).sum()) if len(self.checked) else 0

    @property
    def judged(self) -> int:
        return int(self.checked["outcome"].isin(JUDGED).sum()) if len(self.checked) else 0


def fortnight_of(view: View) -> Fortnight:
    """The fortnight that ends on the day asked for, else on the day of the newest surgery there is, else today."""
    held = of_unit(view, view.store.surgeries.held(view.viewer))
    last, refused = _asked(view, held)
    first = last - FORTNIGHT + pd.Timedelta(days=1)
    rows = held[(held["held_on"] >= first) & (held["held_on"] <= last)].sort_values(
        ["held_on", "level", "unit_id"], ascending=[False, True, True]
    )
    found = [meeting_at(view.store, view.viewer, str(ident), view.org) for ident in rows["id"]]
    meetings = tuple(meeting for meeting in found if meeting is not None)
    teams = view.teams if not view.service else view.teams[view.teams["service_id"] == view.service]
    seen = {meeting.unit_id for meeting in meetings if meeting.level == "team"}
    measures = [REGISTER[key] for key in REGISTER]
    return Fortnight(
        first, last, view.unit_name, meetings, _movers(view), _once(meetings, "commitments"), _once(meetings, "agreed"),
        _repeated(meetings), teams_to_look_at(view, measures) if view.period is not None else pd.DataFrame(),
        tuple(sorted(str(team) for team in teams["team_id"] if team not in seen and view.viewer.may_see_unit("team", str(team)))), refused,
    )  # fmt: skip


def _asked(view: View, held: pd.DataFrame) -> tuple[pd.Timestamp, str]:
    text = view.query.get("day", "").strip()
    for written in (DAY, "%Y-%m-%d"):
        day = pd.to_datetime(text, format=written, errors="coerce") if text else pd.NaT
        if not pd.isna(day):
            return pd.Timestamp(day), ""
    refused = f" “{text[:20]}” is not a day: write it as dd/mm/yyyy." if text else ""
    newest = held["held_on"].max() if len(held) else pd.NaT
    if not words.missing(newest):
        return pd.Timestamp(newest), refused
    day = view.today or view.period or pd.Timestamp(1970, 1, 1)
    return day.normalize(), refused


def _movers(view: View) -> tuple[tuple[dict[str, object], Comment], ...]:
    """The measures of the unit that signal a change at the month of the report, worst first, each with its commentary."""
    if view.period is None:
        return ()
    level, unit = view.unit
    now = view.figures(level, [unit], months=0)
    now = now[(now["period"] == view.period) & now["signal"].isin(["concern", "improvement"])]
    said = comments_of(view)
    rows = [({str(k): v for k, v in row.items()}, said[row["kpi"]]) for row in now.to_dict("records") if row["kpi"] in said]
    return tuple(sorted(rows, key=lambda pair: (-pair[1].weight, pair[1].kpi)))


def _once(meetings: tuple[Meeting, ...], name: str) -> pd.DataFrame:
    """The commitments of these surgeries, each once, as the newest of them has it."""
    frames = [getattr(m, name).assign(unit=m.unit) for m in meetings if len(getattr(m, name))]
    if not frames:
        return pd.DataFrame()
    return pd.concat(frames, ignore_index=True).drop_duplicates("id", keep="first").reset_index(drop=True)


def _repeated(meetings: tuple[Meeting, ...]) -> pd.DataFrame:
    """The children late in two or more surgeries running, each duty once, those late in the most surgeries first."""
    frames = [m.late.assign(unit=m.unit, held_on=m.held_on) for m in meetings if len(m.late)]
    if not frames:
        return pd.DataFrame()
    rows = pd.concat(frames, ignore_index=True)
    rows = rows[rows["surgeries_running"] >= REPEATED]
    rows = rows.sort_values(["surgeries_running", "days_late"], ascending=False, kind="stable")
    return rows.drop_duplicates(["child_id", "duty"], keep="first").reset_index(drop=True)
