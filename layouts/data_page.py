"""The frame of the Data pages: their title, the way from one to the other, and what each is for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from layouts import cards, shell
from layouts.tables import pager
from layouts.view import View

ADDRESS = "/data"
PLACES = (
    ("Sources", ADDRESS), ("Problems", "/data/problems"), ("Completeness", "/data/completeness"), ("Late recording", "/data/recording"),
    ("Conflicts", "/data/conflicts"), ("Restated figures", "/data/restated"), ("Loads", "/data/loads"),
)  # fmt: skip


def data_page(
    here: str, title: str, content: Sequence[Any], *, says: Any = None, beside: Sequence[Component] = (), filters: Any = None
) -> Component:  # fmt: skip
    """A whole Data page: `data_page("/data/problems", "Problems in the data", [table], says="Each row says where it is.")`."""
    return html.Div(
        [
            *([shell.crumbs([("Data", ADDRESS)], title)] if here != ADDRESS else []),
            shell.heading(title, *beside),
            *([html.P(says, className="message")] if says else []),
            _places(here),
            *([html.Div(filters, className="head below data-filters")] if filters is not None else []),
            *[part for part in content if part is not None],
        ],
        className="wrap data",
    )


def _places(here: str) -> Component:
    links = [html.Li(html.A(title, href=href, **({"aria-current": "page"} if href == here else {}))) for title, href in PLACES]
    return html.Nav(html.Ul(links), className="places", **{"aria-label": "Data pages"})


def nothing_loaded(title: str, here: str, extra: Sequence[Component] = ()) -> Component:
    """What every Data page says before the first load."""
    says = ["Load a folder of monthly extracts: ", html.Code("python app.py load FOLDER"), "."]
    return data_page(here, title, [cards.empty("Nothing has been loaded yet", says), *extra])


def paged(view: View, rows: int, a_page: int) -> tuple[int, list[Component]]:
    """The page of a long list the address asks for, from 1, and the steps to the others."""
    pages = max(1, -(-rows // a_page))
    asked = view.query.get("page", "1")
    page = min(max(int(asked) if asked.isdecimal() and len(asked) < 9 else 1, 1), pages)
    keep = {k: v for k, v in view.query.items() if k not in ("page", "key")}
    steps = pager(page, pages, lambda n: shell.address(view.path, {**keep, "page": str(n)}))
    return page, [steps] if steps is not None else []
