"""What people see: pages, workbooks, and what the command line prints.

The pages come together in `layouts.application`. It is only read when a page is wanted, so that no command waits for Dash to start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layouts.application import PAGES, build_app, draw

__all__ = ["PAGES", "build_app", "draw"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from layouts import application

    return getattr(application, name)
