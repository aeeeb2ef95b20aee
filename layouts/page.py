"""What a page is: its address, its name in the navigation, and the function that draws it from a view."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from dash.development.base_component import Component

from layouts.long_list import Listed
from layouts.view import View


@dataclass(frozen=True)
class Page:
    """`path` may hold parts to be read, as in `/kpi/<key>/by/<by>`: they are then in `View.query` under those names.

    A page without a `name` is not in the navigation.
    """

    path: str
    draw: Callable[[View], Component]
    name: str = ""
    listed: Callable[[View], Listed | None] | None = None  # the long list on it, whose rows are asked for part by part
    part_of: str = ""  # the address of the page in the navigation that this one belongs to

    def match(self, path: str) -> Mapping[str, str] | None:
        """The parts read from an address (`key` at least, which may be empty), None where the address is not this page's.

        A browser writes a part encoded ("Assessment%20East"): it is read as the name it stands for.
        """
        found = re.fullmatch(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", self.path.rstrip("/")), path.rstrip("/"))
        return None if found is None else {"key": "", **{name: unquote(part) for name, part in found.groupdict().items()}}
