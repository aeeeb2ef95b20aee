"""The words on a trend: what each line is, at its end; the figure of the last month; the letters of what happened, and comparators.

Pure: plotly annotations and shapes as plain dicts. A line is named where it ends, so that nobody has to look from a key to a line and back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kpi.model import Better, Measure
from layouts import words
from layouts.chart_axes import HALF_MONTH, Scale, possible
from layouts.chart_lines import Comparator, Note
from layouts.marks import LIGHT

LINE = 17.0  # pixels from one line of words to the next
ABOVE = 10.0  # pixels from a comparator to its words
ROOM = pd.DateOffset(months=9)  # for its words after its line
LETTER = 9  # the radius of the ring round a letter

Words = dict[str, Any]


def end_labels(
    months: pd.DataFrame, scale: Scale, height: float, *, measure: Measure, better: Better | None, beyond: bool, expected: str = "",
    expected_at: float | None = None,
) -> list[Words]:  # fmt: skip
    """The names of the lines at their ends, in the gutter, moved apart when they would touch.

    `beyond`: the chart runs on past the last month, so the last figure is written beside its point instead.
    """
    labels: list[tuple[float, str, int, str]] = []  # figure, words, lines of text, ink
    target, by = months["target"].iloc[-1], words.by_words(months["target_by"].iloc[-1])
    if not words.missing(target):
        said = f"<b>Target {words.target_words(target, better, measure)}</b>"
        labels.append((float(target), f"{said}<br>{by}" if by else said, 2 if by else 1, LIGHT["ink"]))
    if expected and expected_at is not None:
        labels.append((expected_at, expected, 1, LIGHT["ink-2"]))
    last = months["value"].last_valid_index()
    if last is not None and not beyond:
        row = months.loc[last]
        said = f"<b>{words.figure(row['value'], measure)}</b> {words.short_month(row['period'])}"
        labels.append((float(row["value"]), said, 1, LIGHT["ink"]))
    labels += [(at, text, 1, LIGHT["ink-2"]) for at, text in _range_labels(months, measure)]
    labels.sort(key=lambda label: -label[0])
    pixels = height / (scale.end - scale.start)
    shifts = _apart([(at - scale.start) * pixels for at, *_ in labels], [LINE * n for _, _, n, _ in labels], height)
    return [
        {
            "xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "yref": "y", "y": at, "yshift": round(shift, 1), "yanchor": "middle",
            "align": "left", "showarrow": False, "text": text, "font": {"color": ink, "size": 13},
        }
        for (at, text, _, ink), shift in zip(labels, shifts, strict=True)
    ]  # fmt: skip


def last_figure(months: pd.DataFrame, measure: Measure) -> list[Words]:
    """The last figure beside its point: above it when the figure rose, below it when it fell."""
    known = months["value"].dropna().astype("float64")
    if known.empty:
        return []
    rose = len(known) < 2 or known.iloc[-1] >= known.iloc[-2]
    return [
        {
            "xref": "x", "x": f"{months.loc[known.index[-1], 'period']:%Y-%m-%d}", "xanchor": "center",
            "yref": "y", "y": float(known.iloc[-1]), "yanchor": "middle", "yshift": 17 if rose else -17, "showarrow": False,
            "text": f"<b>{words.figure(known.iloc[-1], measure)}</b>", "font": {"color": LIGHT["ink"], "size": 13},
        }
    ]  # fmt: skip


def note_marks(notes: Sequence[Note]) -> tuple[list[Words], list[Words]]:
    """What happened, as a dotted line on its day and a letter in a ring above it: (shapes, annotations)."""
    shapes: list[Words] = []
    letters: list[Words] = []
    for note in notes:
        on = f"{_place(note):%Y-%m-%d}"
        line = {"color": LIGHT["ink-2"], "width": 1, "dash": "1px,3px"}
        ring = {"color": LIGHT["ink-2"], "width": 1}
        shapes += [
            {"type": "line", "xref": "x", "x0": on, "x1": on, "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "line": line},
            {
                "type": "circle", "xref": "x", "yref": "paper", "xsizemode": "pixel", "ysizemode": "pixel", "xanchor": on, "yanchor": 1,
                "x0": -LETTER, "x1": LETTER, "y0": 6, "y1": 6 + 2 * LETTER, "fillcolor": LIGHT["surface"], "line": ring,
            },
        ]  # fmt: skip
        letters.append({
            "xref": "x", "x": on, "xanchor": "center", "yref": "paper", "y": 1, "yanchor": "middle", "yshift": 6 + LETTER,
            "showarrow": False, "text": f"<b>{note.letter}</b>", "font": {"color": LIGHT["ink"], "size": 12},
        })  # fmt: skip
    return shapes, letters


def comparator_labels(
    comparators: Sequence[Comparator], scale: Scale, height: float, months: pd.DataFrame, measure: Measure
) -> list[Words]:
    """What each comparator is, its figure and its year: where its line ends, else above it; moved apart where several lie close."""
    first, last = months["period"].iloc[0], months["period"].iloc[-1]
    pixels = height / (scale.end - scale.start)
    named = sorted((c for c in comparators if c.label), key=lambda c: -c.value)
    ended = [c for c in named if pd.Timestamp(c.last) <= last - ROOM]
    beside = [_clear_of(c.value, months["target"].iloc[-1], pixels) - scale.start * pixels for c in ended]
    running = [c for c in named if pd.Timestamp(c.last) > last - ROOM]
    above = [(c.value - scale.start) * pixels + (ABOVE if c is not running[-1] or c is running[0] else -ABOVE) for c in running]
    out = []
    for group, wanted, at_end in ((ended, beside, True), (running, above, False)):
        moved = _apart(wanted, [LINE] * len(group), height)
        for c, want, by in zip(group, wanted, moved, strict=True):
            at = pd.Timestamp(c.last) if at_end else max(pd.Timestamp(c.first), first)
            out.append({
                "xref": "x", "x": f"{at:%Y-%m-%d}", "xanchor": "left", "xshift": 5 if at_end else 0, "yref": "y", "y": float(c.value),
                "yanchor": "middle", "yshift": round(want + by - (c.value - scale.start) * pixels, 1), "showarrow": False,
                "font": {"color": LIGHT["ink-2"], "size": 13}, "text": f"{c.label}: {c.said or words.figure(c.value, measure)}",
            })  # fmt: skip
    return out


def _clear_of(value: float, target: float | None, pixels: float) -> float:
    """Where the middle of a comparator's words lies, in pixels from nought: not on the dashes of the target."""
    place = float(value) * pixels
    if words.missing(target) or abs(float(value) - float(target or 0)) * pixels >= ABOVE:
        return place
    return float(target or 0) * pixels + (ABOVE if value >= float(target or 0) else -ABOVE)


def _place(note: Note) -> pd.Timestamp:
    """Its own day; where the range was drawn anew, the gap between the last month of the old and the first of the new."""
    on = pd.Timestamp(note.on)
    return on + pd.offsets.MonthEnd(0) - HALF_MONTH if note.rebase else on


def _range_labels(months: pd.DataFrame, measure: Measure) -> list[tuple[float, str]]:
    """The middle and the limits as they stand in the last month; a limit no figure could reach is not named."""
    now = months.iloc[-1]
    if words.missing(now["mean"]):
        return []
    middle = "Median" if now["chart"] == "run" else "Mean"
    named = [("mean", middle), ("upper", "Upper limit"), ("lower", "Lower limit")]
    known = [(float(now[column]), name) for column, name in named if not words.missing(now[column])]
    return [(at, f"{name} {words.figure(at, measure)}") for at, name in known if possible(at, measure)]


def _apart(places: Sequence[float], sizes: Sequence[float], height: float) -> list[float]:
    """How far to move each label, highest first, so that none touch and none leaves the chart; each stays as near its line as it can."""
    groups: list[tuple[list[int], float, float]] = []  # members, wanted middle, size
    for i, (place, size) in enumerate(zip(places, sizes, strict=True)):
        groups.append(([i], place, size))
        while len(groups) > 1:
            (upper, high, tall), (lower, low, deep) = groups[-2:]
            if high - tall / 2 >= low + deep / 2:
                break
            share = len(upper) / (len(upper) + len(lower))
            groups[-2:] = [([*upper, *lower], high * share + low * (1 - share), tall + deep)]
    moved = [0.0] * len(places)
    for members, middle, size in groups:
        top = min(max(middle + size / 2, size), height + LINE)
        for i in members:
            moved[i] = top - sizes[i] / 2 - places[i]
            top -= sizes[i]
    return moved
