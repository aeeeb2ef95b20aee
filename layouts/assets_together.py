"""Our own styles, and our own scripts, each as one file: a browser on a slow line then asks twice, not twenty times.

They are written apart, one for each part of the screen, and put together in the order of their names when the server starts.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache, partial
from pathlib import Path

from flask import Flask, Response

ASSETS = Path(__file__).parent / "assets"
KINDS = {"all.css": "text/css", "all.js": "text/javascript"}
FIRST = "appearance.js"  # runs before anything is drawn, and so comes by itself
NOT_BY_DASH = r".*\.(css|js)$"  # what Dash would otherwise ask for one by one


@cache
def together(name: str) -> str:
    """All files of the kind of this name, one after the other: `together("all.css")`."""
    files = sorted(file for file in ASSETS.glob(f"*{Path(name).suffix}") if file.name != FIRST)
    return (";\n" if name.endswith(".js") else "\n").join(file.read_text(encoding="utf-8") for file in files)


def register(server: Flask) -> None:
    """Answer to the two names."""
    for name, kind in KINDS.items():
        server.add_url_rule(f"/assets/{name}", view_func=partial(_sent, name, kind), endpoint=name.replace(".", "_"))


def fingerprinted(page: str) -> str:
    """The page with every file of ours by an address that changes with the file, so that a browser may keep it for a year."""
    return re.sub(r'"/assets/([^"?]+)"', lambda named: f'"/assets/{named[1]}?m={_mark(named[1])}"', page)


def _sent(name: str, kind: str) -> Response:
    return Response(together(name), mimetype=kind)


def _mark(name: str) -> str:
    content = together(name).encode() if name in KINDS else (ASSETS / name).read_bytes()
    return hashlib.sha256(content).hexdigest()[:16]
