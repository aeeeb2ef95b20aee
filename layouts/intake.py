"""Files people send are loaded by a process of their own, one at a time, so that nobody waits for a page meanwhile.

The queue is a private folder: every process that answers pages may add to it and ask after it, and one alone looks after it.

intake = Intake((sys.executable, "app.py"))
job = intake.load(path, "visits_2026-05.csv")       # runs: app.py load PATH --shown-as=visits_2026-05.csv --format json
intake.job(job.ident)                                # queued, then reading, then done with what the command told
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal

State = Literal["queued", "reading", "done"]
Outcome = Literal["", "loaded", "unchanged", "refused", "withdrawn", "failed"]

MOST_WAITING = 20
KEPT = 200  # jobs remembered once done, to be asked after
LONGEST_SECONDS = 1800
LEFT_BEHIND_SECONDS = 86_400  # a folder this old belongs to a server that was stopped by force
FOLDER = "sightline-intake-"
STATES: tuple[State, ...] = ("queued", "reading", "done")  # one folder each
WRITTEN = "written"  # the folder in which a job is written, before it is put where it belongs
LOOKS_EVERY = 0.1  # seconds
GENTLY_SECONDS = 10
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
    """A queue that any process may add to and ask after, and one looks after: all of it is in a private folder.

    command: the program that is run with `load` and `loads withdraw`; it reads this process's settings.
    by_itself: a thread of this process looks after it; without, whoever made it calls `look_after` again and again.
    """

    def __init__(self, command: Sequence[str], *, by_itself: bool = True) -> None:
        self._command = tuple(command)
        _sweep()
        self._folder = Path(tempfile.mkdtemp(prefix=FOLDER))  # only this user may look into it
        for name in (WRITTEN, *STATES):
            (self._folder / name).mkdir()
        self._lock = threading.Lock()
        self._running: Running | None = None
        self._left: dict[str, Job] | None = None  # what became of each, once closed
        if by_itself:
            threading.Thread(target=self._keep_looking, name="intake", daemon=True).start()

    # ---- for any process
    def new_file(self) -> Path:
        """Where a file that is being sent is written: a private folder, a name nobody can guess."""
        return self._folder / secrets.token_hex(16)

    def has_room(self) -> bool:
        return len(self._in("queued")) < MOST_WAITING

    def load(self, path: Path, name: str) -> Job:
        """Take a file that has arrived. It is removed once it is read, whatever comes of it. Raises Full."""
        return self._take(Job(_ident(), "load", name, path=path))

    def withdraw(self, batch_id: int) -> Job:
        """Take a load back as soon as nothing else is under way. Raises Full."""
        return self._take(Job(_ident(), "withdraw", str(batch_id)))

    def job(self, ident: str) -> Job | None:
        """How far one has come; none where nothing is known of it."""
        with self._lock:
            if self._left is not None:
                return self._left.get(ident)
            found = (self._read(state, ident) for state in STATES)  # in the order it goes through them: one that moves on is still met
            return next((job for job in found if job is not None), None) if re.fullmatch(r"[\w-]+", ident) else None

    def before(self, ident: str) -> int:
        """How many are to be done before this one."""
        undone = sorted({*self._in("reading"), *self._in("queued")})
        return undone.index(ident) if ident in undone else 0

    # ---- for the one that looks after it
    def look_after(self) -> None:
        """See to the job under way, or begin the one that waits longest."""
        with self._lock:
            if self._left is not None:
                return
            if self._running is not None:
                self._see_to(self._running)
            elif waiting := self._in("queued"):
                self._begin(waiting[0])

    def close(self) -> None:
        """Stop: a load under way is undone by the database, files that wait are removed."""
        with self._lock:
            if self._left is not None:
                return
            if self._running is not None:
                self._running.end()
            held = [job for state in STATES for ident in self._in(state) if (job := self._read(state, ident)) is not None]
            stopped = {job.ident: replace(job, state="done", outcome="failed", path=None) for job in held if job.state != "done"}
            self._left = {job.ident: job for job in held} | stopped
            shutil.rmtree(self._folder, ignore_errors=True)

    def _keep_looking(self) -> None:
        while self._left is None:
            self.look_after()
            time.sleep(LOOKS_EVERY)

    def _begin(self, ident: str) -> None:
        job = self._read("queued", ident)
        if job is None:
            return
        self._put(replace(job, state="reading"), was="queued")
        words = ["loads", "withdraw", job.name]
        if job.path is not None:
            words = ["load", str(job.path), f"--shown-as={job.name}", "--format", "json"]
        try:
            self._running = Running.of(job, [*self._command, *words])
        except OSError as error:  # the next file is still read
            log.error("a file could not be loaded: %s", type(error).__name__)
            self._done(replace(job, outcome="failed"))

    def _see_to(self, running: Running) -> None:
        if running.ended():
            self._running = None
            self._done(running.outcome())

    def _done(self, job: Job) -> None:
        if job.path is not None:
            with contextlib.suppress(OSError):
                job.path.unlink(missing_ok=True)
        self._put(replace(job, state="done", path=None), was="reading")
        for ident in self._in("done")[:-KEPT]:
            (self._folder / "done" / ident).unlink(missing_ok=True)

    # ---- the folder
    def _take(self, job: Job) -> Job:
        if self._left is not None or not self.has_room():
            if job.path is not None:
                job.path.unlink(missing_ok=True)
            raise Full(f"{MOST_WAITING} files are waiting to be loaded already: send this one again in a few minutes.")
        with self._lock:
            self._put(job)
        os.utime(self._folder)  # in use: no other server takes it for one left behind
        return job

    def _put(self, job: Job, was: State | None = None) -> None:
        """Write a job where its state says, whole or not at all."""
        written = self._folder / WRITTEN / job.ident
        written.write_text(json.dumps(asdict(job), default=str), encoding="utf-8")
        written.replace(self._folder / job.state / job.ident)
        if was is not None:
            (self._folder / was / job.ident).unlink(missing_ok=True)

    def _read(self, state: State, ident: str) -> Job | None:
        try:
            said = json.loads((self._folder / state / ident).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return Job(**{**said, "path": said["path"] and Path(said["path"])})

    def _in(self, state: State) -> list[str]:
        """The jobs in this state, in the order they came."""
        folder = self._folder / state
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


@dataclass(frozen=True)
class Running:
    """The command of one job, under way; what it says is kept in a file that nobody else sees."""

    job: Job
    process: subprocess.Popen[bytes]
    said: IO[bytes]
    until: float

    @classmethod
    def of(cls, job: Job, words: list[str]) -> Running:
        said = tempfile.TemporaryFile()  # noqa: SIM115
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.DEVNULL)
        return cls(job, process, said, time.monotonic() + LONGEST_SECONDS)

    def ended(self) -> bool:
        if self.process.poll() is None and time.monotonic() > self.until:
            self.process.kill()
        return self.process.poll() is not None

    def end(self) -> None:
        """Stop it, gently at first."""
        self.process.terminate()
        try:
            self.process.wait(timeout=GENTLY_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.said.close()

    def outcome(self) -> Job:
        """The job with what its command told."""
        with self.said:
            self.said.seek(0)
            text = self.said.read().decode("utf-8", errors="replace")
        code = self.process.returncode
        if self.job.kind == "withdraw":
            return replace(self.job, outcome="withdrawn" if code == 0 else "failed", says=text.strip())
        try:
            told = json.loads(text)[0]
            return replace(self.job, outcome=told["status"], told=told)
        except (ValueError, LookupError, TypeError):
            log.error("loading a file ended with %s and told nothing", code)
            return replace(self.job, outcome="failed")


def _ident() -> str:
    """A name nobody can guess, that sorts by when it was given."""
    return f"{time.time_ns():016x}-{secrets.token_urlsafe(12)}"


def _sweep() -> None:
    """Remove what a server that was stopped by force left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > LEFT_BEHIND_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
