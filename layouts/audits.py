"""Audits, checks and escalations: what those who look at the work found, and whether it was acted on. Twelve months, any unit."""

from __future__ import annotations

from functools import lru_cache, partial

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.store import Store
from data.viewer import Viewer
from kpi import audit_findings, oversight
from kpi.duties import OVERDUE
from kpi.interval import wilson
from layouts import cards, shell, words
from layouts.audit_sections import by_month, by_team, likely, moderation_table, owed_section, re_audit_section, theme_table
from layouts.not_loaded import covered_months, missing_tables, not_loaded
from layouts.of_unit import of_unit
from layouts.oversight import checks_section, escalations_section
from layouts.page import Page
from layouts.view import View

HERE, TITLE = "/audits", "Audits, checks and escalations"
TRAIL = (("Briefing", "/"), ("Quality of practice", "/domain/quality"))
WANTED = {
    "audit": "Audits, their grades and themes", "audit_action": "What audits asked for",
    "parent_placement_check": "Checks of children placed with parents", "iro_escalation": "Escalations by reviewing officers",
}  # fmt: skip


def draw(view: View) -> Component:
    """The page, for the whole, a service or a team, as at the period end."""
    if view.period is None:
        says = "The audits, audit actions, placed with parents and escalations extracts bring this page."
        return html.Div([shell.heading(TITLE), cards.empty("Nothing has been loaded yet", says)], className="wrap")
    if not view.viewer.may_see_unit(*view.unit):
        return html.Div([shell.heading(TITLE), cards.no_permission(f"You do not see the team {view.team}.")], className="wrap")
    gone = missing_tables(view, WANTED)
    where = f", {view.unit_name}" if view.unit[1] else ""
    return html.Div(
        [
            shell.crumbs([(name, shell.address(path, view.chosen)) for name, path in TRAIL], TITLE),
            shell.heading(f"{TITLE}{where}", shell.filters(HERE, view.choices())),
            shell.as_at(view.period, ", the twelve months to it. Children and workers are shown of the teams you see."),
            *(_audits(view) if "audit" not in gone else []),
            *([_owed(view)] if "audit_action" not in gone else []),
            *([_re_audits(view)] if "audit" not in gone else []),
            *([_checks(view)] if "parent_placement_check" not in gone else []),
            *([_escalations(view)] if "iro_escalation" not in gone else []),
            *[part for part in [not_loaded(view, WANTED)] if part is not None],
        ],
        className="wrap audits",
    )  # fmt: skip


def made(view: View) -> pd.DataFrame:
    """The audits of the unit shown, of the twelve months to the period, as far as this viewer may see them."""
    return of_unit(view, _rows(view, "audits_made"))


def owed(view: View) -> pd.DataFrame:
    """What audits asked for in the unit shown that is not done at the period end, as far as this viewer may see it."""
    return of_unit(view, _rows(view, "actions_owed"))


def months_spoken_for(view: View) -> pd.DatetimeIndex:
    """The months of the twelve to the period that an extract of audits speaks for."""
    months = pd.date_range(end=view.period, periods=audit_findings.MONTHS, freq="ME").as_unit("s")
    return months.intersection(covered_months(view).get("audit", pd.DatetimeIndex([])))


def said_of(audits: pd.DataFrame) -> str:
    """How many audits were judged inadequate, in a sentence, with the range by chance."""
    all_of = audit_findings.tally(audits, []).iloc[0] if len(audits) else None
    if all_of is None or not all_of["graded"]:
        return "No audit was graded in these twelve months."
    poor, graded = int(all_of["inadequate"]), int(all_of["graded"])
    low, high = wilson(poor, graded)
    few = " Few audits: read it with care." if graded < 10 else ""
    return (
        f"{words.n_of_N(poor, graded)} audits graded {'was' if poor == 1 else 'were'} judged inadequate, {words.pct(100 * poor / graded)}; "
        f"by chance alone it may lie between {words.pct(low)} and {words.pct(high)}.{few}"
    )


def _audits(view: View) -> list[Component]:
    audits = made(view)
    lead = html.P(said_of(audits), className="message")
    if audits.empty:
        return [lead]
    teams = [] if view.team else [by_team(audits)]
    return [
        lead,
        _facts(view, audits),
        by_month(audits, months_spoken_for(view)),
        *teams,
        html.Div([theme_table(audits), moderation_table(audits)], className="pair"),
    ]


def _facts(view: View, audits: pd.DataFrame) -> Component:
    row = audit_findings.tally(audits, []).iloc[0]
    good = int(row["good"] + row["outstanding"])
    asked = owed(view)
    with_worker = int(audits["practitioner_involved"].fillna(False).astype(bool).sum())
    known = int(audits["practitioner_involved"].notna().sum())
    share = words.pct(100 * good / row["graded"]) if row["graded"] else words.NONE
    return cards.facts(
        [
            cards.Fact("Judged inadequate", words.n_of_N(row["inadequate"], row["graded"]), likely(row["low"], row["high"])),
            cards.Fact("Good or outstanding", words.n_of_N(good, row["graded"]), share),
            cards.Fact("No final grade", words.count(row["no_grade"]), "left out of the shares"),
            cards.Fact("Done with the worker", words.n_of_N(with_worker, known), "where that is recorded"),
            cards.Fact("Actions overdue", words.count(int((asked["state"] == OVERDUE).sum())), f"of {words.count(len(asked))} open"),
        ]
    )  # fmt: skip


def _owed(view: View) -> Component:
    return owed_section(owed(view), _kpi(view, "audit_actions_on_time", "Done on time"))


def _re_audits(view: View) -> Component:
    rows = of_unit(view, _rows(view, "re_audits"))
    assert view.period is not None
    within = view.store.told(view.viewer, partial(_within, day=view.period))["within"].iloc[0]
    return re_audit_section(rows, str(within))


def _within(tables: object, *, day: pd.Timestamp) -> pd.DataFrame:
    return pd.DataFrame({"within": [audit_findings.re_audit_within(tables, day)]})  # type: ignore[arg-type]


def _checks(view: View) -> Component:
    children, checks = of_unit(view, _rows(view, "spot_checks")), of_unit(view, _rows(view, "checks_made"))
    return checks_section(children, checks, _kpi(view, "parents_spot_checks", "Checked in 6 months"))


def _escalations(view: View) -> Component:
    rows = of_unit(view, _rows(view, "escalations"))
    return escalations_section(rows, _kpi(view, "iro_escalations_resolved", "Resolved in time"))


def _kpi(view: View, key: str, title: str) -> Component:
    """A way to the measure that counts the same, with its figure of the month."""
    level, unit = view.unit
    now = view.figures(level, [unit], keys=[key], months=0)
    now = now[now["period"] == view.period]
    shown = words.NONE if now.empty else words.n_of_N(now["numerator"].iloc[0], now["denominator"].iloc[0])
    return html.P(
        [html.A(title, href=shell.address(f"/kpi/{key}", view.chosen)), f", {words.month(view.period)}: {shown}"], className="small"
    )


def _rows(view: View, what: str) -> pd.DataFrame:
    assert view.period is not None
    return _found(view.store, view.viewer, view.version, view.period, what)


@lru_cache(maxsize=32)
def _found(store: Store, viewer: Viewer, version: tuple[int, int], day: pd.Timestamp, what: str) -> pd.DataFrame:
    """What one function of `kpi.audit_findings` or `kpi.oversight` finds, as far as this viewer may see it."""
    measure = getattr(audit_findings, what, None) or getattr(oversight, what)
    return store.cases(viewer, partial(measure, day=day))


PAGE = Page(HERE, draw, part_of="/domains")
