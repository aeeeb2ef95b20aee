"""Files people send are loaded by a process of their own, one at a time, so that nobody waits for a page meanwhile.

intake = Intake((sys.executable, "app.py"))
job = intake.load(path, "visits_2026-05.csv")       # runs: app.py load PATH --shown-as=visits_2026-05.csv --format json
intake.job(job.ident)                                # queued, then reading, then done with what the command told
"""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

State = Literal["queued", "reading", "done"]
Outcome = Literal["", "loaded", "unchanged", "refused", "withdrawn", "failed"]

MOST_WAITING = 20
KEPT = 200  # jobs remembered once done, to be asked after
LONGEST_SECONDS = 1800
LEFT_BEHIND_SECONDS = 86_400  # a folder this old belongs to a server that was stopped by force
FOLDER = "sightline-intake-"
log = logging.getLogger("sightline")


class Full(Exception):
    """Too many files are waiting already."""


@dataclass(frozen=True)
class Job:
    """One file sent, or one load to be withdrawn, and how far it has come.

    `name`: the file as it is shown, or the number of the load. `told`: once done, what `load --format json` told of the file; `says`: what
    the command said instead, where it told nothing.
    """

    ident: str
    kind: Literal["load", "withdraw"]
    name: str
    state: State = "queued"
    outcome: Outcome = ""
    told: dict[str, Any] = field(default_factory=dict)
    says: str = ""
    path: Path | None = None


class Intake:
    """A queue with one worker. `command`: the program that is run with `load` and `loads withdraw`; it reads this process's settings."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._jobs: dict[str, Job] = {}
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._closed = False
        _sweep()
        self._folder: Path | None = None
        threading.Thread(target=self._work, name="intake", daemon=True).start()

    def new_file(self) -> Path:
        """Where a file that is being sent is written: a private folder, a name nobody can guess."""
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix=FOLDER))  # only this user may look into it
            return self._folder / secrets.token_hex(16)

    def has_room(self) -> bool:
        return self._waiting.qsize() < MOST_WAITING

    def load(self, path: Path, name: str) -> Job:
        """Take a file that has arrived. It is removed once it is read, whatever comes of it. Raises Full."""
        return self._take(Job(secrets.token_urlsafe(12), "load", name, path=path))

    def withdraw(self, batch_id: int) -> Job:
        """Take a load back as soon as nothing else is under way. Raises Full."""
        return self._take(Job(secrets.token_urlsafe(12), "withdraw", str(batch_id)))

    def job(self, ident: str) -> Job | None:
        with self._lock:
            return self._jobs.get(ident)

    def before(self, ident: str) -> int:
        """How many are to be done before this one."""
        with self._lock:
            undone = [job.ident for job in self._jobs.values() if job.state != "done"]
        return undone.index(ident) if ident in undone else 0

    def close(self) -> None:
        """Stop: a load under way is undone by the database, files that wait are removed."""
        with self._lock:
            self._closed = True
            if self._running is not None:
                self._running.terminate()
        self._waiting.put(None)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _take(self, job: Job) -> Job:
        if self._closed or not self.has_room():
            if job.path is not None:
                job.path.unlink(missing_ok=True)
            raise Full(f"{MOST_WAITING} files are waiting to be loaded already: send this one again in a few minutes.")
        with self._lock:
            done = [ident for ident, held in self._jobs.items() if held.state == "done"]
            for ident in done[: max(0, len(done) - KEPT)]:
                del self._jobs[ident]
            self._jobs[job.ident] = job
        self._waiting.put(job.ident)
        return job

    def _work(self) -> None:
        while (ident := self._waiting.get()) is not None:
            job = self._jobs[ident]
            self._put(replace(job, state="reading"))
            try:
                done = self._done(job)
            except Exception as error:  # whatever happens, the next file is still read
                log.error("a file could not be loaded: %s", type(error).__name__)
                done = replace(job, outcome="failed")
            finally:
                if job.path is not None:
                    with contextlib.suppress(OSError):
                        job.path.unlink(missing_ok=True)
            self._put(replace(done, state="done", path=None))

    def _put(self, job: Job) -> None:
        with self._lock:
            self._jobs[job.ident] = job

    def _done(self, job: Job) -> Job:
        """Run the command of a job and read what it told."""
        words = ["loads", "withdraw", job.name]
        if job.path is not None:
            words = ["load", str(job.path), f"--shown-as={job.name}", "--format", "json"]
        with tempfile.TemporaryFile() as said:
            code = self._run([*self._command, *words], said)
            said.seek(0)
            text = said.read().decode("utf-8", errors="replace")
        if job.kind == "withdraw":
            return replace(job, outcome="withdrawn" if code == 0 else "failed", says=text.strip())
        try:
            told = json.loads(text)[0]
        except (ValueError, LookupError, TypeError):
            log.error("loading a file ended with %s and told nothing", code)
            return replace(job, outcome="failed")
        return replace(job, outcome=told["status"], told=told)

    def _run(self, words: list[str], said: Any) -> int:
        until = time.monotonic() + LONGEST_SECONDS
        with self._lock:
            if self._closed:
                return -1
            running = self._running = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.DEVNULL)
        try:
            return running.wait(timeout=max(1.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            running.kill()
            return running.wait()
        finally:
            self._running = None


def _sweep() -> None:
    """Remove what a server that was stopped by force left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > LEFT_BEHIND_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
