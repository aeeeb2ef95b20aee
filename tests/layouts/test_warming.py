"""The first page is drawn when the server starts, and again when the data is other than it was."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from layouts.warming import keep_warm


def test_it_is_drawn_at_once_and_again_only_when_the_state_is_another() -> None:
    state, drawn, again = ["as loaded"], [], threading.Event()

    def draw() -> None:
        drawn.append(state[0])
        if len(drawn) == 2:
            again.set()

    ended = keep_warm(lambda: state[0], draw, every=0.01)
    assert drawn == ["as loaded"]
    state[0] = "loaded anew"
    assert again.wait(10)
    ended.set()
    assert drawn == ["as loaded", "loaded anew"]


def test_what_is_likely_to_be_opened_follows_page_by_page_and_anew_when_the_data_has_settled() -> None:
    state: list[str | None] = ["as loaded"]
    drawn: list[str] = []
    looked, done = threading.Event(), threading.Event()

    def told() -> object:
        looked.set()
        return state[0]

    def draw(page: str) -> None:
        drawn.append(f"{page} {state[0]}")
        if len(drawn) == 6:
            done.set()

    def one(page: str) -> Callable[[], None]:
        return lambda: draw(page)

    ended = keep_warm(told, one("first"), every=0.01, then=lambda: [one("second"), one("third")], breath=0.01)
    until = time.monotonic() + 10
    while len(drawn) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    state[0] = None  # being worked out: nothing is drawn of it
    looked.clear()
    assert looked.wait(10)
    state[0] = "loaded anew"
    assert done.wait(10)
    ended.set()
    assert drawn == [f"{page} {held}" for held in ("as loaded", "loaded anew") for page in ("first", "second", "third")]
