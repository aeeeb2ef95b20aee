"""What a page is: its address, its name in the navigation, and the function that draws it from a view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dash.development.base_component import Component

from layouts.view import View


@dataclass(frozen=True)
class Page:
    """`path` may end in `/<key>`: the rest of the address is then `View.query["key"]`. A page without a `name` is not in the navigation."""

    path: str
    draw: Callable[[View], Component]
    name: str = ""

    def match(self, path: str) -> str | None:
        """The key in the address, "" for a plain one, None where it is not this page's."""
        stem, _, wanted = self.path.partition("<")
        if not wanted:
            return "" if path.rstrip("/") == self.path.rstrip("/") else None
        key = path.removeprefix(stem)
        return key if path.startswith(stem) and key and "/" not in key else None
