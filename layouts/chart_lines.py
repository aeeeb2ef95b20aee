"""What a trend draws, line by line: the expected range, the target, comparators, first figures, the figure itself and where it leads.

Each function gives plotly traces as plain dicts, in the light colours. `months`: one row a month (chart_axes.every_month).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kpi.model import Better, Measure
from layouts import words
from layouts.chart_axes import HALF_MONTH, possible, within
from layouts.marks import LIGHT

SHORT_HISTORY = "history short"
BREAK = pd.Timedelta(days=3)  # the gap left each side of the day a range was drawn anew

Trace = dict[str, Any]


@dataclass(frozen=True)
class Note:
    """Something that happened, to be marked on a chart: `Note(date(2024, 9, 1), "A", "Visits due in 10 working days", rebase=True)`."""

    on: pd.Timestamp
    letter: str
    label: str
    rebase: bool = False


@dataclass(frozen=True)
class Comparator:
    """A published figure to compare with, over the year it speaks for: `Comparator("Region", 2024-04-01, 2025-03-31, 83.9)`.

    One without a label is an earlier year of a line that is named at its newest. `said`: the figure in words, where it is not as ours.
    """

    label: str
    first: pd.Timestamp
    last: pd.Timestamp
    value: float
    dash: str = "1.5px,4px"
    said: str = ""


def range_lines(months: pd.DataFrame, measure: Measure) -> list[Trace]:
    """The expected range, its dashed edges and the mean, for each stretch between two rebases; stepped where the cases change."""
    band: dict[str, list[Any]] = {"x": [], "y": []}
    edges: dict[str, list[Any]] = {"x": [], "y": []}
    mean: dict[str, list[Any]] = {"x": [], "y": []}
    for run in _stretches(months.dropna(subset=["mean"]), months):
        x = _steps_across(run, months)
        held = run.dropna(subset=["upper"])
        if len(held) == len(run):
            lower = [within(v, measure) for v in run["lower"].fillna(0.0)]
            upper = [within(v, measure) for v in run["upper"]]
            _add(band, [*x, *reversed(x)], [*_twice(lower), *reversed(_twice(upper))])
            for side in ("lower", "upper"):
                _add(edges, x, _twice([v if not words.missing(v) and possible(v, measure) else None for v in run[side]]))
        _add(mean, x, _twice([float(v) for v in run["mean"]]))
    lines = [
        {**_quiet("Expected range", band), "fill": "toself", "fillcolor": LIGHT["limit"], "line": {"width": 0}, "hoverinfo": "skip"},
        {**_quiet("Limits", edges), "line": {"color": LIGHT["limit-edge"], "width": 1, "dash": "4px,3px"}},
        {**_quiet("Mean", mean), "line": {"color": LIGHT["mean"], "width": 1}},
    ]
    return [line for line in lines if any(v is not None for v in line["y"])]


def target_line(months: pd.DataFrame, end: pd.Timestamp) -> Trace:
    """The target as steps: flat over the months it held for, a step halfway between two months, a gap where none was set."""
    x: list[str | None] = []
    y: list[float | None] = []
    for _, run in months.groupby((months["target"] != months["target"].shift()).cumsum()):
        target = run["target"].iloc[0]
        if words.missing(target):
            x.append(None)
            y.append(None)
            continue
        final = run["period"].iloc[-1] == months["period"].iloc[-1]
        to = max(end, run["period"].iloc[-1] + HALF_MONTH) if final else run["period"].iloc[-1] + HALF_MONTH
        x += [f"{run['period'].iloc[0] - HALF_MONTH:%Y-%m-%d}", f"{to:%Y-%m-%d}"]
        y += [float(target)] * 2
    return {**_quiet("Target", {"x": x, "y": y}), "line": {"color": LIGHT["ink"], "width": 1.5, "dash": "5px,3.5px"}}


def comparator_line(comparator: Comparator) -> Trace:
    """A comparator, over its own year and no further."""
    x = [f"{pd.Timestamp(on):%Y-%m-%d}" for on in (comparator.first, comparator.last)]
    line = {"color": LIGHT["compare"], "width": 1.8, "dash": comparator.dash}
    return {**_quiet("Comparator", {"x": x, "y": [float(comparator.value)] * 2}), "line": line}


def changed_since(months: pd.DataFrame, published: pd.DataFrame | None) -> pd.DataFrame:
    """The months whose figure was first published as another: period, value, where the two differ as shown."""
    if published is None or published.empty:
        return pd.DataFrame({"period": [], "value": []})
    both = published[["period", "value"]].merge(months[["period", "value"]], on="period", suffixes=("", "_now")).dropna()
    differs = [words.rounded(was) != words.rounded(now) for was, now in zip(both["value"], both["value_now"], strict=True)]
    return both.loc[differs, ["period", "value"]]


def published_line(changed: pd.DataFrame) -> Trace:
    """The figures as first published, as small hollow rings."""
    held = {"x": [f"{on:%Y-%m-%d}" for on in changed["period"]], "y": [float(v) for v in changed["value"]]}
    marker = {"symbol": "circle", "size": 6, "color": LIGHT["surface"], "line": {"color": LIGHT["line-strong"], "width": 1.2}}
    return {**_quiet("As first published", held), "mode": "markers", "cliponaxis": False, "marker": marker}


def expected_line(months: pd.DataFrame, expected: tuple[pd.Timestamp, float], end: pd.Timestamp) -> Trace | None:
    """Where the trend leads by the target's date, dotted on from the last figure to a ring; cut off where the chart ends."""
    known = months.dropna(subset=["value"])
    by, figure = pd.Timestamp(expected[0]), float(expected[1])
    if known.empty or by <= known["period"].iloc[-1]:
        return None
    first, now = known["period"].iloc[-1], float(known["value"].iloc[-1])
    to = min(by, end)
    reached = now + (figure - now) * ((to - first) / (by - first))
    marker = {
        "symbol": "circle",
        "size": [0, 6 if to == by else 0],
        "color": LIGHT["surface"],
        "line": {"color": LIGHT["data"], "width": 1.5},
    }
    return {
        **_quiet("Trend", {"x": [f"{first:%Y-%m-%d}", f"{to:%Y-%m-%d}"], "y": [now, reached]}), "mode": "lines+markers",
        "cliponaxis": False, "line": {"color": LIGHT["data"], "width": 1.6, "dash": "2px,3px"}, "marker": marker,
    }  # fmt: skip


def data_lines(months: pd.DataFrame, measure: Measure, better: Better | None) -> list[Trace]:
    """The figure month by month: one line for each stretch between two rebases, each month with the shape its signal gives it."""
    shapes = _shapes(months)
    texts = [_hover(row, measure, better) for row in months.to_dict("records")]
    return [_data_line(months.loc[run.index], shapes.loc[run.index], [texts[i] for i in run.index]) for run in _stretches(months, months)]


def points_up(row: Mapping[str, Any]) -> bool:
    """Whether a signal's shape points up: the month lies on or above the mean."""
    return words.missing(row["mean"]) or float(row["value"]) >= float(row["mean"])


def _data_line(months: pd.DataFrame, shapes: pd.DataFrame, texts: Sequence[str]) -> Trace:
    edge = {"color": shapes["edge"].tolist(), "width": 1.2}
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "Figure",
        "x": [f"{period:%Y-%m-%d}" for period in months["period"]],
        "y": [None if words.missing(v) else float(v) for v in months["value"]],
        "connectgaps": False,
        "cliponaxis": False,
        "line": {"color": LIGHT["data"], "width": 1.8},
        "marker": {
            "symbol": shapes["symbol"].tolist(), "color": shapes["fill"].tolist(), "size": shapes["size"].tolist(), "line": edge,
            "opacity": 1,
        },
        "text": list(texts),
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _shapes(months: pd.DataFrame) -> pd.DataFrame:
    """The shape of every month: a dot within chance, a triangle or a diamond beyond it, hollow where the history is too short."""
    last = months["value"].last_valid_index()
    rows = []
    for place, row in enumerate(months.to_dict("records")):
        signal = row["signal"] if not words.missing(row["value"]) else None
        way = "triangle-up" if signal and points_up(row) else "triangle-down"
        if signal == "improvement":
            rows.append((way, LIGHT["accent"], LIGHT["surface"], 13.0 if place == last else 11.0))
        elif signal == "concern":
            rows.append(("diamond", LIGHT["near"], LIGHT["near-edge"], 12.5 if place == last else 10.5))
        elif signal in ("high", "low"):
            rows.append((way, LIGHT["ink-2"], LIGHT["surface"], 13.0 if place == last else 11.0))
        elif row["note"] == SHORT_HISTORY:
            rows.append(("circle", LIGHT["surface"], LIGHT["ink" if place == last else "line-strong"], 9.0 if place == last else 6.0))
        elif place == last:
            rows.append(("circle", LIGHT["ink"], LIGHT["surface"], 9.0))
        else:
            rows.append(("circle", LIGHT["data"], LIGHT["data"], 6.0))
    return pd.DataFrame(rows, columns=["symbol", "fill", "edge", "size"], index=months.index)


_SIGNAL_SAYS = {
    "improvement": "Better than chance would explain", "concern": "Worse than chance would explain",
    "high": "Higher than chance would explain", "low": "Lower than chance would explain",
}  # fmt: skip


def _hover(row: Mapping[str, Any], measure: Measure, better: Better | None) -> str:
    lines = [f"<b>{words.figure(row['value'], measure)}</b>  {words.base(row['numerator'], row['denominator'], measure)}"]
    if not words.missing(row["target"]):
        lines.append(f"Target {words.target_words(row['target'], better, measure)}: {words.STATUS_WORDS[row['status']].lower()}")
    if not words.missing(row["upper"]) and not words.missing(row["lower"]):
        low, high = (words.figure(within(row[side], measure), measure) for side in ("lower", "upper"))
        lines.append(f"Expected range {low} to {high}")
    if row["signal"] in _SIGNAL_SAYS:
        lines.append(_SIGNAL_SAYS[row["signal"]])
    if row["note"] == SHORT_HISTORY:
        lines.append("Too short a history to rely on")
    return "<br>".join(lines)


def _stretches(some: pd.DataFrame, months: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Months that follow one another without a rebase; with gaps in `some`, each unbroken run."""
    whole = len(some) == len(months)
    place = pd.Series(some.index, index=some.index)
    new = (some["segment"] != some["segment"].shift()) | ((place.diff() != 1) & (not whole))
    for _, run in some.groupby(new.cumsum()):
        yield run


def _steps_across(run: pd.DataFrame, months: pd.DataFrame) -> list[str]:
    """Each month as a step from halfway to the one before to halfway to the next, with a gap where a range was drawn anew."""
    starts, ends = run["period"] - HALF_MONTH, (run["period"] - HALF_MONTH).shift(-1)
    ends.iloc[-1] = run["period"].iloc[-1] + HALF_MONTH
    before, after = run.index[0] - 1, run.index[-1] + 1
    if before in months.index and months.loc[before, "segment"] != run["segment"].iloc[0]:
        starts.iloc[0] = starts.iloc[0] + BREAK
    if after in months.index and months.loc[after, "segment"] != run["segment"].iloc[0]:
        ends.iloc[-1] = ends.iloc[-1] - BREAK
    return [f"{on:%Y-%m-%d}" for pair in zip(starts, ends, strict=True) for on in pair]


def _twice(numbers: Sequence[float | None]) -> list[float | None]:
    return [number for number in numbers for _ in range(2)]


def _add(line: dict[str, list[Any]], x: Sequence[Any], y: Sequence[Any]) -> None:
    """One more piece of a line, parted from the one before."""
    if line["x"]:
        line["x"].append(None)
        line["y"].append(None)
    line["x"] += x
    line["y"] += y


def _quiet(name: str, line: Mapping[str, list[Any]]) -> Trace:
    """A line that says nothing of its own when pointed at: the month's figure says it all."""
    return {"type": "scatter", "mode": "lines", "name": name, "x": line["x"], "y": line["y"], "connectgaps": False, "hoverinfo": "skip"}
