"""How answers are sent: small, worked out once, and kept by the browser where their address says which version they are.

- Scripts and styles are compressed once. One whose address carries its fingerprint may be kept for a year; any other is asked after each
  time, and answered "not modified".
- A finished page is kept as it was sent, until the data changes: asked for again it costs neither drawing nor writing.
- Nothing that tells of data may be kept by a browser, or by anything on the way.

Compressing what is secret together with what another site may put into it would let that site guess the secret from the length (BREACH). So
what tells of data is compressed only for this site's own pages: a request that a browser says comes from elsewhere is answered as it is.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from dash.fingerprint import check_fingerprint
from flask import Flask, Response, g, has_request_context, request

SUITES, ASSETS, CALLBACKS = "/_dash-component-suites/", "/assets/", "/_dash-update-component"
THE_PAGE = "page.children"  # the output of the one callback whose answer follows from its address and the data alone
FOR_A_YEAR = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "public, no-cache"
NEVER_KEPT = "no-store"
WORDY = {"text/html", "text/css", "text/javascript", "application/javascript", "application/json", "image/svg+xml"}
WORTH_IT = 1024  # bytes: less is sent in one piece anyway
ONCE, EACH_TIME = 9, 5  # how hard to compress what is sent many times, and what is sent once
FILES_KEPT, PAGES_KEPT = 128, 2048


@dataclass(frozen=True)
class Kept:
    """An answer as it is sent: its compressed bytes, of what kind they are, and what tells them from any other."""

    zipped: bytes
    content_type: str
    tag: str


class Shelf:
    """The answers asked for last, at most so many. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()

    def get(self, key: Hashable) -> Kept | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, kept: Kept) -> None:
        with self._lock:
            self._kept[key] = kept
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)


def register(server: Flask, state: Callable[[], Hashable]) -> None:
    """Send every answer of this server so. `state`: another value whenever any page may be another than it was."""
    files, pages = Shelf(FILES_KEPT), Shelf(PAGES_KEPT)

    @server.before_request
    def again() -> Response | None:
        """What was sent before, where it may be sent again."""
        g.shelf, g.key = (files, _file()) if _is_file() else (pages, _page(state))
        kept = None if g.key is None else g.shelf.get(g.key)
        if kept is None:
            return None
        g.key = None
        return _dressed(Response(), kept)

    @server.after_request
    def send(response: Response) -> Response:
        response.headers["Cache-Control"] = _may_keep()
        if response.status_code != 200 or response.mimetype not in WORDY or "Vary" in response.headers:
            return response
        if g.get("key") is None or g.get("failed"):
            return _compressed(response)
        content = _whole(response)
        tag = hashlib.sha256(content).hexdigest()[:20]
        kept = Kept(gzip.compress(content, ONCE if _is_file() else EACH_TIME, mtime=0), response.content_type, tag)
        g.shelf.put(g.key, kept)
        return _dressed(response, kept)


def not_to_be_kept() -> None:
    """Say, while an answer is made, that it is of this one time: something went wrong."""
    if has_request_context():
        g.failed = True


def _is_file() -> bool:
    return request.method in ("GET", "HEAD") and request.path.startswith((SUITES, ASSETS))


def _file() -> str:
    """One name for a file, whichever fingerprint it is asked for by: nobody can fill the shelf with made-up ones."""
    return str(check_fingerprint(request.path)[0])


def _page(state: Callable[[], Hashable]) -> Hashable | None:
    """What the answer to this request follows from; none where it is worked out each time."""
    if request.method != "POST" or request.path != CALLBACKS:
        return None
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict) or asked.get("output") != THE_PAGE:
        return None
    said = json.dumps([asked.get("outputs"), asked.get("inputs"), asked.get("state") or []], sort_keys=True)
    try:
        return (state(), hashlib.sha256(said.encode()).digest())
    except Exception:  # the page itself then says what is wrong
        return None


def _may_keep() -> str:
    if not _is_file():
        return NEVER_KEPT
    fingerprinted = check_fingerprint(request.path)[1] if request.path.startswith(SUITES) else "m" in request.args
    return FOR_A_YEAR if fingerprinted else ASK_EACH_TIME


def _whole(response: Response) -> bytes:
    """All of an answer; the file that it came from is closed."""
    response.direct_passthrough = False
    body = response.response
    content = response.get_data()
    if hasattr(body, "close"):
        body.close()
    return content


def _dressed(response: Response, kept: Kept) -> Response:
    """A kept answer, compressed where the browser takes that; a file that it has already is not sent again."""
    small = _takes_gzip()
    response.set_data(kept.zipped if small else gzip.decompress(kept.zipped))
    response.content_type = kept.content_type
    response.headers["Vary"] = "Accept-Encoding"
    if small:
        response.headers["Content-Encoding"] = "gzip"
    if _is_file():
        response.headers.pop("Last-Modified", None)
        response.set_etag(f"{kept.tag}-gzip" if small else kept.tag)
        response.make_conditional(request)
    return response


def _compressed(response: Response) -> Response:
    """An answer of this one time, compressed where that is worth it and the browser takes it."""
    if response.is_streamed or response.direct_passthrough:
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if response.calculate_content_length() >= WORTH_IT and _takes_gzip():
        response.set_data(gzip.compress(response.get_data(), EACH_TIME, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _takes_gzip() -> bool:
    ours = _is_file() or request.headers.get("Sec-Fetch-Site", "none") in ("same-origin", "none")
    return ours and request.accept_encodings["gzip"] > 0
