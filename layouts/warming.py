"""Pages are drawn before anyone asks for them: when the server starts, and again when something was loaded while it runs.

The first page at once; others, those people are likely to open, one after the other in the background, with a breath between them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

LOOKS_EVERY = 5.0  # seconds
BREATH = 0.2  # seconds between two pages that nobody waits for


def keep_warm(
    state: Callable[[], object], draw: Callable[[], object], every: float = LOOKS_EVERY, *,
    then: Callable[[], Iterable[Callable[[], object]]] = tuple, breath: float = BREATH,
) -> threading.Event:  # fmt: skip
    """Draw now, and again in the background whenever the state is another; each time what `then` says follows, one by one.

    The state is None while it is on its way to another: nothing is drawn meanwhile. Returns what ends it: `keep_warm(...).set()`.
    """
    last, ended = state(), threading.Event()
    draw()

    def look() -> None:
        seen, left = last, list(then())
        while not ended.wait(breath if left else every):
            now = state()
            if now is None:
                continue
            if now != seen:
                seen, left = now, list(then())
                draw()
            elif left:
                left.pop(0)()

    threading.Thread(target=look, name="keep-warm", daemon=True).start()
    return ended
