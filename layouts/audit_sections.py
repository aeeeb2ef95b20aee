"""What audits found, drawn: grades over time and by team, themes, moderation, re-audits, and what is still owed.

Pure: rows of `kpi.audit_findings` in, a component out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from kpi import audit_findings
from kpi.duties import DUE_SOON, LEFT_OUT, OVERDUE
from kpi.targets import FEW
from layouts import cards, words
from layouts.bars import Part, bars
from layouts.marks import meter, status_mark
from layouts.tables import Column, plain_table
from layouts.view import named

MOST = 25  # rows of one list; how many more there are is said
THEME_WORDS = {
    "assessment": "Assessment", "plan": "Plan", "visits": "Visits", "history": "History weighed", "direct_work": "Direct work",
    "supervision": "Supervision", "voice": "Child’s voice",
}  # fmt: skip
GRADE_WORDS = {
    "outstanding": "Outstanding", "good": "Good", "requires_improvement": "Requires improvement", "inadequate": "Inadequate",
}  # fmt: skip
DRAWN = (("inadequate", "not"), ("requires_improvement", "near"), ("good", "data"), ("outstanding", "best"))
LIKELY = "Likely between: the range the share may lie in by chance alone (95 %), given how few audits there are."


def by_month(audits: pd.DataFrame, months: pd.DatetimeIndex) -> Component:
    """Final grades month by month, stacked, with how many were judged inadequate as a table.

    months: those an extract of audits speaks for; in one of them with no audit there are none, and any other month is not drawn.
    """
    found = audit_findings.tally(audits, ["period"]).set_index("period").reindex(months.as_unit("s")).rename_axis("period")
    counts = [*GRADE_WORDS, "no_grade", "graded"]
    rows = found.assign(**{name: found[name].fillna(0).astype("int64") for name in counts}).reset_index().to_dict("records")
    parts = [Part(GRADE_WORDS[grade], sign, [float(r[grade]) for r in rows]) for grade, sign in DRAWN]
    extra = [
        Column("Inadequate, of graded", lambda r: words.n_of_N(r["inadequate_n"], r["graded"]), numeric=True),
        Column("Share", lambda r: _share(r["inadequate_n"], r["graded"]), numeric=True),
        Column("Likely between", lambda r: likely(r["low"], r["high"]), numeric=True),
        Column("No final grade", lambda r: words.count(r["no_grade"]), numeric=True, quiet=True),
    ]
    held = [{"inadequate_n": r["inadequate"], **{k: r[k] for k in ("graded", "low", "high", "no_grade")}} for r in rows]
    return bars(
        "Final grades by month", [words.short_month(r["period"]) for r in rows], parts, extra=extra, rows=held,
        says="Audits of each month by final grade, re-audits apart. Few audits a month: one of them moves the share by much.",
    )  # fmt: skip


def by_team(audits: pd.DataFrame) -> Component:
    """The same audits by the team that held the work, in name order."""
    rows = audit_findings.tally(audits, ["team_id"]).to_dict("records")
    table = plain_table(
        [Column("Team", lambda r: named(r["team_id"]), wrap=False), *_columns()], rows, "Final grades by team", nothing="No audit to show."
    )  # fmt: skip
    says = f"Twelve months together, in name order: not a league table. {LIKELY}"
    return cards.section("By team", table, says=says)


def theme_table(audits: pd.DataFrame) -> Component:
    """The grade of each theme an audit looks at, in one order always."""
    found = audit_findings.themes(audits)
    rows = found[found["graded"] > 0].to_dict("records")
    table = plain_table(
        [Column("Theme", lambda r: THEME_WORDS.get(r["theme"], r["theme"]), wrap=False), *_columns()], rows, "Themes",
        nothing="No theme was graded in these audits.",
    )  # fmt: skip
    return cards.section("Themes", table, says="The grade given to each theme of the same audits.")


def moderation_table(audits: pd.DataFrame) -> Component:
    """What became of each first grade: better, the same or worse after moderation."""
    rows = audit_findings.moderation(audits)
    known, up, down = (int(rows[name].sum()) for name in ("known", audit_findings.UP, audit_findings.DOWN))
    unknown = len(audits) - known
    columns = [
        Column("First grade", lambda r: GRADE_WORDS[r["grade"]], wrap=False),
        Column("Audits", lambda r: words.count(r["known"]), numeric=True),
        Column("Raised", lambda r: words.count(r["up"]), numeric=True),
        Column("Left as it was", lambda r: words.count(r["same"]), numeric=True),
        Column("Lowered", lambda r: words.count(r["down"]), numeric=True),
    ]
    table = plain_table(
        columns, rows[rows["known"] > 0].to_dict("records"), "Moderation", nothing="No audit has both a first and a final grade."
    )
    moved = f"{words.plural(down, 'audit', 'audits')} lowered and {up} raised, of {words.count(known)} with both grades"
    apart = f"; {words.plural(unknown, 'audit has', 'audits have')} only one of the two" if unknown else ""
    return cards.section("What moderation changed", table, says=f"From the first grade to the final one: {moved}{apart}.")


def re_audit_section(rows: pd.DataFrame, within: str) -> Component:
    """Audits judged inadequate, and whether the child's work was audited again in time."""
    n = {state: int((rows["state"] == state).sum()) for state in audit_findings.RE_AUDIT_STATES}
    says = (
        f"Due {within} after the audit: our proposal, unless the council’s own clocks say otherwise. "
        f"{words.count(n['in_time'])} done in time, {words.count(n['late'])} late, {words.count(n[OVERDUE])} not done and past their day, "
        f"{words.count(n['not_due'])} not yet due."
    )  # fmt: skip
    waiting = rows[rows["state"].isin([OVERDUE, "not_due"])]
    columns = [
        Column("Child", lambda r: _child(r["child_id"]), wrap=False),
        Column("Audit", "audit_id", wrap=False, quiet=True),
        Column("Audited", lambda r: words.day(r["happened_on"]), wrap=False),
        Column("Audit again by", lambda r: words.day(r["due_on"]), wrap=False),
        Column(
            "State", lambda r: status_mark("not met", "Past its day") if r["state"] == OVERDUE else status_mark("no target", "Not yet due")
        ),
        Column("Team", lambda r: named(r["team_id"]), wrap=False),
    ]
    title = "Audited again after “inadequate”"
    nothing = "Every audit judged inadequate has been followed by another." if len(rows) else "No audit was judged inadequate."
    return cards.section(title, *listed(columns, waiting, "Waiting for a re-audit", nothing), says=says)


def owed_section(rows: pd.DataFrame, beside: Component | None = None) -> Component:
    """What audits asked for that is overdue or due soon, the longest overdue first."""
    n = {state: int((rows["state"] == state).sum()) for state in (OVERDUE, DUE_SOON, LEFT_OUT)}
    says = f"{words.count(n[OVERDUE])} overdue, {words.count(n[DUE_SOON])} due in the next 5 working days, {words.count(len(rows))} open"
    says += f"; {words.count(n[LEFT_OUT])} have no due day recorded." if n[LEFT_OUT] else "."
    shown = rows[rows["state"].isin([OVERDUE, DUE_SOON])]
    columns = [
        Column("Child", lambda r: _child(r["child_id"]), wrap=False),
        Column("Asked for", lambda r: r["text"] if not words.missing(r["text"]) else f"Action {r['action_id']}"),
        Column("Late or left", lambda r: _late(r), wrap=False),
        Column("Due", lambda r: words.day(r["due_on"]), wrap=False),
        Column("Worker", lambda r: named(r["worker_id"]), wrap=False),
        Column("Team", lambda r: named(r["team_id"]), wrap=False),
    ]
    body = listed(columns, shown, "Audit actions owed", "Nothing that audits asked for is overdue or due soon.")
    no_child = shown["child_id"].isna().any()
    note = (
        [html.P("A dash: the audit that asked for it is not loaded, so the child is not known.", className="small quiet")]
        if no_child
        else []
    )
    return cards.section("What audits asked for", *body, *note, says=says, aside=beside)


def listed(columns: list[Column], rows: pd.DataFrame, caption: str, nothing: str) -> list[Component]:
    """A table of the first rows of a list, and how many more there are."""
    shown = [plain_table(columns, rows.head(MOST).to_dict("records"), caption, nothing=nothing)]
    if len(rows) > MOST:
        shown.append(html.P(f"The first {MOST} of {words.count(len(rows))}. Choose a team to see its own.", className="small quiet"))
    return shown


def likely(low: Any, high: Any) -> str:
    """A range a share is likely to lie in: "7.0 % to 13.0 %"."""
    return words.NONE if words.missing(low) else f"{words.pct(low)} to {words.pct(high)}"


def _columns() -> list[Column]:
    """What tallied grades show, by team or by theme."""
    return [
        Column("Inadequate", lambda r: words.n_of_N(r["inadequate"], r["graded"]), numeric=True),
        Column("Share", _share_or_few, numeric=True),
        Column("Bar", lambda r: meter(100 * r["inadequate"] / r["graded"] if r["graded"] else None), hidden_title=True, wide_only=True),
        Column("Likely between", lambda r: likely(r["low"], r["high"]), numeric=True),
        Column("Good or outstanding", lambda r: words.n_of_N(r["good"] + r["outstanding"], r["graded"]), numeric=True),
        Column("No grade", lambda r: words.count(r["no_grade"]), numeric=True, quiet=True),
    ]


def _share_or_few(row: Mapping[str, Any]) -> Any:
    return status_mark("few cases") if 0 < row["graded"] < FEW else _share(row["inadequate"], row["graded"])


def _share(n: float, of: float) -> str:
    return words.pct(100 * n / of) if of else words.NONE


def _child(child: Any) -> str:
    return words.NONE if words.missing(child) else str(child)


def _late(row: Mapping[str, Any]) -> Component:
    late = int(row["days_late"])
    if row["state"] == OVERDUE:
        return status_mark("not met", f"{words.plural(late, 'day', 'days')} late")
    return status_mark("near", "Due that day" if late == 0 else f"{words.plural(-late, 'day', 'days')} left")
