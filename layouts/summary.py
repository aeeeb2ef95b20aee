"""The month's Excel summary, gathered from the store: the same judged figures the pages show."""

from __future__ import annotations

import pandas as pd

from data.store import Store
from data.viewer import Viewer
from kpi import DOMAINS, REGISTER
from layouts.comments import comments_of
from layouts.freshness import as_at_of, stand_of_sources
from layouts.view import View, named
from layouts.workbook import Book, Row, summary
from layouts.workbook_contents import FRAME_COLUMNS

TREND_MONTHS = 36
MOST_PROBLEMS = 5000


def summary_of(store: Store, viewer: Viewer, org: str, period: pd.Timestamp, *, produced_at: pd.Timestamp) -> bytes:
    """The workbook of one month as bytes. A month with no data makes a workbook that says so."""
    view = View(store, viewer, org, "/", {"period": f"{period:%Y-%m}"})
    whole = view.figures("authority", months=TREND_MONTHS)
    whole = whole[whole["period"] > period - pd.DateOffset(months=TREND_MONTHS)]
    teams = view.figures("team", months=0)
    teams = teams[teams["period"] == period].merge(view.teams, left_on="unit_id", right_on="team_id", how="left")
    problems = store.problems(viewer.authority)
    held = view.loads
    now = whole[whole["period"] == period].set_index("kpi")
    loads = held.assign(id=held["batch_id"], status=held["withdrawn_at"].notna().map({True: "withdrawn", False: "held"}))
    return summary(
        Book(
            authority_title=org, invented=view.invented, period=period, produced_at=produced_at,
            as_at=as_at_of(stand_of_sources(view)), produced_by=viewer.name,
            measures=[_row(key, now) for key in _in_domain_order()],
            trend=whole[list(FRAME_COLUMNS["trend"])], teams=teams.rename(columns={"service_id": "service"})[list(FRAME_COLUMNS["teams"])],
            targets=view.targets, said=_said(view), loads=loads, problems=problems.head(MOST_PROBLEMS),
            problems_not_given=max(0, len(problems) - MOST_PROBLEMS),
        )
    )  # fmt: skip


def _said(view: View) -> pd.DataFrame:
    """A row for each measure and each comment on the whole beside it, then one for each comment on a service or team of it.

    Every comment of the month that this viewer may read is there; a measure nobody commented on has one row.
    """
    remarks = view.store.remarks(view.viewer, period=view.period).rename(columns={"text": "comment", "made_by": "by", "made_at": "at"})
    whole = remarks["level"] == "authority"
    said = pd.DataFrame([(key, comment.text) for key, comment in comments_of(view).items()], columns=["kpi", "said"], dtype="object")
    both = said.merge(remarks.loc[whole, ["kpi", "comment", "by", "at"]], on="kpi", how="outer").assign(unit="", place=0)
    place = remarks["level"].map({"service": 1, "team": 2}).fillna(3)
    units = remarks.assign(unit=remarks["unit_id"].map(named), place=place, said=None).loc[~whole]
    rows = pd.concat([both, units[both.columns]], ignore_index=True) if len(units) else both
    order = {key: i for i, key in enumerate(_in_domain_order())}
    rows = rows.assign(domain=rows["kpi"].map(order)).sort_values(["domain", "place", "unit", "at"], kind="stable", ignore_index=True)
    return rows[list(FRAME_COLUMNS["said"])]


def _in_domain_order() -> list[str]:
    return [m.key for domain in DOMAINS for m in REGISTER.values() if m.domain == domain.key]


def _row(key: str, now: pd.DataFrame) -> Row:
    measure = REGISTER[key]
    domain = next(d.title for d in DOMAINS if d.key == measure.domain)
    words = {"definition": measure.definition, "method": measure.method, "sources": measure.sources}
    if key not in now.index:
        return Row(key, measure.title, domain, None, None, None, measure.measure, measure.better, None, None, None, "no data", **words)  # type: ignore[arg-type]
    f = now.loc[key]
    return Row(
        key, measure.title, domain, f["value"], f["numerator"], f["denominator"], measure.measure, measure.better, f["target"], f["amber"],
        f["target_by"], f["status"], change=f["change"], sustained=None if pd.isna(f["sustained"]) else int(f["sustained"]),
        left_out=f["left_out"], note=f["note"], **words,  # type: ignore[arg-type]
    )  # fmt: skip
