"""Histories typed out as text, judged and signalled by the real functions, so that a test of commentary reads as a situation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pandas as pd

from kpi.commentary import Comment, Comparator, Noted, comment
from kpi.figures import HISTORY_SHORT
from kpi.model import REGISTER, Kpi, Span
from kpi.targets import judged, with_months_before
from kpi.trajectory import Trajectory
from kpi.which_chart import chart_of

LAST = pd.Timestamp("2026-05-31")
VISITS, REFERRED, CASELOAD = REGISTER["cp_visits_in_time"], REGISTER["re_referrals"], REGISTER["caseload"]
CONFERENCES, AGENCY = REGISTER["icpc_in_15_days"], REGISTER["agency_workers"]
NEUTRAL = replace(VISITS, key="open_plans", title="Plans open", better=None, measure="count", noun="plans open", did="open")
RATE = replace(VISITS, key="plan_rate", title="Plans open per 10,000", better=None, measure="rate", noun="plans open")
DAYS = replace(
    VISITS, key="days_to_visit", title="Days to a visit", better="lower", measure="days", noun="first visits", did="days", basis="in_period"
)
INVENTED = (NEUTRAL, RATE, DAYS)


@dataclass(frozen=True)
class Situation:
    """`series`: "70/91" a month, "70/91*5" five of them, "-" a month of no data; the last is May 2026. `target`: "85", "85 by 2026-07-31",
    or steps "80, 85 from 2026-05-01". `says`, `never`: key words of the text, `point` of the first sentence, `changed` of what changed.
    """

    name: str
    series: str
    measure: Kpi = VISITS
    target: str = ""
    point: str = ""
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    changed: str = ""
    short: bool = False
    span: Span = "month"
    left_out: int = 0
    rebase: str = ""
    teams: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # name -> its figure before the signal, and now
    then: str = ""
    notes: tuple[Noted, ...] = ()
    comparator: Comparator | None = None
    heading: Trajectory | None = None


def note(on: str, label: str, kind: str = "inspection", kpi: str = "", rebase: bool = False) -> Any:
    return SimpleNamespace(on=pd.Timestamp(on), label=label, kind=kind, kpi=kpi, rebase=rebase)


def months_of(series: str) -> list[tuple[float | None, float | None]]:
    out: list[tuple[float | None, float | None]] = []
    for token in series.split():
        one, _, times = token.partition("*")
        top, _, bottom = one.partition("/")
        out += [(None, None) if one == "-" else (float(top), float(bottom))] * int(times or 1)
    return out


def targets_of(key: str, target: str) -> pd.DataFrame:
    """ "80 by 2026-07-31, 85 from 2026-05-01 by 2026-07-31" as dated rows; amber is ten points away."""
    rows = []
    for step in filter(None, target.split(", ")):
        words = step.split()
        said = dict(zip(words[1::2], words[2::2], strict=True))
        away = -10 if REGISTER[key].better == "higher" else 10
        rows.append((key, said.get("from", "2015-01-01"), float(words[0]), float(words[0]) + away, said.get("by")))
    out = pd.DataFrame(rows, columns=["kpi", "since", "green", "amber", "by"])
    return out.assign(since=pd.to_datetime(out["since"]).astype("datetime64[s]"), by=pd.to_datetime(out["by"]).astype("datetime64[s]"))


def history_of(
    measure: Kpi, months: list[tuple[float | None, float | None]], target: str = "", *, short: bool = False, span: Span = "month",
    left_out: int = 0, rebase: str = "",
) -> pd.DataFrame:  # fmt: skip
    """One unit's figures as commentary is given them."""
    periods = pd.date_range(end=LAST, periods=len(months), freq="ME", unit="s")
    figures = pd.DataFrame({
        "kpi": measure.key, "period": periods, "level": "authority", "unit_id": "", "unit": "",
        "numerator": pd.Series([n for n, _ in months], dtype="float64"), "denominator": pd.Series([d for _, d in months], dtype="float64"),
        "left_out": [{"no start": left_out} if left_out else {}] * len(months), "apart": [{}] * len(months),
        "note": HISTORY_SHORT if short else "",
    })  # fmt: skip
    out = with_months_before(judged(figures, targets_of(measure.key, target)))
    aim = out["target"].iloc[-1]
    charted = chart_of(
        out["numerator"], out["denominator"], measure.measure, dates=out["period"], better=measure.better, span=span, basis=measure.basis,
        target=None if pd.isna(aim) else float(aim), rebase_at=[rebase] if rebase else (),
    )  # fmt: skip
    columns = ["mean", "lower", "upper", "rule", "signal", "assurance", "segment"]
    signals = charted.months[columns].set_axis(out.index)
    choice = charted.choice
    return out.assign(chart=choice.chart, chart_reason=choice.reason, caution=choice.caution, **{name: signals[name] for name in columns})


def teams_of(one: Situation, measure: Kpi) -> pd.DataFrame | None:
    if not one.teams:
        return None
    rows = []
    for name, (before, now) in one.teams.items():
        for period, said in ((pd.Timestamp(one.then) if one.then else None, before), (LAST, now)):
            if period is not None and said != "-":
                top, bottom = months_of(said)[0]
                rows.append((measure.key, period, "team", name[:1], name, top, bottom))
    return pd.DataFrame(rows, columns=["kpi", "period", "level", "unit_id", "unit", "numerator", "denominator"])


def told(one: Situation) -> Comment:
    history = history_of(
        one.measure, months_of(one.series), one.target, short=one.short, span=one.span, left_out=one.left_out, rebase=one.rebase
    )
    return comment(
        one.measure, history, teams=teams_of(one, one.measure), comparator=one.comparator, heading=one.heading, annotations=one.notes
    )
