"""A large part of a page as one piece of HTML, so that a browser draws it at once.

Dash tells its whole store of every component of a page that a callback brings, one by one, and each telling is heard by all the others: a
page of three thousand components takes many seconds. What has no callback in it is therefore handed over as text, every value escaped, and
put in its place by assets/as_html.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from math import inf
from typing import Any

from dash import html
from dash.development.base_component import Component

VOID = ("area", "br", "col", "hr", "img", "wbr")
NAMES = {"className": "class", "htmlFor": "for", "srcSet": "srcset"}
OURS = ("children", "key", "n_clicks", "n_clicks_timestamp", "loading_state")  # of Dash, not of HTML
NAMESPACE = "dash_html_components"


def as_html(content: Any, **attributes: Any) -> Component:
    """A part of a page as one component: `as_html(table, className="children")`. What is in it can have no callback."""
    return html.Div(**{"data-html": markup(content), **attributes})


def markup(content: Any) -> str:
    """The HTML of a component, a list of them, or text. Raises TypeError for one that is not plain HTML, or has a callback's id."""
    if content is None:
        return ""
    if isinstance(content, list | tuple):
        return "".join(markup(part) for part in content)
    if not isinstance(content, Component):
        return escape(str(content), quote=False)
    said = content.to_plotly_json()
    if said["namespace"] != NAMESPACE:
        raise TypeError(f"{said['type']} is not plain HTML: keep it out of as_html")
    name, props = str(said["type"]).lower(), said["props"]
    attributes = "".join(_attribute(str(key), value) for key, value in props.items() if key not in OURS)
    return f"<{name}{attributes}>" if name in VOID else f"<{name}{attributes}>{markup(props.get('children'))}</{name}>"


def _attribute(name: str, value: Any) -> str:
    """One attribute with a space before it; a flag that is off, and what is missing, is none."""
    if value is None or value is False:
        return ""
    if name == "id" and not isinstance(value, str):
        raise TypeError(f"{value} is the id of a callback: keep it out of as_html")
    shown = NAMES.get(name, name if "-" in name else name.lower())
    if value is True:
        return f" {shown}"
    return f' {shown}="{escape(_style(value) if name == "style" else str(value))}"'


def _style(rules: Mapping[str, Any]) -> str:
    return ";".join(f"{''.join(f'-{c.lower()}' if c.isupper() else c for c in name)}:{value}" for name, value in rules.items())


ENOUGH = 8  # parts: fewer are quick as they are


def lightened(page: Component) -> Component:
    """The same page with every large part that has neither a callback nor an id handed over as text; what was given stays as it was.

    A part with an id may be a callback's: it and all it stands in stay components, and what else stands beside it is handed over.
    """
    sizes: dict[int, float] = {}
    _weigh(page, sizes)
    light: Component = _light(page, sizes)
    return light


def _weigh(content: Any, sizes: dict[int, float]) -> float:
    """How many components there are in it, noted of each; without end where one of them has to stay a component."""
    if isinstance(content, list | tuple):
        return sum(_weigh(part, sizes) for part in content)
    if not isinstance(content, Component):
        return 0
    if content._namespace != NAMESPACE:
        return inf
    inside = _weigh(getattr(content, "children", None), sizes)
    sizes[id(content)] = inside
    stays = any(hasattr(content, name) for name in ("id", "data-html"))
    return inf if stays else 1 + inside


def _light(content: Any, sizes: Mapping[int, float]) -> Any:
    if isinstance(content, list | tuple):
        return [_light(part, sizes) for part in content]
    if not isinstance(content, Component) or not sizes.get(id(content)):
        return content
    props = dict(content.to_plotly_json()["props"])
    inside = props.pop("children", None)
    if ENOUGH <= sizes[id(content)] < inf and "data-html" not in props:
        return type(content)(**props, **{"data-html": markup(inside)})
    return type(content)(_light(inside, sizes), **props)
