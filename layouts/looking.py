"""Which teams should be looked at, over many measures at once: those that stand out for the worse three months running, and why.

Never a league table: in order of the team's name, and in the words of `kpi.extra_support`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import pandas as pd
from dash import html
from dash.development.base_component import Component

from data.store import Store
from data.viewer import Viewer
from kpi import DOMAINS, REGISTER, Kpi
from kpi.extra_support import LOOK_COLUMNS, WHAT_THIS_IS, units_to_look_at
from kpi.figures import HISTORY_SHORT
from layouts import cards, shell, words
from layouts.navigation import team_address
from layouts.tables import Column, plain_table
from layouts.view import View, named

SHOWN = 4  # as many as a reader takes in; the rest are one tap away


def teams_to_look_at(view: View, measures: Sequence[Kpi]) -> pd.DataFrame:
    """The teams this viewer sees that stand out, of the service chosen: kpi, unit_id, since, months, numerator, ..., reason.

    Each is held against all teams of the council, whoever looks. By team, then in the order of the measures.
    """
    together = [tuple(kpi.key for kpi in measures if kpi.domain == domain.key) for domain in DOMAINS]
    parts = [_of_all(view.store, view.viewer, view.version, view.period, keys) for keys in together if keys]
    found = pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else _none()
    found = view.viewer.may_see(found.assign(team_id=found["unit_id"]))
    if view.service:
        found = found[found["unit_id"].isin(view.teams.loc[view.teams["service_id"] == view.service, "team_id"])]
    return found.drop(columns="team_id").sort_values("unit_id", key=lambda ids: ids.str.casefold(), kind="stable", ignore_index=True)


def looking_section(view: View, measures: Sequence[Kpi], *, heading: str = "Teams to look at") -> Component:
    """Those teams as a table, each with its measure and the reason; the first few, the rest folded."""
    found = teams_to_look_at(view, measures).to_dict("records")
    if not found:
        nobody = html.P("No team stands out for the worse three months running.", className="calm")
        return cards.section(heading, nobody, says=WHAT_THIS_IS)
    columns = [
        Column("Team", lambda r: html.A(named(r["unit_id"]), href=team_address(r["unit_id"], view.chosen)), wrap=False),
        Column("Measure", lambda r: html.A(REGISTER[r["kpi"]].title, href=kpi_of_team(view, r["kpi"], r["unit_id"]))),
        Column("Since", lambda r: words.short_month(r["since"]), wrap=False),
        Column("Why", "reason"),
    ]
    first, rest = found[:SHOWN], found[SHOWN:]
    parts: list[Component] = [plain_table(columns, first, heading)]
    if rest:
        parts.append(
            html.Details(
                [html.Summary(f"Show {words.count(len(rest))} more"), plain_table(columns, rest, f"{heading}, continued")],
                className="folded",
            )
        )
    return html.Div(cards.section(heading, *parts, says=WHAT_THIS_IS), className="looking")


def kpi_of_team(view: View, key: str, team: str) -> str:
    """The page of one measure for one team, in the period chosen."""
    return shell.address(f"/kpi/{key}", {**view.chosen, "service": "", "team": team})


def _can_be_compared(measure: Kpi) -> bool:
    return measure.better is not None and measure.span == "month" and measure.given is None


@lru_cache(maxsize=64)
def _of_all(store: Store, viewer: Viewer, version: tuple[int, int], period: pd.Timestamp, keys: tuple[str, ...]) -> pd.DataFrame:
    """The measures of a domain, worked out once for each state of the data; a page of teams draws from the same figures."""
    view = View(store, viewer, "", "/", {"period": f"{period:%Y-%m}"})
    every = view.figures("team", keys=keys)
    every = every[every["note"] != HISTORY_SHORT]
    parts = [_of_one(view, REGISTER[key], every[every["kpi"] == key]) for key in keys if _can_be_compared(REGISTER[key])]
    return pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else _none()


def _of_one(view: View, measure: Kpi, figures: pd.DataFrame) -> pd.DataFrame:
    if figures.empty or figures["period"].max() != view.period:
        return _none()
    return units_to_look_at(
        figures, better=measure.better, measure=measure.measure, level="team", rebase_at=view.rebases_of(measure.key), span=measure.span
    ).assign(kpi=measure.key)  # fmt: skip


def _none() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="object") for name in (*LOOK_COLUMNS, "kpi")}).astype({"unit_id": "str", "kpi": "str"})
