"""The sentences commentary is made of: each says one thing of how a measure stands, or nothing.

They say what is so and never why it is so. A figure that chance explains is given no direction: a difference, not a movement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kpi.interval import wilson
from kpi.model import HOW_MANY, SHARES
from kpi.signals import RUN
from kpi.standing import SIGNALLED, Standing
from kpi.trajectory import Trajectory
from kpi.wording import count, day, decimal, figure, missing, month, n_of_N, part_of, rounded, signed, spoken, target_words

ACTS = ("ended", "had", "has", "have", "left", "moved", "started", "came", "took", "received", "waited", "returned", "were", "was")


@dataclass(frozen=True)
class Comparator:
    """A figure from elsewhere to hold ours against: `Comparator("England", "the year to March 2025", 22.4)`."""

    name: str
    when: str
    value: float


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def points(s: Standing, value: float) -> str:
    """A difference in the measure's own unit: "3.7 points", "1.2"."""
    size = decimal(abs(value)) if abs(value) >= 0.05 or not value else decimal(abs(value), 2)
    return f"{size} {'point' if size == '1.0' else 'points'}" if s.measure.measure in SHARES else size


def counted(s: Standing) -> str:
    """What was counted: "74 of 91 children with a plan open"; for a mean, who it is over; for a count or a rate, how many."""
    if s.measure.measure == "percent":
        return f"{n_of_N(s.numerator, s.denominator)} {s.measure.noun}"
    if s.measure.measure == "ratio":
        return f"{part_of(s.numerator, s.denominator)} {s.measure.noun}"
    if s.measure.measure == "value":
        return ""
    return f"{count(s.numerator if s.measure.measure in HOW_MANY else s.denominator)} {s.measure.noun}"


def fact(s: Standing) -> str:
    """The level: how many of how many, the figure, and the target with its date."""
    if s.status == "no data" and s.measure.given is not None and s.note:
        return f"There is no figure for {month(s.period)}: {s.note}."
    if s.status == "no data":
        return f"The sources of this measure do not cover {month(s.period)}."
    if s.status == "no cases":
        return f"There were no {s.measure.noun} to count in {month(s.period)}."
    shown = figure(s.value, s.measure.measure)
    against = _against(s)
    if s.measure.measure in SHARES:
        first = s.measure.did.split()[0]
        did = s.measure.did if first in ACTS else f"were {s.measure.did}"
        return f"{counted(s)} {did}: {shown}{against}."
    if s.measure.measure in ("count", "value"):
        return capital(f"{s.measure.noun}: {shown}{against}.")
    if s.measure.measure == "rate":
        return capital(f"{s.measure.noun}: {shown} people aged 0 to 17, {count(s.numerator)} in all{against}.")
    return f"The {'median' if s.measure.measure == 'median' else 'average'} over {counted(s)} was {shown}{against}."


def _against(s: Standing) -> str:
    if s.target is None or s.better is None:
        return ", with no target set" if s.target is None and s.better is not None else ""
    due = "" if s.due is None else f", due by {day(s.due)}" if s.overdue else f" by {day(s.due)}"
    return f" against a target of {target_words(s.target, s.better, s.measure.measure)}{due}"


_BEYOND = {"improvement": "better", "concern": "worse", "high": "higher", "low": "lower"}
_MOVING = {"improvement": "improving", "concern": "worsening", "high": "rising", "low": "falling"}


def direction(s: Standing) -> str:
    """What the signal is, in a few words: "improving", "worse this month than chance would usually explain"."""
    way = _BEYOND[s.signal]
    if moving(s):
        return _MOVING[s.signal]
    if shifted(s):
        return f"{way} than it was"
    return f"{way} {'this month ' if s.rule == 'outside' and s.months == 1 else ''}than chance would usually explain"


def moving(s: Standing) -> bool:
    """Whether seven months running moved the way of the signal: what may be called improving, whatever other rule it meets first."""
    return s.reality == "signal" and (s.steps if upward(s) else -s.steps) >= RUN - 1


def shifted(s: Standing) -> bool:
    """Whether seven months running lie on the side of the average that the signal points to, whatever other rule it meets first."""
    return s.reality == "signal" and (s.sided if upward(s) else -s.sided) >= RUN


def since_when(s: Standing) -> str:
    """What in the history makes it a signal, and since when; or that nothing does."""
    if s.reality == "signal":
        return _signal_since(s)
    if s.reality == "chance":
        if s.change is None or (s.last_month is not None and s.last_month.signal in SIGNALLED):
            return "The figure is within what chance would explain."
        if not rounded(s.change):
            return "The figure is the same as last month."
        return (
            f"The difference from last month ({signed(s.change, s.measure.measure)}{points_word(s)}) is no more than chance would explain."
        )
    if s.reality == "too_few_months":
        held = f"{spoken(s.range_months)} month{'' if s.range_months == 1 else 's'}"
        return f"With {held} of figures it is too soon to tell change from chance."
    if s.reality == "not_tested" and s.chart:
        return f"These figures are not tested for chance{_untested(s)}."
    return ""


def points_word(s: Standing) -> str:
    """What follows a difference with its sign: " points" for percentages."""
    return " points" if s.measure.measure in SHARES else ""


def _untested(s: Standing) -> str:
    """The reason, from the chart's own where it is given."""
    given = s.chart_reason.split(": ", 1)[-1].strip().rstrip(".")
    if given:
        return f": {given}"
    return ": each one shares months with the one before" if s.measure.span == "rolling" else ""


def _signal_since(s: Standing) -> str:
    began = f"since {month(s.since)}" if s.months > 1 else f"in {month(s.period)}"
    way = _BEYOND[s.signal]
    if moving(s):
        return f"It has been {way} than the month before for {spoken(abs(s.steps))} months running; the signal has held {began}."
    if shifted(s):
        return f"It has been on the {_side(s)} side of its average for {spoken(abs(s.sided))} months running, which chance seldom does."
    if s.rule == "two_of_three":
        return f"At least two of the last three months are near the {_edge(s)} end of the expected range; the signal has held {began}."
    edge = s.upper if upward(s) else s.lower
    past = "above" if upward(s) else "below"
    limit = f"{figure(edge, s.measure.measure)}, the {'top' if past == 'above' else 'bottom'} of the expected range"
    if s.months > 1:
        return f"The latest figure is {past} {limit}; the signal has held {began}."
    return f"It is {past} {limit}, for the first month."


def upward(s: Standing) -> bool:
    """Whether the signal points up: an improvement where higher is better, a concern where lower is."""
    return s.signal == "high" or (s.signal != "low" and (s.signal == "improvement") == (s.better == "higher"))


def _side(s: Standing) -> str:
    return {"improvement": "better", "concern": "worse"}.get(s.signal, "upper" if s.signal == "high" else "lower")


def _edge(s: Standing) -> str:
    return "upper" if upward(s) else "lower"


def range_note(s: Standing) -> str:
    """What the expected range says of the target, and whether it still rests on months before the change."""
    if s.reality not in ("signal", "chance"):
        return ""
    if s.reality == "signal" and s.range_from is not None and s.since is not None and s.range_from < s.since and s.months > 1:
        old = f"still includes months before {month(s.since)}"
        if s.assurance == "fail" and s.signal == "improvement" and s.judged:
            return f"The expected range lies short of the target, but it {old}."
        return f"The expected range {old}."
    if not s.judged:
        return ""
    if s.assurance == "fail" and s.short:
        return "The whole expected range lies short of the target: as things stand, chance alone would not reach it."
    if s.assurance == "hit_and_miss" and s.reality == "chance":
        return "The target lies within the expected range, so as things stand some months will meet it and some will not."
    if s.assurance == "pass" and s.status == "met":
        return "The whole expected range meets the target."
    return ""


def needed(s: Standing) -> str:
    """How many more (or fewer) cases would have met the target: what the gap means in children or workers."""
    if not s.short or s.measure.measure != "percent" or s.numerator is None or s.denominator is None or s.target is None:
        return ""
    total, top, way = int(s.denominator), int(s.numerator), -1 if s.better == "lower" else 1
    enough = min(max(round(s.target * total / 100) - way * (2 + total // 1000), 0), total)
    while 0 <= enough <= total and way * float(rounded(100 * enough / total)) < way * s.target:
        enough += way
    by = abs(enough - top)
    if not 0 <= enough <= total or not by:
        return ""
    return f"With {spoken(by)} {'fewer' if way < 0 else 'more'} the target would have been met."


def sustained(s: Standing) -> str:
    """Whether the target has been met in each of the last three months, or had been until now."""
    if not s.judged:
        return ""
    if s.status == "met":
        if s.met_running >= 3:
            return "Sustained: met in each of the last three months."
        return f"Met in {_times(s)} of the last three months, so not yet sustained." if len(s.met) == 3 else ""
    if s.met_running_before >= 3:
        return f"It had been met for {spoken(s.met_running_before)} months running."
    if len(s.met) < 3 or None in s.met:
        return ""
    times = sum(1 for one in s.met if one)
    return f"Met in {spoken(times)} of the last three months." if times else "Not met in any of the last three months."


def _times(s: Standing) -> str:
    return spoken(sum(1 for one in s.met if one))


def target_moved(s: Standing) -> str:
    """That the target is a new one this month."""
    was = s.last_month.target if s.last_month else None
    if was is None or s.target is None or was == s.target or s.better is None:
        return ""
    return f"The target was {target_words(was, s.better, s.measure.measure)} until {month(s.last_month.period if s.last_month else None)}."


def ahead(s: Standing, heading: Trajectory | None) -> str:
    """Where it is heading by the target's date."""
    if heading is None or not s.judged or s.due is None or s.overdue:
        return ""
    if heading.low is None or heading.high is None:
        return ""
    likely = f"between {figure(heading.low, s.measure.measure)} and {figure(heading.high, s.measure.measure)} is likely by {month(s.due)}"
    if heading.verdict == "met":
        return f"Looking ahead, {likely}."
    if heading.verdict == "on_track":
        return f"On track: {likely}."
    possible = "the target can be met but need not be" if heading.verdict == "at_risk" else "not on track"
    needs = ""
    if s.short and heading.needed and heading.months_left > 1:
        needs = f" The target needs {signed(heading.needed)}{points_word(s)} a month from here."
    return f"Looking ahead, {possible}: {likely}.{needs}"


def elsewhere(s: Standing, comparator: Comparator | None) -> str:
    """The figure from elsewhere, with its date."""
    if comparator is None or missing(comparator.value) or s.status in ("no data", "no cases"):
        return ""
    return f"{capital(comparator.name)} was at {figure(comparator.value, s.measure.measure)} in {comparator.when}."


def too_few(s: Standing) -> str:
    """What can be said of a figure from under ten cases: how wide it is, and the three months together."""
    if s.status != "few cases" or s.measure.measure != "percent" or s.numerator is None or not s.denominator:
        return "Under ten cases are too few to judge." if s.status == "few cases" else ""
    low, high = wilson(s.numerator, s.denominator)
    says = f"From so few, the usual level could lie anywhere from {figure(low, 'percent')} to {figure(high, 'percent')}."
    if s.three and s.three[1] > s.denominator:
        together = f"{n_of_N(*s.three)}, {figure(100 * s.three[0] / s.three[1], 'percent')}"
        says += f" The last three months together: {together}."
    return says


def many_left_out(s: Standing) -> str:
    """That a tenth or more of the cases could not be counted."""
    if not s.left_out or s.measure.measure != "percent" or s.left_out < 0.1 * (s.left_out + (s.denominator or 0)):
        return ""
    return f"Another {spoken(s.left_out)} could not be counted and {'is' if s.left_out == 1 else 'are'} left out."


def caution(s: Standing) -> str:
    """What to bear in mind of the limits, where the signal rests on them."""
    if s.reality != "signal" or s.rule not in ("outside", "two_of_three"):
        return ""
    return s.caution


def joined(sentences: Iterable[str]) -> str:
    return " ".join(filter(None, sentences))
