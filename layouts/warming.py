"""The first page is drawn before anyone asks for it: when the server starts, and again when something was loaded while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable

LOOKS_EVERY = 5.0  # seconds


def keep_warm(state: Callable[[], object], draw: Callable[[], object], every: float = LOOKS_EVERY) -> threading.Event:
    """Draw now, and again in the background whenever the state is another. Returns what ends it: `keep_warm(...).set()`."""
    last, ended = state(), threading.Event()
    draw()

    def look() -> None:
        seen = last
        while not ended.wait(every):
            now = state()
            if now != seen:
                seen = now
                draw()

    threading.Thread(target=look, name="keep-warm", daemon=True).start()
    return ended
