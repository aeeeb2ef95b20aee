"""The first page is drawn when the server starts, and again when the data is other than it was."""

from __future__ import annotations

import threading

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
