"""Things done again and again: core groups, checks, reviews of plans, so often in time that the share up to date follows the story."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from data.sample.days import month_start, working_on_or_before
from data.sample.visits import share_on_time

Share = Callable[[int], float]
USUAL = 0.9  # how long after the last one the next comes when in time, as a part of the limit


def done_again(rng: Random, start: int, end: int, limit: int, share: Share, *, first: int | None = None) -> list[int]:
    """The days from `start` to before `end` on which it was done, each at most `limit` days after the last in a share of gaps.

    The share is of cases up to date on a day, not of gaps: late gaps last longer. `first`: how long after the start the first is due.
    """
    days: list[int] = []
    at, within = start, first or limit
    while True:
        wanted = share(at)
        late = within * max(0.4, 1.15 * (1 - wanted) / wanted)  # how far beyond the limit a late one comes
        if rng.random() < share_on_time(wanted, within, USUAL * within, late):
            gap = rng.uniform((2 * USUAL - 1) * within, within)
        else:
            gap = within + 1 + rng.expovariate(1 / late)
        at = max(working_on_or_before(at + int(gap)), at + 1)
        if at >= end:
            return days
        days.append(at)
        within = limit


def day_in(rng: Random, month: int) -> int:
    """Some working day of a month."""
    return working_on_or_before(month_start(month) + 4 + rng.randrange(24))


def about(rng: Random, wanted: float) -> int:
    """A whole number near a wanted one, above or below so that the mean is right, with a little more or less by chance."""
    return max(int(wanted + rng.random()) + rng.choice((-1, 0, 0, 1)) * (wanted >= 3), 0)
