"""The workbooks of surgeries, at their addresses: one surgery, and the fortnightly report."""

from __future__ import annotations

import io

from flask import Flask, Response, abort, request, send_file

from data.store import Store
from data.viewer import Viewer
from layouts.fortnightly_book import fortnightly_book
from layouts.fortnightly_gathered import fortnight_of
from layouts.surgery_book import surgery_book
from layouts.surgery_gathered import meeting_at
from layouts.view import View

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def register(server: Flask, store: Store, viewer: Viewer, org: str) -> None:
    """Give out the workbooks, as far as this viewer may see what is in them."""

    @server.get("/export/surgery.xlsx")
    def one() -> Response:
        meeting = meeting_at(store, viewer, request.args.get("id", ""), org)
        if meeting is None:
            abort(404)
        unit = "".join(letter if letter.isalnum() else "-" for letter in meeting.unit).strip("-").lower()
        content = surgery_book(meeting, org, invented=store.invented(viewer.authority))
        return _sent(content, f"sightline-surgery-{unit}-{meeting.held_on:%Y-%m-%d}.xlsx")

    @server.get("/export/fortnightly.xlsx")
    def report() -> Response:
        view = View(store, viewer, org, "/surgery/report", dict(request.args))
        if view.period is None:
            abort(404)
        found = fortnight_of(view)
        return _sent(fortnightly_book(found, org, invented=view.invented), f"sightline-fortnightly-{found.last:%Y-%m-%d}.xlsx")


def _sent(content: bytes, name: str) -> Response:
    return send_file(io.BytesIO(content), mimetype=EXCEL, as_attachment=True, download_name=name)
