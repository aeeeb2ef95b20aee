"""Things done again and again: core groups, checks, reviews of plans, so often in time that the share up to date follows the story."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from data.sample.days import month_start, working_on_or_before
from data.sample.visits import share_on_time

Share = Callable[[int], float]
USUAL, LATE = 0.9, 1.4  # how long after the last one in time, and one late, comes: as parts of the limit


def done_again(rng: Random, start: int, end: int, limit: int, share: Share, *, first: int | None = None) -> list[int]:
    """The days from `start` to before `end` on which it was done, each at most `limit` days after the last in a share of gaps.

    The share is of cases up to date on a day, not of gaps: late gaps last longer. `first`: how long after the start the first is due.
    """
    days: list[int] = []
    at, within = start, first or limit
    while True:
        if rng.random() < share_on_time(share(at), within, USUAL * within, LATE * within):
            gap = rng.uniform((2 * USUAL - 1) * within, within)
        else:
            gap = within + 1 + rng.expovariate(1 / ((LATE - 1) * within))
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
