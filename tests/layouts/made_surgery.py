"""An invented surgery of an invented team, typed out, as its page is drawn from: Harbour, 9 June 2026."""

from __future__ import annotations

from io import StringIO

import pandas as pd

from layouts.surgery_meeting import Meeting

HELD = pd.Timestamp("2026-06-09").as_unit("s")
LAST = pd.Timestamp("2026-05-26").as_unit("s")
MAY = pd.Timestamp("2026-05-31").as_unit("s")
DAYS = (
    "held_on", "by_on", "happened_on", "recorded_on", "last_on", "due_on", "next_planned_on", "last_supervised_on",
    "changed_at", "known_until",
)  # fmt: skip
NUMBERS = (
    "days_late", "working_days_late", "surgeries_running", "fte", "cases", "in_time", "of", "overdue", "due_soon", "revision", "days",
)  # fmt: skip

CHILDREN = """
child_id|plan|worker_id|team_id|duty|title|state|last_on|due_on|days_late|working_days_late|surgeries_running|late_recording_suspected|next_planned_on
10390|CP, neglect|K. Birch|Harbour|cp_visit|Visit|overdue|2026-04-15|2026-04-29|41|26|3||
10463|CP, emotional|K. Birch|Harbour|cp_visit|Visit|overdue|2026-05-07|2026-05-21|19|11|2||2026-06-10
=1+1|CP, neglect|P. Lowe|Harbour|cp_visit|Visit|overdue|2026-05-15|2026-06-01|8|5|1|3 visits entered late in May|
10402|CP, neglect|S. Dunn|Harbour|cp_visit|Visit|due_soon|2026-05-27|2026-06-10|-1|-1|0||2026-06-10
"""
WORKERS = """
worker_id|team_id|role|fte|cases|in_time|of|overdue|due_soon|last_supervised_on|supervision_state
K. Birch|Harbour|social_worker|0.6|9|1|3|2|0|2026-03-31|overdue
S. Dunn|Harbour|social_worker|1.0|16|3|4|1|2|2026-05-21|in_time
"""
COMMITMENT = "id|kind|kind_words|about_kind|about_id|duty|what|who|by_on|revision|held_on"
ALL_HAVE = {"note": "", "team_id": "Harbour", "made_by": "T. Ainsley", "changed_by": "", "level_wanted": float("nan")}
BEFORE = f"""
{COMMITMENT}|outcome|said
1|child_seen|Child seen|child|10482|cp_visit|Child seen|J. Marsh|2026-05-29|1|2026-05-26|kept|Seen 28 May, recorded 4 June
2|child_seen|Child seen|child|10390|cp_visit|Child seen|K. Birch|2026-05-29|1|2026-05-26|not_kept|Last seen 15 April
3|core_group_held|Core group held|child|10463|core_group|Core group held|P. Lowe|2026-06-03|1|2026-05-26|overdue|None is recorded
4|by_hand|Something else|none|||Cover for K. Birch|T. Ainsley|2026-06-01|2|2026-05-26|cannot_tell|To be answered by hand
"""
AGREED = f"""
{COMMITMENT}
9|child_seen|Child seen|child|10463|cp_visit|Child seen|S. Dunn|2026-06-10|1|2026-06-09
"""
REASONS = """
id|child_id|duty|reason_kind|note|team_id|revision|made_by|changed_by
1|10463|cp_visit|worker_absent||Harbour|1|T. Ainsley|T. Ainsley
"""
NOTES = """
id|about_kind|about_id|text|team_id|revision|made_by|changed_by|changed_at
1|none||<b>Cover</b> from Bridge is asked for|Harbour|1|T. Ainsley|T. Ainsley|2026-06-09 10:05
"""
LATE_THEN = """
child_id|duty|team_id|outcome|words|days
10390|cp_visit|Harbour|still_not_seen|Last seen 15 April|26
10482|cp_visit|Harbour|seen_on|Seen 28 May|2
10500|cp_visit|Harbour|no_longer_open|Plan ended 1 June|
"""
ACTIONS = """
audit_id|action_id|child_id|team_id|worker_id|text|due_on|days_late|state
A1|1|10463|Harbour|K. Birch|=Record the child's wishes|2026-05-20|20|overdue
A2|1||Harbour|S. Dunn|Update the chronology|2026-06-12|-3|due_soon
"""
KNOWN = """
duty|title|missing|known_until
cp_visit|Visit to a child on a protection plan||2026-05-31
"""


def typed(text: str) -> pd.DataFrame:
    """A table typed out, its days as timestamps and its numbers as float64; what is empty stays empty text."""
    frame = pd.read_csv(StringIO(text.strip()), sep="|", dtype="str", keep_default_na=False)
    made = {name: pd.to_datetime(frame[name].replace("", None)).astype("datetime64[s]") for name in DAYS if name in frame}
    made |= {name: pd.to_numeric(frame[name].replace("", None)).astype("float64") for name in NUMBERS if name in frame}
    return frame.assign(**made, **(ALL_HAVE if "kind_words" in frame else {}))


def figures() -> pd.DataFrame:
    """Two years of one measure, 8 of 13 in the last month and 9 in the one before."""
    months = pd.date_range(end=MAY, periods=24, freq="ME").as_unit("s")
    done = [9.0] * 23 + [8.0]
    rows = pd.DataFrame({"period": months, "numerator": done, "denominator": 13.0})
    said = {
        "kpi": "cp_visits_in_time", "title": "Children on a CP plan seen in time", "noun": "children with a plan open",
        "did": "seen in time", "measure": "percent", "better": "higher", "target": 85.0,
        "target_by": pd.Timestamp("2026-07-31").as_unit("s"), "status": "not met",
        "change": -7.7, "note": "", "signal": "concern", "assurance": "fail", "chart": "p", "lower": 55.0, "upper": 85.0,
    }  # fmt: skip
    return rows.assign(value=100 * rows["numerator"] / 13, numerator_before=rows["numerator"].shift(), **said)


def meeting(**other: object) -> Meeting:
    """The whole surgery, open; anything in it may be another."""
    said = {
        "ident": "7", "level": "team", "unit_id": "Harbour", "unit": "Harbour", "held_on": HELD, "focus": "visits", "focus_title": "Visits",
        "present": "T. Ainsley and M. Okoro", "state": "open", "revision": 1, "opened_by": "T. Ainsley", "nth": 11, "last_on": LAST,
        "as_at": pd.Timestamp("2026-06-08").as_unit("s"), "loaded_at": pd.Timestamp("2026-06-09 07:30").as_unit("s"), "period": MAY,
        "due_until": pd.Timestamp("2026-06-16").as_unit("s"), "more": 2, "commitments": typed(BEFORE), "late_then": typed(LATE_THEN),
        "figures": figures(), "workers": typed(WORKERS), "children": typed(CHILDREN), "agreed": typed(AGREED), "reasons": typed(REASONS),
        "notes": typed(NOTES), "known": typed(KNOWN), "actions": typed(ACTIONS), "steps": 4,
    }  # fmt: skip
    return Meeting(**{**said, **other})  # type: ignore[arg-type]


def empty() -> Meeting:
    """The first surgery of a unit of which nothing is owed and nothing is known."""
    none = {
        name: pd.DataFrame()
        for name in ("commitments", "late_then", "figures", "workers", "children", "agreed", "reasons", "notes", "known", "actions")
    }
    return meeting(**none, nth=1, last_on=None, as_at=None, loaded_at=None, period=None, present="", more=0)
