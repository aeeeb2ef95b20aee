"""Where do our charts depart from the packages they follow, and how far out were likely figures? Printed on the Method page.

Everything not listed here is equal to the packages' own results, which the tests hold us to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Package = Literal["NHSRplotthedots 0.2.2", "FunnelPlotR 0.6.0"]
SPC_PACKAGE: Package = "NHSRplotthedots 0.2.2"
FUNNEL_PACKAGE: Package = "FunnelPlotR 0.6.0"


@dataclass(frozen=True)
class Departure:
    """One difference: when it arises, what the package does, what we do, and why."""

    package: Package
    when: str
    package_does: str
    we_do: str
    why: str


@dataclass(frozen=True)
class BackTest:
    """How far likely figures were out when tried on the past: on what, how far ahead, and what came of it.

    error: how far the likely figure was out on average, in percentage points; within: how often in 100 the figure lay in the likely range,
    which aims at 80; unchanged: how far out it would have been to expect no change at all.
    """

    on: str
    ahead: str
    error: float
    within: int
    unchanged: float


_SIMULATED = "480 simulated series: noise, steady change, rises that stop or begin, steps, wandering"
_INVENTED = "Percentages of the invented council, the whole of it, month by month"
_PUBLISHED = "Every council’s published annual percentages that are held, years in place of months"
BACK_TESTS: tuple[BackTest, ...] = (
    BackTest(_SIMULATED, "3 months", 3.4, 83, 3.9),
    BackTest(_SIMULATED, "6 months", 4.2, 81, 4.8),
    BackTest(_SIMULATED, "12 months", 6.1, 77, 6.8),
    BackTest(_INVENTED, "3 months", 5.9, 75, 5.7),
    BackTest(_INVENTED, "6 months", 6.8, 74, 6.7),
    BackTest(_INVENTED, "12 months", 9.1, 74, 9.2),
    BackTest(_PUBLISHED, "1 year", 4.8, 81, 4.0),
    BackTest(_PUBLISHED, "2 years", 5.9, 78, 4.8),
)

DEPARTURES: tuple[Departure, ...] = (
    Departure(
        SPC_PACKAGE, "A series that never varies",
        "Leaves out every moving range as unusual, so has no limits and no signals.",
        "Keeps the zeros: both limits are the mean, and any later departure from it is outside.",
        "A team at 100% month after month is the most predictable there is, and the first month below should be seen.",
    ),
    Departure(
        SPC_PACKAGE, "A series that never varies, against a target",
        "Calls it inconsistent, for want of limits.",
        "Passes it if its one value meets the target (equal counts), fails it if not.",
        "Every month has met the target, or every month has missed it: neither is hit and miss.",
    ),
    Departure(
        SPC_PACKAGE, "A month with no value",
        "A missing value spoils the comparisons round it.",
        "Keeps the month's place on the chart, passes it over in the rules, and never fills it in.",
        "No data is not a figure. A run of seven months is still one when a month in its midst was never reported.",
    ),
    Departure(
        SPC_PACKAGE, "A step across a missing month",
        "Takes the difference between the months either side as one moving range.",
        "Takes none: a moving range needs two months that follow each other.",
        "Two months' change is not one month's, and would widen the limits.",
    ),
    Departure(
        SPC_PACKAGE, "One value only, or no two months that follow each other",
        "Has no limits, and reports an assurance of inconsistent where there is a target.",
        "Has no limits, says so, and gives no assurance.",
        "Nothing is known yet of how much the figure varies.",
    ),
    Departure(
        SPC_PACKAGE, "A rebase on a day that is not one of the chart's dates",
        "Does nothing.",
        "Starts the new stretch with the month that holds the day, or the first month after it with a place on the chart.",
        "Changes happen on days, figures are for months.",
    ),
    Departure(
        SPC_PACKAGE, "Two equal months between a rise and a fall that are both trends",
        "Marks the last month of the first trend as part of a fall.",
        "Marks it as part of the trend it ends.",
        "That month belongs to one trend only.",
    ),
    Departure(
        SPC_PACKAGE, "Two numbers that differ only by the rounding of the machine",
        "Compares them to the last binary digit.",
        "Takes them as equal when they differ by less than a thousand-millionth of the series' largest value.",
        "A point on the mean or on a limit should not depend on how a percentage was calculated.",
    ),
    Departure(
        SPC_PACKAGE, "Which chart",
        "Draws an XmR chart of whatever it is given.",
        "Draws an XmR chart, a p-chart, a run chart or a plain line, by a rule that is printed beside the chart.",
        "Shares of few cases vary with the number of cases, short series have no limits worth having, rolling figures repeat themselves.",
    ),
    Departure(
        FUNNEL_PACKAGE, "A limit that would pass below 0% or above 100%",
        "Folds back over the end of the arcsine scale, and is put to 0 or 100 only where it crosses the limit of the next larger unit.",
        "Stays at 0% or 100%.",
        "Folded back, the limits of the largest unit can come out far too narrow and single it out wrongly.",
    ),
    Departure(
        FUNNEL_PACKAGE, "Spread between fewer than 20 units",
        "Allows for it whenever there is any.",
        "Shows both sets of limits and judges by those of chance alone.",
        "Among nine teams two that truly differ would pass as usual spread and hide themselves.",
    ),
    Departure(
        FUNNEL_PACKAGE, "Councils among their ten statistical neighbours",
        "Allows for the spread between them, round the share of all their cases.",
        "Allows for it too, though they are fewer than 20, and draws the limits round England's figure.",
        "With thousands of cases each, every council would stand apart by chance alone; and one large neighbour would move the middle.",
    ),
)  # fmt: skip
