"""Files sent through the page: how they arrive, within what limits, and what is told of them.

A file comes as an ordinary form to /upload, is written to a private folder under a name of its own, and handed to the intake. Only this
site's own pages may send one: a request says so by its own header or by where it comes from. GET /upload/<id> tells how far it has come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from flask import Flask, Response, jsonify, redirect, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from data.viewer import NotAllowed, Viewer
from layouts import words
from layouts.freshness import titled
from layouts.intake import Full, Intake, Job
from layouts.upload_page import plain_page
from loaders.names import shown_name

CAP_MB = 64
CAP = CAP_MB * 2**20
AROUND = 64 * 1024  # what a form adds around the file it carries
MOST_SENT = CAP + AROUND
MOST_HELD = 512 * 1024  # of a form in memory at once
OURS = "X-Sightline"
SHOWN = 8  # problems told at once; the Data page lists them all
TOO_LARGE = f"Files of up to {CAP_MB} MB can be loaded here. Ask the data team to load this one with: python app.py load FILE"
NOT_OURS = "This did not come from a page of Sightline, so nothing was done. Open the Data page and send it from there."
NO_FILE = "No file arrived. Choose one file and send it again."
GONE = "Nothing is known of this any more: Sightline was started again since. The loads on the Data page show what was kept."
SWITCHED_OFF = "Files cannot be loaded through the page here. Load them with: python app.py load FILE"


class Refusal(Exception):
    """Why nothing was taken: the sentence, and the status it is answered with."""

    def __init__(self, says: str, status: int) -> None:
        super().__init__(says)
        self.status = status


def register(server: Flask, viewer: Viewer, intake: Intake | None) -> None:
    """The addresses files are sent to and asked after."""

    @server.get("/upload")
    def form() -> Response:
        return _answer(_allowed, lambda _: {"form": True})

    @server.post("/upload")
    def take() -> Response:
        return _answer(_sent, lambda taken: _begun(taken.load(*_received(taken))))

    @server.post("/withdraw/<int:batch_id>")
    def withdraw(batch_id: int) -> Response:
        return _answer(_sent, lambda taken: _begun(taken.withdraw(batch_id)))

    @server.get("/upload/<ident>")
    def tell(ident: str) -> Response:
        def told(taken: Intake) -> dict[str, Any]:
            job = taken.job(ident)
            if job is None:
                raise Refusal(GONE, 404)
            return state_of(job, taken.before(ident))

        return _answer(_allowed, told)

    def _allowed() -> Intake:
        viewer.must_be_allowed_to_load()
        if intake is None:
            raise Refusal(SWITCHED_OFF, 503)
        return intake

    def _sent() -> Intake:
        if not _from_our_page():
            raise Refusal(NOT_OURS, 403)
        return _allowed()


def _from_our_page() -> bool:
    """Whether a page of this very address sent this: another site can neither set our header unasked nor say it comes from here."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"{request.scheme}://{request.host}":
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    return origin is not None or OURS in request.headers


def _answer(who: Any, do: Any) -> Response:
    """What was asked, as JSON for the script and as a plain page for a browser without it; a refusal in words either way."""
    status = 200
    try:
        told = do(who())
    except (Refusal, NotAllowed, Full) as refused:
        status = refused.status if isinstance(refused, Refusal) else 403 if isinstance(refused, NotAllowed) else 503
        told = {"says": str(refused), "outcome": "refused", "state": "done"}
    if OURS in request.headers or request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        answer = jsonify(told)
        answer.status_code = status if status != 200 or "begun" not in told else 202
        return answer
    if told.get("begun"):
        return redirect(f"/upload/{told['id']}", code=303)  # type: ignore[return-value]
    return Response(plain_page(told, CAP_MB), status=status, mimetype="text/html", headers=_again(told))


def _again(told: Mapping[str, Any]) -> dict[str, str]:
    return {"Refresh": "2"} if told.get("state") in ("queued", "reading") else {}


def _begun(job: Job) -> dict[str, Any]:
    return {"begun": True, "id": job.ident, "name": job.name, "state": job.state}


def _received(intake: Intake) -> tuple[Path, str]:
    """The file of the form, written where the intake keeps it, and its name as it may be shown. Raises Refusal."""
    if (request.content_length or 0) > MOST_SENT:
        raise Refusal(TOO_LARGE, 413)
    if not intake.has_room():
        raise Full("Many files are waiting to be loaded already: send this one again in a few minutes.")
    written: list[tuple[Path, IO[bytes]]] = []

    def keep(**_: Any) -> IO[bytes]:
        path = intake.new_file()
        written.append((path, path.open("xb+")))
        return written[-1][1]

    try:
        name = _written(keep)
        for _, file in written:
            file.close()
        if len(written) != 1 or not name:
            raise Refusal(NO_FILE, 400)
        if written[0][0].stat().st_size > CAP:
            raise Refusal(TOO_LARGE, 413)
    except BaseException:
        for path, file in written:
            file.close()
            path.unlink(missing_ok=True)
        raise
    return written[0][0], shown_name(name)


def _written(keep: Callable[..., IO[bytes]]) -> str:
    """Write the file of the form as it arrives, counting; its name as it was sent. Raises Refusal."""
    parser = FormDataParser(keep, max_form_memory_size=MOST_HELD, max_form_parts=4, silent=False)
    request.max_content_length = MOST_SENT
    try:
        _, _, files = parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)
    except RequestEntityTooLarge:
        raise Refusal(TOO_LARGE, 413) from None
    except (HTTPException, ValueError) as error:
        raise Refusal(NO_FILE, 400) from error
    return next((file.filename or "" for _, file in files.items(multi=True)), "")


def state_of(job: Job, before: int) -> dict[str, Any]:
    """How far a job has come, in words: id, name, state, outcome, says, and once loaded its counts, first problems and where to see all."""
    told: dict[str, Any] = {"id": job.ident, "name": job.name, "state": job.state, "outcome": job.outcome, "says": _says(job, before)}
    if job.outcome in ("loaded", "unchanged", "refused") and job.told:
        listed = job.told["problems"] if job.outcome == "loaded" else []
        told |= {
            "problems": [_problem(p) for p in listed[:SHOWN]], "more": max(0, len(listed) - SHOWN),
            "see": f"/data/problems?source={job.told['source']}" if listed else "",
            "told": {name: value for name, value in job.told.items() if name != "problems"},
        }  # fmt: skip
    return told


def _says(job: Job, before: int) -> str:
    if job.state == "queued":
        return f"Waiting: {words.plural(before, 'file is', 'files are')} before it." if before else "Waiting to be read."
    if job.state == "reading":
        return "Withdrawing it and working the figures out again." if job.kind == "withdraw" else "Being read, checked and loaded."
    if job.kind == "withdraw":
        return job.says or f"Load {job.name} could not be withdrawn: it is withdrawn already, or there is no such load."
    if not job.told:
        return "It could not be loaded, and nothing of it was kept. Tell whoever looks after Sightline, and try again."
    if job.outcome == "refused":
        return " ".join(str(p["says"]) for p in job.told["problems"])
    if job.outcome == "unchanged":
        return f"Loaded before, as {titled(job.told['source'])}: nothing has changed."
    rows, new, same, aside = (words.count(job.told[n]) for n in ("rows_in", "rows_new", "rows_unchanged", "rows_set_aside"))
    return f"Loaded as {titled(job.told['source'])}: {rows} rows, {new} new or changed, {same} unchanged, {aside} set aside."


def _problem(problem: Mapping[str, Any]) -> str:
    place = [problem["sheet"], f"row {problem['row']}" if problem["row"] else None, problem["column"]]
    where = ", ".join(str(part) for part in place if part)
    return f"{where}: {problem['says']}" if where else str(problem["says"])
